//! Imports that are taken back, by what everybody sees before and after.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use super::*;
use crate::import::Options;
use crate::model::{Record, Zone};
use crate::report::{Of, Report, ReportName};
use crate::store::ConflictChoice;

pub(super) const CYD: UserId = UserId(Uuid::from_u128(0xc1d));

/// Text of the three tables, out of so few values that two of these meet in every way: as repeats, with
/// more or fewer digits, in conflict.
pub(super) struct Dumps(pub(super) [String; 3]);

impl Dumps {
    pub(super) fn random(dice: &mut fastrand::Rng) -> Self {
        let times = ["10:00:00.123456", "10:00:00.123", "10:00:00", "23:59:59.999999"];
        let credits = ["1", "2.50", "-0.5", "1234567.123456789", "1234567.1234567892", "oops"];
        let mut logs = "id,user_id,action,credits_consumed,metadata,created_at,format,quality\n".to_owned();
        for _ in 0..dice.usize(1..14) {
            let (id, user) = (Uuid::from_u128(dice.u128(..9)), [ADA, BOB, CYD][dice.usize(..3)]);
            let (time, credits) = (times[dice.usize(..4)], credits[dice.usize(..6)]);
            let (action, format) = (["chat", "image"][dice.usize(..2)], ["", "png"][dice.usize(..2)]);
            let day = dice.u8(1..3);
            writeln!(logs, "{id},{user},{action},{credits},,2025-08-2{day} {time}+00,{format},high").unwrap();
        }
        let (mut profiles, mut roles) = ("id,username\n".to_owned(), "user_id,role\n".to_owned());
        for user in [ADA, BOB, CYD] {
            if dice.bool() {
                writeln!(profiles, "{user},{}", ["x", "y"][dice.usize(..2)]).unwrap();
            }
            if dice.bool() {
                writeln!(roles, "{user},{}", ["admin", "user"][dice.usize(..2)]).unwrap();
            }
        }
        Self([logs, profiles, roles])
    }

    /// The numbers of the batches that it becomes.
    pub(super) fn import(&self, folder: &TempDir, store: &Store) -> Vec<i64> {
        let before = numbers(store);
        for (name, text) in ["logs.csv", "profiles.csv", "roles.csv"].iter().zip(&self.0) {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            let report = import(store, &path, &Options::default(), &Cancel::new(), &mut |_| ());
            assert_eq!(report.error, None);
        }
        numbers(store).into_iter().filter(|it| !before.contains(it)).collect()
    }
}

pub(super) fn empty(folder: &TempDir, name: &str) -> Store {
    Store::create_or_open(&folder.path().join(name)).unwrap()
}

/// Of the batches that are there.
fn numbers(store: &Store) -> Vec<i64> {
    let numbers: BTreeSet<_> =
        store.operator().unwrap().batches().unwrap().iter().map(|it| it.number).collect();
    numbers.into_iter().collect()
}

fn remove_all(store: &Store, batches: &[i64]) {
    for batch in batches {
        remove_batch(store, *batch, &Cancel::new(), &mut |_| ()).unwrap();
    }
}

/// Everything that anybody can ask: all reports through all eyes, everybody, and what was left out.
fn figures(store: &Store) -> Vec<String> {
    let operator = store.operator().unwrap();
    let mut figures = vec![format!("{:?} {:?}", operator.people().unwrap(), operator.totals().unwrap())];
    for batch in numbers(store) {
        figures.push(format!("{:?}", operator.rejects(batch, 99).unwrap()));
        figures.push(format!("{:?}", operator.conflicts(batch, 99).unwrap()));
    }
    let users = [ADA, BOB, CYD].map(|it| operator.viewer(it).unwrap());
    for viewer in [Viewer::Admin(None), Viewer::Nobody].into_iter().chain(users) {
        let session = Session::new(store.clone(), viewer);
        for (name, of) in
            ReportName::ALL.into_iter().flat_map(|it| [(it, Of::own(viewer.id())), (it, Of::All)])
        {
            // The first of September 2025.
            let now = Instant::from_micros(1_756_684_800_000_000);
            let report = Report { name, of, now, zone: Zone::utc() };
            let ask = |ask: &_| session.ask(ask, &report.calendar(), &Cancel::new());
            let table = report.run(ask, || session.usernames().map(|it| (*it).clone())).unwrap();
            figures.push(format!("{viewer:?} {name:?} {of:?} {table:?}"));
        }
    }
    figures
}

pub(super) fn rows(store: &Store) -> BTreeMap<RowId, Record> {
    let rows = store.operator().unwrap().logs_in_order().unwrap();
    rows.map(|it| it.map(|it| (it.id, it)).unwrap()).collect()
}

#[test]
fn after_a_then_b_taken_back_every_figure_is_as_after_a() {
    for seed in 0..10 {
        let (folder, mut dice) = (tempfile::tempdir().unwrap(), fastrand::Rng::with_seed(seed));
        let store = empty(&folder, "db");
        let (a, b) = (Dumps::random(&mut dice), Dumps::random(&mut dice));
        a.import(&folder, &store);
        let before = figures(&store);
        let mut batches = b.import(&folder, &store);
        if dice.bool() {
            let choice = ConflictChoice { batch: Some(batches[0]), ids: None };
            take_newer(&store, &choice, &Cancel::new(), &mut |_| ()).unwrap();
        }
        dice.shuffle(&mut batches);
        remove_all(&store, &batches);
        assert_eq!(figures(&store), before, "seed {seed}");
    }
}

/// Of what B repeated nothing is left, since it was A's; all else of B is there as if A had never been.
#[test]
fn after_a_then_b_with_a_taken_back_the_rest_is_as_after_b() {
    for seed in 0..10 {
        let (folder, mut dice) = (tempfile::tempdir().unwrap(), fastrand::Rng::with_seed(seed));
        let [both, only_a, only_b] = ["both", "a", "b"].map(|it| empty(&folder, it));
        let (a, b) = (Dumps::random(&mut dice), Dumps::random(&mut dice));
        let mut batches = a.import(&folder, &both);
        a.import(&folder, &only_a);
        b.import(&folder, &both);
        b.import(&folder, &only_b);
        dice.shuffle(&mut batches);
        remove_all(&both, &batches);
        let as_of_a = rows(&only_a);
        let expected: BTreeMap<_, _> =
            rows(&only_b).into_iter().filter(|(id, _)| !as_of_a.contains_key(id)).collect();
        assert_eq!(rows(&both), expected, "seed {seed}");
        let names = |store: &Store| store.operator().unwrap().usernames().unwrap();
        let (as_of_a, mut expected) = (names(&only_a), names(&only_b));
        expected.retain(|user, name| as_of_a.get(user) != Some(name));
        assert_eq!(names(&both), expected, "seed {seed}");
    }
}

#[test]
fn a_batch_is_imported_again_from_its_path_if_the_file_is_the_same() {
    let (folder, mut dice) = (tempfile::tempdir().unwrap(), fastrand::Rng::with_seed(7));
    let store = empty(&folder, "db");
    let batches = Dumps::random(&mut dice).import(&folder, &store);
    let before = rows(&store);
    remove_all(&store, &batches[..1]);
    assert_eq!(rows(&store), BTreeMap::new());
    let batch = store.operator().unwrap().batch(batches[0]).unwrap();
    let again = || import_again(&store, &batch, &Options::default(), &Cancel::new(), &mut |_| ());
    assert_eq!(again().error, None);
    assert_eq!(rows(&store), before);
    fs::write(folder.path().join("logs.csv"), "id,user_id,action,credits_consumed,created_at\n").unwrap();
    let error = again().error.unwrap();
    assert!(error.message.starts_with("this is not the file that was imported as batch 1"), "{error:?}");
    assert_eq!((rows(&store), numbers(&store).len()), (before, 3));
    assert!(store.operator().unwrap().batch(99).is_err());
}
