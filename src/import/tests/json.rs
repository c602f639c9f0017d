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

const OBJECT: &str = r#"{"id":"00000000-0000-0000-0000-000000000001","user_id":"00000000-0000-0000-0000-00000000000a","action":"a","credits_consumed":1,"metadata":null,"created_at":"2025-08-30T10:00:00Z"}"#;

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
    check_error([format!("[{a}").as_bytes(), b",\n{\"\xff"].concat(), Some(2), "inside the record");
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
