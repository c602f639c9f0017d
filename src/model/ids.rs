use std::fmt;

use uuid::Uuid;

/// The id of a user: `auth.uid()` of the platform, `user_id` of a row.
///
/// Ordered by value, as `PostgreSQL` orders `uuid`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct UserId(pub Uuid);

/// The id of a row of `usage_logs`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RowId(pub Uuid);

impl UserId {
    /// The first eight digits: enough to tell users apart on the screen.
    pub fn short(self) -> String {
        self.to_string().chars().take(8).collect()
    }
}

/// Lower case with dashes.
impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

/// Lower case with dashes.
impl fmt::Display for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}
