//! CSV as `psql` and Supabase Studio write it → records.
//!
//! An unquoted empty field is NULL and `""` is an empty text. `csv-core` does not tell them apart, so
//! the bytes of a record are looked at again, but only where a column that is read came out empty.

use std::borrow::Cow;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::columns::{Column, Layout, N_COLUMNS};
use super::report::{FileError, Format};
use super::rows::{Cell, RawRow};
use super::source::Source;
use super::tables::Tables;
use super::{sniff, value};
use crate::model::Place;

/// More than `PostgreSQL` gives a table (1,600).
const FIELDS_MAX: usize = 4_096;
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Reads delimited text with a header.
pub(super) fn read(source: &mut Source<'_>, tables: &mut Tables<'_>) -> Result<(), FileError> {
    let (delimiter, layout) = recognise(source.window())?;
    tables.format = Format::Csv;
    tables.delimiter = Some(delimiter);
    let table = tables.begin(layout);

    let mut records = Records::new(delimiter);
    if !records.next(source)? {
        return Err(FileError::new("has no header"));
    }
    let header = Header::new(&records.record, tables.layout(table));
    if delimiter == b'\t' && sniff::is_copy_text(source.window(), header.places[Column::Metadata as usize]) {
        return Err(FileError::new(
            "is COPY's text format (TAB-separated, NULL as \\N): export with `\\copy usage_logs to 'usage_logs.csv' csv header`",
        ));
    }
    source.consume(records.n_raw);
    let mut n_rows = 0;
    while records.next(source)? {
        if !header.is_repeated_by(&records.record, source.line())? && !records.record.is_blank() {
            if records.is_last && records.record.n_fields < header.names.len() {
                return Err(cut(source.line()));
            }
            n_rows += 1;
            let place = Place { row: n_rows, line: source.line() };
            let raw = records.raw(source);
            let cells = header.cells(&records.record, raw, delimiter);
            tables.take(table, &RawRow { place, raw, cells })?;
            source.count_row();
        }
        source.consume(records.n_raw);
    }
    Ok(())
}

/// Finds the delimiter with which the first line is the header of a table of ours.
fn recognise(head: &[u8]) -> Result<(u8, Layout), FileError> {
    let mut best: Option<(usize, FileError)> = None;
    for delimiter in DELIMITERS {
        let names = first_record(head, delimiter);
        match Layout::recognise(names.iter().map(String::as_str)) {
            Ok(layout) => return Ok((delimiter, layout)),
            Err(_) if names.iter().any(|it| value::uuid::parse(it).is_ok()) => {
                return Err(FileError::at(
                    1,
                    "has no header: export with `csv header`, so that the columns are known",
                ));
            }
            Err(err) if best.as_ref().is_none_or(|(n_names, _)| *n_names < names.len()) => {
                best = Some((names.len(), err));
            }
            Err(_) => {}
        }
    }
    Err(best.map_or_else(|| FileError::new("has no header"), |(_, err)| err))
}

fn first_record(head: &[u8], delimiter: u8) -> Vec<String> {
    let mut parser = ReaderBuilder::new().delimiter(delimiter).build();
    let mut record = Record::default();
    let (result, ..) = record.read(&mut parser, head);
    if result == ReadRecordResult::InputEmpty {
        record.read(&mut parser, &[]);
    }
    (0..record.n_fields).map(|it| String::from_utf8_lossy(record.bytes(it)).into_owned()).collect()
}

// ---- records ------------------------------------------------------------------------------------

/// Cuts the source into records, into one buffer that is used again and again.
struct Records {
    parser: Reader,
    delimiter: u8,
    record: Record,
    /// How much of the window the record takes, with its line end.
    n_raw: usize,
    /// Whether the file ended with the record, without a line end.
    is_last: bool,
}

/// The fields of a record, without quotes.
#[derive(Default)]
struct Record {
    text: Vec<u8>,
    n_text: usize,
    ends: Vec<usize>,
    n_fields: usize,
}

impl Records {
    fn new(delimiter: u8) -> Self {
        let parser = ReaderBuilder::new().delimiter(delimiter).build();
        Self { parser, delimiter, record: Record::default(), n_raw: 0, is_last: false }
    }

    /// Reads the next record; the window then begins with it. False at the end of the file.
    fn next(&mut self, source: &mut Source<'_>) -> Result<bool, FileError> {
        skip_line_ends(source)?;
        self.record.clear();
        self.n_raw = 0;
        loop {
            let rest = &source.window()[self.n_raw..];
            let rest_is_empty = rest.is_empty();
            let (result, n_read) = self.record.read(&mut self.parser, rest);
            self.n_raw += n_read;
            match result {
                ReadRecordResult::InputEmpty if source.at_end() => {}
                ReadRecordResult::InputEmpty => {
                    source.fill()?;
                    // An empty input would mean the end to the parser.
                    while source.window().len() == self.n_raw && !source.at_end() {
                        source.fill()?;
                    }
                }
                ReadRecordResult::Record => {
                    self.is_last = rest_is_empty;
                    if self.is_last && is_open(source.window(), self.delimiter) {
                        return Err(cut(source.line()));
                    }
                    self.check(source)?;
                    return Ok(true);
                }
                ReadRecordResult::End => return Ok(false),
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    return Err(FileError::at(source.line(), format!("more than {FIELDS_MAX} columns")));
                }
            }
        }
    }

    fn check(&self, source: &Source<'_>) -> Result<(), FileError> {
        if std::str::from_utf8(&self.record.text[..self.record.n_text]).is_ok() {
            return Ok(());
        }
        // A record that is cut where it was read differs from its text only in quotes, so the raw
        // bytes have the fault too.
        let raw = self.raw(source);
        let at = std::str::from_utf8(raw).err().map_or(0, |err| err.valid_up_to());
        Err(not_utf8(source.line_at(at), raw.get(at).copied()))
    }

    /// The record as it stands in the file, without its line end.
    fn raw<'s>(&self, source: &'s Source<'_>) -> &'s [u8] {
        let raw = &source.window()[..self.n_raw];
        let n_ends = raw.iter().rev().take_while(|it| matches!(it, b'\r' | b'\n')).count().min(1);
        &raw[..raw.len() - n_ends]
    }
}

/// The error of a file that ends inside a record: in quotes, or before the last column.
fn cut(line: u64) -> FileError {
    FileError::at(
        line,
        "the file ends inside the record that begins here: it was cut, or a quote is missing; export it again",
    )
}

/// The error of a file that is not UTF-8.
pub(super) fn not_utf8(line: u64, byte: Option<u8>) -> FileError {
    let byte = byte.map_or_else(String::new, |it| format!(" (byte 0x{it:02X})"));
    FileError::at(
        line,
        format!(
            "not UTF-8{byte}: save the file as UTF-8, or convert it, for example with \
             `iconv -f WINDOWS-1252 -t UTF-8`"
        ),
    )
}

/// Passes over blank lines and the second half of a CRLF.
fn skip_line_ends(source: &mut Source<'_>) -> Result<(), FileError> {
    loop {
        let n_ends = source.window().iter().take_while(|it| matches!(it, b'\r' | b'\n')).count();
        let is_all = n_ends == source.window().len();
        source.consume(n_ends);
        if !is_all || source.at_end() {
            return Ok(());
        }
        source.fill()?;
    }
}

impl Record {
    fn clear(&mut self) {
        self.n_text = 0;
        self.n_fields = 0;
    }

    /// Goes on with a record, growing as it needs to; `OutputEndsFull` beyond [`FIELDS_MAX`].
    fn read(&mut self, parser: &mut Reader, mut input: &[u8]) -> (ReadRecordResult, usize) {
        let mut n_read_in_all = 0;
        loop {
            if self.text.len() - self.n_text < input.len() + 1 {
                self.text.resize(self.n_text + input.len().max(1_024), 0);
            }
            if self.ends.len() == self.n_fields {
                self.ends.resize((self.n_fields * 2).clamp(32, FIELDS_MAX), 0);
            }
            let (result, n_read, n_written, n_ends) =
                parser.read_record(input, &mut self.text[self.n_text..], &mut self.ends[self.n_fields..]);
            n_read_in_all += n_read;
            self.n_text += n_written;
            self.n_fields += n_ends;
            match result {
                ReadRecordResult::OutputFull => {}
                ReadRecordResult::OutputEndsFull if self.n_fields < FIELDS_MAX => {}
                _ => return (result, n_read_in_all),
            }
            input = &input[n_read..];
        }
    }

    fn range(&self, index: usize) -> std::ops::Range<usize> {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        start..self.ends[index]
    }

    fn bytes(&self, index: usize) -> &[u8] {
        &self.text[self.range(index)]
    }

    /// A line of blanks.
    fn is_blank(&self) -> bool {
        self.n_fields <= 1 && self.text[..self.n_text].iter().all(u8::is_ascii_whitespace)
    }
}

// ---- the header ---------------------------------------------------------------------------------

/// The first record, and where in a record the columns are.
struct Header {
    names: Vec<Vec<u8>>,
    /// By [`Column`].
    places: [Option<usize>; N_COLUMNS],
}

impl Header {
    fn new(record: &Record, layout: &Layout) -> Self {
        let names: Vec<Vec<u8>> = (0..record.n_fields).map(|it| record.bytes(it).to_owned()).collect();
        let mut places = [None; N_COLUMNS];
        for (index, name) in names.iter().enumerate() {
            if let Some(column) = Column::named(String::from_utf8_lossy(name).trim())
                && layout.reads(column)
            {
                places[column as usize] = Some(index);
            }
        }
        Self { names, places }
    }

    /// Whether a record is the header once more, as in two files put together; other traces of
    /// putting files together are errors, because rows have run into each other or changed columns.
    fn is_repeated_by(&self, record: &Record, line: u64) -> Result<bool, FileError> {
        let n_names = self.names.len();
        let is_name = |field: usize, name: usize| record.bytes(field) == self.names[name];
        let n_fields = record.n_fields;
        if n_fields == n_names && (0..n_names).all(|it| is_name(it, it)) {
            return Ok(true);
        }
        if n_fields == 2 * n_names - 1 && n_names > 1 && (1..n_names).all(|it| is_name(n_names - 1 + it, it))
        {
            return Err(FileError::at(
                line,
                "the last value of a file and the header of the next run together here: two files were joined, the \
                 first without a final newline; import them one by one",
            ));
        }
        if n_fields > 1 && n_names > 1 && is_name(0, 0) && is_name(1, 1) {
            return Err(FileError::at(
                line,
                "another header with other columns begins here: two files were joined; import them one by one",
            ));
        }
        Ok(false)
    }

    /// The values of a record, or why it has none.
    fn cells<'r>(
        &self,
        record: &'r Record,
        raw: &[u8],
        delimiter: u8,
    ) -> Result<[Cell<'r>; N_COLUMNS], String> {
        if record.n_fields != self.names.len() {
            return Err(format!("{} fields where the header has {}", record.n_fields, self.names.len()));
        }
        // It was checked when the record was read.
        let text = std::str::from_utf8(&record.text[..record.n_text]).unwrap_or_default();
        let mut cells: [Cell<'r>; N_COLUMNS] = Default::default();
        let mut quoted = None;
        for (cell, place) in cells.iter_mut().zip(self.places) {
            let Some(index) = place else { continue };
            *cell = match text.get(record.range(index)) {
                None => Cell::Fault("is not UTF-8".to_owned()),
                Some("") if !quoted.get_or_insert_with(|| quoted_fields(record, raw, delimiter))[index] => {
                    Cell::Null
                }
                Some(text) => Cell::Text(Cow::Borrowed(text)),
            };
        }
        Ok(cells)
    }
}

// ---- quotes -------------------------------------------------------------------------------------

/// Which fields begin with a quote.
fn quoted_fields(record: &Record, raw: &[u8], delimiter: u8) -> Vec<bool> {
    let mut at = 0;
    (0..record.n_fields)
        .map(|index| {
            let is_quoted = raw.get(at) == Some(&b'"');
            // Without a quote at its start a field stands in the file as it is.
            at = if is_quoted { field_end(raw, at, delimiter).0 } else { at + record.bytes(index).len() };
            at += 1;
            is_quoted
        })
        .collect()
}

/// Whether bytes that end with the file end inside a quoted field.
fn is_open(raw: &[u8], delimiter: u8) -> bool {
    let mut at = 0;
    while at < raw.len() {
        let (end, is_open) = field_end(raw, at, delimiter);
        if is_open {
            return true;
        }
        at = end + 1;
    }
    false
}

/// Where the field at `start` ends, and whether its quote is still open there.
fn field_end(raw: &[u8], start: usize, delimiter: u8) -> (usize, bool) {
    let mut at = start;
    while raw.get(at) == Some(&b'"') {
        match memchr::memchr(b'"', &raw[at + 1..]) {
            Some(n_bytes) => at += n_bytes + 2,
            None => return (raw.len(), true),
        }
    }
    let n_bytes = memchr::memchr3(delimiter, b'\n', b'\r', raw.get(at..).unwrap_or_default());
    (n_bytes.map_or(raw.len(), |it| at + it), false)
}
