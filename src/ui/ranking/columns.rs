//! Which columns there is room for, and how wide they are.

use crate::ui::paint::Pen;
use crate::ui::table::Head;
use crate::ui::theme::{L, SMALL, Weight};
use crate::view::{Ranking, RankingOrder};

/// A column of the ranking.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Column {
    Rank,
    Moved,
    User,
    Course,
    Share,
    ActiveDays,
    FirstSeen,
    LastSeen,
    Events,
    Credits,
    Change,
}

/// Below this width of the names, columns go.
const USER_MIN: f32 = 216.0;
/// A course is this wide, and a part of the room that there is beyond what is needed.
const COURSE_MIN: f32 = 96.0;
const COURSE_MAX: f32 = 320.0;
/// What goes first where there is little room.
const GOING: [Column; 4] = [Column::ActiveDays, Column::FirstSeen, Column::Course, Column::LastSeen];

const ALL: [Column; 11] = [
    Column::Rank,
    Column::Moved,
    Column::User,
    Column::Course,
    Column::Share,
    Column::ActiveDays,
    Column::FirstSeen,
    Column::LastSeen,
    Column::Events,
    Column::Credits,
    Column::Change,
];

/// The columns that a table of this width has room for.
pub(super) fn columns(pen: &Pen, width: f32, ranking: &Ranking, order: RankingOrder) -> Vec<(Column, Head)> {
    let figure = |text: &str| pen.width(text, SMALL, Weight::Semibold).ceil();
    let widths = |column: Column| match column {
        Column::Rank => figure(&crate::view::number::count(ranking.len() as u64)).max(34.0),
        Column::Moved => 40.0,
        Column::User => USER_MIN,
        Column::Course => COURSE_MIN,
        Column::Share => 48.0,
        Column::ActiveDays | Column::FirstSeen | Column::LastSeen => 76.0,
        Column::Events => figure(&ranking.events).max(56.0),
        Column::Credits => figure(&ranking.widest_credits).max(64.0),
        Column::Change => 68.0,
    };
    let is_there = |it: &Column| ranking.is_compared || !matches!(it, Column::Moved | Column::Change);
    let mut shown: Vec<_> = ALL.into_iter().filter(is_there).collect();
    // The padding on both sides is as wide as two gaps between columns.
    let needed = |shown: &[Column]| shown.iter().map(|it| widths(*it) + L).sum::<f32>() + L;
    let mut going = GOING.into_iter();
    while needed(&shown) > width
        && let Some(gone) = going.next()
    {
        shown.retain(|it| *it != gone);
    }
    let spare = (width - needed(&shown)).max(0.0);
    let head = |column: Column| {
        let width = match column {
            Column::User => None,
            Column::Course => Some((COURSE_MIN + spare * 0.3).min(COURSE_MAX).floor()),
            // The figures stand apart where there is much room.
            Column::Rank | Column::Moved => Some(widths(column)),
            _ => Some(widths(column) + (spare * 0.03).min(2.0 * L).floor()),
        };
        let sorted = column.order().map(|it| it == order);
        (column, Head { width, sorted, ..column.head() })
    };
    shown.into_iter().map(head).collect()
}

/// From the right edge of the table to the right edge of a column that stands right of the names.
pub(super) fn from_right(columns: &[(Column, Head)], column: Column) -> Option<(f32, f32)> {
    let mut right = L;
    for (other, head) in columns.iter().rev() {
        let width = head.width?;
        if *other == column {
            return Some((right, width));
        }
        right += width + L;
    }
    None
}

impl Column {
    fn head(self) -> Head {
        match self {
            Self::Rank => Head::figure("rank", 0.0),
            Self::Moved => Head::new("", 0.0),
            Self::User => Head::rest("user"),
            Self::Course => Head::new("course", 0.0),
            Self::Share => Head::figure("share", 0.0),
            Self::ActiveDays => Head::figure("active days", 0.0),
            Self::FirstSeen => Head::figure("first seen", 0.0),
            Self::LastSeen => Head::figure("last seen", 0.0),
            Self::Events => Head::figure("events", 0.0),
            Self::Credits => Head::figure("credits", 0.0),
            Self::Change => Head::figure("change", 0.0),
        }
    }

    /// `None` of a column that says nothing to sort by.
    pub(super) fn order(self) -> Option<RankingOrder> {
        Some(match self {
            Self::Credits => RankingOrder::Credits,
            Self::Events => RankingOrder::Events,
            Self::Change => RankingOrder::Change,
            Self::ActiveDays => RankingOrder::ActiveDays,
            Self::FirstSeen => RankingOrder::FirstSeen,
            Self::LastSeen => RankingOrder::LastSeen,
            Self::Rank | Self::Moved | Self::User | Self::Course | Self::Share => return None,
        })
    }
}
