//! What an import hands to a store, and what it hears back.

use std::collections::BTreeSet;

use thiserror::Error;

use super::{Credits, Instant, Record, RowId, UserId};

/// The tables that are read from dumps; all others are left alone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DumpTable {
    UsageLogs,
    Profiles,
    UserRoles,
}

/// Where a row stands in its file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Place {
    /// Data row, from 1.
    pub row: u64,
    /// The line on which the record starts, from 1.
    pub line: u64,
}

/// A valid row of `usage_logs`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LogRow<'a> {
    pub id: RowId,
    pub user_id: UserId,
    pub action: &'a str,
    pub credits: Credits,
    pub metadata: Option<&'a str>,
    pub created_at: Instant,
    pub format: Option<&'a str>,
    pub quality: Option<&'a str>,
}

impl<'a> From<&'a Record> for LogRow<'a> {
    fn from(record: &'a Record) -> Self {
        let Record { id, user_id, action, credits, metadata, created_at, format, quality } = record;
        Self {
            id: *id,
            user_id: *user_id,
            action,
            credits: *credits,
            metadata: metadata.as_deref(),
            created_at: *created_at,
            format: format.as_deref(),
            quality: quality.as_deref(),
        }
    }
}

impl From<LogRow<'_>> for Record {
    fn from(row: LogRow<'_>) -> Self {
        let LogRow { id, user_id, action, credits, metadata, created_at, format, quality } = row;
        Self {
            id,
            user_id,
            action: action.to_owned(),
            credits,
            metadata: metadata.map(str::to_owned),
            created_at,
            format: format.map(str::to_owned),
            quality: quality.map(str::to_owned),
        }
    }
}

/// A row of `profiles`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ProfileRow<'a> {
    pub user_id: UserId,
    pub username: Option<&'a str>,
}

/// A row of `user_roles`. A user without any is listed by a join with the role NULL.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RoleRow<'a> {
    pub user_id: UserId,
    pub role: Option<&'a str>,
}

/// A row that the store had under the same id.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredLog {
    pub record: Record,
    /// Whether the same dump had it before: brought it, or repeated it.
    pub is_of_this_dump: bool,
}

/// Users without a profile among the new rows of `usage_logs`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Nameless {
    pub n_users: u64,
    /// Of these users.
    pub n_rows: u64,
    pub example: Option<UserId>,
}

/// What became of a state that was handed over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Upsert {
    New,
    Same,
    Changed,
}

/// A row that was not taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reject {
    pub place: Place,
    /// The header's text of the column at fault, where there is one.
    pub column: Option<String>,
    pub reason: String,
    /// The record as it stands in the file, cut at 4 KiB.
    pub raw: String,
}

/// A row whose id is known with other content. The first stays.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conflict {
    pub place: Place,
    /// The id of the row, or of the user of a profile.
    pub id: uuid::Uuid,
    /// What differs, in words.
    pub reason: String,
    /// The newcomer as it stands in the file, cut at 4 KiB.
    pub raw: String,
}

/// The store cannot take a row; the import ends and leaves nothing.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct WriteError(pub String);

/// Where an import puts what it has read. Nothing lasts before the store commits.
pub trait Writer {
    /// Adds a row, unless its id is known: then the row that is there comes back, and nothing is
    /// changed. Whether that is a repeat or a conflict is the import's to say.
    fn add_log(&mut self, row: &LogRow<'_>) -> Result<Option<StoredLog>, WriteError>;

    /// Gives a row that is there the credits and the time that a more precise export of it has.
    fn refine_log(&mut self, id: RowId, credits: Credits, created_at: Instant) -> Result<(), WriteError>;

    /// Sets the name of a user. NULL and an empty name are the same: `psql --csv` and Studio write both
    /// alike, and a profile exported twice is no change.
    fn put_profile(&mut self, row: &ProfileRow<'_>) -> Result<Upsert, WriteError>;

    /// Sets all the roles of a user; the ones before come back.
    fn put_roles(&mut self, user: UserId, roles: &BTreeSet<String>) -> Result<BTreeSet<String>, WriteError>;

    /// The users of the rows that were added and have no profile. None where no user at all has one: the
    /// profiles may follow.
    fn nameless(&mut self) -> Result<Nameless, WriteError> {
        Ok(Nameless::default())
    }

    fn keep_reject(&mut self, table: DumpTable, reject: &Reject) -> Result<(), WriteError>;

    /// Of a log row it comes right after the [`Writer::add_log`] that gave back what was there, so that
    /// the store can keep the newcomer as it was understood.
    fn keep_conflict(&mut self, table: DumpTable, conflict: &Conflict) -> Result<(), WriteError>;
}

impl DumpTable {
    pub fn name(self) -> &'static str {
        match self {
            Self::UsageLogs => "usage_logs",
            Self::Profiles => "profiles",
            Self::UserRoles => "user_roles",
        }
    }
}
