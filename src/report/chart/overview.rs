use std::collections::BTreeMap;

use chrono::Days;

use super::palette::{Hue, Palette};
use super::period::{Extent, Period, Span};
use super::stack::{Entity, Stack};
use crate::model::{
    Calendar, CreditSum, Dim, Figure, Filter, Grain, Key, Measure, Query, Table, TableRow, Window,
};

/// What the Overview is to be about.
#[derive(Clone, Debug)]
pub struct OverviewAsk<'a> {
    pub calendar: &'a Calendar,
    pub period: Period,
    pub extent: Extent,
    pub filter: &'a Filter,
    pub subject: Subject,
}

/// Whose rows are looked at: the third tile and the ranking depend on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Subject {
    /// Users are counted and ranked.
    Everyone,
    /// Active days are counted, actions are ranked.
    OneUser,
}

/// Everything on the Overview page, as exact values.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Overview {
    pub subject: Subject,
    pub span: Span,
    pub now: Totals,
    /// Of as much of the span before as has elapsed of this one.
    pub before: Option<Totals>,
    /// A value a bucket of `span`.
    pub per_bucket: Vec<Totals>,
    pub by_format: Stack,
    /// Credits of the compared span by format, a value a bucket of `span` each.
    pub before_by_format: Option<BTreeMap<Entity, Vec<CreditSum>>>,
    /// Twelve weeks, or as many as the span has.
    pub by_action: Stack,
    /// The largest first.
    pub formats: Vec<FormatTotal>,
    /// How many qualities occur, ever.
    pub n_qualities: usize,
    pub leaders: Leaders,
}

/// The four figures of some rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    pub credits: CreditSum,
    pub n_events: u64,
    pub n_users: u64,
    pub per_event: Option<CreditSum>,
    /// Days with rows; counted only for [`Subject::OneUser`].
    pub n_active_days: u64,
}

/// A format's credits, and the qualities in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FormatTotal {
    pub format: Key,
    pub hue: Hue,
    pub total: CreditSum,
    /// What of the total is negative credits: zero or less.
    pub refunds: CreditSum,
    /// From cheap to dear; the first number is the place among all qualities that occur anywhere.
    pub qualities: Vec<(usize, Key, CreditSum)>,
}

/// Users or actions, the largest first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leaders {
    pub dim: Dim,
    pub rows: Vec<Leader>,
    /// Those with credits in the compared span and no rows in this one, the largest of then first.
    pub gone: Vec<Leader>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leader {
    pub key: Key,
    pub credits: CreditSum,
    /// What of them is negative: zero or less.
    pub refunds: CreditSum,
    /// In the span before; `None` where there is none to compare with.
    pub before: Option<CreditSum>,
}

const TOTALS: [Measure; 4] =
    [Measure::Credits, Measure::Events, Measure::UniqueUsers, Measure::CreditsPerEvent];

impl Overview {
    /// Asks for all of it. The closure runs the queries as the viewer.
    pub fn ask<E>(
        ask: &OverviewAsk<'_>,
        answer: &mut dyn FnMut(&Query) -> Result<Table, E>,
    ) -> Result<Self, E> {
        let span = ask.period.span(ask.calendar, ask.extent);
        let before = span.window_before(ask.calendar);
        let palette = Palette::new(&answer(&Palette::query())?);
        let mut asking = Asking { ask, answer };

        let now = asking.totals(span.window())?;
        let by_format = {
            let table = (asking.answer)(&Stack::query(&span, Dim::Format, ask.filter))?;
            Stack::new(span.clone(), Dim::Format, &palette, &table, now)
        };
        let by_action = {
            let weeks = span.in_weeks(ask.calendar);
            let whole = asking.totals(weeks.window())?;
            let table = (asking.answer)(&Stack::query(&weeks, Dim::Action, ask.filter))?;
            Stack::new(weeks, Dim::Action, &palette, &table, whole)
        };
        Ok(Self {
            subject: ask.subject,
            now,
            before: before.map(|it| asking.totals(it)).transpose()?,
            per_bucket: asking.per_bucket(&span)?,
            before_by_format: before.map(|it| asking.before_by_format(&span, it, &palette)).transpose()?,
            formats: asking.formats(span.window(), &palette)?,
            leaders: asking.leaders(span.window(), before)?,
            n_qualities: palette.qualities().len(),
            by_format,
            by_action,
            span,
        })
    }

    /// Whether every chart's parts are equal to its header, and all headers of the span to each other.
    pub fn adds_up(&self) -> bool {
        let credits = self.now.credits;
        self.by_format.adds_up()
            && self.by_action.adds_up()
            && self.formats.iter().map(|it| it.total).sum::<CreditSum>() == credits
            && self.leaders.total() == credits
            && self.per_bucket.iter().map(|it| it.credits).sum::<CreditSum>() == credits
    }
}

impl Leaders {
    pub fn total(&self) -> CreditSum {
        self.rows.iter().map(|it| it.credits).sum()
    }
}

/// The questions of one page.
struct Asking<'a, 'b, E> {
    ask: &'a OverviewAsk<'a>,
    answer: &'b mut dyn FnMut(&Query) -> Result<Table, E>,
}

impl<E> Asking<'_, '_, E> {
    fn table(
        &mut self,
        window: Window,
        group_by: &[Dim],
        grain: Option<Grain>,
        measures: &[Measure],
    ) -> Result<Table, E> {
        let filter = self.ask.filter.clone();
        let (group_by, measures) = (group_by.to_vec(), measures.to_vec());
        (self.answer)(&Query { window, filter, group_by, grain, measures, ..Query::default() })
    }

    fn totals(&mut self, window: Window) -> Result<Totals, E> {
        let table = self.table(window, &[], None, &TOTALS)?;
        let mut totals = table.rows.first().map_or_else(Totals::default, |it| Totals::read(&it.figures));
        if self.ask.subject == Subject::OneUser {
            let days = self.table(window, &[], Some(Grain::Day), &[Measure::Events])?;
            totals.n_active_days = days.rows.len() as u64;
        }
        Ok(totals)
    }

    fn per_bucket(&mut self, span: &Span) -> Result<Vec<Totals>, E> {
        let table = self.table(span.window(), &[], Some(span.grain), &TOTALS)?;
        let mut per_bucket = vec![Totals::default(); span.buckets.len()];
        for row in &table.rows {
            if let Some(place) = row.bucket.and_then(|it| per_bucket.get_mut(span.place(it.start))) {
                place.add(Totals::read(&row.figures));
            }
        }
        Ok(per_bucket)
    }

    /// By days (hours, where the span is in hours) that are moved forward onto those of the span.
    fn before_by_format(
        &mut self,
        span: &Span,
        before: Window,
        palette: &Palette,
    ) -> Result<BTreeMap<Entity, Vec<CreditSum>>, E> {
        let grain = span.grain.min(Grain::Day);
        let days = Days::new(span.compared.map_or(0, |it| it.shift));
        let table = self.table(before, &[Dim::Format], Some(grain), &[Measure::Credits])?;
        let mut sums = BTreeMap::new();
        for row in &table.rows {
            let ([format], [credits]) = (row.keys.as_slice(), row.figures.as_slice()) else { continue };
            let moved = row.bucket.and_then(|it| it.local.checked_add_days(days));
            let place = moved.map(|local| span.place(self.ask.calendar.zone.instant(local)));
            let values = sums
                .entry(palette.entity(Dim::Format, format))
                .or_insert_with(|| vec![CreditSum::ZERO; span.buckets.len()]);
            if let Some(sum) = place.and_then(|it| values.get_mut(it)) {
                *sum += credits.credits();
            }
        }
        Ok(sums)
    }

    fn formats(&mut self, window: Window, palette: &Palette) -> Result<Vec<FormatTotal>, E> {
        let measures = [Measure::Credits, Measure::Refunds];
        let table = self.table(window, &[Dim::Format, Dim::Quality], None, &measures)?;
        let mut refunds: BTreeMap<&Key, CreditSum> = BTreeMap::new();
        let mut formats: BTreeMap<&Key, Vec<(usize, Key, CreditSum)>> = BTreeMap::new();
        for row in &table.rows {
            if let ([format, quality], [credits, refunded]) = (row.keys.as_slice(), row.figures.as_slice()) {
                let rank = palette.qualities().iter().position(|it| it == quality).unwrap_or(0);
                formats.entry(format).or_default().push((rank, quality.clone(), credits.credits()));
                *refunds.entry(format).or_default() += refunded.credits();
            }
        }
        let total = |(format, mut qualities): (&Key, Vec<(usize, Key, CreditSum)>)| {
            qualities.sort_by_key(|(rank, ..)| *rank);
            FormatTotal {
                hue: palette.hue(Dim::Format, format),
                total: qualities.iter().map(|(.., credits)| *credits).sum(),
                refunds: refunds.get(format).copied().unwrap_or_default(),
                format: format.clone(),
                qualities,
            }
        };
        let mut formats: Vec<_> = formats.into_iter().map(total).collect();
        // Stable: equal ones stay in the order of their names.
        formats.sort_by_key(|it| std::cmp::Reverse(it.total));
        Ok(formats)
    }

    fn leaders(&mut self, window: Window, before: Option<Window>) -> Result<Leaders, E> {
        let dim = match self.ask.subject {
            Subject::Everyone => Dim::User,
            Subject::OneUser => Dim::Action,
        };
        let now = self.table(window, &[dim], None, &[Measure::Credits, Measure::Refunds])?;
        let before = before.map(|it| self.table(it, &[dim], None, &[Measure::Credits])).transpose()?;
        let gone = |row: &TableRow| {
            let (key, credits) = (row.keys.first()?, row.figures.first()?.credits());
            let is_gone = credits != CreditSum::ZERO && row_of(&now, key).is_none();
            is_gone.then(|| Leader {
                key: key.clone(),
                credits: CreditSum::ZERO,
                refunds: CreditSum::ZERO,
                before: Some(credits),
            })
        };
        let mut gone: Vec<_> = before.iter().flat_map(|it| &it.rows).filter_map(gone).collect();
        gone.sort_by_key(|it| std::cmp::Reverse(it.before));
        let leader = |row: &TableRow| {
            let (key, figures) = (row.keys.first()?.clone(), row.figures.as_slice());
            let [credits, refunds] = figures else { return None };
            let before = before.as_ref().map(|it| {
                let row = row_of(it, &key).and_then(|it| it.figures.first());
                row.map_or(CreditSum::ZERO, |it| it.credits())
            });
            Some(Leader { key, credits: credits.credits(), refunds: refunds.credits(), before })
        };
        let mut rows: Vec<_> = now.rows.iter().filter_map(leader).collect();
        rows.sort_by_key(|it| std::cmp::Reverse(it.credits));
        Ok(Leaders { dim, rows, gone })
    }
}

/// The row of one key, in an answer that is grouped by one dimension and ordered by its keys.
fn row_of<'a>(table: &'a Table, key: &Key) -> Option<&'a TableRow> {
    let place = table.rows.binary_search_by(|it| it.keys.first().cmp(&Some(key))).ok()?;
    table.rows.get(place)
}

impl Totals {
    fn read(figures: &[Figure]) -> Self {
        let [credits, events, users, per_event] = figures else {
            return Self::default();
        };
        let per_event = match per_event {
            Figure::Average(average) => *average,
            Figure::Credits(_) | Figure::Count(_) => None,
        };
        Self {
            credits: credits.credits(),
            n_events: events.count(),
            n_users: users.count(),
            per_event,
            n_active_days: 0,
        }
    }

    /// Two buckets of an answer fall together only where clocks are put back over midnight (users
    /// may be counted twice there).
    fn add(&mut self, other: Self) {
        self.credits += other.credits;
        self.n_events += other.n_events;
        self.n_users += other.n_users;
        self.per_event = self.credits.average(self.n_events);
    }
}
