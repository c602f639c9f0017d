use std::collections::{BTreeMap, HashMap};

use rusqlite::params;

use crate::store::open::Connection;
use crate::store::values::integer;

/// Which rows of earlier batches this one has had again.
///
/// Each row is one bit of a word for 64 neighbours, since a million rows may come again.
#[derive(Debug, Default)]
pub(super) struct Repeats {
    words: HashMap<i64, u64>,
    /// By the batch that brought them.
    counts: BTreeMap<i64, u64>,
}

impl Repeats {
    /// Whether the row was not counted before.
    pub(super) fn add(&mut self, row: i64, of_batch: i64) -> bool {
        let word = self.words.entry(row >> 6).or_default();
        let is_new = *word & bit(row) == 0;
        *word |= bit(row);
        *self.counts.entry(of_batch).or_default() += u64::from(is_new);
        is_new
    }

    /// Takes back what was just added.
    pub(super) fn take_back(&mut self, row: i64, of_batch: i64) {
        self.words.entry(row >> 6).and_modify(|it| *it &= !bit(row));
        self.counts.entry(of_batch).and_modify(|it| *it -= 1);
    }

    /// What came twice in one and the same batch is no matter of two batches.
    pub(super) fn write(&self, conn: &Connection, batch: i64) -> rusqlite::Result<()> {
        let mut statement = conn.prepare(include_str!("../sql/add_repeats.sql"))?;
        for (of_batch, rows) in self.counts.iter().filter(|it| *it.0 != batch && *it.1 > 0) {
            statement.execute(params![batch, of_batch, integer(*rows)])?;
        }
        Ok(())
    }
}

fn bit(row: i64) -> u64 {
    1 << (row & 63)
}
