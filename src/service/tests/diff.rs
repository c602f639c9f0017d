//! Two sides, compared.

use std::fs;
use std::path::Path;

use super::batches::{CYD, Dumps, empty, rows};
use super::*;
use crate::import::Options;
use crate::model::CreditSum;

/// What is said of two sides, and each change.
fn compare(before: &Path, after: &Path) -> (Diff, Vec<Change>) {
    let open = |path| Side::open(path, &Options::default(), &Cancel::new(), &mut |_| ()).unwrap();
    let (before, after) = (open(before), open(after));
    let mut changes = Vec::new();
    let diff = diff::<ServiceError>((&before, &after), &Cancel::new(), &mut |_| (), &mut |it| {
        changes.push(it.clone());
        Ok(())
    });
    (diff.unwrap(), changes)
}

#[test]
fn what_two_sides_differ_in_adds_up() {
    for seed in 0..10 {
        let (folder, mut dice) = (tempfile::tempdir().unwrap(), fastrand::Rng::with_seed(seed));
        let [a, b] = ["a", "b"].map(|name| {
            let dumps = Dumps::random(&mut dice);
            let store = empty(&folder, &format!("{name}.creditscope"));
            dumps.import(&folder, &store);
            let path = folder.path().join(format!("{name}.csv"));
            fs::write(&path, &dumps.0[0]).unwrap();
            (store, path)
        });
        // A dump and the file it was imported into are the same side.
        let (diff, changes) = compare(&a.1, &b.1);
        assert_eq!((&diff, &changes), (&compare(a.0.path(), &b.1).0, &compare(&a.1, b.0.path()).1));
        assert!(compare(&a.1, a.0.path()).0.is_empty(), "seed {seed}");

        let (old, new) = (rows(&a.0), rows(&b.0));
        assert_eq!(diff.vanished_rows + diff.changed_rows + diff.same_rows, old.len() as u64);
        assert_eq!(diff.new_rows + diff.changed_rows + diff.same_rows, new.len() as u64);
        assert_eq!(diff.effect(), changes.iter().map(Change::effect).sum());
        let reverse = compare(&b.1, &a.1).0;
        for user in [ADA, BOB, CYD] {
            let of = |rows: &std::collections::BTreeMap<_, Record>| -> CreditSum {
                rows.values().filter(|it| it.user_id == user).map(|it| it.credits.into()).sum()
            };
            let effect = diff.users.get(&user).copied().unwrap_or_default().effect();
            assert_eq!(-effect, reverse.users.get(&user).copied().unwrap_or_default().effect());
            if diff.less_precise_rows == 0 {
                assert_eq!(effect, of(&new) - of(&old), "seed {seed}");
            }
        }
    }
}

const HEADER: &str = "id,user_id,action,credits_consumed,metadata,created_at,format,quality\n";

fn line(n: u32, user: UserId, credits: &str) -> String {
    format!("{},{user},chat,{credits},,2025-08-30 10:00:00+00,,\n", Uuid::from_u128(n.into()))
}

#[test]
fn rows_are_new_vanished_or_changed_and_each_counts_for_its_user() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, lines: &[String]| {
        let path = folder.path().join(name);
        fs::write(&path, [HEADER, &lines.concat()].concat()).unwrap();
        path
    };
    let a = write("a.csv", &[line(1, ADA, "2.5"), line(2, ADA, "1"), line(3, BOB, "4"), line(4, BOB, "8")]);
    let b = write(
        "b.csv",
        &[line(5, CYD, "16"), line(4, ADA, "8.5"), line(2, ADA, "0.75"), line(1, ADA, "2.50")],
    );
    let (diff, changes) = compare(&a, &b);
    assert_eq!((diff.new_rows, diff.vanished_rows, diff.changed_rows, diff.same_rows), (1, 1, 2, 1));
    let of = |user: UserId| {
        let UserDiff { new_rows, vanished_rows, changed_rows, .. } = diff.users[&user];
        (new_rows, vanished_rows, changed_rows, diff.users[&user].effect().to_string())
    };
    assert_eq!(of(ADA), (0, 0, 2, "8.25".to_owned()));
    assert_eq!(of(BOB), (0, 1, 1, "-12".to_owned()));
    assert_eq!(of(CYD), (1, 0, 0, "16".to_owned()));
    assert_eq!(diff.effect().to_string(), "12.25");
    let Change::Changed { what, .. } = &changes[0] else { panic!("{changes:?}") };
    assert_eq!(what, "credits_consumed was 1, now 0.75");
}

#[test]
fn a_side_that_cannot_be_read_and_a_wish_to_stop_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    fs::write(&path, "no dump at all").unwrap();
    let open = |path: &Path, cancel: &Cancel| Side::open(path, &Options::default(), cancel, &mut |_| ());
    let err = open(&path, &Cancel::new()).unwrap_err();
    assert!(matches!(&err, ServiceError::NotRead(it) if it.contains("notes.txt")), "{err}");
    assert!(open(&folder.path().join("none"), &Cancel::new()).is_err());

    let rows: Vec<_> = (0..3_000).map(|it| line(it, ADA, "1")).collect();
    fs::write(&path, [HEADER, &rows.concat()].concat()).unwrap();
    let cancel = Cancel::new();
    let side = open(&path, &cancel).unwrap();
    cancel.cancel();
    assert!(matches!(open(&path, &cancel), Err(ServiceError::Cancelled(_))));
    let stopped = diff::<ServiceError>((&side, &side), &cancel, &mut |_| (), &mut |_| Ok(()));
    assert!(matches!(stopped, Err(ServiceError::Cancelled(_))), "{stopped:?}");
    let diff = diff::<ServiceError>((&side, &side), &Cancel::new(), &mut |_| (), &mut |_| Ok(())).unwrap();
    assert_eq!((diff.same_rows, diff.is_empty()), (3_000, true));
}
