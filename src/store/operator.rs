//! The person at the keyboard, who holds the file and so is outside the wall.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rusqlite::Row;

use super::open::Connection;
use super::writer::record;
use super::{Store, StoreError, TableSummary};
use crate::access::{Role, Viewer};
use crate::model::{Conflict, CreditSum, DumpTable, Instant, Place, Record, Reject, RowId, UserId};

/// Sees all that the file holds.
///
/// Only these may name it: the viewer picker, the chip's total, the proof, import, and the lists of
/// batches, rejects, conflicts and profiles. All else is run as a [`Viewer`].
#[derive(Debug)]
pub struct Operator {
    conn: Connection,
    store: Store,
}

/// Somebody the file knows of: by a profile, a role or a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    pub user_id: UserId,
    pub username: Option<String>,
    pub has_profile: bool,
    /// In the order of their texts.
    pub roles: Vec<Role>,
    pub rows: u64,
    pub credits: CreditSum,
}

/// What the whole file comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Totals {
    pub rows: u64,
    pub credits: CreditSum,
}

/// One table of one file that was imported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Batch {
    /// The same for all tables of a file.
    pub number: i64,
    pub path: PathBuf,
    /// Bytes.
    pub size: u64,
    /// Of the file, in lower-case hex.
    pub sha256: String,
    pub imported_at: Instant,
    pub table: TableSummary,
}

/// A row that was not taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptReject {
    /// [`Batch::number`].
    pub batch: i64,
    pub table: DumpTable,
    pub reject: Reject,
}

/// A row that contradicts one that was there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptConflict {
    /// [`Batch::number`].
    pub batch: i64,
    pub table: DumpTable,
    pub conflict: Conflict,
    /// The row that was there first and stays; only `usage_logs` has it.
    pub kept: Option<Record>,
}

impl Operator {
    pub(super) fn new(store: &Store) -> Result<Self, StoreError> {
        Ok(Self { conn: store.connect()?, store: store.clone() })
    }

    /// Everybody, by id.
    pub fn people(&self) -> Result<Vec<Person>, StoreError> {
        let mut people = BTreeMap::new();
        for (user, username) in self.list(include_str!("sql/profiles.sql"), [], profile)? {
            let person = person(&mut people, user);
            person.has_profile = true;
            person.username = username;
        }
        for (user, role) in self.list(include_str!("sql/user_roles.sql"), [], role)? {
            person(&mut people, user).roles.push(role);
        }
        let all = self.store.all_columns()?;
        let mut sums = vec![(0, CreditSum::ZERO); all.user_ids().len()];
        for (user, nano) in all.users().iter().zip(all.credits()) {
            let (rows, credits) = &mut sums[*user as usize];
            *rows += 1;
            *credits += CreditSum::from_nano(i128::from(*nano));
        }
        for (user, (rows, credits)) in all.user_ids().iter().zip(sums) {
            let person = person(&mut people, *user);
            (person.rows, person.credits) = (rows, credits);
        }
        Ok(people.into_values().collect())
    }

    /// A user with the roles that the file holds now.
    pub fn viewer(&self, user: UserId) -> Result<Viewer, StoreError> {
        Ok(Viewer::user(user, &self.roles(user)?))
    }

    /// The roles of a user, for the proof.
    pub fn roles(&self, user: UserId) -> Result<Vec<Role>, StoreError> {
        self.list(include_str!("sql/roles_of.sql"), [user], |row| {
            row.get_ref("role")?.as_str().map(Role::parse).map_err(Into::into)
        })
    }

    /// Of all rows.
    pub fn totals(&self) -> Result<Totals, StoreError> {
        let all = self.store.all_columns()?;
        Ok(Totals { rows: all.len() as u64, credits: all.total() })
    }

    /// What was imported, in the order it came.
    pub fn batches(&self) -> Result<Vec<Batch>, StoreError> {
        self.list(include_str!("sql/batches.sql"), [], batch)
    }

    /// The rows that a batch did not take, at most `limit`.
    pub fn rejects(&self, batch: i64, limit: u32) -> Result<Vec<KeptReject>, StoreError> {
        self.list(include_str!("sql/rejects.sql"), (batch, limit), |row| {
            let (batch, table) = (row.get("batch")?, table(row)?);
            let (column, reason, raw) = (row.get("column_name")?, row.get("reason")?, row.get("raw")?);
            Ok(KeptReject { batch, table, reject: Reject { place: place(row)?, column, reason, raw } })
        })
    }

    /// The rows of a batch that contradict what was there, at most `limit`.
    pub fn conflicts(&self, batch: i64, limit: u32) -> Result<Vec<KeptConflict>, StoreError> {
        let mut conflicts = self.list(include_str!("sql/conflicts.sql"), (batch, limit), |row| {
            let (batch, table) = (row.get("batch")?, table(row)?);
            let UserId(id) = row.get("id")?;
            let (reason, raw) = (row.get("reason")?, row.get("raw")?);
            let conflict = Conflict { place: place(row)?, id, reason, raw };
            Ok(KeptConflict { batch, table, conflict, kept: None })
        })?;
        for it in conflicts.iter_mut().filter(|it| it.table == DumpTable::UsageLogs) {
            let known = self.list(include_str!("sql/log_by_id.sql"), [RowId(it.conflict.id)], record)?;
            it.kept = known.into_iter().next();
        }
        Ok(conflicts)
    }

    fn list<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let list = self.conn.prepare_cached(sql).and_then(|mut it| it.query_map(params, read)?.collect());
        self.store.at(list)
    }
}

fn person(people: &mut BTreeMap<UserId, Person>, user_id: UserId) -> &mut Person {
    people.entry(user_id).or_insert_with(|| Person {
        user_id,
        username: None,
        has_profile: false,
        roles: Vec::new(),
        rows: 0,
        credits: CreditSum::ZERO,
    })
}

/// A user and the name.
pub(super) fn profile(row: &Row<'_>) -> rusqlite::Result<(UserId, Option<String>)> {
    Ok((row.get("user_id")?, row.get("username")?))
}

/// A user and one of the roles.
pub(super) fn role(row: &Row<'_>) -> rusqlite::Result<(UserId, Role)> {
    Ok((row.get("user_id")?, Role::parse(row.get_ref("role")?.as_str()?)))
}

fn batch(row: &Row<'_>) -> rusqlite::Result<Batch> {
    Ok(Batch {
        number: row.get("batch")?,
        path: PathBuf::from(row.get::<_, String>("path")?),
        size: count(row, "size_bytes")?,
        sha256: row.get("sha256")?,
        imported_at: row.get("imported_at_us")?,
        table: TableSummary {
            table: table(row)?,
            format: row.get("format")?,
            rows_read: count(row, "rows_read")?,
            imported: count(row, "imported")?,
            updated: count(row, "updated")?,
            repeats: count(row, "repeats")?,
            conflicts: count(row, "conflicts")?,
            rejected: count(row, "rejected")?,
        },
    })
}

fn place(row: &Row<'_>) -> rusqlite::Result<Place> {
    Ok(Place { row: count(row, "row")?, line: count(row, "line")? })
}

fn count(row: &Row<'_>, column: &str) -> rusqlite::Result<u64> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).ok().ok_or(rusqlite::Error::IntegralValueOutOfRange(0, value))
}

fn table(row: &Row<'_>) -> rusqlite::Result<DumpTable> {
    let name = row.get_ref("table_name")?.as_str()?;
    let tables = [DumpTable::UsageLogs, DumpTable::Profiles, DumpTable::UserRoles];
    tables.into_iter().find(|it| it.name() == name).ok_or(rusqlite::Error::IntegralValueOutOfRange(0, 0))
}
