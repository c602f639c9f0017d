use std::collections::{BTreeMap, BTreeSet};

use super::{Credits, Instant, MetadataKey, RowId, Text, UserId};

/// Everything that asks for rows is one of these two, run as a viewer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ask {
    /// Sums, counts and averages.
    Table(Query),
    /// The rows themselves, a page at a time.
    Rows(RowQuery),
}

/// A question for figures: of which rows, cut how, measured by what.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Query {
    pub window: Window,
    pub filter: Filter,
    /// One row of the answer for each combination that occurs.
    pub group_by: Vec<Dim>,
    /// Also cut by time. Buckets without rows are not in the answer; charts fill them.
    pub grain: Option<Grain>,
    pub measures: Vec<Measure>,
    pub order: Order,
    /// After the order.
    pub limit: Option<usize>,
}

use super::Grain;

/// Half-open: `from ≤ created_at < until`. `None` is without end.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Window {
    pub from: Option<Instant>,
    pub until: Option<Instant>,
}

/// Which rows count. Different columns are joined by "and".
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    pub users: Choice<UserId>,
    pub actions: Choice<Text>,
    pub formats: Choice<Option<Text>>,
    pub qualities: Choice<Option<Text>>,
    /// By the values of metadata keys, as [`Dim::Metadata`] has them.
    pub metadata: BTreeMap<MetadataKey, Choice<Option<Text>>>,
}

/// Values of one column: any of `include` (or all, if it is empty), and none of `exclude`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice<T> {
    pub include: Vec<T>,
    pub exclude: Vec<T>,
}

/// What figures are told apart by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Dim {
    User,
    Action,
    Format,
    Quality,
    /// The value of a key at the top of the metadata, as `PostgreSQL`'s `metadata ->> 'key'` writes it:
    /// `1` and `"1"` are one value. NULL where there is no such key, where it is null, and where the
    /// metadata is no JSON object.
    Metadata(MetadataKey),
}

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Measure {
    Credits,
    /// The sum of what is negative: zero or less. [`Self::Credits`] without it is what was charged.
    Refunds,
    Events,
    UniqueUsers,
    /// Exact quotient, half away from zero to 9 decimals.
    CreditsPerEvent,
}

/// The order of an answer: by bucket, then by a measure, the largest first, then by keys.
///
/// Texts by bytes, ids by value, NULL last, as `PostgreSQL` orders them under `COLLATE "C"`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Order {
    pub newest_first: bool,
    pub largest_first: Option<Measure>,
}

/// A question for rows, a page at a time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RowQuery {
    pub window: Window,
    pub filter: Filter,
    /// Only rows whose metadata holds this text, as it was written in the dump.
    pub metadata_contains: Option<String>,
    pub order: RowOrder,
    /// Walks the list from its end: the last row comes first, and equals the other way round too.
    pub backwards: bool,
    /// The page begins after this row, in the direction of the walk.
    pub after: Option<Cursor>,
    pub limit: u32,
}

/// How rows are listed; ties by id.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum RowOrder {
    #[default]
    Newest,
    Oldest,
    Largest,
}

/// The place of a row in a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cursor {
    pub created_at: Instant,
    pub credits: Credits,
    pub id: RowId,
}

impl Query {
    /// The metadata keys whose values it asks for, to group or to filter by.
    pub fn metadata_keys(&self) -> BTreeSet<MetadataKey> {
        let grouped = self.group_by.iter().filter_map(|it| match it {
            Dim::Metadata(key) => Some(*key),
            Dim::User | Dim::Action | Dim::Format | Dim::Quality => None,
        });
        grouped.chain(self.filter.metadata.keys().copied()).collect()
    }
}

impl Window {
    pub const ALL: Self = Self { from: None, until: None };

    pub fn since(from: Instant) -> Self {
        Self { from: Some(from), until: None }
    }

    pub fn between(from: Instant, until: Instant) -> Self {
        Self { from: Some(from), until: Some(until) }
    }
}

impl<T: PartialEq> Choice<T> {
    pub fn only(value: T) -> Self {
        Self { include: vec![value], exclude: Vec::new() }
    }

    pub fn not(value: T) -> Self {
        Self { include: Vec::new(), exclude: vec![value] }
    }

    pub fn admits(&self, value: &T) -> bool {
        (self.include.is_empty() || self.include.contains(value)) && !self.exclude.contains(value)
    }

    pub fn is_empty(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }
}

impl<T> Default for Choice<T> {
    fn default() -> Self {
        Self { include: Vec::new(), exclude: Vec::new() }
    }
}

impl Filter {
    /// Only the rows of one user.
    pub fn of_user(user: UserId) -> Self {
        Self { users: Choice::only(user), ..Self::default() }
    }
}

impl RowQuery {
    /// The newest `limit` rows.
    pub fn newest(limit: u32) -> Self {
        Self {
            window: Window::ALL,
            filter: Filter::default(),
            metadata_contains: None,
            order: RowOrder::Newest,
            backwards: false,
            after: None,
            limit,
        }
    }
}
