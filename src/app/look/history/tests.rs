use std::fmt::Write as _;
use std::path::Path;

use super::*;
use crate::access::Viewer;
use crate::import::Options;
use crate::model::{Calendar, Window, Zone};
use crate::store::Store;

const ADA: UserId = UserId(uuid::Uuid::from_u128(0xada));

/// Rows in threes of one instant and in hundreds of the same credits, more than two pages of them.
const N_ROWS: u32 = 450;
/// 2026-10-24 22:00 UTC, where the 25th begins in Berlin.
const FIRST_MICROS: i64 = 1_792_879_200_000_000;
const HOUR_MICROS: i64 = 3_600_000_000;

fn store(folder: &Path) -> Store {
    let dump = folder.join("usage_logs.csv");
    let mut text = "id,user_id,action,credits_consumed,metadata,created_at,format,quality\n".to_owned();
    for n in 0..N_ROWS {
        let id = uuid::Uuid::from_u128(u128::from(n.wrapping_mul(2_654_435_761)));
        let at = Instant::from_micros(FIRST_MICROS + i64::from(n / 3) * HOUR_MICROS).utc();
        let user = if n % 5 == 0 { ADA.0 } else { uuid::Uuid::from_u128(0xb0b) };
        let format = ["image", "", "\"\""][n as usize % 3];
        writeln!(text, "{id},{user},chat,{}.5,\"{{\"\"n\"\":{n}}}\",{at}+00,{format},high", n / 100).unwrap();
    }
    std::fs::write(&dump, text).unwrap();
    let store = Store::create_or_open(&folder.join("it.creditscope")).unwrap();
    let report = crate::service::import(&store, &dump, &Options::default(), &Cancel::new(), &mut |_| ());
    assert!(report.error.is_none());
    store
}

/// A page, and the cursors at its edges.
struct Seen {
    history: view::History,
    edges: Option<(Cursor, Cursor)>,
}

fn look(store: &Store, look: &Look) -> Seen {
    let session = Session::new(store.clone(), look.viewer);
    let page = look.history(&session, &session.columns().unwrap(), &Cancel::new()).unwrap();
    let PageView::History(history, edges) = page else { unreachable!("history was asked for") };
    Seen { history: *history, edges }
}

fn listing(order: RowOrder) -> Look {
    Look { listing: Listing { order, ..Listing::default() }, ..Look::default() }
}

fn ids(history: &view::History) -> Vec<String> {
    history.rows.iter().map(view::HistoryRow::json).collect()
}

#[test]
fn each_order_is_paged_there_and_back_among_equals() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    for order in [RowOrder::Newest, RowOrder::Oldest, RowOrder::Largest] {
        let mut at = listing(order);
        let (mut forth, mut back) = (Vec::new(), Vec::new());
        let mut seen = look(&store, &at);
        assert!(seen.history.ends.first);
        loop {
            forth.extend(ids(&seen.history));
            if seen.history.ends.last {
                break;
            }
            at.history = HistoryAt::After(seen.edges.unwrap().1);
            seen = look(&store, &at);
            assert!(!seen.history.ends.first);
        }
        at.history = HistoryAt::Last;
        seen = look(&store, &at);
        assert!(seen.history.ends.last);
        loop {
            back.extend(ids(&seen.history).into_iter().rev());
            if seen.history.ends.first {
                break;
            }
            at.history = HistoryAt::Before(seen.edges.unwrap().0);
            seen = look(&store, &at);
            assert!(!seen.history.ends.last);
        }
        back.reverse();
        assert_eq!(forth.len(), N_ROWS as usize);
        assert_eq!(forth, back, "{order:?}");
        forth.sort();
        forth.dedup();
        assert_eq!(forth.len(), N_ROWS as usize, "each row once");
    }
}

/// What is first on the page that is gone to, in Berlin, and which ends it touches.
#[track_caller]
fn check_day(store: &Store, order: RowOrder, day: &str, first: &str, ends: (bool, bool)) {
    let zone = Zone::named("Europe/Berlin").unwrap();
    let at = Look {
        calendar: Calendar::new(zone),
        history: HistoryAt::Day(day.parse().unwrap()),
        ..listing(order)
    };
    let history = look(store, &at).history;
    assert_eq!(history.rows[0].time, first, "{order:?} {day}");
    assert_eq!((history.ends.first, history.ends.last), ends, "{order:?} {day}");
}

#[test]
fn a_day_is_gone_to_in_the_direction_of_the_list() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    // The last hour of a day of 25 hours; the row of the next midnight is not of the day.
    check_day(&store, RowOrder::Newest, "2026-10-25", "2026-10-25 23:00:00", (false, true));
    check_day(&store, RowOrder::Oldest, "2026-10-26", "2026-10-26 00:00:00", (false, false));
    check_day(&store, RowOrder::Oldest, "2026-10-25", "2026-10-25 00:00:00", (true, false));
    // Before and behind all rows there are the nearest ones.
    check_day(&store, RowOrder::Newest, "2030-01-01", "2026-10-31 04:00:00", (true, false));
    check_day(&store, RowOrder::Newest, "2020-01-01", "2026-10-27 17:00:00", (false, true));
}

#[test]
fn figures_are_of_the_whole_list_and_the_values_of_what_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut at = listing(RowOrder::Newest);
    at.listing.filter.formats.include = vec![None];
    at.listing.window = Window::since(Instant::from_micros(FIRST_MICROS));
    let seen = look(&store, &at).history;
    // 34 rows of the first hundred, then 33 each: 0.5, 1.5, 2.5, 3.5 and 4.5 credits.
    let expected: i128 = (0..N_ROWS)
        .filter(|it| it % 3 == 1)
        .map(|it| i128::from(it / 100) * 1_000_000_000 + 500_000_000)
        .sum();
    assert_eq!(
        seen.figures,
        Figures { n_rows: 150, credits: CreditSum::from_nano(expected), of_page: false }
    );
    let names = |it: &[view::NamedValue]| it.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&seen.values.formats), ["(empty)", "image", "(none)"]);

    at.viewer = Viewer::Owner(ADA);
    assert_eq!(look(&store, &at).history.figures.n_rows, 30);
    at.viewer = Viewer::Admin(Some(ADA));
    at.only_mine = true;
    assert_eq!(look(&store, &at).history.figures.n_rows, 30);
    at.listing.filter.users = Choice::only(UserId(uuid::Uuid::from_u128(0xb0b)));
    let none = look(&store, &at).history;
    assert_eq!((none.figures.n_rows, none.rows.len()), (0, 0), "the own rows of another");
}

#[test]
fn what_is_in_the_metadata_is_found_and_counted_by_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut at = listing(RowOrder::Largest);
    at.listing.metadata_contains = "\"n\":44".to_owned();
    let history = look(&store, &at).history;
    assert_eq!(history.rows.len(), 11);
    assert_eq!(history.figures.text(), "11 rows, 45.5 credits on this page");
}
