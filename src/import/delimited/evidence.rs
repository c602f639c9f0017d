//! What the first records of a delimited file prove of the way it is written.

use super::dialect::Nulls;
use super::records::Record;
use crate::import::columns::{Column, Layout};
use crate::import::value;

/// Words that are NULL somewhere.
const WORDS: [&str; 3] = ["NULL", "\\N", "null"];

/// Whether a thing was seen with quotes and without.
#[derive(Clone, Copy, Default)]
struct Seen {
    quoted: bool,
    bare: bool,
}

impl Seen {
    fn add(&mut self, is_quoted: bool) {
        self.quoted |= is_quoted;
        self.bare |= !is_quoted;
    }

    fn is_always_quoted(self) -> bool {
        self.quoted && !self.bare
    }
}

/// What the first records say.
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that was seen or was not")]
pub(super) struct Evidence {
    pub(super) n_rows: usize,
    pub(super) n_names: usize,
    pub(super) last_name_is_empty: bool,
    /// By the place in a record.
    columns: Vec<Option<Column>>,
    /// Columns in which only one word was seen: which, by [`WORDS`].
    only_word: Vec<[bool; WORDS.len()]>,
    is_crlf: bool,
    ids: Seen,
    times: Seen,
    texts: Seen,
    /// By [`WORDS`]: in a column that cannot hold it as a text.
    proved: [bool; WORDS.len()],
    has_go_map: bool,
    has_go_time: bool,
    metadata_has_null: bool,
    metadata_has_nothing: bool,
    text_has_null: bool,
    text_has_nothing: bool,
    /// Metadata with a blank after a colon, as `PostgreSQL` writes it and JavaScript does not.
    metadata_has_blanks: bool,
    n_longer: usize,
    n_longer_empty: usize,
    last_is_empty: bool,
    /// What `record_out` does not write.
    is_no_record: bool,
}

impl Evidence {
    pub(super) fn new(head: &[u8]) -> Self {
        let n_line_feeds = memchr::memchr_iter(b'\n', head).count();
        let n_both = memchr::memmem::find_iter(head, b"\r\n").count();
        Self {
            n_rows: 0,
            n_names: 0,
            last_name_is_empty: false,
            columns: Vec::new(),
            only_word: Vec::new(),
            // Texts may hold line feeds.
            is_crlf: n_both > 0 && n_both * 2 > n_line_feeds,
            ids: Seen::default(),
            times: Seen::default(),
            texts: Seen::default(),
            proved: [false; WORDS.len()],
            has_go_map: false,
            has_go_time: false,
            metadata_has_null: false,
            metadata_has_nothing: false,
            text_has_null: false,
            text_has_nothing: false,
            metadata_has_blanks: false,
            n_longer: 0,
            n_longer_empty: 0,
            last_is_empty: true,
            is_no_record: false,
        }
    }

    pub(super) fn begin(&mut self, names: &[String], layout: &Layout) {
        self.n_names = names.len();
        self.last_name_is_empty = names.len() > 1 && names.last().is_some_and(|it| it.trim().is_empty());
        self.columns = names.iter().map(|it| layout.column(it)).collect();
        self.only_word = vec![[true; WORDS.len()]; names.len()];
    }

    pub(super) fn see(&mut self, record: Record<'_>) {
        if record.is_blank() || record.fault().is_some() {
            return;
        }
        self.n_rows += 1;
        let n_fields = record.n_fields();
        if n_fields == self.n_names + 1 {
            self.n_longer += 1;
            self.n_longer_empty += usize::from(record.text(n_fields - 1).is_empty());
        }
        self.last_is_empty &= n_fields == self.n_names && record.text(n_fields - 1).is_empty();
        // Others tell nothing: it is unknown which column is which.
        if n_fields < self.n_names || n_fields > self.n_names + 1 {
            return;
        }
        for (index, text) in record.texts().enumerate().take(self.n_names) {
            self.see_field(index, text, record.is_quoted(index));
        }
    }

    fn see_field(&mut self, index: usize, text: &str, is_quoted: bool) {
        let is_word = !is_quoted && WORDS.contains(&text);
        for (only, word) in self.only_word[index].iter_mut().zip(WORDS) {
            *only &= !is_quoted && text == word;
        }
        self.has_go_time |= !is_quoted && text.ends_with(" +0000 UTC") && is_time(text);
        self.see_record_out(text, is_quoted);
        let Some(column) = self.columns[index] else { return };
        let is_typed = !matches!(
            column,
            Column::Action | Column::Format | Column::Quality | Column::Username | Column::Role
        );
        if is_word && is_typed {
            for (proved, word) in self.proved.iter_mut().zip(WORDS) {
                // `null` is JSON.
                *proved |= text == word && (column != Column::Metadata || word != "null");
            }
        }
        if column == Column::Metadata && !is_quoted {
            self.metadata_has_null |= text == "null";
            self.metadata_has_nothing |= text.is_empty();
        }
        if column == Column::Metadata {
            self.metadata_has_blanks |= text.contains("\": ");
            self.has_go_map |= text.starts_with("map[");
        }
        if matches!(column, Column::Format | Column::Quality | Column::Username) && !is_quoted {
            self.text_has_null |= text == "null";
            self.text_has_nothing |= text.is_empty();
        }
        if text.is_empty() || is_word {
            return;
        }
        match column {
            Column::Id | Column::UserId => self.ids.add(is_quoted),
            Column::CreatedAt => self.times.add(is_quoted),
            Column::Action | Column::Format | Column::Quality | Column::Username | Column::Role => {
                self.texts.add(is_quoted);
            }
            Column::Credits | Column::Metadata => {}
        }
    }

    /// `record_out` puts quotes around what is empty or holds blanks, parentheses, commas, quotes or
    /// backslashes, and doubles the last two.
    fn see_record_out(&mut self, text: &str, is_quoted: bool) {
        let needs_quotes = |it: u8| matches!(it, b'(' | b')' | b',' | b'"' | b'\\') || value::is_blank(it);
        self.is_no_record |= if is_quoted {
            !has_only_pairs(text, b'\\') || !(text.is_empty() || text.bytes().any(needs_quotes))
        } else {
            text.bytes().any(needs_quotes)
        };
    }

    /// Ids never, times always in quotes: no other tool writes so but the shell of `SQLite`, which ends
    /// its lines with CRLF.
    pub(super) fn doubles_backslashes(&self) -> bool {
        self.n_rows > 0
            && !self.is_crlf
            && !self.is_no_record
            && self.times.is_always_quoted()
            && !self.ids.quoted
    }

    pub(super) fn trailing(&self) -> bool {
        if self.last_name_is_empty {
            self.last_is_empty || self.n_rows == 0
        } else {
            self.n_rows > 0 && self.n_longer == self.n_rows && self.n_longer_empty == self.n_rows
        }
    }

    /// Whether `null` was seen without quotes where a NULL may be.
    pub(super) fn has_null(&self) -> bool {
        self.metadata_has_null || self.text_has_null
    }

    /// Whether JavaScript may have written the file, and spelled NULL by a word.
    fn may_be_studio(&self) -> bool {
        self.is_crlf && !self.metadata_has_blanks && !self.metadata_has_nothing
    }

    pub(super) fn nulls(&self) -> Nulls {
        if self.ids.is_always_quoted() && self.texts.is_always_quoted() && !self.times.bare {
            return Nulls::Unquoted;
        }
        for (word, is_proved) in WORDS.into_iter().zip(self.proved) {
            if is_proved {
                return Nulls::Word(word);
            }
        }
        let has_column_of = |word: usize| self.n_rows > 1 && self.only_word.iter().any(|it| it[word]);
        if self.has_go_time && (self.has_go_map || has_column_of(0)) {
            return Nulls::Word("NULL");
        }
        if self.may_be_studio() && (self.metadata_has_null || has_column_of(2)) {
            return Nulls::Word("null");
        }
        if self.may_be_studio() && self.text_has_null && !self.text_has_nothing {
            return Nulls::Doubtful;
        }
        Nulls::Empty
    }
}

/// A date and a time, as every spelling begins that names the year first.
fn is_time(text: &str) -> bool {
    let text = text.as_bytes();
    text.len() >= 16
        && text[..4].iter().all(u8::is_ascii_digit)
        && text[4] == b'-'
        && text[7] == b'-'
        && text[13] == b':'
}

/// Whether every run of a byte has an even length.
pub(super) fn has_only_pairs(text: &str, byte: u8) -> bool {
    let mut n_bytes = 0;
    for it in text.bytes() {
        if it == byte {
            n_bytes += 1;
        } else if n_bytes % 2 == 1 {
            return false;
        } else {
            n_bytes = 0;
        }
    }
    n_bytes % 2 == 0
}
