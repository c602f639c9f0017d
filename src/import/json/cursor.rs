//! A place in a JSON file, told by brackets and quotes, without recursion.
//!
//! Only what stands between values is judged here; a value itself is judged by its parser.

use std::ops::Range;

use super::super::report::FileError;
use super::super::source::{BYTE_ORDER_MARK, Source};

/// Moves over a source. What lies before the place is consumed whenever the window has to grow.
pub(super) struct Cursor<'s, 'a> {
    source: &'s mut Source<'a>,
    /// The next byte of the window to look at.
    at: usize,
}

impl<'s, 'a> Cursor<'s, 'a> {
    pub(super) fn new(source: &'s mut Source<'a>) -> Self {
        Self { source, at: 0 }
    }

    pub(super) fn source(&self) -> &Source<'a> {
        self.source
    }

    /// The window, from the cursor on.
    pub(super) fn rest(&self) -> &[u8] {
        &self.source.window()[self.at..]
    }

    /// The next byte that is no blank, without passing it; `None` at the end of the file.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, FileError> {
        self.peek_past(&[])
    }

    /// The same between the values of a file, where RFC 7464 puts a record separator, and where files that
    /// were put together have their byte order marks.
    pub(super) fn peek_value(&mut self) -> Result<Option<u8>, FileError> {
        loop {
            let next = self.peek_past(b"\x1e")?;
            while next.is_some() && self.rest().len() < BYTE_ORDER_MARK.len() && !self.source.at_end() {
                self.grow()?;
            }
            if !self.rest().starts_with(BYTE_ORDER_MARK.as_bytes()) {
                return Ok(next);
            }
            self.at += BYTE_ORDER_MARK.len();
        }
    }

    fn peek_past(&mut self, others: &[u8]) -> Result<Option<u8>, FileError> {
        loop {
            let blanks = self.rest().iter().take_while(|it| is_blank(**it) || others.contains(it));
            self.at += blanks.count();
            match self.rest().first() {
                Some(byte) => return Ok(Some(*byte)),
                None if self.source.at_end() => return Ok(None),
                None => self.grow()?,
            }
        }
    }

    /// Passes the byte that was peeked at.
    pub(super) fn pass(&mut self) {
        self.at += 1;
    }

    /// Reads more behind the cursor. The window then begins with it.
    pub(super) fn grow(&mut self) -> Result<(), FileError> {
        self.settle();
        self.source.fill()
    }

    /// Lets the window begin with the cursor.
    pub(super) fn settle(&mut self) {
        self.source.consume(self.at);
        self.at = 0;
    }

    /// Where the value at the cursor is in the window, as a whole. It is not passed.
    pub(super) fn value(&mut self) -> Result<Range<usize>, FileError> {
        self.settle();
        loop {
            match value_end(self.source.window(), 0) {
                Some(0) => return Err(self.fault("not JSON: a value is missing")),
                Some(end) => return Ok(0..end),
                None if self.source.at_end() => {
                    return Err(self.fault(
                        "the file ends inside the record that begins here: it was cut; export it again",
                    ));
                }
                None => self.source.fill()?,
            }
        }
    }

    /// Passes a value that was looked at.
    pub(super) fn pass_value(&mut self, value: &Range<usize>) {
        self.at = value.end;
        self.settle();
    }

    /// Whether the value at the cursor ends in the window, so far as this is filled.
    pub(super) fn has_whole(&self) -> bool {
        value_end(self.rest(), 0).is_some()
    }

    /// The text of a value.
    pub(super) fn text(&self, value: &Range<usize>) -> &str {
        self.source.part(value.clone())
    }

    /// The error of a value that is no JSON.
    pub(super) fn not_json(&self, value: &Range<usize>, err: &serde_json::Error) -> FileError {
        let message = err.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        if message.contains("surrogate") {
            let line = self.source.line_at(value.start) + (err.line() as u64).saturating_sub(1);
            return FileError::at(
                line,
                "the name of a key holds half a surrogate pair, which is no character: export the file again",
            );
        }
        let line = self.source.line_at(value.start) + (err.line() as u64).saturating_sub(1);
        FileError::at(line, format!("not JSON: {message}; export the file again"))
    }

    /// An error at the cursor.
    pub(super) fn fault(&self, message: impl Into<String>) -> FileError {
        FileError::at(self.source.line_at(self.at), message)
    }

    pub(super) fn count_row(&mut self) {
        self.source.count_row();
    }
}

/// How many bytes stand before the next row: blanks, commas, and what else may be between values.
pub(super) fn n_between(window: &[u8]) -> usize {
    let mut at = 0;
    while let Some(byte) = window.get(at) {
        at += match byte {
            b',' | 0x1e => 1,
            byte if is_blank(*byte) => 1,
            _ if window[at..].starts_with(BYTE_ORDER_MARK.as_bytes()) => BYTE_ORDER_MARK.len(),
            _ => break,
        };
    }
    at
}

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// The end of the value at `start`; `None` where the window ends first.
pub(super) fn value_end(window: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = start;
    loop {
        match *window.get(at)? {
            b'"' => {
                at = string_end(window, at)?;
                if depth == 0 {
                    return Some(at);
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return Some(at + depth),
            b'}' | b']' => depth -= 1,
            b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' | 0x1e if depth == 0 => return Some(at),
            _ => {}
        }
        at += 1;
    }
}

fn string_end(window: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', window.get(at..)?)?;
        if window[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}
