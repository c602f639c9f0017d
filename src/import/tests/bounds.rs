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

#[test]
fn rows_of_several_megabytes_go_one_by_one() {
    let long = format!("\"{{\"\"prompt\"\": \"\"{}\"\"}}\"", "x".repeat(3_000_000));
    let long_row = |id| row(id).replace("\"{\"\"n\"\": 1}\"", &long);
    let rows: String = (1..=20).map(|it| if it % 3 == 0 { row(it) } else { long_row(it) }).collect();
    let (_, memory) = check_counts(format!("{HEADER}{rows}"), [20, 0, 0, 0, 0]);
    let lengths =
        memory.logs.values().filter(|it| it.metadata.as_ref().is_some_and(|it| it.len() > 3_000_000));
    assert_eq!(lengths.count(), 14);
    // What ends the import comes while others wait.
    let cut = row(21).replace("+00", "");
    check_error(format!("{HEADER}{}{cut}{rows}", row(22)), Some(3), "has no time zone");
}

#[test]
fn many_names_take_no_longer_than_as_many_values() {
    const MANY: usize = 100_000;
    let listed = |name: &dyn Fn(usize) -> String| (0..MANY).map(name).collect::<Vec<_>>().join(",");
    let object = listed(&|it| format!("\"k{it}\":1"));
    check_error(format!("[{{{object}}}]"), Some(1), "more than 4096 keys");
    let names = listed(&|it| format!("\"k{it}\""));
    check_error(format!("{{\"columns\":[{names}],\"data\":[[1]]}}"), None, "holds no table");
    check_error(format!("[[{names}],[1]]"), Some(1), "without the names of their columns");
    let headers = (0..MANY).map(|it| HEADER.replace("quality", &format!("q{it}")));
    check_counts(headers.chain([ROW.to_owned()]).collect::<String>(), [1, 0, 0, 0, 0]);
}

#[test]
fn numbers_before_rows_or_values_are_told_however_long_the_file_is() {
    let long = "x".repeat(65 * 1024 * 1024);
    for content in [
        format!("{{\"id\":{{\"0\":\"{long}\"}}}}"),
        format!("{{\"0\":{OBJECT},\"1\":{}}}", OBJECT.replace("null", &format!("\"{long}\""))),
    ] {
        check_error(content, Some(1), "has a number before each row or value, as pandas writes it");
    }
}
