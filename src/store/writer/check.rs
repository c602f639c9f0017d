//! What imports would do, found out without writing to the file.

use std::collections::{BTreeSet, HashSet};

use rusqlite::{OptionalExtension as _, Row};

use super::codes::LogCodes;
use super::{ImportBatch, Repeats, nameless, roles_of, stored_log, username};
use crate::model::{
    Cancel, Conflict, Credits, DumpTable, Instant, LogRow, Nameless, ProfileRow, Record, Reject, RowId,
    StoredLog, Upsert, UserId, WriteError, Writer,
};
use crate::store::open::Connection;
use crate::store::{Store, StoreError};

/// Lookups after which the file is let go for a moment: a writer of another process waits no longer.
const LOOKUPS_MAX: u32 = 10_000;
/// The batch of rows that were copied from the file.
const OF_BASE: i64 = 0;

/// Takes dumps as a store would, one after the other, and keeps nothing.
///
/// What the file does not have goes into a scratch database, through the hands that write imports, so
/// that both count alike. States and rows that would be replaced are copied there first.
#[derive(Debug)]
pub struct Check {
    /// `None`: the file is still to be made.
    base: Option<Base>,
    scratch: ImportBatch,
    /// Rows of the file that are in the scratch database, with other values.
    has_refined: bool,
    /// Users whose roles are in the scratch database.
    with_roles: HashSet<UserId>,
    /// Those of the dump that is being read.
    with_new_roles: Vec<UserId>,
}

/// The file, read and never written.
#[derive(Debug)]
struct Base {
    conn: Connection,
    n_lookups: u32,
    /// Its rows that the dump has had.
    repeats: Repeats,
    /// The last of them, where it was counted just now: its id, its place and its batch.
    last: Option<(RowId, i64, i64)>,
}

impl Check {
    /// Of what imports into a file would do; without one, into a new file.
    pub fn new(store: Option<&Store>) -> Result<Self, StoreError> {
        if let Some(store) = store {
            // Every row is looked up by its id. A file that cannot be written is read as it is.
            store.make_indexes(&Cancel::new(), &mut |_| ()).ok();
        }
        let base = store.map(Store::connect).transpose()?;
        Ok(Self {
            base: base.map(|conn| Base { conn, n_lookups: 0, repeats: Repeats::default(), last: None }),
            scratch: ImportBatch::scratch()?,
            has_refined: false,
            with_roles: HashSet::new(),
            with_new_roles: Vec::new(),
        })
    }

    /// Begins with the next dump.
    pub fn begin_dump(&mut self) -> Result<(), StoreError> {
        self.scratch.number += 1;
        self.scratch.n_added.clear();
        self.scratch.repeats = Repeats::default();
        if let Some(base) = &mut self.base {
            base.repeats = Repeats::default();
        }
        self.with_new_roles.clear();
        self.in_scratch("SAVEPOINT dump")
    }

    /// Ends a dump: the next ones find its rows, or, where it failed, do not.
    pub fn end_dump(&mut self, has_failed: bool) -> Result<(), StoreError> {
        if has_failed {
            self.in_scratch("ROLLBACK TO dump")?;
            for user in &self.with_new_roles {
                self.with_roles.remove(user);
            }
            let codes = LogCodes::load(&self.scratch.change.conn);
            self.scratch.codes = self.scratch.change.at(codes)?;
        }
        self.in_scratch("RELEASE dump")
    }

    fn in_scratch(&self, sql: &str) -> Result<(), StoreError> {
        self.scratch.change.at(self.scratch.change.conn.execute_batch(sql))
    }

    /// A row that the file has, as it would be by now.
    fn known(&mut self, id: RowId) -> rusqlite::Result<Option<StoredLog>> {
        let Some(base) = &mut self.base else { return Ok(None) };
        let Some(known) = base.log(id)? else { return Ok(None) };
        if self.has_refined
            && let Some(refined) = self.scratch.stored_log(id)?
        {
            return Ok(Some(StoredLog { is_of_this_dump: known.is_of_this_dump, ..refined }));
        }
        Ok(Some(known))
    }

    fn refine(&mut self, id: RowId, credits: Credits, created_at: Instant) -> rusqlite::Result<()> {
        if self.scratch.refine(id, credits, created_at)? > 0 {
            return Ok(());
        }
        if let Some(known) = self.known(id)? {
            let Record { user_id, action, metadata, format, quality, .. } = &known.record;
            let row = LogRow {
                id,
                user_id: *user_id,
                action,
                credits,
                metadata: metadata.as_deref(),
                created_at,
                format: format.as_deref(),
                quality: quality.as_deref(),
            };
            self.scratch.copy_log(&row)?;
            self.has_refined = true;
        }
        Ok(())
    }

    /// Brings a user's name to where it may be replaced.
    fn copy_profile(&mut self, user_id: UserId) -> rusqlite::Result<()> {
        if let Some(base) = &mut self.base
            && username(&self.scratch.change.conn, user_id)?.is_none()
            && let Some((name, _)) = username(base.read()?, user_id)?
        {
            self.scratch.write_profile(&ProfileRow { user_id, username: name.as_deref() })?;
        }
        Ok(())
    }

    /// Brings a user's roles to where they may be replaced.
    fn copy_roles(&mut self, user: UserId) -> rusqlite::Result<()> {
        if let Some(base) = &mut self.base
            && self.with_roles.insert(user)
        {
            self.with_new_roles.push(user);
            self.scratch.write_roles(user, &roles_of(base.read()?, user)?.0)?;
        }
        Ok(())
    }

    fn find_nameless(&mut self) -> rusqlite::Result<Nameless> {
        let has_profiles = |conn: &Connection| conn.prepare("SELECT 1 FROM raw_profiles")?.exists([]);
        let base = self.base.as_mut().map(Base::read).transpose()?;
        if !has_profiles(&self.scratch.change.conn)? && !base.map_or(Ok(false), has_profiles)? {
            return Ok(Nameless::default());
        }
        nameless(self.scratch.added(), |user| {
            let is_new = username(&self.scratch.change.conn, user)?.is_some();
            Ok(is_new || base.map_or(Ok(None), |it| username(it, user))?.is_some())
        })
    }

    fn failed(&self, err: rusqlite::Error) -> WriteError {
        self.scratch.failed(err)
    }
}

impl Base {
    /// The connection, with all that is read soon after as of one commit.
    fn read(&mut self) -> rusqlite::Result<&Connection> {
        self.n_lookups += 1;
        if self.n_lookups > LOOKUPS_MAX && !self.conn.is_autocommit() {
            self.conn.execute_batch("COMMIT")?;
            self.n_lookups = 0;
        }
        if self.conn.is_autocommit() {
            self.conn.execute_batch("BEGIN")?;
        }
        Ok(&self.conn)
    }

    fn log(&mut self, id: RowId) -> rusqlite::Result<Option<StoredLog>> {
        let mut statement = self.read()?.prepare_cached(include_str!("../sql/log_by_id.sql"))?;
        let known = |row: &Row<'_>| Ok((stored_log(row, OF_BASE)?, row.get("number")?, row.get("batch")?));
        let known = statement.query_row([id], known).optional()?;
        drop(statement);
        Ok(known.map(|(stored, row, batch)| {
            let is_counted = self.repeats.add(row, batch);
            self.last = is_counted.then_some((id, row, batch));
            StoredLog { is_of_this_dump: !is_counted, ..stored }
        }))
    }
}

/// What only a check asks of a batch.
impl ImportBatch {
    fn stored_log(&self, id: RowId) -> rusqlite::Result<Option<StoredLog>> {
        let mut statement = self.change.conn.prepare_cached(include_str!("../sql/log_by_id.sql"))?;
        statement.query_row([id], |row| stored_log(row, self.number)).optional()
    }

    /// Adds a row as one that was there before.
    fn copy_log(&mut self, row: &LogRow<'_>) -> rusqlite::Result<()> {
        let number = std::mem::replace(&mut self.number, OF_BASE);
        let n_added = std::mem::take(&mut self.n_added);
        let added = self.write_log(row);
        (self.number, self.n_added) = (number, n_added);
        added.map(drop)
    }
}

impl Writer for Check {
    fn add_log(&mut self, row: &LogRow<'_>) -> Result<Option<StoredLog>, WriteError> {
        match self.known(row.id) {
            Ok(None) => self.scratch.add_log(row),
            Ok(known) => Ok(known),
            Err(err) => Err(self.failed(err)),
        }
    }

    fn refine_log(&mut self, id: RowId, credits: Credits, created_at: Instant) -> Result<(), WriteError> {
        self.refine(id, credits, created_at).map_err(|err| self.failed(err))
    }

    fn put_profile(&mut self, row: &ProfileRow<'_>) -> Result<Upsert, WriteError> {
        self.copy_profile(row.user_id).map_err(|err| self.failed(err))?;
        self.scratch.put_profile(row)
    }

    fn put_roles(&mut self, user: UserId, roles: &BTreeSet<String>) -> Result<BTreeSet<String>, WriteError> {
        self.copy_roles(user).map_err(|err| self.failed(err))?;
        self.scratch.put_roles(user, roles)
    }

    fn nameless(&mut self) -> Result<Nameless, WriteError> {
        self.find_nameless().map_err(|err| self.failed(err))
    }

    /// The report has them.
    fn keep_reject(&mut self, _: DumpTable, _: &Reject) -> Result<(), WriteError> {
        Ok(())
    }

    fn keep_conflict(&mut self, table: DumpTable, conflict: &Conflict) -> Result<(), WriteError> {
        self.scratch.take_known(table, conflict.id);
        if let Some(base) = &mut self.base
            && let Some((_, row, batch)) = base.last.take_if(|(id, ..)| id.0 == conflict.id)
        {
            base.repeats.take_back(row, batch);
        }
        Ok(())
    }
}
