//! `timestamptz` as `PostgreSQL`'s `timestamptz_in` reads it, in the spellings that dumps use, and
//! those that only their column makes certain: numbers since 1970, and dates of two orders.

mod clock;
mod epoch;
mod offset;

use chrono::NaiveTime;
use thiserror::Error;

use self::clock::{Clock, Ordered};
use self::epoch::Number;
pub(in crate::import) use self::epoch::Unit;
use self::offset::{Offset, is_zone_name};
use super::{is_blank, quoted, trimmed};
use crate::model::{Instant, Zone};

/// As long as `PostgreSQL` takes a time (`MAXDATELEN`).
const CHARS_MAX: usize = 128;
const DAY_MICROS: i64 = 86_400_000_000;

/// Which of two numbers of a date is the month.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DateOrder {
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
}

impl DateOrder {
    /// As the command line spells it.
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Dmy, Self::Mdy].into_iter().find(|it| it.word() == word)
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Dmy => "dmy",
            Self::Mdy => "mdy",
        }
    }
}

/// What the times of a column are, by most of the rows that were looked at first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::import) enum Style {
    /// Each one is certain by itself, but for its zone.
    Dates,
    Numbers(Unit),
    Ordered(DateOrder),
}

/// How a column of times is read.
#[derive(Clone, Debug, Default)]
pub(in crate::import) struct Reading {
    /// Of times that name none.
    pub(in crate::import) zone: Option<Zone>,
    /// Said by the user, whatever the column tells.
    pub(in crate::import) order: Option<DateOrder>,
    /// `None`: nothing of the column was understood so far.
    pub(in crate::import) style: Option<Style>,
}

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
    #[error("{} names a weekday on which its date does not fall", quoted(.0))]
    Weekday(String),
    #[error("{} is not a date and time as the others of its column are", quoted(.0))]
    Strange(String),
    /// The row cannot be read without an answer from the user.
    #[error("{} has no time zone: say in which zone the times are, for example `--assume-zone Europe/Berlin`", quoted(.0))]
    NoZone(String),
    /// A `DateStyle` that cannot be read: every row of the file has it.
    #[error(
        "{} names its zone by a word, which can mean several: export again after `set datestyle to iso`",
        quoted(.0)
    )]
    DateStyle(String),
    /// The column was read otherwise so far, so one of both is wrong.
    #[error("{} contradicts its column, which was read as {is}: export the file again with one spelling", quoted(.text))]
    Contradiction { text: String, is: &'static str },
    #[error("{} cannot be read with certainty, and the first rows do not tell how", quoted(.0))]
    Undecided(String),
}

impl TimeFault {
    /// Whether the fault is the column's: the file cannot be read, not only the row.
    pub(in crate::import) fn is_columns(&self) -> bool {
        matches!(self, Self::NoZone(_) | Self::DateStyle(_) | Self::Contradiction { .. } | Self::Undecided(_))
    }
}

/// What one text tells about the column that it stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::import) enum Spelling {
    Date,
    /// With the unit in which it is a time of this century, if it is one.
    Number {
        unit: Option<Unit>,
        may_be_day: bool,
    },
    /// With the order, if it is certain.
    Ordered(Option<DateOrder>),
    Other,
}

/// A text taken apart, and the zone that follows.
enum Parts<'t> {
    Date { clock: Clock, zone: &'t [u8], is_iso: bool },
    Number(Number),
    Ordered(Ordered, &'t [u8]),
}

fn parts(text: &str) -> Option<Parts<'_>> {
    let bytes = text.as_bytes();
    if let Some((clock, zone)) = Clock::read(bytes) {
        return Some(Parts::Date { clock, zone, is_iso: true });
    }
    if let Some((clock, zone)) = Clock::read_words(bytes).or_else(|| Clock::read_shown(bytes)) {
        return Some(Parts::Date { clock, zone, is_iso: false });
    }
    if let Some(number) = Number::read(text) {
        return Some(Parts::Number(number));
    }
    Ordered::read(bytes).map(|(ordered, zone)| Parts::Ordered(ordered, zone))
}

impl Spelling {
    pub(in crate::import) fn of(text: &str) -> Self {
        if text.len() > CHARS_MAX {
            return Self::Other;
        }
        match parts(trimmed(text)) {
            Some(Parts::Date { .. }) => Self::Date,
            Some(Parts::Number(it)) => Self::Number { unit: it.unit(), may_be_day: it.may_be_day_number() },
            // It is refused whatever its order is.
            Some(Parts::Ordered(_, zone)) if Offset::read(zone.trim_ascii()).is_none() => Self::Other,
            Some(Parts::Ordered(it, _)) => Self::Ordered(it.proves()),
            None => Self::Other,
        }
    }
}

/// Reads an instant.
///
/// Fractions beyond µs are rounded as `PostgreSQL` rounds them, to even; `24:00:00` and `:60` are
/// the next day and the next minute.
pub(in crate::import) fn parse(text: &str, reading: &Reading) -> Result<Instant, TimeFault> {
    let fault = |kind: fn(String) -> TimeFault| Err(kind(text.to_owned()));
    if text.len() > CHARS_MAX {
        return fault(TimeFault::NotATime);
    }
    let inner = trimmed(text);
    if ["infinity", "-infinity", "+infinity"].iter().any(|it| it.eq_ignore_ascii_case(inner)) {
        return fault(TimeFault::OutsideCalendar);
    }
    let contradiction = |is| Err(TimeFault::Contradiction { text: text.to_owned(), is });
    match (parts(inner), reading.style) {
        (None, _) => fault(TimeFault::NotATime),
        (Some(Parts::Date { zone, is_iso: false, .. } | Parts::Ordered(_, zone)), _)
            if Offset::read(zone.trim_ascii()).is_none() && is_zone_name(zone) =>
        {
            fault(TimeFault::DateStyle)
        }
        (Some(Parts::Date { clock, zone, .. }), Some(Style::Dates) | None) => {
            instant(text, &clock, zone, reading.zone.as_ref())
        }
        (Some(Parts::Number(number)), Some(Style::Numbers(unit))) => {
            if number.unit().is_some_and(|it| it != unit) {
                return contradiction(unit.name());
            }
            number.instant(unit).map_or_else(|| fault(TimeFault::OutsideCalendar), Ok)
        }
        (Some(Parts::Ordered(date, zone)), style) if let Some(order) = reading.order_in(style) => {
            if date.proves().is_some_and(|it| it != order) {
                return contradiction(order.name());
            }
            instant(text, &date.clock(order), zone, reading.zone.as_ref())
        }
        (Some(_), Some(Style::Dates)) => fault(TimeFault::Strange),
        (Some(_), Some(Style::Numbers(unit))) => contradiction(unit.name()),
        (Some(_), Some(Style::Ordered(order))) => contradiction(order.name()),
        (Some(_), None) => fault(TimeFault::Undecided),
    }
}

impl Reading {
    fn order_in(&self, style: Option<Style>) -> Option<DateOrder> {
        match style {
            Some(Style::Ordered(order)) => Some(order),
            Some(Style::Numbers(_)) => None,
            Some(Style::Dates) | None => self.order,
        }
    }
}

impl DateOrder {
    pub(in crate::import) fn name(self) -> &'static str {
        match self {
            Self::Dmy => "day, month, year",
            Self::Mdy => "month, day, year",
        }
    }
}

/// The time that a clock shows in the zone that is named behind it, or else in the assumed one.
fn instant(text: &str, clock: &Clock, zone: &[u8], assumed: Option<&Zone>) -> Result<Instant, TimeFault> {
    let fault = |kind: fn(String) -> TimeFault| Err(kind(text.to_owned()));
    let (zone, before_christ) = match zone {
        [rest @ .., b'B' | b'b', b'C' | b'c'] if rest.last().is_some_and(|it| is_blank(*it)) => (rest, true),
        _ => (zone, false),
    };
    let offset = match Offset::read(zone.trim_ascii()) {
        Some(offset) => offset,
        None if is_zone_name(zone) => return fault(TimeFault::ZoneName),
        None => return fault(TimeFault::NotATime),
    };
    // An offset moves a year by one at most, so what is further away need not be reckoned.
    if clock.year == 0 || clock.year > 10_000 || (before_christ && clock.year > 1) {
        return fault(TimeFault::OutsideCalendar);
    }
    let mut clock = *clock;
    if before_christ {
        clock.year = 0;
    }
    let (Some(date), Some(micros)) = (clock.date(), clock.micros_of_day()) else {
        return fault(TimeFault::OutOfRange);
    };
    if !clock.agrees_with(date) {
        return fault(TimeFault::Weekday);
    }
    let midnight = Instant::from_local(date.and_time(NaiveTime::MIN), 0).micros();
    let instant = match (offset, assumed) {
        (Offset::Secs(secs), _) => Instant::from_micros(midnight + micros - secs * 1_000_000),
        (Offset::Missing, Some(zone)) => zone.instant(Instant::from_micros(midnight + micros).utc()),
        (Offset::Missing, None) => return fault(TimeFault::NoZone),
        (Offset::OutOfRange, _) => return fault(TimeFault::OutOfRange),
    };
    if instant.is_in_calendar() { Ok(instant) } else { fault(TimeFault::OutsideCalendar) }
}

#[cfg(test)]
mod tests;
