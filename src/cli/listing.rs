//! Lists of any length, printed while they are read.

use super::args::Format;
use super::{Done, Failure, csv, json, out, table};
use crate::model::Zone;
use crate::report::{Cell, ReportTable};

/// So much is gathered before it is written.
const WRITE_BYTES: usize = 64 * 1024;

/// Rows under their columns, in one of the formats. A table for people is gathered first, with its
/// texts cut, since its widths are those of the widest.
pub(super) struct Listing {
    format: Format,
    zone: Zone,
    n_rows: u64,
    text: String,
    table: ReportTable,
}

impl Listing {
    pub(super) fn begin(columns: &'static [&'static str], format: Format, zone: &Zone) -> Self {
        let text = match format {
            Format::Table => String::new(),
            Format::Csv => csv::header(columns),
            Format::Json => "[".to_owned(),
        };
        let table = ReportTable { columns, rows: Vec::new() };
        Self { format, zone: zone.clone(), n_rows: 0, text, table }
    }

    pub(super) fn push(&mut self, row: &[Cell]) -> Result<(), Failure> {
        self.add(row);
        if self.text.len() >= WRITE_BYTES {
            out::answer(&self.text)?;
            self.text.clear();
        }
        Ok(())
    }

    /// Without writing anything.
    pub(super) fn add(&mut self, row: &[Cell]) {
        match self.format {
            Format::Table => self.table.rows.push(row.iter().map(table::shortened).collect()),
            Format::Csv => csv::push_row(&mut self.text, row, &self.zone),
            Format::Json => {
                self.text += if self.n_rows == 0 { "" } else { ",\n" };
                self.text += &json::row(self.table.columns, row, &self.zone);
            }
        }
        self.n_rows += 1;
    }

    pub(super) fn end(self) -> Result<Done, Failure> {
        out::answer(&self.finished())?;
        Ok(Done::Whole)
    }

    /// What has not been written yet, to the end.
    pub(super) fn finished(self) -> String {
        match self.format {
            Format::Table => table::write(&self.table, &self.zone),
            Format::Csv => self.text,
            Format::Json => self.text + "]\n",
        }
    }
}
