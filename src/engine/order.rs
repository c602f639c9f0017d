use std::cmp::Ordering;

use super::{Cancelled, Group, figure};
use crate::model::{Cancel, Figure, Measure, Query};

/// Sorts as [`Order`](crate::model::Order) says, then cuts at the limit.
pub(super) fn finish(groups: &mut Vec<Group>, query: &Query, cancel: &Cancel) -> Result<(), Cancelled> {
    let limit = query.limit.unwrap_or(usize::MAX);
    // No two are equal, so the sort need not be stable.
    let order = |a: &Group, b: &Group| {
        by_bucket(a, b, query.order.newest_first)
            .then_with(|| query.order.largest_first.map_or(Ordering::Equal, |it| by_size(a, b, it, query)))
            .then_with(|| a.slot.cmp(&b.slot))
    };
    if limit < groups.len() {
        groups.select_nth_unstable_by(limit, order);
        groups.truncate(limit);
    }
    if groups.is_sorted_by(|a, b| order(a, b).is_lt()) { Ok(()) } else { sort(groups, &order, cancel) }
}

/// Halves what is long, so that a wish to stop is heard between.
fn sort(
    groups: &mut [Group],
    order: &impl Fn(&Group, &Group) -> Ordering,
    cancel: &Cancel,
) -> Result<(), Cancelled> {
    /// Some 5 ms of work.
    const SORTED_MAX: usize = 1 << 15;
    if cancel.is_cancelled() {
        return Err(Cancelled);
    }
    if groups.len() <= SORTED_MAX {
        groups.sort_unstable_by(order);
        return Ok(());
    }
    let half = groups.len() / 2;
    groups.select_nth_unstable_by(half, order);
    let (smaller, larger) = groups.split_at_mut(half);
    sort(smaller, order, cancel)?;
    sort(larger, order, cancel)
}

fn by_bucket(a: &Group, b: &Group, newest_first: bool) -> Ordering {
    if newest_first { b.bucket.cmp(&a.bucket) } else { a.bucket.cmp(&b.bucket) }
}

fn by_size(a: &Group, b: &Group, measure: Measure, query: &Query) -> Ordering {
    let size = |it: &Group| match figure(measure, query, &it.cell) {
        Figure::Credits(sum) | Figure::Average(Some(sum)) => sum.nano(),
        Figure::Count(n) => i128::from(n),
        // No group is empty.
        Figure::Average(None) => i128::MIN,
    };
    size(b).cmp(&size(a))
}
