//! CSV files: each shows one quirk.

use super::*;

#[test]
fn an_unquoted_empty_field_is_null_and_a_quoted_one_is_an_empty_text() {
    let rows = "00000000-0000-0000-0000-000000000001,00000000-0000-0000-0000-00000000000a,\"\",1,,2025-08-30 10:00:00+00,\"\",\n";
    let (_, memory) = check_counts(format!("{HEADER}{rows}"), [1, 0, 0, 0, 0]);
    let log = memory.logs.values().next().unwrap();
    assert_eq!((log.action.as_str(), log.metadata.as_deref()), ("", None));
    assert_eq!((log.format.as_deref(), log.quality.as_deref()), (Some(""), None));
}

#[test]
fn csv_is_read_with_every_delimiter_line_end_and_mark() {
    let plain = format!("{HEADER}{ROW}{}", row(2));
    let crlf = plain.replace('\n', "\r\n");
    for content in [
        plain.clone(),
        format!("\u{feff}{plain}"),
        crlf.clone(),
        crlf.trim_end().to_owned(),
        plain.replace('\n', "\r"),
        plain.replace('\n', "\n\n"),
        format!("{plain}  \n{HEADER}"),
        plain.replace(',', ";"),
        plain.replace(',', "\t"),
        plain.replace("created_at", " Created At "),
    ] {
        check_counts(&content, [2, 0, 0, 0, 0]);
    }
}

#[test]
fn lines_are_where_records_begin() {
    let multiline = ROW.replace("generate", "\"two\r\nlines\"");
    let content = format!("{HEADER}\r\n\n{multiline}\n{}", ROW.replace("2.5", "x"));
    check_reject(&content, 7, Some("credits_consumed"), "`x` is not a number");
    check_reject(content.replace('\n', "\r\n"), 7, Some("credits_consumed"), "`x` is not a number");
}

#[test]
fn a_record_of_other_length_is_one_reject() {
    check_reject(
        format!("{HEADER}{ROW}{}", row(2).replace("high", "high,more")),
        3,
        None,
        "9 fields where the header has 8",
    );
    check_reject(format!("{HEADER}a,b\n{ROW}"), 2, None, "2 fields where the header has 8");
}

#[test]
fn a_csv_that_is_not_whole_fails() {
    let whole = format!("{HEADER}{ROW}{}", row(2));
    let quote = whole.rfind("\"{").unwrap();
    check_error(&whole[..quote + 4], Some(3), "ends inside the record");
    check_error(&whole[..whole.len() - 12], Some(3), "ends inside the record");
    let glued = format!("{HEADER}{}{HEADER}{}", row(2).trim_end(), row(3));
    check_error(glued, Some(2), "run together here");
    let other_header = HEADER.replace("quality", "quality,region");
    check_error(format!("{HEADER}{ROW}{other_header}"), Some(3), "another header");
}

#[test]
fn csv_that_is_not_utf8_fails_with_its_line_and_advice() {
    let mut content = format!("{HEADER}{ROW}").into_bytes();
    content.extend(
        row(2).replace("generate", "caf\u{e9}").chars().map(|it| u8::try_from(u32::from(it)).unwrap()),
    );
    check_error(&content, Some(3), "not UTF-8 (byte 0xE9)");
    check_error(format!("{HEADER}{ROW}").replace("image", "im\0ge"), None, "NUL bytes");
    let late = format!("{HEADER}{}{ROW}im\0ge", "\n".repeat(300_000));
    check_error(late, Some(300_003), "a NUL byte");
}

#[test]
fn a_quote_that_is_never_closed_does_not_eat_the_memory() {
    let content = format!("{HEADER}{ROW}\"{}", "a,\n".repeat(24 * 1024 * 1024));
    check_error(content, Some(3), "more than 64 MiB");
}

#[test]
fn copy_text_is_not_taken_for_csv() {
    let content = format!("{HEADER}{ROW}").replace(',', "\t").replace("\"{\"\"n\"\": 1}\"", "{\"n\": 1}");
    check_error(content.replace("high", "\\N"), None, "COPY's text format");
    check_counts(format!("{HEADER}{ROW}").replace(',', "\t").replace("high", "\\N"), [1, 0, 0, 0, 0]);
}
