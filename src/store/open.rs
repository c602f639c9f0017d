//! How the file is opened, and why so.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{ErrorCode, OpenFlags};

/// rusqlite's connection, named here and nowhere else.
#[expect(clippy::disallowed_types, reason = "the store is the one module that talks to SQLite")]
pub(super) type Connection = rusqlite::Connection;

/// How long to wait for another process. A commit holds others up for a moment, never for longer.
pub(super) const BUSY_WAIT: Duration = Duration::from_secs(5);

/// What the file and its folder let us do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Access {
    /// Made if it is missing.
    Create,
    Write,
    Read,
    /// Neither the file nor anything beside it can be written, so nobody else can write either: `SQLite`
    /// reads it without locks. Without this a file left in WAL could not be opened in such a folder.
    Frozen,
}

/// A connection with the most that the place allows.
pub(super) fn open(path: &Path) -> rusqlite::Result<(Connection, Access)> {
    let mut refusal = None;
    for access in [Access::Write, Access::Read, Access::Frozen] {
        // A log beside the file holds rows that a frozen file would not show.
        if access == Access::Frozen && has_log(path) {
            break;
        }
        match connect(path, access) {
            Ok(conn) if access == Access::Write && conn.is_readonly("main")? => {
                return Ok((conn, Access::Read));
            }
            Ok(conn) => return Ok((conn, access)),
            Err(err) if is_refusal(&err) => refusal = refusal.or(Some(err)),
            Err(err) => return Err(err),
        }
    }
    Err(refusal.unwrap_or(rusqlite::Error::InvalidQuery))
}

/// A connection that has read the file's first page.
pub(super) fn connect(path: &Path, access: Access) -> rusqlite::Result<Connection> {
    let mode = match access {
        Access::Create => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Access::Read | Access::Frozen => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    // A connection is used by one thread at a time, so it needs no mutex of its own.
    let flags = mode | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(uri(path, access), flags)?;
    harden(&conn)?;
    touch(&conn)?;
    Ok(conn)
}

/// A database of its own in a temporary file, which is gone with the connection.
pub(super) fn connect_temporary() -> rusqlite::Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    // An empty name asks for that.
    let conn = Connection::open_with_flags("", flags)?;
    harden(&conn)?;
    Ok(conn)
}

/// Reads the file's first page.
pub(super) fn touch(conn: &Connection) -> rusqlite::Result<()> {
    conn.query_row("SELECT count(*) FROM main.sqlite_schema", [], |_| Ok(()))
}

/// The file may have been made by someone else: nothing in it is trusted.
pub(super) fn harden(conn: &Connection) -> rusqlite::Result<()> {
    conn.busy_timeout(BUSY_WAIT)?;
    // Views of the file may call only functions that do nothing but compute.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    // No SQL of ours writes to SQLite's own tables, so none that slipped in shall.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    // "text" is a name, never a value: a mistyped column is an error.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    // A damaged page is found when it is read, before it is believed.
    conn.pragma_update(None, "cell_size_check", true)
}

/// The file as `SQLite`'s URI, which is how it takes options and every odd name, `:memory:` included.
pub(super) fn uri(path: &Path, access: Access) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut uri = "file://".to_owned();
    let bytes = path.as_os_str().as_encoded_bytes();
    if bytes.first() != Some(&b'/') {
        uri.push('/');
    }
    for byte in bytes {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b':' => {
                uri.push(char::from(*byte));
            }
            b'\\' if cfg!(windows) => uri.push('/'),
            // Writing to a string cannot fail.
            byte => drop(write!(uri, "%{byte:02X}")),
        }
    }
    uri.push_str(match access {
        Access::Create => "?mode=rwc",
        Access::Write => "?mode=rw",
        Access::Read => "?mode=ro",
        Access::Frozen => "?mode=ro&immutable=1",
    });
    uri
}

/// Whether there is a log beside the file, with what has not yet come into it.
pub(super) fn has_log(path: &Path) -> bool {
    log_path(path).metadata().is_ok_and(|it| it.len() > 0)
}

/// Where `SQLite` keeps the log of a file in WAL mode.
fn log_path(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push("-wal");
    PathBuf::from(name)
}

/// Has the disk take what stands in the log so far. It is no promise: a commit makes sure of it.
///
/// `SQLite`'s locks are on other files, which closing this one would undo.
pub(super) fn sync_log(path: &Path) {
    // Windows syncs only what is open for writing.
    if let Ok(log) = OpenOptions::new().write(true).open(log_path(path)) {
        log.sync_data().ok();
    }
}

/// Whether less might be allowed.
fn is_refusal(err: &rusqlite::Error) -> bool {
    matches!(
        err.sqlite_error_code(),
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied)
    )
}
