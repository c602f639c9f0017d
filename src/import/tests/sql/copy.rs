//! COPY's text format, by itself and around JSON.

use super::*;
use crate::import::DateOrder;

const BOB: &str = "00000000-0000-0000-0000-00000000000b";

#[test]
fn copy_text_has_a_header_or_unmistakable_columns() {
    let header = COLUMNS.replace(", ", "\t") + "\n";
    let format = |content: String| check_usual(content).tables[0].format;
    assert_eq!(format(LINE.to_owned()), Format::CopyText);
    assert_eq!(format(format!("{LINE}\\.\n")), Format::CopyText);
    assert_eq!(format(format!("{LINE}\\.\r\n\r\n")), Format::CopyText);
    assert_eq!(format(format!("{header}{LINE}")), Format::CopyText);
    let twice = format!("{header}{LINE}{header}{LINE}");
    check_counts(twice, [1, 0, 1, 0, 0]);
    check_error(LINE.replace("2.5", "much"), Some(1), "has no header");
    check_error(LINE.replace("image\t", ""), Some(1), "has no header");
    check_error(LINE.trim_end(), Some(1), "has no line end");
    check_error(format!("{LINE}\\.\n{}", LINE.replace(ID, USER)), Some(3), "follows the end mark");
    assert_eq!(codes(&check_usual(LINE).tables[0]), [WarningCode::NoHeader]);
    assert_eq!(codes(&check_usual(format!("{header}{LINE}")).tables[0]), []);
    // Nobody knows which of two ids is the user's.
    check_error(format!("{LINE}{}", LINE.replace(ID, BOB).replace(USER, ID)), Some(1), "has no header");
}

/// Long rows put the second row of a user far behind what is read at once.
#[test]
fn the_columns_of_a_file_without_header_are_told_from_a_thousand_rows() {
    let long = "x".repeat(4 * 1024);
    let uuid = |n: u128| uuid::Uuid::from_u128(n).to_string();
    let rows = |n_rows: u128, n_users: u128| -> String {
        let row = |it| {
            let (id, user) = (uuid(it), uuid(u128::MAX - it % n_users));
            LINE.replace(ID, &id).replace(USER, &user).replace("generate", &long)
        };
        (0..n_rows).map(row).collect()
    };
    check_counts(rows(1_000, 999), [1_000, 0, 0, 0, 0]);
    check_error(rows(1_100, 1_050), Some(1), "has no header");
    let csv =
        rows(1_000, 999).replace("{\"n\": 1}", "\"{\"\"n\"\": 1}\"").replace('\t', ",").replace("\\N", "");
    check_counts(csv, [1_000, 0, 0, 0, 0]);
}

#[test]
fn copy_text_escapes_with_backslashes() {
    let line = LINE
        .replace("generate", r"a\tb\nc\\d\101\x41")
        .replace("{\"n\": 1}", r#"{"p": "say \\"hi\\""}"#)
        .replace("image", "\\N")
        .replace("high", "");
    let (_, memory) = check_counts(&line, [1, 0, 0, 0, 0]);
    let log = memory.logs.values().next().unwrap();
    assert_eq!(log.action, "a\tb\nc\\dAA");
    assert_eq!(log.metadata.as_deref(), Some(r#"{"p": "say \"hi\""}"#));
    assert_eq!((log.format.as_deref(), log.quality.as_deref()), (None, Some("")));
    // With a header: without one a line that does not fit leaves the columns unknown.
    let header = COLUMNS.replace(", ", "\t") + "\n";
    let bad = format!("{header}{line}{}", line.replace(ID, USER).replace(r"\x41", r"\xff"));
    check_reject(bad, 3, Some("action"), "not UTF-8");
    check_reject(
        format!("{header}{line}{}", line.replacen("\\N\t", "", 1)),
        3,
        None,
        "7 values where there are 8 columns",
    );
}

#[test]
fn profiles_and_roles_are_read_from_copy_text() {
    let profile = format!("{USER}\tanna\t\\N\t0.5\t2024-01-01 00:00:00+00\t2025-01-01 00:00:00+00\n");
    let (_, memory) = check_counts(profile, [1, 0, 0, 0, 0]);
    assert_eq!(memory.profiles.values().next().unwrap().as_deref(), Some("anna"));
    check_counts(format!("{ID}\t{USER}\tadmin\n"), [1, 0, 0, 0, 0]);
    check_counts(format!("id\tusername\n{USER}\t\\N\n"), [1, 0, 0, 0, 0]);
    // Any table may look so.
    check_error(format!("{ID}\t{USER}\tpaid\n"), Some(1), "has no header");
}

#[test]
fn json_that_went_through_copy_is_undone() {
    let json = format!(
        r#"{{"id":"{ID}","user_id":"{USER}","action":"a\nb","credits_consumed":2.5,"metadata":{{"p": "say \"hi\" \\ \u0001"}},"created_at":"2025-08-30T10:00:00+00:00"}}"#
    );
    let (_, expected) = import(&json);
    let escaped = json.replace('\\', r"\\");
    for content in [format!("{escaped}\n"), format!("[{escaped}, \\n {escaped}]\n")] {
        let (report, memory) = import(&content);
        assert_eq!((report.error, memory.logs), (None, expected.logs.clone()), "{content}");
    }
    // Both readings are JSON, and nothing says which is meant: NDJSON as it stands.
    let both = json.replace("say \\\"hi\\\" ", "");
    assert_eq!(
        import(both.replace("\\u0001", "").replace("\\n", "\\\\n")).1.logs.values().next().unwrap().action,
        "a\\nb"
    );
}

/// `DateStyle` other than ISO: the order is asked for, and what an abbreviation of a zone means is never guessed.
#[test]
fn other_date_styles_are_asked_for_or_refused() {
    let header = COLUMNS.replace(", ", "\t") + "\n";
    let copy = |time: &str| header.clone() + &LINE.replace("2025-08-30 10:00:00+00", time);
    let dump =
        |time: &str| format!("SET datestyle = 'x';\n{}", insert().replace("2025-08-30 10:00:00+00", time));
    let dmy = Options { date_order: Some(DateOrder::Dmy), ..Options::default() };
    for spelled in [&copy as &dyn Fn(&str) -> String, &dump] {
        // German, SQL with DMY and with MDY, and PostgreSQL's own.
        for time in ["30.08.2025 10:00:00 UTC", "30/08/2025 10:00:00 UTC", "08/30/2025 10:00:00 UTC"] {
            check_read(&Options::default(), &spelled(time));
        }
        check_read(&Options::default(), &spelled("Sat 30 Aug 10:00:00 2025 UTC"));
        check_error(spelled("08.08.2025 10:00:00 UTC"), Some(2), "--date-order dmy");
        let read = import_with(&dmy, &mut Memory::default(), spelled("08.07.2025 10:00:00 UTC"));
        assert_eq!(counts(only_table(&read)), [1, 0, 0, 0, 0]);
        for zone in ["IST", "CST", "CEST", "MSK"] {
            check_error(spelled(&format!("30.08.2025 10:00:00 {zone}")), Some(2), "set datestyle to iso");
            check_reject(spelled(&format!("2025-08-30 10:00:00 {zone}")), 2, Some("created_at"), "by a word");
        }
        check_error(spelled("2025-08-30 10:00:00"), Some(2), "--assume-zone");
    }
}

#[track_caller]
fn check_read(options: &Options, content: &str) {
    let mut memory = Memory::default();
    let report = import_with(options, &mut memory, content);
    assert_eq!(report.error, None, "{content}");
    assert_eq!(memory.logs, usual().logs, "{content}");
}

/// As programs write metadata that encode it twice.
#[test]
fn a_json_string_that_holds_json_is_not_taken_for_quotes_of_csv() {
    let line = LINE.replace("{\"n\": 1}", r#""{\\"n\\": 1}""#);
    let header = COLUMNS.replace(", ", "\t") + "\n";
    for content in
        [format!("{header}{line}"), line.clone(), format!("{header}{}", line.replace("image", "\\N"))]
    {
        let (report, memory) = check_counts(content, [1, 0, 0, 0, 0]);
        assert_eq!(report.tables[0].format, Format::CopyText);
        let log = memory.logs.values().next().unwrap();
        assert_eq!(log.metadata.as_deref(), Some(r#""{\"n\": 1}""#));
    }
    // CSV has its quotes around any metadata, and around that of Python too.
    for metadata in [r#""{""n"": 1}""#, r#""{'n': 1}""#] {
        let csv = LINE.replace("{\"n\": 1}", metadata).replace(ID, &format!("\"{ID}\""));
        assert_eq!(check_counts(format!("{header}{csv}"), [1, 0, 0, 0, 0]).0.tables[0].format, Format::Tsv);
    }
}

#[test]
fn a_header_may_have_the_mark_of_a_file_that_was_put_behind_another() {
    let header = COLUMNS.replace(", ", "\t") + "\n";
    check_counts(format!("\u{feff}{header}{LINE}\u{feff}{header}{LINE}"), [1, 0, 1, 0, 0]);
}
