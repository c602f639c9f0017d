use std::iter::Sum;
use std::ops::{AddAssign, Range};

use super::Cancelled;
use super::activity::Sums;
use super::groups::Groups;
use super::places::Places;
use super::slices::Slice;
use super::users::SeenUsers;
use super::{Tuning, Wants};
use crate::model::{Cancel, Columns, CreditSum};

/// What is known of one group in one bucket.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cell {
    pub(super) credits: CreditSum,
    /// What of it is negative.
    pub(super) refunds: CreditSum,
    pub(super) n_events: u64,
    /// 0 where users are not counted.
    pub(super) n_users: u64,
}

/// A sum of nano-credits: `i64` where the rows' credits are known to fit, of which a processor adds several
/// at once, else `i128`.
pub(super) trait NanoSum:
    Copy + Default + AddAssign + From<i64> + Into<i128> + Sum + Send + Sync
{
    /// Many of them, of a width that is known only here.
    fn keep(sums: Vec<Self>) -> Sums;
}

impl NanoSum for i64 {
    fn keep(sums: Vec<Self>) -> Sums {
        Sums::Narrow(sums)
    }
}

impl NanoSum for i128 {
    fn keep(sums: Vec<Self>) -> Sums {
        Sums::Wide(sums)
    }
}

/// Sums rows up, a bucket after the other.
#[derive(Debug)]
pub(super) struct Tally<'a, S> {
    columns: &'a Columns,
    places: Places<'a>,
    wants: Wants,
    /// Of this bucket, by place.
    counts: Vec<Count<S>>,
    /// The same of what is negative. Empty where nobody asks for it.
    refunds: Vec<S>,
    users: Option<SeenUsers>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Count<S> {
    credits: S,
    n_events: u64,
}

/// Rows that are gone through column by column: their places and credits stay in the innermost cache.
pub(super) const CHUNK_ROWS: usize = 1 << 11;

impl<'a, S: NanoSum> Tally<'a, S> {
    /// For the sum of so many rows at most.
    pub(super) fn new(
        columns: &'a Columns,
        groups: &'a Groups<'a>,
        wants: Wants,
        n_rows: usize,
        tuning: Tuning,
    ) -> Self {
        let places = Places::new(groups, tuning.direct_slots(n_rows));
        let n_known = places.are_known().then_some(places.len());
        let users =
            wants.users.then(|| SeenUsers::new(n_known, columns.user_ids().len(), tuning.seen_words_max));
        let mut tally = Self { columns, places, wants, counts: Vec::new(), refunds: Vec::new(), users };
        tally.make_room();
        tally
    }

    /// For all places that there are.
    fn make_room(&mut self) {
        let n_places = self.places.len();
        self.counts.resize(n_places, Count::default());
        if self.wants.refunds {
            self.refunds.resize(n_places, S::default());
        }
    }

    /// Adds rows to the bucket.
    pub(super) fn add(&mut self, rows: Range<usize>, cancel: &Cancel) -> Result<(), Cancelled> {
        chunks(rows, cancel).try_for_each(|rows| {
            self.add_chunk(rows?);
            Ok(())
        })
    }

    fn add_chunk(&mut self, rows: Range<usize>) {
        let credits = &self.columns.credits()[rows.clone()];
        let blocks = rows.start / Columns::BLOCK_ROWS..=(rows.end - 1) / Columns::BLOCK_ROWS;
        let has_refunds = self.columns.credit_ranges()[blocks].iter().any(|(least, _)| *least < 0);
        let users = &self.columns.users()[rows.clone()];
        let waste = self.places.waste();
        let (places, n_places) = self.places.of(rows);
        if let Some(seen) = &mut self.users {
            seen.see(users, places);
        }
        let Some(places) = places else {
            let count = &mut self.counts[0];
            count.n_events += credits.len() as u64;
            if self.wants.credits {
                count.credits += credits.iter().map(|it| S::from(*it)).sum();
            }
            if self.wants.refunds && has_refunds {
                self.refunds[0] += credits.iter().map(|it| S::from((*it).min(0))).sum();
            }
            return;
        };
        if n_places > self.counts.len() {
            self.counts.resize(n_places, Count::default());
            self.refunds.resize(if self.wants.refunds { n_places } else { 0 }, S::default());
        }
        add_credits(places, credits, &mut self.counts, waste);
        if self.wants.refunds && has_refunds {
            let refunds = self.refunds.as_mut_slice();
            // They are few, so the branch is seldom guessed wrong.
            for (place, nano) in places.iter().zip(credits).filter(|(_, nano)| **nano < 0) {
                refunds[*place as usize] += S::from(*nano);
            }
        }
    }

    /// Adds what another has summed up of the same bucket.
    pub(super) fn merge(&mut self, other: Self, cancel: &Cancel) -> Result<(), Cancelled> {
        let Self { places, counts, refunds, users, .. } = other;
        let mut theirs = Vec::with_capacity(counts.len());
        for chunk in chunks(0..counts.len(), cancel) {
            theirs.extend(chunk?.map(|it| self.places.place(places.slot(it as u32))));
        }
        self.make_room();
        for (place, count) in theirs.iter().zip(&counts) {
            let own = &mut self.counts[*place as usize];
            own.credits += count.credits;
            own.n_events += count.n_events;
        }
        for (place, refund) in theirs.iter().zip(refunds) {
            self.refunds[*place as usize] += refund;
        }
        if let (Some(own), Some(users)) = (&mut self.users, users) {
            own.merge(users, |place| theirs[place as usize]);
        }
        Ok(())
    }

    /// Hands over the groups of the bucket, whose rows are these, and begins the next one.
    pub(super) fn drain(
        &mut self,
        bucket: &[Slice],
        cancel: &Cancel,
        mut take: impl FnMut(u128, Cell),
    ) -> Result<(), Cancelled> {
        let n_rows: usize = bucket.iter().map(|it| it.rows.len()).sum();
        let waste = self.places.waste();
        let n_places = self.counts.len();
        if n_places / PLACES_PER_ROW <= n_rows {
            for places in chunks(0..n_places, cancel) {
                places?.for_each(|place| self.take(place as u32, waste, &mut take));
            }
        } else {
            for rows in bucket.iter().flat_map(|it| chunks(it.rows.clone(), cancel)) {
                let places = self.places.of(rows?).0.map(<[u32]>::to_vec).unwrap_or_default();
                for place in places {
                    self.take(place, waste, &mut take);
                }
            }
        }
        if let Some(users) = &mut self.users {
            users.clear();
        }
        Ok(())
    }

    fn take(&mut self, place: u32, waste: Option<u32>, take: &mut impl FnMut(u128, Cell)) {
        let count = std::mem::take(&mut self.counts[place as usize]);
        let refunds = self.refunds.get_mut(place as usize).map(std::mem::take).unwrap_or_default();
        if count.n_events == 0 {
            return;
        }
        let n_users = self.users.as_mut().map_or(0, |it| it.take(place));
        if Some(place) != waste {
            let (credits, refunds) =
                (CreditSum::from_nano(count.credits.into()), CreditSum::from_nano(refunds.into()));
            take(self.places.slot(place), Cell { credits, refunds, n_events: count.n_events, n_users });
        }
    }
}

/// Cuts what is long, until somebody wishes to stop: that is looked for every few microseconds.
pub(super) fn chunks(
    all: Range<usize>,
    cancel: &Cancel,
) -> impl Iterator<Item = Result<Range<usize>, Cancelled>> {
    all.clone().step_by(CHUNK_ROWS).map(move |start| {
        if cancel.is_cancelled() { Err(Cancelled) } else { Ok(start..all.end.min(start + CHUNK_ROWS)) }
    })
}

/// Adds each row to its place.
fn add_credits<S: NanoSum>(places: &[u32], credits: &[i64], counts: &mut [Count<S>], waste: Option<u32>) {
    // One group and the waste behind it. Neighbours at one place would wait for each other's sum to be
    // stored; a mask needs no store at all.
    if let ([group, _], Some(1)) = (&mut *counts, waste) {
        let n_waste: u64 = places.iter().map(|it| u64::from(*it)).sum();
        group.n_events += places.len() as u64 - n_waste;
        let admitted = |(place, nano): (&u32, &i64)| S::from(*nano & (i64::from(*place) - 1));
        group.credits += places.iter().zip(credits).map(admitted).sum();
        return;
    }
    for (place, nano) in places.iter().zip(credits) {
        let count = &mut counts[*place as usize];
        count.credits += S::from(*nano);
        count.n_events += 1;
    }
}

/// Where there are more places for each row of a bucket, only those of its rows are looked at: a bucket
/// with few rows costs little however many groups there may be.
const PLACES_PER_ROW: usize = 4;

/// Whether the sum of any of these rows fits an `i64`, as far as the ranges of their blocks tell.
pub(super) fn fits(columns: &Columns, rows: &Range<usize>) -> bool {
    let blocks = rows.start / Columns::BLOCK_ROWS..rows.end.div_ceil(Columns::BLOCK_ROWS);
    let most = |(least, largest): &(i64, i64)| {
        u128::from(least.unsigned_abs().max(largest.unsigned_abs())) * Columns::BLOCK_ROWS as u128
    };
    let ranges = columns.credit_ranges().get(blocks).unwrap_or_default();
    ranges.iter().map(most).sum::<u128>() <= i64::MAX as u128
}
