use super::*;
use crate::model::{LogRow, Writer as _};
use crate::store::fixture::{ADA, BOB, CYD, DAN, Fixture, log};
use crate::store::{SqlValue, StoreError};

fn ask(reader: &Reader, sql: &str) -> Result<Vec<Vec<SqlValue>>, StoreError> {
    reader.sql(sql, 1_000, &Cancel::new()).map(|it| it.rows)
}

/// The one number that an honest query answers.
#[track_caller]
fn check_number(reader: &Reader, sql: &str, expected: i64) {
    assert_eq!(ask(reader, sql).unwrap(), [[SqlValue::Integer(expected)]], "{sql}");
}

#[test]
fn honest_queries_pass() {
    let file = Fixture::filled();
    let reader = file.store.reader(Viewer::Owner(ADA)).unwrap();
    for (sql, expected) in [
        ("SELECT count(*) FROM usage_logs", 2),
        ("SELECT count(*) FROM USAGE_LOGS", 2),
        ("SELECT count(*) FROM temp.usage_logs", 2),
        ("SELECT sum(credits_nano) FROM usage_logs", 2_000_000_000),
        ("WITH d AS (SELECT credits_nano AS n FROM usage_logs) SELECT sum(n) FROM d", 2_000_000_000),
        ("WITH d AS (SELECT credits_nano AS n FROM usage_logs) SELECT count(*) FROM d", 2),
        ("WITH d AS MATERIALIZED (SELECT credits_nano AS n FROM usage_logs) SELECT count(*) FROM d", 2),
        (
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9) SELECT count(*) FROM n",
            9,
        ),
        ("SELECT count(*) FROM (SELECT DISTINCT action FROM usage_logs)", 2),
        ("SELECT count(*) FROM usage_logs AS log JOIN profiles ON profiles.id = log.user_id", 2),
        ("SELECT count(*) FROM profiles LEFT JOIN usage_logs ON profiles.id = user_id", 2),
        ("SELECT count(*) FROM profiles NATURAL LEFT JOIN user_roles", 1),
        ("SELECT count(*) FROM usage_logs JOIN user_roles USING (user_id)", 2),
        ("SELECT count(*) FROM profiles", 1),
        ("SELECT count(*) FROM user_roles WHERE role = 'moderator'", 1),
        ("SELECT max(r) FROM (SELECT row_number() OVER (ORDER BY credits_nano) AS r FROM usage_logs)", 2),
        (
            "SELECT max(s) FROM (SELECT sum(credits_nano) OVER (PARTITION BY action) AS s FROM usage_logs)",
            2_500_000_000,
        ),
        ("SELECT EXISTS (SELECT 1 FROM usage_logs)", 1),
        (
            "SELECT count(*) FROM profiles AS p WHERE EXISTS (SELECT 1 FROM usage_logs WHERE user_id = p.id)",
            1,
        ),
        ("SELECT count(DISTINCT action) FROM usage_logs", 2),
        ("SELECT count(*) FROM usage_logs AS a, usage_logs AS b", 4),
        ("SELECT sum(j.value) FROM usage_logs, json_each(metadata) AS j", 1),
        ("SELECT count(*) FROM json_each('[1, 2]')", 2),
        ("SELECT count(*) FROM json_tree('[1, 2]')", 3),
        ("SELECT sum(metadata ->> 'n') FROM usage_logs", 1),
        ("SELECT count(*) FROM usage_logs WHERE format IS NULL", 0),
        ("SELECT count(*) FROM usage_logs WHERE format = ''", 1),
        (
            "SELECT count(*) FROM usage_logs WHERE strftime('%Y', created_at_us / 1000000, 'unixepoch') = '2025'",
            2,
        ),
        ("SELECT count(*) FROM usage_logs WHERE action LIKE 'im%' OR action GLOB 'ch*'", 2),
        ("SELECT count(*) FROM usage_logs -- and a comment", 2),
        ("SELECT count(*) FROM usage_logs;", 2),
        ("VALUES (1)", 1),
    ] {
        check_number(&reader, sql, expected);
    }
}

/// Queries that must not be answered, by anybody.
const ATTACKS: &[&str] = &[
    "SELECT * FROM raw_usage_logs",
    "SELECT count(*) FROM raw_usage_logs",
    "SELECT count(*) FROM Raw_Usage_Logs",
    "SELECT 1 FROM raw_usage_logs",
    "SELECT rowid FROM raw_usage_logs",
    "SELECT max(rowid) FROM raw_usage_logs",
    "SELECT EXISTS (SELECT 1 FROM raw_usage_logs WHERE credits_nano = 1)",
    "SELECT count(*) FROM usage_logs, raw_usage_logs",
    "SELECT count(*) FROM \"raw_usage_logs\"",
    "SELECT count(*) FROM [raw_usage_logs]",
    "SELECT count(*) FROM main.raw_usage_logs",
    "SELECT count(*) FROM temp.raw_usage_logs",
    "SELECT name FROM raw_actions",
    "SELECT * FROM raw_imports",
    "SELECT raw FROM raw_rejects",
    "SELECT data FROM raw_column_segments",
    "SELECT count(*) FROM raw_column_segments",
    "SELECT generation FROM raw_column_state",
    "SELECT * FROM usage_logs_readable",
    "SELECT count(*) FROM usage_logs_readable",
    // A CTE with the name of something that may be read, or of what might be the inner view's.
    "WITH x AS (SELECT credits_nano FROM raw_usage_logs) SELECT * FROM x",
    "WITH usage_logs AS (SELECT credits_nano FROM raw_usage_logs) SELECT * FROM usage_logs",
    "WITH usage_logs AS MATERIALIZED (SELECT name FROM raw_actions) SELECT * FROM usage_logs",
    "WITH profiles AS (SELECT credits_nano FROM raw_usage_logs) SELECT * FROM profiles",
    "WITH json_each AS (SELECT name FROM raw_actions) SELECT * FROM json_each",
    "WITH visible_usage_logs AS (SELECT name FROM raw_actions) SELECT * FROM visible_usage_logs",
    "SELECT (SELECT sum(credits_nano) FROM raw_usage_logs) FROM usage_logs",
    "SELECT * FROM (SELECT name FROM raw_actions) AS usage_logs",
    // Joins whose columns SQLite does not ask the authorizer about.
    "SELECT count(*) FROM (SELECT 9000000001 AS credits_nano) NATURAL JOIN raw_usage_logs",
    "SELECT count(*) FROM (SELECT 'secret_action' AS name) JOIN raw_actions USING (name)",
    "SELECT count(*) FROM usage_logs JOIN raw_usage_logs USING (id)",
    // SQLite's own tables.
    "SELECT * FROM sqlite_master",
    "SELECT * FROM sqlite_schema",
    "SELECT sql FROM sqlite_temp_master",
    "SELECT count(*) FROM sqlite_temp_schema",
    "SELECT count(*) FROM temp.sqlite_schema",
    "SELECT stat FROM sqlite_stat1",
    "SELECT count(*) FROM sqlite_stat1",
    "SELECT count(*) FROM sqlite_stat4",
    "SELECT count(*) FROM sqlite_sequence",
    "SELECT * FROM dbstat",
    "SELECT count(*) FROM dbstat",
    "SELECT data FROM sqlite_dbpage",
    "SELECT count(*) FROM sqlite_dbpage WHERE pgno = 2",
    "SELECT * FROM pragma_table_info('raw_usage_logs')",
    "SELECT * FROM pragma_database_list",
    "SELECT count(*) FROM pragma_table_list",
    "SELECT count(*) FROM (SELECT 'raw_users' AS name) NATURAL JOIN pragma_table_list",
    "PRAGMA table_info(raw_usage_logs)",
    "PRAGMA database_list",
    "PRAGMA trusted_schema = ON",
    // What changes something.
    "ATTACH ':memory:' AS x",
    "DETACH main",
    "DELETE FROM raw_usage_logs",
    "DELETE FROM usage_logs",
    "INSERT INTO usage_logs (id) VALUES (1)",
    "UPDATE usage_logs SET action = 'x'",
    "DROP VIEW usage_logs",
    "CREATE TEMP VIEW all_logs AS SELECT * FROM raw_usage_logs",
    "CREATE TEMP TABLE t AS SELECT 1",
    "ANALYZE",
    "REINDEX",
    "VACUUM INTO '/tmp/creditscope-copy'",
    "BEGIN",
    "SAVEPOINT x",
    // What shows how it is done, or is not one question.
    "EXPLAIN SELECT * FROM usage_logs",
    "EXPLAIN QUERY PLAN SELECT * FROM usage_logs",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP VIEW usage_logs",
    "",
    "-- nothing",
    // Functions that reach further than their arguments.
    "SELECT load_extension('x')",
    "SELECT fts3_tokenizer('simple')",
    "SELECT sqlite_version()",
    "SELECT sqlite_offset(id) FROM usage_logs",
    "SELECT zeroblob(100000000)",
    "SELECT randomblob(100000000)",
    "SELECT last_insert_rowid()",
];

#[test]
fn no_attack_reads_anything() {
    let file = Fixture::filled();
    analyze(&file);
    for viewer in [Viewer::Nobody, Viewer::Owner(ADA), Viewer::Owner(DAN), Viewer::Admin(None)] {
        let reader = file.store.reader(viewer).unwrap();
        for attack in ATTACKS {
            match ask(&reader, attack) {
                Err(StoreError::Denied | StoreError::BadSql(_)) => (),
                // A join that finds nothing says nothing.
                Ok(rows) if attack.contains("JOIN") => assert_eq!(rows, [[SqlValue::Integer(0)]], "{attack}"),
                other => panic!("{attack}: {other:?}"),
            }
        }
        assert_eq!(ask(&reader, "SELECT 1").unwrap().len(), 1, "still works");
    }
}

/// Leaves the statistics that another program would leave: they count hidden rows.
fn analyze(file: &Fixture) {
    let conn = Connection::open(file.path()).unwrap();
    conn.execute_batch("ANALYZE").unwrap();
}

#[test]
fn statistics_of_hidden_rows_cannot_be_guessed() {
    let file = Fixture::filled();
    analyze(&file);
    let conn = Connection::open(file.path()).unwrap();
    let stat: String = conn
        .query_row("SELECT stat FROM sqlite_stat1 WHERE idx = 'idx_usage_logs_credits'", [], |row| row.get(0))
        .unwrap();
    let guess = ["SELECT count(*) FROM (SELECT '", &stat, "' AS stat) NATURAL JOIN sqlite_stat1"].concat();
    let reader = file.store.reader(Viewer::Owner(ADA)).unwrap();
    assert_eq!(ask(&reader, &guess).ok(), Some(vec![vec![SqlValue::Integer(0)]]));
}

#[test]
fn errors_name_no_secret() {
    let file = Fixture::filled();
    let reader = file.store.reader(Viewer::Owner(ADA)).unwrap();
    let bad = [
        "SELECT nothing FROM usage_logs",
        "SELECT",
        "SELECT * FROM nowhere",
        "SELECT abs(-9223372036854775808)",
    ];
    for sql in ATTACKS.iter().chain(&bad) {
        if let Err(err) = ask(&reader, sql) {
            let text = err.to_string();
            for secret in ["secret_action", "hidden_word", "9000000001", "logs.creditscope"] {
                assert!(!text.contains(secret) || sql.contains(secret), "{sql}: {text}");
            }
            assert!(!reader.names.are_in(&text), "{sql}: {text}");
        }
    }
}

#[test]
fn every_object_of_the_file_is_shadowed() {
    let file = Fixture::new();
    let conn = Connection::open(file.path()).unwrap();
    let mut statement = conn.prepare(include_str!("../sql/objects.sql")).unwrap();
    let objects = statement.query_map([], |row| Ok((row.get("type")?, row.get("name")?))).unwrap();
    let objects: Vec<(String, String)> = objects.map(Result::unwrap).collect();
    // No SELECT reads from a trigger.
    for (_, name) in objects.iter().filter(|it| it.0 != "trigger") {
        let shadow = ["CREATE TEMP VIEW ", name, " AS SELECT NULL"].concat();
        assert!(include_str!("sql/scope/shadows.sql").contains(&shadow), "{name}");
    }
}

#[test]
fn a_long_question_stops_when_it_is_cancelled() {
    let file = Fixture::filled();
    let reader = file.store.reader(Viewer::Admin(None)).unwrap();
    let cancel = Cancel::new();
    std::thread::scope(|threads| {
        let endless =
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
        let canceller = cancel.clone();
        threads.spawn(move || canceller.cancel());
        assert!(matches!(reader.sql(endless, 1, &cancel), Err(StoreError::Interrupted)));
    });
    assert!(matches!(reader.sql("SELECT 1", 1, &cancel), Err(StoreError::Interrupted)));
    check_number(&reader, "SELECT 1", 1);
}

#[test]
fn answers_are_cut_at_the_number_asked_for() {
    let file = Fixture::filled();
    let reader = file.store.reader(Viewer::Admin(None)).unwrap();
    let answer = reader.sql("SELECT action, credits_nano FROM usage_logs", 3, &Cancel::new()).unwrap();
    assert_eq!((answer.rows.len(), answer.is_cut), (3, true));
    assert_eq!(answer.names, ["action", "credits_nano"]);
    assert!(!reader.sql("SELECT 1", 1, &Cancel::new()).unwrap().is_cut);
}

#[track_caller]
fn check_visible(viewer: Viewer, n_rows: usize, names: &[&str], n_with_roles: usize) {
    let file = Fixture::filled();
    let reader = file.store.reader(viewer).unwrap();
    let rows = ask(&reader, "SELECT id FROM usage_logs").unwrap();
    assert_eq!(rows.len(), n_rows, "{viewer:?}");
    assert_eq!(reader.usernames().unwrap().into_values().collect::<Vec<_>>(), names, "{viewer:?}");
    assert_eq!(reader.roles().unwrap().len(), n_with_roles, "{viewer:?}");
}

#[test]
fn an_owner_sees_the_own_an_admin_all_nobody_none() {
    check_visible(Viewer::Nobody, 0, &[], 0);
    check_visible(Viewer::Owner(ADA), 2, &["ada"], 1);
    check_visible(Viewer::Owner(CYD), 1, &[], 0);
    check_visible(Viewer::Owner(DAN), 0, &[], 0);
    check_visible(Viewer::Admin(Some(BOB)), 5, &["ada", "bob"], 2);
    check_visible(Viewer::Admin(None), 5, &["ada", "bob"], 2);
}

#[test]
fn rows_imported_later_are_seen() {
    let file = Fixture::filled();
    let reader = file.store.reader(Viewer::Owner(DAN)).unwrap();
    check_number(&reader, "SELECT count(*) FROM usage_logs", 0);
    file.import(|batch| {
        batch.add_log(&LogRow { format: Some("gif"), ..log(6, DAN, "new_action", 1) }).unwrap();
    });
    check_number(&reader, "SELECT count(*) FROM usage_logs WHERE action = 'new_action'", 1);
}

/// A condition that fails on a hidden row tells of it, if `SQLite` tries it before the rule.
#[test]
fn conditions_are_not_tried_on_hidden_rows() {
    let file = Fixture::filled();
    analyze(&file);
    for viewer in [Viewer::Nobody, Viewer::Owner(ADA)] {
        let reader = file.store.reader(viewer).unwrap();
        for leads in [
            "TRUE",
            "created_at_us BETWEEN 1756548004000000 AND 1756548004000000",
            "created_at_us > 0",
            "credits_nano > 0",
            "credits_nano BETWEEN 9000000001 AND 9000000001",
            "credits_nano IN (9000000001, 9000000001)",
            "id = X'00000000000000000000000000000004'",
            "id > X'00000000000000000000000000000003'",
            "user_id = X'00000000000000000000000000000b0b'",
            "action = 'secret_action'",
            "format IS NULL AND quality IS NULL",
        ] {
            let fails = " AND abs(iif(credits_nano > 9000000000, -9223372036854775808, 1)) > 0";
            let sql = ["SELECT count(*) FROM usage_logs WHERE ", leads, fails].concat();
            assert!(ask(&reader, &sql).is_ok(), "{viewer:?}: {sql}");
        }
        let sql =
            "SELECT count(*) FROM profiles WHERE abs(iif(username = 'bob', -9223372036854775808, 1)) > 0";
        assert!(ask(&reader, sql).is_ok(), "{viewer:?}");
    }
}
