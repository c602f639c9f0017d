use std::collections::BTreeMap;

use super::ServiceError;
use super::import::import_if;
use crate::engine::Cancelled;
use crate::import::{FileError, FileReport, Options, Progress};
use crate::model::{Cancel, CreditSum};
use crate::store::{Batch, ConflictChoice, KeptConflict, Removal, RowProgress, Store, Taking};

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

/// What [`take_newer`] would do with all conflicts of a batch, for the question whether it shall be done.
/// Of several versions of a row the last counts, as it is the one that stays.
pub fn taking(store: &Store, batch: i64, cancel: &Cancel) -> Result<Taking, ServiceError> {
    let mut taking = Taking::default();
    let mut gains = BTreeMap::new();
    store.operator()?.each_conflict::<ServiceError>(Some(batch), &mut |it| {
        if cancel.is_cancelled() {
            return Err(Cancelled.into());
        }
        match it {
            KeptConflict { taken: Some(_), .. } => taking.taken_before += 1,
            KeptConflict { newcomer: Some(newer), kept, .. } => {
                let kept = kept.map_or(CreditSum::ZERO, |it| it.credits.into());
                gains.insert(newer.id, CreditSum::from(newer.credits) - kept);
            }
            KeptConflict { .. } => taking.not_kept += 1,
        }
        Ok(())
    })?;
    (taking.taken, taking.difference) = (gains.len() as u64, gains.values().copied().sum());
    Ok(taking)
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
/// remembered, and only if the file still has the hash it had. It becomes a batch of its own. How values
/// were read that the file leaves open is not remembered; the options say it again.
pub fn import_again(
    store: &Store,
    batch: &Batch,
    options: &Options,
    cancel: &Cancel,
    on_progress: &mut dyn FnMut(Progress),
) -> FileReport {
    let is_other = |report: &FileReport| {
        let message = format!(
            "this is not the file that was imported as batch {}: import it as a new one",
            batch.number
        );
        (report.sha256 != batch.sha256).then(|| FileError::new(message))
    };
    import_if(store, &batch.path, options, &is_other, cancel, on_progress)
}

/// Who is logged in, as the system says it to programs.
fn machine_user() -> String {
    let names = ["USER", "LOGNAME", "USERNAME"].iter().filter_map(|it| std::env::var(it).ok());
    names.into_iter().find(|it| !it.is_empty()).unwrap_or_else(|| "unknown".to_owned())
}
