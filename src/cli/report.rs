//! `creditscope report`.

use std::time::Instant as Clock;

use super::look::Look;
use super::{Done, Failure, args, out};
use crate::model::{Cancel, Instant};
use crate::report::{Report, ReportName, ReportTable};

pub(super) fn run(args: &args::Report) -> Result<Done, Failure> {
    let began = Clock::now();
    let look = Look::open(&args.look)?;
    let of = if args.name.is_own() { look.of_or_own() } else { look.of_or_all() };
    // A report of all time does not ask for it.
    let now = if args.name.days().is_some() { look.now()? } else { Instant::MAX };
    let report = Report { name: args.name, of, now, zone: look.zone.clone() };
    // One question reads no more of the file than it needs.
    if args.name != ReportName::History && (args.repeat > 1 || args.timings) {
        look.session.columns()?;
    }
    let opened = began.elapsed();
    let mut answered = None;
    for _ in 0..args.repeat {
        let began = Clock::now();
        answered = Some(answer(&report, &look)?);
        if args.timings {
            out::timing(&[("open", opened), ("answer", began.elapsed())]);
        }
    }
    answered.map_or(Ok(Done::Whole), |table| super::print(&table, &look.zone, args.format))
}

fn answer(report: &Report, look: &Look) -> Result<ReportTable, Failure> {
    let (session, calendar) = (&look.session, report.calendar());
    let ask = |ask: &_| session.ask(ask, &calendar, &Cancel::new());
    Ok(report.run(ask, || session.usernames().map(|it| (*it).clone()))?)
}
