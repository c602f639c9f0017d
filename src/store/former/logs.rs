//! Log rows: a more precise export changes two figures, a version that is taken changes all.

use rusqlite::{OptionalExtension as _, Row, params};

use crate::model::{Credits, Instant, LogRow, RowId};
use crate::store::open::Connection;
use crate::store::writer::LogCodes;

/// Keeps the figures of a row that a batch is about to refine.
pub(in crate::store) fn keep_figures(conn: &Connection, id: RowId, batch: i64) -> rusqlite::Result<()> {
    let mut statement = conn.prepare_cached(include_str!("../sql/former/keep_figures.sql"))?;
    statement.execute(params![id, batch, Instant::now()]).map(drop)
}

/// Keeps a whole row that somebody is about to replace by the version of a batch.
pub(in crate::store) fn keep_row(
    conn: &Connection,
    id: RowId,
    batch: i64,
    at: Instant,
    by: &str,
) -> rusqlite::Result<()> {
    let mut statement = conn.prepare_cached(include_str!("../sql/former/keep_row.sql"))?;
    statement.execute(params![id, batch, at, by]).map(drop)
}

/// Gives the rows of other batches back what they were before a batch changed them; how many there are.
pub(in crate::store) fn put_back(
    conn: &Connection,
    codes: &mut LogCodes,
    batch: i64,
) -> rusqlite::Result<u64> {
    let mut statement = conn.prepare(include_str!("../sql/former/logs_of_batch.sql"))?;
    let changes = statement.query_map([batch], |row| Ok((row.get("id")?, row.get("nth")?)))?;
    // All of them first: the table changes under the question.
    let changes: Vec<(RowId, i64)> = changes.collect::<rusqlite::Result<_>>()?;
    let mut n_rows = 0;
    let mut last = None;
    for (id, nth) in changes {
        put_one_back(conn, codes, id, nth)?;
        n_rows += u64::from(last != Some(id));
        last = Some(id);
    }
    Ok(n_rows)
}

fn put_one_back(conn: &Connection, codes: &mut LogCodes, id: RowId, nth: i64) -> rusqlite::Result<()> {
    let mut statement = conn.prepare_cached(include_str!("../sql/former/log.sql"))?;
    let former = statement.query_row(params![id, nth], former)?;
    let mut next = next(conn, id, nth)?;
    // More digits of a version that goes mean nothing to the one that comes back.
    while let Some((refinement, false)) = next
        && former.rest.is_some()
    {
        delete(conn, id, refinement)?;
        next = self::next(conn, id, nth)?;
    }
    match (&former.rest, next) {
        (Some(_), Some((next, _))) => {
            conn.prepare_cached(include_str!("../sql/former/set_row.sql"))?
                .execute(params![id, next, nth])?;
        }
        (None, Some((next, _))) => {
            let mut statement = conn.prepare_cached(include_str!("../sql/former/set_figures.sql"))?;
            statement.execute(params![id, next, former.credits, former.created_at])?;
        }
        (Some(rest), None) => codes.set_log(conn, &rest.row(id, &former))?,
        (None, None) => {
            let mut statement = conn.prepare_cached(include_str!("../sql/refine_log.sql"))?;
            statement.execute(params![id, former.credits, former.created_at])?;
        }
    }
    delete(conn, id, nth)
}

/// The next change of the same row, and whether it replaced all of it.
fn next(conn: &Connection, id: RowId, nth: i64) -> rusqlite::Result<Option<(i64, bool)>> {
    let mut statement = conn.prepare_cached(include_str!("../sql/former/next_log.sql"))?;
    statement.query_row(params![id, nth], |row| Ok((row.get("nth")?, row.get("is_whole")?))).optional()
}

fn delete(conn: &Connection, id: RowId, nth: i64) -> rusqlite::Result<()> {
    let mut statement = conn.prepare_cached(include_str!("../sql/former/delete_log.sql"))?;
    statement.execute(params![id, nth]).map(drop)
}

/// A row before a change.
struct Former {
    credits: Credits,
    created_at: Instant,
    /// Of a row that was replaced as a whole.
    rest: Option<Rest>,
}

struct Rest {
    user_id: crate::model::UserId,
    action: String,
    format: Option<String>,
    quality: Option<String>,
    metadata: Option<String>,
}

impl Rest {
    fn row<'a>(&'a self, id: RowId, former: &Former) -> LogRow<'a> {
        let Former { credits, created_at, rest: _ } = *former;
        LogRow {
            id,
            user_id: self.user_id,
            action: &self.action,
            credits,
            metadata: self.metadata.as_deref(),
            created_at,
            format: self.format.as_deref(),
            quality: self.quality.as_deref(),
        }
    }
}

fn former(row: &Row<'_>) -> rusqlite::Result<Former> {
    let user_id: Option<_> = row.get("user_id")?;
    let rest = match user_id {
        None => None,
        Some(user_id) => Some(Rest {
            user_id,
            action: row.get("action")?,
            format: row.get("format")?,
            quality: row.get("quality")?,
            metadata: row.get("metadata")?,
        }),
    };
    Ok(Former { credits: row.get("credits_nano")?, created_at: row.get("created_at_us")?, rest })
}
