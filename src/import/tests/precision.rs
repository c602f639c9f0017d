//! Rows that are known more or less precisely.

use proptest::prelude::*;

use super::samples::samples;
use super::values::logs;
use super::*;
use crate::model::{Credits, Instant, Zone};

fn one(time: &str, credits: &str) -> String {
    logs(&[time], &[credits], ',')
}

/// Both orders end at the exact row; whatever is neither is in conflict.
#[track_caller]
fn check_precision(exact: (&str, &str), weak: (&str, &str)) {
    let (exact, weak) = (one(exact.0, exact.1), one(weak.0, weak.1));
    let (_, truth) = check_counts(&exact, [1, 0, 0, 0, 0]);
    let mut memory = truth.clone();
    let report = import_into(&mut memory, &weak);
    assert_eq!(counts(only_table(&report)), [0, 0, 1, 0, 0], "{:?}", memory.conflicts);
    assert_eq!(codes(only_table(&report)), [WarningCode::LessPrecise]);
    assert_eq!(memory, truth);
    let (_, mut memory) = import(&weak);
    let report = import_into(&mut memory, &exact);
    assert_eq!(counts(only_table(&report)), [0, 1, 0, 0, 0], "{:?}", memory.conflicts);
    assert_eq!(memory, truth);
    let report = import_into(&mut memory, &weak);
    assert_eq!(counts(only_table(&report)), [0, 0, 1, 0, 0]);
}

#[track_caller]
fn check_conflict(old: (&str, &str), new: (&str, &str), reason: &str) {
    let (_, mut memory) = import(one(old.0, old.1));
    let before = memory.logs.clone();
    let report = import_into(&mut memory, one(new.0, new.1));
    assert_eq!(counts(only_table(&report)), [0, 0, 0, 1, 0]);
    assert!(memory.conflicts[0].1.reason.contains(reason), "{:?}", memory.conflicts);
    assert_eq!(memory.logs, before);
}

#[test]
fn a_less_precise_twin_is_a_repeat_and_a_more_precise_one_takes_its_place() {
    let exact = ("2025-08-30 10:00:00.123956+00", "9007199.254740993");
    check_precision(exact, ("2025-08-30 10:00:00.123+00", "9007199.254740993"));
    check_precision(exact, ("2025-08-30 10:00:00.124+00", "9007199.254740993"));
    check_precision(exact, ("2025-08-30 10:00:00+00", "9007199.254740993"));
    check_precision(exact, ("Sat, 30 Aug 2025 10:00:00 +0000", "9007199.254740993"));
    check_precision(
        ("2025-08-30 10:00:00.123956+00", "9223372036.000000001"),
        ("2025-08-30 10:00:00.123956+00", "9.223372036e9"),
    );
    // Each has something that the other lacks.
    let (_, mut memory) = import(one("2025-08-30 10:00:00.123+00", "9223372036.000000001"));
    let report = import_into(&mut memory, one("2025-08-30 10:00:00.123456+00", "9223372036"));
    assert_eq!(counts(only_table(&report)), [0, 1, 0, 0, 0]);
    let row = memory.logs.values().next().unwrap();
    assert_eq!(Zone::utc().format(row.created_at), "2025-08-30T10:00:00.123456+00:00");
    assert_eq!(row.credits.to_string(), "9223372036.000000001");
}

#[test]
fn what_no_known_loss_explains_is_a_conflict() {
    let at = "2025-08-30 10:00:00.123456+00";
    check_conflict((at, "1"), ("2025-08-30 10:00:00.122+00", "1"), "created_at was");
    check_conflict((at, "1"), ("2025-08-30 10:00:00.12345+00", "1"), "created_at was");
    check_conflict((at, "1"), ("2025-08-30 10:00:01+00", "1"), "created_at was");
    check_conflict((at, "1"), ("2025-08-30 10:00:00.123457+00", "1"), "created_at was");
    check_conflict((at, "2.5"), (at, "2.500000001"), "credits_consumed was 2.5, now 2.500000001");
    check_conflict((at, "2.5"), (at, "3"), "credits_consumed was");
    check_conflict((at, "9223372036.000000001"), (at, "9223372036.000000002"), "credits_consumed was");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_weakened_row_is_its_twin(
        micros in Instant::MIN.micros()..Instant::MAX.micros() - 1_000_000,
        nano in -i64::MAX..=i64::MAX,
        unit in prop::sample::select(vec![1, 1_000, 1_000_000]),
        rounds: bool,
        is_float: bool,
    ) {
        let (at, credits) = (Instant::from_micros(micros), Credits::from_nano(nano).unwrap());
        let below = micros.div_euclid(unit) * unit;
        let is_up = rounds && (micros - below) * 2 >= unit && unit > 1;
        let weak_at = Instant::from_micros(if is_up { below + unit } else { below });
        let float = credits.to_string().parse::<f64>().unwrap().to_string();
        let weak_credits = if is_float { float } else { credits.to_string() };
        let time = |at| Zone::utc().format(at);
        let (exact, weak) = (one(&time(at), &credits.to_string()), one(&time(weak_at), &weak_credits));
        let (first, mut memory) = import(&weak);
        // A double near the end of the range may lie outside.
        prop_assume!(first.tables[0].imported == 1);
        let is_same = memory.logs == import(&exact).1.logs;
        let report = import_into(&mut memory, &exact);
        prop_assert_eq!(counts(&report.tables[0]), if is_same { [0, 0, 1, 0, 0] } else { [0, 1, 0, 0, 0] });
        let row = memory.logs.values().next().unwrap();
        prop_assert_eq!((row.created_at, row.credits), (at, credits));
        let report = import_into(&mut memory, &weak);
        prop_assert_eq!(counts(&report.tables[0]), [0, 0, 1, 0, 0]);
    }
}

// ---- files of real tools ------------------------------------------------------------------------

/// Another export of the same rows, and whether it is less precise.
const SPELLED: [(&str, bool); 10] = [
    ("pg/usage_logs.epoch_ms.csv", true),
    ("pg/usage_logs.epoch_s_decimal.csv", false),
    ("variants/ts.z.csv", false),
    ("variants/ts.offset_colon.csv", false),
    ("variants/ts.berlin_pg.csv", false),
    ("variants/ts.lower_t_z.csv", false),
    ("variants/ts.go_utc.csv", false),
    ("variants/ts.nine_digits.csv", false),
    ("variants/ts.rfc2822.csv", true),
    ("variants/ts.dbeaver_csv.csv", true),
];

#[test]
fn every_export_is_a_repeat_of_the_exact_one_and_gives_way_to_it() {
    let Some(folder) = samples() else { return };
    let options = Options::default();
    let exact = folder.join("pg/usage_logs.copy.csv");
    let mut truth = Memory::default();
    import_path(&exact, &options, &mut truth);
    for (file, loses) in SPELLED {
        let mut memory = truth.clone();
        let report = import_path(&folder.join(file), &options, &mut memory);
        assert_eq!(counts(only_table(&report)), [0, 0, 496, 0, 6], "{file}: {:?}", memory.conflicts);
        assert_eq!(codes(only_table(&report)).contains(&WarningCode::LessPrecise), loses, "{file}");
        let mut memory = Memory::default();
        let report = import_path(&folder.join(file), &options, &mut memory);
        assert_eq!(counts(only_table(&report)), [496, 0, 0, 0, 6], "{file}: {:?}", report.tables[0].rejects);
        assert_eq!(memory.logs == truth.logs, !loses, "{file}");
        let report = import_path(&exact, &options, &mut memory);
        let [imported, updated, repeats, conflicts, rejected] = counts(only_table(&report));
        assert_eq!((imported, updated + repeats, conflicts, rejected), (0, 496, 0, 6), "{file}");
        assert_eq!((updated > 0, memory.logs == truth.logs), (loses, true), "{file}");
    }
}

/// Of the hour that Berlin has twice, a wall clock shows only one.
#[test]
fn times_without_zone_are_those_of_the_zone_but_for_the_doubled_hour() {
    let Some(folder) = samples() else { return };
    let berlin = Options { assume_zone: Some(Zone::named("Europe/Berlin").unwrap()), ..Options::default() };
    let mut memory = Memory::default();
    import_path(&folder.join("pg/usage_logs.copy.csv"), &berlin, &mut memory);
    let report = import_path(&folder.join("pg/usage_logs.no_tz_cast.csv"), &berlin, &mut memory);
    assert_eq!(counts(only_table(&report)), [0, 0, 495, 1, 6], "{:?}", memory.conflicts);
    let reason = &memory.conflicts[0].1.reason;
    assert!(reason.contains("was 2025-10-26T00:30:00+00:00, now 2025-10-26T01:30:00+00:00"), "{reason}");
}

#[track_caller]
fn check_sample(file: &str, options: &Options, expected: Result<u64, &str>) {
    let Some(folder) = samples() else { return };
    let report = import_path(&folder.join(file), options, &mut Memory::default());
    match expected {
        Ok(n_rows) => assert_eq!(counts(only_table(&report)), [n_rows, 0, 0, 0, 0], "{file}"),
        Err(message) => assert!(error(&report).1.contains(message), "{file}: {:?}", report.error),
    }
}

#[test]
fn what_spreadsheets_change_is_refused_or_asked_about() {
    let none = Options::default();
    let told = Options { assume_zone: Some(Zone::utc()), ..Options::default() };
    for file in ["variants/ask.excel_de.csv", "variants/ask.excel_uk.csv"] {
        check_sample(file, &none, Err("--assume-zone"));
        check_sample(file, &told, Ok(40));
    }
    check_sample("variants/ok.semicolon_decimal_comma.csv", &none, Ok(40));
    check_sample("variants/err.excel_number_dates.csv", &told, Err("a spreadsheet has changed the column"));
    check_sample("variants/ts.excel_serial.csv", &told, Err("day number of a spreadsheet"));
    check_sample("variants/ask.thousands.csv", &told, Err("thousands separators"));
    check_sample("variants/ask.currency.csv", &told, Err("currency signs"));
    for style in ["german", "postgres", "sql_dmy", "sql_mdy"] {
        check_sample(&format!("pg/usage_logs.datestyle_{style}.csv"), &told, Err("set datestyle to iso"));
    }
}
