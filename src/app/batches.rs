//! Imports that the file remembers: taken back after a question, or checked once more.

use std::collections::BTreeSet;
use std::path::{PathBuf, absolute};

use super::jobs::Opened;
use super::state::{NoticeKind, Question, Work};
use super::{App, BatchCommand, Command, ImportEvent};
use crate::model::{Cancel, CreditSum, RowId};
use crate::service::{self, ServiceError};
use crate::store::{ConflictChoice, OfBatch, Removal, Store, Taking};
use crate::view::Takable;
use crate::view::number::{count, counted, exact, signed};
use crate::worker::Task;

/// What became of a batch, in a file that may be closed by now.
pub(super) struct BatchEvent {
    file: PathBuf,
    outcome: Outcome,
}

pub(super) enum Outcome {
    /// What a removal would do.
    Looked(Result<Removal, ServiceError>),
    Removed(Result<Removal, ServiceError>),
    /// What the taking of all newer versions of a batch would do.
    Weighed(i64, Result<Taking, ServiceError>),
    Taken(Result<Taking, ServiceError>),
}

impl App {
    pub(super) fn handle_batch(&mut self, command: BatchCommand) {
        match command {
            BatchCommand::AskRemoval(number) => self.look_at(number, move |store, cancel| {
                Outcome::Looked(service::removal(store, number, cancel))
            }),
            BatchCommand::Remove(number) => {
                self.state.question = None;
                self.work_on(number, Work::Removal, move |store, task| {
                    let mut on_progress = |progress| task.progress(ImportEvent::Rows(progress));
                    Outcome::Removed(service::remove_batch(store, number, task.cancel(), &mut on_progress))
                });
            }
            BatchCommand::ImportAgain(number) => {
                let Some(store) = self.store.clone() else { return };
                self.open(move || again(&store, number));
            }
            BatchCommand::AskTaking { batch, ids } => {
                self.state.question = self.ask_taking(batch, &ids).or(self.state.question.take());
            }
            BatchCommand::AskTakingAll(batch) => self.look_at(batch, move |store, cancel| {
                Outcome::Weighed(batch, service::taking(store, batch, cancel))
            }),
            BatchCommand::Take { batch, ids } => self.take(batch, ids),
        }
    }

    /// One question at a time.
    fn look_at(&mut self, batch: i64, look: impl FnOnce(&Store, &Cancel) -> Outcome + Send + 'static) {
        if self.state.jobs.iter().all(|it| it.work != Work::Look) {
            self.work_on(batch, Work::Look, move |store, task| look(store, task.cancel()));
        }
    }

    fn take(&mut self, batch: i64, ids: Option<BTreeSet<RowId>>) {
        self.state.question = None;
        let choice = ConflictChoice { batch: Some(batch), ids };
        self.work_on(batch, Work::Taking, move |store, task| {
            let mut on_progress = |progress| task.progress(ImportEvent::Rows(progress));
            Outcome::Taken(service::take_newer(store, &choice, task.cancel(), &mut on_progress))
        });
    }

    /// Behind the imports that are under way, one after the other.
    fn work_on(
        &mut self,
        number: i64,
        work: Work,
        run: impl FnOnce(&Store, &Task<u64, ImportEvent>) -> Outcome + Send + 'static,
    ) {
        let Some(store) = self.store.clone() else { return };
        let id = self.begin_work(work, PathBuf::from(self.batch_file(number)));
        self.imports.ask(id, move |task| {
            let outcome = run(&store, task);
            ImportEvent::Batch(Box::new(BatchEvent { file: store.path().to_owned(), outcome }))
        });
    }

    pub(super) fn on_batch(&mut self, event: BatchEvent) {
        let is_open = self.store.as_ref().is_some_and(|it| it.path() == event.file);
        match event.outcome {
            Outcome::Looked(Ok(removal)) if is_open => self.state.question = Some(self.ask(&removal)),
            Outcome::Weighed(batch, Ok(taking)) if is_open => {
                self.state.question = Some(self.ask_taking_all(batch, &taking));
            }
            Outcome::Looked(Ok(_) | Err(ServiceError::Cancelled(_)))
            | Outcome::Weighed(_, Ok(_) | Err(ServiceError::Cancelled(_))) => (),
            Outcome::Removed(Ok(removal)) => self.on_removed(&removal, is_open),
            Outcome::Removed(Err(ServiceError::Cancelled(_))) => {
                self.notify(NoticeKind::Warning, "Cancelled: nothing was removed".to_owned());
            }
            Outcome::Taken(Ok(taking)) => self.on_taken(&taking),
            Outcome::Taken(Err(ServiceError::Cancelled(_))) => {
                self.notify(NoticeKind::Warning, "Cancelled: nothing was taken".to_owned());
            }
            Outcome::Looked(Err(err))
            | Outcome::Removed(Err(err))
            | Outcome::Weighed(_, Err(err))
            | Outcome::Taken(Err(err)) => {
                self.notify(NoticeKind::Failed, err.to_string());
            }
        }
    }

    /// It stays chosen, so that it is seen to be removed.
    fn on_removed(&mut self, removal: &Removal, is_open: bool) {
        let file = removal.path.file_name().unwrap_or_default().to_string_lossy();
        let text = format!("Removed {file}: {}", in_rows(removal));
        if !is_open {
            return self.notify(NoticeKind::Done, text);
        }
        // What the import had reported is so no more.
        let is_of_it = |path: &PathBuf| absolute(path).is_ok_and(|it| it == removal.path);
        self.state.jobs.retain(|it| it.report.is_none() || !is_of_it(&it.path));
        self.look.batch = Some(removal.batch);
        self.count_again();
        if is_of_a_file(removal) {
            let again = Command::Batch(BatchCommand::ImportAgain(removal.batch));
            self.notify_with(NoticeKind::Done, text, ("Import again", again));
        } else {
            self.notify(NoticeKind::Done, text);
        }
    }

    fn on_taken(&mut self, taking: &Taking) {
        let Taking { taken, taken_before, not_kept, difference } = *taking;
        let taken = counted(taken, "newer version", "newer versions");
        let mut parts = vec![format!("{taken} taken: {} credits", signed(difference))];
        for (n, what) in [(taken_before, "taken before"), (not_kept, "cannot be taken")] {
            if n > 0 {
                parts.push(format!("{} {what}", count(n)));
            }
        }
        let kind = if not_kept > 0 { NoticeKind::Warning } else { NoticeKind::Done };
        self.notify(kind, parts.join(", "));
        self.count_again();
        self.look_again();
    }

    /// Says how many rows change, and what that means to credits.
    fn ask_taking(&self, batch: i64, ids: &BTreeSet<RowId>) -> Option<Question> {
        let imports = self.state.imports.value.as_ref()?;
        let left_out = imports.left_out.as_ref().filter(|it| it.batch == batch)?;
        let Takable { ids, difference } = left_out.conflicts.takable(ids);
        if ids.is_empty() {
            return None;
        }
        let n_rows = ids.len() as u64;
        Some(taking_question(
            n_rows,
            difference,
            &left_out.file,
            BatchCommand::Take { batch, ids: Some(ids) },
        ))
    }

    /// The same of all rows in conflict, listed or not.
    fn ask_taking_all(&self, batch: i64, taking: &Taking) -> Question {
        let file = self.batch_file(batch);
        let take = BatchCommand::Take { batch, ids: None };
        let mut question = taking_question(taking.taken, taking.difference, &file, take);
        if taking.not_kept > 0 {
            let rows = counted(taking.not_kept, "row", "rows");
            let why = "cannot be taken, as no more was kept than a piece of text";
            question.text = format!("{}\n{rows} {why}", question.text);
        }
        question
    }

    /// Says all that goes, comes back or cannot come back.
    fn ask(&self, removal: &Removal) -> Question {
        let number = removal.batch;
        let mut lines = vec![format!("{} go, with what this import did not take", in_rows(removal))];
        for OfBatch { batch, rows } in &removal.repeated {
            let file = self.batch_file(*batch);
            lines.push(format!(
                "Of these rows {file} repeated {}: they go too",
                counted(*rows, "row", "rows")
            ));
        }
        for OfBatch { batch, rows } in &removal.contradicted {
            let (file, rows) = (self.batch_file(*batch), counted(*rows, "row", "rows"));
            lines.push(format!("Of these rows {file} has {rows} in another version: neither stays"));
        }
        lines.extend(restored(removal));
        lines.push(if is_of_a_file(removal) {
            "To have it back, import its file again: its path and hash stay remembered".to_owned()
        } else {
            "These rows were made here, from no file: they cannot be imported again".to_owned()
        });
        Question {
            title: format!("Remove {}?", self.batch_file(number)),
            text: lines.join("\n"),
            answers: vec![
                (
                    format!("Remove {}", counted(removal.rows, "row", "rows")),
                    Command::Batch(BatchCommand::Remove(number)),
                ),
                ("Cancel".to_owned(), Command::CloseQuestion),
            ],
        }
    }

    /// The name of its file, as the page has it.
    fn batch_file(&self, number: i64) -> String {
        let batches = self.state.imports.value.iter().flat_map(|it| &it.batches);
        let file = batches.filter(|it| it.number == number).map(|it| it.file.clone()).next();
        file.unwrap_or_else(|| format!("import {number}"))
    }
}

fn taking_question(n_rows: u64, difference: CreditSum, file: &str, take: BatchCommand) -> Question {
    let lines = [
        format!("All credits together change by {}", signed(difference)),
        format!("What is there now stays remembered: to remove {file} puts it back"),
        "The time and who is logged in here are recorded with each row".to_owned(),
    ];
    Question {
        title: format!("Take the newer version of {}?", counted(n_rows, "row", "rows")),
        text: lines.join("\n"),
        answers: vec![
            (format!("Take {}", counted(n_rows, "newer version", "newer versions")), Command::Batch(take)),
            ("Cancel".to_owned(), Command::CloseQuestion),
        ],
    }
}

/// `6,761 rows with 19,704.05 credits`.
fn in_rows(removal: &Removal) -> String {
    format!("{} with {} credits", counted(removal.rows, "row", "rows"), exact(removal.credits))
}

/// Rows that were made here, as the demo's, are of no file.
fn is_of_a_file(removal: &Removal) -> bool {
    !removal.sha256.is_empty()
}

/// What else a removal changes.
fn restored(removal: &Removal) -> Vec<String> {
    let mut lines = Vec::new();
    if removal.changed_back > 0 {
        let rows = counted(removal.changed_back, "row", "rows");
        lines.push(format!("{rows} of other imports become again what they were before"));
    }
    for (one, many, back) in [("name", "names", removal.names), ("role set", "role sets", removal.roles)] {
        if back.removed > 0 {
            lines.push(format!("{} of users go", counted(back.removed, one, many)));
        }
        if back.restored > 0 {
            let back = counted(back.restored, one, many);
            lines.push(format!("{back} of users become again what they were before"));
        }
    }
    if removal.forgotten > 0 {
        lines.push(format!(
            "{} cannot be restored, as an older creditscope kept no former values: names and roles go, rows \
             keep the digits they have",
            counted(removal.forgotten, "replaced value", "replaced values")
        ));
    }
    lines
}

/// The dump of a batch, if it is where it was; runs on a worker.
fn again(store: &Store, number: i64) -> Result<Opened, String> {
    let known = || {
        let operator = store.operator()?;
        let batches = operator.batches()?.into_iter().chain(operator.removed_batches()?);
        Ok::<_, crate::store::StoreError>(batches.into_iter().find(|it| it.number == number))
    };
    let batch = known().map_err(|err| err.to_string())?.ok_or("this import is not remembered any more")?;
    if batch.path.try_exists().is_ok_and(|it| !it) {
        return Err(format!(
            "the file is not where it was imported from; drop it here from where it is now: {}",
            batch.path.display()
        ));
    }
    Ok(Opened { again: Some((batch.path, batch.sha256)), ..Opened::default() })
}
