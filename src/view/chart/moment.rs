//! What a bucket of time is called.

use chrono::{Datelike as _, Days, Timelike as _};

use crate::model::{Bucket, Calendar, Grain, Instant};
use crate::report::chart::{Compare, Compared, Span};
use crate::view::number;

/// `Fri 13 Nov 2026`, `Week of 9 Nov 2026`, `November 2026`.
pub(super) fn title(bucket: &Bucket, grain: Grain) -> String {
    let date = bucket.local.date();
    match grain {
        Grain::Hour => format!("{}, {}", number::weekday_date(date), bucket.local.format("%H:%M")),
        Grain::Day => number::weekday_date(date),
        Grain::Week => format!("Week of {}", number::date(date)),
        Grain::Month => format!("{} {}", date.format("%B"), date.year()),
        Grain::Quarter => format!("Q{} {}", date.month0() / 3 + 1, date.year()),
    }
}

/// All of the bucket, with its zone: `00:00 – 24:00 UTC`. Says how long a day is that has not 24 hours.
pub(super) fn interval(bucket: &Bucket, grain: Grain, calendar: &Calendar) -> String {
    let zone = &calendar.zone;
    let last = zone.local(Instant::from_micros(bucket.end.micros() - 1));
    let ends_with_its_day = zone.local(bucket.end).date() != last.date();
    let end = if ends_with_its_day { "24:00".to_owned() } else { number::clock(bucket.end, zone) };
    let start = number::clock(bucket.start, zone);
    if grain > Grain::Day {
        let first = number::day_month(calendar.date(bucket.start));
        return format!("{first} {start} – {} {end} {zone}", number::day_month(last.date()));
    }
    let n_minutes = (bucket.end.micros() - bucket.start.micros()) / 60_000_000;
    let length = match n_minutes % 60 {
        _ if grain == Grain::Hour || n_minutes == 24 * 60 => String::new(),
        0 => format!(", {} hours", n_minutes / 60),
        minutes => format!(", {} hours {minutes} minutes", n_minutes / 60),
    };
    format!("{start} – {end} {zone}{length}")
}

/// Under the axis; `None` where no label may stand.
///
/// Of days those that begin a week have one, of hours every third; where fewer than three days
/// would have one, all do.
pub(super) fn tick(bucket: &Bucket, grain: Grain, calendar: &Calendar, n_buckets: usize) -> Option<String> {
    let date = bucket.local.date();
    match grain {
        Grain::Hour if bucket.local.hour() == 0 => Some(number::day_month(date)),
        Grain::Hour => {
            bucket.local.hour().is_multiple_of(3).then(|| bucket.local.format("%H:%M").to_string())
        }
        Grain::Day => {
            let named = date.weekday() == calendar.week_start || n_buckets < 21;
            named.then(|| number::day_month(date))
        }
        Grain::Week if n_buckets > 53 => Some(number::date(date)),
        Grain::Week => Some(number::day_month(date)),
        Grain::Month => Some(format!("{} {}", date.format("%b"), date.year())),
        Grain::Quarter => Some(title(bucket, grain)),
    }
}

/// All of a span's days: `26 Oct – 24 Nov 2026`.
pub(super) fn range(span: &Span, calendar: &Calendar) -> String {
    let last = Instant::from_micros(span.until.micros() - 1);
    number::dates(calendar.date(span.from), calendar.date(last))
}

/// The bucket that lies behind one. Where weekdays are those of the bucket itself, it says so.
pub(super) fn before(bucket: &Bucket, grain: Grain, compared: Compared) -> String {
    let Some(date) = bucket.local.date().checked_sub_days(Days::new(compared.shift)) else {
        return "before".to_owned();
    };
    let weekday = if compared.compare == Compare::SameWeekdays { "%a " } else { "" };
    let day = format!("{}{}", date.format(weekday), number::day_month(date));
    match grain {
        Grain::Day => day,
        Grain::Hour => format!("{day}, {}", bucket.local.format("%H:%M")),
        Grain::Week | Grain::Month | Grain::Quarter => "before".to_owned(),
    }
}

/// Until when there are rows in an unfinished bucket: `14:05`, or `24 Nov 14:05` in a longer one.
pub(super) fn as_of(at: Instant, grain: Grain, calendar: &Calendar) -> String {
    let clock = number::end_clock(at, &calendar.zone);
    if grain > Grain::Day { format!("{} {clock}", number::day_month(calendar.date(at))) } else { clock }
}

/// The same for a legend, which has little room: `14:05`, or `24 Nov`.
pub(super) fn as_of_short(at: Instant, grain: Grain, calendar: &Calendar) -> String {
    if grain > Grain::Day { number::day_month(calendar.date(at)) } else { as_of(at, grain, calendar) }
}

/// `1 day`, `30 days`.
pub(super) fn n_buckets(n: usize, grain: Grain) -> String {
    format!("{n} {}{}", grain.name(), if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Zone;

    #[track_caller]
    fn check(zone: &str, grain: Grain, row: &str, expected: [&str; 2]) {
        let calendar = Calendar::new(Zone::named(zone).unwrap());
        let at = chrono::DateTime::parse_from_rfc3339(row).unwrap().to_utc().into();
        let bucket = calendar.bucket(at, grain);
        assert_eq!([title(&bucket, grain), interval(&bucket, grain, &calendar)], expected);
    }

    #[test]
    fn intervals_are_those_of_the_clocks() {
        check("UTC", Grain::Day, "2026-11-13T12:00:00Z", ["Fri 13 Nov 2026", "00:00 – 24:00 UTC"]);
        check(
            "Europe/Berlin",
            Grain::Day,
            "2026-03-29T12:00:00Z",
            ["Sun 29 Mar 2026", "00:00 – 24:00 Europe/Berlin, 23 hours"],
        );
        check(
            "Europe/Berlin",
            Grain::Day,
            "2026-10-25T12:00:00Z",
            ["Sun 25 Oct 2026", "00:00 – 24:00 Europe/Berlin, 25 hours"],
        );
        // Midnight does not exist there on that day.
        check(
            "America/Sao_Paulo",
            Grain::Day,
            "2018-11-04T12:00:00Z",
            ["Sun 4 Nov 2018", "01:00 – 24:00 America/Sao_Paulo, 23 hours"],
        );
        check(
            "America/Sao_Paulo",
            Grain::Day,
            "2018-11-03T12:00:00Z",
            ["Sat 3 Nov 2018", "00:00 – 24:00 America/Sao_Paulo"],
        );
        check(
            "Australia/Lord_Howe",
            Grain::Day,
            "2025-04-06T01:00:00Z",
            ["Sun 6 Apr 2025", "00:00 – 24:00 Australia/Lord_Howe, 24 hours 30 minutes"],
        );
        check(
            "UTC",
            Grain::Week,
            "2026-11-13T12:00:00Z",
            ["Week of 9 Nov 2026", "9 Nov 00:00 – 15 Nov 24:00 UTC"],
        );
        check("UTC", Grain::Hour, "2026-11-13T23:10:00Z", ["Fri 13 Nov 2026, 23:00", "23:00 – 24:00 UTC"]);
        check("UTC", Grain::Quarter, "2026-11-13T12:00:00Z", ["Q4 2026", "1 Oct 00:00 – 31 Dec 24:00 UTC"]);
    }
}
