//! Values as `PostgreSQL`'s input functions take them: a text in, a value or a reason out.

pub(super) mod number;
pub(super) mod time;
pub(super) mod uuid;

pub use self::number::{DecimalMark, Factor};
pub use self::time::DateOrder;

/// A value for a message: quoted, and cut where it is long.
pub(super) fn quoted(text: &str) -> String {
    const CHARS_MAX: usize = 60;
    match text.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("`{}…`", text[..end].escape_debug()),
        None => format!("`{}`", text.escape_debug()),
    }
}

/// What C's `isspace` takes for a blank.
pub(super) fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0b
}

/// Without the blanks around it.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|it: char| u8::try_from(it).is_ok_and(is_blank))
}
