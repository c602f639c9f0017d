//! All rows of the file as columns. What a viewer gets of them is decided in [`super::Store::columns`].

use std::collections::HashMap;

use rusqlite::types::FromSql;

use super::open::Connection;
use super::values::integer;
use crate::model::{Columns, ColumnsBuilder, Credits, Instant, Text, UserId};

/// Reads every row. Metadata and ids stay in the file.
pub(super) fn load(conn: &Connection) -> rusqlite::Result<Columns> {
    // One transaction, so that the codes are those of the rows.
    conn.execute_batch("BEGIN")?;
    let columns = load_rows(conn);
    conn.execute_batch("COMMIT")?;
    columns
}

fn load_rows(conn: &Connection) -> rusqlite::Result<Columns> {
    let mut users = Recoded::<UserId>::load(conn, include_str!("sql/users.sql"))?;
    let mut actions = Recoded::<Text>::load(conn, include_str!("sql/actions.sql"))?;
    let formats = dictionary::<Text>(conn, include_str!("sql/formats.sql"))?;
    let qualities = dictionary::<Text>(conn, include_str!("sql/qualities.sql"))?;
    let mut kinds = HashMap::new();

    let mut columns = ColumnsBuilder::default();
    let mut statement = conn.prepare(include_str!("sql/all_rows.sql"))?;
    let mut rows = statement.query([])?;
    // By number: a name would be looked up six times a row.
    while let Some(row) = rows.next()? {
        let at: Instant = row.get(0)?;
        let user = users.code(row.get(1)?, |it| columns.user_code(*it))?;
        let action = actions.code(row.get(2)?, |it| columns.action_code(it))?;
        let stored: (Option<i64>, Option<i64>) = (row.get(3)?, row.get(4)?);
        let kind = if let Some(kind) = kinds.get(&stored) {
            *kind
        } else {
            let text =
                |names: &[Text], code: Option<i64>| code.map(|it| value(names, it).cloned()).transpose();
            let kind = columns.kind_code((text(&formats, stored.0)?, text(&qualities, stored.1)?));
            *kinds.entry(stored).or_insert(kind)
        };
        let credits: Credits = row.get(5)?;
        columns.push_coded(at, [user, action, kind], credits);
    }
    Ok(columns.finish())
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

fn value<T>(values: &[T], code: i64) -> rusqlite::Result<&T> {
    let index = usize::try_from(code).ok().and_then(|it| it.checked_sub(1));
    index.and_then(|it| values.get(it)).ok_or_else(|| unknown_code(code))
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

    fn code(&mut self, stored: i64, make: impl FnOnce(&T) -> u32) -> rusqlite::Result<u32> {
        let value = value(&self.values, stored)?;
        let code = &mut self.codes[stored as usize - 1];
        Ok(*code.get_or_insert_with(|| make(value)))
    }
}
