//! What a column of numbers looks like, before it is known how to read it.

use super::super::trimmed;
use super::{CHARS_MAX, decimal};

/// How a number is spelled, or what else stands in its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::import) enum Spelling {
    /// Without a mark: it agrees with every column.
    Whole,
    /// `2.5`
    Point,
    /// `2,5`, for certain; or `1,234`, whose comma may also part the thousands.
    Comma {
        is_certain: bool,
    },
    /// `1,234.5`, `1.234,5`, `1 234,5`: thousands separators are not read, as each country has its own.
    Grouped,
    /// `$2.5`
    Currency,
    /// `02. Mai`: a spreadsheet took 2.5 for a date.
    Date,
    Other,
}

impl Spelling {
    pub(in crate::import) fn of(text: &str) -> Self {
        let text = trimmed(text);
        if text.len() > CHARS_MAX {
            return Self::Other;
        }
        if decimal(text).is_some() {
            return if text.contains('.') { Self::Point } else { Self::Whole };
        }
        let is_comma_number = text.matches(',').count() == 1
            && !text.contains('.')
            && decimal(&text.replacen(',', ".", 1)).is_some();
        if is_comma_number {
            return Self::Comma { is_certain: !may_be_thousands(text) };
        }
        if text.contains(['$', '€', '£', '¥', '₹', '₽', '₩', '₺'])
            && text.contains(|it: char| it.is_ascii_digit())
        {
            return Self::Currency;
        }
        if is_grouped(text) {
            return Self::Grouped;
        }
        if is_date(text) { Self::Date } else { Self::Other }
    }
}

/// Whether `1,234` could be a thousand: three digits follow, and no zero comes first.
fn may_be_thousands(text: &str) -> bool {
    let digits = text.trim_start_matches(['-', '+']);
    let (whole, rest) = digits.split_once(',').unwrap_or((digits, ""));
    (1..=3).contains(&whole.len()) && !whole.starts_with('0') && rest.len() == 3
}

/// Digits in groups of three, whatever is between them.
fn is_grouped(text: &str) -> bool {
    let digits = text.trim_start_matches(['-', '+']);
    let groups: Vec<&str> = digits.split([',', '.', ' ', '\'', '\u{2019}', '\u{a0}', '\u{202f}']).collect();
    let are_digits = groups.iter().all(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()));
    groups.len() >= 2
        && are_digits
        && groups[0].len() <= 3
        && groups[1].len() == 3
        && groups[1..groups.len() - 1].iter().all(|it| it.len() == 3)
}

/// A number and the name of a month, as spreadsheets show a date.
fn is_date(text: &str) -> bool {
    const MONTHS: [&str; 19] = [
        "jan", "feb", "fev", "fév", "mar", "mär", "mrz", "apr", "avr", "may", "mai", "jun", "jui", "jul",
        "aug", "sep", "oct", "okt", "nov",
    ];
    let text = text.to_lowercase();
    let words = text.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
    let (mut has_number, mut has_month) = (false, false);
    for word in words {
        if word.bytes().all(|it| it.is_ascii_digit()) {
            has_number = true;
        } else if MONTHS.iter().chain(&["dec", "dez", "déc"]).any(|it| word.starts_with(it)) {
            has_month = true;
        } else {
            return false;
        }
    }
    has_number && has_month
}
