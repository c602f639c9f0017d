//! The one file in a zip archive.

use std::fs::File;
use std::io::{self, BufRead as _, Read as _};

use flate2::Crc;
use rawzip::{CompressionMethod, RECOMMENDED_BUFFER_SIZE, ZipArchive};

use super::file::FileBytes;
use crate::import::report::FileError;

/// Files that a refusal names.
const NAMES_MAX: usize = 5;

/// Files that only office programs put into an archive, and what the archive then is; the first counts.
const OFFICE: [(&[u8], &str); 6] = [
    (b"xl/workbook.xml", "a spreadsheet (xlsx)"),
    (b"xl/workbook.bin", "a spreadsheet (xlsb)"),
    (b"word/document.xml", "a Word document (docx)"),
    (b"[Content_Types].xml", "an Office document (xlsx or docx)"),
    (b"META-INF/manifest.xml", "an OpenDocument file (ods or odt)"),
    (b"Index/Document.iwa", "a Numbers spreadsheet"),
];

/// What the directory of the archive says of a file, and what has been seen of it.
pub(super) struct Entry {
    pub(super) is_deflated: bool,
    /// Where its bytes are in the archive.
    start: u64,
    end: u64,
    crc: u32,
    size: u64,
    seen: Crc,
    n_seen: u64,
}

/// Finds the one data file of an archive; any other archive is refused.
pub(super) fn only_entry(file: &mut FileBytes) -> Result<Entry, FileError> {
    let found = file.again().map_err(rawzip::Error::from).and_then(Archive::read);
    file.resume().map_err(|err| FileError::new(format!("cannot be read on: {err}")))?;
    let Ok(archive) = found else {
        return Err(match OFFICE.get(office_place(&first_name(file.head()))) {
            Some((_, what)) => is_office(what),
            None => damaged("its directory, which stands at its end, is missing or wrong"),
        });
    };
    if let Some(what) = archive.office {
        return Err(is_office(what));
    }
    if archive.n_files > 1 {
        let names = archive.names.join(", ");
        let more = if archive.n_files > archive.names.len() as u64 { ", …" } else { "" };
        return Err(FileError::new(format!(
            "is a zip archive of {} files ({names}{more}): unpack it and import those that are dumps",
            archive.n_files,
        )));
    }
    match archive.entry {
        Some(entry) => entry,
        None => Err(FileError::new("is a zip archive without a file in it: export again")),
    }
}

/// What is to be known of an archive, whatever its size.
#[derive(Default)]
struct Archive {
    office: Option<&'static str>,
    n_files: u64,
    /// The first few.
    names: Vec<String>,
    /// The first file, or why it cannot be read.
    entry: Option<Result<Entry, FileError>>,
}

impl Archive {
    fn read(file: File) -> Result<Self, rawzip::Error> {
        let mut buf = vec![0; RECOMMENDED_BUFFER_SIZE];
        let zip = ZipArchive::from_file(file, &mut buf)?;
        let n_told = zip.entries_hint();
        let mut found = Self::default();
        let mut first = None;
        let mut n_entries = 0;
        let mut office = OFFICE.len();
        let mut entries = zip.entries(&mut buf);
        while let Some(entry) = entries.next_entry()? {
            n_entries += 1;
            let path = entry.file_path();
            let name: &[u8] = path.as_ref();
            office = office.min(office_place(name));
            if entry.is_dir() || is_litter(name) {
                continue;
            }
            found.n_files += 1;
            if found.names.len() < NAMES_MAX {
                let name: String = String::from_utf8_lossy(name).chars().take(60).collect();
                found.names.push(name.escape_debug().to_string());
            }
            if first.is_none() {
                let is_encrypted = entry.flags().is_encrypted();
                let method = entry.compression_method();
                first = Some((
                    entry.wayfinder(),
                    is_encrypted,
                    method,
                    entry.crc32(),
                    entry.uncompressed_size_hint(),
                ));
            }
        }
        found.office = OFFICE.get(office).map(|(_, what)| *what);
        if n_entries != n_told {
            found.entry = Some(Err(damaged("its directory lists another number of files than it says")));
        } else if let Some((wayfinder, is_encrypted, method, crc, size)) = first {
            let (start, end) = zip.get_entry(wayfinder)?.compressed_data_range();
            let is_deflated = method == CompressionMethod::DEFLATE;
            found.entry = Some(if is_encrypted {
                Err(FileError::new("is a zip archive with a password: unpack it first"))
            } else if is_deflated || method == CompressionMethod::STORE {
                Ok(Entry { is_deflated, start, end, crc, size, seen: Crc::new(), n_seen: 0 })
            } else {
                Err(FileError::new(
                    "is a zip archive packed in another way than deflate: unpack it with `unzip` first",
                ))
            });
        }
        Ok(found)
    }
}

impl Entry {
    /// The bytes of the archive that are the file's.
    pub(super) fn taken_from(&self, mut file: FileBytes) -> Result<io::Take<FileBytes>, FileError> {
        let mut n_before = self.start;
        while n_before > 0 {
            let n_bytes = match file.fill_buf() {
                Ok(chunk) => chunk.len().min(usize::try_from(n_before).unwrap_or(usize::MAX)),
                Err(err) => {
                    return Err(super::file::stop(&err).unwrap_or_else(|| FileError::new(err.to_string())));
                }
            };
            if n_bytes == 0 {
                return Err(damaged("its file lies behind its end"));
            }
            file.consume(n_bytes);
            n_before -= n_bytes as u64;
        }
        Ok(file.take(self.end.saturating_sub(self.start)))
    }

    /// Compares what has been read with what the directory says; nothing is read at the end.
    pub(super) fn check(&mut self, read: &[u8], n_left: u64) -> Result<(), FileError> {
        self.seen.update(read);
        self.n_seen += read.len() as u64;
        let is_whole = self.n_seen == self.size && self.seen.sum() == self.crc && n_left == 0;
        if self.n_seen > self.size || (read.is_empty() && !is_whole) {
            return Err(damaged("its file is not as long as it should be, or its checksum does not match"));
        }
        Ok(())
    }
}

fn damaged(why: &str) -> FileError {
    FileError::new(format!("is a zip archive that was cut or damaged ({why}): copy or download it again"))
}

fn is_office(what: &str) -> FileError {
    FileError::new(format!("is {what}, whatever its name says: save the rows as CSV (UTF-8) and import that"))
}

/// Where a name stands in [`OFFICE`]; behind it, where it does not.
fn office_place(name: &[u8]) -> usize {
    OFFICE.iter().position(|(it, _)| *it == name).unwrap_or(OFFICE.len())
}

/// What file managers put beside the files.
fn is_litter(name: &[u8]) -> bool {
    let base = name.rsplit(|it| *it == b'/').next().unwrap_or_default();
    name.starts_with(b"__MACOSX/") || base.starts_with(b"._") || base == b".DS_Store" || base == b"Thumbs.db"
}

/// The name of the first file, as the beginning of the archive tells it.
fn first_name(head: &[u8]) -> Vec<u8> {
    let n_bytes = head.get(26..28).map_or(0, |it| usize::from(u16::from_le_bytes([it[0], it[1]])));
    head.get(30..30 + n_bytes).unwrap_or_default().to_owned()
}
