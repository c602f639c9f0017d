//! What is asked for again before it was answered.

use super::*;
use crate::report::chart::Range;

/// A window with the sample, in which nothing is left to be done.
fn at_rest(folder: &TempDir) -> Window {
    let file = folder.path().join("platform.creditscope");
    let mut window = if file.exists() { window(vec![file], Vec::new()) } else { with_sample(folder) };
    until(&mut window, "rest", |it| {
        let state = it.state().state();
        let is_done = state.jobs.iter().all(|it| it.report.is_some());
        is_done && !state.is_pending() && state.overview.value.is_some()
    });
    window
}

/// Asks for ranges one after the other, while the first waits for its first figure; returns how many
/// answers the engine has found for all of them, and the words for the range that is shown in the end.
fn answers_found(window: &mut Window, ranges: impl Iterator<Item = Range>) -> (usize, String) {
    let known = window.state().known.clone();
    let (n_asked, n_found) = known.counts();
    let held = known.hold();
    for (index, range) in ranges.enumerate() {
        window.state_mut().handle(Command::SetRange(range));
        if index == 0 {
            until(window, "the first question", |_| known.counts().0 > n_asked);
        }
    }
    drop(held);
    until(window, "the last range", |it| !it.state().state().is_pending());
    let shown = window.state().state().overview.value.as_ref().unwrap().range.clone();
    (known.counts().1 - n_found, shown)
}

#[test]
fn fifty_changes_of_the_range_do_only_the_last_ones_work() {
    let folder = tempfile::tempdir().unwrap();
    let of_fifty = answers_found(&mut at_rest(&folder), (31..=80).map(Range::LastDays));
    let of_the_last = answers_found(&mut at_rest(&folder), std::iter::once(Range::LastDays(80)));
    assert_eq!(of_fifty, of_the_last);
    assert!(of_the_last.0 > 0);
}
