//! What an import makes of whole files, with a writer that keeps rows in memory.

mod bounds;
mod delimited;
mod delimited_samples;
mod files;
mod json;
mod mapping;
#[cfg(feature = "parquet")]
mod parquet;
mod precision;
mod roundtrip;
mod samples;
mod seeds;
mod source;
mod sql;
mod sqlite;
mod suites;
mod values;
mod written;

use std::io::Write as _;
use std::path::Path;

use super::memory::Memory;
use super::source::Input;
use super::{FileReport, Options, TableReport, WarningCode, import_file, laws};
use crate::model::Cancel;

const HEADER: &str = "id,user_id,action,credits_consumed,metadata,created_at,format,quality\n";
const ROW: &str = "550e8400-e29b-41d4-a716-446655440000,00000000-0000-0000-0000-00000000000a,generate,2.5,\"{\"\"n\"\": 1}\",2025-08-30 10:00:00+00,image,high\n";

fn import_path(path: &Path, options: &Options, memory: &mut Memory) -> FileReport {
    laws::import(Input::new(path), options, memory)
}

fn import_into(memory: &mut Memory, content: impl AsRef<[u8]>) -> FileReport {
    import_with(&Options::default(), memory, content)
}

fn import_with(options: &Options, memory: &mut Memory, content: impl AsRef<[u8]>) -> FileReport {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(content.as_ref()).unwrap();
    import_path(file.path(), options, memory)
}

fn import(content: impl AsRef<[u8]>) -> (FileReport, Memory) {
    let mut memory = Memory::default();
    let report = import_into(&mut memory, content);
    (report, memory)
}

/// imported, updated, repeats, conflicts, rejected
fn counts(table: &TableReport) -> [u64; 5] {
    [table.imported, table.updated, table.repeats, table.conflicts, table.rejected]
}

/// What is said of how a file is written, whatever its rows are.
fn codes_of_writing(table: &TableReport) -> Vec<WarningCode> {
    codes(table).into_iter().filter(|it| *it != WarningCode::Refunds).collect()
}

fn codes(table: &TableReport) -> Vec<WarningCode> {
    table.warnings.iter().map(|it| it.code).collect()
}

#[track_caller]
fn error(report: &FileReport) -> (Option<u64>, &str) {
    let error = report.error.as_ref().unwrap_or_else(|| panic!("no error: {report:?}"));
    (error.line, &error.message)
}

#[track_caller]
fn only_table(report: &FileReport) -> &TableReport {
    assert_eq!(report.error, None);
    assert_eq!(report.tables.len(), 1);
    &report.tables[0]
}

/// imported, updated, repeats, conflicts, rejected of a file with one table
#[track_caller]
fn check_counts(content: impl AsRef<[u8]>, expected: [u64; 5]) -> (FileReport, Memory) {
    let (report, memory) = import(&content);
    assert_eq!(counts(only_table(&report)), expected, "{:?}", report.tables[0].rejects);
    (report, memory)
}

#[track_caller]
fn check_reject(content: impl AsRef<[u8]>, line: u64, column: Option<&str>, reason: &str) {
    let (report, _) = import(&content);
    let rejects = &only_table(&report).rejects;
    assert_eq!(rejects.len(), 1, "{rejects:?}");
    assert_eq!((rejects[0].place.line, rejects[0].column.as_deref()), (line, column), "{rejects:?}");
    assert!(rejects[0].reason.contains(reason), "{rejects:?}");
}

#[track_caller]
fn check_error(content: impl AsRef<[u8]>, line: Option<u64>, message: &str) {
    let (report, memory) = import(&content);
    let (seen_line, seen) = error(&report);
    assert!(seen.contains(message) && !seen.contains('\n'), "{seen}");
    assert_eq!(seen_line, line, "{seen}");
    assert_eq!(memory, Memory::default());
}

fn row(id: u128) -> String {
    ROW.replace("550e8400-e29b-41d4-a716-446655440000", &uuid::Uuid::from_u128(id).to_string())
}
