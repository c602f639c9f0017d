//! What a person wants done, done.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant as Clock;

use super::checks::Checked;
use super::dialogs::Wanted;
use super::jobs::{self, Event, Slot};
use super::look::HistoryAt;
use super::past::Past;
use super::state::{self, ImportJob, Page, Work};
use super::{App, Command, Turn, imports, proof};
use crate::access::Viewer;
use crate::model::{Choice, Instant, UserId};
use crate::report::chart::Period;
use crate::view;
use crate::worker::Task;

impl App {
    /// One of the two mutators.
    pub fn handle(&mut self, command: Command) {
        match command {
            Command::ShowPage(page) => self.show_page(page),
            Command::ChooseDumps => self.choose(Wanted::Dumps),
            Command::ChooseFile => self.choose(Wanted::File),
            Command::OpenPaths(paths) => self.open_paths(paths),
            Command::OpenRecent(path) => self.open_recent(path),
            Command::CloseFile => self.close_file(),
            Command::OpenSample => self.open_sample(),
            Command::ImportInto { file, dumps } => self.import_into(file, dumps),
            Command::Check(command) => self.handle_check(command),
            Command::Batch(command) => self.handle_batch(command),
            Command::CloseQuestion => self.state.question = None,
            Command::ShowBatch(number) => self.show_batch(number),
            Command::CancelImport(id) => self.cancel_import(id),
            Command::DismissImport(id) => self.state.jobs.retain(|it| it.id != id || it.report.is_none()),
            Command::DismissNotice(id) => self.state.notices.retain(|it| it.id != id),
            Command::DismissOpenError => self.state.open_error = None,
            Command::ViewAs(viewer) => self.view_as(viewer),
            Command::ShowProof(shown) => {
                self.state.proof = shown.then(state::Slot::default);
                self.prove();
            }
            Command::OnlyMine(only_mine) => {
                self.look.only_mine = only_mine;
                self.forget_focus();
                self.look.history = HistoryAt::First;
                self.look_again();
            }
            Command::Focus(focus) => self.focus(focus),
            Command::SetRange(range) => self.set_period(Period { range, steps: 0, ..self.state.period }),
            Command::Step(steps) => {
                self.state.period.steps = (self.state.period.steps + steps).min(0);
                self.look_again();
            }
            Command::SetAsOf(as_of) => {
                self.settings.as_of = as_of;
                self.set_period(Period { as_of, ..self.state.period });
            }
            Command::SetCompare(compare) => {
                self.settings.compare = compare;
                self.set_period(Period { compare, ..self.state.period });
            }
            Command::SetZone(zone) => {
                self.settings.zone = Some(zone.name().to_owned());
                self.look.calendar.zone = zone;
                self.look_again();
            }
            Command::SetWeekStart(day) => {
                self.settings.set_week_start(day);
                self.look.calendar.week_start = day;
                self.look_again();
            }
            Command::SetTheme(theme) => {
                self.settings.theme = theme;
                self.state.theme = theme;
            }
            Command::List(listing) => self.list(listing),
            Command::ShowRows { window, mut filter } => {
                if let Some(focus) = self.look.focus.filter(|_| filter.users.is_empty()) {
                    filter.users = Choice::only(focus);
                }
                self.state.page = Page::History;
                self.list(view::Listing { window, filter, ..view::Listing::default() });
            }
            Command::TurnHistory(turn) => self.turn_history(turn),
            Command::SavePicture { chart, hidden, dark } => self.save_picture(chart, hidden, dark),
            Command::SaveLeftOut { batch, outcome, filter } => self.save_left_out(batch, outcome, filter),
            Command::GoBack => self.travel(Past::back),
            Command::GoForward => self.travel(Past::forward),
        }
    }

    /// Asks for the page that is shown, as it is wanted now.
    pub(super) fn look_again(&mut self) {
        self.look.page = self.state.page;
        self.look.period = self.state.period;
        self.look.listing = self.state.listing.clone();
        self.state.calendar = self.look.calendar.clone();
        let Some(store) = self.store.clone() else { return };
        match self.state.page {
            Page::Overview => self.state.overview.pending = true,
            Page::History => self.state.history.pending = true,
            Page::Ranking => self.state.ranking.pending = true,
            Page::Data => self.state.imports.pending = true,
        }
        let (look, known, clock) = (self.look.clone(), self.known.clone(), Instant::now());
        self.answers
            .ask(Slot::Look, move |task| Event::Looked(look.run(&store, known, clock, task.cancel())));
        self.prove();
    }

    /// Asks for the proof of what is looked at, where it is open.
    fn prove(&mut self) {
        let (Some(slot), Some(store)) = (&mut self.state.proof, self.store.clone()) else { return };
        slot.pending = true;
        let (look, clock) = (self.look.clone(), Instant::now());
        let prove = move |task: &Task<Slot, Event>| {
            Event::Proved(Box::new(proof::proof(&look, &store, clock, task.cancel())))
        };
        self.answers.ask(Slot::Proof, prove);
    }

    /// Asks for what does not depend on the viewer: the operator's lists.
    pub(super) fn ask_operator(&mut self) {
        let Some(store) = self.store.clone() else { return };
        self.state.people.pending = true;
        self.answers.ask(Slot::People, move |_| Event::People(jobs::people(&store)));
    }

    fn view_as(&mut self, viewer: Viewer) {
        // A proof is of one viewer.
        self.state.proof = None;
        if let (Some(file), Some(user)) = (&self.state.file, viewer.id()) {
            self.settings.remember_viewer(&file.path, user);
            self.state.recent_viewers = self.settings.viewers_of(&file.path);
        }
        self.look.viewer = viewer;
        self.look.only_mine = false;
        self.forget_focus();
        self.look.history = HistoryAt::First;
        self.look_again();
    }

    /// The history begins with the rows of the user who is looked at.
    fn show_page(&mut self, page: Page) {
        if let Some(focus) = self.look.focus.filter(|_| page == Page::History && self.state.page != page) {
            self.state.listing.filter.users = Choice::only(focus);
            self.look.history = HistoryAt::First;
        }
        self.state.page = page;
        self.look_again();
    }

    fn focus(&mut self, focus: Option<UserId>) {
        self.forget_focus();
        self.look.focus = focus;
        if focus.is_some() {
            self.look.only_mine = false;
            self.state.page = Page::Overview;
        }
        self.look_again();
    }

    /// The history was filtered by that user only because of it.
    fn forget_focus(&mut self) {
        let users = &mut self.state.listing.filter.users;
        if let Some(focus) = self.look.focus.take()
            && *users == Choice::only(focus)
        {
            *users = Choice::default();
            self.look.history = HistoryAt::First;
        }
    }

    fn set_period(&mut self, period: Period) {
        self.state.period = period;
        self.look_again();
    }

    fn list(&mut self, listing: view::Listing) {
        self.state.listing = listing;
        self.look.history = HistoryAt::First;
        self.look_again();
    }

    fn turn_history(&mut self, turn: Turn) {
        self.look.history = match (turn, self.history_ends) {
            (Turn::Back, Some((first, _))) => HistoryAt::Before(first),
            (Turn::Next, Some((_, last))) => HistoryAt::After(last),
            (Turn::Last, _) => HistoryAt::Last,
            (Turn::To(day), _) => HistoryAt::Day(day),
            (Turn::First, _) | (Turn::Back | Turn::Next, None) => HistoryAt::First,
        };
        self.look_again();
    }

    pub(super) fn choose(&mut self, wanted: Wanted) {
        if self.state.dialog_open {
            return;
        }
        self.state.dialog_open = true;
        let (sender, wake) = (self.picked.0.clone(), Arc::clone(&self.wake));
        let reply = move |picked| {
            // Fails only when the window is gone.
            sender.send(picked).ok();
            wake();
        };
        self.dialogs.choose(wanted, Box::new(reply));
    }

    fn open_paths(&mut self, paths: Vec<PathBuf>) {
        let has_file = self.store.is_some();
        self.open(move || jobs::open(paths, has_file));
    }

    fn open_sample(&mut self) {
        self.state.opening = true;
        self.answers.ask(Slot::Open, |task| Event::Opened(jobs::open_sample(task.cancel())));
    }

    pub(super) fn open(&mut self, work: impl FnOnce() -> Result<jobs::Opened, String> + Send + 'static) {
        self.state.opening = true;
        self.answers.ask(Slot::Open, move |_| Event::Opened(work()));
    }

    /// Imports into the open file what was checked, one dump after the other.
    pub(super) fn import(&mut self, checked: Vec<Checked>) {
        let Some(store) = self.store.clone() else { return };
        self.to_overview |= self.state.file.as_ref().is_some_and(|it| it.n_rows == 0);
        for checked in checked {
            let id = self.begin_work(Work::Import, checked.report.path.clone());
            let store = store.clone();
            self.imports.ask(id, move |task| imports::run(&store, &checked, task));
        }
    }

    /// Shows that there is work to be done with a dump or its import.
    pub(super) fn begin_work(&mut self, work: Work, path: PathBuf) -> u64 {
        let id = self.new_id();
        self.import_starts.insert(id, Clock::now());
        self.show_work(id, work, path);
        id
    }

    pub(super) fn show_work(&mut self, id: u64, work: Work, path: PathBuf) {
        let progress = view::ImportProgress::default();
        self.state.jobs.push(ImportJob { id, work, path, progress, report: None });
    }

    /// An import that has begun says itself that it was cancelled; one that waits is just dropped.
    fn cancel_import(&mut self, id: u64) {
        self.imports.stop(id);
        if !self.imports.is_busy(id) {
            self.import_starts.remove(&id);
            self.state.jobs.retain(|it| it.id != id || it.report.is_some());
            self.settle_imports();
        }
    }
}
