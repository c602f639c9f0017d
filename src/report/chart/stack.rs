use std::collections::BTreeMap;

use super::overview::Totals;
use super::palette::{Hue, Palette};
use super::period::Span;
use crate::model::{CreditSum, Dim, Filter, Key, Measure, Query, Table};

/// Credits per bucket of time, told apart by a dimension.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stack {
    pub span: Span,
    pub dim: Dim,
    /// In the order of their hues, "Other" last: the same in every range.
    pub series: Vec<Series>,
    /// Of the whole span, asked for on its own.
    pub total: CreditSum,
    /// Rows in the whole span.
    pub n_rows: u64,
}

/// One entity's credits, a value a bucket, zeros included.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Series {
    pub part: Part,
    pub hue: Hue,
    pub values: Vec<CreditSum>,
    /// What of each value is negative credits: zero or less.
    pub refunds: Vec<CreditSum>,
}

/// What a part of a whole stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    One(Key),
    /// As many entities together.
    Other(usize),
}

/// Whom a part stands for, in every range: how many are in "Other" may change.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Entity {
    One(Key),
    Other,
}

impl Part {
    pub fn entity(&self) -> Entity {
        match self {
            Self::One(key) => Entity::One(key.clone()),
            Self::Other(_) => Entity::Other,
        }
    }
}

impl Stack {
    pub(super) fn query(span: &Span, dim: Dim, filter: &Filter) -> Query {
        Query {
            window: span.window(),
            filter: filter.clone(),
            group_by: vec![dim],
            grain: Some(span.grain),
            measures: vec![Measure::Credits, Measure::Refunds],
            ..Query::default()
        }
    }

    pub(super) fn new(span: Span, dim: Dim, palette: &Palette, table: &Table, whole: Totals) -> Self {
        let n_buckets = span.buckets.len();
        let mut by_key: BTreeMap<&Key, Series> = BTreeMap::new();
        for row in &table.rows {
            if let (Some(bucket), [key], [credits, refunds]) =
                (row.bucket, row.keys.as_slice(), row.figures.as_slice())
            {
                let none = || Series::none(Part::One(key.clone()), palette.hue(dim, key), n_buckets);
                let series = by_key.entry(key).or_insert_with(none);
                series.add(span.place(bucket.start), credits.credits(), refunds.credits());
            }
        }
        let (mut series, mut others) = (Vec::new(), Vec::new());
        for it in by_key.into_values() {
            if it.hue == Hue::Other { &mut others } else { &mut series }.push(it);
        }
        series.sort_by_key(|it| match it.hue {
            Hue::Slot(slot) => slot,
            Hue::Other => u8::MAX,
        });
        if !others.is_empty() {
            let mut other = Series::none(Part::Other(others.len()), Hue::Other, n_buckets);
            for it in &others {
                (0..n_buckets).for_each(|place| other.add(place, it.values[place], it.refunds[place]));
            }
            series.push(other);
        }
        Self { span, dim, series, total: whole.credits, n_rows: whole.n_events }
    }

    /// Whether the parts are equal to the whole.
    pub fn adds_up(&self) -> bool {
        self.series.iter().map(Series::total).sum::<CreditSum>() == self.total
    }

    /// Of one bucket.
    pub fn bucket_total(&self, index: usize) -> CreditSum {
        self.series.iter().filter_map(|it| it.values.get(index).copied()).sum()
    }

    /// Of one bucket: zero or less.
    pub fn bucket_refunds(&self, index: usize) -> CreditSum {
        self.series.iter().filter_map(|it| it.refunds.get(index).copied()).sum()
    }

    /// Of all buckets: zero or less.
    pub fn refunds(&self) -> CreditSum {
        self.series.iter().flat_map(|it| &it.refunds).copied().sum()
    }
}

impl Series {
    fn none(part: Part, hue: Hue, n_buckets: usize) -> Self {
        let zeros = vec![CreditSum::ZERO; n_buckets];
        Self { part, hue, values: zeros.clone(), refunds: zeros }
    }

    fn add(&mut self, place: usize, credits: CreditSum, refunds: CreditSum) {
        if let (Some(value), Some(refund)) = (self.values.get_mut(place), self.refunds.get_mut(place)) {
            *value += credits;
            *refund += refunds;
        }
    }

    /// What was charged in a bucket: zero or more.
    pub fn gross(&self, index: usize) -> CreditSum {
        self.values[index] - self.refunds[index]
    }

    pub fn total(&self) -> CreditSum {
        self.values.iter().copied().sum()
    }
}
