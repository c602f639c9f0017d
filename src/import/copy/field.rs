//! The fields of a line of COPY's text format.

use std::borrow::Cow;

use super::super::rows::Cell;

/// Cuts a line at its TABs; one behind a backslash is a part of the value.
pub(in crate::import) fn fields(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let text = rest?;
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(n_bytes) = memchr::memchr2(b'\t', b'\\', bytes.get(at..).unwrap_or_default()) {
            at += n_bytes;
            if bytes[at] == b'\t' {
                rest = Some(&text[at + 1..]);
                return Some(&text[..at]);
            }
            at += 2;
        }
        rest = None;
        Some(text)
    })
}

/// The value of a field: `\N` is NULL, and only where it is all of it.
pub(in crate::import) fn cell(field: &str) -> Cell<'_> {
    if field == "\\N" {
        return Cell::Null;
    }
    match unescape(field) {
        Ok(text) => Cell::Text(text),
        Err(reason) => Cell::Fault(reason.to_owned()),
    }
}

/// Undoes the escapes of COPY, which are also those of `ClickHouse`'s `TabSeparated`.
///
/// From `PostgreSQL`'s `CopyReadAttributesText`: `\b \f \n \r \t \v`, up to three octal digits, `\x` and
/// up to two hexadecimal digits; before any other character the backslash only goes away.
pub(super) fn unescape(field: &str) -> Result<Cow<'_, str>, &'static str> {
    let bytes = field.as_bytes();
    let Some(first) = memchr::memchr(b'\\', bytes) else { return Ok(Cow::Borrowed(field)) };
    let mut text = Vec::with_capacity(bytes.len());
    text.extend_from_slice(&bytes[..first]);
    let mut rest = &bytes[first..];
    while let [b'\\', byte, after @ ..] = rest {
        rest = after;
        text.push(match byte {
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 0x0b,
            b'0'..=b'7' => digits(byte - b'0', &mut rest, 8, 2),
            b'x' if rest.first().is_some_and(u8::is_ascii_hexdigit) => digits(0, &mut rest, 16, 2),
            other => *other,
        });
        let n_bytes = memchr::memchr(b'\\', rest).unwrap_or(rest.len());
        text.extend_from_slice(&rest[..n_bytes]);
        rest = &rest[n_bytes..];
    }
    if !rest.is_empty() {
        return Err("ends in a backslash that escapes nothing");
    }
    if text.contains(&0) {
        return Err("holds a NUL, which no text can");
    }
    String::from_utf8(text).map(Cow::Owned).map_err(|_not_utf8| "holds escaped bytes that are not UTF-8")
}

/// Goes on with a number of so many more digits at most. What is beyond a byte is cut, as it is there.
fn digits(mut value: u8, rest: &mut &[u8], radix: u8, n_max: usize) -> u8 {
    for _ in 0..n_max {
        let Some((byte, after)) = rest.split_first() else { break };
        let Some(digit) = char::from(*byte).to_digit(u32::from(radix)) else { break };
        value = value.wrapping_mul(radix).wrapping_add(digit as u8);
        *rest = after;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(field: &str, text: &str) {
        assert_eq!(cell(field), Cell::Text(text.into()), "{field}");
    }

    #[test]
    fn escapes_are_those_of_copy() {
        check("", "");
        check("plain é", "plain é");
        check(r"\b\f\n\r\t\v\\", "\u{8}\u{c}\n\r\t\u{b}\\");
        check(r"\\N", r"\N");
        check(r"\.", ".");
        check(r"a\Nb", "aNb");
        check(r"\'", "'");
        check(r"\101\1012\7x\477", "AA2\u{7}x?");
        check(r"\x41\x4G\xg\x414", "A\u{4}GxgA4");
        check(r"\303\251\xc3\xa9", "éé");
        check("a\\\tb\\\nc", "a\tb\nc");
        assert_eq!(cell("\\N"), Cell::Null);
    }

    #[test]
    fn what_is_no_text_is_a_fault_of_the_field() {
        for (field, reason) in [("a\\", "backslash"), (r"\0", "NUL"), (r"\xff", "UTF-8"), (r"\x00a", "NUL")] {
            let Cell::Fault(seen) = cell(field) else { panic!("{field}") };
            assert!(seen.contains(reason), "{field}: {seen}");
        }
    }

    #[test]
    fn a_line_is_cut_at_its_tabs() {
        let seen: Vec<&str> = fields("a\t\tb\\\tc\\\\\t").collect();
        assert_eq!(seen, ["a", "", "b\\\tc\\\\", ""]);
        assert_eq!(fields("").collect::<Vec<_>>(), [""]);
    }
}
