use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};

/// Credits of one row, as a whole number of 10⁻⁹ credit.
///
/// The range is ±9,223,372,036.854775807; a dump's value outside it is rejected with its reason.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Credits(i64);

/// Credits of many rows, as a whole number of 10⁻⁹ credit.
///
/// An `i128` holds the sum of 10¹⁹ rows of the largest [`Credits`], so a sum never overflows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct CreditSum(i128);

/// Nano-credits in a credit.
const NANO: u128 = 1_000_000_000;

impl Credits {
    pub const MAX: Self = Self(i64::MAX);
    pub const MIN: Self = Self(-i64::MAX);

    /// `None` for `i64::MIN`, whose negation would not fit.
    pub const fn from_nano(nano: i64) -> Option<Self> {
        if nano == i64::MIN { None } else { Some(Self(nano)) }
    }

    pub const fn nano(self) -> i64 {
        self.0
    }
}

impl CreditSum {
    pub const ZERO: Self = Self(0);

    pub const fn from_nano(nano: i128) -> Self {
        Self(nano)
    }

    pub const fn nano(self) -> i128 {
        self.0
    }

    pub const fn abs(self) -> Self {
        Self(self.0.abs())
    }

    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The exact quotient, rounded half away from zero to 9 decimals, as `PostgreSQL`'s
    /// `round(sum(x) / count(*), 9)` gives it for `numeric`. `None` of no rows.
    pub fn average(self, n_rows: u64) -> Option<Self> {
        if n_rows == 0 {
            return None;
        }
        let n_rows = i128::from(n_rows);
        let (quotient, rest) = (self.0 / n_rows, self.0 % n_rows);
        let away = i128::from(rest.abs() >= n_rows - rest.abs());
        Some(Self(quotient + away * self.0.signum()))
    }

    /// For drawing only: a pixel cannot show what is lost here.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// With exactly `decimals` (at most 9) digits after the point, rounded half away from zero,
    /// and no separators. A value that rounds to nothing has no sign.
    pub fn to_fixed(self, decimals: u32) -> String {
        let unit = 10_u128.pow(9 - decimals.min(9));
        let rounded = (self.0.unsigned_abs() + unit / 2) / unit;
        let sign = if self.0 < 0 && rounded > 0 { "-" } else { "" };
        let scale = 10_u128.pow(decimals.min(9));
        let (whole, fraction) = (rounded / scale, rounded % scale);
        match decimals.min(9) {
            0 => format!("{sign}{whole}"),
            width => format!("{sign}{whole}.{fraction:0width$}", width = width as usize),
        }
    }
}

impl From<Credits> for CreditSum {
    fn from(credits: Credits) -> Self {
        Self(i128::from(credits.0))
    }
}

impl Add for CreditSum {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for CreditSum {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for CreditSum {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for CreditSum {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl AddAssign<Credits> for CreditSum {
    fn add_assign(&mut self, credits: Credits) {
        self.0 += i128::from(credits.0);
    }
}

impl Sum for CreditSum {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::ZERO, Add::add)
    }
}

/// Plain decimal: no exponent, no trailing zeros, no `.0`; nothing is `0`.
impl fmt::Display for CreditSum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, fraction) = (size / NANO, size % NANO);
        if fraction == 0 {
            write!(f, "{sign}{whole}")
        } else {
            let digits = format!("{fraction:09}");
            write!(f, "{sign}{whole}.{}", digits.trim_end_matches('0'))
        }
    }
}

/// As [`CreditSum`] writes it.
impl fmt::Display for Credits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        CreditSum::from(*self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_text(nano: i128, expected: &str) {
        assert_eq!(CreditSum(nano).to_string(), expected);
    }

    #[test]
    fn credits_are_plain_decimals() {
        check_text(0, "0");
        check_text(2_500_000_000, "2.5");
        check_text(12_000_000_000, "12");
        check_text(-1, "-0.000000001");
        check_text(-500_000_000, "-0.5");
        check_text(i128::from(i64::MAX), "9223372036.854775807");
    }

    #[track_caller]
    fn check_average(nano: i128, n_rows: u64, expected: &str) {
        assert_eq!(CreditSum(nano).average(n_rows).map(|it| it.to_string()).as_deref(), Some(expected));
    }

    #[test]
    fn averages_round_half_away_from_zero() {
        check_average(1, 2, "0.000000001");
        check_average(-1, 2, "-0.000000001");
        check_average(1, 3, "0");
        check_average(-2, 3, "-0.000000001");
        check_average(10_000_000_000, 3, "3.333333333");
        check_average(20_000_000_000, 3, "6.666666667");
        assert_eq!(CreditSum(5).average(0), None);
    }

    #[test]
    fn fixed_decimals_round_and_lose_the_sign_of_nothing() {
        assert_eq!(CreditSum(1_234_565_000_000).to_fixed(2), "1234.57");
        assert_eq!(CreditSum(-1).to_fixed(2), "0.00");
        assert_eq!(CreditSum(-5_000_000).to_fixed(2), "-0.01");
        assert_eq!(CreditSum(1_500_000_000).to_fixed(0), "2");
    }
}
