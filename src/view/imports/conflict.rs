use crate::model::{Calendar, Conflict, CreditSum, DumpTable, Instant, Record, RowId};
use crate::view::{Cell, HistoryRow, number};

/// A row that contradicted one that was there, as the file remembers it.
#[derive(Clone, PartialEq, Debug)]
pub struct RememberedConflict {
    pub table: DumpTable,
    pub conflict: Conflict,
    /// The row that was there first, where it is known.
    pub kept: Option<Record>,
    /// The version that came later, where it was kept whole.
    pub newer: Option<Record>,
    /// When the newer one was taken, and by whom.
    pub taken: Option<(Instant, String)>,
}

/// Both versions of a row, ready to draw.
#[derive(Clone, PartialEq, Debug)]
pub struct Versions {
    pub id: RowId,
    pub lines: Vec<VersionLine>,
    /// Credits of the first and of the newer version, where they are known.
    pub credits: [Option<String>; 2],
    /// `+0.5`: what all credits gain or lose with the newer version, where that is known.
    pub difference: Option<String>,
    pub choice: Choosable,
    /// The same as a figure.
    pub(super) gain: Option<CreditSum>,
    /// Both versions as CSV.
    pub(super) csv: [Option<String>; 2],
}

/// One column of both versions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VersionLine {
    pub column: &'static str,
    pub kept: Cell,
    pub newer: Cell,
    pub differs: bool,
}

/// Whether the newer version can be taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Choosable {
    Yes,
    /// `Taken 24 Nov 2026 14:05 by ada`.
    Taken(String),
    /// Why not.
    No(&'static str),
}

const NOT_KEPT: &str = "Cannot be taken: no more was kept of it than the beginning of its text. Import its \
                        file again, and take it then";
const OTHER_TABLE: &str = "Cannot be taken: only rows of usage_logs have versions";
const COLUMNS: [&str; 7] =
    ["user_id", "action", "credits_consumed", "metadata", "created_at", "format", "quality"];

impl Versions {
    pub(super) fn build(of: &RememberedConflict, calendar: &Calendar) -> Self {
        let RememberedConflict { table, conflict, kept, newer, taken } = of;
        let choice = match (taken, newer) {
            (Some((at, by)), _) => {
                Choosable::Taken(format!("Taken {} by {by}", number::minute(*at, &calendar.zone)))
            }
            (None, None) if *table == DumpTable::UsageLogs => Choosable::No(NOT_KEPT),
            (None, None) => Choosable::No(OTHER_TABLE),
            (None, Some(_)) => Choosable::Yes,
        };
        let credits = |it: &Option<Record>| it.as_ref().map(|it| CreditSum::from(it.credits));
        // A row that went with its import comes again with all its credits.
        let gain = credits(newer).map(|it| it - credits(kept).unwrap_or(CreditSum::ZERO));
        Self {
            id: RowId(conflict.id),
            lines: lines(kept.as_ref(), newer.as_ref(), calendar),
            credits: [credits(kept), credits(newer)].map(|it| it.map(number::exact)),
            difference: gain.map(number::signed),
            choice,
            gain,
            csv: [kept, newer].map(|it| it.as_ref().map(|it| HistoryRow::csv_line(it, calendar))),
        }
    }
}

fn lines(kept: Option<&Record>, newer: Option<&Record>, calendar: &Calendar) -> Vec<VersionLine> {
    let absent = |text: &str| Cell { text: text.to_owned(), soft: true };
    let (first, second) = (kept.map(|it| values(it, calendar)), newer.map(|it| values(it, calendar)));
    let lines = COLUMNS.iter().enumerate().map(|(place, column)| {
        let value = |of: &Option<[Option<String>; 7]>| of.as_ref().and_then(|it| it.get(place).cloned());
        let (first, second) = (value(&first), value(&second));
        VersionLine {
            column,
            differs: first.is_some() && second.is_some() && first != second,
            kept: first.map_or_else(|| absent("not in the file"), |it| Cell::of(it.as_deref())),
            newer: second.map_or_else(|| absent("not kept"), |it| Cell::of(it.as_deref())),
        }
    });
    lines.collect()
}

/// By [`COLUMNS`].
fn values(record: &Record, calendar: &Calendar) -> [Option<String>; 7] {
    let Record { id: _, user_id, action, credits, metadata, created_at, format, quality } = record;
    [
        Some(user_id.to_string()),
        Some(action.clone()),
        Some(credits.to_string()),
        metadata.clone(),
        Some(calendar.zone.format(*created_at)),
        format.clone(),
        quality.clone(),
    ]
}
