//! The entries of each index, sorted as numbers, and how a record of one is written.

use rusqlite::Row;
use rusqlite::types::ValueRef;

use crate::model::Cancel;
use crate::store::error::interrupted;
use crate::store::open::Connection;
use crate::store::pages::record::{self, Value};

/// Rows between two looks at a cancel.
const ROWS_BETWEEN_LOOKS: usize = 8 * 1024;

/// One of the indexes of the log rows.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) name: &'static str,
    /// As the migrations have it, without its first word.
    pub(super) definition: &'static str,
    /// The rows' numbers, and the columns of the index.
    select: &'static str,
    key: Key,
}

/// What an index orders by, and so what its entries hold before the row's number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Key {
    /// 16 bytes, of which no two rows have the same.
    Id,
    /// A code, and a number that falls.
    CodeThenFalling,
    /// Two codes, each of which may be missing; that comes first.
    Codes,
    /// A number that falls.
    Falling,
}

/// All of them.
pub(super) const INDEXES: [Index; 6] = [
    Index {
        name: "raw_usage_logs_id",
        definition: "UNIQUE INDEX raw_usage_logs_id ON raw_usage_logs (id)",
        select: include_str!("../sql/indexes/id.sql"),
        key: Key::Id,
    },
    Index {
        name: "idx_usage_logs_user_created",
        definition: "INDEX idx_usage_logs_user_created ON raw_usage_logs (user_code, created_at_us DESC)",
        select: include_str!("../sql/indexes/user_created.sql"),
        key: Key::CodeThenFalling,
    },
    Index {
        name: "idx_usage_logs_action",
        definition: "INDEX idx_usage_logs_action ON raw_usage_logs (action_code, created_at_us DESC)",
        select: include_str!("../sql/indexes/action.sql"),
        key: Key::CodeThenFalling,
    },
    Index {
        name: "idx_usage_logs_format_quality",
        definition: "INDEX idx_usage_logs_format_quality ON raw_usage_logs (format_code, quality_code)",
        select: include_str!("../sql/indexes/format_quality.sql"),
        key: Key::Codes,
    },
    Index {
        name: "idx_usage_logs_created",
        definition: "INDEX idx_usage_logs_created ON raw_usage_logs (created_at_us DESC)",
        select: include_str!("../sql/indexes/created.sql"),
        key: Key::Falling,
    },
    Index {
        name: "idx_usage_logs_credits",
        definition: "INDEX idx_usage_logs_credits ON raw_usage_logs (credits_nano DESC)",
        select: include_str!("../sql/indexes/credits.sql"),
        key: Key::Falling,
    },
];

/// An entry as three numbers that sort as the index does: 24 bytes a row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Entry {
    key: [u64; 2],
    /// The row's number.
    row: i64,
}

impl Index {
    /// As a schema keeps it.
    pub(super) fn sql(&self) -> String {
        format!("CREATE {}", self.definition)
    }

    /// All entries in their order. `None` where a value is not what this knows to write, or an id stands
    /// twice: only another program's hand leaves such rows.
    pub(super) fn entries(&self, conn: &Connection, cancel: &Cancel) -> rusqlite::Result<Option<Vec<Entry>>> {
        let mut entries = Vec::new();
        let mut statement = conn.prepare(self.select)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if entries.len() % ROWS_BETWEEN_LOOKS == 0 && cancel.is_cancelled() {
                return Err(interrupted());
            }
            let Some(key) = self.key.read(row)? else { return Ok(None) };
            entries.push(Entry { key, row: row.get(0)? });
        }
        entries.sort_unstable();
        let is_double = self.key == Key::Id && entries.windows(2).any(|it| it[0].key == it[1].key);
        Ok((!is_double).then_some(entries))
    }

    /// Writes an entry as a leaf has it: the length of its record, and the record.
    pub(super) fn write(&self, entry: &Entry, cell: &mut Vec<u8>) {
        let Entry { key: [first, second], row } = *entry;
        let row = Value::Integer(row);
        cell.clear();
        cell.push(0);
        match self.key {
            Key::Id => {
                let id = [first, second].map(u64::to_be_bytes);
                record::append(&[Value::Blob(id.as_flattened()), row], cell);
            }
            Key::CodeThenFalling => {
                let values = [Value::Integer(number(first)), Value::Integer(number(!second)), row];
                record::append(&values, cell);
            }
            Key::Codes => record::append(&[code(first), code(second), row], cell),
            Key::Falling => record::append(&[Value::Integer(number(!first)), row], cell),
        }
        // No entry is so long that this would take a second byte.
        cell[0] = (cell.len() - 1) as u8;
    }
}

impl Key {
    /// The key of a row, `None` where a value is of another kind.
    fn read(self, row: &Row<'_>) -> rusqlite::Result<Option<[u64; 2]>> {
        let integer = |column| match row.get_ref(column)? {
            ValueRef::Integer(number) => Ok::<_, rusqlite::Error>(Some(sorting(number))),
            _ => Ok(None),
        };
        let code = |column| match row.get_ref(column)? {
            ValueRef::Null => Ok::<_, rusqlite::Error>(Some(NO_CODE)),
            _ => Ok(integer(column)?.filter(|it| *it != NO_CODE)),
        };
        Ok(match self {
            Self::Id => match row.get_ref(1)? {
                ValueRef::Blob(id) => id.try_into().ok().map(|it| {
                    let id = u128::from_be_bytes(it);
                    [(id >> 64) as u64, id as u64]
                }),
                _ => None,
            },
            Self::CodeThenFalling => integer(1)?.zip(integer(2)?).map(|(code, number)| [code, !number]),
            Self::Codes => code(1)?.zip(code(2)?).map(|(first, second)| [first, second]),
            Self::Falling => integer(1)?.map(|it| [!it, 0]),
        })
    }
}

/// What stands for no code; no number that is in use does.
const NO_CODE: u64 = 0;

/// A number without a sign, in the same order.
fn sorting(number: i64) -> u64 {
    number.cast_unsigned() ^ (1 << 63)
}

fn number(sorting: u64) -> i64 {
    (sorting ^ (1 << 63)).cast_signed()
}

fn code(sorting: u64) -> Value<'static> {
    if sorting == NO_CODE { Value::Null } else { Value::Integer(number(sorting)) }
}
