//! A table of rows that come in the order of their numbers, as pages.

use rusqlite::config::DbConfig;

use super::record::{self, Value, append_varint};
use super::{Kind, Page, count, page_len, put, read, take};
use crate::store::open::Connection;

/// Pages that are written at once.
const PAGES: usize = 64;

/// A table that was empty, and is filled.
///
/// A row stands on a leaf, and what does not fit there in a list of pages of its own. The pages above say
/// for each one below the number of its last row.
#[derive(Debug)]
pub(in crate::store) struct TableBuild {
    root: u32,
    page_len: usize,
    leaf: Page,
    /// Of the last row.
    number: i64,
    /// Leaves that are full, each with the number of its last row.
    full: Vec<(Vec<u8>, i64)>,
    /// From the one above the leaves up.
    levels: Vec<Level>,
    cell: Vec<u8>,
}

/// The page that is being filled at a height.
#[derive(Debug)]
struct Level {
    page: Page,
    /// Of its last cell.
    last: Child,
    /// What came last. It stands on the page, without the number of its row, or begins the next.
    right: Child,
}

/// A page, and the number of the last row on it or below.
#[derive(Clone, Copy, Debug)]
struct Child {
    page: u32,
    row: i64,
}

impl TableBuild {
    /// `None` where the table has rows, or pages cannot be written.
    pub(in crate::store) fn begin(conn: &Connection, table: &str) -> rusqlite::Result<Option<Self>> {
        let Some(page_len) = page_len(conn)? else { return Ok(None) };
        let root =
            conn.query_row(include_str!("../sql/pages/root.sql"), [table], |row| row.get("rootpage"))?;
        let leaf = Page::new(Kind::TableLeaf, page_len);
        let is_empty = read(conn, root)?.is_some_and(|it| it[..5] == [Kind::TableLeaf as u8, 0, 0, 0, 0]);
        // It keeps SQL from harming a file; this knows what it writes.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false)?;
        if !is_empty || !can_take(conn, page_len)? {
            conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
            return Ok(None);
        }
        let (full, levels, cell) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Some(Self { root, page_len, leaf, number: 0, full, levels, cell }))
    }

    /// Adds the next row. They are numbered from 1 on.
    pub(in crate::store) fn push(&mut self, conn: &Connection, values: &[Value<'_>]) -> rusqlite::Result<()> {
        let number = self.number + 1;
        let n_bytes = record::len(values);
        let cell = &mut self.cell;
        cell.clear();
        append_varint(n_bytes as u64, cell);
        append_varint(number.cast_unsigned(), cell);
        let start = cell.len();
        record::append(values, cell);
        let n_local = self.n_local(n_bytes);
        if n_local < n_bytes {
            let rest = self.cell.split_off(start + n_local);
            let page = self.put_overflow(conn, &rest)?;
            self.cell.extend_from_slice(&page.to_be_bytes());
        }
        let cell = &self.cell;
        if !self.leaf.add(None, cell) {
            let next = self.leaf.another();
            let leaf = std::mem::replace(&mut self.leaf, next);
            self.full.push((leaf.seal(None), self.number));
            // What a page has no room for is cut so that an empty one has.
            self.leaf.add(None, &self.cell);
            if self.full.len() == PAGES {
                self.put_leaves(conn)?;
            }
        }
        self.number = number;
        Ok(())
    }

    pub(in crate::store) fn is_empty(&self) -> bool {
        self.number == 0
    }

    /// Puts away what is left, and tells `SQLite` of it.
    pub(in crate::store) fn finish(mut self, conn: &Connection) -> rusqlite::Result<()> {
        let next = self.leaf.another();
        let leaf = std::mem::replace(&mut self.leaf, next).seal(None);
        if self.levels.is_empty() && self.full.is_empty() {
            return self.put_root(conn, &leaf);
        }
        self.full.push((leaf, self.number));
        self.put_leaves(conn)?;
        let mut height = 0;
        while height + 1 < self.levels.len() {
            let level = &mut self.levels[height];
            let next = level.page.another();
            let page = std::mem::replace(&mut level.page, next).seal(Some(level.right.page));
            let row = level.right.row;
            self.put_below(conn, height + 1, &page, row)?;
            height += 1;
        }
        match self.levels.pop() {
            Some(Level { page, right, .. }) => self.put_root(conn, &page.seal(Some(right.page))),
            None => Ok(()),
        }
    }

    /// How many bytes of a record stand on the leaf.
    fn n_local(&self, n_bytes: usize) -> usize {
        let most = self.page_len - 35;
        if n_bytes <= most {
            return n_bytes;
        }
        let least = (self.page_len - 12) * 32 / 255 - 23;
        let full_pages = least + (n_bytes - least) % (self.page_len - 4);
        if full_pages <= most { full_pages } else { least }
    }

    /// Puts the rest of a record on pages of its own, each of which names the next.
    /// The number of the first.
    fn put_overflow(&self, conn: &Connection, rest: &[u8]) -> rusqlite::Result<u32> {
        let parts = rest.chunks(self.page_len - 4);
        let numbers = take(conn, parts.len(), self.page_len)?;
        let followers = numbers.iter().skip(1).copied().chain([0]);
        for ((part, number), next) in parts.zip(&numbers).zip(followers) {
            let mut page = vec![0; self.page_len];
            page[..4].copy_from_slice(&next.to_be_bytes());
            page[4..4 + part.len()].copy_from_slice(part);
            put(conn, *number, &page)?;
        }
        Ok(numbers.first().copied().unwrap_or_default())
    }

    fn put_leaves(&mut self, conn: &Connection) -> rusqlite::Result<()> {
        let leaves = std::mem::take(&mut self.full);
        let numbers = take(conn, leaves.len(), self.page_len)?;
        for ((leaf, row), page) in leaves.iter().zip(numbers) {
            put(conn, page, leaf)?;
            self.push_child(conn, 0, Child { page, row: *row })?;
        }
        Ok(())
    }

    /// Puts away a page that a page at `height` is to name.
    fn put_below(&mut self, conn: &Connection, height: usize, page: &[u8], row: i64) -> rusqlite::Result<()> {
        for number in take(conn, 1, self.page_len)? {
            put(conn, number, page)?;
            self.push_child(conn, height, Child { page: number, row })?;
        }
        Ok(())
    }

    fn push_child(&mut self, conn: &Connection, height: usize, child: Child) -> rusqlite::Result<()> {
        let Some(level) = self.levels.get_mut(height) else {
            let page = Page::new(Kind::TableInterior, self.page_len);
            self.levels.push(Level { page, last: child, right: child });
            return Ok(());
        };
        let before = std::mem::replace(&mut level.right, child);
        let last = std::mem::replace(&mut level.last, before);
        let mut cell = Vec::new();
        append_varint(before.row.cast_unsigned(), &mut cell);
        if level.page.add(Some(before.page), &cell) {
            return Ok(());
        }
        // Its last page stands at its end instead, and so the next one is not without a cell.
        level.page.take_last();
        let mut next = level.page.another();
        next.add(Some(before.page), &cell);
        let page = std::mem::replace(&mut level.page, next).seal(Some(last.page));
        self.put_below(conn, height + 1, &page, last.row)
    }

    /// `SQLite` has the empty page in its cache, and knows what is on it. It looks again when a savepoint has
    /// been undone (`pageReinit`).
    fn put_root(self, conn: &Connection, page: &[u8]) -> rusqlite::Result<()> {
        conn.execute_batch("SAVEPOINT root")?;
        put(conn, self.root, page)?;
        conn.execute_batch("ROLLBACK TO root; RELEASE root")?;
        put(conn, self.root, page)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true).map(drop)
    }
}

/// Whether `SQLite` sees pages that are taken. Nothing is changed.
fn can_take(conn: &Connection, page_len: usize) -> rusqlite::Result<bool> {
    let n_pages = count(conn)?;
    conn.execute_batch("SAVEPOINT attempt")?;
    let taken = take(conn, 1, page_len);
    conn.execute_batch("ROLLBACK TO attempt; RELEASE attempt")?;
    Ok(taken.is_ok() && count(conn)? == n_pages)
}
