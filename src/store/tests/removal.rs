//! Imports that are taken back, and versions that are taken.

use super::*;
use crate::model::RowId;
use crate::store::removal::remove;

/// What the file holds, table by table, but for the values under codes; of imports only which are there.
pub(super) fn contents(store: &Store) -> Vec<String> {
    let conn = store.connect().unwrap();
    let mut found = Vec::new();
    for (table, columns) in [
        (
            "raw_usage_logs",
            "hex(id), user_code, action_code, format_code, quality_code, credits_nano, created_at_us, batch, metadata",
        ),
        ("raw_profiles", "hex(user_id), username, batch"),
        ("raw_user_roles", "hex(user_id), role, batch"),
        ("raw_imports", "iif(removed_at_us IS NULL, batch, 'removed')"),
        ("raw_rejects", "batch, table_name, row, raw"),
        ("raw_conflicts", "batch, table_name, row, hex(id), credits_nano, taken_by"),
        ("raw_repeats", "batch, of_batch, rows"),
        ("raw_former_logs", "hex(id), nth, batch, credits_nano, created_at_us, action"),
        ("raw_former_states", "kind, hex(user_id), nth, batch, former_batch, value"),
    ] {
        let sql = format!("SELECT concat_ws('|', {columns}) FROM {table} ORDER BY 1");
        let mut statement = conn.prepare(&sql).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        found.extend(
            rows.map(|it| format!("{table}: {}", it.unwrap())).filter(|it| it != "raw_imports: removed"),
        );
    }
    found
}

pub(super) fn take_back(store: &Store, batch: i64) -> Removal {
    let told = store.removal(batch, &Cancel::new()).unwrap();
    let removal = store.remove_batch(batch, &Cancel::new(), &mut |_| ()).unwrap();
    assert_eq!(told, removal);
    removal
}

pub(super) fn take(store: &Store, batch: Option<i64>) -> Taking {
    let choice = ConflictChoice { batch, ids: None };
    store.take_newer(&choice, "tester", &Cancel::new(), &mut |_| ()).unwrap()
}

fn conflict_of(row: &LogRow<'_>) -> Conflict {
    Conflict {
        place: Place { row: 1, line: 2 },
        id: row.id.0,
        reason: "differs".to_owned(),
        raw: String::new(),
    }
}

/// Hands a row over as an import does; `outcome` says what it makes of a known id.
pub(super) fn hand_over(batch: &mut ImportBatch, row: &LogRow<'_>, outcome: u8) {
    if batch.add_log(row).unwrap().is_none() {
        return;
    }
    match outcome {
        0 => {}
        1 => batch.refine_log(row.id, row.credits, row.created_at).unwrap(),
        _ => batch.keep_conflict(DumpTable::UsageLogs, &conflict_of(row)).unwrap(),
    }
}

/// An import of random rows, names and roles out of so few that they meet those of others.
pub(super) fn import_random(file: &Fixture, dice: &mut fastrand::Rng) {
    let rows = random_rows(dice.u64(..), dice.usize(..12));
    file.import(|batch| {
        for row in &rows {
            let row = LogRow { id: RowId(uuid::Uuid::from_u128(dice.u128(..8))), ..as_log(row) };
            hand_over(batch, &row, dice.u8(..3));
        }
        for user_id in [ADA, BOB, CYD] {
            if dice.bool() {
                let username = [None, Some(""), Some("x"), Some("y")][dice.usize(..4)];
                batch.put_profile(&ProfileRow { user_id, username }).unwrap();
            }
            if dice.bool() {
                let names = [&[][..], &["user"], &["admin", "user"], &["admin"]][dice.usize(..4)];
                batch.put_roles(user_id, &roles(names)).unwrap();
            }
        }
        let place = Place { row: 1, line: 2 };
        let reject = Reject { place, column: None, reason: "odd".to_owned(), raw: "?".to_owned() };
        batch.keep_reject(DumpTable::UsageLogs, &reject).unwrap();
    });
}

#[test]
fn the_last_import_taken_back_leaves_the_file_as_before_it() {
    for seed in 0..12 {
        let (file, mut dice) = (Fixture::new(), fastrand::Rng::with_seed(seed));
        for n in 1..5 {
            let before = contents(&file.store);
            import_random(&file, &mut dice);
            if dice.bool() {
                take(&file.store, Some(n));
            }
            if dice.bool() {
                let (with, figures) = (contents(&file.store), all_that_is_seen(&file.store, ADMIN));
                file.store.removal(n, &Cancel::new()).unwrap();
                assert_eq!((contents(&file.store), all_that_is_seen(&file.store, ADMIN)), (with, figures));
                take_back(&file.store, n);
                assert_eq!(contents(&file.store), before, "seed {seed}");
            }
        }
    }
}

#[test]
fn whatever_is_taken_back_in_whatever_order_in_the_end_nothing_is_left() {
    for seed in 0..12 {
        let (file, mut dice) = (Fixture::new(), fastrand::Rng::with_seed(seed));
        let mut there: Vec<i64> = (1..6).collect();
        for _ in &there {
            import_random(&file, &mut dice);
            if dice.bool() {
                take(&file.store, None);
            }
        }
        dice.shuffle(&mut there);
        while let Some(batch) = there.pop() {
            take_back(&file.store, batch);
            let rows = history(&file.store, ADMIN).len() as u64;
            assert_eq!(rows, n_rows(&file.store), "seed {seed}");
            let numbers: Vec<_> =
                file.store.operator().unwrap().batches().unwrap().iter().map(|it| it.number).collect();
            assert_eq!(numbers.len(), there.len());
        }
        assert_eq!(contents(&file.store), [""; 0], "seed {seed}");
        let conn = file.store.connect().unwrap();
        for table in ["raw_users", "raw_actions", "raw_formats", "raw_qualities"] {
            let sql = format!("SELECT count(*) FROM {table}");
            assert_eq!(conn.query_row(&sql, [], |row| row.get::<_, i64>(0)).unwrap(), 0, "{table}");
        }
        assert_eq!(file.store.operator().unwrap().removed_batches().unwrap().len(), 5);
    }
}

#[test]
fn rows_that_later_imports_repeated_go_too_and_are_told() {
    let file = Fixture::new();
    let old = [log(1, ADA, "chat", 5), log(2, ADA, "chat", 7), log(3, BOB, "chat", 9)];
    let (again, other, new) = (old[0], LogRow { credits: Credits::MAX, ..old[1] }, log(4, BOB, "image", 1));
    file.import(|batch| old.iter().for_each(|it| hand_over(batch, it, 0)));
    file.import(|batch| {
        hand_over(batch, &again, 0);
        hand_over(batch, &again, 0);
        hand_over(batch, &other, 2);
        hand_over(batch, &new, 0);
        hand_over(batch, &new, 0);
    });
    let removal = take_back(&file.store, 1);
    assert_eq!((removal.rows, removal.credits), (3, CreditSum::from_nano(21)));
    assert_eq!(removal.repeated, [OfBatch { batch: 2, rows: 1 }]);
    assert_eq!(removal.contradicted, [OfBatch { batch: 2, rows: 1 }]);
    assert_eq!(history(&file.store, ADMIN), [record_of(&new)]);
    let kept = file.store.operator().unwrap().conflicts(2, 9).unwrap();
    assert_eq!((kept.len(), &kept[0].kept), (1, &None));
    // What was in conflict with a row that has gone can come in its place, in its own batch.
    assert_eq!(take(&file.store, None).difference, CreditSum::from(Credits::MAX));
    assert_eq!(history(&file.store, Viewer::Owner(ADA)), [record_of(&other)]);
    assert_eq!(take_back(&file.store, 2).rows, 2);
    assert_eq!(contents(&file.store), [""; 0]);
}

#[test]
fn a_number_is_not_given_again_and_an_unknown_one_is_an_error() {
    let file = Fixture::filled();
    file.import(|_| ());
    take_back(&file.store, 2);
    file.import(|_| ());
    let operator = file.store.operator().unwrap();
    assert_eq!(operator.batches().unwrap().iter().map(|it| it.number).collect::<Vec<_>>(), [1, 3]);
    assert!(operator.removed_batches().unwrap()[0].removed_at.is_some());
    for unknown in [0, 2, 4] {
        let err = file.store.remove_batch(unknown, &Cancel::new(), &mut |_| ()).unwrap_err();
        assert!(matches!(err, StoreError::UnknownBatch { number, .. } if number == unknown), "{err}");
    }
}

#[test]
fn who_sees_what_follows_a_removal_at_once() {
    let file = Fixture::filled();
    let viewer = |user| file.store.operator().unwrap().viewer(user).unwrap();
    file.import(|batch| {
        batch.put_roles(BOB, &roles(&[])).unwrap();
        batch.put_roles(ADA, &roles(&["admin"])).unwrap();
        batch.put_profile(&ProfileRow { user_id: CYD, username: Some("cyd") }).unwrap();
    });
    assert_eq!((viewer(ADA), viewer(BOB)), (Viewer::Admin(Some(ADA)), Viewer::Owner(BOB)));
    let generation = file.store.generation().unwrap();
    let removal = take_back(&file.store, 2);
    assert_eq!(removal.roles, StatesBack { restored: 2, removed: 0 });
    assert_eq!(removal.names, StatesBack { restored: 0, removed: 1 });
    assert_ne!(file.store.generation().unwrap(), generation);
    assert_eq!((viewer(ADA), viewer(BOB)), (Viewer::Owner(ADA), Viewer::Admin(Some(BOB))));
    assert_eq!(file.store.usernames(ADMIN).unwrap().len(), 2);
}

#[test]
fn a_removal_that_is_cancelled_or_killed_leaves_the_file_as_before() {
    let (file, _) = Fixture::random(5, 3_000);
    file.import(|batch| hand_over(batch, &log(1, ADA, "chat", 5), 0));
    let before = (contents(&file.store), all_that_is_seen(&file.store, ADMIN));
    let now = || (contents(&file.store), all_that_is_seen(&file.store, ADMIN));

    let cancel = Cancel::new();
    let result = file.store.remove_batch(1, &cancel, &mut |it| {
        assert_eq!((it.rows, it.rows_total), (3_001, 3_001));
        cancel.cancel();
    });
    assert!(matches!(result, Err(StoreError::Interrupted)), "{result:?}");
    assert!(now() == before);

    let change = file.store.change_batch(1, &Cancel::new()).unwrap();
    change.conn.pragma_update(None, "cache_size", 10).unwrap();
    remove(&change.conn, 1, &mut |_| ()).unwrap();
    // What a killed process leaves: the file and its log, half written.
    let folder = tempfile::tempdir().unwrap();
    for name in files(file.folder.path()).iter().filter(|it| !it.ends_with("-shm")) {
        fs::copy(file.folder.path().join(name), folder.path().join(name)).unwrap();
    }
    assert!(folder.path().join("logs.creditscope-wal").metadata().unwrap().len() > 100_000);
    let killed = Store::open(&folder.path().join("logs.creditscope")).unwrap();
    assert!((contents(&killed), all_that_is_seen(&killed, ADMIN)) == before);
    drop(change);
    assert!(now() == before);
    assert_eq!(take_back(&file.store, 1).rows, 3_000);
    assert_eq!(history(&file.store, ADMIN), [record_of(&log(1, ADA, "chat", 5))]);
}

#[test]
fn indexes_are_there_after_a_removal_of_most_rows() {
    let (file, _) = Fixture::random(6, 300);
    file.import(|batch| hand_over(batch, &log(1, ADA, "chat", 5), 0));
    take_back(&file.store, 1);
    let conn = file.store.connect().unwrap();
    let sql = "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'idx_usage_logs_%'";
    assert_eq!(conn.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap(), 5);
    assert_eq!(conn.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)).unwrap(), "ok");
}

// ---- Versions that are taken -----------------------------------------------------------------

#[test]
fn the_newer_version_is_taken_and_what_was_there_is_kept() {
    let file = Fixture::new();
    let old = log(1, ADA, "chat", 5);
    let new =
        LogRow { user_id: BOB, metadata: Some("{}"), quality: Some("high"), ..log(1, BOB, "image", 12) };
    file.import(|batch| hand_over(batch, &old, 0));
    file.import(|batch| hand_over(batch, &new, 2));
    let conflict = || file.store.operator().unwrap().conflicts(2, 9).unwrap().remove(0);
    assert_eq!((conflict().kept, conflict().newcomer), (Some(record_of(&old)), Some(record_of(&new))));
    assert_eq!((conflict().difference(), conflict().taken), (Some(CreditSum::from_nano(7)), None));

    let taking = take(&file.store, None);
    let expected = Taking { taken: 1, difference: CreditSum::from_nano(7), ..Taking::default() };
    assert_eq!(taking, expected);
    assert_eq!(history(&file.store, ADMIN), [record_of(&new)]);
    assert_eq!(from_columns(&file.store.columns(ADMIN).unwrap()), from_view(&file.store, ADMIN));
    assert_eq!(conflict().kept, Some(record_of(&old)), "what was there is still told");
    assert_eq!(conflict().taken.unwrap().by, "tester");
    assert_eq!(take(&file.store, None), Taking { taken_before: 1, ..Taking::default() });

    let removal = take_back(&file.store, 2);
    assert_eq!((removal.rows, removal.changed_back), (0, 1));
    assert_eq!(history(&file.store, ADMIN), [record_of(&old)]);
}

#[test]
fn of_several_versions_the_last_stays_and_each_can_be_taken_back() {
    let file = Fixture::new();
    let versions = [5, 6, 7].map(|it| log(1, ADA, "chat", it));
    for row in &versions {
        file.import(|batch| hand_over(batch, row, 2));
    }
    assert_eq!(take(&file.store, None).taken, 2);
    assert_eq!(history(&file.store, ADMIN), [record_of(&versions[2])]);
    take_back(&file.store, 2);
    assert_eq!(history(&file.store, ADMIN), [record_of(&versions[2])]);
    take_back(&file.store, 3);
    assert_eq!(history(&file.store, ADMIN), [record_of(&versions[0])]);
}

#[test]
fn more_digits_of_a_version_that_goes_go_with_it() {
    let file = Fixture::new();
    let [old, new] = [5, 7_000].map(|it| log(1, ADA, "chat", it));
    let precise = log(1, ADA, "chat", 7_001);
    file.import(|batch| hand_over(batch, &old, 0));
    file.import(|batch| hand_over(batch, &new, 2));
    take(&file.store, None);
    file.import(|batch| hand_over(batch, &precise, 1));
    assert_eq!(history(&file.store, ADMIN), [record_of(&precise)]);
    take_back(&file.store, 2);
    assert_eq!(history(&file.store, ADMIN), [record_of(&old)]);
}

#[test]
fn conflicts_are_chosen_by_batch_and_row() {
    let file = Fixture::new();
    let rows = [1, 2].map(|it| log(it, ADA, "chat", 1));
    file.import(|batch| rows.iter().for_each(|it| hand_over(batch, it, 0)));
    for nano in [10, 100] {
        file.import(|batch| {
            for row in &rows {
                hand_over(batch, &LogRow { credits: Credits::from_nano(nano).unwrap(), ..*row }, 2);
            }
        });
    }
    let choose = |batch, id: Option<RowId>| {
        let choice = ConflictChoice { batch, ids: id.map(|it| [it].into()) };
        file.store.take_newer(&choice, "tester", &Cancel::new(), &mut |_| ())
    };
    assert_eq!(choose(Some(2), Some(rows[0].id)).unwrap().difference, CreditSum::from_nano(9));
    assert_eq!(choose(None, Some(rows[1].id)).unwrap().difference, CreditSum::from_nano(99));
    assert_eq!(file.store.operator().unwrap().totals().unwrap().credits, CreditSum::from_nano(110));
    let unknown = choose(None, Some(RowId(DAN.0)));
    assert!(matches!(unknown, Err(StoreError::UnknownConflict { .. })), "{unknown:?}");
}

#[test]
fn a_newcomer_that_was_not_kept_whole_cannot_be_taken() {
    let file = Fixture::new();
    let long = format!("\"{}\"", "x".repeat(70_000));
    let old = log(1, ADA, "chat", 1);
    file.import(|batch| {
        hand_over(batch, &old, 0);
        hand_over(batch, &LogRow { metadata: Some(&long), ..old }, 2);
        // Of a profile there is no row to take.
        batch.keep_conflict(DumpTable::Profiles, &Conflict { id: ADA.0, ..conflict_of(&old) }).unwrap();
    });
    assert_eq!(take(&file.store, None), Taking { not_kept: 1, ..Taking::default() });
    assert_eq!(history(&file.store, ADMIN), [record_of(&old)]);
}
