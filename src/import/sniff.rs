//! What a file is, by its first bytes. Its name says nothing.

use super::report::FileError;

/// What a file turns out to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// JSON values: an array, an object, or several.
    Json,
    /// Text, perhaps with delimiters; whether it is a dump, its header tells.
    Text,
}

/// Files that are something else: how they begin, what they are and what to do.
const OTHERS: [(&[u8], &str); 14] = [
    (b"PK\x03\x04", "is a zip archive or a spreadsheet (xlsx): export it as CSV, or unpack it"),
    (b"\x1f\x8b", "is compressed with gzip: unpack it with `gunzip` first"),
    (b"\x28\xb5\x2f\xfd", "is compressed with zstd: unpack it with `unzstd` first"),
    (b"BZh", "is compressed with bzip2: unpack it with `bunzip2` first"),
    (b"\xfd7zXZ\x00", "is compressed with xz: unpack it with `unxz` first"),
    (
        b"PGDMP",
        "is a pg_dump archive: restore it and export the table with `\\copy usage_logs to 'usage_logs.csv' csv header`",
    ),
    (
        b"PGCOPY\n\xff\r\n\x00",
        "is COPY's binary format: export with `\\copy usage_logs to 'usage_logs.csv' csv header`",
    ),
    (b"SQLite format 3\x00", "is an SQLite database, not a dump: open it instead of importing it"),
    (b"PAR1", "is a Parquet file: export it as CSV or JSON"),
    (b"%PDF", "is a PDF file: export the rows as CSV or JSON"),
    (b"version https://git-lfs", "is a Git LFS pointer, not the file itself: run `git lfs pull`"),
    (b"\xff\xfe", "is UTF-16: save it as UTF-8, or run `iconv -f UTF-16 -t UTF-8`"),
    (b"\xfe\xff", "is UTF-16: save it as UTF-8, or run `iconv -f UTF-16 -t UTF-8`"),
    (b"\x00\x00\xfe\xff", "is UTF-32: save it as UTF-8, or run `iconv -f UTF-32 -t UTF-8`"),
];

/// How SQL begins, in upper case.
const SQL: [&str; 9] =
    ["--", "SET ", "INSERT ", "COPY ", "BEGIN", "CREATE ", "SELECT ", "\\RESTRICT", "DROP "];

/// Tells what a file is from its beginning, without byte order mark.
pub(super) fn kind(head: &[u8]) -> Result<Kind, FileError> {
    if let Some((_, what)) = OTHERS.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(FileError::new(*what));
    }
    if head.get(257..262) == Some(b"ustar") {
        return Err(FileError::new("is a tar archive: unpack it first"));
    }
    if head.contains(&0) {
        return Err(FileError::new(
            "holds NUL bytes: it is not text, or a download that failed; export it again",
        ));
    }
    let text = head.trim_ascii_start();
    match text.first() {
        None => Err(FileError::new("is empty: the export wrote nothing, not even a header")),
        // The separator is that of a JSON text sequence (RFC 7464).
        Some(b'[' | b'{' | 0x1e) => Ok(Kind::Json),
        Some(b'<') => Err(FileError::new(
            "is a web page (HTML or XML), probably an error or a login page saved as a file: export it again",
        )),
        Some(_) if is_sql(text) => Err(FileError::new(
            "is SQL: export the table with `\\copy usage_logs to 'usage_logs.csv' csv header`",
        )),
        Some(_) => Ok(Kind::Text),
    }
}

fn is_sql(text: &[u8]) -> bool {
    SQL.iter().any(|it| text.get(..it.len()).is_some_and(|start| start.eq_ignore_ascii_case(it.as_bytes())))
}

/// Whether TAB-delimited text is COPY's own text format, whose escapes are not CSV's: it writes NULL
/// as `\N`, and metadata that has quotes as it is, where CSV has to quote it and double the quotes.
pub(super) fn is_copy_text(head: &[u8], metadata: Option<usize>) -> bool {
    let is_bare_object = |it: &[u8]| it.starts_with(b"{\"") && it.get(2).is_some_and(|it| *it != b'"');
    let (mut has_null, mut has_bare_object) = (false, false);
    for line in head.split(|it| *it == b'\n') {
        let fields: Vec<&[u8]> = line.split(|it| *it == b'\t').collect();
        has_null |= fields.iter().any(|it| *it == b"\\N");
        has_bare_object |= fields.iter().any(|it| is_bare_object(it));
        // No JSON is spelled so.
        if !line.contains(&b'"') && metadata.and_then(|it| fields.get(it)).is_some_and(|it| *it == b"\\N") {
            return true;
        }
    }
    has_null && has_bare_object
}
