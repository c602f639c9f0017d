use std::path::{Path, PathBuf};

use rusqlite::{Error as SqlError, ErrorCode};
use thiserror::Error;

use crate::model::RowId;

/// Why the file could not be read or written, by what can be done about it.
///
/// No text names a value of a row, so none says more to one viewer than to another.
#[derive(Debug, Error)]
pub enum StoreError {
    #[error("there is no such file; import a dump to make it: {path}", path = path.display())]
    NotFound { path: PathBuf },
    #[error("the file cannot be opened; check that it is a file in an existing folder and that you may read it: {path}", path = path.display())]
    CannotOpen {
        #[source]
        source: SqlError,
        path: PathBuf,
    },
    #[error("this is not a creditscope file; import the dump into a new one: {path}", path = path.display())]
    NotOurs { path: PathBuf },
    #[error("another program has added or changed the {kind} `{name}` in this file; import the dumps into a new one: {path}", path = path.display())]
    Altered { kind: String, name: String, path: PathBuf },
    #[error("this file is of version {found} and this program knows only {known}; use a newer creditscope: {path}", path = path.display())]
    TooNew { found: i64, known: i64, path: PathBuf },
    #[error("another import is writing to this file; try again when it has ended: {path}", path = path.display())]
    Busy { path: PathBuf },
    #[error("the file may only be read here; copy it to a folder that you may write to: {path}", path = path.display())]
    ReadOnly { path: PathBuf },
    #[error("the disk is full; make room and try again, the file is as it was: {path}", path = path.display())]
    DiskFull { path: PathBuf },
    /// The [`Cancel`](crate::model::Cancel) that came with the question.
    #[error("stopped")]
    Interrupted,
    #[error("the file is damaged ({what}); go back to a copy, or import the dumps into a new one: {path}", path = path.display())]
    Damaged { what: String, path: PathBuf },
    /// SQL that asks for more than a viewer may read.
    #[error("only usage_logs, profiles and user_roles can be read here, by one SELECT")]
    Denied,
    /// SQL that means nothing.
    #[error("this SQL cannot be run: {0}")]
    BadSql(String),
    #[error("no batch of this file has the number {number}; `creditscope batches` lists them: {path}", path = path.display())]
    UnknownBatch { number: i64, path: PathBuf },
    #[error("no row {id} is in conflict; `creditscope conflicts` lists them: {path}", path = path.display())]
    UnknownConflict { id: RowId, path: PathBuf },
    #[error("the disk failed; check it and try again: {path}", path = path.display())]
    Disk {
        #[source]
        source: SqlError,
        path: PathBuf,
    },
    /// What should not happen.
    #[error("SQLite failed ({source}); please report this: {path}", path = path.display())]
    Other {
        #[source]
        source: SqlError,
        path: PathBuf,
    },
}

/// What `SQLite` says when it was stopped.
pub(super) fn interrupted() -> SqlError {
    SqlError::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_INTERRUPT), None)
}

impl StoreError {
    /// What an error of `SQLite` means for the file at `path`.
    pub(super) fn new(source: SqlError, path: &Path) -> Self {
        let path = path.to_owned();
        let Some(code) = source.sqlite_error_code() else {
            return match source {
                // A value of another type or size than the schema has: SQLite did not write it.
                SqlError::FromSqlConversionFailure(..)
                | SqlError::InvalidColumnType(..)
                | SqlError::IntegralValueOutOfRange(..)
                | SqlError::Utf8Error(..) => {
                    Self::Damaged { what: "a value is not what it should be".to_owned(), path }
                }
                source => Self::Other { source, path },
            };
        };
        match code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy { path },
            ErrorCode::ReadOnly => Self::ReadOnly { path },
            ErrorCode::DiskFull => Self::DiskFull { path },
            ErrorCode::OperationInterrupted => Self::Interrupted,
            ErrorCode::NotADatabase => Self::NotOurs { path },
            ErrorCode::DatabaseCorrupt => Self::Damaged { what: "SQLite cannot read it".to_owned(), path },
            ErrorCode::ConstraintViolation => {
                Self::Damaged { what: "a value is not what it should be".to_owned(), path }
            }
            // Some systems open a folder and then fail to read it.
            ErrorCode::SystemIoFailure if path.is_dir() => Self::CannotOpen { source, path },
            ErrorCode::CannotOpen | ErrorCode::PermissionDenied => Self::CannotOpen { source, path },
            ErrorCode::SystemIoFailure => Self::Disk { source, path },
            ErrorCode::AuthorizationForStatementDenied => Self::Denied,
            _ => Self::Other { source, path },
        }
    }
}
