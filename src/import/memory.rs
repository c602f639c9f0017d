//! A writer that keeps everything in memory, for tests and fuzz targets.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::same;
use crate::model::{
    Conflict, Credits, DumpTable, Instant, LogRow, ProfileRow, Record, Reject, RowId, StoredLog, Upsert,
    UserId, WriteError, Writer,
};

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Memory {
    pub(super) logs: BTreeMap<RowId, Record>,
    pub(super) profiles: BTreeMap<UserId, Option<String>>,
    pub(super) roles: BTreeMap<UserId, BTreeSet<String>>,
    pub(super) rejects: Vec<(DumpTable, Reject)>,
    pub(super) conflicts: Vec<(DumpTable, Conflict)>,
    /// Whether it refuses to take rows.
    pub(super) is_full: bool,
}

impl Writer for Memory {
    fn add_log(&mut self, row: &LogRow<'_>) -> Result<Option<StoredLog>, WriteError> {
        if self.is_full {
            return Err(WriteError("the disk is full: free some space".to_owned()));
        }
        if let Some(old) = self.logs.get(&row.id) {
            return Ok(Some(StoredLog { record: old.clone(), is_of_this_dump: false }));
        }
        self.logs.insert(row.id, (*row).into());
        Ok(None)
    }

    fn refine_log(&mut self, id: RowId, credits: Credits, created_at: Instant) -> Result<(), WriteError> {
        let row = self.logs.get_mut(&id).expect("the row is there");
        (row.credits, row.created_at) = (credits, created_at);
        Ok(())
    }

    fn put_profile(&mut self, row: &ProfileRow<'_>) -> Result<Upsert, WriteError> {
        let name = row.username.map(str::to_owned);
        Ok(match self.profiles.insert(row.user_id, name) {
            None => Upsert::New,
            Some(old) if same::text_eq(old.as_deref(), row.username) => Upsert::Same,
            Some(_) => Upsert::Changed,
        })
    }

    fn put_roles(&mut self, user: UserId, roles: &BTreeSet<String>) -> Result<BTreeSet<String>, WriteError> {
        Ok(self.roles.insert(user, roles.clone()).unwrap_or_default())
    }

    fn keep_reject(&mut self, table: DumpTable, reject: &Reject) -> Result<(), WriteError> {
        self.rejects.push((table, reject.clone()));
        Ok(())
    }

    fn keep_conflict(&mut self, table: DumpTable, conflict: &Conflict) -> Result<(), WriteError> {
        self.conflicts.push((table, conflict.clone()));
        Ok(())
    }
}
