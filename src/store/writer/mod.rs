//! One file's rows, written in one transaction.

mod codes;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{ErrorCode, OptionalExtension as _, params};

use self::codes::Codes;
use super::open::{Access, BUSY_WAIT, Connection};
use super::values::integer;
use super::{Store, StoreError};
use crate::model::{
    Conflict, Credits, DumpTable, Instant, LogRow, ProfileRow, Record, Reject, RowId, StoredLog, Upsert,
    UserId, WriteError, Writer,
};

/// How long a second writer waits: enough for a commit to end, no use against a whole import.
const WRITER_WAIT: Duration = Duration::from_millis(200);

/// Memory for pages that are not written yet, in KiB: a bound, and room for the unique index on the ids
/// of some millions of rows. Ids are random, so each new one lands on another page of it.
const CACHE_KIB: i64 = 128 * 1024;

/// Rejects, and conflicts, that are kept; all are counted.
const KEPT_MAX: u32 = 100_000;

/// Bytes of raw text that are kept of a row.
const RAW_MAX: usize = 4 * 1024;

/// What is known of a dump before it is read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DumpFile {
    pub path: PathBuf,
    /// Bytes.
    pub size: u64,
}

/// What is known of a dump after it was read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BatchSummary {
    /// Of the whole file, in lower-case hex.
    pub sha256: String,
    pub tables: Vec<TableSummary>,
}

/// What became of the rows of one table of a dump.
///
/// `rows_read` is the sum of the other five.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableSummary {
    pub table: DumpTable,
    /// `csv`, `json`, …
    pub format: String,
    pub rows_read: u64,
    pub imported: u64,
    pub updated: u64,
    pub repeats: u64,
    pub conflicts: u64,
    pub rejected: u64,
}

/// An import under way. Dropped without a commit, it leaves nothing.
#[derive(Debug)]
pub struct ImportBatch {
    conn: Connection,
    file: DumpFile,
    /// Its rows in `raw_imports`, and the `batch` of what it writes.
    number: i64,
    /// There were no rows before: the indexes are made at the end, by sorting, which takes less time.
    is_first: bool,
    users: Codes<UserId>,
    actions: Codes<String>,
    formats: Codes<String>,
    qualities: Codes<String>,
    n_rejects: u32,
    n_conflicts: u32,
    /// After the connection: the last store to go makes the file one file again.
    store: Store,
}

impl ImportBatch {
    pub(super) fn begin(store: &Store, file: &DumpFile) -> Result<Self, StoreError> {
        if store.0.access != Access::Write {
            return Err(StoreError::ReadOnly { path: store.path().to_owned() });
        }
        let conn = store.connect()?;
        match Self::begin_on(conn, store, file) {
            // The file can be written, the folder cannot: there is no place for a journal.
            Err(err) if err.sqlite_error_code() == Some(ErrorCode::CannotOpen) => {
                Err(StoreError::ReadOnly { path: store.path().to_owned() })
            }
            result => store.at(result),
        }
    }

    fn begin_on(conn: Connection, store: &Store, file: &DumpFile) -> rusqlite::Result<Self> {
        conn.busy_timeout(WRITER_WAIT)?;
        // A reader in the middle of something may forbid it; then the import keeps readers out instead.
        conn.pragma_update(None, "journal_mode", "WAL").or_else(ignore_busy)?;
        // A commit that was reported lasts through a loss of power. It is one a file, so one sync is no cost.
        conn.pragma_update(None, "synchronous", "FULL")?;
        conn.pragma_update(None, "cache_size", -CACHE_KIB)?;
        // No plan here depends on what is bound. SQLite, built with statistics, would otherwise prepare a
        // statement anew for every value: 100,000 repeats took 3.3 s instead of 0.9 s.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        conn.execute_batch("BEGIN IMMEDIATE")?;
        conn.busy_timeout(BUSY_WAIT)?;

        let number = conn.query_row(include_str!("../sql/next_batch.sql"), [], |row| row.get("batch"))?;
        let is_first = !conn.prepare("SELECT 1 FROM raw_usage_logs")?.exists([])?;
        if is_first {
            conn.execute_batch(include_str!("../sql/drop_indexes.sql"))?;
        }
        Ok(Self {
            file: file.clone(),
            number,
            is_first,
            users: Codes::load(&conn, include_str!("../sql/users.sql"), include_str!("../sql/add_user.sql"))?,
            actions: Codes::load(
                &conn,
                include_str!("../sql/actions.sql"),
                include_str!("../sql/add_action.sql"),
            )?,
            formats: Codes::load(
                &conn,
                include_str!("../sql/formats.sql"),
                include_str!("../sql/add_format.sql"),
            )?,
            qualities: Codes::load(
                &conn,
                include_str!("../sql/qualities.sql"),
                include_str!("../sql/add_quality.sql"),
            )?,
            n_rejects: 0,
            n_conflicts: 0,
            conn,
            store: store.clone(),
        })
    }

    /// Makes it last: all of it, or, on an error, nothing.
    pub fn commit(self, summary: &BatchSummary) -> Result<(), StoreError> {
        self.store.at(self.finish(summary))?;
        // The log moves into the file now, as far as readers let it, not when somebody waits for the exit.
        self.conn.busy_timeout(Duration::ZERO).ok();
        self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).ok();
        Ok(())
    }

    fn finish(&self, summary: &BatchSummary) -> rusqlite::Result<()> {
        let path = self.file.path.to_string_lossy();
        let now = Instant::now();
        for table in &summary.tables {
            let TableSummary { table, format, rows_read, imported, updated, repeats, conflicts, rejected } =
                table;
            let counts = [rows_read, imported, updated, repeats, conflicts, rejected].map(|it| integer(*it));
            let [rows_read, imported, updated, repeats, conflicts, rejected] = counts;
            self.conn.prepare_cached(include_str!("../sql/add_import.sql"))?.execute(params![
                self.number,
                table.name(),
                path,
                integer(self.file.size),
                summary.sha256,
                now,
                format,
                rows_read,
                imported,
                updated,
                repeats,
                conflicts,
                rejected,
            ])?;
        }
        self.conn.execute(include_str!("../sql/trim_rejects.sql"), [KEPT_MAX])?;
        self.conn.execute(include_str!("../sql/trim_conflicts.sql"), [KEPT_MAX])?;
        if self.is_first {
            self.conn.execute_batch(include_str!("../sql/create_indexes.sql"))?;
        }
        self.conn.execute_batch("COMMIT")
    }

    fn write_log(&mut self, row: &LogRow<'_>) -> rusqlite::Result<Option<StoredLog>> {
        let conn = &self.conn;
        let user = self.users.code(conn, &row.user_id)?;
        let action = self.actions.code(conn, row.action)?;
        let format = row.format.map(|it| self.formats.code(conn, it)).transpose()?;
        let quality = row.quality.map(|it| self.qualities.code(conn, it)).transpose()?;
        let n_added = conn.prepare_cached(include_str!("../sql/add_log.sql"))?.execute(params![
            row.id,
            user,
            action,
            format,
            quality,
            row.credits,
            row.created_at,
            self.number,
            row.metadata,
        ])?;
        if n_added > 0 {
            return Ok(None);
        }
        let mut statement = conn.prepare_cached(include_str!("../sql/log_by_id.sql"))?;
        statement.query_row([row.id], |row| record(row).map(StoredLog)).map(Some)
    }

    fn write_profile(&self, row: &ProfileRow<'_>) -> rusqlite::Result<Upsert> {
        let mut statement = self.conn.prepare_cached(include_str!("../sql/username.sql"))?;
        let before: Option<Option<String>> =
            statement.query_row([row.user_id], |row| row.get("username")).optional()?;
        let upsert = match before {
            None => Upsert::New,
            Some(name) if name.as_deref() == row.username => return Ok(Upsert::Same),
            Some(_) => Upsert::Changed,
        };
        let mut statement = self.conn.prepare_cached(include_str!("../sql/put_profile.sql"))?;
        statement.execute(params![row.user_id, row.username, self.number])?;
        Ok(upsert)
    }

    fn write_roles(&self, user: UserId, roles: &BTreeSet<String>) -> rusqlite::Result<BTreeSet<String>> {
        let mut statement = self.conn.prepare_cached(include_str!("../sql/roles_of.sql"))?;
        let before: BTreeSet<String> =
            statement.query_map([user], |row| row.get("role"))?.collect::<rusqlite::Result<_>>()?;
        if before != *roles {
            self.conn.prepare_cached(include_str!("../sql/delete_roles.sql"))?.execute([user])?;
            let mut statement = self.conn.prepare_cached(include_str!("../sql/add_role.sql"))?;
            for role in roles {
                statement.execute(params![user, role, self.number])?;
            }
        }
        Ok(before)
    }

    /// So that a few rows are enough to overflow into the log.
    #[cfg(test)]
    pub(super) fn keep_few_pages_in_memory(&self) {
        self.conn.pragma_update(None, "cache_size", 10).unwrap();
    }

    fn failed(&self, err: rusqlite::Error) -> WriteError {
        WriteError(StoreError::new(err, self.store.path()).to_string())
    }
}

impl Writer for ImportBatch {
    fn add_log(&mut self, row: &LogRow<'_>) -> Result<Option<StoredLog>, WriteError> {
        self.write_log(row).map_err(|err| self.failed(err))
    }

    fn refine_log(&mut self, id: RowId, credits: Credits, created_at: Instant) -> Result<(), WriteError> {
        let refined = self
            .conn
            .prepare_cached(include_str!("../sql/refine_log.sql"))
            .and_then(|mut it| it.execute(params![id, credits, created_at]));
        refined.map(drop).map_err(|err| self.failed(err))
    }

    fn put_profile(&mut self, row: &ProfileRow<'_>) -> Result<Upsert, WriteError> {
        self.write_profile(row).map_err(|err| self.failed(err))
    }

    fn put_roles(&mut self, user: UserId, roles: &BTreeSet<String>) -> Result<BTreeSet<String>, WriteError> {
        self.write_roles(user, roles).map_err(|err| self.failed(err))
    }

    fn keep_reject(&mut self, table: DumpTable, reject: &Reject) -> Result<(), WriteError> {
        if self.n_rejects == KEPT_MAX {
            return Ok(());
        }
        self.n_rejects += 1;
        let Reject { place, column, reason, raw } = reject;
        let (row, line) = (integer(place.row), integer(place.line));
        let values = params![self.number, table.name(), row, line, column, reason, cut(raw)];
        let added = self
            .conn
            .prepare_cached(include_str!("../sql/add_reject.sql"))
            .and_then(|mut it| it.execute(values));
        added.map(drop).map_err(|err| self.failed(err))
    }

    fn keep_conflict(&mut self, table: DumpTable, conflict: &Conflict) -> Result<(), WriteError> {
        if self.n_conflicts == KEPT_MAX {
            return Ok(());
        }
        self.n_conflicts += 1;
        let Conflict { place, id, reason, raw } = conflict;
        let (row, line) = (integer(place.row), integer(place.line));
        let values = params![self.number, table.name(), row, line, id.as_bytes(), reason, cut(raw)];
        let added = self
            .conn
            .prepare_cached(include_str!("../sql/add_conflict.sql"))
            .and_then(|mut it| it.execute(values));
        added.map(drop).map_err(|err| self.failed(err))
    }
}

/// A row of `usage_logs` out of an answer with these columns.
pub(super) fn record(row: &rusqlite::Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record {
        id: row.get("id")?,
        user_id: row.get("user_id")?,
        action: row.get("action")?,
        credits: row.get("credits_nano")?,
        metadata: row.get("metadata")?,
        created_at: row.get("created_at_us")?,
        format: row.get("format")?,
        quality: row.get("quality")?,
    })
}

/// No more than the first 4 KiB, and no half character.
fn cut(raw: &str) -> &str {
    &raw[..raw.floor_char_boundary(RAW_MAX)]
}

fn ignore_busy(err: rusqlite::Error) -> rusqlite::Result<()> {
    match err.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Ok(()),
        _ => Err(err),
    }
}
