//! `timestamptz` as `PostgreSQL`'s `timestamptz_in` reads it, in the spellings that dumps use.

use chrono::NaiveDate;
use thiserror::Error;

use super::{is_blank, quoted, trimmed};
use crate::model::{Instant, Zone};

/// As long as `PostgreSQL` takes a time (`MAXDATELEN`).
const CHARS_MAX: usize = 128;
const DAY_MICROS: i64 = 86_400_000_000;

/// Why a text is no instant.
#[derive(Debug, PartialEq, Eq, Error)]
pub(in crate::import) enum TimeFault {
    #[error("{} is not a time", quoted(.0))]
    NotATime(String),
    #[error("{} does not exist: the date or the time is out of range", quoted(.0))]
    OutOfRange(String),
    #[error("{} is outside the calendar: the years 1 to 9999 in UTC", quoted(.0))]
    OutsideCalendar(String),
    #[error("{} names its zone by a word, which can mean several: use an offset or UTC", quoted(.0))]
    ZoneName(String),
    /// The row cannot be read without an answer from the user.
    #[error("{} has no time zone", quoted(.0))]
    NoZone(String),
}

/// Reads an instant. A text without zone is read in `assume_zone`.
///
/// Fractions beyond µs are rounded as `PostgreSQL` rounds them, to even; `24:00:00` and `:60` are
/// the next day and the next minute.
pub(in crate::import) fn parse(text: &str, assume_zone: Option<&Zone>) -> Result<Instant, TimeFault> {
    let fault = |kind: fn(String) -> TimeFault| Err(kind(text.to_owned()));
    if text.len() > CHARS_MAX {
        return fault(TimeFault::NotATime);
    }
    let text_inner = trimmed(text);
    if ["infinity", "-infinity", "+infinity"].iter().any(|it| it.eq_ignore_ascii_case(text_inner)) {
        return fault(TimeFault::OutsideCalendar);
    }
    let Some((clock, rest)) = Clock::read(text_inner.as_bytes()) else {
        return fault(TimeFault::NotATime);
    };
    let (rest, before_christ) = match rest {
        [rest @ .., b'B' | b'b', b'C' | b'c'] if rest.last().is_some_and(|it| is_blank(*it)) => (rest, true),
        _ => (rest, false),
    };
    let offset = match Offset::read(rest.trim_ascii()) {
        Some(offset) => offset,
        None if is_zone_name(rest) => return fault(TimeFault::ZoneName),
        None => return fault(TimeFault::NotATime),
    };
    // An offset moves the year 10000 back by one at most, so what is later need not be reckoned.
    if before_christ || clock.year == 0 || clock.year > 10_000 {
        return fault(TimeFault::OutsideCalendar);
    }
    let (Some(date), Some(micros)) = (clock.date(), clock.micros_of_day()) else {
        return fault(TimeFault::OutOfRange);
    };
    let midnight = Instant::from_local(date.and_time(chrono::NaiveTime::MIN), 0).micros();
    let instant = match (offset, assume_zone) {
        (Offset::Secs(secs), _) => Instant::from_micros(midnight + micros - secs * 1_000_000),
        (Offset::Missing, Some(zone)) => zone.instant(Instant::from_micros(midnight + micros).utc()),
        (Offset::Missing, None) => return fault(TimeFault::NoZone),
        (Offset::OutOfRange, _) => return fault(TimeFault::OutOfRange),
    };
    if instant.is_in_calendar() { Ok(instant) } else { fault(TimeFault::OutsideCalendar) }
}

/// Whether a word stands where the zone should, perhaps after an offset.
fn is_zone_name(text: &[u8]) -> bool {
    let may_be = |it: &u8| it.is_ascii_alphanumeric() || b" +-:/_".contains(it);
    text.iter().any(u8::is_ascii_alphabetic) && text.iter().all(may_be)
}

/// Date and time as they stand in the text.
struct Clock {
    year: i32,
    month: u32,
    day: u32,
    hour: i64,
    minute: i64,
    second: i64,
    /// At most a whole second, by rounding.
    fraction_micros: i64,
}

impl Clock {
    /// `YYYY-MM-DD`, blanks or a T, `HH:MM[:SS[.ffffff]]`, and what follows.
    fn read(text: &[u8]) -> Option<(Self, &[u8])> {
        let (year, rest) = number(text, 4..=6)?;
        let (month, rest) = number(rest.strip_prefix(b"-")?, 2..=2)?;
        let (day, rest) = number(rest.strip_prefix(b"-")?, 2..=2)?;
        let rest = match rest {
            [b'T' | b't', rest @ ..] => rest,
            [blank, ..] if is_blank(*blank) => rest.trim_ascii_start(),
            _ => return None,
        };
        let (hour, rest) = number(rest, 2..=2)?;
        let (minute, rest) = number(rest.strip_prefix(b":")?, 2..=2)?;
        let has_seconds = rest.starts_with(b":");
        let (second, rest) = match rest {
            [b':', rest @ ..] => number(rest, 2..=2)?,
            _ => (0, rest),
        };
        let (fraction_micros, rest) = match rest {
            // `10:15.5` is minutes and seconds to `PostgreSQL`; no dump means that.
            [b'.', rest @ ..] if has_seconds => fraction(rest)?,
            _ => (0, rest),
        };
        let [year, month, day] = [year, month, day].map(|it| it as u32);
        Some((Self { year: year.cast_signed(), month, day, hour, minute, second, fraction_micros }, rest))
    }

    fn date(&self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year, self.month, self.day)
    }

    /// The rule is `PostgreSQL`'s `time_overflows`: each part up to its end, and a day in all.
    fn micros_of_day(&self) -> Option<i64> {
        let Self { hour, minute, second, fraction_micros, .. } = *self;
        let micros = ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction_micros;
        (hour <= 24 && minute <= 59 && second <= 60 && micros <= DAY_MICROS).then_some(micros)
    }
}

/// How far the clock of the text is ahead of UTC.
#[derive(Clone, Copy)]
enum Offset {
    Secs(i64),
    OutOfRange,
    Missing,
}

impl Offset {
    /// `+00`, `+0000`, `+00:00`, `+00:53:28`, `Z`, `UTC`, `+0000 UTC`, or nothing.
    fn read(text: &[u8]) -> Option<Self> {
        let is_utc = |it: &[u8]| it.eq_ignore_ascii_case(b"z") || it.eq_ignore_ascii_case(b"utc");
        match text {
            [] => Some(Self::Missing),
            _ if is_utc(text) => Some(Self::Secs(0)),
            [sign @ (b'+' | b'-'), digits @ ..] => {
                let (size, rest) = Self::size(digits)?;
                let offset = match size {
                    Some(size) => Self::Secs(if *sign == b'-' { -size } else { size }),
                    None => Self::OutOfRange,
                };
                match (offset, rest) {
                    (_, []) => Some(offset),
                    // As Go writes it. Another name for another offset is not ours to judge.
                    (Self::Secs(0), [b' ', name @ ..]) if is_utc(name) => Some(offset),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Without sign; the inner `None` is one that no clock has (`PostgreSQL`'s `MAX_TZDISP_HOUR`).
    fn size(text: &[u8]) -> Option<(Option<i64>, &[u8])> {
        let n_digits = text.iter().take_while(|it| it.is_ascii_digit()).count();
        let (first, rest) = number(text, 1..=6)?;
        let (hours, minutes, seconds, rest) = match rest {
            [b':', rest @ ..] => {
                let (minutes, rest) = number(rest, 1..=2)?;
                match rest {
                    [b':', rest @ ..] => {
                        let (seconds, rest) = number(rest, 1..=2)?;
                        (first, minutes, seconds, rest)
                    }
                    _ => (first, minutes, 0, rest),
                }
            }
            _ if n_digits > 2 => (first / 100, first % 100, 0, rest),
            _ => (first, 0, 0, rest),
        };
        let in_range = hours <= 15 && minutes <= 59 && seconds <= 59;
        Some((in_range.then_some((hours * 60 + minutes) * 60 + seconds), rest))
    }
}

/// All leading digits, as many as `n_digits` allows.
fn number(text: &[u8], n_digits: std::ops::RangeInclusive<usize>) -> Option<(i64, &[u8])> {
    let n_found = text.iter().take_while(|it| it.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(n_found);
    let value = || digits.iter().fold(0, |value: i64, it| value * 10 + i64::from(it - b'0'));
    n_digits.contains(&n_found).then(|| (value(), rest))
}

/// The digits after the point, in µs.
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let n_found = text.iter().take_while(|it| it.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(n_found);
    if n_found <= 6 {
        let micros = digits.iter().fold(0, |value: i64, it| value * 10 + i64::from(it - b'0'));
        return Some((micros * 10_i64.pow(6 - n_found as u32), rest));
    }
    // Just as PostgreSQL does: `rint(strtod(…) * 1000000)`.
    let seconds: f64 = format!("0.{}", std::str::from_utf8(digits).ok()?).parse().ok()?;
    Some(((seconds * 1e6).round_ties_even() as i64, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let at = parse(text, None).unwrap_or_else(|err| panic!("{text}: {err}"));
        assert_eq!(Zone::utc().format(at), format!("{expected}+00:00"), "{text}");
    }

    #[track_caller]
    fn check_in(zone: &str, text: &str, expected: &str) {
        let zone = Zone::named(zone).unwrap();
        assert_eq!(zone.format(parse(text, Some(&zone)).unwrap()), expected, "{text}");
    }

    #[track_caller]
    fn check_refused(text: &str, kind: fn(String) -> TimeFault) {
        assert_eq!(parse(text, None), Err(kind(text.to_owned())));
    }

    #[test]
    fn every_spelling_of_an_offset_is_read() {
        for text in [
            "2025-08-30 10:00:00+00",
            "2025-08-30T10:00:00Z",
            "2025-08-30t10:00:00z",
            "2025-08-30 10:00:00 UTC",
            "2025-08-30 10:00:00 +0000 UTC",
            "2025-08-30 10:00:00+0000",
            "2025-08-30 10:00:00-00:00",
            "2025-08-30 12:00:00.000 +0200",
            "2025-08-30 15:30:00+05:30",
            "2025-08-30 15:30:00+530",
            "2025-08-30 10:53:28+00:53:28",
            " 2025-08-30  10:00:00  Z ",
            "2025-08-30 10:00+00",
            "2025-08-30 15:00:00+5",
            "2025-08-29 21:00:00-13:00",
            "2025-08-30 10:00:00.+00",
        ] {
            check(text, "2025-08-30T10:00:00");
        }
    }

    #[test]
    fn fractions_beyond_microseconds_are_rounded_to_even() {
        check("2025-08-30 23:59:59.9999999+00", "2025-08-31T00:00:00");
        check("2025-08-30 10:00:00.123456500Z", "2025-08-30T10:00:00.123456");
        check("2025-08-30 10:00:00.1234575Z", "2025-08-30T10:00:00.123458");
        check("2025-08-30 10:00:00.000000000Z", "2025-08-30T10:00:00");
        check("1969-12-31 23:59:59.5Z", "1969-12-31T23:59:59.5");
    }

    #[test]
    fn the_end_of_a_minute_and_of_a_day_are_the_next_ones_start() {
        check("2025-08-30 24:00:00+00", "2025-08-31T00:00:00");
        check("2025-08-30 23:59:60+00", "2025-08-31T00:00:00");
        check("2025-08-30 12:00:60.5+00", "2025-08-30T12:01:00.5");
        check("2025-08-30 24:00:00.0000001+00", "2025-08-31T00:00:00");
        for text in ["2025-08-30 24:00:00.1+00", "2025-08-30 23:59:60.5+00", "2025-08-30 24:00:01Z"] {
            check_refused(text, TimeFault::OutOfRange);
        }
    }

    #[test]
    fn what_does_not_exist_is_refused() {
        for text in [
            "2025-02-30 10:00:00+00",
            "2025-13-01 10:00:00Z",
            "2025-08-30 25:00:00Z",
            "2025-08-30 10:60:00Z",
            "2025-08-30 10:00:61Z",
            "2025-08-30 10:00:00+16",
            "2025-08-30 10:00:00+053000",
        ] {
            check_refused(text, TimeFault::OutOfRange);
        }
        check("2024-02-29 10:00:00+00", "2024-02-29T10:00:00");
    }

    #[test]
    fn the_calendar_has_the_years_1_to_9999_in_utc() {
        check("0001-01-01 00:00:00+00", "0001-01-01T00:00:00");
        check("10000-01-01 00:30:00+01", "9999-12-31T23:30:00");
        for text in [
            "9999-12-31 23:30:00-01",
            "0001-01-01 00:00:00+14",
            "294276-12-31 23:59:59+00",
            "infinity",
            "-Infinity",
            "0044-03-15 12:00:00+00 BC",
            "0000-01-01 00:00:00Z",
            "9999-12-31 24:00:00Z",
        ] {
            check_refused(text, TimeFault::OutsideCalendar);
        }
    }

    #[test]
    fn other_texts_are_no_times() {
        for text in [
            "",
            "yesterday",
            "2025-08-30",
            "1756548000000",
            "45859.23459490741",
            "30.08.2025 10:00",
            "08/30/2025 10:00",
            "2025-08-30 10",
            "2025-8-3 1:5",
            "2025-08-30 10:15.5Z",
            "2025-08-30 10:00:00,5Z",
            "2025-08-30 10:00:00+",
            "2025-08-30T10:00:00 *Z",
        ] {
            check_refused(text, TimeFault::NotATime);
        }
        for text in ["2025-08-30 10:00:00 IST", "2025-08-30 10:00:00 EST", "2025-08-30 10:00:00 +0200 UTC"] {
            check_refused(text, TimeFault::ZoneName);
        }
    }

    #[test]
    fn a_time_without_zone_is_read_in_the_assumed_one_or_not_at_all() {
        check_refused("2025-08-30 10:00:00", TimeFault::NoZone);
        check_in("Europe/Berlin", "2025-08-30 10:00:00", "2025-08-30T10:00:00+02:00");
        check_in("Europe/Berlin", "2025-10-26 02:30:00", "2025-10-26T02:30:00+01:00");
        check_in("Europe/Berlin", "2025-03-30 02:30:00", "2025-03-30T03:30:00+02:00");
        check_in("Europe/Berlin", "2025-08-30 10:00:00Z", "2025-08-30T12:00:00+02:00");
    }
}
