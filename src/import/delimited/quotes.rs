//! How quotes inside quotes are written, told from the beginning of a file.

use super::records::Quoting;

/// Why a record is not read whose quotes break the rules: where its fields end would be a guess.
pub(super) const FAULT: &str = "has a quote inside quotes that is not doubled";

/// How quotes inside quotes are written, by the beginning of a file: doubled, or behind a backslash where
/// only so every field ends where its quotes are closed.
pub(super) fn quoting(head: &[u8], delimiter: u8) -> Quoting {
    if are_closed(head, delimiter, false) {
        Quoting::Double
    } else if are_closed(head, delimiter, true) {
        Quoting::Escaped
    } else {
        Quoting::Checked
    }
}

/// Whether every quoted field ends where its quotes are closed, or with the text.
fn are_closed(text: &[u8], delimiter: u8, escapes: bool) -> bool {
    let mut at = 0;
    while at < text.len() {
        if text[at] == b'"' {
            let Some(end) = closing_end(text, at, escapes) else { return true };
            if !text.get(end).is_none_or(|it| *it == delimiter || matches!(it, b'\n' | b'\r')) {
                return false;
            }
        }
        at = field_end(text, at, delimiter, escapes) + 1;
    }
    true
}

/// Where the field at `start` ends.
fn field_end(raw: &[u8], start: usize, delimiter: u8, escapes: bool) -> usize {
    let mut at = start;
    if raw.get(at) == Some(&b'"') {
        match closing_end(raw, at, escapes) {
            Some(end) => at = end,
            None => return raw.len(),
        }
    }
    let n_bytes = memchr::memchr3(delimiter, b'\n', b'\r', raw.get(at..).unwrap_or_default());
    n_bytes.map_or(raw.len(), |it| at + it)
}

/// The place behind the quote that closes the one at `start`; none where it is still open.
fn closing_end(raw: &[u8], start: usize, escapes: bool) -> Option<usize> {
    let mut at = start + 1;
    loop {
        let rest = raw.get(at..)?;
        if escapes {
            at += memchr::memchr2(b'"', b'\\', rest)?;
            match raw[at] {
                b'"' => return Some(at + 1),
                _ => at += 2,
            }
        } else {
            at += memchr::memchr(b'"', rest)? + 1;
            match raw.get(at) {
                Some(b'"') => at += 1,
                _ => return Some(at),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &str, expected: Quoting) {
        assert_eq!(quoting(head.as_bytes(), b','), expected, "{head}");
    }

    #[test]
    fn quotes_inside_quotes_are_doubled_or_escaped_or_neither() {
        check("a,\"b\"\"c\"\n\"\",5\" wide,\"d\n,e\"\r\n", Quoting::Double);
        check("\"{\"\"q\"\": \"\"\\\"\"\"\"}\",1\n", Quoting::Double);
        check("\"{\\\"q\\\": 1}\",\"\\\\\"\n", Quoting::Escaped);
        check("\"{\\\"q\\\": 1}\",\"\"\"\"\n", Quoting::Checked);
        check("\"{\"q\": 1}\"\n", Quoting::Checked);
        check("1,\"it is cut", Quoting::Double);
    }
}
