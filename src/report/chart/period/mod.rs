use chrono::{Datelike as _, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::model::{Bucket, Calendar, Grain, Instant, Window};

/// Which part of time is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Range {
    /// As many calendar days, the day of the newest row included.
    LastDays(u32),
    /// As many calendar weeks, the week of the newest row included.
    LastWeeks(u32),
    /// The unit that the newest row lies in, or one so many units later.
    Unit {
        unit: Unit,
        later: i32,
    },
    All,
    /// Both included.
    Dates {
        first: NaiveDate,
        last: NaiveDate,
    },
}

/// What the calendar is divided into.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// A range, how often it was stepped, what it ends at, and what it is compared with.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Period {
    pub range: Range,
    /// −1 is the range before.
    pub steps: i32,
    pub as_of: AsOf,
    pub compare: Compare,
}

/// What has happened: nothing later counts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub enum AsOf {
    /// All rows, to the newest: the bucket it lies in may be unfinished.
    #[default]
    LatestRow,
    /// To the last midnight at or before the newest row: no day is unfinished.
    LastDay,
}

/// Which earlier span of the same length a span is compared with.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub enum Compare {
    Off,
    /// The one that ends where this one begins.
    #[default]
    Previous,
    /// The last one that begins on the same weekday.
    SameWeekdays,
}

/// An earlier span.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Compared {
    pub compare: Compare,
    /// Its length, as long as the span that is compared with it.
    pub n_days: u64,
    /// How many calendar days earlier it lies: no fewer than its length.
    pub shift: u64,
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
    /// The bucket that is still under way at `as_of`, if one is.
    pub partial: Option<usize>,
    /// `None` of everything there is, and where nothing is to be compared.
    pub compared: Option<Compared>,
    /// The last instant that has happened.
    pub as_of: Instant,
    /// Exclusive; rows from then on do not count, though `until` may be later.
    pub counts_until: Instant,
    ends: AsOf,
    /// Both included.
    days: (NaiveDate, NaiveDate),
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
        let (as_of, compare) = (AsOf::default(), Compare::default());
        Self { range: Range::LastDays(30), steps: 0, as_of, compare }
    }
}

impl From<Range> for Period {
    fn from(range: Range) -> Self {
        Self { range, ..Self::default() }
    }
}

impl Period {
    /// Sets the period against the calendar and the rows that are there.
    pub fn span(self, calendar: &Calendar, extent: Extent) -> Span {
        let days = self.dates(calendar, extent);
        let as_of = self.newest(calendar, extent);
        let compared = self.compared(calendar, extent);
        let span = Span::new(calendar, days, grain(n_days(days)), as_of, self.as_of);
        Span { compared, ..span }
    }

    /// The last instant that has happened.
    pub fn newest(self, calendar: &Calendar, extent: Extent) -> Instant {
        match self.as_of {
            AsOf::LatestRow => extent.as_of,
            AsOf::LastDay => {
                let midnight = calendar.midnight(calendar.date(extent.as_of));
                Instant::from_micros(midnight.min(extent.as_of).micros() - 1)
            }
        }
    }

    /// The first and the last day, both included.
    pub fn dates(self, calendar: &Calendar, extent: Extent) -> (NaiveDate, NaiveDate) {
        let newest = calendar.date(self.newest(calendar, extent));
        let days = match self.range {
            Range::LastDays(n) => (days_later(newest, 1 - i64::from(n.max(1))), newest),
            Range::LastWeeks(n) => {
                let (start, end) = Unit::Week.dates(calendar, newest, 0);
                (days_later(start, -7 * (i64::from(n.max(1)) - 1)), end)
            }
            Range::Unit { unit, later } => {
                return unit.dates(calendar, newest, later.saturating_add(self.steps));
            }
            Range::All => return (calendar.date(extent.first).min(newest), newest),
            Range::Dates { first, last } => (first.min(last), first.max(last)),
        };
        stepped(days, self.steps)
    }

    /// What the span is compared with.
    pub fn compared(self, calendar: &Calendar, extent: Extent) -> Option<Compared> {
        if self.range == Range::All {
            return None;
        }
        let n_days = n_days(self.dates(calendar, extent));
        let shift = match self.compare {
            Compare::Off => return None,
            Compare::Previous => n_days,
            Compare::SameWeekdays => n_days.next_multiple_of(7),
        };
        Some(Compared { compare: self.compare, n_days, shift })
    }
}

impl Unit {
    /// The first and the last day of the unit around a day, or of one so many later.
    pub fn dates(self, calendar: &Calendar, around: NaiveDate, later: i32) -> (NaiveDate, NaiveDate) {
        let months = |n_months: i32| {
            let month0 = around.month0().cast_signed() / n_months * n_months;
            let start = NaiveDate::from_ymd_opt(around.year(), month0.cast_unsigned() + 1, 1);
            let first = months_later(start.unwrap_or(around), n_months.saturating_mul(later));
            (first, days_later(months_later(first, n_months), -1))
        };
        match self {
            Self::Day => {
                let day = days_later(around, later.into());
                (day, day)
            }
            Self::Week => {
                let week = around.week(calendar.week_start).checked_first_day().unwrap_or(around);
                let first = days_later(week, 7 * i64::from(later));
                (first, days_later(first, 6))
            }
            Self::Month => months(1),
            Self::Quarter => months(3),
            Self::Year => months(12),
        }
    }
}

impl Span {
    /// The days `first..=last`, both included, compared with nothing.
    fn new(
        calendar: &Calendar,
        (first, last): (NaiveDate, NaiveDate),
        grain: Grain,
        as_of: Instant,
        ends: AsOf,
    ) -> Self {
        let (from, until) = (calendar.midnight(first), calendar.midnight(days_later(last, 1)));
        let mut buckets = calendar.buckets(from, until, grain, BUCKETS_MAX);
        if let Some(bucket) = buckets.first_mut() {
            bucket.start = from;
        }
        if let Some(bucket) = buckets.last_mut() {
            bucket.end = until;
        }
        let happened_until = Instant::from_micros(as_of.micros().saturating_add(1));
        let partial = buckets.iter().position(|it| it.start < happened_until && happened_until < it.end);
        let counts_until = match ends {
            AsOf::LatestRow => until,
            AsOf::LastDay => until.min(happened_until).max(from),
        };
        let days = (first, last);
        Self { from, until, grain, buckets, partial, compared: None, as_of, counts_until, ends, days }
    }

    /// The weeks that end with the last one of this span: twelve, or as many as the span has.
    /// Longer spans are cut in what they are cut in themselves.
    pub fn in_weeks(&self, calendar: &Calendar) -> Self {
        let (first, last) = self.days;
        let (last_week, end) = Unit::Week.dates(calendar, last, 0);
        let (own, _) = Unit::Week.dates(calendar, first, 0);
        let twelve = days_later(last_week, -7 * 11);
        let grain = self.grain.max(Grain::Week);
        if grain == Grain::Week {
            Self::new(calendar, (twelve.min(own), end), grain, self.as_of, self.ends)
        } else {
            Self { compared: None, ..self.clone() }
        }
    }

    pub fn window(&self) -> Window {
        Window::between(self.from, self.counts_until)
    }

    /// The compared span: only as much of it as has elapsed of this one.
    ///
    /// `None` where there is none, or where nothing of this span has elapsed.
    pub fn window_before(&self, calendar: &Calendar) -> Option<Window> {
        let shift = self.compared?.shift;
        if self.as_of < self.from {
            return None;
        }
        let earlier = i64::try_from(shift).unwrap_or(i64::MAX).saturating_neg();
        let (first, last) = self.days;
        let from = calendar.midnight(days_later(first, earlier));
        let whole = calendar.midnight(days_later(days_later(last, 1), earlier));
        let until = if self.as_of < self.until {
            // The wall clock of then may be one that was skipped.
            Instant::from_micros(calendar.days_before(self.as_of, shift).micros() + 1).min(whole)
        } else {
            whole
        };
        Some(Window::between(from, until.max(from)))
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

/// Days that are whole months step by as many months, others by their number.
fn stepped((first, last): (NaiveDate, NaiveDate), steps: i32) -> (NaiveDate, NaiveDate) {
    let end = days_later(last, 1);
    if first.day() == 1 && end.day() == 1 && first < end {
        let month = |it: NaiveDate| it.year() * 12 + it.month0().cast_signed();
        let by = (month(end) - month(first)).saturating_mul(steps);
        return (months_later(first, by), days_later(months_later(end, by), -1));
    }
    let by = i64::try_from(n_days((first, last))).unwrap_or(1).saturating_mul(i64::from(steps));
    (days_later(first, by), days_later(last, by))
}

/// Both included.
fn n_days((first, last): (NaiveDate, NaiveDate)) -> u64 {
    u64::try_from(last.signed_duration_since(first).num_days() + 1).unwrap_or(1)
}

fn months_later(date: NaiveDate, n_months: i32) -> NaiveDate {
    let months = Months::new(n_months.unsigned_abs());
    let moved = if n_months < 0 { date.checked_sub_months(months) } else { date.checked_add_months(months) };
    moved.unwrap_or(date)
}

/// Stops at the ends of chrono's calendar, 262,000 years away.
pub(super) fn days_later(date: NaiveDate, n_days: i64) -> NaiveDate {
    let days = Days::new(n_days.unsigned_abs());
    let moved = if n_days < 0 { date.checked_sub_days(days) } else { date.checked_add_days(days) };
    moved.unwrap_or(date)
}

#[cfg(test)]
mod tests;
