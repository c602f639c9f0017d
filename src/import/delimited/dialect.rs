//! How a delimited file is written, told from its beginning.
//!
//! A tool spells NULL in one way throughout a file, but texts may look the same. So a word counts as
//! NULL only where the file proves that it is one; what proves it is said at each rule of [`Nulls`].

use super::evidence::Evidence;
use super::loose;
use super::quotes;
use super::records::{Quoting, Record, each};
use crate::import::columns::{Layout, unnamed};
use crate::import::mapping::Expected;
use crate::import::order::Order;
use crate::import::report::FileError;
use crate::import::value;
use crate::model::DumpTable;

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Records that are looked at, as far as the beginning of the file has them.
const RECORDS_MAX: usize = 1_000;

/// How a file is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    pub(super) quoting: Quoting,
    pub(super) has_header: bool,
    /// Every record ends with a delimiter that begins no field.
    pub(super) trailing: bool,
    pub(super) nulls: Nulls,
    /// As `PostgREST` writes CSV, which is how a row is written as a text (`record_out`): backslashes
    /// in quotes are doubled.
    pub(super) doubles_backslashes: bool,
}

/// What NULL looks like. `""` is an empty text in all of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Nulls {
    /// Nothing at all: `psql`, Studio's table export, `PostgREST`, pandas, polars, `DuckDB`. The rule
    /// wherever nothing else is proved.
    Empty,
    /// Nothing; but `null` may be NULL, too, which nothing proves: it stays a text, and is counted.
    Doubtful,
    /// Nothing, `NULL`, `null` or `\N` without quotes: pgAdmin, `ClickHouse`. Proved by quotes around
    /// all ids, times and texts. Yet pgAdmin leaves the text `NULL` without quotes, too.
    Unquoted,
    /// This word without quotes; nothing at all is an empty text.
    ///
    /// `NULL` (the Supabase CLI, `COPY … NULL 'NULL'`) and `\N` are proved by a column that cannot
    /// hold the word as a text: an id, a number, a time, or metadata, of which `NULL` is no JSON.
    /// `NULL` is also proved by times as Go spells them (`+0000 UTC`) beside metadata as Go prints it or
    /// a whole column of the word: only that CLI writes so.
    /// `null` (the downloads of Studio's SQL editor) is proved by an id, a number or a time; or, in a
    /// file with CRLF that JavaScript wrote, by metadata: Studio's other export has NULL as nothing,
    /// and so it has the JSON value null; or by a whole column of it.
    Word(&'static str),
}

impl Nulls {
    /// Whether a text without quotes around it means NULL.
    pub(super) fn is_null(self, text: &str) -> bool {
        match self {
            Self::Empty | Self::Doubtful => text.is_empty(),
            Self::Unquoted => matches!(text, "" | "NULL" | "null" | "\\N"),
            Self::Word(word) => text == word,
        }
    }

    /// Whether a text may mean NULL, so that it is worth asking for quotes.
    pub(super) fn may_be_null(self, text: &str) -> bool {
        text.len() <= 4 && self.is_null(text)
    }
}

// ---- recognising --------------------------------------------------------------------------------

/// Tells how a file is written that begins with `head`, and which table it holds. `is_all` says that
/// nothing follows.
///
/// A delimiter that the file itself names is the only one tried.
pub(super) fn recognise(
    head: &[u8],
    named: Option<u8>,
    is_all: bool,
    expected: Expected<'_>,
) -> Result<(Dialect, Layout), FileError> {
    let mut best: Option<(usize, FileError)> = None;
    let mut has_id = false;
    for cut in cuts(head, is_all).into_iter().filter(|(it, _)| named.is_none_or(|named| named == *it)) {
        let Some(names) = first_record(head, cut, is_all) else { continue };
        match expected.layout(names.iter().map(String::as_str)) {
            Ok(layout) => return Ok(dialect(head, is_all, cut, layout)),
            Err(_) if names.iter().any(|it| value::uuid::parse(it).is_ok()) => {
                if let Some(layout) = without_header(head, is_all, cut) {
                    let (dialect, layout) = dialect(head, is_all, cut, layout);
                    return Ok((Dialect { has_header: false, ..dialect }, layout));
                }
                has_id = true;
            }
            Err(err) if best.as_ref().is_none_or(|(n_names, _)| *n_names < names.len()) => {
                best = Some((names.len(), err));
            }
            Err(_) => {}
        }
    }
    if has_id {
        return Err(FileError::at(
            1,
            "has no header: export with `csv header`, so that the columns are known",
        ));
    }
    Err(best.map_or_else(|| FileError::new("has no header"), |(_, err)| err))
}

/// Ways to cut the file, in the order to try them.
fn cuts(head: &[u8], is_all: bool) -> Vec<(u8, Quoting)> {
    let first_line =
        head.trim_ascii_start().split(|it| matches!(it, b'\n' | b'\r')).next().unwrap_or_default();
    if first_line.starts_with(b"|") {
        return vec![(b'|', Quoting::Markdown)];
    }
    let quoting = |delimiter: u8| {
        if has_json_fields(head, delimiter, is_all) {
            Quoting::Json
        } else if has_blanks(head, delimiter, is_all) {
            Quoting::Blanks
        } else if has_blanks_behind(head, delimiter, is_all) {
            Quoting::Spaced
        } else if let Some(doubled) = single_quotes(head, delimiter) {
            Quoting::Single { doubled }
        } else {
            quotes::quoting(head, delimiter)
        }
    };
    DELIMITERS.into_iter().map(|it| (it, quoting(it))).collect()
}

/// Whether every line of the beginning begins and ends with a blank, and has one on both sides of a
/// delimiter. Quotes would be another spelling.
fn has_blanks(head: &[u8], delimiter: u8, is_all: bool) -> bool {
    const LINES_MAX: usize = 100;
    let separator = [b' ', delimiter, b' '];
    let n_separators = |line: &[u8]| memchr::memmem::find_iter(line, &separator).count();
    let mut lines = lines(head, is_all).take(LINES_MAX);
    lines.next().is_some_and(|first| {
        n_separators(first) > 0 && n_separators(first) == memchr::memchr_iter(delimiter, first).count()
    }) && lines.all(|it| it.starts_with(b" ") && n_separators(it) > 0)
}

/// Whether every field behind the first line is a JSON value, and some are what CSV cannot hold: an
/// object with quotes that are not doubled.
fn has_json_fields(head: &[u8], delimiter: u8, is_all: bool) -> bool {
    let (mut record, mut has_object) = (Record::default(), false);
    let has_only_json = lines(head, is_all).skip(1).all(|line| {
        loose::split(line, delimiter, Quoting::Json, &mut record);
        has_object |= (0..record.n_fields).any(|it| record.bytes(it).starts_with(b"{\""));
        record.fault.is_none()
    });
    has_only_json && has_object
}

/// Whether every delimiter has a blank behind it, and the records are as long as the header.
fn has_blanks_behind(head: &[u8], delimiter: u8, is_all: bool) -> bool {
    let (mut record, mut n_names) = (Record::default(), None);
    lines(head, is_all).all(|line| {
        loose::split(line, delimiter, Quoting::Spaced, &mut record);
        record.fault.is_none()
            && record.n_fields > 1
            && *n_names.get_or_insert(record.n_fields) == record.n_fields
    }) && n_names.is_some()
}

/// Whether metadata or ids stand in single quotes, and whether quotes inside are doubled: not, where
/// one is found that stands alone.
fn single_quotes(head: &[u8], delimiter: u8) -> Option<bool> {
    let begins =
        |it: &[u8]| it.starts_with(b"'{\"") || (it.len() == 38 && it.starts_with(b"'") && it.ends_with(b"'"));
    let is_used = |line: &[u8]| line.split(|it| *it == delimiter).any(begins);
    let mut record = Record::default();
    let n_names = lines(head, true).next()?.split(|it| *it == delimiter).count();
    let (mut doubled, mut fits) = (true, false);
    for line in lines(head, true).filter(|it| is_used(it)) {
        loose::split(line, delimiter, Quoting::Single { doubled: true }, &mut record);
        doubled &= record.fault.is_none();
        loose::split(line, delimiter, Quoting::Single { doubled }, &mut record);
        // Otherwise such a quote is a character of a text.
        fits |= record.n_fields == n_names;
    }
    fits.then_some(doubled)
}

/// The first lines that are whole. `is_all` says that nothing follows.
fn lines(head: &[u8], is_all: bool) -> impl Iterator<Item = &[u8]> {
    let is_line_end = |it: &u8| matches!(it, b'\n' | b'\r');
    // What follows the last line end may be the beginning of a line.
    let end = if is_all { head.len() } else { head.iter().rposition(is_line_end).unwrap_or_default() };
    head[..end].split(is_line_end).filter(|it| !it.is_empty()).take(RECORDS_MAX)
}

fn first_record(head: &[u8], cut: (u8, Quoting), is_all: bool) -> Option<Vec<String>> {
    let mut names = None;
    each(head, cut, is_all, |record, _| {
        names = Some(record.names());
        false
    });
    names
}

/// The layout of a file without header, as a `COPY` without header writes the logs.
fn without_header(head: &[u8], is_all: bool, cut: (u8, Quoting)) -> Option<Layout> {
    let mut order = Order::default();
    let mut n_rows = 0;
    each(head, cut, is_all, |record, _| {
        n_rows += 1;
        let values: Vec<&str> = (0..record.n_fields).map(|it| record.text(it).unwrap_or_default()).collect();
        order.see(&values) && n_rows < RECORDS_MAX
    });
    match order.found()? {
        (DumpTable::UsageLogs, names) => Layout::recognise(names.iter().copied()).ok(),
        _ => None,
    }
}

// ---- evidence -----------------------------------------------------------------------------------

fn dialect(head: &[u8], is_all: bool, cut: (u8, Quoting), mut layout: Layout) -> (Dialect, Layout) {
    let (delimiter, quoting) = cut;
    let mut evidence = Evidence::new(head);
    let mut is_header = true;
    each(head, cut, is_all, |record, raw| {
        if is_header {
            is_header = false;
            evidence.begin(&record.names(), &layout);
            return true;
        }
        evidence.see(record, raw, cut);
        evidence.n_rows < RECORDS_MAX
    });
    let dialect = Dialect {
        delimiter,
        quoting,
        has_header: true,
        trailing: evidence.trailing(),
        nulls: match quoting {
            Quoting::Markdown => Nulls::Word("null"),
            Quoting::Json if evidence.has_null() => Nulls::Word("null"),
            // It has a NULL by that name, or an empty text for it.
            Quoting::Json => Nulls::Empty,
            _ => evidence.nulls(),
        },
        doubles_backslashes: quoting == Quoting::Double && evidence.doubles_backslashes(),
    };
    if dialect.trailing && evidence.last_name_is_empty {
        let nothing = unnamed(evidence.n_names - 1);
        layout.unknown.retain(|it| *it != nothing);
    }
    (dialect, layout)
}
