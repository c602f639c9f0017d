use std::collections::BTreeSet;
use std::path::PathBuf;

use chrono::{NaiveDate, Weekday};

use super::state::{Page, Theme};
use crate::access::Viewer;
use crate::model::{Filter, RowId, UserId, Window, Zone};
use crate::report::chart::{AsOf, Compare, Range};
use crate::view::chart::{ChartName, Hidden};
use crate::view::{Listing, MappingEdit, Outcome};

/// What a person wants done. The UI emits it; [`App::handle`](super::App::handle) decides what it means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    ShowPage(Page),

    /// Ask for dumps with the system's dialog, then check them.
    ChooseDumps,
    /// Ask for a creditscope file with the system's dialog, then open it.
    ChooseFile,
    /// Files dropped, typed or named on the command line: databases are opened, dumps checked.
    OpenPaths(Vec<PathBuf>),
    /// A file that was open before. One that is not there any more is forgotten.
    OpenRecent(PathBuf),
    /// Back to the page without a file.
    CloseFile,
    /// Make and open the sample that is built in.
    OpenSample,
    /// Check dumps that are to go into a file, which the import makes if it is missing.
    ImportInto {
        file: PathBuf,
        dumps: Vec<PathBuf>,
    },
    /// Something about the dumps that are checked.
    Check(CheckCommand),
    /// Something about an import that the file remembers.
    Batch(BatchCommand),
    /// Leave a question without an answer.
    CloseQuestion,
    /// What an import did not take, by the number of its batch.
    ShowBatch(i64),
    CancelImport(u64),
    DismissImport(u64),
    DismissNotice(u64),
    /// Why a file could not be opened has been read.
    DismissOpenError,

    ViewAs(Viewer),
    /// What the viewer sees and why, or no longer.
    ShowProof(bool),
    /// An admin with rows: only the own ones, or all visible ones.
    OnlyMine(bool),
    /// The figures of one visible user, or those of all again. The viewer stays.
    Focus(Option<UserId>),

    SetRange(Range),
    /// By the length of the range; negative is back.
    Step(i32),
    SetAsOf(AsOf),
    SetCompare(Compare),
    SetZone(Zone),
    SetWeekStart(Weekday),
    SetTheme(Theme),

    /// What History lists, from its first page on.
    List(Listing),
    /// The rows behind a figure: History with exactly this window and filter.
    ShowRows {
        window: Window,
        filter: Filter,
    },
    TurnHistory(Turn),
    /// A chart of the Overview as a picture, as it is seen, into a file that is asked for.
    SavePicture {
        chart: ChartName,
        hidden: Hidden,
        dark: bool,
    },

    /// The rows that an import did not take, as a table into a file that is asked for: those of a kind in
    /// which a text occurs.
    SaveLeftOut {
        batch: i64,
        outcome: Outcome,
        filter: String,
    },

    /// To the view before, as it was.
    GoBack,
    /// To the view from which one went back.
    GoForward,
}

/// What is to be done with dumps that are checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CheckCommand {
    /// Import them, but for those that failed.
    Commit,
    /// Leave everything as it is.
    Cancel,
    /// Check again without one of them, by its place.
    LeaveOut(usize),
    /// Say how a dump is to be read, by the place of the choice, and check again.
    Answer { dump: usize, choice: usize },
    /// Say the zone of a dump's times, and check again.
    AssumeZone { dump: usize, zone: Zone },
    /// Say which columns of a log of another shape are which, and check again.
    Map { dump: usize, edit: MappingEdit },
    /// Forget how a dump is to be read, by its place, and check again.
    AskAgain(usize),
    /// Ask for dumps with the system's dialog, then check them instead.
    ChooseOther,
}

/// What is to be done with an import that the file remembers, by the number of its batch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BatchCommand {
    /// Say what its removal would do, and ask whether it shall be.
    AskRemoval(i64),
    Remove(i64),
    /// Check its file once more, from the path that is remembered.
    ImportAgain(i64),
    /// Say what taking the newer versions of rows in conflict would do, and ask whether it shall be.
    AskTaking {
        batch: i64,
        ids: BTreeSet<RowId>,
    },
    /// The same of all rows in conflict, listed or not.
    AskTakingAll(i64),
    /// Those of these rows, or of all.
    Take {
        batch: i64,
        ids: Option<BTreeSet<RowId>>,
    },
}

/// Moves a list of rows by a page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    First,
    Back,
    Next,
    Last,
    /// To the rows of a day, and those behind them.
    To(NaiveDate),
}
