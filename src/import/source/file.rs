//! The bytes of the file as it is stored: each seen once, in order, hashed and counted.

use std::fmt::{self, Write as _};
use std::fs::File;
use std::io::{self, BufRead, Read, Seek as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::watch::Watch;
use crate::import::report::FileError;
use crate::import::{CANCELLED, Stored};
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
pub(in crate::import) struct FileBytes {
    file: File,
    /// Of all that has been read.
    hasher: Sha256,
    buf: Vec<u8>,
    /// What has been read and not taken is `start..end` of the buffer.
    start: usize,
    end: usize,
    n_read: u64,
    /// When it was opened.
    size: u64,
    cancel: Cancel,
}

/// An error of ours on its way through a decoder, which passes on only errors of I/O.
#[derive(Debug)]
struct Stop(FileError);

impl FileBytes {
    /// Opens a file and reads its beginning.
    pub(in crate::import) fn open(
        Input { path, chunk }: Input<'_>,
        watch: &mut Watch<'_>,
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
            file,
            hasher: Sha256::new(),
            buf: vec![0; chunk],
            start: 0,
            end: 0,
            n_read: 0,
            size: meta.len(),
            cancel: watch.cancel().clone(),
        };
        bytes.fill_buf().map_err(|err| stop(&err).unwrap_or_else(|| cannot(&err)))?;
        watch.begin(&bytes);
        Ok(bytes)
    }

    /// How much is read at once.
    pub(super) fn chunk(&self) -> usize {
        self.buf.len()
    }

    /// When it was opened.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// What has been read and not taken: at first the beginning of the file.
    pub(in crate::import) fn head(&self) -> &[u8] {
        &self.buf[self.start..self.end]
    }

    /// Another handle on the same file, for what must be looked up out of order. It moves this one as well,
    /// so it is to be given back.
    pub(super) fn again(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// After another handle has been used.
    pub(super) fn resume(&mut self) -> io::Result<()> {
        self.file.seek(io::SeekFrom::Start(self.n_read)).map(drop)
    }

    pub(super) fn n_read(&self) -> u64 {
        self.n_read
    }

    /// Reads some more of what nobody needs, so that the hash is that of the whole file. None at its end.
    pub(super) fn pass_over(&mut self) -> Result<usize, FileError> {
        let n_bytes = match self.fill_buf() {
            Ok(chunk) => chunk.len(),
            Err(err) => return Err(stop(&err).unwrap_or_else(|| FileError::new(err.to_string()))),
        };
        self.consume(n_bytes);
        Ok(n_bytes)
    }

    /// What is known of a file that has been read to its end.
    pub(super) fn stored(&self) -> Stored {
        let hash = self.hasher.clone().finalize();
        let sha256 = hash.iter().fold(String::new(), |mut hex, byte| {
            // Writing to a string does not fail.
            write!(hex, "{byte:02x}").ok();
            hex
        });
        Stored { size: self.n_read, sha256 }
    }

    /// Reads into the buffer, or past it where there is room for as much.
    fn read_on(&mut self, out: Option<&mut [u8]>) -> io::Result<usize> {
        if self.cancel.is_cancelled() {
            return Err(io::Error::other(Stop(FileError::new(CANCELLED))));
        }
        let Self { file, buf, .. } = self;
        let out = out.unwrap_or(buf);
        let n_read = read_some(file, out).map_err(|err| {
            let err = FileError::new(format!("cannot be read on: {err}"));
            io::Error::other(Stop(err))
        })?;
        self.hasher.update(&out[..n_read]);
        self.n_read += n_read as u64;
        Ok(n_read)
    }
}

impl BufRead for FileBytes {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            let n_read = self.read_on(None)?;
            (self.start, self.end) = (0, n_read);
        }
        Ok(&self.buf[self.start..self.end])
    }

    fn consume(&mut self, n_bytes: usize) {
        self.start = (self.start + n_bytes).min(self.end);
    }
}

impl Read for FileBytes {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.start == self.end && out.len() >= self.buf.len() {
            return self.read_on(Some(out));
        }
        let chunk = self.fill_buf()?;
        let n_bytes = chunk.len().min(out.len());
        out[..n_bytes].copy_from_slice(&chunk[..n_bytes]);
        self.consume(n_bytes);
        Ok(n_bytes)
    }
}

fn read_some(file: &mut File, buf: &mut [u8]) -> io::Result<usize> {
    loop {
        match file.read(buf) {
            Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
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
