//! What the workers have found, shown.

use std::sync::Arc;
use std::time::{Duration, Instant as Clock};

use super::dialogs::Picked;
use super::jobs::{self, Counted, Event, Opened, Slot};
use super::look::{Looked, PageView};
use super::state::{self, File, Notice, NoticeKind, Page};
use super::{App, Command, ImportEvent, imports};
use crate::import::FileReport;
use crate::view;

/// Long enough to read a sentence twice.
const NOTICE_STAYS: Duration = Duration::from_secs(8);
/// More than anyone leaves undismissed.
const NOTICES_MAX: usize = 20;
/// To what an import did.
const SHOW_DATA: (&str, Command) = ("Show", Command::ShowPage(Page::Data));

impl App {
    /// The other mutator.
    pub(super) fn on_event(&mut self, event: Event) {
        match event {
            Event::Opened(Ok(opened)) => self.on_opened(opened),
            Event::Opened(Err(message)) => self.on_open_failed(message),
            Event::Saved(Err(message)) => self.notify(NoticeKind::Failed, message),
            Event::Missing(path) => self.on_missing(&path),
            Event::Looked(Ok(looked)) => self.on_looked(looked),
            Event::Looked(Err(message)) => self.on_look_failed(&message),
            Event::People(Ok(people)) => self.state.people.fill(people),
            Event::People(Err(message)) => self.state.people.fail(message),
            Event::Proved(proof) => self.on_proved(*proof),
            Event::Counted(counted) => self.on_counted(counted),
            Event::Saved(Ok(path)) => self.notify(NoticeKind::Done, format!("Saved: {}", path.display())),
            Event::Uncounted => (),
        }
    }

    pub(super) fn on_broken(&mut self, slot: Slot) {
        let message = "a mistake of this program stopped the work; the file is as it was";
        match slot {
            Slot::Look => self.on_look_failed(message),
            Slot::People => self.state.people.fail(message.to_owned()),
            Slot::Proof => self.on_proved(Err(message.to_owned())),
            Slot::Save => self.notify(
                NoticeKind::Failed,
                "a mistake of this program stopped the saving; the file may be incomplete".to_owned(),
            ),
            Slot::Open => self.on_open_failed(message.to_owned()),
            Slot::Count | Slot::Watch => self.notify(NoticeKind::Failed, message.to_owned()),
        }
    }

    /// It stands where files come in; where that is not in sight, a notice leads there.
    fn on_open_failed(&mut self, message: String) {
        self.state.opening = false;
        self.keep_check();
        let is_zone_shown = self.state.file.is_none() || self.state.page == Page::Data;
        let in_sight = is_zone_shown && self.state.check.is_none();
        if !in_sight {
            self.notify_with(NoticeKind::Failed, message.clone(), SHOW_DATA);
        }
        self.state.open_error = Some(message);
    }

    fn on_opened(&mut self, opened: Opened) {
        self.state.opening = false;
        self.state.open_error = None;
        if opened.store.is_some() {
            // It was about another file.
            self.state.question = None;
        }
        if let Some(question) = opened.question {
            self.state.question = Some(question);
        }
        if let Some((store, n_rows)) = opened.store {
            self.settings.remember(store.path());
            self.state.recent.clone_from(&self.settings.recent);
            self.state.recent_viewers = self.settings.viewers_of(store.path());
            self.state.file = Some(File { path: store.path().to_owned(), n_rows });
            self.forget_views();
            self.stop_check();
            self.state.jobs.retain(|it| it.report.is_none());
            self.store = Some(store);
            self.watch();
            self.index();
            self.look_again();
            self.ask_operator();
        }
        if let Some((dump, sha256)) = opened.again {
            self.check_again(dump, sha256);
        }
        if !opened.dumps.is_empty() {
            self.check(opened.dumps, opened.into);
        }
        if !opened.checked.is_empty() {
            self.handle(Command::ShowPage(Page::Data));
            self.import(opened.checked);
        }
    }

    fn watch(&mut self) {
        let Some(store) = self.store.clone() else { return };
        self.answers.ask(Slot::Watch, move |task| jobs::watch(&store, task));
    }

    fn on_counted(&mut self, counted: Counted) {
        if self.counted == Some(counted) {
            return;
        }
        self.counted = Some(counted);
        if let Some(file) = &mut self.state.file {
            file.n_rows = counted.n_rows;
        }
        self.look_again();
        self.ask_operator();
    }

    /// The pages that are drawn were another viewer's, or another file's.
    pub(super) fn forget_pages(&mut self) {
        self.state.overview = state::Slot::default();
        self.state.history = state::Slot::default();
        self.state.ranking = state::Slot::default();
    }

    fn on_looked(&mut self, looked: Looked) {
        let before = &self.state.viewing;
        if (before.viewer, before.only_mine) != (looked.viewing.viewer, looked.viewing.only_mine) {
            self.forget_pages();
        }
        if self.state.focus != looked.focus {
            // It was about somebody else.
            self.state.overview = state::Slot::default();
        }
        self.state.viewing = looked.viewing;
        self.state.focus = looked.focus;
        self.state.as_of = looked.as_of;
        // An answer that is shown is to what was asked last.
        self.past.settle(self.wanted());
        match looked.page {
            PageView::Overview(overview) => self.state.overview.fill(*overview),
            PageView::NoRows => self.state.overview = state::Slot::default(),
            PageView::History(mut history, ends) => {
                history.number = self.new_id();
                self.state.history.fill(*history);
                self.history_ends = ends;
            }
            PageView::Ranking(mut ranking) => {
                ranking.number = self.new_id();
                self.state.ranking.fill(*ranking);
            }
            PageView::Data(imports) => self.state.imports.fill(*imports),
        }
    }

    /// Unless the proof was closed meanwhile.
    fn on_proved(&mut self, proof: Result<view::Proof, String>) {
        match (&mut self.state.proof, proof) {
            (Some(slot), Ok(proof)) => slot.fill(proof),
            (Some(slot), Err(message)) => slot.fail(message),
            (None, _) => {}
        }
    }

    fn on_look_failed(&mut self, message: &str) {
        let message = message.to_owned();
        match self.look.page {
            Page::Overview => self.state.overview.fail(message),
            Page::History => self.state.history.fail(message),
            Page::Ranking => self.state.ranking.fail(message),
            Page::Data => self.state.imports.fail(message),
        }
    }

    pub(super) fn on_import(&mut self, id: u64, mut event: ImportEvent) {
        if self.on_check(id, &mut event) {
            return;
        }
        match event {
            ImportEvent::Indexing(path, progress) => return self.on_indexing(id, path, progress),
            ImportEvent::Indexed(result) => return self.on_indexed(id, result),
            _ => (),
        }
        let Some(job) = self.state.jobs.iter_mut().find(|it| it.id == id) else { return };
        match event {
            ImportEvent::Progress(progress) => {
                let began = self.import_starts.get(&id).copied().unwrap_or_else(Clock::now);
                job.progress = imports::progress_view(progress, began);
            }
            ImportEvent::Done(report) => {
                job.report = Some(Arc::new(imports::report_view(&report, &self.look.calendar)));
                self.import_starts.remove(&id);
                self.after_import(&report);
            }
            ImportEvent::Rows(progress) => {
                let began = self.import_starts.get(&id).copied().unwrap_or_else(Clock::now);
                job.progress = imports::row_progress_view(progress, began);
            }
            ImportEvent::Batch(event) => {
                self.end_work(id);
                self.on_batch(*event);
                self.settle_imports();
            }
            ImportEvent::Checking(..)
            | ImportEvent::Checked(_)
            | ImportEvent::Indexing(..)
            | ImportEvent::Indexed(_) => (),
        }
    }

    /// Takes work from sight that leaves no report.
    pub(super) fn end_work(&mut self, id: u64) {
        self.state.jobs.retain(|it| it.id != id);
        self.import_starts.remove(&id);
    }

    /// The rows have changed.
    pub(super) fn count_again(&mut self) {
        if let Some(store) = self.store.clone() {
            self.answers.ask(Slot::Count, move |_| jobs::count(&store));
        }
    }

    fn after_import(&mut self, report: &FileReport) {
        self.look.batch = None;
        self.count_again();
        if let Some(failure) = self.tally.add(report) {
            self.to_overview = false;
            self.notify_with(NoticeKind::Failed, failure, SHOW_DATA);
        }
        self.settle_imports();
    }

    /// Says what was done when nothing more is to come. What was not taken is for the person to read; a
    /// first import that took all shows its charts.
    pub(super) fn settle_imports(&mut self) {
        if !self.import_starts.is_empty() {
            return;
        }
        if let Some((kind, text)) = std::mem::take(&mut self.tally).in_words() {
            self.to_overview &= kind == NoticeKind::Done;
            self.notify_with(kind, text, SHOW_DATA);
        }
        if std::mem::take(&mut self.to_overview) {
            self.handle(Command::ShowPage(Page::Overview));
        }
        self.index();
    }

    pub(super) fn on_import_broken(&mut self, id: u64) {
        if self.on_check_broken(id) {
            return;
        }
        self.end_work(id);
        let message = "a mistake of this program stopped the work; the file is as it was";
        self.notify(NoticeKind::Failed, message.to_owned());
    }

    pub(super) fn on_picked(&mut self, picked: Picked) {
        self.state.dialog_open = false;
        if let Some(saving) = self.saving.take() {
            self.on_place_picked(saving, picked);
            return;
        }
        match picked {
            Picked::Paths(paths) => self.handle(Command::OpenPaths(paths)),
            Picked::Cancelled => self.keep_check(),
            Picked::Unavailable => {
                self.keep_check();
                self.state.dialogs_unavailable = true;
            }
        }
    }

    pub(super) fn notify(&mut self, kind: NoticeKind, text: String) {
        self.push_notice(kind, text, None);
    }

    pub(super) fn notify_with(&mut self, kind: NoticeKind, text: String, action: (&'static str, Command)) {
        self.push_notice(kind, text, Some(action));
    }

    fn push_notice(&mut self, kind: NoticeKind, text: String, action: Option<(&'static str, Command)>) {
        let id = self.new_id();
        self.state.notices.push(Notice { id, text, kind, action });
        if kind != NoticeKind::Failed {
            self.notice_ends.push((id, Clock::now() + NOTICE_STAYS));
        }
        let n_old = self.state.notices.len().saturating_sub(NOTICES_MAX);
        self.state.notices.drain(..n_old);
    }

    /// Lets notices go whose time is over; says when to look again.
    pub(super) fn expire_notices(&mut self) -> Option<Duration> {
        let now = Clock::now();
        let (over, left): (Vec<_>, Vec<_>) = self.notice_ends.drain(..).partition(|(_, end)| *end <= now);
        self.notice_ends = left;
        self.state.notices.retain(|it| over.iter().all(|(id, _)| *id != it.id));
        self.notice_ends.iter().map(|(_, end)| *end - now).min()
    }
}
