use super::ServiceError;
use super::import::import_if;
use crate::import::{FileError, FileReport, Options, Progress};
use crate::model::Cancel;
use crate::store::{Batch, ConflictChoice, Removal, RowProgress, Store, StoreError, Taking};

/// What [`remove_batch`] would take away and put back, for the question whether it shall be done.
/// It reads the batch's rows once.
pub fn removal(store: &Store, batch: i64, cancel: &Cancel) -> Result<Removal, ServiceError> {
    Ok(store.removal(batch, cancel)?)
}

/// Takes an import back: [`Store::remove_batch`] says what of it. For a worker: progress comes every
/// 20,000 rows, and a cancel is noticed at once and leaves the file as it was.
pub fn remove_batch(
    store: &Store,
    batch: i64,
    cancel: &Cancel,
    on_progress: &mut dyn FnMut(RowProgress),
) -> Result<Removal, ServiceError> {
    Ok(store.remove_batch(batch, cancel, on_progress)?)
}

/// Takes the newer version for each conflict that is chosen, in the name of who is logged in to this
/// machine: [`Store::take_newer`] says what is kept of it.
pub fn take_newer(
    store: &Store,
    choice: &ConflictChoice,
    cancel: &Cancel,
    on_progress: &mut dyn FnMut(RowProgress),
) -> Result<Taking, ServiceError> {
    Ok(store.take_newer(choice, &machine_user(), cancel, on_progress)?)
}

/// Imports the file of a batch once more, whether the batch was removed or not: from the path that is
/// remembered, and only if the file still has the hash it had. It becomes a batch of its own.
///
/// An unknown batch is an error; all else is in the report, as [`import()`](super::import()) has it.
pub fn import_again(
    store: &Store,
    batch: i64,
    options: &Options,
    cancel: &Cancel,
    on_progress: &mut dyn FnMut(Progress),
) -> Result<FileReport, ServiceError> {
    let Batch { path, sha256, .. } = known(store, batch)?;
    let check = |report: &FileReport| {
        let has_changed = report.sha256 != sha256;
        let message =
            format!("the file is not the one that was imported as batch {batch}; import it as a new one");
        has_changed.then(|| FileError::new(message))
    };
    Ok(import_if(store, &path, options, &check, cancel, on_progress))
}

fn known(store: &Store, number: i64) -> Result<Batch, ServiceError> {
    let operator = store.operator()?;
    let batches = operator.batches()?.into_iter().chain(operator.removed_batches()?);
    let unknown = || StoreError::UnknownBatch { number, path: store.path().to_owned() };
    Ok(batches.into_iter().find(|it| it.number == number).ok_or_else(unknown)?)
}

/// Who is logged in, as the system says it to programs.
fn machine_user() -> String {
    let names = ["USER", "LOGNAME", "USERNAME"].iter().filter_map(|it| std::env::var(it).ok());
    names.into_iter().find(|it| !it.is_empty()).unwrap_or_else(|| "unknown".to_owned())
}
