use serde::{Deserialize, Serialize};

use super::Mapping;

/// A mapping that a person has kept for files of the same shape.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SavedMapping {
    pub name: String,
    /// The columns of the file it was made for.
    pub columns: Vec<String>,
    pub mapping: Mapping,
}

impl SavedMapping {
    /// Whether a file has the same columns, in whatever order.
    pub fn is_for(&self, columns: &[String]) -> bool {
        let sorted = |columns: &[String]| {
            let mut names: Vec<String> = columns.iter().map(|it| it.trim().to_owned()).collect();
            names.sort_unstable();
            names
        };
        sorted(&self.columns) == sorted(columns)
    }
}
