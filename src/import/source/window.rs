//! The text of a dump, as far as it has been read and not consumed.

use super::Encoding;
use super::ahead::{Ahead, Piece};
use super::container::Packer;
use super::encoding::{Fault, Text};
use super::file::FileBytes;
use crate::import::copy::Unescape;
use crate::import::report::FileError;
use crate::import::written::Written;
use crate::import::{CANCELLED, Stored};
use crate::model::Cancel;

/// The longest record. A quote that is never closed would otherwise swallow the file, and the memory.
const RECORD_MAX: usize = 64 * 1024 * 1024;

/// A window that moves over the text, and begins at what is not yet consumed.
///
/// All of it is UTF-8 and without NUL. A byte order mark is passed over. The line is that of the window's
/// start.
pub(in crate::import) struct Window {
    ahead: Ahead,
    cancel: Cancel,
    pub(super) written: Written,
    /// Bytes that are read at once.
    chunk: usize,
    buf: String,
    /// Where the window begins.
    start: usize,
    /// How many bytes of the file have been read.
    n_read: u64,
    /// At the end of the file.
    pub(super) stored: Option<Stored>,
    /// Whether anything has been read.
    is_begun: bool,
    line: u64,
    /// CR where the file's beginning has no LF, as old spreadsheets write it.
    newline: u8,
    /// Undoes the escapes of COPY.
    unescape: Option<Unescape>,
}

impl Window {
    pub(super) fn new(
        file: FileBytes,
        cancel: &Cancel,
        encoding: Option<Encoding>,
    ) -> Result<Self, FileError> {
        let (chunk, n_read) = (file.chunk(), file.n_read());
        let text = Text::new(file, encoding)?;
        let packer = text.container().packer().map(Packer::name);
        let written = Written { packer, encoding: Some(text.encoding()), ..Written::default() };
        let ahead = Ahead::begin(text).map_err(|err| FileError::new(format!("cannot be read: {err}")))?;
        Ok(Self {
            ahead,
            cancel: cancel.clone(),
            written,
            chunk,
            buf: String::new(),
            start: 0,
            n_read,
            stored: None,
            is_begun: false,
            line: 1,
            newline: b'\n',
            unescape: None,
        })
    }

    /// From here on the text is what COPY's escapes stand for, of JSON. To be called once.
    pub(super) fn undo_copy_escapes(&mut self) {
        let mut unescape = Unescape::default();
        let rest = self.buf.split_off(self.start);
        self.buf.push_str(&unescape.undo(rest));
        self.unescape = Some(unescape);
    }

    /// What has been read and not consumed.
    pub(in crate::import) fn text(&self) -> &str {
        &self.buf[self.start..]
    }

    /// The line on which byte `at` of the window is.
    pub(in crate::import) fn line_at(&self, at: usize) -> u64 {
        let window = self.text().as_bytes();
        self.line + self.n_newlines(&window[..at.min(window.len())])
    }

    /// How often a part of the text goes on to another line.
    pub(in crate::import) fn n_newlines(&self, bytes: &[u8]) -> u64 {
        memchr::memchr_iter(self.newline, bytes).count() as u64
    }

    /// The line on which the window begins.
    pub(in crate::import) fn line(&self) -> u64 {
        self.line
    }

    /// Whether the window reaches to the end of the file.
    pub(in crate::import) fn at_end(&self) -> bool {
        self.stored.is_some()
    }

    /// How many bytes of the file have been read.
    pub(in crate::import) fn n_read(&self) -> u64 {
        self.n_read
    }

    /// Moves the start of the window.
    pub(in crate::import) fn consume(&mut self, n_bytes: usize) {
        self.line = self.line_at(n_bytes);
        self.start = (self.start + n_bytes).min(self.buf.len());
    }

    /// Takes a text off that begins with the first `n_bytes` of the window, which are consumed, and leaves
    /// `room` in its place. The window then begins on this line.
    pub(in crate::import) fn take_off(&mut self, n_bytes: usize, line: u64, mut room: String) -> String {
        self.buf.drain(..self.start);
        self.start = 0;
        self.line = line;
        room.clear();
        room.push_str(&self.buf[n_bytes..]);
        std::mem::replace(&mut self.buf, room)
    }

    /// Reads more behind the window; at the end of the file there is nothing more, and [`at_end`](Self::at_end).
    ///
    /// A window that was not consumed grows to twice its size, so that looking at a long record
    /// from its start again costs no more than reading it twice.
    pub(in crate::import) fn fill(&mut self) -> Result<(), FileError> {
        let n_old = self.buf.len() - self.start;
        if n_old >= RECORD_MAX {
            return Err(FileError::at(
                self.line,
                "a record of more than 64 MiB begins here: a quote or a bracket is probably never closed",
            ));
        }
        self.buf.drain(..self.start);
        self.start = 0;
        let target = (n_old * 2).max(n_old + self.chunk).min(RECORD_MAX);
        while self.buf.len() < target && !self.at_end() {
            self.read_piece()?;
        }
        Ok(())
    }

    fn read_piece(&mut self) -> Result<(), FileError> {
        // Much may come out of few bytes of the file, which looks for a cancel as it is read.
        if self.cancel.is_cancelled() {
            return Err(FileError::new(CANCELLED));
        }
        let piece = self.ahead.next().map_err(|fault| match fault {
            Fault::Text(message, question) => {
                FileError { question, ..FileError::at(self.line_at(usize::MAX), message) }
            }
            Fault::File(err) => err,
        })?;
        let Piece { text, n_read, stored } = piece;
        self.n_read = n_read;
        self.stored = stored;
        self.take(text);
        Ok(())
    }

    fn take(&mut self, mut text: String) {
        if !self.is_begun {
            self.is_begun = true;
            if text.contains('\r') && !text.contains('\n') {
                self.newline = b'\r';
            }
        }
        if let Some(unescape) = &mut self.unescape {
            text = unescape.undo(text);
        }
        self.buf.push_str(&text);
        self.ahead.give_back(text);
    }
}
