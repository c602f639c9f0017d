//! Delimited text → records, some at a time, on a thread of their own.
//!
//! [`strict`] cuts what is quoted as RFC 4180 says. Spellings that break that rule are cut by [`loose`],
//! a line at a time. To cut a row takes 0.3 µs, half as long as to read what is in its fields.

use std::ops::Range;
use std::sync::mpsc::{Receiver, SyncSender};

use super::loose;
use super::strict;
use crate::import::report::FileError;
use crate::import::source::Window;

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

/// How records are cut: the delimiter, and what is between two of them.
pub(super) type How = (u8, Quoting);

impl Quoting {
    /// Whether fields may go on over line ends, in quotes.
    fn is_strict(self) -> bool {
        matches!(self, Self::Double | Self::Escaped | Self::Checked)
    }
}

/// What was found of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Cut {
    /// It takes so many bytes, with its line end, if it has one: only the last of a file has none.
    Record { n_raw: usize, is_ended: bool },
    /// The text ends before the record does, or, where nothing follows the text, inside quotes.
    Short,
    /// It has too many fields.
    TooMany,
}

/// Records that follow each other, cut into fields.
#[derive(Default, Debug)]
pub(super) struct Block {
    /// In which they lie.
    text: String,
    /// Fields that do not stand there as they are.
    undone: String,
    fields: Vec<Field>,
    spans: Vec<Span>,
    /// The first field of the record that is being cut, and where among the undone those of it begin.
    first: usize,
    first_undone: usize,
    /// Why its fields cannot be told from each other.
    pub(super) fault: Option<&'static str>,
    /// How many bytes of the file have been read by now.
    pub(super) n_read: u64,
}

/// A field, without its quotes.
#[derive(Clone, Copy, Debug)]
struct Field {
    start: u32,
    end: u32,
    is_undone: bool,
    is_quoted: bool,
}

impl Field {
    fn new(place: Range<usize>, is_quoted: bool) -> Self {
        // A window is not as long as that.
        Self { start: place.start as u32, end: place.end as u32, is_undone: false, is_quoted }
    }
}

/// A record of a block.
#[derive(Clone, Debug)]
struct Span {
    /// Without its line end.
    raw: Range<usize>,
    fields: Range<usize>,
    line: u64,
    is_last: bool,
    fault: Option<&'static str>,
}

/// The fields of a record.
#[derive(Clone, Copy)]
pub(super) struct Record<'b> {
    text: &'b str,
    block: &'b Block,
    span: &'b Span,
}

/// A block whose text is longer goes alone, and the room that it took is given back.
const LARGE_BYTES: usize = 2 * 1024 * 1024;

/// What is behind the records of a block.
enum Behind {
    More,
    End,
    Fault(FileError),
}

/// Cuts what is in a window, and hands it over, until the end of the file, until a fault, or until nobody
/// takes any more. Blocks that have been used come back.
pub(super) fn cut_all(
    window: &mut Window,
    how: How,
    send: &SyncSender<Result<Block, FileError>>,
    used: &Receiver<Block>,
) {
    // How many blocks have not come back.
    let mut n_away = 0;
    loop {
        let mut block = match used.try_recv() {
            Ok(block) => {
                n_away -= 1;
                block
            }
            Err(_) => Block::default(),
        };
        block.clear();
        let behind = block.fill(window, how).unwrap_or_else(Behind::Fault);
        if !block.spans.is_empty() {
            // So that there are never more than two that are large.
            while block.text.len() > LARGE_BYTES && n_away > 0 && used.recv().is_ok() {
                n_away -= 1;
            }
            if send.send(Ok(block)).is_err() {
                return;
            }
            n_away += 1;
        }
        match behind {
            Behind::More => {}
            Behind::End => return,
            Behind::Fault(err) => {
                // Who does not hear it has found another.
                send.send(Err(err)).ok();
                return;
            }
        }
    }
}

/// The records of a text that lies in memory, as far as they are whole.
///
/// `is_all` says that nothing follows the text.
pub(super) fn each(text: &str, how: How, is_all: bool, mut take: impl FnMut(Record<'_>) -> bool) {
    let mut block = Block::default();
    let mut at = 0;
    loop {
        at += n_line_ends(&text[at..]);
        if at == text.len() {
            return;
        }
        block.clear();
        let n_raw = match block.cut(text, at, how, is_all) {
            Cut::Record { n_raw, is_ended } => {
                block.end_record(at..at + n_raw - usize::from(is_ended), 0, false);
                n_raw
            }
            Cut::Short if is_all => {
                block.end_record(at..text.len(), 0, true);
                text.len() - at
            }
            Cut::Short | Cut::TooMany => return,
        };
        at += n_raw;
        if !block.records_of(text).all(&mut take) {
            return;
        }
    }
}

impl Block {
    fn clear(&mut self) {
        self.text.clear();
        self.text.shrink_to(LARGE_BYTES);
        self.undone.clear();
        self.undone.shrink_to(LARGE_BYTES);
        self.fields.clear();
        self.spans.clear();
        self.begin_record();
    }

    pub(super) fn records(&self) -> impl Iterator<Item = Record<'_>> {
        self.records_of(&self.text)
    }

    /// With the text in which they lie.
    fn records_of<'b>(&'b self, text: &'b str) -> impl Iterator<Item = Record<'b>> {
        self.spans.iter().map(move |span| Record { text, block: self, span })
    }

    /// The first record, in the text in which it lies.
    #[cfg(test)]
    pub(super) fn first_of<'b>(&'b self, text: &'b str) -> Record<'b> {
        self.records_of(text).next().unwrap()
    }

    /// Takes all records that are whole in the window, one at least where there is one.
    fn fill(&mut self, window: &mut Window, how: How) -> Result<Behind, FileError> {
        loop {
            let (n_bytes, line, behind) = self.cut_window(window, how);
            if n_bytes == 0 && matches!(behind, Behind::More) {
                window.fill()?;
                continue;
            }
            self.text = window.take_off(n_bytes, line, std::mem::take(&mut self.text));
            self.n_read = window.n_read();
            return Ok(behind);
        }
    }

    /// Cuts what is whole in the window: how many bytes that are, and on which line comes what is behind.
    fn cut_window(&mut self, window: &Window, how: How) -> (usize, u64, Behind) {
        let (text, is_all) = (window.text(), window.at_end());
        let (mut at, mut line) = (0, window.line());
        loop {
            let n_ends = n_line_ends(&text[at..]);
            line += window.n_newlines(&text.as_bytes()[at..at + n_ends]);
            at += n_ends;
            if at == text.len() {
                return (at, line, if is_all { Behind::End } else { Behind::More });
            }
            match self.cut(text, at, how, is_all) {
                Cut::Record { n_raw, is_ended } => {
                    self.end_record(at..at + n_raw - usize::from(is_ended), line, !is_ended);
                    line += window.n_newlines(&text.as_bytes()[at..at + n_raw]);
                    at += n_raw;
                }
                Cut::Short if is_all => return (at, line, Behind::Fault(cut(line))),
                // A window that is not consumed grows to twice its size, so that to begin anew costs no more
                // than once again.
                Cut::Short => {
                    self.fields.truncate(self.first);
                    self.undone.truncate(self.first_undone);
                    self.begin_record();
                    return (at, line, Behind::More);
                }
                Cut::TooMany => {
                    let err = FileError::at(line, format!("more than {FIELDS_MAX} columns"));
                    return (at, line, Behind::Fault(err));
                }
            }
        }
    }

    /// Cuts the record that begins at a place of a text.
    fn cut(&mut self, text: &str, at: usize, how: How, is_all: bool) -> Cut {
        if how.1.is_strict() {
            return strict::cut(text, at, how, is_all, self);
        }
        let found = memchr::memchr2(b'\n', b'\r', &text.as_bytes()[at..]);
        if found.is_none() && !is_all {
            return Cut::Short;
        }
        let line = &text[at..at + found.unwrap_or(text.len() - at)];
        let is_ended = found.is_some();
        if loose::split(line, how, self) {
            Cut::Record { n_raw: line.len() + usize::from(is_ended), is_ended }
        } else {
            Cut::TooMany
        }
    }

    // ---- the record that is being cut -------------------------------------------------------------

    fn begin_record(&mut self) {
        self.first = self.fields.len();
        self.first_undone = self.undone.len();
        self.fault = None;
    }

    pub(super) fn end_record(&mut self, raw: Range<usize>, line: u64, is_last: bool) {
        let fields = self.first..self.fields.len();
        self.spans.push(Span { raw, fields, line, is_last, fault: self.fault });
        self.begin_record();
    }

    /// Adds a field that stands in the text. False beyond [`FIELDS_MAX`].
    pub(super) fn push_standing(&mut self, place: Range<usize>, is_quoted: bool) -> bool {
        self.push_field(Field::new(place, is_quoted))
    }

    /// Adds a field. False beyond [`FIELDS_MAX`].
    pub(super) fn push(&mut self, field: &str, is_quoted: bool) -> bool {
        let start = self.begin_field();
        self.add(field);
        self.end_field(start, is_quoted)
    }

    /// Begins a field that is then added piece by piece.
    pub(super) fn begin_field(&self) -> usize {
        self.undone.len()
    }

    pub(super) fn add(&mut self, piece: &str) {
        self.undone.push_str(piece);
    }

    pub(super) fn end_field(&mut self, start: usize, is_quoted: bool) -> bool {
        let field = Field::new(start..self.undone.len(), is_quoted);
        self.push_field(Field { is_undone: true, ..field })
    }

    fn push_field(&mut self, field: Field) -> bool {
        self.fields.push(field);
        self.fields.len() - self.first <= FIELDS_MAX
    }
}

impl<'b> Record<'b> {
    pub(super) fn n_fields(&self) -> usize {
        self.span.fields.len()
    }

    fn fields(&self) -> &'b [Field] {
        &self.block.fields[self.span.fields.clone()]
    }

    pub(super) fn text(&self, index: usize) -> &'b str {
        let Field { start, end, is_undone, .. } = self.fields()[index];
        let text = if is_undone { &self.block.undone } else { self.text };
        &text[start as usize..end as usize]
    }

    pub(super) fn is_quoted(&self, index: usize) -> bool {
        self.fields()[index].is_quoted
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = &'b str> {
        (0..self.n_fields()).map(|it| self.text(it))
    }

    /// As it stands in the file, without its line end.
    pub(super) fn raw(&self) -> &'b str {
        &self.text[self.span.raw.clone()]
    }

    /// On which it begins.
    pub(super) fn line(&self) -> u64 {
        self.span.line
    }

    /// Whether the file ended with it, without a line end.
    pub(super) fn is_last(&self) -> bool {
        self.span.is_last
    }

    /// Why the fields cannot be told from each other.
    pub(super) fn fault(&self) -> Option<&'static str> {
        self.span.fault
    }

    /// The fields of a header.
    pub(super) fn names(&self) -> Vec<String> {
        self.texts().map(str::to_owned).collect()
    }

    /// A line of blanks.
    pub(super) fn is_blank(&self) -> bool {
        self.n_fields() <= 1 && self.texts().all(|it| it.bytes().all(|it| it.is_ascii_whitespace()))
    }
}

fn n_line_ends(text: &str) -> usize {
    text.bytes().take_while(|it| matches!(it, b'\r' | b'\n')).count()
}

/// The error of a file that ends inside a record: in quotes, or before the last column.
pub(super) fn cut(line: u64) -> FileError {
    FileError::at(
        line,
        "the file ends inside the record that begins here: it was cut, or a quote is missing; export it again",
    )
}
