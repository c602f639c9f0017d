//! One file's rows, written in one transaction.

mod check;
mod codes;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{ErrorCode, OptionalExtension as _, params};

pub use self::check::Check;
use self::codes::AllCodes;
use super::open::{self, Access, BUSY_WAIT, Connection};
use super::values::integer;
use super::{Store, StoreError, schema};
use crate::model::{
    Conflict, Credits, DumpTable, Instant, LogRow, Nameless, ProfileRow, Record, Reject, RowId, StoredLog,
    Upsert, UserId, WriteError, Writer,
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
    codes: AllCodes,
    /// How many rows were added, by the code of their user.
    n_added: Vec<u64>,
    n_rejects: u32,
    n_conflicts: u32,
    /// Where it writes, for errors.
    path: PathBuf,
    /// After the connection: the last store to go makes the file one file again. `None` where nothing is
    /// to last.
    _store: Option<Store>,
}

impl ImportBatch {
    pub(super) fn begin(store: &Store, file: &DumpFile) -> Result<Self, StoreError> {
        if store.0.access != Access::Write {
            return Err(StoreError::ReadOnly { path: store.path().to_owned() });
        }
        let conn = store.connect()?;
        match Self::begin_on(conn, Some(store), file) {
            // The file can be written, the folder cannot: there is no place for a journal.
            Err(err) if err.sqlite_error_code() == Some(ErrorCode::CannotOpen) => {
                Err(StoreError::ReadOnly { path: store.path().to_owned() })
            }
            result => store.at(result),
        }
    }

    /// In a database of its own, which lasts no longer than this.
    fn scratch() -> Result<Self, StoreError> {
        let path = Path::new("a temporary file");
        let conn = open::connect_temporary().map_err(|err| StoreError::new(err, path))?;
        schema::upgrade(&conn, path)?;
        let file = DumpFile { path: PathBuf::new(), size: 0 };
        Self::begin_on(conn, None, &file).map_err(|err| StoreError::new(err, path))
    }

    fn begin_on(conn: Connection, store: Option<&Store>, file: &DumpFile) -> rusqlite::Result<Self> {
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
            codes: AllCodes::load(&conn)?,
            n_added: Vec::new(),
            n_rejects: 0,
            n_conflicts: 0,
            conn,
            path: store.map_or_else(PathBuf::new, |it| it.path().to_owned()),
            _store: store.cloned(),
        })
    }

    /// Makes it last: all of it, or, on an error, nothing.
    pub fn commit(self, summary: &BatchSummary) -> Result<(), StoreError> {
        self.finish(summary).map_err(|err| StoreError::new(err, &self.path))?;
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
        let codes = &mut self.codes;
        let user = codes.users.code(conn, &row.user_id)?;
        let action = codes.actions.code(conn, row.action)?;
        let format = row.format.map(|it| codes.formats.code(conn, it)).transpose()?;
        let quality = row.quality.map(|it| codes.qualities.code(conn, it)).transpose()?;
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
            self.count_added(user);
            return Ok(None);
        }
        let mut statement = conn.prepare_cached(include_str!("../sql/log_by_id.sql"))?;
        statement.query_row([row.id], |row| stored_log(row, self.number)).map(Some)
    }

    fn count_added(&mut self, user: i64) {
        let place = usize::try_from(user).unwrap_or_default();
        if self.n_added.len() <= place {
            self.n_added.resize(place + 1, 0);
        }
        self.n_added[place] += 1;
    }

    /// The users of rows that were added, and how many.
    fn added(&self) -> impl Iterator<Item = (UserId, u64)> {
        self.codes.users.iter().filter_map(|(user, code)| {
            let n_rows = self.n_added.get(usize::try_from(*code).ok()?).copied().filter(|it| *it > 0)?;
            Some((*user, n_rows))
        })
    }

    fn username(&self, user: UserId) -> rusqlite::Result<Option<Option<String>>> {
        username(&self.conn, user)
    }

    fn write_profile(&self, row: &ProfileRow<'_>) -> rusqlite::Result<Upsert> {
        let upsert = match self.username(row.user_id)? {
            None => Upsert::New,
            Some(name) if name.as_deref() == row.username => return Ok(Upsert::Same),
            Some(_) => Upsert::Changed,
        };
        let mut statement = self.conn.prepare_cached(include_str!("../sql/put_profile.sql"))?;
        statement.execute(params![row.user_id, row.username, self.number])?;
        Ok(upsert)
    }

    fn write_roles(&self, user: UserId, roles: &BTreeSet<String>) -> rusqlite::Result<BTreeSet<String>> {
        let before = roles_of(&self.conn, user)?;
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
        WriteError(StoreError::new(err, &self.path).to_string())
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

    fn nameless(&mut self) -> Result<Nameless, WriteError> {
        let has_profiles = |conn: &Connection| conn.prepare("SELECT 1 FROM raw_profiles")?.exists([]);
        if !has_profiles(&self.conn).map_err(|err| self.failed(err))? {
            return Ok(Nameless::default());
        }
        nameless(self.added(), |user| self.username(user).map(|it| it.is_some()))
            .map_err(|err| self.failed(err))
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

/// Sums up the users who have no profile. The example is the first by id.
fn nameless(
    users: impl Iterator<Item = (UserId, u64)>,
    has_profile: impl Fn(UserId) -> rusqlite::Result<bool>,
) -> rusqlite::Result<Nameless> {
    let mut found = Nameless::default();
    for (user, n_rows) in users {
        if !has_profile(user)? {
            found.n_users += 1;
            found.n_rows += n_rows;
            found.example = found.example.map_or(Some(user), |it| Some(it.min(user)));
        }
    }
    Ok(found)
}

/// The name of a user with a profile.
fn username(conn: &Connection, user: UserId) -> rusqlite::Result<Option<Option<String>>> {
    let mut statement = conn.prepare_cached(include_str!("../sql/username.sql"))?;
    statement.query_row([user], |row| row.get("username")).optional()
}

fn roles_of(conn: &Connection, user: UserId) -> rusqlite::Result<BTreeSet<String>> {
    let mut statement = conn.prepare_cached(include_str!("../sql/roles_of.sql"))?;
    statement.query_map([user], |row| row.get("role"))?.collect()
}

/// A row that is known, found by the batch numbered so.
fn stored_log(row: &rusqlite::Row<'_>, batch: i64) -> rusqlite::Result<StoredLog> {
    let is_of_this_dump = row.get::<_, i64>("batch")? == batch;
    Ok(StoredLog { record: record(row)?, is_of_this_dump })
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
