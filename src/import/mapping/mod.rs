//! A usage log of another shape: where in it the columns of ours are.
//!
//! A [`Mapping`] acts behind the parser of a file's format, on records whose columns have names.
//! [`plan`] lays it over the columns of one file; [`form`] is how it is written as JSON.

mod form;
mod other;
mod plan;
mod saved;
mod suggest;

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::other::OtherShape;
pub(super) use self::other::{SAMPLE_MAX, shown};
pub(super) use self::plan::{Expected, Plan, repeated_id};
pub use self::saved::SavedMapping;
pub use self::suggest::ONE_USER;
use super::Options;
use super::columns::Column;
use super::value::{DateOrder, DecimalMark, Factor, number, quoted, uuid as uuid_value};
use crate::model::Zone;

/// The namespace of the uuids that are made of texts: `uuid5(NAMESPACE_OID, "creditscope")`.
pub const NAMESPACE: Uuid = Uuid::from_u128(0xb401d446_0a93_54a3_a402_b2a1bf5d9cd1);

/// Where each column of `usage_logs` is in a file of another shape.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "form::Form", into = "form::Form")]
pub struct Mapping {
    pub id: Source,
    pub user_id: Source,
    pub action: Source,
    pub credits_consumed: Source,
    pub metadata: Option<Source>,
    pub created_at: Source,
    pub format: Option<Source>,
    pub quality: Option<Source>,
    /// As in [`Options`], which have the last word.
    pub assume_zone: Option<Zone>,
    pub date_order: Option<DateOrder>,
    pub decimal: Option<DecimalMark>,
}

/// Where a value comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Source {
    /// A column of the file, read as the same column of a dump is.
    Column(String),
    /// A column of numbers, each multiplied exactly; of credits only.
    Product(String, Factor),
    /// The same text in every row.
    Constant(String),
    /// A uuid made of the texts of these columns, of ids only: `uuid5(NAMESPACE, name)`, where the name
    /// is the texts with a zero byte between them. NULL and an empty text are the same in it; where
    /// all are empty there is no uuid.
    ///
    /// In an id, the second of rows that are alike in all columns of ours is `uuid5(id, "2")`, the
    /// third `uuid5(id, "3")`, and so on: each is a row, and the same ones again are repeats, in
    /// whatever order they come. Rows of one name that differ are in conflict.
    UuidV5(Vec<String>),
    /// An object of all columns of the file of which no other column has the values, those that ids are
    /// made of among them; of metadata only.
    Unmapped,
}

impl Mapping {
    /// Reads its JSON.
    pub fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|err| format!("not a mapping: {err}"))
    }

    /// Its JSON, for people.
    pub fn to_text(&self) -> String {
        // It has no keys but texts, and nothing else can fail.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// With what the options say of values, so that files like it raise no question.
    pub fn with_answers(mut self, options: &Options) -> Self {
        self.assume_zone = options.assume_zone.clone().or(self.assume_zone);
        self.date_order = options.date_order.or(self.date_order);
        self.decimal = options.decimal.or(self.decimal);
        self
    }

    /// Says why it cannot be one, if it cannot.
    pub fn check(&self) -> Result<(), String> {
        for (column, source) in self.sources() {
            let name = column.name();
            match source {
                Source::Product(..) if column != Column::Credits => {
                    return Err(format!("{name} is no number that could be multiplied (`times`)"));
                }
                Source::UuidV5(columns) if columns.is_empty() => {
                    return Err(format!("{name} is made of no columns: name some in `uuid_v5`"));
                }
                Source::UuidV5(_) if !matches!(column, Column::Id | Column::UserId) => {
                    return Err(format!("{name} is no uuid that could be made of texts (`uuid_v5`)"));
                }
                Source::Unmapped if column != Column::Metadata => {
                    return Err(format!("{name} cannot hold an object of columns (`unmapped`)"));
                }
                Source::Constant(text) => check_constant(column, text)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// In the order of `usage_logs`.
    fn sources(&self) -> impl Iterator<Item = (Column, &Source)> {
        [
            (Column::Id, Some(&self.id)),
            (Column::UserId, Some(&self.user_id)),
            (Column::Action, Some(&self.action)),
            (Column::Credits, Some(&self.credits_consumed)),
            (Column::Metadata, self.metadata.as_ref()),
            (Column::CreatedAt, Some(&self.created_at)),
            (Column::Format, self.format.as_ref()),
            (Column::Quality, self.quality.as_ref()),
        ]
        .into_iter()
        .filter_map(|(column, source)| Some((column, source?)))
    }

    /// The columns of the file that it names.
    fn names(&self) -> impl Iterator<Item = &str> {
        self.sources().flat_map(|(_, source)| source.names()).map(String::as_str)
    }

    fn in_words(&self) -> String {
        let mut words = "columns were mapped: ".to_owned();
        for (index, (column, source)) in self.sources().enumerate() {
            let separator = if index > 0 { ", " } else { "" };
            // Writing to a string does not fail.
            write!(words, "{separator}{} {}", column.name(), source.in_words()).ok();
        }
        words
    }
}

impl Source {
    fn names(&self) -> &[String] {
        match self {
            Self::Column(name) | Self::Product(name, _) => std::slice::from_ref(name),
            Self::UuidV5(names) => names,
            Self::Constant(_) | Self::Unmapped => &[],
        }
    }

    fn in_words(&self) -> String {
        match self {
            Self::Column(name) => format!("from {}", quoted(name)),
            Self::Product(name, factor) => format!("from {} × {factor}", quoted(name)),
            Self::Constant(text) => format!("always {}", quoted(text)),
            Self::UuidV5(names) => {
                let names: Vec<String> = names.iter().map(|it| quoted(it)).collect();
                format!("made of {}", names.join(" and "))
            }
            Self::Unmapped => "from all other columns".to_owned(),
        }
    }
}

fn check_constant(column: Column, text: &str) -> Result<(), String> {
    let name = column.name();
    match column {
        Column::Id => {
            Err("id cannot be the same in every row: name a column, or several in `uuid_v5`".to_owned())
        }
        Column::UserId => uuid_value::parse(text)
            .map(drop)
            .map_err(|err| format!("{name}: {err}; use one such as 00000000-0000-0000-0000-000000000001")),
        Column::Credits => {
            number::parse(text, Some(DecimalMark::Point)).map(drop).map_err(|err| format!("{name}: {err}"))
        }
        _ if text.contains('\0') => Err(format!("{name} holds a NUL character")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
