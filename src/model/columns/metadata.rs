use std::collections::HashMap;

use super::{Codes, are_in_use, recoded};
use crate::model::Text;

/// The values of one metadata key, a code a row. The dictionary holds the values of these rows and no others.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MetadataColumn {
    codes: Codes,
    values: Vec<Option<Text>>,
}

/// Where there are no rows, there are no values of any key.
pub(super) static EMPTY: MetadataColumn = MetadataColumn { codes: Codes::U8(Vec::new()), values: Vec::new() };

impl MetadataColumn {
    /// `None` unless every code has a value, and every value, of which none comes twice, has a row.
    pub fn from_parts(codes: Codes, values: Vec<Option<Text>>) -> Option<Self> {
        are_in_use(codes.iter(), &values).then_some(Self { codes, values })
    }

    /// Codes into [`Self::values`].
    pub fn codes(&self) -> &Codes {
        &self.codes
    }

    /// `None` is NULL, a value as any other.
    pub fn values(&self) -> &[Option<Text>] {
        &self.values
    }

    /// The value of a row. Panics behind the last one, as a slice does.
    pub fn at(&self, row: usize) -> Option<&Text> {
        self.values[self.codes.at(row) as usize].as_ref()
    }

    /// The rows in another order, or some of them, with a dictionary of their own.
    #[must_use]
    pub fn picked(&self, rows: &[u32]) -> Self {
        let (codes, values) = recoded(&self.codes.picked(rows), &self.values);
        Self { codes, values }
    }
}

/// Collects the values of one metadata key, row by row.
#[derive(Debug, Default)]
pub struct MetadataBuilder {
    column: MetadataColumn,
    known: HashMap<Text, u32>,
    null: Option<u32>,
}

impl MetadataBuilder {
    pub fn push(&mut self, value: Option<&str>) {
        let code = self.code(value);
        self.push_coded(code);
    }

    /// A row by the code of its value, for a source that need not look it up.
    pub fn push_coded(&mut self, code: u32) {
        self.column.codes.push(code);
    }

    /// The code of a value. To be asked only for a row that is then pushed.
    pub fn code(&mut self, value: Option<&str>) -> u32 {
        let known = value.map_or(self.null, |it| self.known.get(it).copied());
        known.unwrap_or_else(|| self.add(value.map(Text::from)))
    }

    fn add(&mut self, value: Option<Text>) -> u32 {
        let code = self.column.values.len() as u32;
        match &value {
            Some(text) => drop(self.known.insert(Text::clone(text), code)),
            None => self.null = Some(code),
        }
        self.column.values.push(value);
        code
    }

    pub fn finish(self) -> MetadataColumn {
        self.column
    }
}
