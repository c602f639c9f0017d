//! What rounding took from numbers, or gave to them, exactly.

use std::fmt::{self, Write as _};

/// A value that was rounded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::import) struct Rounded {
    pub(super) is_negative: bool,
    /// Whether the size grew by the rounding.
    pub(super) up: bool,
    /// The digits after the ninth decimal.
    pub(super) tail: Vec<u8>,
}

/// The exact sum of what rounding added, in nano-credits: one number for the digits before the
/// point, and one for each 18 after it. Carries are left to the end; an `i128` holds those
/// of 10²⁰ rows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::import) struct RoundingSum {
    whole: i128,
    limbs: Vec<i128>,
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
