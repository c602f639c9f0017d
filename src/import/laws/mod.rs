//! What holds whatever is imported, as functions that panic where it does not.
//!
//! Tests check it for inputs that are chosen or random, and the targets of `fuzz/` for those that a fuzzer finds.

mod files;
pub(super) mod packed;
mod values;

pub use files::{any_archive, any_delimited, any_encoding, any_file, any_json, any_markdown, any_postgres};
pub use values::{any_metadata, any_value};

use super::memory::Memory;
use super::source::Input;
use super::{FileReport, Options, Progress, TableReport, import_input};
use crate::model::Cancel;

/// Panics where it does not hold for an input.
pub type Law = fn(&[u8]);

/// Every law, by the name of its fuzz target.
pub const ALL: [(&str, Law); 9] = [
    ("file", any_file),
    ("delimited", any_delimited),
    ("json", any_json),
    ("markdown", any_markdown),
    ("postgres", any_postgres),
    ("archive", any_archive),
    ("encoding", any_encoding),
    ("value", any_value),
    ("metadata", any_metadata),
];

/// Imports a file as a store does: what fails leaves nothing.
pub(super) fn import(input: Input<'_>, options: &Options, memory: &mut Memory) -> FileReport {
    let before = memory.clone();
    let report = import_input(input, options, memory, &Cancel::new(), &mut |_: Progress| {});
    if report.error.is_some() {
        *memory = before;
    }
    check_sums(&report);
    report
}

/// No row is lost, nothing is claimed of a file that failed, and what is said is one readable line.
#[track_caller]
pub(super) fn check_sums(report: &FileReport) {
    assert!(!report.tables.is_empty());
    for table in &report.tables {
        let TableReport { rows_read, imported, updated, repeats, conflicts, rejected, .. } = *table;
        assert_eq!(rows_read, imported + updated + repeats + conflicts + rejected, "{table:?}");
        assert!(report.error.is_none() || rows_read == 0, "{table:?}");
        let reasons = table.rejects.iter().map(|it| &it.reason);
        reasons.chain(table.warnings.iter().map(|it| &it.message)).for_each(|it| check_words(it));
    }
    if let Some(err) = &report.error {
        check_words(&err.message);
        assert_ne!(err.line, Some(0), "{err:?}");
    }
}

#[track_caller]
fn check_words(text: &str) {
    assert!(!text.is_empty() && !text.contains(char::is_control), "{text:?}");
}
