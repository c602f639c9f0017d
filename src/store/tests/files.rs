//! What may be opened, and what is left behind.

use super::*;

/// A file with these contents, in a folder of its own.
fn file_of(contents: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a file: 100% ? #1.creditscope");
    fs::write(&path, contents).unwrap();
    (folder, path)
}

/// A file made by another program, with this SQL.
fn file_by(sql: &str) -> (tempfile::TempDir, PathBuf) {
    let (folder, path) = file_of(b"");
    change(&path, sql);
    (folder, path)
}

/// What another program does to a file.
pub(super) fn change(path: &Path, sql: &str) {
    let conn = Connection::open(path).unwrap();
    conn.execute_batch(sql).unwrap();
    conn.close().unwrap();
}

const V1: &str = include_str!("../sql/tests/v1.sql");
const V2: &str = include_str!("../sql/tests/v2.sql");
const V3: &str = include_str!("../sql/tests/v3.sql");

#[test]
fn a_file_is_one_file_after_the_last_close() {
    let file = Fixture::filled();
    let other = Store::open(&file.path()).unwrap();
    assert_eq!(other.reader(ADMIN).unwrap().roles().unwrap().len(), 2);
    assert_eq!(files(file.folder.path()).len(), 3, "in WAL mode while it is open");
    let Fixture { store, folder } = file;
    let (reader, path) = (store.reader(ADMIN).unwrap(), store.path().to_owned());
    drop(store);
    drop(other);
    assert_eq!(reader.roles().unwrap().len(), 2, "a reader keeps its store");
    drop(reader);
    assert_eq!(files(folder.path()), ["logs.creditscope"]);
    // Bytes 18 and 19 of the header: 1 is a rollback journal, 2 is WAL, which other places cannot open.
    assert_eq!(fs::read(path).unwrap()[18..20], [1, 1]);
}

#[test]
fn reading_writes_nothing() {
    let Fixture { store, folder } = Fixture::filled();
    let path = store.path().to_owned();
    drop(store);
    let before = fs::read(&path).unwrap();
    let store = Store::open(&path).unwrap();
    assert_eq!((n_rows(&store), history(&store, ADMIN).len()), (5, 5));
    assert_eq!(files(folder.path()), ["logs.creditscope"]);
    drop(store);
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn odd_names_are_names() {
    let folder = tempfile::tempdir().unwrap();
    for name in [":memory:", "a b", "a?mode=memory", "a#b", "100%41", "é.db", "'; --"] {
        let path = folder.path().join(name);
        drop(Store::create_or_open(&path).unwrap());
        assert!(path.exists(), "{name}");
        assert_eq!(history(&Store::open(&path).unwrap(), ADMIN), []);
    }
}

#[track_caller]
fn check_refused(path: &Path, expected: &str) {
    let before = fs::read(path).ok();
    for open in [Store::open, Store::create_or_open] {
        let text = open(path).unwrap_err().to_string();
        assert!(text.starts_with(expected), "{text}");
        assert!(text.ends_with(&path.display().to_string()), "{text}");
    }
    assert_eq!(fs::read(path).ok(), before, "untouched");
}

#[test]
fn a_missing_file_is_made_only_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.creditscope");
    let err = Store::open(&path).unwrap_err();
    assert!(err.to_string().starts_with("there is no such file; import a dump to make it: "), "{err}");
    assert!(!path.exists());
    assert_eq!(n_rows(&Store::create_or_open(&path).unwrap()), 0);
    let nowhere = folder.path().join("no folder/x");
    assert!(matches!(Store::create_or_open(&nowhere), Err(StoreError::CannotOpen { .. })));
    check_refused(folder.path(), "the file cannot be opened; ");
}

#[test]
fn an_empty_file_becomes_ours_only_when_asked() {
    let (_folder, path) = file_of(b"");
    assert!(matches!(Store::open(&path), Err(StoreError::NotOurs { .. })));
    assert_eq!(n_rows(&Store::create_or_open(&path).unwrap()), 0);
    assert_eq!(n_rows(&Store::open(&path).unwrap()), 0);
}

#[test]
fn files_of_others_are_refused_and_not_touched() {
    let not_ours = "this is not a creditscope file; ";
    check_refused(&file_of(b"id,user_id,action\n").1, not_ours);
    check_refused(&file_of(&[0; 5_000]).1, not_ours);
    check_refused(&file_by("CREATE TABLE profiles (id, username)").1, not_ours);
    check_refused(&file_by("PRAGMA application_id = 7").1, not_ours);
    check_refused(&file_by("PRAGMA user_version = 1").1, not_ours);
    check_refused(&file_by("PRAGMA application_id = 1131565923").1, not_ours);
    check_refused(&file_by("PRAGMA application_id = 1131565923; PRAGMA user_version = -1").1, not_ours);
}

#[test]
fn a_newer_file_is_refused() {
    let (_folder, path) = file_by(V1);
    change(&path, "PRAGMA user_version = 1000");
    check_refused(
        &path,
        "this file is of version 1000 and this program knows only 4; use a newer creditscope: ",
    );
}

#[track_caller]
fn check_altered(sql: &str, object: &str) {
    let (_folder, path) = file_by(V1);
    change(&path, sql);
    check_refused(&path, &["another program has added or changed the ", object, " in this file; "].concat());
}

#[test]
fn a_file_with_tables_views_or_triggers_of_others_is_refused() {
    check_altered("CREATE TABLE profiles (id, username)", "table `profiles`");
    check_altered("CREATE VIEW usage_logs AS SELECT 1 AS id", "view `usage_logs`");
    check_altered("CREATE VIRTUAL TABLE json_each USING fts5 (value)", "table `json_each`");
    let trigger = "CREATE TRIGGER t AFTER INSERT ON raw_usage_logs BEGIN DELETE FROM raw_profiles; END";
    check_altered(trigger, "trigger `t`");
    check_altered("ALTER TABLE raw_profiles ADD COLUMN x TEXT", "table `raw_profiles`");
    check_altered("DROP TABLE raw_rejects", "table `raw_rejects`");
    let view = "DROP TABLE raw_rejects; CREATE VIEW raw_rejects AS SELECT * FROM raw_conflicts";
    check_altered(view, "view `raw_rejects`");
}

#[test]
fn indexes_and_statistics_of_others_do_no_harm() {
    let (_folder, path) = file_by(V1);
    change(
        &path,
        "CREATE INDEX mine ON raw_usage_logs (batch); DROP INDEX idx_usage_logs_credits; ANALYZE; VACUUM",
    );
    assert_eq!(history(&Store::open(&path).unwrap(), ADMIN).len(), 5);
}

#[test]
fn a_file_of_version_1_is_read() {
    let (_folder, path) = file_by(V1);
    let store = Store::open(&path).unwrap();
    assert_eq!(history(&store, ADMIN).len(), 5);
    assert_eq!(history(&store, Viewer::Owner(ADA)).len(), 3);
    let operator = store.operator().unwrap();
    assert_eq!(operator.viewer(ADA).unwrap(), Viewer::Admin(Some(ADA)));
    assert_eq!(operator.people().unwrap().len(), 2);
    assert_eq!(operator.batches().unwrap()[0].table.rows_read, 7);
    assert_eq!(operator.rejects(1, 9).unwrap()[0].reject.raw, "user-uuid-here");
    assert_eq!(operator.conflicts(1, 9).unwrap()[0].conflict.reason, "credits differ");
    let batch = store.begin_import(&dump()).unwrap();
    batch.commit(&summary()).unwrap();
    assert_eq!(operator.batches().unwrap()[1].number, 2);
}

#[test]
fn a_file_of_version_2_is_read_and_has_columns_then() {
    let (_folder, path) = file_by(V2);
    change(&path, "DELETE FROM raw_usage_logs WHERE rowid = 2");
    let rowids = |path: &Path| -> String {
        let conn = Connection::open(path).unwrap();
        let sql = "SELECT group_concat(rowid || '=' || hex(id)) FROM (SELECT rowid, id FROM raw_usage_logs ORDER BY 1)";
        conn.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let before = rowids(&path);
    let store = Store::open(&path).unwrap();
    assert!(segments::stored(&store).is_none(), "to be made");
    assert_eq!(from_columns(&store.columns(ADMIN).unwrap()), from_view(&store, ADMIN));
    assert!(segments::stored(&store).is_some());
    assert_eq!(rowids(&path), before);
    let choice = ConflictChoice::default();
    assert_eq!(store.take_newer(&choice, "x", &Cancel::new(), &mut |_| ()).unwrap().taken, 1);
    assert_eq!(store.remove_batch(1, &Cancel::new(), &mut |_| ()).unwrap().rows, 4);
}

#[test]
fn a_file_of_version_3_keeps_its_columns() {
    let (_folder, path) = file_by(V3);
    let store = Store::open(&path).unwrap();
    assert!(segments::stored(&store).is_some(), "believed as they are");
    segments::check_segments(&store);
    assert_eq!(from_columns(&store.columns(ADMIN).unwrap()), from_view(&store, ADMIN));
    let key = crate::model::MetadataKey::new("a");
    let columns = store.columns_with(ADMIN, None, &[key].into(), &Cancel::new()).unwrap();
    assert_eq!(columns.metadata(key).unwrap().values(), [None, Some("1".into())]);
    assert_eq!(store.operator().unwrap().batches().unwrap()[0].table.rows_read, 7);
    let choice = ConflictChoice::default();
    assert_eq!(store.take_newer(&choice, "x", &Cancel::new(), &mut |_| ()).unwrap().taken, 1);
    assert_eq!(store.remove_batch(1, &Cancel::new(), &mut |_| ()).unwrap().rows, 5);
}

#[test]
fn a_file_of_an_earlier_version_grows_by_no_second_log() {
    let (_folder, path) = file_by(V2);
    let more = "INSERT INTO raw_usage_logs SELECT randomblob(16), user_code, action_code, format_code,
        quality_code, credits_nano, created_at_us, batch, hex(randomblob(250)) FROM raw_usage_logs, n";
    let n = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 600) ";
    change(&path, &[n, more].concat());
    let size = |path: &Path| fs::metadata(path).unwrap().len();
    let before = size(&path);
    let store = Store::open(&path).unwrap();
    assert_eq!(n_rows(&store), 5 * 601);
    drop(store);
    let after = size(&path);
    assert!(before > 1_000_000 && after < before * 5 / 4, "{before} {after}");
}

#[test]
fn a_batch_of_version_1_is_taken_back_as_far_as_it_is_known() {
    let (_folder, path) = file_by(V1);
    change(&path, "UPDATE raw_imports SET updated = 2, rows_read = 9");
    let store = Store::open(&path).unwrap();
    let take = |store: &Store| store.take_newer(&ConflictChoice::default(), "x", &Cancel::new(), &mut |_| ());
    assert_eq!(take(&store).unwrap(), Taking { not_kept: 1, ..Taking::default() });
    let put = |roles| {
        let mut batch = store.begin_import(&dump()).unwrap();
        batch.put_roles(ADA, roles).unwrap();
        batch.commit(&summary()).unwrap();
    };
    put(&roles(&["user"]));
    let removal = store.remove_batch(2, &Cancel::new(), &mut |_| ()).unwrap();
    assert_eq!((removal.roles, removal.forgotten), (StatesBack { restored: 1, removed: 0 }, 0));
    assert_eq!(store.operator().unwrap().viewer(ADA).unwrap(), Viewer::Admin(Some(ADA)));
    let removal = store.remove_batch(1, &Cancel::new(), &mut |_| ()).unwrap();
    assert_eq!((removal.rows, removal.forgotten), (5, 2));
    assert_eq!(removal.names, StatesBack { restored: 0, removed: 1 });
    assert_eq!(store.operator().unwrap().people().unwrap(), []);
}

/// By the eyes of another program.
#[track_caller]
fn check_readable(column: &str, expected: [Option<&str>; 5]) {
    let (_folder, path) = file_by(V1);
    drop(Store::open(&path).unwrap());
    let conn = Connection::open(&path).unwrap();
    let sql = ["SELECT ", column, " FROM usage_logs_readable ORDER BY id LIKE '0%', id"].concat();
    let mut statement = conn.prepare(&sql).unwrap();
    let values: Vec<Option<String>> =
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(values.iter().map(Option::as_deref).collect::<Vec<_>>(), expected, "{column}");
}

#[test]
fn other_programs_read_the_shape_of_the_source() {
    let [ada, bob] =
        ["00000000-0000-0000-0000-000000000ada", "00000000-0000-0000-0000-000000000b0b"].map(Some);
    check_readable("user_id", [ada, bob, bob, ada, ada]);
    check_readable("action", [Some("image"); 5]);
    check_readable("format", [Some("png"), Some(""), None, None, None]);
    check_readable("quality", [Some("high"), None, None, None, None]);
    check_readable("metadata", [Some(r#"{"a": 1}"#), None, None, Some(""), None]);
    let credits = ["2.5", "-0.5", "9223372036.854775807", "-0.000000001", "0"];
    check_readable("credits_consumed", credits.map(Some));
    let times = [
        "2025-08-30T10:00:00+00:00",
        "1969-12-31T23:59:58.5+00:00",
        "0001-01-01T00:00:00+00:00",
        "9999-12-31T23:59:59.999999+00:00",
        "1970-01-01T00:00:00+00:00",
    ];
    check_readable("created_at", times.map(Some));
    let [first, ..] = ["550e8400-e29b-41d4-a716-446655440000"];
    let rest = |n| format!("00000000-0000-0000-0000-00000000000{n}");
    check_readable("id", [Some(first), Some(&rest(2)), Some(&rest(3)), Some(&rest(4)), Some(&rest(5))]);
}

#[track_caller]
fn check_damaged(sql: &str) {
    let (_folder, path) = file_by(V1);
    drop(Store::open(&path).unwrap());
    change(&path, &["PRAGMA ignore_check_constraints = ON; ", sql].concat());
    let store = Store::open(&path).unwrap();
    let columns = store.columns(ADMIN).map(drop);
    let rows = store.reader(ADMIN).unwrap().rows(&RowQuery::newest(9), &Cancel::new()).map(drop);
    let people = store.operator().unwrap().people().map(drop);
    let result = columns.and(rows).and(people);
    assert!(matches!(result, Err(StoreError::Damaged { .. })), "{sql}: {result:?}");
}

#[test]
fn values_that_the_schema_forbids_are_damage_and_no_panic() {
    check_damaged("UPDATE raw_usage_logs SET credits_nano = -9223372036854775808");
    check_damaged("UPDATE raw_usage_logs SET created_at_us = 9223372036854775807");
    check_damaged("UPDATE raw_usage_logs SET action_code = 99");
    check_damaged("UPDATE raw_usage_logs SET user_code = -1");
    check_damaged("UPDATE raw_usage_logs SET format_code = 0");
    check_damaged("UPDATE raw_users SET code = 7000000000 WHERE code = 2");
    check_damaged("UPDATE raw_usage_logs SET id = X'01' WHERE metadata = ''");
    check_damaged("UPDATE raw_profiles SET user_id = X'01'");
    check_damaged("UPDATE raw_actions SET name = CAST(X'FF' AS TEXT)");
}

#[test]
fn a_file_with_torn_pages_is_an_error_and_no_panic() {
    let Fixture { store, folder } = Fixture::random(9, 2_000).0;
    let path = store.path().to_owned();
    drop(store);
    let whole = fs::read(&path).unwrap();
    let mut dice = fastrand::Rng::with_seed(9);
    for _ in 0..40 {
        let mut torn = whole.clone();
        if dice.bool() {
            torn.truncate(dice.usize(1..whole.len()));
        }
        for _ in 0..20 {
            let at = dice.usize(..torn.len());
            torn[at] = dice.u8(..);
        }
        let path = folder.path().join("torn");
        fs::write(&path, &torn).unwrap();
        if let Ok(store) = Store::open(&path) {
            store.columns(ADMIN).map(drop).ok();
            store.reader(ADMIN).and_then(|it| it.rows(&RowQuery::newest(50), &Cancel::new())).map(drop).ok();
            store.operator().and_then(|it| it.people()).map(drop).ok();
            let batch = store.begin_import(&dump());
            batch.map(|mut it| it.add_log(&log(1, ADA, "x", 1)).map(drop)).map(drop).ok();
        }
    }
}

/// The marks of a file in a folder that nobody may write to. Root may all the same, so for root this says
/// little; the test below opens the way that is left then.
#[cfg(unix)]
#[test]
fn a_file_in_a_read_only_folder_is_read_and_not_written() {
    use std::os::unix::fs::PermissionsExt as _;
    let Fixture { store, folder } = Fixture::filled();
    let path = store.path().to_owned();
    drop(store);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let is_root = fs::write(folder.path().join("x"), "").is_ok();
    let store = Store::open(&path).unwrap();
    assert_eq!((n_rows(&store), history(&store, ADMIN).len()), (5, 5));
    let import = store.begin_import(&dump()).map(drop);
    assert!(is_root || matches!(import, Err(StoreError::ReadOnly { .. })), "{import:?}");
    drop(store);
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_frozen_file_in_wal_mode_is_read_without_its_helpers() {
    let file = Fixture::filled();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("frozen");
    change(&file.path(), "PRAGMA wal_checkpoint(TRUNCATE)");
    fs::copy(file.path(), &path).unwrap();
    assert_eq!(fs::read(&path).unwrap()[18..20], [2, 2], "in WAL mode");
    let conn = open::connect(&path, Access::Frozen).unwrap();
    let store = Store::with(&path, conn, Access::Frozen).unwrap();
    assert_eq!((n_rows(&store), history(&store, ADMIN).len()), (5, 5));
    assert!(matches!(store.begin_import(&dump()), Err(StoreError::ReadOnly { .. })));
    drop(store);
    assert_eq!(files(folder.path()), ["frozen"]);
}
