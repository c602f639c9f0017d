//! One set of rows as many tools export it, and the truth about it as PostgreSQL computed it.
//!
//! The files are found by the environment variable `CREDITSCOPE_SAMPLES`. Of their 502 rows six lie
//! outside the range of credits.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use creditscope::access::Viewer;
use creditscope::model::{
    Answer, Ask, Calendar, Cancel, CreditSum, Dim, Figure, Grain, Key, Measure, Order, Query, Zone,
};
use creditscope::service::Session;
use creditscope::store::Store;

use crate::tool::{self, ImportEntry};

/// An export of `usage_logs`, and whether it tells an empty text from NULL.
const LOGS: [(&str, bool); 15] = [
    ("pg/usage_logs.copy.csv", true),
    ("pg/usage_logs.copy.force_quote.csv", true),
    ("pg/usage_logs.copy.semicolon.csv", true),
    ("pg/usage_logs.copy.header.txt", true),
    ("pg/usage_logs.copy.txt", true),
    ("pg/usage_logs.copy_json_agg_escaped.txt", true),
    ("pg/usage_logs.berlin.csv", true),
    ("pg/usage_logs.kolkata.csv", true),
    ("pg/usage_logs.psql_csv.csv", false),
    ("pg/usage_logs.json_agg.json", true),
    ("pg/usage_logs.json_agg_pretty.json", true),
    ("pg/usage_logs.row_to_json.ndjson", true),
    ("pg/postgrest.usage_logs.json", true),
    ("studio/usage_logs_rows.csv", false),
    ("studio/usage_logs_rows.json", true),
];

const ZONES: [&str; 6] =
    ["UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/Berlin", "Pacific/Apia"];

/// Rows and credits by the keys of a breakdown; NULL is `<NULL>`.
type Breakdown = BTreeMap<Vec<String>, (u64, String)>;

#[test]
fn every_export_gives_the_same_figures() {
    let Some(samples) = tool::path_of("CREDITSCOPE_SAMPLES") else { return };
    for (file, tells_empty) in LOGS {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("db");
        let entry = import_one(&samples.join(file), &db);
        assert_eq!((entry.rows_read, entry.imported, entry.rejected), (502, 496, 6), "{file}: {entry:?}");
        assert!(entry.rejects.iter().all(|it| it.column.as_deref() == Some("credits_consumed")), "{file}");
        assert!(entry.rejects.iter().all(|it| !it.reason.is_empty()), "{file}");
        check_figures(&samples.join("expected/limited"), &db, tells_empty, file);
    }
    tool::say(&format!("{} exports give PostgreSQL's figures in {} zones", LOGS.len(), ZONES.len()));
}

#[test]
fn any_second_export_is_all_repeats() {
    let Some(samples) = tool::path_of("CREDITSCOPE_SAMPLES") else { return };
    for (first, _) in LOGS {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("db");
        import_one(&samples.join(first), &db);
        let others: Vec<_> = LOGS.iter().map(|(file, _)| samples.join(file)).collect();
        let (_, answer) = tool::import(&others, &db);
        for (entry, (second, _)) in answer.files.iter().zip(LOGS) {
            assert_eq!(
                (entry.repeats, entry.conflicts, entry.rejected),
                (496, 0, 6),
                "{second} after {first}: {entry:?}"
            );
        }
    }
}

#[test]
fn people_come_in_the_same_spellings() {
    let Some(samples) = tool::path_of("CREDITSCOPE_SAMPLES") else { return };
    let spellings = [
        "pg/{}.copy.csv",
        "pg/{}.json_agg.json",
        "pg/{}.row_to_json.ndjson",
        "pg/{}.copy.txt",
        "studio/{}_rows.json",
    ];
    let folder = tempfile::tempdir().unwrap();
    let states: Vec<_> = (spellings.iter().enumerate())
        .map(|(at, spelling)| {
            let db = folder.path().join(at.to_string());
            let files = ["profiles", "user_roles"].map(|it| samples.join(spelling.replace("{}", it)));
            let (code, answer) = tool::import(&files, &db);
            assert_eq!(code, 0, "{answer:?}");
            let counts: Vec<_> = answer.files.iter().map(|it| (it.table.as_deref(), it.imported)).collect();
            assert_eq!(counts, [(Some("profiles"), 23), (Some("user_roles"), 25)], "{spelling}");
            tool::profiles(&db)
        })
        .collect();
    assert!(states.iter().all(|it| *it == states[0]), "{states:?}");

    let db = folder.path().join("0");
    for file in ["pg/profiles_with_role.copy.csv", "variants/profiles.two_roles_per_user.csv"] {
        let (code, answer) = tool::import(&[samples.join(file)], &db);
        assert_eq!(code, 0, "{answer:?}");
        assert!(answer.files.iter().all(|it| it.repeats == it.rows_read), "{file}: {answer:?}");
        assert_eq!(tool::profiles(&db), states[0], "{file}");
    }
}

#[test]
fn a_users_export_is_what_the_user_sees_of_an_admins() {
    let Some(samples) = tool::path_of("CREDITSCOPE_SAMPLES") else { return };
    let folder = tempfile::tempdir().unwrap();
    let [all, own, none] = ["as_admin", "as_user", "as_none"].map(|who| {
        let (db, file) = (folder.path().join(who), samples.join(format!("rls/usage_logs.{who}.json")));
        (tool::import(&[file], &db).1, db)
    });
    let imported =
        |(answer, _): &(tool::ImportAnswer, PathBuf)| answer.files.iter().map(|it| it.imported).sum();
    let counts: [u64; 3] = [&all, &own, &none].map(imported);
    assert_eq!(counts, [496, 19, 0]);

    let user = "c77f9ea5-ce0b-4e67-b11d-97642f37a418";
    for report in
        ["history", "summary", "by-action", "by-format-quality", "daily", "platform", "ranking", "weekly"]
    {
        let args = [report, "--as", user, "--now", "2025-07-20T00:00:00Z"];
        assert_eq!(tool::report(&args, &all.1), tool::report(&args, &own.1), "{report}");
    }
}

#[track_caller]
fn import_one(file: &Path, db: &Path) -> ImportEntry {
    let (_, mut answer) = tool::import(&[file.to_owned()], db);
    let entry = answer.files.remove(0);
    assert!(entry.error.is_none() && answer.files.is_empty(), "{entry:?}");
    entry
}

fn check_figures(truth: &Path, db: &Path, tells_empty: bool, file: &str) {
    let session = Session::new(Store::open(db).unwrap(), Viewer::Admin(None));
    let check = |name: &str, group_by: &[Dim], calendar: &Calendar, grain: Option<Grain>| {
        let ours = breakdown(&session, group_by, calendar, grain);
        let theirs = expected(&truth.join(name), tells_empty);
        assert_eq!(ours, theirs, "{name} of {file}");
    };
    check("by_user.csv", &[Dim::User], &Calendar::utc(), None);
    check("by_action.csv", &[Dim::Action], &Calendar::utc(), None);
    check("by_format_quality.csv", &[Dim::Format, Dim::Quality], &Calendar::utc(), None);
    for zone in ZONES {
        let calendar = Calendar::new(Zone::named(zone).unwrap());
        for grain in [Grain::Day, Grain::Week, Grain::Month] {
            let name = format!("by_{}.{}.csv", grain.name(), zone.replace('/', "_"));
            check(&name, &[], &calendar, Some(grain));
        }
    }
    let totals = breakdown(&session, &[], &Calendar::utc(), None);
    assert_eq!(totals[&Vec::new()], (496, "1467.4553752".to_owned()), "{file}");
}

fn breakdown(session: &Session, group_by: &[Dim], calendar: &Calendar, grain: Option<Grain>) -> Breakdown {
    let query = Query {
        group_by: group_by.to_vec(),
        grain,
        measures: vec![Measure::Events, Measure::Credits],
        order: Order::default(),
        ..Query::default()
    };
    let answer = session.ask(&Ask::Table(query), calendar, &Cancel::default()).unwrap();
    let Answer::Table(table) = answer else { panic!("not a table: {answer:?}") };
    let row = |row: creditscope::model::TableRow| {
        let bucket = row.bucket.map(|it| it.local.date().to_string());
        let keys = row.keys.iter().map(|key| match key {
            Key::User(user) => user.to_string(),
            Key::Text(text) => text.as_deref().unwrap_or("<NULL>").to_owned(),
        });
        let [Figure::Count(n_rows), Figure::Credits(credits)] = row.figures[..] else { panic!("{row:?}") };
        (bucket.into_iter().chain(keys).collect(), (n_rows, credits.to_string()))
    };
    table.rows.into_iter().map(row).collect()
}

/// A file of the truth. Where the export cannot tell an empty text, it is NULL here too.
fn expected(file: &Path, tells_empty: bool) -> Breakdown {
    let text = fs::read_to_string(file).unwrap_or_else(|err| panic!("{}: {err}", file.display()));
    let mut sums: BTreeMap<Vec<String>, (u64, CreditSum)> = BTreeMap::new();
    for mut cells in records(&text).into_iter().skip(1) {
        let (credits, n_rows) = (nano(&cells.pop().unwrap()), cells.pop().unwrap().parse::<u64>().unwrap());
        for cell in cells.iter_mut().filter(|it| it.is_empty() && !tells_empty) {
            "<NULL>".clone_into(cell);
        }
        let sum = sums.entry(cells).or_default();
        *sum = (sum.0 + n_rows, sum.1 + credits);
    }
    sums.into_iter().map(|(keys, (n_rows, credits))| (keys, (n_rows, credits.to_string()))).collect()
}

/// A plain decimal of at most nine places.
fn nano(text: &str) -> CreditSum {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    CreditSum::from_nano(format!("{whole}{fraction:0<9}").parse().unwrap())
}

/// The records of a CSV text, as RFC 4180 says.
fn records(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    rows
}
