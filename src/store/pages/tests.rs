//! A first import's rows as pages, beside what `SQLite` reads of them.

use crate::model::{Cancel, Record, Writer};
use crate::store::fixture::{ADA, Fixture, as_log, dump, log, random_rows, summary};
use crate::store::writer::ImportBatch;

/// An empty file with pages of this length.
fn empty(page_len: u32) -> Fixture {
    let file = Fixture::new();
    let conn = file.store.connect().unwrap();
    conn.execute_batch(&format!("PRAGMA page_size = {page_len}; VACUUM")).unwrap();
    file
}

fn feed(batch: &mut ImportBatch, rows: &[Record]) {
    let add = |writer: &mut dyn Writer| {
        assert!(rows.iter().all(|it| writer.add_log(&as_log(it)).unwrap().is_none()));
    };
    batch.feed(&Cancel::new(), &mut |(): ()| (), |writer, _| add(writer)).unwrap();
}

/// Rows with metadata of these lengths, one after the other.
fn rows(n_rows: usize, lengths: &[usize]) -> Vec<Record> {
    let mut rows = random_rows(5, n_rows);
    for (row, len) in rows.iter_mut().zip(lengths.iter().cycle()) {
        row.metadata = (*len > 0).then(|| "m".repeat(*len));
    }
    rows
}

#[track_caller]
fn check(rows: &[Record], page_len: u32) {
    let file = empty(page_len);
    let mut batch = file.store.begin_import(&dump()).unwrap();
    assert!(batch.builds_table(), "a build without sqlite_dbpage");
    feed(&mut batch, rows);
    batch.commit(&summary()).unwrap();
    check_rows(&file, rows);
    file.store.make_indexes(&Cancel::new(), &mut |_| ()).unwrap();
    // The file takes rows as any other does.
    let more = Record::from(log(1, ADA, "more", 1));
    file.import(|batch| assert!(batch.add_log(&as_log(&more)).unwrap().is_none()));
    check_rows(&file, &[rows, &[more]].concat());
}

#[track_caller]
fn check_rows(file: &Fixture, rows: &[Record]) {
    let conn = file.store.connect().unwrap();
    let found: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(found, "ok");
    let mut statement =
        conn.prepare("SELECT rowid, id, metadata FROM raw_usage_logs ORDER BY rowid").unwrap();
    let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    let expected = rows.iter().zip(1_i64..).map(|(row, number)| (number, row.id, row.metadata.clone()));
    assert!(found.map(Result::unwrap).eq(expected));
    drop(statement);
    let mut expected = rows.to_vec();
    expected.sort_by_key(|it| it.id);
    let found = file.store.operator().unwrap().logs_in_order().unwrap();
    assert!(found.map(Result::unwrap).eq(expected));
}

#[test]
fn rows_that_were_written_as_pages_are_read_by_sqlite() {
    for n_rows in [1, 2, 100, 3_000] {
        check(&rows(n_rows, &[0, 3, 80]), 4_096);
    }
}

#[test]
fn pages_of_any_size_are_filled_up_to_pages_above_pages() {
    // With 512 bytes there are four rows to a leaf, and some 60 pages to one above.
    check(&rows(20_000, &[0, 1, 2, 3]), 512);
    check(&rows(3_000, &[50]), 1_024);
    check(&rows(3_000, &[50]), 65_536);
    // Full to the last byte, and one row more.
    for n_rows in 30..60 {
        check(&rows(n_rows, &[20]), 4_096);
    }
}

#[test]
fn what_a_leaf_has_no_room_for_goes_on_on_pages_of_its_own() {
    for page_len in [512, 4_096, 65_536] {
        let len = page_len as usize;
        // Around what a leaf has room for, and around what fills pages of their own.
        let edges = [len - 35, len, 2 * len, 5 * len + len / 7].map(|it| it - 150..it + 50);
        let lengths: Vec<usize> = edges.into_iter().flatten().step_by(3).collect();
        check(&rows(lengths.len(), &lengths), page_len);
    }
    check(&rows(12, &[3_000_000, 0, 1]), 4_096);
}

#[test]
fn an_import_without_rows_leaves_the_file_as_it_was() {
    let file = empty(4_096);
    let mut batch = file.store.begin_import(&dump()).unwrap();
    feed(&mut batch, &[]);
    batch.commit(&summary()).unwrap();
    check_rows(&file, &[]);
    assert!(!file.store.lacks_indexes().unwrap());
}

#[test]
fn an_id_that_comes_again_is_found_among_rows_that_are_pages_so_far() {
    let file = empty(512);
    let rows = rows(2_000, &[0, 40]);
    let (first, others) = rows.split_at(1_500);
    let mut batch = file.store.begin_import(&dump()).unwrap();
    let fed = batch.feed(&Cancel::new(), &mut |(): ()| (), |writer, _| {
        assert!(first.iter().all(|it| writer.add_log(&as_log(it)).unwrap().is_none()));
        let again = writer.add_log(&as_log(&first[7])).unwrap().unwrap();
        assert!(others.iter().all(|it| writer.add_log(&as_log(it)).unwrap().is_none()));
        again.record
    });
    assert_eq!(fed.unwrap(), first[7]);
    batch.commit(&summary()).unwrap();
    check_rows(&file, &rows);
}
