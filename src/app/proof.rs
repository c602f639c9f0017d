//! What a viewer sees and why, counted on a worker.

use super::look::{Look, extent};
use crate::access::Viewer;
use crate::model::{Answer, Ask, Calendar, Cancel, Columns, Figure, Instant, Measure, Query, Window};
use crate::report::chart::Range;
use crate::service::{ServiceError, Session};
use crate::store::Store;
use crate::view::{self, Parts, ProofValues, Side, number};

/// Figures of the viewer and of an admin come each through their own session; of the operator only
/// the totals of the file and the roles are asked.
pub(super) fn proof(
    look: &Look,
    store: &Store,
    clock: Instant,
    cancel: &Cancel,
) -> Result<view::Proof, String> {
    answer(look, store, clock, cancel).map_err(|err| err.to_string())
}

fn answer(look: &Look, store: &Store, clock: Instant, cancel: &Cancel) -> Result<view::Proof, ServiceError> {
    let (own, admin) =
        (Session::new(store.clone(), look.viewer), Session::new(store.clone(), Viewer::Admin(None)));
    let (visible, all) = (own.columns_until(cancel)?, admin.columns_until(cancel)?);
    let operator = store.operator()?;
    let totals = operator.totals()?;
    let id = look.viewer.id();
    // The period of the page; of a viewer without rows, that of everybody.
    let extent = extent(&visible, clock).or_else(|| extent(&all, clock));
    let window = extent.map(|it| look.period.span(&look.calendar, it).window()).unwrap_or_default();
    let side = |session: &Session, columns: &Columns| {
        let side = side(session, window, &look.calendar, cancel)?;
        Ok::<_, ServiceError>(Side { first: columns.first(), ..side })
    };
    let values = ProofValues {
        viewer: look.viewer,
        username: id.and_then(|it| own.usernames().ok()?.get(&it).cloned()),
        roles: id.map(|it| operator.roles(it)).transpose()?.unwrap_or_default(),
        in_file: (totals.rows, totals.credits),
        parts: Parts::count(look.viewer, &all, &visible),
        period: period_name(look, window),
        admin: side(&admin, &all)?,
        own: side(&own, &visible)?,
    };
    Ok(view::Proof::build(&values, &look.calendar))
}

fn side(
    session: &Session,
    window: Window,
    calendar: &Calendar,
    cancel: &Cancel,
) -> Result<Side, ServiceError> {
    let measures = vec![Measure::Credits, Measure::Events, Measure::UniqueUsers, Measure::CreditsPerEvent];
    let query = Query { window, measures, ..Query::default() };
    let Answer::Table(table) = session.ask(&Ask::Table(query), calendar, cancel)? else {
        return Ok(Side::default());
    };
    let figures = table.rows.first().map(|it| it.figures.as_slice()).unwrap_or_default();
    let [credits, events, users, Figure::Average(per_event)] = figures else {
        return Ok(Side::default());
    };
    let (credits, n_events, n_users) = (credits.credits(), events.count(), users.count());
    Ok(Side { credits, n_events, per_event: *per_event, n_users, first: None })
}

fn period_name(look: &Look, window: Window) -> String {
    let last = window.until.map(|it| Instant::from_micros(it.micros() - 1));
    match (look.period.range, window.from.zip(last)) {
        (Range::All, _) | (_, None) => "all time".to_owned(),
        (Range::LastDays(n), _) if look.period.steps == 0 => format!("last {n} days"),
        (Range::LastWeeks(n), _) if look.period.steps == 0 => format!("last {n} weeks"),
        (_, Some((first, last))) => number::dates(look.calendar.date(first), look.calendar.date(last)),
    }
}
