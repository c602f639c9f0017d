mod check;
mod conflict;
mod form;
mod left_out;
mod mapping;
mod progress;

use std::path::{Path, PathBuf};

use super::{Cell, cell, number};
use crate::model::{Calendar, DumpTable, Instant, Reject};

pub use check::{CheckQuestion, Choice, Preview, PreviewLine, UnderstoodRow};
pub use conflict::{Choosable, RememberedConflict, VersionLine, Versions};
pub use form::{ColumnCount, Form};
pub use left_out::{LeftOut, LeftOutRow, LeftOutRows, RememberedRows, Takable};
pub use mapping::{MappingEdit, MappingField, MappingForm, MappingReading, SourceKind, TheirColumn};
pub use progress::ImportProgress;

// ---- what goes in -----------------------------------------------------------------------------
// Plain copies of what the import and the store know; the view depends on neither.

/// What an import did with one file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ImportedFile {
    pub path: PathBuf,
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    pub form: Form,
    pub tables: Vec<ImportedTable>,
    pub error: Option<ImportError>,
}

/// Why a file was not imported at all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImportError {
    /// From 1, where the fault has a place.
    pub line: Option<u64>,
    /// What is wrong and what to do.
    pub message: String,
}

/// One of our tables in a file. `n_read` is the sum of the five that follow it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ImportedTable {
    /// `None` where no table of ours was recognised.
    pub table: Option<DumpTable>,
    /// `CSV`, `JSON`, `NDJSON`.
    pub format: String,
    pub columns: ColumnCount,
    pub n_read: u64,
    pub n_imported: u64,
    pub n_updated: u64,
    pub n_repeats: u64,
    pub n_conflicts: u64,
    pub n_rejected: u64,
    pub first: Option<Instant>,
    pub last: Option<Instant>,
    /// In words.
    pub warnings: Vec<String>,
    /// How the file was read; there is nothing to look after.
    pub notes: Vec<String>,
    /// The first of them.
    pub rejects: Vec<Reject>,
    /// The first rows that were understood.
    pub preview: Vec<UnderstoodRow>,
}

/// One table of a dump that was imported into the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RememberedBatch {
    /// The same for all tables of a file.
    pub number: i64,
    pub imported_at: Instant,
    /// When it was taken back.
    pub removed_at: Option<Instant>,
    pub path: PathBuf,
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    pub table: ImportedTable,
}

// ---- what comes out ---------------------------------------------------------------------------

/// The imports that the file remembers, the newest first, ready to draw.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Imports {
    pub batches: Vec<BatchRow>,
    /// The counts of each batch are all of the rows it read.
    pub adds_up: bool,
    /// What the chosen batch did not take.
    pub left_out: Option<LeftOut>,
}

/// One table of one remembered import.
#[derive(Clone, PartialEq, Debug)]
pub struct BatchRow {
    /// The same for all tables of a file.
    pub number: i64,
    pub time: String,
    pub file: String,
    pub path: String,
    pub size: String,
    pub sha256: String,
    /// Enough of it to tell one file from another.
    pub short_hash: String,
    pub table: String,
    /// Read, imported, updated, repeats, conflicts, rejected.
    pub counts: [String; 6],
    /// When it was taken back: nothing of it is there.
    pub removed: Option<String>,
}

/// What an import did, ready to draw.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ImportReport {
    pub file: String,
    /// Size and hash.
    pub source: String,
    /// The tables that it was recognised to hold: `profiles, user_roles`.
    pub holds: String,
    /// How it is written: `CSV · gzip · UTF-8 · comma · header · 8 of 8 columns`.
    pub form: String,
    /// Nothing of the file was kept. The line comes first, where there is one.
    pub error: Option<String>,
    pub tables: Vec<TableReport>,
}

/// What became of the rows of one table.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct TableReport {
    /// What it was recognised as: `usage_logs`.
    pub title: String,
    /// `8 of 8 columns`.
    pub columns: Option<String>,
    /// The days of its rows.
    pub span: Option<String>,
    pub n_read: String,
    /// In the order of [`Outcome::ALL`], without one that is next to never anything but 0.
    pub counts: Vec<Count>,
    /// The counts are all of the rows read.
    pub adds_up: bool,
    pub warnings: Vec<String>,
    /// How the file was read; there is nothing to look after.
    pub notes: Vec<String>,
    pub preview: Preview,
    pub rejects: Vec<RejectRow>,
    /// `and 188 more`.
    pub more_rejects: Option<String>,
}

/// What can become of a row that was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    Imported,
    Updated,
    Repeat,
    Conflict,
    Rejected,
}

/// How many rows went one way.
#[derive(Clone, PartialEq, Debug)]
pub struct Count {
    pub outcome: Outcome,
    pub n: String,
    /// Of the rows read, from 0 to 1.
    pub part: f32,
}

/// A row that was not taken.
#[derive(Clone, PartialEq, Debug)]
pub struct RejectRow {
    pub line: String,
    /// The column at fault, or the id of a conflict.
    pub column: Cell,
    pub reason: String,
    pub raw: Cell,
}

/// Rejects that a report shows in place.
const REJECTS_SHOWN_MAX: usize = 20;
/// Characters of a hash.
const HASH_SHOWN: usize = 8;
const BATCHES_SHOWN_MAX: usize = 10_000;

impl Outcome {
    pub const ALL: [Self; 5] = [Self::Imported, Self::Updated, Self::Repeat, Self::Conflict, Self::Rejected];

    pub fn name(self) -> &'static str {
        match self {
            Self::Imported => "Imported",
            Self::Updated => "Updated",
            Self::Repeat => "Repeats",
            Self::Conflict => "Conflicts",
            Self::Rejected => "Rejected",
        }
    }

    /// The same before it has happened.
    pub fn name_before(self) -> &'static str {
        match self {
            Self::Imported => "New",
            Self::Updated => "Update",
            Self::Repeat => "Repeat",
            Self::Conflict => "Conflict",
            Self::Rejected => "Rejected",
        }
    }

    pub fn meaning_before(self) -> &'static str {
        match self {
            Self::Imported => "will be written",
            Self::Updated => "will replace what is there",
            Self::Repeat => "same content: ignored",
            Self::Conflict => "other content: kept apart",
            Self::Rejected => "could not be read: see below",
        }
    }

    pub fn meaning(self) -> &'static str {
        match self {
            Self::Imported => "new in this file",
            Self::Updated => "changed, or known more precisely",
            Self::Repeat => "same id, same content",
            Self::Conflict => "same id, other content",
            Self::Rejected => "could not be read",
        }
    }
}

impl ImportedTable {
    fn count(&self, outcome: Outcome) -> u64 {
        match outcome {
            Outcome::Imported => self.n_imported,
            Outcome::Updated => self.n_updated,
            Outcome::Repeat => self.n_repeats,
            Outcome::Conflict => self.n_conflicts,
            Outcome::Rejected => self.n_rejected,
        }
    }

    fn adds_up(&self) -> bool {
        Outcome::ALL.iter().map(|it| self.count(*it)).sum::<u64>() == self.n_read
    }

    fn title(&self) -> &'static str {
        self.table.map_or("not recognised", DumpTable::name)
    }
}

impl Imports {
    /// From batches in the order in which they are listed, and what one of them did not take.
    pub fn build(batches: &[RememberedBatch], rows: &RememberedRows, calendar: &Calendar) -> Self {
        let mut chosen = batches.iter().filter(|it| it.number == rows.batch);
        let left_out = chosen.clone().next().map(|batch| {
            let counts = chosen.by_ref().map(|it| &it.table);
            let counts = counts.fold((0, 0), |sum, it| (sum.0 + it.n_rejected, sum.1 + it.n_conflicts));
            LeftOut::build(batch, counts, rows, calendar)
        });
        Self {
            batches: batches.iter().take(BATCHES_SHOWN_MAX).map(|it| BatchRow::build(it, calendar)).collect(),
            adds_up: batches.iter().all(|it| it.table.adds_up()),
            left_out,
        }
    }
}

impl BatchRow {
    fn build(batch: &RememberedBatch, calendar: &Calendar) -> Self {
        let RememberedBatch { number, imported_at, removed_at, path, sha256, size, table } = batch;
        Self {
            number: *number,
            time: number::minute(*imported_at, &calendar.zone),
            file: file_name(path),
            path: cell::visible(&path.to_string_lossy()),
            size: megabytes(*size),
            sha256: sha256.clone(),
            short_hash: sha256.chars().take(HASH_SHOWN).collect(),
            table: table.title().to_owned(),
            counts: [
                table.n_read,
                table.n_imported,
                table.n_updated,
                table.n_repeats,
                table.n_conflicts,
                table.n_rejected,
            ]
            .map(number::count),
            removed: removed_at.map(|it| number::minute(it, &calendar.zone)),
        }
    }
}

impl ImportReport {
    /// From what an import did with a file.
    pub fn build(file: &ImportedFile, calendar: &Calendar) -> Self {
        let ImportedFile { path, sha256, size, form: _, tables, error } = file;
        let mut source = megabytes(*size);
        if !sha256.is_empty() {
            source.push_str(" · sha-256 ");
            source.push_str(&cell::first_chars(sha256, 12));
        }
        let error = error.as_ref().map(|ImportError { line, message }| match line {
            Some(line) => format!("Line {}: {message}", number::count(*line)),
            None => message.clone(),
        });
        Self {
            file: file_name(path),
            source,
            holds: tables.iter().map(ImportedTable::title).collect::<Vec<_>>().join(", "),
            form: form::in_words(file),
            error,
            tables: tables.iter().map(|it| TableReport::build(it, calendar)).collect(),
        }
    }
}

impl TableReport {
    fn build(table: &ImportedTable, calendar: &Calendar) -> Self {
        // Rows of a log are hardly ever updated.
        let is_log = table.table.is_none_or(|it| it == DumpTable::UsageLogs);
        let is_said = |it: &&Outcome| !is_log || **it != Outcome::Updated || table.n_updated > 0;
        let outcomes = Outcome::ALL.iter().filter(is_said);
        let counts = outcomes.map(|&outcome| Count {
            outcome,
            n: number::count(table.count(outcome)),
            part: table.count(outcome) as f32 / table.n_read.max(1) as f32,
        });
        let date = |at| number::date(calendar.date(at));
        let n_shown = table.rejects.len().min(REJECTS_SHOWN_MAX) as u64;
        let n_more = table.n_rejected.saturating_sub(n_shown);
        Self {
            title: table.title().to_owned(),
            columns: form::columns(table),
            span: table
                .first
                .zip(table.last)
                .map(|(first, last)| format!("{} to {}", date(first), date(last))),
            n_read: number::count(table.n_read),
            counts: counts.collect(),
            adds_up: table.adds_up(),
            warnings: table.warnings.clone(),
            notes: table.notes.clone(),
            preview: Preview::build(table.table, table.n_read, &table.preview),
            rejects: table.rejects.iter().take(REJECTS_SHOWN_MAX).map(RejectRow::build).collect(),
            more_rejects: (n_more > 0).then(|| format!("and {} more", number::count(n_more))),
        }
    }
}

impl RejectRow {
    fn build(reject: &Reject) -> Self {
        Self {
            line: number::count(reject.place.line),
            column: reject
                .column
                .as_deref()
                .map_or_else(|| Cell { text: "whole row".to_owned(), soft: true }, |it| Cell::cut(Some(it))),
            reason: cell::visible(&reject.reason),
            raw: Cell::cut(Some(&reject.raw)),
        }
    }
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    cell::visible(&name.to_string_lossy())
}

/// `12.4 MB`, in millions of bytes, small ones in thousands.
fn megabytes(bytes: u64) -> String {
    let tenths = |unit: u64| {
        let tenths = (bytes.saturating_mul(10).saturating_add(unit / 2)) / unit;
        format!("{}.{}", number::count(tenths / 10), tenths % 10)
    };
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", tenths(1_000)),
        _ => format!("{} MB", tenths(1_000_000)),
    }
}

#[cfg(test)]
mod tests;
