//! The wall: a connection on which a viewer's rows are all there is.
//!
//! The file is attached read-only under a random name. Inner views under a random prefix, one script
//! for each kind of viewer, hold the rule; the public views `usage_logs`, `profiles` and `user_roles`
//! stand on them; the authorizer admits the file's columns only where an inner view asks. Fixed names
//! would not hold: `SQLite` calls a CTE's name the accessor, and a file may hold a table called `profiles`.
//!
//! This guards against mistakes of ours. Who holds the file can read it with any other program.

mod authorizer;
mod console;
mod rows;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;

use self::authorizer::Names;
pub use self::console::{SqlAnswer, SqlValue};
use super::error::interrupted;
use super::open::{Access, Connection};
use super::{Store, StoreError, lock, metadata, open, operator};
use crate::access::{Role, Scope, Viewer};
use crate::model::{Cancel, UserId};

/// `SQLite`'s steps between two looks at whether to stop: some tenths of a millisecond.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;

/// Upper bounds for SQL that somebody typed; our own stays far below.
const LIMITS: [(Limit, i32); 9] = [
    // Twice the longest record that an import takes.
    (Limit::SQLITE_LIMIT_LENGTH, 128 * 1024 * 1024),
    (Limit::SQLITE_LIMIT_SQL_LENGTH, 1024 * 1024),
    (Limit::SQLITE_LIMIT_COLUMN, 200),
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 200),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 50),
    (Limit::SQLITE_LIMIT_VDBE_OP, 100_000),
    // The file is attached by now.
    (Limit::SQLITE_LIMIT_ATTACHED, 0),
    // Each `%` of a pattern multiplies its time.
    (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000),
    (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 1),
];

/// What one viewer sees of a file, as of each question's moment.
#[derive(Debug)]
pub struct Reader {
    conn: Connection,
    names: Names,
    scope: Scope,
    /// Whether the question under way is still wanted.
    cancel: Arc<Mutex<Cancel>>,
    store: Store,
}

impl Reader {
    pub(super) fn new(store: &Store, viewer: Viewer) -> Result<Self, StoreError> {
        let names = Names::random();
        let cancel = Arc::default();
        let conn = store.at(connect(store, viewer.scope(), &names, &cancel))?;
        Ok(Self { conn, names, scope: viewer.scope(), cancel, store: store.clone() })
    }

    /// The names of the profiles that the viewer sees.
    pub fn usernames(&self) -> Result<BTreeMap<UserId, String>, StoreError> {
        let names =
            self.conn.prepare_cached("SELECT id AS user_id, username FROM profiles").and_then(|mut it| {
                let profiles = it.query_map([], operator::profile)?;
                profiles.filter_map(|it| it.map(|(user, name)| Some((user, name?))).transpose()).collect()
            });
        self.store.at(names)
    }

    /// The roles that the viewer sees.
    pub fn roles(&self) -> Result<BTreeMap<UserId, Vec<Role>>, StoreError> {
        let sql = "SELECT user_id, role FROM user_roles ORDER BY user_id, role";
        let roles: rusqlite::Result<Vec<_>> =
            self.conn.prepare_cached(sql).and_then(|mut it| it.query_map([], operator::role)?.collect());
        let mut roles_by_user = BTreeMap::<_, Vec<_>>::new();
        for (user, role) in self.store.at(roles)? {
            roles_by_user.entry(user).or_default().push(role);
        }
        Ok(roles_by_user)
    }

    /// Runs one question, until it is cancelled.
    fn run<T>(
        &self,
        cancel: &Cancel,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        *lock(&self.cancel) = cancel.clone();
        if cancel.is_cancelled() {
            return Err(interrupted());
        }
        let answer = question(&self.conn);
        *lock(&self.cancel) = Cancel::new();
        answer
    }
}

fn connect(
    store: &Store,
    scope: Scope,
    names: &Names,
    cancel: &Arc<Mutex<Cancel>>,
) -> rusqlite::Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = Connection::open_in_memory_with_flags(flags)?;
    open::harden(&conn)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE, false)?;
    let access = if store.0.access == Access::Frozen { Access::Frozen } else { Access::Read };
    conn.execute("ATTACH ?1 AS ?2", [open::uri(store.path(), access), names.schema.clone()])?;

    let rule = match scope {
        Scope::None => include_str!("sql/scope/nobody.sql"),
        Scope::Own(_) => include_str!("sql/scope/owner.sql"),
        Scope::All => include_str!("sql/scope/admin.sql"),
    };
    conn.execute_batch(&names.fill(include_str!("sql/scope/lookups.sql")))?;
    conn.execute_batch(&names.fill(rule))?;
    if let Scope::Own(user) = scope {
        conn.execute(&names.fill("INSERT INTO temp.{prefix}scope (id) VALUES (?1)"), [user])?;
    }
    conn.execute_batch(include_str!("sql/scope/shadows.sql"))?;

    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    conn.create_scalar_function("metadata_value", 2, flags, |context| Ok(metadata_value(context)))?;
    for (limit, value) in LIMITS {
        conn.set_limit(limit, value)?;
    }
    let cancel = Arc::clone(cancel);
    conn.progress_handler(STEPS_BETWEEN_LOOKS, Some(move || lock(&cancel).is_cancelled()))?;
    let names = names.clone();
    conn.authorizer(Some(move |context: rusqlite::hooks::AuthContext<'_>| names.authorize(context)))?;
    Ok(conn)
}

/// `metadata_value(metadata, key)`: what a [`Dim::Metadata`](crate::model::Dim::Metadata) has for a row.
fn metadata_value(context: &Context<'_>) -> Option<String> {
    let text = |nth| match context.get_raw(nth) {
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok(),
        _ => None,
    };
    let value = text(0).zip(text(1)).and_then(|(metadata, key)| metadata::value(metadata, key));
    value.map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests;
