//! What is remarkable about the rows of `usage_logs`, counted while they are taken.

use std::collections::{BTreeMap, BTreeSet};

use super::super::repair::Damage;
use super::super::value::number::{Rounded, RoundingSum};
use crate::model::{CreditSum, Credits, Instant, Place};

const DAY_MICROS: i64 = 86_400_000_000;

/// The counts, each with the line of the first row it is about.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) rounded: Seen,
    pub(super) rounding: RoundingSum,
    pub(super) repaired: Seen,
    pub(super) damages: BTreeMap<Damage, Seen>,
    pub(super) epoch_zero: Seen,
    pub(super) future: Seen,
    pub(super) refunds: Seen,
    pub(super) refunded: CreditSum,
    /// Repeats of a row of the same file.
    pub(super) duplicates: Seen,
    /// Rows like one that the file had before, with ids of their own.
    pub(super) alike: Seen,
    /// Repeats that agree only as far as their own precision goes.
    pub(super) less_precise: Seen,
    /// The days in UTC that have rows, counted from 1970.
    days: BTreeSet<i64>,
    /// The day of the row before: most rows are of the same one.
    day: Option<i64>,
}

/// How many rows something is true of, and where it is true first.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Seen {
    pub(super) n_rows: u64,
    line: u64,
}

/// Days without rows between days with rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Hole {
    /// Of all such days.
    pub(super) n_days: u64,
    /// The first and the last day of the longest run, at midnight in UTC.
    pub(super) longest: (Instant, Instant),
}

impl Seen {
    pub(super) fn add(&mut self, place: Place) {
        if self.n_rows == 0 {
            self.line = place.line;
        }
        self.n_rows += 1;
    }

    /// `in 1 row, on line 3`, `in 12 rows, the first on line 3`.
    pub(super) fn in_words(self) -> String {
        match self.n_rows {
            1 => format!("in 1 row, on line {}", self.line),
            n_rows => format!("in {n_rows} rows, the first on line {}", self.line),
        }
    }
}

impl Findings {
    /// Looks at the values of a row that was understood.
    pub(super) fn look(&mut self, place: Place, credits: Credits, created_at: Instant, now: Instant) {
        if credits.nano() < 0 {
            self.refunds.add(place);
            self.refunded += credits;
        }
        let micros = created_at.micros();
        // In every zone it is within a day.
        if micros.unsigned_abs() <= DAY_MICROS.unsigned_abs() {
            self.epoch_zero.add(place);
        }
        // A clock may be off, or the zone have been guessed.
        if micros > now.micros() + DAY_MICROS {
            self.future.add(place);
        }
        let day = micros.div_euclid(DAY_MICROS);
        if self.day.replace(day) != Some(day) {
            self.days.insert(day);
        }
    }

    pub(super) fn round(&mut self, place: Place, rounded: &Rounded) {
        self.rounded.add(place);
        self.rounding.add(rounded);
    }

    /// The days that seem to be missing: those without rows where nearly all days have some. Where rows
    /// are few, days without are nothing to speak of.
    pub(super) fn hole(&self, now: Instant) -> Option<Hole> {
        const DAYS_MIN: i64 = 14;
        // Days that are no days of a log say nothing about its holes.
        let today = now.micros().div_euclid(DAY_MICROS) + 1;
        let days: Vec<i64> = self.days.iter().copied().filter(|it| (2..=today).contains(it)).collect();
        let n_days = days.last()? - days.first()? + 1;
        let n_missing = n_days - i64::try_from(days.len()).ok()?;
        if n_days < DAYS_MIN || n_missing == 0 || n_missing * 5 > n_days {
            return None;
        }
        let longest = days.windows(2).max_by_key(|it| (it[1] - it[0], -it[0]))?;
        let at = |day: i64| Instant::from_micros(day * DAY_MICROS);
        Some(Hole { n_days: n_missing.unsigned_abs(), longest: (at(longest[0] + 1), at(longest[1] - 1)) })
    }
}
