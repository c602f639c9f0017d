//! A database that somebody else made, read as a dump is: its tables of our names, row by row.
//!
//! It is opened for reading only, nothing in it is run (no view, no trigger, no virtual table), and what
//! it gives out is bounded.

use std::path::Path;

use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Error as SqlError, ErrorCode};
use thiserror::Error;

use super::open::{self, Access, Connection};
use super::schema;
use crate::model::DumpTable;

/// The longest value, as long as a record of any other dump.
const VALUE_BYTES_MAX: i32 = 64 * 1024 * 1024;
/// A row takes a pointer, a length, a key and a header.
const ROW_BYTES_MIN: u64 = 4;

/// An `SQLite` file of another program, with at least one table of ours.
pub(crate) struct Foreign {
    conn: Connection,
    tables: Vec<DumpTable>,
    /// Of the whole file.
    n_bytes: u64,
}

/// What stands in a row.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum ForeignValue<'a> {
    Null,
    Integer(i64),
    Real(f64),
    /// Not always UTF-8.
    Text(&'a [u8]),
    Blob(&'a [u8]),
}

/// Why a database is not read.
#[derive(Debug, Error)]
pub(crate) enum ForeignError {
    #[error("is a creditscope file, not a dump: open it instead of importing it")]
    Ours,
    #[error("is an SQLite database without a table named usage_logs, profiles or user_roles")]
    NoTable,
    #[error("is an SQLite database that another program is writing to: close that program and try again")]
    Busy,
    #[error("is an SQLite database with a value of more than 64 MiB")]
    TooLong,
    #[error("is a damaged SQLite database ({0}): run `sqlite3 FILE .recover` and import what comes out")]
    Damaged(String),
    #[error("is an SQLite database that cannot be read ({0}): copy it elsewhere and try again")]
    Unreadable(String),
}

impl Foreign {
    pub(crate) fn open(path: &Path) -> Result<Self, ForeignError> {
        let conn = open::connect(path, access(path)).or_else(|err| match err.sqlite_error_code() {
            // A folder that cannot be written, where the locks of a shared log cannot be.
            Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly) if !open::has_log(path) => {
                open::connect(path, Access::Frozen)
            }
            _ => Err(err),
        })?;
        conn.set_limit(Limit::SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX)?;
        if schema::is_ours(&conn)? {
            return Err(ForeignError::Ours);
        }
        // All tables as of one moment.
        conn.execute_batch("BEGIN")?;
        let mut tables = Vec::new();
        for table in [DumpTable::UsageLogs, DumpTable::Profiles, DumpTable::UserRoles] {
            let sql = include_str!("../sql/foreign/has_table.sql");
            if conn.query_row(sql, [table.name()], |row| row.get(0))? {
                tables.push(table);
            }
        }
        if tables.is_empty() {
            return Err(ForeignError::NoTable);
        }
        let n_bytes: i64 = conn.query_row(include_str!("../sql/foreign/size.sql"), [], |row| row.get(0))?;
        let n_bytes = n_bytes.unsigned_abs();
        // SQLite would take the rest of a page that is not whole for zeros.
        if !open::has_log(path) && path.metadata().is_ok_and(|it| it.len() < n_bytes) {
            return Err(ForeignError::Damaged("it is shorter than it says, so it was cut".to_owned()));
        }
        Ok(Self { conn, tables, n_bytes })
    }

    /// Which of our tables there are.
    pub(crate) fn tables(&self) -> &[DumpTable] {
        &self.tables
    }

    /// The names of a table's columns.
    pub(crate) fn columns(&self, table: DumpTable) -> Result<Vec<String>, ForeignError> {
        if !self.has_names_that_are_text()? {
            return Err(ForeignError::Damaged("the names of its tables and columns are no text".to_owned()));
        }
        let statement = self.conn.prepare(rows_of(table))?;
        Ok(statement.column_names().map(str::to_owned).collect())
    }

    /// `rusqlite` panics where a column has another name.
    fn has_names_that_are_text(&self) -> rusqlite::Result<bool> {
        let mut statement = self.conn.prepare(include_str!("../sql/foreign/schema.sql"))?;
        let mut objects = statement.query([])?;
        while let Some(object) = objects.next()? {
            if object.get_ref(0)?.as_bytes().is_ok_and(|it| std::str::from_utf8(it).is_err()) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Hands over each row, its values in the order of the columns. An error of the taker ends it.
    pub(crate) fn read<E: From<ForeignError>>(
        &self,
        table: DumpTable,
        take: &mut dyn FnMut(&[ForeignValue<'_>]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut statement = self.conn.prepare(rows_of(table)).map_err(ForeignError::from)?;
        let n_columns = statement.column_count();
        let mut rows = statement.query([]).map_err(ForeignError::from)?;
        let mut n_rows_left = self.n_bytes / ROW_BYTES_MIN;
        while let Some(row) = rows.next().map_err(ForeignError::from)? {
            // A page that is its own child gives out rows without end.
            n_rows_left = n_rows_left
                .checked_sub(1)
                .ok_or_else(|| ForeignError::Damaged("it has more rows than room for them".to_owned()))?;
            let values: Result<Vec<_>, _> = (0..n_columns).map(|it| row.get_ref(it).map(value)).collect();
            take(&values.map_err(ForeignError::from)?)?;
        }
        Ok(())
    }
}

/// All columns, whatever they are called: which of them mean something, the import knows.
fn rows_of(table: DumpTable) -> &'static str {
    match table {
        DumpTable::UsageLogs => include_str!("../sql/foreign/usage_logs.sql"),
        DumpTable::Profiles => include_str!("../sql/foreign/profiles.sql"),
        DumpTable::UserRoles => include_str!("../sql/foreign/user_roles.sql"),
    }
}

fn value(value: ValueRef<'_>) -> ForeignValue<'_> {
    match value {
        ValueRef::Null => ForeignValue::Null,
        ValueRef::Integer(it) => ForeignValue::Integer(it),
        ValueRef::Real(it) => ForeignValue::Real(it),
        ValueRef::Text(it) => ForeignValue::Text(it),
        ValueRef::Blob(it) => ForeignValue::Blob(it),
    }
}

/// A file that says it is in WAL mode and has no log is read without locks: with them, files would
/// be made beside it.
fn access(path: &Path) -> Access {
    use std::io::Read as _;
    let mut head = [0; 20];
    let is_wal =
        std::fs::File::open(path).and_then(|mut it| it.read_exact(&mut head)).is_ok() && head[18..] == [2, 2];
    if is_wal && !open::has_log(path) { Access::Frozen } else { Access::Read }
}

impl From<SqlError> for ForeignError {
    fn from(err: SqlError) -> Self {
        match err.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::TooBig) => Self::TooLong,
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::SystemIoFailure) => {
                Self::Unreadable(err.to_string())
            }
            _ => Self::Damaged(err.to_string()),
        }
    }
}

/// The bytes of a database in which these statements have been run.
#[cfg(test)]
pub(crate) fn made_by(sql: &str) -> Vec<u8> {
    let file = tempfile::NamedTempFile::new().unwrap();
    Connection::open(file.path()).unwrap().execute_batch(sql).unwrap();
    std::fs::read(file.path()).unwrap()
}

#[cfg(test)]
mod tests;
