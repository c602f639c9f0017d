//! Where in a record the columns are, in files whose records are lists of values.

use super::columns::{Column, Layout, N_COLUMNS};
use super::rows::Cell;

/// By the place of a value in its record, which column it is of; none where that is not read.
#[derive(Clone, Debug)]
pub(super) struct Places(Vec<Option<Column>>);

impl Places {
    /// The names are those that the layout was recognised by.
    pub(super) fn new<'n>(names: impl IntoIterator<Item = &'n str>, layout: &Layout) -> Self {
        Self(names.into_iter().map(|it| layout.column(it)).collect())
    }

    /// Where in a record a column is.
    pub(super) fn of(&self, column: Column) -> Option<usize> {
        self.0.iter().position(|it| *it == Some(column))
    }

    pub(super) fn n_values(&self) -> usize {
        self.0.len()
    }

    /// The cells of a record, or why it has none: only the values that are read are looked at.
    pub(super) fn cells<'r, V>(
        &self,
        values: impl Iterator<Item = V>,
        cell: impl Fn(V) -> Cell<'r>,
    ) -> Result<[Cell<'r>; N_COLUMNS], String> {
        let mut cells: [Cell<'r>; N_COLUMNS] = Default::default();
        let mut n_values = 0;
        for value in values {
            if let Some(Some(column)) = self.0.get(n_values) {
                cells[*column as usize] = cell(value);
            }
            n_values += 1;
        }
        if n_values == self.0.len() { Ok(cells) } else { Err(self.miscounted(n_values)) }
    }

    fn miscounted(&self, n_values: usize) -> String {
        let values = if n_values == 1 { "value" } else { "values" };
        format!("{n_values} {values} where there are {} columns", self.0.len())
    }
}
