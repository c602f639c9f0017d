//! The values behind the charts of the Overview.

use chrono::NaiveDate;

/// Which part of time is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Range {
    /// As many calendar days, the day of the newest row included.
    LastDays(u32),
    /// As many calendar weeks, the week of the newest row included.
    LastWeeks(u32),
    All,
    /// Both included.
    Dates {
        first: NaiveDate,
        last: NaiveDate,
    },
}

/// A range, and how often it was stepped: −1 is the range before.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Period {
    pub range: Range,
    pub steps: i32,
}

impl Default for Period {
    fn default() -> Self {
        Self { range: Range::LastDays(30), steps: 0 }
    }
}
