use chrono::{Days, NaiveDate};

use crate::model::{Bucket, Calendar, Grain, Instant, Window};

/// Which part of time is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Range {
    /// As many calendar days, the day of the newest row included.
    LastDays(u32),
    /// As many calendar weeks, the week of the newest row included.
    LastWeeks(u32),
    All,
    /// Both included.
    Dates {
        first: NaiveDate,
        last: NaiveDate,
    },
}

/// A range, and how often it was stepped: −1 is the range before.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Period {
    pub range: Range,
    pub steps: i32,
}

/// The rows that are there: a period is set against them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Extent {
    pub first: Instant,
    /// The newest row: what comes after it has not happened yet.
    pub as_of: Instant,
}

/// A period as instants: whole calendar days, cut into buckets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Span {
    pub from: Instant,
    /// Exclusive.
    pub until: Instant,
    pub grain: Grain,
    /// Gapless; the first begins at `from` and the last ends at `until`, so that a bucket which the
    /// span cuts shows the part that counts.
    pub buckets: Vec<Bucket>,
    /// The bucket that the newest row lies in, unless the span is over before it.
    pub partial: Option<usize>,
    /// How many calendar days earlier the compared span lies; `None` of everything there is.
    pub n_days: Option<u64>,
    pub as_of: Instant,
}

/// A day or two are cut in hours.
const DAYS_IN_HOURS_MAX: u64 = 2;
/// Half a year of columns is as many as a small window can show apart.
const DAYS_IN_DAYS_MAX: u64 = 184;
/// No chart of a common range has more columns.
const BUCKETS_COMMON: u64 = 200;
/// Nor any at all: four columns a pixel show nothing. Older rows are in the first.
const BUCKETS_MAX: usize = 2_000;

impl Default for Period {
    fn default() -> Self {
        Self { range: Range::LastDays(30), steps: 0 }
    }
}

impl From<Range> for Period {
    fn from(range: Range) -> Self {
        Self { range, steps: 0 }
    }
}

impl Period {
    /// Sets the period against the calendar and the rows that are there.
    pub fn span(self, calendar: &Calendar, extent: Extent) -> Span {
        let (first, last) = self.dates(calendar, extent);
        let n_days = u64::try_from(last.signed_duration_since(first).num_days() + 1).unwrap_or(1);
        let compared = (self.range != Range::All).then_some(n_days);
        Span::new(calendar, (first, last), grain(n_days), compared, extent.as_of)
    }

    /// The first and the last day, both included.
    pub fn dates(self, calendar: &Calendar, extent: Extent) -> (NaiveDate, NaiveDate) {
        let newest = calendar.date(extent.as_of);
        let (first, last) = match self.range {
            Range::LastDays(n) => (days_later(newest, 1 - i64::from(n.max(1))), newest),
            Range::LastWeeks(n) => {
                let start = calendar.bucket(extent.as_of, Grain::Week).local.date();
                (days_later(start, -7 * (i64::from(n.max(1)) - 1)), days_later(start, 6))
            }
            Range::All => return (calendar.date(extent.first.min(extent.as_of)), newest),
            Range::Dates { first, last } => (first.min(last), first.max(last)),
        };
        let n_days = last.signed_duration_since(first).num_days() + 1;
        let shift = n_days.saturating_mul(i64::from(self.steps));
        (days_later(first, shift), days_later(last, shift))
    }
}

impl Span {
    /// The days `first..=last`, both included.
    fn new(
        calendar: &Calendar,
        (first, last): (NaiveDate, NaiveDate),
        grain: Grain,
        n_days: Option<u64>,
        as_of: Instant,
    ) -> Self {
        let (from, until) = (calendar.midnight(first), calendar.midnight(days_later(last, 1)));
        let mut buckets = calendar.buckets(from, until, grain, BUCKETS_MAX);
        if let Some(bucket) = buckets.first_mut() {
            bucket.start = from;
        }
        if let Some(bucket) = buckets.last_mut() {
            bucket.end = until;
        }
        let partial = buckets.iter().position(|it| (it.start..it.end).contains(&as_of));
        Self { from, until, grain, buckets, partial, n_days, as_of }
    }

    /// The weeks that end with the last one of this span: twelve, or as many as the span has.
    /// Longer spans are cut in what they are cut in themselves.
    pub fn in_weeks(&self, calendar: &Calendar) -> Self {
        let last_instant = Instant::from_micros(self.until.micros() - 1);
        let last_week = calendar.bucket(last_instant, Grain::Week).local.date();
        let twelve = days_later(last_week, -7 * 11);
        let own = calendar.bucket(self.from, Grain::Week).local.date();
        let grain = self.grain.max(Grain::Week);
        if grain == Grain::Week {
            Self::new(calendar, (twelve.min(own), days_later(last_week, 6)), grain, None, self.as_of)
        } else {
            Self { n_days: None, ..self.clone() }
        }
    }

    pub fn window(&self) -> Window {
        Window::between(self.from, self.until)
    }

    /// The span of the same length before: only as much of it as has elapsed of this one.
    ///
    /// `None` where there is none, or where nothing of this span has elapsed.
    pub fn window_before(&self, calendar: &Calendar) -> Option<Window> {
        let n_days = self.n_days?;
        if self.as_of < self.from {
            return None;
        }
        let from = calendar.days_before(self.from, n_days);
        let until = if self.as_of < self.until {
            Instant::from_micros(calendar.days_before(self.as_of, n_days).micros() + 1)
        } else {
            calendar.days_before(self.until, n_days)
        };
        Some(Window::between(from, until))
    }

    /// The place of a bucket of an answer. Rows of an odd bucket (clocks put back over midnight)
    /// count to the one around it, so that nothing is lost.
    pub fn place(&self, start: Instant) -> usize {
        self.buckets.partition_point(|it| it.start <= start).saturating_sub(1)
    }
}

fn grain(n_days: u64) -> Grain {
    match n_days {
        _ if n_days <= DAYS_IN_HOURS_MAX => Grain::Hour,
        _ if n_days <= DAYS_IN_DAYS_MAX => Grain::Day,
        _ if n_days <= BUCKETS_COMMON * 7 => Grain::Week,
        _ if n_days <= BUCKETS_COMMON * 30 => Grain::Month,
        _ => Grain::Quarter,
    }
}

/// Stops at the ends of chrono's calendar, 262,000 years away.
fn days_later(date: NaiveDate, n_days: i64) -> NaiveDate {
    let days = Days::new(n_days.unsigned_abs());
    let moved = if n_days < 0 { date.checked_sub_days(days) } else { date.checked_add_days(days) };
    moved.unwrap_or(date)
}

#[cfg(test)]
mod tests {
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
        let span = Period { range, steps }.span(&calendar, extent);
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
}
