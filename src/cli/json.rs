//! Rows as JSON, digit by digit: no figure goes through a float.

use serde_json::value::RawValue;

use crate::model::Zone;
use crate::report::Cell;

/// An object with the keys in the order of the columns.
pub(super) fn row(columns: &[&str], row: &[Cell], zone: &Zone) -> String {
    let pairs = columns.iter().zip(row);
    object(pairs.map(|(column, cell)| (*column, value(cell, zone))))
}

/// Of values that are JSON already.
pub(super) fn object<'a>(pairs: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let pairs: Vec<_> = pairs.into_iter().map(|(key, value)| format!("{}:{value}", string(key))).collect();
    format!("{{{}}}", pairs.join(","))
}

/// Of values that are JSON already, one a line.
pub(super) fn array(items: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", items.into_iter().collect::<Vec<_>>().join(",\n"))
}

pub(super) fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

pub(super) fn string_or_null(text: Option<&str>) -> String {
    text.map_or_else(null, string)
}

pub(super) fn null() -> String {
    "null".to_owned()
}

fn value(cell: &Cell, zone: &Zone) -> String {
    match cell {
        Cell::Null => null(),
        Cell::Count(n) => n.to_string(),
        Cell::Credits(sum) => sum.to_string(),
        Cell::Metadata(text) => metadata(text),
        Cell::Text(_) | Cell::Id(_) | Cell::Time(_) | Cell::Date(_) => {
            string_or_null(super::text(cell, zone).as_deref())
        }
    }
}

/// As it stands, if it is JSON; anything else becomes a string.
fn metadata(text: &str) -> String {
    match serde_json::from_str::<&RawValue>(text) {
        Ok(json) => json.get().to_owned(),
        Err(_) => string(text),
    }
}
