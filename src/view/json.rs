//! JSON as text: laid out as a tree, with the digits, the order and the escapes it came with.

use std::str::Chars;

use serde_json::value::RawValue;

/// Deeper levels are not indented further: a dump may nest without end.
const INDENT_MAX: usize = 32;

/// Whether a text is one JSON value.
pub(super) fn is_json(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok()
}

/// A line for every member and element. `None` where the text is not JSON.
pub(super) fn tree(text: &str) -> Option<String> {
    is_json(text).then(|| laid_out(text))
}

/// A text as a JSON string, quotes and all.
pub(super) fn string(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}

/// Valid JSON with only the blanks between its tokens changed.
fn laid_out(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut depth = 0_usize;
    // The token before began an object or a list, which may be empty.
    let mut is_open = false;
    let mut chars = json.chars();
    while let Some(char) = chars.next() {
        if char.is_ascii_whitespace() {
            continue;
        }
        let closes = matches!(char, '}' | ']');
        if is_open && !closes {
            depth += 1;
            new_line(&mut out, depth);
        } else if closes && !is_open {
            depth = depth.saturating_sub(1);
            new_line(&mut out, depth);
        }
        is_open = matches!(char, '{' | '[');
        out.push(char);
        match char {
            ',' => new_line(&mut out, depth),
            ':' => out.push(' '),
            '"' => copy_string(&mut chars, &mut out),
            _ => {}
        }
    }
    out
}

/// The rest of a string, its closing quote included.
fn copy_string(chars: &mut Chars<'_>, out: &mut String) {
    while let Some(char) = chars.next() {
        out.push(char);
        match char {
            '"' => return,
            '\\' => out.extend(chars.next()),
            _ => {}
        }
    }
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth.min(INDENT_MAX)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_tree(json: &str, expected: &str) {
        assert_eq!(tree(json).as_deref(), Some(expected));
    }

    #[test]
    fn digits_order_and_escapes_stay() {
        check_tree(
            r#"{"z":1.50,"a":[1e400, {}],"s":"a, {\"b\": \u00e9}","n":null}"#,
            "{\n  \"z\": 1.50,\n  \"a\": [\n    1e400,\n    {}\n  ],\n  \"s\": \"a, {\\\"b\\\": \\u00e9}\",\n  \"n\": null\n}",
        );
        check_tree(" [ ] ", "[]");
        check_tree("12345678901234567890.00", "12345678901234567890.00");
    }

    #[test]
    fn what_is_not_json_is_left_alone() {
        for text in ["[object Object]", "", "{\"a\":", "{} {}"] {
            assert_eq!(tree(text), None, "{text}");
        }
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        // Neither a long wait nor an overflowing stack.
        assert!(tree(&deep).is_none_or(|it| it.len() < 20_000_000));
    }

    #[test]
    fn a_text_becomes_a_string() {
        assert_eq!(string("a\"b\n"), r#""a\"b\n""#);
    }
}
