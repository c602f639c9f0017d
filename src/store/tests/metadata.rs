//! Columns of metadata keys, made on demand.

use super::removal::{hand_over, import_random, take, take_back};
use super::*;
use crate::model::{Choice, MetadataKey};

const VIEWERS: [Viewer; 5] =
    [Viewer::Nobody, Viewer::Owner(ADA), Viewer::Owner(DAN), Viewer::Admin(Some(BOB)), ADMIN];

fn key(name: &str) -> MetadataKey {
    MetadataKey::new(name)
}

fn with(store: &Store, viewer: Viewer, names: &[&str]) -> Arc<Columns> {
    store.columns_with(viewer, None, &names.iter().map(|it| key(it)).collect(), &Cancel::new()).unwrap()
}

/// Every row of a viewer with its value as text, sorted, from columns.
fn values_from_columns(columns: &Columns, name: &str) -> Vec<String> {
    let column = columns.metadata(key(name)).unwrap();
    assert_eq!(column.codes().len(), columns.len());
    let codes: BTreeSet<u32> = column.codes().iter().collect();
    assert!(codes.into_iter().eq(0..column.values().len() as u32), "each value is a row's");
    let text = |row| format!("{} {:?}", text_of_row(columns, row), column.at(row).map(|it| &**it));
    let mut rows: Vec<String> = (0..columns.len()).map(text).collect();
    rows.sort();
    rows
}

/// The same from the SQL view. `SQLite`'s own functions know what is a text, a number or nothing.
fn values_from_view(store: &Store, viewer: Viewer, name: &str) -> Vec<String> {
    let sql = format!(
        "SELECT created_at_us, user_id, action, format, quality, credits_nano,
            CASE WHEN json_valid(metadata) THEN CAST(metadata ->> '$.{name}' AS TEXT) END
         FROM usage_logs"
    );
    let answer = store.reader(viewer).unwrap().sql(&sql, usize::MAX, &Cancel::new()).unwrap();
    let mut rows: Vec<String> = answer
        .rows
        .iter()
        .map(|row| {
            let value = match &row[6] {
                SqlValue::Text(text) => Some(text.as_str()),
                SqlValue::Null => None,
                other => panic!("{other:?}"),
            };
            format!("{} {value:?}", text_of_sql(&row[..6]))
        })
        .collect();
    rows.sort();
    rows
}

#[track_caller]
fn check(store: &Store, name: &str) {
    for viewer in VIEWERS {
        let columns = with(store, viewer, &[name]);
        assert_eq!(values_from_columns(&columns, name), values_from_view(store, viewer, name), "{viewer:?}");
        check_dictionaries(&columns);
        if viewer.sees(ADA) {
            let keys = [key(name)].into();
            let own = store.columns_with(viewer, Some(ADA), &keys, &Cancel::new()).unwrap();
            let expected = values_from_view(store, Viewer::Owner(ADA), name);
            assert_eq!(values_from_columns(&own, name), expected, "{viewer:?}");
        }
    }
}

fn n_segments(store: &Store, name: &str) -> i64 {
    let sql = "SELECT count(*) FROM raw_metadata_segments WHERE key = ?1";
    store.connect().unwrap().query_row(sql, [name], |row| row.get(0)).unwrap()
}

/// So many rows, all alike but for the value that is made of their number.
fn import_many(file: &Fixture, n: u32, value: impl Fn(u32) -> String) {
    file.import(|batch| {
        for n in 1..=n {
            let metadata = format!(r#"{{"k":{}}}"#, value(n));
            let row = log(n, [ADA, BOB][n as usize % 2], "chat", 1);
            batch.add_log(&LogRow { metadata: Some(&metadata), ..row }).unwrap();
        }
    });
}

#[test]
fn values_are_those_of_the_view_after_any_changes() {
    for seed in 0..8 {
        let (file, _) = Fixture::random(seed, 200);
        let mut dice = fastrand::Rng::with_seed(seed);
        for _ in 0..8 {
            check(&file.store, "a");
            check(&Store::open(&file.path()).unwrap(), "a");
            assert_eq!(n_segments(&file.store, "a"), 1, "it is kept");
            match dice.u8(..6) {
                0 => drop(take(&file.store, None)),
                1 => {
                    let there = file.store.operator().unwrap().batches().unwrap();
                    let removable: Vec<_> = there.iter().filter(|it| it.number > 1).collect();
                    if let Some(batch) = dice.choice(removable) {
                        take_back(&file.store, batch.number);
                    }
                }
                _ => import_random(&file, &mut dice),
            }
        }
        check(&file.store, "absent");
    }
}

#[test]
fn any_number_of_values_and_more_rows_than_a_segment_has() {
    let file = Fixture::new();
    let (n, name) = (70_000_u32, "k");
    import_many(&file, n, |n| n.wrapping_mul(0x9e37_79b9).to_string());
    let mut told = Vec::new();
    file.store.make_metadata_column(key(name), &Cancel::new(), &mut |it| told.push(it)).unwrap();
    assert_eq!(told.last(), Some(&RowProgress { rows: 70_000, rows_total: 70_000 }));
    assert!(told.len() >= 7 && told.is_sorted_by_key(|it| it.rows));
    assert_eq!(n_segments(&file.store, name), 2);
    check(&file.store, name);
    let other = Store::open(&file.path()).unwrap();
    check(&other, name);
    assert_eq!(with(&other, ADMIN, &[name]).metadata(key(name)).unwrap().values().len(), 70_000);
}

#[test]
fn a_column_is_made_once_and_read_from_the_file_then() {
    let file = Fixture::new();
    import_many(&file, 10_000, |n| (n % 7).to_string());
    check(&file.store, "k");
    let never = &mut |_: RowProgress| panic!("read again");
    for store in [&file.store, &Store::open(&file.path()).unwrap()] {
        store.make_metadata_column(key("k"), &Cancel::new(), never).unwrap();
        let columns = with(store, ADMIN, &["k"]);
        assert!(Arc::ptr_eq(&columns, &store.columns(ADMIN).unwrap()), "whoever asks for less gets more");
        assert!(Arc::ptr_eq(&columns, &with(store, ADMIN, &["k"])));
    }
    file.import(|batch| hand_over(batch, &log(1, ADA, "image", 1), 0));
    assert_eq!(n_segments(&file.store, "k"), 1, "no row came");
    file.import(|batch| hand_over(batch, &log(90_000, ADA, "image", 1), 0));
    assert_eq!(n_segments(&file.store, "k"), 0, "of other rows");
    check(&file.store, "k");
}

/// What another program does to the file while it has a column.
#[track_caller]
fn check_noticed(sql: &str) {
    let (file, _) = Fixture::random(2, 200);
    check(&file.store, "a");
    let before = values_from_columns(&with(&file.store, ADMIN, &["a"]), "a");
    files::change(&file.path(), sql);
    check(&Store::open(&file.path()).unwrap(), "a");
    check(&file.store, "a");
    let changed = values_from_columns(&with(&file.store, ADMIN, &["a"]), "a") != before;
    assert_eq!(changed, sql.contains("raw_usage_logs"), "{sql}");
}

#[test]
fn what_another_program_changes_is_noticed() {
    check_noticed(r#"UPDATE raw_usage_logs SET metadata = '{"a": "new"}' WHERE metadata IS NULL"#);
    check_noticed("UPDATE raw_usage_logs SET metadata = NULL");
    check_noticed("UPDATE raw_usage_logs SET created_at_us = -created_at_us");
    check_noticed("DELETE FROM raw_usage_logs WHERE rowid < 9");
    check_noticed("DELETE FROM raw_usage_logs");
    check_noticed("DELETE FROM raw_column_state");
    check_noticed("UPDATE raw_column_state SET generation = generation - 1");
    check_noticed("DELETE FROM raw_metadata_segments");
    check_noticed("UPDATE raw_metadata_segments SET nth = 1");
    check_noticed("UPDATE raw_metadata_segments SET rows = rows - 1");
    check_noticed("UPDATE raw_metadata_segments SET generation = generation + 1");
    check_noticed("UPDATE raw_metadata_segments SET data = zeroblob(length(data))");
    check_noticed("UPDATE raw_metadata_segments SET checksum = -1, data = x''");
    check_noticed("VACUUM");
}

#[test]
fn metadata_that_is_no_text_is_null() {
    let file = Fixture::filled();
    files::change(&file.path(), "UPDATE raw_usage_logs SET metadata = CAST(x'7B22FF' AS TEXT)");
    let columns = with(&file.store, ADMIN, &["n"]);
    assert_eq!(columns.metadata(key("n")).unwrap().values(), [None]);
}

#[test]
fn a_file_that_cannot_be_written_answers_all_the_same() {
    let (Fixture { store, folder }, _) = Fixture::random(4, 50);
    let path = store.path().to_owned();
    drop(store);
    // With columns that are of the rows, and without.
    for sql in ["", "UPDATE raw_usage_logs SET metadata = '{\"a\": 7}' WHERE rowid < 9"] {
        files::change(&path, sql);
        let before = fs::read(&path).unwrap();
        for access in [Access::Read, Access::Frozen] {
            let store = Store::with(&path, open::connect(&path, access).unwrap(), access).unwrap();
            check(&store, "a");
            assert_eq!(n_segments(&store, "a"), 0);
        }
        assert_eq!(fs::read(&path).unwrap(), before);
    }
    // While somebody imports, nobody else writes.
    let (store, other) = (Store::open(&path).unwrap(), Store::open(&path).unwrap());
    let batch = store.begin_import(&dump()).unwrap();
    check(&other, "a");
    assert_eq!(n_segments(&other, "a"), 0);
    drop(batch);
    drop(folder);
}

#[test]
fn a_wish_to_stop_is_heard_and_leaves_nothing() {
    let file = Fixture::new();
    import_many(&file, 25_000, |n| n.to_string());
    let cancel = Cancel::new();
    let mut n_told = 0;
    let stopped = file.store.make_metadata_column(key("k"), &cancel, &mut |_| {
        n_told += 1;
        cancel.cancel();
    });
    assert!(matches!(stopped, Err(StoreError::Interrupted)), "{stopped:?}");
    assert_eq!((n_told, n_segments(&file.store, "k")), (1, 0));
    let columns = file.store.columns(ADMIN).unwrap();
    assert_eq!(columns.metadata(key("k")), None);
    check(&file.store, "k");
}

#[test]
fn rows_that_come_while_a_column_is_made_are_in_it() {
    let file = Fixture::new();
    import_many(&file, 12_000, |n| n.to_string());
    let mut n_told = 0;
    let import = &mut |_: RowProgress| {
        n_told += 1;
        if n_told == 1 {
            let row = LogRow { metadata: Some(r#"{"k":"late"}"#), ..log(90_000, ADA, "chat", 1) };
            file.import(|batch| hand_over(batch, &row, 0));
        }
    };
    file.store.make_metadata_column(key("k"), &Cancel::new(), import).unwrap();
    assert_eq!(n_told, 4, "made once more");
    check(&file.store, "k");
    let columns = with(&file.store, Viewer::Owner(ADA), &["k"]);
    assert!(columns.metadata(key("k")).unwrap().values().contains(&Some("late".into())));
}

#[test]
fn an_owner_gets_no_value_of_hidden_rows() {
    let file = Fixture::filled();
    let seen = |viewer| {
        let columns = with(&file.store, viewer, &["n", "secret"]);
        ["n", "secret"].map(|it| format!("{:?}", columns.metadata(key(it)).unwrap()))
    };
    let viewers = [Viewer::Nobody, Viewer::Owner(ADA), Viewer::Owner(DAN)];
    let before = viewers.map(seen);
    file.import(|batch| {
        let metadata = Some(r#"{"n": "hidden_word", "secret": 7}"#);
        hand_over(batch, &LogRow { metadata, ..log(90, BOB, "chat", 5) }, 0);
    });
    assert_eq!(viewers.map(seen), before);
    assert!(seen(ADMIN).concat().contains("hidden_word"));
}

#[test]
fn few_columns_stay_in_memory_and_all_that_one_question_asks_for() {
    let file = Fixture::filled();
    let names: Vec<String> = (0..12).map(|it| format!("key {it}")).collect();
    for name in &names {
        with(&file.store, ADMIN, &[name]);
    }
    let kept = || file.store.columns(ADMIN).unwrap().metadata_columns().len();
    assert_eq!(kept(), 8);
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(with(&file.store, ADMIN, &all).metadata_columns().len(), 12);
    assert_eq!(kept(), 12);
    with(&file.store, ADMIN, &["n"]);
    assert_eq!(kept(), 8);
}

#[test]
fn a_list_and_a_column_know_the_same_values() {
    let (file, _) = Fixture::random(3, 100);
    let reader = file.store.reader(ADMIN).unwrap();
    let columns = with(&file.store, ADMIN, &["a"]);
    let column = columns.metadata(key("a")).unwrap();
    for (code, value) in (0..).zip(column.values()) {
        let mut query = RowQuery::newest(1_000);
        query.filter.metadata.insert(key("a"), Choice::only(value.clone()));
        let listed = reader.rows(&query, &Cancel::new()).unwrap();
        assert_eq!(listed.len(), column.codes().iter().filter(|it| *it == code).count(), "{value:?}");
    }
}
