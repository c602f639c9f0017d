//! The bytes of the file as it is stored: each seen once, in order, hashed and counted.

use std::fmt::{self, Write as _};
use std::fs::File;
use std::io::{self, BufRead, Read, Seek as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::ahead::{self, Ahead};
use crate::import::report::FileError;
use crate::import::{CANCELLED, Progress, Stored};
use crate::model::Cancel;

/// Read at once. Progress is reported and a cancel noticed as often.
const CHUNK: usize = 256 * 1024;

/// A file to read.
#[derive(Clone, Copy, Debug)]
pub(in crate::import) struct Input<'p> {
    pub(in crate::import) path: &'p Path,
    /// Bytes that are read at once, unpacked and as they are stored. By so many a file is recognised.
    chunk: usize,
}

impl<'p> Input<'p> {
    pub(in crate::import) fn new(path: &'p Path) -> Self {
        Self { path, chunk: CHUNK }
    }

    /// In smaller pieces, for tests of what lies across two of them: 1 KiB at least.
    #[cfg(any(test, fuzzing))]
    pub(in crate::import) fn in_chunks_of(path: &'p Path, chunk: usize) -> Self {
        Self { path, chunk: chunk.max(1_024) }
    }
}

/// A file that is read from its first byte to its last.
pub(in crate::import) struct FileBytes<'a> {
    handle: Handle,
    /// Of all that has been read here.
    hasher: Sha256,
    buf: Vec<u8>,
    /// What has been read and not taken is `start..end` of the buffer.
    start: usize,
    end: usize,
    progress: Progress,
    cancel: &'a Cancel,
    on_progress: &'a mut dyn FnMut(Progress),
}

/// Who reads.
enum Handle {
    Here(File),
    Ahead(Ahead),
    /// All has been read.
    Ended,
}

/// An error of ours on its way through a decoder, which passes on only errors of I/O.
#[derive(Debug)]
struct Stop(FileError);

impl<'a> FileBytes<'a> {
    /// Opens a file and reads its beginning.
    pub(in crate::import) fn open(
        Input { path, chunk }: Input<'_>,
        cancel: &'a Cancel,
        on_progress: &'a mut dyn FnMut(Progress),
    ) -> Result<Self, FileError> {
        let cannot = |err: &io::Error| FileError::new(format!("cannot be read: {err}"));
        let meta = std::fs::metadata(path).map_err(|err| cannot(&err))?;
        if meta.is_dir() && path.join("toc.dat").is_file() {
            return Err(FileError::new(
                "is a folder that pg_dump wrote: run `pg_restore -a -t usage_logs -f usage.sql FOLDER` and import usage.sql",
            ));
        }
        if !meta.is_file() {
            return Err(FileError::new("is not a file: name the dump itself"));
        }
        let file = File::open(path).map_err(|err| cannot(&err))?;
        let mut bytes = Self {
            handle: Handle::Here(file),
            hasher: Sha256::new(),
            buf: vec![0; chunk],
            start: 0,
            end: 0,
            progress: Progress { bytes_read: 0, bytes_total: meta.len(), rows: 0 },
            cancel,
            on_progress,
        };
        bytes.fill_buf().map_err(|err| stop(&err).unwrap_or_else(|| cannot(&err)))?;
        Ok(bytes)
    }

    /// How much is read at once.
    pub(super) fn chunk(&self) -> usize {
        self.buf.len()
    }

    /// What has been read and not taken: at first the beginning of the file.
    pub(in crate::import) fn head(&self) -> &[u8] {
        &self.buf[self.start..self.end]
    }

    /// Another handle on the same file, for what must be looked up out of order. It moves this one as well,
    /// so it is to be given back.
    ///
    /// There is none any more once more of the file has been read than [`Self::head`].
    pub(super) fn again(&self) -> io::Result<File> {
        match &self.handle {
            Handle::Here(file) => file.try_clone(),
            Handle::Ahead(_) | Handle::Ended => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// After another handle has been used.
    pub(super) fn resume(&mut self) -> io::Result<()> {
        match &mut self.handle {
            Handle::Here(file) => file.seek(io::SeekFrom::Start(self.progress.bytes_read)).map(drop),
            Handle::Ahead(_) | Handle::Ended => Ok(()),
        }
    }

    /// Has all but the beginning of the file read ahead.
    fn begin_ahead(&mut self) -> io::Result<()> {
        if let Handle::Here(file) = &self.handle
            && (1..self.progress.bytes_total).contains(&self.progress.bytes_read)
        {
            // This handle is not used any more.
            let file = file.try_clone()?;
            self.handle = Handle::Ahead(Ahead::begin(file, self.hasher.clone(), self.buf.len())?);
        }
        Ok(())
    }

    fn read_on(&mut self) -> io::Result<usize> {
        self.begin_ahead()?;
        match &mut self.handle {
            Handle::Here(file) => {
                let n_read = ahead::read_some(file, &mut self.buf)?;
                self.hasher.update(&self.buf[..n_read]);
                Ok(n_read)
            }
            Handle::Ahead(ahead) => {
                let (n_read, hasher) = ahead.next(&mut self.buf)?;
                if let Some(hasher) = hasher {
                    self.hasher = hasher;
                    // Whoever asks once more hears the same, without the thread.
                    self.handle = Handle::Ended;
                }
                Ok(n_read)
            }
            Handle::Ended => Ok(0),
        }
    }

    /// Counts a data row, for the progress.
    pub(in crate::import) fn count_row(&mut self) {
        self.progress.rows += 1;
    }

    pub(in crate::import) fn fail_if_cancelled(&self) -> Result<(), FileError> {
        if self.cancel.is_cancelled() { Err(FileError::new(CANCELLED)) } else { Ok(()) }
    }

    /// Reads to the end what nobody needs, so that the hash is that of the whole file.
    fn drain(&mut self) -> Result<(), FileError> {
        loop {
            let n_bytes = match self.fill_buf() {
                Ok(chunk) => chunk.len(),
                Err(err) => return Err(stop(&err).unwrap_or_else(|| FileError::new(err.to_string()))),
            };
            if n_bytes == 0 {
                return Ok(());
            }
            self.consume(n_bytes);
        }
    }

    /// Reads to the end, says the last progress, and notices a cancel before anything is kept.
    pub(in crate::import) fn finish(&mut self) -> Result<Stored, FileError> {
        self.drain()?;
        (self.on_progress)(self.progress);
        self.fail_if_cancelled()?;
        let hash = self.hasher.clone().finalize();
        let sha256 = hash.iter().fold(String::new(), |mut hex, byte| {
            // Writing to a string does not fail.
            write!(hex, "{byte:02x}").ok();
            hex
        });
        Ok(Stored { size: self.progress.bytes_read, sha256 })
    }

    /// Says how far the import is, where rows are taken and no bytes are read here.
    pub(in crate::import) fn say_progress(&mut self) {
        (self.on_progress)(self.progress);
    }

    pub(super) fn bytes_read(&self) -> u64 {
        self.progress.bytes_read
    }
}

impl BufRead for FileBytes<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            self.fail_if_cancelled().map_err(|err| io::Error::other(Stop(err)))?;
            let n_read = self.read_on().map_err(|err| {
                let err = FileError::new(format!("cannot be read on: {err}"));
                io::Error::other(Stop(err))
            })?;
            (self.start, self.end) = (0, n_read);
            self.progress.bytes_read += n_read as u64;
            (self.on_progress)(self.progress);
        }
        Ok(&self.buf[self.start..self.end])
    }

    fn consume(&mut self, n_bytes: usize) {
        self.start = (self.start + n_bytes).min(self.end);
    }
}

impl Read for FileBytes<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let chunk = self.fill_buf()?;
        let n_bytes = chunk.len().min(out.len());
        out[..n_bytes].copy_from_slice(&chunk[..n_bytes]);
        self.consume(n_bytes);
        Ok(n_bytes)
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Stop {}

/// The error of ours that came through a decoder, if it is one.
pub(super) fn stop(err: &io::Error) -> Option<FileError> {
    err.get_ref()?.downcast_ref::<Stop>().map(|it| it.0.clone())
}
