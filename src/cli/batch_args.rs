//! The words of the commands about what was imported.

use std::path::PathBuf;

use clap::Args;
use uuid::Uuid;

use super::args::{Format, Reading};

/// List what was imported: a batch a file, a row for each table in it
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  creditscope batches --db logs.creditscope
  creditscope batches --db logs.creditscope --format json
  creditscope batches --db logs.creditscope --removed")]
pub(super) struct Batches {
    /// The creditscope file
    #[arg(long, value_name = "DB")]
    pub(super) db: PathBuf,

    /// Those that were removed, instead of those that are there
    #[arg(long)]
    pub(super) removed: bool,

    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
}

/// List the rows that imports rejected, with the reason and the text of each
///
/// The text is the record as it stands in the file, its first 4 KiB: mend it there, and import the
/// file again; the rows that were taken are then repeats.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  creditscope rejects --db logs.creditscope
  creditscope rejects --db logs.creditscope --batch 3 --format csv > rejects.csv")]
pub(super) struct Rejects {
    /// The creditscope file
    #[arg(long, value_name = "DB")]
    pub(super) db: PathBuf,

    /// Only those of this import; `creditscope batches` has the numbers
    #[arg(long, value_name = "N")]
    pub(super) batch: Option<i64>,

    /// How to print it; the table is for people, and cuts long texts
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
}

/// List the rows whose id was known with other content, or take the newer version of some
///
/// The first version stays until the newer is taken; both are listed, with the difference in credits.
/// What was there before, when the newer was taken and by whom is kept and listed. Only log rows can be
/// taken, and only where the newer was kept as it was understood (metadata of at most 64 KiB, and not in
/// files of older versions).
/// Exit code 3: some could not be taken; the others are.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  creditscope conflicts --db logs.creditscope
  creditscope conflicts --db logs.creditscope --batch 3 --format csv > conflicts.csv
  creditscope conflicts --db logs.creditscope --take 550e8400-e29b-41d4-a716-446655440000
  creditscope conflicts --db logs.creditscope --batch 3 --take-all")]
pub(super) struct Conflicts {
    /// The creditscope file
    #[arg(long, value_name = "DB")]
    pub(super) db: PathBuf,

    /// Only those of this import; `creditscope batches` has the numbers
    #[arg(long, value_name = "N")]
    pub(super) batch: Option<i64>,

    /// Take the newer version of these rows; of several the last to come
    #[arg(long, value_name = "ID", num_args = 1.., conflicts_with = "take_all")]
    pub(super) take: Vec<Uuid>,

    /// Take the newer version of every row that is listed
    #[arg(long)]
    pub(super) take_all: bool,

    /// How to print the list; the table is for people, and has less of each row
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
}

/// Take an import back: its rows exactly, and what it changed of others
///
/// Rows that later imports had again go too, and it is said how many of which batch. Names, roles and
/// figures that it replaced are again what they were before it. All of it happens, or nothing. The file
/// keeps its size: the room is for the next import. `creditscope import-again N` undoes it.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  creditscope remove-batch 3 --db logs.creditscope --dry-run
  creditscope remove-batch 3 --db logs.creditscope")]
pub(super) struct RemoveBatch {
    /// The number of the import, as `creditscope batches` has it
    #[arg(value_name = "N")]
    pub(super) batch: i64,

    /// The creditscope file
    #[arg(long, value_name = "DB")]
    pub(super) db: PathBuf,

    /// Only say what would be removed
    #[arg(long)]
    pub(super) dry_run: bool,
}

/// Import the file of a batch once more, if it is still the same file
///
/// From the path that is remembered, and only with the hash that is remembered: to undo a removal, or
/// to have rows that went with an earlier batch. It becomes a batch of its own. How values are read that
/// the file leaves open must be said again.
/// Exit code 3: some rows were rejected or are in conflict; the others are imported.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  creditscope import-again 3 --db logs.creditscope
  creditscope import-again 3 --db logs.creditscope --assume-zone Europe/Berlin")]
pub(super) struct ImportAgain {
    /// The number of the import, as `creditscope batches`, or `batches --removed`, has it
    #[arg(value_name = "N")]
    pub(super) batch: i64,

    /// The creditscope file
    #[arg(long, value_name = "DB")]
    pub(super) db: PathBuf,

    #[command(flatten)]
    pub(super) reading: Reading,

    /// Print what happened as JSON
    #[arg(long)]
    pub(super) json: bool,
}

/// Compare two dumps, two creditscope files, or one of each: rows that are new, vanished or changed
///
/// Prints what that means to each user's credits, or, with --rows, every such row. Rows are the same as
/// an import takes them for repeats: values count, not how they are spelled, and digits that an export
/// loses are no change. Nothing is written, but for a copy of a dump in the folder for temporary files,
/// which is removed.
/// Exit code 3: there are differences, or rows of a dump that could not be compared.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  creditscope diff may.csv june.csv
  creditscope diff logs.creditscope usage_logs.csv --rows
  creditscope diff logs.creditscope usage_logs.csv --format json > changes.json")]
pub(super) struct Diff {
    /// What was: a dump, or a creditscope file
    #[arg(value_name = "A")]
    pub(super) before: PathBuf,

    /// What is: a dump, or a creditscope file
    #[arg(value_name = "B")]
    pub(super) after: PathBuf,

    /// Print the rows themselves, in the order of their ids
    #[arg(long)]
    pub(super) rows: bool,

    #[command(flatten)]
    pub(super) reading: Reading,

    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
}
