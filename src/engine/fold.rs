use std::collections::BTreeMap;

use super::tally::Cell;
use super::{Group, line, order};
use crate::model::{Cancel, Dim, Key, Measure, Query, Table, TableRow};

/// What [`finer`] groups by and measures: all that adds up and has few values.
const DIMS: [Dim; 3] = [Dim::Action, Dim::Format, Dim::Quality];
const MEASURES: [Measure; 3] = [Measure::Credits, Measure::Refunds, Measure::Events];

/// The question whose answer [`fold`] makes that of this one of, and of every other that cuts the same
/// rows by action, format and quality. It takes no longer than this one; three charts of a page ask for
/// the same.
///
/// `None` of questions about users, who do not add up or are too many, of those that group by metadata,
/// and of those without groups, which are quicker asked.
pub fn finer(query: &Query) -> Option<Query> {
    let asks_users = query.measures.contains(&Measure::UniqueUsers)
        || query.order.largest_first == Some(Measure::UniqueUsers);
    let finer = Query {
        window: query.window,
        filter: query.filter.clone(),
        group_by: DIMS.to_vec(),
        grain: query.grain,
        measures: MEASURES.to_vec(),
        ..Query::default()
    };
    let has_groups =
        (1..=DIMS.len()).contains(&query.group_by.len()) && query.group_by.iter().all(|it| DIMS.contains(it));
    (has_groups && !asks_users).then_some(finer)
}

/// The answer to `query` out of that to a finer question, which may also be cut by time where `query` is
/// not. `None` if that is not [`finer`].
pub fn fold(finer_query: &Query, finer_answer: &Table, query: &Query) -> Option<Table> {
    let grain = query.grain.or(finer_query.grain);
    if finer(query).map(|it| Query { grain, ..it }).as_ref() != Some(finer_query) {
        return None;
    }
    let places: Vec<usize> =
        query.group_by.iter().map(|dim| DIMS.iter().position(|it| it == dim)).collect::<Option<_>>()?;
    let (mut groups, mut keys) = (Vec::new(), Vec::new());
    for of_one_bucket in finer_answer.rows.chunk_by(|a, b| query.grain.is_none() || a.bucket == b.bucket) {
        let mut cells: BTreeMap<[Option<&Key>; DIMS.len()], Cell> = BTreeMap::new();
        for TableRow { keys, figures, .. } in of_one_bucket {
            let [credits, refunds, events] = figures.as_slice() else { return None };
            let mut of_group = [None; DIMS.len()];
            for (key, place) in of_group.iter_mut().zip(&places) {
                *key = keys.get(*place);
            }
            let cell = cells.entry(of_group).or_default();
            cell.credits += credits.credits();
            cell.refunds += refunds.credits();
            cell.n_events += events.count();
        }
        let bucket = of_one_bucket[0].bucket.filter(|_| query.grain.is_some());
        for (of_group, cell) in cells {
            // They come in the order of their keys, so their number will do for a slot.
            groups.push(Group { bucket, slot: keys.len() as u128, cell });
            keys.push(of_group);
        }
    }
    // They are few: nobody would wait for them.
    order::finish(&mut groups, query, &Cancel::new()).ok()?;
    let keys = |slot: u128| keys[slot as usize].into_iter().flatten().cloned().collect();
    Some(Table { rows: groups.iter().map(|it| line(it, query, keys)).collect() })
}
