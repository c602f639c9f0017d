//! Test data that others made. It is found by the environment variable `CREDITSCOPE_SUITES`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::value::RawValue;

use crate::tool;

/// A history shows a hundred rows.
const ROWS_A_USER: usize = 100;

/// The big list of naughty strings, as action, format, quality and name: in, out, and in again.
#[test]
fn naughty_strings_come_back_unchanged() {
    let Some(suites) = tool::path_of("CREDITSCOPE_SUITES") else { return };
    let list = fs::read_to_string(suites.join("blns/blns.json")).unwrap();
    let strings: Vec<String> = serde_json::from_str(&list).unwrap();
    for write in [csv, ndjson, json] as [Write; 3] {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("db");
        let (logs, profiles) = naughty_dumps(&strings, write);
        let files = [("logs", logs), ("profiles", profiles)].map(|(name, text)| {
            let file = folder.path().join(name);
            fs::write(&file, text).unwrap();
            file
        });
        let (code, answer) = tool::import(&files, &db);
        assert_eq!(code, 0, "{answer:?}");
        for (at, strings) in strings.chunks(ROWS_A_USER).enumerate() {
            let rows = tool::report(&["history", "--as", &user(at * ROWS_A_USER)], &db);
            for column in ["action", "format", "quality"] {
                let ours: Vec<_> = rows.iter().rev().map(|it| it.text(column).unwrap()).collect();
                assert_eq!(ours, strings, "{column}");
            }
            check_reimport(&db, &user(at * ROWS_A_USER), &rows);
        }
        let people = tool::profiles(&db);
        let names: Vec<_> = people.iter().map(|it| it.text("username").unwrap()).collect();
        assert_eq!(names, strings);
    }
}

/// Every file of `JSONTestSuite` as a dump: no crash, no hang, and an account of each.
#[test]
fn no_json_file_breaks_an_import() {
    let Some(suites) = tool::path_of("CREDITSCOPE_SUITES") else { return };
    let folder = suites.join("JSONTestSuite");
    check_survives(&[files(&folder.join("test_parsing")), files(&folder.join("test_transform"))].concat());
}

/// Every file of `csv-spectrum` as a dump.
#[test]
fn no_csv_file_breaks_an_import() {
    let Some(suites) = tool::path_of("CREDITSCOPE_SUITES") else { return };
    check_survives(&files(&suites.join("csv-spectrum/csvs")));
}

/// Every file of `JSONTestSuite` as a cell of metadata: what is JSON comes back as JSON, digit by
/// digit, and what is not comes back as a text.
#[test]
fn metadata_comes_back_as_it_was() {
    let Some(suites) = tool::path_of("CREDITSCOPE_SUITES") else { return };
    let cells: Vec<(String, String)> = files(&suites.join("JSONTestSuite/test_parsing"))
        .into_iter()
        .filter_map(|it| Some((it.file_name()?.to_str()?.to_owned(), fs::read_to_string(&it).ok()?)))
        .filter(|(_, text)| !text.is_empty() && !text.contains('\0'))
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let (file, db) = (folder.path().join("logs.csv"), folder.path().join("db"));
    fs::write(&file, metadata_dump(&cells)).unwrap();
    let (code, answer) = tool::import(&[file], &db);
    assert_eq!((code, answer.files[0].imported), (0, cells.len() as u64), "{answer:?}");
    for (at, cells) in cells.chunks(ROWS_A_USER).enumerate() {
        let rows = tool::report(&["history", "--as", &user(at * ROWS_A_USER)], &db);
        for ((name, text), row) in cells.iter().zip(rows.iter().rev()) {
            check_metadata(name, text, row.raw("metadata"));
        }
    }
}

/// A history as CSV is a dump of the same rows.
#[track_caller]
fn check_reimport(db: &Path, user: &str, rows: &[tool::Row]) {
    let args = ["report", "history", "--as", user, "--db", db.to_str().unwrap(), "--format", "csv"];
    let ran = tool::creditscope(args);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let folder = tempfile::tempdir().unwrap();
    let (file, db) = (folder.path().join("history.csv"), folder.path().join("db"));
    fs::write(&file, ran.stdout).unwrap();
    let (code, answer) = tool::import(&[file], &db);
    assert_eq!((code, answer.files[0].imported), (0, rows.len() as u64), "{answer:?}");
    assert_eq!(tool::report(&["history", "--as", user], &db), rows);
}

#[track_caller]
fn check_metadata(name: &str, text: &str, raw: &str) {
    let is_json = serde_json::from_str::<Box<RawValue>>(text).is_ok();
    assert!(is_json || !name.starts_with("y_"), "{name} is JSON");
    if is_json {
        assert_eq!(raw, text.trim(), "{name}");
    } else {
        assert_eq!(serde_json::from_str::<String>(raw).ok().as_deref(), Some(text), "{name}");
    }
}

#[track_caller]
fn check_survives(files: &[PathBuf]) {
    let folder = tempfile::tempdir().unwrap();
    let (code, answer) = tool::import(files, &folder.path().join("db"));
    assert!(matches!(code, 0 | 1 | 3), "exit {code}");
    assert!(answer.files.len() >= files.len(), "{} of {} files", answer.files.len(), files.len());
    assert!(answer.files.iter().all(|it| it.imported == 0), "these hold no rows of ours");
    let errors = answer.files.iter().filter_map(|it| it.error.as_ref());
    assert!(errors.clone().count() > 0, "some are no dumps");
    errors.for_each(|it| assert!(!it.message.is_empty()));
}

/// The files of a folder, by name.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    files.sort();
    files
}

/// Dumps of logs and of profiles with each string in every column of text.
fn naughty_dumps(strings: &[String], write: Write) -> (String, String) {
    let (mut logs, mut profiles) = (Vec::new(), Vec::new());
    for (at, text) in strings.iter().enumerate() {
        let mut log = BTreeMap::from(log(at));
        log.extend(["action", "format", "quality"].map(|column| (column, text.clone())));
        logs.push(log);
        profiles.push(BTreeMap::from([("id", person(at)), ("username", text.clone())]));
    }
    (write(&logs), write(&profiles))
}

fn metadata_dump(cells: &[(String, String)]) -> String {
    let row = |(at, (_, text)): (usize, &(String, String))| {
        let mut log = BTreeMap::from(log(at));
        log.extend([("action", "json".to_owned()), ("metadata", text.clone())]);
        log
    };
    csv(&cells.iter().enumerate().map(row).collect::<Vec<_>>())
}

/// The columns of a row that every dump has; a minute after the one before.
fn log(at: usize) -> [(&'static str, String); 4] {
    [
        ("id", format!("11111111-0000-4000-8000-{at:012}")),
        ("user_id", user(at)),
        ("credits_consumed", "1".to_owned()),
        ("created_at", format!("2025-08-30T{:02}:{:02}:00Z", at / 60, at % 60)),
    ]
}

/// The user that owns a row.
fn user(at: usize) -> String {
    person(at / ROWS_A_USER * ROWS_A_USER)
}

fn person(at: usize) -> String {
    format!("00000000-0000-4000-8000-{at:012}")
}

fn csv(rows: &[BTreeMap<&str, String>]) -> String {
    let header: Vec<_> = rows[0].keys().copied().collect();
    let line = |row: &BTreeMap<&str, String>| {
        row.values().map(|it| format!("\"{}\"", it.replace('"', "\"\""))).collect::<Vec<_>>().join(",")
    };
    let lines: Vec<_> = std::iter::once(header.join(",")).chain(rows.iter().map(line)).collect();
    lines.join("\n") + "\n"
}

/// Rows as the text of a dump.
type Write = fn(&[BTreeMap<&str, String>]) -> String;

fn json(rows: &[BTreeMap<&str, String>]) -> String {
    serde_json::to_string_pretty(rows).unwrap()
}

fn ndjson(rows: &[BTreeMap<&str, String>]) -> String {
    rows.iter().map(|it| serde_json::to_string(it).unwrap() + "\n").collect()
}
