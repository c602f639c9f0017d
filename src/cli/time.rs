//! `--now`.

use chrono::DateTime;

use crate::model::Instant;

/// RFC 3339 with offset. Fractions beyond µs are rounded half to even, as `PostgreSQL` does.
pub(super) fn parse(text: &str) -> Option<Instant> {
    let at = DateTime::parse_from_rfc3339(text).ok()?;
    let nanos = i64::from(at.timestamp_subsec_nanos());
    let (micros, rest) = (nanos / 1_000, nanos % 1_000);
    let rounds_up = rest > 500 || (rest == 500 && micros % 2 == 1);
    let at = Instant::from_micros(at.timestamp() * 1_000_000 + micros + i64::from(rounds_up));
    at.is_in_calendar().then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Zone;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(parse(text).map(|it| Zone::utc().format(it)).as_deref(), expected, "{text}");
    }

    #[test]
    fn now_needs_an_offset_and_is_rounded_to_micros() {
        check("2025-08-30T10:00:00Z", Some("2025-08-30T10:00:00+00:00"));
        check("2025-08-30T10:00:00.5+05:45", Some("2025-08-30T04:15:00.5+00:00"));
        check("2025-08-30T23:59:59.9999995Z", Some("2025-08-31T00:00:00+00:00"));
        check("2025-08-30T10:00:00.0000005Z", Some("2025-08-30T10:00:00+00:00"));
        check("1969-12-31T23:59:59.25Z", Some("1969-12-31T23:59:59.25+00:00"));
        check("2025-08-30T10:00:00", None);
        check("2025-08-30", None);
        check("0000-06-01T00:00:00Z", None);
    }
}
