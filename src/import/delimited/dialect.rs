//! How a delimited file is written, told from its beginning.
//!
//! A tool spells NULL in one way throughout a file, but texts may look the same. So a word counts as
//! NULL only where the file proves that it is one; what proves it is said at each rule of [`Nulls`].

use super::evidence::Evidence;
use super::quotes;
use super::records::{How, Quoting, each};
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
    head: &str,
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
fn cuts(head: &str, is_all: bool) -> Vec<How> {
    let first_line = head.trim_ascii_start().split(['\n', '\r']).next().unwrap_or_default();
    if first_line.starts_with('|') {
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
            quotes::quoting(head.as_bytes(), delimiter)
        }
    };
    DELIMITERS.into_iter().map(|it| (it, quoting(it))).collect()
}

/// Whether every line of the beginning begins and ends with a blank, and has one on both sides of a
/// delimiter. Quotes would be another spelling.
fn has_blanks(head: &str, delimiter: u8, is_all: bool) -> bool {
    const LINES_MAX: usize = 100;
    let separator = [b' ', delimiter, b' '];
    let n_separators = |line: &str| memchr::memmem::find_iter(line.as_bytes(), &separator).count();
    let mut lines = lines(head, is_all).take(LINES_MAX);
    lines.next().is_some_and(|first| {
        n_separators(first) > 0
            && n_separators(first) == memchr::memchr_iter(delimiter, first.as_bytes()).count()
    }) && lines.all(|it| it.starts_with(' ') && n_separators(it) > 0)
}

/// Whether every field behind the first line is a JSON value, and some are what CSV cannot hold: an
/// object with quotes that are not doubled.
fn has_json_fields(head: &str, delimiter: u8, is_all: bool) -> bool {
    let mut has_object = false;
    let has_only_json = lines(head, is_all).skip(1).all(|line| {
        let mut has_fault = false;
        each(line, (delimiter, Quoting::Json), true, |record| {
            has_object |= record.texts().any(|it| it.starts_with("{\""));
            has_fault = record.fault().is_some();
            true
        });
        !has_fault
    });
    has_only_json && has_object
}

/// Whether every delimiter has a blank behind it, and the records are as long as the header.
fn has_blanks_behind(head: &str, delimiter: u8, is_all: bool) -> bool {
    let mut n_names = None;
    let mut has_blanks = |line: &str| {
        let mut has_blanks = false;
        each(line, (delimiter, Quoting::Spaced), true, |record| {
            has_blanks = record.fault().is_none()
                && record.n_fields() > 1
                && *n_names.get_or_insert(record.n_fields()) == record.n_fields();
            true
        });
        has_blanks
    };
    lines(head, is_all).all(&mut has_blanks) && n_names.is_some()
}

/// Whether metadata or ids stand in single quotes, and whether quotes inside are doubled: not, where
/// one is found that stands alone.
fn single_quotes(head: &str, delimiter: u8) -> Option<bool> {
    let begins =
        |it: &str| it.starts_with("'{\"") || (it.len() == 38 && it.starts_with('\'') && it.ends_with('\''));
    let is_used = |line: &str| line.split(char::from(delimiter)).any(begins);
    let n_names = lines(head, true).next()?.split(char::from(delimiter)).count();
    let (mut doubled, mut fits) = (true, false);
    for line in lines(head, true).filter(|it| is_used(it)) {
        each(line, (delimiter, Quoting::Single { doubled: true }), true, |record| {
            doubled &= record.fault().is_none();
            true
        });
        // Otherwise such a quote is a character of a text.
        each(line, (delimiter, Quoting::Single { doubled }), true, |record| {
            fits |= record.n_fields() == n_names;
            true
        });
    }
    fits.then_some(doubled)
}

/// The first lines that are whole. `is_all` says that nothing follows.
fn lines(head: &str, is_all: bool) -> impl Iterator<Item = &str> {
    let is_line_end = ['\n', '\r'];
    // What follows the last line end may be the beginning of a line.
    let end = if is_all { head.len() } else { head.rfind(is_line_end).unwrap_or_default() };
    head[..end].split(is_line_end).filter(|it| !it.is_empty()).take(RECORDS_MAX)
}

fn first_record(head: &str, cut: How, is_all: bool) -> Option<Vec<String>> {
    let mut names = None;
    each(head, cut, is_all, |record| {
        names = Some(record.names());
        false
    });
    names
}

/// The layout of a file without header, as a `COPY` without header writes the logs.
fn without_header(head: &str, is_all: bool, cut: How) -> Option<Layout> {
    let mut order = Order::default();
    let mut n_rows = 0;
    each(head, cut, is_all, |record| {
        n_rows += 1;
        let values: Vec<&str> = record.texts().collect();
        order.see(&values) && n_rows < RECORDS_MAX
    });
    match order.found()? {
        (DumpTable::UsageLogs, names) => Layout::recognise(names.iter().copied()).ok(),
        _ => None,
    }
}

// ---- evidence -----------------------------------------------------------------------------------

fn dialect(head: &str, is_all: bool, cut: How, mut layout: Layout) -> (Dialect, Layout) {
    let (delimiter, quoting) = cut;
    let mut evidence = Evidence::new(head.as_bytes());
    let mut is_header = true;
    each(head, cut, is_all, |record| {
        if is_header {
            is_header = false;
            evidence.begin(&record.names(), &layout);
            return true;
        }
        evidence.see(record);
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
