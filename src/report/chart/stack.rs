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
            measures: vec![Measure::Credits],
            ..Query::default()
        }
    }

    pub(super) fn new(span: Span, dim: Dim, palette: &Palette, table: &Table, whole: Totals) -> Self {
        let n_buckets = span.buckets.len();
        let mut values: BTreeMap<&Key, Vec<CreditSum>> = BTreeMap::new();
        for row in &table.rows {
            if let (Some(bucket), [key], [credits]) =
                (row.bucket, row.keys.as_slice(), row.figures.as_slice())
            {
                let sums = values.entry(key).or_insert_with(|| vec![CreditSum::ZERO; n_buckets]);
                if let Some(sum) = sums.get_mut(span.place(bucket.start)) {
                    *sum += credits.credits();
                }
            }
        }
        let mut series = Vec::new();
        let (mut n_others, mut others) = (0, vec![CreditSum::ZERO; n_buckets]);
        for (key, values) in values {
            match palette.hue(dim, key) {
                hue @ Hue::Slot(_) => series.push(Series { part: Part::One(key.clone()), hue, values }),
                Hue::Other => {
                    n_others += 1;
                    others.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
                }
            }
        }
        series.sort_by_key(|it| match it.hue {
            Hue::Slot(slot) => slot,
            Hue::Other => u8::MAX,
        });
        if n_others > 0 {
            series.push(Series { part: Part::Other(n_others), hue: Hue::Other, values: others });
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
}

impl Series {
    pub fn total(&self) -> CreditSum {
        self.values.iter().copied().sum()
    }
}
