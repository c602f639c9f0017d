//! What a file is, by its first bytes. Its name says nothing.

use super::report::FileError;
use super::sqlite;

/// What a text turns out to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// JSON values: an array, an object, or several.
    Json,
    /// SQL statements.
    Sql,
    /// Text, perhaps with delimiters; whether it is a dump, its header tells.
    Text,
}

/// Files that are something else: how they begin, what they are and what to do.
const OTHERS: [(&[u8], &str); 22] = [
    (b"BZh", "is compressed with bzip2: unpack it with `bunzip2` first"),
    (b"\xfd7zXZ\x00", "is compressed with xz: unpack it with `unxz` first"),
    (b"\x04\x22\x4d\x18", "is compressed with lz4: unpack it with `unlz4` first"),
    (b"7z\xbc\xaf\x27\x1c", "is a 7-Zip archive: unpack it with `7z x` first"),
    (b"Rar!\x1a\x07", "is a RAR archive: unpack it with `unrar x` first"),
    (
        b"PGDMP",
        "is a pg_dump archive (custom format): run `pg_restore -a -t usage_logs -t profiles -t user_roles \
         -f usage.sql FILE` and import usage.sql",
    ),
    (
        b"PGCOPY\n\xff\r\n\x00",
        "is COPY's binary format: export with `\\copy usage_logs to 'usage_logs.csv' csv header`",
    ),
    (b"%PDF", "is a PDF file: export the rows as CSV or JSON"),
    (b"{\\rtf", "is a text document (RTF): export the rows as CSV or JSON"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "is an old spreadsheet (xls): save the rows as CSV (UTF-8) and import that",
    ),
    (b"version https://git-lfs", "is a Git LFS pointer, not the file itself: run `git lfs pull`"),
    (b"Obj\x01", "is an Avro file: export the rows as CSV or JSON"),
    (b"ARROW1", "is an Arrow file: export the rows as CSV or JSON"),
    (b"ORC", "is an ORC file: export the rows as CSV or JSON"),
    (b"\x89PNG", "is a picture: export the rows as CSV or JSON"),
    (b"\xff\xd8\xff", "is a picture: export the rows as CSV or JSON"),
    (b"\x7fELF", "is a program, not a dump: import what it exports"),
    (b"bplist00", "is a macOS property list, perhaps a saved web page: export the rows as CSV or JSON"),
    (b"\xff\xfe\x00\x00", UTF32),
    (b"\x00\x00\xfe\xff", UTF32),
    (sqlite::MAGIC, "is an SQLite database in an archive: unpack it and import what comes out"),
    (PARQUET, IS_PARQUET),
];
/// How a Parquet file begins.
pub(super) const PARQUET: &[u8] = b"PAR1";
#[cfg(feature = "parquet")]
const IS_PARQUET: &str = "is a Parquet file in an archive: unpack it and import what comes out";
#[cfg(not(feature = "parquet"))]
const IS_PARQUET: &str = "is a Parquet file, which only builds with the feature `parquet` read: run \
    `duckdb -c \"COPY (FROM 'FILE') TO 'usage_logs.csv'\"` and import usage_logs.csv";
const DUCKDB: &str =
    "is a DuckDB database: run `COPY usage_logs TO 'usage_logs.csv' (HEADER)` in it and import that";
const UTF32: &str = "is UTF-32: save it as UTF-8, or run `iconv -f UTF-32 -t UTF-8`";

/// How SQL begins, in upper case; a header in CSV may begin with some of its words.
const SQL: [&str; 20] = [
    "--",
    "/*",
    "ALTER ",
    "ANALYZE ",
    "BEGIN;",
    "BEGIN ",
    "COMMENT ON ",
    "COPY ",
    "CREATE ",
    "DELETE FROM ",
    "DO $",
    "DROP ",
    "TRUNCATE ",
    "UPDATE ",
    "INSERT ",
    "LOCK TABLE ",
    "PRAGMA ",
    "SELECT ",
    "SET ",
    "START TRANSACTION",
];

/// Refuses what is no text, by the beginning of a file or of what it unpacks to.
pub(super) fn refuse(head: &[u8]) -> Result<(), FileError> {
    if let Some((_, what)) = OTHERS.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(FileError::new(*what));
    }
    if head.get(8..12) == Some(b"DUCK") {
        return Err(FileError::new(DUCKDB));
    }
    if head.get(257..262) == Some(b"ustar") {
        return Err(FileError::new(if head.starts_with(b"toc.dat\0") {
            "is a pg_dump archive (tar format): run `pg_restore -a -t usage_logs -t profiles -t user_roles \
             -f usage.sql FILE` and import usage.sql"
        } else {
            "is a tar archive: unpack it with `tar xf` and import the dumps in it"
        }));
    }
    Ok(())
}

/// Tells what a text is from its beginning.
pub(super) fn kind(head: &[u8]) -> Result<Kind, FileError> {
    let text = head.trim_ascii_start();
    match text.first() {
        None => Err(FileError::new("is empty: the export wrote nothing, not even a header")),
        // The separator is that of a JSON text sequence (RFC 7464).
        Some(b'[' | b'{' | 0x1e) => Ok(Kind::Json),
        Some(b'<') => Err(FileError::new(
            "is a web page (HTML or XML), probably an error or a login page saved as a file: export it again",
        )),
        Some(_) if is_sql(text) => Ok(Kind::Sql),
        Some(_) => Ok(Kind::Text),
    }
}

fn is_sql(text: &[u8]) -> bool {
    // A command to psql; `\N` is the NULL of COPY.
    let is_command = matches!(text, [b'\\', b'a'..=b'z', ..]);
    let begins = |it: &str| {
        let head =
            text.iter().map(|it| if it.is_ascii_whitespace() { b' ' } else { it.to_ascii_uppercase() });
        head.take(it.len()).eq(it.bytes())
    };
    is_command || SQL.into_iter().any(begins)
}
