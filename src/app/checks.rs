//! Dumps that are checked before they are imported, and what is then done with them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant as Clock;

use super::mappings::Mapped;
use super::state::{self, NoticeKind, Page};
use super::{App, CheckCommand, ImportEvent, imports, jobs};
use crate::import::{
    DateOrder, DecimalMark, Encoding, FileReport, Options, Question, Reply, SavedMapping, Subject,
};
use crate::model::Zone;
use crate::service::{self, Check};
use crate::store::Store;
use crate::view;
use crate::worker::Task;

/// Encodings that are offered for a text that is not UTF-8: those that spreadsheets write.
const ENCODINGS: [&str; 5] = ["windows-1252", "windows-1250", "windows-1251", "shift_jis", "gbk"];

/// The check that is shown.
pub(super) struct Checking {
    id: u64,
    /// The file that is still to be made; `None`: the one that is open.
    into: Option<PathBuf>,
    dumps: Vec<Dump>,
    began: Clock,
}

/// A dump, how it is to be read, and what was found.
pub(super) struct Dump {
    path: PathBuf,
    pub(super) options: Options,
    report: Option<FileReport>,
    /// What is said of a log of another shape.
    pub(super) mapped: Option<Mapped>,
    replies: Vec<Reply>,
    /// The hash it had when it was imported before.
    sha256: Option<String>,
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
            options: Options::default(),
            report: None,
            mapped: None,
            replies: Vec::new(),
            sha256: None,
        }
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
        Some(self.mapped.as_ref()?.form(is_read, &self.options, saved))
    }

    /// Begins the form of a log of another shape; whether there is a mapping to read it by.
    fn begin_mapping(&mut self, saved: &[SavedMapping]) -> bool {
        let error = self.report.as_ref().and_then(|it| it.error.as_ref());
        let Some(shape) = error.and_then(|it| it.other_shape.as_deref()) else { return false };
        let mapped = self.mapped.get_or_insert_with(|| Mapped::new(shape.clone(), saved));
        if self.options.mapping.is_none() {
            self.options.mapping = mapped.mapping().ok();
            return self.options.mapping.is_some();
        }
        false
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
        let mut dumps = self.checking.take().map(|it| it.dumps).unwrap_or_default();
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
        let wanted: Vec<_> = dumps.iter().map(|it| (it.path.clone(), it.options.clone())).collect();
        self.imports.ask(id, move |task| run(store.as_ref(), &wanted, task));
        let file = into.as_deref().or(self.state.file.as_ref().map(|it| it.path.as_path()));
        self.state.check = Some(state::Check {
            into: file.map(file_name).unwrap_or_default(),
            makes_file: into.is_some(),
            dumps: dumps.iter().map(|it| it.waiting(&self.settings.mappings)).collect(),
            commit: None,
            pending: false,
        });
        self.checking = Some(Checking { id, into, dumps, began: Clock::now() });
    }

    pub(super) fn handle_check(&mut self, command: CheckCommand) {
        match command {
            CheckCommand::Commit => self.commit_check(),
            CheckCommand::Cancel => self.stop_check(),
            CheckCommand::LeaveOut(place) => self.leave_out(place),
            CheckCommand::Answer { dump, choice } => self.answer_check(dump, choice),
            CheckCommand::AssumeZone { dump, zone } => self.assume_zone(dump, &zone),
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
                for (dump, report) in checking.dumps.iter_mut().zip(std::mem::take(reports)) {
                    dump.report = Some(report);
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
            shown.mapping = dump.form(saved);
            let question = report.error.as_ref().and_then(|it| it.question.as_ref());
            dump.replies = question.map(|it| replies(it, &calendar.zone)).unwrap_or_default();
            shown.question = question.map(|it| question_view(it, &dump.replies, &dump.options));
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

    /// Says how a dump is to be read, and looks again.
    fn answer_check(&mut self, place: usize, reply: usize) {
        let Some(mut checking) = self.checking.take() else { return };
        if let Some(dump) = checking.dumps.get_mut(place)
            && let Some(reply) = dump.replies.get(reply)
        {
            dump.options = reply.added_to(&dump.options);
        }
        self.check_dumps(checking.dumps, checking.into);
    }

    /// Says the zone of a dump by its name. One that is none is told.
    fn assume_zone(&mut self, place: usize, name: &str) {
        let zone = match Zone::named(name) {
            Ok(zone) => zone,
            Err(err) => return self.notify(NoticeKind::Warning, err.to_string()),
        };
        let Some(mut checking) = self.checking.take() else { return };
        if let Some(dump) = checking.dumps.get_mut(place) {
            dump.options.assume_zone = Some(zone);
        }
        self.check_dumps(checking.dumps, checking.into);
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
        let good = checking.dumps.into_iter().filter(Dump::is_good);
        let good = good.filter_map(|Dump { options, report, .. }| Some(Checked { report: report?, options }));
        let checked: Vec<_> = good.collect();
        match checking.into {
            Some(path) => self.open(move || jobs::create_for(&path, checked)),
            None => self.import(checked),
        }
    }
}

/// Checks dumps one after the other; runs on the worker for imports.
fn run(store: Option<&Store>, dumps: &[(PathBuf, Options)], task: &Task<u64, ImportEvent>) -> ImportEvent {
    let mut check = Check::new(store);
    let reports = dumps.iter().enumerate().map(|(place, (path, options))| match &mut check {
        Ok(check) => check.dump(path, options, task.cancel(), &mut |progress| {
            task.progress(ImportEvent::Checking(place, progress));
        }),
        Err(err) => service::unread(path, 0, err.to_string()),
    });
    ImportEvent::Checked(reports.collect())
}

// ---- questions ----------------------------------------------------------------------------------

/// What may be said to a question.
fn replies(question: &Question, zone: &Zone) -> Vec<Reply> {
    match question.about {
        Subject::Zone => {
            let mut zones = vec![Zone::utc()];
            for zone in [Some(zone.clone()), zone_of_machine()].into_iter().flatten() {
                // `Etc/UTC` is what a server is set to, and no other zone.
                let is_new = zones.iter().all(|it| it.name() != zone.name());
                if is_new && !zone.name().starts_with("Etc/") {
                    zones.push(zone);
                }
            }
            zones.into_iter().map(Reply::Zone).collect()
        }
        Subject::DateOrder => [DateOrder::Dmy, DateOrder::Mdy].map(Reply::DateOrder).to_vec(),
        Subject::DecimalMark => vec![Reply::DecimalMark(DecimalMark::Comma)],
        Subject::Encoding => {
            ENCODINGS.iter().filter_map(|it| Encoding::named(it)).map(Reply::Encoding).collect()
        }
    }
}

fn zone_of_machine() -> Option<Zone> {
    Zone::named(&iana_time_zone::get_timezone().ok()?).ok()
}

fn question_view(question: &Question, replies: &[Reply], options: &Options) -> view::CheckQuestion {
    let title = match question.about {
        Subject::Zone => "In which zone are times that name none?",
        Subject::DateOrder => "Which number is the month?",
        Subject::DecimalMark => "What does the comma in credits part?",
        Subject::Encoding => "The text is not UTF-8. How is it written?",
    };
    let choices = replies.iter().map(|reply| {
        let effects = question.examples.iter().map(|it| reply.effect(it, options));
        view::Choice { label: reply_name(reply), effects: effects.collect() }
    });
    view::CheckQuestion {
        title: title.to_owned(),
        // Of a text that cannot be read there is nothing to show as it is.
        examples: if question.about == Subject::Encoding {
            Vec::new()
        } else {
            question.examples.iter().map(|it| view::Cell::cut(Some(it))).collect()
        },
        choices: choices.collect(),
        takes_zone: question.about == Subject::Zone,
    }
}

fn reply_name(reply: &Reply) -> String {
    match reply {
        Reply::Zone(zone) => zone.name().to_owned(),
        Reply::DateOrder(DateOrder::Dmy) => "Day, month, year".to_owned(),
        Reply::DateOrder(DateOrder::Mdy) => "Month, day, year".to_owned(),
        Reply::DecimalMark(DecimalMark::Comma) => "Decimals".to_owned(),
        Reply::DecimalMark(DecimalMark::Point) => "Thousands".to_owned(),
        Reply::Encoding(encoding) => encoding.name().to_owned(),
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
