//! An `SQLite` file of another program → records: its tables `usage_logs`, `profiles`, `user_roles`.
//!
//! Its values have types of their own. Ids may be 16 bytes, times a text or a count since 1970, and
//! credits a double: its shortest decimal that reads back as the same double is what was written.

use std::fmt::Write as _;
use std::path::Path;

use super::columns::{Column, N_COLUMNS};
use super::report::{FileError, Format};
use super::rows::{Cell, RawRow};
use super::source::Watch;
use super::tables::Tables;
use super::typed::{spelled, text};
use crate::model::{DumpTable, Place};
use crate::store::foreign::{Foreign, ForeignError, ForeignValue};

/// How such a file begins.
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";

/// Bytes of a value that are shown with a row that is rejected.
const SHOWN_MAX: usize = 1_024;

const ROWS_BETWEEN_PROGRESS: u64 = 4_096;

/// Reads the tables of a database.
pub(super) fn read(path: &Path, watch: &mut Watch<'_>, tables: &mut Tables<'_>) -> Result<(), FileError> {
    tables.format = Format::Sqlite;
    let database = Foreign::open(path)?;
    for table in database.tables() {
        read_table(&database, *table, watch, tables)?;
    }
    Ok(())
}

fn read_table(
    database: &Foreign,
    table: DumpTable,
    watch: &mut Watch<'_>,
    tables: &mut Tables<'_>,
) -> Result<(), FileError> {
    let names = database.columns(table)?;
    let layout = tables
        .expected()
        .layout(names.iter().map(String::as_str))
        .map_err(|err| FileError { message: format!("the table {} {}", table.name(), err.message), ..err })?;
    let columns: Vec<Option<Column>> = names.iter().map(|it| layout.column(it)).collect();
    let is_mapped = layout.plan.is_some();
    let table_no = tables.begin(layout);
    let mut n_rows = 0;
    let mut raw = String::new();
    database.read(table, &mut |values| {
        watch.fail_if_cancelled()?;
        n_rows += 1;
        // A database has no lines.
        let place = Place { row: n_rows, line: n_rows };
        show(values, &mut raw);
        let at = |why: &str| FileError::at(n_rows, why);
        if is_mapped {
            let theirs = columns.iter().zip(values).map(|(column, value)| {
                // What is read as it is, or, like an action, is a text and nothing else.
                cell(column.unwrap_or(Column::Action), *value).map_err(at)
            });
            let theirs: Vec<_> = theirs.collect::<Result<_, _>>()?;
            tables.take_theirs(table_no, place, raw.as_bytes(), &Ok(theirs))?;
        } else {
            let mut cells: [Cell<'_>; N_COLUMNS] = Default::default();
            for (column, value) in columns.iter().zip(values) {
                if let Some(column) = column {
                    cells[*column as usize] = cell(*column, *value).map_err(at)?;
                }
            }
            tables.take(table_no, &RawRow { place, raw: raw.as_bytes(), cells: Ok(cells) })?;
        }
        watch.count_row();
        if n_rows.is_multiple_of(ROWS_BETWEEN_PROGRESS) {
            watch.say();
        }
        Ok(())
    })
}

/// The value as a dump would spell it; an error where the whole column means something else.
fn cell(column: Column, value: ForeignValue<'_>) -> Result<Cell<'_>, &'static str> {
    Ok(match value {
        ForeignValue::Null => Cell::Null,
        ForeignValue::Integer(number) => Cell::Text(number.to_string().into()),
        ForeignValue::Real(number) if column == Column::CreatedAt && is_julian_day(number) => {
            return Err("created_at is a Julian day here: copy the table with \
                 strftime('%Y-%m-%dT%H:%M:%fZ', created_at) in its place and import that");
        }
        ForeignValue::Real(number) => Cell::Text(spelled(number).into()),
        ForeignValue::Blob(bytes) if matches!(column, Column::Id | Column::UserId) && bytes.len() == 16 => {
            ::uuid::Uuid::from_slice(bytes)
                .map_or_else(|err| Cell::Fault(err.to_string()), |it| Cell::Text(it.to_string().into()))
        }
        // A row is not lost for its metadata.
        ForeignValue::Blob(bytes) if column == Column::Metadata => {
            Cell::Text(text(bytes).unwrap_or_else(|_| hex(bytes).into()))
        }
        ForeignValue::Text(bytes) | ForeignValue::Blob(bytes) => {
            text(bytes).map_or_else(Cell::Fault, Cell::Text)
        }
    })
}

/// A count of days that lies in the years 1 to 9999; seconds since 1970 of that size are some days
/// of January and February 1970.
fn is_julian_day(number: f64) -> bool {
    (1_721_425.5..5_373_484.5).contains(&number)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold("\\x".to_owned(), |mut hex, byte| {
        // Writing to a string does not fail.
        write!(hex, "{byte:02x}").ok();
        hex
    })
}

/// A row as it is shown where it is rejected: as `sqlite3` prints it.
fn show(values: &[ForeignValue<'_>], shown: &mut String) {
    shown.clear();
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            shown.push('|');
        }
        match value {
            ForeignValue::Null => {}
            ForeignValue::Integer(number) => write!(shown, "{number}").unwrap_or_default(),
            ForeignValue::Real(number) => shown.push_str(&spelled(*number)),
            ForeignValue::Text(bytes) => {
                shown.push_str(&String::from_utf8_lossy(&bytes[..bytes.len().min(SHOWN_MAX)]));
            }
            ForeignValue::Blob(bytes) => shown.push_str(&hex(&bytes[..bytes.len().min(SHOWN_MAX)])),
        }
    }
}

impl From<ForeignError> for FileError {
    fn from(err: ForeignError) -> Self {
        Self::new(err.to_string())
    }
}
