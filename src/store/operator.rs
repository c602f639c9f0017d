//! The person at the keyboard, who holds the file and so is outside the wall.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rusqlite::Row;

use super::open::Connection;
use super::values::count;
use super::writer::{arriving, record};
use super::{LogsInOrder, Store, StoreError, TableSummary, Usernames};
use crate::access::{Role, Viewer};
use crate::model::{Cancel, Conflict, CreditSum, DumpTable, Instant, Place, Record, Reject, RowId, UserId};

/// What `SQLite` takes for no limit.
const NO_LIMIT: i64 = -1;

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
    /// When it was taken back; then it is told of, and nothing of it is there.
    pub removed_at: Option<Instant>,
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
    /// The row that was there first, and stays unless the newcomer was taken; only `usage_logs` has it.
    pub kept: Option<Record>,
    /// The newcomer as it was understood. Not kept of other tables, of metadata of more than 64 KiB, and
    /// in files of version 1; it cannot be taken then.
    pub newcomer: Option<Record>,
    pub taken: Option<Taken>,
}

/// That somebody took the newcomer for the row that was there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Taken {
    pub at: Instant,
    /// A user of the machine.
    pub by: String,
}

impl KeptConflict {
    /// What credits gain or lose with the newcomer, where both rows are known.
    pub fn difference(&self) -> Option<CreditSum> {
        let (kept, newcomer) = (self.kept.as_ref()?, self.newcomer.as_ref()?);
        Some(CreditSum::from(newcomer.credits) - kept.credits.into())
    }
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
        let all = self.store.all_columns(&Cancel::new())?;
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

    /// The name in a user's profile.
    pub fn username(&self, user: UserId) -> Result<Option<String>, StoreError> {
        let found: Vec<Option<String>> =
            self.list(include_str!("sql/username.sql"), [user], |row| row.get("username"))?;
        Ok(found.into_iter().next().flatten())
    }

    /// Whether the file knows of a user, by a profile, a role or a row.
    pub fn knows(&self, user: UserId) -> Result<bool, StoreError> {
        let found: Vec<bool> =
            self.list(include_str!("sql/knows_user.sql"), [user], |row| row.get("is_known"))?;
        Ok(found == [true])
    }

    /// Those with this very name, by id.
    pub fn users_named(&self, name: &str) -> Result<Vec<UserId>, StoreError> {
        self.list(include_str!("sql/users_named.sql"), [name], |row| row.get("user_id"))
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
        let all = self.store.all_columns(&Cancel::new())?;
        Ok(Totals { rows: all.len() as u64, credits: all.total() })
    }

    /// What was imported and is there, in the order it came.
    pub fn batches(&self) -> Result<Vec<Batch>, StoreError> {
        self.list(include_str!("sql/batches.sql"), [false], batch)
    }

    /// What was imported and taken back, in the order it came.
    pub fn removed_batches(&self) -> Result<Vec<Batch>, StoreError> {
        self.list(include_str!("sql/batches.sql"), [true], batch)
    }

    /// A table of a batch, whether it is there or was taken back.
    pub fn batch(&self, number: i64) -> Result<Batch, StoreError> {
        let mut batches = self.batches()?.into_iter().chain(self.removed_batches()?);
        let path = self.store.path();
        batches
            .find(|it| it.number == number)
            .ok_or_else(|| StoreError::UnknownBatch { number, path: path.to_owned() })
    }

    /// The rows that a batch did not take, at most `limit`.
    pub fn rejects(&self, batch: i64, limit: u32) -> Result<Vec<KeptReject>, StoreError> {
        self.list(include_str!("sql/rejects.sql"), (batch, limit), reject)
    }

    /// Hands over the rows that one batch, or any, did not take; the first error ends it.
    pub fn each_reject<E: From<StoreError>>(
        &self,
        batch: Option<i64>,
        take: &mut dyn FnMut(KeptReject) -> Result<(), E>,
    ) -> Result<(), E> {
        self.each(include_str!("sql/rejects.sql"), (batch, NO_LIMIT), reject, take)
    }

    /// The rows of a batch that contradict what was there, at most `limit`.
    pub fn conflicts(&self, batch: i64, limit: u32) -> Result<Vec<KeptConflict>, StoreError> {
        let conflicts = self.list(include_str!("sql/conflicts.sql"), (batch, limit), conflict)?;
        conflicts.into_iter().map(|it| self.with_kept(it)).collect()
    }

    /// Hands over the rows of one batch, or of any, that contradict what was there; the first error
    /// ends it.
    pub fn each_conflict<E: From<StoreError>>(
        &self,
        batch: Option<i64>,
        take: &mut dyn FnMut(KeptConflict) -> Result<(), E>,
    ) -> Result<(), E> {
        let take = &mut |it| take(self.with_kept(it)?);
        self.each(include_str!("sql/conflicts.sql"), (batch, NO_LIMIT), conflict, take)
    }

    /// With the row that was there first.
    fn with_kept(&self, it: KeptConflict) -> Result<KeptConflict, StoreError> {
        if it.table != DumpTable::UsageLogs {
            return Ok(it);
        }
        let id = RowId(it.conflict.id);
        let mut kept = Vec::new();
        if it.taken.is_some() {
            kept = self.list(include_str!("sql/conflict/former.sql"), (id, it.batch), record)?;
        }
        if kept.is_empty() {
            kept = self.list(include_str!("sql/log_by_id.sql"), [id], record)?;
        }
        Ok(KeptConflict { kept: kept.into_iter().next(), ..it })
    }

    /// Every name.
    pub fn usernames(&self) -> Result<Usernames, StoreError> {
        let names = self.list(include_str!("sql/profiles.sql"), [], profile)?;
        Ok(names.into_iter().filter_map(|(user, name)| Some((user, name?))).collect())
    }

    /// All log rows as of now, by id.
    pub fn logs_in_order(self) -> Result<LogsInOrder, StoreError> {
        LogsInOrder::new(self.conn, self.store)
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

    fn each<T, E: From<StoreError>>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
        take: &mut dyn FnMut(T) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut statement = self.store.at(self.conn.prepare(sql))?;
        let mut rows = self.store.at(statement.query(params))?;
        while let Some(row) = self.store.at(rows.next())? {
            take(self.store.at(read(row))?)?;
        }
        Ok(())
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
        removed_at: row.get("removed_at_us")?,
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

fn reject(row: &Row<'_>) -> rusqlite::Result<KeptReject> {
    let (batch, table) = (row.get("batch")?, table(row)?);
    let (column, reason, raw) = (row.get("column_name")?, row.get("reason")?, row.get("raw")?);
    Ok(KeptReject { batch, table, reject: Reject { place: place(row)?, column, reason, raw } })
}

fn conflict(row: &Row<'_>) -> rusqlite::Result<KeptConflict> {
    let (batch, table) = (row.get("batch")?, table(row)?);
    let UserId(id) = row.get("id")?;
    let (reason, raw) = (row.get("reason")?, row.get("raw")?);
    let conflict = Conflict { place: place(row)?, id, reason, raw };
    let taken = row.get::<_, Option<Instant>>("taken_at_us")?;
    let taken =
        taken.map(|at| Ok::<_, rusqlite::Error>(Taken { at, by: row.get("taken_by")? })).transpose()?;
    Ok(KeptConflict { batch, table, conflict, kept: None, newcomer: arriving(row)?, taken })
}

fn place(row: &Row<'_>) -> rusqlite::Result<Place> {
    Ok(Place { row: count(row, "row")?, line: count(row, "line")? })
}

fn table(row: &Row<'_>) -> rusqlite::Result<DumpTable> {
    let name = row.get_ref("table_name")?.as_str()?;
    let tables = [DumpTable::UsageLogs, DumpTable::Profiles, DumpTable::UserRoles];
    tables.into_iter().find(|it| it.name() == name).ok_or(rusqlite::Error::IntegralValueOutOfRange(0, 0))
}
