//! JSON files: each shows one quirk.

use super::*;
use crate::import::Format;
use crate::model::Zone;

const EXAMPLE: &str = r#"{
  "id": "550e8400-e29b-41d4-a716-446655440000",
  "user_id": "user-uuid-here",
  "action": "image_generation",
  "credits_consumed": 2.5,
  "metadata": {
    "model_used": "sdxl",
    "prompt_length": 150,
    "generation_time_ms": 45000,
    "file_size_bytes": 2048576,
    "enhancement_strategy": "qwen_compel",
    "api_provider": "replicate"
  },
  "created_at": "2025-08-30T10:00:00Z",
  "format": "image",
  "quality": "high"
}"#;

#[test]
fn the_documented_example_is_rejected_for_its_user_and_imported_with_a_real_one() {
    check_reject(EXAMPLE, 1, Some("user_id"), "`user-uuid-here` is not a uuid");
    let real = EXAMPLE.replace("user-uuid-here", "00000000-0000-0000-0000-00000000000a");
    let (report, memory) = check_counts(&real, [1, 0, 0, 0, 0]);
    assert_eq!(report.tables[0].format, Format::Json);
    let log = memory.logs.values().next().unwrap();
    assert_eq!(log.user_id.to_string(), "00000000-0000-0000-0000-00000000000a");
    assert_eq!(log.credits.to_string(), "2.5");
    assert_eq!(Zone::utc().format(log.created_at), "2025-08-30T10:00:00+00:00");
    assert!(
        log.metadata.as_deref().unwrap().contains("\"model_used\": \"sdxl\",\n    \"prompt_length\": 150")
    );
}

// ---- shapes -------------------------------------------------------------------------------------

pub(super) const OBJECT: &str = r#"{"id":"00000000-0000-0000-0000-000000000001","user_id":"00000000-0000-0000-0000-00000000000a","action":"a","credits_consumed":1,"metadata":null,"created_at":"2025-08-30T10:00:00Z"}"#;

fn object(id: u128) -> String {
    OBJECT.replace("00000000-0000-0000-0000-000000000001", &uuid::Uuid::from_u128(id).to_string())
}

#[track_caller]
fn check_format(content: &str, n_rows: u64, format: Format) {
    let (report, _) = check_counts(content, [n_rows, 0, 0, 0, 0]);
    assert_eq!(report.tables[0].format, format, "{content}");
}

#[test]
fn objects_come_in_arrays_alone_and_one_after_another() {
    let (a, b) = (OBJECT, object(2));
    check_format(&format!("[{a},{b}]"), 2, Format::Json);
    check_format(&format!(" [\n {a} ,\r\n\t{b}\n]\n\n"), 2, Format::Json);
    check_format(&format!("\u{feff}[{a}]"), 1, Format::Json);
    check_format(&format!("[{a}][{b}]"), 2, Format::Json);
    check_format(&format!("[{a}]\n\u{feff}[{b}]"), 2, Format::Json);
    check_format(&format!("\u{feff}{a}\n\u{feff}{b}\n"), 2, Format::Ndjson);
    check_format(a, 1, Format::Json);
    check_format(&format!("{a}\n{b}\n"), 2, Format::Ndjson);
    check_format(&format!("{a}{b}"), 2, Format::Ndjson);
}

#[test]
fn json_that_is_not_whole_or_not_json_fails_with_its_line() {
    let (a, b) = (OBJECT, object(2));
    check_error(format!("[{a},\n{b}"), Some(2), "before its array is closed");
    check_error(format!("[{a},\n"), Some(2), "after a comma");
    check_error(format!("[{a},\n{}", &b[..90]), Some(2), "inside the record");
    check_error(format!("[{a},\n{b},\n]"), Some(3), "a comma before the closing bracket");
    check_error(format!("[{a}\n{b}]"), Some(2), "a comma or a closing bracket is missing");
    check_error(format!("[{a}]\nthe end"), Some(2), "something else follows");
    check_error(format!("[{a}]\n]"), Some(2), "something else follows");
    check_error(format!("[{a},,{b}]"), Some(1), "a value is missing");
    check_error(format!("[{a},\n{}]", b.replace(":1,", ":NaN,")), Some(2), "not JSON");
    check_error(format!("[{a},\n{}]", b.replace(":1,", ":1,,")), Some(2), "not JSON");
    check_error(format!("{a}\n\n{{\n\"a\": 01}}"), Some(4), "not JSON");
    check_error([format!("[{a}").as_bytes(), b",\n{\"\xff"].concat(), Some(2), "not UTF-8");
    let keys: Vec<String> = (0..5_000).map(|it| format!("\"k{it}\":1")).collect();
    check_error(format!("[{{{}}}]", keys.join(",")), Some(1), "more than 4096 keys");
    check_error(b"[{\"id\":\"\xff\"}]", Some(1), "not UTF-8");
}

#[test]
fn numbers_may_be_strings_and_what_is_no_value_is_rejected() {
    check_counts(OBJECT.replace(":1,", ":\"1\","), [1, 0, 0, 0, 0]);
    check_reject(OBJECT.replace(":1,", ":\"NaN\","), 1, Some("credits_consumed"), "`NaN` is not a number");
    check_reject(OBJECT.replace(":1,", ":[1],"), 1, Some("credits_consumed"), "is an object or an array");
    check_reject(
        OBJECT.replace(":1,", ":null,"),
        1,
        Some("credits_consumed"),
        "is NULL; it is never filled in",
    );
    check_reject(OBJECT.replace("\"credits_consumed\":1,", ""), 1, None, "credits_consumed is missing");
    check_reject(OBJECT.replace("\"a\"", "\"a\\u0000\""), 1, Some("action"), "holds \\u0000");
    check_reject(OBJECT.replace("\"a\"", "\"a\\ud800\""), 1, Some("action"), "half a surrogate pair");
    check_reject(format!("[{OBJECT}, 1]"), 1, None, "is not an object");
    let twice = OBJECT.replace("\"action\":", "\"userId\":null,\"action\":");
    check_error(twice, None, "two columns named `userId`");
    let (_, memory) = check_counts(OBJECT.replace("\"a\"", "\"b\",\"action\":\"c\""), [1, 0, 0, 0, 0]);
    assert_eq!(memory.logs.values().next().unwrap().action, "c");
}

#[test]
fn keys_may_be_left_out_where_they_are_null() {
    let short = OBJECT.replace(",\"metadata\":null", "").replace("\"action\":\"a\",", "");
    let (report, _) = import(format!("{short}\n{}", object(2)));
    assert_eq!(counts(&report.tables[0]), [1, 0, 0, 0, 1]);
    let late = object(200).replace("\"metadata\"", "\"quality\":\"hd\",\"metadata\"");
    let rows: Vec<String> = (1..150).map(object).chain([late]).collect();
    let (_, memory) = check_counts(rows.join("\n"), [150, 0, 0, 0, 0]);
    assert_eq!(memory.logs.values().last().unwrap().quality.as_deref(), Some("hd"));
}

// ---- wrapped rows -------------------------------------------------------------------------------

#[test]
fn rows_are_found_where_tools_wrap_them() {
    let (a, b) = (OBJECT, object(2));
    for content in [
        format!(r#"{{"data":[{a},{b}]}}"#),
        format!(r#"{{"error":null,"data":[{a},{b}],"count":null,"status":200}}"#),
        format!(r#"{{"advisory":{{"id":1,"list":[1]}},"rows":[{a},{b}],"warning":"do not [{{ follow"}}"#),
        format!(r#"{{"select * from usage_logs": [ {a}, {b} ] }}"#),
        format!(r#"{{"data":{{"usage_logs":[{a},{b}]}}}}"#),
        format!("{{\"type\":\"result\",\"data\":[{a}]}}\n{{\"type\":\"result\",\"data\":[{b}]}}\n"),
        format!(r#"[{{"json_agg":[{a},{b}]}}]"#),
        format!(r#"[{{"row_to_json":{a}}},{{"row_to_json":{b}}}]"#),
        // pandas' table and ClickHouse's JSON.
        format!(r#"{{"schema":{{"fields":[{{"name":"id","type":"string"}}]}},"data":[{a},{b}]}}"#),
        format!(r#"{{"meta":[{{"name":"id","type":"UUID"}}],"data":[{a},{b}],"rows":2,"statistics":{{}}}}"#),
    ] {
        check_format(&content, 2, Format::Json);
    }
    check_format(&format!("\x1e{a}\n\x1e{b}\n"), 2, Format::Ndjson);
}

#[test]
fn rows_may_be_arrays_whose_columns_are_named_before_them() {
    let names = r#"["id","user_id","action","credits_consumed","created_at"]"#;
    let row = r#"["00000000-0000-0000-0000-000000000001","00000000-0000-0000-0000-00000000000a","a",1,"2025-08-30T10:00:00Z"]"#;
    let meta = r#"[{"name":"id","type":"UUID"},{"name":"user_id"},{"name":"action"},{"name":"credits_consumed"},{"name":"created_at"}]"#;
    check_format(&format!(r#"{{"columns":{names},"index":[0,1],"data":[{row}]}}"#), 1, Format::Json);
    check_format(&format!(r#"{{"meta":{meta},"data":[{row}],"rows":1}}"#), 1, Format::Json);
    check_format(&format!("[{names},{row}]"), 1, Format::Json);
    let short = format!(r#"{{"columns":{names},"data":[{row},["x"]]}}"#);
    let (report, _) = import(&short);
    assert_eq!(counts(&report.tables[0]), [1, 0, 0, 0, 1]);
    assert_eq!(report.tables[0].rejects[0].reason, "1 values where there are 5 columns");
    check_error(format!("[{row}]"), Some(1), "without the names of their columns");
    check_error(
        r#"{"id":{"0":"a"},"user_id":{"0":"b"},"action":{"0":"c"},"credits_consumed":{"0":1}}"#,
        Some(1),
        "orient",
    );
    check_error(format!(r#"{{"0":{OBJECT},"1":{}}}"#, object(2)), Some(1), "orient");
}

#[test]
fn three_tables_may_be_in_one_file_and_no_other_is_looked_at() {
    let user = "00000000-0000-0000-0000-00000000000a";
    let (report, memory) = import(format!(
        r#"{{"auth.users":[{{"id":"{user}","email":"a@b.c"}}],"usage_logs":[{OBJECT}],
        "profiles":[{{"id":"{user}","username":"ada"}}],"user_roles":[{{"user_id":"{user}","role":"admin"}}]}}"#
    ));
    assert_eq!(report.error, None);
    assert_eq!(report.tables.iter().map(counts).collect::<Vec<_>>(), [[1, 0, 0, 0, 0]; 3]);
    assert!(!format!("{report:?}").contains("a@b.c"));
    assert_eq!(memory.profiles.len(), 1);
}

#[test]
fn a_profile_that_is_joined_to_each_row_is_a_row_of_profiles() {
    let with =
        |row: &str, profile: &str| row.replace("\"action\"", &format!("\"profiles\":{profile},\"action\""));
    let rows = [
        with(OBJECT, r#"{"username":"ada"}"#),
        with(&object(2), r#"{"username":"ada"}"#),
        with(&object(3).replace("0000a\"", "0000b\""), "null"),
    ];
    let (report, memory) = import(format!("[{}]", rows.join(",")));
    assert_eq!(report.tables.iter().map(counts).collect::<Vec<_>>(), [[3, 0, 0, 0, 0], [1, 0, 1, 0, 0]]);
    assert_eq!(codes(&report.tables[0]), []);
    assert_eq!(memory.profiles.values().next().unwrap().as_deref(), Some("ada"));
}

#[test]
fn wrapped_rows_that_are_cut_or_missing_are_told_from_none() {
    for content in ["[]", r#"{"data":[]}"#, r#"{"error":null,"rows":[ ]}"#] {
        let (report, _) = import(content);
        assert_eq!(
            (report.error.as_ref(), codes(only_table(&report))),
            (None, vec![WarningCode::NoRowsVisible])
        );
    }
    check_error(format!("{{\"data\":[{OBJECT},\n{}", object(2)), Some(2), "before its array is closed");
    check_error(format!("{{\"data\":[{OBJECT}]\n"), Some(2), "before its object is closed");
    check_error(format!("{{\"data\":[{OBJECT}],\n\"more\":[1,"), Some(2), "ends after a comma");
    check_error(format!("{{\"data\":[{OBJECT}] \"x\"}}"), Some(1), "a comma or a closing bracket is missing");
    check_error(format!("{{\"data\":[{OBJECT}],}}"), Some(1), "a comma before the closing bracket");
    check_error(format!("{{\"data\":[{OBJECT}],\"a\" 1}}"), Some(1), "a colon is missing");
    let deep = format!("{}{}", "{\"a\":".repeat(100_000), "[".repeat(100_000));
    check_error(deep, Some(1), "inside the record");
}

#[test]
fn wrapped_rows_are_found_at_any_size() {
    let rows: Vec<String> = (1..3_000).map(object).collect();
    let padding = "x".repeat(600_000);
    let content = format!(r#"{{"note":"{padding}","data":[{}],"tail":["{padding}"]}}"#, rows.join(","));
    check_format(&content, 2_999, Format::Json);
}

#[test]
fn other_names_of_a_column_are_read_and_said() {
    let (report, memory) = check_counts(OBJECT.replace("credits_consumed", "credits_used"), [1, 0, 0, 0, 0]);
    assert_eq!(codes(&report.tables[0]), [WarningCode::ColumnSynonyms]);
    assert_eq!(memory.logs.values().next().unwrap().credits.to_string(), "1");
}

// ---- metadata -----------------------------------------------------------------------------------

#[track_caller]
fn check_metadata(json: &str, credits: &str, expected: Option<&str>, flagged: bool) {
    let content = OBJECT.replace(":null", &format!(":{json}")).replace(":1,", &format!(":{credits},"));
    let (report, memory) = check_counts(&content, [1, 0, 0, 0, 0]);
    assert_eq!(memory.logs.values().next().unwrap().metadata.as_deref(), expected, "{json}");
    assert_eq!(codes(&report.tables[0]).contains(&WarningCode::MetadataNotJson), flagged, "{json}");
}

#[test]
fn metadata_is_kept_as_its_text() {
    check_metadata(
        r#"{"b": 1.50, "a":1e2,"a": 12345678901234567890}"#,
        "1",
        Some(r#"{"b": 1.50, "a":1e2,"a": 12345678901234567890}"#),
        false,
    );
    check_metadata("null", "1", None, false);
    check_metadata("12", "1", Some("12"), false);
    check_metadata(r#""a text""#, "1", Some(r#""a text""#), false);
    check_metadata(r#""\ud800""#, "1", Some(r#""\ud800""#), false);
}

#[test]
fn metadata_in_a_string_is_the_json_in_it() {
    check_metadata(r#""{\"b\": 1.50}""#, "1", Some(r#"{"b": 1.50}"#), false);
    check_metadata(r#""{\"b\": 1.50}""#, "\"1\"", Some(r#"{"b": 1.50}"#), false);
    check_metadata(r#""12""#, "\"1\"", Some("12"), false);
    check_metadata(r#""map[a:1]""#, "\"1\"", Some("map[a:1]"), true);
    check_metadata(r#""{\"a\": 1...""#, "1", Some(r#"{"a": 1..."#), true);
}

#[test]
fn deep_metadata_is_no_danger() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    check_metadata(&deep, "1", Some(&deep), false);
    let content = OBJECT.replace(":null", &format!(":{deep}"));
    let (mut memory, spaced) = (Memory::default(), content.replace("]]]]}", "]] ]]}"));
    assert_eq!(counts(&import_into(&mut memory, format!("{content}\n{content}")).tables[0]), [1, 0, 1, 0, 0]);
    assert_eq!(
        counts(&import_into(&mut memory, spaced.replace("]]]],", "]] ]],")).tables[0]),
        [0, 0, 0, 1, 0]
    );
}

#[test]
fn null_among_strings_of_clickhouse_is_null() {
    let strings = OBJECT.replace(":1,", ":\"1\",").replace("null", "\"ᴺᵁᴸᴸ\"");
    let (_, memory) = check_counts(strings.replace('}', ",\"format\":\"ᴺᵁᴸᴸ\"}"), [1, 0, 0, 0, 0]);
    let log = memory.logs.values().next().unwrap();
    assert_eq!((log.metadata.as_deref(), log.format.as_deref()), (None, None));
}

#[test]
fn metadata_that_was_encoded_twice_is_the_same_in_csv_and_json() {
    let csv = ROW.replace("{\"\"n\"\": 1}", "\"\"{\\\"\"n\\\"\": 1}\"\"");
    let (_, mut memory) = check_counts(format!("{HEADER}{csv}"), [1, 0, 0, 0, 0]);
    let json = "{\"id\":\"550e8400-e29b-41d4-a716-446655440000\",\
        \"user_id\":\"00000000-0000-0000-0000-00000000000a\",\"action\":\"generate\",\"credits_consumed\":2.5,\
        \"metadata\":\"{\\\"n\\\": 1}\",\"created_at\":\"2025-08-30T10:00:00Z\",\"format\":\"image\",\"quality\":\"high\"}";
    let report = import_into(&mut memory, json);
    assert_eq!(counts(only_table(&report)), [0, 0, 1, 0, 0]);
}
