//! One look at one page through one viewer's eyes: what is asked for, and what comes back.

mod history;

use super::imports;
use super::state::{Focus, Page, Viewing, Visible};
use crate::access::Viewer;
use crate::model::{Answer, Ask, Calendar, Cancel, Columns, Cursor, Filter, Instant, Query, Table, UserId};
use crate::report::chart::{Extent, Overview, OverviewAsk, Period, Subject};
use crate::report::ranking::{Ranking, RankingAsk};
use crate::service::{Answers, ServiceError, Session};
use crate::store::Store;
use crate::view;

pub(super) use history::HistoryAt;

/// Whose eyes, which page, which part of time.
#[derive(Clone, Debug)]
pub(super) struct Look {
    pub(super) viewer: Viewer,
    pub(super) only_mine: bool,
    /// Of the visible users only this one, where one user can be looked at.
    pub(super) focus: Option<UserId>,
    pub(super) page: Page,
    pub(super) period: Period,
    pub(super) calendar: Calendar,
    pub(super) listing: view::Listing,
    pub(super) history: HistoryAt,
    /// The import whose rows are looked at on Data; the newest where there is none.
    pub(super) batch: Option<i64>,
}

/// What was seen. Who looked and what they saw come together, so that they are shown together.
pub(super) struct Looked {
    pub(super) viewing: Viewing,
    pub(super) focus: Option<Focus>,
    /// What periods end at.
    pub(super) as_of: Option<Instant>,
    pub(super) page: PageView,
}

pub(super) enum PageView {
    Overview(Box<view::Overview>),
    /// Nothing is visible, so there is nothing to chart.
    NoRows,
    History(Box<view::History>, Option<(Cursor, Cursor)>),
    Ranking(Box<view::Ranking>),
    Data(Box<view::Imports>),
}

impl Default for Look {
    fn default() -> Self {
        Self {
            viewer: Viewer::Admin(None),
            only_mine: false,
            focus: None,
            page: Page::Overview,
            period: Period::default(),
            calendar: Calendar::utc(),
            listing: view::Listing::default(),
            history: HistoryAt::First,
            batch: None,
        }
    }
}

impl Look {
    /// Runs on a worker. `clock` keeps rows from the future out of the default range.
    pub(super) fn run(
        &self,
        store: &Store,
        answers: Answers,
        clock: Instant,
        cancel: &Cancel,
    ) -> Result<Looked, String> {
        self.answer(store, answers, clock, cancel).map_err(|err| err.to_string())
    }

    fn answer(
        &self,
        store: &Store,
        answers: Answers,
        clock: Instant,
        cancel: &Cancel,
    ) -> Result<Looked, ServiceError> {
        let session = Session::with_answers(store.clone(), self.viewer, answers);
        let columns = session.columns_until(cancel)?;
        let viewing = self.viewing(&session, &columns)?;
        let page = match self.page {
            Page::Overview => self.overview(&session, &columns, clock, cancel)?,
            Page::History => self.history(&session, &columns, cancel)?,
            Page::Ranking => self.ranking(&session, &columns, clock, cancel)?,
            Page::Data => PageView::Data(Box::new(imports::remembered(store, self.batch, &self.calendar)?)),
        };
        let as_of = extent(&columns, clock).map(|it| it.as_of);
        let focus = self.focus.map(|it| focus(&session, it)).transpose()?;
        Ok(Looked { viewing, focus, as_of, page })
    }

    fn viewing(&self, session: &Session, columns: &Columns) -> Result<Viewing, ServiceError> {
        let own = self.viewer.id();
        let name = match (self.viewer, own) {
            (Viewer::Nobody, _) => "Nobody".to_owned(),
            (_, None) => "Admin".to_owned(),
            (_, Some(id)) => name(session, id)?,
        };
        let n_own = own.map_or(0, |id| columns.count_of(id));
        let visible =
            Visible { n_rows: columns.len() as u64, n_own, first: columns.first(), last: columns.last() };
        Ok(Viewing { viewer: self.viewer, name, visible: Some(visible), only_mine: self.only_mine })
    }

    /// Of the visible rows: all, or the own ones.
    fn filter(&self) -> Filter {
        let own = self.viewer.id().filter(|_| self.only_mine);
        own.map_or_else(Filter::default, Filter::of_user)
    }

    fn overview(
        &self,
        session: &Session,
        columns: &Columns,
        clock: Instant,
        cancel: &Cancel,
    ) -> Result<PageView, ServiceError> {
        let Some(extent) = extent(columns, clock) else { return Ok(PageView::NoRows) };
        let one_user = self.focus.is_some() || self.only_mine || !self.viewer.is_admin();
        let ask = OverviewAsk {
            calendar: &self.calendar,
            period: self.period,
            extent,
            filter: &self.focus.map_or_else(|| self.filter(), Filter::of_user),
            subject: if one_user { Subject::OneUser } else { Subject::Everyone },
        };
        let overview = Overview::ask(&ask, &mut |query| self.table(session, query, cancel))?;
        let names = session.usernames()?;
        Ok(PageView::Overview(Box::new(view::Overview::build(&overview, &names, &self.calendar))))
    }

    fn ranking(
        &self,
        session: &Session,
        columns: &Columns,
        clock: Instant,
        cancel: &Cancel,
    ) -> Result<PageView, ServiceError> {
        let Some(extent) = extent(columns, clock) else {
            return Ok(PageView::Ranking(Box::default()));
        };
        let (calendar, period) = (&self.calendar, self.period);
        let ask = RankingAsk { calendar, period, extent, filter: &self.filter(), rows: columns, cancel };
        let ranking = Ranking::ask(&ask, &mut |query| self.table(session, query, cancel))?;
        let names = session.usernames()?;
        Ok(PageView::Ranking(Box::new(view::Ranking::build(ranking, names, calendar))))
    }

    fn table(&self, session: &Session, query: &Query, cancel: &Cancel) -> Result<Table, ServiceError> {
        match session.ask(&Ask::Table(query.clone()), &self.calendar, cancel)? {
            Answer::Table(table) => Ok(table),
            Answer::Rows(_) => Ok(Table::default()),
        }
    }
}

fn focus(session: &Session, user_id: UserId) -> Result<Focus, ServiceError> {
    Ok(Focus { user_id, name: name(session, user_id)? })
}

/// As the viewer sees it: without a visible profile the short id.
fn name(session: &Session, user: UserId) -> Result<String, ServiceError> {
    Ok(session.usernames()?.get(&user).cloned().unwrap_or_else(|| user.short()))
}

/// What periods are set against: the rows of a viewer, up to the clock.
pub(super) fn extent(columns: &Columns, clock: Instant) -> Option<Extent> {
    let first = columns.first()?;
    let as_of = columns.last_until(clock).unwrap_or(clock);
    Some(Extent { first: first.min(as_of), as_of })
}
