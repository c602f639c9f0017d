//! Answers a [`Query`] over [`Columns`].
//!
//! Time is cut first: a window and its buckets are slices of the rows, found by binary search, so
//! a gap costs nothing and no row is asked for its day. Within a slice each row is looked up in
//! small tables, a value of a dictionary each, that say at once whether a filter admits it and
//! which group it belongs to; no text is compared row by row.
//!
//! What comes out is exact and adds up: the buckets to the breakdowns, the breakdowns to the total. Sums
//! are `i64` where the rows' ranges prove that they fit, `i128` elsewhere, and the rows are shared out
//! among a few threads.

mod activity;
mod fold;
mod groups;
mod hashing;
mod order;
mod places;
mod slices;
mod tally;
mod users;

use std::sync::LazyLock;
use std::thread;

use thiserror::Error;

use crate::model::{
    Bucket, Calendar, Cancel, Columns, Dim, Figure, Key, Measure, MetadataKey, Query, Table, TableRow,
};
pub use activity::{Active, Activity, ActivityQuery, Point, activity, seen};
pub use fold::{finer, fold};
use groups::Groups;
use slices::Slice;
use tally::{Cell, NanoSum, Tally};

/// The one who asked does not want the answer any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("cancelled")]
pub struct Cancelled;

/// Why a question has no answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum Unanswered {
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// What the columns do not say must not be taken for NULL.
    #[error("nobody has read the metadata's `{0}`")]
    NoColumn(MetadataKey),
    /// Of more than four dimensions, the numbers of values have a product beyond 2¹²⁸.
    #[error("this many groups cannot be told apart; group by fewer columns")]
    TooManyGroups,
}

/// Where the engine changes its way. Tests send little data every way.
#[derive(Clone, Copy, Debug)]
struct Tuning {
    /// A thread is not begun for fewer.
    thread_rows_min: usize,
    threads_max: usize,
    /// As many groups get a place each without hashing.
    direct_slots_max: u32,
    /// As many words of 64 bits may say which users were seen.
    seen_words_max: usize,
}

impl Default for Tuning {
    fn default() -> Self {
        // Asking the system reads files.
        static N_CORES: LazyLock<usize> =
            LazyLock::new(|| thread::available_parallelism().map_or(1, Into::into));
        Self {
            // Some 0.1 ms of work, or more than a thread takes to begin.
            thread_rows_min: 100_000,
            // They share one way to memory, and what each has found is to be put together.
            threads_max: 4.min(*N_CORES),
            // 64 MB a thread, 100 for refunds.
            direct_slots_max: 1 << 22,
            // 16 MB.
            seen_words_max: 1 << 21,
        }
    }
}

impl Tuning {
    fn n_threads(self, n_rows: usize) -> usize {
        (n_rows / self.thread_rows_min.max(1)).clamp(1, self.threads_max.max(1))
    }

    /// Places without a row cost little as long as they are not more than the rows.
    fn direct_slots(self, n_rows: usize) -> u32 {
        /// 8 MB.
        const ALWAYS: usize = 1 << 19;
        self.direct_slots_max.min(u32::try_from(n_rows.max(ALWAYS)).unwrap_or(u32::MAX))
    }
}

/// What must be summed up for the measures of a question.
#[derive(Clone, Copy, Debug)]
struct Wants {
    credits: bool,
    refunds: bool,
    /// Within a group of one user there is nothing to count.
    users: bool,
}

/// A line of an answer that is not laid out yet.
#[derive(Debug)]
struct Group {
    bucket: Option<Bucket>,
    slot: u128,
    cell: Cell,
}

/// Answers as SQL would: groups and buckets without rows are not in the answer, and a question
/// with neither groups nor a grain has one row, even of nothing. The columns must have those of the
/// metadata keys that are asked for.
pub fn answer(
    columns: &Columns,
    query: &Query,
    calendar: &Calendar,
    cancel: &Cancel,
) -> Result<Table, Unanswered> {
    answer_tuned(columns, query, calendar, cancel, Tuning::default())
}

fn answer_tuned(
    columns: &Columns,
    query: &Query,
    calendar: &Calendar,
    cancel: &Cancel,
    tuning: Tuning,
) -> Result<Table, Unanswered> {
    let rows = slices::window_rows(columns.times(), query.window);
    let slices = slices::cut(columns.times(), rows.clone(), query.grain, calendar, cancel)?;
    let shares = slices::share(&slices, tuning.n_threads(rows.len()));
    let groups = Groups::new(columns, query)?;
    let asked =
        Asked { columns, groups: &groups, wants: Wants::new(query), n_rows: rows.len(), tuning, cancel };
    let mut found = match (tally::fits(columns, &rows), query.grain) {
        (true, None) => asked.in_all::<i64>(&shares)?,
        (true, Some(_)) => asked.by_bucket::<i64>(&shares)?,
        (false, None) => asked.in_all::<i128>(&shares)?,
        (false, Some(_)) => asked.by_bucket::<i128>(&shares)?,
    };
    if found.is_empty() && query.group_by.is_empty() && query.grain.is_none() {
        found.push(Group { bucket: None, slot: 0, cell: Cell::default() });
    }
    order::finish(&mut found, query, cancel)?;
    let n_shares = tuning.n_threads(found.len());
    let shares: Vec<_> = found.chunks(found.len().div_ceil(n_shares).max(1)).collect();
    let laid_out = on_threads(&shares, |share| {
        let mut rows = Vec::with_capacity(share.len());
        for some in tally::chunks(0..share.len(), cancel) {
            rows.extend(share[some?].iter().map(|it| line(it, query, |slot| groups.keys(slot))));
        }
        Ok(rows)
    })?;
    let mut laid_out = laid_out.into_iter();
    let mut rows = laid_out.next().unwrap_or_default();
    laid_out.for_each(|more| rows.extend(more));
    Ok(Table { rows })
}

fn line(group: &Group, query: &Query, keys: impl Fn(u128) -> Vec<Key>) -> TableRow {
    let figures = query.measures.iter().map(|it| figure(*it, query, &group.cell)).collect();
    TableRow { bucket: group.bucket, keys: keys(group.slot), figures }
}

/// A question, ready to be shared out.
#[derive(Clone, Copy, Debug)]
struct Asked<'a> {
    columns: &'a Columns,
    groups: &'a Groups<'a>,
    wants: Wants,
    n_rows: usize,
    tuning: Tuning,
    cancel: &'a Cancel,
}

impl<'a> Asked<'a> {
    fn tally<S: NanoSum>(self) -> Tally<'a, S> {
        Tally::new(self.columns, self.groups, self.wants, self.n_rows, self.tuning)
    }

    /// Time is not cut: the shares are parts of one sum.
    fn in_all<S: NanoSum>(self, shares: &[Vec<Slice>]) -> Result<Vec<Group>, Cancelled> {
        let tallied = on_threads(shares, |share| {
            let mut tally = self.tally::<S>();
            share.iter().try_for_each(|it| tally.add(it.rows.clone(), self.cancel))?;
            Ok(tally)
        })?;
        let mut tallied = tallied.into_iter();
        let mut found = Vec::new();
        if let Some(mut tally) = tallied.next() {
            tallied.try_for_each(|it| tally.merge(it, self.cancel))?;
            let all: Vec<_> = shares.iter().flatten().cloned().collect();
            tally.drain(&all, self.cancel, |slot, cell| found.push(Group { bucket: None, slot, cell }))?;
        }
        Ok(found)
    }

    /// Each bucket is summed up on one thread, so there is nothing to merge.
    fn by_bucket<S: NanoSum>(self, shares: &[Vec<Slice>]) -> Result<Vec<Group>, Cancelled> {
        let found = on_threads(shares, |share| {
            let mut tally = self.tally::<S>();
            let mut found = Vec::new();
            for of_one_bucket in share.chunk_by(|a, b| a.bucket == b.bucket) {
                for slice in of_one_bucket {
                    tally.add(slice.rows.clone(), self.cancel)?;
                }
                let bucket = of_one_bucket[0].bucket;
                let take = |slot, cell| found.push(Group { bucket, slot, cell });
                tally.drain(of_one_bucket, self.cancel, take)?;
            }
            Ok(found)
        })?;
        Ok(found.into_iter().flatten().collect())
    }
}

/// Does the work of the first share here, that of each other on a thread of its own.
fn on_threads<P: Sync, T: Send>(
    shares: &[P],
    work: impl Fn(&P) -> Result<T, Cancelled> + Sync,
) -> Result<Vec<T>, Cancelled> {
    let Some((first, others)) = shares.split_first() else { return Ok(Vec::new()) };
    thread::scope(|scope| {
        let work = &work;
        let begun: Vec<_> = others
            .iter()
            .map(|share| {
                let named = thread::Builder::new().name("engine".to_owned());
                (named.spawn_scoped(scope, move || work(share)), share)
            })
            .collect();
        let own = work(first);
        let done = begun.into_iter().map(|(thread, share)| match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            // Where no thread can be had, the work is done here.
            Err(_) => work(share),
        });
        std::iter::once(own).chain(done).collect()
    })
}

impl Wants {
    fn new(query: &Query) -> Self {
        let asks = |measure| query.measures.contains(&measure) || query.order.largest_first == Some(measure);
        Self {
            credits: asks(Measure::Credits) || asks(Measure::CreditsPerEvent),
            refunds: asks(Measure::Refunds),
            users: asks(Measure::UniqueUsers) && !query.group_by.contains(&Dim::User),
        }
    }
}

fn figure(measure: Measure, query: &Query, cell: &Cell) -> Figure {
    match measure {
        Measure::Credits => Figure::Credits(cell.credits),
        Measure::Refunds => Figure::Credits(cell.refunds),
        Measure::Events => Figure::Count(cell.n_events),
        Measure::UniqueUsers if query.group_by.contains(&Dim::User) => Figure::Count(1),
        Measure::UniqueUsers => Figure::Count(cell.n_users),
        Measure::CreditsPerEvent => Figure::Average(cell.credits.average(cell.n_events)),
    }
}

#[cfg(test)]
mod tests;
