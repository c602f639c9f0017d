//! A small file for tests, and rows to fill it with.

use std::collections::BTreeSet;
use std::path::PathBuf;

use uuid::Uuid;

use super::{BatchSummary, DumpFile, ImportBatch, Store, TableSummary};
use crate::model::{
    Cancel, Credits, DumpTable, Instant, LogRow, ProfileRow, Record, RowId, UserId, Writer as _,
};

pub(super) const ADA: UserId = UserId(Uuid::from_u128(0xada));
pub(super) const BOB: UserId = UserId(Uuid::from_u128(0xb0b));
pub(super) const CYD: UserId = UserId(Uuid::from_u128(0xc1d));
/// Has no rows, no profile and no role.
pub(super) const DAN: UserId = UserId(Uuid::from_u128(0xda4));

/// An empty file in a folder of its own.
pub(super) struct Fixture {
    pub(super) store: Store,
    pub(super) folder: tempfile::TempDir,
}

impl Fixture {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create_or_open(&folder.path().join("logs.creditscope")).unwrap();
        Self { store, folder }
    }

    /// Ada has two rows, Bob two and Cyd one; Ada and Bob have profiles; Bob is an admin.
    pub(super) fn filled() -> Self {
        let it = Self::new();
        it.import(|batch| {
            for row in [
                LogRow { format: Some("png"), quality: Some("high"), ..log(1, ADA, "image", 2_500_000_000) },
                LogRow {
                    format: Some(""),
                    metadata: Some(r#"{"n": 1}"#),
                    ..log(2, ADA, "chat", -500_000_000)
                },
                LogRow { format: Some("png"), quality: Some("low"), ..log(3, BOB, "image", 7_000_000_000) },
                log(4, BOB, "secret_action", 9_000_000_001),
                LogRow { metadata: Some("hidden_word"), ..log(5, CYD, "chat", 1) },
            ] {
                assert!(batch.add_log(&row).unwrap().is_none());
            }
            batch.put_profile(&ProfileRow { user_id: ADA, username: Some("ada") }).unwrap();
            batch.put_profile(&ProfileRow { user_id: BOB, username: Some("bob") }).unwrap();
            batch.put_roles(BOB, &roles(&["admin", "user"])).unwrap();
            batch.put_roles(ADA, &roles(&["moderator"])).unwrap();
        });
        it
    }

    /// With rows made by the dice of this seed: few values, many ties.
    pub(super) fn random(seed: u64, n_rows: usize) -> (Self, Vec<Record>) {
        let (it, rows) = (Self::new(), random_rows(seed, n_rows));
        it.import(|batch| {
            for row in &rows {
                assert!(batch.add_log(&as_log(row)).unwrap().is_none());
            }
        });
        (it, rows)
    }

    /// One file's import.
    pub(super) fn import(&self, write: impl FnOnce(&mut ImportBatch)) {
        let mut batch = self.store.begin_import(&dump()).unwrap();
        write(&mut batch);
        batch.commit(&summary()).unwrap();
        self.store.make_indexes(&Cancel::new(), &mut |_| ()).unwrap();
    }

    pub(super) fn path(&self) -> PathBuf {
        self.store.path().to_owned()
    }
}

/// A row with a second of its own.
pub(super) fn log(n: u32, user_id: UserId, action: &str, nano: i64) -> LogRow<'_> {
    LogRow {
        id: RowId(Uuid::from_u128(u128::from(n))),
        user_id,
        action,
        credits: Credits::from_nano(nano).unwrap(),
        metadata: None,
        created_at: Instant::from_micros(1_756_548_000_000_000 + i64::from(n) * 1_000_000),
        format: None,
        quality: None,
    }
}

pub(super) fn random_rows(seed: u64, n_rows: usize) -> Vec<Record> {
    let mut dice = fastrand::Rng::with_seed(seed);
    let mut text = |values: &[Option<&str>]| values[dice.usize(..values.len())].map(str::to_owned);
    let mut rows: Vec<_> = (0..n_rows)
        .map(|_| Record {
            action: text(&[Some("image"), Some("chat"), Some("")]).unwrap_or_default(),
            metadata: text(&[None, Some(r#"{"a": "100%"}"#), Some(r#"{"a":1}"#), Some("not json"), Some("")]),
            format: text(&[None, Some(""), Some("png"), Some("webp")]),
            quality: text(&[None, Some(""), Some("high")]),
            ..record_of(&log(0, ADA, "", 0))
        })
        .collect();
    for row in &mut rows {
        row.id = RowId(Uuid::from_u128(dice.u128(..)));
        row.user_id = [ADA, BOB, CYD][dice.usize(..3)];
        row.credits = Credits::from_nano(dice.i64(-3..4)).unwrap();
        row.created_at = Instant::from_micros(dice.i64(-5..30));
    }
    rows
}

pub(super) fn as_log(row: &Record) -> LogRow<'_> {
    LogRow {
        id: row.id,
        user_id: row.user_id,
        action: &row.action,
        credits: row.credits,
        metadata: row.metadata.as_deref(),
        created_at: row.created_at,
        format: row.format.as_deref(),
        quality: row.quality.as_deref(),
    }
}

pub(super) fn record_of(row: &LogRow<'_>) -> Record {
    (*row).into()
}

pub(super) fn roles(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|it| (*it).to_owned()).collect()
}

pub(super) fn dump() -> DumpFile {
    DumpFile { path: PathBuf::from("usage_logs.csv"), size: 1_234 }
}

pub(super) fn summary() -> BatchSummary {
    let table = TableSummary {
        table: DumpTable::UsageLogs,
        format: "csv".to_owned(),
        rows_read: 5,
        imported: 5,
        updated: 0,
        repeats: 0,
        conflicts: 0,
        rejected: 0,
    };
    BatchSummary { sha256: "ab".repeat(32), tables: vec![table] }
}
