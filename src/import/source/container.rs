//! What a file is packed in: gzip, zstd, a zip archive with one file, or nothing.
//!
//! An archive that is cut or damaged fails whole, and so does one that unpacks to far more than any
//! log does.

use std::io::{self, Read};

use flate2::bufread::{DeflateDecoder, MultiGzDecoder};

use super::file::{self, FileBytes};
use super::zip::{self, Entry};
use crate::import::report::FileError;

/// So many bytes may come out of any archive, however small it is.
const UNCHECKED_MAX: u64 = 64 * 1024 * 1024;
/// How many bytes may come out of one, beyond that. Measured: a million rows that differ only in a
/// counting id and time give 42 with `gzip -9` and 50 with `zstd -12`, the first 200,000 of them 100
/// with `zstd -19`; blank lines give 1,028 with gzip.
const RATIO_MAX: u64 = 500;
/// More is for a person to unpack: it is as likely a mistake as a log.
const UNPACKED_MAX: u64 = 256 * 1024 * 1024 * 1024;

/// The unpacked bytes of a file.
pub(super) struct Container {
    packing: Packing,
    n_unpacked: u64,
}

enum Packing {
    None(FileBytes),
    Gzip(Box<MultiGzDecoder<FileBytes>>),
    Zstd(zstd::stream::read::Decoder<'static, FileBytes>),
    /// The one file of an archive, as it is or deflated.
    Stored(io::Take<FileBytes>, Entry),
    Deflated(DeflateDecoder<io::Take<FileBytes>>, Entry),
}

/// What packs files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Packer {
    Gzip,
    Zstd,
    Zip,
}

impl Packer {
    /// By the beginning of what it made.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            // A frame that is to be skipped may come first.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstd),
            // A file, or the end of an archive without files.
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(Self::Zip),
            _ => None,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Zip => "zip",
        }
    }
}

impl Container {
    /// Tells by its beginning what a file is packed in.
    pub(super) fn new(mut file: FileBytes) -> Result<Self, FileError> {
        let packing = match Packer::of(file.head()) {
            Some(Packer::Gzip) => Packing::Gzip(Box::new(MultiGzDecoder::new(file))),
            Some(Packer::Zstd) => zstd::stream::read::Decoder::with_buffer(file)
                .map(Packing::Zstd)
                .map_err(|err| FileError::new(err.to_string()))?,
            Some(Packer::Zip) => {
                let entry = zip::only_entry(&mut file)?;
                let taken = entry.taken_from(file)?;
                if entry.is_deflated {
                    Packing::Deflated(DeflateDecoder::new(taken), entry)
                } else {
                    Packing::Stored(taken, entry)
                }
            }
            None => Packing::None(file),
        };
        Ok(Self { packing, n_unpacked: 0 })
    }

    pub(super) fn packer(&self) -> Option<Packer> {
        match self.packing {
            Packing::None(_) => None,
            Packing::Gzip(_) => Some(Packer::Gzip),
            Packing::Zstd(_) => Some(Packer::Zstd),
            Packing::Stored(..) | Packing::Deflated(..) => Some(Packer::Zip),
        }
    }

    pub(super) fn is_packed(&self) -> bool {
        self.packer().is_some()
    }

    pub(super) fn file(&self) -> &FileBytes {
        match &self.packing {
            Packing::None(file) => file,
            Packing::Gzip(gzip) => gzip.get_ref(),
            Packing::Zstd(zstd) => zstd.get_ref(),
            Packing::Stored(taken, _) => taken.get_ref(),
            Packing::Deflated(deflated, _) => deflated.get_ref().get_ref(),
        }
    }

    pub(super) fn file_mut(&mut self) -> &mut FileBytes {
        match &mut self.packing {
            Packing::None(file) => file,
            Packing::Gzip(gzip) => gzip.get_mut(),
            Packing::Zstd(zstd) => zstd.get_mut(),
            Packing::Stored(taken, _) => taken.get_mut(),
            Packing::Deflated(deflated, _) => deflated.get_mut().get_mut(),
        }
    }

    /// Fills a buffer as far as there is something; none at the end of what was packed.
    pub(super) fn read(&mut self, out: &mut [u8]) -> Result<usize, FileError> {
        let mut n_read = 0;
        while n_read < out.len() {
            match self.read_some(&mut out[n_read..])? {
                0 => break,
                n_bytes => n_read += n_bytes,
            }
        }
        Ok(n_read)
    }

    fn read_some(&mut self, out: &mut [u8]) -> Result<usize, FileError> {
        let read = match &mut self.packing {
            Packing::None(file) => file.read(out),
            Packing::Gzip(gzip) => gzip.read(out),
            Packing::Zstd(zstd) => zstd.read(out),
            Packing::Stored(taken, _) => taken.read(out),
            Packing::Deflated(deflated, _) => deflated.read(out),
        };
        let n_bytes = read.map_err(|err| self.fault(&err))?;
        self.n_unpacked += n_bytes as u64;
        self.check_size()?;
        let n_left = match &self.packing {
            Packing::Stored(taken, _) => taken.limit(),
            Packing::Deflated(deflated, _) => deflated.get_ref().limit(),
            _ => 0,
        };
        if let Packing::Stored(_, entry) | Packing::Deflated(_, entry) = &mut self.packing {
            entry.check(&out[..n_bytes], n_left)?;
        }
        Ok(n_bytes)
    }

    fn check_size(&self) -> Result<(), FileError> {
        if self.is_packed() && is_bomb(self.file().n_read(), self.n_unpacked) {
            return Err(FileError::new(format!(
                "unpacks to more than {} times its size, or to more than {} GiB, as no export does: \
                 unpack it yourself, look at it, and import what comes out",
                RATIO_MAX,
                UNPACKED_MAX >> 30,
            )));
        }
        Ok(())
    }

    /// What an error of a decoder means.
    fn fault(&self, err: &io::Error) -> FileError {
        if let Some(err) = file::stop(err) {
            return err;
        }
        let name = match self.packer() {
            None => return FileError::new(format!("cannot be read on: {err}")),
            Some(Packer::Gzip) => "gzip file",
            Some(Packer::Zstd) => "zstd file",
            Some(Packer::Zip) => "zip archive",
        };
        let text = err.to_string();
        FileError::new(if err.kind() == io::ErrorKind::UnexpectedEof {
            format!(
                "is a {name} that was cut, or that has something else behind its end: copy or download it again"
            )
        } else if text == "invalid gzip header" || text == "Unknown frame descriptor" {
            format!(
                "is a {name} with something else behind its end: it is damaged; copy or download it again"
            )
        } else if text.contains("too much memory") {
            "is a zstd file that takes more than 128 MiB of memory to unpack: unpack it with `unzstd --long=31` first"
                .to_owned()
        } else {
            format!("is a {name} that is damaged ({text}): copy or download it again")
        })
    }
}

/// Whether more has come out of an archive than comes out of any export.
fn is_bomb(n_packed: u64, n_unpacked: u64) -> bool {
    let is_dense = n_unpacked > UNCHECKED_MAX && n_unpacked > n_packed.saturating_mul(RATIO_MAX);
    is_dense || n_unpacked > UNPACKED_MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bomb_is_told_by_its_ratio_and_by_its_size() {
        let (mib, gib) = (1 << 20, 1 << 30);
        assert!(!is_bomb(1, 64 * mib));
        assert!(is_bomb(1, 64 * mib + 1));
        assert!(!is_bomb(mib, 500 * mib));
        assert!(is_bomb(mib, 500 * mib + 1));
        assert!(!is_bomb(10 * gib, 256 * gib));
        assert!(is_bomb(10 * gib, 256 * gib + 1));
    }
}
