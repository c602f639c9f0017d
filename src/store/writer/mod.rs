//! One file's rows, written in one transaction.

mod check;
mod codes;
mod feed;
mod ids;
mod repeats;
mod summary;

use std::collections::BTreeSet;
use std::path::PathBuf;

use rusqlite::{OptionalExtension as _, Row, params};

pub use self::check::Check;
pub(super) use self::codes::{LogCodes, RowCodes};
use self::repeats::Repeats;
pub use self::summary::{BatchSummary, DumpFile, TableSummary};
use super::former::logs;
use super::former::states::{self, State};
use super::open::Connection;
use super::pages::table::TableBuild;
use super::segments::Change;
use super::transaction::{CACHE_KIB, Transaction};
use super::values::integer;
use super::{Store, StoreError};
use crate::model::{
    Conflict, Credits, DumpTable, Instant, LogRow, Nameless, ProfileRow, Record, Reject, RowId, StoredLog,
    Upsert, UserId, WriteError, Writer,
};

/// Rejects, and conflicts, that are kept; all are counted.
const KEPT_MAX: u32 = 100_000;

/// The indexes are kept while an import adds less than this part of the rows there were. To enter a row takes
/// some 20 µs in a file of millions, to make them anew 2.3 µs for each row there is.
const KEPT_PART: u64 = 16;

/// Memory for pages while rows are only added, in KiB: a page that is full is not looked at again, and the
/// sooner it goes to the disk, the less the commit waits for.
const APPENDING_CACHE_KIB: i64 = 4 * 1024;

/// Bytes of raw text that are kept of a row.
const RAW_MAX: usize = 4 * 1024;

/// Bytes of the metadata of a conflict beyond which the row is not kept as it was understood.
const METADATA_MAX: usize = 64 * 1024;

/// An import under way. Dropped without a commit, it leaves nothing.
#[derive(Debug)]
pub struct ImportBatch {
    change: Transaction,
    file: DumpFile,
    /// Its rows in `raw_imports`, and the `batch` of what it writes.
    number: i64,
    /// There were no rows before.
    is_first: bool,
    /// How many rows there were before, or a few more.
    n_before: u64,
    /// Whether there are indexes beside that of the ids. Those that are not are to be made when the rows are
    /// there, which then takes less time.
    has_indexes: bool,
    /// Whether the ids have their index now. Until they do, only rows of new ids can be written.
    has_id_index: bool,
    /// Where the rows go as long as there is nothing but new ones, in a table that was empty.
    table: Option<TableBuild>,
    codes: LogCodes,
    /// How many rows were added, by the code of their user.
    n_added: Vec<u64>,
    repeats: Repeats,
    /// The last row whose id was known.
    known: Option<Known>,
    n_rejects: u32,
    n_conflicts: u32,
}

/// A row whose id was known.
#[derive(Debug)]
struct Known {
    /// As it came.
    newcomer: Record,
    /// Of the row that was there.
    row: i64,
    batch: i64,
    /// Whether it was counted among the repeats just now.
    is_counted: bool,
}

impl ImportBatch {
    pub(super) fn begin(store: &Store, file: &DumpFile) -> Result<Self, StoreError> {
        let mut change = Transaction::begin(store)?;
        change.rows = Change::none();
        store.at(Self::begin_in(change, file))
    }

    /// In a database of its own, which lasts no longer than this.
    fn scratch() -> Result<Self, StoreError> {
        let file = DumpFile { path: PathBuf::from("a temporary file"), size: 0 };
        Self::begin_in(Transaction::scratch()?, &file).map_err(|err| StoreError::new(err, &file.path))
    }

    fn begin_in(change: Transaction, file: &DumpFile) -> rusqlite::Result<Self> {
        let conn = &change.conn;
        let number = conn.query_row(include_str!("../sql/next_batch.sql"), [], |row| row.get("batch"))?;
        let last_row: Option<i64> =
            conn.query_row("SELECT max(rowid) FROM raw_usage_logs", [], |row| row.get(0))?;
        let is_first = last_row.is_none();
        Ok(Self {
            file: file.clone(),
            number,
            is_first,
            n_before: last_row.and_then(|it| it.try_into().ok()).unwrap_or_default(),
            has_indexes: true,
            has_id_index: true,
            table: None,
            codes: LogCodes::load(conn)?,
            n_added: Vec::new(),
            repeats: Repeats::default(),
            known: None,
            n_rejects: 0,
            n_conflicts: 0,
            change,
        })
    }

    /// Makes it last: all of it, or, on an error, nothing.
    pub fn commit(mut self, summary: &BatchSummary) -> Result<(), StoreError> {
        self.change.at(self.finish(summary))?;
        // The indexes come next, and charts need not wait until all is written once more.
        if self.has_indexes { self.change.commit() } else { self.change.commit_to_log() }
    }

    fn finish(&self, summary: &BatchSummary) -> rusqlite::Result<()> {
        let conn = &self.change.conn;
        let path = self.file.path.to_string_lossy();
        let now = Instant::now();
        for table in &summary.tables {
            let TableSummary { table, format, rows_read, imported, updated, repeats, conflicts, rejected } =
                table;
            let counts = [rows_read, imported, updated, repeats, conflicts, rejected].map(|it| integer(*it));
            let [rows_read, imported, updated, repeats, conflicts, rejected] = counts;
            conn.prepare_cached(include_str!("../sql/add_import.sql"))?.execute(params![
                self.number,
                table.name(),
                path,
                integer(self.file.size),
                summary.sha256,
                now,
                format,
                rows_read,
                imported,
                updated,
                repeats,
                conflicts,
                rejected,
            ])?;
        }
        self.repeats.write(conn, self.number)?;
        conn.execute(include_str!("../sql/trim_rejects.sql"), [KEPT_MAX])?;
        conn.execute(include_str!("../sql/trim_conflicts.sql"), [KEPT_MAX])?;
        Ok(())
    }

    /// Leaves all indexes to be made anew, once so many rows have been added that it takes less time than
    /// to keep them. The ids of all rows must be known without their index.
    fn leave_indexes(&mut self) -> rusqlite::Result<()> {
        let Change::Added(rows) = &self.change.rows else { return Ok(()) };
        let n_added = rows.len() as u64;
        if self.has_indexes && n_added.saturating_mul(KEPT_PART) > self.n_before {
            self.drop_indexes()?;
            self.drop_id_index()?;
        }
        Ok(())
    }

    fn drop_indexes(&mut self) -> rusqlite::Result<()> {
        self.change.conn.execute_batch(include_str!("../sql/drop_indexes.sql"))?;
        self.has_indexes = false;
        Ok(())
    }

    /// Has rows of new ids written without a look at the index of the ids, which is then made later.
    fn drop_id_index(&mut self) -> rusqlite::Result<()> {
        self.change.conn.execute_batch(include_str!("../sql/drop_id_index.sql"))?;
        self.has_id_index = false;
        // Rows are only added at the end of the table, which needs no room in memory.
        self.change.conn.pragma_update(None, "cache_size", -APPENDING_CACHE_KIB)
    }

    /// For whatever finds rows by their ids.
    fn need_id_index(&mut self) -> rusqlite::Result<()> {
        self.finish_table()?;
        if !self.has_id_index {
            self.change.conn.execute_batch(include_str!("../sql/create_id_index.sql"))?;
            self.change.conn.pragma_update(None, "cache_size", -CACHE_KIB)?;
            self.has_id_index = true;
        }
        Ok(())
    }

    /// Has the rows written as pages, not one by one, if they can be.
    fn begin_table(&mut self) -> rusqlite::Result<()> {
        self.table = TableBuild::begin(&self.change.conn, "raw_usage_logs")?;
        if self.table.is_none() {
            self.drop_indexes()?;
            return self.drop_id_index();
        }
        // It has no row that is in the table.
        self.has_id_index = false;
        self.change.conn.pragma_update(None, "cache_size", -APPENDING_CACHE_KIB)
    }

    /// Before the table is looked at.
    ///
    /// What else the rows bring with them is changed only now: a page that goes to the log twice in a
    /// transaction has all of the log behind it read, and its sums made anew, at the end.
    fn finish_table(&mut self) -> rusqlite::Result<()> {
        let Some(table) = self.table.take() else { return Ok(()) };
        if table.is_empty() {
            self.has_id_index = true;
        } else {
            self.drop_indexes()?;
            self.drop_id_index()?;
        }
        table.finish(&self.change.conn)?;
        self.codes.save(&self.change.conn)
    }

    fn write_log(&mut self, row: &LogRow<'_>) -> rusqlite::Result<Option<StoredLog>> {
        if self.is_first && self.has_indexes {
            self.drop_indexes()?;
        }
        self.need_id_index()?;
        let conn = &self.change.conn;
        if let Some(codes) = self.codes.add_log(conn, row, self.number)? {
            self.count_added(row, codes)?;
            return Ok(None);
        }
        let mut statement = conn.prepare_cached(include_str!("../sql/log_by_id.sql"))?;
        let known =
            |row: &Row<'_>| Ok((stored_log(row, self.number)?, row.get("number")?, row.get("batch")?));
        let (mut stored, number, batch) = statement.query_row([row.id], known)?;
        let is_counted = self.repeats.add(number, batch);
        stored.is_of_this_dump |= !is_counted;
        self.known = Some(Known { newcomer: (*row).into(), row: number, batch, is_counted });
        Ok(Some(stored))
    }

    fn count_added(&mut self, row: &LogRow<'_>, codes: RowCodes) -> rusqlite::Result<()> {
        if let Change::Added(rows) = &mut self.change.rows {
            rows.push(row.created_at, codes, row.credits)?;
        }
        let place = usize::try_from(codes.user).unwrap_or_default();
        if self.n_added.len() <= place {
            self.n_added.resize(place + 1, 0);
        }
        self.n_added[place] += 1;
        Ok(())
    }

    /// The users of rows that were added, and how many.
    fn added(&self) -> impl Iterator<Item = (UserId, u64)> {
        self.codes.users().filter_map(|(user, code)| {
            let n_rows = self.n_added.get(usize::try_from(*code).ok()?).copied().filter(|it| *it > 0)?;
            Some((*user, n_rows))
        })
    }

    /// How many rows have the id.
    fn refine(&mut self, id: RowId, credits: Credits, created_at: Instant) -> rusqlite::Result<usize> {
        self.need_id_index()?;
        self.change.rows = Change::Any;
        let conn = &self.change.conn;
        logs::keep_figures(conn, id, self.number)?;
        let mut statement = conn.prepare_cached(include_str!("../sql/refine_log.sql"))?;
        statement.execute(params![id, credits, created_at])
    }

    fn write_conflict(
        &self,
        table: DumpTable,
        conflict: &Conflict,
        newcomer: Option<Record>,
    ) -> rusqlite::Result<()> {
        let Conflict { place, id, reason, raw } = conflict;
        let newcomer = newcomer.filter(|it| it.metadata.as_ref().is_none_or(|it| it.len() <= METADATA_MAX));
        let newcomer = newcomer.as_ref();
        let mut statement = self.change.conn.prepare_cached(include_str!("../sql/add_conflict.sql"))?;
        let added = statement.execute(params![
            self.number,
            table.name(),
            integer(place.row),
            integer(place.line),
            id.as_bytes(),
            reason,
            cut(raw),
            newcomer.map(|it| it.user_id),
            newcomer.map(|it| &it.action),
            newcomer.map(|it| it.credits),
            newcomer.map(|it| it.created_at),
            newcomer.map(|it| &it.format),
            newcomer.map(|it| &it.quality),
            newcomer.map(|it| &it.metadata),
        ]);
        added.map(drop)
    }

    /// The newcomer of a conflict as it was understood. What was there has then not been repeated.
    fn take_known(&mut self, table: DumpTable, id: uuid::Uuid) -> Option<Record> {
        let is_log = table == DumpTable::UsageLogs;
        let known = self.known.take().filter(|it| is_log && it.newcomer.id.0 == id)?;
        if known.is_counted {
            self.repeats.take_back(known.row, known.batch);
        }
        Some(known.newcomer)
    }

    fn write_profile(&self, row: &ProfileRow<'_>) -> rusqlite::Result<Upsert> {
        let conn = &self.change.conn;
        let upsert = match username(conn, row.user_id)? {
            None => Upsert::New,
            Some((name, _)) if name.as_deref() == row.username => return Ok(Upsert::Same),
            Some((name, batch)) => {
                let former = (batch, name.as_deref());
                states::keep(conn, (State::Username, row.user_id), self.number, former)?;
                Upsert::Changed
            }
        };
        let mut statement = conn.prepare_cached(include_str!("../sql/put_profile.sql"))?;
        statement.execute(params![row.user_id, row.username, self.number])?;
        Ok(upsert)
    }

    fn write_roles(&self, user: UserId, roles: &BTreeSet<String>) -> rusqlite::Result<BTreeSet<String>> {
        let conn = &self.change.conn;
        let (before, former_batch) = roles_of(conn, user)?;
        if before == *roles {
            return Ok(before);
        }
        // That a user has no roles may be what a batch has set, too.
        let former_batch =
            former_batch.map_or_else(|| states::last_batch(conn, State::Roles, user), |it| Ok(Some(it)))?;
        if let Some(former_batch) = former_batch {
            let former = (former_batch, Some(states::roles_text(&before)));
            states::keep(conn, (State::Roles, user), self.number, (former.0, former.1.as_deref()))?;
        }
        states::set_roles(conn, user, self.number, roles)?;
        Ok(before)
    }

    /// Whether rows can be written as pages.
    #[cfg(test)]
    pub(super) fn builds_table(&self) -> bool {
        TableBuild::begin(&self.change.conn, "raw_usage_logs").unwrap().is_some()
    }

    /// So that a few rows fill the disk.
    #[cfg(test)]
    pub(super) fn allow_few_pages(&self) {
        self.change.conn.pragma_update(None, "max_page_count", 60).unwrap();
    }

    /// So that a few rows are enough to overflow into the log.
    #[cfg(test)]
    pub(super) fn keep_few_pages_in_memory(&self) {
        self.change.conn.pragma_update(None, "cache_size", 10).unwrap();
    }

    fn failed(&self, err: rusqlite::Error) -> WriteError {
        WriteError(self.change.failed(err).to_string())
    }
}

impl Writer for ImportBatch {
    fn add_log(&mut self, row: &LogRow<'_>) -> Result<Option<StoredLog>, WriteError> {
        self.write_log(row).map_err(|err| self.failed(err))
    }

    fn refine_log(&mut self, id: RowId, credits: Credits, created_at: Instant) -> Result<(), WriteError> {
        self.refine(id, credits, created_at).map(drop).map_err(|err| self.failed(err))
    }

    fn put_profile(&mut self, row: &ProfileRow<'_>) -> Result<Upsert, WriteError> {
        self.write_profile(row).map_err(|err| self.failed(err))
    }

    fn put_roles(&mut self, user: UserId, roles: &BTreeSet<String>) -> Result<BTreeSet<String>, WriteError> {
        self.write_roles(user, roles).map_err(|err| self.failed(err))
    }

    fn nameless(&mut self) -> Result<Nameless, WriteError> {
        let conn = &self.change.conn;
        let has_profiles = |conn: &Connection| conn.prepare("SELECT 1 FROM raw_profiles")?.exists([]);
        if !has_profiles(conn).map_err(|err| self.failed(err))? {
            return Ok(Nameless::default());
        }
        nameless(self.added(), |user| username(conn, user).map(|it| it.is_some()))
            .map_err(|err| self.failed(err))
    }

    fn keep_reject(&mut self, table: DumpTable, reject: &Reject) -> Result<(), WriteError> {
        if self.n_rejects == KEPT_MAX {
            return Ok(());
        }
        self.n_rejects += 1;
        let Reject { place, column, reason, raw } = reject;
        let (row, line) = (integer(place.row), integer(place.line));
        let values = params![self.number, table.name(), row, line, column, reason, cut(raw)];
        let added = self
            .change
            .conn
            .prepare_cached(include_str!("../sql/add_reject.sql"))
            .and_then(|mut it| it.execute(values));
        added.map(drop).map_err(|err| self.failed(err))
    }

    fn keep_conflict(&mut self, table: DumpTable, conflict: &Conflict) -> Result<(), WriteError> {
        let newcomer = self.take_known(table, conflict.id);
        if self.n_conflicts == KEPT_MAX {
            return Ok(());
        }
        self.n_conflicts += 1;
        self.write_conflict(table, conflict, newcomer).map_err(|err| self.failed(err))
    }
}

/// Sums up the users who have no profile. The example is the first by id.
fn nameless(
    users: impl Iterator<Item = (UserId, u64)>,
    has_profile: impl Fn(UserId) -> rusqlite::Result<bool>,
) -> rusqlite::Result<Nameless> {
    let mut found = Nameless::default();
    for (user, n_rows) in users {
        if !has_profile(user)? {
            found.n_users += 1;
            found.n_rows += n_rows;
            found.example = found.example.map_or(Some(user), |it| Some(it.min(user)));
        }
    }
    Ok(found)
}

/// The name of a user with a profile, and the batch that set it.
fn username(conn: &Connection, user: UserId) -> rusqlite::Result<Option<(Option<String>, i64)>> {
    let mut statement = conn.prepare_cached(include_str!("../sql/username.sql"))?;
    statement.query_row([user], |row| Ok((row.get("username")?, row.get("batch")?))).optional()
}

/// The roles of a user, and, where there are any, the batch that set them.
fn roles_of(conn: &Connection, user: UserId) -> rusqlite::Result<(BTreeSet<String>, Option<i64>)> {
    let mut statement = conn.prepare_cached(include_str!("../sql/roles_of.sql"))?;
    let (mut roles, mut batch) = (BTreeSet::new(), None);
    let mut rows = statement.query([user])?;
    while let Some(row) = rows.next()? {
        roles.insert(row.get("role")?);
        batch = Some(row.get("batch")?);
    }
    Ok((roles, batch))
}

/// A row that is known, found by the batch numbered so.
fn stored_log(row: &Row<'_>, batch: i64) -> rusqlite::Result<StoredLog> {
    let is_of_this_dump = row.get::<_, i64>("batch")? == batch;
    Ok(StoredLog { record: record(row)?, is_of_this_dump })
}

/// A row of `usage_logs` out of an answer with these columns.
pub(super) fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record {
        id: row.get("id")?,
        user_id: row.get("user_id")?,
        action: row.get("action")?,
        credits: row.get("credits_nano")?,
        metadata: row.get("metadata")?,
        created_at: row.get("created_at_us")?,
        format: row.get("format")?,
        quality: row.get("quality")?,
    })
}

/// The newcomer of a conflict as it was understood, where that was kept.
pub(super) fn arriving(row: &Row<'_>) -> rusqlite::Result<Option<Record>> {
    let is_kept = row.get::<_, Option<UserId>>("user_id")?.is_some();
    if is_kept { record(row).map(Some) } else { Ok(None) }
}

/// No more than the first 4 KiB, and no half character.
fn cut(raw: &str) -> &str {
    &raw[..raw.floor_char_boundary(RAW_MAX)]
}
