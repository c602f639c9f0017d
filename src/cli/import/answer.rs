use std::fmt::Write as _;

use crate::cli::json::{array, null, object, string, string_or_null};
use crate::cli::table::visible;
use crate::import::{FileError, FileReport, Format, TableReport, Warning};
use crate::model::{DumpTable, Instant, Reject, Zone};

/// What is said of rows that were taken, or would be.
pub(super) struct Words {
    imported: &'static str,
    nothing: &'static str,
}

pub(super) const IMPORTED: Words = Words { imported: "imported", nothing: "nothing was imported" };
pub(super) const CHECKED: Words = Words { imported: "new", nothing: "nothing would be imported" };

/// As many rejected rows are told in words; the JSON has more, and the file keeps them.
const TOLD_MAX: usize = 20;

/// The report of all files, an entry for each table that was found in one.
pub(super) fn json(reports: &[FileReport]) -> String {
    let entries = reports.iter().flat_map(|report| {
        let tables: Vec<Option<&TableReport>> =
            if report.tables.is_empty() { vec![None] } else { report.tables.iter().map(Some).collect() };
        tables.into_iter().map(|it| entry(report, it))
    });
    object([("files", array(entries))]) + "\n"
}

/// `None`: nothing was recognised in the file.
fn entry(report: &FileReport, table: Option<&TableReport>) -> String {
    let name = table.and_then(|it| it.table).map(DumpTable::name);
    let count = |of: fn(&TableReport) -> u64| table.map_or(0, of).to_string();
    let time = |of: fn(&TableReport) -> Option<Instant>| {
        string_or_null(table.and_then(of).map(|it| Zone::utc().format(it)).as_deref())
    };
    object([
        ("path", string(&report.path.to_string_lossy())),
        ("table", string_or_null(name)),
        ("format", string(table.map_or(Format::Unknown, |it| it.format).name())),
        ("rows_read", count(|it| it.rows_read)),
        ("imported", count(|it| it.imported)),
        ("updated", count(|it| it.updated)),
        ("repeats", count(|it| it.repeats)),
        ("conflicts", count(|it| it.conflicts)),
        ("rejected", count(|it| it.rejected)),
        ("first", time(|it| it.first)),
        ("last", time(|it| it.last)),
        ("warnings", array(table.into_iter().flat_map(|it| &it.warnings).map(warning))),
        ("rejects", array(table.into_iter().flat_map(|it| &it.rejects).map(reject))),
        ("error", report.error.as_ref().map_or_else(null, error)),
    ])
}

fn warning(warning: &Warning) -> String {
    object([
        ("code", string(warning.code.name())),
        ("message", string(&warning.message)),
        ("rows", warning.rows.to_string()),
    ])
}

fn reject(reject: &Reject) -> String {
    object([
        ("row", reject.place.row.to_string()),
        ("line", reject.place.line.to_string()),
        ("column", string_or_null(reject.column.as_deref())),
        ("reason", string(&reject.reason)),
        ("raw", string(&reject.raw)),
    ])
}

fn error(error: &FileError) -> String {
    let line = error.line.map_or_else(null, |it| it.to_string());
    object([("line", line), ("message", string(&error.message))])
}

/// The line for a file that could not be taken.
pub(super) fn failure(report: &FileReport, error: &FileError) -> String {
    let path = report.path.display();
    match error.line {
        Some(line) => format!("{path}, line {line}: {}", error.message),
        None => format!("{path}: {}", error.message),
    }
}

/// The report of one file for a person.
pub(super) fn words(report: &FileReport, words: &Words) -> String {
    let mut text = String::new();
    for table in &report.tables {
        write_table(&mut text, report, table, words).ok();
    }
    text
}

/// Writing to a text does not fail.
fn write_table(
    text: &mut String,
    report: &FileReport,
    table: &TableReport,
    words: &Words,
) -> std::fmt::Result {
    let path = visible(&report.path.to_string_lossy());
    let name = table.table.map_or("no table of ours", |it| it.name());
    writeln!(text, "{path}: {name} ({})", table.format.name())?;
    if report.error.is_some() {
        return writeln!(text, "  {}", words.nothing);
    }
    let TableReport { rows_read, imported, updated, repeats, conflicts, rejected, .. } = table;
    writeln!(
        text,
        "  {rows_read} rows read: {imported} {}, {updated} updated, {repeats} repeats, {conflicts} conflicts, {rejected} rejected",
        words.imported
    )?;
    if let (Some(first), Some(last)) = (table.first, table.last) {
        writeln!(text, "  from {} to {}", Zone::utc().format(first), Zone::utc().format(last))?;
    }
    for warning in &table.warnings {
        let kind = if warning.code.is_note() { "note" } else { "warning" };
        writeln!(text, "  {kind}: {}", visible(&warning.message))?;
    }
    for reject in table.rejects.iter().take(TOLD_MAX) {
        let (row, line) = (reject.place.row, reject.place.line);
        let column = reject.column.as_ref().map(|it| format!(", {it}")).unwrap_or_default();
        writeln!(text, "  rejected row {row}, line {line}{}: {}", visible(&column), visible(&reject.reason))?;
    }
    match table.rejected.saturating_sub(TOLD_MAX.min(table.rejects.len()) as u64) {
        0 => Ok(()),
        n_more => writeln!(text, "  and {n_more} more rejected rows (`--json` tells up to 200)"),
    }
}
