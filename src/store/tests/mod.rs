mod crash;
mod feed;
mod files;
mod metadata;
mod refine;
mod removal;
mod segments;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::fixture::{
    ADA, BOB, CYD, DAN, Fixture, as_log, dump, log, random_rows, record_of, roles, summary,
};
use super::*;
use crate::access::Role;
use crate::model::{
    Cancel, Codes, Columns, Conflict, CreditSum, Credits, DumpTable, Instant, LogRow, Place, ProfileRow,
    Record, Reject, RowQuery, StoredLog, Text, Upsert, Writer as _,
};

const ADMIN: Viewer = Viewer::Admin(None);

fn history(store: &Store, viewer: Viewer) -> Vec<Record> {
    store.reader(viewer).unwrap().rows(&RowQuery::newest(1_000), &Cancel::new()).unwrap()
}

fn n_rows(store: &Store) -> u64 {
    store.operator().unwrap().totals().unwrap().rows
}

/// The files of a folder, by name.
fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_store_is_shared_by_threads() {
    fn check<T: Clone + Send + Sync>() {}
    fn check_send<T: Send>() {}
    check::<Store>();
    check_send::<Reader>();
    check_send::<Operator>();
    check_send::<ImportBatch>();
}

// ---- Columns and the wall --------------------------------------------------------------------

/// Every row of a viewer as text, sorted, from columns.
fn from_columns(columns: &Columns) -> Vec<String> {
    let mut rows: Vec<String> = (0..columns.len()).map(|row| text_of_row(columns, row)).collect();
    rows.sort();
    rows
}

fn text_of_row(columns: &Columns, row: usize) -> String {
    let user = columns.user_ids()[columns.users()[row] as usize];
    let action = &columns.action_names()[columns.actions().at(row) as usize];
    let kind = &columns.kind_names()[columns.kinds().at(row) as usize];
    format!("{} {user:?} {action:?} {kind:?} {}", columns.times()[row], columns.credits()[row])
}

/// The same from the SQL view.
fn from_view(store: &Store, viewer: Viewer) -> Vec<String> {
    let sql = "SELECT created_at_us, user_id, action, format, quality, credits_nano FROM usage_logs";
    let answer = store.reader(viewer).unwrap().sql(sql, usize::MAX, &Cancel::new()).unwrap();
    let mut rows: Vec<String> = answer.rows.iter().map(|row| text_of_sql(row)).collect();
    rows.sort();
    rows
}

fn text_of_sql(row: &[SqlValue]) -> String {
    let text = |value: &SqlValue| match value {
        SqlValue::Text(text) => Some(Text::from(text.as_str())),
        _ => None,
    };
    let number = |value: &SqlValue| match value {
        SqlValue::Integer(number) => *number,
        _ => panic!("{value:?}"),
    };
    let SqlValue::Blob(user) = &row[1] else { panic!("{row:?}") };
    let user = UserId(uuid::Uuid::from_slice(user).unwrap());
    let (action, kind) = (text(&row[2]).unwrap(), (text(&row[3]), text(&row[4])));
    format!("{} {user:?} {action:?} {kind:?} {}", number(&row[0]), number(&row[5]))
}

#[test]
fn columns_are_the_rows_of_the_view() {
    for seed in 0..4 {
        let (file, rows) = Fixture::random(seed, 400);
        for viewer in
            [Viewer::Nobody, Viewer::Owner(ADA), Viewer::Owner(DAN), Viewer::Admin(Some(BOB)), ADMIN]
        {
            let columns = file.store.columns(viewer).unwrap();
            let n_visible = rows.iter().filter(|it| viewer.sees(it.user_id)).count();
            assert_eq!(columns.len(), n_visible, "{viewer:?}");
            assert_eq!(from_columns(&columns), from_view(&file.store, viewer), "{viewer:?}");
            assert!(columns.times().is_sorted());
            check_dictionaries(&columns);
        }
    }
}

/// They name what the rows have, and nothing else.
fn check_dictionaries(columns: &Columns) {
    let used = |codes: &Codes, n_values: usize| {
        let codes: BTreeSet<u32> = codes.iter().collect();
        codes.into_iter().eq(0..n_values as u32)
    };
    assert!(used(&columns.users().iter().copied().collect(), columns.user_ids().len()));
    assert!(used(columns.actions(), columns.action_names().len()));
    assert!(used(columns.kinds(), columns.kind_names().len()));
}

/// All that a viewer can get out of a store, errors included.
fn all_that_is_seen(store: &Store, viewer: Viewer) -> String {
    let reader = store.reader(viewer).unwrap();
    let columns = store.columns(viewer).unwrap();
    let clock = Instant::MAX;
    let mut answers = vec![
        format!("{columns:?}"),
        format!("{:?}", (columns.first(), columns.last(), columns.last_until(clock), columns.total())),
        format!("{:?}", history(store, viewer)),
        format!("{:?}", (reader.usernames().unwrap(), reader.roles().unwrap())),
    ];
    for sql in [
        "SELECT DISTINCT action, format, quality FROM usage_logs ORDER BY 1, 2, 3",
        "SELECT min(created_at_us), max(created_at_us), sum(credits_nano), count(*) FROM usage_logs",
        "SELECT count(*) FROM raw_usage_logs",
        "SELECT sum(credits_nano) + 9223372036854775807 FROM usage_logs",
        "SELECT nothing FROM usage_logs",
        "SELECT name FROM raw_actions",
        "SELECT count(*) FROM usage_logs NATURAL JOIN raw_actions",
        "SELECT json(metadata) FROM usage_logs WHERE created_at_us > 0",
        "SELECT stat FROM sqlite_stat1",
        "EXPLAIN SELECT * FROM usage_logs",
    ] {
        answers.push(format!("{:?}", reader.sql(sql, 100, &Cancel::new()).map_err(|err| err.to_string())));
    }
    answers.join("\n")
}

#[test]
fn nothing_moves_when_only_hidden_rows_change() {
    let file = Fixture::filled();
    let viewers = [Viewer::Nobody, Viewer::Owner(ADA), Viewer::Owner(DAN)];
    let before = viewers.map(|it| all_that_is_seen(&file.store, it));
    file.import(|batch| {
        let later = Instant::from_micros(1_900_000_000_000_000);
        batch.add_log(&LogRow { created_at: later, ..log(90, BOB, "new_action", 5) }).unwrap();
        let odd =
            LogRow { format: Some("new"), quality: Some("new"), metadata: Some("{"), ..log(91, CYD, "x", 6) };
        batch.add_log(&odd).unwrap();
        batch.put_profile(&ProfileRow { user_id: CYD, username: Some("cyd") }).unwrap();
        batch.put_roles(CYD, &roles(&["admin"])).unwrap();
    });
    assert_eq!(viewers.map(|it| all_that_is_seen(&file.store, it)), before);
    assert_ne!(history(&file.store, ADMIN).len(), 5);
}

#[test]
fn columns_follow_every_commit() {
    let file = Fixture::filled();
    let other = Store::open(&file.path()).unwrap();
    let (before, generation) = (other.columns(ADMIN).unwrap(), other.generation().unwrap());
    assert!(Arc::ptr_eq(&before, &other.columns(ADMIN).unwrap()), "read once");
    assert!(Arc::ptr_eq(
        &other.columns(Viewer::Owner(ADA)).unwrap(),
        &other.columns(Viewer::Owner(ADA)).unwrap()
    ));
    assert_eq!(other.generation().unwrap(), generation);

    file.import(|batch| assert_eq!(batch.add_log(&log(6, ADA, "chat", 1)).unwrap(), None));
    assert_ne!(other.generation().unwrap(), generation);
    assert_eq!(other.columns(ADMIN).unwrap().len(), 6);
    assert_eq!(other.columns(Viewer::Owner(ADA)).unwrap().len(), 3);
    assert_eq!(file.store.columns(Viewer::Owner(BOB)).unwrap().len(), 2);
}

// ---- Import ----------------------------------------------------------------------------------

#[test]
fn a_known_id_comes_back_as_it_is_stored() {
    let file = Fixture::filled();
    let first = LogRow { metadata: Some(r#"{"a":1.50}"#), quality: Some(""), ..log(6, DAN, "chat", -7) };
    file.import(|batch| {
        let other = LogRow { user_id: BOB, ..log(1, BOB, "never seen", 8) };
        let stored = batch.add_log(&other).unwrap().unwrap();
        assert_eq!((stored.record.user_id, stored.record.action.as_str()), (ADA, "image"));
        assert_eq!(batch.add_log(&first).unwrap(), None);
        assert_eq!(
            batch.add_log(&LogRow { metadata: None, ..first }).unwrap(),
            Some(StoredLog { record: record_of(&first), is_of_this_dump: true })
        );
    });
    assert_eq!(n_rows(&file.store), 6);
    assert_eq!(history(&file.store, Viewer::Owner(DAN)), [record_of(&first)]);
    assert!(!file.store.columns(ADMIN).unwrap().action_names().contains(&"never seen".into()));
}

#[test]
fn null_and_empty_text_stay_apart() {
    let file = Fixture::new();
    let rows = [
        LogRow { format: Some(""), quality: None, metadata: Some(""), ..log(1, ADA, "", 0) },
        LogRow { format: None, quality: Some(""), metadata: None, ..log(2, ADA, "", 0) },
    ];
    file.import(|batch| rows.iter().for_each(|row| assert_eq!(batch.add_log(row).unwrap(), None)));
    assert_eq!(history(&file.store, ADMIN), [record_of(&rows[1]), record_of(&rows[0])]);
    let empty = || Some(Text::from(""));
    assert_eq!(file.store.columns(ADMIN).unwrap().kind_names(), [(empty(), None), (None, empty())]);
}

#[test]
fn profiles_and_roles_are_states_and_a_demoted_admin_is_demoted() {
    let file = Fixture::filled();
    let viewer = |user| file.store.operator().unwrap().viewer(user).unwrap();
    assert_eq!(viewer(BOB), Viewer::Admin(Some(BOB)));
    file.import(|batch| {
        let mut put = |user_id, username| batch.put_profile(&ProfileRow { user_id, username }).unwrap();
        assert_eq!(put(ADA, Some("ada")), Upsert::Same);
        assert_eq!(put(BOB, None), Upsert::Changed);
        assert_eq!(put(BOB, None), Upsert::Same);
        assert_eq!(put(CYD, Some("")), Upsert::New);
        assert_eq!(batch.put_roles(BOB, &roles(&["user", "Admin"])).unwrap(), roles(&["admin", "user"]));
        assert_eq!(batch.put_roles(BOB, &roles(&["user", "Admin"])).unwrap(), roles(&["user", "Admin"]));
        assert_eq!(batch.put_roles(CYD, &roles(&["user"])).unwrap(), roles(&[]));
        assert_eq!(batch.put_roles(CYD, &roles(&[])).unwrap(), roles(&["user"]));
    });
    assert_eq!(viewer(BOB), Viewer::Owner(BOB));
    assert_eq!(viewer(DAN), Viewer::Owner(DAN), "an unknown user owns what it owns");
    let reader = file.store.reader(ADMIN).unwrap();
    let names: Vec<_> = reader.usernames().unwrap().into_iter().collect();
    assert_eq!(names, [(ADA, "ada".to_owned()), (CYD, String::new())]);
    assert_eq!(reader.roles().unwrap()[&BOB], [Role::Unknown("Admin".to_owned()), Role::User]);
}

#[test]
fn a_dropped_import_leaves_nothing() {
    let file = Fixture::filled();
    let before = (all_that_is_seen(&file.store, ADMIN), file.store.generation().unwrap());
    let mut batch = file.store.begin_import(&dump()).unwrap();
    batch.add_log(&log(6, DAN, "new", 1)).unwrap();
    batch.put_roles(BOB, &roles(&[])).unwrap();
    drop(batch);
    assert_eq!((all_that_is_seen(&file.store, ADMIN), file.store.generation().unwrap()), before);
}

#[test]
fn an_import_killed_in_the_middle_leaves_the_file_as_before() {
    for is_first in [true, false] {
        let file = if is_first { Fixture::new() } else { Fixture::filled() };
        let before = all_that_is_seen(&file.store, ADMIN);
        let mut batch = file.store.begin_import(&dump()).unwrap();
        batch.keep_few_pages_in_memory();
        for row in random_rows(5, 3_000) {
            batch.add_log(&as_log(&row)).unwrap();
        }
        // What a killed process leaves: the file and its log, half written.
        let folder = tempfile::tempdir().unwrap();
        for name in files(file.folder.path()).iter().filter(|it| !it.ends_with("-shm")) {
            let copy = folder.path().join(name);
            fs::copy(file.folder.path().join(name), &copy).unwrap();
            assert!(
                !name.ends_with("-wal") || copy.metadata().unwrap().len() > 100_000,
                "the log holds rows"
            );
        }
        let killed = Store::open(&folder.path().join("logs.creditscope")).unwrap();
        assert_eq!(all_that_is_seen(&killed, ADMIN), before);
        assert_eq!(files(folder.path()).len(), 3, "its log was there");
        drop(killed);
        assert_eq!(files(folder.path()), ["logs.creditscope"]);
    }
}

#[test]
fn a_second_writer_is_told_to_wait() {
    let file = Fixture::filled();
    let other = Store::open(&file.path()).unwrap();
    let batch = file.store.begin_import(&dump()).unwrap();
    let err = other.begin_import(&dump()).unwrap_err();
    assert!(matches!(err, StoreError::Busy { .. }), "{err:?}");
    assert!(
        err.to_string().starts_with("another import is writing to this file; try again when it has ended: /")
    );
    assert_eq!(history(&other, ADMIN).len(), 5, "readers go on");
    batch.commit(&summary()).unwrap();
    other.begin_import(&dump()).unwrap().commit(&summary()).unwrap();
}

#[test]
fn indexes_are_there_after_a_first_and_a_later_import() {
    let file = Fixture::new();
    let n_indexes = || {
        let conn = file.store.connect().unwrap();
        let sql = "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'idx_usage_logs_%'";
        conn.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    for n in 1..3 {
        file.import(|batch| assert_eq!(batch.add_log(&log(n, ADA, "chat", 1)).unwrap(), None));
        assert_eq!(n_indexes(), 5);
    }
    drop(file.store.begin_import(&dump()).unwrap());
    assert_eq!(n_indexes(), 5);
}

#[test]
fn raw_text_is_cut_between_characters_and_listed_by_the_operator() {
    let file = Fixture::filled();
    let place = Place { row: 3, line: 9 };
    let raw = ["x", &"é".repeat(4_000)].concat();
    let reject =
        Reject { place, column: Some("user_id".to_owned()), reason: "no uuid".to_owned(), raw: raw.clone() };
    let conflict = Conflict { place, id: ADA.0, reason: "credits differ".to_owned(), raw };
    file.import(|batch| {
        batch.keep_reject(DumpTable::UsageLogs, &reject).unwrap();
        batch.keep_conflict(DumpTable::Profiles, &conflict).unwrap();
    });
    let operator = file.store.operator().unwrap();
    let kept = operator.rejects(2, 10).unwrap();
    assert_eq!((kept[0].batch, kept[0].table, kept[0].reject.raw.len()), (2, DumpTable::UsageLogs, 4_095));
    assert_eq!(Reject { raw: reject.raw.clone(), ..kept[0].reject.clone() }, reject);
    let kept = operator.conflicts(2, 10).unwrap();
    assert_eq!((kept[0].batch, kept[0].table, kept[0].conflict.raw.len()), (2, DumpTable::Profiles, 4_095));
    assert_eq!(Conflict { raw: conflict.raw.clone(), ..kept[0].conflict.clone() }, conflict);
    assert!(operator.rejects(2, 0).unwrap().is_empty() && operator.rejects(1, 9).unwrap().is_empty());
}

// ---- The operator ----------------------------------------------------------------------------

#[test]
fn people_are_all_who_have_a_profile_a_role_or_a_row() {
    let file = Fixture::filled();
    file.import(|batch| drop(batch.put_roles(DAN, &roles(&["user", "boss"])).unwrap()));
    let people = file.store.operator().unwrap().people().unwrap();
    let seen: Vec<_> = people
        .iter()
        .map(|it| {
            (
                it.user_id,
                it.username.as_deref(),
                it.has_profile,
                it.roles.len(),
                it.rows,
                it.credits.to_string(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            (ADA, Some("ada"), true, 1, 2, "2".to_owned()),
            (BOB, Some("bob"), true, 2, 2, "16.000000001".to_owned()),
            (CYD, None, false, 0, 1, "0.000000001".to_owned()),
            (DAN, None, false, 2, 0, "0".to_owned()),
        ]
    );
}

#[test]
fn sums_beyond_what_a_row_holds_are_exact() {
    let file = Fixture::new();
    file.import(|batch| {
        for n in 1..4 {
            batch.add_log(&log(n, ADA, "chat", Credits::MAX.nano())).unwrap();
        }
    });
    let operator = file.store.operator().unwrap();
    let three = CreditSum::from_nano(3 * i128::from(i64::MAX));
    assert_eq!(operator.totals().unwrap(), Totals { rows: 3, credits: three });
    assert_eq!(operator.people().unwrap()[0].credits, three);
}

#[test]
fn batches_say_what_was_imported() {
    let file = Fixture::filled();
    file.import(|_| ());
    let batches = file.store.operator().unwrap().batches().unwrap();
    assert_eq!(batches.iter().map(|it| it.number).collect::<Vec<_>>(), [1, 2]);
    let Batch { number: _, path, size, sha256, imported_at, removed_at, table } = &batches[0];
    assert_eq!(
        (path.clone(), *size, sha256, table),
        (dump().path, dump().size, &summary().sha256, &summary().tables[0])
    );
    assert_eq!(*removed_at, None);
    assert!(*imported_at > Instant::from_micros(1_700_000_000_000_000));
}

#[test]
fn names_are_read_once_a_commit_and_never_for_another_viewer() {
    let file = Fixture::filled();
    let names = |viewer| file.store.usernames(viewer).unwrap();
    for _ in 0..2 {
        for viewer in [ADMIN, Viewer::Owner(ADA), Viewer::Owner(BOB), Viewer::Nobody, ADMIN] {
            assert_eq!(*names(viewer), file.store.reader(viewer).unwrap().usernames().unwrap(), "{viewer:?}");
        }
    }
    assert!(Arc::ptr_eq(&names(ADMIN), &names(ADMIN)));
    assert_eq!(names(Viewer::Owner(ADA)).len(), 1);
    file.import(|batch| {
        batch.put_profile(&ProfileRow { user_id: BOB, username: Some("robert") }).unwrap();
    });
    assert_eq!(names(ADMIN)[&BOB], "robert");
}
