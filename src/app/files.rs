//! Files: those that were open before, what comes into one, and the way back to none.

use std::path::{Path, PathBuf};

use super::App;
use super::jobs::{self, Slot};
use super::look::HistoryAt;
use super::past::Past;
use super::state::{self, NoticeKind, Page, Viewing};
use crate::access::Viewer;
use crate::view;

impl App {
    pub(super) fn open_recent(&mut self, path: PathBuf) {
        self.state.opening = true;
        self.answers.ask(Slot::Open, move |_| jobs::open_recent(path));
    }

    /// A recent file is gone: it is not offered again.
    pub(super) fn on_missing(&mut self, path: &Path) {
        self.state.opening = false;
        self.settings.forget(path);
        self.state.recent.clone_from(&self.settings.recent);
        let text = format!("Not there any more, and no longer among the recent files: {}", path.display());
        self.notify(NoticeKind::Warning, text);
    }

    pub(super) fn import_into(&mut self, file: PathBuf, dumps: Vec<PathBuf>) {
        self.state.question = None;
        self.open(move || jobs::open_for(&file, dumps));
    }

    pub(super) fn show_batch(&mut self, number: i64) {
        self.look.batch = Some(number);
        self.look_again();
    }

    /// An import goes on to its end before its file can be closed.
    pub(super) fn close_file(&mut self) {
        if !self.import_starts.is_empty() {
            return;
        }
        for slot in [Slot::Look, Slot::People, Slot::Proof, Slot::Count, Slot::Watch] {
            self.answers.forget(slot);
        }
        self.stop_check();
        self.store = None;
        self.state.file = None;
        self.state.page = Page::Overview;
        self.state.people = state::Slot::default();
        self.state.jobs.clear();
        self.forget_views();
    }

    /// What was looked at, and by whom, was of another file.
    pub(super) fn forget_views(&mut self) {
        self.state.viewing = Viewing::default();
        self.forget_pages();
        self.state.imports = state::Slot::default();
        self.state.proof = None;
        self.state.listing = view::Listing::default();
        self.counted = None;
        self.look.viewer = Viewer::Admin(None);
        self.look.only_mine = false;
        self.look.focus = None;
        self.look.batch = None;
        self.look.history = HistoryAt::First;
        self.past = Past::default();
    }
}
