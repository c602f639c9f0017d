//! COPY's text format, and `ClickHouse`'s `TabSeparated`, which escapes alike → records.
//!
//! TABs between the values, `\N` for NULL, backslashes before what would be mistaken; a header or none.
//! The blocks of `pg_dump` are read by the same hands.

mod field;
mod json;
mod lines;

use std::borrow::Cow;

pub(super) use self::field::{cell, fields};
pub(super) use self::json::{Unescape, undo as undo_json};
pub(super) use self::lines::Line;

use super::columns::{Column, Layout};
use super::jsonb;
use super::order::Order;
use super::places::Places;
use super::report::{FileError, Format, WarningCode};
use super::rows::{Cell, RawRow};
use super::source::{BYTE_ORDER_MARK, Source};
use super::tables::{TableNo, Tables};
use crate::model::Place;

/// Lines that are looked at to tell what a file is.
const LOOK_MAX: usize = 1_000;

/// What a warning says of columns that are not named.
pub(super) const NO_HEADER: &str = "no header: the columns were taken in the order of the source's table";

/// What the first lines say about a file.
#[derive(Debug)]
pub(super) struct Start {
    names: Vec<String>,
    has_header: bool,
}

/// Whether TAB-separated text is COPY's. Text with quotes around its values is CSV's.
pub(super) fn recognise(source: &mut Source<'_>) -> Result<Option<Start>, FileError> {
    let is_tabbed = |head: &[u8]| memchr::memchr2(b'\t', b'\n', head).is_some_and(|it| head[it] == b'\t');
    // One row at least, however long.
    while is_tabbed(source.window()) && n_lines(source.window()) < 2 && !source.at_end() {
        source.fill()?;
    }
    let head = source.window();
    if !is_tabbed(head) {
        return Ok(None);
    }
    let head = match memchr::memrchr(b'\n', head) {
        Some(last) if !source.at_end() => &head[..last],
        _ => head,
    };
    Ok(start(&String::from_utf8_lossy(head)))
}

fn n_lines(head: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', head).take(2).count()
}

fn start(head: &str) -> Option<Start> {
    let mut lines = head.lines().filter(|it| !it.is_empty() && *it != "\\.").take(LOOK_MAX).peekable();
    let names: Vec<String> = lines.peek()?.split('\t').map(str::to_owned).collect();
    if let Ok(layout) = Layout::recognise(names.iter().map(String::as_str)) {
        lines.next();
        let metadata = Places::new(names.iter().map(String::as_str), &layout).of(Column::Metadata);
        return is_escaped(lines, names.len(), metadata)?.then_some(Start { names, has_header: true });
    }
    let lines: Vec<&str> = lines.collect();
    let mut order = Order::default();
    for line in &lines {
        order.see(&values(line).iter().map(AsRef::as_ref).collect::<Vec<_>>());
    }
    let (_, names) = order.found()?;
    let metadata = names.iter().position(|it| *it == Column::Metadata.name());
    is_escaped(lines.into_iter(), names.len(), metadata)
        .unwrap_or(true)
        .then(|| Start { names: names.iter().map(|it| (*it).to_owned()).collect(), has_header: false })
}

/// The values of a line, in which NULL is an empty text.
pub(super) fn values(line: &str) -> Vec<Cow<'_, str>> {
    let text = |it| match cell(it) {
        Cell::Text(text) => text,
        _ => Cow::default(),
    };
    fields(line).map(text).collect()
}

/// Whether lines are escaped with backslashes; CSV quotes instead, and leaves NULL empty. Nothing where
/// both would read them alike.
///
/// The metadata tells, because no CSV writes an object without quotes, or NULL as `\N`, while COPY
/// leaves no cell of it empty. Without any metadata a lone `\N` does, unless there are quotes.
fn is_escaped<'l>(
    lines: impl Iterator<Item = &'l str>,
    n_fields: usize,
    metadata: Option<usize>,
) -> Option<bool> {
    let mut has_null = false;
    let mut has_quoted = false;
    let mut has_empty = false;
    let mut has_object = false;
    for line in lines {
        let fields: Vec<&str> = line.split('\t').collect();
        // A line of another number is a part of a quoted value, or a bad row.
        if fields.len() != n_fields {
            continue;
        }
        has_null |= fields.contains(&"\\N");
        has_empty |= fields.contains(&"");
        let Some(metadata) = metadata else {
            has_quoted |= fields.iter().any(|it| it.starts_with('"'));
            continue;
        };
        let field = fields[metadata];
        match field.as_bytes().first() {
            None => return Some(false),
            Some(b'\\') if field == "\\N" && !line.contains('"') => return Some(true),
            Some(b'"') if fields[0].starts_with('"') => return Some(false),
            Some(b'"') => {
                // The text of a JSON string, or any metadata in CSV's quotes; only one of them is JSON.
                let undone = matches!(cell(field), Cell::Text(it) if jsonb::is_json(&it));
                if undone != is_quoted_json(field) {
                    return Some(undone);
                }
            }
            Some(b'{' | b'[') if field.contains('"') && field.contains('\\') => {
                // A quote in a text is `\"` in JSON and `\\"` when escaped; only one of them is JSON.
                let undone = matches!(cell(field), Cell::Text(it) if jsonb::is_json(&it));
                if undone != jsonb::is_json(field) {
                    return Some(undone);
                }
                has_object = true;
            }
            Some(b'{' | b'[') => has_object |= field.contains('"'),
            _ => {}
        }
    }
    match metadata {
        Some(_) => (has_null || (has_object && !has_empty)).then_some(true),
        None if has_quoted => Some(false),
        None => has_null.then_some(true),
    }
}

/// Whether a field is JSON in CSV's quotes.
fn is_quoted_json(field: &str) -> bool {
    let inner = field.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or_default();
    jsonb::is_json(&inner.replace("\"\"", "\""))
}

/// Reads lines of text; `start` is what [`recognise`] said.
pub(super) fn read(source: &mut Source<'_>, start: &Start, tables: &mut Tables<'_>) -> Result<(), FileError> {
    let names = || start.names.iter().map(String::as_str);
    tables.format = Format::CopyText;
    tables.written.has_header = Some(start.has_header);
    let layout = Layout::recognise(names())?;
    let places = Places::new(names(), &layout);
    let table = tables.begin(layout);
    let n_rows = read_lines(source, start, tables, (table, &places))?;
    if !start.has_header {
        tables.warn(table, WarningCode::NoHeader, n_rows, NO_HEADER);
    }
    Ok(())
}

fn read_lines(
    source: &mut Source<'_>,
    start: &Start,
    tables: &mut Tables<'_>,
    (table, places): (TableNo, &Places),
) -> Result<u64, FileError> {
    let header = start.names.join("\t");
    let mut n_rows = 0;
    while let Some(line) = Line::at(source, 0, true)? {
        let raw = line.text(source);
        if raw == "\\." {
            source.consume(line.next);
            end(source)?;
            break;
        }
        if !line.is_ended {
            return Err(FileError::at(
                source.line(),
                "the last line has no line end, which COPY always writes: the file was cut; export it again",
            ));
        }
        // Of files that were put together there are several, each with its byte order mark.
        let names = raw.strip_prefix(BYTE_ORDER_MARK).unwrap_or(raw);
        let is_header = start.has_header && names == header;
        if !raw.is_empty() && !is_header {
            n_rows += 1;
            let place = Place { row: n_rows, line: source.line() };
            tables.take(table, &row(raw, place, places))?;
            source.count_row();
        }
        source.consume(line.next);
    }
    Ok(n_rows)
}

/// A line as a row.
pub(super) fn row<'r>(line: &'r str, place: Place, places: &Places) -> RawRow<'r> {
    RawRow { place, raw: line.as_bytes(), cells: places.cells(fields(line), cell) }
}

/// After the end mark there is nothing.
fn end(source: &mut Source<'_>) -> Result<(), FileError> {
    loop {
        let n_blanks = source.window().iter().take_while(|it| it.is_ascii_whitespace()).count();
        source.consume(n_blanks);
        if !source.window().is_empty() {
            return Err(FileError::at(
                source.line(),
                "something follows the end mark `\\.`: two files were joined; import them one by one",
            ));
        }
        if source.at_end() {
            return Ok(());
        }
        source.fill()?;
    }
}
