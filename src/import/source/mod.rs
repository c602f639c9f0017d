//! A file as a window of text that moves over it, its lines counted.
//!
//! Below the window are three layers: `file` reads the bytes as they are stored and hashes them, `ahead` of who asks,
//! `container` unpacks them, `encoding` makes UTF-8 of them.

mod ahead;
mod container;
mod encoding;
mod file;
mod zip;

use container::Packer;
pub use encoding::Encoding;
use encoding::{Fault, Text};
pub(super) use file::{FileBytes, Input};

use super::Stored;
use super::copy::Unescape;
use super::report::FileError;
use super::written::Written;

/// What a file may begin with, and with it what was put behind another file.
pub(super) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The longest record. A quote that is never closed would otherwise swallow the file, and the memory.
pub(super) const RECORD_MAX: usize = 64 * 1024 * 1024;

/// The text of a dump, in a window that begins at what is not yet consumed.
///
/// All of it is UTF-8 and without NUL, but the window may end inside a character. A byte order mark
/// is passed over. The line is that of the window's start.
pub(super) struct Source<'a> {
    text: Text<'a>,
    buf: Vec<u8>,
    /// The window is `start..end`.
    start: usize,
    end: usize,
    at_end: bool,
    /// Whether anything has been read.
    is_begun: bool,
    line: u64,
    /// CR where the file's beginning has no LF, as old spreadsheets write it.
    newline: u8,
    /// Undoes the escapes of COPY.
    unescape: Option<Unescape>,
}

impl<'a> Source<'a> {
    /// Unpacks and decodes the beginning of a file.
    ///
    /// `encoding` is that of a text that does not say its own; without it such a text is UTF-8.
    pub(super) fn new(file: FileBytes<'a>, encoding: Option<Encoding>) -> Result<Self, FileError> {
        let mut source = Self {
            text: Text::new(file, encoding)?,
            buf: Vec::new(),
            start: 0,
            end: 0,
            at_end: false,
            is_begun: false,
            line: 1,
            newline: b'\n',
            unescape: None,
        };
        source.fill()?;
        Ok(source)
    }

    /// From here on the text is what COPY's escapes stand for, of JSON. To be called once.
    pub(super) fn undo_copy_escapes(&mut self) {
        let mut unescape = Unescape::default();
        self.end = self.start + unescape.undo(&mut self.buf[self.start..self.end]);
        self.unescape = Some(unescape);
    }

    /// What the text is packed in, and its encoding.
    pub(super) fn written(&self) -> Written {
        let packer = self.text.container().packer().map(Packer::name);
        Written { packer, encoding: Some(self.text.encoding()), ..Written::default() }
    }

    /// What has been read and not consumed.
    pub(super) fn window(&self) -> &[u8] {
        &self.buf[self.start..self.end]
    }

    /// The line on which byte `at` of the window is.
    pub(super) fn line_at(&self, at: usize) -> u64 {
        let window = self.window();
        self.line + n_newlines(&window[..at.min(window.len())], self.newline)
    }

    /// The line on which the window begins.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Whether the window reaches to the end of the file.
    pub(super) fn at_end(&self) -> bool {
        self.at_end
    }

    /// Counts a data row, for the progress.
    pub(super) fn count_row(&mut self) {
        self.text.container_mut().file_mut().count_row();
    }

    /// Moves the start of the window.
    pub(super) fn consume(&mut self, n_bytes: usize) {
        self.line = self.line_at(n_bytes);
        self.start = (self.start + n_bytes).min(self.end);
    }

    /// Reads more behind the window; at the end of the file there is nothing more, and [`at_end`](Self::at_end).
    ///
    /// A window that was not consumed grows to twice its size, so that looking at a long record
    /// from its start again costs no more than reading it twice.
    pub(super) fn fill(&mut self) -> Result<(), FileError> {
        if self.end - self.start >= RECORD_MAX {
            return Err(FileError::at(
                self.line,
                "a record of more than 64 MiB begins here: a quote or a bracket is probably never closed",
            ));
        }
        self.buf.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        let target = (self.end * 2).max(self.end + self.chunk()).min(RECORD_MAX);
        if self.buf.len() < target {
            self.buf.resize(target, 0);
        }
        while self.end < target && !self.at_end {
            self.read_chunk(target)?;
        }
        Ok(())
    }

    fn chunk(&self) -> usize {
        self.text.container().file().chunk()
    }

    fn read_chunk(&mut self, target: usize) -> Result<(), FileError> {
        // Much may come out of few bytes of the file, which looks for a cancel as it is read.
        self.text.container().file().fail_if_cancelled()?;
        let until = target.min(self.end + self.chunk());
        let n_read = self.text.read(&mut self.buf[self.end..until]).map_err(|fault| match fault {
            Fault::Text(message, question) => {
                FileError { question, ..FileError::at(self.line_at(usize::MAX), message) }
            }
            Fault::File(err) => err,
        })?;
        let chunk = &self.buf[self.end..self.end + n_read];
        if !self.is_begun {
            self.is_begun = true;
            if chunk.contains(&b'\r') && !chunk.contains(&b'\n') {
                self.newline = b'\r';
            }
        }
        if let Some(at) = memchr::memchr(0, chunk) {
            return Err(FileError::at(
                self.line_at(usize::MAX) + n_newlines(&chunk[..at], self.newline),
                "a NUL byte, which no text holds: the file is damaged, export it again",
            ));
        }
        self.end += match &mut self.unescape {
            Some(unescape) => unescape.undo(&mut self.buf[self.end..self.end + n_read]),
            None => n_read,
        };
        self.at_end = n_read == 0;
        Ok(())
    }

    /// Reads on to the end, whatever the parser needed of it: an archive tells only there that it is whole.
    pub(super) fn finish(mut self) -> Result<Stored, FileError> {
        while !self.at_end {
            self.consume(self.window().len());
            self.fill()?;
        }
        self.text.container_mut().file_mut().finish()
    }
}

fn n_newlines(bytes: &[u8], newline: u8) -> u64 {
    memchr::memchr_iter(newline, bytes).count() as u64
}
