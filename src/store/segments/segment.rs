use std::ops::Range;

use super::packed::{pack, unpack};
use super::rows::Rows;
use crate::model::Instant;

/// Rows of a segment at most: a megabyte when unpacked, which the cache of a core holds, and few enough that
/// a narrow window reads little.
pub(in crate::store) const ROWS_MAX: usize = 64 * 1024;

/// Some rows in the order of time, as they stand in the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Segment<T> {
    pub(super) n_rows: usize,
    pub(super) min_time: i64,
    pub(super) max_time: i64,
    /// The greatest of the credits, signs put aside.
    pub(super) max_abs: u64,
    pub(super) checksum: u32,
    /// Packed, in this order: what each time is later than the one before; users; actions; how many pairs
    /// of format and quality there are, their formats, their qualities; for each row its pair; credits.
    pub(super) data: T,
}

impl Segment<Vec<u8>> {
    /// Of some of the rows, which are sorted.
    pub(super) fn of(rows: &Rows, range: Range<usize>) -> Self {
        let times = &rows.times[range.clone()];
        let credits = &rows.credits[range.clone()];
        let (pairs, kinds) = own_pairs(rows, range.clone());
        let mut data = Vec::new();
        pack([0].into_iter().chain(times.array_windows().map(|[a, b]| b - a)), &mut data);
        pack(rows.users[range.clone()].iter().copied().map(i64::from), &mut data);
        pack(rows.actions[range].iter().copied().map(i64::from), &mut data);
        data.extend_from_slice(&(pairs.len() as u32).to_le_bytes());
        pack(pairs.iter().map(|it| i64::from(it[0])), &mut data);
        pack(pairs.iter().map(|it| i64::from(it[1])), &mut data);
        pack(kinds.iter().copied().map(i64::from), &mut data);
        pack(credits.iter().copied(), &mut data);
        Self {
            n_rows: times.len(),
            min_time: times.first().copied().unwrap_or_default(),
            max_time: times.last().copied().unwrap_or_default(),
            max_abs: max_abs(credits),
            checksum: crc32fast::hash(&data),
            data,
        }
    }
}

/// The pairs that these rows have, and for each row which of them.
fn own_pairs(rows: &Rows, range: Range<usize>) -> (Vec<[u32; 2]>, Vec<u32>) {
    let mut places = vec![None; rows.pairs.len()];
    let mut pairs = Vec::new();
    let kinds = rows.kinds[range].iter().map(|kind| {
        *places[*kind as usize].get_or_insert_with(|| {
            pairs.push(rows.pairs[*kind as usize]);
            pairs.len() as u32 - 1
        })
    });
    let kinds = kinds.collect();
    (pairs, kinds)
}

impl Segment<&[u8]> {
    /// Appends the rows. `None` where they are not what was written; then some may have been appended.
    ///
    /// Nothing that another program has written here makes more of it than wrong rows of sane values.
    pub(super) fn unpack(&self, to: &mut Rows) -> Option<()> {
        let n = self.n_rows;
        if n > ROWS_MAX || crc32fast::hash(self.data) != self.checksum {
            return None;
        }
        let (begin, mut data) = (to.len(), self.data);
        unpack(&mut data, n, &mut to.times, |it| it)?;
        let mut time = self.min_time;
        for it in &mut to.times[begin..] {
            time = time.wrapping_add(*it);
            *it = time;
        }
        // What is no code is one that nobody has, and is found out by that.
        let code = |it: i64| u32::try_from(it).unwrap_or(u32::MAX);
        unpack(&mut data, n, &mut to.users, code)?;
        unpack(&mut data, n, &mut to.actions, code)?;
        let n_pairs = u32::from_le_bytes(*data.split_off(..4)?.first_chunk()?) as usize;
        let (mut formats, mut qualities) = (Vec::new(), Vec::new());
        // Each pair is some row's.
        let n_pairs = Some(n_pairs).filter(|it| *it <= n)?;
        unpack(&mut data, n_pairs, &mut formats, code)?;
        unpack(&mut data, n_pairs, &mut qualities, code)?;
        let pairs: Vec<u32> =
            formats.into_iter().zip(qualities).map(|(format, quality)| to.kind([format, quality])).collect();
        unpack(&mut data, n, &mut to.kinds, code)?;
        for kind in &mut to.kinds[begin..] {
            *kind = *pairs.get(*kind as usize)?;
        }
        unpack(&mut data, n, &mut to.credits, |it| it)?;
        (data.is_empty() && self.describes(&to.times[begin..], &to.credits[begin..])).then_some(())
    }

    fn describes(&self, times: &[i64], credits: &[i64]) -> bool {
        let is_in_calendar = |it: &i64| Instant::from_micros(*it).is_in_calendar();
        times.is_sorted()
            && times.first() == Some(&self.min_time)
            && times.last() == Some(&self.max_time)
            && times.first().is_some_and(is_in_calendar)
            && times.last().is_some_and(is_in_calendar)
            && max_abs(credits) == self.max_abs
            && i64::try_from(self.max_abs).is_ok()
    }
}

fn max_abs(credits: &[i64]) -> u64 {
    credits.iter().map(|it| it.unsigned_abs()).max().unwrap_or_default()
}
