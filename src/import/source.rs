//! A file as a window of bytes that moves over it: hashed whole, its lines counted.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::report::FileError;
use super::{CANCELLED, Progress};
use crate::model::Cancel;

/// Read at once. Progress is reported and a cancel noticed as often.
const CHUNK: usize = 256 * 1024;
/// The longest record. A quote that is never closed would otherwise swallow the file, and the memory.
pub(super) const RECORD_MAX: usize = 64 * 1024 * 1024;

/// The bytes of a dump, in a window that begins at what is not yet consumed.
///
/// A byte order mark is passed over. The line is that of the window's start.
pub(super) struct Source<'a> {
    file: File,
    hasher: Sha256,
    buf: Vec<u8>,
    /// The window is `start..end`.
    start: usize,
    end: usize,
    at_end: bool,
    line: u64,
    /// CR where the file's beginning has no LF, as old spreadsheets write it.
    newline: u8,
    progress: Progress,
    cancel: &'a Cancel,
    on_progress: &'a mut dyn FnMut(Progress),
}

impl<'a> Source<'a> {
    /// Opens a file and reads its beginning.
    pub(super) fn open(
        path: &Path,
        cancel: &'a Cancel,
        on_progress: &'a mut dyn FnMut(Progress),
    ) -> Result<Self, FileError> {
        let cannot = |err: &io::Error| FileError::new(format!("cannot be read: {err}"));
        let meta = std::fs::metadata(path).map_err(|err| cannot(&err))?;
        if !meta.is_file() {
            return Err(FileError::new("is not a file: name the dump itself"));
        }
        let file = File::open(path).map_err(|err| cannot(&err))?;
        let mut source = Self {
            file,
            hasher: Sha256::new(),
            buf: Vec::new(),
            start: 0,
            end: 0,
            at_end: false,
            line: 1,
            newline: b'\n',
            progress: Progress { bytes_read: 0, bytes_total: meta.len(), rows: 0 },
            cancel,
            on_progress,
        };
        source.fill()?;
        let window = source.window();
        if window.contains(&b'\r') && !window.contains(&b'\n') {
            source.newline = b'\r';
        }
        if source.window().starts_with(b"\xef\xbb\xbf") {
            source.consume(3);
        }
        Ok(source)
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
        self.progress.rows += 1;
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
        let target = (self.end * 2).max(self.end + CHUNK).min(RECORD_MAX);
        if self.buf.len() < target {
            self.buf.resize(target, 0);
        }
        while self.end < target && !self.at_end {
            self.read_chunk(target)?;
        }
        Ok(())
    }

    fn read_chunk(&mut self, target: usize) -> Result<(), FileError> {
        if self.cancel.is_cancelled() {
            return Err(FileError::new(CANCELLED));
        }
        let until = target.min(self.end + CHUNK);
        let n_read = loop {
            match self.file.read(&mut self.buf[self.end..until]) {
                Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
                other => break other.map_err(|err| FileError::new(format!("cannot be read on: {err}")))?,
            }
        };
        let chunk = &self.buf[self.end..self.end + n_read];
        self.hasher.update(chunk);
        // The beginning is looked at as a whole: it may be no text at all.
        if self.progress.bytes_read > 0
            && let Some(at) = memchr::memchr(0, chunk)
        {
            let line = self.line + n_newlines(&self.buf[self.start..self.end + at], self.newline);
            return Err(FileError::at(
                line,
                "a NUL byte, which no text holds: the file is damaged, export it again",
            ));
        }
        self.end += n_read;
        self.at_end = n_read == 0;
        self.progress.bytes_read += n_read as u64;
        (self.on_progress)(self.progress);
        Ok(())
    }

    /// Says the last progress, and notices a cancel before anything is kept.
    pub(super) fn finish(&mut self) -> Result<(), FileError> {
        (self.on_progress)(self.progress);
        if self.cancel.is_cancelled() { Err(FileError::new(CANCELLED)) } else { Ok(()) }
    }

    pub(super) fn bytes_read(&self) -> u64 {
        self.progress.bytes_read
    }

    /// The hash of the whole file. The end must have been reached.
    pub(super) fn sha256(self) -> String {
        self.hasher.finalize().iter().fold(String::new(), |mut hex, byte| {
            // Writing to a string does not fail.
            write!(hex, "{byte:02x}").ok();
            hex
        })
    }
}

fn n_newlines(bytes: &[u8], newline: u8) -> u64 {
    memchr::memchr_iter(newline, bytes).count() as u64
}
