use super::*;

#[track_caller]
fn check(text: &str, expected: &str) {
    let at = parse(text, &Reading::default()).unwrap_or_else(|err| panic!("{text}: {err}"));
    assert_eq!(Zone::utc().format(at), format!("{expected}+00:00"), "{text}");
}

#[track_caller]
fn check_in(zone: &str, text: &str, expected: &str) {
    let zone = Zone::named(zone).unwrap();
    let reading = Reading { zone: Some(zone.clone()), ..Reading::default() };
    assert_eq!(zone.format(parse(text, &reading).unwrap()), expected, "{text}");
}

fn styled(style: Style) -> Reading {
    Reading { style: Some(style), ..Reading::default() }
}

#[track_caller]
fn check_as(style: Style, text: &str, expected: &str) {
    let at = parse(text, &styled(style)).unwrap_or_else(|err| panic!("{text}: {err}"));
    assert_eq!(Zone::utc().format(at), format!("{expected}+00:00"), "{text}");
}

#[track_caller]
fn check_fault(style: Style, text: &str, reason: &str) {
    let err = parse(text, &styled(style)).unwrap_err();
    assert!(err.is_columns() && err.to_string().contains(reason), "{text}: {err}");
}

#[track_caller]
fn check_refused(text: &str, kind: fn(String) -> TimeFault) {
    assert_eq!(parse(text, &Reading::default()), Err(kind(text.to_owned())));
}

#[test]
fn every_spelling_of_an_offset_is_read() {
    for text in [
        "2025-08-30 10:00:00+00",
        "2025-08-30T10:00:00Z",
        "2025-08-30t10:00:00z",
        "2025-08-30 10:00:00 UTC",
        "2025-08-30 10:00:00 GMT",
        "2025/08/30 10:00:00+00",
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
    check("0001-12-31 19:03:58-04:56:02 BC", "0001-01-01T00:00:00");
    for text in [
        "9999-12-31 23:30:00-01",
        "0001-01-01 00:00:00+14",
        "294276-12-31 23:59:59+00",
        "infinity",
        "-Infinity",
        "0044-03-15 12:00:00+00 BC",
        "0001-12-31 23:59:59+00 BC",
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

#[test]
fn what_metabase_shows_is_asked_for_its_zone() {
    check_refused("July 21, 2025, 5:37 PM", TimeFault::NoZone);
    check_in("Europe/Berlin", "July 21, 2025, 5:37 PM", "2025-07-21T17:37:00+02:00");
    check_in("Europe/Berlin", "May 1, 2025, 12:05 AM", "2025-05-01T00:05:00+02:00");
    check_in("Europe/Berlin", "May 1, 2025, 17:05:09.123", "2025-05-01T17:05:09.123+02:00");
    check_refused("July 21, 2025, 13:37 PM", TimeFault::NotATime);
    check_refused("Juli 21, 2025, 5:37 PM", TimeFault::NotATime);
    check_refused("February 30, 2025, 5:37 PM", TimeFault::OutOfRange);
}

#[test]
fn months_may_be_words() {
    for text in [
        "Sat, 30 Aug 2025 10:00:00 +0000",
        "Sat, 30 Aug 2025 12:00:00 +0200",
        "30 Aug 2025 10:00:00 GMT",
        "sat, 30 AUG 2025 10:00 Z",
        "Sat 30 Aug 10:00:00 2025 UTC",
        "Sat Aug 30 10:00:00 2025 UTC",
        "Sat Aug 30 15:30:00 2025 +0530",
    ] {
        check(text, "2025-08-30T10:00:00");
    }
    check("Wed 02 Jul 00:46:01.619 2025 UTC", "2025-07-02T00:46:01.619");
    check("Tue, 1 Jul 2025 00:46:01 +0000", "2025-07-01T00:46:01");
    check_refused("Sun, 30 Aug 2025 10:00:00 +0000", TimeFault::Weekday);
    check_refused("Sat, 31 Feb 2025 10:00:00 +0000", TimeFault::OutOfRange);
    check_refused("Sat 30 Aug 10:00:00 2025", TimeFault::NoZone);
    for text in ["Sat 30 Aug 10:00:00 2025 IST", "Sat, 30 Aug 2025 10:00:00 EST", "30.08.2025 10:00:00 CEST"]
    {
        check_refused(text, TimeFault::DateStyle);
    }
    for text in
        ["Sa, 30 Aug 2025 10:00:00 +0000", "Sat, 30 August 2025 10:00:00 +0000", "Aug 30 2025 10:00:00 UTC"]
    {
        check_refused(text, TimeFault::NotATime);
    }
}

#[test]
fn a_number_counts_in_the_unit_of_its_column() {
    check_as(Style::Numbers(Unit::Seconds), "1756548000", "2025-08-30T10:00:00");
    check_as(Style::Numbers(Unit::Seconds), "1756548000.123456", "2025-08-30T10:00:00.123456");
    check_as(Style::Numbers(Unit::Seconds), "1756548000.1234565", "2025-08-30T10:00:00.123456");
    check_as(Style::Numbers(Unit::Seconds), "1756548000.12345651", "2025-08-30T10:00:00.123457");
    check_as(Style::Numbers(Unit::Seconds), "-0.5", "1969-12-31T23:59:59.5");
    check_as(Style::Numbers(Unit::Millis), "1756548000123", "2025-08-30T10:00:00.123");
    check_as(Style::Numbers(Unit::Millis), "0", "1970-01-01T00:00:00");
    check_as(Style::Numbers(Unit::Micros), "1756548000123456", "2025-08-30T10:00:00.123456");
    check_as(Style::Numbers(Unit::Nanos), "1756548000123456500", "2025-08-30T10:00:00.123456");
    check_fault(Style::Numbers(Unit::Seconds), "1756548000123", "seconds");
    check_fault(Style::Numbers(Unit::Millis), "1756548000", "milliseconds");
    check_fault(Style::Numbers(Unit::Millis), "2025-08-30 10:00:00Z", "milliseconds");
    let seconds = styled(Style::Numbers(Unit::Seconds));
    for text in ["9999999999999999999", "-99999999999999"] {
        assert_eq!(parse(text, &seconds), Err(TimeFault::OutsideCalendar(text.to_owned())));
    }
    for text in ["1e9", "1_756_548_000", "--1", "1.", "17565480000000000000000"] {
        assert!(matches!(parse(text, &seconds), Err(TimeFault::NotATime(_)) | Ok(_)), "{text}");
    }
}

#[test]
fn a_date_of_two_orders_is_read_in_that_of_its_column() {
    let (dmy, mdy) = (Style::Ordered(DateOrder::Dmy), Style::Ordered(DateOrder::Mdy));
    check_as(dmy, "02.01.2025 10:00:00.5 UTC", "2025-01-02T10:00:00.5");
    check_as(dmy, "2/1/2025, 9:05 Z", "2025-01-02T09:05:00");
    check_as(mdy, "01/02/2025 10:00+02", "2025-01-02T08:00:00");
    check_as(mdy, "1/2/2025 12:05:00 AM UTC", "2025-01-02T00:05:00");
    check_as(mdy, "1-2-2025 1:05 pm Z", "2025-01-02T13:05:00");
    check_fault(dmy, "01/13/2025 10:00Z", "day, month, year");
    check_fault(mdy, "13/01/2025 10:00Z", "month, day, year");
    check_fault(mdy, "1756548000", "month, day, year");
    check_fault(mdy, "01/02/2025 10:00", "--assume-zone");
    check_fault(Style::Ordered(DateOrder::Dmy), "01/02/2025 10:00 EST", "set datestyle to iso");
    for text in ["01/02/25 10:00Z", "01/02.2025 10:00Z", "01/02/2025", "01/02/2025 13:00 PM Z"] {
        assert_eq!(parse(text, &styled(dmy)), Err(TimeFault::NotATime(text.to_owned())));
    }
}

#[test]
fn among_dates_other_spellings_are_strange() {
    for text in ["1756548000000", "45859.23459490741", "08/30/2025 10:00", "30.08.2025 10:00:00 UTC"] {
        assert_eq!(parse(text, &styled(Style::Dates)), Err(TimeFault::Strange(text.to_owned())));
        check_refused(text, TimeFault::Undecided);
    }
    let mdy = Reading { order: Some(DateOrder::Mdy), ..styled(Style::Dates) };
    assert!(parse("08/30/2025 10:00Z", &mdy).is_ok());
}
