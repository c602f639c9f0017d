use uuid::Uuid;

use super::*;
use crate::model::{CreditSum, Instant};

/// A report in one of the formats.
fn written(report: &ReportTable, format: Format, zone: &Zone) -> String {
    let mut listing = Listing::begin(report.columns, format, zone);
    report.rows.iter().for_each(|row| listing.add(row));
    listing.finished()
}

fn one_cell(cell: Cell) -> ReportTable {
    ReportTable { columns: &["it", "next"], rows: vec![vec![cell, Cell::Null]] }
}

#[track_caller]
fn check(cell: Cell, json: &str, csv: &str, table: &str) {
    let zone = Zone::named("Asia/Kathmandu").unwrap();
    let report = one_cell(cell);
    assert_eq!(written(&report, Format::Json, &zone), format!("[{{\"it\":{json},\"next\":null}}]\n"));
    assert_eq!(written(&report, Format::Csv, &zone), format!("it,next\n{csv},\n"));
    assert_eq!(written(&report, Format::Table, &zone).lines().nth(2), Some(table));
}

#[test]
fn figures_are_plain_decimals_everywhere() {
    for (nano, text) in [
        (2_500_000_000, "2.5"),
        (12_000_000_000, "12"),
        (-1, "-0.000000001"),
        (0, "0"),
        (-500_000_000, "-0.5"),
    ] {
        check(Cell::Credits(CreditSum::from_nano(nano)), text, text, &format!("{text:>2}"));
    }
    let large = i128::from(i64::MAX) * 1_000_000;
    let text = "9223372036854775.807";
    check(Cell::Credits(CreditSum::from_nano(large)), text, text, text);
    check(
        Cell::Count(18_446_744_073_709_551_615),
        "18446744073709551615",
        "18446744073709551615",
        "18446744073709551615",
    );
}

#[test]
fn null_and_empty_texts_are_told_apart() {
    check(Cell::Null, "null", "", "");
    check(Cell::Text(String::new()), r#""""#, r#""""#, r#""""#);
    check(Cell::Text("null".to_owned()), r#""null""#, "null", "null");
}

#[test]
fn texts_are_quoted_where_the_format_needs_it_and_never_guarded() {
    check(Cell::Text("a,b".to_owned()), r#""a,b""#, r#""a,b""#, "a,b");
    check(Cell::Text("say \"hi\"".to_owned()), r#""say \"hi\"""#, r#""say ""hi""""#, "say \"hi\"");
    check(Cell::Text("=1+1".to_owned()), r#""=1+1""#, "=1+1", "=1+1");
    check(Cell::Text("a\nb\r".to_owned()), r#""a\nb\r""#, "\"a\nb\r\"", r"a\nb\r");
    check(Cell::Text("日本 🎨".to_owned()), r#""日本 🎨""#, "日本 🎨", "日本 🎨");
}

#[test]
fn data_cannot_drive_the_terminal() {
    let red = "\u{1b}[31m\u{7}";
    check(Cell::Text(red.to_owned()), r#""\u001b[31m\u0007""#, red, r"\u{1b}[31m\u{7}");
    let turned = "a\u{202e}b";
    check(Cell::Text(turned.to_owned()), &format!("\"{turned}\""), turned, r"a\u{202e}b");
    assert_eq!(table::visible("\u{9b}2J\u{200b}é"), r"\u{9b}2J\u{200b}é");
}

#[test]
fn metadata_is_json_untouched_or_a_text() {
    let csv = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    for json in [
        r#"{"b": 1.50, "a": 123456789012345678901234567890, "b": 1e-7}"#,
        r#"["\ud83c\udfa8", null]"#,
        r#"{"a":"x,y"}"#,
    ] {
        check(Cell::Metadata(json.to_owned()), json, &csv(json), json);
    }
    check(Cell::Metadata("12.50".to_owned()), "12.50", "12.50", "12.50");
    check(Cell::Metadata("map[a:1]".to_owned()), r#""map[a:1]""#, "map[a:1]", "map[a:1]");
    check(Cell::Metadata(r#"{"a": 1"#.to_owned()), r#""{\"a\": 1""#, &csv(r#"{"a": 1"#), r#"{"a": 1"#);
    check(Cell::Metadata("NaN".to_owned()), r#""NaN""#, "NaN", "NaN");
    check(Cell::Metadata(String::new()), r#""""#, r#""""#, r#""""#);
}

#[test]
fn deep_metadata_is_no_trouble() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let report = one_cell(Cell::Metadata(deep.clone()));
    assert_eq!(written(&report, Format::Json, &Zone::utc()), format!("[{{\"it\":{deep},\"next\":null}}]\n"));
}

#[test]
fn ids_times_and_dates_are_those_of_the_zone() {
    let id = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
    check(Cell::Id(Uuid::parse_str(&id.to_uppercase()).unwrap()), &format!("\"{id}\""), id, id);
    let (at, text) = (Instant::from_micros(1_756_548_000_500_000), "2025-08-30T15:45:00.5+05:45");
    check(Cell::Time(at), &format!("\"{text}\""), text, text);
    let date = chrono::NaiveDate::from_ymd_opt(2025, 8, 30).unwrap();
    check(Cell::Date(date), r#""2025-08-30""#, "2025-08-30", "2025-08-30");
}

#[test]
fn nothing_is_an_empty_array_and_a_header() {
    let nothing = ReportTable { columns: &["day", "daily_actions"], rows: Vec::new() };
    assert_eq!(written(&nothing, Format::Json, &Zone::utc()), "[]\n");
    assert_eq!(written(&nothing, Format::Csv, &Zone::utc()), "day,daily_actions\n");
    assert_eq!(written(&nothing, Format::Table, &Zone::utc()), "day  daily_actions\n---  -------------\n");
}

#[test]
fn a_table_lines_up_and_cuts_long_texts() {
    let row = |text: &str, nano| vec![Cell::Text(text.to_owned()), Cell::Credits(CreditSum::from_nano(nano))];
    let report = ReportTable {
        columns: &["action", "credits"],
        rows: vec![row("chat", 2_500_000_000), row(&"x".repeat(70), 12_000_000_000)],
    };
    let cut = format!("{}…", "x".repeat(59));
    let expected = format!(
        "{:<60}  credits\n{}  -------\n{:<60}      2.5\n{cut}       12\n",
        "action",
        "-".repeat(60),
        "chat",
    );
    assert_eq!(written(&report, Format::Table, &Zone::utc()), expected);
}
