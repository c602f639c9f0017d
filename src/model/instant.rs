use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta};

/// A point in time: µs since 1970-01-01 00:00 UTC, as `PostgreSQL`'s `timestamptz` keeps it.
///
/// A row's time lies in the years 1 to 9999 (UTC); the limits of a bucket may lie just outside.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Instant(i64);

impl Instant {
    /// 0001-01-01 00:00:00 UTC.
    pub const MIN: Self = Self(-62_135_596_800_000_000);
    /// 9999-12-31 23:59:59.999999 UTC.
    pub const MAX: Self = Self(253_402_300_799_999_999);

    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whether a row may have this time.
    pub fn is_in_calendar(self) -> bool {
        (Self::MIN..=Self::MAX).contains(&self)
    }

    /// The machine's clock.
    pub fn now() -> Self {
        Self(chrono::Utc::now().timestamp_micros())
    }

    /// The wall clock of UTC at this time.
    pub fn utc(self) -> NaiveDateTime {
        self.at_offset(0)
    }

    /// The wall clock at this time where the clocks are `offset_secs` ahead of UTC.
    pub fn at_offset(self, offset_secs: i32) -> NaiveDateTime {
        // chrono reaches 262,000 years; `Instant`s of buckets leave the calendar by a year at most.
        let epoch = NaiveDate::default().and_time(chrono::NaiveTime::MIN);
        epoch
            .checked_add_signed(TimeDelta::microseconds(self.0))
            .and_then(|it| it.checked_add_signed(TimeDelta::seconds(i64::from(offset_secs))))
            .unwrap_or(NaiveDateTime::MAX)
    }

    /// The time at which clocks `offset_secs` ahead of UTC show `local`.
    pub fn from_local(local: NaiveDateTime, offset_secs: i32) -> Self {
        Self(local.and_utc().timestamp_micros() - i64::from(offset_secs) * 1_000_000)
    }
}

impl From<DateTime<chrono::Utc>> for Instant {
    fn from(at: DateTime<chrono::Utc>) -> Self {
        Self(at.timestamp_micros())
    }
}
