//! Imports as the window shows them: what the reader and the file say, in the view's own types.

use std::time::Instant as Clock;

use super::ImportEvent;
use super::checks::Checked;
use super::state::NoticeKind;
use crate::import::{FileReport, PreviewRow, Progress, TableReport, Written};
use crate::model::Calendar;
use crate::service;
use crate::store::{Batch, KeptConflict, RowProgress, Store, StoreError};
use crate::view;
use crate::worker::Task;

/// Takes a dump in that was checked; runs on the worker for imports.
pub(super) fn run(store: &Store, checked: &Checked, task: &Task<u64, ImportEvent>) -> ImportEvent {
    let mut on_progress = |progress| task.progress(ImportEvent::Progress(progress));
    let Checked { report, options } = checked;
    let report = service::import_checked(store, report, options, task.cancel(), &mut on_progress);
    ImportEvent::Done(Box::new(report))
}

/// Rows of each kind that the Data page lists of a batch.
const LEFT_OUT_MAX: u32 = 1_000;

/// The imports that the file remembers, the newest first, and what one of them did not take: the
/// newest, where none is named.
pub(super) fn remembered(
    store: &Store,
    batch: Option<i64>,
    calendar: &Calendar,
) -> Result<view::Imports, StoreError> {
    let operator = store.operator()?;
    let mut batches = operator.batches()?;
    batches.extend(operator.removed_batches()?);
    // The tables of a file stay in their order.
    batches.sort_by_key(|it| std::cmp::Reverse(it.number));
    let known = batch.filter(|it| batches.iter().any(|batch| batch.number == *it));
    let mut rows = view::RememberedRows::default();
    if let Some(batch) = known.or_else(|| newest(&batches)) {
        rows.batch = batch;
        let rejects = operator.rejects(batch, LEFT_OUT_MAX)?.into_iter();
        rows.rejects = rejects.map(|it| (it.table, it.reject)).collect();
        let conflicts = operator.conflicts(batch, LEFT_OUT_MAX)?.into_iter();
        rows.conflicts = conflicts.map(remembered_conflict).collect();
    }
    let batches: Vec<_> = batches.into_iter().map(remembered_batch).collect();
    Ok(view::Imports::build(&batches, &rows, calendar))
}

pub(super) fn remembered_conflict(it: KeptConflict) -> view::RememberedConflict {
    let KeptConflict { batch: _, table, conflict, kept, newcomer, taken } = it;
    let taken = taken.map(|it| (it.at, it.by));
    view::RememberedConflict { table, conflict, kept, newer: newcomer, taken }
}

/// The first that is there; else the first that was.
fn newest(batches: &[Batch]) -> Option<i64> {
    let there = batches.iter().find(|it| it.removed_at.is_none());
    there.or(batches.first()).map(|it| it.number)
}

fn remembered_batch(batch: Batch) -> view::RememberedBatch {
    let Batch { number, path, size, sha256, imported_at, removed_at, table } = batch;
    let table = view::ImportedTable {
        table: Some(table.table),
        format: table.format,
        n_read: table.rows_read,
        n_imported: table.imported,
        n_updated: table.updated,
        n_repeats: table.repeats,
        n_conflicts: table.conflicts,
        n_rejected: table.rejected,
        ..view::ImportedTable::default()
    };
    view::RememberedBatch { number, imported_at, removed_at, path, sha256, size, table }
}

pub(super) fn progress_view(progress: Progress, began: Clock) -> view::ImportProgress {
    let Progress { bytes_read, bytes_total, rows } = progress;
    view::ImportProgress::build(bytes_read, bytes_total, rows, began.elapsed().as_secs_f32())
}

pub(super) fn row_progress_view(progress: RowProgress, began: Clock) -> view::ImportProgress {
    view::ImportProgress::of_rows(progress.rows, progress.rows_total, began.elapsed().as_secs_f32())
}

pub(super) fn report_view(report: &FileReport, calendar: &Calendar) -> view::ImportReport {
    let tables = report.tables.iter().map(|it| view::ImportedTable {
        table: it.table,
        format: it.format.words().to_owned(),
        columns: view::ColumnCount { n_found: it.columns.n_found, n_read: it.columns.n_read },
        n_read: it.rows_read,
        n_imported: it.imported,
        n_updated: it.updated,
        n_repeats: it.repeats,
        n_conflicts: it.conflicts,
        n_rejected: it.rejected,
        first: it.first,
        last: it.last,
        warnings: messages(it, false),
        notes: messages(it, true),
        rejects: it.rejects.clone(),
        preview: it.preview.iter().map(preview_row).collect(),
    });
    let error = report.error.as_ref();
    let file = view::ImportedFile {
        path: report.path.clone(),
        sha256: report.sha256.clone(),
        size: report.size,
        form: form(report.written),
        tables: tables.collect(),
        error: error.map(|it| view::ImportError { line: it.line, message: it.message.clone() }),
    };
    view::ImportReport::build(&file, calendar)
}

fn form(written: Written) -> view::Form {
    let Written { packer, encoding, delimiter, has_header } = written;
    view::Form {
        packer: packer.map(str::to_owned),
        encoding: encoding.map(|it| it.name().to_owned()),
        delimiter,
        has_header,
    }
}

fn preview_row(row: &PreviewRow) -> view::UnderstoodRow {
    view::UnderstoodRow { line: row.place.line, values: row.values.clone(), raw: row.raw.clone() }
}

/// The warnings of a table, or its notes.
fn messages(report: &TableReport, of_notes: bool) -> Vec<String> {
    let wanted = report.warnings.iter().filter(|it| it.code.is_note() == of_notes);
    wanted.map(|it| it.message.clone()).collect()
}

/// What the imports that were asked for together have done, for one notice about all of them.
#[derive(Debug, Default)]
pub(super) struct Tally {
    names: Vec<String>,
    n_new: u64,
    n_repeats: u64,
    n_not_taken: u64,
}

impl Tally {
    /// Counts an import that is done. One that failed has a notice of its own.
    pub(super) fn add(&mut self, report: &FileReport) -> Option<String> {
        let name = report.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(error) = &report.error {
            let line = error.line.map(|it| format!(", line {it}")).unwrap_or_default();
            return Some(format!("{name}{line}: {}", error.message));
        }
        self.names.push(name);
        for table in &report.tables {
            self.n_new += table.imported + table.updated;
            self.n_repeats += table.repeats;
            self.n_not_taken += table.conflicts + table.rejected;
        }
        None
    }

    pub(super) fn in_words(&self) -> Option<(NoticeKind, String)> {
        let what = match self.names.as_slice() {
            [] => return None,
            [name] => name.clone(),
            names => format!("{} files", names.len()),
        };
        let count = view::number::count;
        let text = format!("{what}: {} imported, {} repeats", count(self.n_new), count(self.n_repeats));
        Some(match self.n_not_taken {
            0 => (NoticeKind::Done, text),
            n => (NoticeKind::Warning, format!("{text}, {} not taken", count(n))),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::{Format, Warning, WarningCode};

    #[test]
    fn a_note_is_no_warning() {
        let warning = |code, message: &str| Warning { code, message: message.to_owned(), rows: 1 };
        let table = TableReport {
            warnings: vec![warning(WarningCode::RowLimit, "stopped"), warning(WarningCode::ReadAs, "as ms")],
            ..TableReport::new(None, Format::Csv)
        };
        assert_eq!(
            (messages(&table, false), messages(&table, true)),
            (vec!["stopped".to_owned()], vec!["as ms".to_owned()])
        );
    }
}
