//! Who used how much in a period, and how that was in the one before.

use std::cmp::Reverse;

use super::chart::{Extent, Period, Span};
use crate::engine::{self, Active, Activity, ActivityQuery, Point, Unanswered};
use crate::model::{
    Bucket, Calendar, Cancel, Columns, CreditSum, Figure, Filter, Instant, Measure, Query, Table, UserId,
    Window,
};

/// What the ranking is to be about.
#[derive(Clone, Debug)]
pub struct RankingAsk<'a> {
    pub calendar: &'a Calendar,
    pub period: Period,
    pub extent: Extent,
    pub filter: &'a Filter,
    /// The visible rows, for what each user did bucket by bucket.
    pub rows: &'a Columns,
    pub cancel: &'a Cancel,
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
    activity: Activity,
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
    active: Active,
}

/// What a user was in the period before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Before {
    pub credits: CreditSum,
    /// From 0, among the users of that period.
    pub place: usize,
}

impl Ranking {
    /// Asks for all of it. The closure runs the queries as the viewer who sees the rows.
    pub fn ask<E: From<Unanswered>>(
        ask: &RankingAsk<'_>,
        answer: &mut dyn FnMut(&Query) -> Result<Table, E>,
    ) -> Result<Self, E> {
        let span = ask.period.span(ask.calendar, ask.extent);
        let before = span.window_before(ask.calendar);
        let header = answer(&header(ask, span.window()))?;
        let header = header.rows.first().map_or_else(Default::default, |it| figures(&it.figures));
        let activity = activity(ask, span.window(), &span.buckets)?;
        let before_by_user = before.map(|it| places(ask, it)).transpose()?;
        let seen = engine::seen(ask.rows, ask.cancel).map_err(Unanswered::from)?;

        let of_user = |(code, active): (usize, &Active)| {
            Some(RankedUser {
                user_id: *ask.rows.user_ids().get(code)?,
                credits: activity.credits(active),
                n_events: active.n_events,
                n_active_days: active.n_days,
                before: before_by_user.as_ref().and_then(|it| it[code]),
                seen: seen[code]?,
                active: active.clone(),
            })
        };
        let active = activity.users.iter().enumerate().filter(|(_, it)| it.n_events > 0);
        let mut users: Vec<_> = active.filter_map(of_user).collect();
        users.sort_unstable_by_key(|it| by_credits(it.credits, it.user_id));
        Ok(Self { span, users, header, is_compared: before.is_some(), activity })
    }

    /// Whether the users' credits and events are those of the header.
    pub fn adds_up(&self) -> bool {
        let credits: CreditSum = self.users.iter().map(|it| it.credits).sum();
        let n_events: u64 = self.users.iter().map(|it| it.n_events).sum();
        (credits, n_events) == self.header
    }

    /// A user's credits over the span, in the order of time.
    pub fn course(&self, user: &RankedUser) -> impl Iterator<Item = Point> {
        self.activity.course(&user.active)
    }
}

impl RankedUser {
    /// How many places a user at `place` (from 0) has risen; negative is fallen. `None` without rows before.
    pub fn risen(&self, place: usize) -> Option<isize> {
        self.before.map(|it| it.place.cast_signed() - place.cast_signed())
    }
}

fn header(ask: &RankingAsk<'_>, window: Window) -> Query {
    let measures = vec![Measure::Credits, Measure::Events];
    Query { window, filter: ask.filter.clone(), measures, ..Query::default() }
}

fn figures(figures: &[Figure]) -> (CreditSum, u64) {
    match figures {
        [credits, events] => (credits.credits(), events.count()),
        _ => <_>::default(),
    }
}

fn activity(ask: &RankingAsk<'_>, window: Window, buckets: &[Bucket]) -> Result<Activity, Unanswered> {
    let query = ActivityQuery { window, filter: ask.filter, buckets };
    engine::activity(ask.rows, query, ask.calendar, ask.cancel)
}

/// What users were in another period, by code.
fn places(ask: &RankingAsk<'_>, window: Window) -> Result<Vec<Option<Before>>, Unanswered> {
    let activity = activity(ask, window, &[])?;
    let active = activity.users.iter().enumerate().filter(|(_, it)| it.n_events > 0);
    let mut users: Vec<_> = active.map(|(code, it)| (activity.credits(it), code)).collect();
    users.sort_unstable_by_key(|(credits, code)| by_credits(*credits, ask.rows.user_ids()[*code]));
    let mut before = vec![None; ask.rows.user_ids().len()];
    for (place, (credits, code)) in users.into_iter().enumerate() {
        before[code] = Some(Before { credits, place });
    }
    Ok(before)
}

/// The largest first, equal ones by id.
fn by_credits(credits: CreditSum, user: UserId) -> (Reverse<CreditSum>, UserId) {
    (Reverse(credits), user)
}

#[cfg(test)]
mod tests;
