//! A mapping, laid over the columns of one file.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::value::RawValue;
use uuid::Uuid;

use super::{Mapping, NAMESPACE, Source};
use crate::import::columns::{Column, Layout, N_COLUMNS, Shape, listed, unnamed};
use crate::import::json;
use crate::import::report::FileError;
use crate::import::rows::Cell;
use crate::import::value::{DecimalMark, Factor};

/// How the tables of a file are told.
#[derive(Clone, Copy)]
pub(in crate::import) enum Expected<'m> {
    /// By the names of their columns.
    Ours,
    /// The usage log by a mapping, the other tables by the names of their columns.
    Mapped(&'m Mapping),
}

/// Where in the records of a file the columns of ours are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::import) struct Plan {
    /// By [`Column`].
    places: [Origin; N_COLUMNS],
    /// By the place of a column, whether its values are kept as values of ours.
    kept: Vec<bool>,
    /// What credits are multiplied by.
    pub(in crate::import) factor: Option<Factor>,
    /// The sign of decimals, where the mapping itself spells the credits.
    pub(in crate::import) mark: Option<DecimalMark>,
    /// Whether ids are made of other columns.
    pub(in crate::import) makes_ids: bool,
    /// What is mapped, in words.
    pub(in crate::import) note: String,
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
enum Origin {
    #[default]
    Nothing,
    Place(usize),
    Constant(String),
    Uuid(Vec<usize>),
    Unmapped,
}

impl Expected<'_> {
    /// Tells the table that has these columns.
    pub(in crate::import) fn layout<'n>(
        self,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Result<Layout, FileError> {
        let Self::Mapped(mapping) = self else { return Layout::recognise(names) };
        let names: Vec<&str> = names.into_iter().collect();
        mapping.layout(&names).or_else(|err| {
            let other = Layout::recognise(names).ok().filter(|it| it.shape != Shape::UsageLogs);
            other.ok_or(err)
        })
    }

    /// Whether these may be the keys of a row: some of them may be missing.
    pub(in crate::import) fn is_table(self, names: &[impl AsRef<str>]) -> bool {
        let is_mapped = |mapping: &Mapping| {
            let is_there = |name: &&str| names.iter().any(|it| it.as_ref().trim() == *name);
            let wanted: Vec<&str> = mapping.names().collect();
            let n_there = wanted.iter().filter(|it| is_there(it)).count();
            n_there > 0 && n_there * 2 >= wanted.len()
        };
        matches!(self, Self::Mapped(mapping) if is_mapped(mapping))
            || Layout::recognise(names.iter().map(AsRef::as_ref)).is_ok()
    }
}

impl Mapping {
    fn layout(&self, names: &[&str]) -> Result<Layout, FileError> {
        let names = their_names(names);
        let plan = Plan::new(self, &names)?;
        let mut layout = Layout { theirs: names, ..Layout::of_logs() };
        for (column, source) in self.sources() {
            if let [name] = source.names() {
                layout.names[column as usize] = Some(name.clone());
            }
        }
        if self.metadata != Some(Source::Unmapped) {
            let is_read = |name: &&String| self.names().any(|it| it.trim() == *name);
            layout.unknown = layout.theirs.iter().filter(|it| !is_read(it)).cloned().collect();
        }
        layout.plan = Some(Rc::new(plan));
        Ok(layout)
    }
}

/// The columns of a file as a mapping names them.
pub(super) fn their_names(names: &[&str]) -> Vec<String> {
    let name = |(index, it): (usize, &&str)| match it.trim() {
        "" => unnamed(index),
        name => name.to_owned(),
    };
    names.iter().enumerate().map(name).collect()
}

impl Plan {
    fn new(mapping: &Mapping, names: &[String]) -> Result<Self, FileError> {
        let missing: BTreeSet<&str> =
            mapping.names().filter(|name| names.iter().all(|it| it != name.trim())).collect();
        if !missing.is_empty() {
            return Err(FileError::new(format!(
                "has no columns named as the mapping says: {}; found: {}",
                listed(missing),
                listed(names.iter().map(String::as_str))
            )));
        }
        let mut plan = Self {
            places: Default::default(),
            kept: vec![false; names.len()],
            factor: None,
            mark: None,
            makes_ids: matches!(mapping.id, Source::UuidV5(_)),
            note: mapping.in_words(),
        };
        for (column, source) in mapping.sources() {
            let places =
                source.names().iter().filter_map(|name| names.iter().position(|it| it == name.trim()));
            let places: Vec<usize> = places.collect();
            plan.places[column as usize] = match source {
                Source::Column(_) | Source::Product(..) => {
                    plan.kept[places[0]] = true;
                    Origin::Place(places[0])
                }
                Source::Constant(text) => Origin::Constant(text.clone()),
                Source::UuidV5(_) => Origin::Uuid(places),
                Source::Unmapped => Origin::Unmapped,
            };
        }
        match &mapping.credits_consumed {
            Source::Product(_, factor) => plan.factor = Some(factor.clone()),
            Source::Constant(_) => plan.mark = Some(DecimalMark::Point),
            _ => {}
        }
        refuse_twins(mapping, names)?;
        Ok(plan)
    }

    /// The column of ours that a column of the file is, as it stands there.
    pub(in crate::import) fn column(&self, place: usize) -> Option<Column> {
        Column::ALL.into_iter().find(|it| self.places[*it as usize] == Origin::Place(place))
    }

    /// The values of our columns, out of those of the file's columns `names`.
    pub(in crate::import) fn cells<'v>(
        &'v self,
        values: &'v [Cell<'_>],
        names: &[String],
    ) -> [Cell<'v>; N_COLUMNS] {
        Column::ALL.map(|column| match &self.places[column as usize] {
            Origin::Nothing => Cell::Absent,
            Origin::Place(place) => match (values.get(*place), column) {
                (Some(Cell::Json(value)), Column::Metadata) => json::metadata_cell(value, false),
                (value, _) => value.map_or(Cell::Absent, as_text),
            },
            Origin::Constant(text) => Cell::Text(Cow::Borrowed(text)),
            Origin::Uuid(places) => uuid(places.iter().map(|it| values.get(*it).unwrap_or(&Cell::Absent))),
            Origin::Unmapped => self.unmapped(values, names),
        })
    }

    /// An object of the values that are not kept elsewhere. What is spelled like a number of JSON is one.
    fn unmapped<'v>(&self, values: &[Cell<'_>], names: &[String]) -> Cell<'v> {
        let mut object = String::from("{");
        for (place, (value, name)) in values.iter().zip(names).enumerate() {
            // Keys that come late are not in the plan.
            if self.kept.get(place).copied().unwrap_or_default() {
                continue;
            }
            let value = match value {
                Cell::Absent => continue,
                Cell::Null => Cow::Borrowed("null"),
                Cell::Json(value) => Cow::Borrowed(value.as_ref()),
                Cell::Text(text) if is_json_scalar(text) => Cow::Borrowed(text.as_ref()),
                Cell::Text(text) => Cow::Owned(quoted(text)),
                Cell::Fault(reason) => return Cell::Fault(format!("{name} {reason}")),
            };
            let comma = if object.len() > 1 { ", " } else { "" };
            object.push_str(&[comma, &quoted(name), ": ", &value].concat());
        }
        object.push('}');
        Cell::Json(Cow::Owned(object))
    }
}

/// Of two columns of one name it is unknown which one is meant.
fn refuse_twins(mapping: &Mapping, names: &[String]) -> Result<(), FileError> {
    let reads_all = mapping.metadata == Some(Source::Unmapped);
    for (index, name) in names.iter().enumerate() {
        if names[..index].contains(name) && (reads_all || mapping.names().any(|it| it.trim() == name)) {
            return Err(FileError::new(format!(
                "has two columns named `{name}`, so it is unknown which one counts: export each column once"
            )));
        }
    }
    Ok(())
}

/// The `n`th of rows that are alike, whose first has the id `first`.
pub(in crate::import) fn repeated_id(first: Uuid, n: u64) -> Uuid {
    Uuid::new_v5(&first, n.to_string().as_bytes())
}

/// A value as a text that a column of ours is read from.
pub(super) fn as_text<'v>(value: &'v Cell<'_>) -> Cell<'v> {
    match value {
        Cell::Absent => Cell::Absent,
        Cell::Null => Cell::Null,
        Cell::Text(text) => Cell::Text(Cow::Borrowed(text)),
        Cell::Json(value) => json::text_cell(value),
        Cell::Fault(reason) => Cell::Fault(reason.clone()),
    }
}

fn uuid<'v, 'c: 'v>(values: impl Iterator<Item = &'v Cell<'c>>) -> Cell<'v> {
    let mut name = String::new();
    for (index, value) in values.enumerate() {
        if index > 0 {
            name.push('\0');
        }
        match (as_text(value), value) {
            (Cell::Text(text), _) if text.contains('\0') => {
                return Cell::Fault("holds a NUL character, so no uuid can be made of it".to_owned());
            }
            (Cell::Text(text), _) => name.push_str(&text),
            // Objects and arrays, as they are spelled.
            (_, Cell::Json(value)) if value.starts_with(['{', '[']) => name.push_str(value),
            (Cell::Fault(reason), _) => return Cell::Fault(reason),
            _ => {}
        }
    }
    if name.bytes().all(|it| it == 0) {
        return Cell::Null;
    }
    Cell::Text(Cow::Owned(Uuid::new_v5(&NAMESPACE, name.as_bytes()).to_string()))
}

fn is_json_scalar(text: &str) -> bool {
    let may_be = text.starts_with(|it: char| it == '-' || it.is_ascii_digit())
        && text.ends_with(|it: char| it.is_ascii_digit());
    matches!(text, "true" | "false") || (may_be && serde_json::from_str::<&RawValue>(text).is_ok())
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
