//! `creditscope import`.

mod answer;
mod progress;

use super::{Done, Failure, args, out};
use crate::import::{FileReport, Options};
use crate::model::Cancel;
use crate::service;
use crate::store::Store;
use progress::Meter;

pub(super) fn run(args: &args::Import) -> Result<Done, Failure> {
    let store = Store::create_or_open(&args.db)?;
    let options = Options {
        assume_zone: args.assume_zone.clone(),
        date_order: args.date_order,
        decimal: args.decimal,
        encoding: args.encoding,
        strict: args.strict,
    };
    let mut reports = Vec::new();
    let mut done = Done::Whole;
    for path in &args.files {
        let mut meter = Meter::new(path);
        let report =
            service::import(&store, path, &options, &Cancel::new(), &mut |progress| meter.show(progress));
        drop(meter);
        done = done.max(outcome(&report));
        if let Some(err) = &report.error {
            out::error(answer::failure(&report, err));
        }
        if !args.json {
            // As soon as it is known: the next file may take long.
            out::answer(&answer::words(&report))?;
        }
        reports.push(report);
    }
    if args.json {
        out::answer(&answer::json(&reports))?;
    }
    Ok(done)
}

fn outcome(report: &FileReport) -> Done {
    if report.error.is_some() {
        Done::WithFailures
    } else if report.tables.iter().any(|it| it.rejected + it.conflicts > 0) {
        Done::WithRejects
    } else {
        Done::Whole
    }
}
