use std::fs;
use std::path::{Path, absolute};
use std::time::{Duration, UNIX_EPOCH};

use crate::import::{
    CANCELLED, FileError, FileReport, Options, Progress, TableReport, Warning, WarningCode, Written,
    import_file,
};
use crate::model::{Cancel, Zone};
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
    import_if(store, path, options, &|_: &FileReport| None, cancel, on_progress)
}

/// The same for a dump that was checked: if it is not what it was then, nothing is taken.
pub fn import_checked(
    store: &Store,
    checked: &FileReport,
    options: &Options,
    cancel: &Cancel,
    on_progress: &mut dyn FnMut(Progress),
) -> FileReport {
    let is_other = |report: &FileReport| {
        let message = "the file has changed since it was checked: check it again";
        (report.sha256 != checked.sha256).then(|| FileError::new(message))
    };
    import_if(store, &checked.path, options, &is_other, cancel, on_progress)
}

/// Takes a dump in unless, when all of it is read, there is something against it.
pub(super) fn import_if(
    store: &Store,
    path: &Path,
    options: &Options,
    objection: &dyn Fn(&FileReport) -> Option<FileError>,
    cancel: &Cancel,
    on_progress: &mut dyn FnMut(Progress),
) -> FileReport {
    let dump = match fs::metadata(path) {
        // The file is found again from any folder.
        Ok(file) => DumpFile { path: absolute(path).unwrap_or_else(|_| path.to_owned()), size: file.len() },
        Err(err) => return unread(path, 0, format!("the file cannot be read ({err}); check its path")),
    };
    let mut batch = match store.begin_import(&dump) {
        Ok(batch) => batch,
        Err(err) => return unread(path, dump.size, err.to_string()),
    };
    let read = batch.feed(cancel, on_progress, |writer, on_progress| {
        import_file(path, options, writer, cancel, on_progress)
    });
    let mut report = match read {
        Ok(report) => report,
        Err(_) if cancel.is_cancelled() => return unread(path, dump.size, CANCELLED.to_owned()),
        Err(err) => return unread(path, dump.size, err.to_string()),
    };
    report.error = report.error.take().or_else(|| objection(&report));
    if report.error.is_none()
        && let Err(err) = batch.commit(&summary(&report))
    {
        report.error = Some(FileError::new(err.to_string()));
    }
    if report.error.is_some() {
        report.tables.iter_mut().for_each(forget_rows);
    } else {
        note_age(&mut report);
    }
    report
}

/// Newest rows so much older than the file are said: an export may have lost its end.
const AGE_MAX: Duration = Duration::from_hours(30 * 24);

/// Says where the newest row is much older than the file.
pub(super) fn note_age(report: &mut FileReport) {
    let written = fs::metadata(&report.path).and_then(|it| it.modified());
    let Some(written) = written.ok().and_then(|it| it.duration_since(UNIX_EPOCH).ok()) else { return };
    for table in &mut report.tables {
        let Some(last) = table.last.filter(|it| it.micros() > 0) else { continue };
        let age = written.saturating_sub(Duration::from_micros(last.micros().unsigned_abs()));
        if age > AGE_MAX {
            let n_days = age.as_secs() / (24 * 60 * 60);
            let day: String = Zone::utc().format(last).chars().take(10).collect();
            let message = format!("the newest row is of {day}, {n_days} days before the file was written");
            table.warnings.push(Warning { code: WarningCode::OldRows, message, rows: 0 });
        }
    }
}

/// The report of a dump that could not be looked at.
pub fn unread(path: &Path, size: u64, message: String) -> FileReport {
    let error = Some(FileError::new(message));
    FileReport {
        path: path.to_owned(),
        sha256: String::new(),
        size,
        written: Written::default(),
        tables: Vec::new(),
        error,
    }
}

/// Nothing lasted, so nothing is counted; what was seen of the file's shape stays.
pub(super) fn forget_rows(table: &mut TableReport) {
    let (warnings, columns) = (std::mem::take(&mut table.warnings), std::mem::take(&mut table.columns));
    *table = TableReport { columns, warnings, ..TableReport::new(table.table, table.format) };
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
