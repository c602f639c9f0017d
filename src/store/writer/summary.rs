use std::path::PathBuf;

use crate::model::DumpTable;

/// What is known of a dump before it is read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DumpFile {
    pub path: PathBuf,
    /// Bytes.
    pub size: u64,
}

/// What is known of a dump after it was read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BatchSummary {
    /// Of the whole file, in lower-case hex.
    pub sha256: String,
    pub tables: Vec<TableSummary>,
}

/// What became of the rows of one table of a dump.
///
/// `rows_read` is the sum of the other five.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableSummary {
    pub table: DumpTable,
    /// `csv`, `json`, …
    pub format: String,
    pub rows_read: u64,
    pub imported: u64,
    pub updated: u64,
    pub repeats: u64,
    pub conflicts: u64,
    pub rejected: u64,
}
