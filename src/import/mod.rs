//! Dump files → rows or issues: recognise, decode, parse, validate.
//!
//! A file goes through in one pass, a window of it at a time, so memory does not grow with it:
//! `source` reads, `sniff` tells what it is, `csv` and `json` (with `split`) cut it into records,
//! `columns` tells which table they are, and `rows` turns them into rows for the [`Writer`], or into
//! rejects.
//!
//! A bad row is data: it is counted, kept and passed over. A file that is not whole, or not what it
//! should be, fails whole; whoever holds the writer then drops what it has been given.

mod columns;
mod csv;
mod json;
mod jsonb;
mod report;
mod rows;
mod same;
mod sniff;
mod source;
mod split;
mod value;

use std::path::Path;

pub use report::{FileError, FileReport, Format, REJECTS_MAX, TableReport, Warning, WarningCode};

use self::source::Source;
use crate::model::{Cancel, DumpTable, Writer, Zone};

/// How values are read that a dump leaves open.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// The zone of times that name none. Without it a file with such times fails.
    pub assume_zone: Option<Zone>,
    /// Reject credits of more than 9 decimals instead of rounding them.
    pub strict: bool,
}

/// How far an import has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    pub bytes_read: u64,
    /// The size of the file when it was opened.
    pub bytes_total: u64,
    /// Data rows taken so far.
    pub rows: u64,
}

/// The error of a file whose import was cancelled.
pub const CANCELLED: &str = "cancelled; nothing was imported";

/// What has been recognised of a file, for the report of a file that fails later.
struct Found {
    tables: Vec<Option<DumpTable>>,
    format: Format,
}

/// Reads a dump and hands its rows to the writer.
///
/// With an error in the report nothing of the file may be kept: the caller rolls the writer back, and
/// the report's counts are zero. Progress comes every 256 KiB; a cancel is noticed as often.
pub fn import_file(
    path: &Path,
    options: &Options,
    writer: &mut dyn Writer,
    cancel: &Cancel,
    on_progress: &mut dyn FnMut(Progress),
) -> FileReport {
    let mut found = Found { tables: vec![None], format: Format::Unknown };
    let mut report = FileReport {
        path: path.to_owned(),
        sha256: String::new(),
        size: std::fs::metadata(path).map_or(0, |it| it.len()),
        tables: Vec::new(),
        error: None,
    };
    match read(path, options, writer, cancel, on_progress, &mut found) {
        Ok((source, tables)) => {
            report.size = source.bytes_read();
            report.sha256 = source.sha256();
            report.tables = tables;
        }
        Err(err) => {
            report.tables = found.tables.iter().map(|it| TableReport::new(*it, found.format)).collect();
            report.error = Some(err);
        }
    }
    report
}

fn read<'a>(
    path: &Path,
    options: &Options,
    writer: &mut dyn Writer,
    cancel: &'a Cancel,
    on_progress: &'a mut dyn FnMut(Progress),
    found: &mut Found,
) -> Result<(Source<'a>, Vec<TableReport>), FileError> {
    let mut source = Source::open(path, cancel, on_progress)?;
    let tables = match sniff::kind(source.window())? {
        sniff::Kind::Json => json::import(&mut source, options, writer, found)?,
        sniff::Kind::Text => csv::import(&mut source, options, writer, found)?,
    };
    source.finish()?;
    Ok((source, tables))
}

#[cfg(test)]
mod tests;
