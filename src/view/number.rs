//! How numbers and times are written on the screen: thousands commas, a true minus, always as many
//! decimals in a column. Files and scripts get plain digits instead (`Display` of the types).

use chrono::{Datelike as _, NaiveDate, Timelike as _};

use crate::model::{CreditSum, Instant, Zone};

/// A whole number: `9,898`.
pub fn count(n: u64) -> String {
    grouped(&n.to_string())
}

/// A number of things: `1 user`, `2,400 users`.
pub fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// Credits with two decimals: `−1,234.50`.
pub fn credits(sum: CreditSum) -> String {
    fixed(sum, 2)
}

/// Credits per event, with three decimals: `1.991`.
pub fn ratio(sum: CreditSum) -> String {
    fixed(sum, 3)
}

/// With exactly `decimals` (at most 9) digits after the point, rounded half away from zero.
pub fn fixed(sum: CreditSum, decimals: u32) -> String {
    grouped(&sum.to_fixed(decimals))
}

/// Every digit there is: for hovers, and for what must be seen to be equal.
pub fn exact(sum: CreditSum) -> String {
    grouped(&sum.to_string())
}

/// The same of a change: `+0.5`, `−0.5`, `0`.
pub fn signed(sum: CreditSum) -> String {
    let sign = if sum > CreditSum::ZERO { "+" } else { "" };
    format!("{sign}{}", exact(sum))
}

/// The tick of an axis: as many decimals as the step between ticks needs.
pub fn tick(value: f64, step: f64) -> String {
    let decimals = (0..9).find(|it| is_whole(step * 10_f64.powi(*it))).unwrap_or(9) as usize;
    let text = format!("{value:.decimals$}");
    // What rounds to nothing has no sign.
    let text = if text.trim_matches(['-', '0', '.']).is_empty() { text.replace('-', "") } else { text };
    grouped(&text)
}

/// A part of a whole: `50.2 %`. Of nothing there are no shares: `–`.
pub fn share(part: CreditSum, whole: CreditSum) -> String {
    per_mille(part.nano(), whole.nano()).map_or_else(|| "–".to_owned(), percent)
}

/// As [`share`], without decimals: for what stands in a row with others of its kind.
pub fn share_whole(part: CreditSum, whole: CreditSum) -> String {
    rounded(part.nano(), whole.nano(), 100).map_or_else(|| "–".to_owned(), |it| format!("{it} %"))
}

/// How a figure differs from the one before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Delta {
    /// Rounds to 0.0 %, or nothing was and nothing is.
    Same,
    /// `27.8 %` more.
    Rise(String),
    /// `4.0 %` less.
    Fall(String),
    /// Something, where there was nothing before.
    New,
    /// Nothing of what was there before: said of rows in a list, where −100 % would say less.
    Gone,
}

impl Delta {
    /// In words: `up 27.8 %`.
    pub fn spoken(&self) -> String {
        match self {
            Self::Same => "unchanged".to_owned(),
            Self::Rise(text) => format!("up {text}"),
            Self::Fall(text) => format!("down {text}"),
            Self::New => "new".to_owned(),
            Self::Gone => "gone".to_owned(),
        }
    }
}

/// Of one figure in whole units (rows, nano-credits) against the one before.
pub fn delta(now: i128, before: i128) -> Delta {
    if before == 0 {
        return if now == 0 { Delta::Same } else { Delta::New };
    }
    // By the size of what was: a fall from −10 to −20 is a fall.
    match per_mille(now - before, before.abs()) {
        Some(0) | None => Delta::Same,
        Some(part) if part > 0 => Delta::Rise(percent(part)),
        Some(part) => Delta::Fall(percent(-part)),
    }
}

/// Days, both included: `26 Oct – 24 Nov 2026`.
pub fn dates(first: NaiveDate, last: NaiveDate) -> String {
    if first == last {
        date(first)
    } else if first.year() == last.year() {
        format!("{} – {}", day_month(first), date(last))
    } else {
        format!("{} – {}", date(first), date(last))
    }
}

/// `24 Nov 2026`.
pub fn date(date: NaiveDate) -> String {
    format!("{} {}", day_month(date), date.year())
}

/// `24 Nov`.
pub fn day_month(date: NaiveDate) -> String {
    date.format("%-d %b").to_string()
}

/// `Fri 13 Nov 2026`.
pub fn weekday_date(date: NaiveDate) -> String {
    format!("{} {}", date.format("%a"), self::date(date))
}

/// What clocks of the zone show: `14:05`.
pub fn clock(at: Instant, zone: &Zone) -> String {
    zone.local(at).format("%H:%M").to_string()
}

/// The same; the last instant of a day is its end: `24:00`.
pub fn end_clock(at: Instant, zone: &Zone) -> String {
    let next = Instant::from_micros(at.micros().saturating_add(1));
    if zone.local(next).date() > zone.local(at).date() { "24:00".to_owned() } else { clock(at, zone) }
}

/// `24 Nov 2026 14:05`.
pub fn minute(at: Instant, zone: &Zone) -> String {
    format!("{} {}", date(zone.local(at).date()), clock(at, zone))
}

/// `2026-11-24 14:05:09`, with the fraction only where there is one: for tables, which sort by eye.
pub fn second(at: Instant, zone: &Zone) -> String {
    let local = zone.local(at);
    let whole = local.format("%Y-%m-%d %H:%M:%S").to_string();
    let whole = whole.trim_start_matches('+');
    match local.nanosecond() / 1_000 {
        0 => whole.to_owned(),
        micros => format!("{whole}.{}", format!("{micros:06}").trim_end_matches('0')),
    }
}

/// Commas between thousands and `−` for `-`, in a plain decimal.
fn grouped(plain: &str) -> String {
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |it| ("−", it));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(it, rest)| (it, Some(rest)));
    let mut text = sign.to_owned();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

fn per_mille(part: i128, whole: i128) -> Option<i128> {
    rounded(part, whole, 1_000)
}

/// `part × scale ÷ whole`, rounded half away from zero. `None` of nothing, or where it does not fit.
fn rounded(part: i128, whole: i128, scale: u128) -> Option<i128> {
    let size = whole.unsigned_abs();
    let rounded = (part.unsigned_abs().checked_mul(scale)?.checked_add(size / 2)?).checked_div(size)?;
    Some(i128::try_from(rounded).ok()? * part.signum() * whole.signum())
}

/// One decimal; from ten times on none, and from a thousand times on it no longer matters.
fn percent(per_mille: i128) -> String {
    let percent = CreditSum::from_nano(per_mille.saturating_mul(100_000_000));
    match per_mille.unsigned_abs() {
        0..10_000 => format!("{} %", fixed(percent, 1)),
        10_000..1_000_000 => format!("{} %", fixed(percent, 0)),
        _ if per_mille < 0 => "< −99,999 %".to_owned(),
        _ => "> 99,999 %".to_owned(),
    }
}

fn is_whole(value: f64) -> bool {
    (value - value.round()).abs() < 1e-6 * value.abs().max(1e-6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(nano: i128) -> CreditSum {
        CreditSum::from_nano(nano)
    }

    #[test]
    fn thousands_have_commas_and_a_minus_is_a_minus() {
        assert_eq!(count(0), "0");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(credits(sum(19_704_050_000_000)), "19,704.05");
        assert_eq!(credits(sum(-1_234_500_000_000)), "−1,234.50");
        assert_eq!(credits(sum(-1)), "0.00");
        assert_eq!(ratio(sum(1_990_700_000)), "1.991");
        assert_eq!(exact(sum(-1_000_000_000_001)), "−1,000.000000001");
    }

    #[test]
    fn ticks_have_the_decimals_of_their_step() {
        assert_eq!(tick(1_200.0, 300.0), "1,200");
        assert_eq!(tick(0.0, 2.5), "0.0");
        assert_eq!(tick(-7.5, 2.5), "−7.5");
        assert_eq!(tick(0.04, 0.02), "0.04");
        assert_eq!(tick(-0.0, 1.0), "0");
    }

    #[test]
    fn shares_and_deltas_are_counted_in_integers() {
        assert_eq!(share(sum(1), sum(3)), "33.3 %");
        assert_eq!(share(sum(-1), sum(8)), "−12.5 %");
        assert_eq!(share(sum(1), sum(0)), "–");
        assert_eq!(share_whole(sum(2), sum(3)), "67 %");
        assert_eq!(delta(15, 10), Delta::Rise("50.0 %".into()));
        assert_eq!(delta(9, 10), Delta::Fall("10.0 %".into()));
        assert_eq!(delta(-20, -10), Delta::Fall("100.0 %".into()));
        assert_eq!(delta(100_000, 100_001), Delta::Same);
        assert_eq!(delta(1, 0), Delta::New);
        assert_eq!(delta(0, 0), Delta::Same);
        assert_eq!(delta(131, 10), Delta::Rise("1,210 %".into()));
        assert_eq!(delta(30_000, 1), Delta::Rise("> 99,999 %".into()));
    }

    #[test]
    fn times_are_those_of_the_zone() {
        let at = Instant::from_micros(1_700_000_000_250_000);
        let zone = Zone::named("Asia/Kathmandu").unwrap();
        assert_eq!(minute(at, &zone), "15 Nov 2023 03:58");
        assert_eq!(second(at, &zone), "2023-11-15 03:58:20.25");
        assert_eq!(weekday_date(zone.local(at).date()), "Wed 15 Nov 2023");
        assert_eq!(clock(at, &Zone::utc()), "22:13");
    }
}
