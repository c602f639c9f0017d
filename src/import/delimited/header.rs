//! The first record of a delimited file, and what it makes of the others.

use std::borrow::Cow;

use super::dialect::{Dialect, Nulls};
use super::evidence::has_only_pairs;
use super::loose::undoubled;
use super::records::{Quoting, Record};
use crate::import::columns::{Column, Layout, N_COLUMNS};
use crate::import::report::FileError;
use crate::import::rows::Cell;
use crate::import::source::BYTE_ORDER_MARK;
use crate::import::value;

/// Ids have 32 hex digits at least; what is shorter in their column may be the name of a column.
const ID_BYTES_MIN: usize = 32;

/// The names of the columns, and where in a record those that are read are.
pub(super) struct Header {
    pub(super) names: Vec<String>,
    /// Whether all values are read, for a mapping.
    pub(super) is_mapped: bool,
    dialect: Dialect,
    /// By [`Column`].
    pub(super) places: [Option<usize>; N_COLUMNS],
    /// The place of the ids by which rows are told from headers.
    key: usize,
}

/// Words that were met in the place of a text.
#[derive(Default)]
pub(super) struct WordTally {
    /// Read as NULL.
    pub(super) n_nulls: u64,
    /// Kept as a text, though they may be NULL.
    pub(super) n_texts: u64,
}

impl Header {
    pub(super) fn new(mut names: Vec<String>, dialect: Dialect, layout: &Layout) -> Self {
        if dialect.trailing && names.last().is_some_and(|it| it.trim().is_empty()) {
            names.pop();
        }
        let mut places = [None; N_COLUMNS];
        for (index, name) in names.iter().enumerate() {
            if let Some(column) = layout.column(name) {
                places[column as usize] = Some(index);
            }
        }
        let key = places[Column::Id as usize].or(places[layout.user as usize]).unwrap_or_default();
        Self { names, is_mapped: layout.plan.is_some(), dialect, places, key }
    }

    /// Whether a record is a header, as in the middle of files that were put together: this one once
    /// more, or another with its layout. An error where the files have run into each other.
    pub(super) fn next(&self, record: Record<'_>) -> Result<Next, FileError> {
        let n_fields = record.n_fields();
        if self.is_mapped {
            let is_same = n_fields == self.names.len()
                && self.names.iter().enumerate().all(|(index, it)| {
                    record.text(index) == it || (index == 0 && unmarked(record) == Some(it))
                });
            return Ok(if is_same { Next::SameHeader } else { Next::Row });
        }
        if n_fields > self.key && record.text(self.key).len() >= ID_BYTES_MIN && n_fields == self.names.len()
        {
            return Ok(Next::Row);
        }
        let mut names = record.names();
        if let Some(name) = unmarked(record) {
            name.clone_into(&mut names[0]);
        }
        // A header names columns, so no value is among them.
        if names.iter().any(|it| value::uuid::parse(it).is_ok()) {
            return if self.is_glued(&names) { Err(glued(record.line())) } else { Ok(Next::Row) };
        }
        let n_known = names.iter().filter(|it| Column::named(it).is_some()).count();
        if n_known < 2 {
            return Ok(Next::Row);
        }
        if n_fields >= self.names.len()
            && self.names.iter().zip(&names).all(|(a, b)| a == b)
            && names[self.names.len()..].iter().all(String::is_empty)
        {
            return Ok(Next::SameHeader);
        }
        match Layout::recognise(names.iter().map(String::as_str)) {
            Ok(layout) => {
                Ok(Next::Header(Box::new(Self::new(names, self.dialect, &layout)), Box::new(layout)))
            }
            Err(err) => Err(FileError::at(
                record.line(),
                format!("another header begins here, as in files put together, and it {}", err.message),
            )),
        }
    }

    /// Whether the last value of a row and the first name of a header share a field.
    fn is_glued(&self, fields: &[String]) -> bool {
        let n_names = self.names.len();
        let Some(rest) = fields.get(n_names..) else { return false };
        let is_name = |it: &&String| self.names.contains(*it) || Column::named(it).is_some();
        let last = &fields[n_names - 1];
        !rest.is_empty()
            && rest.iter().filter(is_name).count() * 2 >= rest.len()
            && (last.ends_with(&self.names[0])
                || Column::ALL.iter().any(|it| last.to_lowercase().ends_with(it.name())))
    }

    /// The values of a record by the file's own columns, or why it has none.
    pub(super) fn values<'r>(
        &self,
        record: Record<'r>,
        words: &mut WordTally,
    ) -> Result<Vec<Cell<'r>>, String> {
        self.check(record)?;
        let value = |index: usize| match record.text(index) {
            text if self.dialect.nulls.may_be_null(text) && !record.is_quoted(index) => {
                words.n_nulls += u64::from(matches!(text, "NULL" | "null"));
                Cell::Null
            }
            text => self.text_cell(Column::Action, text),
        };
        Ok((0..self.names.len()).map(value).collect())
    }

    /// Says why a record has no values, if it has none.
    fn check(&self, record: Record<'_>) -> Result<(), String> {
        if let Some(fault) = record.fault() {
            return Err(fault.to_owned());
        }
        let (n_fields, n_names) = (record.n_fields(), self.names.len());
        let is_trailed = self.dialect.trailing && n_fields == n_names + 1 && record.text(n_names).is_empty();
        if n_fields != n_names && !is_trailed {
            return Err(format!("{n_fields} fields where the header has {n_names}"));
        }
        Ok(())
    }

    /// The values of a record, or why it has none.
    pub(super) fn cells<'r>(
        &self,
        record: Record<'r>,
        words: &mut WordTally,
    ) -> Result<[Cell<'r>; N_COLUMNS], String> {
        self.check(record)?;
        let mut cells: [Cell<'r>; N_COLUMNS] = Default::default();
        for (column, cell) in Column::ALL.into_iter().zip(&mut cells) {
            let Some(index) = self.places[column as usize] else { continue };
            let text = record.text(index);
            *cell = if self.may_be_null(column, text) && !record.is_quoted(index) {
                // `\N` is spelled so that no text looks alike.
                words.n_nulls += u64::from(matches!(text, "NULL" | "null"));
                Cell::Null
            } else {
                let is_doubtful =
                    self.dialect.nulls == Nulls::Doubtful && text == "null" && is_nullable_text(column);
                words.n_texts += u64::from(is_doubtful && !record.is_quoted(index));
                self.text_cell(column, text)
            };
        }
        Ok(cells)
    }

    /// Of an action, which is never NULL at the source, a word is the text: pgAdmin and the Supabase
    /// CLI write both alike.
    fn may_be_null(&self, column: Column, text: &str) -> bool {
        let is_word = column == Column::Action && (!text.is_empty() || self.dialect.quoting == Quoting::Json);
        self.dialect.nulls.may_be_null(text) && !is_word
    }

    fn text_cell<'r>(&self, column: Column, text: &'r str) -> Cell<'r> {
        if self.dialect.doubles_backslashes && text.contains('\\') {
            if !has_only_pairs(text, b'\\') {
                return Cell::Fault(
                    "has a backslash that is not doubled, as they are in this file".to_owned(),
                );
            }
            return Cell::Text(Cow::Owned(undoubled(text, '\\')));
        }
        // JSON has no line breaks inside its texts, and Studio writes none outside.
        if self.dialect.quoting == Quoting::Markdown && column != Column::Metadata && text.contains("<br>") {
            return Cell::Fault(
                "holds `<br>`, which may be a line break or the text itself: export this row as CSV"
                    .to_owned(),
            );
        }
        Cell::Text(Cow::Borrowed(text))
    }
}

/// The first name of a header behind the byte order mark of a file that was put behind another, without
/// the quotes that the mark keeps from being some.
fn unmarked(record: Record<'_>) -> Option<&str> {
    record.texts().next()?.strip_prefix(BYTE_ORDER_MARK).map(|it| it.trim_matches('"'))
}

fn glued(line: u64) -> FileError {
    FileError::at(
        line,
        "the last value of a file and the header of the next run together here: two files were joined, the \
         first without a final newline; import them one by one",
    )
}

/// What a record is.
pub(super) enum Next {
    Row,
    SameHeader,
    Header(Box<Header>, Box<Layout>),
}

fn is_nullable_text(column: Column) -> bool {
    matches!(column, Column::Format | Column::Quality | Column::Username)
}
