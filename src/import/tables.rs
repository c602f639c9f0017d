//! The tables of one file: where the parsers put the records that they find.

use super::Options;
use super::columns::Layout;
use super::report::{FileError, Format, TableReport, WarningCode};
use super::rows::{NO_ROWS, RawRow, Rows};
use crate::model::Writer;

/// Which table of the file a record belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct TableNo(usize);

/// What has been found in a file so far. Most files hold one table; a dump of a database holds all
/// three, in pieces and in any order.
pub(super) struct Tables<'a> {
    options: &'a Options,
    writer: &'a mut dyn Writer,
    /// How the file turns out to be written.
    pub(super) format: Format,
    rows: Vec<Rows<'a>>,
}

impl<'a> Tables<'a> {
    pub(super) fn new(options: &'a Options, writer: &'a mut dyn Writer) -> Self {
        Self { options, writer, format: Format::Unknown, rows: Vec::new() }
    }

    /// Begins a table, or goes on with it: then the columns are from now on those of `layout`.
    pub(super) fn begin(&mut self, mut layout: Layout) -> TableNo {
        let known = self.rows.iter().position(|it| it.layout.shape == layout.shape);
        if let Some(index) = known {
            let mut unknown = std::mem::take(&mut self.rows[index].layout.unknown);
            layout.unknown.retain(|it| !unknown.contains(it));
            unknown.append(&mut layout.unknown);
            layout.unknown = unknown;
            self.rows[index].layout = layout;
            return TableNo(index);
        }
        self.rows.push(Rows::new(layout, self.options));
        TableNo(self.rows.len() - 1)
    }

    pub(super) fn layout(&self, table: TableNo) -> &Layout {
        &self.rows[table.0].layout
    }

    /// Keys that come late are told to the layout.
    pub(super) fn layout_mut(&mut self, table: TableNo) -> &mut Layout {
        &mut self.rows[table.0].layout
    }

    /// Takes one record. A bad one is rejected and counted; an error stops the file.
    pub(super) fn take(&mut self, table: TableNo, row: &RawRow<'_>) -> Result<(), FileError> {
        self.rows[table.0].take(row, self.writer)
    }

    /// After the last record.
    pub(super) fn finish(self) -> Result<Vec<TableReport>, FileError> {
        if self.rows.is_empty() {
            let mut report = TableReport::new(None, self.format);
            report.warn(WarningCode::NoRowsVisible, 0, NO_ROWS);
            return Ok(vec![report]);
        }
        let mut reports = Vec::new();
        for rows in self.rows {
            reports.extend(rows.finish(self.format, self.writer)?);
        }
        Ok(reports)
    }

    /// What has been recognised of a file that fails, without any counts: nothing of it is kept.
    pub(super) fn recognised(&self) -> Vec<TableReport> {
        let tables = self.rows.iter().flat_map(|it| it.layout.shape.tables());
        let reports: Vec<_> = tables.map(|it| TableReport::new(Some(*it), self.format)).collect();
        if reports.is_empty() { vec![TableReport::new(None, self.format)] } else { reports }
    }
}
