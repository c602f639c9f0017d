//! `creditscope import`, `import-again` and `check`.

mod answer;
mod progress;

use std::path::{Path, PathBuf};
use std::slice;
use std::time::Instant as Clock;

use super::{Done, Failure, args, batch_args, out};
use crate::import::{FileReport, Options, Progress};
use crate::model::Cancel;
use crate::service;
use crate::store::{IndexProgress, Store};
use progress::Meter;

pub(super) fn run(args: &args::Import) -> Result<Done, Failure> {
    let store = Store::create_or_open(&args.db)?;
    let options = options(&args.reading);
    let import = |path: &Path, on_progress: &mut dyn FnMut(Progress)| {
        service::import(&store, path, &options, &Cancel::new(), on_progress)
    };
    let began = Clock::now();
    let done = each(&args.files, args.json, &answer::IMPORTED, import)?;
    let charts = began.elapsed();
    make_indexes(&store)?;
    if args.timings {
        out::timing(&[("charts", charts), ("indexed", began.elapsed())]);
    }
    Ok(done)
}

/// What a first import leaves for later.
fn make_indexes(store: &Store) -> Result<(), Failure> {
    let line = out::Progress::new();
    let mut show = |it: IndexProgress| line.show(&format!("indexing: {} of {}", it.made, it.all));
    Ok(store.make_indexes(&Cancel::new(), &mut show)?)
}

/// `creditscope import-again`.
pub(super) fn again(args: &batch_args::ImportAgain) -> Result<Done, Failure> {
    let store = Store::open(&args.db)?;
    let batch = store.operator()?.batch(args.batch)?;
    let options = options(&args.reading);
    let import = |_: &Path, on_progress: &mut dyn FnMut(Progress)| {
        service::import_again(&store, &batch, &options, &Cancel::new(), on_progress)
    };
    let done = each(slice::from_ref(&batch.path), args.json, &answer::IMPORTED, import)?;
    make_indexes(&store)?;
    Ok(done)
}

/// `creditscope check`.
pub(super) fn check(args: &args::Check) -> Result<Done, Failure> {
    let store = args.db.as_ref().filter(|it| it.exists()).map(|it| Store::open(it)).transpose()?;
    let options = options(&args.reading);
    let mut check = service::Check::new(store.as_ref())?;
    let look = |path: &Path, on_progress: &mut dyn FnMut(Progress)| {
        check.dump(path, &options, &Cancel::new(), on_progress)
    };
    each(&args.files, args.json, &answer::CHECKED, look)
}

pub(super) fn options(args: &args::Reading) -> Options {
    Options {
        assume_zone: args.assume_zone.clone(),
        date_order: args.date_order,
        decimal: args.decimal,
        encoding: args.encoding,
        mapping: args.mapping.clone(),
        strict: args.strict,
    }
}

/// Has each file read, and answers.
fn each(
    files: &[PathBuf],
    as_json: bool,
    words: &answer::Words,
    mut read: impl FnMut(&Path, &mut dyn FnMut(Progress)) -> FileReport,
) -> Result<Done, Failure> {
    let mut reports = Vec::new();
    let mut done = Done::Whole;
    for path in files {
        let mut meter = Meter::new(path);
        let report = read(path, &mut |progress| meter.show(progress));
        drop(meter);
        done = done.max(outcome(&report));
        if let Some(err) = &report.error {
            out::error(answer::failure(&report, err));
        }
        if !as_json {
            // As soon as it is known: the next file may take long.
            out::answer(&answer::words(&report, words))?;
        }
        reports.push(report);
    }
    if as_json {
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
