//! Databases of other programs. Only `store` may make them, so these were made by it.

use super::*;
use crate::import::Format;
use crate::store::foreign::made_by;

const TABLE: &str = "CREATE TABLE usage_logs (id TEXT PRIMARY KEY, user_id TEXT, action TEXT, \
    credits_consumed REAL, metadata TEXT, created_at TEXT, format TEXT, quality TEXT);";

fn insert(id: &str, credits: &str, created_at: &str) -> String {
    format!(
        "INSERT INTO usage_logs VALUES ({id}, '00000000-0000-0000-0000-00000000000a', 'generate', {credits}, \
         '{{\"n\": 1}}', {created_at}, 'image', 'high');"
    )
}

const ID: &str = "'550e8400-e29b-41d4-a716-446655440000'";
const TIME: &str = "'2025-08-30 10:00:00+00'";

#[test]
fn a_table_is_the_same_rows_as_its_csv() {
    let mut memory = Memory::default();
    import_into(&mut memory, format!("{HEADER}{ROW}"));
    let as_blob = "x'550e8400e29b41d4a716446655440000'";
    for (id, credits) in [(ID, "2.5"), (as_blob, "2.5"), (ID, "'2.50'")] {
        let report = import_into(&mut memory, made_by(&format!("{TABLE}{}", insert(id, credits, TIME))));
        let table = only_table(&report);
        assert_eq!(
            (counts(table), table.format),
            ([0, 0, 1, 0, 0], Format::Sqlite),
            "{:?}",
            memory.conflicts
        );
        assert_eq!(report.sha256.len(), 64);
    }
}

#[test]
fn three_tables_are_read_and_no_other() {
    let content = made_by(&format!(
        "{TABLE}{} CREATE TABLE profiles (id TEXT, username TEXT); INSERT INTO profiles VALUES ({ID}, 'ada');
         CREATE TABLE user_roles (user_id TEXT, role TEXT); INSERT INTO user_roles VALUES ({ID}, 'admin');
         CREATE TABLE users (email TEXT); INSERT INTO users VALUES ('ada@example.org');",
        insert(ID, "1", TIME)
    ));
    let (report, memory) = import(content);
    assert_eq!(report.tables.iter().map(counts).collect::<Vec<_>>(), [[1, 0, 0, 0, 0]; 3]);
    assert_eq!((memory.profiles.len(), memory.roles.len()), (1, 1));
    assert!(!format!("{report:?}{memory:?}").contains("example.org"));
}

#[test]
fn doubles_are_spelled_by_their_shortest_decimal() {
    for (credits, expected) in
        [("0.1", "0.1"), ("3", "3"), ("1e-7", "0.0000001"), ("-2.50", "-2.5"), ("1e9", "1000000000")]
    {
        let (_, memory) = import(made_by(&format!("{TABLE}{}", insert(ID, credits, TIME))));
        assert_eq!(memory.logs.values().next().unwrap().credits.to_string(), expected);
    }
    check_reject(
        made_by(&format!("{TABLE}{}", insert(ID, "9e999", TIME))),
        1,
        Some("credits_consumed"),
        "`inf` is not a number",
    );
}

#[test]
fn a_value_that_is_none_is_rejected_with_its_row() {
    let two = format!("{TABLE}{}{}", insert(ID, "1", TIME), insert("x'00ff'", "1", TIME));
    let (report, _) = check_counts(made_by(&two), [1, 0, 0, 0, 1]);
    let reject = &report.tables[0].rejects[0];
    assert_eq!((reject.place.row, reject.place.line, reject.column.as_deref()), (2, 2, Some("id")));
    assert!(reject.raw.starts_with("\\x00ff|00000000-"), "{}", reject.raw);
    let julian = insert(ID, "1", "2460917.9166667").replace("created_at TEXT", "");
    let julian = format!("{}{julian}", TABLE.replace("created_at TEXT", "created_at REAL"));
    check_error(made_by(&julian), Some(1), "created_at is a Julian day here");
}

#[test]
fn other_databases_are_refused() {
    check_error(made_by("CREATE TABLE a (id)"), None, "without a table named usage_logs");
    check_error(
        made_by("CREATE TABLE usage_logs (a, b)"),
        None,
        "the table usage_logs holds no table that is imported",
    );
    check_error(b"SQLite format 3\0 and nothing more", None, "is a damaged SQLite database");
    let whole = made_by(&format!("{TABLE}{}", insert(ID, "1", TIME)));
    check_error(&whole[..5_000], None, "is a damaged SQLite database");
    check_error(&whole[..whole.len() - 100], None, "it is shorter than it says, so it was cut");
}
