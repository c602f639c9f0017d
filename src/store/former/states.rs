//! Names and roles: states of a user, of which the last one counts.

use std::collections::BTreeSet;

use rusqlite::types::Type;
use rusqlite::{Error as SqlError, OptionalExtension as _, params};

use crate::model::UserId;
use crate::store::open::Connection;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::store) enum State {
    Username,
    /// All of a user's roles, as a JSON array.
    Roles,
}

/// What became of the states that a batch had set.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct StatesBack {
    /// They are again what they were before.
    pub restored: u64,
    /// Nothing is known from before.
    pub removed: u64,
}

/// Keeps a state that a batch is about to replace, and the batch that had set it.
pub(in crate::store) fn keep(
    conn: &Connection,
    (state, user): (State, UserId),
    batch: i64,
    (former_batch, value): (i64, Option<&str>),
) -> rusqlite::Result<()> {
    // What the batch itself has set before goes with it.
    if former_batch == batch {
        return Ok(());
    }
    let mut statement = conn.prepare_cached(include_str!("../sql/former/keep_state.sql"))?;
    statement.execute(params![state.name(), user, batch, former_batch, value]).map(drop)
}

/// The batch that last replaced a state.
pub(in crate::store) fn last_batch(
    conn: &Connection,
    state: State,
    user: UserId,
) -> rusqlite::Result<Option<i64>> {
    let mut statement = conn.prepare_cached(include_str!("../sql/former/last_state_batch.sql"))?;
    statement.query_row(params![state.name(), user], |row| row.get("batch")).optional()
}

/// Gives all users back the state that they had before a batch.
pub(in crate::store) fn put_back(
    conn: &Connection,
    state: State,
    batch: i64,
) -> rusqlite::Result<StatesBack> {
    let mut statement = conn.prepare(include_str!("../sql/former/users_of_batch.sql"))?;
    let users = statement.query_map(params![state.name(), batch], |row| row.get("user_id"))?;
    // All of them first: the tables change under the question.
    let users: Vec<UserId> = users.collect::<rusqlite::Result<_>>()?;
    let mut back = StatesBack::default();
    for user in users {
        put_one_back(conn, (state, user), batch, &mut back)?;
    }
    Ok(back)
}

fn put_one_back(
    conn: &Connection,
    (state, user): (State, UserId),
    batch: i64,
    back: &mut StatesBack,
) -> rusqlite::Result<()> {
    let kind = state.name();
    let mut statement = conn.prepare_cached(include_str!("../sql/former/state_of_batch.sql"))?;
    let change: Option<(i64, i64, Option<String>)> = statement
        .query_row(params![kind, user, batch], |row| {
            Ok((row.get("nth")?, row.get("former_batch")?, row.get("value")?))
        })
        .optional()?;
    let mut statement = conn.prepare_cached(include_str!("../sql/former/next_state.sql"))?;
    let nth = change.as_ref().map(|it| it.0);
    let next: Option<i64> =
        statement.query_row(params![kind, user, batch, nth], |row| row.get("nth")).optional()?;
    match (&change, next) {
        // A later batch has replaced it; before that there is now what was before both.
        (Some((_, former_batch, value)), Some(next)) => {
            let mut statement = conn.prepare_cached(include_str!("../sql/former/set_state.sql"))?;
            statement.execute(params![kind, user, next, former_batch, value])?;
        }
        (None, Some(next)) => delete(conn, (state, user), next)?,
        (Some((_, former_batch, value)), None) => {
            state.set(conn, user, *former_batch, value.as_deref())?;
            back.restored += 1;
        }
        (None, None) => {
            state.clear(conn, user)?;
            back.removed += 1;
        }
    }
    nth.map_or(Ok(()), |it| delete(conn, (state, user), it))
}

fn delete(conn: &Connection, (state, user): (State, UserId), nth: i64) -> rusqlite::Result<()> {
    let mut statement = conn.prepare_cached(include_str!("../sql/former/delete_state.sql"))?;
    statement.execute(params![state.name(), user, nth]).map(drop)
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::Roles => "roles",
        }
    }

    fn set(self, conn: &Connection, user: UserId, batch: i64, value: Option<&str>) -> rusqlite::Result<()> {
        match self {
            Self::Username => {
                let mut statement = conn.prepare_cached(include_str!("../sql/put_profile.sql"))?;
                statement.execute(params![user, value, batch]).map(drop)
            }
            Self::Roles => set_roles(conn, user, batch, &parse_roles(value.unwrap_or("[]"))?),
        }
    }

    fn clear(self, conn: &Connection, user: UserId) -> rusqlite::Result<()> {
        let sql = match self {
            Self::Username => include_str!("../sql/delete_profile.sql"),
            Self::Roles => include_str!("../sql/delete_roles.sql"),
        };
        conn.prepare_cached(sql)?.execute([user]).map(drop)
    }
}

/// Replaces all roles of a user.
pub(in crate::store) fn set_roles(
    conn: &Connection,
    user: UserId,
    batch: i64,
    roles: &BTreeSet<String>,
) -> rusqlite::Result<()> {
    conn.prepare_cached(include_str!("../sql/delete_roles.sql"))?.execute([user])?;
    let mut statement = conn.prepare_cached(include_str!("../sql/add_role.sql"))?;
    roles.iter().try_for_each(|role| statement.execute(params![user, role, batch]).map(drop))
}

/// As they are kept.
pub(in crate::store) fn roles_text(roles: &BTreeSet<String>) -> String {
    roles.iter().map(String::as_str).collect::<serde_json::Value>().to_string()
}

/// Only another program's hand leaves a text that is no such array.
fn parse_roles(text: &str) -> rusqlite::Result<BTreeSet<String>> {
    serde_json::from_str(text).map_err(|err| SqlError::FromSqlConversionFailure(0, Type::Text, Box::new(err)))
}
