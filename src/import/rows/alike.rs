//! Rows that are alike in a file whose ids are made of other columns: each is a row of its own.

use std::collections::HashMap;

use super::{FileError, RawRow, Rows, Stop, unwritten};
use crate::import::mapping::repeated_id;
use crate::import::same::{self, Twin};
use crate::model::{LogRow, RowId, StoredLog, Writer};

/// Rows that have others like them, each counted once: a file with more repeats all it has.
const ALIKE_MAX: usize = 4_000_000;

/// How many rows like it came after a row, by its id. Only rows that have such are kept here: which
/// rows there were at all, the writer knows.
#[derive(Default)]
pub(super) struct Alike(HashMap<RowId, u64>);

impl Rows<'_> {
    /// Adds a row, unless its id is known. Where ids are made of other columns, a row that the file had
    /// before gets the id of the next one like it.
    pub(super) fn add_log(
        &mut self,
        row: &RawRow<'_>,
        log: &mut LogRow<'_>,
        writer: &mut dyn Writer,
    ) -> Result<Option<StoredLog>, Stop> {
        let old = writer.add_log(log).map_err(|err| unwritten(row, &err))?;
        let makes_ids = self.layout.plan.as_ref().is_some_and(|it| it.makes_ids);
        let is_again = |it: &StoredLog| it.is_of_this_dump && same::compare(&it.record, log) == Twin::Same;
        if !makes_ids || !old.as_ref().is_some_and(is_again) {
            return Ok(old);
        }
        let Alike(alike) = &mut self.alike;
        if alike.len() == ALIKE_MAX && !alike.contains_key(&log.id) {
            let message = format!("more than {ALIKE_MAX} rows come twice: make the ids of more columns");
            return Err(Stop::File(FileError::at(row.place.line, message)));
        }
        let n_before = alike.entry(log.id).or_insert(1);
        *n_before += 1;
        log.id = RowId(repeated_id(log.id.0, *n_before));
        self.findings.alike.add(row.place);
        writer.add_log(log).map_err(|err| unwritten(row, &err))
    }
}
