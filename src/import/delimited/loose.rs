//! Lines → fields, for spellings that break CSV's rules.
//!
//! Nothing is guessed: a line whose fields come out in another number than the header has is rejected
//! by the caller, and so is one with a fault.

use memchr::memmem;
use serde_json::value::RawValue;

use super::quotes::FAULT;
use super::records::{Quoting, Record};

/// Cuts a line, without its end, into the fields of a record. False beyond the most fields there may be.
pub(super) fn split(line: &[u8], delimiter: u8, quoting: Quoting, record: &mut Record) -> bool {
    record.clear();
    match quoting {
        Quoting::Blanks => blanks(line, delimiter, record),
        Quoting::Markdown => markdown(line, record),
        Quoting::Single { doubled } => single_quotes(line, delimiter, doubled, record),
        Quoting::Spaced => spaced(line, delimiter, record),
        Quoting::Json => json(line, delimiter, record),
        Quoting::Double | Quoting::Escaped | Quoting::Checked => false,
    }
}

/// ` a , b ,  , c `: one blank on each side belongs to the delimiter, all others to the text.
/// JSON needs no quotes so, because `jsonb` writes no blank before a comma.
fn blanks(line: &[u8], delimiter: u8, record: &mut Record) -> bool {
    let line = line.strip_prefix(b" ").unwrap_or(line);
    let line = line.strip_suffix(b" ").unwrap_or(line);
    let separator = [b' ', delimiter, b' '];
    let mut start = 0;
    while let Some(n_bytes) = memmem::find(&line[start..], &separator) {
        if !record.push(&line[start..start + n_bytes]) {
            return false;
        }
        start += n_bytes + separator.len();
    }
    record.push(&line[start..])
}

/// `| a | b\|c |`: after each `|` one blank, then the text, then blanks up to the width of the column.
/// A backslash stands before a `|` or a backslash that is text.
fn markdown(line: &[u8], record: &mut Record) -> bool {
    let line = line.trim_ascii();
    let Some(mut rest) = line.strip_prefix(b"|") else {
        record.fault = Some("does not begin with `|` as a row of a Markdown table does");
        return record.push(line);
    };
    let mut cell = Vec::new();
    while let Some(at) = memchr::memchr2(b'|', b'\\', rest) {
        cell.extend_from_slice(&rest[..at]);
        if rest[at] == b'\\' {
            let Some(escaped @ (b'|' | b'\\')) = rest.get(at + 1) else {
                record.fault = Some("has a backslash that escapes nothing, as they do in a Markdown table");
                return record.push(rest);
            };
            cell.push(*escaped);
            rest = &rest[at + 2..];
            continue;
        }
        let text = cell.strip_prefix(b" ").unwrap_or(&cell);
        let n_padding = text.iter().rev().take_while(|it| **it == b' ').count();
        if !record.push(&text[..text.len() - n_padding]) {
            return false;
        }
        cell.clear();
        rest = &rest[at + 1..];
    }
    if !rest.is_empty() {
        record.fault = Some("does not end with `|` as a row of a Markdown table does");
        return record.push(rest);
    }
    true
}

/// `'a, b','it''s'`. Where quotes inside are not doubled, a quote closes only before a delimiter or
/// the end of the line.
fn single_quotes(line: &[u8], delimiter: u8, doubled: bool, record: &mut Record) -> bool {
    let is_end = |at: usize| line.get(at).is_none_or(|it| *it == delimiter);
    let mut start = 0;
    loop {
        let closing = (line.get(start) == Some(&b'\''))
            .then(|| close(line, (b'\'', doubled), start + 1, &is_end))
            .flatten();
        record.quoted.push(closing.is_some());
        let end = if let Some(close) = closing {
            let inner = &line[start + 1..close];
            let is_pushed = if doubled { record.push(&undoubled(inner, b'\'')) } else { record.push(inner) };
            if !is_pushed {
                return false;
            }
            if !is_end(close + 1) {
                record.fault = Some(FAULT);
                return true;
            }
            close + 1
        } else {
            let n_bytes = memchr::memchr(delimiter, &line[start..]).unwrap_or(line.len() - start);
            if !record.push(&line[start..start + n_bytes]) {
                return false;
            }
            start + n_bytes
        };
        if end >= line.len() {
            return true;
        }
        start = end + 1;
    }
}

/// `a, "b, ""c""", d`: the blank behind a delimiter is not part of the text, as people write CSV by hand.
fn spaced(line: &[u8], delimiter: u8, record: &mut Record) -> bool {
    let is_end = |at: usize| line.get(at).is_none_or(|it| *it == delimiter);
    let mut start = 0;
    loop {
        let is_quoted = line.get(start) == Some(&b'"');
        record.quoted.push(is_quoted);
        let end = if is_quoted {
            let Some(close) = close(line, (b'"', true), start + 1, &is_end).filter(|it| is_end(it + 1))
            else {
                record.fault = Some("has a quote that is not closed before the end of its field");
                return record.push(&line[start..]);
            };
            if !record.push(&undoubled(&line[start + 1..close], b'"')) {
                return false;
            }
            close + 1
        } else {
            let n_bytes = memchr::memchr(delimiter, &line[start..]).unwrap_or(line.len() - start);
            if !record.push(&line[start..start + n_bytes]) {
                return false;
            }
            start + n_bytes
        };
        match line.get(end..).unwrap_or_default() {
            [] => return true,
            // Nothing behind the last delimiter.
            [_] => {
                record.quoted.push(false);
                return record.push(b"");
            }
            [_, b' ', ..] => start = end + 2,
            _ => {
                record.fault = Some("has no blank behind a delimiter, as the others of this file have");
                return record.push(&line[end + 1..]);
            }
        }
    }
}

/// `"a\nb",{"n":1},2.5,null`: a string is its text, and any other value stands as it is.
///
/// The names of columns may stand there without quotes. An empty string does not count as quoted,
/// because most converters write NULL so.
fn json(line: &[u8], delimiter: u8, record: &mut Record) -> bool {
    let mut start = 0;
    loop {
        let rest = &line[start..];
        let to_delimiter = || memchr::memchr(delimiter, rest).unwrap_or(rest.len());
        let (n_bytes, is_json) = match rest.first() {
            Some(b'"' | b'{' | b'[') => json_end(rest).map_or_else(|| (rest.len(), false), |it| (it, true)),
            _ => (to_delimiter(), serde_json::from_slice::<&RawValue>(&rest[..to_delimiter()]).is_ok()),
        };
        let field = &rest[..n_bytes];
        let text = serde_json::from_slice::<String>(field).ok();
        record.quoted.push(text.as_ref().is_some_and(|it| !it.is_empty()));
        if !record.push(text.as_deref().map_or(field, str::as_bytes)) {
            return false;
        }
        let next = rest.get(n_bytes);
        let is_between = next.is_none_or(|it| *it == delimiter);
        if !is_json || !is_between {
            record.fault = Some("has a field that is no JSON, as the others of this file are");
        }
        if next.is_none() || !is_between {
            return true;
        }
        start += n_bytes + 1;
    }
}

/// Where the JSON value at the start of a text ends; nowhere if it is none.
fn json_end(text: &[u8]) -> Option<usize> {
    let mut values = serde_json::Deserializer::from_slice(text).into_iter::<&RawValue>();
    values.next()?.ok()?;
    Some(values.byte_offset())
}

/// Where the quote that opened before `from` is closed; nowhere if it is a character of the text.
fn close(
    line: &[u8],
    (quote, doubled): (u8, bool),
    from: usize,
    is_end: &dyn Fn(usize) -> bool,
) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr::memchr(quote, line.get(at..)?)?;
        match line.get(at + 1) {
            Some(it) if doubled && *it == quote => at += 2,
            _ if doubled || is_end(at + 1) => return Some(at),
            _ => at += 1,
        }
    }
}

/// With one of each two bytes of a kind that stand together.
pub(super) fn undoubled(text: &[u8], byte: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut is_first = false;
    for it in text {
        is_first = *it == byte && !is_first;
        if *it != byte || is_first {
            out.push(*it);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, quoting: Quoting, fields: &[&str], has_fault: bool) {
        let mut record = Record::default();
        assert!(split(line.as_bytes(), b',', quoting, &mut record));
        assert_eq!(record.names(), fields, "{line}");
        assert_eq!(record.fault.is_some(), has_fault, "{line}");
    }

    #[test]
    fn blanks_around_a_delimiter_are_its_own() {
        check(
            " a , {\"n\": 1, \"m\": 2} ,  ,  ",
            Quoting::Blanks,
            &["a", "{\"n\": 1, \"m\": 2}", "", ""],
            false,
        );
        check(" a ,  two blanks  , b ", Quoting::Blanks, &["a", " two blanks ", "b"], false);
    }

    #[test]
    fn a_row_of_markdown_is_what_stands_between_its_bars() {
        check("| a   |  b\\|c |  |", Quoting::Markdown, &["a", " b|c", ""], false);
        check("| a\\\\| b |", Quoting::Markdown, &["a\\", "b"], false);
        check("| a\\n | b |", Quoting::Markdown, &[" a\\n | b |"], true);
        check("| a | b", Quoting::Markdown, &["a", " b"], true);
        check("a | b |", Quoting::Markdown, &["a | b |"], true);
    }

    #[test]
    fn single_quotes_close_before_a_delimiter() {
        let plain = Quoting::Single { doubled: false };
        check("1,'a, it's b',2", plain, &["1", "a, it's b", "2"], false);
        check("'a','',''b'',", plain, &["a", "", "'b'", ""], false);
        check("'quoted", plain, &["'quoted"], false);
        let doubled = Quoting::Single { doubled: true };
        check("'a, it''s','b'", doubled, &["a, it's", "b"], false);
        check("'a, it's','b'", doubled, &["a, it"], true);
    }

    #[test]
    fn a_blank_behind_a_delimiter_is_its_own() {
        check(r#"a, "b, ""c""",  d, , "#, Quoting::Spaced, &["a", "b, \"c\"", " d", "", ""], false);
        check("a, b,", Quoting::Spaced, &["a", "b", ""], false);
        check("a,b", Quoting::Spaced, &["a", "b"], true);
        check("a, \"b", Quoting::Spaced, &["a", "\"b"], true);
        check("a, \"b\" c, d", Quoting::Spaced, &["a", "\"b\" c, d"], true);
    }

    #[test]
    fn a_field_of_json_is_one_value() {
        check(
            r#""a\n\"b\"",{"n":[1,2]},-2.5,"",null"#,
            Quoting::Json,
            &["a\n\"b\"", "{\"n\":[1,2]}", "-2.5", "", "null"],
            false,
        );
        check("id,\"action\"", Quoting::Json, &["id", "action"], true);
        check(r#""a"b,1"#, Quoting::Json, &["a"], true);
        check(r#"1,{"n":1"#, Quoting::Json, &["1", "{\"n\":1"], true);
        check("1,", Quoting::Json, &["1", ""], true);
    }
}
