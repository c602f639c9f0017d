//! The indexes that a first import leaves for later: made behind the charts.

use std::path::PathBuf;

use super::state::{NoticeKind, Work};
use super::{App, ImportEvent};
use crate::store::{IndexProgress, StoreError};
use crate::view;

impl App {
    /// Makes what is missing, behind the imports that are under way. It is shown once there is something to do.
    pub(super) fn index(&mut self) {
        let Some(store) = self.store.clone() else { return };
        let id = self.new_id();
        self.imports.ask(id, move |task| {
            let mut on_progress =
                |progress| task.progress(ImportEvent::Indexing(store.path().to_owned(), progress));
            ImportEvent::Indexed(store.make_indexes(task.cancel(), &mut on_progress))
        });
    }

    pub(super) fn on_indexing(&mut self, id: u64, path: PathBuf, progress: IndexProgress) {
        if !self.state.jobs.iter().any(|it| it.id == id) {
            self.show_work(id, Work::Indexing, path);
        }
        if let Some(job) = self.state.jobs.iter_mut().find(|it| it.id == id) {
            job.progress = view::ImportProgress::of_indexes(progress.made, progress.all);
        }
    }

    pub(super) fn on_indexed(&mut self, id: u64, result: Result<(), StoreError>) {
        self.end_work(id);
        match result {
            // A file that nobody can write is read as it is.
            Ok(()) | Err(StoreError::ReadOnly { .. }) => (),
            Err(StoreError::Interrupted) => {
                let text = "Indexing was cancelled: lists of rows take longer; it is done when the file is opened again";
                self.notify(NoticeKind::Warning, text.to_owned());
            }
            Err(err) => self.notify(NoticeKind::Warning, format!("Lists of rows take longer: {err}")),
        }
    }
}
