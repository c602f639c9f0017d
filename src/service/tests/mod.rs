mod batches;
mod check;
mod diff;
mod mapping;

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
        assert!(batch.add_log(&row).unwrap().is_none());
    }
    batch.commit(&BatchSummary { sha256: String::new(), tables: Vec::new() }).unwrap();
    store
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
