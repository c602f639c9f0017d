//! The form in which a person says which columns of a log of another shape are which.

/// Of the values beside the name of a column.
const EXAMPLES_CHARS_MAX: usize = 30;

/// Of that name.
const NAME_CHARS_MAX: usize = 32;

/// The form, as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MappingForm {
    pub reading: MappingReading,
    /// The columns of the file, in its order.
    pub columns: Vec<TheirColumn>,
    /// In the order of `usage_logs`.
    pub fields: Vec<MappingField>,
    /// What is missing, or wrong; the rows below are then those of what was said before.
    pub fault: Option<String>,
    /// Mappings that were saved for files with these columns, by their names.
    pub saved: Vec<String>,
    /// The one of them that the form was filled with.
    pub used: Option<String>,
    /// As `--mapping` reads it; `None` while something is wrong.
    pub json: Option<String>,
}

/// How far it has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MappingReading {
    /// No row was read by it yet.
    Unread,
    /// Rows were read by what was guessed; a person has to say that it is right.
    Guessed,
    Said,
}

/// A column of the file, and some of its values.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TheirColumn {
    pub name: String,
    /// Short enough to stand beside the name.
    pub examples: String,
}

/// A column of ours, and where its values come from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MappingField {
    pub name: &'static str,
    /// What it may be, in the order to offer it.
    pub kinds: &'static [SourceKind],
    pub kind: SourceKind,
    /// The columns that are chosen; one, but where it is made of several.
    pub columns: Vec<String>,
    /// The text that is the same in every row, or the number that is multiplied by.
    pub text: String,
}

/// What the values of a column of ours are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SourceKind {
    Nothing,
    Column,
    Product,
    Constant,
    UuidV5,
    Unmapped,
}

/// What is changed in the form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MappingEdit {
    /// By the place of the field.
    Kind(usize, SourceKind),
    /// Chooses a column of the file by its name; where there may be several, chooses it or no longer.
    Column(usize, String),
    Text(usize, String),
    /// What was guessed is right.
    Accept,
    /// Fills it with a saved mapping, by its name; `None`: with the guess.
    Use(Option<String>),
    /// Saves it under a name, in place of what has that name.
    Save(String),
    /// Forgets a saved mapping.
    Forget(String),
}

impl TheirColumn {
    /// `values` are the first ones in the file.
    pub fn new<'v>(name: &str, values: impl Iterator<Item = &'v str>) -> Self {
        let mut examples = String::new();
        let mut seen = Vec::new();
        for value in values.filter(|it| !it.is_empty()) {
            let length = examples.chars().count() + value.chars().count();
            if seen.contains(&value) || (!seen.is_empty() && length > EXAMPLES_CHARS_MAX) {
                continue;
            }
            if !seen.is_empty() {
                examples.push_str(", ");
            }
            examples.push_str(&cut(value, EXAMPLES_CHARS_MAX));
            seen.push(value);
        }
        Self { name: name.to_owned(), examples }
    }

    /// Cut to what fits into a menu.
    pub fn short_name(&self) -> String {
        cut(&self.name, NAME_CHARS_MAX)
    }
}

/// Without line ends, too.
fn cut(text: &str, chars_max: usize) -> String {
    let mut short: String =
        text.chars().take(chars_max).map(|it| if it.is_control() { ' ' } else { it }).collect();
    if text.chars().count() > chars_max {
        short.pop();
        short.push('…');
    }
    short
}

impl SourceKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Column => "a column",
            Self::Product => "a column × a number",
            Self::Constant => "always the same",
            Self::UuidV5 => "a uuid made of columns",
            Self::Unmapped => "all other columns",
        }
    }

    /// Whether columns are chosen for it.
    pub fn has_columns(self) -> bool {
        matches!(self, Self::Column | Self::Product | Self::UuidV5)
    }

    /// Whether a text is written for it.
    pub fn has_text(self) -> bool {
        matches!(self, Self::Product | Self::Constant)
    }
}

impl MappingField {
    /// The chosen columns in words, for the button that opens their menu.
    pub fn chosen(&self) -> String {
        match self.columns.as_slice() {
            [] if self.kind == SourceKind::UuidV5 => "choose columns".to_owned(),
            [] => "choose a column".to_owned(),
            names => names.join(" + "),
        }
    }
}

impl MappingForm {
    /// Whether a person still has to say something before the file can be imported.
    pub fn asks(&self) -> bool {
        self.reading != MappingReading::Said || self.fault.is_some()
    }

    /// What there is to do, in words.
    pub fn hint(&self) -> &'static str {
        match (self.reading, &self.used) {
            (MappingReading::Guessed | MappingReading::Said, _) if self.fault.is_some() => {
                "Something is missing: the rows below are as they were before"
            }
            (MappingReading::Unread, _) => "Its columns are not those of a usage log: say which is which",
            (MappingReading::Guessed, _) => {
                "Its columns are not those of a usage log. This is a guess: compare the rows below"
            }
            (MappingReading::Said, Some(_)) => "Read as it was saved for files with these columns",
            (MappingReading::Said, None) => "Read as you say: compare the rows below",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_examples(values: &[&str], expected: &str) {
        assert_eq!(TheirColumn::new("n", values.iter().copied()).examples, expected);
    }

    #[test]
    fn a_few_values_stand_beside_a_column() {
        check_examples(&["", "5", "5", "17"], "5, 17");
        check_examples(
            &["2023-11-16 18:15:46.6805900", "2023-11-16 18:15:50.9951690"],
            "2023-11-16 18:15:46.6805900",
        );
        check_examples(&["a\nb", &"x".repeat(40), "c"], "a b, c");
        check_examples(&[&"ü".repeat(40)], &format!("{}…", "ü".repeat(29)));
    }
}
