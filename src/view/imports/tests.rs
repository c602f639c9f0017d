use std::collections::BTreeSet;

use super::*;
use crate::model::{Conflict, Credits, Place, Record, RowId, UserId};

fn table() -> ImportedTable {
    let reject = Reject {
        place: Place { row: 3_101, line: 3_102 },
        column: Some("credits_consumed".to_owned()),
        reason: "not a number".to_owned(),
        raw: "a\tb".to_owned(),
    };
    ImportedTable {
        table: Some(DumpTable::UsageLogs),
        format: "CSV".to_owned(),
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
    assert_eq!(report.more_rejects.as_deref(), Some("and 20 more"));
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

fn imports(batch: i64) -> Imports {
    let reject = table().rejects.remove(0);
    let conflict = Conflict {
        place: reject.place,
        id: uuid::Uuid::from_u128(7),
        reason: "another row has this id: credits_consumed was 2, now 2.5".to_owned(),
        raw: "7,\"2,5\"".to_owned(),
    };
    let kept = Record {
        id: RowId(conflict.id),
        user_id: UserId(uuid::Uuid::from_u128(8)),
        action: "chat".to_owned(),
        credits: Credits::from_nano(2_000_000_000).unwrap(),
        metadata: Some("{\"a\":1}".to_owned()),
        created_at: Instant::from_micros(0),
        format: None,
        quality: Some("high".to_owned()),
    };
    let rows = RememberedRows {
        batch,
        rejects: vec![(DumpTable::UsageLogs, reject); 30],
        conflicts: vec![RememberedConflict {
            table: DumpTable::UsageLogs,
            conflict,
            newer: Some(Record { credits: Credits::from_nano(2_500_000_001).unwrap(), ..kept.clone() }),
            kept: Some(kept),
            taken: None,
        }],
    };
    let batch = |number| RememberedBatch {
        number,
        imported_at: Instant::from_micros(0),
        removed_at: None,
        path: "/x/logs.csv".into(),
        sha256: "9f2c07be55aa41ab".to_owned(),
        size: 61_800,
        table: ImportedTable { n_conflicts: 1, n_imported: 899, ..table() },
    };
    Imports::build(&[batch(2), batch(1)], &rows, &Calendar::utc())
}

#[test]
fn the_file_remembers_what_it_did_not_take() {
    let of_two = imports(2);
    let batch = &of_two.batches[0];
    assert_eq!((batch.size.as_str(), batch.short_hash.as_str()), ("61.8 kB", "9f2c07be"));
    assert_eq!(batch.counts, ["1,000", "899", "0", "60", "1", "40"]);
    assert!(of_two.adds_up);
    let left_out = of_two.left_out.unwrap();
    assert_eq!((left_out.batch, left_out.rejects.n.as_str(), left_out.rejects.rows.len()), (2, "40", 30));
    assert_eq!(left_out.rejects.more.as_deref(), Some("The first 30 of 40 are listed"));
    assert_eq!(left_out.conflicts.more, None);
    let conflict = &left_out.conflicts.rows[0];
    assert_eq!(conflict.reason, "credits_consumed was 2, now 2.5");
    let versions = conflict.versions.as_ref().unwrap();
    let differing: Vec<_> = versions.lines.iter().filter(|it| it.differs).collect();
    assert_eq!(differing.len(), 1);
    assert_eq!((differing[0].kept.text.as_str(), differing[0].newer.text.as_str()), ("2", "2.500000001"));
    assert_eq!(versions.difference.as_deref(), Some("+0.500000001"));
    let ids = [versions.id].into();
    assert_eq!(left_out.conflicts.takable(&ids).difference.to_string(), "0.500000001");
    assert!(left_out.conflicts.takable(&BTreeSet::default()).ids.is_empty());
    assert_eq!(imports(9).left_out, None, "no such batch");
}

#[test]
fn rows_that_were_not_taken_are_searched_and_copied() {
    let left_out = imports(1).left_out.unwrap();
    for (text, n) in [("", 30), ("NUMBER", 30), ("3,102", 30), (" credits ", 30), ("other", 0)] {
        assert_eq!(left_out.rejects.matching(text).len(), n, "{text}");
    }
    assert_eq!(
        left_out.rejects.delimited(&[0], ','),
        "outcome,table,line,column_or_id,reason,raw,kept,newer,credit_difference,taken\n\
         rejected,usage_logs,3102,credits_consumed,not a number,a\tb,,,,\n"
    );
    let conflict = left_out.conflicts.rows[0].tab_separated();
    assert!(conflict.starts_with("conflict\tusage_logs\t3102\t00000000-"), "{conflict}");
    assert!(conflict.contains("\t\"7,\"\"2,5\"\"\"\t"), "{conflict}");
    assert!(conflict.contains(",chat,2,") && conflict.contains(",1970-01-01T00:00:00+00:00,,high"));
    assert!(conflict.ends_with("\t0.500000001\t"), "{conflict}");
}

#[test]
fn a_file_says_how_it_is_written() {
    let form = Form {
        packer: Some("gzip".to_owned()),
        encoding: Some("windows-1252".to_owned()),
        delimiter: Some(b';'),
        has_header: Some(false),
    };
    let columns = ColumnCount { n_found: 6, n_read: 8 };
    let log = ImportedTable { columns, ..table() };
    let people = ImportedTable { table: Some(DumpTable::Profiles), format: "SQL".to_owned(), ..table() };
    check_form(
        &form,
        std::slice::from_ref(&log),
        "CSV · gzip · windows-1252 · semicolon · no header · 6 of 8 columns",
    );
    let plain = Form { encoding: Some("UTF-8".to_owned()), ..Form::default() };
    check_form(&plain, &[people.clone(), log], "SQL · UTF-8");
    check_form(&Form::default(), &[people], "SQL");
    check_form(&plain, &[], "");
}

#[track_caller]
fn check_form(form: &Form, tables: &[ImportedTable], expected: &str) {
    let file = ImportedFile { form: form.clone(), tables: tables.to_vec(), ..ImportedFile::default() };
    assert_eq!(ImportReport::build(&file, &Calendar::utc()).form, expected);
}
