use std::fmt;

use chrono::{NaiveDateTime, TimeDelta, Timelike as _};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use thiserror::Error;

use super::Instant;

/// A named time zone, from the zone database that is built into the program.
///
/// The machine's own database is not asked: an old machine would cut other days.
#[derive(Clone, Debug)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

/// No zone of this name is in the IANA database.
#[derive(Debug, Error)]
#[error("unknown time zone `{0}`: use an IANA name such as Europe/Berlin or UTC")]
pub struct UnknownZone(pub String);

impl Zone {
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), rules: TimeZone::UTC }
    }

    /// By its IANA name, in any case; the name is kept as the database spells it.
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        if name.eq_ignore_ascii_case("utc") {
            return Ok(Self::utc());
        }
        let unknown = || UnknownZone(name.to_owned());
        let rules = TimeZoneDatabase::bundled().get(name).ok().ok_or_else(unknown)?;
        let name = rules.iana_name().ok_or_else(unknown)?.to_owned();
        Ok(Self { name, rules })
    }

    /// All names, in the database's order.
    pub fn names() -> Vec<String> {
        TimeZoneDatabase::bundled().available().map(|it| it.as_str().to_owned()).collect()
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// How far clocks here are ahead of UTC.
    pub fn offset_secs(&self, at: Instant) -> i32 {
        self.rules.to_offset(timestamp(at)).seconds()
    }

    /// What clocks here show.
    pub fn local(&self, at: Instant) -> NaiveDateTime {
        at.at_offset(self.offset_secs(at))
    }

    /// When clocks here show `local`, as `PostgreSQL` decides it (`DetermineTimeZoneOffset` in its
    /// `datetime.c`): of a doubled time the later instant, and a skipped one moves forward.
    pub fn instant(&self, local: NaiveDateTime) -> Instant {
        let day_before = Instant::from_local(local - TimeDelta::days(1), 0);
        let before = self.offset_secs(day_before);
        let at_before = Instant::from_local(local, before);
        let Some((change, after)) = self.next_change(day_before) else {
            return at_before;
        };
        let at_after = Instant::from_local(local, after);
        match (at_before < change, at_after < change) {
            (true, true) => at_before,
            (false, false) => at_after,
            _ => at_before.max(at_after),
        }
    }

    /// The first change of the clocks after `at`, and the offset in seconds from then on.
    pub fn next_change(&self, at: Instant) -> Option<(Instant, i32)> {
        let change = self.rules.following(timestamp(at)).next()?;
        let offset_secs = change.offset().seconds();
        Some((Instant::from_micros(change.timestamp().as_microsecond()), offset_secs))
    }

    /// The last moment until then at which clocks were changed.
    pub fn last_change(&self, at: Instant) -> Option<Instant> {
        // One of that very second has happened, too.
        let second = jiff::SignedDuration::from_secs(1);
        let after = timestamp(at).checked_add(second).unwrap_or(jiff::Timestamp::MAX);
        let change = self.rules.preceding(after).next()?;
        Some(Instant::from_micros(change.timestamp().as_microsecond()))
    }

    /// `YYYY-MM-DDTHH:MM:SS[.ffffff]±HH:MM`, trailing zeros of the fraction cut; UTC is `+00:00`.
    ///
    /// Zones had offsets with seconds before they had standard time; those are written
    /// `±HH:MM:SS`, as `PostgreSQL` does.
    pub fn format(&self, at: Instant) -> String {
        let offset_secs = self.offset_secs(at);
        let local = at.at_offset(offset_secs);
        let micros = local.nanosecond() / 1_000;
        let fraction = match micros {
            0 => String::new(),
            _ => format!(".{}", format!("{micros:06}").trim_end_matches('0')),
        };
        let sign = if offset_secs < 0 { '-' } else { '+' };
        let size = offset_secs.unsigned_abs();
        let (hours, minutes, seconds) = (size / 3600, size / 60 % 60, size % 60);
        let seconds = if seconds == 0 { String::new() } else { format!(":{seconds:02}") };
        let (date, time) = (local.date(), local.format("%H:%M:%S"));
        format!("{}T{time}{fraction}{sign}{hours:02}:{minutes:02}{seconds}", iso_date(date))
    }
}

/// Two zones of one name have the same rules: there is one database.
impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// `YYYY-MM-DD`; a fifth digit of the year has no sign, unlike in chrono.
fn iso_date(date: chrono::NaiveDate) -> String {
    date.to_string().trim_start_matches('+').to_owned()
}

/// In whole seconds, which is as fine as clocks change, and clamped to what the database covers:
/// the years −9999 to 9999, less a day.
fn timestamp(at: Instant) -> jiff::Timestamp {
    let (least, most) = (jiff::Timestamp::MIN.as_second(), jiff::Timestamp::MAX.as_second());
    let second = at.micros().div_euclid(1_000_000).clamp(least, most);
    jiff::Timestamp::from_second(second).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[track_caller]
    fn check_instant(zone: &str, local: &str, expected: &str) {
        let zone = Zone::named(zone).unwrap();
        let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").unwrap();
        assert_eq!(zone.format(zone.instant(local)), expected);
    }

    #[test]
    fn a_doubled_time_is_the_later_one_and_a_skipped_one_moves_forward() {
        check_instant("Europe/Berlin", "2025-10-26 02:30", "2025-10-26T02:30:00+01:00");
        check_instant("Europe/Berlin", "2025-03-30 02:30", "2025-03-30T03:30:00+02:00");
        check_instant("Australia/Lord_Howe", "2025-04-06 01:45", "2025-04-06T01:45:00+10:30");
        check_instant("America/Sao_Paulo", "2018-11-04 00:00", "2018-11-04T01:00:00-02:00");
        check_instant("Pacific/Apia", "2011-12-30 12:00", "2011-12-31T12:00:00+14:00");
        check_instant("Europe/Berlin", "1890-01-01 00:00", "1890-01-01T00:00:00+00:53:28");
    }

    #[test]
    fn the_ends_of_the_calendar_have_a_wall_clock_everywhere() {
        for name in ["UTC", "Asia/Kathmandu", "America/New_York", "Pacific/Kiritimati"] {
            let zone = Zone::named(name).unwrap();
            for at in [Instant::MIN, Instant::MAX] {
                assert_eq!(zone.instant(zone.local(at)), at, "{name}");
            }
        }
        assert_eq!(Zone::utc().format(Instant::MAX), "9999-12-31T23:59:59.999999+00:00");
    }

    #[test]
    fn names_are_found_in_any_case_and_unknown_ones_are_said() {
        assert_eq!(Zone::named("europe/berlin").unwrap().name(), "Europe/Berlin");
        assert_eq!(Zone::named("utc").unwrap().name(), "UTC");
        assert!(Zone::named("Mars/Olympus").unwrap_err().to_string().contains("Mars/Olympus"));
        let date = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap().and_hms_opt(0, 0, 0).unwrap();
        assert_eq!(Zone::utc().instant(date).micros(), 1_735_689_600_000_000);
    }
}
