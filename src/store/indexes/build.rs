//! The pages of indexes at the end of a file, and the entries of its schema that point to them.

use rusqlite::config::DbConfig;
use rusqlite::params;

use super::entries::{Entry, Index};
use super::tree::Tree;
use crate::model::Cancel;
use crate::store::error::interrupted;
use crate::store::open::Connection;
use crate::store::pages::{self, Numbers};

/// Rows beyond which `SQLite` sorts, part by part: two lists of their entries are 48 bytes a row.
const ROWS_MAX: i64 = 20_000_000;

/// Entries between two looks at a cancel.
const ENTRIES_BETWEEN_LOOKS: usize = 64 * 1024;

/// Stands in the schema while the number of the page is not known, and is as long as the longest.
const ANY_ROOT: i64 = i32::MAX as i64;

/// The pages of indexes that come into a file, in a transaction.
pub(super) struct Build<'c> {
    conn: &'c Connection,
    page_len: usize,
    numbers: Numbers,
    roots: Vec<u32>,
}

impl<'c> Build<'c> {
    /// Names the indexes in the schema. `None` where pages cannot be written.
    pub(super) fn begin(conn: &'c Connection, indexes: &[&Index]) -> rusqlite::Result<Option<Self>> {
        let last_row: Option<i64> =
            conn.query_row("SELECT max(rowid) FROM raw_usage_logs", [], |row| row.get(0))?;
        if last_row.is_some_and(|it| it > ROWS_MAX) {
            return Ok(None);
        }
        let Some(page_len) = pages::page_len(conn)? else { return Ok(None) };
        // Both keep SQL from harming a file; this knows what it writes.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false)?;
        conn.pragma_update(None, "writable_schema", true)?;
        for index in indexes {
            let mut statement = conn.prepare_cached(include_str!("../sql/indexes/add_entry.sql"))?;
            statement.execute(params![index.name, ANY_ROOT, index.sql()])?;
        }
        // SQLite itself takes no more pages from here on.
        let n_pages: u32 = conn.pragma_query_value(None, "page_count", |row| row.get(0))?;
        let mut numbers = Numbers::behind(n_pages, page_len);
        let roots: Vec<u32> = indexes.iter().map(|_| numbers.take()).collect();
        for (index, root) in indexes.iter().zip(&roots) {
            let mut statement = conn.prepare_cached(include_str!("../sql/indexes/set_root.sql"))?;
            statement.execute((index.name, root))?;
        }
        let is_as_long =
            n_pages == conn.pragma_query_value(None, "page_count", |row| row.get::<_, u32>(0))?;
        Ok(is_as_long.then_some(Self { conn, page_len, numbers, roots }))
    }

    /// Writes the `nth` index.
    pub(super) fn write(
        &mut self,
        nth: usize,
        index: &Index,
        entries: &[Entry],
        cancel: &Cancel,
    ) -> rusqlite::Result<()> {
        let mut put = |number: u32, bytes: &[u8]| pages::put(self.conn, number, bytes);
        let mut tree = Tree::new(self.page_len);
        let mut cell = Vec::new();
        for entries in entries.chunks(ENTRIES_BETWEEN_LOOKS) {
            if cancel.is_cancelled() {
                return Err(interrupted());
            }
            for entry in entries {
                index.write(entry, &mut cell);
                tree.push(&cell, &mut self.numbers, &mut put)?;
            }
        }
        tree.finish(self.roots[nth], &mut self.numbers, &mut put)
    }

    /// Says in the head of the file how many pages there are, and that its schema is another.
    pub(super) fn finish(self) -> rusqlite::Result<()> {
        let mut head = pages::Head::read(self.conn)?;
        head.set_n_pages(self.numbers.last());
        head.change_schema();
        head.put(self.conn)
    }
}
