//! Taking an import back.

use std::path::PathBuf;

use rusqlite::{Row, params};

use super::former::states::{State, StatesBack};
use super::former::{logs, states};
use super::indexes;
use super::open::Connection;
use super::transaction::Transaction;
use super::values::count;
use super::writer::LogCodes;
use super::{RowProgress, Store, StoreError};
use crate::model::{Cancel, CreditSum, Credits, Instant};

/// Rows between two words of progress.
const WINDOW_ROWS: i64 = 20_000;

/// What the removal of a batch takes away, and what it puts back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Removal {
    pub batch: i64,
    /// Of its file, for who wants it back: to import the file again is to undo the removal.
    pub path: PathBuf,
    /// Of its file, in lower-case hex.
    pub sha256: String,
    /// Log rows that came with it and go.
    pub rows: u64,
    /// Of these rows.
    pub credits: CreditSum,
    /// How many of these rows later batches had again: they go all the same.
    pub repeated: Vec<OfBatch>,
    /// How many of these rows later batches have in another version: none of the versions stays.
    pub contradicted: Vec<OfBatch>,
    /// Rows of other batches that it gave more digits or, by a person's choice, another version; they
    /// are again what they were.
    pub changed_back: u64,
    /// Of users.
    pub names: StatesBack,
    /// Of users.
    pub roles: StatesBack,
    /// Rows, names and roles that it replaced without keeping what was there, as it was imported by a
    /// creditscope that did not: names and roles go, rows keep their digits.
    pub forgotten: u64,
}

/// Rows, by a batch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OfBatch {
    pub batch: i64,
    pub rows: u64,
}

impl Store {
    /// What [`Store::remove_batch`] would do now. Nothing is changed, yet nobody can write meanwhile.
    pub fn removal(&self, batch: i64, cancel: &Cancel) -> Result<Removal, StoreError> {
        let change = self.change_batch(batch, cancel)?;
        self.at(prepare(&change.conn, batch))
    }

    /// Takes out what a batch brought: its log rows, its rejects and conflicts, the values that no other
    /// row has, the names and roles it set, and the digits it added to rows of others. That it was
    /// imported, and removed, is remembered.
    ///
    /// All of it happens, or, on an error or a cancel, nothing. The file keeps its size: the room is for
    /// the next import.
    pub fn remove_batch(
        &self,
        batch: i64,
        cancel: &Cancel,
        on_progress: &mut dyn FnMut(RowProgress),
    ) -> Result<Removal, StoreError> {
        let change = self.change_batch(batch, cancel)?;
        let removal = self.at(remove(&change.conn, batch, on_progress))?;
        // The last moment: small statements end before they look.
        if cancel.is_cancelled() {
            return Err(StoreError::Interrupted);
        }
        change.commit()?;
        Ok(removal)
    }

    /// A transaction about a batch that is there.
    pub(super) fn change_batch(&self, batch: i64, cancel: &Cancel) -> Result<Transaction, StoreError> {
        let mut change = Transaction::begin(self)?;
        self.at(change.heed(cancel))?;
        let is_known = change.conn.prepare(include_str!("sql/removal/imports.sql"));
        if !self.at(is_known.and_then(|mut it| it.exists([batch])))? {
            return Err(StoreError::UnknownBatch { number: batch, path: self.path().to_owned() });
        }
        Ok(change)
    }
}

/// All but the commit.
pub(super) fn remove(
    conn: &Connection,
    batch: i64,
    on_progress: &mut dyn FnMut(RowProgress),
) -> rusqlite::Result<Removal> {
    let removal = prepare(conn, batch)?;
    delete_logs(conn, &removal, on_progress)?;
    delete_rest(conn, batch)?;
    Ok(removal)
}

/// Puts back what the batch changed of others, and says what else goes.
fn prepare(conn: &Connection, batch: i64) -> rusqlite::Result<Removal> {
    let mut removal = described(conn, batch)?;
    let mut statement = conn.prepare(include_str!("sql/removal/credits.sql"))?;
    let mut rows = statement.query([batch])?;
    while let Some(row) = rows.next()? {
        removal.rows += 1;
        removal.credits += row.get::<_, Credits>("credits_nano")?;
    }
    removal.repeated = by_batch(conn, include_str!("sql/removal/repeated.sql"), batch)?;
    removal.contradicted = by_batch(conn, include_str!("sql/removal/contradicted.sql"), batch)?;
    removal.changed_back = logs::put_back(conn, &mut LogCodes::load(conn)?, batch)?;
    removal.names = states::put_back(conn, State::Username, batch)?;
    removal.roles = states::put_back(conn, State::Roles, batch)?;
    Ok(removal)
}

fn described(conn: &Connection, batch: i64) -> rusqlite::Result<Removal> {
    let mut removal = Removal {
        batch,
        path: PathBuf::new(),
        sha256: String::new(),
        rows: 0,
        credits: CreditSum::ZERO,
        repeated: Vec::new(),
        contradicted: Vec::new(),
        changed_back: 0,
        names: StatesBack::default(),
        roles: StatesBack::default(),
        forgotten: 0,
    };
    let mut statement = conn.prepare(include_str!("sql/removal/imports.sql"))?;
    let mut tables = statement.query([batch])?;
    while let Some(table) = tables.next()? {
        removal.path = PathBuf::from(table.get::<_, String>("path")?);
        removal.sha256 = table.get("sha256")?;
        if !table.get::<_, bool>("keeps_former")? {
            removal.forgotten += count(table, "updated")?;
        }
    }
    Ok(removal)
}

fn by_batch(conn: &Connection, sql: &str, batch: i64) -> rusqlite::Result<Vec<OfBatch>> {
    let of_batch = |row: &Row<'_>| Ok(OfBatch { batch: row.get("batch")?, rows: count(row, "rows")? });
    let mut statement = conn.prepare(sql)?;
    statement.query_map([batch], of_batch)?.collect()
}

fn delete_logs(
    conn: &Connection,
    removal: &Removal,
    on_progress: &mut dyn FnMut(RowProgress),
) -> rusqlite::Result<()> {
    let n_logs = conn.query_row(include_str!("sql/removal/n_logs.sql"), [], |row| count(row, "rows"))?;
    // To make the indexes of what stays takes less time than to take most of their entries out.
    let remakes_indexes = removal.rows > n_logs / 2;
    if remakes_indexes {
        conn.execute_batch(include_str!("sql/drop_indexes.sql"))?;
    }
    let mut next_window = conn.prepare(include_str!("sql/removal/next_window.sql"))?;
    let mut delete = conn.prepare(include_str!("sql/removal/delete_logs.sql"))?;
    let (mut last, mut progress) = (i64::MIN, RowProgress { rows: 0, rows_total: n_logs });
    while let (Some(until), n_rows) =
        next_window.query_row([last, WINDOW_ROWS], |row| Ok((row.get("last")?, count(row, "rows")?)))?
    {
        delete.execute([removal.batch, last, until])?;
        last = until;
        progress.rows += n_rows;
        on_progress(progress);
    }
    if remakes_indexes {
        indexes::create(conn, &mut |_| ())?;
    }
    Ok(())
}

fn delete_rest(conn: &Connection, batch: i64) -> rusqlite::Result<()> {
    conn.execute(include_str!("sql/removal/delete_rejects.sql"), [batch])?;
    conn.execute(include_str!("sql/removal/delete_conflicts.sql"), [batch])?;
    conn.execute(include_str!("sql/removal/delete_repeats.sql"), [batch])?;
    conn.execute_batch(include_str!("sql/removal/tidy_up.sql"))?;
    conn.execute(include_str!("sql/removal/mark_removed.sql"), params![batch, Instant::now()])?;
    Ok(())
}
