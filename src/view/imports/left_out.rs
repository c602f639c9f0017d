use std::collections::{BTreeMap, BTreeSet};

use super::conflict::{Choosable, RememberedConflict, Versions};
use super::{Outcome, RememberedBatch, file_name, megabytes};
use crate::model::{Calendar, CreditSum, DumpTable, Reject, RowId};
use crate::view::{Cell, cell, number};

/// The rows that one import did not take, as the file remembers them.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct RememberedRows {
    pub batch: i64,
    pub rejects: Vec<(DumpTable, Reject)>,
    pub conflicts: Vec<RememberedConflict>,
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
    /// Of a conflict only.
    pub versions: Option<Versions>,
    whole_raw: String,
    /// All of it in lower case, to be searched.
    searched: String,
}

/// The head of the rows in CSV.
const COLUMNS: [&str; 10] = [
    "outcome",
    "table",
    "line",
    "column_or_id",
    "reason",
    "raw",
    "kept",
    "newer",
    "credit_difference",
    "taken",
];

/// Rows of which the newer version can be taken.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Takable {
    pub ids: BTreeSet<RowId>,
    /// What all credits would gain or lose.
    pub difference: CreditSum,
}

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
        let conflicts = rows.conflicts.iter().map(|it| LeftOutRow::conflict(it, calendar));
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
        rows.filter(|(_, it)| it.matches(&text)).map(|(place, _)| place).collect()
    }

    /// Of the rows with these ids, those that can be taken. Of several versions of a row the last counts,
    /// as it is the one that stays.
    pub fn takable(&self, ids: &BTreeSet<RowId>) -> Takable {
        let versions = self.rows.iter().filter_map(|it| it.versions.as_ref());
        let versions = versions.filter(|it| it.choice == Choosable::Yes && ids.contains(&it.id));
        let gains: BTreeMap<_, _> = versions.map(|it| (it.id, it.gain.unwrap_or(CreditSum::ZERO))).collect();
        Takable { difference: gains.values().copied().sum(), ids: gains.into_keys().collect() }
    }

    /// A head and the rows of these places, with a delimiter between two values.
    pub fn delimited(&self, places: &[usize], delimiter: char) -> String {
        let rows = places.iter().filter_map(|it| self.rows.get(*it)).map(|it| it.delimited(delimiter));
        let head = COLUMNS.join(&delimiter.to_string());
        std::iter::once(head).chain(rows).map(|it| it + "\n").collect()
    }
}

impl LeftOutRow {
    /// One that could not be read.
    pub fn reject(table: DumpTable, reject: &Reject) -> Self {
        let column = reject.column.as_deref();
        let column = column
            .map_or_else(|| Cell { text: "whole row".to_owned(), soft: true }, |it| Cell::cut(Some(it)));
        Self::build((Outcome::Rejected, table), reject.place.line, column, (&reject.reason, &reject.raw))
    }

    /// A conflict is of a whole row; it is named by its id.
    pub fn conflict(of: &RememberedConflict, calendar: &Calendar) -> Self {
        let RememberedConflict { table, conflict, .. } = of;
        let column = Cell { text: conflict.id.to_string(), soft: true };
        // What is common to all of them need not be said for each.
        let reason = conflict.reason.trim_start_matches("another row has this id: ");
        let row =
            Self::build((Outcome::Conflict, *table), conflict.place.line, column, (reason, &conflict.raw));
        Self { versions: Some(Versions::build(of, calendar)), ..row }
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
            versions: None,
            whole_raw: raw.to_owned(),
            searched,
        }
    }

    /// As the dump has it, with what has no shape made visible.
    pub fn whole_raw(&self) -> Cell {
        Cell::of(Some(&self.whole_raw))
    }

    /// Whether a text in lower case occurs in it.
    pub fn matches(&self, text: &str) -> bool {
        self.searched.contains(text)
    }

    /// The names of the values of [`Self::csv`].
    pub fn csv_head() -> String {
        COLUMNS.join(",")
    }

    /// As a line of CSV, with the reason and, of a conflict, both versions.
    pub fn csv(&self) -> String {
        self.delimited(',')
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
        let mut values = vec![outcome, self.table, &line, &self.column.text, &self.reason, &self.whole_raw];
        let versions = self.versions.as_ref();
        let gain = versions.and_then(|it| it.gain).map(|it| it.to_string()).unwrap_or_default();
        if let Some(Versions { csv, choice, .. }) = versions {
            values.extend(csv.iter().map(|it| it.as_deref().unwrap_or_default()));
            values.push(&gain);
            values.extend(if let Choosable::Taken(taken) = choice { Some(taken.as_str()) } else { None });
        }
        values.resize(COLUMNS.len(), "");
        let values: Vec<_> = values.into_iter().map(quoted).collect();
        values.join(&delimiter.to_string())
    }
}
