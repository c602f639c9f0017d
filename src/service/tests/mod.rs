mod batches;
mod check;
mod diff;
mod mapping;
mod metadata;

use std::path::PathBuf;

use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::model::{Credits, Dim, LogRow, Measure, Query, RowId, UserId, Writer as _};
use crate::store::{BatchSummary, DumpFile};

const ADA: UserId = UserId(Uuid::from_u128(0xada));
const BOB: UserId = UserId(Uuid::from_u128(0xb0b));

/// A store with one row of one credit for each `(user, µs)`.
fn store(folder: &TempDir, rows: &[(UserId, i64)]) -> Store {
    let store = Store::create_or_open(&folder.path().join("db")).unwrap();
    add(&store, rows);
    store
}

/// Ids count from 0 on, so rows that were there are known again.
fn add(store: &Store, rows: &[(UserId, i64)]) {
    let mut batch = store.begin_import(&DumpFile { path: PathBuf::from("dump"), size: 0 }).unwrap();
    for (n, (user, micros)) in rows.iter().enumerate() {
        let row = LogRow {
            id: RowId(Uuid::from_u128(n as u128)),
            user_id: *user,
            action: if *user == ADA { "chat" } else { "image" },
            credits: Credits::from_nano(1_000_000_000).unwrap(),
            metadata: None,
            created_at: Instant::from_micros(*micros),
            format: None,
            quality: None,
        };
        batch.add_log(&row).unwrap();
    }
    batch.commit(&BatchSummary { sha256: String::new(), tables: Vec::new() }).unwrap();
}

#[track_caller]
fn check_now(rows: &[(UserId, i64)], viewer: Viewer, clock: i64, expected: i64) {
    let folder = tempfile::tempdir().unwrap();
    let session = Session::new(store(&folder, rows), viewer);
    let now = session.default_now(Instant::from_micros(clock)).unwrap();
    assert_eq!(now, Instant::from_micros(expected), "{viewer:?}");
}

#[test]
fn now_is_the_newest_visible_row_that_is_not_in_the_future() {
    let rows = [(ADA, 10), (BOB, 20), (ADA, 30)];
    check_now(&rows, Viewer::Admin(None), 100, 30);
    check_now(&rows, Viewer::Admin(None), 30, 30);
    check_now(&rows, Viewer::Admin(None), 29, 20);
    check_now(&rows, Viewer::Owner(ADA), 29, 10);
    check_now(&rows, Viewer::Owner(BOB), 100, 20);
    check_now(&rows, Viewer::Nobody, 100, 100);
    check_now(&rows, Viewer::Owner(UserId(Uuid::nil())), 100, 100);
    check_now(&[], Viewer::Admin(None), 100, 100);
}

#[test]
fn each_list_is_of_the_rows_of_its_moment_and_one_that_was_stopped_spoils_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut rows = vec![(ADA, 10), (BOB, 20)];
    let store = store(&folder, &rows);
    let session = Session::new(store.clone(), Viewer::Owner(ADA));
    let list = |cancel: &Cancel| session.ask(&Ask::Rows(RowQuery::newest(10)), &Calendar::utc(), cancel);
    for n_rows in 1..5 {
        let Ok(Answer::Rows(found)) = list(&Cancel::new()) else { panic!("not rows") };
        assert_eq!(found.len(), n_rows);
        let cancel = Cancel::new();
        cancel.cancel();
        assert!(matches!(list(&cancel), Err(ServiceError::Cancelled(_))));
        rows.push((ADA, 30));
        add(&store, &rows);
    }
}

#[test]
fn figures_and_rows_are_those_the_viewer_sees() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder, &[(ADA, 10), (BOB, 20), (ADA, 30)]);
    for (viewer, n_rows, actions) in [
        (Viewer::Admin(None), 3, &["chat", "image"][..]),
        (Viewer::Owner(ADA), 2, &["chat"]),
        (Viewer::Owner(BOB), 1, &["image"]),
        (Viewer::Nobody, 0, &[]),
    ] {
        let session = Session::new(store.clone(), viewer);
        let ask = |ask| session.ask(&ask, &Calendar::utc(), &Cancel::new()).unwrap();
        let Answer::Rows(rows) = ask(Ask::Rows(RowQuery::newest(10))) else { panic!("not rows") };
        assert_eq!(rows.len(), n_rows, "{viewer:?}");
        let by_action =
            Query { group_by: vec![Dim::Action], measures: vec![Measure::Credits], ..Query::default() };
        let Answer::Table(table) = ask(Ask::Table(by_action)) else { panic!("not figures") };
        let names: Vec<_> = table.rows.iter().filter_map(|it| it.keys[0].text()).collect();
        assert_eq!(names, actions, "{viewer:?}");
    }
}

#[test]
fn a_wish_to_stop_is_not_a_failure_of_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let session = Session::new(store(&folder, &[(ADA, 10)]), Viewer::Owner(ADA));
    let cancel = Cancel::new();
    cancel.cancel();
    for ask in [Ask::Table(Query::default()), Ask::Rows(RowQuery::newest(1))] {
        let stopped = session.ask(&ask, &Calendar::utc(), &cancel);
        assert!(matches!(stopped, Err(ServiceError::Cancelled(_))), "{stopped:?}");
    }
}

#[test]
fn figures_are_those_of_the_viewer_and_of_the_rows_of_now() {
    let folder = tempfile::tempdir().unwrap();
    let file = store(&folder, &[(ADA, 10), (BOB, 20), (BOB, 30)]);
    let answers = Answers::default();
    let events = |viewer: Viewer, query: &Query| {
        let session = Session::with_answers(file.clone(), viewer, answers.clone());
        let fresh = Session::new(file.clone(), viewer);
        let [kept, again, own] = [&session, &session, &fresh].map(|it| {
            let answer = it.ask(&Ask::Table(query.clone()), &Calendar::utc(), &Cancel::new());
            let Answer::Table(table) = answer.unwrap() else { panic!("no table") };
            table
        });
        assert_eq!((&kept, &again), (&own, &own), "{viewer:?} {query:?}");
        own.rows.iter().map(|it| it.figures[0].count()).collect::<Vec<_>>()
    };
    let all = Query { measures: vec![Measure::Events], ..Query::default() };
    let by_action = Query { group_by: vec![Dim::Action], ..all.clone() };
    let by_kind = Query { group_by: vec![Dim::Quality, Dim::Action], ..all.clone() };
    let of_bob = Query { filter: crate::model::Filter::of_user(BOB), ..by_action.clone() };
    let (admin, ada, bob) = (Viewer::Admin(None), Viewer::Owner(ADA), Viewer::Owner(BOB));
    for _ in 0..2 {
        assert_eq!((events(admin, &all), events(ada, &all), events(bob, &all)), (vec![3], vec![1], vec![2]));
        assert_eq!((events(admin, &by_action), events(ada, &by_action)), (vec![1, 2], vec![1]));
        assert_eq!((events(admin, &by_kind), events(bob, &by_kind)), (vec![1, 2], vec![2]));
        assert_eq!((events(admin, &of_bob), events(bob, &of_bob)), (vec![2], vec![2]));
        assert_eq!((events(ada, &of_bob), events(Viewer::Nobody, &of_bob)), (vec![], vec![]));
        assert_eq!(events(Viewer::Nobody, &all), [0]);
    }

    let mut batch = file.begin_import(&DumpFile { path: PathBuf::from("later"), size: 0 }).unwrap();
    let row = LogRow {
        id: RowId(Uuid::from_u128(99)),
        user_id: ADA,
        action: "chat",
        credits: Credits::from_nano(1).unwrap(),
        metadata: None,
        created_at: Instant::from_micros(40),
        format: None,
        quality: None,
    };
    assert!(batch.add_log(&row).unwrap().is_none());
    batch.commit(&BatchSummary { sha256: String::new(), tables: Vec::new() }).unwrap();
    assert_eq!((events(admin, &all), events(ada, &by_kind), events(bob, &all)), (vec![4], vec![2], vec![2]));
}
