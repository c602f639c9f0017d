//! What files are packed in, how their text is encoded, and what is no text at all.

use std::io::Write as _;

use proptest::prelude::*;
use sha2::Digest as _;

use super::*;
use crate::import::Encoding;
use crate::import::laws::packed::{gzip, zip, zstd};

fn deflated(files: &[(&str, &str)]) -> Vec<u8> {
    zip(files, rawzip::CompressionMethod::DEFLATE)
}

fn dump() -> String {
    format!("{HEADER}{ROW}{}", row(2))
}

// ---- containers ---------------------------------------------------------------------------------

#[test]
fn what_is_packed_is_read_as_what_is_in_it() {
    let two_rows = [2, 0, 0, 0, 0];
    let (first, second) = (format!("{HEADER}{ROW}"), row(2));
    check_counts(gzip(dump()), two_rows);
    check_counts([gzip(&first), gzip(&second), gzip("")].concat(), two_rows);
    check_counts(zstd(dump()), two_rows);
    check_counts([zstd(&first), b"\x50\x2a\x4d\x18\x02\0\0\0..".to_vec(), zstd(&second)].concat(), two_rows);
    check_counts(deflated(&[("usage_logs.csv", &dump())]), two_rows);
    check_counts(zip(&[("usage_logs.csv", &dump())], rawzip::CompressionMethod::STORE), two_rows);
    let from_a_mac =
        [("out/", ""), ("__MACOSX/out/._a.csv", "x"), ("out/a.csv", &dump()), ("out/.DS_Store", "x")];
    check_counts(deflated(&from_a_mac), two_rows);
}

#[test]
fn the_hash_and_the_progress_are_those_of_the_file_as_it_is_stored() {
    let rows: String = (1..=20_000).map(row).collect();
    let content = format!("{HEADER}{rows}");
    for packed in [gzip(&content), zstd(&content), deflated(&[("a", &content)])] {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&packed).unwrap();
        let mut seen = Vec::new();
        let report = import_file(
            file.path(),
            &Options::default(),
            &mut Memory::default(),
            &Cancel::new(),
            &mut |it| seen.push(it),
        );
        assert_eq!(counts(only_table(&report)), [20_000, 0, 0, 0, 0]);
        assert_eq!(report.size, packed.len() as u64);
        let hash: [u8; 32] = sha2::Sha256::digest(&packed).into();
        let in_hex: Vec<String> = hash.iter().map(|it| format!("{it:02x}")).collect();
        assert_eq!(report.sha256, in_hex.concat());
        assert!(seen.iter().all(|it| it.bytes_read <= it.bytes_total && it.bytes_total == report.size));
        let last = seen.last().unwrap();
        assert_eq!((last.bytes_read, last.rows), (report.size, 20_000));
    }
}

#[test]
fn an_archive_that_is_cut_or_changed_anywhere_fails_whole() {
    for packed in [gzip(dump()), zstd(dump()), deflated(&[("a.csv", &dump())])] {
        for n_bytes in 4..packed.len() {
            let (report, memory) = import(&packed[..n_bytes]);
            let (line, message) = error(&report);
            assert!(line.is_none() && message.contains("cut"), "{n_bytes} of {}: {message}", packed.len());
            assert_eq!(memory, Memory::default());
        }
    }
    for packed in [gzip(dump()), zstd(dump()), deflated(&[("a.csv", &dump())])] {
        for at in packed.len() / 3..packed.len() / 2 {
            let mut packed = packed.clone();
            packed[at] ^= 0x10;
            let (report, memory) = import(&packed);
            let (line, message) = error(&report);
            let is_named = message.contains("damaged") || message.contains("cut");
            assert!(line.is_none() && is_named, "{at}: {message}");
            assert_eq!(memory, Memory::default());
        }
    }
    check_error([gzip(dump()), b"x".to_vec()].concat(), None, "something else behind its end");
    check_error(
        [gzip(dump()), vec![0; 512]].concat(),
        None,
        "a gzip file with something else behind its end",
    );
    check_error([zstd(dump()), b"garbage".to_vec()].concat(), None, "zstd file with something else behind");
}

#[test]
fn an_archive_must_hold_one_file_and_no_other_archive() {
    check_error(
        deflated(&[("a/usage_logs.csv", &dump()), ("profiles.csv", "id,username\n")]),
        None,
        "is a zip archive of 2 files (a/usage_logs.csv, profiles.csv)",
    );
    let many: Vec<(&str, &str)> = ["a", "b", "c", "d", "e", "f"].map(|it| (it, "")).to_vec();
    check_error(deflated(&many), None, "is a zip archive of 6 files (a, b, c, d, e, …)");
    check_error(deflated(&[("out/", "")]), None, "is a zip archive without a file");
    check_error(deflated(&[]), None, "is a zip archive without a file");
    check_error(gzip(gzip(dump())), None, "packed twice, with gzip inside");
    check_error(zstd(deflated(&[("a", "b")])), None, "packed twice, with zip inside");
    check_error(gzip(b"BZh9..."), None, "bzip2");
    check_error(gzip(""), None, "is empty");
}

#[test]
fn office_files_are_known_by_what_is_in_them() {
    let parts = |name| deflated(&[("[Content_Types].xml", "<x/>"), ("a.xml", ""), (name, "<x/>")]);
    check_error(parts("xl/workbook.xml"), None, "is a spreadsheet (xlsx), whatever its name says");
    check_error(parts("word/document.xml"), None, "is a Word document (docx)");
    let ods = [("mimetype", "application/…"), ("content.xml", "<x/>"), ("META-INF/manifest.xml", "<x/>")];
    check_error(deflated(&ods), None, "is an OpenDocument file (ods or odt)");
    let whole = parts("xl/workbook.xml");
    check_error(&whole[..whole.len() - 30], None, "is an Office document (xlsx or docx)");
}

#[test]
fn a_bomb_is_refused_before_it_has_unpacked() {
    let blank_lines = "\n".repeat(80 << 20);
    let bomb = gzip(format!("{HEADER}{blank_lines}"));
    check_error(&bomb, None, "unpacks to more than 500 times its size");
    // Less is taken, whatever the ratio.
    check_counts(gzip(format!("{HEADER}{}{ROW}", &blank_lines[..60 << 20])), [1, 0, 0, 0, 0]);
}

// ---- encodings ----------------------------------------------------------------------------------

const LITTLE: bool = false;
const BIG: bool = true;

fn utf16(text: &str, is_big: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|it| if is_big { it.to_be_bytes() } else { it.to_le_bytes() }).collect()
}

fn as_encoding(name: &str) -> Options {
    Options { encoding: Encoding::named(name), ..Options::default() }
}

#[track_caller]
fn check_action(options: &Options, content: impl AsRef<[u8]>, action: &str) {
    let mut memory = Memory::default();
    let report = import_with(options, &mut memory, content);
    assert_eq!(report.error, None);
    assert_eq!(memory.logs.values().next().unwrap().action, action);
}

#[test]
fn a_text_says_its_encoding_by_its_mark_or_its_zeros() {
    let options = Options::default();
    let content = dump().replace("generate", "größer 😀");
    let marked = format!("\u{feff}{content}");
    check_action(&options, &content, "größer 😀");
    check_action(&options, &marked, "größer 😀");
    for is_big in [LITTLE, BIG] {
        check_action(&options, utf16(&content, is_big), "größer 😀");
        check_action(&options, utf16(&marked, is_big), "größer 😀");
        check_action(&options, gzip(utf16(&marked, is_big)), "größer 😀");
        // A mark is certain, whatever the user says.
        check_action(&as_encoding("windows-1252"), utf16(&marked, is_big), "größer 😀");
    }
    check_action(&as_encoding("windows-1252"), &marked, "größer 😀");
    check_error(b"\xff\xfe\0\0i\0\0\0d\0\0\0", None, "is UTF-32");
}

#[test]
fn another_encoding_is_read_only_where_the_user_says_so() {
    let content = dump().replace("generate", "gr\u{f6}\u{df}er");
    let latin1: Vec<u8> = content.chars().map(|it| it as u8).collect();
    check_error(&latin1, Some(2), "not UTF-8 (byte 0xF6): export the file as UTF-8, or say its encoding");
    check_error(&latin1, Some(2), "--encoding windows-1252");
    check_action(&as_encoding("windows-1252"), &latin1, "größer");
    check_action(&as_encoding("LATIN1"), &latin1, "größer");
    check_action(&as_encoding("utf-16be"), utf16(&content, BIG), "größer");
    assert_eq!(as_encoding("klingon").encoding, None);
    let report = import_with(&as_encoding("shift_jis"), &mut Memory::default(), b"id,username\n\x81\xff,");
    assert!(error(&report).1.contains("not Shift_JIS"), "{report:?}");
}

#[test]
fn what_is_no_character_fails_with_its_line() {
    let mut content = utf16(&dump().replace("high", "\u{e000}"), LITTLE);
    let at = content.windows(2).rposition(|it| it == [0x00, 0xe0]).unwrap();
    content[at + 1] = 0xd8;
    check_error(&content, Some(3), "not UTF-16LE: a character is damaged");
    let odd = utf16(&dump(), BIG);
    check_error(&odd[..odd.len() - 1], Some(3), "ends inside a character, so it was cut");
    check_error(
        format!("{HEADER}{ROW}é").as_bytes().split_last().unwrap().1,
        Some(3),
        "ends inside a character",
    );
    // Old spreadsheets end lines with CR.
    let old = format!("{HEADER}{ROW}{}", row(2)).replace('\n', "\r");
    let old: Vec<u8> = old.bytes().chain([0xe4, b'\r']).collect();
    check_error(&old, Some(4), "not UTF-8 (byte 0xE4)");
    check_error(format!("{HEADER}{ROW}\0{ROW}"), None, "NUL bytes");
    check_error(utf16(&format!("{HEADER}{ROW}\0{ROW}"), LITTLE), Some(3), "a NUL byte");
}

#[test]
fn characters_may_lie_across_the_pieces_in_which_a_file_is_read() {
    for n_before in 0..4 {
        let long = format!("{}{}", "x".repeat(n_before), "aé€😀".repeat(60_000));
        let content = dump().replace("generate", &long);
        check_action(&Options::default(), &content, &long);
        check_action(&Options::default(), utf16(&content, LITTLE), &long);
        let mut cut = content.into_bytes();
        cut.insert(cut.len() - 1, 0xff);
        check_error(&cut, Some(3), "not UTF-8 (byte 0xFF)");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_comes_back_from_any_encoding_and_container(action in "[^\0\"\r\n]{0,60}", note in "[^\0\"]{0,200}") {
        let content = dump().replace("generate", &format!("\"{action}\"")).replace(",high", &format!(",\"{note}\""));
        let (expected, rows) = import(&content);
        prop_assert_eq!(&expected.error, &None);
        let forms =
            [utf16(&content, LITTLE), utf16(&content, BIG), gzip(&content), zstd(&content), deflated(&[("a", &content)])];
        for form in forms {
            let (report, memory) = import(&form);
            prop_assert_eq!(&report.error, &None);
            prop_assert_eq!(&report.tables, &expected.tables);
            prop_assert_eq!(&memory, &rows);
        }
    }
}

// ---- what is no text ----------------------------------------------------------------------------

#[test]
fn what_is_no_text_is_refused_with_what_to_do() {
    check_error("PGDMP...", None, "pg_restore -a -t usage_logs -t profiles -t user_roles -f usage.sql FILE");
    check_error(b"PGCOPY\n\xff\r\n\0", None, "COPY's binary format");
    check_error(tar("toc.dat"), None, "is a pg_dump archive (tar format): run `pg_restore");
    check_error(tar("usage_logs.csv"), None, "unpack it with `tar xf`");
    check_error("BZh91AY&SY", None, "bunzip2");
    check_error(b"\xfd7zXZ\0\0", None, "unxz");
    check_error("%PDF-1.7\n", None, "is a PDF file");
    check_error(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None, "is an old spreadsheet (xls)");
    check_error(b"\0\0\0\0\0\0\0\0DUCK@\0", None, "is a DuckDB database");
    check_error("\u{feff}<!DOCTYPE html>", None, "web page");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("toc.dat"), "PGDMP").unwrap();
    let report = import_path(folder.path(), &Options::default(), &mut Memory::default());
    assert!(error(&report).1.contains("is a folder that pg_dump wrote"), "{report:?}");
}

fn tar(name: &str) -> Vec<u8> {
    let mut bytes = vec![0; 512];
    bytes[..name.len()].copy_from_slice(name.as_bytes());
    bytes[257..262].copy_from_slice(b"ustar");
    bytes
}
