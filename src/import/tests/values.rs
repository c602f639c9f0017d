//! What a column decides.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use proptest::prelude::*;

use super::*;
use crate::import::{DateOrder, DecimalMark};
use crate::model::{Instant, Zone};

/// A file with such times and credits.
pub(super) fn logs(times: &[&str], credits: &[&str], delimiter: char) -> String {
    let mut out = "id,user_id,action,credits_consumed,created_at\n".replace(',', &delimiter.to_string());
    for at in 0..times.len().max(credits.len()) {
        let id = uuid::Uuid::from_u128(at as u128 + 1);
        let user = uuid::Uuid::from_u128(10);
        let time = times.get(at).unwrap_or(&"2025-08-30 10:00:00+00");
        let credits = credits.get(at).unwrap_or(&"1");
        let cells = [
            id.to_string(),
            user.to_string(),
            "a".to_owned(),
            format!("\"{credits}\""),
            format!("\"{time}\""),
        ];
        out += &(cells.join(&delimiter.to_string()) + "\n");
    }
    out
}

fn in_berlin() -> Options {
    Options { assume_zone: Some(Zone::named("Europe/Berlin").unwrap()), ..Options::default() }
}

#[track_caller]
fn check_times(options: &Options, times: &[&str], expected: &[&str], note: Option<&str>) {
    let mut memory = Memory::default();
    let report = import_with(options, &mut memory, logs(times, &[], ','));
    let table = only_table(&report);
    assert_eq!(table.imported as usize, expected.len(), "{:?}", table.rejects);
    let seen: Vec<String> = memory.logs.values().map(|it| Zone::utc().format(it.created_at)).collect();
    assert_eq!(seen, expected.iter().map(|it| format!("{it}+00:00")).collect::<Vec<_>>());
    let notes: Vec<&str> = table
        .warnings
        .iter()
        .filter(|it| it.code == WarningCode::ReadAs)
        .map(|it| it.message.as_str())
        .collect();
    assert_eq!(
        (notes.len(), notes.iter().all(|it| note.is_some_and(|note| it.contains(note)))),
        (note.iter().len(), true)
    );
}

#[track_caller]
fn check_refused(options: &Options, content: &str, line: u64, message: &str) {
    let mut memory = Memory::default();
    let report = import_with(options, &mut memory, content);
    let (seen_line, seen) = error(&report);
    assert!(seen.contains(message) && !seen.contains('\n'), "{seen}");
    assert_eq!(seen_line, Some(line), "{seen}");
    assert_eq!(report.tables[0].table, Some(crate::model::DumpTable::UsageLogs));
    assert_eq!(memory, Memory::default());
}

fn refused_times(times: &[&str], line: u64, message: &str) {
    check_refused(&Options::default(), &logs(times, &[], ','), line, message);
}

#[test]
fn numbers_since_1970_have_the_unit_of_their_column() {
    let none = Options::default();
    check_times(
        &none,
        &["0", "1756548000.5"],
        &["1970-01-01T00:00:00", "2025-08-30T10:00:00.5"],
        Some("read as seconds"),
    );
    check_times(
        &none,
        &["1756548000123", "-1"],
        &["2025-08-30T10:00:00.123", "1969-12-31T23:59:59.999"],
        Some("read as milliseconds"),
    );
    check_times(&none, &["1756548000123456"], &["2025-08-30T10:00:00.123456"], Some("read as microseconds"));
    check_times(
        &none,
        &["1756548000123456789"],
        &["2025-08-30T10:00:00.123457"],
        Some("read as nanoseconds"),
    );
    refused_times(&["1756548000", "7", "1756548000123"], 4, "milliseconds, and created_at began in seconds");
    refused_times(&["x", "45859.23459490741", "45840"], 3, "day number of a spreadsheet");
    refused_times(&["7", "8"], 2, "no time of the years 2000 to 2099");
}

#[test]
fn the_order_of_a_date_is_told_by_another_date_or_by_the_user() {
    let dates = ["01/02/2025 10:00Z", "13/02/2025 10:00Z"];
    check_times(
        &Options::default(),
        &dates,
        &["2025-02-01T10:00:00", "2025-02-13T10:00:00"],
        Some("day, month, year"),
    );
    let dates = ["1/2/2025 10:00 PM", "02/13/2025 10:00:00"];
    check_times(
        &in_berlin(),
        &dates,
        &["2025-01-02T21:00:00", "2025-02-13T09:00:00"],
        Some("month, day, year"),
    );
    refused_times(&["01.02.2025 10:00Z"], 2, "`--date-order dmy` or `--date-order mdy`");
    refused_times(&["01.02.2025 10:00Z", "13.02.2025 10:00Z", "02.13.2025 10:00Z"], 4, "another order");
    refused_times(&["13.02.2025 10:00"], 2, "--assume-zone");
    refused_times(&["13.02.2025 10:00 CET", "01.02.2025 10:00 CET"], 2, "set datestyle to iso");
    refused_times(&["Mon 21 Jul 11:07:49 2025 IST"], 2, "set datestyle to iso");
    let mdy = Options { date_order: Some(DateOrder::Mdy), ..Options::default() };
    check_times(&mdy, &["01.02.2025 10:00Z"], &["2025-01-02T10:00:00"], None);
    check_refused(&mdy, &logs(&["01.02.2025 10:00Z", "13.02.2025 10:00Z"], &[], ','), 3, "month, day, year");
}

#[test]
fn a_row_that_contradicts_what_was_decided_fails_the_file() {
    let late = |first: &'static str, last: &'static str| {
        let mut times = vec![first; 10_000];
        times.push(last);
        logs(&times, &[], ',')
    };
    let none = Options::default();
    check_refused(&none, &late("1756548000123", "1756548000"), 10_002, "was read as milliseconds");
    check_refused(
        &none,
        &late("13/02/2025 10:00Z", "02/13/2025 10:00Z"),
        10_002,
        "was read as day, month, year",
    );
    // It is only rows before it that decide.
    check_refused(&none, &late("03/02/2025 10:00Z", "13/02/2025 10:00Z"), 2, "--date-order");
    let mut credits = vec!["2,5"; 10_000];
    credits.push("2.5");
    check_refused(
        &none,
        &logs(&[], &credits, ';'),
        10_002,
        "has a decimal point, and the column decimal commas",
    );
    let mut credits = vec!["2"; 10_000];
    credits.push("2,5");
    check_refused(&none, &logs(&[], &credits, ';'), 10_002, "--decimal comma");
}

#[test]
fn a_strange_value_among_certain_ones_is_a_row() {
    let times = ["2025-08-30 10:00:00Z", "2025-08-30 10:00:00Z", "1756548000", "01/02/2025 10:00Z"];
    let (report, _) = import(logs(&times, &["2.5", "0.5", "2,5", "1,234.5"], ';'));
    assert_eq!(counts(only_table(&report)), [2, 0, 0, 0, 2]);
    let (report, _) = import(logs(&[], &["2.5", "0.5", "2,5", "1,234.5"], ';'));
    let reasons: Vec<_> = only_table(&report).rejects.iter().map(|it| it.reason.as_str()).collect();
    assert!(
        reasons[0].contains("where its column has points") && reasons[1].contains("thousands"),
        "{reasons:?}"
    );
}

#[track_caller]
fn check_credits(options: &Options, credits: &[&str], delimiter: char, expected: &[&str]) {
    let mut memory = Memory::default();
    let report = import_with(options, &mut memory, logs(&[], credits, delimiter));
    assert_eq!(
        counts(only_table(&report)),
        [expected.len() as u64, 0, 0, 0, 0],
        "{:?}",
        report.tables[0].rejects
    );
    let seen: Vec<String> = memory.logs.values().map(|it| it.credits.to_string()).collect();
    assert_eq!(seen, expected);
}

#[test]
fn a_decimal_comma_is_read_where_delimiter_and_column_agree() {
    let none = Options::default();
    check_credits(&none, &["2,5", "25", "0,006", "1,234"], ';', &["2.5", "25", "0.006", "1.234"]);
    check_credits(&none, &["2,5", "-0,5"], '\t', &["2.5", "-0.5"]);
    let comma = Options { decimal: Some(DecimalMark::Comma), ..Options::default() };
    check_credits(&comma, &["1,234", "2"], ',', &["1.234", "2"]);
    check_refused(&none, &logs(&[], &["2,5"], ','), 2, "--decimal comma");
    check_refused(&none, &logs(&[], &["1,234", "2"], ';'), 2, "--decimal comma");
    check_refused(&none, &logs(&[], &["2,5", "3,5", "4.5"], ';'), 4, "decimal point");
    check_refused(&comma, &logs(&[], &["2,5", "4.5"], ','), 3, "decimal point");
    check_refused(&none, &logs(&[], &["1,234.5", "1.234,5", "2"], ','), 2, "thousands separators");
    check_refused(&none, &logs(&[], &["$2.5", "$1"], ','), 2, "currency signs");
    check_refused(
        &none,
        &logs(&[], &["2.5", "02. Mai", "1"], ';'),
        3,
        "a spreadsheet has changed the column",
    );
}

/// A spelling of times, and how many µs its last digit counts.
type Speller = (fn(NaiveDateTime) -> String, i64);

const SPELLERS: [Speller; 16] = [
    (|it| it.format("%Y-%m-%d %H:%M:%S%.6f+00").to_string(), 1),
    (|it| it.format("%Y-%m-%dT%H:%M:%S%.9fZ").to_string(), 1),
    (|it| it.format("%Y-%m-%dt%H:%M:%S%.fz").to_string(), 1),
    (|it| it.format("%Y/%m/%d %H:%M:%S%.f +0000 UTC").to_string(), 1),
    (|it| it.format("  %Y-%m-%d  %H:%M:%S%.f  UTC ").to_string(), 1),
    (|it| (it + TimeDelta::minutes(330)).format("%Y-%m-%d %H:%M:%S%.f+05:30").to_string(), 1),
    (|it| (it - TimeDelta::minutes(210)).format("%Y-%m-%d %H:%M:%S%.3f -0330").to_string(), 1_000),
    (|it| it.format("%a, %d %b %Y %H:%M:%S +0000").to_string(), 1_000_000),
    (|it| it.format("%a %d %b %H:%M:%S%.f %Y UTC").to_string(), 1),
    (|it| it.format("%a %b %d %H:%M:%S%.f %Y GMT").to_string(), 1),
    (|it| it.format("%d.%m.%Y %H:%M:%S%.f UTC").to_string(), 1),
    (|it| it.format("%-m/%-d/%Y, %-I:%M:%S %p Z").to_string(), 1_000_000),
    (|it| format!("{}.{:06}", it.and_utc().timestamp(), it.and_utc().timestamp_subsec_micros()), 1),
    (|it| it.and_utc().timestamp_millis().to_string(), 1_000),
    (|it| it.and_utc().timestamp_micros().to_string(), 1),
    (|it| it.and_utc().timestamp_nanos_opt().unwrap().to_string(), 1),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_times_of_this_century_are_read_in_any_spelling(
        seconds in proptest::collection::vec(946_684_800..4_102_444_800_i64, 1..6),
        micros in 0..1_000_000_i64,
    ) {
        // The 30th tells the order of the day and the month.
        let told = NaiveDate::from_ymd_opt(2025, 8, 30).unwrap().and_time(NaiveTime::MIN);
        for (speller, unit) in SPELLERS {
            let exact = seconds.iter().map(|it| it * 1_000_000 + micros / unit * unit);
            let times: Vec<NaiveDateTime> =
                exact.map(|it| Instant::from_micros(it).utc()).chain([told]).collect();
            let texts: Vec<String> = times.iter().map(|it| speller(*it)).collect();
            let (report, memory) = import(logs(&texts.iter().map(String::as_str).collect::<Vec<_>>(), &[], ','));
            prop_assert_eq!(&report.error, &None, "{:?}", texts);
            let read: Vec<NaiveDateTime> = memory.logs.values().map(|it| it.created_at.utc()).collect();
            prop_assert_eq!(read, times, "{:?}", texts);
        }
    }
}
