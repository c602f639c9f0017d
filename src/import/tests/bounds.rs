//! What is large, deep or cut: a clear error, or fine.

use super::json::OBJECT;
use super::*;

/// JSON, in a cell of CSV.
fn with_metadata(metadata: &str) -> [String; 2] {
    let cell = format!("\"{}\"", metadata.replace('"', "\"\""));
    let csv = format!("{HEADER}{}", ROW.replace("\"{\"\"n\"\": 1}\"", &cell));
    [csv, OBJECT.replace("null", metadata)]
}

#[test]
fn a_cell_of_5_mb_is_kept_as_it_is() {
    let text = "five \\\"MB\\\" \\n".repeat(400_000);
    let metadata = format!("{{\"prompt\": \"{text}\"}}");
    assert!(metadata.len() > 5_000_000);
    for content in with_metadata(&metadata) {
        let (_, memory) = check_counts(&content, [1, 0, 0, 0, 0]);
        let kept = memory.logs.values().next().unwrap().metadata.as_deref();
        assert!(kept == Some(metadata.as_str()));
    }
}

#[test]
fn brackets_may_nest_100_000_deep() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for content in with_metadata(&deep) {
        let (_, memory) = check_counts(&content, [1, 0, 0, 0, 0]);
        assert!(memory.logs.values().next().unwrap().metadata.as_deref() == Some(deep.as_str()));
        check_counts(format!("{content}\n{content}"), [1, 0, 1, 0, 0]);
    }
    check_error("[".repeat(100_000), Some(1), "the file ends inside");
    check_error(&deep, Some(1), "is an array of arrays without the names of their columns");
}

#[test]
fn a_record_of_more_than_64_mib_is_refused() {
    let long = "x".repeat(65 * 1024 * 1024);
    let [csv, json] = with_metadata(&format!("\"{long}\""));
    check_error(&csv, Some(2), "a record of more than 64 MiB begins here");
    check_error(format!("[{OBJECT},\n{json}]"), Some(2), "a record of more than 64 MiB begins here");
    let single = csv.replace("\"\"\"", "'").replace("generate", "'generate'");
    let single =
        single.replace("550e8400-e29b-41d4-a716-446655440000", "'550e8400-e29b-41d4-a716-446655440000'");
    check_error(single, Some(2), "a record of more than 64 MiB begins here");
}
