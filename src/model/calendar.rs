use chrono::{
    Datelike as _, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike as _, Weekday,
};

use super::{Instant, Zone};

/// What a day and a week are: a zone and the day on which weeks begin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Calendar {
    pub zone: Zone,
    /// `PostgreSQL`'s and ISO 8601's is Monday; reports always use that.
    pub week_start: Weekday,
}

/// How finely time is cut.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Grain {
    Hour,
    Day,
    Week,
    Month,
    Quarter,
}

/// One cut of time. Its limits are instants, so a day may have 23 or 25 hours.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Bucket {
    pub start: Instant,
    /// Exclusive: the start of the next one.
    pub end: Instant,
    /// The wall clock that names it: for a day its date at 00:00, even where that does not exist.
    pub local: NaiveDateTime,
}

impl Calendar {
    pub fn new(zone: Zone) -> Self {
        Self { zone, week_start: Weekday::Mon }
    }

    pub fn utc() -> Self {
        Self::new(Zone::utc())
    }

    /// The bucket of a row, as `PostgreSQL`'s `date_trunc(grain, created_at)` names it in this zone.
    pub fn bucket(&self, at: Instant, grain: Grain) -> Bucket {
        self.spans(grain).at(at).1
    }

    /// A walk over time that tells, instant by instant, which bucket it is in.
    pub fn spans(&self, grain: Grain) -> Spans<'_> {
        Spans { calendar: self, grain, clocks: None }
    }

    /// `n_days` of the calendar before: the wall clock is kept, as in `now() - interval '30 days'`.
    pub fn days_before(&self, at: Instant, n_days: u64) -> Instant {
        let local = self.zone.local(at);
        self.zone.instant(local.checked_sub_days(Days::new(n_days)).unwrap_or(local))
    }

    /// `n_days` of the calendar later: the wall clock is kept.
    pub fn days_after(&self, at: Instant, n_days: u64) -> Instant {
        let local = self.zone.local(at);
        self.zone.instant(local.checked_add_days(Days::new(n_days)).unwrap_or(local))
    }

    /// Midnight at the start of a date, or the first time after it that exists.
    pub fn midnight(&self, date: NaiveDate) -> Instant {
        self.zone.instant(date.and_time(NaiveTime::MIN))
    }

    pub fn date(&self, at: Instant) -> NaiveDate {
        self.zone.local(at).date()
    }

    /// All buckets that touch `from ≤ t < until`, gaps and all; at most `n_max`, the latest.
    pub fn buckets(&self, from: Instant, until: Instant, grain: Grain, n_max: usize) -> Vec<Bucket> {
        let mut buckets = Vec::new();
        let mut end = until;
        while from < end && buckets.len() < n_max {
            let bucket = self.bucket(Instant::from_micros(end.micros() - 1), grain);
            // Where clocks go back over midnight the bucket of the last instant may be an odd minute.
            if buckets.last().is_none_or(|it: &Bucket| bucket.start < it.start) {
                buckets.push(bucket);
            }
            end = bucket.start.min(Instant::from_micros(end.micros() - 1));
        }
        buckets.reverse();
        buckets
    }

    /// The bucket whose wall clock begins at `local`, for a grain of a day or more.
    fn bucket_named(&self, local: NaiveDateTime, grain: Grain) -> Bucket {
        let next = grain.next(local);
        Bucket { start: self.zone.instant(local), end: self.zone.instant(next), local }
    }

    /// The wall clock that names the bucket in which `local` lies.
    fn truncate(&self, local: NaiveDateTime, grain: Grain) -> NaiveDateTime {
        let date = local.date();
        let first = match grain {
            Grain::Hour => {
                let past = TimeDelta::minutes(i64::from(local.minute()))
                    + TimeDelta::seconds(i64::from(local.second()))
                    + TimeDelta::nanoseconds(i64::from(local.nanosecond()));
                return local - past;
            }
            Grain::Day => Some(date),
            Grain::Week => Some(date.week(self.week_start).checked_first_day().unwrap_or(date)),
            Grain::Month => date.with_day(1),
            Grain::Quarter => date.with_day(1).and_then(|it| it.with_month0(date.month0() / 3 * 3)),
        };
        first.unwrap_or(date).and_time(NaiveTime::MIN)
    }
}

impl Grain {
    /// The name `PostgreSQL`'s `date_trunc` knows it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
        }
    }

    /// The wall clock of the next bucket.
    fn next(self, local: NaiveDateTime) -> NaiveDateTime {
        let next = match self {
            Self::Hour => local.checked_add_signed(TimeDelta::hours(1)),
            Self::Day => local.checked_add_days(Days::new(1)),
            Self::Week => local.checked_add_days(Days::new(7)),
            Self::Month => local.checked_add_months(Months::new(1)),
            Self::Quarter => local.checked_add_months(Months::new(3)),
        };
        next.unwrap_or(local)
    }
}

/// Says which bucket an instant is in, and until when that stays so.
///
/// Rows in the order of time ask once a span instead of once a row. A bucket is mostly one span;
/// where clocks go back over midnight (St John's, until 2011) it is two, with another's minute between.
#[derive(Debug)]
pub struct Spans<'a> {
    calendar: &'a Calendar,
    grain: Grain,
    clocks: Option<Clocks>,
}

/// How clocks are set, and from when until when they stay so.
#[derive(Clone, Copy, Debug)]
struct Clocks {
    since: Instant,
    until: Instant,
    offset_secs: i32,
}

/// No clocks were ever put on or back by as much: Apia skipped a day.
const SHIFT_MAX_MICROS: i64 = 2 * 86_400_000_000;

impl Spans<'_> {
    /// The exclusive end of the span around `at`, and its bucket.
    pub fn at(&mut self, at: Instant) -> (Instant, Bucket) {
        let clocks = self.clocks(at);
        let offset_secs = clocks.offset_secs;
        let local = self.calendar.truncate(at.at_offset(offset_secs), self.grain);
        let next = self.grain.next(local);
        let end = Instant::from_local(next, offset_secs).min(clocks.until);
        let bucket = if self.grain == Grain::Hour {
            // Both of the doubled hours are buckets of their own.
            Bucket { start: Instant::from_local(local, offset_secs), end, local }
        } else if let (Some(start), Some(end)) = (clocks.instant(local), clocks.instant(next)) {
            Bucket { start, end, local }
        } else {
            self.calendar.bucket_named(local, self.grain)
        };
        (end, bucket)
    }

    fn clocks(&mut self, at: Instant) -> Clocks {
        if let Some(clocks) = self.clocks
            && (clocks.since..clocks.until).contains(&at)
        {
            return clocks;
        }
        let zone = &self.calendar.zone;
        let clocks = Clocks {
            since: zone.last_change(at).unwrap_or(Instant::from_micros(i64::MIN)),
            until: zone.next_change(at).map_or(Instant::from_micros(i64::MAX), |(change, _)| change),
            offset_secs: zone.offset_secs(at),
        };
        self.clocks = Some(clocks);
        clocks
    }
}

impl Clocks {
    /// What [`Zone::instant`] says of a wall clock; `None` near a change of the clocks. So the zone is asked
    /// once a change, and not twice a bucket.
    fn instant(self, local: NaiveDateTime) -> Option<Instant> {
        let at = Instant::from_local(local, self.offset_secs);
        let is_far = self.since.micros().saturating_add(SHIFT_MAX_MICROS) <= at.micros()
            && at.micros().saturating_add(SHIFT_MAX_MICROS) < self.until.micros();
        is_far.then_some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(zone: &str) -> Calendar {
        Calendar::new(Zone::named(zone).unwrap())
    }

    fn at(text: &str) -> Instant {
        chrono::DateTime::parse_from_rfc3339(text).unwrap().to_utc().into()
    }

    #[track_caller]
    fn check_bucket(zone: &str, grain: Grain, row: &str, start: &str, hours: i64) {
        let calendar = calendar(zone);
        let bucket = calendar.bucket(at(row), grain);
        assert_eq!(calendar.zone.format(bucket.start), start);
        assert_eq!((bucket.end.micros() - bucket.start.micros()) / 3_600_000_000, hours);
    }

    #[test]
    fn days_have_as_many_hours_as_the_clocks_say() {
        check_bucket("UTC", Grain::Day, "2025-03-30T12:00:00Z", "2025-03-30T00:00:00+00:00", 24);
        check_bucket("Europe/Berlin", Grain::Day, "2025-03-30T12:00:00Z", "2025-03-30T00:00:00+01:00", 23);
        check_bucket("Europe/Berlin", Grain::Day, "2025-10-26T12:00:00Z", "2025-10-26T00:00:00+02:00", 25);
        check_bucket(
            "America/Sao_Paulo",
            Grain::Day,
            "2018-11-04T12:00:00Z",
            "2018-11-04T01:00:00-02:00",
            23,
        );
        check_bucket("Asia/Kathmandu", Grain::Day, "2025-01-01T18:15:00Z", "2025-01-02T00:00:00+05:45", 24);
    }

    #[test]
    fn weeks_begin_on_monday_and_cross_new_year() {
        check_bucket("UTC", Grain::Week, "2025-01-01T00:00:00Z", "2024-12-30T00:00:00+00:00", 168);
        check_bucket("Europe/Berlin", Grain::Week, "2025-08-31T22:30:00Z", "2025-09-01T00:00:00+02:00", 168);
        let mut sunday = calendar("UTC");
        sunday.week_start = Weekday::Sun;
        assert_eq!(
            sunday.bucket(at("2025-01-01T00:00:00Z"), Grain::Week).local.to_string(),
            "2024-12-29 00:00:00"
        );
    }

    #[test]
    fn both_doubled_hours_are_buckets() {
        check_bucket("Europe/Berlin", Grain::Hour, "2025-10-26T00:30:00Z", "2025-10-26T02:00:00+02:00", 1);
        check_bucket("Europe/Berlin", Grain::Hour, "2025-10-26T01:30:00Z", "2025-10-26T02:00:00+01:00", 1);
    }

    #[test]
    fn a_date_that_comes_twice_is_one_bucket() {
        // St John's, 2006-10-29 00:01 → 2006-10-28 23:01.
        let calendar = calendar("America/St_Johns");
        let (first, odd, second) =
            (at("2006-10-29T02:00:00Z"), at("2006-10-29T02:30:30Z"), at("2006-10-29T02:45:00Z"));
        let date = |it| calendar.bucket(it, Grain::Day).local.date().to_string();
        assert_eq!([date(first), date(odd), date(second)], ["2006-10-28", "2006-10-29", "2006-10-28"]);
        assert_eq!(calendar.bucket(first, Grain::Day), calendar.bucket(second, Grain::Day));
    }

    #[test]
    fn gaps_are_filled_and_a_skipped_day_is_none() {
        let calendar = calendar("Pacific/Apia");
        let days = calendar.buckets(at("2011-12-29T00:00:00Z"), at("2012-01-01T00:00:00Z"), Grain::Day, 100);
        let dates: Vec<_> = days.iter().map(|it| it.local.date().to_string()).collect();
        assert_eq!(dates, ["2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01"]);
        assert!(days.windows(2).all(|it| it[0].end == it[1].start));
    }

    #[test]
    fn a_walk_over_time_names_the_same_buckets_as_the_zone() {
        // Every six hours and a bit around changes of all kinds.
        for (zone, from) in [
            ("Europe/Berlin", "2025-03-20T00:00:00Z"),
            ("Europe/Berlin", "2025-10-20T00:00:00Z"),
            ("America/St_Johns", "2006-10-20T00:00:00Z"),
            ("America/Sao_Paulo", "2018-10-28T00:00:00Z"),
            ("Pacific/Apia", "2011-12-20T00:00:00Z"),
            ("Asia/Kathmandu", "1985-12-25T00:00:00Z"),
            ("UTC", "2025-01-01T00:00:00Z"),
        ] {
            let calendar = calendar(zone);
            for grain in [Grain::Day, Grain::Week, Grain::Month, Grain::Quarter] {
                let mut spans = calendar.spans(grain);
                for step in 0..100 {
                    let at = Instant::from_micros(at(from).micros() + step * 21_701_000_001);
                    let (end, bucket) = spans.at(at);
                    assert_eq!(bucket, calendar.bucket_named(bucket.local, grain), "{zone} {grain:?} {at:?}");
                    assert_eq!(bucket, calendar.bucket(at, grain));
                    assert!(at < end);
                }
            }
        }
    }

    #[test]
    fn thirty_days_keep_the_wall_clock() {
        let calendar = calendar("Europe/Berlin");
        let text = |now| calendar.zone.format(calendar.days_before(at(now), 30));
        // From summer time back into winter time, onto a skipped time, and onto a doubled one.
        assert_eq!(text("2025-04-15T10:00:00+02:00"), "2025-03-16T10:00:00+01:00");
        assert_eq!(text("2025-04-29T02:30:00+02:00"), "2025-03-30T03:30:00+02:00");
        assert_eq!(text("2025-11-25T02:30:00+01:00"), "2025-10-26T02:30:00+01:00");
    }
}
