//! What is done behind the charts of a first import.

use super::*;

#[test]
fn the_indexes_are_made_behind_the_charts_of_a_first_import() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = with_sample(&folder);
    let store = Store::open(&folder.path().join("platform.creditscope")).unwrap();
    until(&mut window, "the indexes", |_| !store.lacks_indexes().unwrap());
    until(&mut window, "the end", |it| it.state().state().jobs.iter().all(|it| it.report.is_some()));
    assert_eq!(window.state().state().notices.iter().filter(|it| it.kind != NoticeKind::Done).count(), 0);
}
