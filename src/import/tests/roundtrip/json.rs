//! Rows as JSON.

use serde_json::json;

use super::{NAMES, values};
use crate::model::Record;

/// How rows stand in JSON.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::import) enum Shape {
    Array,
    Pretty,
    Ndjson,
    /// RFC 7464.
    Sequence,
    /// As Supabase Studio: numbers and metadata are strings.
    Texts,
    /// Arrays, one after another.
    Concatenated,
    Wrapped(&'static str),
    /// `pandas`, `orient="split"`.
    Split,
    /// `pandas`, `orient="table"`.
    Table,
    /// `ClickHouse`, `JSON` and `JSONCompact`.
    Described,
    Compact,
    RowToJson,
}

pub(super) const SHAPES: [Shape; 18] = [
    Shape::Array,
    Shape::Pretty,
    Shape::Ndjson,
    Shape::Sequence,
    Shape::Texts,
    Shape::Concatenated,
    Shape::Wrapped("data"),
    Shape::Wrapped("rows"),
    Shape::Wrapped("result"),
    Shape::Wrapped("items"),
    Shape::Wrapped("records"),
    Shape::Wrapped("usage_logs"),
    Shape::Wrapped("select * from usage_logs"),
    Shape::Split,
    Shape::Table,
    Shape::Described,
    Shape::Compact,
    Shape::RowToJson,
];

impl Shape {
    pub(in crate::import) fn text(self, records: &[Record]) -> String {
        let rows: Vec<[String; 8]> = records.iter().map(|it| json_values(it, self == Self::Texts)).collect();
        let blank = if self == Self::Pretty { "\r\n    " } else { "" };
        let member = |(name, value): (&&str, &String)| format!("{blank}\"{name}\":{blank}{value}");
        let object = |it: &[String; 8]| {
            format!("{{{}{blank}}}", NAMES.iter().zip(it).map(member).collect::<Vec<_>>().join(","))
        };
        let objects: Vec<String> = rows.iter().map(object).collect();
        let (list, names) = (objects.join(","), json!(NAMES).to_string());
        let places = rows.iter().map(|it| format!("[{}]", it.join(","))).collect::<Vec<_>>().join(", ");
        let described = json!(NAMES.map(|it| json!({"name": it, "type": "string"}))).to_string();
        let n_rows = rows.len();
        match self {
            Self::Array | Self::Pretty | Self::Texts => format!("[{list}]"),
            Self::Ndjson => objects.join("\n"),
            Self::Sequence => format!("\u{1e}{}\n", objects.join("\n\u{1e}")),
            Self::Concatenated => format!("[{}]", objects.join("][")),
            Self::Wrapped(key) => format!("{{\"count\":{n_rows},\"{key}\":[{list}],\"error\":null}}"),
            Self::Split => format!("{{\"columns\":{names},\"index\":[0,1],\"data\":[{places}]}}"),
            Self::Table => format!("{{\"schema\":{{\"fields\":{described}}},\"data\":[{list}]}}"),
            Self::Described => format!("{{\"meta\":{described},\"data\":[{list}],\"rows\":{n_rows}}}"),
            Self::Compact => format!("{{\"meta\":{described},\"data\":[{places}],\"rows\":{n_rows}}}"),
            Self::RowToJson => {
                format!(
                    "[{}]",
                    objects
                        .iter()
                        .map(|it| format!("{{\"row_to_json\":{it}}}"))
                        .collect::<Vec<_>>()
                        .join(",")
                )
            }
        }
    }
}

/// Each value as JSON.
fn json_values(it: &Record, as_texts: bool) -> [String; 8] {
    let mut values = values(it).map(|it| json!(it).to_string());
    if !as_texts {
        values[3] = it.credits.to_string();
        values[4] = it.metadata.clone().unwrap_or_else(|| "null".to_owned());
    }
    values
}
