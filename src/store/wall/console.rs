//! SQL that somebody typed.

use rusqlite::ErrorCode;
use rusqlite::types::ValueRef;

use super::Reader;
use crate::model::Cancel;
use crate::store::StoreError;
use crate::store::open::Connection;

/// What a statement answered.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SqlAnswer {
    /// Of the columns.
    pub names: Vec<String>,
    pub rows: Vec<Vec<SqlValue>>,
    /// There were more rows than asked for.
    pub is_cut: bool,
}

/// A value as `SQLite` has it: times in µs, credits in nano-credits, ids as 16 bytes.
#[derive(Clone, PartialEq, Debug)]
pub enum SqlValue {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

impl Reader {
    /// Runs one SELECT over `usage_logs`, `profiles` and `user_roles`; the first `n_rows_max` rows.
    ///
    /// No error says anything of what the viewer does not see.
    pub fn sql(&self, sql: &str, n_rows_max: usize, cancel: &Cancel) -> Result<SqlAnswer, StoreError> {
        self.run(cancel, |conn| select(conn, sql, n_rows_max)).map_err(|err| self.masked(err))
    }

    fn masked(&self, err: rusqlite::Error) -> StoreError {
        use rusqlite::Error as E;
        match err {
            E::MultipleStatement | E::InvalidQuery | E::Empty => StoreError::Denied,
            E::SqlInputError { error, msg, .. } | E::SqliteFailure(error, Some(msg))
                if matches!(error.code, ErrorCode::Unknown | ErrorCode::TooBig | ErrorCode::TypeMismatch) =>
            {
                // SQLite's own text on what is not allowed, and all that names what nobody should know.
                let is_secret =
                    self.names.are_in(&msg) || msg.contains("authorized") || msg.contains("prohibited");
                if is_secret { StoreError::Denied } else { StoreError::BadSql(msg) }
            }
            err => StoreError::new(err, self.store.path()),
        }
    }
}

fn select(conn: &Connection, sql: &str, n_rows_max: usize) -> rusqlite::Result<SqlAnswer> {
    let mut statement = conn.prepare(sql)?;
    // EXPLAIN shows what stands behind the views.
    if statement.is_explain() != 0 || !statement.readonly() || statement.column_count() == 0 {
        return Err(rusqlite::Error::InvalidQuery);
    }
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut answer = SqlAnswer { names, ..SqlAnswer::default() };
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if answer.rows.len() == n_rows_max {
            answer.is_cut = true;
            break;
        }
        let values = (0..answer.names.len()).map(|it| row.get_ref(it).map(value));
        answer.rows.push(values.collect::<rusqlite::Result<_>>()?);
    }
    Ok(answer)
}

fn value(value: ValueRef<'_>) -> SqlValue {
    match value {
        ValueRef::Null => SqlValue::Null,
        ValueRef::Integer(number) => SqlValue::Integer(number),
        ValueRef::Real(number) => SqlValue::Real(number),
        ValueRef::Text(text) => SqlValue::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => SqlValue::Blob(bytes.to_owned()),
    }
}
