//! What is made of whole files, whatever their format.

use super::*;
use crate::import::{CANCELLED, REJECTS_MAX};
use crate::model::{DumpTable, UserId, Zone};

// ---- repeats and conflicts ----------------------------------------------------------------------

/// Imports a row, then the same with one text put for another.
#[track_caller]
fn check_again(from: &str, to: &str, conflict: Option<&str>) {
    let again = ROW.replace(from, to);
    assert!(from.is_empty() || again != ROW, "{from}");
    let mut memory = Memory::default();
    import_into(&mut memory, format!("{HEADER}{ROW}"));
    let before = memory.logs.clone();
    let report = import_into(&mut memory, format!("{HEADER}{again}"));
    let expected = if conflict.is_some() { [0, 0, 0, 1, 0] } else { [0, 0, 1, 0, 0] };
    assert_eq!(counts(&report.tables[0]), expected, "{:?}", memory.conflicts);
    if let Some(reason) = conflict {
        let seen = &memory.conflicts[0].1;
        assert!(seen.reason.contains(reason) && seen.raw == again.trim_end(), "{seen:?}");
    }
    assert_eq!(memory.logs, before);
}

#[test]
fn the_same_values_in_another_spelling_are_a_repeat() {
    check_again("", "", None);
    check_again("2.5", "2.50", None);
    check_again("2.5", "25e-1", None);
    check_again("10:00:00+00", "15:30:00+05:30", None);
    check_again("550e8400-e29b-41d4-a716-446655440000", "{550E8400E29B41D4A716446655440000}", None);
    check_again("\"{\"\"n\"\": 1}\"", "\"{\"\"n\"\":1.0}\"", None);
}

#[test]
fn other_values_are_a_conflict_and_the_first_stays() {
    check_again("2.5", "2.6", Some("credits_consumed was 2.5, now 2.6"));
    check_again("00000a", "00000b", Some("user_id was 00000000-0000-0000-0000-00000000000a, now"));
    check_again("generate", "Generate", Some("action was `generate`, now `Generate`"));
    check_again("10:00:00+00", "10:00:01+00", Some("created_at was 2025-08-30T10:00:00+00:00, now"));
    check_again("image", "", Some("format was `image`, now NULL"));
    check_again("high", "low", Some("quality was `high`, now `low`"));
    check_again("\"\": 1", "\"\": 2", Some("metadata differs"));
    check_again("\"{\"\"n\"\": 1}\"", "", Some("metadata differs"));
}

#[test]
fn null_and_an_empty_text_are_no_conflict() {
    let mut memory = Memory::default();
    let null = format!("{HEADER}{}", ROW.replace("image", ""));
    import_into(&mut memory, &null);
    let report =
        import_into(&mut memory, ROW.replace("image", "\"\"").replace("550e", &format!("{HEADER}550e")));
    assert_eq!(counts(&report.tables[0]), [0, 0, 1, 0, 0]);
    assert_eq!(memory.logs.values().next().unwrap().format, None);
}

// ---- rounding, zones, rejects, cancel -----------------------------------------------------------

#[test]
fn rounding_is_told_to_the_digit_and_strict_rejects_it() {
    let content = format!("{HEADER}{}", ROW.replace("2.5", "3.6300000000000003"));
    let (report, memory) = check_counts(&content, [1, 0, 0, 0, 0]);
    assert_eq!(memory.logs.values().next().unwrap().credits.to_string(), "3.63");
    let warning = &report.tables[0].warnings[0];
    assert_eq!((warning.code, warning.rows), (WarningCode::RoundedCredits, 1));
    assert!(warning.message.contains("-0.0000000000000003 credits"), "{}", warning.message);
    let strict = Options { strict: true, ..Options::default() };
    let report = import_with(&strict, &mut Memory::default(), &content);
    assert_eq!(counts(&report.tables[0]), [0, 0, 0, 0, 1]);
    assert!(report.tables[0].rejects[0].reason.contains("more than 9 decimals"));
    let exact = import_with(
        &strict,
        &mut Memory::default(),
        content.replace("3.6300000000000003", "2.5000000000000"),
    );
    assert_eq!(counts(&exact.tables[0]), [1, 0, 0, 0, 0]);
}

#[test]
fn times_without_zone_need_an_answer() {
    let content = format!("{HEADER}{ROW}{}", row(2).replace("+00,", ","));
    check_error(&content, Some(3), "--assume-zone");
    let options = Options { assume_zone: Some(Zone::named("Europe/Berlin").unwrap()), ..Options::default() };
    let mut memory = Memory::default();
    assert_eq!(import_with(&options, &mut memory, &content).error, None);
    let times: Vec<String> = memory.logs.values().map(|it| Zone::utc().format(it.created_at)).collect();
    assert_eq!(times, ["2025-08-30T08:00:00+00:00", "2025-08-30T10:00:00+00:00"]);
}

#[test]
fn all_rejects_are_counted_and_the_first_are_listed() {
    let bad = format!("x{}\n", "é".repeat(3_000));
    let content = format!("{HEADER}{}", bad.repeat(300));
    let (report, memory) = check_counts(&content, [0, 0, 0, 0, 300]);
    assert_eq!((report.tables[0].rejects.len(), memory.rejects.len()), (REJECTS_MAX, 300));
    let reject = &memory.rejects[299].1;
    assert_eq!((reject.place.row, reject.place.line, reject.raw.len()), (300, 301, 4_095));
}

#[test]
fn what_stops_a_file_leaves_its_counts_at_zero() {
    let content = format!("{HEADER}{ROW}");
    let mut full = Memory { is_full: true, ..Memory::default() };
    let report = import_into(&mut full, &content);
    assert_eq!(error(&report), (Some(2), "the disk is full: free some space"));
    assert_eq!((report.tables[0].table, report.sha256.as_str()), (Some(DumpTable::UsageLogs), ""));
    check_error("", None, "is empty");
    let report = import_path(Path::new("/nowhere/dump.csv"), &Options::default(), &mut full);
    assert!(error(&report).1.contains("cannot be read"));
    let report = import_path(&std::env::temp_dir(), &Options::default(), &mut full);
    assert!(error(&report).1.contains("is not a file"));
}

#[test]
fn a_cancelled_file_says_that_nothing_was_imported() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let rows: String = (1..5_000).map(row).collect();
    write!(file, "{HEADER}{rows}").unwrap();
    let cancel = Cancel::new();
    let mut seen = Vec::new();
    let report = import_file(file.path(), &Options::default(), &mut Memory::default(), &cancel, &mut |it| {
        seen.push(it);
        if it.rows > 0 {
            cancel.cancel();
        }
    });
    laws::check_sums(&report);
    assert_eq!(error(&report), (None, CANCELLED));
    assert!(seen.is_sorted_by_key(|it| (it.bytes_read, it.rows)) && seen.len() >= 2);
    assert!(seen.iter().all(|it| it.bytes_total == report.size && it.bytes_read <= it.bytes_total));
}

#[test]
fn a_report_names_the_file_by_its_hash_and_its_first_and_last_time() {
    let content = format!("{HEADER}{ROW}{}", row(2).replace("2025", "2024"));
    let (report, _) = check_counts(&content, [2, 0, 0, 0, 0]);
    let table = &report.tables[0];
    let [first, last] = [table.first, table.last].map(|it| Zone::utc().format(it.unwrap()));
    assert_eq!([first.as_str(), last.as_str()], ["2024-08-30T10:00:00+00:00", "2025-08-30T10:00:00+00:00"]);
    assert_eq!(report.size, content.len() as u64);
    let (report, _) = import("id,username\n");
    assert_eq!(report.sha256, "f3c8c33e2ee06489df548be8ec7be99602befafc79a62f84a4412cfe75a67abb");
}

// ---- warnings -----------------------------------------------------------------------------------

#[track_caller]
fn check_codes(content: impl AsRef<[u8]>, expected: &[WarningCode]) {
    let (report, _) = import(content);
    assert_eq!(codes(only_table(&report)), expected);
}

#[test]
fn warnings_say_what_a_person_should_know() {
    check_codes(format!("{HEADER}{ROW}"), &[]);
    check_codes("[]", &[WarningCode::NoRowsVisible]);
    check_codes(HEADER, &[WarningCode::NoRowsVisible]);
    check_codes(HEADER.trim_end(), &[WarningCode::NoRowsVisible]);
    check_codes(format!("{}{}", HEADER.replace("quality", "qualitee"), ROW), &[WarningCode::UnknownColumns]);
    for (n_rows, limited) in
        [(99, false), (100, true), (500, true), (600, false), (1_000, true), (3_000, true)]
    {
        let rows: String = (1..=n_rows).map(row).collect();
        check_codes(format!("{HEADER}{rows}"), if limited { &[WarningCode::RowLimit] } else { &[] });
    }
    check_codes(format!("{HEADER}{}", ROW.replace("2025-08-30", "1970-01-01")), &[WarningCode::EpochZero]);
    check_codes("user_id,role\n00000000-0000-0000-0000-00000000000a,Admin\n", &[WarningCode::UnknownRoles]);
    let names: std::collections::BTreeSet<&str> = WarningCode::ALL.iter().map(|it| it.name()).collect();
    assert_eq!(names.len(), WarningCode::ALL.len());
}

// ---- profiles and roles -------------------------------------------------------------------------

const ADA: &str = "00000000-0000-0000-0000-00000000000a";
const BOB: &str = "00000000-0000-0000-0000-00000000000b";

#[track_caller]
fn check_states(memory: &mut Memory, content: &str, expected: &[[u64; 5]]) {
    let content = content.replace("ADA", ADA).replace("BOB", BOB);
    let report = import_into(memory, content);
    assert_eq!(report.error, None);
    assert_eq!(report.tables.iter().map(counts).collect::<Vec<_>>(), expected);
}

#[test]
fn a_later_profile_replaces_the_name() {
    let mut memory = Memory::default();
    check_states(&mut memory, "id,username\nADA,ada\nBOB,\n", &[[2, 0, 0, 0, 0]]);
    check_states(&mut memory, "id,username\nADA,ada\nBOB,bob\nADA,ada\n", &[[0, 1, 2, 0, 0]]);
    check_states(&mut memory, "id,username\nADA,Ada\nADA,other\nx,y\n", &[[0, 1, 0, 1, 1]]);
    assert!(memory.conflicts[0].1.reason.contains("username was `Ada`, now `other`"));
}

#[test]
fn a_later_file_replaces_all_roles_of_the_users_it_lists() {
    let mut memory = Memory::default();
    check_states(&mut memory, "user_id,role\nADA,admin\nADA,user\nADA,user\nBOB,user\n", &[[3, 0, 1, 0, 0]]);
    check_states(&mut memory, "user_id,role\nADA,user\nADA,admin\n", &[[0, 0, 2, 0, 0]]);
    check_states(&mut memory, "user_id,role\nADA,user\n", &[[0, 1, 0, 0, 0]]);
    let roles: Vec<Vec<String>> = memory.roles.values().map(|it| it.iter().cloned().collect()).collect();
    assert_eq!(roles, [["user"], ["user"]]);
    check_states(&mut memory, "user_id,role\nADA,\n", &[[0, 0, 0, 0, 1]]);
}

#[test]
fn a_join_is_two_tables_and_doubles_nothing() {
    let mut memory = Memory::default();
    let join = "id,username,role\nADA,ada,admin\nADA,ada,user\nBOB,bob,\nx,y,user\n";
    check_states(&mut memory, join, &[[2, 0, 1, 0, 1], [2, 0, 1, 0, 1]]);
    check_states(&mut memory, "id,username,role\nADA,ada,\n", &[[0, 0, 1, 0, 0], [0, 1, 0, 0, 0]]);
    assert!(memory.roles[&UserId(ADA.parse().unwrap())].is_empty());
}

// ---- what is no dump ----------------------------------------------------------------------------

#[test]
fn what_is_no_dump_is_refused_in_one_sentence() {
    check_error("version https://git-lfs.github.com/spec/v1\n", None, "git lfs pull");
    check_error("<!DOCTYPE html>", None, "web page");
    check_error("\0\0\0\0", None, "NUL bytes");
    check_error(" id | user_id \n----+---\n", None, "psql's output for people");
    check_error(ROW.replace("2.5", "x"), Some(1), "has no header");
    check_error("id,email\n1,a@b.c\n", None, "found: id, email");
    check_error("id,user_id,action,credits_consumed,created_at,action\n", None, "two columns named `action`");
    check_error(
        r#"{"code":"42501","hint":null,"message":"permission denied"}"#,
        None,
        "API, saved instead of rows: permission denied",
    );
    check_error(r#"{"code":500,"data":[1]}"#, None, "found: code, data");
    check_error(r#"{"error":{"message":"JWT expired"}}"#, None, "instead of rows: JWT expired");
    check_error("[1,2]", None, "holds no table");
    check_error("{}", None, "holds no table");
}

// ---- what is remarkable -------------------------------------------------------------------------

/// Rows at noon of these days of January 2025.
fn on_days(days: impl IntoIterator<Item = u32>) -> String {
    let rows = days.into_iter().map(|day| {
        let id = format!("550e8400-e29b-41d4-a716-4466554400{day:02}");
        let row = ROW.replace("550e8400-e29b-41d4-a716-446655440000", &id);
        row.replace("2025-08-30 10", &format!("2025-01-{day:02} 12"))
    });
    format!("{HEADER}{}", rows.collect::<String>())
}

#[test]
fn days_that_are_missing_are_told_where_nearly_all_are_there() {
    let missing = |days: Vec<u32>| {
        let (report, _) = import(on_days(days));
        let mut warnings = only_table(&report).warnings.iter();
        warnings.find(|it| it.code == WarningCode::MissingDays).map(|it| it.message.clone())
    };
    let without = |missing: &[u32]| (1..=20).filter(|it| !missing.contains(it)).collect::<Vec<_>>();
    assert_eq!(missing(without(&[])), None);
    let one = missing(without(&[7])).unwrap();
    assert!(one.starts_with("one day has no rows") && one.contains("2025-01-07 (UTC)"), "{one}");
    let three = missing(without(&[5, 9, 10])).unwrap();
    assert!(three.starts_with("3 days") && three.contains("2025-01-09 to 2025-01-10"), "{three}");
    // Where rows are few, days without are nothing to speak of, nor is anything in a short range.
    assert_eq!(missing(vec![1, 5, 9, 12, 20]), None);
    assert_eq!(missing(vec![1, 2, 3, 5, 6, 7, 8]), None);
}

#[test]
fn refunds_and_the_future_are_told() {
    let refund = ROW.replace(",2.5,", ",-0.5,");
    let future = ROW.replace("446655440000", "446655440001").replace("2025-08-30", "2999-08-30");
    let (report, _) = import(format!("{HEADER}{refund}{future}"));
    let table = only_table(&report);
    assert_eq!(codes(table), [WarningCode::FutureTimes, WarningCode::Refunds]);
    assert!(table.warnings[0].message.contains("in 1 row, on line 3"), "{:?}", table.warnings);
    assert!(table.warnings[1].message.ends_with("in 1 row, on line 2; in all -0.5"), "{:?}", table.warnings);
}
