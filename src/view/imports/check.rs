use crate::model::DumpTable;
use crate::view::{Cell, number};

/// A row of a dump as it was understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnderstoodRow {
    pub line: u64,
    /// By the columns of its table.
    pub values: Vec<Option<String>>,
    /// As the dump has it.
    pub raw: String,
}

/// The first rows of a table, as they were understood and as they stand in the dump.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Preview {
    pub columns: &'static [&'static str],
    pub lines: Vec<PreviewLine>,
    /// `first 50 of 81,319 rows`.
    pub note: String,
}

/// A row of a [`Preview`].
#[derive(Clone, PartialEq, Debug)]
pub struct PreviewLine {
    pub line: String,
    pub cells: Vec<Cell>,
    pub raw: Cell,
}

/// What a person has to say before a dump can be read.
#[derive(Clone, PartialEq, Debug)]
pub struct CheckQuestion {
    pub title: String,
    /// Values of the dump that the answer decides.
    pub examples: Vec<Cell>,
    pub choices: Vec<Choice>,
    /// Any zone can be named, too.
    pub takes_zone: bool,
}

/// An answer, and what it makes of each example.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    pub label: String,
    /// `None` where the example cannot be read so.
    pub effects: Vec<Option<String>>,
}

const USAGE_LOGS: [&str; 8] =
    ["id", "user_id", "action", "credits_consumed", "metadata", "created_at", "format", "quality"];

impl Preview {
    pub(super) fn build(table: Option<DumpTable>, n_read: u64, rows: &[UnderstoodRow]) -> Self {
        let lines = rows.iter().map(|row| PreviewLine {
            line: number::count(row.line),
            cells: row.values.iter().map(|it| Cell::cut(it.as_deref())).collect(),
            raw: Cell::cut(Some(&row.raw)),
        });
        let columns: &[_] = match table {
            Some(DumpTable::UsageLogs) => &USAGE_LOGS,
            Some(DumpTable::Profiles) => &["id", "username"],
            Some(DumpTable::UserRoles) => &["user_id", "role"],
            None => &[],
        };
        let note = match rows.len() as u64 {
            n if n == n_read => String::new(),
            n => format!("first {n} of {} rows", number::count(n_read)),
        };
        Self { columns, lines: lines.collect(), note }
    }
}
