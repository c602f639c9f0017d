//! JSON as `PostgreSQL`, `PostgREST` and Supabase Studio write it → records.
//!
//! Records are cut out by their brackets, without recursion, and each is then parsed alone; its
//! values stay the texts they are, so that digits and the order of keys survive. Of two equal keys in
//! a record the last one counts, as it does for `jsonb`.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::columns::{Column, Layout, N_COLUMNS};
use super::report::{FileError, Format};
use super::rows::{Cell, RawRow};
use super::source::Source;
use super::split::{Piece, Splitter};
use super::tables::Tables;
use super::{csv, jsonb};
use crate::model::Place;

/// Records that are looked at to learn the columns: keys may be left out where they are null.
const LEARN_MAX: usize = 100;
/// More than `PostgreSQL` gives a table columns (1,600).
const KEYS_MAX: usize = 4_096;
/// Keys without meaning that are remembered for the warning.
const UNKNOWN_MAX: usize = 100;

/// Reads an array of objects, an object, or objects one after another.
pub(super) fn read(source: &mut Source<'_>, tables: &mut Tables<'_>) -> Result<(), FileError> {
    let is_array = source.window().trim_ascii_start().starts_with(b"[");
    tables.format = Format::Json;
    let Some(layout) = learn(source)? else { return Ok(()) };
    let table = tables.begin(layout);

    let mut splitter = Splitter::default();
    let mut n_rows = 0;
    while let Some(range) = splitter.next_in(source)? {
        n_rows += 1;
        if n_rows == 2 && !is_array {
            tables.format = Format::Ndjson;
        }
        let text = text_of(source, &range)?;
        let place = Place { row: n_rows, line: source.line_at(range.start) };
        let cells = match fields(source, &range, text)? {
            Some(fields) => Ok(cells(&fields, tables.layout_mut(table))),
            None => Err("is not an object".to_owned()),
        };
        tables.take(table, &RawRow { place, raw: text.as_bytes(), cells })?;
        source.count_row();
        splitter.consume(source, &range);
    }
    Ok(())
}

/// Looks ahead at the first records for the keys they have; `None` where there is no record.
fn learn(source: &mut Source<'_>) -> Result<Option<Layout>, FileError> {
    loop {
        let mut names: Vec<String> = Vec::new();
        let mut splitter = Splitter::default();
        let mut n_records = 0;
        let is_over = loop {
            match splitter.next(source.window(), source.at_end()).map_err(|it| it.in_file(source))? {
                Piece::Record(range) => {
                    n_records += 1;
                    let text = text_of(source, &range)?;
                    let fields = fields(source, &range, text)?.unwrap_or_default();
                    if n_records == 1
                        && let Some(message) = api_error(&fields)
                    {
                        return Err(FileError::new(message));
                    }
                    for (key, _) in fields {
                        if names.len() < 10 * UNKNOWN_MAX && names.iter().all(|it| *it != key) {
                            names.push(key.into_owned());
                        }
                    }
                    if n_records == LEARN_MAX {
                        break true;
                    }
                }
                Piece::More => break n_records > 0,
                Piece::End if n_records == 0 => return Ok(None),
                Piece::End => break true,
            }
        };
        if is_over {
            return Layout::recognise(names.iter().map(String::as_str)).map(Some);
        }
        source.fill()?;
    }
}

/// What an API says instead of rows.
fn api_error(fields: &Fields<'_>) -> Option<String> {
    let value = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.get());
    let message: String = serde_json::from_str(value("message").or(value("error"))?).ok()?;
    let is_error =
        fields.len() <= 6 && (value("code").is_some() || value("hint").is_some() || fields.len() == 1);
    let message: String = message.chars().take(200).collect();
    is_error
        .then(|| format!("is an error message of the API, saved instead of rows: {}", message.escape_debug()))
}

fn text_of<'s>(source: &'s Source<'_>, range: &Range<usize>) -> Result<&'s str, FileError> {
    let bytes = &source.window()[range.clone()];
    std::str::from_utf8(bytes).map_err(|err| {
        let at = err.valid_up_to();
        csv::not_utf8(source.line_at(range.start + at), bytes.get(at).copied())
    })
}

// ---- the fields of a record ---------------------------------------------------------------------

type Fields<'a> = Vec<(Cow<'a, str>, &'a RawValue)>;

/// The keys and values of an object; `None` for another value.
fn fields<'t>(
    source: &Source<'_>,
    range: &Range<usize>,
    text: &'t str,
) -> Result<Option<Fields<'t>>, FileError> {
    let not_json = |err: serde_json::Error| {
        let message = err.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        let line = source.line_at(range.start) + (err.line() as u64).saturating_sub(1);
        FileError::at(line, format!("not JSON: {message}; export the file again"))
    };
    if text.starts_with('{') {
        let object: Object<'_> = serde_json::from_str(text).map_err(not_json)?;
        Ok(Some(object.0))
    } else {
        serde_json::from_str::<&RawValue>(text).map(|_| None).map_err(not_json)
    }
}

/// An object whose values are kept as their texts.
struct Object<'a>(Fields<'a>);

#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut fields = Vec::with_capacity(N_COLUMNS);
                while let Some((Name(name), value)) = map.next_entry()? {
                    if fields.len() == KEYS_MAX {
                        return Err(A::Error::custom(format_args!("more than {KEYS_MAX} keys in an object")));
                    }
                    fields.push((name, value));
                }
                Ok(Object(fields))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

fn cells<'t>(fields: &Fields<'t>, layout: &mut Layout) -> [Cell<'t>; N_COLUMNS] {
    let mut cells: [Cell<'t>; N_COLUMNS] = Default::default();
    let mut keys: [Option<&str>; N_COLUMNS] = Default::default();
    let mut metadata = None;
    let mut cells_are_texts = false;
    for (key, value) in fields {
        let Some(column) = known(key, layout) else { continue };
        let index = column as usize;
        if layout.names[index].is_none() {
            layout.names[index] = Some(key.trim().to_owned());
        }
        if keys[index].is_some_and(|it| it != key) {
            cells[index] = Cell::Fault("two keys name this column".to_owned());
            continue;
        }
        keys[index] = Some(key);
        match column {
            Column::Metadata => metadata = Some(value.get()),
            _ => cells[index] = text_cell(value.get()),
        }
        if column == Column::Credits {
            cells_are_texts = value.get().starts_with('"');
        }
    }
    if let Some(value) = metadata
        && cells[Column::Metadata as usize] == Cell::Absent
    {
        cells[Column::Metadata as usize] = metadata_cell(value, cells_are_texts);
    }
    cells
}

/// The column that a key names, if it is read; other keys are remembered for the warning.
fn known(key: &str, layout: &mut Layout) -> Option<Column> {
    if layout.unknown.iter().any(|it| it == key) {
        return None;
    }
    if let Some(column) = Column::named(key) {
        return layout.reads(column).then_some(column);
    }
    if layout.unknown.len() < UNKNOWN_MAX {
        layout.unknown.push(key.to_owned());
    }
    None
}

/// A value of a column that is not JSON itself. A number or a boolean is its own spelling, as it is
/// for `json_populate_record`.
fn text_cell(value: &str) -> Cell<'_> {
    match value.as_bytes().first() {
        Some(b'n') => Cell::Null,
        Some(b'"') => match string(value) {
            Ok(text) => Cell::Text(text),
            Err(reason) => Cell::Fault(reason.to_owned()),
        },
        Some(b'{' | b'[') => Cell::Fault("is an object or an array, not a text or a number".to_owned()),
        _ => Cell::Text(Cow::Borrowed(value)),
    }
}

/// The JSON text of a `jsonb` value.
///
/// Some tools write the value itself and some its text, in a string. In a string there is JSON if it
/// holds an object or an array. Otherwise the credits tell: a tool that writes numbers as strings
/// writes the metadata as its text, JSON or not; else the string is the value.
fn metadata_cell(value: &str, cells_are_texts: bool) -> Cell<'_> {
    let itself = || Cell::Json(Cow::Borrowed(value));
    match value.as_bytes().first() {
        Some(b'n') => Cell::Null,
        Some(b'"') => {
            let Ok(inner) = string(value) else { return itself() };
            let is_nested = inner.trim_start().starts_with(['{', '[']);
            if !is_nested && !cells_are_texts {
                itself()
            } else if jsonb::is_json(&inner) {
                Cell::Json(inner)
            } else {
                Cell::Text(inner)
            }
        }
        _ => itself(),
    }
}

fn string(value: &str) -> Result<Cow<'_, str>, &'static str> {
    match serde_json::from_str(value) {
        Ok(Name(text)) if text.contains('\0') => Err("holds \\u0000, which no text can"),
        Ok(Name(text)) => Ok(text),
        Err(_) => Err("holds half a surrogate pair, which is no character"),
    }
}
