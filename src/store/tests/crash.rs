//! What a loss of power leaves at any moment is the file as it was before a change, or after it.

use super::removal::{contents, hand_over};
use super::*;
use crate::model::RowId;

/// Bytes that are written to a disk at once, and so lost at once.
const SECTOR_LEN: usize = 512;
/// Bytes of a page of a file.
const PAGE_LEN: usize = 16 * 1024;

/// The bytes of a file and of the log beside it.
#[derive(Clone)]
struct Disk {
    file: Vec<u8>,
    log: Vec<u8>,
}

impl Disk {
    fn of(path: &Path) -> Self {
        let log = path.with_file_name("logs.creditscope-wal");
        Self { file: fs::read(path).unwrap(), log: fs::read(log).unwrap_or_default() }
    }

    /// With the log moved into the file, or a part of it: what is moved stays in the log until all is.
    fn with_log_moved(&self, is_moved: &mut dyn FnMut() -> bool) -> Self {
        let mut disk = self.clone();
        let file = self.opened();
        file.store.connect().unwrap().execute_batch("PRAGMA wal_checkpoint(FULL)").unwrap();
        let moved = fs::read(file.path()).unwrap();
        disk.file.resize(moved.len(), 0);
        let pages = disk.file.chunks_mut(PAGE_LEN).zip(moved.chunks(PAGE_LEN));
        pages.filter(|_| is_moved()).for_each(|(to, from)| to.copy_from_slice(from));
        disk
    }

    /// Opened after the loss. What the log's readers shared is lost with it.
    fn opened(&self) -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("logs.creditscope");
        fs::write(&path, &self.file).unwrap();
        fs::write(folder.path().join("logs.creditscope-wal"), &self.log).unwrap();
        Fixture { store: Store::open(&path).unwrap(), folder }
    }
}

/// All that the file holds, once it is found to be sound.
#[track_caller]
fn sound(file: &Fixture) -> Vec<String> {
    let conn = file.store.connect().unwrap();
    let found: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(found, "ok");
    segments::check_segments(&file.store);
    contents(&file.store)
}

fn has_indexes(file: &Fixture) -> bool {
    !file.store.lacks_indexes().unwrap()
}

/// Cuts the power at moments of a change that calls `now` at some of them.
#[track_caller]
fn check(file: &Fixture, change: impl FnOnce(&Store, &mut dyn FnMut())) {
    let path = file.path();
    // A log of this change alone, which a reader of the time before keeps where it is.
    let reader = file.store.connect().unwrap();
    reader.pragma_update(None, "journal_mode", "WAL").unwrap();
    reader.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); BEGIN; SELECT 1 FROM raw_imports").unwrap();
    let before = (sound(file), has_indexes(file));
    let mut moments = Vec::new();
    change(&file.store, &mut || moments.push(Disk::of(&path)));
    let disk = Disk::of(&path);
    drop(reader);
    let after = (sound(file), has_indexes(file));
    assert_ne!(before, after);
    assert!(!moments.is_empty());

    let found = |disk: &Disk| {
        let file = disk.opened();
        let found = (sound(&file), has_indexes(&file));
        file.store.make_indexes(&Cancel::new(), &mut |_| ()).unwrap();
        assert_eq!((sound(&file), has_indexes(&file)), (found.0.clone(), true));
        found
    };
    for moment in &moments {
        assert_eq!(found(moment), before);
    }
    let mut dice = fastrand::Rng::with_seed(5);
    for n in 0..8 {
        let mut torn = disk.clone();
        let at = dice.usize(..disk.log.len());
        if n % 2 == 0 {
            torn.log.truncate(at);
        } else {
            let end = disk.log.len().min(at + SECTOR_LEN);
            torn.log[at..end].fill(0);
        }
        let is_lost = torn.log != disk.log;
        assert_eq!(found(&torn), if is_lost { before.clone() } else { after.clone() }, "{at}");
        assert_eq!(found(&disk.with_log_moved(&mut || dice.bool())), after);
    }
    assert_eq!(found(&disk), after);
}

/// A row with an id that says nothing of its place, and a text that fills pages.
fn row(n: u32) -> LogRow<'static> {
    let id =
        RowId(uuid::Uuid::from_u128(u128::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)));
    let metadata = Some("some words that are as long as what a platform keeps of a request to a model");
    LogRow { id, metadata, ..log(n, [ADA, BOB, CYD][n as usize % 3], "chat", i64::from(n % 7)) }
}

fn import(store: &Store, rows: std::ops::Range<u32>, now: &mut dyn FnMut()) {
    let mut batch = store.begin_import(&DumpFile { size: u64::MAX, ..dump() }).unwrap();
    batch
        .feed(&Cancel::new(), &mut |(): ()| now(), |writer, on_progress| {
            for n in rows {
                writer.add_log(&row(n)).unwrap();
                if n % 250 == 0 {
                    on_progress(());
                }
            }
        })
        .unwrap();
    batch.commit(&summary()).unwrap();
}

#[test]
fn power_that_goes_at_any_moment_leaves_all_of_a_change_or_nothing() {
    let file = Fixture::new();
    check(&file, |store, now| import(store, 0..1_000, now));
    check(&file, |store, now| store.make_indexes(&Cancel::new(), &mut |_| now()).unwrap());
    // A tail, and a base that is written anew.
    check(&file, |store, now| import(store, 950..1_080, now));
    check(&file, |store, now| import(store, 1_000..1_700, now));
    check(&file, |store, now| drop(store.remove_batch(2, &Cancel::new(), &mut |_| now()).unwrap()));
}

#[test]
fn power_that_goes_while_rows_are_in_the_log_leaves_none_of_them() {
    let file = Fixture::filled();
    check(&file, |store, now| {
        let mut batch = store.begin_import(&dump()).unwrap();
        batch.keep_few_pages_in_memory();
        for n in 10..800 {
            hand_over(&mut batch, &row(n), 0);
            if n % 200 == 0 {
                now();
            }
        }
        batch.commit(&summary()).unwrap();
    });
}
