//! Dumps that are checked before they are imported, and what is then done with them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant as Clock;

use super::answers::{FileAnswers, columns_hash, recalled};
use super::dialogs::Wanted;
use super::mappings::Mapped;
use super::replies::{question_view, reading, replies};
use super::state::{self, NoticeKind, Page};
use super::{App, CheckCommand, ImportEvent, imports, jobs};
use crate::import::{FileReport, Mapping, Options, Reply, SavedMapping};
use crate::service::{self, Check};
use crate::store::Store;
use crate::view;
use crate::worker::Task;

/// The check that is shown.
pub(super) struct Checking {
    id: u64,
    /// The file that is still to be made; `None`: the one that is open.
    into: Option<PathBuf>,
    dumps: Vec<Dump>,
    began: Clock,
    /// The dumps that come next take the place of these.
    gives_way: bool,
}

/// A dump, how it is to be read, and what was found.
pub(super) struct Dump {
    path: PathBuf,
    /// What was said of it, here.
    said: Vec<Reply>,
    /// What was said of the last file with the same columns.
    recalled: Vec<Reply>,
    /// Nothing is recalled: it shall be said anew.
    is_asked_anew: bool,
    /// By which it is read, if it is a log of another shape.
    pub(super) mapping: Option<Mapping>,
    /// What is said of a log of another shape.
    pub(super) mapped: Option<Mapped>,
    report: Option<FileReport>,
    /// What may be said to its question.
    replies: Vec<Reply>,
    /// The hash it had when it was imported before.
    sha256: Option<String>,
}

/// What a check found in a dump, and what it recalled to read it.
pub(super) struct Found {
    report: FileReport,
    recalled: Vec<Reply>,
}

/// A dump that was checked and is to be imported as it was then.
#[derive(Clone)]
pub(super) struct Checked {
    pub(super) report: FileReport,
    pub(super) options: Options,
}

impl Checking {
    pub(super) fn dump_mut(&mut self, place: usize) -> Option<&mut Dump> {
        self.dumps.get_mut(place)
    }
}

impl Dump {
    fn new(path: PathBuf) -> Self {
        Self {
            path,
            said: Vec::new(),
            recalled: Vec::new(),
            is_asked_anew: false,
            mapping: None,
            mapped: None,
            report: None,
            replies: Vec::new(),
            sha256: None,
        }
    }

    /// How it is to be read.
    pub(super) fn options(&self) -> Options {
        self.recalled.iter().fold(self.said_options(), |options, it| it.added_to(&options))
    }

    /// The same, as far as it was said of this very dump.
    fn said_options(&self) -> Options {
        let options = Options { mapping: self.mapping.clone(), ..Options::default() };
        self.said.iter().fold(options, |options, it| it.added_to(&options))
    }

    /// As it is shown before it was looked at.
    fn waiting(&self, saved: &[SavedMapping]) -> state::CheckedDump {
        state::CheckedDump { mapping: self.form(saved), ..state::CheckedDump::waiting(&self.path) }
    }

    /// Whether it can be imported as it is.
    fn is_good(&self) -> bool {
        self.report.as_ref().is_some_and(|it| it.error.is_none())
            && self.mapped.as_ref().is_none_or(Mapped::is_said)
    }

    fn form(&self, saved: &[SavedMapping]) -> Option<view::MappingForm> {
        let error = self.report.as_ref().map(|it| it.error.as_ref());
        let is_read = error.is_some_and(|it| it.is_none_or(|it| it.other_shape.is_none()));
        Some(self.mapped.as_ref()?.form(is_read, &self.options(), saved))
    }

    /// Begins the form of a log of another shape; whether there is a mapping to read it by.
    fn begin_mapping(&mut self, saved: &[SavedMapping]) -> bool {
        let error = self.report.as_ref().and_then(|it| it.error.as_ref());
        let Some(shape) = error.and_then(|it| it.other_shape.as_deref()) else { return false };
        let mapped = self.mapped.get_or_insert_with(|| Mapped::new(shape.clone(), saved));
        if self.mapping.is_none() {
            self.mapping = mapped.mapping().ok();
            return self.mapping.is_some();
        }
        false
    }

    /// How it is read, by whose word.
    fn readings(&self) -> Vec<String> {
        let said = self.said.iter().map(|it| format!("{}, as you said", reading(it)));
        let recalled = self.recalled.iter();
        let recalled = recalled.map(|it| format!("{}, as for the last file with these columns", reading(it)));
        said.chain(recalled).collect()
    }

    /// What has to be said of a file that is to be imported again.
    fn note(&self) -> Option<String> {
        let report = self.report.as_ref().filter(|it| !it.sha256.is_empty())?;
        let is_other = self.sha256.as_ref().is_some_and(|it| *it != report.sha256);
        is_other.then(|| {
            "This is not the file that was imported before: its hash is another. A commit would import it \
             as a new one"
                .to_owned()
        })
    }
}

impl App {
    /// Looks at dumps, together with those that are looked at already.
    pub(super) fn check(&mut self, paths: Vec<PathBuf>, into: Option<PathBuf>) {
        self.check_too(paths.into_iter().map(Dump::new), into);
    }

    /// Looks once more at a dump that was imported before.
    pub(super) fn check_again(&mut self, path: PathBuf, sha256: String) {
        self.check_too([Dump { sha256: Some(sha256), ..Dump::new(path) }], None);
    }

    fn check_too(&mut self, more: impl IntoIterator<Item = Dump>, into: Option<PathBuf>) {
        let before = self.checking.take().filter(|it| !it.gives_way);
        let mut dumps = before.map(|it| it.dumps).unwrap_or_default();
        for dump in more {
            if dumps.iter().all(|it| it.path != dump.path) {
                dumps.push(dump);
            }
        }
        self.check_dumps(dumps, into);
        self.handle(super::Command::ShowPage(Page::Data));
    }

    /// Begins anew: what one dump would do depends on those before it.
    fn check_dumps(&mut self, dumps: Vec<Dump>, into: Option<PathBuf>) {
        self.stop_check();
        if dumps.is_empty() {
            return;
        }
        let id = self.new_id();
        let store = self.store.clone().filter(|_| into.is_none());
        let answers = self.settings.answers.as_slice();
        let wanted = dumps.iter().map(|it| {
            let answers = if it.is_asked_anew { Vec::new() } else { answers.to_vec() };
            Asked { path: it.path.clone(), options: it.said_options(), answers }
        });
        let wanted: Vec<_> = wanted.collect();
        self.imports.ask(id, move |task| run(store.as_ref(), &wanted, task));
        let file = into.as_deref().or(self.state.file.as_ref().map(|it| it.path.as_path()));
        self.state.check = Some(state::Check {
            into: file.map(file_name).unwrap_or_default(),
            makes_file: into.is_some(),
            dumps: dumps.iter().map(|it| it.waiting(&self.settings.mappings)).collect(),
            commit: None,
            pending: false,
        });
        self.checking = Some(Checking { id, into, dumps, began: Clock::now(), gives_way: false });
    }

    pub(super) fn handle_check(&mut self, command: CheckCommand) {
        match command {
            CheckCommand::Commit => self.commit_check(),
            CheckCommand::Cancel => self.stop_check(),
            CheckCommand::LeaveOut(place) => self.leave_out(place),
            CheckCommand::Answer { dump, choice } => self.answer_check(dump, choice),
            CheckCommand::AssumeZone { dump, zone } => self.say(dump, Reply::Zone(zone)),
            CheckCommand::AskAgain(place) => self.ask_again(place),
            CheckCommand::ChooseOther => self.choose_other(),
            CheckCommand::Map { dump, edit } => self.map_check(dump, &edit),
        }
    }

    /// Drops what is looked at; nothing was written.
    pub(super) fn stop_check(&mut self) {
        if let Some(checking) = self.checking.take() {
            self.imports.stop(checking.id);
        }
        self.state.check = None;
    }

    /// Whether an event was the check's.
    pub(super) fn on_check(&mut self, id: u64, event: &mut ImportEvent) -> bool {
        let (Some(checking), Some(shown)) = (&mut self.checking, &mut self.state.check) else {
            return matches!(event, ImportEvent::Checking(..) | ImportEvent::Checked(_));
        };
        match event {
            ImportEvent::Checking(place, progress) if checking.id == id => {
                if let Some(dump) = shown.dumps.get_mut(*place) {
                    dump.progress = Some(imports::progress_view(*progress, checking.began));
                }
            }
            ImportEvent::Checked(reports) if checking.id == id => {
                for (dump, found) in checking.dumps.iter_mut().zip(std::mem::take(reports)) {
                    (dump.report, dump.recalled) = (Some(found.report), found.recalled);
                }
                shown.pending = false;
                self.show_checked();
            }
            ImportEvent::Checking(..) | ImportEvent::Checked(_) => (),
            _ => return false,
        }
        true
    }

    pub(super) fn on_check_broken(&mut self, id: u64) -> bool {
        let is_check = self.checking.as_ref().is_some_and(|it| it.id == id);
        if is_check {
            self.stop_check();
            let message = "a mistake of this program stopped the check; the file is as it was";
            self.notify(NoticeKind::Failed, message.to_owned());
        }
        is_check
    }

    /// Looks again; until then what was found before is shown.
    pub(super) fn check_once_more(&mut self) {
        let Some(Checking { id, dumps, into, .. }) = self.checking.take() else { return };
        self.imports.stop(id);
        let before = self.state.check.take();
        self.check_dumps(dumps, into);
        if let (Some(check), Some(before)) = (&mut self.state.check, before) {
            *check = state::Check { pending: true, ..before };
        }
    }

    /// Shows what was found, and begins to read what may be read by a mapping.
    pub(super) fn show_checked(&mut self) {
        let (Some(checking), Some(shown)) = (&mut self.checking, &mut self.state.check) else { return };
        let calendar = &self.look.calendar;
        let saved = self.settings.mappings.as_slice();
        let (mut n_new, mut n_good, mut is_unread) = (0, 0, false);
        for (dump, shown) in checking.dumps.iter_mut().zip(&mut shown.dumps) {
            is_unread |= dump.begin_mapping(saved);
            let Some(report) = &dump.report else { continue };
            shown.progress = None;
            shown.report = Some(Arc::new(imports::report_view(report, calendar)));
            shown.note = dump.note();
            shown.readings = dump.readings();
            shown.mapping = dump.form(saved);
            let question = report.error.as_ref().and_then(|it| it.question.as_ref());
            dump.replies = question.map(|it| replies(it, &calendar.zone)).unwrap_or_default();
            let options = dump.options();
            shown.question = question.map(|it| question_view(it, &dump.replies, &options));
            if dump.is_good() {
                n_good += 1;
                n_new += report.tables.iter().map(|it| it.imported + it.updated).sum::<u64>();
            }
        }
        shown.commit = (n_good > 0).then(|| commit_text(n_new));
        if is_unread {
            self.check_once_more();
        }
    }

    fn answer_check(&mut self, place: usize, reply: usize) {
        let dump = self.checking.as_ref().and_then(|it| it.dumps.get(place));
        if let Some(reply) = dump.and_then(|it| it.replies.get(reply)).cloned() {
            self.say(place, reply);
        }
    }

    /// Says how a dump is to be read, and looks again. It is remembered for files with the same columns,
    /// those that are looked at now among them.
    fn say(&mut self, place: usize, reply: Reply) {
        let Some(mut checking) = self.checking.take() else { return };
        if let Some(dump) = checking.dumps.get_mut(place) {
            if let Some(columns) = dump.report.as_ref().and_then(columns_hash) {
                self.settings.remember_reply(&columns, &reply);
            }
            dump.said.push(reply);
        }
        self.check_dumps(checking.dumps, checking.into);
    }

    /// Forgets how a dump is to be read, so that it is asked.
    fn ask_again(&mut self, place: usize) {
        let Some(mut checking) = self.checking.take() else { return };
        if let Some(dump) = checking.dumps.get_mut(place) {
            dump.said.clear();
            dump.is_asked_anew = true;
        }
        self.check_dumps(checking.dumps, checking.into);
    }

    /// Asks for dumps that are to be looked at in place of these.
    fn choose_other(&mut self) {
        if let (Some(checking), false) = (&mut self.checking, self.state.dialog_open) {
            checking.gives_way = true;
            self.choose(Wanted::Dumps);
        }
    }

    /// No other dumps were chosen.
    pub(super) fn keep_check(&mut self) {
        if let Some(checking) = &mut self.checking {
            checking.gives_way = false;
        }
    }

    /// Looks again without one of the dumps.
    fn leave_out(&mut self, place: usize) {
        let Some(mut checking) = self.checking.take() else { return };
        if place < checking.dumps.len() {
            checking.dumps.remove(place);
        }
        self.check_dumps(checking.dumps, checking.into);
    }

    /// Imports what was checked, but for what failed.
    fn commit_check(&mut self) {
        if self.state.check.as_ref().is_none_or(|it| it.commit.is_none() || it.pending) {
            return;
        }
        let Some(checking) = self.checking.take() else { return };
        self.state.check = None;
        let good = checking.dumps.into_iter().filter(Dump::is_good).filter_map(|dump| {
            let options = dump.options();
            Some(Checked { report: dump.report?, options })
        });
        let checked: Vec<_> = good.collect();
        match checking.into {
            Some(path) => self.open(move || jobs::create_for(&path, checked)),
            None => self.import(checked),
        }
    }
}

/// A dump that is to be looked at.
struct Asked {
    path: PathBuf,
    /// As a person says.
    options: Options,
    /// What was said of others, for what it leaves open.
    answers: Vec<(String, FileAnswers)>,
}

/// Checks dumps one after the other; runs on the worker for imports.
fn run(store: Option<&Store>, dumps: &[Asked], task: &Task<u64, ImportEvent>) -> ImportEvent {
    let mut check = Check::new(store);
    let found = dumps.iter().enumerate().map(|(place, dump)| match &mut check {
        Ok(check) => look_at(check, place, dump, task),
        Err(err) => Found { report: service::unread(&dump.path, 0, err.to_string()), recalled: Vec::new() },
    });
    ImportEvent::Checked(found.collect())
}

/// Looks at a dump, and once more for each answer that is recalled to what it asks.
fn look_at(check: &mut Check, place: usize, dump: &Asked, task: &Task<u64, ImportEvent>) -> Found {
    let (mut options, mut found) = (dump.options.clone(), Vec::new());
    loop {
        let report = check.dump(&dump.path, &options, task.cancel(), &mut |progress| {
            task.progress(ImportEvent::Checking(place, progress));
        });
        // What was said and does not answer it is not said again.
        match recalled(&report, &dump.answers).filter(|it| !found.contains(it)) {
            Some(reply) => {
                options = reply.added_to(&options);
                found.push(reply);
            }
            None => return Found { report, recalled: found },
        }
    }
}

fn commit_text(n_new: u64) -> String {
    match n_new {
        0 => "Commit, with no new rows".to_owned(),
        1 => "Commit 1 new row".to_owned(),
        n_new => format!("Commit {} new rows", view::number::count(n_new)),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
