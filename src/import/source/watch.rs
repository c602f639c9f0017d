//! How far an import is, for who waits for it, and whether anybody still does.

use super::FileBytes;
use crate::import::report::FileError;
use crate::import::{CANCELLED, Progress, Stored};
use crate::model::Cancel;

/// Says the progress of a file, and hears of a cancel.
pub(in crate::import) struct Watch<'a> {
    progress: Progress,
    cancel: &'a Cancel,
    on_progress: &'a mut dyn FnMut(Progress),
}

impl<'a> Watch<'a> {
    pub(in crate::import) fn new(cancel: &'a Cancel, on_progress: &'a mut dyn FnMut(Progress)) -> Self {
        Self { progress: Progress::default(), cancel, on_progress }
    }

    pub(in crate::import) fn cancel(&self) -> &'a Cancel {
        self.cancel
    }

    /// Begins with a file, of which the beginning has been read.
    pub(super) fn begin(&mut self, file: &FileBytes) {
        self.progress = Progress { bytes_total: file.size(), ..Progress::default() };
        self.read_to(file.n_read());
    }

    /// Says how much of the file has been read.
    pub(in crate::import) fn read_to(&mut self, n_bytes: u64) {
        self.progress.bytes_read = n_bytes;
        self.say();
    }

    /// Counts a data row.
    pub(in crate::import) fn count_row(&mut self) {
        self.progress.rows += 1;
    }

    pub(in crate::import) fn say(&mut self) {
        (self.on_progress)(self.progress);
    }

    pub(in crate::import) fn fail_if_cancelled(&self) -> Result<(), FileError> {
        if self.cancel.is_cancelled() { Err(FileError::new(CANCELLED)) } else { Ok(()) }
    }

    /// Reads to its end what was taken in another way, for its hash. A cancel is noticed before anything is
    /// kept.
    pub(in crate::import) fn finish(&mut self, mut file: FileBytes) -> Result<Stored, FileError> {
        while file.pass_over()? > 0 {
            self.read_to(file.n_read());
        }
        self.end(file.stored())
    }

    /// After the last byte.
    pub(super) fn end(&mut self, stored: Stored) -> Result<Stored, FileError> {
        self.read_to(stored.size);
        self.fail_if_cancelled()?;
        Ok(stored)
    }
}
