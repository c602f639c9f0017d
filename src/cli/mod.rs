//! The same work without a window. Its words are a promise to scripts; only `out` prints.

mod args;
mod batch_args;
mod batches;
mod chart;
mod conflicts;
mod csv;
mod demo;
mod diff;
mod import;
mod json;
mod listing;
mod look;
mod out;
mod profiles;
mod removed;
mod report;
mod table;
mod time;
mod who;

use std::borrow::Cow;
use std::process::ExitCode;

use clap::Parser as _;

use crate::app::{self, Launch};
use crate::model::Zone;
use crate::report::{Cell, ReportTable};
use crate::service::ServiceError;
use crate::store::StoreError;
use args::{Cli, Command, Format};
use listing::Listing;

/// How a run ends that could not do what was asked.
#[derive(Debug)]
enum Failure {
    /// What was asked cannot be meant: exit 2.
    Usage(String),
    /// It could not be done: exit 1.
    Failed(String),
}

/// How a run ends that did its work.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Done {
    /// Exit 0.
    Whole,
    /// Some rows want to be looked at: rejected, in conflict, not taken, different. Exit 3.
    WithRejects,
    /// An import in which a file failed: exit 1.
    WithFailures,
}

/// Runs what the arguments say.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(err) => {
            // Help and version come this way too. Nobody reads what cannot be printed.
            err.print().ok();
            return ExitCode::from(err.exit_code() as u8);
        }
    };
    match run(cli) {
        Ok(Done::Whole) => ExitCode::SUCCESS,
        Ok(Done::WithRejects) => ExitCode::from(3),
        Ok(Done::WithFailures) => ExitCode::from(1),
        Err(Failure::Failed(reason)) => {
            out::error(reason);
            ExitCode::from(1)
        }
        Err(Failure::Usage(reason)) => {
            out::error(reason);
            ExitCode::from(2)
        }
    }
}

fn run(cli: Cli) -> Result<Done, Failure> {
    match cli.command {
        None => open_window(cli.paths),
        Some(Command::Demo(args)) => {
            let db = demo::run(&args)?;
            if args.no_window { Ok(Done::Whole) } else { open_window(vec![db]) }
        }
        Some(Command::Import(args)) => import::run(&args),
        Some(Command::Check(args)) => import::check(&args),
        Some(Command::Report(args)) => report::run(&args),
        Some(Command::Profiles(args)) => profiles::run(&args),
        Some(Command::Chart(args)) => chart::run(&args),
        Some(Command::Batches(args)) => batches::list(&args),
        Some(Command::Rejects(args)) => batches::rejects(&args),
        Some(Command::Conflicts(args)) => conflicts::run(&args),
        Some(Command::ImportAgain(args)) => import::again(&args),
        Some(Command::RemoveBatch(args)) => batches::remove(&args),
        Some(Command::Diff(args)) => diff::run(&args),
    }
}

fn open_window(paths: Vec<std::path::PathBuf>) -> Result<Done, Failure> {
    // For the check that the window draws: a picture of it is written here, and it closes.
    let screenshot = std::env::var_os("CREDITSCOPE_SCREENSHOT").map(Into::into);
    match app::run(&Launch { paths, screenshot }) {
        Ok(()) => Ok(Done::Whole),
        Err(err) => Err(Failure::Failed(format!("{err:#}"))),
    }
}

/// Prints a report as an answer.
fn print(table: &ReportTable, zone: &Zone, format: Format) -> Result<Done, Failure> {
    let mut listing = Listing::begin(table.columns, format, zone);
    table.rows.iter().try_for_each(|row| listing.push(row))?;
    listing.end()
}

/// What a value says in every format; `None` of NULL.
fn text<'a>(cell: &'a Cell, zone: &Zone) -> Option<Cow<'a, str>> {
    Some(match cell {
        Cell::Null => return None,
        Cell::Text(text) | Cell::Metadata(text) => Cow::Borrowed(text),
        Cell::Count(n) => Cow::Owned(n.to_string()),
        Cell::Credits(sum) => Cow::Owned(sum.to_string()),
        Cell::Id(id) => Cow::Owned(id.hyphenated().to_string()),
        Cell::Time(at) => Cow::Owned(zone.format(*at)),
        // A fifth digit of the year has a sign in chrono only.
        Cell::Date(date) => Cow::Owned(date.to_string().trim_start_matches('+').to_owned()),
    })
}

impl From<StoreError> for Failure {
    fn from(err: StoreError) -> Self {
        match err {
            StoreError::UnknownBatch { .. } | StoreError::UnknownConflict { .. } => {
                Self::Usage(err.to_string())
            }
            err => Self::Failed(err.to_string()),
        }
    }
}

impl From<ServiceError> for Failure {
    fn from(err: ServiceError) -> Self {
        match err {
            ServiceError::Store(err) => err.into(),
            err => Self::Failed(err.to_string()),
        }
    }
}

#[cfg(test)]
mod tests;
