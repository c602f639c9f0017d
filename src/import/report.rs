//! What an import says about a file.

use std::path::PathBuf;

use super::mapping::OtherShape;
use super::question::{Question, Subject};
use super::written::{FoundColumns, Written};
use crate::model::{DumpTable, Instant, Place, Reject};

/// Rejects that a report carries; all are counted, and all go to the writer.
pub const REJECTS_MAX: usize = 200;

/// Rows that a report shows as they were understood.
pub const PREVIEW_MAX: usize = 50;

/// What became of one file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileReport {
    pub path: PathBuf,
    /// Of the whole file, as lower-case hex digits; empty where the file was not read to its end.
    pub sha256: String,
    /// In bytes.
    pub size: u64,
    pub written: Written,
    /// One for each of our tables in the file; one without a table where none was recognised.
    pub tables: Vec<TableReport>,
    /// Why nothing of the file may be kept. All counts are then zero: nothing is claimed.
    pub error: Option<FileError>,
}

/// Why a file cannot be imported: the reason, and what to do about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileError {
    /// From 1, where the fault has a place.
    pub line: Option<u64>,
    pub message: String,
    /// What a person may say so that it can be imported; the message names the flag.
    pub question: Option<Question>,
    /// What the file holds instead of a table of ours, where it is a table at all.
    pub other_shape: Option<Box<OtherShape>>,
}

/// What became of one table of a file.
///
/// `rows_read` = `imported` + `updated` + `repeats` + `conflicts` + `rejected`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableReport {
    pub table: Option<DumpTable>,
    pub format: Format,
    pub columns: FoundColumns,
    /// Data rows: no header, no blank line.
    pub rows_read: u64,
    pub imported: u64,
    /// Profiles and roles that replaced others, and log rows that were known less precisely.
    pub updated: u64,
    /// Rows that the store had, or that the file had before.
    pub repeats: u64,
    /// Rows whose id is known with other content.
    pub conflicts: u64,
    pub rejected: u64,
    /// The earliest `created_at` of the log rows that were understood.
    pub first: Option<Instant>,
    /// The latest.
    pub last: Option<Instant>,
    pub warnings: Vec<Warning>,
    /// The first [`REJECTS_MAX`].
    pub rejects: Vec<Reject>,
    /// The first [`PREVIEW_MAX`] rows that were understood.
    pub preview: Vec<PreviewRow>,
}

/// A row as it was understood, beside what stands in the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PreviewRow {
    pub place: Place,
    /// By the columns of the table, spelled as a report spells them.
    pub values: Vec<Option<String>>,
    /// The record as it stands in the file, cut at 4 KiB.
    pub raw: String,
}

/// Something a person should know about rows that were imported all the same.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Warning {
    pub code: WarningCode,
    pub message: String,
    /// How many rows it is about.
    pub rows: u64,
}

/// The fixed list of warnings.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum WarningCode {
    /// The file has no rows of ours: an export sees only what its key may see.
    NoRowsVisible,
    /// As many rows as tools stop at: exactly 100, 500 or a multiple of 1,000.
    RowLimit,
    /// Credits with more than 9 decimals were rounded.
    RoundedCredits,
    /// Metadata that is not JSON was kept as its text.
    MetadataNotJson,
    /// Metadata whose backslashes a tool had doubled was undone exactly.
    MetadataRepaired,
    /// A word was read as NULL, though a text of the same letters would look the same in this file; or
    /// kept as a text, though it may be NULL.
    NullWord,
    /// Columns that are named otherwise than the source names them.
    ColumnSynonyms,
    /// The file has no header: its columns were taken in the order of the table.
    NoHeader,
    /// What this way of writing loses of texts.
    LossyFormat,
    /// Times at the beginning of 1970, which is what a program writes that has none.
    EpochZero,
    /// Times later than a day from now.
    FutureTimes,
    /// An id comes twice in the file.
    DuplicateIds,
    /// Rows that are alike in a file whose ids are made of other columns. It is a note: each counts.
    AlikeRows,
    /// Days without rows where nearly all days have some.
    MissingDays,
    /// Users of new rows have no profile, though others have.
    NoProfile,
    /// Columns that were not read.
    UnknownColumns,
    /// Roles other than admin, moderator and user: kept, and without rights.
    UnknownRoles,
    /// Tables named like ours in another schema than `public`, which were not read.
    OtherSchema,
    /// How a column was read that a single value does not decide. It is a note, no fault.
    ReadAs,
    /// Credits below zero. It is a note, no fault.
    Refunds,
    /// The newest row is much older than the file. It is a note: the log may have ended.
    OldRows,
    /// Repeats that agree with what is there only at their own, lower precision.
    LessPrecise,
}

/// How a dump is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Format {
    /// Delimited by anything but tabs.
    Csv,
    /// Delimited by tabs, with CSV's quotes.
    Tsv,
    Markdown,
    /// An array, or a lone object.
    Json,
    /// Objects one after another, mostly one a line.
    Ndjson,
    /// COPY's text format, or `ClickHouse`'s `TabSeparated`.
    CopyText,
    /// Statements, as `pg_dump` and Supabase write them.
    Sql,
    /// The output of `psql -A`.
    PsqlUnaligned,
    /// The tables of an `SQLite` database.
    Sqlite,
    /// Read only in builds with the feature `parquet`.
    Parquet,
    /// Not recognised; the report's error says more.
    Unknown,
}

impl FileError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { line: None, message: message.into(), question: None, other_shape: None }
    }

    pub(super) fn at(line: u64, message: impl Into<String>) -> Self {
        Self { line: Some(line), ..Self::new(message) }
    }

    pub(super) fn asking(mut self, about: Subject, examples: Vec<String>) -> Self {
        self.question = Some(Question { about, examples });
        self
    }
}

impl TableReport {
    /// Nothing read yet.
    pub fn new(table: Option<DumpTable>, format: Format) -> Self {
        Self {
            table,
            format,
            columns: FoundColumns::default(),
            rows_read: 0,
            imported: 0,
            updated: 0,
            repeats: 0,
            conflicts: 0,
            rejected: 0,
            first: None,
            last: None,
            warnings: Vec::new(),
            rejects: Vec::new(),
            preview: Vec::new(),
        }
    }

    pub(super) fn warn(&mut self, code: WarningCode, rows: u64, message: impl Into<String>) {
        self.warnings.push(Warning { code, message: message.into(), rows });
    }
}

impl WarningCode {
    /// Every code, in the order of the README.
    pub const ALL: [Self; 22] = [
        Self::NoRowsVisible,
        Self::RowLimit,
        Self::RoundedCredits,
        Self::MetadataNotJson,
        Self::MetadataRepaired,
        Self::NullWord,
        Self::ColumnSynonyms,
        Self::NoHeader,
        Self::LossyFormat,
        Self::EpochZero,
        Self::FutureTimes,
        Self::DuplicateIds,
        Self::AlikeRows,
        Self::MissingDays,
        Self::NoProfile,
        Self::UnknownColumns,
        Self::UnknownRoles,
        Self::OtherSchema,
        Self::ReadAs,
        Self::Refunds,
        Self::OldRows,
        Self::LessPrecise,
    ];

    /// Whether it tells how the file was read, and there is nothing to look after.
    pub fn is_note(self) -> bool {
        matches!(self, Self::ReadAs | Self::AlikeRows | Self::Refunds | Self::OldRows | Self::LessPrecise)
    }

    /// As the command line's JSON spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoRowsVisible => "no_rows_visible",
            Self::RowLimit => "row_limit",
            Self::RoundedCredits => "rounded_credits",
            Self::MetadataNotJson => "metadata_not_json",
            Self::MetadataRepaired => "metadata_repaired",
            Self::NullWord => "null_word",
            Self::ColumnSynonyms => "column_synonyms",
            Self::NoHeader => "no_header",
            Self::LossyFormat => "lossy_format",
            Self::EpochZero => "epoch_zero",
            Self::FutureTimes => "future_times",
            Self::DuplicateIds => "duplicate_ids",
            Self::AlikeRows => "alike_rows",
            Self::MissingDays => "missing_days",
            Self::NoProfile => "no_profile",
            Self::UnknownColumns => "unknown_columns",
            Self::UnknownRoles => "unknown_roles",
            Self::OtherSchema => "other_schema",
            Self::ReadAs => "read_as",
            Self::Refunds => "refunds",
            Self::OldRows => "old_rows",
            Self::LessPrecise => "less_precise",
        }
    }
}

impl Format {
    /// As a person calls it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Tsv => "TSV",
            Self::Markdown => "Markdown",
            Self::Json => "JSON",
            Self::Ndjson => "NDJSON",
            Self::CopyText => "COPY text",
            Self::Sql => "SQL",
            Self::PsqlUnaligned => "psql -A",
            Self::Sqlite => "SQLite",
            Self::Parquet => "Parquet",
            Self::Unknown => "not recognised",
        }
    }

    /// As the command line's JSON spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Markdown => "markdown",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::CopyText => "copy_text",
            Self::Sql => "sql",
            Self::PsqlUnaligned => "psql_unaligned",
            Self::Sqlite => "sqlite",
            Self::Parquet => "parquet",
            Self::Unknown => "unknown",
        }
    }
}
