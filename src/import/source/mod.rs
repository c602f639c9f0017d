//! A file as a window of text that moves over it, its lines counted.
//!
//! Below the window are three layers, on a thread that runs `ahead`: `file` reads the bytes as they are stored
//! and hashes them, `container` unpacks them, `encoding` makes UTF-8 of them. `watch` says how far that is.

mod ahead;
mod container;
mod encoding;
mod file;
mod watch;
mod window;
mod zip;

use std::ops::Range;

pub use encoding::Encoding;
pub(super) use file::{FileBytes, Input};
pub(super) use watch::Watch;
pub(super) use window::Window;

use super::Stored;
use super::report::FileError;
use super::written::Written;

/// What a file may begin with, and with it what was put behind another file.
pub(super) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The text of a dump, and who waits for it.
pub(super) struct Source<'a> {
    window: Window,
    watch: Watch<'a>,
}

impl<'a> Source<'a> {
    /// Unpacks and decodes the beginning of a file.
    ///
    /// `encoding` is that of a text that does not say its own; without it such a text is UTF-8.
    pub(super) fn new(
        file: FileBytes,
        watch: Watch<'a>,
        encoding: Option<Encoding>,
    ) -> Result<Self, FileError> {
        let window = Window::new(file, watch.cancel(), encoding)?;
        let mut source = Self { window, watch };
        source.fill()?;
        Ok(source)
    }

    /// Both, for who reads the text on another thread.
    pub(super) fn parts(&mut self) -> (&mut Window, &mut Watch<'a>) {
        (&mut self.window, &mut self.watch)
    }

    /// From here on the text is what COPY's escapes stand for, of JSON. To be called once.
    pub(super) fn undo_copy_escapes(&mut self) {
        self.window.undo_copy_escapes();
    }

    /// What the text is packed in, and its encoding.
    pub(super) fn written(&self) -> Written {
        self.window.written
    }

    /// What has been read and not consumed.
    pub(super) fn window(&self) -> &[u8] {
        self.text().as_bytes()
    }

    /// The same, as the text that it is.
    pub(super) fn text(&self) -> &str {
        self.window.text()
    }

    /// A part of the window, between two characters.
    pub(super) fn part(&self, range: Range<usize>) -> &str {
        self.text().get(range).unwrap_or_default()
    }

    /// The line on which byte `at` of the window is.
    pub(super) fn line_at(&self, at: usize) -> u64 {
        self.window.line_at(at)
    }

    /// The line on which the window begins.
    pub(super) fn line(&self) -> u64 {
        self.window.line()
    }

    /// Whether the window reaches to the end of the file.
    pub(super) fn at_end(&self) -> bool {
        self.window.at_end()
    }

    /// Counts a data row, for the progress.
    pub(super) fn count_row(&mut self) {
        self.watch.count_row();
    }

    /// Moves the start of the window.
    pub(super) fn consume(&mut self, n_bytes: usize) {
        self.window.consume(n_bytes);
    }

    /// Reads more behind the window; at the end of the file there is nothing more, and [`at_end`](Self::at_end).
    pub(super) fn fill(&mut self) -> Result<(), FileError> {
        self.window.fill()?;
        self.watch.read_to(self.window.n_read());
        Ok(())
    }

    /// Reads on to the end, whatever the parser needed of it.
    pub(super) fn finish(mut self) -> Result<Stored, FileError> {
        loop {
            if let Some(stored) = self.window.stored.take() {
                return self.watch.end(stored);
            }
            self.consume(self.window().len());
            self.fill()?;
        }
    }
}
