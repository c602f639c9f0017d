//! What `psql` prints: the unaligned output (`-A`) → records; the tables for people are refused.
//!
//! Unaligned output quotes nothing: a line break or a `|` in a value cuts it, and NULL is an empty text.
//! What is cut is rejected and never put together again, because where the pieces meet is a guess.

mod aligned;

use super::columns::{Column, Layout};
use super::copy::{Line, NO_HEADER};
use super::order::Order;
use super::places::Places;
use super::report::{FileError, Format, WarningCode};
use super::rows::{Cell, RawRow};
use super::source::Source;
use super::tables::{TableNo, Tables};
use super::value::uuid;
use crate::model::Place;

/// Lines that are looked at to tell what a file is.
const LOOK_MAX: usize = 1_000;

/// What a warning says of this way of writing.
const LOSSES: &str = "psql's unaligned output does not tell NULL from an empty text (read as NULL), and cuts texts \
    with line breaks or `|` (rejected)";

/// What the first lines say about a file.
#[derive(Debug)]
pub(super) struct Start {
    names: Vec<String>,
    has_header: bool,
}

/// Whether text is unaligned output; an error where it is another of `psql`'s, which cannot be read.
pub(super) fn recognise(source: &mut Source<'_>) -> Result<Option<Start>, FileError> {
    if let Some(err) = aligned::refusal(source.window()) {
        return Err(err);
    }
    // One row at least, however long.
    while may_be_unaligned(source.window()) && !source.at_end() {
        source.fill()?;
    }
    let head = source.window();
    let is_whole = source.at_end();
    let whole = match memchr::memrchr(b'\n', head) {
        Some(last) if !is_whole => &head[..last],
        _ => head,
    };
    Ok(start(&String::from_utf8_lossy(whole), is_whole))
}

/// Whether the first line has a `|` inside, and the window ends before the second does.
fn may_be_unaligned(head: &[u8]) -> bool {
    let mut lines = head.splitn(3, |it| *it == b'\n');
    let first = lines.next().unwrap_or_default();
    !first.starts_with(b"|") && first.contains(&b'|') && lines.nth(1).is_none()
}

fn start(head: &str, is_whole: bool) -> Option<Start> {
    let first = head.lines().next()?;
    let names: Vec<String> = first.split('|').map(str::to_owned).collect();
    // A table in Markdown begins with a `|`.
    if names.len() < 2 || first.starts_with('|') {
        return None;
    }
    let ends_in_footer = is_whole && head.lines().last().is_some_and(|it| footer(it).is_some());
    let lines = || head.lines().take(LOOK_MAX).filter(|it| it.split('|').count() == names.len());
    if let Ok(layout) = Layout::recognise(names.iter().map(String::as_str)) {
        let metadata = Places::new(names.iter().map(String::as_str), &layout).of(Column::Metadata);
        let is_unaligned = has_bare_object(lines().skip(1), metadata) || ends_in_footer;
        return is_unaligned.then_some(Start { names, has_header: true });
    }
    let mut order = Order::default();
    for line in lines() {
        order.see(&line.split('|').collect::<Vec<_>>());
    }
    let (_, names) = order.found()?;
    let metadata = names.iter().position(|it| *it == Column::Metadata.name());
    let names = names.iter().map(|it| (*it).to_owned()).collect();
    has_bare_object(lines(), metadata).then_some(Start { names, has_header: false })
}

/// Whether metadata is an object, or a JSON string that holds one, as it is; CSV has to quote it.
fn has_bare_object<'l>(mut lines: impl Iterator<Item = &'l str>, metadata: Option<usize>) -> bool {
    let is_bare = |it: &str| {
        [("{\"", "{\"\""), ("\"{\\\"", "\"{\\\"\"")]
            .iter()
            .any(|(bare, quoted)| it.starts_with(bare) && !it.starts_with(quoted))
    };
    metadata.is_some_and(|place| lines.any(|line| line.split('|').nth(place).is_some_and(is_bare)))
}

/// The number of rows in `(502 rows)`, in whatever language.
fn footer(line: &str) -> Option<u64> {
    let inner = line.strip_prefix('(')?.strip_suffix(')')?;
    let (n_rows, what) = inner.split_once(' ')?;
    what.chars().all(|it| it.is_alphabetic() || it == ' ').then(|| n_rows.parse().ok())?
}

/// Reads unaligned output; `start` is what [`recognise`] said.
pub(super) fn read(source: &mut Source<'_>, start: &Start, tables: &mut Tables<'_>) -> Result<(), FileError> {
    let names = || start.names.iter().map(String::as_str);
    tables.format = Format::PsqlUnaligned;
    tables.written.has_header = Some(start.has_header);
    let layout = Layout::recognise(names())?;
    let places = Places::new(names(), &layout);
    let lines = Lines {
        begins_with_uuid: [Column::Id, Column::UserId].into_iter().any(|it| places.of(it) == Some(0)),
        header: start.has_header.then(|| start.names.join("|")),
        places,
    };
    let table = tables.begin(layout);
    let n_rows = lines.read(source, tables, table)?;
    if !start.has_header {
        tables.warn(table, WarningCode::NoHeader, n_rows, NO_HEADER);
    }
    if n_rows > 0 {
        tables.warn(table, WarningCode::LossyFormat, n_rows, LOSSES);
    }
    Ok(())
}

/// Whether no line follows but a blank one.
fn is_last(source: &Source<'_>, next: Option<Line>) -> bool {
    next.is_none_or(|it| it.bytes(source).is_empty() && source.at_end() && it.next == source.window().len())
}

/// What the lines of a file have in common.
struct Lines {
    places: Places,
    header: Option<String>,
    begins_with_uuid: bool,
}

impl Lines {
    /// Reads all lines; how many rows they are.
    fn read(
        &self,
        source: &mut Source<'_>,
        tables: &mut Tables<'_>,
        table: TableNo,
    ) -> Result<u64, FileError> {
        let mut n_rows = 0;
        while let Some(line) = Line::at(source, 0, false)? {
            let next = Line::at(source, line.next, false)?;
            let raw = line.text(source);
            if is_last(source, next)
                && let Some(n_told) = footer(raw)
            {
                end(source, n_told, n_rows, line)?;
                break;
            }
            if !line.is_ended {
                return Err(FileError::at(
                    source.line(),
                    "the last line has no line end, which psql always writes: the file was cut; export it again",
                ));
            }
            if !self.is_header(raw) {
                n_rows += 1;
                let place = Place { row: n_rows, line: source.line() };
                let row = self.row(source, raw, next, place);
                tables.take(table, &row)?;
                source.count_row();
            }
            source.consume(line.next);
        }
        Ok(n_rows)
    }

    fn is_header(&self, line: &str) -> bool {
        self.header.as_deref() == Some(line)
    }

    fn row<'s>(&self, source: &'s Source<'_>, raw: &'s str, next: Option<Line>, place: Place) -> RawRow<'s> {
        let cell = |it: &'s str| if it.is_empty() { Cell::Null } else { Cell::Text(it.into()) };
        let mut cells = self.places.cells(raw.split('|'), cell);
        match &mut cells {
            Err(reason) => reason.push_str(
                ": a value with a line break or a `|` is cut in psql's unaligned output; export with `\\copy … csv header`",
            ),
            // Its last value would be cut without a trace.
            Ok(_) if next.is_some_and(|it| !self.is_begin(source, it)) => {
                cells = Err("the next line is no row, so a value with a line break may go on there: export with \
                             `\\copy … csv header`"
                    .to_owned());
            }
            Ok(_) => {}
        }
        RawRow { place, raw: raw.as_bytes(), cells }
    }

    /// Whether a line begins a row, or is none at all.
    fn is_begin(&self, source: &Source<'_>, line: Line) -> bool {
        let raw = line.text(source);
        let is_in_last_line = source.at_end() && !source.window()[line.next..].contains(&b'|');
        if self.is_header(raw) || (is_in_last_line && footer(raw).is_some()) {
            return true;
        }
        let mut values = raw.split('|');
        let first = values.next();
        if self.begins_with_uuid {
            first.is_some_and(|it| uuid::parse(it).is_ok())
        } else {
            values.count() + 1 == self.places.n_values()
        }
    }
}

/// The last line says how many rows there should be.
fn end(source: &mut Source<'_>, n_told: u64, n_rows: u64, line: Line) -> Result<(), FileError> {
    if n_rows < n_told {
        return Err(FileError::at(
            source.line(),
            format!("the last line tells of {n_told} rows, and the file has {n_rows}: export it again"),
        ));
    }
    source.consume(line.next);
    Ok(())
}
