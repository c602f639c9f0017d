use std::fmt::Write as _;

/// A value of a row as it is shown in one line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cell {
    pub text: String,
    /// Not a text of the row but a word about it: NULL and the empty text.
    pub soft: bool,
}

/// Characters of a text that are shown in a cell. Columns are narrower; the details have it whole.
const CELL_CHARS_MAX: usize = 160;

impl Cell {
    /// A text of the row, or NULL.
    pub fn of(value: Option<&str>) -> Self {
        match value {
            None => Self { text: "null".to_owned(), soft: true },
            Some("") => Self { text: "(empty)".to_owned(), soft: true },
            Some(text) => Self { text: visible(text), soft: false },
        }
    }

    /// The same, cut to what a cell of a table can show.
    pub fn cut(value: Option<&str>) -> Self {
        Self::of(value.map(|it| first_chars(it, CELL_CHARS_MAX)).as_deref())
    }
}

/// With every character that has no shape of its own, or turns the direction of the others, written
/// as an escape: what is shown is all there is.
pub(super) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            _ if is_invisible(char) => write!(shown, "\\u{{{:x}}}", u32::from(char)).unwrap_or_default(),
            _ => shown.push(char),
        }
    }
    shown
}

/// The first characters, with an ellipsis where there were more.
pub(super) fn first_chars(text: &str, n_max: usize) -> String {
    match text.char_indices().nth(n_max) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// Control characters, spaces without width, and marks of direction. A joiner (U+200D) is left: it
/// makes one emoji of several.
fn is_invisible(char: char) -> bool {
    char.is_control()
        || matches!(
            char,
            '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}' | '\u{feff}'
        )
        || ('\u{2028}'..='\u{202e}').contains(&char)
        || ('\u{2060}'..='\u{2069}').contains(&char)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: Option<&str>, text: &str, soft: bool) {
        assert_eq!(Cell::of(value), Cell { text: text.to_owned(), soft });
    }

    #[test]
    fn null_empty_and_the_words_for_them_are_told_apart() {
        check(None, "null", true);
        check(Some(""), "(empty)", true);
        check(Some("null"), "null", false);
        check(Some(" "), " ", false);
    }

    #[test]
    fn what_has_no_shape_is_seen() {
        check(Some("a\tb\r\nc\0"), "a\\tb\\r\\nc\\u{0}", false);
        check(Some("\u{202e}evil\u{200b}"), "\\u{202e}evil\\u{200b}", false);
        check(Some("👩\u{200d}💻 日本"), "👩\u{200d}💻 日本", false);
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(first_chars("äöü", 3), "äöü");
        assert_eq!(first_chars("äöü", 2), "äö…");
        assert_eq!(Cell::cut(Some(&"é".repeat(1_000))).text.chars().count(), CELL_CHARS_MAX + 1);
    }
}
