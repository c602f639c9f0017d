//! One record of JSON → the values of its columns.
//!
//! Values stay the texts they are, so that digits and the order of keys survive. Of two equal keys in
//! a record the last one counts, as it does for `jsonb`.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::super::columns::{Column, Layout, N_COLUMNS, Shape as Table};
use super::super::jsonb;
use super::super::mapping::Expected;
use super::super::report::FileError;
use super::super::rows::Cell;

/// More than `PostgreSQL` gives a table columns (1,600).
const KEYS_MAX: usize = 4_096;
/// NULL where `ClickHouse` writes all values as strings (`JSONStrings`), in letters that no text has.
const CLICKHOUSE_NULL: &str = "ᴺᵁᴸᴸ";
/// Keys without meaning that are remembered for the warning.
pub(super) const UNKNOWN_MAX: usize = 100;

/// The keys and values of an object, in its order.
pub(super) type Fields<'t> = Vec<(Cow<'t, str>, &'t RawValue)>;

/// Of an object; `None` for another value.
pub(super) fn fields(text: &str) -> Result<Option<Fields<'_>>, serde_json::Error> {
    if text.starts_with('{') {
        let object: Object<'_> = serde_json::from_str(text)?;
        Ok(Some(object.0))
    } else {
        serde_json::from_str::<&RawValue>(text).map(|_| None)
    }
}

/// Of the object at the start of a text, and how many bytes it takes; `None` where that is none, or is not
/// whole.
pub(super) fn first_fields(text: &str) -> Option<(Fields<'_>, usize)> {
    let mut objects = serde_json::Deserializer::from_str(text).into_iter::<Object<'_>>();
    let Object(fields) = objects.next()?.ok()?;
    Some((fields, objects.byte_offset()))
}

/// Of an array whose columns are named elsewhere; the inner error is that of one row.
pub(super) fn fields_by_place<'t>(
    text: &'t str,
    names: &'t [String],
) -> Result<Result<Fields<'t>, String>, serde_json::Error> {
    let Values(values) = serde_json::from_str(text)?;
    if values.len() != names.len() {
        return Ok(Err(format!("{} values where there are {} columns", values.len(), names.len())));
    }
    Ok(Ok(names.iter().map(|it| Cow::Borrowed(it.as_str())).zip(values).collect()))
}

/// The texts of an array, or those under `name` in its objects; `None` where there is anything else.
pub(super) fn names(text: &str) -> Option<Vec<String>> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Column {
        Name(String),
        Described { name: String },
    }
    let columns: Vec<Column> = serde_json::from_str(text).ok()?;
    let name = |it| match it {
        Column::Name(name) | Column::Described { name } => name,
    };
    Some(columns.into_iter().map(name).collect())
}

/// The keys that rows have, as far as they were looked at.
pub(super) struct Keys<'m> {
    expected: Expected<'m>,
    names: Vec<String>,
    /// Where `PostgREST` puts the profile of a row's user when it was asked to join it:
    /// `"profiles": {"username": "ada"}`.
    joined: Option<String>,
}

impl<'m> Keys<'m> {
    pub(super) fn new(expected: Expected<'m>) -> Self {
        Self { expected, names: Vec::new(), joined: None }
    }

    pub(super) fn add(&mut self, fields: &Fields<'_>) {
        // A mapping names keys itself.
        let may_join = matches!(self.expected, Expected::Ours);
        for (key, value) in fields {
            if self.joined.as_ref().is_some_and(|it| it == key) {
                continue;
            }
            if may_join
                && self.joined.is_none()
                && Column::named(key).is_none()
                && username(value.get()).is_some()
            {
                self.names.retain(|it| it != key);
                self.joined = Some(key.to_string());
            } else if self.names.len() < 10 * UNKNOWN_MAX && self.names.iter().all(|it| it != key) {
                self.names.push(key.to_string());
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The columns of the rows, and the key of their profiles.
    pub(super) fn layout(self) -> Result<(Layout, Option<String>), FileError> {
        let layout = self.expected.layout(self.names.iter().map(String::as_str))?;
        let joined = self.joined.filter(|_| layout.shape == Table::UsageLogs);
        Ok((layout, joined))
    }
}

/// The text of the name in a profile; `None` where the value is no profile.
fn username(value: &str) -> Option<&str> {
    let fields = value.starts_with('{').then(|| fields(value).ok().flatten())??;
    fields.iter().find(|(key, _)| key == Column::Username.name()).map(|(_, value)| value.get())
}

/// The profile that is joined to a log row; `None` for a user without one.
pub(super) fn profile_cells<'t>(fields: &Fields<'t>, joined: &str) -> Option<[Cell<'t>; N_COLUMNS]> {
    let value = |key: &str| fields.iter().find(|(name, _)| name == key).map(|(_, value)| value.get());
    let user = fields.iter().find(|(key, _)| Column::named(key) == Some(Column::UserId))?.1.get();
    let mut cells: [Cell<'t>; N_COLUMNS] = Default::default();
    cells[Column::Username as usize] = text_cell(username(value(joined)?)?);
    cells[Column::Id as usize] = text_cell(user);
    Some(cells)
}

/// What an API says instead of rows: `{"code": …, "message": …}`, also under `error`.
pub(super) fn api_error(fields: &Fields<'_>) -> Option<String> {
    let value = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.get());
    if let (None, Some(error)) = (value("message"), value("error"))
        && let Some(inner) = self::fields(error).ok().flatten()
    {
        return api_error(&inner);
    }
    let message: String = serde_json::from_str(value("message").or(value("error"))?).ok()?;
    let is_error =
        fields.len() <= 6 && (value("code").is_some() || value("hint").is_some() || fields.len() == 1);
    let message: String = message.chars().take(200).collect();
    is_error
        .then(|| format!("is an error message of the API, saved instead of rows: {}", message.escape_debug()))
}

/// An object whose values are kept as their texts.
struct Object<'a>(Fields<'a>);

/// A text, without a copy where nothing in it is escaped.
#[derive(Deserialize)]
pub(super) struct Name<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

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

/// An array whose values are kept as their texts.
struct Values<'a>(Vec<&'a RawValue>);

impl<'de> Deserialize<'de> for Values<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items;
        impl<'de> Visitor<'de> for Items {
            type Value = Values<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Values<'de>, A::Error> {
                let mut values = Vec::with_capacity(N_COLUMNS);
                while let Some(value) = seq.next_element()? {
                    if values.len() == KEYS_MAX {
                        return Err(A::Error::custom(format_args!("more than {KEYS_MAX} values in a row")));
                    }
                    values.push(value);
                }
                Ok(Values(values))
            }
        }
        deserializer.deserialize_seq(Items)
    }
}

/// By [`Column`]. Keys that are new are told to the layout, but for the one of a joined profile.
pub(super) fn cells<'t>(
    fields: &Fields<'t>,
    joined: Option<&str>,
    layout: &mut Layout,
) -> [Cell<'t>; N_COLUMNS] {
    let mut cells: [Cell<'t>; N_COLUMNS] = Default::default();
    let mut keys: [Option<&str>; N_COLUMNS] = Default::default();
    let mut metadata = None;
    let mut cells_are_texts = false;
    for (key, value) in fields {
        if joined.is_some_and(|it| it == key) {
            continue;
        }
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
    if cells_are_texts {
        for cell in cells.iter_mut().filter(|it| matches!(it, Cell::Text(text) if text == CLICKHOUSE_NULL)) {
            *cell = Cell::Null;
        }
    }
    cells
}

/// By the columns of a file of another shape, to which keys that are new are added.
pub(super) fn values<'t>(fields: &Fields<'t>, layout: &mut Layout) -> Vec<Cell<'t>> {
    let mut values = vec![Cell::Absent; layout.theirs.len()];
    for (index, (key, value)) in fields.iter().enumerate() {
        let name = key.trim();
        // Most records have their keys in the same order.
        let is_here = layout.theirs.get(index).is_some_and(|it| it == name);
        let known = if is_here { Some(index) } else { layout.theirs.iter().position(|it| it == name) };
        let place = known.unwrap_or(layout.theirs.len());
        if known.is_none() {
            if layout.theirs.len() == KEYS_MAX {
                continue;
            }
            layout.theirs.push(name.to_owned());
            values.push(Cell::Absent);
        }
        values[place] = match value.get() {
            "null" => Cell::Null,
            value => Cell::Json(Cow::Borrowed(value)),
        };
    }
    values
}

/// The column that a key names, if it is read; other keys are remembered for the warning.
fn known(key: &str, layout: &mut Layout) -> Option<Column> {
    if layout.unknown.iter().any(|it| it == key) {
        return None;
    }
    if let Some(column) = layout.column(key) {
        return Some(column);
    }
    if Column::named(key).is_some() {
        return None;
    }
    if layout.unknown.len() < UNKNOWN_MAX {
        layout.unknown.push(key.to_owned());
    }
    None
}

/// A value of a column that is not JSON itself. A number or a boolean is its own spelling, as it is
/// for `json_populate_record`.
pub(in crate::import) fn text_cell(value: &str) -> Cell<'_> {
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
pub(in crate::import) fn metadata_cell(value: &str, cells_are_texts: bool) -> Cell<'_> {
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
    // It is known to be JSON.
    if let Some(text) = value.strip_prefix('"').and_then(|it| it.strip_suffix('"'))
        && memchr::memchr(b'\\', text.as_bytes()).is_none()
    {
        return Ok(Cow::Borrowed(text));
    }
    match serde_json::from_str(value) {
        Ok(Name(text)) if text.contains('\0') => Err("holds \\u0000, which no text can"),
        Ok(Name(text)) => Ok(text),
        Err(_) => Err("holds half a surrogate pair, which is no character"),
    }
}
