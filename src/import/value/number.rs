//! `numeric` as `PostgreSQL`'s `numeric_in` reads it, down to whole nano-credits.

use std::fmt::{self, Write as _};

use super::{quoted, trimmed};
use crate::model::Credits;

/// Longer numbers are refused: nobody is billed by them, and arithmetic must stay cheap.
const CHARS_MAX: usize = 1_000;
/// As many as `numeric` has (`NUMERIC_DSCALE_MAX`).
const DECIMALS_MAX: i64 = 16_383;

/// Credits of a row, and what rounding to 9 decimals took from them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::import) struct Parsed {
    pub(in crate::import) credits: Credits,
    /// None where the value is a whole number of nano-credits.
    pub(in crate::import) rounded: Option<Rounded>,
}

/// A value that was rounded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::import) struct Rounded {
    is_negative: bool,
    /// Whether the size grew by the rounding.
    up: bool,
    /// The digits after the ninth decimal.
    tail: Vec<u8>,
}

/// The exact sum of what rounding added, in nano-credits: one number for the digits before the
/// point, and one for each 18 after it. Carries are left to the end; an `i128` holds those
/// of 10²⁰ rows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::import) struct RoundingSum {
    whole: i128,
    limbs: Vec<i128>,
}

/// Reads a number: blanks around, a sign, `.5`, `5.`, an exponent; not `NaN`, `Infinity`, `1_000`, hex.
///
/// Beyond 9 decimals it is rounded half away from zero. The range is that of [`Credits`], for the
/// exact value: one that would only be in range by rounding is outside.
pub(in crate::import) fn parse(text: &str) -> Result<Parsed, String> {
    if text.len() > CHARS_MAX {
        return Err(format!("a number of more than {CHARS_MAX} characters"));
    }
    let decimal = decimal(trimmed(text)).ok_or_else(|| format!("{} is not a number", quoted(text)))?;
    if decimal.fraction.len().cast_signed() as i64 - decimal.exponent > DECIMALS_MAX {
        return Err(format!("{} has more than {DECIMALS_MAX} decimals", quoted(text)));
    }
    decimal
        .to_nano()
        .ok_or_else(|| format!("{} is outside the range of ±9,223,372,036.854775807 credits", quoted(text)))
}

/// A decimal number as its parts stand in the text.
struct Decimal<'a> {
    is_negative: bool,
    whole: &'a [u8],
    fraction: &'a [u8],
    /// Clamped to ±10⁹, which is beyond every range.
    exponent: i64,
}

fn decimal(text: &str) -> Option<Decimal<'_>> {
    let text = text.as_bytes();
    let (is_negative, rest) = signed(text);
    let (whole, rest) = leading_digits(rest);
    let (fraction, rest) = match rest {
        [b'.', rest @ ..] => leading_digits(rest),
        _ => (&rest[..0], rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let exponent = match rest {
        [] => 0,
        [b'e' | b'E', rest @ ..] => exponent(rest)?,
        _ => return None,
    };
    Some(Decimal { is_negative, whole, fraction, exponent })
}

fn exponent(text: &[u8]) -> Option<i64> {
    let (is_negative, rest) = signed(text);
    let (digits, rest) = leading_digits(rest);
    if digits.is_empty() || !rest.is_empty() {
        return None;
    }
    let size = digits.iter().fold(0, |size: i64, it| (size * 10 + i64::from(it - b'0')).min(1_000_000_000));
    Some(if is_negative { -size } else { size })
}

fn signed(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    }
}

fn leading_digits(text: &[u8]) -> (&[u8], &[u8]) {
    let n_digits = text.iter().take_while(|it| it.is_ascii_digit()).count();
    text.split_at(n_digits)
}

impl Decimal<'_> {
    /// `None` outside the range of [`Credits`].
    fn to_nano(&self) -> Option<Parsed> {
        let digits = || self.whole.iter().chain(self.fraction).map(|it| it - b'0');
        // Digit number `index` counts 10^(`units` - 1 - index) nano-credits.
        let units = self.whole.len().cast_signed() as i64 + self.exponent + 9;
        let n_kept = usize::try_from(units.max(0)).ok()?;
        let mut nano: i64 = 0;
        for digit in digits().take(n_kept) {
            nano = nano.checked_mul(10)?.checked_add(i64::from(digit))?;
        }
        let n_digits = self.whole.len() + self.fraction.len();
        for _ in n_digits..n_kept {
            if nano == 0 {
                break;
            }
            nano = nano.checked_mul(10)?;
        }
        let tail = digits().skip(n_kept);
        let rounded = if tail.clone().any(|it| it != 0) {
            // Zeros between the point and the digits of a value such as 1e-20.
            let gap = usize::try_from(-units.min(0)).ok()?;
            let tail: Vec<u8> = std::iter::repeat_n(0, gap).chain(tail).collect();
            // What the type holds at most is a whole number, so a value with a tail is below it or outside.
            if nano == i64::MAX {
                return None;
            }
            let up = tail[0] >= 5;
            nano += i64::from(up);
            Some(Rounded { is_negative: self.is_negative, up, tail })
        } else {
            None
        };
        let nano = if self.is_negative { -nano } else { nano };
        Some(Parsed { credits: Credits::from_nano(nano)?, rounded })
    }
}

impl RoundingSum {
    pub(in crate::import) fn add(&mut self, rounded: &Rounded) {
        let sign = if rounded.is_negative { -1 } else { 1 };
        self.whole += i128::from(rounded.up) * sign;
        let n_limbs = rounded.tail.len().div_ceil(LIMB_DIGITS);
        if self.limbs.len() < n_limbs {
            self.limbs.resize(n_limbs, 0);
        }
        for (limb, digits) in self.limbs.iter_mut().zip(rounded.tail.chunks(LIMB_DIGITS)) {
            let value = (0..LIMB_DIGITS)
                .fold(0, |value: i128, at| value * 10 + i128::from(digits.get(at).copied().unwrap_or(0)));
            *limb -= value * sign;
        }
    }
}

const LIMB_DIGITS: usize = 18;
const LIMB: i128 = 10_i128.pow(LIMB_DIGITS as u32);

/// In credits, exactly: a plain decimal without trailing zeros.
impl fmt::Display for RoundingSum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_negative = self.carried().0 < 0;
        let (whole, limbs) = if is_negative { self.negated().carried() } else { self.carried() };
        let (credits, nano) = (whole / 1_000_000_000, whole % 1_000_000_000);
        let mut decimals = format!("{nano:09}");
        for limb in limbs {
            write!(decimals, "{limb:018}")?;
        }
        let sign = if is_negative { "-" } else { "" };
        match decimals.trim_end_matches('0') {
            "" => write!(f, "{sign}{credits}"),
            decimals => write!(f, "{sign}{credits}.{decimals}"),
        }
    }
}

impl RoundingSum {
    /// With every limb in `0..LIMB`; the whole number is then negative if and only if the sum is.
    fn carried(&self) -> (i128, Vec<i128>) {
        let mut limbs = self.limbs.clone();
        let mut carry = 0;
        for limb in limbs.iter_mut().rev() {
            let sum = *limb + carry;
            *limb = sum.rem_euclid(LIMB);
            carry = sum.div_euclid(LIMB);
        }
        (self.whole + carry, limbs)
    }

    fn negated(&self) -> Self {
        Self { whole: -self.whole, limbs: self.limbs.iter().map(|it| -it).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        match parse(text) {
            Ok(parsed) => assert_eq!(parsed.credits.to_string(), expected, "{text}"),
            Err(reason) => panic!("{text}: {reason}"),
        }
    }

    #[track_caller]
    fn check_refused(text: &str, reason: &str) {
        let err = parse(text).unwrap_err();
        assert!(err.contains(reason), "{text}: {err}");
    }

    #[track_caller]
    fn check_rounding(texts: &[&str], expected: &str) {
        let mut sum = RoundingSum::default();
        for text in texts {
            sum.add(&parse(text).unwrap().rounded.unwrap());
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
        assert_eq!(parse("2.5000000000000").unwrap().rounded, None);
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
}
