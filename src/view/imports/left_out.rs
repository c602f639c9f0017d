use super::{Outcome, RememberedBatch, file_name, megabytes};
use crate::model::{Calendar, Conflict, DumpTable, Record, Reject};
use crate::view::{Cell, HistoryRow, cell, number};

/// The rows that one import did not take, as the file remembers them.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct RememberedRows {
    pub batch: i64,
    pub rejects: Vec<(DumpTable, Reject)>,
    /// With the row that was there, where it still is.
    pub conflicts: Vec<(DumpTable, Conflict, Option<Record>)>,
}

/// What one import left out, and why, ready to draw.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct LeftOut {
    pub batch: i64,
    pub file: String,
    /// `24 Nov 2026 14:05 · 12.4 MB`.
    pub note: String,
    /// When the import was taken back: nothing of it is there.
    pub removed: Option<String>,
    /// The whole of it, in hex.
    pub sha256: String,
    pub rejects: LeftOutRows,
    pub conflicts: LeftOutRows,
}

/// Rows that were left out for one kind of reason.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct LeftOutRows {
    /// All there were: `26`.
    pub n: String,
    /// Those that are listed.
    pub rows: Vec<LeftOutRow>,
    /// `The first 1,000 of 80,412 are listed`, where not all are.
    pub more: Option<String>,
}

/// A row that was not taken.
#[derive(Clone, PartialEq, Debug)]
pub struct LeftOutRow {
    pub outcome: Outcome,
    pub table: &'static str,
    pub line: String,
    /// The column at fault, or the id of a conflict.
    pub column: Cell,
    pub reason: String,
    /// As the dump has it, cut to what a cell shows.
    pub raw: Cell,
    /// The row that was there first and stays, as CSV. Of a conflict only.
    pub kept: Option<Cell>,
    whole_raw: String,
    whole_kept: Option<String>,
    /// All of it in lower case, to be searched.
    searched: String,
}

/// The head of the rows in CSV.
const COLUMNS: [&str; 7] = ["outcome", "table", "line", "column_or_id", "reason", "raw", "kept"];

impl LeftOut {
    pub(super) fn build(
        batch: &RememberedBatch,
        (n_rejected, n_conflicts): (u64, u64),
        rows: &RememberedRows,
        calendar: &Calendar,
    ) -> Self {
        let RememberedBatch { imported_at, removed_at, path, sha256, size, .. } = batch;
        let time = number::minute(*imported_at, &calendar.zone);
        let rejects = rows.rejects.iter().map(|(table, it)| LeftOutRow::reject(*table, it));
        let conflicts = rows.conflicts.iter();
        let conflicts =
            conflicts.map(|(table, it, kept)| LeftOutRow::conflict(*table, it, kept.as_ref(), calendar));
        Self {
            batch: rows.batch,
            file: file_name(path),
            note: format!("{time} · {}", megabytes(*size)),
            removed: removed_at.map(|it| number::minute(it, &calendar.zone)),
            sha256: sha256.clone(),
            rejects: LeftOutRows::build(n_rejected, rejects.collect()),
            conflicts: LeftOutRows::build(n_conflicts, conflicts.collect()),
        }
    }
}

impl LeftOutRows {
    fn build(n: u64, rows: Vec<LeftOutRow>) -> Self {
        let listed = rows.len() as u64;
        let more = (listed < n)
            .then(|| format!("The first {} of {} are listed", number::count(listed), number::count(n)));
        Self { n: number::count(n), rows, more }
    }

    /// The places of the rows in which a text occurs, in whatever case.
    pub fn matching(&self, text: &str) -> Vec<usize> {
        let text = text.trim().to_lowercase();
        let rows = self.rows.iter().enumerate();
        rows.filter(|(_, it)| it.searched.contains(&text)).map(|(place, _)| place).collect()
    }

    /// A head and the rows of these places, with a delimiter between two values.
    pub fn delimited(&self, places: &[usize], delimiter: char) -> String {
        let rows = places.iter().filter_map(|it| self.rows.get(*it)).map(|it| it.delimited(delimiter));
        let head = COLUMNS.join(&delimiter.to_string());
        std::iter::once(head).chain(rows).map(|it| it + "\n").collect()
    }
}

impl LeftOutRow {
    fn reject(table: DumpTable, reject: &Reject) -> Self {
        let column = reject.column.as_deref();
        let column = column
            .map_or_else(|| Cell { text: "whole row".to_owned(), soft: true }, |it| Cell::cut(Some(it)));
        Self::build((Outcome::Rejected, table), reject.place.line, column, (&reject.reason, &reject.raw))
    }

    /// A conflict is of a whole row; it is named by its id.
    fn conflict(table: DumpTable, conflict: &Conflict, kept: Option<&Record>, calendar: &Calendar) -> Self {
        let column = Cell { text: conflict.id.to_string(), soft: true };
        // What is common to all of them need not be said for each.
        let reason = conflict.reason.trim_start_matches("another row has this id: ");
        let row =
            Self::build((Outcome::Conflict, table), conflict.place.line, column, (reason, &conflict.raw));
        let kept = kept.map(|it| HistoryRow::csv_line(it, calendar));
        Self { kept: kept.as_deref().map(|it| Cell::cut(Some(it))), whole_kept: kept, ..row }
    }

    fn build(
        (outcome, table): (Outcome, DumpTable),
        line: u64,
        column: Cell,
        (reason, raw): (&str, &str),
    ) -> Self {
        let (line, reason) = (number::count(line), cell::visible(reason));
        let searched = [line.as_str(), &column.text, &reason, raw].join("\n").to_lowercase();
        Self {
            outcome,
            table: table.name(),
            line,
            column,
            reason,
            raw: Cell::cut(Some(raw)),
            kept: None,
            whole_raw: raw.to_owned(),
            whole_kept: None,
            searched,
        }
    }

    /// As the dump has it, with what has no shape made visible.
    pub fn whole_raw(&self) -> Cell {
        Cell::of(Some(&self.whole_raw))
    }

    /// The row that was there first, in the same way.
    pub fn whole_kept(&self) -> Option<Cell> {
        self.whole_kept.as_deref().map(|it| Cell::of(Some(it)))
    }

    /// For a spreadsheet, a tab between two values.
    pub fn tab_separated(&self) -> String {
        self.delimited('\t')
    }

    fn delimited(&self, delimiter: char) -> String {
        let quoted = |text: &str| {
            let needs_quotes = text.contains(['"', '\n', '\r', delimiter]);
            if needs_quotes { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
        };
        let outcome = if self.outcome == Outcome::Rejected { "rejected" } else { "conflict" };
        let line = self.line.replace(',', "");
        let kept = self.whole_kept.as_deref().unwrap_or_default();
        [outcome, self.table, &line, &self.column.text, &self.reason, &self.whole_raw, kept]
            .map(quoted)
            .join(&delimiter.to_string())
    }
}
