//! Taking the newer version of rows in conflict.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension as _, params};

use super::former::logs;
use super::open::Connection;
use super::transaction::Transaction;
use super::writer::{LogCodes, arriving, record};
use super::{RowProgress, Store, StoreError};
use crate::model::{Cancel, CreditSum, Instant, LogRow, Record, RowId};

/// Conflicts between two words of progress.
const TOLD_ROWS: u64 = 1_000;

/// Which conflicts of log rows are meant.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ConflictChoice {
    /// Those of one batch, or of any.
    pub batch: Option<i64>,
    /// Those of these rows, or of any.
    pub ids: Option<BTreeSet<RowId>>,
}

/// What became of the conflicts that were chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Taking {
    pub taken: u64,
    /// They had been taken before.
    pub taken_before: u64,
    /// They stay as they are: of these only a piece of their text was kept, which cannot be read again.
    pub not_kept: u64,
    /// What the credits of all rows gained or lost.
    pub difference: CreditSum,
}

impl Store {
    /// Puts the version that came later in the place of the row that was there, for each conflict that is
    /// chosen. Of several versions of one row the last to come stays.
    ///
    /// The row stays in the batch that brought it; what it was, when it was changed and by whom (`by`, a
    /// user of the machine) is kept, and the removal of the conflict's batch puts it back. A row that
    /// went with its batch comes again, in that of the conflict. All of it happens, or, on an error or a
    /// cancel, nothing.
    pub fn take_newer(
        &self,
        choice: &ConflictChoice,
        by: &str,
        cancel: &Cancel,
        on_progress: &mut dyn FnMut(RowProgress),
    ) -> Result<Taking, StoreError> {
        let mut change = Transaction::begin(self)?;
        self.at(change.heed(cancel))?;
        let (numbers, found) = self.at(chosen(&change.conn, choice))?;
        if let Some(id) = choice.ids.iter().flatten().find(|it| !found.contains(it)) {
            return Err(StoreError::UnknownConflict { id: *id, path: self.path().to_owned() });
        }
        let taking = self.at(take_all(&change.conn, &numbers, by, on_progress))?;
        if cancel.is_cancelled() {
            return Err(StoreError::Interrupted);
        }
        change.commit()?;
        Ok(taking)
    }
}

/// The numbers of the conflicts in the order they came, and the rows they are about.
fn chosen(conn: &Connection, choice: &ConflictChoice) -> rusqlite::Result<(Vec<i64>, BTreeSet<RowId>)> {
    let mut statement = conn.prepare(include_str!("sql/conflict/rows.sql"))?;
    let mut rows = statement.query([choice.batch])?;
    let (mut numbers, mut found) = (Vec::new(), BTreeSet::new());
    while let Some(row) = rows.next()? {
        let id: RowId = row.get("id")?;
        if choice.ids.as_ref().is_none_or(|it| it.contains(&id)) {
            numbers.push(row.get("number")?);
            found.insert(id);
        }
    }
    Ok((numbers, found))
}

fn take_all(
    conn: &Connection,
    numbers: &[i64],
    by: &str,
    on_progress: &mut dyn FnMut(RowProgress),
) -> rusqlite::Result<Taking> {
    let mut codes = LogCodes::load(conn)?;
    let (at, mut taking) = (Instant::now(), Taking::default());
    for (number, rows) in numbers.iter().zip(1_u64..) {
        take(conn, &mut codes, *number, (at, by), &mut taking)?;
        if rows.is_multiple_of(TOLD_ROWS) {
            on_progress(RowProgress { rows, rows_total: numbers.len() as u64 });
        }
    }
    Ok(taking)
}

fn take(
    conn: &Connection,
    codes: &mut LogCodes,
    number: i64,
    (at, by): (Instant, &str),
    taking: &mut Taking,
) -> rusqlite::Result<()> {
    let mut statement = conn.prepare_cached(include_str!("sql/conflict/row.sql"))?;
    let conflict = |row: &rusqlite::Row<'_>| {
        let was_taken = row.get::<_, Option<Instant>>("taken_at_us")?.is_some();
        Ok((row.get("batch")?, was_taken, arriving(row)?))
    };
    let (batch, was_taken, newer): (i64, bool, Option<Record>) = statement.query_row([number], conflict)?;
    let newer = match newer {
        _ if was_taken => {
            taking.taken_before += 1;
            return Ok(());
        }
        None => {
            taking.not_kept += 1;
            return Ok(());
        }
        Some(newer) => newer,
    };
    let mut statement = conn.prepare_cached(include_str!("sql/log_by_id.sql"))?;
    let older = statement.query_row([newer.id], record).optional()?;
    let newer_row = LogRow::from(&newer);
    taking.difference += CreditSum::from(newer.credits);
    match older {
        None => {
            codes.add_log(conn, &newer_row, batch)?;
        }
        Some(older) => {
            taking.difference = taking.difference - older.credits.into();
            if older != newer {
                logs::keep_row(conn, newer.id, batch, at, by)?;
                codes.set_log(conn, &newer_row)?;
            }
        }
    }
    taking.taken += 1;
    conn.prepare_cached(include_str!("sql/conflict/mark_taken.sql"))?.execute(params![number, at, by])?;
    Ok(())
}
