//! The columns as they stand in the file, written with the rows in the same transaction.
//!
//! A look at every row takes long, and a sort. Of a million rows of a demo, segments are 10 bytes a row, and
//! a whole `report weekly` takes 0.1 s of processor time with them, 0.65 s without. There are the base, all
//! rows in the order of time, and the tail, the rows of later imports in that order: an import writes no
//! more than itself and the tail again until the tail is a tenth of the base.
//!
//! Segments are believed only while the state says that they stand for the rows, each is what its checksum
//! says, and together they are as many rows as the state says. The triggers of the file change the state
//! when another program changes a row or a value under a code. Whatever is not believed is made anew from
//! the rows.

pub(super) mod packed;
mod rows;
mod segment;

use std::sync::mpsc::sync_channel;
use std::thread;

use rusqlite::{OptionalExtension as _, Row, params};
use uuid::Uuid;

pub(super) use self::rows::Rows;
pub(super) use self::segment::ROWS_MAX;
use self::segment::Segment;
use super::columns::{self, Loader};
use super::error::interrupted;
use super::open::Connection;
use super::values::{count, integer};
use crate::model::{Cancel, Columns, Instant, Window};

/// The tail is at most the base divided by this.
const TAIL_PART: u64 = 10;

/// What a transaction did to the log rows.
#[derive(Debug, Default)]
pub(super) enum Change {
    /// Nobody has said.
    #[default]
    Any,
    /// These came, and those that were there are as they were.
    Added(Rows),
}

impl Change {
    /// Brings what came into the order of time, which takes long once.
    pub(super) fn sort(&mut self) {
        if let Self::Added(rows) = self {
            rows.sort();
        }
    }

    /// All rows stay as they were.
    pub(super) fn none() -> Self {
        Self::Added(Rows::default())
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Base,
    Tail,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::Tail => "tail",
        }
    }
}

/// What the file says of its segments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct State {
    /// Another number whenever the rows are others.
    pub(super) generation: i64,
    /// The generation of the rows that the segments hold.
    segments_of: Option<i64>,
    base_rows: u64,
    tail_rows: u64,
}

impl State {
    /// `None` where another program has taken it away.
    pub(super) fn read(conn: &Connection) -> rusqlite::Result<Option<Self>> {
        let state = |row: &Row<'_>| {
            Ok(Self {
                generation: row.get("generation")?,
                segments_of: row.get("segments_of")?,
                base_rows: count(row, "base_rows")?,
                tail_rows: count(row, "tail_rows")?,
            })
        };
        conn.query_row(include_str!("../sql/segments/state.sql"), [], state).optional()
    }

    fn is_current(&self) -> bool {
        self.segments_of == Some(self.generation)
    }

    pub(super) fn n_rows(&self, kind: Kind) -> u64 {
        match kind {
            Kind::Base => self.base_rows,
            Kind::Tail => self.tail_rows,
        }
    }
}

/// The rows of all segments that reach into a window. `None` where segments do not stand for the rows.
pub(super) fn load(
    conn: &Connection,
    state: &State,
    window: Window,
    cancel: &Cancel,
) -> rusqlite::Result<Option<Columns>> {
    if !state.is_current() {
        return Ok(None);
    }
    let mut loader = Loader::new(conn)?;
    let mut rows = Rows::default();
    for kind in [Kind::Base, Kind::Tail] {
        let is_whole = each(conn, state, kind, window, &mut |segment| {
            if cancel.is_cancelled() {
                return Err(interrupted());
            }
            rows.clear();
            let is_sane = segment.unpack(&mut rows).is_some();
            if is_sane {
                loader.add(&rows)?;
            }
            Ok(is_sane)
        })?;
        if !is_whole {
            return Ok(None);
        }
    }
    Ok(Some(loader.finish()))
}

/// Brings the segments to what a transaction made of the rows, at its end.
pub(super) fn keep(conn: &Connection, change: Change) -> rusqlite::Result<()> {
    let added = match change {
        Change::Added(added) if added.is_empty() => return Ok(()),
        Change::Added(added) => added,
        Change::Any => return rebuild(conn),
    };
    let Some(state) = State::read(conn)?.filter(State::is_current) else { return rebuild(conn) };
    let tail_rows = state.tail_rows.saturating_add(added.len() as u64);
    let is_tail = tail_rows <= state.base_rows / TAIL_PART;
    let kinds: &[Kind] = if is_tail { &[Kind::Tail] } else { &[Kind::Base, Kind::Tail] };
    let mut rows = Rows::default();
    for kind in kinds {
        if !each(conn, &state, *kind, Window::default(), &mut |segment| {
            Ok(segment.unpack(&mut rows).is_some())
        })? {
            return rebuild(conn);
        }
    }
    rows.append(added);
    if is_tail {
        write(conn, Kind::Tail, rows)?;
        set_state(conn, state.base_rows, tail_rows)
    } else {
        rewrite(conn, rows)
    }
}

/// Makes all segments anew, from the rows.
pub(super) fn rebuild(conn: &Connection) -> rusqlite::Result<()> {
    let mut rows = Rows::default();
    columns::scan(conn, &mut |at, codes, credits| rows.push(at, codes, credits))?;
    rewrite(conn, rows)
}

/// All rows become the base.
fn rewrite(conn: &Connection, rows: Rows) -> rusqlite::Result<()> {
    let n_rows = rows.len() as u64;
    write(conn, Kind::Tail, Rows::default())?;
    write(conn, Kind::Base, rows)?;
    set_state(conn, n_rows, 0)
}

/// The columns of metadata keys are of other rows then, and may hold what is no row's any more.
fn set_state(conn: &Connection, base_rows: u64, tail_rows: u64) -> rusqlite::Result<()> {
    conn.execute(include_str!("../sql/metadata/delete_all_segments.sql"), [])?;
    let generation = Uuid::new_v4().as_u64_pair().0.cast_signed();
    let sql = include_str!("../sql/segments/set_state.sql");
    conn.execute(sql, params![generation, integer(base_rows), integer(tail_rows)]).map(drop)
}

fn write(conn: &Connection, kind: Kind, mut rows: Rows) -> rusqlite::Result<()> {
    rows.sort();
    conn.execute(include_str!("../sql/segments/delete_segments.sql"), [kind.name()])?;
    let mut statement = conn.prepare(include_str!("../sql/segments/add_segment.sql"))?;
    let ranges = (0..rows.len()).step_by(ROWS_MAX).map(|it| it..rows.len().min(it + ROWS_MAX)).enumerate();
    // Two of three are packed on another thread, since this one writes them all.
    let is_ours = |nth: usize| nth.is_multiple_of(3);
    let (send, others) = sync_channel(2);
    thread::scope(|scope| {
        let (rows, theirs) = (&rows, ranges.clone().filter(move |(nth, _)| !is_ours(*nth)));
        scope.spawn(move || {
            for (_, range) in theirs {
                if send.send(Segment::of(rows, range)).is_err() {
                    return;
                }
            }
        });
        // It is gone when an error ends this, so that the thread ends as well.
        let others = others;
        for (nth, range) in ranges {
            let segment = if is_ours(nth) { None } else { others.recv().ok() };
            let segment = segment.unwrap_or_else(|| Segment::of(rows, range));
            let Segment { n_rows, min_time, max_time, max_abs, checksum, data } = segment;
            statement.execute(params![
                kind.name(),
                integer(nth),
                integer(n_rows),
                min_time,
                max_time,
                integer(max_abs),
                checksum,
                data,
            ])?;
        }
        Ok(())
    })
}

/// Hands over the segments of a kind that reach into a window, in their order, until `take` says that one
/// is not what it should be. Whether all were, and all were there.
fn each(
    conn: &Connection,
    state: &State,
    kind: Kind,
    window: Window,
    take: &mut dyn FnMut(&Segment<&[u8]>) -> rusqlite::Result<bool>,
) -> rusqlite::Result<bool> {
    let n_rows =
        conn.query_row(include_str!("../sql/segments/n_rows.sql"), [kind.name()], |row| count(row, "rows"))?;
    if n_rows != state.n_rows(kind) {
        return Ok(false);
    }
    let from = window.from.map_or(i64::MIN, Instant::micros);
    let until = window.until.map_or(i64::MAX, Instant::micros);
    let mut statement = conn.prepare(include_str!("../sql/segments/segments.sql"))?;
    let mut found = statement.query(params![kind.name(), from, until])?;
    let mut last = i64::MIN;
    while let Some(row) = found.next()? {
        let segment = segment(row)?;
        if segment.min_time < last || !take(&segment)? {
            return Ok(false);
        }
        last = segment.max_time;
    }
    Ok(true)
}

fn segment<'a>(row: &'a Row<'_>) -> rusqlite::Result<Segment<&'a [u8]>> {
    Ok(Segment {
        n_rows: usize::try_from(count(row, "rows")?).unwrap_or(usize::MAX),
        min_time: row.get("min_time_us")?,
        max_time: row.get("max_time_us")?,
        max_abs: count(row, "max_abs_nano")?,
        // No checksum is so.
        checksum: row.get::<_, i64>("checksum")?.try_into().unwrap_or(u32::MAX),
        data: row.get_ref("data")?.as_blob()?,
    })
}
