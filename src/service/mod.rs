//! Binds a store to a viewer and answers an [`Ask`]: the `UsageService` of the platform.
//!
//! A [`Session`] is the way to rows and figures for everything that looks: reports, charts, lists.
//! It knows no query that the viewer's own eyes would not answer. [`import()`] is the way in,
//! and a [`Check`] says what it would do; [`remove_batch`] is the way out again, [`take_newer`] settles
//! conflicts, and [`diff()`] compares two dumps or files. These are the operator's: they are long work
//! for a worker, with progress and cancel.
//!
//! ```
//! use creditscope::access::Viewer;
//! use creditscope::import::Options;
//! use creditscope::model::{Answer, Ask, Calendar, Cancel, Dim, Figure, Measure, Query};
//! use creditscope::service::{self, Session};
//! use creditscope::store::Store;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! let dump = folder.path().join("usage_logs.json");
//! std::fs::write(
//!     &dump,
//!     r#"{"id": "550e8400-e29b-41d4-a716-446655440000",
//!         "user_id": "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
//!         "action": "image_generation", "credits_consumed": 2.5, "metadata": {"model_used": "sdxl"},
//!         "created_at": "2025-08-30T10:00:00Z", "format": "image", "quality": "high"}"#,
//! )?;
//!
//! let store = Store::create_or_open(&folder.path().join("logs.creditscope"))?;
//! let report = service::import(&store, &dump, &Options::default(), &Cancel::new(), &mut |_| ());
//! assert!(report.error.is_none());
//!
//! let session = Session::new(store, Viewer::Admin(None));
//! let by_action = Ask::Table(Query {
//!     group_by: vec![Dim::Action],
//!     measures: vec![Measure::Credits, Measure::Events],
//!     ..Query::default()
//! });
//! let Answer::Table(table) = session.ask(&by_action, &Calendar::utc(), &Cancel::new())? else {
//!     unreachable!("a question for figures is answered with figures");
//! };
//! assert_eq!(table.rows[0].keys[0].text(), Some("image_generation"));
//! assert_eq!(table.rows[0].figures[0].credits().to_string(), "2.5");
//! assert_eq!(table.rows[0].figures[1], Figure::Count(1));
//! # Ok(())
//! # }
//! ```

mod answers;
mod batches;
mod check;
mod demo;
mod diff;
mod import;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;

pub use answers::Answers;
pub use batches::{import_again, removal, remove_batch, take_newer, taking};
pub use check::Check;
pub use demo::open_demo;
pub use diff::{Change, Diff, DiffProgress, Side, UserDiff, diff};
pub use import::{import, import_checked, unread};

use crate::access::Viewer;
use crate::engine::{self, Cancelled, Unanswered};
use crate::model::{Answer, Ask, Calendar, Cancel, Columns, Instant, Query, Record, RowQuery, Table, Window};
use crate::store::{Reader, Store, StoreError, Usernames};

/// A file, looked at through one viewer's eyes.
#[derive(Clone, Debug)]
pub struct Session {
    store: Store,
    viewer: Viewer,
    answers: Option<Answers>,
    /// Behind the wall, from one list of rows to the next: to build the wall takes a millisecond.
    reader: Arc<Mutex<Option<Reader>>>,
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum ServiceError {
    #[error(transparent)]
    Store(StoreError),
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The question asks for what the rows do not tell.
    #[error(transparent)]
    Unanswered(Unanswered),
    #[error("the file holds something else than this demo; name another, or give its rows and seed: {path}", path = path.display())]
    NotThisDemo { path: PathBuf },
    /// The store said why.
    #[error("{0}")]
    NotWritten(String),
    /// The import said why.
    #[error("{0}")]
    NotRead(String),
    #[error("no folder for temporary files can be made ({source}): {path}", path = path.display())]
    NoFolder {
        #[source]
        source: std::io::Error,
        path: PathBuf,
    },
}

/// A store that was stopped is no failure of the store.
impl From<StoreError> for ServiceError {
    fn from(err: StoreError) -> Self {
        match err {
            StoreError::Interrupted => Self::Cancelled(Cancelled),
            err => Self::Store(err),
        }
    }
}

impl From<Unanswered> for ServiceError {
    fn from(why: Unanswered) -> Self {
        match why {
            Unanswered::Cancelled(cancelled) => Self::Cancelled(cancelled),
            why => Self::Unanswered(why),
        }
    }
}

impl Session {
    pub fn new(store: Store, viewer: Viewer) -> Self {
        Self { store, viewer, answers: None, reader: Arc::default() }
    }

    /// A session that gives figures which it or another one with the same `answers` has found already.
    pub fn with_answers(store: Store, viewer: Viewer, answers: Answers) -> Self {
        Self { store, viewer, answers: Some(answers), reader: Arc::default() }
    }

    pub fn viewer(&self) -> Viewer {
        self.viewer
    }

    /// Figures or rows, of what the viewer sees and no more.
    pub fn ask(&self, ask: &Ask, calendar: &Calendar, cancel: &Cancel) -> Result<Answer, ServiceError> {
        Ok(match ask {
            Ask::Table(query) => Answer::Table(self.table(query, calendar, cancel)?),
            Ask::Rows(query) => Answer::Rows(self.rows(query, cancel)?),
        })
    }

    /// Of two at once, each has a wall of its own.
    fn rows(&self, query: &RowQuery, cancel: &Cancel) -> Result<Vec<Record>, ServiceError> {
        let idle = || self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = idle().take();
        let reader = waiting.map_or_else(|| self.store.reader(self.viewer), Ok)?;
        let rows = reader.rows(query, cancel);
        *idle() = Some(reader);
        Ok(rows?)
    }

    fn table(&self, query: &Query, calendar: &Calendar, cancel: &Cancel) -> Result<Table, ServiceError> {
        let keys = query.metadata_keys();
        // Whoever keeps answers has more questions than one, and metadata keys have columns of all rows.
        if self.answers.is_none()
            && keys.is_empty()
            && let Some(part) = self.store.columns_at_first(self.viewer, query.window, cancel)?
        {
            return Ok(engine::answer(&part, query, calendar, cancel)?);
        }
        let user = match query.filter.users.include.as_slice() {
            // Their rows are kept apart from the second question on.
            [user] => Some(*user),
            _ => None,
        };
        let columns = self.store.columns_with(self.viewer, user, &keys, cancel)?;
        Ok(match &self.answers {
            Some(answers) => answers.ask(self.viewer, &columns, query, calendar, cancel)?,
            None => engine::answer(&columns, query, calendar, cancel)?,
        })
    }

    /// The visible rows, for more questions than one.
    pub fn columns(&self) -> Result<Arc<Columns>, ServiceError> {
        Ok(self.store.columns(self.viewer)?)
    }

    /// The same, unless it is cancelled.
    pub fn columns_until(&self, cancel: &Cancel) -> Result<Arc<Columns>, ServiceError> {
        Ok(self.store.columns_until(self.viewer, cancel)?)
    }

    /// The names of the visible profiles.
    pub fn usernames(&self) -> Result<Arc<Usernames>, ServiceError> {
        Ok(self.store.usernames(self.viewer)?)
    }

    /// The "now" of logs that were exported: the time of the newest visible row that is not later
    /// than the machine's clock, else the clock. A hidden row does not move it.
    pub fn default_now(&self, clock: Instant) -> Result<Instant, ServiceError> {
        let until = Instant::from_micros(clock.micros() + 1);
        let window = Window { from: None, until: Some(until) };
        let newest = RowQuery { window, ..RowQuery::newest(1) };
        let rows = self.rows(&newest, &Cancel::new())?;
        Ok(rows.first().map_or(clock, |it| it.created_at))
    }
}

#[cfg(test)]
mod tests;
