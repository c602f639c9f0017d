//! The indexes of the log rows, which a first import leaves to be made when its rows are there.
//!
//! [`entries`] reads and sorts what an index holds, [`tree`] makes pages of it, and [`build`] brings them into
//! the file, in a transaction like any other. With a million rows on two
//! cores all six are there in 2.3 s, by `CREATE INDEX` in 6. Where a file or a build is not quite
//! as expected, `SQLite` makes them.

mod build;
mod entries;
mod tree;

use std::sync::mpsc::sync_channel;
use std::thread;

use self::build::Build;
use self::entries::{Entry, INDEXES, Index};
use super::open::Connection;
use super::segments::Change;
use super::transaction::Transaction;
use super::{Store, StoreError};
use crate::model::Cancel;

/// Memory for pages while indexes are made, in KiB. `SQLite` sorts in as much again.
const INDEXING_CACHE_KIB: i64 = 16 * 1024;

/// How many indexes there are to be, and how many there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct IndexProgress {
    pub made: u32,
    pub all: u32,
}

impl Store {
    /// Whether an index is missing. Charts need none; lists of rows take longer without.
    pub fn lacks_indexes(&self) -> Result<bool, StoreError> {
        let conn = self.connect()?;
        Ok(!self.at(missing(&conn))?.is_empty())
    }

    /// Makes the indexes that are missing: all, or, on an error or a cancel, none. Others read the file
    /// meanwhile.
    pub fn make_indexes(
        &self,
        cancel: &Cancel,
        on_progress: &mut dyn FnMut(IndexProgress),
    ) -> Result<(), StoreError> {
        if !self.lacks_indexes()? {
            return Ok(());
        }
        if self.write_pages(cancel, on_progress)? {
            return Ok(());
        }
        let change = self.begin_indexing(cancel)?;
        self.at(create(&change.conn, on_progress))?;
        change.commit()
    }

    /// By pages of our own. False where something is not quite as expected; then nothing was done.
    fn write_pages(
        &self,
        cancel: &Cancel,
        on_progress: &mut dyn FnMut(IndexProgress),
    ) -> Result<bool, StoreError> {
        let change = self.begin_indexing(cancel)?;
        // Nobody else writes now, so this one sees the same rows.
        let (reader, mover) = (self.connect()?, self.connect()?);
        let stop_moving = mover.get_interrupt_handle();
        let written = thread::scope(|scope| {
            // The rows stand in the log. They move into the file while their indexes are made.
            scope.spawn(move || mover.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).ok());
            let written = write(&change.conn, reader, cancel, on_progress);
            if !matches!(written, Ok(true)) {
                // Who has cancelled does not wait for it.
                stop_moving.interrupt();
            }
            written
        });
        let is_done = self.at(written)?;
        if is_done {
            change.commit()?;
        }
        Ok(is_done)
    }

    fn begin_indexing(&self, cancel: &Cancel) -> Result<Transaction, StoreError> {
        let mut change = Transaction::begin_without_ids(self)?;
        change.rows = Change::none();
        self.at(change.heed(cancel))?;
        self.at(change.conn.pragma_update(None, "cache_size", -INDEXING_CACHE_KIB))?;
        Ok(change)
    }
}

/// Those that are missing, by `SQLite` itself.
pub(super) fn create(conn: &Connection, on_progress: &mut dyn FnMut(IndexProgress)) -> rusqlite::Result<()> {
    let missing = missing(conn)?;
    for (nth, index) in missing.iter().enumerate() {
        on_progress(IndexProgress::of(nth, &missing));
        conn.execute_batch(&index.sql())?;
    }
    Ok(())
}

/// Writes the missing indexes, each while the next one is read and sorted. False if one cannot be.
fn write(
    conn: &Connection,
    reader: Connection,
    cancel: &Cancel,
    on_progress: &mut dyn FnMut(IndexProgress),
) -> rusqlite::Result<bool> {
    let missing = missing(conn)?;
    let Some(mut build) = Build::begin(conn, &missing)? else { return Ok(false) };
    thread::scope(|scope| {
        // No list waits in between: there are two at the most.
        let (send, hear) = sync_channel(0);
        let indexes = missing.clone();
        scope.spawn(move || {
            for index in indexes {
                let entries = index.entries(&reader, cancel);
                let is_end = !matches!(entries, Ok(Some(_)));
                // Who hears it may have failed.
                if send.send(entries).is_err() || is_end {
                    break;
                }
            }
        });
        for (nth, index) in missing.iter().enumerate() {
            on_progress(IndexProgress::of(nth, &missing));
            let entries: rusqlite::Result<Option<Vec<Entry>>> = hear.recv().unwrap_or(Ok(None));
            let Some(entries) = entries? else { return Ok(false) };
            build.write(nth, index, &entries, cancel)?;
        }
        build.finish().map(|()| true)
    })
}

impl IndexProgress {
    /// Before the `nth` of the missing ones, from 0, is made.
    fn of(nth: usize, missing: &[&Index]) -> Self {
        let all = INDEXES.len();
        Self { made: (all - missing.len() + nth) as u32, all: all as u32 }
    }
}

/// Those that are not there.
fn missing(conn: &Connection) -> rusqlite::Result<Vec<&'static Index>> {
    let mut statement = conn.prepare(include_str!("../sql/indexes/names.sql"))?;
    let names = statement.query_map([], |row| row.get("name"))?.collect::<rusqlite::Result<Vec<String>>>()?;
    Ok(INDEXES.iter().filter(|it| names.iter().all(|name| name != it.name)).collect())
}

#[cfg(test)]
mod tests;
