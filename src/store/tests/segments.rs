//! Columns that stand in the file beside the rows.

use super::removal::{contents, hand_over, import_random, take, take_back};
use super::*;
use crate::model::RowId;
use crate::model::Window;
use crate::store::cache::from_segments;
use crate::store::segments::{Change, Kind, State, keep};
use crate::store::transaction::Transaction;

/// Every row in the order of the columns, as text.
fn in_order(columns: &Columns) -> Vec<String> {
    (0..columns.len()).map(|row| text_of_row(columns, row)).collect()
}

/// From segments that may be believed, where there are any.
pub(super) fn stored(store: &Store) -> Option<Columns> {
    let loaded = from_segments(&store.connect().unwrap(), Window::default(), &Cancel::new());
    loaded.unwrap().map(|it| it.0)
}

/// They are believed, and say what a look at every row says.
#[track_caller]
pub(super) fn check_segments(store: &Store) {
    let columns = stored(store).unwrap();
    assert_eq!(in_order(&columns), in_order(&columns::load(&store.connect().unwrap()).unwrap()));
    check_dictionaries(&columns);
    assert_eq!(in_order(&store.columns(ADMIN).unwrap()), in_order(&columns));
}

fn n_segments(store: &Store, kind: &str) -> i64 {
    let sql = "SELECT count(*) FROM raw_column_segments WHERE kind = ?1";
    store.connect().unwrap().query_row(sql, [kind], |row| row.get(0)).unwrap()
}

#[test]
fn segments_are_the_rows_after_any_changes() {
    let mut n_tails = 0;
    for seed in 0..10 {
        let (file, _) = Fixture::random(seed, 300);
        let (mut dice, mut n_batches) = (fastrand::Rng::with_seed(seed), 1);
        check_segments(&file.store);
        for _ in 0..12 {
            match dice.u8(..8) {
                0 => drop(take(&file.store, None)),
                1 => {
                    let there = file.store.operator().unwrap().batches().unwrap();
                    let removable: Vec<_> = there.iter().filter(|it| it.number > 1).collect();
                    if let Some(batch) = dice.choice(removable) {
                        take_back(&file.store, batch.number);
                    }
                }
                2 => drop(file.store.begin_import(&dump()).unwrap()),
                _ => {
                    import_random(&file, &mut dice);
                    n_batches += 1;
                }
            }
            check_segments(&file.store);
            n_tails += n_segments(&file.store, "tail");
        }
        for viewer in [Viewer::Nobody, Viewer::Owner(ADA), Viewer::Owner(DAN), Viewer::Admin(Some(BOB))] {
            let columns = file.store.columns(viewer).unwrap();
            assert_eq!(from_columns(&columns), from_view(&file.store, viewer), "{viewer:?}");
            check_dictionaries(&columns);
        }
        assert!(n_batches > 1);
        take_back(&file.store, 1);
        check_segments(&file.store);
    }
    assert!(n_tails > 10, "{n_tails}");
}

#[test]
fn an_import_is_a_tail_until_it_is_a_tenth_of_the_base() {
    let (file, _) = Fixture::random(1, 100);
    let mut import = |n: u32| {
        file.import(|batch| hand_over(batch, &log(n, ADA, "chat", 1), 0));
        check_segments(&file.store);
        let conn = file.store.connect().unwrap();
        let state = State::read(&conn).unwrap().unwrap();
        (state.n_rows(Kind::Base), state.n_rows(Kind::Tail))
    };
    assert_eq!((1..=10).map(&mut import).last(), Some((100, 10)));
    assert_eq!(import(11), (111, 0));
    assert_eq!(n_segments(&file.store, "tail"), 0);
    assert_eq!(import(12), (111, 1));
}

#[test]
fn an_import_without_new_rows_leaves_columns_as_they_are() {
    let file = Fixture::filled();
    let before = file.store.columns(ADMIN).unwrap();
    file.import(|batch| {
        assert!(batch.add_log(&log(1, ADA, "image", 1)).unwrap().is_some());
        batch.put_profile(&ProfileRow { user_id: CYD, username: Some("cyd") }).unwrap();
    });
    assert!(Arc::ptr_eq(&file.store.columns(ADMIN).unwrap(), &before), "not read again");
}

#[test]
fn more_rows_than_a_segment_has() {
    let file = Fixture::new();
    let mut dice = fastrand::Rng::with_seed(3);
    let id = |n: u32| RowId(uuid::Uuid::from_u128(u128::from(n)));
    let times: Vec<_> = (0..70_000).map(|_| Instant::from_micros(dice.i64(..) >> 12)).collect();
    file.import(|batch| {
        for (n, created_at) in (1..).zip(times) {
            let row = LogRow { id: id(n), created_at, ..log(n, [ADA, BOB][n as usize % 2], "chat", 1) };
            batch.add_log(&row).unwrap();
        }
    });
    assert_eq!(n_segments(&file.store, "base"), 2);
    check_segments(&file.store);
}

/// What another program does to the file, before and while a store has it open.
#[track_caller]
fn check_noticed(sql: &str) {
    let (file, _) = Fixture::random(2, 200);
    file.import(|batch| hand_over(batch, &log(1, ADA, "chat", 5), 0));
    let path = file.path();
    let before = in_order(&file.store.columns(ADMIN).unwrap());
    files::change(&path, sql);
    assert!(stored(&file.store).is_none(), "{sql}");
    let others = Store::open(&path).unwrap();
    // Who has sane columns already does not look at segments, so the other comes first.
    for store in [&others, &file.store] {
        assert_eq!(from_columns(&store.columns(ADMIN).unwrap()), from_view(store, ADMIN), "{sql}");
        check_segments(store);
    }
    let is_of_rows = !sql.contains("raw_column");
    assert_eq!(in_order(&file.store.columns(ADMIN).unwrap()) != before, is_of_rows, "{sql}");
}

#[test]
fn what_another_program_changes_is_noticed_and_segments_are_made_anew() {
    let values = "(id, user_code, action_code, credits_nano, created_at_us, batch)
        SELECT randomblob(16), user_code, action_code, credits_nano, created_at_us, batch FROM raw_usage_logs";
    check_noticed(&["INSERT INTO raw_usage_logs ", values, " LIMIT 1"].concat());
    check_noticed(&["INSERT OR IGNORE INTO raw_usage_logs ", values].concat());
    check_noticed(
        "REPLACE INTO raw_usage_logs SELECT id, 1, 1, NULL, NULL, 77, 5, 1, NULL FROM raw_usage_logs",
    );
    check_noticed("UPDATE raw_usage_logs SET credits_nano = credits_nano + 1");
    check_noticed("UPDATE raw_usage_logs SET created_at_us = 7 WHERE rowid = 3");
    check_noticed("DELETE FROM raw_usage_logs WHERE rowid = 9");
    check_noticed("DELETE FROM raw_usage_logs");
    check_noticed("UPDATE raw_users SET id = zeroblob(16) WHERE code = 1");
    check_noticed("UPDATE raw_actions SET name = 'renamed' WHERE code = 1");
    check_noticed("UPDATE raw_formats SET name = 'renamed' WHERE code = 1");
    check_noticed("UPDATE raw_qualities SET name = 'renamed' WHERE code = 1");
    check_noticed(
        "BEGIN; DELETE FROM raw_actions; INSERT INTO raw_actions VALUES (1, 'x'), (2, 'y'), (3, 'z'); COMMIT",
    );
    check_noticed("DELETE FROM raw_column_state");
    check_noticed("UPDATE raw_column_state SET generation = generation - 1");
    check_noticed("DELETE FROM raw_column_segments");
    check_noticed("DELETE FROM raw_column_segments WHERE kind = 'tail'");
    check_noticed("UPDATE raw_column_segments SET rows = 199 WHERE kind = 'base'");
    check_noticed("UPDATE raw_column_segments SET min_time_us = min_time_us + 1");
    check_noticed("UPDATE raw_column_segments SET max_abs_nano = 1");
    check_noticed("UPDATE raw_column_segments SET data = zeroblob(length(data))");
}

#[test]
fn segments_that_nobody_asks_for_are_not_touched() {
    let file = Fixture::filled();
    let conn = file.store.connect().unwrap();
    let plan = |sql: &str| -> String {
        let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let mut steps = statement.raw_query();
        let mut plan = String::new();
        while let Some(step) = steps.next().unwrap() {
            plan += &step.get::<_, String>("detail").unwrap();
        }
        plan
    };
    let heads = "USING COVERING INDEX raw_column_segments_heads (kind=?)";
    let n_rows = plan(include_str!("../sql/segments/n_rows.sql"));
    assert!(n_rows.ends_with(heads), "{n_rows}");
    let segments = plan(include_str!("../sql/segments/segments.sql"));
    assert!(segments.starts_with(&format!("SEARCH head {heads}")), "{segments}");
}

#[test]
fn what_another_program_does_elsewhere_is_no_matter() {
    let file = Fixture::filled();
    let before = file.store.columns(ADMIN).unwrap();
    files::change(&file.path(), "UPDATE raw_profiles SET username = 'x'; DROP INDEX idx_usage_logs_credits");
    assert!(Arc::ptr_eq(&file.store.columns(ADMIN).unwrap(), &before), "not read again");
    files::change(&file.path(), "VACUUM; ANALYZE; REINDEX");
    check_segments(&file.store);
}

#[test]
fn rows_come_in_without_the_index_on_their_ids_too() {
    let file = Fixture::filled();
    files::change(&file.path(), "DROP INDEX raw_usage_logs_id");
    file.import(|batch| assert!(batch.add_log(&log(1, ADA, "image", 1)).unwrap().is_some()));
    files::change(
        &file.path(),
        "DROP INDEX raw_usage_logs_id; INSERT INTO raw_usage_logs SELECT * FROM raw_usage_logs",
    );
    let err = file.store.begin_import(&dump()).unwrap_err();
    assert!(matches!(err, StoreError::Damaged { .. }), "{err:?}");
}

#[test]
fn stale_segments_of_a_file_that_cannot_be_written_are_not_believed() {
    let (Fixture { store, folder }, _) = Fixture::random(4, 50);
    let path = store.path().to_owned();
    drop(store);
    files::change(&path, "UPDATE raw_usage_logs SET credits_nano = 1");
    let before = fs::read(&path).unwrap();
    for access in [Access::Read, Access::Frozen] {
        let store = Store::with(&path, open::connect(&path, access).unwrap(), access).unwrap();
        assert_eq!(store.columns(ADMIN).unwrap().total(), CreditSum::from_nano(50));
        assert_eq!(from_columns(&store.columns(ADMIN).unwrap()), from_view(&store, ADMIN));
        assert!(Arc::ptr_eq(&store.columns(ADMIN).unwrap(), &store.columns(ADMIN).unwrap()));
        drop(store);
    }
    assert_eq!(fs::read(&path).unwrap(), before);
    // While somebody imports, nobody else writes.
    let (store, other) = (Store::open(&path).unwrap(), Store::open(&path).unwrap());
    let batch = store.begin_import(&dump()).unwrap();
    assert_eq!(other.columns(ADMIN).unwrap().total(), CreditSum::from_nano(50));
    assert!(stored(&other).is_none());
    drop(batch);
    drop(folder);
}

#[test]
fn a_damaged_segment_gives_no_wrong_figures() {
    let (file, _) = Fixture::random(5, 150);
    file.import(|batch| hand_over(batch, &log(1, ADA, "chat", 5), 0));
    let expected = in_order(&file.store.columns(ADMIN).unwrap());
    let mut dice = fastrand::Rng::with_seed(5);
    for _ in 0..40 {
        let conn = Connection::open(file.path()).unwrap();
        // The tail, and when it has become part of the base, that.
        let sql = "SELECT kind, data FROM raw_column_segments ORDER BY kind DESC LIMIT 1";
        let (kind, mut data): (String, Vec<u8>) =
            conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        match dice.u8(..3) {
            0 => data.truncate(dice.usize(..data.len())),
            1 => data.push(dice.u8(..)),
            _ => {
                let at = dice.usize(..data.len());
                data[at] ^= 1 << dice.u8(..8);
            }
        }
        // With a checksum that fits now and then: whoever makes one gets sane rows or none.
        let checksum = if dice.bool() { crc32fast::hash(&data) } else { 1 };
        let sql = "UPDATE raw_column_segments SET data = ?1, checksum = ?2 WHERE kind = ?3";
        conn.execute(sql, (&data, checksum, &kind)).unwrap();
        conn.close().unwrap();
        let store = Store::open(&file.path()).unwrap();
        let columns = store.columns(ADMIN);
        if checksum == 1 {
            assert_eq!(in_order(&columns.unwrap()), expected);
        } else if let Ok(columns) = columns {
            assert_eq!(columns.len(), expected.len());
        }
        store.rebuild_segments(&Cancel::new()).unwrap();
        check_segments(&store);
    }
}

#[test]
fn a_change_killed_while_segments_are_written_leaves_the_file_as_before() {
    let (file, _) = Fixture::random(6, 3_000);
    let before = all_that_is_seen(&file.store, ADMIN);
    let change = Transaction::begin(&file.store).unwrap();
    change.conn.pragma_update(None, "cache_size", 10).unwrap();
    change.conn.execute_batch("UPDATE raw_usage_logs SET credits_nano = 9").unwrap();
    keep(&change.conn, Change::Any).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let killed = copy_of(&file, folder.path(), None);
    assert_eq!(all_that_is_seen(&killed, ADMIN), before);
    check_segments(&killed);
}

/// The file and its log as a killed process leaves them; of the log only so many bytes.
fn copy_of(file: &Fixture, folder: &Path, n_log_bytes: Option<u64>) -> Store {
    for name in files(file.folder.path()).iter().filter(|it| !it.ends_with("-shm")) {
        let copy = folder.join(name);
        fs::copy(file.folder.path().join(name), &copy).unwrap();
        if let Some(n) = n_log_bytes.filter(|_| name.ends_with("-wal")) {
            fs::OpenOptions::new().write(true).open(copy).unwrap().set_len(n).unwrap();
        }
    }
    Store::open(&folder.join("logs.creditscope")).unwrap()
}

#[test]
fn a_log_that_ends_anywhere_is_the_file_as_before_or_as_after() {
    let (file, _) = Fixture::random(7, 500);
    let before = contents(&file.store);
    // Who reads as of before keeps the log from going into the file.
    let reader = file.store.connect().unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM raw_usage_logs").unwrap();
    file.import(|batch| {
        for row in random_rows(8, 40) {
            batch.add_log(&as_log(&row)).unwrap();
        }
    });
    let after = contents(&file.store);
    let wal = file.folder.path().join("logs.creditscope-wal");
    let (n_bytes, mut dice) = (wal.metadata().unwrap().len(), fastrand::Rng::with_seed(7));
    let (mut n_before, mut n_after) = (0, 0);
    for cut in (0..16).map(|_| dice.u64(..n_bytes)).chain([0, n_bytes - 1, n_bytes]) {
        let folder = tempfile::tempdir().unwrap();
        let killed = copy_of(&file, folder.path(), Some(cut));
        let found = contents(&killed);
        assert!(found == before || found == after, "cut at {cut} of {n_bytes}");
        *(if found == before { &mut n_before } else { &mut n_after }) += 1;
        check_segments(&killed);
    }
    assert!(n_before > 0 && n_after > 0, "{n_before} {n_after}");
    drop(reader);
}

#[test]
fn a_question_about_a_window_reads_the_segments_that_reach_into_it() {
    let file = Fixture::new();
    let id = |n: u32| RowId(uuid::Uuid::from_u128(u128::from(n)));
    let row = |n: u32| LogRow {
        id: id(n),
        created_at: Instant::from_micros(i64::from(n)),
        ..log(n, [ADA, BOB][n as usize % 2], "chat", 1)
    };
    file.import(|batch| (1..140_000).for_each(|n| hand_over(batch, &row(n), 0)));
    file.import(|batch| hand_over(batch, &LogRow { created_at: Instant::from_micros(7), ..row(200_000) }, 0));
    let part = |viewer, from, until| {
        let window =
            Window { from: Some(Instant::from_micros(from)), until: Some(Instant::from_micros(until)) };
        let store = Store::open(&file.path()).unwrap();
        let columns = store.columns_at_first(viewer, window, &Cancel::new()).unwrap().unwrap();
        let count =
            |columns: &Columns| columns.times().iter().filter(|it| (from..until).contains(it)).count();
        assert_eq!(count(&columns), count(&store.columns(viewer).unwrap()), "{from}..{until}");
        assert_eq!(store.columns_at_first(viewer, window, &Cancel::new()).unwrap(), None, "all are there");
        columns.len()
    };
    assert_eq!(part(ADMIN, 0, 5), 65_536);
    assert_eq!(part(ADMIN, 0, 8), 65_537, "and the tail");
    assert_eq!(part(ADMIN, 65_536, 65_537), 65_536);
    assert_eq!(part(ADMIN, 65_536, 65_538), 131_072);
    assert_eq!(part(ADMIN, 139_999, 200_000), 139_999 - 131_072);
    assert_eq!(part(Viewer::Owner(BOB), 65_536, 65_537), 32_768);
    assert_eq!(part(Viewer::Owner(DAN), 65_536, 65_537), 0);
    assert_eq!(part(Viewer::Nobody, 65_536, 65_537), 0);
    assert_eq!(part(ADMIN, 300_000, 400_000), 0);
}

#[test]
fn columns_that_nobody_waits_for_are_not_made() {
    let (file, _) = Fixture::random(9, 5_000);
    let cancel = Cancel::new();
    cancel.cancel();
    let is_stopped =
        |store: &Store| matches!(store.columns_until(ADMIN, &cancel), Err(StoreError::Interrupted));
    assert!(is_stopped(&file.store));
    files::change(&file.path(), "UPDATE raw_usage_logs SET credits_nano = 1");
    assert!(is_stopped(&file.store), "while they are made anew, too");
    assert_eq!(file.store.columns(ADMIN).unwrap().len(), 5_000);
}
