//! The columns in memory, and what a viewer gets of them.

use std::collections::BTreeSet;
use std::mem;
use std::sync::{Arc, MutexGuard};

use super::open::Connection;
use super::segments::{self, State};
use super::transaction::{STEPS_BETWEEN_LOOKS, Transaction};
use super::{Store, StoreError, columns, lock};
use crate::access::{Scope, Viewer};
use crate::model::{Cancel, Columns, KeyColumn, MetadataKey, UserId, Window};

/// The columns of the last commit seen.
#[derive(Debug, Default)]
pub(super) struct Cache {
    generation: u64,
    /// Of the rows: a commit may have left them as they were.
    of_rows: Option<i64>,
    all: Option<Arc<Columns>>,
    /// Those of the user whose were asked for last.
    own: Option<(UserId, Arc<Columns>)>,
    /// Whether anything was asked before.
    is_asked: bool,
}

/// As many columns of metadata keys stay in memory, or all that one question asks for. They are four bytes a
/// row at most and their values, and come from the file in a moment.
const KEY_COLUMNS_MAX: usize = 8;

/// Columns, and the generation of their rows.
pub(super) type Loaded = (Columns, Option<i64>);

impl Store {
    /// The rows a viewer may see and nothing of others, as of the last commit.
    pub fn columns(&self, viewer: Viewer) -> Result<Arc<Columns>, StoreError> {
        self.columns_until(viewer, &Cancel::new())
    }

    /// The same, unless somebody stops waiting for it: a file that another program has changed is read row
    /// by row.
    pub fn columns_until(&self, viewer: Viewer, cancel: &Cancel) -> Result<Arc<Columns>, StoreError> {
        match viewer.scope() {
            Scope::None => Ok(Arc::default()),
            Scope::Own(user) => self.columns_of(viewer, user, cancel),
            Scope::All => self.all_columns(cancel),
        }
    }

    /// Of these rows, those of one user.
    ///
    /// They are picked once, and kept until those of another are asked for. That takes 7 ms for each million
    /// rows in the file, so a list of rows by user, of four bytes a row, is not worth its memory.
    pub fn columns_of(
        &self,
        viewer: Viewer,
        user: UserId,
        cancel: &Cancel,
    ) -> Result<Arc<Columns>, StoreError> {
        if !viewer.sees(user) {
            return Ok(Arc::default());
        }
        let mut cache = self.fresh_cache(cancel)?;
        if let Some((owner, own)) = &cache.own
            && *owner == user
        {
            return Ok(Arc::clone(own));
        }
        let own = Arc::new(cache.all.as_ref().map(|it| it.only(user)).unwrap_or_default());
        cache.own = Some((user, Arc::clone(&own)));
        Ok(own)
    }

    /// Of the rows a viewer may see all that are in a window, and maybe others: for the first question to a
    /// file, which may be the only one, so that not all of it is read. `None` from the second question on,
    /// and where all of it would be read anyway.
    pub fn columns_at_first(
        &self,
        viewer: Viewer,
        window: Window,
        cancel: &Cancel,
    ) -> Result<Option<Arc<Columns>>, StoreError> {
        let is_first = !mem::replace(&mut lock(&self.0.cache).is_asked, true);
        if !is_first || window == Window::default() {
            return Ok(None);
        }
        let conn = self.connect()?;
        let Some((part, _)) = self.at(from_segments(&conn, window, cancel))? else { return Ok(None) };
        Ok(Some(Arc::new(match viewer.scope() {
            Scope::None => Columns::default(),
            Scope::Own(user) => part.only(user),
            Scope::All => part,
        })))
    }

    pub(super) fn all_columns(&self, cancel: &Cancel) -> Result<Arc<Columns>, StoreError> {
        let cache = self.fresh_cache(cancel)?;
        Ok(cache.all.as_ref().map(Arc::clone).unwrap_or_default())
    }

    /// Keeps the column of a metadata key with the rows that it was made of. Whether they are still there.
    pub(super) fn keep_metadata(
        &self,
        of: &Columns,
        column: KeyColumn,
        wanted: &BTreeSet<MetadataKey>,
        cancel: &Cancel,
    ) -> Result<bool, StoreError> {
        let mut cache = self.fresh_cache(cancel)?;
        let Some(all) = cache.all.as_ref().filter(|it| it.shares_rows(of)) else { return Ok(false) };
        let mut columns = all.metadata_columns().to_vec();
        columns.retain(|it| it.0 != column.0);
        while columns.len() >= KEY_COLUMNS_MAX
            && let Some(oldest) = columns.iter().position(|it| !wanted.contains(&it.0))
        {
            columns.remove(oldest);
        }
        columns.push(column);
        let Some(all) = all.with_metadata(columns) else {
            // Only a program that knew of the generation, and left it, has changed rows so.
            let what = "its columns are not those of its rows".to_owned();
            return Err(StoreError::Damaged { what, path: self.path().to_owned() });
        };
        (cache.all, cache.own) = (Some(Arc::new(all)), None);
        Ok(true)
    }

    /// The cache with the rows of now. Who comes while they are read waits for them.
    fn fresh_cache(&self, cancel: &Cancel) -> Result<MutexGuard<'_, Cache>, StoreError> {
        let mut cache = lock(&self.0.cache);
        // Asked before the rows are read: a commit in between makes them be read once more, never too few.
        let generation = self.generation()?;
        if cache.all.is_none() || cache.generation != generation {
            let mut conn = self.connect()?;
            let state = self.at(State::read(&conn))?;
            if cache.all.is_some() && state.is_some() && cache.of_rows == state.map(|it| it.generation) {
                cache.generation = generation;
                return Ok(cache);
            }
            // The old ones go first: there is no need for room for both.
            *cache = Cache { is_asked: true, ..Cache::default() };
            let (all, of_rows) = self.load(&mut conn, cancel)?;
            *cache = Cache { generation, of_rows, all: Some(Arc::new(all)), own: None, is_asked: true };
        }
        Ok(cache)
    }

    /// All rows. Segments that do not stand for them are made anew where the file can be written.
    fn load(&self, conn: &mut Connection, cancel: &Cancel) -> Result<Loaded, StoreError> {
        let all = Window::default();
        if let Some(loaded) = self.at(from_segments(conn, all, cancel))? {
            return Ok(loaded);
        }
        match self.rebuild_segments(cancel) {
            Err(StoreError::Interrupted) => return Err(StoreError::Interrupted),
            // Another process writes, or there is no room: the rows themselves are there.
            Err(_) => {}
            Ok(()) => {
                if let Some(loaded) = self.at(from_segments(conn, all, cancel))? {
                    return Ok(loaded);
                }
            }
        }
        self.at(heed(conn, cancel))?;
        self.at(in_one_view(conn, || {
            let state = State::read(conn)?;
            Ok((columns::load(conn)?, state.map(|it| it.generation)))
        }))
    }

    pub(super) fn rebuild_segments(&self, cancel: &Cancel) -> Result<(), StoreError> {
        let mut change = Transaction::begin(self)?;
        self.at(change.heed(cancel))?;
        change.commit()
    }
}

/// What is in a window, and maybe more. `None` where the segments do not stand for the rows.
pub(super) fn from_segments(
    conn: &Connection,
    window: Window,
    cancel: &Cancel,
) -> rusqlite::Result<Option<Loaded>> {
    in_one_view(conn, || {
        let Some(state) = State::read(conn)? else { return Ok(None) };
        let columns = segments::load(conn, &state, window, cancel)?;
        Ok(columns.map(|it| (it, Some(state.generation))))
    })
}

/// As of one commit, so that the codes are those of the rows.
pub(super) fn in_one_view<T>(
    conn: &Connection,
    read: impl FnOnce() -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    conn.execute_batch("BEGIN")?;
    let result = read();
    // Nothing was written, so there is nothing to lose.
    conn.execute_batch("ROLLBACK")?;
    result
}

pub(super) fn heed(conn: &mut Connection, cancel: &Cancel) -> rusqlite::Result<()> {
    let cancel = cancel.clone();
    conn.progress_handler(STEPS_BETWEEN_LOOKS, Some(move || cancel.is_cancelled()))
}
