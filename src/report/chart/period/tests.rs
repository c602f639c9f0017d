use proptest::prelude::*;

use super::*;
use crate::model::Zone;

fn at(text: &str) -> Instant {
    chrono::DateTime::parse_from_rfc3339(text).unwrap().to_utc().into()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn span(zone: &str, range: Range, steps: i32) -> (Calendar, Span) {
    let calendar = Calendar::new(Zone::named(zone).unwrap());
    let extent = Extent { first: at("2026-01-01T00:00:00Z"), as_of: at("2026-11-24T14:05:00Z") };
    let span = Period { steps, ..range.into() }.span(&calendar, extent);
    (calendar, span)
}

#[track_caller]
fn check(range: Range, steps: i32, expected: &str) {
    let (calendar, span) = span("UTC", range, steps);
    let last = calendar.date(Instant::from_micros(span.until.micros() - 1));
    let text = format!(
        "{}..{last} {} × {}, partial {:?}",
        calendar.date(span.from),
        span.buckets.len(),
        span.grain.name(),
        span.partial
    );
    assert_eq!(text, expected);
}

#[test]
fn a_period_is_whole_days_and_ends_with_the_newest_row() {
    check(Range::LastDays(30), 0, "2026-10-26..2026-11-24 30 × day, partial Some(29)");
    check(Range::LastDays(30), -1, "2026-09-26..2026-10-25 30 × day, partial None");
    check(Range::LastDays(7), 1, "2026-11-25..2026-12-01 7 × day, partial None");
    check(Range::LastDays(1), 0, "2026-11-24..2026-11-24 24 × hour, partial Some(14)");
    check(Range::LastWeeks(12), 0, "2026-09-07..2026-11-29 84 × day, partial Some(78)");
    check(Range::LastWeeks(12), -1, "2026-06-15..2026-09-06 84 × day, partial None");
    check(Range::All, 0, "2026-01-01..2026-11-24 48 × week, partial Some(47)");
    let dates = Range::Dates { first: date("2026-03-10"), last: date("2026-03-01") };
    check(dates, 0, "2026-03-01..2026-03-10 10 × day, partial None");
    check(dates, 1, "2026-03-11..2026-03-20 10 × day, partial None");
}

#[test]
fn long_spans_are_cut_coarsely_and_lose_nothing() {
    let years = |n: i32| Range::Dates {
        first: NaiveDate::from_ymd_opt(2026 - n, 1, 1).unwrap(),
        last: date("2025-12-31"),
    };
    check(years(10), 0, "2016-01-01..2025-12-31 120 × month, partial None");
    check(years(40), 0, "1986-01-01..2025-12-31 160 × quarter, partial None");
    check(years(2025), 0, "0001-01-01..2025-12-31 2000 × quarter, partial None");
    let (_, span) = span("UTC", years(2025), 0);
    assert_eq!((span.buckets[0].start, span.place(at("0001-01-01T00:00:00Z"))), (span.from, 0));
}

#[test]
fn a_cut_week_shows_the_days_that_count() {
    let (_, span) = span("UTC", Range::All, 0);
    assert_eq!(span.buckets[0].local.date(), date("2025-12-29"));
    assert_eq!(span.buckets[0].start, at("2026-01-01T00:00:00Z"));
    assert_eq!(span.buckets[47].end, at("2026-11-25T00:00:00Z"));
}

#[test]
fn the_unfinished_is_compared_with_as_much_of_what_was_before() {
    let (calendar, current) = span("Europe/Berlin", Range::LastDays(30), 0);
    let before = current.window_before(&calendar).unwrap();
    // Winter time now, summer time then: 15:05 on the wall in both.
    assert_eq!(before.until.unwrap(), Instant::from_micros(at("2026-10-25T15:05:00+01:00").micros() + 1));
    assert_eq!(before.from.unwrap(), at("2026-09-26T00:00:00+02:00"));
    let (calendar, stepped) = span("Europe/Berlin", Range::LastDays(30), -1);
    assert_eq!(stepped.window_before(&calendar).unwrap().until.unwrap(), at("2026-09-26T00:00:00+02:00"));
    let (calendar, future) = span("UTC", Range::LastDays(7), 1);
    assert_eq!(future.window_before(&calendar), None);
    let (calendar, all) = span("UTC", Range::All, 0);
    assert_eq!(all.window_before(&calendar), None);
}

#[test]
fn weeks_end_with_the_spans_last_one() {
    let (calendar, month) = span("UTC", Range::LastDays(30), 0);
    let weeks = month.in_weeks(&calendar);
    assert_eq!((weeks.buckets.len(), weeks.partial), (12, Some(11)));
    assert_eq!(calendar.date(weeks.from), date("2026-09-07"));
    let (calendar, all) = span("UTC", Range::All, 0);
    assert_eq!(all.in_weeks(&calendar).buckets.len(), 48);
}

#[test]
fn units_of_the_calendar_step_as_units() {
    let unit = |unit, later| Range::Unit { unit, later };
    check(unit(Unit::Month, 0), 0, "2026-11-01..2026-11-30 30 × day, partial Some(23)");
    check(unit(Unit::Month, -1), -1, "2026-09-01..2026-09-30 30 × day, partial None");
    check(unit(Unit::Week, 0), -1, "2026-11-16..2026-11-22 7 × day, partial None");
    check(unit(Unit::Quarter, -4), 0, "2025-10-01..2025-12-31 92 × day, partial None");
    check(unit(Unit::Day, 1), 0, "2026-11-25..2026-11-25 24 × hour, partial None");
    check(unit(Unit::Year, -2), 0, "2024-01-01..2024-12-31 53 × week, partial None");
    // Whole months are stepped as months.
    let october = Range::Dates { first: date("2026-10-01"), last: date("2026-10-31") };
    check(october, -1, "2026-09-01..2026-09-30 30 × day, partial None");
    check(october, -8, "2026-02-01..2026-02-28 28 × day, partial None");
}

#[test]
fn the_last_complete_day_ends_the_range_and_nothing_later_counts() {
    let calendar = Calendar::new(Zone::named("Europe/Berlin").unwrap());
    let days = |newest: &str, range: Range| {
        let extent = Extent { first: at("2026-01-01T00:00:00Z"), as_of: at(newest) };
        let period = Period { as_of: AsOf::LastDay, ..range.into() };
        (period.dates(&calendar, extent), period.span(&calendar, extent))
    };
    let ((first, last), month) = days("2026-11-24T14:05:00Z", Range::LastDays(30));
    assert_eq!((first, last), (date("2026-10-25"), date("2026-11-23")));
    assert_eq!((month.partial, month.counts_until), (None, month.until));
    // At midnight the day before is complete.
    let ((_, last), _) = days("2026-11-24T00:00:00+01:00", Range::LastDays(30));
    assert_eq!(last, date("2026-11-23"));
    // A week that is under way shows its complete days.
    let ((_, last), weeks) = days("2026-11-24T14:05:00Z", Range::LastWeeks(2));
    assert_eq!((last, weeks.partial), (date("2026-11-29"), None));
    assert_eq!(weeks.window().until, Some(at("2026-11-24T00:00:00+01:00")));
    let weeks = month.in_weeks(&calendar);
    assert_eq!((weeks.partial, weeks.window().until), (Some(11), Some(at("2026-11-24T00:00:00+01:00"))));
    // Of days after it nothing counts.
    let dates = Range::Dates { first: date("2026-11-24"), last: date("2026-11-30") };
    let (_, later) = days("2026-11-24T14:05:00Z", dates);
    assert_eq!(later.window(), Window::between(later.from, later.from));
}

#[track_caller]
fn check_compared(range: Range, compare: Compare, expected: Option<&str>) {
    let calendar = Calendar::utc();
    let extent = Extent { first: at("2026-01-01T00:00:00Z"), as_of: at("2026-11-24T14:05:00Z") };
    let period = Period { compare, ..range.into() };
    let window = period.span(&calendar, extent).window_before(&calendar);
    let format = |it: Option<Instant>| calendar.zone.format(it.unwrap()).replace(":00+00:00", "");
    let text = window.map(|it| {
        let until = Instant::from_micros(it.until.unwrap().micros() / 60_000_000 * 60_000_000);
        format!("{}..{}", format(it.from), format(Some(until)))
    });
    assert_eq!(text.as_deref(), expected);
}

#[test]
fn the_same_weekdays_lie_whole_weeks_before() {
    let (previous, same) = (Compare::Previous, Compare::SameWeekdays);
    check_compared(Range::LastDays(30), previous, Some("2026-09-26T00:00..2026-10-25T14:05"));
    check_compared(Range::LastDays(30), same, Some("2026-09-21T00:00..2026-10-20T14:05"));
    check_compared(Range::LastDays(28), previous, Some("2026-09-30T00:00..2026-10-27T14:05"));
    check_compared(Range::LastDays(28), same, Some("2026-09-30T00:00..2026-10-27T14:05"));
    check_compared(Range::LastDays(1), same, Some("2026-11-17T00:00..2026-11-17T14:05"));
    check_compared(Range::LastDays(30), Compare::Off, None);
    check_compared(Range::All, same, None);
}

fn any_period() -> impl Strategy<Value = Period> {
    let unit = prop::sample::select(vec![Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::Year]);
    let date = || (0_i64..1_500).prop_map(|it| days_later(date("2016-01-01"), it));
    let range = prop_oneof![
        (1_u32..400).prop_map(Range::LastDays),
        (1_u32..60).prop_map(Range::LastWeeks),
        (unit, -5..3_i32).prop_map(|(unit, later)| Range::Unit { unit, later }),
        (date(), date()).prop_map(|(first, last)| Range::Dates { first, last }),
    ];
    let as_of = prop::sample::select(vec![AsOf::LatestRow, AsOf::LastDay]);
    let compare = prop::sample::select(vec![Compare::Previous, Compare::SameWeekdays]);
    (range, -4..2_i32, as_of, compare).prop_map(|(range, steps, as_of, compare)| Period {
        range,
        steps,
        as_of,
        compare,
    })
}

proptest! {
    /// São Paulo skipped midnights until 2018, Lord Howe moves by half an hour.
    #[test]
    fn what_is_compared_is_as_long_and_lies_wholly_before(
        period in any_period(),
        newest_secs in 1_480_000_000_i64..1_580_000_000,
        zone in prop::sample::select(vec![
            "UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe",
        ]),
    ) {
        let calendar = Calendar::new(Zone::named(zone).unwrap());
        let as_of = Instant::from_micros(newest_secs * 1_000_000);
        let span = period.span(&calendar, Extent { first: at("2016-01-01T00:00:00Z"), as_of });
        let days = |from: Instant, until: Instant| {
            let last = Instant::from_micros(until.micros() - 1);
            (calendar.date(from), calendar.date(last))
        };
        if let Some(before) = span.window_before(&calendar) {
            let (from, until) = (before.from.unwrap(), before.until.unwrap());
            prop_assert!(from < until && until <= span.from);
            let elapsed_until = Instant::from_micros(span.as_of.micros() + 1).min(span.until);
            let (now, then) = (days(span.from, elapsed_until), days(from, until));
            prop_assert_eq!(n_days(now), n_days(then));
            let shift = span.compared.unwrap().shift.cast_signed();
            prop_assert_eq!(now.0.signed_duration_since(then.0).num_days(), shift);
            if period.compare == Compare::SameWeekdays {
                prop_assert_eq!((now.0.weekday(), now.1.weekday()), (then.0.weekday(), then.1.weekday()));
            }
        } else {
            prop_assert!(span.as_of < span.from);
        }
        if period.as_of == AsOf::LastDay {
            prop_assert!(span.grain > Grain::Day || span.partial.is_none());
            let midnight = calendar.midnight(calendar.date(as_of));
            prop_assert!(span.window().until.unwrap() <= midnight.max(span.from));
        }
    }
}
