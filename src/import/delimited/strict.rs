//! Text → the fields of its first record, where quotes are as RFC 4180 says.
//!
//! What `csv-core` does a byte at a time, which took a fifth of the time of an import; a test holds both together.

use std::ops::Range;

use memchr::{memchr, memchr2, memchr3};

use super::quotes::FAULT;
use super::records::{Block, Cut, How, Quoting};

/// Cuts the record at a place of a text where no line end is. `is_all` says that nothing follows the text.
pub(super) fn cut(
    text: &str,
    start: usize,
    (delimiter, quoting): How,
    is_all: bool,
    block: &mut Block,
) -> Cut {
    let bytes = text.as_bytes();
    let mut at = start;
    loop {
        let is_quoted = bytes.get(at) == Some(&b'"');
        let quoted = if is_quoted {
            let Some(quoted) = close(text, at + 1, quoting == Quoting::Escaped, block) else {
                return Cut::Short;
            };
            quoted
        } else {
            Quoted { inner: at..at, undone: None, end: at }
        };
        let rest = &bytes[quoted.end..];
        let found = memchr3(delimiter, b'\n', b'\r', rest);
        if found.is_none() && !is_all {
            return Cut::Short;
        }
        let end = quoted.end + found.unwrap_or(rest.len());
        let is_in_bounds = match quoted.undone {
            None if !is_quoted => block.push_standing(at..end, false),
            None if end == quoted.end => block.push_standing(quoted.inner, true),
            // What follows a closing quote belongs to the field.
            undone => {
                let start = undone.unwrap_or_else(|| {
                    let start = block.begin_field();
                    block.add(&text[quoted.inner]);
                    start
                });
                block.add(&text[quoted.end..end]);
                block.end_field(start, true)
            }
        };
        if !is_in_bounds {
            return Cut::TooMany;
        }
        if is_quoted && end > quoted.end && quoting == Quoting::Checked {
            block.fault = Some(FAULT);
        }
        if bytes.get(end) != Some(&delimiter) {
            let is_ended = found.is_some();
            return Cut::Record { n_raw: end + usize::from(is_ended) - start, is_ended };
        }
        at = end + 1;
    }
}

/// What stands in quotes.
struct Quoted {
    /// Where, as long as it stands there as it is ...
    inner: Range<usize>,
    /// ... and where it begins among what does not.
    undone: Option<usize>,
    /// Behind the closing quote.
    end: usize,
}

/// Finds what is in quotes that were opened before `start`; nothing where they are not closed.
fn close(text: &str, start: usize, escapes: bool, block: &mut Block) -> Option<Quoted> {
    let bytes = text.as_bytes();
    let mut undone = None;
    // From where on nothing is added yet, and from where on nothing is looked at.
    let (mut from, mut at) = (start, start);
    loop {
        let rest = &bytes[at..];
        let found = if escapes { memchr2(b'"', b'\\', rest) } else { memchr(b'"', rest) };
        at += found.unwrap_or(rest.len());
        let (until, next) = match (bytes.get(at), bytes.get(at + 1)) {
            // A character that is escaped is text, and so is one of two quotes.
            (Some(b'\\'), Some(_)) => (at, at + 1),
            (Some(b'"'), Some(b'"')) if !escapes => (at + 1, at + 2),
            (Some(b'"'), _) if undone.is_none() => {
                return Some(Quoted { inner: start..at, undone, end: at + 1 });
            }
            (Some(b'"'), _) => {
                block.add(&text[from..at]);
                return Some(Quoted { inner: start..at, undone, end: at + 1 });
            }
            // So far it is a field, for who takes it as one.
            _ => {
                let start = *undone.get_or_insert_with(|| block.begin_field());
                block.add(&text[from..at]);
                block.end_field(start, true);
                return None;
            }
        };
        undone.get_or_insert_with(|| block.begin_field());
        block.add(&text[from..until]);
        from = next;
        at = if escapes { next + 1 } else { next };
    }
}

#[cfg(test)]
mod tests {
    use csv_core::{ReadRecordResult, ReaderBuilder};
    use proptest::prelude::*;

    use super::*;

    /// As `csv-core` reads the first record: its fields, and how many bytes it takes.
    fn by_csv_core(text: &str, escapes: bool) -> (Vec<String>, usize) {
        let mut builder = ReaderBuilder::new();
        if escapes {
            builder.double_quote(false).escape(Some(b'\\'));
        }
        let mut reader = builder.build();
        let (mut out, mut ends) = (vec![0; text.len() + 1], vec![0; text.len() + 1]);
        let (result, n_raw, n_out, mut n_ends) = reader.read_record(text.as_bytes(), &mut out, &mut ends);
        if result == ReadRecordResult::InputEmpty {
            n_ends += reader.read_record(&[], &mut out[n_out..], &mut ends[n_ends..]).3;
        }
        let mut start = 0;
        let fields = ends[..n_ends].iter().map(|end| {
            let field = String::from_utf8(out[start..*end].to_vec()).unwrap();
            start = *end;
            field
        });
        (fields.collect(), n_raw)
    }

    /// The first record: its fields, and how it was cut.
    fn by_ours(text: &str, how: How, is_all: bool) -> (Vec<String>, Cut) {
        let mut block = Block::default();
        let found = cut(text, 0, how, is_all, &mut block);
        block.end_record(0..0, 1, false);
        (block.first_of(text).names(), found)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn records_are_those_of_csv_core(
            text in "[,\"\n\r\\\\aé]{1,24}",
            escapes in any::<bool>(),
            n_first in 0_usize..24,
        ) {
            let text = text.trim_start_matches(['\r', '\n']);
            prop_assume!(!text.is_empty());
            let how = (b',', if escapes { Quoting::Escaped } else { Quoting::Double });
            let (fields, found) = by_ours(text, how, true);
            let (expected, n_expected) = by_csv_core(text, escapes);
            prop_assert_eq!(fields, expected);
            match found {
                Cut::Record { n_raw, is_ended } => {
                    prop_assert_eq!(n_raw, n_expected);
                    prop_assert_eq!(is_ended, text[..n_raw].ends_with(['\r', '\n']));
                }
                Cut::Short | Cut::TooMany => prop_assert_eq!(n_expected, text.len()),
            }
            // Of a part of the text there is the same record, or none.
            let first = &text[..text.floor_char_boundary(n_first)];
            if let (_, of_part @ Cut::Record { .. }) = by_ours(first, how, false) {
                prop_assert_eq!(of_part, found);
            }
        }
    }

    #[test]
    fn a_quote_that_is_closed_too_soon_is_a_fault_where_that_is_looked_for() {
        let check = |text: &str, quoting: Quoting, has_fault: bool| {
            let mut block = Block::default();
            let found = cut(text, 0, (b',', quoting), false, &mut block);
            assert_eq!(found, Cut::Record { n_raw: text.find('\n').unwrap() + 1, is_ended: true });
            assert_eq!(block.fault.is_some(), has_fault, "{text}");
        };
        check("\"{\"q\": 1}\",\"b\"\nc", Quoting::Checked, true);
        check("\"{\"q\": 1}\",\"b\"\nc", Quoting::Double, false);
        check("\"a\",b,\"\"\n", Quoting::Checked, false);
    }

    #[test]
    fn it_is_known_which_fields_had_quotes() {
        let mut block = Block::default();
        let text = "\"a\",b,\"\",,\"c\"\"\"\n";
        cut(text, 0, (b',', Quoting::Double), false, &mut block);
        block.end_record(0..0, 1, false);
        let record = block.first_of(text);
        let quoted = (0..record.n_fields()).map(|it| record.is_quoted(it)).collect::<Vec<_>>();
        assert_eq!(quoted, [true, false, true, false, true]);
        assert_eq!(record.names(), ["a", "b", "", "", "c\""]);
    }
}
