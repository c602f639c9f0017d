//! One change of the file: all of it, or nothing.

use std::path::PathBuf;
use std::time::Duration;

use rusqlite::ErrorCode;
use rusqlite::config::DbConfig;

use super::open::{self, Access, BUSY_WAIT, Connection};
use super::segments::{self, Change};
use super::{Store, StoreError, lock, schema};
use crate::model::Cancel;

/// How long a second writer waits: enough for a commit to end, no use against a whole import.
const WRITER_WAIT: Duration = Duration::from_millis(200);

/// Memory for pages that are not written yet, in KiB: a bound, and room for the unique index on the ids
/// of some millions of rows. Ids are random, so each new one lands on another page of it.
pub(super) const CACHE_KIB: i64 = 128 * 1024;

/// Steps of `SQLite`'s machine between two looks at a cancel, well below a millisecond.
pub(super) const STEPS_BETWEEN_LOOKS: i32 = 10_000;

/// A change under way. Dropped without a commit, it leaves nothing.
#[derive(Debug)]
pub(super) struct Transaction {
    pub(super) conn: Connection,
    /// What it did to the log rows. As long as nobody says, that may be anything.
    pub(super) rows: Change,
    /// Where it writes.
    pub(super) path: PathBuf,
    /// After the connection: the last store to go makes the file one file again. `None` where nothing is
    /// to last.
    _store: Option<Store>,
}

impl Transaction {
    pub(super) fn begin(store: &Store) -> Result<Self, StoreError> {
        let change = Self::begin_without_ids(store)?;
        change.at(need_ids(&change.conn))?;
        Ok(change)
    }

    /// The same for a change that finds no row by its id.
    pub(super) fn begin_without_ids(store: &Store) -> Result<Self, StoreError> {
        if store.0.access != Access::Write {
            return Err(StoreError::ReadOnly { path: store.path().to_owned() });
        }
        let conn = store.connect()?;
        match begin_on(&conn) {
            // The file can be written, the folder cannot: there is no place for a journal.
            Err(err) if err.sqlite_error_code() == Some(ErrorCode::CannotOpen) => {
                Err(StoreError::ReadOnly { path: store.path().to_owned() })
            }
            result => {
                let path = store.path().to_owned();
                // The watcher has to know of the log, else this connection is the last one to know of it, and
                // moves it into the file when it is closed.
                store.at(open::touch(&lock(&store.0.watcher)))?;
                store.at(result.map(|()| Self { conn, rows: Change::Any, path, _store: Some(store.clone()) }))
            }
        }
    }

    /// In a database of its own, which lasts no longer than this.
    pub(super) fn scratch() -> Result<Self, StoreError> {
        let path = PathBuf::from("a temporary file");
        let conn = open::connect_temporary().map_err(|err| StoreError::new(err, &path))?;
        schema::upgrade(&conn, &path)?;
        begin_on(&conn).and_then(|()| need_ids(&conn)).map_err(|err| StoreError::new(err, &path))?;
        Ok(Self { conn, rows: Change::Any, path, _store: None })
    }

    pub(super) fn at<T>(&self, result: rusqlite::Result<T>) -> Result<T, StoreError> {
        result.map_err(|err| self.failed(err))
    }

    pub(super) fn failed(&self, err: rusqlite::Error) -> StoreError {
        StoreError::new(err, &self.path)
    }

    /// From now on every statement ends with [`StoreError::Interrupted`] once this is cancelled.
    pub(super) fn heed(&mut self, cancel: &Cancel) -> rusqlite::Result<()> {
        let cancel = cancel.clone();
        self.conn.progress_handler(STEPS_BETWEEN_LOOKS, Some(move || cancel.is_cancelled()))
    }

    /// Makes it last: all of it, or, on an error, nothing.
    pub(super) fn commit(mut self) -> Result<(), StoreError> {
        self.commit_to_log()?;
        // The log moves into the file now, as far as readers let it, not when somebody waits for the exit.
        self.conn.busy_timeout(Duration::ZERO).ok();
        self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).ok();
        Ok(())
    }

    /// The same, and leaves it in the log, for a change that another one follows at once.
    pub(super) fn commit_to_log(&mut self) -> Result<(), StoreError> {
        let change = std::mem::take(&mut self.rows);
        self.at(segments::keep(&self.conn, change))?;
        self.at(self.conn.execute_batch("COMMIT"))
    }
}

fn begin_on(conn: &Connection) -> rusqlite::Result<()> {
    conn.busy_timeout(WRITER_WAIT)?;
    // A reader in the middle of something may forbid it; then the change keeps readers out instead.
    conn.pragma_update(None, "journal_mode", "WAL").or_else(ignore_busy)?;
    // A commit that was reported lasts through a loss of power. It is one a file, so one sync is no cost.
    conn.pragma_update(None, "synchronous", "FULL")?;
    // When the log moves into the file is said below; SQLite would do it within the commit.
    conn.pragma_update(None, "wal_autocheckpoint", 0)?;
    conn.pragma_update(None, "cache_size", -CACHE_KIB)?;
    // No plan here depends on what is bound. SQLite, built with statistics, would otherwise prepare a
    // statement anew for every value: 100,000 repeats took 3.3 s instead of 0.9 s.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.execute_batch("BEGIN IMMEDIATE")?;
    conn.busy_timeout(BUSY_WAIT)
}

/// Another program may have dropped it, and all that is known of a row is known by its id.
fn need_ids(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch(include_str!("sql/create_id_index.sql"))
}

fn ignore_busy(err: rusqlite::Error) -> rusqlite::Result<()> {
    match err.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Ok(()),
        _ => Err(err),
    }
}
