use std::collections::HashMap;
use std::hash::Hash;

use foldhash::fast::RandomState;
use rusqlite::types::{FromSql, ToSql};
use rusqlite::{Statement, params};

use crate::model::{LogRow, UserId};

use crate::store::columns::dictionary;
use crate::store::open::Connection;
use crate::store::pages::record::Value;
use crate::store::pages::table::TableBuild;
use crate::store::values::integer;

/// Writes log rows, whose values that repeat are kept under codes.
#[derive(Debug)]
pub(in crate::store) struct LogCodes {
    users: Codes<UserId>,
    actions: Codes<String>,
    formats: Codes<String>,
    qualities: Codes<String>,
}

/// The codes of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::store) struct RowCodes {
    pub(in crate::store) user: i64,
    pub(in crate::store) action: i64,
    pub(in crate::store) format: Option<i64>,
    pub(in crate::store) quality: Option<i64>,
}

impl LogCodes {
    pub(in crate::store) fn load(conn: &Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            users: Codes::load(conn, include_str!("../sql/users.sql"), include_str!("../sql/add_user.sql"))?,
            actions: Codes::load(
                conn,
                include_str!("../sql/actions.sql"),
                include_str!("../sql/add_action.sql"),
            )?,
            formats: Codes::load(
                conn,
                include_str!("../sql/formats.sql"),
                include_str!("../sql/add_format.sql"),
            )?,
            qualities: Codes::load(
                conn,
                include_str!("../sql/qualities.sql"),
                include_str!("../sql/add_quality.sql"),
            )?,
        })
    }

    /// Adds a row, and tells its codes; `None` where there is a row with its id, which stays as it is.
    pub(in crate::store) fn add_log(
        &mut self,
        conn: &Connection,
        row: &LogRow<'_>,
        batch: i64,
    ) -> rusqlite::Result<Option<RowCodes>> {
        let mut statement = conn.prepare_cached(include_str!("../sql/add_log.sql"))?;
        let codes = self.codes(conn, row)?;
        let n_added = insert(&mut statement, row, codes, batch)?;
        Ok((n_added > 0).then_some(codes))
    }

    /// Adds rows whose ids no row has, and tells their codes. It does not need the index of the ids.
    pub(super) fn add_new_logs<'r>(
        &mut self,
        conn: &Connection,
        rows: impl Iterator<Item = LogRow<'r>>,
        batch: i64,
    ) -> rusqlite::Result<Vec<RowCodes>> {
        // One statement for all: to look it up takes as long as to step it.
        let mut statement = conn.prepare_cached(include_str!("../sql/add_new_log.sql"))?;
        let mut add = |row: LogRow<'r>| {
            let codes = self.codes(conn, &row)?;
            insert(&mut statement, &row, codes, batch).map(|_| codes)
        };
        rows.map(&mut add).collect()
    }

    /// Adds a row to a table that is built, and tells its codes, which are to be [saved](Self::save) behind the
    /// last row.
    ///
    /// The table's checks are made here: an id has 16 bytes, and no credits are out of range, but a time may be.
    pub(super) fn add_to_table(
        &mut self,
        conn: &Connection,
        table: &mut TableBuild,
        row: &LogRow<'_>,
        batch: i64,
    ) -> rusqlite::Result<RowCodes> {
        if !row.created_at.is_in_calendar() {
            let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CONSTRAINT_CHECK);
            let message = "created_at is outside the years 1 to 9999".to_owned();
            return Err(rusqlite::Error::SqliteFailure(code, Some(message)));
        }
        let codes = self.codes_to_be(row);
        let or_null = |it: Option<i64>| it.map_or(Value::Null, Value::Integer);
        let values = [
            Value::Blob(row.id.0.as_bytes()),
            Value::Integer(codes.user),
            Value::Integer(codes.action),
            or_null(codes.format),
            or_null(codes.quality),
            Value::Integer(row.credits.nano()),
            Value::Integer(row.created_at.micros()),
            Value::Integer(batch),
            row.metadata.map_or(Value::Null, Value::Text),
        ];
        table.push(conn, &values)?;
        Ok(codes)
    }

    /// Gives the row with this id all these values.
    pub(in crate::store) fn set_log(&mut self, conn: &Connection, row: &LogRow<'_>) -> rusqlite::Result<()> {
        let RowCodes { user, action, format, quality } = self.codes(conn, row)?;
        let mut statement = conn.prepare_cached(include_str!("../sql/set_log.sql"))?;
        let values =
            params![row.id, user, action, format, quality, row.credits, row.created_at, row.metadata];
        statement.execute(values).map(drop)
    }

    /// All users with their codes.
    pub(super) fn users(&self) -> impl Iterator<Item = (&UserId, &i64)> {
        self.users.by_value.iter()
    }

    /// Writes the values that are new.
    pub(super) fn save(&mut self, conn: &Connection) -> rusqlite::Result<()> {
        self.users.save(conn)?;
        self.actions.save(conn)?;
        self.formats.save(conn)?;
        self.qualities.save(conn)
    }

    /// The codes of a row, once they are written.
    fn codes(&mut self, conn: &Connection, row: &LogRow<'_>) -> rusqlite::Result<RowCodes> {
        let codes = self.codes_to_be(row);
        self.save(conn).map(|()| codes)
    }

    fn codes_to_be(&mut self, row: &LogRow<'_>) -> RowCodes {
        RowCodes {
            user: self.users.code(&row.user_id),
            action: self.actions.code(row.action),
            format: row.format.map(|it| self.formats.code(it)),
            quality: row.quality.map(|it| self.qualities.code(it)),
        }
    }
}

/// How many rows were added: none where there is one with the id, and the statement lets it be.
fn insert(
    statement: &mut Statement<'_>,
    row: &LogRow<'_>,
    RowCodes { user, action, format, quality }: RowCodes,
    batch: i64,
) -> rusqlite::Result<usize> {
    let LogRow { id, credits, created_at, metadata, .. } = row;
    statement.execute(params![id, user, action, format, quality, credits, created_at, batch, metadata])
}

/// The codes of one column's values, those of this batch included.
///
/// In memory, because a million rows ask four million times.
#[derive(Debug)]
struct Codes<T> {
    by_value: HashMap<T, i64, RandomState>,
    /// Those that are not written yet, in the order of their codes.
    new: Vec<T>,
    add: &'static str,
}

impl<T: FromSql + ToSql + Hash + Eq + Clone> Codes<T> {
    /// `all` lists the values with their codes, `add` adds one.
    fn load(conn: &Connection, all: &'static str, add: &'static str) -> rusqlite::Result<Self> {
        let values = dictionary::<T>(conn, all)?;
        Ok(Self { by_value: values.into_iter().zip(1..).collect(), new: Vec::new(), add })
    }

    /// The code of a value, the next one if it is new.
    fn code<Q>(&mut self, value: &Q) -> i64
    where
        T: std::borrow::Borrow<Q>,
        Q: Hash + Eq + ToOwned<Owned = T> + ?Sized,
    {
        if let Some(code) = self.by_value.get(value) {
            return *code;
        }
        let code = integer(self.by_value.len()) + 1;
        self.by_value.insert(value.to_owned(), code);
        self.new.push(value.to_owned());
        code
    }

    fn save(&mut self, conn: &Connection) -> rusqlite::Result<()> {
        if self.new.is_empty() {
            return Ok(());
        }
        let mut statement = conn.prepare_cached(self.add)?;
        let first = integer(self.by_value.len() - self.new.len()) + 1;
        for (value, code) in self.new.drain(..).zip(first..) {
            statement.execute((code, value))?;
        }
        Ok(())
    }
}
