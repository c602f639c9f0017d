//! Lines → fields, for spellings that break CSV's rules.
//!
//! Nothing is guessed: a line whose fields come out in another number than the header has is rejected
//! by the caller, and so is one with a fault.

use memchr::memmem;
use serde_json::value::RawValue;

use super::quotes::FAULT;
use super::records::{Block, How, Quoting};

/// Cuts a line, without its end, into the fields of a record. False beyond the most fields there may be.
pub(super) fn split(line: &str, (delimiter, quoting): How, record: &mut Block) -> bool {
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
fn blanks(line: &str, delimiter: u8, record: &mut Block) -> bool {
    let line = line.strip_prefix(' ').unwrap_or(line);
    let line = line.strip_suffix(' ').unwrap_or(line);
    let separator = [b' ', delimiter, b' '];
    let mut start = 0;
    while let Some(n_bytes) = memmem::find(&line.as_bytes()[start..], &separator) {
        if !record.push(&line[start..start + n_bytes], false) {
            return false;
        }
        start += n_bytes + separator.len();
    }
    record.push(&line[start..], false)
}

/// `| a | b\|c |`: after each `|` one blank, then the text, then blanks up to the width of the column.
/// A backslash stands before a `|` or a backslash that is text.
fn markdown(line: &str, record: &mut Block) -> bool {
    let line = line.trim_ascii();
    let Some(mut rest) = line.strip_prefix('|') else {
        record.fault = Some("does not begin with `|` as a row of a Markdown table does");
        return record.push(line, false);
    };
    let mut cell = String::new();
    while let Some(at) = memchr::memchr2(b'|', b'\\', rest.as_bytes()) {
        cell.push_str(&rest[..at]);
        if let Some(escaped) = rest[at..].strip_prefix('\\') {
            let Some(escaped @ ('|' | '\\')) = escaped.chars().next() else {
                record.fault = Some("has a backslash that escapes nothing, as they do in a Markdown table");
                return record.push(rest, false);
            };
            cell.push(escaped);
            rest = &rest[at + 2..];
            continue;
        }
        let text = cell.strip_prefix(' ').unwrap_or(&cell);
        if !record.push(text.trim_end_matches(' '), false) {
            return false;
        }
        cell.clear();
        rest = &rest[at + 1..];
    }
    if !rest.is_empty() {
        record.fault = Some("does not end with `|` as a row of a Markdown table does");
        return record.push(rest, false);
    }
    true
}

/// `'a, b','it''s'`. Where quotes inside are not doubled, a quote closes only before a delimiter or
/// the end of the line.
fn single_quotes(line: &str, delimiter: u8, doubled: bool, record: &mut Block) -> bool {
    let is_end = |at: usize| line.as_bytes().get(at).is_none_or(|it| *it == delimiter);
    let mut start = 0;
    loop {
        let closing = line[start..]
            .starts_with('\'')
            .then(|| close(line, (b'\'', doubled), start + 1, &is_end))
            .flatten();
        let end = if let Some(close) = closing {
            let inner = &line[start + 1..close];
            let is_pushed =
                if doubled { record.push(&undoubled(inner, '\''), true) } else { record.push(inner, true) };
            if !is_pushed {
                return false;
            }
            if !is_end(close + 1) {
                record.fault = Some(FAULT);
                return true;
            }
            close + 1
        } else {
            let n_bytes = memchr::memchr(delimiter, &line.as_bytes()[start..]).unwrap_or(line.len() - start);
            if !record.push(&line[start..start + n_bytes], false) {
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
fn spaced(line: &str, delimiter: u8, record: &mut Block) -> bool {
    let is_end = |at: usize| line.as_bytes().get(at).is_none_or(|it| *it == delimiter);
    let mut start = 0;
    loop {
        let is_quoted = line[start..].starts_with('"');
        let end = if is_quoted {
            let Some(close) = close(line, (b'"', true), start + 1, &is_end).filter(|it| is_end(it + 1))
            else {
                record.fault = Some("has a quote that is not closed before the end of its field");
                return record.push(&line[start..], true);
            };
            if !record.push(&undoubled(&line[start + 1..close], '"'), true) {
                return false;
            }
            close + 1
        } else {
            let n_bytes = memchr::memchr(delimiter, &line.as_bytes()[start..]).unwrap_or(line.len() - start);
            if !record.push(&line[start..start + n_bytes], false) {
                return false;
            }
            start + n_bytes
        };
        match line.as_bytes().get(end..).unwrap_or_default() {
            [] => return true,
            // Nothing behind the last delimiter.
            [_] => {
                return record.push("", false);
            }
            [_, b' ', ..] => start = end + 2,
            _ => {
                record.fault = Some("has no blank behind a delimiter, as the others of this file have");
                return record.push(&line[end + 1..], false);
            }
        }
    }
}

/// `"a\nb",{"n":1},2.5,null`: a string is its text, and any other value stands as it is.
///
/// The names of columns may stand there without quotes. An empty string does not count as quoted,
/// because most converters write NULL so.
fn json(line: &str, delimiter: u8, record: &mut Block) -> bool {
    let mut start = 0;
    loop {
        let rest = &line[start..];
        let to_delimiter = || memchr::memchr(delimiter, rest.as_bytes()).unwrap_or(rest.len());
        let (n_bytes, is_json) = match rest.as_bytes().first() {
            Some(b'"' | b'{' | b'[') => json_end(rest).map_or_else(|| (rest.len(), false), |it| (it, true)),
            _ => (to_delimiter(), serde_json::from_str::<&RawValue>(&rest[..to_delimiter()]).is_ok()),
        };
        let field = &rest[..n_bytes];
        let text = serde_json::from_str::<String>(field).ok();
        let is_quoted = text.as_ref().is_some_and(|it| !it.is_empty());
        if !record.push(text.as_deref().unwrap_or(field), is_quoted) {
            return false;
        }
        let next = rest.as_bytes().get(n_bytes);
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
fn json_end(text: &str) -> Option<usize> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    values.next()?.ok()?;
    Some(values.byte_offset())
}

/// Where the quote that opened before `from` is closed; nowhere if it is a character of the text.
fn close(
    line: &str,
    (quote, doubled): (u8, bool),
    from: usize,
    is_end: &dyn Fn(usize) -> bool,
) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr::memchr(quote, line.as_bytes().get(at..)?)?;
        match line.as_bytes().get(at + 1) {
            Some(it) if doubled && *it == quote => at += 2,
            _ if doubled || is_end(at + 1) => return Some(at),
            _ => at += 1,
        }
    }
}

/// With one of each two characters of a kind that stand together.
pub(super) fn undoubled(text: &str, character: char) -> String {
    let mut is_first = false;
    let is_kept = |it: &char| {
        is_first = *it == character && !is_first;
        *it != character || is_first
    };
    text.chars().filter(is_kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, quoting: Quoting, fields: &[&str], has_fault: bool) {
        let mut block = Block::default();
        assert!(split(line, (b',', quoting), &mut block));
        block.end_record(0..line.len(), 1, true);
        let record = block.first_of(line);
        assert_eq!(record.names(), fields, "{line}");
        assert_eq!(record.fault().is_some(), has_fault, "{line}");
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
