use std::ops::Range;

use super::Cancelled;
use crate::model::{Bucket, Calendar, Cancel, Grain, Instant, Window};

/// Rows next to each other that belong to one bucket.
#[derive(Clone, Debug)]
pub(super) struct Slice {
    /// `None` where time is not cut.
    pub(super) bucket: Option<Bucket>,
    pub(super) rows: Range<usize>,
}

/// The rows of the window, bucket by bucket in the order of time.
///
/// A bucket is mostly one slice. Where clocks go back over midnight it is two, with another's
/// between; they are put side by side.
pub(super) fn cut(
    times: &[i64],
    rows: Range<usize>,
    grain: Option<Grain>,
    calendar: &Calendar,
    cancel: &Cancel,
) -> Result<Vec<Slice>, Cancelled> {
    let Some(grain) = grain else {
        return Ok(vec![Slice { bucket: None, rows }]);
    };
    let mut spans = calendar.spans(grain);
    let mut slices = Vec::new();
    let mut row = rows.start;
    while row < rows.end {
        if cancel.is_cancelled() {
            return Err(Cancelled);
        }
        let (end, bucket) = spans.at(Instant::from_micros(times[row]));
        // At least the row that was asked about, so that the walk ends whatever a zone says.
        let n_rows = n_before(&times[row..rows.end], end).max(1);
        slices.push(Slice { bucket: Some(bucket), rows: row..row + n_rows });
        row += n_rows;
    }
    slices.sort_by_key(|it| it.bucket);
    Ok(slices)
}

pub(super) fn window_rows(times: &[i64], window: Window) -> Range<usize> {
    let n_before = |limit: Instant| times.partition_point(|it| *it < limit.micros());
    let start = window.from.map_or(0, n_before);
    let end = window.until.map_or(times.len(), n_before);
    start..end.max(start)
}

/// How many times are before a limit that is probably near: steps are doubled until one goes too far.
/// Halving the whole would touch rows far away, once for each of thousands of buckets.
pub(super) fn n_before(times: &[i64], limit: Instant) -> usize {
    let mut step = 64;
    while times.get(step).is_some_and(|it| *it < limit.micros()) {
        step *= 2;
    }
    let (start, end) = (step / 2, times.len().min(step));
    let start = if step == 64 { 0 } else { start };
    start + times[start..end].partition_point(|it| *it < limit.micros())
}

/// Deals the slices out in shares of about as many rows each. A bucket is not divided; where time is
/// not cut, the rows are.
pub(super) fn share(slices: &[Slice], n_shares: usize) -> Vec<Vec<Slice>> {
    let n_rows: usize = slices.iter().map(|it| it.rows.len()).sum();
    if let [Slice { bucket: None, rows }] = slices {
        let limit = |share: usize| rows.start + n_rows * share / n_shares;
        let share = |it| vec![Slice { bucket: None, rows: limit(it)..limit(it + 1) }];
        return (0..n_shares).map(share).collect();
    }
    let mut shares = vec![Vec::new(); n_shares];
    let mut n_dealt = 0;
    for of_one_bucket in slices.chunk_by(|a, b| a.bucket == b.bucket) {
        let share = (n_dealt * n_shares).checked_div(n_rows).unwrap_or(0);
        shares[share.min(n_shares - 1)].extend_from_slice(of_one_bucket);
        n_dealt += of_one_bucket.iter().map(|it| it.rows.len()).sum::<usize>();
    }
    shares
}
