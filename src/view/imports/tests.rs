use super::*;
use crate::model::Place;

fn table() -> ImportedTable {
    let reject = Reject {
        place: Place { row: 3_101, line: 3_102 },
        column: Some("credits_consumed".to_owned()),
        reason: "not a number".to_owned(),
        raw: "a\tb".to_owned(),
    };
    ImportedTable {
        table: Some(DumpTable::UsageLogs),
        format: "csv".to_owned(),
        n_read: 1_000,
        n_imported: 900,
        n_repeats: 60,
        n_rejected: 40,
        first: Some(Instant::from_micros(0)),
        last: Some(Instant::from_micros(1_756_548_000_000_000)),
        rejects: vec![reject; 30],
        ..ImportedTable::default()
    }
}

fn report(table: &ImportedTable) -> TableReport {
    TableReport::build(table, &Calendar::utc())
}

#[test]
fn counts_are_seen_to_add_up() {
    let good = report(&table());
    let counts: Vec<_> = good.counts.iter().map(|it| (it.outcome.name(), it.n.as_str())).collect();
    assert_eq!(counts, [("Imported", "900"), ("Repeats", "60"), ("Conflicts", "0"), ("Rejected", "40")]);
    assert!(good.adds_up);
    assert!(!report(&ImportedTable { n_read: 1_001, ..table() }).adds_up);
    assert_eq!(good.span.as_deref(), Some("1 Jan 1970 to 30 Aug 2025"));
}

#[test]
fn profiles_have_updates() {
    let profiles = report(&ImportedTable { table: Some(DumpTable::Profiles), ..table() });
    assert!(profiles.counts.iter().any(|it| it.outcome == Outcome::Updated));
}

#[test]
fn a_few_rejects_are_shown_and_all_are_counted() {
    let report = report(&table());
    assert_eq!(report.rejects.len(), REJECTS_SHOWN_MAX);
    assert_eq!(report.more_rejects.as_deref(), Some("and 20 more, kept in the file"));
    assert_eq!((report.rejects[0].line.as_str(), report.rejects[0].raw.text.as_str()), ("3,102", "a\\tb"));
}

#[track_caller]
fn check_progress(progress: (u64, u64, u64, f32), expected: &str) {
    let (read, total, rows, secs) = progress;
    assert_eq!(ImportProgress::build(read, total, rows, secs).text, expected);
}

#[test]
fn progress_says_rows_bytes_and_time() {
    check_progress((0, 0, 0, 0.0), "0 rows · 0 B of 0 B");
    check_progress((12_400_000, 61_800_000, 50_412, 0.4), "50,412 rows · 12.4 MB of 61.8 MB");
    check_progress((30, 60, 5, 2.0), "5 rows · 30 B of 60 B · 2 s left");
    check_progress((1_000, 100_000, 5, 30.0), "5 rows · 1.0 kB of 100.0 kB");
    check_progress((2_000, 100_000, 5, 30.0), "5 rows · 2.0 kB of 100.0 kB · 25 min left");
}

#[test]
fn an_error_says_its_line() {
    let file = ImportedFile {
        path: "/x/logs.csv".into(),
        size: 999_960,
        error: Some(ImportError { line: Some(41_877), message: "the quote is never closed".to_owned() }),
        ..ImportedFile::default()
    };
    let report = ImportReport::build(&file, &Calendar::utc());
    assert_eq!(report.error.as_deref(), Some("Line 41,877: the quote is never closed"));
    assert_eq!((report.file.as_str(), report.source.as_str()), ("logs.csv", "1,000.0 kB"));
}

#[test]
fn the_file_remembers_what_it_did_not_take() {
    let reject = table().rejects.remove(0);
    let conflict = Conflict {
        place: reject.place,
        id: uuid::Uuid::from_u128(7),
        reason: "credits_consumed differs".to_owned(),
        raw: "7,2.5".to_owned(),
    };
    let rows = RememberedRows {
        rejects: vec![(DumpTable::UsageLogs, reject); 150],
        conflicts: vec![(DumpTable::Profiles, conflict)],
    };
    let batch = RememberedBatch {
        imported_at: Instant::from_micros(0),
        path: "/x/logs.csv".into(),
        sha256: "9f2c".to_owned(),
        table: table(),
    };
    let imports = Imports::build(&[batch], &rows, &Calendar::utc());
    assert_eq!(imports.kept.len(), 101);
    let first = &imports.kept[0];
    assert_eq!(
        (first.outcome, first.table, first.row.line.as_str()),
        (Outcome::Conflict, "profiles", "3,102")
    );
    assert_eq!(imports.batches[0].source, "sha-256 9f2c, /x/logs.csv");
    assert_eq!(imports.batches[0].counts, ["1,000", "900", "0", "60", "0", "40"]);
}
