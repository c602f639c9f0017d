use super::*;

#[track_caller]
fn check(text: &str, expected: &str) {
    match parse(text, Some(DecimalMark::Point)) {
        Ok(parsed) => assert_eq!(parsed.credits.to_string(), expected, "{text}"),
        Err(reason) => panic!("{text}: {reason}"),
    }
}

#[track_caller]
fn check_refused(text: &str, reason: &str) {
    let err = parse(text, Some(DecimalMark::Point)).unwrap_err().to_string();
    assert!(err.contains(reason), "{text}: {err}");
}

#[track_caller]
fn check_rounding(texts: &[&str], expected: &str) {
    let mut sum = RoundingSum::default();
    for text in texts {
        sum.add(&parse(text, None).unwrap().rounded.unwrap());
    }
    assert_eq!(sum.to_string(), expected, "{texts:?}");
}

#[test]
fn numbers_are_read_as_numeric_reads_them() {
    check("2.5", "2.5");
    check("2.50", "2.5");
    check(" \t2.5\r\n", "2.5");
    check("+2.5", "2.5");
    check("-2.5", "-2.5");
    check(".5", "0.5");
    check("5.", "5");
    check("1E-7", "0.0000001");
    check("1e+3", "1000");
    check("+.5e+1", "5");
    check("-0", "0");
    check("0e9999999999999", "0");
    check("0.000000001e9", "1");
    check("10000000000e-9", "10");
    check("00000000000000000000000000000000000001", "1");
    check("9223372036.854775807", "9223372036.854775807");
    check("-9223372036.854775807", "-9223372036.854775807");
}

#[test]
fn more_than_nine_decimals_are_rounded_half_away_from_zero() {
    check("3.6300000000000003", "3.63");
    check("0.0000000005", "0.000000001");
    check("-0.0000000005", "-0.000000001");
    check("0.0000000004999", "0");
    check("0.9999999999", "1");
    check("1e-400", "0");
    check("1e-16383", "0");
    assert_eq!(parse("2.5000000000000", None).unwrap().rounded, None);
}

#[test]
fn all_else_is_no_number() {
    for text in [
        "",
        " ",
        "NaN",
        "Infinity",
        "-inf",
        "1_000",
        "0x10",
        "1,5",
        "$2",
        "02. Mai",
        "1e",
        "e1",
        ".",
        "-",
        ".e1",
        "- 5",
        "1 2",
        "1e5.",
        "\u{2212}1",
        "--1",
        "1.2.3",
    ] {
        check_refused(text, "is not a number");
    }
    check_refused(&"1".repeat(1_001), "more than 1000 characters");
    check_refused("1e-16384", "more than 16383 decimals");
    check_refused("1e-999999999999", "more than 16383 decimals");
}

#[test]
fn what_credits_cannot_hold_is_outside_the_range() {
    for text in [
        "9223372036.854775808",
        "-9223372036.854775808",
        "9223372036.8547758071",
        "1e18",
        "1e999999999",
        "1e131071",
    ] {
        check_refused(text, "outside the range");
    }
}

#[test]
fn the_sum_of_what_rounding_added_is_exact() {
    check_rounding(&["3.6300000000000003"], "-0.0000000000000003");
    check_rounding(&["-3.6300000000000003"], "0.0000000000000003");
    check_rounding(&["0.9999999999"], "0.0000000001");
    check_rounding(&["0.0000000004", "-0.0000000004"], "0");
    check_rounding(&["0.0000000005", "0.0000000005"], "0.000000001");
    check_rounding(&["1e-40", "1.2345678901"], "-0.0000000001000000000000000000000000000001");
}

#[track_caller]
fn check_comma(text: &str, expected: &str) {
    assert_eq!(parse(text, Some(DecimalMark::Comma)).unwrap().credits.to_string(), expected, "{text}");
}

#[track_caller]
fn check_fault(text: &str, mark: Option<DecimalMark>, kind: fn(String) -> NumberFault) {
    assert_eq!(parse(text, mark), Err(kind(text.to_owned())), "{text}");
}

#[test]
fn a_column_of_decimal_commas_has_no_points() {
    check_comma("2,5", "2.5");
    check_comma("-0,006", "-0.006");
    check_comma(",5", "0.5");
    check_comma("1,234", "1.234");
    check_comma("1,5E-3", "0.0015");
    check_comma("25", "25");
    let comma = Some(DecimalMark::Comma);
    check_fault("2.5", comma, NumberFault::Point);
    check_fault("1.234,5", comma, NumberFault::Grouped);
    check_fault("1,2,3", comma, NumberFault::NotANumber);
}

#[test]
fn what_stands_for_a_number_is_said() {
    let point = Some(DecimalMark::Point);
    check_fault("2,5", point, NumberFault::Comma);
    check_fault("2,5", None, NumberFault::Undecided);
    for text in ["1,234.5", "1.234,5", "1 234,5", "-1\u{202f}234", "1'234.50", "1,234,567", "1.234.567"] {
        check_fault(text, point, NumberFault::Grouped);
    }
    for text in ["$2.5", "2,50 €", "-£3"] {
        check_fault(text, point, NumberFault::Currency);
    }
    for text in ["02. Mai", "2-May", "Okt 25", "05. Mrz 2025"] {
        check_fault(text, point, NumberFault::Date);
    }
    check_fault("\u{2212}2.5", point, NumberFault::Minus);
    for text in ["1 2", "1.2.3", "12 34", "a1", "marvellous", "NaN", "2%"] {
        check_fault(text, point, NumberFault::NotANumber);
    }
}

#[test]
fn a_comma_before_three_digits_may_part_thousands() {
    let comma = |text| Spelling::of(text);
    for text in ["1,234", "-12,345", "999,000"] {
        assert_eq!(comma(text), Spelling::Comma { is_certain: false }, "{text}");
    }
    for text in ["0,006", "2,5", "1234,567", ",123", "1,2345", "0,375"] {
        assert_eq!(comma(text), Spelling::Comma { is_certain: true }, "{text}");
    }
    assert_eq!(
        (comma("25"), comma("1e-7"), comma("2.5")),
        (Spelling::Whole, Spelling::Whole, Spelling::Point)
    );
}

#[track_caller]
fn check_product(text: &str, factor: &str, mark: Option<DecimalMark>, expected: &str, is_rounded: bool) {
    let parsed = parse_times(text, mark, Some(&Factor::parse(factor).unwrap())).unwrap();
    assert_eq!(
        (parsed.credits.to_string().as_str(), parsed.rounded.is_some()),
        (expected, is_rounded),
        "{text} × {factor}"
    );
}

#[test]
fn a_product_is_exact_until_it_is_rounded_once() {
    check_product("173", "0.001", None, "0.173", false);
    check_product("-2.5", "-0.4", None, "1", false);
    check_product("0.1", "3", None, "0.3", false);
    check_product("1e3", "1e-3", None, "1", false);
    check_product("999999999999999999", "1e-9", None, "999999999.999999999", false);
    check_product("0.000000001", "0.5", None, "0.000000001", true);
    check_product("0.0000000014", "1.5", None, "0.000000002", true);
    check_product("2,5", "0.1", Some(DecimalMark::Comma), "0.25", false);
    check_product("-0", "5", None, "0", false);
    let beyond = parse_times("9223372037", None, Factor::parse("1").as_ref());
    assert_eq!(beyond, Err(NumberFault::OutOfRange("9223372037".to_owned())));
    for text in ["", "a", "1,5", "1_000", "NaN", &"1".repeat(41)] {
        assert_eq!(Factor::parse(text), None, "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn products_are_those_of_whole_numbers(number in -1_000_000_000_i64..1_000_000_000, factor in -1_000_000_i64..1_000_000) {
        let product = parse_times(&format!("{number}e-3"), None, Factor::parse(&format!("{factor}e-6")).as_ref()).unwrap();
        proptest::prop_assert_eq!(product.credits.nano(), number * factor);
        proptest::prop_assert_eq!(product.rounded, None);
    }
}
