//! How a file is written, as far as it was recognised.

use super::columns::{Column, Layout};
use super::report::TableReport;
use super::source::Encoding;
use crate::model::DumpTable;

/// What a file is around its rows. What a format does not have is `None`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Written {
    /// What it is packed with: `gzip`, `zstd`, `zip`.
    pub packer: Option<&'static str>,
    /// Of a file that is text.
    pub encoding: Option<Encoding>,
    /// What parts the fields of a record.
    pub delimiter: Option<u8>,
    /// Whether its columns are named.
    pub has_header: Option<bool>,
}

/// The columns of a table of a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FoundColumns {
    /// Of those that are read of such a table, how many the file has.
    pub n_found: usize,
    /// How many are read of such a table.
    pub n_read: usize,
    /// The file's own names of all that it has, sorted.
    pub names: Vec<String>,
}

/// What is known of a file whatever becomes of its rows.
#[derive(Debug, Default)]
pub(super) struct Recognised {
    /// Without any counts.
    pub(super) tables: Vec<TableReport>,
    pub(super) written: Written,
}

impl FoundColumns {
    pub(super) fn of(layout: &Layout, table: DumpTable) -> Self {
        // Of a file of another shape a mapping says what is read.
        if layout.plan.is_some() {
            let mut names = layout.theirs.clone();
            names.sort_unstable();
            return Self { names, ..Self::default() };
        }
        let own = match table {
            DumpTable::UsageLogs => &Column::ALL[..=Column::Quality as usize],
            DumpTable::Profiles => &[layout.user, Column::Username][..],
            DumpTable::UserRoles => &[layout.user, Column::Role][..],
        };
        let n_found = own.iter().filter(|it| layout.names[**it as usize].is_some()).count();
        let names = layout.names.iter().flatten().chain(&layout.unknown);
        let mut names: Vec<String> = names.cloned().collect();
        names.sort_unstable();
        Self { n_found, n_read: own.len(), names }
    }
}
