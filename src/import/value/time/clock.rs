//! A date and a time of day, in the orders in which they are written.

use chrono::{Datelike as _, NaiveDate, Weekday};

use super::super::is_blank;
use super::{DAY_MICROS, DateOrder};

/// Date and time as they stand in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    pub(super) year: i32,
    month: u32,
    day: u32,
    time: TimeOfDay,
    /// As the text names it.
    weekday: Option<Weekday>,
}

#[derive(Clone, Copy, Debug)]
struct TimeOfDay {
    hour: i64,
    minute: i64,
    second: i64,
    /// At most a whole second, by rounding.
    fraction_micros: i64,
}

/// A date of two numbers that may both be the month, and the year.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ordered {
    first: i64,
    second: i64,
    year: i64,
    time: TimeOfDay,
}

impl Clock {
    /// `YYYY-MM-DD` or `YYYY/MM/DD`, blanks or a T, `HH:MM[:SS[.ffffff]]`, and what follows.
    pub(super) fn read(text: &[u8]) -> Option<(Self, &[u8])> {
        let (year, rest) = number(text, 4..=6)?;
        let (&separator @ (b'-' | b'/'), rest) = rest.split_first()? else { return None };
        let (month, rest) = number(rest, 2..=2)?;
        let (day, rest) = number(rest.strip_prefix(&[separator])?, 2..=2)?;
        let rest = match rest {
            [b'T' | b't', rest @ ..] => rest,
            _ => after_blanks(rest)?,
        };
        let (time, rest) = TimeOfDay::read(rest, 2)?;
        let [year, month, day] = [year, month, day].map(|it| it as u32);
        Some((Self { year: year.cast_signed(), month, day, time, weekday: None }, rest))
    }

    /// With the month as a word: `Mon, 21 Jul 2025 05:37:49` as mail writes it, and, as `PostgreSQL`'s
    /// `DateStyle` of its own name does, `Mon 21 Jul 05:37:49 2025` or `Mon Jul 21 05:37:49 2025`.
    pub(super) fn read_words(text: &[u8]) -> Option<(Self, &[u8])> {
        let (weekday, rest) = match word(text) {
            Some((name, rest)) => {
                let rest = rest.strip_prefix(b",").unwrap_or(rest);
                (Some(weekday(name)?), after_blanks(rest)?)
            }
            None => (None, text),
        };
        let (month, day, rest) = if let Some((name, rest)) = word(rest) {
            let (day, rest) = number(after_blanks(rest)?, 1..=2)?;
            (month(name)?, day, rest)
        } else {
            let (day, rest) = number(rest, 1..=2)?;
            let (name, rest) = word(after_blanks(rest)?)?;
            (month(name)?, day, rest)
        };
        let rest = after_blanks(rest)?;
        let (year, time, rest) = if rest.get(1..3)?.contains(&b':') {
            let (time, rest) = TimeOfDay::read(rest, 2)?;
            let (year, rest) = number(after_blanks(rest)?, 4..=6)?;
            (year, time, rest)
        } else {
            let (year, rest) = number(rest, 4..=4)?;
            let (time, rest) = TimeOfDay::read(after_blanks(rest)?, 2)?;
            (year, time, rest)
        };
        let [year, day] = [year, day].map(|it| it as u32);
        Some((Self { year: year.cast_signed(), month, day, time, weekday }, rest))
    }

    /// `July 21, 2025, 5:37 AM`, as Metabase shows a time, and exports it unless it is told otherwise.
    pub(super) fn read_shown(text: &[u8]) -> Option<(Self, &[u8])> {
        const MONTHS: [&[u8]; 12] = [
            b"January",
            b"February",
            b"March",
            b"April",
            b"May",
            b"June",
            b"July",
            b"August",
            b"September",
            b"October",
            b"November",
            b"December",
        ];
        let (name, rest) = word(text)?;
        let (month, _) = (1..).zip(MONTHS).find(|(_, it)| *it == name)?;
        let (day, rest) = number(after_blanks(rest)?, 1..=2)?;
        let (year, rest) = number(after_blanks(rest.strip_prefix(b",")?)?, 4..=4)?;
        let (time, rest) = TimeOfDay::read_half(after_blanks(rest.strip_prefix(b",")?)?)?;
        let [year, day] = [year, day].map(|it| it as u32);
        Some((Self { year: year.cast_signed(), month, day, time, weekday: None }, rest))
    }

    pub(super) fn date(&self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year, self.month, self.day)
    }

    /// Whether the date falls on the weekday that the text names.
    pub(super) fn agrees_with(&self, date: NaiveDate) -> bool {
        self.weekday.is_none_or(|it| it == date.weekday())
    }

    pub(super) fn micros_of_day(&self) -> Option<i64> {
        self.time.micros()
    }
}

impl Ordered {
    /// `dd.mm.yyyy HH:MM[:SS[.ffffff]] [AM|PM]`, also with `/` and `-` and in the other order.
    pub(super) fn read(text: &[u8]) -> Option<(Self, &[u8])> {
        let (first, rest) = number(text, 1..=2)?;
        let (&separator @ (b'.' | b'/' | b'-'), rest) = rest.split_first()? else { return None };
        let (second, rest) = number(rest, 1..=2)?;
        let (year, rest) = number(rest.strip_prefix(&[separator])?, 4..=4)?;
        let rest = after_blanks(rest.strip_prefix(b",").unwrap_or(rest))?;
        let (time, rest) = TimeOfDay::read_half(rest)?;
        Some((Self { first, second, year, time }, rest))
    }

    /// The order that this date proves: no month has a number above 12.
    pub(super) fn proves(&self) -> Option<DateOrder> {
        match (self.first > 12, self.second > 12) {
            (true, false) => Some(DateOrder::Dmy),
            (false, true) => Some(DateOrder::Mdy),
            _ => None,
        }
    }

    pub(super) fn clock(&self, order: DateOrder) -> Clock {
        let (day, month) = match order {
            DateOrder::Dmy => (self.first, self.second),
            DateOrder::Mdy => (self.second, self.first),
        };
        let [year, month, day] = [self.year, month, day].map(|it| it as u32);
        Clock { year: year.cast_signed(), month, day, time: self.time, weekday: None }
    }
}

impl TimeOfDay {
    /// `HH:MM[:SS[.ffffff]]`, the hour of so many digits or more.
    fn read(text: &[u8], n_digits: usize) -> Option<(Self, &[u8])> {
        let (hour, rest) = number(text, n_digits..=2)?;
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
        Some((Self { hour, minute, second, fraction_micros }, rest))
    }

    /// The same with the AM or PM that may follow.
    fn read_half(text: &[u8]) -> Option<(Self, &[u8])> {
        let (mut time, rest) = Self::read(text, 1)?;
        let (half, after) = word(rest.trim_ascii_start()).unwrap_or((b"", rest));
        let n_hours = match half.to_ascii_lowercase().as_slice() {
            b"am" => 0,
            b"pm" => 12,
            _ => return Some((time, rest)),
        };
        if !(1..=12).contains(&time.hour) {
            return None;
        }
        time.hour = time.hour % 12 + n_hours;
        Some((time, after))
    }

    /// The rule is `PostgreSQL`'s `time_overflows`: each part up to its end, and a day in all.
    fn micros(self) -> Option<i64> {
        let Self { hour, minute, second, fraction_micros } = self;
        let micros = ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction_micros;
        (hour <= 24 && minute <= 59 && second <= 60 && micros <= DAY_MICROS).then_some(micros)
    }
}

/// The rest behind one blank or more; `None` where there is none.
fn after_blanks(text: &[u8]) -> Option<&[u8]> {
    text.first().is_some_and(|it| is_blank(*it)).then(|| text.trim_ascii_start())
}

/// The letters with which a text begins, if it does.
fn word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let n_letters = text.iter().take_while(|it| it.is_ascii_alphabetic()).count();
    (n_letters > 0).then(|| text.split_at(n_letters))
}

/// In English and of three letters, as both write them; the names of other languages are not looked for.
fn month(name: &[u8]) -> Option<u32> {
    const NAMES: [&[u8]; 12] =
        [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];
    (1..).zip(NAMES).find(|(_, it)| it.eq_ignore_ascii_case(name)).map(|(number, _)| number)
}

fn weekday(name: &[u8]) -> Option<Weekday> {
    std::str::from_utf8(name).ok().filter(|it| it.len() == 3)?.parse().ok()
}

/// All leading digits, as many as `n_digits` allows.
pub(super) fn number(text: &[u8], n_digits: std::ops::RangeInclusive<usize>) -> Option<(i64, &[u8])> {
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
