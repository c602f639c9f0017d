use std::collections::HashMap;
use std::thread;

use foldhash::fast::RandomState;
use rusqlite::Error as SqlError;

use crate::model::{Credits, Instant};
use crate::store::values::integer;
use crate::store::writer::RowCodes;

/// Rows by the file's own codes, a vector a column: 28 bytes a row.
#[derive(Debug, Default)]
pub(in crate::store) struct Rows {
    pub(in crate::store) times: Vec<i64>,
    pub(in crate::store) users: Vec<u32>,
    pub(in crate::store) actions: Vec<u32>,
    /// Places in [`Self::pairs`].
    pub(in crate::store) kinds: Vec<u32>,
    pub(in crate::store) credits: Vec<i64>,
    /// Codes of format and quality, 0 where there is none.
    pub(in crate::store) pairs: Vec<[u32; 2]>,
    places: HashMap<[u32; 2], u32, RandomState>,
}

impl Rows {
    pub(in crate::store) fn len(&self) -> usize {
        self.times.len()
    }

    pub(in crate::store) fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    pub(in crate::store) fn clear(&mut self) {
        let Self { times, users, actions, kinds, credits, pairs, places } = self;
        times.clear();
        users.clear();
        actions.clear();
        kinds.clear();
        credits.clear();
        pairs.clear();
        places.clear();
    }

    /// Codes run from 1; another program's hand may have left others.
    pub(in crate::store) fn push(
        &mut self,
        at: Instant,
        codes: RowCodes,
        credits: Credits,
    ) -> rusqlite::Result<()> {
        let RowCodes { user, action, format, quality } = codes;
        let or_none = |it: Option<i64>| it.map_or(Ok(0), code);
        let pair = [or_none(format)?, or_none(quality)?];
        self.users.push(code(user)?);
        self.actions.push(code(action)?);
        let kind = self.kind(pair);
        self.kinds.push(kind);
        self.times.push(at.micros());
        self.credits.push(credits.nano());
        Ok(())
    }

    pub(super) fn kind(&mut self, pair: [u32; 2]) -> u32 {
        *self.places.entry(pair).or_insert_with(|| {
            self.pairs.push(pair);
            self.pairs.len() as u32 - 1
        })
    }

    pub(super) fn append(&mut self, mut other: Self) {
        if self.is_empty() {
            // A first import's rows need no room twice.
            *self = other;
            return;
        }
        let places: Vec<u32> = other.pairs.iter().map(|it| self.kind(*it)).collect();
        self.kinds.extend(other.kinds.iter().map(|it| places[*it as usize]));
        self.times.append(&mut other.times);
        self.users.append(&mut other.users);
        self.actions.append(&mut other.actions);
        self.credits.append(&mut other.credits);
    }

    /// Into the order of time; rows of one instant stay in the order they are.
    pub(super) fn sort(&mut self) {
        if self.times.is_sorted() {
            return;
        }
        // With the time beside its place, no step of the sort has to fetch it from elsewhere.
        let mut order: Vec<(i64, u32)> = self.times.iter().copied().zip(0..).collect();
        let middle = order.len() / 2;
        let (front, back) = order.split_at_mut(middle);
        thread::scope(|scope| {
            scope.spawn(|| front.sort_unstable());
            back.sort_unstable();
        });
        #[expect(clippy::stable_sort_primitive, reason = "two parts that are in order are only merged")]
        order.sort();
        let Self { times, users, actions, kinds, credits, pairs: _, places: _ } = self;
        times.iter_mut().zip(&order).for_each(|(to, (time, _))| *to = *time);
        reorder(users, &order);
        reorder(actions, &order);
        reorder(kinds, &order);
        reorder(credits, &order);
    }
}

fn reorder<T: Copy>(column: &mut Vec<T>, order: &[(i64, u32)]) {
    *column = order.iter().map(|(_, row)| column[*row as usize]).collect();
}

fn code(stored: i64) -> rusqlite::Result<u32> {
    let code = u32::try_from(stored).ok().filter(|it| *it > 0);
    code.ok_or_else(|| SqlError::IntegralValueOutOfRange(0, integer(stored)))
}
