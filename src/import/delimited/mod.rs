//! Delimited text → records: CSV in every spelling that tools have been seen to write, and Markdown.
//!
//! [`dialect`] tells from the beginning how the file is written, by [`evidence`] and [`quotes`]; [`records`] and [`loose`] cut it,
//! and [`header`] knows which column is where.

mod dialect;
mod evidence;
mod header;
mod loose;
mod quotes;
mod records;

use self::dialect::{Dialect, Nulls};
use self::header::{Header, Next, WordTally};
use self::records::{Quoting, Records};
use super::report::{FileError, Format, WarningCode};
use super::rows::RawRow;
use super::source::Source;
use super::tables::{TableNo, Tables};
use crate::model::Place;

/// How far the end of the first row is looked for, to tell the dialect.
const ROW_BYTES: usize = 1024 * 1024;

/// Reads delimited text, with a header or without one.
pub(super) fn read(source: &mut Source<'_>, tables: &mut Tables<'_>) -> Result<(), FileError> {
    let named = skip_named_delimiter(source)?;
    // A header alone does not tell how rows are written. A row that is longer is read in its turn.
    while source.window().len() < ROW_BYTES
        && memchr::memchr2_iter(b'\n', b'\r', source.window()).take(2).count() < 2
        && !source.at_end()
    {
        source.fill()?;
    }
    let (dialect, layout) = dialect::recognise(source.window(), named, source.at_end(), tables.expected())?;
    tables.format = match (dialect.quoting, dialect.delimiter) {
        (Quoting::Markdown, _) => Format::Markdown,
        (_, b'\t') => Format::Tsv,
        _ => Format::Csv,
    };
    tables.written.delimiter = Some(dialect.delimiter);
    tables.written.has_header = Some(dialect.has_header);
    let table = tables.begin(layout);
    let mut records = Records::new(dialect.delimiter, dialect.quoting);
    let names = if !dialect.has_header {
        tables.layout(table).names.iter().flatten().cloned().collect()
    } else if records.next(source)? {
        records.record.names()
    } else {
        return Err(FileError::new("has no header"));
    };
    let header = Header::new(names, dialect, tables.layout(table));
    if dialect.has_header {
        source.consume(records.n_raw);
    }
    let (n_rows, words) = read_rows(source, tables, &mut records, header, table)?;
    warn(tables, table, &dialect, n_rows, &words);
    Ok(())
}

/// Reads the records behind the header; headers in between begin other columns, or another table.
fn read_rows(
    source: &mut Source<'_>,
    tables: &mut Tables<'_>,
    records: &mut Records,
    mut header: Header,
    mut table: TableNo,
) -> Result<(u64, WordTally), FileError> {
    let mut words = WordTally::default();
    let mut n_rows = 0;
    while records.next(source)? {
        let record = &records.record;
        match header.next(record, source.line())? {
            Next::SameHeader => {}
            Next::Header(next, layout) => {
                header = *next;
                table = tables.begin(*layout);
            }
            Next::Row if record.is_blank() || is_rule(records) => {}
            Next::Row => {
                if records.is_last && (record.n_fields < header.names.len() || record.fault.is_some()) {
                    return Err(records::cut(source.line()));
                }
                n_rows += 1;
                let place = Place { row: n_rows, line: source.line() };
                let raw = records.raw(source);
                if header.is_mapped {
                    tables.take_theirs(table, place, raw, &header.values(record, raw, &mut words))?;
                } else {
                    let cells = header.cells(record, raw, &mut words);
                    tables.take(table, &RawRow { place, raw, cells })?;
                }
                source.count_row();
            }
        }
        source.consume(records.n_raw);
    }
    Ok((n_rows, words))
}

/// `| --- | --- |`, below a header in Markdown.
fn is_rule(records: &Records) -> bool {
    records.quoting() == Quoting::Markdown
        && records.record.all_text().bytes().all(|it| matches!(it, b'-' | b':'))
}

/// Reads Excel's first line `sep=;`, which names the delimiter.
fn skip_named_delimiter(source: &mut Source<'_>) -> Result<Option<u8>, FileError> {
    records::skip_line_ends(source)?;
    let window = source.window();
    let line = &window[..memchr::memchr2(b'\n', b'\r', window).unwrap_or(window.len())];
    let inner = line.strip_prefix(b"\"").and_then(|it| it.strip_suffix(b"\"")).unwrap_or(line);
    let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] = *inner else { return Ok(None) };
    source.consume(line.len());
    Ok(Some(delimiter))
}

fn warn(tables: &mut Tables<'_>, table: TableNo, dialect: &Dialect, n_rows: u64, words: &WordTally) {
    let values = |n: u64| format!("{n} {}", if n == 1 { "value" } else { "values" });
    if !dialect.has_header {
        let message = "no header: the columns were taken in the order of usage_logs";
        tables.warn(table, WarningCode::NoHeader, n_rows, message);
    }
    // In JSON a text has quotes.
    if words.n_nulls > 0 && dialect.quoting != Quoting::Json {
        let word = if let Nulls::Word(word) = dialect.nulls { word } else { "NULL" };
        let message = format!(
            "`{word}` without quotes is this file's NULL and was read so in {}; a text of the same letters may look \
             alike",
            values(words.n_nulls)
        );
        tables.warn(table, WarningCode::NullWord, n_rows, message);
    }
    if words.n_texts > 0 {
        let message = format!(
            "`null` was kept as a text in {}: nothing in the file proves that it is NULL",
            values(words.n_texts)
        );
        tables.warn(table, WarningCode::NullWord, words.n_texts, message);
    }
    if dialect.quoting == Quoting::Json && dialect.nulls == Nulls::Empty && n_rows > 0 {
        let message = "each field is a JSON value, and NULL an empty text, also inside metadata: what was an empty text \
                       cannot be told from it";
        tables.warn(table, WarningCode::LossyFormat, n_rows, message);
    }
    if dialect.quoting == Quoting::Markdown && n_rows > 0 {
        let message = "a Markdown table does not keep blanks at the end of a text";
        tables.warn(table, WarningCode::LossyFormat, n_rows, message);
    }
}

#[cfg(test)]
mod tests;
