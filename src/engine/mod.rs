//! Answers a [`Query`] over [`Columns`].
//!
//! Time is cut first: a window and its buckets are slices of the rows, found by binary search, so
//! a gap costs nothing and no row is asked for its day. Within a slice each row is looked up in
//! small tables, a value of a dictionary each, that say at once whether a filter admits it and
//! which group it belongs to; no text is compared row by row.
//!
//! Sums are `i128`, so what comes out is exact and adds up: the buckets to the breakdowns, the
//! breakdowns to the total.

mod groups;
mod order;
mod slices;
mod tally;

use thiserror::Error;

use crate::model::{Calendar, Cancel, Columns, Dim, Figure, Measure, Query, Table, TableRow};
use groups::Groups;
use tally::{Cell, Tally};

/// The one who asked does not want the answer any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("cancelled")]
pub struct Cancelled;

/// Answers as SQL would: groups and buckets without rows are not in the answer, and a question
/// with neither groups nor a grain has one row, even of nothing.
pub fn answer(
    columns: &Columns,
    query: &Query,
    calendar: &Calendar,
    cancel: &Cancel,
) -> Result<Table, Cancelled> {
    let slices = slices::cut(columns.times(), query, calendar, cancel)?;
    let groups = Groups::new(columns, query);
    let mut tally = Tally::new(columns, &groups, counts_users(query));
    let mut rows = Vec::new();
    for of_one_bucket in slices.chunk_by(|a, b| a.bucket == b.bucket) {
        for slice in of_one_bucket {
            tally.add(slice.rows.clone(), cancel)?;
        }
        let bucket = of_one_bucket[0].bucket;
        tally.drain(|slot, cell| {
            let row = TableRow { bucket, keys: groups.keys(slot), figures: figures(query, &cell) };
            rows.push((row, cell));
        });
    }
    let is_one_figure = query.group_by.is_empty() && query.grain.is_none();
    if rows.is_empty() && is_one_figure {
        let nothing = Cell::default();
        let row = TableRow { bucket: None, keys: Vec::new(), figures: figures(query, &nothing) };
        rows.push((row, nothing));
    }
    Ok(order::finish(rows, query))
}

/// Whether users must be told apart: within a group of one user there is nothing to count.
fn counts_users(query: &Query) -> bool {
    let asked = query.measures.contains(&Measure::UniqueUsers)
        || query.order.largest_first == Some(Measure::UniqueUsers);
    asked && !query.group_by.contains(&Dim::User)
}

fn figures(query: &Query, cell: &Cell) -> Vec<Figure> {
    query.measures.iter().map(|it| figure(*it, query, cell)).collect()
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
