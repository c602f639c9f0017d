use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::model::{ColumnsBuilder, Credits, Text, Zone};
use crate::report::chart::Range;
use crate::report::chart::fixture::{Row, answer, at, platform, user};

const CREDIT: i64 = 1_000_000_000;

fn columns(rows: &[Row]) -> Columns {
    let mut columns = ColumnsBuilder::default();
    for row in rows {
        let kind = (row.format.map(Text::from), row.quality.map(Text::from));
        let credits = Credits::from_nano(row.nano).unwrap();
        columns.push(row.at, row.user, &row.action.into(), kind, credits);
    }
    columns.finish()
}

fn ranking(rows: &[Row], calendar: &Calendar, period: Period, filter: &Filter) -> Ranking {
    let extent = Extent {
        first: rows.iter().map(|it| it.at).min().unwrap_or(at("2026-11-24T14:05:00Z")),
        as_of: rows.iter().map(|it| it.at).max().unwrap_or(at("2026-11-24T14:05:00Z")),
    };
    let ask = RankingAsk { calendar, period, extent, filter, rows: &columns(rows), cancel: &Cancel::new() };
    let mut asked = |query: &Query| Ok::<_, Unanswered>(answer(rows, calendar, query));
    Ranking::ask(&ask, &mut asked).unwrap()
}

fn week(rows: &[Row]) -> Ranking {
    ranking(rows, &Calendar::utc(), Range::LastDays(7).into(), &Filter::default())
}

fn row(number: u128, when: &str, credits: i64) -> Row {
    Row { at: at(when), user: user(number), action: "a", format: None, quality: None, nano: credits * CREDIT }
}

#[test]
fn users_are_ranked_and_compared_with_the_period_before() {
    let ranking = week(&[
        row(1, "2026-11-16T10:00:00Z", 9),
        row(2, "2026-11-16T10:00:00Z", 5),
        row(4, "2026-11-16T10:00:00Z", 7),
        row(1, "2026-11-20T10:00:00Z", 3),
        row(2, "2026-11-20T10:00:00Z", 4),
        row(3, "2026-11-24T14:05:00Z", 3),
    ]);
    let users: Vec<_> =
        ranking.users.iter().zip(0..).map(|(it, place)| (it.user_id, it.risen(place))).collect();
    // Equal ones by id; user 4 has no rows any more.
    assert_eq!(users, [(user(2), Some(2)), (user(1), Some(-1)), (user(3), None)]);
    assert_eq!(
        ranking.users[1].before,
        Some(Before { credits: CreditSum::from_nano(9_000_000_000), place: 0 })
    );
    assert!(ranking.adds_up() && ranking.is_compared);
}

#[test]
fn a_course_has_the_buckets_with_rows_and_days_are_counted_once() {
    let ranking = week(&[
        row(1, "2026-01-05T10:00:00Z", 100),
        row(1, "2026-11-20T10:00:00Z", 3),
        row(1, "2026-11-20T23:59:59Z", -1),
        row(1, "2026-11-24T14:05:00Z", 4),
    ]);
    let ada = &ranking.users[0];
    let course: Vec<_> = ranking.course(ada).map(|it| (it.bucket, it.credits.to_string())).collect();
    assert_eq!(course, [(2, "2".to_owned()), (6, "4".to_owned())]);
    assert_eq!((ada.n_active_days, ada.n_events), (2, 3));
    assert_eq!(ada.seen, (at("2026-01-05T10:00:00Z"), at("2026-11-24T14:05:00Z")));
}

#[test]
fn a_day_that_comes_again_counts_once() {
    // Clocks go back from 00:01 to 23:01 of the day before.
    let calendar = Calendar::new(Zone::named("America/St_Johns").unwrap());
    let rows =
        ["2006-10-29T02:00:00Z", "2006-10-29T02:30:30Z", "2006-10-29T02:40:00Z"].map(|when| row(1, when, 1));
    let ranking = ranking(&rows, &calendar, Range::All.into(), &Filter::default());
    assert_eq!(ranking.users[0].n_active_days, 2);
}

#[test]
fn of_everything_there_is_nothing_before() {
    let rows = platform();
    let ranking = ranking(&rows, &Calendar::utc(), Range::All.into(), &Filter::default());
    assert!(!ranking.is_compared && ranking.adds_up());
    assert!(ranking.users.iter().all(|it| it.before.is_none()));
}

#[test]
fn no_rows_are_no_users() {
    let ranking = week(&[]);
    assert!(ranking.adds_up() && ranking.users.is_empty());
}

fn any_row() -> impl Strategy<Value = Row> {
    // About two months around the end of summer time.
    (1_790_000_000_i64..1_795_000_000, 1_u128..12, -4 * CREDIT..9 * CREDIT).prop_map(
        |(second, number, nano)| Row {
            at: Instant::from_micros(second * 1_000_000),
            nano,
            ..row(number, "2026-11-24T14:05:00Z", 0)
        },
    )
}

proptest! {
    #[test]
    fn the_arithmetic_holds(
        rows in prop::collection::vec(any_row(), 0..80),
        range in prop_oneof![(1_u32..80).prop_map(Range::LastDays), Just(Range::All)],
        steps in -2..1_i32,
        zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"]),
        excluded in prop::option::of(1_u128..12),
    ) {
        let calendar = Calendar::new(Zone::named(zone).unwrap());
        let mut filter = Filter::default();
        filter.users.exclude.extend(excluded.map(user));
        let ranking = ranking(&rows, &calendar, Period { range, steps, ..Period::default() }, &filter);
        prop_assert!(ranking.adds_up());
        let span = &ranking.span;
        for user in &ranking.users {
            let course: Vec<_> = ranking.course(user).collect();
            prop_assert_eq!(course.iter().map(|it| it.credits).sum::<CreditSum>(), user.credits);
            prop_assert!(course.is_sorted_by(|a, b| a.bucket < b.bucket));
            let own = rows.iter().filter(|it| it.user == user.user_id);
            let inside = own.clone().filter(|it| span.from <= it.at && it.at < span.until);
            let days: BTreeSet<_> = inside.map(|it| calendar.date(it.at)).collect();
            prop_assert_eq!(days.len() as u64, user.n_active_days);
            prop_assert_eq!(own.clone().map(|it| it.at).min(), Some(user.seen.0));
            prop_assert_eq!(own.map(|it| it.at).max(), Some(user.seen.1));
        }
        // Both orders are by credits, and a rise is the way from one to the other.
        let order = |credits: CreditSum, id: UserId| (Reverse(credits), id);
        prop_assert!(ranking.users.is_sorted_by_key(|it| order(it.credits, it.user_id)));
        let mut before: BTreeMap<usize, _> = BTreeMap::new();
        for (place, user) in ranking.users.iter().enumerate() {
            if let Some(risen) = user.risen(place) {
                let old = user.before.unwrap();
                prop_assert_eq!(place.checked_add_signed(risen), Some(old.place));
                prop_assert!(before.insert(old.place, order(old.credits, user.user_id)).is_none());
            }
        }
        prop_assert!(before.values().is_sorted());
    }
}
