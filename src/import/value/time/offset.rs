//! The zone of a time, as far as it is certain.

use super::clock::number;

/// Names that mean one zone only.
const UTC: [&[u8]; 4] = [b"z", b"utc", b"gmt", b"ut"];

/// How far the clock of the text is ahead of UTC.
#[derive(Clone, Copy)]
pub(super) enum Offset {
    Secs(i64),
    OutOfRange,
    Missing,
}

impl Offset {
    /// `+00`, `+0000`, `+00:00`, `+00:53:28`, `Z`, `UTC`, `GMT`, `+0000 UTC`, or nothing.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let is_utc = |it: &[u8]| UTC.iter().any(|name| it.eq_ignore_ascii_case(name));
        match text {
            [] => Some(Self::Missing),
            _ if is_utc(text) => Some(Self::Secs(0)),
            [sign @ (b'+' | b'-'), digits @ ..] => {
                let (size, rest) = Self::size(digits)?;
                let offset = match size {
                    Some(size) => Self::Secs(if *sign == b'-' { -size } else { size }),
                    None => Self::OutOfRange,
                };
                match (offset, rest) {
                    (_, []) => Some(offset),
                    // As Go writes it. Another name for another offset is not ours to judge.
                    (Self::Secs(0), [b' ', name @ ..]) if is_utc(name) => Some(offset),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Without sign; the inner `None` is one that no clock has (`PostgreSQL`'s `MAX_TZDISP_HOUR`).
    fn size(text: &[u8]) -> Option<(Option<i64>, &[u8])> {
        let n_digits = text.iter().take_while(|it| it.is_ascii_digit()).count();
        let (first, rest) = number(text, 1..=6)?;
        let (hours, minutes, seconds, rest) = match rest {
            [b':', rest @ ..] => {
                let (minutes, rest) = number(rest, 1..=2)?;
                match rest {
                    [b':', rest @ ..] => {
                        let (seconds, rest) = number(rest, 1..=2)?;
                        (first, minutes, seconds, rest)
                    }
                    _ => (first, minutes, 0, rest),
                }
            }
            _ if n_digits > 2 => (first / 100, first % 100, 0, rest),
            _ => (first, 0, 0, rest),
        };
        let in_range = hours <= 15 && minutes <= 59 && seconds <= 59;
        Some((in_range.then_some((hours * 60 + minutes) * 60 + seconds), rest))
    }
}

/// Whether a word stands where the zone should, perhaps after an offset.
pub(super) fn is_zone_name(text: &[u8]) -> bool {
    let may_be = |it: &u8| it.is_ascii_alphanumeric() || b" +-:/_".contains(it);
    text.iter().any(u8::is_ascii_alphabetic) && text.iter().all(may_be)
}
