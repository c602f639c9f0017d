//! Pages of the file, written as `SQLite` would write them, through its table of its own pages.
//!
//! That is for what comes at once and in order: rows of a first import ([`table`]), for which the writer takes
//! 0.4 µs each instead of 0.7, and indexes. The pages go into `SQLite`'s cache and log, in a transaction like
//! any other. The format is that of
//! <https://www.sqlite.org/fileformat.html#b_tree_pages>.

mod page;
pub(super) mod record;
pub(super) mod table;

use rusqlite::OptionalExtension as _;

pub(super) use self::page::{Kind, Page};
use super::open::Connection;

/// Numbers of pages that are not yet in use.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers {
    next: u32,
    page_len: usize,
}

impl Numbers {
    pub(super) fn behind(n_pages: u32, page_len: usize) -> Self {
        Self { next: n_pages + 1, page_len }
    }

    pub(super) fn take(&mut self) -> u32 {
        // On the page that holds the byte at 1 GiB, SQLite keeps its locks and nothing else.
        if self.next as usize == (1 << 30) / self.page_len + 1 {
            self.next += 1;
        }
        self.next += 1;
        self.next - 1
    }

    /// The last number that was taken.
    pub(super) fn last(&self) -> u32 {
        self.next - 1
    }
}

/// The first page, with what it says of the file: <https://www.sqlite.org/fileformat.html#the_database_header>.
pub(super) struct Head(Vec<u8>);

impl Head {
    const RESERVED: usize = 20;
    const N_PAGES: usize = 28;
    const SCHEMA_COOKIE: usize = 40;
    const SCHEMA_FORMAT: usize = 44;
    const LARGEST_ROOT: usize = 52;

    pub(super) fn read(conn: &Connection) -> rusqlite::Result<Self> {
        conn.query_row(include_str!("../sql/pages/page.sql"), [1], |row| row.get("data")).map(Self)
    }

    pub(super) fn put(self, conn: &Connection) -> rusqlite::Result<()> {
        put(conn, 1, &self.0)
    }

    pub(super) fn set_n_pages(&mut self, n_pages: u32) {
        self.set(Self::N_PAGES, n_pages);
    }

    /// Has every connection read the schema anew.
    pub(super) fn change_schema(&mut self) {
        self.set(Self::SCHEMA_COOKIE, self.get(Self::SCHEMA_COOKIE).wrapping_add(1));
    }

    /// Whether nothing stands at the end of pages, and none says what is where.
    fn is_ours(&self) -> bool {
        self.0[Self::RESERVED] == 0 && self.get(Self::SCHEMA_FORMAT) == 4 && self.get(Self::LARGEST_ROOT) == 0
    }

    fn get(&self, place: usize) -> u32 {
        self.0[place..place + 4].try_into().map_or(0, u32::from_be_bytes)
    }

    fn set(&mut self, place: usize, number: u32) {
        self.0[place..place + 4].copy_from_slice(&number.to_be_bytes());
    }
}

/// How long pages are. `None` where the build has no table of pages, or the file is not as ours are.
pub(super) fn page_len(conn: &Connection) -> rusqlite::Result<Option<usize>> {
    let journal: String = conn.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    // Only beside a log may somebody read while this writes.
    if !journal.eq_ignore_ascii_case("wal") {
        return Ok(None);
    }
    // Fails where there is no such table.
    Ok(Head::read(conn).ok().filter(Head::is_ours).map(|it| it.0.len()))
}

/// Writes a page. `SQLite` lets only who has said that he knows what he does.
pub(super) fn put(conn: &Connection, number: u32, bytes: &[u8]) -> rusqlite::Result<()> {
    let mut statement = conn.prepare_cached(include_str!("../sql/pages/put_page.sql"))?;
    statement.execute((number, bytes)).map(drop)
}

fn count(conn: &Connection) -> rusqlite::Result<u32> {
    conn.pragma_query_value(None, "page_count", |row| row.get(0))
}

fn read(conn: &Connection, number: u32) -> rusqlite::Result<Option<Vec<u8>>> {
    conn.query_row(include_str!("../sql/pages/page.sql"), [number], |row| row.get("data")).optional()
}

/// Takes pages at the end of the file, so that `SQLite` takes others. Their numbers.
///
/// How many there are, `SQLite` reads from the first page only at the end of a savepoint
/// (`sqlite3BtreeSavepoint`). An error where it does not.
fn take(conn: &Connection, n_pages: usize, page_len: usize) -> rusqlite::Result<Vec<u32>> {
    let mut numbers = Numbers::behind(count(conn)?, page_len);
    let taken: Vec<u32> = (0..n_pages).map(|_| numbers.take()).collect();
    let mut head = Head::read(conn)?;
    head.set_n_pages(numbers.last());
    head.put(conn)?;
    conn.execute_batch("SAVEPOINT pages; RELEASE pages")?;
    if count(conn)? == numbers.last() {
        Ok(taken)
    } else {
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_INTERNAL);
        Err(rusqlite::Error::SqliteFailure(code, Some("SQLite does not see new pages".to_owned())))
    }
}

#[cfg(test)]
mod tests;
