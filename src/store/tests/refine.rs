//! Rows that take the values of a more precise export.

use super::*;

#[test]
fn a_row_is_refined_in_every_answer_or_not_at_all() {
    let file = Fixture::new();
    let [old, other] = [log(1, ADA, "chat", 1_000), log(2, BOB, "chat", 2_000)];
    file.import(|batch| {
        batch.add_log(&old).unwrap();
        batch.add_log(&other).unwrap();
    });
    let (credits, at) =
        (Credits::from_nano(1_001).unwrap(), Instant::from_micros(old.created_at.micros() + 7));
    let mut dropped = file.store.begin_import(&dump()).unwrap();
    dropped.refine_log(old.id, credits, at).unwrap();
    drop(dropped);
    assert_eq!(history(&file.store, ADMIN), [record_of(&other), record_of(&old)]);
    file.import(|batch| {
        batch.refine_log(old.id, credits, at).unwrap();
        let stored = batch.add_log(&old).unwrap().unwrap();
        assert_eq!((stored.record.credits, stored.record.created_at), (credits, at));
    });
    let refined = record_of(&LogRow { credits, created_at: at, ..old });
    assert_eq!(history(&file.store, ADMIN), [record_of(&other), refined.clone()]);
    assert_eq!(history(&file.store, Viewer::Owner(ADA)), [refined]);
    assert_eq!(from_columns(&file.store.columns(ADMIN).unwrap()), from_view(&file.store, ADMIN));
    assert_eq!(file.store.operator().unwrap().totals().unwrap().credits, CreditSum::from_nano(3_001));
}
