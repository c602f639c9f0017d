//! The local file: the only module that names rusqlite.
//!
//! There are two ways to rows, and both take a [`Viewer`]: [`Store::reader`] and [`Store::columns`].
//! The person who holds the file is the [`Operator`]; writing is an [`ImportBatch`].
//!
//! # Locking
//!
//! A [`Store`] keeps one connection open, asks it whether anybody has committed, and opens others as
//! it needs them. The file is in WAL mode while somebody imports, so that readers go on; it stays so
//! until the last store of any process is dropped, which makes it one file again. There is one writer
//! at a time: a second one waits for a moment and gets [`StoreError::Busy`]. An import is one
//! transaction: killed at any moment, the file is as before or as after.
//!
//! # Compatibility
//!
//! `application_id` says that a file is ours, `user_version` of which version it is. Older files are
//! upgraded when they are opened, newer and altered ones refused. What the file holds is in
//! `sql/migrations`, with a view `usage_logs_readable` for people with another tool.
//!
//! # Performance
//!
//! Figures come from columns in memory, read once a commit from segments that stand beside the rows; the
//! file's five indexes serve lists of rows.
//! Sums are made in Rust: `SQLite`'s `SUM` overflows at 9.22e9 credits.
//!
//! # Filesystems
//!
//! A file in a folder that cannot be written is read all the same. WAL needs memory shared by all who
//! have the file open, so a file on a network drive is for one machine at a time.

mod cache;
mod columns;
mod error;
#[cfg(test)]
mod fixture;
pub(crate) mod foreign;
mod former;
mod in_order;
mod indexes;
mod metadata;
mod open;
mod operator;
mod pages;
mod removal;
mod schema;
mod segments;
mod taking;
mod transaction;
mod values;
mod wall;
mod writer;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use error::StoreError;
pub use former::states::StatesBack;
pub use in_order::LogsInOrder;
pub use indexes::IndexProgress;
pub use operator::{Batch, KeptConflict, KeptReject, Operator, Person, Taken, Totals};
pub use removal::{OfBatch, Removal};
pub use taking::{ConflictChoice, Taking};
pub use wall::{Reader, SqlAnswer, SqlValue};
pub use writer::{BatchSummary, Check, DumpFile, ImportBatch, TableSummary};

use crate::access::{Scope, Viewer};
use crate::model::UserId;
use cache::Cache;
use open::{Access, Connection};

/// How far a change or a comparison of rows is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RowProgress {
    pub rows: u64,
    pub rows_total: u64,
}

/// An open file. Clones share it.
#[derive(Clone, Debug)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    access: Access,
    /// Kept open to hear of commits, and to be the last to leave.
    watcher: Mutex<Connection>,
    cache: Mutex<Cache>,
    names: Mutex<Names>,
}

/// A name for each user who has one.
pub type Usernames = BTreeMap<UserId, String>;

/// The names of profiles of the last commit seen: a file may have more users than are read in a moment.
/// Each is what a reader of that scope was given.
#[derive(Debug, Default)]
struct Names {
    generation: u64,
    all: Option<Arc<Usernames>>,
    /// Those that the owner sees who asked last.
    own: Option<(UserId, Arc<Usernames>)>,
}

impl Store {
    /// Opens a file, made if it is missing.
    pub fn create_or_open(path: &Path) -> Result<Self, StoreError> {
        let opened = if path.exists() {
            open::open(path)
        } else {
            open::connect(path, Access::Create).map(|conn| (conn, Access::Write))
        };
        let (conn, access) = opened.map_err(|err| StoreError::new(err, path))?;
        Self::with(path, conn, access)
    }

    /// Opens a file that must exist.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::NotFound { path: path.to_owned() });
        }
        let (conn, access) = open::open(path).map_err(|err| StoreError::new(err, path))?;
        if schema::check(&conn, path)? == 0 {
            return Err(StoreError::NotOurs { path: path.to_owned() });
        }
        Self::with(path, conn, access)
    }

    fn with(path: &Path, conn: Connection, access: Access) -> Result<Self, StoreError> {
        if !schema::is_latest(schema::check(&conn, path)?) {
            if access != Access::Write {
                return Err(StoreError::ReadOnly { path: path.to_owned() });
            }
            schema::upgrade(&conn, path)?;
            schema::give_back(&conn, path)?;
        }
        let (cache, names) = (Mutex::default(), Mutex::default());
        Ok(Self(Arc::new(Inner { path: path.to_owned(), access, watcher: Mutex::new(conn), cache, names })))
    }

    /// As it was given.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Another value after any process has committed; it may change without.
    pub fn generation(&self) -> Result<u64, StoreError> {
        let version =
            lock(&self.0.watcher).pragma_query_value(None, "data_version", |row| row.get::<_, i64>(0));
        self.at(version).map(i64::unsigned_abs)
    }

    /// A view of the file narrowed to one viewer.
    pub fn reader(&self, viewer: Viewer) -> Result<Reader, StoreError> {
        Reader::new(self, viewer)
    }

    /// The names of the profiles that a viewer sees, as of the last commit.
    pub fn usernames(&self, viewer: Viewer) -> Result<Arc<Usernames>, StoreError> {
        let scope = viewer.scope();
        let mut names = lock(&self.0.names);
        // Asked before the names are read, as for the rows.
        let generation = self.generation()?;
        if names.generation != generation {
            *names = Names { generation, ..Names::default() };
        }
        let known = match (scope, &names.own) {
            (Scope::All, _) => names.all.clone(),
            (Scope::Own(user), Some((owner, own))) if *owner == user => Some(Arc::clone(own)),
            (Scope::Own(_) | Scope::None, _) => None,
        };
        if let Some(known) = known {
            return Ok(known);
        }
        let read = Arc::new(self.reader(viewer)?.usernames()?);
        match scope {
            Scope::All => names.all = Some(Arc::clone(&read)),
            Scope::Own(user) => names.own = Some((user, Arc::clone(&read))),
            Scope::None => {}
        }
        Ok(read)
    }

    /// What lies outside the wall.
    pub fn operator(&self) -> Result<Operator, StoreError> {
        Operator::new(self)
    }

    /// Begins to write what a dump holds. Nothing lasts before [`ImportBatch::commit`].
    pub fn begin_import(&self, file: &DumpFile) -> Result<ImportBatch, StoreError> {
        ImportBatch::begin(self, file)
    }

    /// One more connection to the same file, which is still ours.
    fn connect(&self) -> Result<Connection, StoreError> {
        let conn = self.at(open::connect(self.path(), self.0.access))?;
        if schema::is_latest(schema::check(&conn, self.path())?) {
            Ok(conn)
        } else {
            Err(StoreError::NotOurs { path: self.path().to_owned() })
        }
    }

    fn at<T>(&self, result: rusqlite::Result<T>) -> Result<T, StoreError> {
        result.map_err(|err| StoreError::new(err, self.path()))
    }
}

/// Everything that reads or writes holds a [`Store`], so this runs when all other connections are closed.
impl Drop for Inner {
    fn drop(&mut self) {
        if self.access == Access::Write {
            let conn = self.watcher.get_mut().unwrap_or_else(PoisonError::into_inner);
            // Another process with the file open keeps it in WAL, and is then the one to do this.
            conn.busy_timeout(Duration::ZERO).ok();
            // Only a connection that has read since knows of WAL mode.
            open::touch(conn).ok();
            conn.pragma_update(None, "journal_mode", "DELETE").ok();
        }
    }
}

/// A thread that panicked with it left nothing half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
