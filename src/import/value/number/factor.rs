//! What the numbers of a column are multiplied by, exactly.

use std::fmt;

use super::{Decimal, decimal, trimmed};

/// A decimal number such as `0.001`, which keeps its digits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Factor {
    text: String,
    is_negative: bool,
    digits: Vec<u8>,
    /// Of the last digit.
    exponent: i64,
}

/// Nobody counts credits by more digits, and each makes every row a little slower.
const CHARS_MAX: usize = 40;

impl Factor {
    /// Reads a number as the credits of a dump are read, with a decimal point; `None` of anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = trimmed(text);
        let decimal = decimal(text).filter(|_| text.len() <= CHARS_MAX)?;
        let digits = decimal.digits().collect();
        Some(Self {
            text: text.to_owned(),
            is_negative: decimal.is_negative,
            digits,
            exponent: decimal.last_exponent(),
        })
    }

    /// The digits of a product, as characters, and the exponent of the last.
    pub(super) fn times(&self, number: &Decimal<'_>) -> (bool, Vec<u8>, i64) {
        let digits: Vec<u8> = number.digits().collect();
        let mut product = vec![0_u32; digits.len() + self.digits.len()];
        for (at, digit) in digits.iter().enumerate() {
            // No place of it is more than 40 times 81.
            for (other_at, other) in self.digits.iter().enumerate() {
                product[at + other_at + 1] += u32::from(*digit) * u32::from(*other);
            }
        }
        let mut carry = 0;
        for place in product.iter_mut().rev() {
            let sum = *place + carry;
            *place = sum % 10;
            carry = sum / 10;
        }
        let characters = product.into_iter().map(|it| b'0' + it as u8).collect();
        (number.is_negative != self.is_negative, characters, number.last_exponent() + self.exponent)
    }
}

/// As it was written.
impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
