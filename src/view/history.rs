use std::collections::BTreeMap;

use super::{Cell, cell, json, number};
use crate::model::{Calendar, CreditSum, Record, UserId};

/// A page of rows, ready to draw.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct History {
    pub rows: Vec<HistoryRow>,
    /// What the page holds: `200 rows, 2026-11-20 08:00:00 to 2026-11-24 14:05:00`.
    pub caption: String,
    pub ends: Ends,
}

/// Which ends of the list a page touches.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Ends {
    /// There is nothing newer.
    pub newest: bool,
    /// There is nothing older.
    pub oldest: bool,
}

/// One row of `usage_logs`.
#[derive(Clone, PartialEq, Debug)]
pub struct HistoryRow {
    /// In the zone, to the second or as fine as it is.
    pub time: String,
    /// The name, or the short id of a user without one.
    pub user: Cell,
    pub action: Cell,
    pub format: Cell,
    pub quality: Cell,
    /// Exact, with as many decimals as the longest of the page.
    pub credits: String,
    pub metadata: Cell,
    /// Every field but the metadata, by its column's name.
    pub fields: Vec<(&'static str, Cell)>,
    /// The metadata, laid out where it is JSON.
    pub tree: Cell,
    /// The whole row as a JSON object, for the clipboard.
    pub json: String,
}

/// Characters of metadata that the details lay out; the clipboard has all.
const TREE_CHARS_MAX: usize = 20_000;

impl History {
    /// From a page of rows in the order in which they are listed.
    pub fn build(
        records: &[Record],
        usernames: &BTreeMap<UserId, String>,
        calendar: &Calendar,
        ends: Ends,
    ) -> Self {
        let decimals = records.iter().map(|it| decimals(it.credits.into())).max().unwrap_or_default().max(2);
        let rows = records.iter().map(|it| HistoryRow::build(it, usernames, calendar, decimals)).collect();
        Self { rows, caption: caption(records, calendar), ends }
    }
}

impl HistoryRow {
    fn build(
        record: &Record,
        usernames: &BTreeMap<UserId, String>,
        calendar: &Calendar,
        decimals: u32,
    ) -> Self {
        let Record { id, user_id, action, credits, metadata, created_at, format, quality } = record;
        let name = usernames.get(user_id).filter(|it| !it.is_empty());
        let plain = |text: String| Cell { text, soft: false };
        let user = match name {
            Some(name) => Cell::cut(Some(name)),
            None => Cell { text: user_id.short(), soft: true },
        };
        let credits_exact = credits.to_string();
        let fields = vec![
            ("created_at", plain(calendar.zone.format(*created_at))),
            ("username", name.map_or_else(|| soft("no profile"), |it| Cell::of(Some(it)))),
            ("user_id", plain(user_id.to_string())),
            ("action", Cell::of(Some(action))),
            ("credits_consumed", plain(credits_exact.clone())),
            ("format", Cell::of(format.as_deref())),
            ("quality", Cell::of(quality.as_deref())),
            ("id", plain(id.to_string())),
        ];
        Self {
            time: number::second(*created_at, &calendar.zone),
            user,
            action: Cell::cut(Some(action)),
            format: Cell::cut(format.as_deref()),
            quality: Cell::cut(quality.as_deref()),
            credits: number::fixed((*credits).into(), decimals),
            metadata: Cell::cut(metadata.as_deref()),
            fields,
            tree: tree(metadata.as_deref()),
            json: whole(record, calendar),
        }
    }
}

fn soft(text: &str) -> Cell {
    Cell { text: text.to_owned(), soft: true }
}

fn caption(records: &[Record], calendar: &Calendar) -> String {
    let [first, .., last] = records else {
        return match records {
            [only] => format!("1 row, {}", number::second(only.created_at, &calendar.zone)),
            _ => "No rows".to_owned(),
        };
    };
    let at = |it: &Record| number::second(it.created_at, &calendar.zone);
    format!("{} rows, {} back to {}", number::count(records.len() as u64), at(first), at(last))
}

/// Digits after the point that a value needs.
fn decimals(credits: CreditSum) -> u32 {
    credits.to_string().split_once('.').map_or(0, |(_, fraction)| fraction.len() as u32)
}

/// Metadata for the details: a tree of what is JSON, and what is not as it stands.
fn tree(metadata: Option<&str>) -> Cell {
    match metadata.and_then(json::tree) {
        // In valid JSON what has no shape can stand in strings only; its lines are ours.
        Some(tree) => {
            let lines: Vec<_> = cell::first_chars(&tree, TREE_CHARS_MAX).lines().map(cell::visible).collect();
            Cell { text: lines.join("\n"), soft: false }
        }
        None => Cell::of(metadata.map(|it| cell::first_chars(it, TREE_CHARS_MAX)).as_deref()),
    }
}

/// In the shape of the report `history`.
fn whole(record: &Record, calendar: &Calendar) -> String {
    let Record { id, user_id, action, credits, metadata, created_at, format, quality } = record;
    let text = |it: Option<&str>| it.map_or_else(|| "null".to_owned(), json::string);
    let metadata = match metadata.as_deref() {
        Some(metadata) if json::is_json(metadata) => metadata.trim().to_owned(),
        other => text(other),
    };
    format!(
        "{{\"id\":\"{id}\",\"user_id\":\"{user_id}\",\"action\":{action},\"credits_consumed\":{credits},\
         \"metadata\":{metadata},\"created_at\":\"{time}\",\"format\":{format},\"quality\":{quality}}}",
        action = json::string(action),
        time = calendar.zone.format(*created_at),
        format = text(format.as_deref()),
        quality = text(quality.as_deref()),
    )
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::model::{Credits, Instant, RowId, Zone};

    fn record(nano: i64, metadata: Option<&str>) -> Record {
        Record {
            id: RowId(Uuid::from_u128(7)),
            user_id: UserId(Uuid::from_u128(1 << 96)),
            action: "image_generation".to_owned(),
            credits: Credits::from_nano(nano).unwrap(),
            metadata: metadata.map(str::to_owned),
            created_at: Instant::from_micros(1_756_548_000_000_000),
            format: Some("image".to_owned()),
            quality: None,
        }
    }

    fn build(records: &[Record]) -> History {
        let names = BTreeMap::from([(records[0].user_id, "Ada".to_owned())]);
        let calendar = Calendar::new(Zone::named("Europe/Berlin").unwrap());
        History::build(records, &names, &calendar, Ends { newest: true, oldest: true })
    }

    #[test]
    fn a_page_has_as_many_decimals_as_its_longest_value() {
        let history =
            build(&[record(2_500_000_000, None), record(-1, None), record(1_200_000_000_000, None)]);
        let credits: Vec<_> = history.rows.iter().map(|it| it.credits.as_str()).collect();
        assert_eq!(credits, ["2.500000000", "−0.000000001", "1,200.000000000"]);
        assert_eq!(build(&[record(3_000_000_000, None)]).rows[0].credits, "3.00");
    }

    #[test]
    fn the_clipboard_gets_the_row_as_the_source_prints_it() {
        let row = &build(&[record(2_500_000_000, Some(r#"{"b": 1.50, "a": 1}"#))]).rows[0];
        assert_eq!(
            row.json,
            r#"{"id":"00000000-0000-0000-0000-000000000007","user_id":"00000001-0000-0000-0000-000000000000","action":"image_generation","credits_consumed":2.5,"metadata":{"b": 1.50, "a": 1},"created_at":"2025-08-30T12:00:00+02:00","format":"image","quality":null}"#
        );
        assert_eq!(row.tree.text, "{\n  \"b\": 1.50,\n  \"a\": 1\n}");
        assert!(json::is_json(&build(&[record(0, Some("[object Object]"))]).rows[0].json));
    }

    #[test]
    fn the_caption_says_what_the_page_holds() {
        assert_eq!(build(&[record(0, None)]).caption, "1 row, 2025-08-30 12:00:00");
        assert_eq!(
            build(&[record(0, None), record(0, None)]).caption,
            "2 rows, 2025-08-30 12:00:00 back to 2025-08-30 12:00:00"
        );
        assert_eq!(
            History::build(&[], &BTreeMap::new(), &Calendar::utc(), Ends::default()).caption,
            "No rows"
        );
    }
}
