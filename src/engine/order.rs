use std::cmp::Ordering;

use super::figure;
use super::tally::Cell;
use crate::model::{Figure, Query, Table, TableRow};

/// Sorts as [`Order`](crate::model::Order) says, then cuts at the limit.
///
/// The cell comes along because the measure that orders need not be one that was asked for.
pub(super) fn finish(mut rows: Vec<(TableRow, Cell)>, query: &Query) -> Table {
    rows.sort_by(|(a, a_cell), (b, b_cell)| {
        by_bucket(a, b, query.order.newest_first)
            .then_with(|| by_size(a_cell, b_cell, query))
            .then_with(|| a.keys.cmp(&b.keys))
    });
    rows.truncate(query.limit.unwrap_or(usize::MAX));
    Table { rows: rows.into_iter().map(|(row, _)| row).collect() }
}

fn by_bucket(a: &TableRow, b: &TableRow, newest_first: bool) -> Ordering {
    if newest_first { b.bucket.cmp(&a.bucket) } else { a.bucket.cmp(&b.bucket) }
}

fn by_size(a: &Cell, b: &Cell, query: &Query) -> Ordering {
    query.order.largest_first.map_or(Ordering::Equal, |measure| {
        let size = |cell| match figure(measure, query, cell) {
            Figure::Credits(sum) | Figure::Average(Some(sum)) => sum.nano(),
            Figure::Count(n) => i128::from(n),
            // No group is empty.
            Figure::Average(None) => i128::MIN,
        };
        size(b).cmp(&size(a))
    })
}
