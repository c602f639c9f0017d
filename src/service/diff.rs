use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::{ServiceError, import};
use crate::engine::Cancelled;
use crate::import::{FileReport, Options, Progress, Twin, compare};
use crate::model::{Cancel, CreditSum, LogRow, Record, UserId};
use crate::store::{LogsInOrder, RowProgress, Store, StoreError, Usernames};

/// Rows compared between two looks at a cancel.
const LOOK_ROWS: u64 = 1_000;

/// A log row that one of two sides has otherwise than the other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// Only the second side has it.
    New(Record),
    /// Only the first side has it.
    Vanished(Record),
    /// Both have the id, with other content: a log that was changed afterwards.
    Changed {
        before: Record,
        after: Record,
        /// What differs, in words.
        what: String,
    },
}

/// What two sides come to, set against each other.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Diff {
    /// Of users with a change.
    pub users: BTreeMap<UserId, UserDiff>,
    pub new_rows: u64,
    pub vanished_rows: u64,
    pub changed_rows: u64,
    /// The same on both sides.
    pub same_rows: u64,
    /// Of these the ones that one of the sides has with fewer digits, of a time or of credits.
    pub less_precise_rows: u64,
}

/// What the changes mean to one user.
///
/// A row that went from one user to another is a changed row of both.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct UserDiff {
    pub new_rows: u64,
    pub new_credits: CreditSum,
    pub vanished_rows: u64,
    pub vanished_credits: CreditSum,
    pub changed_rows: u64,
    /// What they gained or lost.
    pub changed_credits: CreditSum,
}

/// How far a comparison is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum DiffProgress<'a> {
    /// A dump is taken into a file of its own.
    Reading(&'a Path, Progress),
    /// Rows of both sides.
    Comparing(RowProgress),
}

/// One of two sides: a creditscope file, or a dump, which is read into a file in the folder for temporary
/// files that goes with this value.
#[derive(Debug)]
pub struct Side {
    /// Before the folder, which can go only then.
    store: Store,
    /// What was read of a dump.
    report: Option<FileReport>,
    _folder: Option<Folder>,
}

/// Removed when dropped.
#[derive(Debug)]
struct Folder(PathBuf);

impl Side {
    /// Opens a file, or reads a dump. A dump that cannot be read whole is an error; rows of it that are
    /// rejected are in the report.
    pub fn open(
        path: &Path,
        options: &Options,
        cancel: &Cancel,
        on_progress: &mut dyn FnMut(DiffProgress<'_>),
    ) -> Result<Self, ServiceError> {
        match Store::open(path) {
            Ok(store) => return Ok(Self { store, report: None, _folder: None }),
            Err(StoreError::NotOurs { .. }) => {}
            Err(err) => return Err(err.into()),
        }
        let folder = Folder::new()?;
        let store = Store::create_or_open(&folder.0.join("side.creditscope"))?;
        let mut reading = |progress| on_progress(DiffProgress::Reading(path, progress));
        let report = import(&store, path, options, cancel, &mut reading);
        if cancel.is_cancelled() {
            return Err(Cancelled.into());
        }
        if let Some(err) = &report.error {
            let line = err.line.map(|it| format!(", line {it}")).unwrap_or_default();
            return Err(ServiceError::NotRead(format!("{}{line}: {}", path.display(), err.message)));
        }
        Ok(Self { store, report: Some(report), _folder: Some(folder) })
    }

    /// What was read, if it is a dump.
    pub fn report(&self) -> Option<&FileReport> {
        self.report.as_ref()
    }

    /// The names that it has for users.
    pub fn usernames(&self) -> Result<Usernames, ServiceError> {
        Ok(self.store.operator()?.usernames()?)
    }
}

/// Compares two sides, row by row in the order of the ids, and hands over each change.
///
/// What is the same is what an import calls a repeat: values count, not how they are spelled, and of two
/// times or credits one may have lost digits. Memory does not grow with the rows.
pub fn diff<E: From<ServiceError>>(
    (before, after): (&Side, &Side),
    cancel: &Cancel,
    on_progress: &mut dyn FnMut(DiffProgress<'_>),
    on_change: &mut dyn FnMut(&Change) -> Result<(), E>,
) -> Result<Diff, E> {
    let mut diff = Diff::default();
    let (befores, afters) = (before.rows()?, after.rows()?);
    let rows_total = befores.1 + afters.1;
    let (mut befores, mut afters) = (befores.0, afters.0);
    let (mut old, mut new) = (next(&mut befores)?, next(&mut afters)?);
    for rows in 1.. {
        if rows % LOOK_ROWS == 0 {
            on_progress(DiffProgress::Comparing(RowProgress { rows: diff.rows_seen(), rows_total }));
            if cancel.is_cancelled() {
                return Err(ServiceError::from(Cancelled).into());
            }
        }
        let change = match (old.take(), new.take()) {
            (None, None) => break,
            (Some(before), Some(after)) if before.id == after.id => {
                (old, new) = (next(&mut befores)?, next(&mut afters)?);
                diff.compared(before, after)
            }
            (before, Some(after)) if before.as_ref().is_none_or(|it| after.id < it.id) => {
                (old, new) = (before, next(&mut afters)?);
                Some(Change::New(after))
            }
            (before, after) => {
                (old, new) = (next(&mut befores)?, after);
                before.map(Change::Vanished)
            }
        };
        if let Some(change) = change {
            diff.add(&change);
            on_change(&change)?;
        }
    }
    Ok(diff)
}

fn next(rows: &mut impl Iterator<Item = Result<Record, StoreError>>) -> Result<Option<Record>, ServiceError> {
    Ok(rows.next().transpose()?)
}

impl Side {
    /// In the order of the ids, and how many there are.
    fn rows(&self) -> Result<(LogsInOrder, u64), ServiceError> {
        let rows = self.store.operator()?.logs_in_order()?;
        let n_rows = rows.n_rows()?;
        Ok((rows, n_rows))
    }
}

impl Diff {
    /// Whether the two sides have the same rows.
    pub fn is_empty(&self) -> bool {
        self.users.is_empty()
    }

    /// What all users gained or lost together.
    pub fn effect(&self) -> CreditSum {
        self.users.values().map(UserDiff::effect).sum()
    }

    fn rows_seen(&self) -> u64 {
        self.new_rows + self.vanished_rows + 2 * (self.changed_rows + self.same_rows)
    }

    fn compared(&mut self, before: Record, after: Record) -> Option<Change> {
        match compare(&before, &LogRow::from(&after)) {
            Twin::Same => {}
            Twin::LessPrecise | Twin::MorePrecise { .. } => self.less_precise_rows += 1,
            Twin::Other(what) => {
                // That the id is the same goes without saying here.
                let what = what.trim_start_matches("another row has this id: ").to_owned();
                return Some(Change::Changed { before, after, what });
            }
        }
        self.same_rows += 1;
        None
    }

    fn add(&mut self, change: &Change) {
        match change {
            Change::New(row) => {
                self.new_rows += 1;
                let user = self.user(row);
                user.new_rows += 1;
                user.new_credits += row.credits;
            }
            Change::Vanished(row) => {
                self.vanished_rows += 1;
                let user = self.user(row);
                user.vanished_rows += 1;
                user.vanished_credits += row.credits;
            }
            Change::Changed { before, after, what: _ } => {
                self.changed_rows += 1;
                let user = self.user(before);
                user.changed_rows += 1;
                user.changed_credits += -CreditSum::from(before.credits);
                let user = self.user(after);
                user.changed_rows += u64::from(before.user_id != after.user_id);
                user.changed_credits += after.credits;
            }
        }
    }

    fn user(&mut self, row: &Record) -> &mut UserDiff {
        self.users.entry(row.user_id).or_default()
    }
}

impl UserDiff {
    /// What the user gained or lost in all.
    pub fn effect(&self) -> CreditSum {
        self.new_credits - self.vanished_credits + self.changed_credits
    }
}

impl Change {
    /// What the credits of all rows gain or lose by it.
    pub fn effect(&self) -> CreditSum {
        match self {
            Self::New(row) => row.credits.into(),
            Self::Vanished(row) => -CreditSum::from(row.credits),
            Self::Changed { before, after, what: _ } => {
                CreditSum::from(after.credits) - before.credits.into()
            }
        }
    }
}

impl Folder {
    fn new() -> Result<Self, ServiceError> {
        let path = std::env::temp_dir().join(format!("creditscope-diff-{}", Uuid::new_v4()));
        fs::create_dir(&path).map_err(|source| ServiceError::NoFolder { source, path: path.clone() })?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left there, the system clears away.
        fs::remove_dir_all(&self.0).ok();
    }
}
