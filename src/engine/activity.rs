//! What each user did, bucket by bucket, in one pass.
//!
//! As a [`Query`] it would be a line of an answer for each user in each bucket, millions of them. Here a
//! user is a place in an array, each thread goes through a part of time, and what was found is then put
//! in the order of the users by counting.

use std::ops::Range;

use chrono::Datelike as _;

use super::groups::Groups;
use super::places::Places;
use super::tally::{self, NanoSum};
use super::{Cancelled, Tuning, Unanswered, on_threads, slices};
use crate::model::{Bucket, Calendar, Cancel, Columns, CreditSum, Filter, Grain, Instant, Query, Window};

/// Which rows, and how their time is cut.
#[derive(Clone, Copy, Debug)]
pub struct ActivityQuery<'a> {
    pub window: Window,
    pub filter: &'a Filter,
    /// In the order of time. What is before the first counts to it; without any, all is one.
    pub buckets: &'a [Bucket],
}

/// What was found, by the codes of the users.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Activity {
    pub users: Vec<Active>,
    /// Of all users, one after the other.
    buckets: Vec<u32>,
    sums: Sums,
}

/// What one user did; nothing, where there are no events.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Active {
    pub n_events: u64,
    /// Days of the calendar with rows.
    pub n_days: u64,
    course: Range<usize>,
}

/// Credits of one bucket. Buckets without rows have none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Point {
    /// From 0.
    pub bucket: usize,
    pub credits: CreditSum,
}

/// As wide as they must be: of many users they are the most of what is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Sums {
    Narrow(Vec<i64>),
    Wide(Vec<i128>),
}

impl Default for Sums {
    fn default() -> Self {
        Self::Narrow(Vec::new())
    }
}

impl Activity {
    /// A user's credits over time.
    pub fn course(&self, user: &Active) -> impl Iterator<Item = Point> {
        user.course.clone().map(|index| {
            let nano = match &self.sums {
                Sums::Narrow(sums) => sums[index].into(),
                Sums::Wide(sums) => sums[index],
            };
            Point { bucket: self.buckets[index] as usize, credits: CreditSum::from_nano(nano) }
        })
    }

    pub fn credits(&self, user: &Active) -> CreditSum {
        self.course(user).map(|it| it.credits).sum()
    }
}

/// The whole Ranking with its list takes, in ms of cpu, 5 for 30 days by 1,290 users and 10 for all time, of
/// 1 M rows; 50 and 120 of 10 M by 12,540. Of 100,000 users it is 60 and 110, and 210 and 650.
pub fn activity(
    columns: &Columns,
    query: ActivityQuery<'_>,
    calendar: &Calendar,
    cancel: &Cancel,
) -> Result<Activity, Unanswered> {
    activity_tuned(columns, query, calendar, cancel, Tuning::default())
}

pub(super) fn activity_tuned(
    columns: &Columns,
    query: ActivityQuery<'_>,
    calendar: &Calendar,
    cancel: &Cancel,
    tuning: Tuning,
) -> Result<Activity, Unanswered> {
    let rows = slices::window_rows(columns.times(), query.window);
    let pieces = pieces(columns.times(), rows.clone(), query.buckets, calendar, cancel)?;
    let shares = share(&pieces, tuning.n_threads(rows.len()));
    let filter = Query { filter: query.filter.clone(), ..Query::default() };
    let asked = Asked { columns, groups: &Groups::new(columns, &filter)?, tuning, cancel };
    let fits = tally::fits(columns, &rows);
    Ok(if fits { asked.activity::<i64>(&shares)? } else { asked.activity::<i128>(&shares)? })
}

/// The first and the last row of each user, by code; `None` only of one without any.
pub fn seen(columns: &Columns, cancel: &Cancel) -> Result<Vec<Option<(Instant, Instant)>>, Cancelled> {
    seen_tuned(columns, cancel, Tuning::default())
}

pub(super) fn seen_tuned(
    columns: &Columns,
    cancel: &Cancel,
    tuning: Tuning,
) -> Result<Vec<Option<(Instant, Instant)>>, Cancelled> {
    let n_shares = tuning.n_threads(columns.len());
    let limit = |share: usize| columns.len() * share / n_shares;
    let shares: Vec<_> = (0..n_shares).map(|it| limit(it)..limit(it + 1)).collect();
    let seen = on_threads(&shares, |rows| {
        let mut seen = vec![NEVER; columns.user_ids().len()];
        for rows in tally::chunks(rows.clone(), cancel) {
            let rows = rows?;
            for (user, row) in columns.users()[rows.clone()].iter().zip(rows.start as u32..) {
                let seen = &mut seen[*user as usize];
                *seen = (seen.0.min(row), row);
            }
        }
        Ok(seen)
    })?;
    let at = |row: u32| Instant::from_micros(columns.times()[row as usize]);
    let of_user = |user: usize| {
        let mut found = seen.iter().map(|it| it[user]).filter(|it| *it != NEVER);
        let first = found.next()?;
        let last = found.next_back().unwrap_or(first);
        Some((at(first.0), at(last.1)))
    };
    Ok((0..columns.user_ids().len()).map(of_user).collect())
}

/// There are fewer rows.
const NEVER: (u32, u32) = (u32::MAX, 0);

/// Rows of one day and of one bucket.
#[derive(Clone, Debug)]
struct Piece {
    rows: Range<usize>,
    /// As chrono counts them.
    day: i32,
    bucket: u32,
}

fn pieces(
    times: &[i64],
    rows: Range<usize>,
    buckets: &[Bucket],
    calendar: &Calendar,
    cancel: &Cancel,
) -> Result<Vec<Piece>, Cancelled> {
    let mut days = calendar.spans(Grain::Day);
    let (mut pieces, mut row, mut bucket) = (Vec::new(), rows.start, 0);
    while row < rows.end {
        if cancel.is_cancelled() {
            return Err(Cancelled);
        }
        let (end, day) = days.at(Instant::from_micros(times[row]));
        while buckets.get(bucket + 1).is_some_and(|it| it.start.micros() <= times[row]) {
            bucket += 1;
        }
        let end = buckets.get(bucket + 1).map_or(end, |next| end.min(next.start));
        // At least the row that was asked about, so that the walk ends whatever a zone says.
        let n_rows = slices::n_before(&times[row..rows.end], end).max(1);
        let day = day.local.date().num_days_from_ce();
        pieces.push(Piece { rows: row..row + n_rows, day, bucket: bucket as u32 });
        row += n_rows;
    }
    Ok(pieces)
}

/// Deals the pieces out, at least one share. A day is not divided, though it may come twice, with another's
/// beginning between, where clocks go back over midnight.
fn share(pieces: &[Piece], n_shares: usize) -> Vec<&[Piece]> {
    let n_rows: usize = pieces.iter().map(|it| it.rows.len()).sum();
    let is_clean = |index: usize| {
        let day = pieces[index].day;
        pieces[..index].iter().all(|it| it.day < day) && pieces[index..].iter().all(|it| it.day >= day)
    };
    let (mut shares, mut begin, mut n_dealt) = (Vec::new(), 0, 0);
    for (index, piece) in pieces.iter().enumerate() {
        if index > begin && n_dealt * n_shares >= n_rows * (shares.len() + 1) && is_clean(index) {
            shares.push(&pieces[begin..index]);
            begin = index;
        }
        n_dealt += piece.rows.len();
    }
    shares.push(&pieces[begin..]);
    shares
}

/// What is known of a user while the rows are gone through.
#[derive(Clone, Copy, Debug, Default)]
struct Count<S> {
    /// Of the bucket that was seen last.
    credits: S,
    bucket: u32,
    n_events: u32,
    n_days: u32,
    n_points: u32,
    /// The days that were counted last: two, because a day may come again after the next has begun.
    days: [i32; 2],
}

/// What one thread has found.
struct Part<S> {
    /// By user; behind them what the filter does not admit.
    counts: Vec<Count<S>>,
    /// User, bucket, credits: in the order of time.
    points: Vec<(u32, u32, S)>,
}

#[derive(Clone, Copy)]
struct Asked<'a> {
    columns: &'a Columns,
    groups: &'a Groups<'a>,
    tuning: Tuning,
    cancel: &'a Cancel,
}

impl Asked<'_> {
    fn activity<S: NanoSum>(self, shares: &[&[Piece]]) -> Result<Activity, Cancelled> {
        let parts = on_threads(shares, |share| {
            let mut places = Places::new(self.groups, self.tuning.direct_slots_max);
            let mut part = Part::<S>::new(self.columns.user_ids().len());
            for piece in *share {
                for rows in tally::chunks(piece.rows.clone(), self.cancel) {
                    let rows = rows?;
                    let (credits, users) =
                        (&self.columns.credits()[rows.clone()], &self.columns.users()[rows.clone()]);
                    let waste = places.waste();
                    part.add(piece, users, credits, places.of(rows).0.zip(waste));
                }
            }
            part.finish();
            Ok(part)
        })?;
        in_order_of_users(&parts, self.cancel)
    }
}

impl<S: NanoSum> Part<S> {
    fn new(n_users: usize) -> Self {
        let count = Count { bucket: NONE, days: [i32::MIN; 2], ..Count::default() };
        Self { counts: vec![count; n_users + 1], points: Vec::new() }
    }

    /// `places` are those of the rows, and where what is not admitted has its place.
    fn add(&mut self, piece: &Piece, users: &[u32], credits: &[i64], places: Option<(&[u32], u32)>) {
        let rows = users.iter().zip(credits);
        let Some((places, waste)) = places else {
            return rows.for_each(|(user, nano)| self.add_row(piece, *user, *nano));
        };
        let nobody = self.counts.len() as u32 - 1;
        for ((user, nano), place) in rows.zip(places) {
            self.add_row(piece, if *place == waste { nobody } else { *user }, *nano);
        }
    }

    #[inline]
    fn add_row(&mut self, piece: &Piece, user: u32, nano: i64) {
        let count = &mut self.counts[user as usize];
        count.n_events += 1;
        if count.days[1] != piece.day {
            count.n_days += u32::from(count.days[0] != piece.day);
            count.days = [count.days[1], piece.day];
        }
        if count.bucket != piece.bucket {
            if count.bucket != NONE {
                self.points.push((user, count.bucket, count.credits));
            }
            count.bucket = piece.bucket;
            count.credits = S::default();
            count.n_points += 1;
        }
        count.credits += S::from(nano);
    }

    /// The last bucket of each user is a point, too.
    fn finish(&mut self) {
        for (user, count) in (0..).zip(&self.counts) {
            if count.bucket != NONE {
                self.points.push((user, count.bucket, count.credits));
            }
        }
    }
}

/// A span has fewer buckets.
const NONE: u32 = u32::MAX;

/// The points of a user are put behind each other: how many come before them is known.
fn in_order_of_users<S: NanoSum>(parts: &[Part<S>], cancel: &Cancel) -> Result<Activity, Cancelled> {
    let n_users = parts.first().map_or(0, |it| it.counts.len() - 1);
    let (mut users, mut n_points) = (Vec::with_capacity(n_users), 0);
    for user in 0..n_users {
        let mut active = Active { course: n_points..n_points, ..Active::default() };
        for count in parts.iter().map(|it| it.counts[user]) {
            active.n_events += u64::from(count.n_events);
            active.n_days += u64::from(count.n_days);
            n_points += count.n_points as usize;
        }
        users.push(active);
    }
    let (mut buckets, mut sums) = (vec![0; n_points], vec![S::default(); n_points]);
    for part in parts {
        for points in tally::chunks(0..part.points.len(), cancel) {
            for (user, bucket, credits) in &part.points[points?] {
                // None of what is not admitted.
                let Some(active) = users.get_mut(*user as usize) else { continue };
                let Range { start, end } = &mut active.course;
                // A bucket that two threads have a part of is one point.
                if start < end && buckets[*end - 1] == *bucket {
                    sums[*end - 1] += *credits;
                } else {
                    (buckets[*end], sums[*end]) = (*bucket, *credits);
                    *end += 1;
                }
            }
        }
    }
    Ok(Activity { users, buckets, sums: S::keep(sums) })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;
    use crate::engine::tests::{
        Row, admits, any_calendar, any_filter, any_grain, any_rows, any_window, columns, user,
    };
    use crate::model::UserId;

    /// Events, days, and credits by bucket.
    type Did = (u64, u64, BTreeMap<usize, CreditSum>);

    /// The same, row by row, with no thought of speed; users without rows are left out.
    fn naive(rows: &[Row], query: ActivityQuery<'_>, calendar: &Calendar) -> BTreeMap<UserId, Did> {
        let rows_query = Query { window: query.window, filter: query.filter.clone(), ..Query::default() };
        let mut did: BTreeMap<UserId, Did> = BTreeMap::new();
        let mut days = BTreeSet::new();
        for row in rows.iter().filter(|row| admits(&rows_query, row)) {
            let at = Instant::from_micros(row.at);
            let bucket = query.buckets.partition_point(|it| it.start <= at).saturating_sub(1);
            let did = did.entry(user(row.user)).or_default();
            did.0 += 1;
            did.1 += u64::from(days.insert((row.user, calendar.date(at))));
            *did.2.entry(bucket).or_default() += CreditSum::from_nano(row.nano.into());
        }
        did
    }

    fn found(columns: &Columns, activity: &Activity) -> BTreeMap<UserId, Did> {
        let users = columns.user_ids().iter().zip(&activity.users).filter(|(_, it)| it.n_events > 0);
        let did = |it: &Active| {
            let course: Vec<_> = activity.course(it).collect();
            assert!(course.is_sorted_by(|a, b| a.bucket < b.bucket), "{course:?}");
            (it.n_events, it.n_days, course.iter().map(|it| (it.bucket, it.credits)).collect())
        };
        users.map(|(user, it)| (*user, did(it))).collect()
    }

    proptest! {
        #[test]
        fn it_is_that_of_counting_row_by_row(
            rows in any_rows(),
            (window, filter, grain) in (any_window(), any_filter(), any_grain()),
            calendar in any_calendar(),
        ) {
            let columns = columns(&rows);
            let (first, last) = (columns.first().unwrap_or(Instant::MAX), columns.last());
            let until = last.map_or(Instant::MAX, |it| Instant::from_micros(it.micros() + 1));
            let buckets = grain.map_or_else(Vec::new, |it| calendar.buckets(first, until, it, 500));
            let query = ActivityQuery { window, filter: &filter, buckets: &buckets };
            let expected = naive(&rows, query, &calendar);
            for (threads_max, direct_slots_max) in [(1, 1 << 19), (3, 1 << 19), (3, 0)] {
                let tuning =
                    Tuning { thread_rows_min: 1, threads_max, direct_slots_max, seen_words_max: 0 };
                let cancel = Cancel::new();
                let activity = activity_tuned(&columns, query, &calendar, &cancel, tuning).unwrap();
                prop_assert_eq!(&found(&columns, &activity), &expected);
                for (code, seen) in seen_tuned(&columns, &cancel, tuning).unwrap().into_iter().enumerate() {
                    let own = rows.iter().filter(|it| user(it.user) == columns.user_ids()[code]);
                    let at = own.map(|it| Instant::from_micros(it.at));
                    prop_assert_eq!(seen, at.clone().min().zip(at.max()));
                }
            }
        }
    }

    #[test]
    fn a_wish_to_stop_is_heard() {
        let row = Row { at: 0, user: 1, action: "", format: None, quality: None, model: None, nano: 1 };
        let (columns, cancel, filter) = (columns(&[row]), Cancel::new(), Filter::default());
        cancel.cancel();
        let query = ActivityQuery { window: Window::ALL, filter: &filter, buckets: &[] };
        assert_eq!(activity(&columns, query, &Calendar::utc(), &cancel), Err(Cancelled.into()));
        assert_eq!(seen(&columns, &cancel), Err(Cancelled));
    }
}
