use super::*;
use crate::model::{Credits, Instant, Record, Writer as _};
use crate::store::fixture::{ADA, Fixture, as_log, dump, log, random_rows, summary};
use crate::store::open::{self, Access};

/// A file whose rows have no index but that of the ids.
fn without_indexes(rows: &[Record], page_len: u32) -> Fixture {
    let file = Fixture::new();
    let conn = file.store.connect().unwrap();
    conn.execute_batch(&format!("PRAGMA page_size = {page_len}; VACUUM")).unwrap();
    drop(conn);
    let mut batch = file.store.begin_import(&dump()).unwrap();
    for row in rows {
        assert!(batch.add_log(&as_log(row)).unwrap().is_none());
    }
    batch.commit(&summary()).unwrap();
    file
}

/// Rows with values of every length, the least and the greatest among them.
fn rows(seed: u64, n_rows: usize) -> Vec<Record> {
    let mut dice = fastrand::Rng::with_seed(seed);
    let mut rows = random_rows(seed, n_rows);
    for row in &mut rows {
        let bits = dice.u32(1..64);
        row.credits = Credits::from_nano(dice.i64(..) >> bits).unwrap();
        let bits = dice.u32(9..64);
        row.created_at = Instant::from_micros(dice.i64(..) >> bits);
        row.created_at =
            if row.created_at.is_in_calendar() { row.created_at } else { Instant::from_micros(1) };
    }
    rows
}

/// What an index holds, in its order.
fn held(conn: &Connection, index: &Index) -> Vec<(i64, String)> {
    let columns = index.definition.rsplit_once('(').unwrap().1.trim_end_matches(')');
    let names = columns.replace(" DESC", "");
    let sql = format!(
        "SELECT rowid, concat_ws('|', {}) FROM raw_usage_logs INDEXED BY {} ORDER BY {columns}, rowid",
        names.split(", ").map(|it| format!("quote({it})")).collect::<Vec<_>>().join(", "),
        index.name,
    );
    let mut statement = conn.prepare(&sql).unwrap();
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
}

#[track_caller]
fn check(rows: &[Record], page_len: u32) {
    let file = without_indexes(rows, page_len);
    assert!(file.store.write_pages(&Cancel::new(), &mut |_| ()).unwrap(), "a build without sqlite_dbpage");
    let conn = file.store.connect().unwrap();
    let ours: Vec<_> = INDEXES.iter().map(|it| held(&conn, it)).collect();
    let found: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(found, "ok");
    for (index, ours) in INDEXES.iter().zip(&ours) {
        conn.execute_batch(&format!("DROP INDEX {}; {}", index.name, index.sql())).unwrap();
        assert_eq!(held(&conn, index), *ours, "{}", index.name);
        assert_eq!(ours.len(), rows.len());
    }
    // The file takes rows as any other does.
    let mut more = file.store.begin_import(&dump()).unwrap();
    let row = log(1, ADA, "more", 1);
    assert!(more.add_log(&row).unwrap().is_none());
    more.commit(&summary()).unwrap();
}

#[test]
fn indexes_hold_what_sqlite_would_have_put_there() {
    for (seed, n_rows) in [(1, 0), (2, 1), (3, 2), (4, 500), (5, 3_000)] {
        check(&rows(seed, n_rows), 4_096);
    }
}

#[test]
fn pages_of_any_size_are_filled_and_parted() {
    for page_len in [512, 1_024, 65_536] {
        check(&rows(page_len.into(), 4_000), page_len);
    }
    // A page that is full to the last byte, and one entry more.
    for n_rows in 150..190 {
        check(&random_rows(7, n_rows), 4_096);
    }
}

#[test]
fn an_id_that_another_program_has_put_twice_is_found() {
    let file = without_indexes(&rows(1, 10), 4_096);
    let conn = file.store.connect().unwrap();
    conn.execute_batch(
        "DROP INDEX raw_usage_logs_id;
         INSERT INTO raw_usage_logs SELECT * FROM raw_usage_logs WHERE rowid = 3",
    )
    .unwrap();
    drop(conn);
    assert!(!file.store.write_pages(&Cancel::new(), &mut |_| ()).unwrap());
    assert!(file.store.make_indexes(&Cancel::new(), &mut |_| ()).is_err());
    assert!(file.store.lacks_indexes().unwrap());
}

#[test]
fn a_file_that_is_not_as_ours_is_left_to_sqlite() {
    let Fixture { store, folder } = without_indexes(&rows(1, 100), 4_096);
    let path = store.path().to_owned();
    drop(store);
    let conn = open::connect(&path, Access::Write).unwrap();
    conn.execute_batch("PRAGMA auto_vacuum = FULL; VACUUM").unwrap();
    drop(conn);
    let store = Store::open(&path).unwrap();
    assert!(!store.write_pages(&Cancel::new(), &mut |_| ()).unwrap());
    store.make_indexes(&Cancel::new(), &mut |_| ()).unwrap();
    assert!(!store.lacks_indexes().unwrap());
    drop(folder);
}
