//! Whose eyes a report or a chart is looked at with, and when and where.

use super::who::Who;
use super::{Failure, args, out};
use crate::access::Viewer;
use crate::model::{Instant, Zone};
use crate::report::Of;
use crate::service::Session;
use crate::store::Store;

/// The arguments, resolved against the file.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) session: Session,
    who: Who,
    /// `None` where `--of` says nothing.
    of: Option<Of>,
    now: Option<Instant>,
    pub(super) zone: Zone,
}

impl Look {
    pub(super) fn open(args: &args::Look) -> Result<Self, Failure> {
        let store = Store::open(&args.db)?;
        let who = Who::new(store.operator()?);
        let viewer = who.viewer(&args.viewer)?;
        let of = args.of.as_deref().map(|it| who.of(it)).transpose()?;
        Ok(Self { session: Session::new(store, viewer), who, of, now: args.now, zone: args.zone.clone() })
    }

    /// Whose eyes and whose rows, for a picture that is passed on.
    pub(super) fn words(&self) -> Result<String, Failure> {
        let viewer = self.session.viewer();
        let words = self.who.words(viewer)?;
        Ok(match self.of {
            None | Some(Of::All) => words,
            Some(Of::Nobody) => format!("{words}, rows of nobody"),
            Some(Of::User(user)) if Some(user) == viewer.id() => words,
            Some(Of::User(user)) => format!("{words}, rows of {}", self.who.name(user)?),
        })
    }

    /// `--of`, or all visible rows.
    pub(super) fn of_or_all(&self) -> Of {
        self.of.unwrap_or(Of::All)
    }

    /// `--of`, or the viewer's own rows.
    pub(super) fn of_or_own(&self) -> Of {
        let viewer = self.session.viewer();
        if self.of.is_none() && viewer == Viewer::Admin(None) {
            out::note("`--as admin` has no id and so no rows of its own: add `--of all` or `--of USER`");
        }
        self.of.unwrap_or_else(|| Of::own(viewer.id()))
    }

    /// `--now`, or the newest visible row, which is said.
    pub(super) fn now(&self) -> Result<Instant, Failure> {
        if let Some(now) = self.now {
            return Ok(now);
        }
        let clock = Instant::now();
        let now = self.session.default_now(clock)?;
        let source =
            if now == clock { "the clock, since no row is visible" } else { "the newest visible row" };
        out::note(format!("now is {}, {source}: `--now` sets another", self.zone.format(now)));
        Ok(now)
    }
}
