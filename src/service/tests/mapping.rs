//! Rows that are alike in a log of another shape: none is lost, and none comes in twice.

use std::fs;

use proptest::prelude::*;

use crate::import::{FileReport, Mapping, Options, WarningCode};
use crate::model::Cancel;
use crate::service::{self, Check};
use crate::store::Store;

/// The second column is no part of the ids.
const MAPPING: &str = r#"{
    "id": {"uuid_v5": ["at"]},
    "user_id": {"constant": "00000000-0000-0000-0000-000000000001"},
    "action": {"constant": "call"},
    "credits_consumed": {"column": "tokens"},
    "created_at": {"column": "at"}
}"#;

/// A second, and a number of tokens.
type Row = (u8, u8);

/// A file of rows, each of so many bytes that are not read.
fn dump(rows: &[Row], n_unread: usize) -> String {
    let unread = "-".repeat(n_unread);
    let lines = rows.iter().map(|(at, tokens)| format!("2025-08-30T10:00:{at:02}Z,{tokens},{unread}\n"));
    format!("at,tokens,unread\n{}", lines.collect::<String>())
}

/// A large dump is taken in otherwise than a small one, with the same answers.
const UNREAD_BYTES: [usize; 2] = [1, 100_000];

/// new, repeats, conflicts, and rows like one before
fn counts(report: &FileReport) -> [u64; 4] {
    assert_eq!(report.error, None);
    let table = &report.tables[0];
    let alike = table.warnings.iter().find(|it| it.code == WarningCode::AlikeRows);
    [table.imported, table.repeats, table.conflicts, alike.map_or(0, |it| it.rows)]
}

/// Imports files one after the other, with the same answer of a check before.
#[track_caller]
fn check_imports(files: &[(&[Row], [u64; 4])]) {
    for n_unread in UNREAD_BYTES {
        check_imports_of(files, n_unread);
    }
}

#[track_caller]
fn check_imports_of(files: &[(&[Row], [u64; 4])], n_unread: usize) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create_or_open(&folder.path().join("db")).unwrap();
    let mapping = Some(Mapping::parse(MAPPING).unwrap());
    let options = Options { mapping, ..Options::default() };
    for (rows, expected) in files {
        let path = folder.path().join("calls.csv");
        fs::write(&path, dump(rows, n_unread)).unwrap();
        let mut check = Check::new(Some(&store)).unwrap();
        let [checked, after] = [(); 2].map(|()| check.dump(&path, &options, &Cancel::new(), &mut |_| ()));
        // It reads the file as of one moment.
        drop(check);
        let imported = service::import(&store, &path, &options, &Cancel::new(), &mut |_| ());
        let again = service::import(&store, &path, &options, &Cancel::new(), &mut |_| ());
        assert_eq!(counts(&checked), *expected, "{rows:?}");
        assert_eq!(counts(&imported), *expected, "{rows:?}");
        assert_eq!(counts(&after), counts(&again), "{rows:?}");
        assert_eq!(again.tables[0].imported, 0, "{rows:?}");
    }
}

#[test]
fn rows_that_are_alike_are_rows_of_their_own() {
    check_imports(&[
        (&[(1, 5), (1, 5), (2, 5), (1, 5)], [4, 0, 0, 2]),
        (&[(1, 5), (2, 5), (1, 5), (1, 5)], [0, 4, 0, 2]),
    ]);
}

#[test]
fn a_longer_export_brings_the_rows_that_came_since() {
    check_imports(&[
        (&[(1, 5)], [1, 0, 0, 0]),
        (&[(1, 5), (1, 5)], [1, 1, 0, 1]),
        (&[(1, 5), (1, 5), (1, 5), (2, 5)], [2, 2, 0, 2]),
        (&[(2, 5), (1, 5)], [0, 2, 0, 0]),
    ]);
}

#[test]
fn rows_of_one_name_that_differ_are_in_conflict() {
    check_imports(&[
        (&[(1, 5), (1, 6), (1, 5)], [2, 0, 1, 1]),
        (&[(1, 6), (1, 5), (1, 6), (1, 5)], [0, 2, 2, 1]),
    ]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// As many rows as there are, once; in whatever order they come again.
    #[test]
    fn a_file_comes_in_once(mut rows in proptest::collection::vec(0..4_u8, 1..12), turn in 0..12_usize) {
        let n_alike = {
            let mut kinds = rows.clone();
            kinds.sort_unstable();
            kinds.dedup();
            (rows.len() - kinds.len()) as u64
        };
        let all = rows.len() as u64;
        let first: Vec<Row> = rows.iter().map(|at| (*at, 7)).collect();
        let n_turned = turn % rows.len();
        rows.rotate_left(n_turned);
        let second: Vec<Row> = rows.iter().map(|at| (*at, 7)).collect();
        check_imports(&[(&first, [all, 0, 0, n_alike]), (&second, [0, all, 0, n_alike])]);
    }
}
