//! The words of the command line.
#![expect(clippy::doc_markdown, reason = "these comments are the help text, printed as they stand")]

use std::fs;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::batch_args::{Batches, Conflicts, Diff, ImportAgain, Rejects, RemoveBatch};
use crate::demo;
use crate::import::{DateOrder, DecimalMark, Encoding, Mapping};
use crate::model::{Instant, Zone};
use crate::report::ReportName;

/// Look at a platform's exported usage logs on your own machine, as any user or as an admin
#[derive(Parser, Debug)]
#[command(name = "creditscope", version, args_conflicts_with_subcommands = true)]
#[command(after_help = "Examples:
  creditscope demo                                         charts of a made-up platform
  creditscope usage_logs.csv profiles.csv                  import dumps and look at them
  creditscope logs.creditscope                             look at what was imported before
  creditscope import usage_logs.csv --db logs.creditscope  the same without a window
  creditscope report weekly --db logs.creditscope --as admin --format json")]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Option<Command>,

    /// A creditscope file, or dumps: these go into NAME.creditscope beside the first
    #[arg(value_name = "DB|DUMP")]
    pub(super) paths: Vec<PathBuf>,
}

/// What can be done without a window, and the demo.
#[derive(Subcommand, Debug)]
pub(super) enum Command {
    Demo(Demo),
    Import(Import),
    Check(Check),
    Report(Report),
    Profiles(Profiles),
    Chart(Chart),
    Batches(Batches),
    Rejects(Rejects),
    Conflicts(Conflicts),
    RemoveBatch(RemoveBatch),
    ImportAgain(ImportAgain),
    Diff(Diff),
}

/// Make a realistic sample and open it
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  creditscope demo
  creditscope demo --rows 1000000 --seed 7 --db big.creditscope
  creditscope demo --no-window --db demo.creditscope")]
pub(super) struct Demo {
    /// How many log rows
    #[arg(long, value_name = "N", default_value_t = demo::ROWS_DEFAULT)]
    pub(super) rows: u64,

    /// The same seed makes the same rows
    #[arg(long, value_name = "S", default_value_t = demo::SEED_DEFAULT)]
    pub(super) seed: u64,

    /// Where to put it, else in the folder for temporary files; the same demo is used again
    #[arg(long, value_name = "FILE")]
    pub(super) db: Option<PathBuf>,

    /// Only make the file
    #[arg(long)]
    pub(super) no_window: bool,
}

/// Import dumps of usage_logs, profiles and user_roles
///
/// CSV, JSON and NDJSON are told apart by their content, tables by their columns. Each file is
/// taken whole or not at all, and a row that is there already is counted as a repeat.
/// Exit code 3: some rows were rejected or are in conflict; the others are imported.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  creditscope import usage_logs.csv profiles.csv user_roles.csv --db logs.creditscope
  creditscope import old.csv --db logs.creditscope --assume-zone Europe/Berlin
  creditscope import excel.csv --db logs.creditscope --date-order dmy --decimal comma --assume-zone Europe/Berlin
  creditscope import excel.csv --db logs.creditscope --encoding windows-1252
  creditscope import trace.csv --db logs.creditscope --mapping trace.json
  creditscope import usage_logs.json --db logs.creditscope --json > report.json")]
pub(super) struct Import {
    /// The dumps, in the order in which to take them
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,

    /// The creditscope file; made if there is none
    #[arg(long, value_name = "DB")]
    pub(super) db: PathBuf,

    #[command(flatten)]
    pub(super) reading: Reading,

    /// Print what happened as JSON
    #[arg(long)]
    pub(super) json: bool,

    /// Say on stderr what it took until charts could be drawn, and until all indexes were made
    #[arg(long)]
    pub(super) timings: bool,
}

/// Check dumps: what an import would do, without doing it
///
/// Reads the files as an import does and says what would become of each row: new, a repeat, in
/// conflict, rejected. Nothing is written. Several files are looked at as if the ones before had been
/// imported.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  creditscope check usage_logs.csv
  creditscope check usage_logs.csv profiles.csv --db logs.creditscope
  creditscope check usage_logs.json --db logs.creditscope --json > report.json")]
pub(super) struct Check {
    /// The dumps, in the order in which to look at them
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,

    /// The creditscope file they would be imported into; without it, or if there is none, a new one
    #[arg(long, value_name = "DB")]
    pub(super) db: Option<PathBuf>,

    #[command(flatten)]
    pub(super) reading: Reading,

    /// Print what would happen as JSON
    #[arg(long)]
    pub(super) json: bool,
}

/// How values are read that a dump leaves open
#[derive(Args, Debug)]
pub(super) struct Reading {
    /// The zone of times that say none; without it a file with such times is refused
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    pub(super) assume_zone: Option<Zone>,

    /// Which number of a date like 01/02/2025 is the month; without it the file's first rows must tell
    #[arg(long, value_name = "dmy|mdy", value_parser = date_order)]
    pub(super) date_order: Option<DateOrder>,

    /// What parts the decimals of credits; without it the file's first rows must tell
    #[arg(long, value_name = "comma|point", value_parser = decimal)]
    pub(super) decimal: Option<DecimalMark>,

    /// The encoding of files that do not say theirs and are not UTF-8, for example windows-1252
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    pub(super) encoding: Option<Encoding>,

    /// A JSON file that says which columns of a usage log of another shape are which; see the README
    #[arg(long, value_name = "FILE.json", value_parser = mapping)]
    pub(super) mapping: Option<Mapping>,

    /// Reject rows with more than 9 decimals instead of rounding them
    #[arg(long)]
    pub(super) strict: bool,
}

/// Print one of the eight reports
#[derive(Args, Debug)]
#[command(after_help = "Reports:
  history            own latest 100 rows
  summary            own totals, 30 days
  by-action          own use by action, 30 days
  by-format-quality  own use by format and quality, all time
  daily              own use by day, 30 days
  platform           visible rows by action, 7 days
  ranking            visible users by credits, top 20, 30 days
  weekly             visible rows by ISO week and action, 12 weeks

Examples:
  creditscope report daily --db logs.creditscope --as ada
  creditscope report summary --db logs.creditscope --as admin --of all --zone Europe/Berlin
  creditscope report weekly --db logs.creditscope --as admin --now 2025-09-01T00:00:00Z --format csv")]
pub(super) struct Report {
    /// Which report
    #[arg(value_name = "NAME")]
    pub(super) name: ReportName,

    #[command(flatten)]
    pub(super) look: Look,

    /// How to print it; the table is for people, and cuts long texts
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,

    /// Answer so many times, and print the last answer
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) repeat: u32,

    /// Say on stderr what opening and each answer took
    #[arg(long)]
    pub(super) timings: bool,
}

/// List everybody who can be looked as: every user with a profile, a role or rows
#[derive(Args, Debug)]
#[command(after_help = "Example:
  creditscope profiles --db logs.creditscope --format csv")]
pub(super) struct Profiles {
    /// The creditscope file
    #[arg(long, value_name = "DB")]
    pub(super) db: PathBuf,

    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
}

/// Draw a chart into a PNG file
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  creditscope chart daily --db logs.creditscope --as admin --out daily.png
  creditscope chart formats --db logs.creditscope --as ada --out formats.png --size 1600x900 --theme dark")]
pub(super) struct Chart {
    /// Credits per day by format, per week by action, or by format and quality
    #[arg(value_enum)]
    pub(super) name: ChartName,

    #[command(flatten)]
    pub(super) look: Look,

    /// Where to put the picture
    #[arg(long, value_name = "FILE.png")]
    pub(super) out: PathBuf,

    /// In pixels
    #[arg(long, value_name = "WxH", default_value = "1200x600", value_parser = size)]
    pub(super) size: (u32, u32),

    /// The colours
    #[arg(long, value_enum, default_value_t = Theme::Light)]
    pub(super) theme: Theme,
}

/// Who looks, at what, when and where.
#[derive(Args, Debug)]
pub(super) struct Look {
    /// The creditscope file
    #[arg(long, value_name = "DB")]
    pub(super) db: PathBuf,

    /// Whose eyes: admin, nobody, a user's id or name (user:NAME if the name looks like the others)
    #[arg(long = "as", value_name = "WHO")]
    pub(super) viewer: String,

    /// Whose rows, as far as visible: all, or as --as; own reports default to the viewer's
    #[arg(long, value_name = "WHO|all")]
    pub(super) of: Option<String>,

    /// RFC 3339 with offset; default the newest visible row
    #[arg(long, value_name = "T", value_parser = now)]
    pub(super) now: Option<Instant>,

    /// IANA name of the zone in which days and weeks begin
    #[arg(long, value_name = "Z", default_value = "UTC", value_parser = zone)]
    pub(super) zone: Zone,
}

/// How an answer is printed.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Format {
    Table,
    Csv,
    Json,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ChartName {
    Daily,
    Weekly,
    Formats,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Theme {
    Light,
    Dark,
}

fn zone(text: &str) -> Result<Zone, String> {
    Zone::named(text).map_err(|err| err.to_string())
}

fn date_order(text: &str) -> Result<DateOrder, String> {
    let hint = "use dmy (day, month, year) or mdy (month, day, year)";
    DateOrder::of_word(text).ok_or_else(|| hint.to_owned())
}

fn decimal(text: &str) -> Result<DecimalMark, String> {
    DecimalMark::of_word(text).ok_or_else(|| "use comma or point".to_owned())
}

fn mapping(path: &str) -> Result<Mapping, String> {
    let text = fs::read_to_string(path).map_err(|err| format!("the file cannot be read: {err}"))?;
    Mapping::parse(&text)
}

fn encoding(name: &str) -> Result<Encoding, String> {
    Encoding::named(name)
        .ok_or_else(|| "not an encoding: use utf-8, utf-16le, utf-16be, windows-1252, latin1, …".to_owned())
}

fn now(text: &str) -> Result<Instant, String> {
    super::time::parse(text)
        .ok_or_else(|| "use RFC 3339 with an offset, such as 2025-08-30T10:00:00Z".to_owned())
}

/// What a picture may have a side: less shows nothing, more takes gigabytes to draw.
const SIDE_PIXELS: RangeInclusive<u32> = 200..=8_000;

fn size(text: &str) -> Result<(u32, u32), String> {
    let (width, height) = text.split_once('x').ok_or("use WIDTHxHEIGHT, such as 1200x600")?;
    let side = |text: &str| match text.parse() {
        Ok(n) if SIDE_PIXELS.contains(&n) => Ok(n),
        _ => Err(format!(
            "`{text}` is not a number of pixels from {} to {}",
            SIDE_PIXELS.start(),
            SIDE_PIXELS.end()
        )),
    };
    Ok((side(width)?, side(height)?))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_words_do_not_clash() {
        Cli::command().debug_assert();
    }

    #[track_caller]
    fn check_refused(line: &str, hint: &str) {
        let err = Cli::try_parse_from(line.split(' ')).unwrap_err();
        assert_eq!(err.exit_code(), 2, "{line}");
        assert!(err.to_string().contains(hint), "{line}: {err}");
    }

    #[test]
    fn what_cannot_be_meant_is_a_usage_error() {
        let report = "creditscope report daily --db x --as admin";
        check_refused(&format!("{report} --zone Mars/Olympus"), "Mars/Olympus");
        check_refused(&format!("{report} --now 2025-08-30T10:00:00"), "offset");
        check_refused(&format!("{report} --now yesterday"), "RFC 3339");
        check_refused(&format!("{report} --format xml"), "json");
        check_refused("creditscope report dayly --db x --as admin", "by-format-quality");
        check_refused("creditscope report daily --db x", "--as");
        check_refused("creditscope import --db x", "FILE");
        check_refused("creditscope import a.csv --db x --date-order ymd", "dmy");
        check_refused("creditscope import a.csv --db x --decimal dot", "comma or point");
        check_refused("creditscope chart daily --db x --as admin --out a.png --size 12", "1200x600");
        check_refused("creditscope chart daily --db x --as admin --out a.png --size 900x9", "pixels");
    }

    #[test]
    fn paths_alone_open_the_window() {
        let cli = Cli::try_parse_from(["creditscope", "a.creditscope", "b.csv"]).unwrap();
        assert!(cli.command.is_none() && cli.paths.len() == 2);
    }
}
