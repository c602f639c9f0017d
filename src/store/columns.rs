//! All rows of the file as columns. What a viewer gets of them is decided in [`super::Store::columns`].

use std::collections::HashMap;

use rusqlite::types::FromSql;

use super::open::Connection;
use super::segments::Rows;
use super::values::integer;
use super::writer::RowCodes;
use crate::model::{Columns, ColumnsBuilder, Credits, Instant, Text, UserId};

/// Rows that are made columns of at once.
const ROWS_AT_ONCE: usize = 64 * 1024;

/// Makes columns of a look at every row. Metadata and ids stay in the file.
pub(super) fn load(conn: &Connection) -> rusqlite::Result<Columns> {
    let mut loader = Loader::new(conn)?;
    let mut rows = Rows::default();
    scan(conn, &mut |at, codes, credits| {
        rows.push(at, codes, credits)?;
        if rows.len() == ROWS_AT_ONCE {
            loader.add(&rows)?;
            rows.clear();
        }
        Ok(())
    })?;
    loader.add(&rows)?;
    Ok(loader.finish())
}

/// Hands over every row, in the order they came.
pub(super) fn scan(
    conn: &Connection,
    take: &mut dyn FnMut(Instant, RowCodes, Credits) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut statement = conn.prepare(include_str!("sql/all_rows.sql"))?;
    let mut rows = statement.query([])?;
    // By number: a name would be looked up six times a row.
    while let Some(row) = rows.next()? {
        let codes =
            RowCodes { user: row.get(1)?, action: row.get(2)?, format: row.get(3)?, quality: row.get(4)? };
        take(row.get(0)?, codes, row.get(5)?)?;
    }
    Ok(())
}

/// Makes columns of rows by the file's codes: with the values that rows have, and no others.
pub(super) struct Loader {
    columns: ColumnsBuilder,
    users: Recoded<UserId>,
    actions: Recoded<Text>,
    formats: Vec<Text>,
    qualities: Vec<Text>,
    kinds: HashMap<[u32; 2], u32>,
}

impl Loader {
    /// To be used in the transaction that reads the rows.
    pub(super) fn new(conn: &Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            columns: ColumnsBuilder::default(),
            users: Recoded::load(conn, include_str!("sql/users.sql"))?,
            actions: Recoded::load(conn, include_str!("sql/actions.sql"))?,
            formats: dictionary(conn, include_str!("sql/formats.sql"))?,
            qualities: dictionary(conn, include_str!("sql/qualities.sql"))?,
            kinds: HashMap::new(),
        })
    }

    pub(super) fn add(&mut self, rows: &Rows) -> rusqlite::Result<()> {
        let kinds: Vec<u32> = rows.pairs.iter().map(|it| self.kind(*it)).collect::<rusqlite::Result<_>>()?;
        let Self { columns, users, actions, .. } = self;
        for row in 0..rows.len() {
            let user = users.code(rows.users[row], |it| columns.user_code(*it))?;
            let action = actions.code(rows.actions[row], |it| columns.action_code(it))?;
            let kind = kinds[rows.kinds[row] as usize];
            let credits = rows.credits[row];
            let credits = Credits::from_nano(credits).ok_or_else(|| unknown_code(credits))?;
            columns.push_coded(Instant::from_micros(rows.times[row]), [user, action, kind], credits);
        }
        Ok(())
    }

    fn kind(&mut self, pair: [u32; 2]) -> rusqlite::Result<u32> {
        if let Some(kind) = self.kinds.get(&pair) {
            return Ok(*kind);
        }
        let text = |names: &[Text], code: u32| (code != 0).then(|| value(names, code).cloned()).transpose();
        let kind = self.columns.kind_code((text(&self.formats, pair[0])?, text(&self.qualities, pair[1])?));
        self.kinds.insert(pair, kind);
        Ok(kind)
    }

    pub(super) fn finish(self) -> Columns {
        self.columns.finish()
    }
}

/// The values of a lookup table; the one with code `n` comes `n`-th.
pub(super) fn dictionary<T: FromSql>(conn: &Connection, sql: &str) -> rusqlite::Result<Vec<T>> {
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut values = Vec::new();
    while let Some(row) = rows.next()? {
        let code: i64 = row.get("code")?;
        if code != integer(values.len()) + 1 {
            return Err(unknown_code(code));
        }
        values.push(row.get("value")?);
    }
    Ok(values)
}

/// Codes run from 1.
pub(super) fn value<T>(values: &[T], code: u32) -> rusqlite::Result<&T> {
    let index = (code as usize).checked_sub(1);
    index.and_then(|it| values.get(it)).ok_or_else(|| unknown_code(code.into()))
}

/// Only another program's hand leaves such a code.
fn unknown_code(code: i64) -> rusqlite::Error {
    rusqlite::Error::IntegralValueOutOfRange(0, code)
}

/// The file's codes of one column, and what they become: codes of values that rows have, and no others.
struct Recoded<T> {
    values: Vec<T>,
    codes: Vec<Option<u32>>,
}

impl<T: FromSql> Recoded<T> {
    fn load(conn: &Connection, sql: &str) -> rusqlite::Result<Self> {
        let values = dictionary(conn, sql)?;
        let codes = vec![None; values.len()];
        Ok(Self { values, codes })
    }

    fn code(&mut self, stored: u32, make: impl FnOnce(&T) -> u32) -> rusqlite::Result<u32> {
        let value = value(&self.values, stored)?;
        let code = &mut self.codes[stored as usize - 1];
        Ok(*code.get_or_insert_with(|| make(value)))
    }
}
