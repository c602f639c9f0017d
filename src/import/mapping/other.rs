//! A first look at a file whose columns are not ours, so that a person can say which is which.

use super::plan::{as_text, their_names};
use super::suggest::{ONE_USER, suggest};
use super::{Mapping, Source};
use crate::import::rows::Cell;
use crate::import::source::{Input, Watch};
use crate::import::survey::Decisions;
use crate::import::tables::Tables;
use crate::import::{Options, Progress, read};
use crate::model::Cancel;

/// Rows that are kept of such a file.
pub(in crate::import) const SAMPLE_MAX: usize = 50;

/// More are nothing that a person could say something of.
const COLUMNS_MAX: usize = 1_000;

/// Characters of a value of them.
const VALUE_CHARS_MAX: usize = 200;

/// What a person has to know of a file to say which of its columns are which.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OtherShape {
    pub columns: Vec<String>,
    /// The first 50 rows, by the columns; long values are cut.
    pub rows: Vec<Vec<Option<String>>>,
    /// A guess; `None` where no column can be the time.
    pub suggestion: Option<Mapping>,
}

impl OtherShape {
    /// Of which no row was read.
    pub(in crate::import) fn named(columns: &[&str]) -> Self {
        Self { columns: their_names(columns), rows: Vec::new(), suggestion: None }
    }

    /// Reads the first rows of the file that an error is about; what has no rows of several columns is
    /// no log of another shape.
    pub(in crate::import) fn look(
        self,
        input: Input<'_>,
        options: &Options,
        cancel: &Cancel,
    ) -> Option<Self> {
        if !(2..=COLUMNS_MAX).contains(&self.columns.len()) {
            return None;
        }
        let columns = self.columns;
        let options = Options { mapping: Some(all_of(&columns)), ..options.clone() };
        let undecided = Decisions::default();
        let mut rows = Vec::new();
        let mut tables = Tables::sample(&options, &undecided, &mut rows);
        let mut no_progress = |_: Progress| {};
        // What is wrong further down is said when the file is read by a mapping.
        read(input, Watch::new(cancel, &mut no_progress), &mut tables).ok();
        let suggestion = suggest(&columns, &rows);
        (!rows.is_empty()).then_some(Self { columns, rows, suggestion })
    }
}

/// A mapping that only a file with all of these columns fits.
fn all_of(columns: &[String]) -> Mapping {
    let constant = |text: &str| Source::Constant(text.to_owned());
    Mapping {
        id: Source::UuidV5(columns.to_vec()),
        user_id: constant(ONE_USER),
        action: constant("usage"),
        credits_consumed: constant("1"),
        metadata: None,
        created_at: constant("1970-01-01T00:00:00Z"),
        format: None,
        quality: None,
        assume_zone: None,
        date_order: None,
        decimal: None,
    }
}

/// As it stands in the file, for people; nothing of a value that cannot be read.
pub(in crate::import) fn shown(value: &Cell<'_>) -> Option<String> {
    let cut = |text: &str| Some(text.chars().take(VALUE_CHARS_MAX).collect());
    match (as_text(value), value) {
        // Objects and arrays, as they are spelled.
        (Cell::Text(text), _) => cut(&text),
        (_, Cell::Json(text)) => cut(text),
        _ => None,
    }
}
