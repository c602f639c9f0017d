//! What the parts of the time pill say.

use chrono::NaiveDate;

use super::number;
use crate::model::{Instant, Zone};
use crate::report::chart::{Compare, Compared, Period, Range, Unit};

/// What a range is called; once it was stepped, only its days say what it is.
pub fn range_name(period: Period, days: Option<(NaiveDate, NaiveDate)>) -> String {
    let days = days.map(|(first, last)| number::dates(first, last));
    if let (Some(days), true) = (&days, period.steps != 0) {
        return days.clone();
    }
    match period.range {
        Range::LastDays(n) => format!("Last {n} days"),
        Range::LastWeeks(n) => format!("Last {n} weeks"),
        Range::All => "All time".to_owned(),
        Range::Unit { unit: Unit::Month, later: 0 } => "This month".to_owned(),
        Range::Unit { unit: Unit::Month, later: -1 } => "Last month".to_owned(),
        Range::Unit { .. } => days.unwrap_or_else(|| "One part of the calendar".to_owned()),
        Range::Dates { first, last } => number::dates(first, last),
    }
}

/// `previous 30 days`, `same weekdays, 35 days before`.
pub fn compared_name(compared: Compared) -> String {
    match (compared.compare, compared.n_days) {
        (Compare::SameWeekdays, _) => format!("same weekdays, {} days before", compared.shift),
        (_, 1) => "previous day".to_owned(),
        (_, n_days) => format!("previous {n_days} days"),
    }
}

/// `24 Nov 2026 14:05`, `23 Nov 2026 24:00`; short, without its year.
pub fn as_of(at: Instant, zone: &Zone, is_short: bool) -> String {
    let (day, clock) = (zone.local(at).date(), number::end_clock(at, zone));
    let day = if is_short { number::day_month(day) } else { number::date(day) };
    format!("{day} {clock}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn ranges_have_names_until_they_are_stepped() {
        let days = Some((date("2026-10-01"), date("2026-10-31")));
        let check = |range: Range, steps: i32, expected: &str| {
            assert_eq!(range_name(Period { steps, ..range.into() }, days), expected);
        };
        check(Range::LastDays(28), 0, "Last 28 days");
        check(Range::LastDays(28), -1, "1 Oct – 31 Oct 2026");
        check(Range::Unit { unit: Unit::Month, later: 0 }, 0, "This month");
        check(Range::Unit { unit: Unit::Month, later: -1 }, 0, "Last month");
        check(Range::Unit { unit: Unit::Month, later: -2 }, 0, "1 Oct – 31 Oct 2026");
        check(Range::All, 0, "All time");
    }

    #[test]
    fn a_comparison_says_how_far_back_it_lies() {
        let check = |compare, n_days, shift, expected: &str| {
            assert_eq!(compared_name(Compared { compare, n_days, shift }), expected);
        };
        check(Compare::Previous, 30, 30, "previous 30 days");
        check(Compare::Previous, 1, 1, "previous day");
        check(Compare::SameWeekdays, 30, 35, "same weekdays, 35 days before");
    }

    #[test]
    fn the_end_of_a_day_is_its_own() {
        let at = |text: &str| Instant::from(chrono::DateTime::parse_from_rfc3339(text).unwrap().to_utc());
        let zone = Zone::named("Europe/Berlin").unwrap();
        assert_eq!(as_of(at("2026-11-24T14:05:00+01:00"), &zone, false), "24 Nov 2026 14:05");
        assert_eq!(as_of(at("2026-11-23T23:59:59.999999+01:00"), &zone, true), "23 Nov 24:00");
    }
}
