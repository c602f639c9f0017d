//! A page of rows. Pages are found by the row at their edge, never by counting rows, so the last page
//! of ten million costs what the first does.

use chrono::{Days, NaiveDate};

use super::{Look, PageView};
use crate::model::{
    Answer, Ask, Cancel, Choice, Columns, CreditSum, Credits, Cursor, Filter, Instant, Measure, Query,
    Record, RowId, RowOrder, RowQuery, UserId,
};
use crate::service::{ServiceError, Session};
use crate::view::{self, Ends, Figures, Listing, RowValues};

/// Which page of the rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::app) enum HistoryAt {
    First,
    After(Cursor),
    Before(Cursor),
    Last,
    /// From the rows of this day on, in the list's direction of time.
    Day(NaiveDate),
}

/// Rows of a page of the history.
const PAGE_ROWS: u32 = 200;

struct Page {
    records: Vec<Record>,
    ends: Ends,
}

impl Look {
    pub(super) fn history(
        &self,
        session: &Session,
        columns: &Columns,
        cancel: &Cancel,
    ) -> Result<PageView, ServiceError> {
        let mut page = self.page(session, self.history, cancel)?;
        if page.records.is_empty() && self.history != HistoryAt::First {
            // A day that lies behind all rows shows those that come nearest.
            page = self.page(session, HistoryAt::Last, cancel)?;
        }
        let Page { records, ends } = page;
        let usernames = session.usernames()?;
        let mut history = view::History::build(&records, &usernames, &self.calendar, ends);
        history.figures = self.figures(session, &records, cancel)?;
        history.values = RowValues::of(columns);
        let Filter { users, .. } = &self.listing.filter;
        let filtered = users.include.iter().chain(&users.exclude);
        let named = |it: &UserId| Some((*it, usernames.get(it)?.clone()));
        history.usernames = filtered.filter_map(named).collect();
        Ok(PageView::History(Box::new(history), cursors(&records)))
    }

    /// One row more than a page is asked for: whether it comes tells if there is a next page.
    fn page(&self, session: &Session, at: HistoryAt, cancel: &Cancel) -> Result<Page, ServiceError> {
        let (backwards, after) = match at {
            HistoryAt::First => (false, None),
            HistoryAt::After(cursor) => (false, Some(cursor)),
            HistoryAt::Before(cursor) => (true, Some(cursor)),
            HistoryAt::Last => (true, None),
            HistoryAt::Day(day) => (false, self.before_day(day)),
        };
        let query = RowQuery { backwards, after, ..self.row_query() };
        let mut records = self.rows(session, query, cancel)?;
        let is_more = records.len() > PAGE_ROWS as usize;
        records.truncate(PAGE_ROWS as usize);
        let has_before = match (at, after) {
            // Nobody has seen what comes before a day.
            (HistoryAt::Day(_), Some(after)) => {
                let query = RowQuery { backwards: true, after: Some(after), limit: 1, ..self.row_query() };
                !self.rows(session, query, cancel)?.is_empty()
            }
            _ => after.is_some(),
        };
        let mut ends = Ends { first: !has_before, last: !is_more };
        if backwards {
            records.reverse();
            ends = Ends { first: !is_more, last: after.is_none() };
        }
        Ok(Page { records, ends })
    }

    fn row_query(&self) -> RowQuery {
        let Listing { window, filter: _, metadata_contains, order } = &self.listing;
        RowQuery {
            window: *window,
            filter: self.listed(),
            metadata_contains: Some(metadata_contains.clone()).filter(|it| !it.is_empty()),
            order: *order,
            ..RowQuery::newest(PAGE_ROWS + 1)
        }
    }

    /// What the list is filtered by; with only the own rows, no others.
    fn listed(&self) -> Filter {
        let mut filter = self.listing.filter.clone();
        if let Some(own) = self.viewer.id().filter(|_| self.only_mine) {
            filter.users = only(filter.users, own);
        }
        filter
    }

    fn rows(&self, session: &Session, query: RowQuery, cancel: &Cancel) -> Result<Vec<Record>, ServiceError> {
        match session.ask(&Ask::Rows(query), &self.calendar, cancel)? {
            Answer::Rows(records) => Ok(records),
            Answer::Table(_) => Ok(Vec::new()),
        }
    }

    /// Of the whole list, by the engine, as a chart counts it. It knows no metadata.
    fn figures(
        &self,
        session: &Session,
        records: &[Record],
        cancel: &Cancel,
    ) -> Result<Figures, ServiceError> {
        if !self.listing.metadata_contains.is_empty() {
            let credits = records.iter().map(|it| CreditSum::from(it.credits)).sum();
            return Ok(Figures { n_rows: records.len() as u64, credits, of_page: true });
        }
        let query = Query {
            window: self.listing.window,
            filter: self.listed(),
            measures: vec![Measure::Credits, Measure::Events],
            ..Query::default()
        };
        let table = self.table(session, &query, cancel)?;
        let figures = table.rows.first().map(|it| it.figures.as_slice());
        let Some([credits, events]) = figures else { return Ok(Figures::default()) };
        Ok(Figures { n_rows: events.count(), credits: credits.credits(), of_page: false })
    }

    /// The place in the list behind which come the rows of a day. `None` in a list that is not by time.
    fn before_day(&self, day: NaiveDate) -> Option<Cursor> {
        let created_at = match self.listing.order {
            // No id is greater than this one, so no row of the midnight itself comes behind it.
            RowOrder::Newest => self.calendar.midnight(day.checked_add_days(Days::new(1)).unwrap_or(day)),
            RowOrder::Oldest => Instant::from_micros(self.calendar.midnight(day).micros() - 1),
            RowOrder::Largest => return None,
        };
        Some(Cursor { created_at, credits: Credits::default(), id: RowId(uuid::Uuid::max()) })
    }
}

/// Of the users that are asked for only this one, or none if it is not among them.
fn only(users: Choice<UserId>, own: UserId) -> Choice<UserId> {
    let mut exclude = users.exclude;
    if !users.include.is_empty() && !users.include.contains(&own) {
        exclude.push(own);
    }
    Choice { include: vec![own], exclude }
}

fn cursors(records: &[Record]) -> Option<(Cursor, Cursor)> {
    Some((records.first()?.cursor(), records.last()?.cursor()))
}

#[cfg(test)]
mod tests;
