//! Who used how much in a period, and how that was in the one before.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;

use chrono::NaiveDate;

use super::chart::{Extent, Period, Span};
use crate::model::{
    Calendar, Columns, CreditSum, Dim, Figure, Filter, Grain, Instant, Measure, Query, Table, TableRow,
    UserId, Window,
};

/// What the ranking is to be about.
#[derive(Clone, Debug)]
pub struct RankingAsk<'a> {
    pub calendar: &'a Calendar,
    pub period: Period,
    pub extent: Extent,
    pub filter: &'a Filter,
    /// The visible rows, for what a user did bucket by bucket: as a question, that would be a line of an
    /// answer for each user on each day.
    pub rows: &'a Columns,
}

/// Users with rows in a period, by credits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ranking {
    pub span: Span,
    /// The largest first, equal ones by id.
    pub users: Vec<RankedUser>,
    /// Credits and events of the period, asked for on their own.
    pub header: (CreditSum, u64),
    /// Whether there is a period before to compare with.
    pub is_compared: bool,
    /// Of all users, one after the other: see [`RankedUser::course`].
    courses: Vec<Point>,
}

/// What one user did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RankedUser {
    pub user_id: UserId,
    pub credits: CreditSum,
    pub n_events: u64,
    /// Days of the calendar with rows.
    pub n_active_days: u64,
    /// In the period before, as much of it as has elapsed of this one. `None` without rows there.
    pub before: Option<Before>,
    /// The first and the last visible row, of all time.
    pub seen: (Instant, Instant),
    course: Range<usize>,
}

/// What a user was in the period before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Before {
    pub credits: CreditSum,
    /// From 0, among the users of that period.
    pub place: usize,
}

/// Credits of one bucket of the span. Buckets without rows have none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Point {
    pub bucket: usize,
    pub credits: CreditSum,
}

impl Ranking {
    /// Asks for all of it. The closure runs the queries as the viewer who sees the rows.
    pub fn ask<E>(
        ask: &RankingAsk<'_>,
        answer: &mut dyn FnMut(&Query) -> Result<Table, E>,
    ) -> Result<Self, E> {
        let span = ask.period.span(ask.calendar, ask.extent);
        let before = span.window_before(ask.calendar);
        let header = answer(&query(ask, span.window(), &[]))?;
        let header = header.rows.first().map_or_else(Default::default, |it| figures(&it.figures));
        let before_by_user = before.map(|it| answer(&query(ask, it, &[Dim::User]))).transpose()?;

        let before_by_user = before_by_user.map_or_else(HashMap::new, |it| places(&it));
        let (mut users, courses) = count(ask, &span);
        for user in &mut users {
            user.before = before_by_user.get(&user.user_id).copied();
        }
        users.sort_by(|a, b| by_credits(&(a.credits, a.user_id), &(b.credits, b.user_id)));
        Ok(Self { span, users, header, is_compared: before.is_some(), courses })
    }

    /// Whether the users' credits and events are those of the header.
    pub fn adds_up(&self) -> bool {
        let credits: CreditSum = self.users.iter().map(|it| it.credits).sum();
        let n_events: u64 = self.users.iter().map(|it| it.n_events).sum();
        (credits, n_events) == self.header
    }

    /// A user's credits over the span, in the order of time.
    pub fn course(&self, user: &RankedUser) -> &[Point] {
        self.courses.get(user.course.clone()).unwrap_or_default()
    }
}

impl RankedUser {
    /// How many places a user at `place` (from 0) has risen; negative is fallen. `None` without rows before.
    pub fn risen(&self, place: usize) -> Option<isize> {
        self.before.map(|it| it.place.cast_signed() - place.cast_signed())
    }
}

fn query(ask: &RankingAsk<'_>, window: Window, group_by: &[Dim]) -> Query {
    Query {
        window,
        filter: ask.filter.clone(),
        group_by: group_by.to_vec(),
        measures: vec![Measure::Credits, Measure::Events],
        ..Query::default()
    }
}

fn figures(figures: &[Figure]) -> (CreditSum, u64) {
    match figures {
        [credits, events] => (credits.credits(), events.count()),
        _ => <_>::default(),
    }
}

/// The users of an answer in the order of the ranking.
fn places(table: &Table) -> HashMap<UserId, Before> {
    let user = |row: &TableRow| Some((figures(&row.figures).0, row.keys.first()?.user()?));
    let mut users: Vec<_> = table.rows.iter().filter_map(user).collect();
    users.sort_by(by_credits);
    let users = users.into_iter().enumerate();
    users.map(|(place, (credits, user))| (user, Before { credits, place })).collect()
}

/// The largest first, equal ones by id.
fn by_credits(a: &(CreditSum, UserId), b: &(CreditSum, UserId)) -> Ordering {
    b.0.cmp(&a.0).then(a.1.cmp(&b.1))
}

/// What is known of a user while the rows are gone through.
#[derive(Clone, Debug, Default)]
struct Count {
    credits: CreditSum,
    n_events: u64,
    n_active_days: u64,
    /// The days that were counted last: two, because where clocks go back over midnight a day comes again.
    days: [Option<NaiveDate>; 2],
    seen: Option<(i64, i64)>,
    course: Vec<Point>,
}

/// Goes through the rows once, in the order of time.
fn count(ask: &RankingAsk<'_>, span: &Span) -> (Vec<RankedUser>, Vec<Point>) {
    let rows = ask.rows;
    let mut counts = vec![Count::default(); rows.user_ids().len()];
    for (&at, &user) in rows.times().iter().zip(rows.users()) {
        let seen = &mut counts[user as usize].seen;
        *seen = Some((seen.map_or(at, |it| it.0), at));
    }
    let n_before = |limit: Instant| rows.times().partition_point(|it| *it < limit.micros());
    let (start, end) = (n_before(span.from), n_before(span.until));
    let admits = admitted(rows, ask.filter);
    let mut days = ask.calendar.spans(Grain::Day);
    let (mut day, mut day_end) = (NaiveDate::MIN, i64::MIN);
    let mut bucket = 0;
    for row in start..end {
        let at = rows.times()[row];
        if at >= day_end {
            let (end, of_day) = days.at(Instant::from_micros(at));
            (day, day_end) = (of_day.local.date(), end.micros());
        }
        while span.buckets.get(bucket + 1).is_some_and(|it| it.start.micros() <= at) {
            bucket += 1;
        }
        if admits(row) {
            let credits = CreditSum::from_nano(rows.credits()[row].into());
            counts[rows.users()[row] as usize].add(credits, day, bucket);
        }
    }
    users(rows, counts)
}

impl Count {
    fn add(&mut self, credits: CreditSum, day: NaiveDate, bucket: usize) {
        self.credits += credits;
        self.n_events += 1;
        if !self.days.contains(&Some(day)) {
            self.days = [self.days[1], Some(day)];
            self.n_active_days += 1;
        }
        match self.course.last_mut() {
            Some(point) if point.bucket == bucket => point.credits += credits,
            _ => self.course.push(Point { bucket, credits }),
        }
    }
}

fn users(rows: &Columns, counts: Vec<Count>) -> (Vec<RankedUser>, Vec<Point>) {
    let (mut users, mut courses) = (Vec::new(), Vec::new());
    for (&user_id, count) in rows.user_ids().iter().zip(counts) {
        let (Some((first, last)), 1..) = (count.seen, count.n_events) else { continue };
        let start = courses.len();
        courses.extend(count.course);
        users.push(RankedUser {
            user_id,
            credits: count.credits,
            n_events: count.n_events,
            n_active_days: count.n_active_days,
            before: None,
            seen: (Instant::from_micros(first), Instant::from_micros(last)),
            course: start..courses.len(),
        });
    }
    (users, courses)
}

/// Whether the filter admits a row.
fn admitted<'a>(rows: &'a Columns, filter: &Filter) -> impl Fn(usize) -> bool + use<'a> {
    let users: Vec<_> = rows.user_ids().iter().map(|it| filter.users.admits(it)).collect();
    let actions: Vec<_> = rows.action_names().iter().map(|it| filter.actions.admits(it)).collect();
    let kinds = rows.kind_names().iter();
    let kinds: Vec<_> = kinds
        .map(|(format, quality)| filter.formats.admits(format) && filter.qualities.admits(quality))
        .collect();
    move |row| {
        users[rows.users()[row] as usize]
            && actions[rows.actions().at(row) as usize]
            && kinds[rows.kinds().at(row) as usize]
    }
}

#[cfg(test)]
mod tests;
