//! The tables of one file: where the parsers put the records that they find.

use super::Options;
use super::columns::{Layout, Shape};
use super::mapping::{Expected, SAMPLE_MAX, shown};
use super::report::{FileError, Format, TableReport, WarningCode};
use super::rows::{Cell, NO_ROWS, RawRow, Rows};
use super::survey::{Decisions, Survey};
use super::written::{FoundColumns, Recognised, Written};
use crate::model::{DumpTable, Nameless, Place, Writer};

/// Which table of the file a record belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct TableNo(usize);

/// What has been found in a file so far. Most files hold one table; a dump of a database holds all
/// three, in pieces and in any order.
pub(super) struct Tables<'a> {
    options: &'a Options,
    decisions: &'a Decisions,
    sink: Sink<'a>,
    /// How the file turns out to be written.
    pub(super) format: Format,
    /// What else is recognised of how it is written.
    pub(super) written: Written,
    rows: Vec<Rows<'a>>,
}

/// Where records go.
enum Sink<'a> {
    /// They are only looked at.
    Survey(&'a mut Survey),
    /// The first are kept as they stand in the file.
    Sample(&'a mut Vec<Vec<Option<String>>>),
    Writer(&'a mut dyn Writer),
}

const NOT_MAPPED: &str = "a mapping is for logs in CSV, JSON, Parquet or SQLite files, and this one is written otherwise: \
    import it without `--mapping`";

/// After all tables of the file: the profiles may come last.
fn warn_of_nameless(reports: &mut [TableReport], writer: &mut dyn Writer) -> Result<(), FileError> {
    let Some(report) = reports.iter_mut().find(|it| it.table == Some(DumpTable::UsageLogs)) else {
        return Ok(());
    };
    let Nameless { n_users, n_rows, example } =
        writer.nameless().map_err(|err| FileError::new(err.to_string()))?;
    if let Some(user) = example {
        let users = if n_users == 1 { "1 user has".to_owned() } else { format!("{n_users} users have") };
        let message = format!(
            "{users} no profile and appear by their ids, for example {user}; their rows count all the same"
        );
        report.warn(WarningCode::NoProfile, n_rows, message);
    }
    Ok(())
}

impl<'a> Tables<'a> {
    pub(super) fn new(options: &'a Options, decisions: &'a Decisions, writer: &'a mut dyn Writer) -> Self {
        Self::with_sink(options, decisions, Sink::Writer(writer))
    }

    /// For a first look at the file, which ends with an error as soon as enough has been seen.
    pub(super) fn survey(options: &'a Options, decisions: &'a Decisions, survey: &'a mut Survey) -> Self {
        Self::with_sink(options, decisions, Sink::Survey(survey))
    }

    /// For some rows of a file of another shape; it ends with an error as soon as there are enough.
    pub(super) fn sample(
        options: &'a Options,
        decisions: &'a Decisions,
        rows: &'a mut Vec<Vec<Option<String>>>,
    ) -> Self {
        Self::with_sink(options, decisions, Sink::Sample(rows))
    }

    fn with_sink(options: &'a Options, decisions: &'a Decisions, sink: Sink<'a>) -> Self {
        Self {
            options,
            decisions,
            sink,
            format: Format::Unknown,
            written: Written::default(),
            rows: Vec::new(),
        }
    }

    pub(super) fn options(&self) -> &'a Options {
        self.options
    }

    /// What the tables of the file are told by.
    pub(super) fn expected(&self) -> Expected<'a> {
        self.options.mapping.as_ref().map_or(Expected::Ours, Expected::Mapped)
    }

    /// Begins a table, or goes on with it: then the columns are from now on those of `layout`.
    pub(super) fn begin(&mut self, layout: Layout) -> TableNo {
        let known = self.rows.iter().position(|it| it.layout.shape == layout.shape);
        if let Some(index) = known {
            let before = std::mem::replace(&mut self.rows[index].layout, layout);
            self.rows[index].layout.remember(before);
            return TableNo(index);
        }
        self.rows.push(Rows::new(layout, self.options, self.decisions));
        TableNo(self.rows.len() - 1)
    }

    pub(super) fn layout(&self, table: TableNo) -> &Layout {
        &self.rows[table.0].layout
    }

    /// Keys that come late are told to the layout.
    pub(super) fn layout_mut(&mut self, table: TableNo) -> &mut Layout {
        &mut self.rows[table.0].layout
    }

    /// Says something about a table that its parser has found out.
    pub(super) fn warn(&mut self, table: TableNo, code: WarningCode, rows: u64, message: impl Into<String>) {
        self.rows[table.0].warn_of(code, rows, message.into());
    }

    /// Takes one record of a file of another shape: its values by the columns of the file, or why it
    /// has none.
    pub(super) fn take_theirs(
        &mut self,
        table: TableNo,
        place: Place,
        raw: &[u8],
        values: &Result<Vec<Cell<'_>>, String>,
    ) -> Result<(), FileError> {
        if let (Sink::Sample(rows), Ok(values)) = (&mut self.sink, values) {
            rows.push(values.iter().map(shown).collect());
        }
        let layout = &self.rows[table.0].layout;
        let Some(plan) = layout.plan.clone() else { return Err(FileError::new(NOT_MAPPED)) };
        let cells = values.as_ref().map(|it| plan.cells(it, &layout.theirs)).map_err(String::clone);
        self.take_row(table, &RawRow { place, raw, cells })
    }

    /// Takes one record. A bad one is rejected and counted; an error stops the file.
    pub(super) fn take(&mut self, table: TableNo, row: &RawRow<'_>) -> Result<(), FileError> {
        let is_log = self.layout(table).shape == Shape::UsageLogs;
        if is_log && self.options.mapping.is_some() {
            return Err(FileError::new(NOT_MAPPED));
        }
        self.take_row(table, row)
    }

    fn take_row(&mut self, table: TableNo, row: &RawRow<'_>) -> Result<(), FileError> {
        let rows = &mut self.rows[table.0];
        let has_seen_enough = match &mut self.sink {
            Sink::Writer(writer) => return rows.take(row, *writer),
            Sink::Survey(survey) => rows.layout.shape == Shape::UsageLogs && !survey.look(row),
            Sink::Sample(rows) => rows.len() == SAMPLE_MAX,
        };
        if has_seen_enough { Err(FileError::new("enough has been seen")) } else { Ok(()) }
    }

    /// After the last record.
    pub(super) fn finish(self) -> Result<Vec<TableReport>, FileError> {
        if self.rows.is_empty() {
            let mut report = TableReport::new(None, self.format);
            report.warn(WarningCode::NoRowsVisible, 0, NO_ROWS);
            return Ok(vec![report]);
        }
        let mut reports = Vec::new();
        if let Sink::Writer(writer) = self.sink {
            for rows in self.rows {
                reports.extend(rows.finish(self.format, writer)?);
            }
            warn_of_nameless(&mut reports, writer)?;
        }
        Ok(reports)
    }

    /// What has been recognised of the file. Of one that fails nothing else is told.
    pub(super) fn recognised(&self) -> Recognised {
        let mut tables = Vec::new();
        for Rows { layout, .. } in &self.rows {
            tables.extend(layout.shape.tables().iter().map(|table| TableReport {
                columns: FoundColumns::of(layout, *table),
                ..TableReport::new(Some(*table), self.format)
            }));
        }
        if tables.is_empty() {
            tables.push(TableReport::new(None, self.format));
        }
        Recognised { tables, written: self.written }
    }
}
