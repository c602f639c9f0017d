use chrono::{NaiveDate, Weekday};

use super::period::{Range, Unit, days_later};
use crate::model::Calendar;

/// Why a text is no range.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TypedError {
    /// What cannot be read.
    #[error("not a time: {0}")]
    Unknown(String),
    /// A day, week, month or quarter that the calendar does not have.
    #[error("the calendar has no {0}")]
    Missing(String),
    #[error("the end is before the start")]
    Backwards,
}

/// Longer than anybody has logs.
const NUMBER_MAX: u32 = 36_600;

/// Between the start and the end, the longest first.
const BETWEEN: [&str; 4] = [" to ", " - ", " – ", ".."];

/// Reads a range as a person types it; `newest` is the day that counts from.
///
/// - `2026`, `2026-Q1`, `2026-10`, `2026-06-12`; `2026-W12` is a week of ISO 8601, from Monday
/// - `day`, `week`, `month`, `quarter`, `year`: those of the newest row; `month-1` is the one before
/// - `45 days`, `last 6 weeks`, `all`
/// - any two of them with ` - `, ` to ` or `..` between: from the start of one to the end of the other
///
/// # Errors
/// When the text is nothing of these, or the calendar does not have it.
pub fn typed(text: &str, calendar: &Calendar, newest: NaiveDate) -> Result<Range, TypedError> {
    let text = text.trim().to_lowercase();
    if text == "all" || text == "all time" {
        return Ok(Range::All);
    }
    // `month - 1` is one part.
    if let Some(range) = lasting(&text).or_else(|| unit(&text)) {
        return Ok(range);
    }
    let days = |text: &str| match part(text.trim())? {
        Range::Unit { unit, later } => Ok(unit.dates(calendar, newest, later)),
        Range::Dates { first, last } => Ok((first, last)),
        Range::LastDays(_) | Range::LastWeeks(_) | Range::All => Err(TypedError::Unknown(text.to_owned())),
    };
    match BETWEEN.iter().find_map(|it| text.split_once(it)) {
        None => part(&text),
        Some((start, end)) => {
            let ((first, _), (_, last)) = (days(start)?, days(end)?);
            if last < first { Err(TypedError::Backwards) } else { Ok(Range::Dates { first, last }) }
        }
    }
}

/// `45 days`, `last 6 weeks`.
fn lasting(text: &str) -> Option<Range> {
    let (number, unit) = text.strip_prefix("last ").unwrap_or(text).trim().split_once(' ')?;
    let n = number.parse().ok().filter(|it| (1..=NUMBER_MAX).contains(it))?;
    match unit.trim() {
        "day" | "days" => Some(Range::LastDays(n)),
        "week" | "weeks" => Some(Range::LastWeeks(n)),
        _ => None,
    }
}

/// One part of the calendar.
fn part(text: &str) -> Result<Range, TypedError> {
    let unknown = || TypedError::Unknown(text.to_owned());
    if let Some(range) = unit(text) {
        return Ok(range);
    }
    let fields: Vec<&str> = text.split('-').collect();
    let year = digits(fields[0], 4).ok_or_else(unknown)?;
    let days = match fields[..] {
        [_] => months(year, 1, 12),
        [_, field] => match (field.strip_prefix('q'), field.strip_prefix('w')) {
            (Some(quarter), _) => {
                let quarter = digits(quarter, 1).ok_or_else(unknown)?;
                months(year, (quarter * 3).saturating_sub(2), 3)
            }
            (_, Some(week)) => week_days(year, digits(week, 2).ok_or_else(unknown)?),
            (None, None) => months(year, digits(field, 2).ok_or_else(unknown)?, 1),
        },
        [_, month, day] => {
            let (month, day) = (digits(month, 2).ok_or_else(unknown)?, digits(day, 2).ok_or_else(unknown)?);
            NaiveDate::from_ymd_opt(year.cast_signed(), month, day).map(|it| (it, it))
        }
        _ => return Err(unknown()),
    };
    let (first, last) = days.ok_or_else(|| TypedError::Missing(text.to_uppercase()))?;
    Ok(Range::Dates { first, last })
}

/// `month`, `month-1`, `week+2`.
fn unit(text: &str) -> Option<Range> {
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (name, later) = text.split_at(end);
    let unit = match name.trim() {
        "day" => Unit::Day,
        "week" => Unit::Week,
        "month" => Unit::Month,
        "quarter" => Unit::Quarter,
        "year" => Unit::Year,
        _ => return None,
    };
    let later: String = later.chars().filter(|it| !it.is_whitespace()).collect();
    let later = if later.is_empty() { 0 } else { later.parse::<i32>().ok()? };
    (later.unsigned_abs() <= NUMBER_MAX).then_some(Range::Unit { unit, later })
}

fn months(year: u32, month: u32, n_months: u32) -> Option<(NaiveDate, NaiveDate)> {
    let first = NaiveDate::from_ymd_opt(year.cast_signed(), month, 1)?;
    let next = first.checked_add_months(chrono::Months::new(n_months))?;
    Some((first, days_later(next, -1)))
}

fn week_days(year: u32, week: u32) -> Option<(NaiveDate, NaiveDate)> {
    let first = NaiveDate::from_isoywd_opt(year.cast_signed(), week, Weekday::Mon)?;
    Some((first, days_later(first, 6)))
}

/// A number of at most so many digits; years have all four.
fn digits(text: &str, n_max: usize) -> Option<u32> {
    let is_long = if n_max == 4 { text.len() == 4 } else { (1..=n_max).contains(&text.len()) };
    (is_long && text.bytes().all(|it| it.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Instant;
    use crate::report::chart::{Extent, Period};

    /// As of Tuesday, 24 November 2026.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let calendar = Calendar::utc();
        let newest: NaiveDate = "2026-11-24".parse().unwrap();
        let as_of = calendar.midnight(newest);
        let extent = Extent { first: Instant::from_micros(as_of.micros() - 327 * 86_400_000_000), as_of };
        let days = typed(text, &calendar, newest).map(|it| Period::from(it).dates(&calendar, extent));
        let said = match days {
            Ok((first, last)) => format!("{first}..{last}"),
            Err(err) => err.to_string(),
        };
        assert_eq!(said, expected, "{text}");
    }

    #[test]
    fn parts_of_the_calendar() {
        check("2026", "2026-01-01..2026-12-31");
        check(" 2026-Q1 ", "2026-01-01..2026-03-31");
        check("2026-q4", "2026-10-01..2026-12-31");
        check("2026-10", "2026-10-01..2026-10-31");
        check("2024-2", "2024-02-01..2024-02-29");
        check("2026-W12", "2026-03-16..2026-03-22");
        check("2026-W01", "2025-12-29..2026-01-04");
        check("2026-06-12", "2026-06-12..2026-06-12");
    }

    #[test]
    fn parts_around_the_newest_row() {
        check("day", "2026-11-24..2026-11-24");
        check("week", "2026-11-23..2026-11-29");
        check("week-1", "2026-11-16..2026-11-22");
        check("Month", "2026-11-01..2026-11-30");
        check("month - 1", "2026-10-01..2026-10-31");
        check("month-11", "2025-12-01..2025-12-31");
        check("quarter", "2026-10-01..2026-12-31");
        check("quarter-1", "2026-07-01..2026-09-30");
        check("year-1", "2025-01-01..2025-12-31");
        check("day+2", "2026-11-26..2026-11-26");
        check("45 days", "2026-10-11..2026-11-24");
        check("last 2 weeks", "2026-11-16..2026-11-29");
        check("all", "2026-01-01..2026-11-24");
    }

    #[test]
    fn from_one_to_another() {
        check("2026-01 - 2026-03", "2026-01-01..2026-03-31");
        check("2026-06-12..2026-06-20", "2026-06-12..2026-06-20");
        check("2026-Q1 to month-1", "2026-01-01..2026-10-31");
        check("day-6 – day", "2026-11-18..2026-11-24");
        check("month-2 - month", "2026-09-01..2026-11-30");
    }

    #[test]
    fn what_is_no_range_says_why() {
        check("", "not a time: ");
        check("soon", "not a time: soon");
        check("202", "not a time: 202");
        check("2026-", "not a time: 2026-");
        check("2026-1x", "not a time: 2026-1x");
        check("2026-06-12-1", "not a time: 2026-06-12-1");
        check("month-x", "not a time: month-x");
        check("day-99999", "not a time: day-99999");
        check("0 days", "not a time: 0 days");
        check("2026-10 - x", "not a time: x");
        check("2026-13", "the calendar has no 2026-13");
        check("2026-02-30", "the calendar has no 2026-02-30");
        check("2026-Q5", "the calendar has no 2026-Q5");
        check("2026-q0", "the calendar has no 2026-Q0");
        check("2026-W54", "the calendar has no 2026-W54");
        check("2026-10 - 2026-09", "the end is before the start");
    }
}
