//! Delimited text → records, in one buffer that is used again and again.
//!
//! `csv-core` cuts what is quoted as RFC 4180 says. Spellings that break that rule are cut by [`loose`],
//! a line at a time.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::loose;
use super::quotes;
use crate::import::report::FileError;
use crate::import::source::Source;

/// More than `PostgreSQL` gives a table (1,600).
pub(super) const FIELDS_MAX: usize = 4_096;

/// How fields are told from each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Quoting {
    /// `"`, doubled inside, where it is needed or everywhere.
    Double,
    /// `"`, and inside a backslash before quotes and backslashes: `COPY … ESCAPE '\'`, Spark.
    Escaped,
    /// `"`, but some quotes inside are neither doubled nor escaped: such a record has a fault.
    Checked,
    /// `'`, doubled inside or not. Such a field lies on one line.
    Single { doubled: bool },
    /// `"`, doubled inside, and a blank behind every delimiter. Such a field lies on one line.
    Spaced,
    /// Nothing is quoted, and a blank stands on both sides of every delimiter.
    Blanks,
    /// Every field is a JSON value, as a converter writes it that does not know CSV's quotes.
    Json,
    /// A Markdown table: `|` around every cell, `\|` for one that is text.
    Markdown,
}

/// Cuts the source into records.
pub(super) struct Records {
    cutter: Cutter,
    delimiter: u8,
    quoting: Quoting,
    pub(super) record: Record,
    /// How much of the window the record takes, with its line end.
    pub(super) n_raw: usize,
    /// Whether the file ended with the record, without a line end.
    pub(super) is_last: bool,
}

enum Cutter {
    Strict(Box<Reader>),
    Loose,
}

/// The fields of a record, without quotes.
#[derive(Default)]
pub(super) struct Record {
    text: Vec<u8>,
    n_text: usize,
    ends: Vec<usize>,
    pub(super) n_fields: usize,
    /// Which fields had quotes, where these are not CSV's own.
    pub(super) quoted: Vec<bool>,
    /// Why the fields cannot be told from each other.
    pub(super) fault: Option<&'static str>,
}

impl Records {
    pub(super) fn new(delimiter: u8, quoting: Quoting) -> Self {
        let cutter = match quoting {
            Quoting::Double | Quoting::Escaped | Quoting::Checked => {
                Cutter::Strict(Box::new(reader(delimiter, quoting)))
            }
            _ => Cutter::Loose,
        };
        Self { cutter, delimiter, quoting, record: Record::default(), n_raw: 0, is_last: false }
    }

    /// How fields are told from each other.
    pub(super) fn quoting(&self) -> Quoting {
        self.quoting
    }

    /// Reads the next record; the window then begins with it. False at the end of the file.
    pub(super) fn next(&mut self, source: &mut Source<'_>) -> Result<bool, FileError> {
        skip_line_ends(source)?;
        self.record.clear();
        self.n_raw = 0;
        let found = match &mut self.cutter {
            Cutter::Strict(_) => self.next_strict(source)?,
            Cutter::Loose => self.next_loose(source)?,
        };
        if found {
            self.check(source)?;
        }
        Ok(found)
    }

    fn next_strict(&mut self, source: &mut Source<'_>) -> Result<bool, FileError> {
        let Cutter::Strict(parser) = &mut self.cutter else { return Ok(false) };
        loop {
            let rest = &source.window()[self.n_raw..];
            let rest_is_empty = rest.is_empty();
            let (result, n_read) = self.record.read(parser, rest);
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
                    let escapes = self.quoting == Quoting::Escaped;
                    if self.is_last && quotes::is_open(source.window(), self.delimiter, escapes) {
                        return Err(cut(source.line()));
                    }
                    self.record.check_quotes(&source.window()[..self.n_raw], self.delimiter, self.quoting);
                    return Ok(true);
                }
                ReadRecordResult::End => return Ok(false),
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    return Err(too_many_fields(source.line()));
                }
            }
        }
    }

    fn next_loose(&mut self, source: &mut Source<'_>) -> Result<bool, FileError> {
        let line_end = |window: &[u8]| memchr::memchr2(b'\n', b'\r', window);
        // How much is known to hold no line end.
        let mut n_seen = 0;
        let end = loop {
            if let Some(at) = line_end(&source.window()[n_seen..]) {
                break Some(n_seen + at);
            }
            n_seen = source.window().len();
            if source.at_end() {
                break None;
            }
            source.fill()?;
        };
        self.is_last = end.is_none();
        let window = source.window();
        let line = &window[..end.unwrap_or(window.len())];
        if line.is_empty() {
            return Ok(false);
        }
        self.n_raw = line.len() + usize::from(end.is_some());
        if loose::split(line, self.delimiter, self.quoting, &mut self.record) {
            Ok(true)
        } else {
            Err(too_many_fields(source.line()))
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
        Err(FileError::not_utf8(source.line_at(at), raw.get(at).copied()))
    }

    /// The record as it stands in the file, without its line end.
    pub(super) fn raw<'s>(&self, source: &'s Source<'_>) -> &'s [u8] {
        without_line_end(&source.window()[..self.n_raw])
    }
}

/// The records of a text that lies in memory, as far as they are whole: each with its raw bytes.
///
/// `is_all` says that nothing follows the text.
pub(super) fn each(
    mut text: &[u8],
    (delimiter, quoting): (u8, Quoting),
    is_all: bool,
    mut take: impl FnMut(&Record, &[u8]) -> bool,
) {
    let mut parser = reader(delimiter, quoting);
    let mut record = Record::default();
    loop {
        let n_ends = text.iter().take_while(|it| matches!(it, b'\r' | b'\n')).count();
        text = &text[n_ends..];
        if text.is_empty() {
            return;
        }
        record.clear();
        let n_raw = match quoting {
            Quoting::Double | Quoting::Escaped | Quoting::Checked => {
                let (result, n_read) = record.read(&mut parser, text);
                match result {
                    ReadRecordResult::Record => {}
                    ReadRecordResult::InputEmpty if is_all => {
                        record.read(&mut parser, &[]);
                    }
                    _ => return,
                }
                record.check_quotes(&text[..n_read], delimiter, quoting);
                n_read
            }
            _ => match memchr::memchr2(b'\n', b'\r', text) {
                None if !is_all => return,
                end => {
                    let n_line = end.unwrap_or(text.len());
                    if !loose::split(&text[..n_line], delimiter, quoting, &mut record) {
                        return;
                    }
                    n_line + usize::from(end.is_some())
                }
            },
        };
        if std::str::from_utf8(&record.text[..record.n_text]).is_err()
            || !take(&record, without_line_end(&text[..n_raw]))
        {
            return;
        }
        text = &text[n_raw..];
    }
}

fn reader(delimiter: u8, quoting: Quoting) -> Reader {
    let mut builder = ReaderBuilder::new();
    if quoting == Quoting::Escaped {
        builder.double_quote(false).escape(Some(b'\\'));
    }
    builder.delimiter(delimiter).build()
}

fn without_line_end(raw: &[u8]) -> &[u8] {
    match raw {
        [raw @ .., b'\r' | b'\n'] => raw,
        _ => raw,
    }
}

fn too_many_fields(line: u64) -> FileError {
    FileError::at(line, format!("more than {FIELDS_MAX} columns"))
}

/// The error of a file that ends inside a record: in quotes, or before the last column.
pub(super) fn cut(line: u64) -> FileError {
    FileError::at(
        line,
        "the file ends inside the record that begins here: it was cut, or a quote is missing; export it again",
    )
}

/// Passes over blank lines and the second half of a CRLF.
pub(super) fn skip_line_ends(source: &mut Source<'_>) -> Result<(), FileError> {
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
    pub(super) fn clear(&mut self) {
        self.n_text = 0;
        self.n_fields = 0;
        self.quoted.clear();
        self.fault = None;
    }

    /// Adds a field. False beyond [`FIELDS_MAX`].
    pub(super) fn push(&mut self, field: &[u8]) -> bool {
        self.text.truncate(self.n_text);
        self.text.extend_from_slice(field);
        self.n_text = self.text.len();
        self.ends.truncate(self.n_fields);
        self.ends.push(self.n_text);
        self.n_fields += 1;
        self.n_fields <= FIELDS_MAX
    }

    /// Looks for quotes that are closed too soon, where the file has some.
    fn check_quotes(&mut self, raw: &[u8], delimiter: u8, quoting: Quoting) {
        if quoting == Quoting::Checked && !quotes::are_closed(raw, delimiter, false) {
            self.fault = Some(quotes::FAULT);
        }
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

    pub(super) fn bytes(&self, index: usize) -> &[u8] {
        &self.text[self.range(index)]
    }

    /// A field as text; none where it begins or ends inside a character.
    pub(super) fn text(&self, index: usize) -> Option<&str> {
        // The record has been checked as a whole; a field of it is quicker looked at alone.
        std::str::from_utf8(self.bytes(index)).ok()
    }

    /// All fields without anything between them; each is a part of it.
    pub(super) fn all_text(&self) -> &str {
        std::str::from_utf8(&self.text[..self.n_text]).unwrap_or_default()
    }

    /// The fields of a header.
    pub(super) fn names(&self) -> Vec<String> {
        (0..self.n_fields).map(|it| String::from_utf8_lossy(self.bytes(it)).into_owned()).collect()
    }

    /// A line of blanks.
    pub(super) fn is_blank(&self) -> bool {
        self.n_fields <= 1 && self.text[..self.n_text].iter().all(u8::is_ascii_whitespace)
    }
}
