//! What a file leaves open, and what each answer would make of it.

use super::Options;
use super::source::Encoding;
use super::value::number::{self, DecimalMark};
use super::value::time::{self, DateOrder, Reading};
use crate::model::Zone;

/// Something that a person has to say before a file can be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    pub about: Subject,
    /// Some of the file's own values; for an encoding the bytes around the first that is not UTF-8, each
    /// as the character of its number.
    pub examples: Vec<String>,
}

/// What is left open.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Subject {
    /// The zone of times that name none.
    Zone,
    DateOrder,
    DecimalMark,
    Encoding,
}

/// What a person says to a [`Question`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reply {
    Zone(Zone),
    DateOrder(DateOrder),
    DecimalMark(DecimalMark),
    Encoding(Encoding),
}

/// Examples that a question has.
pub(super) const EXAMPLES_MAX: usize = 3;

impl Reply {
    /// Options that say this, too.
    #[must_use]
    pub fn added_to(&self, options: &Options) -> Options {
        let mut options = options.clone();
        match self {
            Self::Zone(zone) => options.assume_zone = Some(zone.clone()),
            Self::DateOrder(order) => options.date_order = Some(*order),
            Self::DecimalMark(mark) => options.decimal = Some(*mark),
            Self::Encoding(encoding) => options.encoding = Some(*encoding),
        }
        options
    }

    /// How an example of a question would be read: a time in UTC, a number, a text. `None` where it cannot
    /// be read so.
    pub fn effect(&self, example: &str, options: &Options) -> Option<String> {
        let instant = |zone: Option<Zone>, order: Option<DateOrder>| {
            let at = time::parse(example, &Reading { zone, order, style: None }).ok()?;
            Some(Zone::utc().format(at))
        };
        match self {
            Self::Zone(zone) => instant(Some(zone.clone()), options.date_order),
            Self::DateOrder(order) => {
                instant(options.assume_zone.clone().or_else(|| Some(Zone::utc())), Some(*order))
            }
            Self::DecimalMark(mark) => Some(number::parse(example, Some(*mark)).ok()?.credits.to_string()),
            Self::Encoding(encoding) => {
                let bytes: Vec<u8> =
                    example.chars().filter_map(|it| u8::try_from(u32::from(it)).ok()).collect();
                encoding.decode(&bytes)
            }
        }
    }
}

impl Question {
    /// About the bytes of a text that is not UTF-8, which begin to be wrong at `at`.
    pub(super) fn of_bytes(bytes: &[u8], at: usize) -> Self {
        const AROUND: usize = 24;
        let line = |it: &u8| *it == b'\n' || *it == b'\r';
        let before = &bytes[at.saturating_sub(AROUND)..at];
        let before = &before[before.iter().rposition(line).map_or(0, |it| it + 1)..];
        let after = &bytes[at..bytes.len().min(at + AROUND)];
        let after = &after[..after.iter().position(line).unwrap_or(after.len())];
        let example = before.iter().chain(after).map(|it| char::from(*it)).collect();
        Self { about: Subject::Encoding, examples: vec![example] }
    }
}
