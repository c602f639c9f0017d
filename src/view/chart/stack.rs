use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::axis::Axis;
use super::twin::Twin;
use super::{Checked, Hue, moment, name};
use crate::model::{Bucket, Calendar, Choice, CreditSum, Dim, Filter, Grain, Instant, Key};
use crate::report::chart::{Entity, Series, Stack};
use crate::view::number::{self, Delta};
use crate::view::period;

/// Stacked columns over time.
#[derive(Clone, PartialEq, Debug)]
pub struct StackChart {
    /// `Credits per day`
    pub title: String,
    /// `by format`
    pub subtitle: String,
    /// All of it in a line of words: what a screen reader says.
    pub summary: String,
    /// Of the whole, whatever is hidden.
    pub total: Checked,
    /// `26 Oct – 24 Nov 2026`
    pub range: String,
    /// Rows in the range.
    pub n_rows: u64,
    /// `shown 12,300.10 of 19,704.05`, where some of it is hidden.
    pub shown: Option<String>,
    pub legend: Vec<LegendEntry>,
    /// `net`, where anything was refunded: the line over the columns.
    pub net: Option<String>,
    /// `previous 30 days`, where columns have pale ones behind them.
    pub before: Option<String>,
    /// `partial, to 14:05`, where a bucket is unfinished.
    pub partial: Option<String>,
    pub columns: Vec<Column>,
    /// What can be done to a column: the last line of its tooltip.
    pub hint: String,
    /// With three, four and five gridlines.
    axes: [Axis; 3],
    /// The same as a table.
    pub twin: Twin,
    /// So that it can be stacked anew.
    source: Arc<Source>,
}

/// What a person has taken out of a chart.
pub type Hidden = BTreeSet<Entity>;

/// Credits of the compared span, a value a bucket.
type CreditsBefore = BTreeMap<Entity, Vec<CreditSum>>;

/// What a chart is made from.
#[derive(Clone, PartialEq, Debug)]
struct Source {
    stack: Stack,
    before: Option<CreditsBefore>,
    calendar: Calendar,
}

/// A marker's colour and what it stands for. The place is the one in the stack, from the bottom.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LegendEntry {
    pub hue: Hue,
    pub name: String,
    pub entity: Entity,
    pub shown: bool,
}

/// One bucket of time.
#[derive(Clone, PartialEq, Debug)]
pub struct Column {
    pub start: Instant,
    /// Exclusive.
    pub end: Instant,
    /// Exclusive: rows from then on, though in the bucket, do not count.
    pub counts_until: Instant,
    /// What was charged from zero up, and refunds from zero down; none is without height.
    pub segments: Vec<Segment>,
    /// What is left of both, where the chart has any refunds; none after the newest row.
    pub net: Option<f64>,
    /// Height of the pale column behind.
    pub before: Option<f64>,
    pub is_partial: bool,
    /// Under the axis, where there is room.
    pub tick: Option<String>,
    pub tip: Tip,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Segment {
    pub hue: Hue,
    pub from: f64,
    /// Farther from zero than `from`.
    pub to: f64,
}

/// What is said about a column.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tip {
    /// `Fri 13 Nov 2026`
    pub title: String,
    /// `00:00 – 24:00 UTC`
    pub interval: String,
    /// What was charged, top down as the segments lie.
    pub rows: Vec<TipRow>,
    pub refunds: Option<Refunded>,
    /// What is left.
    pub total: String,
    pub before: Option<Before>,
    /// `partial: data to 14:05`, `after the newest row`
    pub note: Option<String>,
    /// All of it in a line.
    pub spoken: String,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TipRow {
    pub hue: Hue,
    pub name: String,
    pub credits: String,
    pub share: String,
}

/// What was given back in a bucket. Shares are of what was charged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refunded {
    /// `−12.00`
    pub credits: String,
    pub share: String,
    /// Of what is left.
    pub net_share: String,
}

/// The bucket behind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Before {
    /// `14 Oct`
    pub name: String,
    pub credits: String,
    pub delta: Delta,
}

impl StackChart {
    /// `before` holds the credits of the compared span, a value a bucket.
    pub fn new(stack: &Stack, before: Option<&CreditsBefore>, calendar: &Calendar) -> Self {
        let source = Source { stack: stack.clone(), before: before.cloned(), calendar: calendar.clone() };
        Self::build(Arc::new(source), &Hidden::new())
    }

    /// The same chart, stacked anew without some of its parts.
    pub fn without(&self, hidden: &Hidden) -> Self {
        Self::build(Arc::clone(&self.source), hidden)
    }

    fn build(source: Arc<Source>, hidden: &Hidden) -> Self {
        let Source { stack, before, calendar } = &*source;
        let legend: Vec<_> = stack.series.iter().map(|it| entry(it, stack.dim, hidden)).collect();
        let is_cut = legend.iter().any(|it| !it.shown);
        let shown_legend: Vec<_> = legend.iter().filter(|it| it.shown).cloned().collect();
        let mut shown = stack.clone();
        shown.series.retain(|it| !hidden.contains(&it.part.entity()));
        let span = &stack.span;
        let n_columns = span.buckets.len();
        let before = before.as_ref().map(|it| shown_before(it, &legend, n_columns));
        let before = before.as_deref();
        let columns: Vec<_> =
            (0..n_columns).map(|index| column(&shown, index, before, &shown_legend, calendar)).collect();
        let title = format!("Credits per {}", span.grain.name());
        let by = format!("by {}", name::dim(stack.dim));
        let length = moment::n_buckets(n_columns, span.grain);
        let total = Checked::new(stack.total, stack.adds_up());
        let part = shown.series.iter().map(Series::total).sum::<CreditSum>();
        let part = is_cut.then(|| format!("shown {} of {}", number::credits(part), total.text));
        let refunds = stack.refunds();
        let refunds_spoken = match refunds {
            CreditSum::ZERO => String::new(),
            _ => format!(", refunds {}", number::credits(refunds)),
        };
        let part_spoken = part.as_ref().map_or_else(String::new, |it| format!(", {it}"));
        let (least, most) = limits(&columns);
        let before_name = before.and(span.compared).map(period::compared_name);
        Self {
            summary: format!("{title} {by}, {length}, total {}{refunds_spoken}{part_spoken}", total.text),
            subtitle: by,
            range: moment::range(span, calendar),
            n_rows: stack.n_rows,
            shown: part,
            net: (shown.refunds() != CreditSum::ZERO).then(|| "net".to_owned()),
            partial: span
                .partial
                .map(|_| format!("partial, to {}", moment::as_of_short(span.as_of, span.grain, calendar))),
            hint: if span.grain == Grain::Hour {
                "Click for its rows · drag over days to choose them".to_owned()
            } else {
                "Click for its rows · drag to choose a range".to_owned()
            },
            axes: [3, 4, 5].map(|n_lines| Axis::new(least, most, n_lines)),
            twin: Twin::of_stack(&shown, &shown_legend, before.zip(before_name.as_deref())),
            before: before_name,
            title,
            total,
            legend,
            columns,
            source,
        }
    }

    /// Which rows the columns are made of: a window picks some of them.
    pub fn filter(&self) -> Filter {
        let key = |it: &LegendEntry| match &it.entity {
            Entity::One(Key::Text(text)) => Some(text.clone()),
            Entity::One(Key::User(_)) | Entity::Other => None,
        };
        let of = |shown| self.legend.iter().filter(move |it| it.shown == shown);
        // Who is in "Other" has no name here: without it, what is shown is named instead.
        let other_hidden = of(false).any(|it| it.entity == Entity::Other);
        let choice = if other_hidden {
            Choice { include: of(true).filter_map(key).collect(), exclude: Vec::new() }
        } else {
            Choice { include: Vec::new(), exclude: of(false).filter_map(key).collect() }
        };
        match self.source.stack.dim {
            Dim::Format => Filter { formats: choice, ..Filter::default() },
            Dim::Quality => Filter { qualities: choice, ..Filter::default() },
            Dim::Action => {
                let texts = |it: Vec<Option<_>>| it.into_iter().flatten().collect();
                let actions = Choice { include: texts(choice.include), exclude: texts(choice.exclude) };
                Filter { actions, ..Filter::default() }
            }
            Dim::User => Filter::default(),
            Dim::Metadata(key) => Filter { metadata: [(key, choice)].into(), ..Filter::default() },
        }
    }

    /// The value axis for a plot of this height: gridlines are some sixty pixels apart.
    pub fn axis(&self, height: f32) -> &Axis {
        let [few, some, many] = &self.axes;
        if height < 190.0 {
            few
        } else if height < 420.0 {
            some
        } else {
            many
        }
    }

    /// The columns that any of `start..end` lies in: the same time in every chart of a page.
    pub fn touching(&self, start: Instant, end: Instant) -> std::ops::Range<usize> {
        let first = self.columns.partition_point(|it| it.end <= start);
        let last = self.columns.partition_point(|it| it.start < end);
        first..last.max(first)
    }
}

impl Column {
    /// The end, included.
    pub fn last_instant(&self) -> Instant {
        Instant::from_micros(self.end.micros() - 1)
    }
}

/// Of what is shown. What has no series any more is shown with the whole.
fn shown_before(before: &CreditsBefore, legend: &[LegendEntry], n_buckets: usize) -> Vec<CreditSum> {
    let is_whole = legend.iter().all(|it| it.shown);
    let is_shown =
        |entity: &Entity| legend.iter().find(|it| it.entity == *entity).map_or(is_whole, |it| it.shown);
    let mut sums = vec![CreditSum::ZERO; n_buckets];
    for (_, values) in before.iter().filter(|(entity, _)| is_shown(entity)) {
        sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += *value);
    }
    sums
}

fn entry(series: &Series, dim: Dim, hidden: &Hidden) -> LegendEntry {
    let entity = series.part.entity();
    LegendEntry {
        hue: series.hue,
        name: name::part(&series.part, dim),
        shown: !hidden.contains(&entity),
        entity,
    }
}

fn column(
    stack: &Stack,
    index: usize,
    before: Option<&[CreditSum]>,
    legend: &[LegendEntry],
    calendar: &Calendar,
) -> Column {
    let span = &stack.span;
    let bucket = span.buckets[index];
    let before = before.and_then(|it| it.get(index)).copied();
    let (mut segments, mut top, mut bottom) = (Vec::new(), CreditSum::ZERO, CreditSum::ZERO);
    for series in &stack.series {
        for (end, value) in [(&mut top, series.gross(index)), (&mut bottom, series.refunds[index])] {
            let from = end.to_f64();
            *end += value;
            if value != CreditSum::ZERO {
                segments.push(Segment { hue: series.hue, from, to: end.to_f64() });
            }
        }
    }
    let has_net = bucket.start <= span.as_of && stack.refunds() != CreditSum::ZERO;
    Column {
        start: bucket.start,
        end: bucket.end,
        counts_until: bucket.end.min(span.counts_until.max(bucket.start)),
        segments,
        net: has_net.then(|| (top + bottom).to_f64()),
        before: before.map(CreditSum::to_f64),
        is_partial: span.partial == Some(index),
        tick: moment::tick(&bucket, span.grain, calendar, span.buckets.len()),
        tip: tip(stack, index, &bucket, before, legend, calendar),
    }
}

fn tip(
    stack: &Stack,
    index: usize,
    bucket: &Bucket,
    before: Option<CreditSum>,
    legend: &[LegendEntry],
    calendar: &Calendar,
) -> Tip {
    let span = &stack.span;
    let total = stack.bucket_total(index);
    let refunds = stack.bucket_refunds(index);
    let charged = total - refunds;
    let row = |(series, entry): (&Series, &LegendEntry)| {
        let value = series.gross(index);
        (value != CreditSum::ZERO).then(|| TipRow {
            hue: entry.hue,
            name: entry.name.clone(),
            credits: number::credits(value),
            share: number::share(value, charged),
        })
    };
    let refunds = (refunds != CreditSum::ZERO).then(|| Refunded {
        credits: number::credits(refunds),
        share: number::share(refunds, charged),
        net_share: number::share(total, charged),
    });
    let rows: Vec<_> = stack.series.iter().zip(legend).rev().filter_map(row).collect();
    let as_of = || moment::as_of(span.as_of, span.grain, calendar);
    let is_partial = span.partial == Some(index);
    let note = if is_partial {
        Some(format!("partial: data to {}", as_of()))
    } else {
        let is_left_out = span.counts_until < bucket.end;
        let last = if is_left_out { "last complete day" } else { "newest row" };
        (bucket.start > span.as_of).then(|| format!("after the {last}"))
    };
    let before = before.zip(span.compared).map(|(credits, compared)| {
        let name = moment::before(bucket, span.grain, compared);
        Before {
            name: if is_partial { format!("{name}, to {}", as_of()) } else { name },
            credits: number::credits(credits),
            delta: number::delta(total.nano(), credits.nano()),
        }
    });
    let title = moment::title(bucket, span.grain);
    let total = number::credits(total);
    let parts: Vec<_> = rows.iter().map(|it| format!(", {} {}", it.name, it.credits)).collect();
    let refunds_spoken = refunds.as_ref().map_or_else(String::new, |it| format!(", refunds {}", it.credits));
    let note_spoken = note.as_ref().map_or_else(String::new, |it| format!(", {it}"));
    Tip {
        spoken: format!("{title}: total {total}{}{refunds_spoken}{note_spoken}", parts.concat()),
        interval: moment::interval(bucket, span.grain, calendar),
        title,
        rows,
        refunds,
        total,
        before,
        note,
    }
}

/// The least and the most that any column reaches.
fn limits(columns: &[Column]) -> (f64, f64) {
    let ends = columns.iter().flat_map(|it| it.segments.iter().map(|it| it.to).chain(it.before));
    ends.fold((0.0, 0.0), |(least, most): (f64, f64), end| (least.min(end), most.max(end)))
}
