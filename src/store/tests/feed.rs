//! Rows that come from another thread, and the indexes that are made when they are there.

use super::*;
use crate::model::{RowId, WriteError, Writer};
use crate::store::IndexProgress;

/// More than are handed over at once.
const N_ROWS: u32 = 5_000;

fn feed_rows(batch: &mut ImportBatch, n_rows: u32) -> Result<u64, WriteError> {
    let mut heard = 0;
    let fed = batch.feed(&Cancel::new(), &mut |n: u64| heard += n, |writer, on_progress| {
        for n in 1..=n_rows {
            assert_eq!(writer.add_log(&log(n, ADA, "chat", 1))?, None);
            on_progress(1);
        }
        writer.nameless().map(drop)
    });
    fed.and_then(|it| it).map(|()| heard)
}

#[test]
fn rows_from_another_thread_are_written_in_their_order() {
    let file = Fixture::new();
    let mut batch = file.store.begin_import(&dump()).unwrap();
    assert_eq!(feed_rows(&mut batch, N_ROWS).unwrap(), u64::from(N_ROWS));
    batch.commit(&summary()).unwrap();
    let conn = file.store.connect().unwrap();
    let mut statement = conn.prepare("SELECT id FROM raw_usage_logs ORDER BY rowid").unwrap();
    let ids = statement.query_map([], |row| row.get::<_, RowId>("id")).unwrap().map(Result::unwrap);
    assert!(ids.eq((1..=N_ROWS).map(|n| log(n, ADA, "chat", 1).id)));
}

#[test]
fn a_row_that_came_before_is_known_whatever_came_between() {
    let file = Fixture::new();
    let mut batch = file.store.begin_import(&dump()).unwrap();
    let (row, other) = (log(1, ADA, "chat", 1), log(1, BOB, "image", 2));
    batch
        .feed(&Cancel::new(), &mut |(): ()| (), |writer, _| {
            assert_eq!(writer.add_log(&row).unwrap(), None);
            let stored = writer.add_log(&other).unwrap().unwrap();
            assert_eq!((stored.record, stored.is_of_this_dump), (record_of(&row), true));
            assert_eq!(writer.add_log(&log(2, ADA, "chat", 1)).unwrap(), None);
            writer.refine_log(row.id, Credits::from_nano(3).unwrap(), row.created_at).unwrap();
        })
        .unwrap();
    batch.commit(&summary()).unwrap();
    let refined = Record { credits: Credits::from_nano(3).unwrap(), ..record_of(&row) };
    assert!(history(&file.store, ADMIN).contains(&refined));
}

#[test]
fn rows_that_cannot_be_written_end_the_import_and_leave_nothing() {
    let file = Fixture::new();
    let mut batch = file.store.begin_import(&dump()).unwrap();
    batch.allow_few_pages();
    let err = feed_rows(&mut batch, N_ROWS * 4).unwrap_err();
    assert!(err.0.contains("full"), "{err}");
    drop(batch);
    assert!(history(&file.store, ADMIN).is_empty());
}

#[test]
fn a_row_that_the_table_refuses_ends_a_first_import() {
    let file = Fixture::new();
    let mut batch = file.store.begin_import(&dump()).unwrap();
    let row = LogRow { created_at: Instant::from_micros(i64::MAX), ..log(1, ADA, "chat", 1) };
    let fed = batch.feed(&Cancel::new(), &mut |(): ()| (), |writer, _| writer.add_log(&row).map(drop));
    let err = fed.unwrap_err();
    assert!(err.0.contains("a value is not what it should be"), "{err}");
}

#[test]
fn rows_of_several_megabytes_are_written_however_many_others_came_before() {
    let file = Fixture::new();
    let mut batch = file.store.begin_import(&dump()).unwrap();
    let long = "m".repeat(5_000_000);
    let fed = batch.feed(&Cancel::new(), &mut |(): ()| (), |writer, _| {
        for n in 1..=150_000 {
            let metadata = (n % 30_000 == 0).then_some(long.as_str());
            writer.add_log(&LogRow { metadata, ..log(n, ADA, "chat", 1) })?;
        }
        Ok::<_, WriteError>(())
    });
    fed.unwrap().unwrap();
    batch.commit(&summary()).unwrap();
    assert_eq!(file.store.columns(ADMIN).unwrap().len(), 150_000);
}

#[test]
fn a_first_import_leaves_the_indexes_for_later() {
    let file = Fixture::new();
    let mut batch = file.store.begin_import(&dump()).unwrap();
    feed_rows(&mut batch, 10).unwrap();
    batch.commit(&summary()).unwrap();
    assert!(file.store.lacks_indexes().unwrap());
    // Rows and figures are there all the same.
    assert_eq!(history(&file.store, ADMIN).len(), 10);
    assert_eq!(file.store.columns(ADMIN).unwrap().len(), 10);

    let cancel = Cancel::new();
    cancel.cancel();
    assert!(matches!(file.store.make_indexes(&cancel, &mut |_| ()), Err(StoreError::Interrupted)));
    assert!(file.store.lacks_indexes().unwrap());
    let mut told = Vec::new();
    file.store.make_indexes(&Cancel::new(), &mut |it| told.push(it)).unwrap();
    assert!(!file.store.lacks_indexes().unwrap());
    assert_eq!(told.last(), Some(&IndexProgress { made: 5, all: 6 }));
    let columns = file.store.columns(ADMIN).unwrap();
    assert_eq!(columns.len(), 10);

    // What another program has made beside them counts for none of them.
    let conn = file.store.connect().unwrap();
    conn.execute_batch("DROP INDEX idx_usage_logs_action; CREATE INDEX other ON raw_usage_logs (batch)")
        .unwrap();
    assert!(file.store.lacks_indexes().unwrap());
    file.store.make_indexes(&Cancel::new(), &mut |_| ()).unwrap();
    assert!(!file.store.lacks_indexes().unwrap());

    // The next import finds what is there by its id, whether the indexes were made or not.
    conn.execute_batch(include_str!("../sql/drop_id_index.sql")).unwrap();
    file.import(|batch| assert!(batch.add_log(&log(3, ADA, "chat", 1)).unwrap().is_some()));
    assert!(!file.store.lacks_indexes().unwrap());
}

/// Of a large dump the ids and the fingerprints tell what a small one asks the file for.
#[test]
fn a_large_dump_is_taken_as_a_small_one_is() {
    let (small, rows) = Fixture::random(11, 300);
    let (large, _) = Fixture::random(11, 300);
    let mut dice = fastrand::Rng::with_seed(3);
    let next: Vec<Record> = (0..1_000)
        .map(|n| {
            let row = rows[dice.usize(..rows.len())].clone();
            match dice.u8(..4) {
                0 => Record { id: log(10_000 + n % 400, ADA, "", 0).id, ..row },
                1 => Record { credits: Credits::from_nano(dice.i64(..3)).unwrap(), ..row },
                _ => row,
            }
        })
        .collect();
    let hand_over = |writer: &mut dyn Writer| -> Vec<Option<StoredLog>> {
        next.iter().map(|it| writer.add_log(&as_log(it)).unwrap()).collect()
    };
    let mut batch = small.store.begin_import(&dump()).unwrap();
    let expected = hand_over(&mut batch);
    batch.commit(&summary()).unwrap();

    let mut batch = large.store.begin_import(&DumpFile { size: u64::MAX, ..dump() }).unwrap();
    let answers = batch.feed(&Cancel::new(), &mut |(): ()| (), |writer, _| hand_over(writer)).unwrap();
    batch.commit(&summary()).unwrap();
    assert_eq!(answers, expected);
    assert_eq!(history(&large.store, ADMIN), history(&small.store, ADMIN));
    let removal = |file: &Fixture| file.store.removal(1, &Cancel::new()).unwrap().repeated;
    assert_eq!(removal(&large), removal(&small));
    assert_eq!(removal(&large).len(), 1);
}

#[test]
fn a_wish_to_stop_is_heard_while_the_ids_are_read() {
    let (file, _) = Fixture::random(2, 50);
    let cancel = Cancel::new();
    cancel.cancel();
    let mut batch = file.store.begin_import(&DumpFile { size: u64::MAX, ..dump() }).unwrap();
    let fed = batch.feed(&cancel, &mut |(): ()| (), |_, _| panic!("nothing is to be parsed"));
    assert!(fed.is_err());
}

#[test]
fn many_rows_leave_the_indexes_to_be_made_anew_and_few_do_not() {
    for (n_more, leaves) in [(N_ROWS / 32, false), (N_ROWS, true)] {
        let file = Fixture::new();
        file.import(|batch| assert_eq!(feed_rows(batch, N_ROWS).unwrap(), u64::from(N_ROWS)));
        let large = DumpFile { size: 1_000_000_000, ..dump() };
        let mut batch = file.store.begin_import(&large).unwrap();
        batch
            .feed(&Cancel::new(), &mut |(): ()| (), |writer, _| {
                for n in N_ROWS + 1..=N_ROWS + n_more {
                    assert_eq!(writer.add_log(&log(n, BOB, "image", 2)).unwrap(), None);
                }
                // What was there, and what has just come, is known all the same.
                for n in [1, N_ROWS + 1] {
                    assert!(writer.add_log(&log(n, CYD, "other", 3)).unwrap().is_some());
                }
            })
            .unwrap();
        batch.commit(&summary()).unwrap();
        assert_eq!(file.store.lacks_indexes().unwrap(), leaves);
        file.store.make_indexes(&Cancel::new(), &mut |_| ()).unwrap();
        assert_eq!(file.store.columns(ADMIN).unwrap().len(), (N_ROWS + n_more) as usize);
        segments::check_segments(&file.store);
    }
}
