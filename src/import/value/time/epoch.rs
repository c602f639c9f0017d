//! Times as numbers since 1970.

use super::super::trimmed;
use crate::model::Instant;

/// What a time that is a number counts since 1970-01-01 00:00 UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(in crate::import) enum Unit {
    Seconds,
    Millis,
    Micros,
    Nanos,
}

/// A number without exponent, exactly.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number {
    /// In 10⁻¹⁸.
    value: i128,
    whole: i128,
}

/// Digits before and after the point that an `i128` holds together.
const WHOLE_MAX: usize = 19;
const FRACTION_MAX: usize = 18;
const ONE: i128 = 10_i128.pow(FRACTION_MAX as u32);

impl Unit {
    pub(in crate::import) const ALL: [Self; 4] = [Self::Seconds, Self::Millis, Self::Micros, Self::Nanos];

    pub(in crate::import) fn name(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Millis => "milliseconds",
            Self::Micros => "microseconds",
            Self::Nanos => "nanoseconds",
        }
    }

    fn in_a_second(self) -> i128 {
        match self {
            Self::Seconds => 1,
            Self::Millis => 1_000,
            Self::Micros => 1_000_000,
            Self::Nanos => 1_000_000_000,
        }
    }
}

impl Number {
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = trimmed(text);
        let digits = text.trim_start_matches(['-', '+']);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let are_digits = whole.bytes().chain(fraction.bytes()).all(|it| it.is_ascii_digit());
        let is_short = (1..=WHOLE_MAX).contains(&whole.len()) && fraction.len() <= FRACTION_MAX;
        if !are_digits || !is_short || text.len() > digits.len() + 1 {
            return None;
        }
        let whole: i128 = whole.parse().ok()?;
        let fraction: i128 = format!("{fraction:0<FRACTION_MAX$}").parse().ok()?;
        let sign = if text.starts_with('-') { -1 } else { 1 };
        Some(Self { value: sign * (whole * ONE + fraction), whole: sign * whole })
    }

    /// The only unit in which the number is a time of the years 2000 to 2099; these are a thousandfold
    /// apart. Other numbers tell nothing: 0 is 1970 in each.
    pub(super) fn unit(self) -> Option<Unit> {
        const YEAR_2000: i128 = 946_684_800;
        const YEAR_2100: i128 = 4_102_444_800;
        let is_in = |unit: &Unit| {
            let n = unit.in_a_second();
            (YEAR_2000 * n..YEAR_2100 * n).contains(&self.whole)
        };
        Unit::ALL.into_iter().find(|it| is_in(it))
    }

    /// Whether a spreadsheet may have written it for a day of the years 1954 to 2119.
    pub(super) fn may_be_day_number(self) -> bool {
        (20_000..80_000).contains(&self.whole)
    }

    /// Rounded to even, as fractions of a second are; `None` outside the calendar.
    pub(super) fn instant(self, unit: Unit) -> Option<Instant> {
        let nanos_over_unit = 1_000_000_000 / unit.in_a_second();
        // The year 9999 has 18 digits of µs, and a µs has 1000 × 10¹⁸ of what is counted here.
        let scaled = self.value.checked_mul(nanos_over_unit)?;
        let one = ONE * 1_000;
        let (whole, rest) = (scaled.div_euclid(one), scaled.rem_euclid(one));
        let up = rest * 2 > one || (rest * 2 == one && whole % 2 != 0);
        let micros = i64::try_from(whole + i128::from(up)).ok()?;
        Some(Instant::from_micros(micros)).filter(|it| it.is_in_calendar())
    }
}
