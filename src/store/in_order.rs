//! All log rows by id, a page at a time: to compare two files takes no more memory than a page of each.

use std::vec;

use super::open::Connection;
use super::values::count;
use super::writer::record;
use super::{Store, StoreError};
use crate::model::{Record, RowId};

/// Rows read at once.
const PAGE_ROWS: u32 = 1_000;

/// The log rows of a file as of one moment, in the order of their ids.
#[derive(Debug)]
pub struct LogsInOrder {
    conn: Connection,
    store: Store,
    page: vec::IntoIter<Record>,
    last: Option<RowId>,
}

impl LogsInOrder {
    pub(super) fn new(conn: Connection, store: Store) -> Result<Self, StoreError> {
        store.at(conn.execute_batch("BEGIN"))?;
        Ok(Self { conn, store, page: Vec::new().into_iter(), last: None })
    }

    /// How many rows there are.
    pub fn n_rows(&self) -> Result<u64, StoreError> {
        let sql = include_str!("sql/removal/n_logs.sql");
        self.store.at(self.conn.query_row(sql, [], |row| count(row, "rows")))
    }

    fn read(&self) -> rusqlite::Result<Vec<Record>> {
        let mut statement = self.conn.prepare_cached(include_str!("sql/logs_after.sql"))?;
        // Every id is greater than no bytes at all.
        let last = self.last.map_or_else(Vec::new, |it| it.0.as_bytes().to_vec());
        statement.query_map((last, PAGE_ROWS), record)?.collect()
    }
}

impl Iterator for LogsInOrder {
    type Item = Result<Record, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.page.len() == 0 {
            match self.store.at(self.read()) {
                Ok(page) => self.page = page.into_iter(),
                Err(err) => return Some(Err(err)),
            }
        }
        let record = self.page.next()?;
        self.last = Some(record.id);
        Some(Ok(record))
    }
}
