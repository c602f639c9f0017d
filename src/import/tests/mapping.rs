//! Usage logs of another shape.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::import::{Mapping, NAMESPACE};
use crate::model::{Record, RowId};

const CALLS: &str = r#"{
    "id": {"uuid_v5": ["at", "who", "tokens"]},
    "user_id": {"uuid_v5": ["who"]},
    "action": {"column": "kind"},
    "credits_consumed": {"column": "tokens", "times": 0.001},
    "metadata": {"unmapped": true},
    "created_at": {"column": "at"},
    "format": {"constant": "text"},
    "assume_zone": "Europe/Berlin"
}"#;

fn mapped(mapping: &str) -> Options {
    Options { mapping: Some(Mapping::parse(mapping).unwrap()), ..Options::default() }
}

#[track_caller]
fn check_mapped(mapping: &str, content: impl AsRef<[u8]>, expected: [u64; 5]) -> (FileReport, Vec<Record>) {
    let mut memory = Memory::default();
    let report = import_with(&mapped(mapping), &mut memory, content);
    assert_eq!(counts(only_table(&report)), expected, "{report:?}");
    (report, memory.logs.into_values().collect())
}

#[track_caller]
fn check_unmapped(mapping: &str, content: impl AsRef<[u8]>, reason: &str) {
    let mut memory = Memory::default();
    let report = import_with(&mapped(mapping), &mut memory, content);
    assert!(error(&report).1.contains(reason), "{report:?}");
    assert_eq!(memory, Memory::default());
}

/// The one row of all the spellings below.
#[track_caller]
fn check_row(record: &Record, metadata: &str) {
    let id = uuid::Uuid::new_v5(&NAMESPACE, b"2025-08-30 12:00:00\0ada\x001250");
    assert_eq!(record.id, RowId(id));
    assert_eq!(record.user_id.0, uuid::Uuid::new_v5(&NAMESPACE, b"ada"));
    assert_eq!((record.action.as_str(), record.credits.to_string().as_str()), ("chat", "1.25"));
    assert_eq!(crate::model::Zone::utc().format(record.created_at), "2025-08-30T10:00:00+00:00");
    assert_eq!((record.format.as_deref(), record.quality.as_deref()), (Some("text"), None));
    assert_eq!(record.metadata.as_deref(), Some(metadata));
}

#[test]
fn a_row_is_the_same_in_every_format_that_names_columns() {
    let all = r#"{"who": "ada", "zip": "007", "n": 1.50, "note": null}"#;
    let csv = "at,who,kind,tokens,zip,n,note\n2025-08-30 12:00:00,ada,chat,1250,007,1.50,\n";
    let (report, rows) = check_mapped(CALLS, csv, [1, 0, 0, 0, 0]);
    check_row(&rows[0], all);
    assert!(report.tables[0].warnings.iter().all(|it| it.code.is_note()), "{report:?}");
    for csv in
        [csv.replace(',', ";"), csv.replace(',', "\t"), csv.replace('\n', "\r\n"), csv.replace(',', "|")]
    {
        check_row(&check_mapped(CALLS, csv, [1, 0, 0, 0, 0]).1[0], all);
    }
    let object = json!({"at": "2025-08-30 12:00:00", "who": "ada", "kind": "chat", "tokens": 1250, "deep": {"a": [1]}});
    let deep = r#"{"who": "ada", "deep": {"a":[1]}}"#;
    for text in [
        object.to_string(),
        json!([object]).to_string(),
        json!({"data": [object], "count": 1}).to_string(),
        json!([{"row_to_json": object}]).to_string(),
    ] {
        let (_, rows) = check_mapped(CALLS, &text, [1, 0, 0, 0, 0]);
        let metadata: serde_json::Value = serde_json::from_str(rows[0].metadata.as_ref().unwrap()).unwrap();
        assert_eq!(metadata, serde_json::from_str::<serde_json::Value>(deep).unwrap(), "{text}");
        check_row(&Record { metadata: Some(all.to_owned()), ..rows[0].clone() }, all);
    }
}

#[test]
fn a_table_of_an_sqlite_file_is_mapped_too() {
    let database = crate::store::foreign::made_by(
        "CREATE TABLE usage_logs (at TEXT, who TEXT, kind TEXT, tokens INTEGER, n REAL);
         INSERT INTO usage_logs VALUES ('2025-08-30 12:00:00', 'ada', 'chat', 1250, 0.5)",
    );
    let (_, rows) = check_mapped(CALLS, database, [1, 0, 0, 0, 0]);
    check_row(&rows[0], r#"{"who": "ada", "n": 0.5}"#);
}

#[test]
fn keys_that_come_late_go_into_the_metadata_too() {
    let mut lines = String::new();
    for n in 0..200 {
        writeln!(lines, r#"{{"at": "2025-08-30 12:00:00", "who": "ada", "kind": "chat", "tokens": {n}}}"#)
            .unwrap();
    }
    lines += r#"{"late": 5, "who": null, "at": "2025-08-30 12:00:00", "kind": "chat", "tokens": "7"}"#;
    let (report, _) = check_mapped(CALLS, &lines, [200, 0, 0, 0, 1]);
    assert!(report.tables[0].rejects[0].reason.contains("who is NULL"), "{report:?}");
    let (_, rows) = check_mapped(CALLS, lines.replace("null", "\"bob\""), [201, 0, 0, 0, 0]);
    let late = rows.iter().find(|it| it.metadata.as_deref() == Some(r#"{"who": "bob", "late": 5}"#));
    assert_eq!(late.unwrap().credits.to_string(), "0.007");
}

#[test]
fn what_a_mapping_does_not_fit_is_said() {
    check_unmapped(
        CALLS,
        "at,user,tokens\n1,2,3\n",
        "has no columns named as the mapping says: kind, who; found: at, user, tokens",
    );
    check_unmapped(CALLS, r#"[{"at": 1, "user": 2}]"#, "kind, tokens, who; found: at, user");
    check_unmapped(CALLS, "at,who,kind,tokens,n,n\n1,2,3,4,5,6\n", "two columns named `n`");
    let dump =
        "INSERT INTO usage_logs (id, user_id, action, credits_consumed, created_at) VALUES (1, 2, 3, 4, 5);";
    check_unmapped(CALLS, dump, "a mapping is for logs in CSV, JSON, Parquet or SQLite files");
    check_error(
        "at,who,tokens\n1,2,3\n",
        None,
        "found: at, who, tokens; if it is a usage log of another shape, say by `--mapping`",
    );
}

#[test]
fn the_other_tables_are_still_told_by_their_columns() {
    let mut memory = Memory::default();
    let profiles = "id,username\n00000000-0000-0000-0000-00000000000a,ada\n";
    let report = import_with(&mapped(CALLS), &mut memory, profiles);
    assert_eq!((counts(only_table(&report)), memory.profiles.len()), ([1, 0, 0, 0, 0], 1));
}

#[test]
fn rows_are_rejected_by_the_name_of_the_files_column() {
    let csv = "at,who,kind,tokens\n2025-08-30 12:00:00,ada,chat,many\n2025-08-30 12:00:00,ada,chat\n2025-08-30 12:00:00,ada,chat,1\n";
    let (report, _) = check_mapped(CALLS, csv, [1, 0, 0, 0, 2]);
    let rejects = &report.tables[0].rejects;
    assert_eq!((rejects[0].column.as_deref(), rejects[0].place.line), (Some("tokens"), 2));
    assert!(rejects[1].reason.contains("3 fields where the header has 4"));
}

#[test]
fn options_of_the_command_line_have_the_last_word() {
    let mut options = mapped(CALLS);
    options.assume_zone = Some(crate::model::Zone::utc());
    let mut memory = Memory::default();
    import_with(&options, &mut memory, "at,who,kind,tokens\n2025-08-30 12:00:00,ada,chat,1\n");
    let at = memory.logs.values().next().unwrap().created_at;
    assert_eq!(crate::model::Zone::utc().format(at), "2025-08-30T12:00:00+00:00");
}

#[test]
fn credits_of_a_mapping_have_points_where_those_of_the_file_have_commas() {
    let mapping = r#"{"id": {"column": "no"}, "user_id": {"column": "no"}, "action": {"column": "kind"},
        "credits_consumed": {"constant": 0.5}, "created_at": {"column": "at"}, "decimal": "comma"}"#;
    let csv = "no;kind;at\n00000000-0000-0000-0000-00000000000a;x;2025-08-30 12:00:00Z\n";
    let (_, rows) = check_mapped(mapping, csv, [1, 0, 0, 0, 0]);
    assert_eq!((rows[0].credits.to_string().as_str(), &rows[0].metadata), ("0.5", &None));
}

// ---- any rows ------------------------------------------------------------------------------------

/// Where the columns of the source are, under other names.
const RENAMED: &str = r#"{"id": {"column": "a"}, "user_id": {"column": "b"}, "action": {"column": "c"},
    "credits_consumed": {"column": "d", "times": "0.001"}, "metadata": {"column": "e"},
    "created_at": {"column": "f"}, "format": {"column": "g"}, "quality": {"column": "h"}}"#;

proptest! {
    /// A thousand times the credits, under other names, are the same rows.
    #[test]
    fn a_mapping_gives_what_the_mapped_rows_give(records in roundtrip::records(), as_json: bool) {
        let direct = rows_as_json(&records, &["id", "user_id", "action", "credits_consumed", "metadata", "created_at", "format", "quality"], "");
        let other = rows_as_json(&records, &["a", "b", "c", "d", "e", "f", "g", "h"], "e3");
        let (direct, other) = if as_json { (direct, other) } else { (as_csv(&direct), as_csv(&other)) };
        let (mut expected, mut memory) = (Memory::default(), Memory::default());
        let report = import_into(&mut expected, direct);
        let mapped_report = import_with(&mapped(RENAMED), &mut memory, other);
        if records.is_empty() {
            return Ok(());
        }
        prop_assert_eq!(counts(only_table(&mapped_report)), counts(only_table(&report)));
        prop_assert_eq!(memory.logs, expected.logs);
    }
}

fn rows_as_json(records: &[Record], names: &[&str; 8], exponent: &str) -> String {
    let mut text = String::new();
    for it in records {
        let values = [
            json!(it.id.0.to_string()),
            json!(it.user_id.0.to_string()),
            json!(it.action),
            json!(format!("{}{exponent}", it.credits)),
            json!(it.metadata),
            json!(crate::model::Zone::utc().format(it.created_at)),
            json!(it.format),
            json!(it.quality),
        ];
        let object: Vec<String> =
            names.iter().zip(values).map(|(name, value)| format!("{}: {value}", json!(name))).collect();
        writeln!(text, "{{{}}}", object.join(", ")).unwrap();
    }
    text
}

/// The same with a header; NULL is nothing, a text is in quotes.
fn as_csv(lines: &str) -> String {
    let mut csv = String::new();
    for line in lines.lines() {
        let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
        if csv.is_empty() {
            csv += &object.keys().cloned().collect::<Vec<_>>().join(",");
            csv.push('\n');
        }
        let quoted =
            |it: &serde_json::Value| it.as_str().map(|it| format!("\"{}\"", it.replace('"', "\"\"")));
        csv += &object.values().map(|it| quoted(it).unwrap_or_default()).collect::<Vec<_>>().join(",");
        csv.push('\n');
    }
    csv
}

// ---- before there is a mapping ------------------------------------------------------------------

/// What is known of a file whose columns are not ours: their names, and its first row.
#[track_caller]
fn check_other_shape(content: impl AsRef<[u8]>, columns: &[&str], first: &[Option<&str>]) {
    let (report, memory) = import(content);
    let error = report.error.as_ref().unwrap_or_else(|| panic!("{report:?}"));
    let shape = error.other_shape.as_ref().unwrap_or_else(|| panic!("{error:?}"));
    assert_eq!(shape.columns, columns);
    assert_eq!(shape.rows[0].iter().map(Option::as_deref).collect::<Vec<_>>(), first);
    assert!(shape.suggestion.is_some(), "{shape:?}");
    assert_eq!(memory, Memory::default());
}

#[test]
fn a_file_of_another_shape_says_its_columns_and_first_rows() {
    let time = "2025-08-30 12:00:00";
    for delimiter in [",", ";", "\t"] {
        let csv = format!("at,who, ,n\n{time},ada,x,5\n").replace(',', delimiter);
        let columns = ["at", "who", "column 3 without a name", "n"];
        check_other_shape(csv, &columns, &[Some(time), Some("ada"), Some("x"), Some("5")]);
    }
    let json = format!(r#"[{{"at": "{time}", "n": 5, "tags": ["a"]}}, {{"n": 6, "who": null}}]"#);
    check_other_shape(json, &["at", "n", "tags", "who"], &[Some(time), Some("5"), Some(r#"["a"]"#), None]);
}

#[test]
fn what_has_no_rows_of_several_columns_has_no_shape() {
    for content in ["at,who,n\n", "some words\nand more\n", "[{\"n\": 5}]"] {
        let (report, _) = import(content);
        assert_eq!(report.error.unwrap().other_shape, None, "{content}");
    }
}

#[test]
fn fifty_rows_are_kept_and_long_values_are_cut() {
    let (report, _) = import(format!("at,note\n{}", format!("2025-08-30,{}\n", "ü".repeat(300)).repeat(60)));
    let shape = report.error.unwrap().other_shape.unwrap();
    assert_eq!(shape.rows.len(), 50);
    assert_eq!(shape.rows[49][1].as_ref().map(|it| it.chars().count()), Some(200));
}
