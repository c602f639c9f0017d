//! Owns the state of the window; `handle(Command)` and `on_event` are its only mutators.
//!
//! One frame: `logic` fetches what the workers have answered and runs the commands of the frame
//! before, then `ui` draws. What is asked of the file goes to a [`Desk`] and comes back as an
//! `Event`; the picture before stays until then.
//!
//! Whose rows are drawn is never in doubt: the name on the chip and the page under it come from one
//! answer, and a change of viewer drops the pages that were drawn for another.

mod answers;
mod batches;
mod checks;
mod command;
pub mod dialogs;
mod events;
mod files;
mod handle;
mod imports;
mod indexing;
mod jobs;
mod look;
mod mappings;
mod past;
mod pictures;
mod proof;
mod replies;
mod saves;
mod screenshot;
mod settings;
pub mod state;
mod window;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Instant as Clock;

pub use answers::FileAnswers;
pub use command::{BatchCommand, CheckCommand, Command, Turn};
pub use settings::Settings;
pub use state::State;
pub use window::{Launch, run};

use self::batches::BatchEvent;
use self::checks::{Checking, Found};
use self::dialogs::{Dialogs, Picked};
use self::imports::Tally;
use self::jobs::{Counted, Event, Slot};
use self::look::Look;
use self::past::Past;
use self::saves::Saving;
use self::screenshot::Screenshot;
use crate::import::{FileReport, Progress};
use crate::model::{Calendar, Cursor, Zone};
use crate::service::Answers;
use crate::store::{IndexProgress, RowProgress, Store, StoreError};
use crate::ui;
use crate::worker::{Answer, Desk};

/// The window's application.
pub struct App {
    state: State,
    drafts: ui::Drafts,
    commands: Vec<Command>,
    /// As the window has it. Each command to set it draws a frame.
    title: String,
    settings: Settings,
    store: Option<Store>,
    /// The figures of earlier looks.
    known: Answers,
    /// What is asked for; the state shows what has been answered.
    look: Look,
    answers: Desk<Slot, Event>,
    /// One at a time, in the order they were asked for.
    imports: Desk<u64, ImportEvent>,
    checking: Option<Checking>,
    /// The state of the file that is shown.
    counted: Option<Counted>,
    /// The first and the last row of the page of history that is shown.
    history_ends: Option<(Cursor, Cursor)>,
    /// The views that were settled on, for going back.
    past: Past,
    notice_ends: Vec<(u64, Clock)>,
    /// When imports were begun that are not done.
    import_starts: BTreeMap<u64, Clock>,
    tally: Tally,
    /// A first import ends on the charts.
    to_overview: bool,
    next_id: u64,
    dialogs: Box<dyn Dialogs>,
    /// What the open dialog asks a file for.
    saving: Option<Saving>,
    picked: (SyncSender<Picked>, Receiver<Picked>),
    wake: Wake,
    screenshot: Option<Screenshot>,
}

/// One watches the file; two answer, so that a list of people does not hold up a chart.
const ANSWER_THREADS: usize = 3;

type Wake = Arc<dyn Fn() + Send + Sync>;

/// What an import, a check or the change of a batch says on its way.
enum ImportEvent {
    Progress(Progress),
    Done(Box<FileReport>),
    /// Of the check of several dumps: the place of the one that is read.
    Checking(usize, Progress),
    /// What all of them would do.
    Checked(Vec<Found>),
    /// Of a batch that is changed.
    Rows(RowProgress),
    Batch(Box<BatchEvent>),
    /// Of which file.
    Indexing(PathBuf, IndexProgress),
    /// All indexes are there, or why not.
    Indexed(Result<(), StoreError>),
}

impl App {
    /// Sets the look of `ctx` and opens what the launch names.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn new(
        ctx: &egui::Context,
        storage: Option<&dyn eframe::Storage>,
        dialogs: Box<dyn Dialogs>,
        launch: Launch,
    ) -> std::io::Result<Self> {
        ui::theme::install(ctx);
        let wake: Wake = {
            let ctx = ctx.clone();
            Arc::new(move || ctx.request_repaint())
        };
        let stored = storage.filter(|_| launch.screenshot.is_none());
        let settings: Settings =
            stored.and_then(|it| eframe::get_value(it, settings::KEY)).unwrap_or_default();
        let waker = || {
            let wake = Arc::clone(&wake);
            move || wake()
        };
        let mut app = Self {
            state: State::default(),
            drafts: ui::Drafts::default(),
            commands: Vec::new(),
            title: String::new(),
            store: None,
            known: Answers::default(),
            look: Look::default(),
            answers: Desk::new("answers", ANSWER_THREADS, waker())?,
            imports: Desk::new("import", 1, waker())?,
            checking: None,
            counted: None,
            history_ends: None,
            past: Past::default(),
            notice_ends: Vec::new(),
            import_starts: BTreeMap::new(),
            tally: Tally::default(),
            to_overview: false,
            next_id: 0,
            dialogs,
            saving: None,
            picked: sync_channel(1),
            screenshot: launch.screenshot.map(Screenshot::new),
            wake,
            settings,
        };
        app.restore();
        let last = app.settings.recent.first().filter(|it| it.exists()).cloned();
        let paths = if launch.paths.is_empty() { last.into_iter().collect() } else { launch.paths };
        if !paths.is_empty() {
            app.handle(Command::OpenPaths(paths));
        }
        Ok(app)
    }

    pub fn state(&self) -> &State {
        &self.state
    }

    fn restore(&mut self) {
        let zone = self.settings.zone.as_deref().and_then(|it| Zone::named(it).ok());
        let calendar =
            Calendar { zone: zone.unwrap_or_else(Zone::utc), week_start: self.settings.week_start() };
        self.look.calendar = calendar.clone();
        self.state.calendar = calendar;
        self.state.theme = self.settings.theme;
        self.state.period.as_of = self.settings.as_of;
        self.state.period.compare = self.settings.compare;
        self.state.recent = self.settings.recent.clone();
    }

    /// Fetches what is there; never waits.
    fn fetch(&mut self) {
        while let Some((slot, answer)) = self.answers.fetch() {
            match answer {
                Answer::Done(event) | Answer::Progress(event) => self.on_event(event),
                Answer::Broken => self.on_broken(slot),
            }
        }
        while let Some((id, answer)) = self.imports.fetch() {
            match answer {
                Answer::Done(event) | Answer::Progress(event) => self.on_import(id, event),
                Answer::Broken => self.on_import_broken(id),
            }
        }
        while let Ok(picked) = self.picked.1.try_recv() {
            self.on_picked(picked);
        }
    }

    fn new_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.fetch();
        for command in std::mem::take(&mut self.commands) {
            self.handle(command);
        }
        if let Some(wait) = self.expire_notices() {
            ctx.request_repaint_after(wait);
        }
        let title = self.state.title();
        if title != self.title {
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(title.clone()));
            self.title = title;
        }
        if let Some(screenshot) = &mut self.screenshot {
            screenshot.on_frame(ctx, &self.state);
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        ui::root(ui, &self.state, &mut self.drafts, &mut self.commands);
        if !self.commands.is_empty() {
            ui.ctx().request_repaint();
        }
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        eframe::set_value(storage, settings::KEY, &self.settings);
    }

    /// Scroll places and the like are not worth remembering; the settings are.
    fn persist_egui_memory(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests;
