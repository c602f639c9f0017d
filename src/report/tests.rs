use std::convert::Infallible;

use uuid::Uuid;

use super::*;
use crate::engine;
use crate::model::{Cancel, Columns, ColumnsBuilder, Credits, Text};

const ADA: UserId = UserId(Uuid::from_u128(0xada));
const BOB: UserId = UserId(Uuid::from_u128(0xb0b));

fn at(text: &str) -> Instant {
    chrono::DateTime::parse_from_rfc3339(text).unwrap().to_utc().into()
}

/// Time, user, action, format, nano-credits.
type Row<'a> = (&'a str, UserId, &'a str, Option<&'a str>, i64);

fn columns(rows: &[Row<'_>]) -> Columns {
    let mut columns = ColumnsBuilder::default();
    for (time, user, action, format, nano) in rows {
        let kind = (format.map(Text::from), Some("high".into()));
        let credits = Credits::from_nano(*nano).unwrap();
        columns.push(at(time), *user, &Text::from(*action), kind, credits);
    }
    columns.finish()
}

fn run(report: &Report, rows: &Columns) -> ReportTable {
    let ask = |ask: &Ask| match ask {
        Ask::Table(query) => {
            let table = engine::answer(rows, query, &report.calendar(), &Cancel::new()).unwrap();
            Ok(Answer::Table(table))
        }
        Ask::Rows(_) => Ok::<_, Infallible>(Answer::Rows(Vec::new())),
    };
    report.run(ask, || Ok(BTreeMap::from([(ADA, "ada".to_owned())]))).unwrap()
}

fn cells(report: &Report, rows: &[Row<'_>]) -> Vec<String> {
    run(report, &columns(rows))
        .rows
        .iter()
        .map(|row| row.iter().map(cell).collect::<Vec<_>>().join(" "))
        .collect()
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Null => "null".to_owned(),
        Cell::Text(text) | Cell::Metadata(text) => text.clone(),
        Cell::Count(n) => n.to_string(),
        Cell::Credits(sum) => sum.to_string(),
        Cell::Id(id) => UserId(*id).short(),
        Cell::Time(at) => Zone::utc().format(*at),
        Cell::Date(date) => date.to_string(),
    }
}

fn report(name: ReportName, of: Of, now: &str, zone: &str) -> Report {
    Report { name, of, now: at(now), zone: Zone::named(zone).unwrap() }
}

#[track_caller]
fn check(name: ReportName, of: Of, now: &str, zone: &str, expected: &[&str]) {
    let rows = [
        ("2025-10-26T00:29:59.999999Z", ADA, "chat", Some("text"), 1),
        ("2025-10-26T00:30:00Z", ADA, "chat", Some("text"), 10),
        ("2025-10-26T01:30:00Z", ADA, "chat", None, 100),
        ("2025-11-20T23:30:00Z", BOB, "image", Some("png"), -3_000),
        ("2025-11-24T10:00:00Z", ADA, "image", Some("png"), 5_000),
        ("2025-11-24T11:00:00Z", ADA, "image", Some("png"), 5_001),
    ];
    assert_eq!(cells(&report(name, of, now, zone), &rows), expected);
}

#[test]
fn a_window_that_begins_in_a_doubled_hour_begins_with_the_later_one() {
    // 30 days before 02:30 in Berlin is 02:30 on the day it comes twice.
    let now = "2025-11-25T02:30:00+01:00";
    check(ReportName::Summary, Of::User(ADA), now, "Europe/Berlin", &["0.000010101 3 0.000003367"]);
    check(ReportName::Summary, Of::User(ADA), "2025-11-25T00:30:00Z", "UTC", &["0.000010111 4 0.000002528"]);
}

#[test]
fn a_window_is_inclusive_and_has_no_upper_end() {
    check(ReportName::Summary, Of::User(BOB), "2025-12-20T23:30:00Z", "UTC", &["-0.000003 1 -0.000003"]);
    check(ReportName::Summary, Of::User(BOB), "2025-12-20T23:30:00.000001Z", "UTC", &["null 0 null"]);
    check(ReportName::Summary, Of::User(BOB), "2020-01-01T00:00:00Z", "UTC", &["-0.000003 1 -0.000003"]);
}

#[test]
fn groups_come_by_credits_then_by_name() {
    let now = "2025-11-24T11:00:00Z";
    check(
        ReportName::ByAction,
        Of::All,
        now,
        "UTC",
        &["image 3 0.000007001 0.000002334", "chat 3 0.000000111 0.000000037"],
    );
    check(
        ReportName::ByFormatQuality,
        Of::All,
        now,
        "UTC",
        &["png high 3 0.000007001", "text high 2 0.000000011"],
    );
    check(ReportName::Platform, Of::All, now, "UTC", &["image 3 2 0.000007001 0.000002334"]);
    check(
        ReportName::Ranking,
        Of::All,
        now,
        "UTC",
        &["00000000 ada 0.000010112 5", "00000000 null -0.000003 1"],
    );
}

#[test]
fn days_and_weeks_are_those_of_the_zone() {
    let now = "2025-11-24T11:00:00Z";
    check(ReportName::Daily, Of::User(BOB), now, "UTC", &["2025-11-20 1 -0.000003"]);
    check(ReportName::Daily, Of::User(BOB), now, "Europe/Berlin", &["2025-11-21 1 -0.000003"]);
    check(
        ReportName::Weekly,
        Of::All,
        now,
        "Asia/Kathmandu",
        &["2025-11-24 image 2 0.000010001", "2025-11-17 image 1 -0.000003", "2025-10-20 chat 3 0.000000111"],
    );
}

#[test]
fn nobody_has_no_rows_and_a_summary_of_nothing() {
    for name in ReportName::ALL {
        let expected: &[&str] = if name == ReportName::Summary { &["null 0 null"] } else { &[] };
        check(name, Of::own(None), "2025-11-24T11:00:00Z", "UTC", expected);
    }
}

#[test]
fn at_the_cut_of_the_ranking_equal_credits_go_by_id() {
    let rows: Vec<Row<'_>> = (0..25)
        .rev()
        .map(|n| ("2025-11-24T11:00:00Z", UserId(Uuid::from_u128(n << 96)), "chat", None, 7))
        .collect();
    let ranking = cells(&report(ReportName::Ranking, Of::All, "2025-11-24T11:00:00Z", "UTC"), &rows);
    assert_eq!(ranking.len(), RANKING_USERS);
    assert_eq!(ranking[0], "00000000 null 0.000000007 1");
    assert_eq!(ranking[19], "00000013 null 0.000000007 1");
}

#[test]
fn names_are_read_as_they_are_written() {
    for name in ReportName::ALL {
        assert_eq!(name.to_string().parse::<ReportName>().unwrap(), name);
    }
    let err = "weekley".parse::<ReportName>().unwrap_err().to_string();
    assert!(err.contains("weekley") && err.contains("by-format-quality"), "{err}");
}
