//! New pages at the end of a file, and the entries of its schema that point to them.

use rusqlite::config::DbConfig;
use rusqlite::{OptionalExtension as _, params};

use super::entries::{Entry, Index};
use super::tree::{Numbers, Tree};
use crate::model::Cancel;
use crate::store::error::interrupted;
use crate::store::open::Connection;

/// Rows beyond which `SQLite` sorts, part by part: two lists of their entries are 48 bytes a row.
const ROWS_MAX: i64 = 20_000_000;

/// Entries between two looks at a cancel.
const ENTRIES_BETWEEN_LOOKS: usize = 64 * 1024;

/// Stands in the schema while the number of the page is not known, and is as long as the longest.
const ANY_ROOT: i64 = i32::MAX as i64;

/// Places in the head of a file: <https://www.sqlite.org/fileformat.html#the_database_header>.
mod head {
    use std::ops::Range;

    pub(super) const RESERVED: usize = 20;
    pub(super) const N_PAGES: Range<usize> = 28..32;
    pub(super) const SCHEMA_COOKIE: Range<usize> = 40..44;
    pub(super) const SCHEMA_FORMAT: Range<usize> = 44..48;
    pub(super) const LARGEST_ROOT: Range<usize> = 52..56;
}

/// The pages of indexes that come into a file, in a transaction.
pub(super) struct Pages<'c> {
    conn: &'c Connection,
    page_len: usize,
    numbers: Numbers,
    roots: Vec<u32>,
}

impl<'c> Pages<'c> {
    /// Names the indexes in the schema. `None` where pages cannot be written.
    pub(super) fn begin(conn: &'c Connection, indexes: &[&Index]) -> rusqlite::Result<Option<Self>> {
        let Some(page_len) = page_len(conn)? else { return Ok(None) };
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
        let mut statement = self.conn.prepare_cached(include_str!("../sql/indexes/put_page.sql"))?;
        let mut put = |number: u32, bytes: &[u8]| statement.execute((number, bytes)).map(drop);
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
        let mut first = page(self.conn, 1)?.unwrap_or_default();
        let cookie = number(&first, head::SCHEMA_COOKIE).wrapping_add(1);
        first[head::N_PAGES].copy_from_slice(&self.numbers.last().to_be_bytes());
        first[head::SCHEMA_COOKIE].copy_from_slice(&cookie.to_be_bytes());
        let mut statement = self.conn.prepare_cached(include_str!("../sql/indexes/put_page.sql"))?;
        statement.execute((1, first)).map(drop)
    }
}

/// How long pages are. `None` where the build has no table of pages, or the file is not as ours are:
/// other bytes stand at the end of its pages, or pages say what is where.
fn page_len(conn: &Connection) -> rusqlite::Result<Option<usize>> {
    let journal: String = conn.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    let last_row: Option<i64> =
        conn.query_row("SELECT max(rowid) FROM raw_usage_logs", [], |row| row.get(0))?;
    // Only beside a log may somebody read while this writes.
    if !journal.eq_ignore_ascii_case("wal") || last_row.is_some_and(|it| it > ROWS_MAX) {
        return Ok(None);
    }
    // Fails where there is no such table.
    let Ok(Some(first)) = page(conn, 1) else { return Ok(None) };
    let is_ours = first[head::RESERVED] == 0
        && number(&first, head::SCHEMA_FORMAT) == 4
        && number(&first, head::LARGEST_ROOT) == 0;
    Ok(is_ours.then_some(first.len()))
}

fn page(conn: &Connection, number: u32) -> rusqlite::Result<Option<Vec<u8>>> {
    conn.query_row(include_str!("../sql/indexes/page.sql"), [number], |row| row.get("data")).optional()
}

fn number(page: &[u8], place: std::ops::Range<usize>) -> u32 {
    page[place].try_into().map_or(0, u32::from_be_bytes)
}
