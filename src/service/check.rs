use std::path::Path;

use super::import::{forget_rows, note_age, unread};
use crate::import::{FileReport, Options, Progress, import_file};
use crate::model::Cancel;
use crate::store::{self, Store, StoreError};

/// Looks at dumps as imports would take them, one after the other, and writes nothing to the file.
///
/// Its reports count as those of [`import`](super::import()) do, dumps that repeat each other included.
#[derive(Debug)]
pub struct Check(store::Check);

impl Check {
    /// Of imports into a file; without one, into a new file.
    pub fn new(store: Option<&Store>) -> Result<Self, StoreError> {
        store::Check::new(store).map(Self)
    }

    /// What the import of a dump would do. What would make it fail stands in the report's `error`.
    pub fn dump(
        &mut self,
        path: &Path,
        options: &Options,
        cancel: &Cancel,
        on_progress: &mut dyn FnMut(Progress),
    ) -> FileReport {
        let Self(check) = self;
        if let Err(err) = check.begin_dump() {
            return unread(path, 0, err.to_string());
        }
        let mut report = import_file(path, options, check, cancel, on_progress);
        if let Err(err) = check.end_dump(report.error.is_some()) {
            report = unread(path, report.size, err.to_string());
        }
        if report.error.is_some() {
            report.tables.iter_mut().for_each(forget_rows);
        } else {
            note_age(&mut report);
        }
        report
    }
}
