//! `creditscope report`.

use super::look::Look;
use super::{Done, Failure, args};
use crate::model::{Cancel, Instant};
use crate::report::Report;

pub(super) fn run(args: &args::Report) -> Result<Done, Failure> {
    let look = Look::open(&args.look)?;
    let of = if args.name.is_own() { look.of_or_own() } else { look.of_or_all() };
    // A report of all time does not ask for it.
    let now = if args.name.days().is_some() { look.now()? } else { Instant::MAX };
    let report = Report { name: args.name, of, now, zone: look.zone.clone() };
    let (session, calendar) = (&look.session, report.calendar());
    let ask = |ask: &_| session.ask(ask, &calendar, &Cancel::new());
    let table = report.run(ask, || session.usernames().map(|it| (*it).clone()))?;
    super::print(&table, &look.zone, args.format)
}
