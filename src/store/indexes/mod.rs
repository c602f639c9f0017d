//! The indexes of the log rows, which a first import leaves to be made when its rows are there.

use super::open::Connection;
use super::segments::Change;
use super::transaction::Transaction;
use super::{Store, StoreError};
use crate::model::Cancel;

/// Memory for pages while indexes are made, in KiB. `SQLite` sorts in as much again.
const INDEXING_CACHE_KIB: i64 = 16 * 1024;

/// One statement a line.
const CREATE: &str = include_str!("sql/create_indexes.sql");

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
        let IndexProgress { made, all } = self.at(progress(&conn))?;
        Ok(made < all)
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
        let mut change = Transaction::begin(self)?;
        self.at(change.heed(cancel))?;
        self.at(change.conn.pragma_update(None, "cache_size", -INDEXING_CACHE_KIB))?;
        for statement in statements() {
            if cancel.is_cancelled() {
                return Err(StoreError::Interrupted);
            }
            self.at(progress(&change.conn)).map(&mut *on_progress)?;
            self.at(change.conn.execute_batch(statement))?;
        }
        change.rows = Change::none();
        change.commit()
    }
}

fn statements() -> impl Iterator<Item = &'static str> {
    CREATE.lines().filter(|it| it.starts_with("CREATE"))
}

fn progress(conn: &Connection) -> rusqlite::Result<IndexProgress> {
    let made = conn.query_row(include_str!("sql/n_indexes.sql"), [], |row| row.get("n_indexes"))?;
    Ok(IndexProgress { made, all: statements().count() as u32 })
}
