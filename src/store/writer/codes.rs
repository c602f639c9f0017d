use std::collections::HashMap;
use std::hash::Hash;

use rusqlite::types::{FromSql, ToSql};

use crate::model::UserId;
use crate::store::columns::dictionary;
use crate::store::open::Connection;
use crate::store::values::integer;

/// The codes of all columns that have them.
#[derive(Debug)]
pub(super) struct AllCodes {
    pub(super) users: Codes<UserId>,
    pub(super) actions: Codes<String>,
    pub(super) formats: Codes<String>,
    pub(super) qualities: Codes<String>,
}

impl AllCodes {
    pub(super) fn load(conn: &Connection) -> rusqlite::Result<Self> {
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
}

/// The codes of one column's values, those of this batch included.
///
/// In memory, because a million rows ask four million times.
#[derive(Debug)]
pub(super) struct Codes<T> {
    codes: HashMap<T, i64>,
    add: &'static str,
}

impl<T: FromSql + Hash + Eq> Codes<T> {
    /// `all` lists the values with their codes, `add` adds one.
    fn load(conn: &Connection, all: &'static str, add: &'static str) -> rusqlite::Result<Self> {
        let values = dictionary::<T>(conn, all)?;
        Ok(Self { codes: values.into_iter().zip(1..).collect(), add })
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&T, &i64)> {
        self.codes.iter()
    }

    /// The code of a value, the next one if it is new.
    pub(super) fn code<Q>(&mut self, conn: &Connection, value: &Q) -> rusqlite::Result<i64>
    where
        T: std::borrow::Borrow<Q>,
        Q: Hash + Eq + ToSql + ToOwned<Owned = T> + ?Sized,
    {
        if let Some(code) = self.codes.get(value) {
            return Ok(*code);
        }
        let code = integer(self.codes.len()) + 1;
        conn.prepare_cached(self.add)?.execute((code, value))?;
        self.codes.insert(value.to_owned(), code);
        Ok(code)
    }
}
