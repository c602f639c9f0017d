//! Laws of whole files.

use std::io::Write as _;

use serde_json::value::RawValue;

use super::packed;
use crate::import::memory::Memory;
use crate::import::source::{Encoding, Input};
use crate::import::{FileReport, Format, Options};
use crate::model::DumpTable;

const NAMES: [&str; 8] =
    ["id", "user_id", "action", "credits_consumed", "metadata", "created_at", "format", "quality"];
const DELIMITERS: [&str; 4] = [",", ";", "\t", "|"];
const ENCODINGS: [&str; 6] = ["windows-1252", "shift_jis", "gb18030", "utf-16le", "iso-2022-jp", "euc-kr"];
/// What a fuzzer tries lies in one such piece; the usual ones take ten times as long.
const WHOLE: usize = 32 * 1024;
/// The smallest pieces in which a file is read; see [`Input::in_chunks_of`].
const CHUNK: usize = 1_024;

/// Any bytes are counted or refused, and twice is once.
pub fn any_file(bytes: &[u8]) {
    check_twice(bytes, &Options::default());
}

/// Any bytes behind a header and a good row, in a dialect that the first byte chooses.
pub fn any_delimited(bytes: &[u8]) {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let delimiter = DELIMITERS[usize::from(*choice) % DELIMITERS.len()];
    let newline = if choice & 0x10 == 0 { "\n" } else { "\r\n" };
    let start = [NAMES.join(delimiter), good_row().join(delimiter), String::new()].join(newline);
    check_pieces(&[start.as_bytes(), rest].concat());
}

/// Any bytes behind a good row as `PostgreSQL`'s own programs write it, in a way that the first byte chooses:
/// COPY's text, a block of it in a dump, values of an INSERT, a dump that is still to begin, `psql -A`.
pub fn any_postgres(bytes: &[u8]) {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let row = good_row();
    let (names, tabbed) = (NAMES.join(", "), row.join("\t"));
    let start = match choice % 5 {
        0 => format!("{}\n{tabbed}\n", NAMES.join("\t")),
        1 => format!("COPY public.usage_logs ({names}) FROM stdin;\n{tabbed}\n"),
        2 => format!("INSERT INTO usage_logs ({names}) VALUES\n('{}'),\n", row.join("', '")),
        3 => format!("SET x = 1;\nINSERT INTO \"public\".\"usage_logs\" VALUES ('{}');\n", row.join("', '")),
        _ => format!("{}\n{}\n", NAMES.join("|"), row.join("|")),
    };
    check_pieces(&[start.as_bytes(), rest].concat());
}

/// Any bytes behind the header, the rule and a good row of a table in Markdown.
pub fn any_markdown(bytes: &[u8]) {
    let line = |cells: [&str; 8]| format!("| {} |\n", cells.join(" | "));
    let row = good_row();
    let start = line(NAMES) + &line(["---"; 8]) + &line(row.each_ref().map(String::as_str));
    check_pieces(&[start.as_bytes(), bytes].concat());
}

/// Any bytes behind a good row in JSON, in a shape that the first byte chooses: nothing is taken that
/// is no JSON, and JSON is never called anything else.
pub fn any_json(bytes: &[u8]) {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let row = good_row()
        .map(|it| if it.starts_with(['{', '2']) && it.len() < 9 { it } else { format!("\"{it}\"") });
    let members: Vec<String> =
        NAMES.iter().zip(&row).map(|(name, value)| format!("\"{name}\":{value}")).collect();
    let object = format!("{{{}}}", members.join(","));
    let start = match choice % 4 {
        0 => format!("[{object},"),
        1 => format!("{object}\n"),
        2 => format!("{{\"data\":[{object},"),
        _ => format!("{{\"columns\":[\"{}\"],\"data\":[[{}],", NAMES.join("\",\""), row.join(",")),
    };
    let content = [start.as_bytes(), rest].concat();
    let (report, _) = check_pieces(&content);
    // RFC 7464 has separators between values, and JSON has none inside texts.
    let without_separators: Vec<u8> = content.iter().map(|it| if *it == 0x1e { b' ' } else { *it }).collect();
    match &report.error {
        None => assert!(is_json_stream(&without_separators), "{:?}", String::from_utf8_lossy(&content)),
        Some(err) => {
            let is_named = err.message.starts_with("not JSON") || err.message.starts_with("the file ends");
            let is_ours = err.message.contains("something else follows") || err.message.contains("more than");
            assert!(
                !is_named || is_ours || !is_json_stream(&content),
                "{err:?}: {:?}",
                String::from_utf8_lossy(&content)
            );
        }
    }
}

/// Any bytes, packed in a way that the first byte chooses, are read as they would be alone; and damage
/// to the archive, where the last bytes put it, is counted or refused.
pub fn any_archive(bytes: &[u8]) {
    let [choice, rest @ .., at, change] = bytes else { return };
    let start = if choice & 0x10 == 0 { NAMES.join(",") + "\n" } else { String::new() };
    let content = [start.as_bytes(), rest].concat();
    let mut archive = match choice % 4 {
        0 => packed::gzip(&content),
        1 => packed::zstd(&content),
        2 => packed::zip(&[("a.csv", content.as_slice())], rawzip::CompressionMethod::STORE),
        _ => packed::zip(&[("a.csv", content.as_slice())], rawzip::CompressionMethod::DEFLATE),
    };
    // A file that is packed, or is no text, may be read alone only.
    if choice & 0x10 == 0 {
        check_same(&check_twice(&content, &Options::default()), &check_twice(&archive, &Options::default()));
    }
    let at = archive.len() * usize::from(*at) / 256;
    archive[at] ^= change;
    check_twice(&archive, &Options::default());
}

/// Any bytes in an encoding that the first byte chooses; and a text in UTF-16 is what it is in UTF-8.
pub fn any_encoding(bytes: &[u8]) {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let start = NAMES.join(",") + "\n";
    let encoding = Encoding::named(ENCODINGS[usize::from(*choice) % ENCODINGS.len()]);
    check_twice(&[start.as_bytes(), rest].concat(), &Options { encoding, ..Options::default() });
    check_twice(rest, &Options { encoding, ..Options::default() });
    let content = start + &String::from_utf8_lossy(rest);
    let in_utf8 = check_twice(content.as_bytes(), &Options::default());
    let marked = format!("\u{feff}{content}");
    for text in [&content, &marked] {
        let units = || text.encode_utf16();
        let (little, big) =
            (units().flat_map(u16::to_le_bytes).collect(), units().flat_map(u16::to_be_bytes).collect());
        for in_utf16 in [little, big] as [Vec<u8>; 2] {
            check_same(&in_utf8, &check_twice(&in_utf16, &Options::default()));
        }
    }
}

// ---- checks -------------------------------------------------------------------------------------

/// A good row, longer than a piece: what the file is, is recognised before it ends.
fn good_row() -> [String; 8] {
    let texts = [
        "00000000-0000-4000-8000-000000000001",
        "00000000-0000-4000-8000-00000000000a",
        "",
        "2.5",
        "{}",
        "2025-08-30 10:00:00+00",
        "image",
        "high",
    ];
    let mut row = texts.map(str::to_owned);
    row[2] = "x".repeat(2 * CHUNK);
    row
}

fn import(content: &[u8], options: &Options, chunk: usize, memory: &mut Memory) -> FileReport {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(content).expect("room for it");
    super::import(Input::in_chunks_of(file.path(), chunk), options, memory)
}

/// Imports twice: then nothing is new, and what is there stays as it is.
fn check_twice(content: &[u8], options: &Options) -> (FileReport, Memory) {
    let mut memory = Memory::default();
    let chunk = WHOLE.max(content.len() + 1);
    let first = import(content, options, chunk, &mut memory);
    for table in &first.tables {
        let name = table.table.unwrap_or(DumpTable::UsageLogs);
        let n_kept = |n: usize| if first.error.is_none() { n as u64 } else { 0 };
        assert_eq!(table.rejected, n_kept(memory.rejects.iter().filter(|it| it.0 == name).count()));
        assert_eq!(table.conflicts, n_kept(memory.conflicts.iter().filter(|it| it.0 == name).count()));
    }
    let mut twice = memory.clone();
    let again = import(content, options, chunk, &mut twice);
    assert_eq!(again.error, first.error);
    assert_eq!((&twice.logs, &twice.profiles, &twice.roles), (&memory.logs, &memory.profiles, &memory.roles));
    for (first, again) in first.tables.iter().zip(&again.tables) {
        assert_eq!(
            (again.table, again.rows_read, again.rejected),
            (first.table, first.rows_read, first.rejected)
        );
        assert_eq!((again.imported, again.updated), (0, 0), "{again:?}");
        // Of two rows, a third may have shown that they are one.
        assert!(again.conflicts <= first.conflicts, "{again:?}");
    }
    (first, memory)
}

/// In whatever pieces a file is read, it says the same, if its first piece is enough to recognise it. Bytes
/// that are no text stop a file where they are read: how far it was recognised by then, and what stands
/// around them, is a matter of the pieces.
fn check_pieces(content: &[u8]) -> (FileReport, Memory) {
    let whole = check_twice(content, &Options::default());
    let mut pieces = [0, 1 + content.len() % 97].map(|more| {
        let mut memory = Memory::default();
        let report = import(content, &Options::default(), CHUNK + more, &mut memory);
        (report, memory)
    });
    let [first, second] = &mut pieces;
    second.0.path.clone_from(&first.0.path);
    if let (Some(first), Some(second)) = (&first.0.error, &second.0.error) {
        assert_eq!((first.line, &first.message), (second.line, &second.message));
    } else if formats(&first.0) == formats(&second.0) {
        assert_eq!(first, second);
    }
    whole
}

fn formats(report: &FileReport) -> Vec<Format> {
    report.tables.iter().map(|it| it.format).collect()
}

#[track_caller]
fn check_same(a: &(FileReport, Memory), b: &(FileReport, Memory)) {
    assert_eq!(
        (&a.0.tables, a.0.error.is_some()),
        (&b.0.tables, b.0.error.is_some()),
        "{:?} {:?}",
        a.0.error,
        b.0.error
    );
    assert_eq!(a.1, b.1);
}

/// Whether a text is JSON arrays and objects one after another.
fn is_json_stream(content: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(content) else { return false };
    serde_json::Deserializer::from_str(text)
        .into_iter::<&RawValue>()
        .all(|it| it.is_ok_and(|it| it.get().starts_with(['[', '{'])))
}
