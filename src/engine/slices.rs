use std::ops::Range;

use super::Cancelled;
use crate::model::{Bucket, Calendar, Cancel, Instant, Query, Window};

/// Rows next to each other that belong to one bucket.
#[derive(Debug)]
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
    query: &Query,
    calendar: &Calendar,
    cancel: &Cancel,
) -> Result<Vec<Slice>, Cancelled> {
    let rows = window_rows(times, query.window);
    let Some(grain) = query.grain else {
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
        let n_rows = times[row..rows.end].partition_point(|it| *it < end.micros()).max(1);
        slices.push(Slice { bucket: Some(bucket), rows: row..row + n_rows });
        row += n_rows;
    }
    slices.sort_by_key(|it| it.bucket);
    Ok(slices)
}

fn window_rows(times: &[i64], window: Window) -> Range<usize> {
    let n_before = |limit: Instant| times.partition_point(|it| *it < limit.micros());
    let start = window.from.map_or(0, n_before);
    let end = window.until.map_or(times.len(), n_before);
    start..end.max(start)
}
