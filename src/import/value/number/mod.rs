//! `numeric` as `PostgreSQL`'s `numeric_in` reads it, down to whole nano-credits.

mod factor;
mod rounding;
mod spelling;

use thiserror::Error;

pub use self::factor::Factor;
pub(in crate::import) use self::rounding::{Rounded, RoundingSum};
pub(in crate::import) use self::spelling::Spelling;
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

/// Which sign parts the whole number from its decimals.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DecimalMark {
    Point,
    Comma,
}

impl DecimalMark {
    /// As the command line spells it.
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Point, Self::Comma].into_iter().find(|it| it.word() == word)
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Point => "point",
            Self::Comma => "comma",
        }
    }
}

/// Why a text is no number of credits.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub(in crate::import) enum NumberFault {
    #[error("{} is not a number", quoted(.0))]
    NotANumber(String),
    #[error("{} is not a number: it has a comma, where its column has points", quoted(.0))]
    Comma(String),
    #[error("{} is not a number: it has thousands separators, which are not read; export plain digits", quoted(.0))]
    Grouped(String),
    #[error("{} is not a number: it has a currency sign; export the credits alone", quoted(.0))]
    Currency(String),
    #[error("{} is not a number: its minus is the sign U+2212 and not `-`", quoted(.0))]
    Minus(String),
    #[error("a number of more than {CHARS_MAX} characters")]
    TooLong,
    #[error("{} has more than {DECIMALS_MAX} decimals", quoted(.0))]
    Decimals(String),
    #[error("{} is outside the range of ±9,223,372,036.854775807 credits", quoted(.0))]
    OutOfRange(String),
    /// The other numbers of the column may have suffered unseen.
    #[error(
        "{} is not a number but a date: a spreadsheet has changed the column, so export the file again \
         and do not save it in a spreadsheet",
        quoted(.0)
    )]
    Date(String),
    /// The row cannot be read without an answer from the user.
    #[error(
        "{} has a comma, which may part decimals or thousands: say `--decimal comma` if it is a decimal \
         comma, or export with decimal points",
        quoted(.0)
    )]
    Undecided(String),
    #[error("{} has a decimal point, and the column decimal commas: export the file again with one of them", quoted(.0))]
    Point(String),
}

impl NumberFault {
    /// Whether the fault is the column's: the file cannot be read, not only the row.
    pub(in crate::import) fn is_columns(&self) -> bool {
        matches!(self, Self::Date(_) | Self::Undecided(_) | Self::Point(_))
    }
}

/// Reads a number: blanks around, a sign, `.5`, `5.`, an exponent; not `NaN`, `Infinity`, `1_000`, hex.
///
/// Beyond 9 decimals it is rounded half away from zero. The range is that of [`Credits`], for the
/// exact value: one that would only be in range by rounding is outside. Without a mark only points
/// are read, and a comma is asked about.
pub(in crate::import) fn parse(text: &str, mark: Option<DecimalMark>) -> Result<Parsed, NumberFault> {
    parse_times(text, mark, None)
}

/// Reads a number, and multiplies it before it is rounded.
pub(in crate::import) fn parse_times(
    text: &str,
    mark: Option<DecimalMark>,
    factor: Option<&Factor>,
) -> Result<Parsed, NumberFault> {
    if text.len() > CHARS_MAX {
        return Err(NumberFault::TooLong);
    }
    let inner = trimmed(text);
    if mark != Some(DecimalMark::Comma) {
        let decimal = decimal(inner).ok_or_else(|| refusal(text, mark))?;
        return value(text, &decimal, factor);
    }
    if inner.contains('.') {
        return Err(if decimal(inner).is_some() {
            NumberFault::Point(text.to_owned())
        } else {
            refusal(text, mark)
        });
    }
    let pointed = inner.replacen(',', ".", 1);
    let decimal = decimal(&pointed).ok_or_else(|| refusal(text, mark))?;
    value(text, &decimal, factor)
}

fn value(text: &str, decimal: &Decimal<'_>, factor: Option<&Factor>) -> Result<Parsed, NumberFault> {
    if let Some(factor) = factor {
        let (is_negative, digits, exponent) = factor.times(decimal);
        return value(text, &Decimal { is_negative, whole: &digits, fraction: &[], exponent }, None);
    }
    if -decimal.last_exponent() > DECIMALS_MAX {
        return Err(NumberFault::Decimals(text.to_owned()));
    }
    decimal.to_nano().ok_or_else(|| NumberFault::OutOfRange(text.to_owned()))
}

/// What is wrong with a text that is no number.
fn refusal(text: &str, mark: Option<DecimalMark>) -> NumberFault {
    let kind = match (Spelling::of(text), mark) {
        (Spelling::Comma { .. }, None) => NumberFault::Undecided,
        (Spelling::Comma { .. }, Some(_)) => NumberFault::Comma,
        (Spelling::Grouped, _) => NumberFault::Grouped,
        (Spelling::Currency, _) => NumberFault::Currency,
        (Spelling::Date, _) => NumberFault::Date,
        _ if text.contains('\u{2212}') => NumberFault::Minus,
        _ => NumberFault::NotANumber,
    };
    kind(text.to_owned())
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
    /// Their values.
    fn digits(&self) -> impl Iterator<Item = u8> + Clone {
        self.whole.iter().chain(self.fraction).map(|it| it - b'0')
    }

    /// The power of ten that the last digit counts.
    fn last_exponent(&self) -> i64 {
        self.exponent - self.fraction.len().cast_signed() as i64
    }

    /// `None` outside the range of [`Credits`].
    fn to_nano(&self) -> Option<Parsed> {
        // Digit number `index` counts 10^(`units` - 1 - index) nano-credits.
        let units = self.whole.len().cast_signed() as i64 + self.exponent + 9;
        let n_kept = usize::try_from(units.max(0)).ok()?;
        let mut nano: i64 = 0;
        for digit in self.digits().take(n_kept) {
            nano = nano.checked_mul(10)?.checked_add(i64::from(digit))?;
        }
        let n_digits = self.whole.len() + self.fraction.len();
        for _ in n_digits..n_kept {
            if nano == 0 {
                break;
            }
            nano = nano.checked_mul(10)?;
        }
        let tail = self.digits().skip(n_kept);
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

#[cfg(test)]
mod tests;
