use super::{Bucket, CreditSum, Credits, Cursor, Instant, RowId, Text, UserId};

/// The answer to an [`Ask`](super::Ask).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    Table(Table),
    Rows(Vec<Record>),
}

/// The answer to a [`Query`](super::Query).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Table {
    pub rows: Vec<TableRow>,
}

/// One row of an answer: its keys in the order of `group_by`, its figures in the order of `measures`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableRow {
    /// Where the question had a grain.
    pub bucket: Option<Bucket>,
    pub keys: Vec<Key>,
    pub figures: Vec<Figure>,
}

/// The value of a [`Dim`](super::Dim). NULL comes last.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Key {
    User(UserId),
    Text(Option<Text>),
}

/// The value of a [`Measure`](super::Measure).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Figure {
    Credits(CreditSum),
    Count(u64),
    /// `None` of no rows.
    Average(Option<CreditSum>),
}

/// One row of `usage_logs`, whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    pub id: RowId,
    pub user_id: UserId,
    pub action: String,
    pub credits: Credits,
    /// As the dump had it; mostly JSON.
    pub metadata: Option<String>,
    pub created_at: Instant,
    pub format: Option<String>,
    pub quality: Option<String>,
}

impl Key {
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => text.as_deref(),
            Self::User(_) => None,
        }
    }

    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::User(user) => Some(*user),
            Self::Text(_) => None,
        }
    }
}

/// Users by value, texts by bytes, NULL last.
impl Ord for Key {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        match (self, other) {
            (Self::User(a), Self::User(b)) => a.cmp(b),
            (Self::User(_), Self::Text(_)) => std::cmp::Ordering::Less,
            (Self::Text(_), Self::User(_)) => std::cmp::Ordering::Greater,
            (Self::Text(a), Self::Text(b)) => (a.is_none(), a).cmp(&(b.is_none(), b)),
        }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Figure {
    /// Credits, or nothing for a figure of another kind.
    pub fn credits(self) -> CreditSum {
        match self {
            Self::Credits(sum) | Self::Average(Some(sum)) => sum,
            Self::Count(_) | Self::Average(None) => CreditSum::ZERO,
        }
    }

    /// A count, or 0 for a figure of another kind.
    pub fn count(self) -> u64 {
        match self {
            Self::Count(n) => n,
            Self::Credits(_) | Self::Average(_) => 0,
        }
    }
}

impl Record {
    pub fn cursor(&self) -> Cursor {
        Cursor { created_at: self.created_at, credits: self.credits, id: self.id }
    }
}
