//! Columns of metadata keys, made when somebody first asks for one.
//!
//! Most files are never asked for a key, and there may be any number of them, so none is made with an
//! import. A look at every row's metadata makes a column, which is then kept in the file, beside the other
//! columns and in their order. It is believed only while it is of the rows' generation; whoever changes
//! rows throws it away. Readers and writers go on while it is made.

mod segment;
mod value;

use std::collections::BTreeSet;
use std::str;
use std::sync::Arc;

use rusqlite::params;
use rusqlite::types::ValueRef;

pub(super) use self::value::value;
use super::cache::{heed, in_one_view};
use super::error::interrupted;
use super::open::Connection;
use super::segments::{Change, ROWS_MAX, State};
use super::transaction::Transaction;
use super::values::{count, integer};
use super::{RowProgress, Store, StoreError};
use crate::access::Viewer;
use crate::model::{Cancel, Columns, MetadataBuilder, MetadataColumn, MetadataKey, UserId};

/// Rows that are read at once, between two words of progress: some ten milliseconds.
const ROWS_AT_ONCE: usize = 10_000;

impl Store {
    /// Makes the column of a metadata key, unless it is there: a second for each million rows, or more. A
    /// question about the key is then answered at once; without this, the first one takes that time, too.
    ///
    /// A file that cannot be written has the column in memory only.
    pub fn make_metadata_column(
        &self,
        key: MetadataKey,
        cancel: &Cancel,
        on_progress: &mut dyn FnMut(RowProgress),
    ) -> Result<(), StoreError> {
        self.make_one_of(&BTreeSet::from([key]), key, cancel, on_progress)
    }

    /// The rows a viewer may see, or those of one user among them, with the columns of these metadata keys.
    pub fn columns_with(
        &self,
        viewer: Viewer,
        user: Option<UserId>,
        keys: &BTreeSet<MetadataKey>,
        cancel: &Cancel,
    ) -> Result<Arc<Columns>, StoreError> {
        loop {
            let columns = match user {
                Some(user) => self.columns_of(viewer, user, cancel)?,
                None => self.columns_until(viewer, cancel)?,
            };
            match keys.iter().find(|it| columns.metadata(**it).is_none()) {
                Some(key) => self.make_one_of(keys, *key, cancel, &mut |_| ())?,
                None => return Ok(columns),
            }
        }
    }

    fn make_one_of(
        &self,
        keys: &BTreeSet<MetadataKey>,
        key: MetadataKey,
        cancel: &Cancel,
        on_progress: &mut dyn FnMut(RowProgress),
    ) -> Result<(), StoreError> {
        loop {
            let all = self.all_columns(cancel)?;
            if all.metadata(key).is_some() {
                return Ok(());
            }
            let column = match self.at(stored(&self.connect()?, key, all.len(), cancel))? {
                Some(column) => column,
                None => self.read_and_store(key, all.len(), cancel, on_progress)?,
            };
            // Rows that somebody has changed meanwhile have other columns.
            if self.keep_metadata(&all, (key, Arc::new(column)), keys, cancel)? {
                return Ok(());
            }
        }
    }

    fn read_and_store(
        &self,
        key: MetadataKey,
        n_rows: usize,
        cancel: &Cancel,
        on_progress: &mut dyn FnMut(RowProgress),
    ) -> Result<MetadataColumn, StoreError> {
        let mut conn = self.connect()?;
        self.at(heed(&mut conn, cancel))?;
        let (column, generation) = self.at(read(&conn, key, n_rows, on_progress))?;
        if let Some(generation) = generation {
            // Where another process writes, or there is no room, the column is there all the same.
            if let Err(StoreError::Interrupted) = self.store_metadata(key, generation, &column, cancel) {
                return Err(StoreError::Interrupted);
            }
        }
        Ok(column)
    }

    fn store_metadata(
        &self,
        key: MetadataKey,
        generation: i64,
        column: &MetadataColumn,
        cancel: &Cancel,
    ) -> Result<(), StoreError> {
        let mut change = Transaction::begin(self)?;
        self.at(change.heed(cancel))?;
        let state = self.at(State::read(&change.conn))?;
        if state.is_some_and(|it| it.generation == generation) {
            self.at(write(&change.conn, key, generation, column))?;
        }
        change.rows = Change::none();
        change.commit()
    }
}

/// A look at the metadata of every row, and the generation of the rows.
///
/// Some thousand rows at a time, so that nobody who writes waits for the end of it; where somebody has
/// written, it begins again.
fn read(
    conn: &Connection,
    key: MetadataKey,
    n_rows: usize,
    on_progress: &mut dyn FnMut(RowProgress),
) -> rusqlite::Result<(MetadataColumn, Option<i64>)> {
    let version = || conn.pragma_query_value(None, "data_version", |row| row.get::<_, i64>(0));
    loop {
        let (before, state) = (version()?, State::read(conn)?);
        let mut scan = Scan { key, times: Vec::new(), column: MetadataBuilder::default() };
        let mut next = Some(i64::MIN);
        while let Some(from) = next {
            next = scan.add(conn, from)?.and_then(|last| last.checked_add(1));
            on_progress(RowProgress { rows: scan.times.len() as u64, rows_total: n_rows as u64 });
        }
        if version()? == before {
            return Ok((scan.finish(), state.map(|it| it.generation)));
        }
    }
}

/// Values in the order of arrival.
struct Scan {
    key: MetadataKey,
    times: Vec<i64>,
    column: MetadataBuilder,
}

impl Scan {
    /// Some rows from this one on. The last of them, if there may be more.
    fn add(&mut self, conn: &Connection, from: i64) -> rusqlite::Result<Option<i64>> {
        let mut statement = conn.prepare_cached(include_str!("../sql/metadata/rows.sql"))?;
        let mut rows = statement.query([from, integer(ROWS_AT_ONCE)])?;
        let (n_before, mut last) = (self.times.len(), None);
        // By number: a name would be looked up three times a row.
        while let Some(row) = rows.next()? {
            last = Some(row.get(0)?);
            self.times.push(row.get(1)?);
            // What another program has left there, no text or none in UTF-8, is no JSON.
            let metadata = match row.get_ref(2)? {
                ValueRef::Text(bytes) => str::from_utf8(bytes).ok(),
                _ => None,
            };
            self.column.push(metadata.and_then(|it| value(it, self.key.name())).as_deref());
        }
        Ok(last.filter(|_| self.times.len() == n_before + ROWS_AT_ONCE))
    }

    /// In the order of the other columns.
    fn finish(self) -> MetadataColumn {
        let (times, column) = (self.times, self.column.finish());
        if times.is_sorted() {
            return column;
        }
        let mut order: Vec<u32> = (0..times.len() as u32).collect();
        order.sort_by_key(|row| times[*row as usize]);
        column.picked(&order)
    }
}

fn write(
    conn: &Connection,
    key: MetadataKey,
    generation: i64,
    column: &MetadataColumn,
) -> rusqlite::Result<()> {
    conn.execute(include_str!("../sql/metadata/delete_segments.sql"), [key.name()])?;
    let mut statement = conn.prepare(include_str!("../sql/metadata/add_segment.sql"))?;
    let n_rows = column.codes().len();
    for (nth, begin) in (0..n_rows).step_by(ROWS_MAX).enumerate() {
        let rows = begin..n_rows.min(begin + ROWS_MAX);
        let (n, data) = (integer(rows.len()), segment::packed(column, rows));
        let checksum = crc32fast::hash(&data);
        statement.execute(params![key.name(), integer(nth), generation, n, checksum, data])?;
    }
    Ok(())
}

/// The column as it stands in the file. `None` where none is of the rows of now.
fn stored(
    conn: &Connection,
    key: MetadataKey,
    n_rows: usize,
    cancel: &Cancel,
) -> rusqlite::Result<Option<MetadataColumn>> {
    in_one_view(conn, || {
        let Some(State { generation, .. }) = State::read(conn)? else { return Ok(None) };
        let mut statement = conn.prepare(include_str!("../sql/metadata/segments.sql"))?;
        let mut found = statement.query(params![key.name(), generation])?;
        let (mut column, mut nth) = (MetadataBuilder::default(), 0);
        while let Some(row) = found.next()? {
            if cancel.is_cancelled() {
                return Err(interrupted());
            }
            let n = usize::try_from(count(row, "rows")?).unwrap_or(usize::MAX);
            let data = row.get_ref("data")?.as_blob()?;
            let is_whole = row.get::<_, i64>("nth")? == nth
                && row.get::<_, i64>("checksum")? == i64::from(crc32fast::hash(data))
                && n <= ROWS_MAX
                && segment::unpacked(data, n, &mut column).is_some();
            if !is_whole {
                return Ok(None);
            }
            nth += 1;
        }
        Ok(Some(column.finish()).filter(|it| it.codes().len() == n_rows))
    })
}
