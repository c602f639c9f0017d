use std::collections::BTreeMap;

use super::{Cell, Node, RowValues, cell, json, number};
use crate::model::{Calendar, CreditSum, Record, UserId};

/// A page of rows, ready to draw.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct History {
    /// Tells one page that was drawn from the next; the app counts them.
    pub number: u64,
    pub rows: Vec<HistoryRow>,
    /// What the page holds: `200 rows, 2026-11-20 08:00:00 to 2026-11-24 14:05:00`.
    pub caption: String,
    pub ends: Ends,
    /// The whole list, or the page where the list was not counted.
    pub figures: Figures,
    /// What the visible rows can be filtered by.
    pub values: RowValues,
    /// The names of the users that are filtered by, as far as the viewer knows them.
    pub usernames: BTreeMap<UserId, String>,
}

/// Which ends of the list a page touches.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Ends {
    /// There is nothing before it.
    pub first: bool,
    /// There is nothing after it.
    pub last: bool,
}

/// How many rows there are, and what they come to, as whole numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Figures {
    pub n_rows: u64,
    pub credits: CreditSum,
    /// Of the page only: what is in the metadata is not counted beyond it.
    pub of_page: bool,
}

/// One row of `usage_logs`.
#[derive(Clone, PartialEq, Eq, Debug)]
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
    record: Record,
    /// `created_at` as the reports print it.
    created_at: String,
}

/// Characters that the details lay out of metadata that is not JSON; the clipboard has all.
const RAW_CHARS_MAX: usize = 20_000;

/// The columns of `usage_logs`, in the order of the table.
const COLUMNS: [&str; 8] =
    ["id", "user_id", "action", "credits_consumed", "metadata", "created_at", "format", "quality"];

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
        Self { rows, caption: caption(records, calendar), ends, ..Self::default() }
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
            record: record.clone(),
            created_at: calendar.zone.format(*created_at),
        }
    }

    /// The metadata as a tree. `None` where it is not JSON.
    pub fn tree(&self) -> Option<Vec<Node>> {
        self.record.metadata.as_deref().and_then(json::tree)
    }

    /// The metadata as it stands.
    pub fn raw_metadata(&self) -> Cell {
        Cell::of(self.record.metadata.as_deref().map(|it| cell::first_chars(it, RAW_CHARS_MAX)).as_deref())
    }

    /// The whole row as a JSON object, in the shape of the report `history`.
    pub fn json(&self) -> String {
        let Record { id, user_id, action, credits, metadata, created_at: _, format, quality } = &self.record;
        let text = |it: Option<&str>| it.map_or_else(|| "null".to_owned(), json::string);
        let metadata = match metadata.as_deref() {
            Some(metadata) if json::is_json(metadata) => metadata.trim().to_owned(),
            other => text(other),
        };
        format!(
            "{{\"id\":\"{id}\",\"user_id\":\"{user_id}\",\"action\":{action},\"credits_consumed\":{credits},\
             \"metadata\":{metadata},\"created_at\":\"{time}\",\"format\":{format},\"quality\":{quality}}}",
            action = json::string(action),
            time = self.created_at,
            format = text(format.as_deref()),
            quality = text(quality.as_deref()),
        )
    }

    /// A head and the row, as `PostgreSQL` writes CSV: it can be imported again.
    pub fn csv(&self) -> String {
        format!("{}\n{}\n", COLUMNS.join(","), self.delimited(','))
    }

    /// A row as a line of [`Self::csv`].
    pub(super) fn csv_line(record: &Record, calendar: &Calendar) -> String {
        Self::build(record, &BTreeMap::new(), calendar, 0).delimited(',')
    }

    /// The row for a spreadsheet, a tab between two values.
    pub fn tab_separated(&self) -> String {
        self.delimited('\t')
    }

    /// NULL is nothing at all, the empty text is two quotes.
    fn delimited(&self, delimiter: char) -> String {
        let Record { id, user_id, action, credits, metadata, created_at: _, format, quality } = &self.record;
        let quoted = |text: &str| {
            let needs_quotes =
                text.is_empty() || text.contains(['"', '\n', '\r', delimiter]) || text == "\\.";
            if needs_quotes { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
        };
        let or_null = |text: &Option<String>| text.as_deref().map(quoted).unwrap_or_default();
        let values = [
            id.to_string(),
            user_id.to_string(),
            quoted(action),
            credits.to_string(),
            or_null(metadata),
            self.created_at.clone(),
            or_null(format),
            or_null(quality),
        ];
        values.join(&delimiter.to_string())
    }
}

impl Figures {
    /// `1,204 rows, 3,044.25 credits`, to the last digit.
    pub fn text(&self) -> String {
        let Self { n_rows, credits, of_page } = *self;
        let rows = if n_rows == 1 { "row" } else { "rows" };
        let scope = if of_page { " on this page" } else { "" };
        format!("{} {rows}, {} credits{scope}", number::count(n_rows), number::exact(credits))
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
    format!("{} rows, {} to {}", number::count(records.len() as u64), at(first), at(last))
}

/// Digits after the point that a value needs.
fn decimals(credits: CreditSum) -> u32 {
    credits.to_string().split_once('.').map_or(0, |(_, fraction)| fraction.len() as u32)
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
        History::build(records, &names, &calendar, Ends { first: true, last: true })
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
            row.json(),
            r#"{"id":"00000000-0000-0000-0000-000000000007","user_id":"00000001-0000-0000-0000-000000000000","action":"image_generation","credits_consumed":2.5,"metadata":{"b": 1.50, "a": 1},"created_at":"2025-08-30T12:00:00+02:00","format":"image","quality":null}"#
        );
        assert_eq!(row.tree().unwrap()[1].text(), "b: 1.50");
        assert!(json::is_json(&build(&[record(0, Some("[object Object]"))]).rows[0].json()));
    }

    #[test]
    fn the_clipboard_gets_the_row_as_a_table_has_it() {
        let row = &build(&[Record { quality: Some(String::new()), ..record(1, Some("a\t\"b\"")) }]).rows[0];
        assert_eq!(
            row.csv(),
            "id,user_id,action,credits_consumed,metadata,created_at,format,quality\n\
             00000000-0000-0000-0000-000000000007,00000001-0000-0000-0000-000000000000,image_generation,\
             0.000000001,\"a\t\"\"b\"\"\",2025-08-30T12:00:00+02:00,image,\"\"\n"
        );
        let row = &build(&[record(-500_000_000, None)]).rows[0];
        assert_eq!(
            row.tab_separated(),
            "00000000-0000-0000-0000-000000000007\t00000001-0000-0000-0000-000000000000\timage_generation\t\
             -0.5\t\t2025-08-30T12:00:00+02:00\timage\t"
        );
    }

    #[test]
    fn figures_are_written_to_the_last_digit() {
        let credits = CreditSum::from_nano(3_044_250_000_001);
        let all = Figures { n_rows: 1_204, credits, of_page: false };
        assert_eq!(all.text(), "1,204 rows, 3,044.250000001 credits");
        assert_eq!(
            Figures { n_rows: 1, of_page: true, ..all }.text(),
            "1 row, 3,044.250000001 credits on this page"
        );
    }

    #[test]
    fn the_caption_says_what_the_page_holds() {
        assert_eq!(build(&[record(0, None)]).caption, "1 row, 2025-08-30 12:00:00");
        assert_eq!(
            build(&[record(0, None), record(0, None)]).caption,
            "2 rows, 2025-08-30 12:00:00 to 2025-08-30 12:00:00"
        );
        assert_eq!(
            History::build(&[], &BTreeMap::new(), &Calendar::utc(), Ends::default()).caption,
            "No rows"
        );
    }
}
