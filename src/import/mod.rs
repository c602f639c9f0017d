//! Dump files → rows or issues: recognise, decode, parse, validate.
//!
//! A file goes through a window of it at a time, so memory does not grow with it: once as far as the
//! first rows, from which `survey` decides what single values leave open, and then as a whole.
//! `source` reads, unpacks and decodes, `sniff` tells what it is, and one parser a format cuts it into
//! records: `delimited`, `json`, `copy`, `sql`, `psql`, and, of files that are no text, `sqlite` and `parquet`.
//! `columns` tells by their names which table they are, or `order` where there are none, or a `mapping` does;
//! `tables` keeps the tables of a file apart, and `rows` turns
//! records into rows for the [`Writer`], or into rejects.
//!
//! A bad row is data: it is counted, kept and passed over. A file that is not whole, or not what it
//! should be, fails whole; whoever holds the writer then drops what it has been given.

mod columns;
mod copy;
mod delimited;
mod json;
mod jsonb;
#[cfg(any(test, fuzzing))]
pub mod laws;
mod mapping;
#[cfg(any(test, fuzzing))]
mod memory;
mod order;
#[cfg(feature = "parquet")]
mod parquet;
mod places;
mod psql;
mod question;
mod repair;
mod report;
mod rows;
mod same;
mod sniff;
mod source;
mod sql;
mod sqlite;
mod survey;
mod tables;
mod typed;
mod value;
mod written;

use std::path::Path;

pub use mapping::{Mapping, NAMESPACE, ONE_USER, OtherShape, SavedMapping, Source};
pub use question::{Question, Reply, Subject};
pub use report::{
    FileError, FileReport, Format, PREVIEW_MAX, PreviewRow, REJECTS_MAX, TableReport, Warning, WarningCode,
};
pub(crate) use same::{Twin, compare};
pub use source::Encoding;
pub use value::{DateOrder, DecimalMark, Factor};
pub use written::{FoundColumns, Written};

use self::source::{FileBytes, Input, Watch};
use self::survey::{Decisions, Survey};
use self::tables::Tables;
use self::written::Recognised;
use crate::model::{Cancel, Writer, Zone};

/// How values are read that a dump leaves open.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// The zone of times that name none. Without it a file with such times fails.
    pub assume_zone: Option<Zone>,
    /// Which number of `01/02/2025` is the month. Without it the first rows must tell.
    pub date_order: Option<DateOrder>,
    /// What parts the decimals of credits. Without it the first rows must tell.
    pub decimal: Option<DecimalMark>,
    /// How texts are written that do not say so themselves; without it they are UTF-8.
    pub encoding: Option<Encoding>,
    /// Where the columns of a usage log of another shape are.
    pub mapping: Option<Mapping>,
    /// Reject credits of more than 9 decimals instead of rounding them.
    pub strict: bool,
}

impl Options {
    /// What the mapping says of values, where nothing else is said.
    fn with_those_of_mapping(&self) -> Self {
        let mut options = self.clone();
        if let Some(mapping) = &self.mapping {
            options.assume_zone = options.assume_zone.or_else(|| mapping.assume_zone.clone());
            options.date_order = options.date_order.or(mapping.date_order);
            options.decimal = options.decimal.or(mapping.decimal);
        }
        options
    }
}

/// How far an import has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    pub bytes_read: u64,
    /// The size of the file when it was opened.
    pub bytes_total: u64,
    /// Data rows taken so far.
    pub rows: u64,
}

/// The error of a file whose import was cancelled.
pub const CANCELLED: &str = "cancelled; nothing was imported";

/// Reads a dump and hands its rows to the writer.
///
/// With an error in the report nothing of the file may be kept: the caller rolls the writer back, and
/// the report's counts are zero. Progress comes every 256 KiB; a cancel is noticed as often.
pub fn import_file(
    path: &Path,
    options: &Options,
    writer: &mut dyn Writer,
    cancel: &Cancel,
    on_progress: &mut dyn FnMut(Progress),
) -> FileReport {
    import_input(Input::new(path), options, writer, cancel, on_progress)
}

fn import_input(
    input: Input<'_>,
    options: &Options,
    writer: &mut dyn Writer,
    cancel: &Cancel,
    on_progress: &mut dyn FnMut(Progress),
) -> FileReport {
    let mut report = FileReport {
        path: input.path.to_owned(),
        sha256: String::new(),
        size: std::fs::metadata(input.path).map_or(0, |it| it.len()),
        written: Written::default(),
        tables: Vec::new(),
        error: None,
    };
    let options = &options.with_those_of_mapping();
    let (survey, recognised) = survey(input, options, cancel);
    let decisions = match survey.decide(options, recognised.written.delimiter) {
        Ok(decisions) => decisions,
        Err(err) => {
            fail(&mut report, recognised, err, || read_anyhow(input, cancel));
            return report;
        }
    };
    let mut tables = Tables::new(options, &decisions, writer);
    let read = read(input, Watch::new(cancel, on_progress), &mut tables);
    let recognised = tables.recognised();
    match read.and_then(|stored| Ok((stored, tables.finish()?))) {
        Ok((stored, tables)) => {
            report.size = stored.size;
            report.sha256 = stored.sha256;
            report.tables = tables;
            report.written = recognised.written;
        }
        Err(mut err) => {
            let other = err.other_shape.take().and_then(|it| it.look(input, options, cancel));
            let err = FileError { other_shape: other.map(Box::new), ..err };
            fail(&mut report, recognised, err, || read_anyhow(input, cancel));
        }
    }
    report
}

/// Nothing of the file is kept; what was recognised of it is told.
fn fail(
    report: &mut FileReport,
    recognised: Recognised,
    err: FileError,
    read_anyhow: impl FnOnce() -> Recognised,
) {
    let asks_encoding = err.question.as_ref().is_some_and(|it| it.about == Subject::Encoding);
    let recognised = if asks_encoding { read_anyhow() } else { recognised };
    Recognised { tables: report.tables, written: report.written } = recognised;
    report.error = Some(err);
}

/// What a text is whose encoding is not known. The names of its columns are ASCII as a rule, and read the
/// same in any encoding that it may have.
fn read_anyhow(input: Input<'_>, cancel: &Cancel) -> Recognised {
    let options = Options { encoding: Encoding::named("windows-1252"), ..Options::default() };
    let (_, mut recognised) = survey(input, &options, cancel);
    recognised.written.encoding = None;
    recognised
}

/// Looks at the first rows, for what decides how all are read.
fn survey(input: Input<'_>, options: &Options, cancel: &Cancel) -> (Survey, Recognised) {
    let undecided = Decisions::default();
    let mut survey = Survey::default();
    let mut tables = Tables::survey(options, &undecided, &mut survey);
    let mut no_progress = |_: Progress| {};
    // What is wrong with the file is found again when it is read, and said then.
    read(input, Watch::new(cancel, &mut no_progress), &mut tables).ok();
    let recognised = tables.recognised();
    (survey, recognised)
}

/// What is known of a file when all of it has been read.
#[derive(Debug)]
struct Stored {
    /// In bytes.
    size: u64,
    sha256: String,
}

fn read(input: Input<'_>, mut watch: Watch<'_>, tables: &mut Tables<'_>) -> Result<Stored, FileError> {
    let file = FileBytes::open(input, &mut watch)?;
    if file.head().starts_with(sqlite::MAGIC) {
        sqlite::read(input.path, &mut watch, tables)?;
        return watch.finish(file);
    }
    #[cfg(feature = "parquet")]
    if file.head().starts_with(sniff::PARQUET) {
        parquet::read(input.path, &mut watch, tables)?;
        return watch.finish(file);
    }
    let mut source = source::Source::new(file, watch, tables.options().encoding)?;
    tables.written = source.written();
    match sniff::kind(source.window())? {
        sniff::Kind::Json => {
            copy::undo_json(&mut source)?;
            json::read(&mut source, tables)?;
        }
        sniff::Kind::Sql => sql::read(&mut source, tables)?,
        sniff::Kind::Text => read_text(&mut source, tables)?,
    }
    source.finish()
}

fn read_text(source: &mut source::Source<'_>, tables: &mut Tables<'_>) -> Result<(), FileError> {
    order::look_further(source)?;
    if let Some(start) = copy::recognise(source)? {
        return copy::read(source, &start, tables);
    }
    if let Some(start) = psql::recognise(source)? {
        return psql::read(source, &start, tables);
    }
    delimited::read(source, tables)
}

#[cfg(test)]
mod tests;
