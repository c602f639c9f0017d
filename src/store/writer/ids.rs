use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};

use foldhash::fast::RandomState as Quick;
use rusqlite::Row;

use crate::model::{Cancel, LogRow, RowId, Text, UserId};
use crate::store::columns::{dictionary, value};
use crate::store::error::interrupted;
use crate::store::open::Connection;

/// Rows of the file beyond which they are not remembered: at 48 bytes each, a gigabyte.
const STORED_MAX: u64 = 20_000_000;

/// Which rows there are, by their ids.
///
/// Of a row that was in the file before, a fingerprint of its values tells whether it comes again as it was,
/// so that a million repeats need not be read back one by one. Its key is drawn anew for each import, so
/// that no dump can be made to have another row taken for the same; by chance one in 2⁶⁴ would be.
#[derive(Debug, Default)]
pub(super) struct Ids {
    /// Of this import, as hashes: half the memory, and of ten million ids two have the same in one of some
    /// 400,000 imports. The file is then asked whether they are the same.
    new: Hashes,
    /// Of those before it.
    stored: HashMap<RowId, Stored, Quick>,
    /// The row of those before that came last, where it had not come yet.
    last: Option<RowId>,
    key: RandomState,
}

#[derive(Debug)]
struct Stored {
    fingerprint: u64,
    /// Its rowid.
    number: i64,
    batch: i64,
    has_come: bool,
}

/// What is known of a row that comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Seen {
    New,
    /// It is as it was in the file before.
    Repeat {
        number: i64,
        batch: i64,
        has_come: bool,
    },
    /// Its id is known; the file has to be asked.
    Known,
}

impl Ids {
    /// Of all rows of the file. `None` where they are too many.
    pub(super) fn load(conn: &Connection, cancel: &Cancel) -> rusqlite::Result<Option<Self>> {
        let mut ids = Self::default();
        let names = Names::load(conn)?;
        let mut statement = conn.prepare(include_str!("../sql/fingerprints.sql"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if cancel.is_cancelled() {
                return Err(interrupted());
            }
            if ids.stored.len() as u64 == STORED_MAX {
                return Ok(None);
            }
            let (log, number, batch) = names.log(row)?;
            let fingerprint = fingerprint(&ids.key, &log);
            ids.stored.insert(log.id, Stored { fingerprint, number, batch, has_come: false });
        }
        Ok(Some(ids))
    }

    pub(super) fn see(&mut self, row: &LogRow<'_>) -> Seen {
        let Self { new, stored, last, key } = self;
        let hash = new.hash(row.id);
        match stored.get_mut(&row.id) {
            Some(stored) => {
                let has_come = std::mem::replace(&mut stored.has_come, true);
                *last = (!has_come).then_some(row.id);
                let &mut Stored { number, batch, .. } = stored;
                let is_same = stored.fingerprint == fingerprint(key, row);
                if is_same { Seen::Repeat { number, batch, has_come } } else { Seen::Known }
            }
            None if new.insert(hash) => Seen::New,
            None => Seen::Known,
        }
    }

    /// What came last was another row of this id: the one that was there has not come.
    pub(super) fn take_back(&mut self, id: RowId) {
        if self.last.take_if(|it| *it == id).is_some()
            && let Some(stored) = self.stored.get_mut(&id)
        {
            stored.has_come = false;
        }
    }

    /// A row is not as it was any more.
    pub(super) fn change(&mut self, id: RowId) {
        if self.stored.remove(&id).is_some() {
            self.new.insert(self.new.hash(id));
        }
    }
}

/// A set of hashes that says of most new ones that they are new without a look at the others.
///
/// Ids are random, so whoever looks for one among millions waits for memory: 0.16 µs for each of a million, a
/// sixth of what it takes to read a row. A small filter in front knows nearly all that are new, and what
/// comes into the set does so many at once, which wait together; that takes 0.09 µs.
#[derive(Debug)]
struct Hashes {
    key: Quick,
    /// In the word of a hash, three of its bits are set. A power of two of them.
    filter: Vec<u64>,
    /// Those that are not in the set yet.
    latest: Vec<u64>,
    settled: HashSet<u64, Quick>,
}

impl Default for Hashes {
    fn default() -> Self {
        Self {
            key: Quick::default(),
            filter: vec![0; 1 << 10],
            latest: Vec::new(),
            settled: HashSet::default(),
        }
    }
}

impl Hashes {
    /// So many are settled at once.
    const LATEST_MAX: usize = 1_024;
    /// More hashes to a word, and the filter takes too many for known: one in a hundred with half as many.
    const PER_WORD: usize = 8;

    fn hash(&self, id: RowId) -> u64 {
        self.key.hash_one(id)
    }

    /// Whether it was not there.
    fn insert(&mut self, hash: u64) -> bool {
        if self.may_hold(hash) {
            self.settle();
            if self.settled.contains(&hash) {
                return false;
            }
        }
        self.latest.push(hash);
        if self.latest.len() == Self::LATEST_MAX {
            self.settle();
        }
        true
    }

    /// False where the hash is new for certain. From here on it is not.
    fn may_hold(&mut self, hash: u64) -> bool {
        let nth = hash >> (u64::BITS - self.filter.len().ilog2());
        let bits = [0, 6, 12].into_iter().fold(0, |bits, place| bits | 1 << (hash >> place & 63));
        let word = &mut self.filter[nth as usize];
        let may_hold = *word & bits == bits;
        *word |= bits;
        may_hold
    }

    fn settle(&mut self) {
        self.settled.extend(self.latest.drain(..));
        if self.settled.len() > self.filter.len() * Self::PER_WORD {
            self.filter = vec![0; self.filter.len() * 2];
            let settled = std::mem::take(&mut self.settled);
            #[expect(clippy::iter_over_hash_type, reason = "in whatever order, the same bits are set")]
            for hash in &settled {
                self.may_hold(*hash);
            }
            self.settled = settled;
        }
    }
}

/// Of all values but the id.
fn fingerprint(key: &RandomState, row: &LogRow<'_>) -> u64 {
    let LogRow { id: _, user_id, action, credits, metadata, created_at, format, quality } = row;
    key.hash_one((user_id, action, credits, metadata, created_at, format, quality))
}

/// The values under the codes.
struct Names {
    users: Vec<UserId>,
    actions: Vec<Text>,
    formats: Vec<Text>,
    qualities: Vec<Text>,
}

impl Names {
    fn load(conn: &Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            users: dictionary(conn, include_str!("../sql/users.sql"))?,
            actions: dictionary(conn, include_str!("../sql/actions.sql"))?,
            formats: dictionary(conn, include_str!("../sql/formats.sql"))?,
            qualities: dictionary(conn, include_str!("../sql/qualities.sql"))?,
        })
    }

    /// A row of the file, its rowid and its batch.
    fn log<'r>(&'r self, row: &'r Row<'_>) -> rusqlite::Result<(LogRow<'r>, i64, i64)> {
        let text = |names: &'r [Text], code: Option<u32>| {
            code.map(|it| value(names, it).map(|it| &**it)).transpose()
        };
        // By number: a name would be looked up ten times a row.
        let log = LogRow {
            id: row.get(1)?,
            user_id: *value(&self.users, row.get(2)?)?,
            action: value(&self.actions, row.get(3)?)?,
            format: text(&self.formats, row.get(4)?)?,
            quality: text(&self.qualities, row.get(5)?)?,
            credits: row.get(6)?,
            created_at: row.get(7)?,
            metadata: row.get_ref(9)?.as_str_or_null()?,
        };
        Ok((log, row.get(0)?, row.get(8)?))
    }
}
