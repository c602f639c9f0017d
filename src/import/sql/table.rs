//! What is known of a table of ours in a dump.

use std::borrow::Cow;
use std::rc::Rc;

use super::super::columns::{Layout, Shape};
use super::super::order::Order;
use super::super::places::Places;
use super::super::report::FileError;
use super::super::tables::{TableNo, Tables};
use super::Dump;
use crate::model::DumpTable;

/// The columns of a table, and what has been read of it.
#[derive(Default)]
pub(super) struct Columns {
    /// From CREATE TABLE.
    defined: Option<Vec<String>>,
    /// The columns of the statement before, and where its rows go.
    pub(super) table: Option<Target>,
    names: Vec<String>,
    /// Why its rows are not read.
    pub(super) unread: Option<String>,
    pub(super) n_rows: u64,
    /// Whether the columns were told by the order of values.
    pub(super) is_nameless: bool,
    /// The database of a dump of several.
    n_connect: Option<u64>,
}

/// Where the rows of a statement go.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) kind: DumpTable,
    pub(super) no: TableNo,
    pub(super) places: Rc<Places>,
}

impl Columns {
    /// Another database begins.
    pub(super) fn forget(&mut self) {
        self.defined = None;
    }
}

impl Dump {
    /// Remembers the columns of a table, for rows that do not name theirs.
    pub(super) fn define(
        &mut self,
        kind: DumpTable,
        names: Vec<String>,
        line: u64,
        tables: &mut Tables<'_>,
    ) -> Result<(), FileError> {
        self.columns[kind as usize].defined = Some(names.clone());
        self.target(kind, Some(names), line, tables).map(|_| ())
    }

    /// Where rows of a table go, by the columns that the statement names, or else those of its
    /// definition. None where a table of people lacks what is read of it: the logs count without.
    pub(super) fn target(
        &mut self,
        kind: DumpTable,
        names: Option<Vec<String>>,
        line: u64,
        tables: &mut Tables<'_>,
    ) -> Result<Option<Target>, FileError> {
        let columns = &mut self.columns[kind as usize];
        let Some(names) = names.or_else(|| columns.defined.clone()) else { return Ok(None) };
        if columns.n_rows > 0 && columns.n_connect != Some(self.n_connects) {
            return Err(FileError::at(
                line,
                format!("holds {} of two databases: dump one of them, with `pg_dump`", kind.name()),
            ));
        }
        columns.n_connect = Some(self.n_connects);
        if columns.table.is_some() && columns.names == names {
            return Ok(columns.table.clone());
        }
        let layout = match layout(kind, &names) {
            Ok(layout) => layout,
            Err(err) if kind == DumpTable::UsageLogs => {
                return Err(FileError::at(line, format!("usage_logs in this dump {}", err.message)));
            }
            Err(err) => {
                columns.unread = Some(format!("{} was not read: it {}", kind.name(), err.message));
                return Ok(None);
            }
        };
        let places = Rc::new(Places::new(names.iter().map(String::as_str), &layout));
        columns.names = names;
        columns.table = Some(Target { kind, no: tables.begin(layout), places });
        Ok(columns.table.clone())
    }

    /// The same for rows without any names, by the values of the first.
    pub(super) fn target_of(
        &mut self,
        kind: DumpTable,
        first: &[Cow<'_, str>],
        line: u64,
        tables: &mut Tables<'_>,
    ) -> Result<Option<Target>, FileError> {
        let mut order = Order::of(kind);
        order.see(&first.iter().map(AsRef::as_ref).collect::<Vec<_>>());
        let (_, names) = order.found().ok_or_else(|| {
            FileError::at(
                line,
                format!(
                    "the rows of {} name no columns, and by their values these are not those of the source: dump with \
                     `pg_dump --column-inserts`, or with the definition of the table",
                    kind.name()
                ),
            )
        })?;
        let names: Vec<String> = names.iter().map(|it| (*it).to_owned()).collect();
        let columns = &mut self.columns[kind as usize];
        columns.is_nameless = true;
        columns.defined = Some(names.clone());
        self.target(kind, Some(names), line, tables)
    }
}

/// Recognises a table whose name is known: columns that only others of ours have mean nothing in it.
fn layout(kind: DumpTable, names: &[String]) -> Result<Layout, FileError> {
    let (shape, foreign) = match kind {
        DumpTable::UsageLogs => (Shape::UsageLogs, ""),
        DumpTable::Profiles => (Shape::Profiles, "role"),
        DumpTable::UserRoles => (Shape::UserRoles, "username"),
    };
    let (others, own): (Vec<&String>, Vec<&String>) = names.iter().partition(|it| it.as_str() == foreign);
    let mut layout = Layout::recognise(own.into_iter().map(String::as_str))?;
    if layout.shape != shape {
        return Err(FileError::new("has the columns of another table"));
    }
    layout.unknown.extend(others.into_iter().cloned());
    Ok(layout)
}
