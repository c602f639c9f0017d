//! What the window shows. The UI reads it; only [`App`](super::App) changes it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;

use super::Command;
use crate::access::Viewer;
use crate::model::{Calendar, Instant, UserId};
use crate::report::chart::{Compared, Extent, Period, Range};
use crate::view;

/// All that the UI draws from.
#[derive(Clone, Debug)]
pub struct State {
    /// `None` before the first import: the first-run page is shown.
    pub file: Option<File>,
    pub viewing: Viewing,
    /// The one user, of those who are visible, whose figures the Overview shows.
    pub focus: Option<Focus>,
    pub calendar: Calendar,
    pub page: Page,
    pub period: Period,
    /// The newest visible row that is not later than the clock: what a period is set against.
    pub as_of: Option<Instant>,
    pub overview: Slot<view::Overview>,
    pub history: Slot<view::History>,
    /// What the history is to list; its rows follow.
    pub listing: view::Listing,
    pub ranking: Slot<view::Ranking>,
    /// The imports the file remembers, with their rejects and conflicts.
    pub imports: Slot<view::Imports>,
    /// Everybody who can be looked as; the operator's list, not the viewer's.
    pub people: Slot<view::People>,
    /// Users who were looked as in this file, the newest first.
    pub recent_viewers: Vec<UserId>,
    /// What the viewer sees and why; `None` while it is not looked at.
    pub proof: Option<Slot<view::Proof>>,
    /// Dumps that are looked at; nothing of them is written yet.
    pub check: Option<Check>,
    /// The imports of this session, the newest last.
    pub jobs: Vec<ImportJob>,
    /// The newest last.
    pub notices: Vec<Notice>,
    /// Files are being opened.
    pub opening: bool,
    /// Why the last file could not be opened; it stands where files come in.
    pub open_error: Option<String>,
    /// A file dialog is open: its buttons are disabled meanwhile.
    pub dialog_open: bool,
    /// No dialog can be had here: a field for the path is shown instead.
    pub dialogs_unavailable: bool,
    pub theme: Theme,
    /// Files that were open before, the newest first.
    pub recent: Vec<PathBuf>,
    /// Something that has to be decided before work goes on.
    pub question: Option<Question>,
}

/// A question with its answers; the last one leaves everything as it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    pub title: String,
    pub text: String,
    pub answers: Vec<(String, Command)>,
}

/// The open file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct File {
    pub path: PathBuf,
    /// Rows in it, whoever may see them: the operator's figure, for the chip and the proof.
    pub n_rows: u64,
}

/// Whose eyes are looked through, and what they see.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Viewing {
    pub viewer: Viewer,
    /// `Admin`, `Nobody`, or the name or short id of the user.
    pub name: String,
    /// `None` until it is known.
    pub visible: Option<Visible>,
    /// For an admin with rows: only those.
    pub only_mine: bool,
}

/// A user whose figures are looked at, with the viewer's eyes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Focus {
    pub user_id: UserId,
    /// As the viewer sees it: the name, or the short id.
    pub name: String,
}

/// The rows a viewer sees.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Visible {
    pub n_rows: u64,
    /// The viewer's own rows among them.
    pub n_own: u64,
    pub first: Option<Instant>,
    pub last: Option<Instant>,
}

/// The pages of the navigation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Page {
    Overview,
    History,
    Ranking,
    Data,
}

/// The light or dark look.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub enum Theme {
    System,
    Light,
    Dark,
}

/// An answer that is computed elsewhere. The one before stays until the new one is there.
#[derive(Clone, Debug)]
pub struct Slot<T> {
    pub value: Option<Arc<T>>,
    pub pending: bool,
    /// Why there is no newer answer, and what to do.
    pub error: Option<String>,
}

/// Dumps that are looked at before they are imported.
#[derive(Clone, Debug)]
pub struct Check {
    /// The name of the file that they would go into.
    pub into: String,
    /// That file is still to be made.
    pub makes_file: bool,
    pub dumps: Vec<CheckedDump>,
    /// What the commit would do, for its button; `None` until all are looked at, or if none can be
    /// imported.
    pub commit: Option<String>,
    /// They are looked at once more, and what is shown is what was found before.
    pub pending: bool,
}

/// A dump, and what its import would do.
#[derive(Clone, Debug)]
pub struct CheckedDump {
    pub path: PathBuf,
    /// `None` where it waits, or was looked at.
    pub progress: Option<view::ImportProgress>,
    /// `None` until it was looked at.
    pub report: Option<Arc<view::ImportReport>>,
    /// What has to be said before it can be read.
    pub question: Option<view::CheckQuestion>,
    /// Of a log of another shape: which of its columns are which.
    pub mapping: Option<view::MappingForm>,
    /// What is remarkable about the file itself.
    pub note: Option<String>,
    /// How it is read because a person said so, of it or of one like it.
    pub readings: Vec<String>,
}

/// An import under way or done, or other work on one, which is shown only while it runs.
#[derive(Clone, Debug)]
pub struct ImportJob {
    pub id: u64,
    pub work: Work,
    pub path: PathBuf,
    pub progress: view::ImportProgress,
    /// `None` while it runs.
    pub report: Option<Arc<view::ImportReport>>,
}

/// What is done with a dump, or with the import it became.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Work {
    Import,
    /// What would its removal do?
    Look,
    Removal,
    /// Newer versions of rows in conflict.
    Taking,
    /// What makes lists of rows quick, when the rows of a first import are there.
    Indexing,
}

/// A message. What failed stays until it is dismissed; others go by themselves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    pub id: u64,
    pub text: String,
    pub kind: NoticeKind,
    /// What can be done about it: the name of the button, and what it does.
    pub action: Option<(&'static str, Command)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoticeKind {
    Done,
    Warning,
    Failed,
}

impl Work {
    /// Before the name of the file: `Importing`.
    pub fn doing(self) -> &'static str {
        match self {
            Self::Import => "Importing",
            Self::Look => "Looking at",
            Self::Removal => "Removing",
            Self::Taking => "Taking newer rows of",
            Self::Indexing => "Indexing",
        }
    }

    /// Before the name of the file: `Import of`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Import => "Import of",
            Self::Look => "Look at",
            Self::Removal => "Removal of",
            Self::Taking => "Taking of newer rows of",
            Self::Indexing => "Indexing of",
        }
    }
}

impl Page {
    pub const ALL: [Self; 4] = [Self::Overview, Self::History, Self::Ranking, Self::Data];

    pub fn name(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::History => "History",
            Self::Ranking => "Ranking",
            Self::Data => "Data",
        }
    }
}

impl State {
    /// Whether there is anything to step to: rows before the period, and a period after it.
    pub fn steps(&self) -> (bool, bool) {
        let first = self.viewing.visible.and_then(|it| it.first);
        let (Some(first), Some((start, _)), false) =
            (first, self.dates(self.period), self.period.range == Range::All)
        else {
            return (false, false);
        };
        (self.calendar.date(first) < start, self.period.steps < 0)
    }

    /// The first and the last day of a period. `None` where there are no rows to set it against.
    pub fn dates(&self, period: Period) -> Option<(NaiveDate, NaiveDate)> {
        Some(period.dates(&self.calendar, self.extent()?))
    }

    /// The last instant that counts in a period.
    pub fn newest(&self, period: Period) -> Option<Instant> {
        Some(period.newest(&self.calendar, self.extent()?))
    }

    /// What a period is compared with.
    pub fn compared(&self, period: Period) -> Option<Compared> {
        period.compared(&self.calendar, self.extent()?)
    }

    /// The first and the last of the days that a period is compared with.
    pub fn compared_dates(&self, period: Period) -> Option<(NaiveDate, NaiveDate)> {
        let window = period.span(&self.calendar, self.extent()?).window_before(&self.calendar)?;
        let last = Instant::from_micros(window.until?.micros() - 1);
        Some((self.calendar.date(window.from?), self.calendar.date(last)))
    }

    fn extent(&self) -> Option<Extent> {
        Some(Extent { first: self.viewing.visible?.first?, as_of: self.as_of? })
    }

    /// Whether the page that is shown waits for an answer, or for another file.
    pub fn is_pending(&self) -> bool {
        if self.opening {
            return true;
        }
        match self.page {
            Page::Overview => self.overview.pending,
            Page::History => self.history.pending,
            Page::Ranking => self.ranking.pending,
            Page::Data => self.imports.pending,
        }
    }

    /// The window's title: the file, and whose eyes are looked through unless that is the admin.
    pub fn title(&self) -> String {
        let Some(file) = &self.file else { return "creditscope".to_owned() };
        let name = file.path.file_name().unwrap_or_default().to_string_lossy();
        match self.viewing.viewer {
            Viewer::Admin(None) => format!("{name} – creditscope"),
            _ => format!("Viewing as {} – {name} – creditscope", self.viewing.name),
        }
    }
}

impl CheckedDump {
    pub(super) fn waiting(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            progress: None,
            report: None,
            question: None,
            mapping: None,
            note: None,
            readings: Vec::new(),
        }
    }
}

impl<T> Slot<T> {
    /// The answer is there.
    pub fn fill(&mut self, value: T) {
        *self = Self { value: Some(Arc::new(value)), pending: false, error: None };
    }

    /// There is no answer; the one before stays.
    pub fn fail(&mut self, message: String) {
        self.pending = false;
        self.error = Some(message);
    }
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self { value: None, pending: false, error: None }
    }
}

impl Default for Viewing {
    fn default() -> Self {
        Self { viewer: Viewer::Admin(None), name: "Admin".to_owned(), visible: None, only_mine: false }
    }
}

impl Default for State {
    fn default() -> Self {
        Self {
            file: None,
            viewing: Viewing::default(),
            focus: None,
            calendar: Calendar::utc(),
            page: Page::Overview,
            period: Period::default(),
            as_of: None,
            overview: Slot::default(),
            history: Slot::default(),
            listing: view::Listing::default(),
            ranking: Slot::default(),
            imports: Slot::default(),
            people: Slot::default(),
            recent_viewers: Vec::new(),
            proof: None,
            check: None,
            jobs: Vec::new(),
            notices: Vec::new(),
            opening: false,
            open_error: None,
            dialog_open: false,
            dialogs_unavailable: false,
            theme: Theme::System,
            recent: Vec::new(),
            question: None,
        }
    }
}
