use std::fs;
use std::path::Path;

use crate::import::{FileError, FileReport, Options, Progress, TableReport, import_file};
use crate::model::Cancel;
use crate::store::{BatchSummary, DumpFile, Store, TableSummary};

/// Takes a dump into the store: all of it, or nothing at all.
///
/// What went wrong stands in the report's `error`; then nothing has lasted, and the report counts
/// no rows. Single rows that cannot be taken are no error: they are counted and kept.
pub fn import(
    store: &Store,
    path: &Path,
    options: &Options,
    cancel: &Cancel,
    on_progress: &mut dyn FnMut(Progress),
) -> FileReport {
    let dump = match fs::metadata(path) {
        Ok(file) => DumpFile { path: path.to_owned(), size: file.len() },
        Err(err) => return unread(path, 0, format!("the file cannot be read ({err}); check its path")),
    };
    let mut batch = match store.begin_import(&dump) {
        Ok(batch) => batch,
        Err(err) => return unread(path, dump.size, err.to_string()),
    };
    let mut report = import_file(path, options, &mut batch, cancel, on_progress);
    if report.error.is_none()
        && let Err(err) = batch.commit(&summary(&report))
    {
        report.error = Some(FileError { line: None, message: err.to_string() });
    }
    if report.error.is_some() {
        report.tables.iter_mut().for_each(forget_rows);
    }
    report
}

fn unread(path: &Path, size: u64, message: String) -> FileReport {
    let error = Some(FileError { line: None, message });
    FileReport { path: path.to_owned(), sha256: String::new(), size, tables: Vec::new(), error }
}

/// Nothing lasted, so nothing is counted; what was seen of the file's shape stays.
fn forget_rows(table: &mut TableReport) {
    let warnings = std::mem::take(&mut table.warnings);
    *table = TableReport { warnings, ..TableReport::new(table.table, table.format) };
}

fn summary(report: &FileReport) -> BatchSummary {
    let tables = report.tables.iter().filter_map(|it| {
        let &TableReport { rows_read, imported, updated, repeats, conflicts, rejected, .. } = it;
        let format = it.format.name().to_owned();
        let table = it.table?;
        Some(TableSummary { table, format, rows_read, imported, updated, repeats, conflicts, rejected })
    });
    BatchSummary { sha256: report.sha256.clone(), tables: tables.collect() }
}
