use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::access::Viewer;
use crate::engine::{self, Unanswered};
use crate::model::{Calendar, Cancel, Columns, Query, Table, Window};

/// Figures that were asked for, kept while they are true: pages ask for some of them again and again.
///
/// An answer is kept for one viewer and for the very columns it was made of. Columns are read anew after
/// a commit, and those of before are then gone, so nothing that is out of date is given.
///
/// **Limits**: `KEPT_MAX` answers with `ROWS_MAX` lines together; the oldest go first.
#[derive(Clone, Debug, Default)]
pub struct Answers(Arc<Shelf>);

#[derive(Debug, Default)]
struct Shelf {
    kept: Mutex<VecDeque<Kept>>,
    n_asked: AtomicUsize,
    n_found: AtomicUsize,
}

#[derive(Debug)]
struct Kept {
    viewer: Viewer,
    /// Does not keep the rows; no others are ever at the same place while this is here.
    of: Weak<Columns>,
    query: Query,
    calendar: Calendar,
    table: Arc<Table>,
}

const KEPT_MAX: usize = 100;
/// Some 10 MB.
const ROWS_MAX: usize = 50_000;
/// A longer one, of thousands of users, takes longer to copy than to find.
const LONGEST_MAX: usize = 2_000;

/// As many groups are put into a finer answer as it costs no time to put together again.
const FINER_GROUPS_MAX: usize = 1_000;

impl Answers {
    /// What is known, or what the engine finds.
    pub fn ask(
        &self,
        viewer: Viewer,
        columns: &Arc<Columns>,
        query: &Query,
        calendar: &Calendar,
        cancel: &Cancel,
    ) -> Result<Table, Unanswered> {
        self.0.n_asked.fetch_add(1, Ordering::Relaxed);
        let query = &Query { window: needed(columns, query.window), ..query.clone() };
        let known = |find: &dyn Fn(&Kept) -> Option<Table>| {
            let is_ours = |it: &&Kept| {
                it.viewer == viewer && it.of.as_ptr() == Arc::as_ptr(columns) && it.calendar == *calendar
            };
            self.kept(|kept| kept.iter().filter(is_ours).find_map(find))
        };
        if let Some(table) = known(&|it| (it.query == *query).then(|| Table::clone(&it.table))) {
            return Ok(table);
        }
        if let Some(table) = known(&|it| engine::fold(&it.query, &it.table, query)) {
            return Ok(table);
        }
        let answer = |query: Query| {
            let table = Arc::new(engine::answer(columns, &query, calendar, cancel)?);
            self.0.n_found.fetch_add(1, Ordering::Relaxed);
            let (of, calendar) = (Arc::downgrade(columns), calendar.clone());
            self.keep(Kept { viewer, of, query, calendar, table: Arc::clone(&table) });
            Ok(table)
        };
        let n_groups = columns.action_names().len() * columns.kind_names().len();
        if let Some(finer) = engine::finer(query).filter(|_| n_groups <= FINER_GROUPS_MAX) {
            let table = answer(finer.clone())?;
            if let Some(table) = engine::fold(&finer, &table, query) {
                return Ok(table);
            }
        }
        answer(query.clone()).map(Arc::unwrap_or_clone)
    }

    /// How many questions came, and how many answers the engine has found to the end.
    pub fn counts(&self) -> (usize, usize) {
        (self.0.n_asked.load(Ordering::Relaxed), self.0.n_found.load(Ordering::Relaxed))
    }

    /// Nobody is answered before what this returns is dropped.
    #[cfg(test)]
    pub(crate) fn hold(&self) -> impl Sized {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, newest: Kept) {
        if newest.table.rows.len() > LONGEST_MAX {
            return;
        }
        self.kept(|kept| {
            kept.retain(|it| it.of.strong_count() > 0);
            kept.push_back(newest);
            let n_rows = |kept: &VecDeque<Kept>| kept.iter().map(|it| it.table.rows.len()).sum::<usize>();
            while kept.len() > KEPT_MAX || n_rows(kept) > ROWS_MAX {
                kept.pop_front();
            }
        });
    }

    fn kept<T>(&self, look: impl FnOnce(&mut VecDeque<Kept>) -> T) -> T {
        look(&mut self.0.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A limit beyond all rows is none: the days and the weeks of everything are the same rows.
fn needed(columns: &Columns, Window { from, until }: Window) -> Window {
    Window {
        from: from.filter(|from| columns.first().is_some_and(|it| it < *from)),
        until: until.filter(|until| columns.last().is_some_and(|it| *until <= it)),
    }
}
