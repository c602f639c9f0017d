//! The eight reports of the platform, and every chart, as values.
//!
//! A [`Report`] knows its question and how the answer is laid out; who answers is handed in.

pub mod chart;
pub mod ranking;

mod name;
mod table;

use std::collections::BTreeMap;

pub use name::{ReportName, UnknownReport};
pub use table::{Cell, ReportTable};

use crate::model::{
    Answer, Ask, Calendar, Choice, Dim, Filter, Grain, Instant, Measure, Order, Query, RowQuery, UserId,
    Window, Zone,
};

/// A report, and all that its figures depend on besides the rows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    pub name: ReportName,
    pub of: Of,
    /// `NOW()` of the platform's query.
    pub now: Instant,
    /// Where days and weeks begin.
    pub zone: Zone,
}

/// Whose rows are looked at; of these, the viewer sees the visible ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Of {
    /// `user_id = NULL`, which holds for no row.
    Nobody,
    User(UserId),
    All,
}

/// How many rows `history` has at most.
const HISTORY_ROWS: u32 = 100;

/// How many users `ranking` has at most.
const RANKING_USERS: usize = 20;

impl Of {
    /// The own rows: `user_id = auth.uid()`, for an admin too.
    pub fn own(viewer: Option<UserId>) -> Self {
        viewer.map_or(Self::Nobody, Self::User)
    }
}

impl Report {
    /// Weeks begin on Monday, as ISO 8601 and `PostgreSQL` have it.
    pub fn calendar(&self) -> Calendar {
        Calendar::new(self.zone.clone())
    }

    /// Asks, and lays the answer out. `usernames` is called only where names are shown.
    pub fn run<E>(
        &self,
        ask: impl FnOnce(&Ask) -> Result<Answer, E>,
        usernames: impl FnOnce() -> Result<BTreeMap<UserId, String>, E>,
    ) -> Result<ReportTable, E> {
        let answer = match self.question() {
            Some(question) => ask(&question)?,
            None => Answer::Rows(Vec::new()),
        };
        let usernames = if self.name == ReportName::Ranking { usernames()? } else { BTreeMap::new() };
        Ok(table::lay_out(self.name, &answer, &usernames))
    }

    /// `None` where there is nobody to ask about.
    fn question(&self) -> Option<Ask> {
        let filter = match self.of {
            Of::Nobody => return None,
            Of::User(user) => Filter::of_user(user),
            Of::All => Filter::default(),
        };
        Some(match self.name {
            ReportName::History => Ask::Rows(RowQuery { filter, ..RowQuery::newest(HISTORY_ROWS) }),
            _ => Ask::Table(self.query(&filter)),
        })
    }

    /// The measures stand in the order of the report's columns.
    fn query(&self, filter: &Filter) -> Query {
        use Measure::{Credits, CreditsPerEvent, Events, UniqueUsers};
        let query = |group_by: &[Dim], grain, measures: &[Measure]| Query {
            window: self.window(),
            filter: filter.clone(),
            group_by: group_by.to_vec(),
            grain,
            measures: measures.to_vec(),
            order: Order { newest_first: true, largest_first: Some(Credits) },
            limit: None,
        };
        match self.name {
            ReportName::History | ReportName::Summary => {
                query(&[], None, &[Credits, Events, CreditsPerEvent])
            }
            ReportName::ByAction => query(&[Dim::Action], None, &[Events, Credits, CreditsPerEvent]),
            ReportName::ByFormatQuality => {
                let both =
                    Filter { formats: Choice::not(None), qualities: Choice::not(None), ..filter.clone() };
                Query { filter: both, ..query(&[Dim::Format, Dim::Quality], None, &[Events, Credits]) }
            }
            ReportName::Daily => query(&[], Some(Grain::Day), &[Events, Credits]),
            ReportName::Platform => {
                query(&[Dim::Action], None, &[Events, UniqueUsers, Credits, CreditsPerEvent])
            }
            ReportName::Ranking => {
                Query { limit: Some(RANKING_USERS), ..query(&[Dim::User], None, &[Credits, Events]) }
            }
            ReportName::Weekly => query(&[Dim::Action], Some(Grain::Week), &[Events, Credits]),
        }
    }

    /// `created_at >= NOW() - INTERVAL '…'`: the wall clock of the zone is kept, and there is no
    /// upper end.
    fn window(&self) -> Window {
        self.name
            .days()
            .map_or(Window::ALL, |n_days| Window::since(self.calendar().days_before(self.now, n_days)))
    }
}

#[cfg(test)]
mod tests;
