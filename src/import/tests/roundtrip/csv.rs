//! Rows as delimited text.

use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::sample::select;

use super::{NAMES, values};
use crate::model::Record;

const SYNONYMS: [&str; 8] =
    ["id", "uid", "action_type", "credits_used", "metadata", "used_at", "format", "quality"];

/// How a delimited file is written.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is there or not, whatever the others are")]
pub(super) struct Csv {
    delimiter: char,
    /// Of each line in turn, again and again.
    newlines: &'static [&'static str],
    case: Case,
    has_mark: bool,
    has_sep: bool,
    quotes_all: bool,
    is_trailed: bool,
    has_blank_lines: bool,
    repeats_header: bool,
    ends_with_newline: bool,
}

/// How the columns are named.
#[derive(Clone, Copy, Debug)]
enum Case {
    Lower,
    Upper,
    Title,
    Camel,
    Padded,
    Synonyms,
}

const CASES: [Case; 6] = [Case::Lower, Case::Upper, Case::Title, Case::Camel, Case::Padded, Case::Synonyms];

impl Case {
    fn name(self, index: usize) -> String {
        let name = NAMES[index];
        match self {
            Self::Lower => name.to_owned(),
            Self::Upper => name.to_uppercase(),
            Self::Title => name.split('_').map(capital).collect::<Vec<_>>().join(" "),
            Self::Camel => name
                .split('_')
                .enumerate()
                .map(|(at, it)| if at == 0 { it.to_owned() } else { capital(it) })
                .collect(),
            Self::Padded => format!(" {name}  "),
            Self::Synonyms => SYNONYMS[index].to_owned(),
        }
    }
}

fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

pub(super) fn csv() -> impl Strategy<Value = Csv> {
    let newlines: [&'static [&'static str]; 4] = [&["\n"], &["\r\n"], &["\r"], &["\n", "\r\n"]];
    (select(vec![',', ';', '\t', '|']), select(newlines.to_vec()), select(CASES.to_vec()), any::<[bool; 7]>())
        .prop_map(
            |(
                delimiter,
                newlines,
                case,
                [
                    has_mark,
                    has_sep,
                    quotes_all,
                    is_trailed,
                    has_blank_lines,
                    repeats_header,
                    ends_with_newline,
                ],
            )| Csv {
                delimiter,
                newlines,
                case,
                has_mark,
                has_sep,
                quotes_all,
                is_trailed,
                has_blank_lines,
                repeats_header,
                ends_with_newline,
            },
        )
}

impl Csv {
    pub(super) fn plain() -> Self {
        Self {
            delimiter: ',',
            newlines: &["\n"],
            case: Case::Lower,
            has_mark: false,
            has_sep: false,
            quotes_all: false,
            is_trailed: false,
            has_blank_lines: false,
            repeats_header: false,
            ends_with_newline: true,
        }
    }

    pub(super) fn text(&self, records: &[Record]) -> String {
        let header = self.line((0..NAMES.len()).map(|it| Some(self.case.name(it))));
        let mut lines = Vec::new();
        if self.has_sep {
            lines.push(format!("sep={}", self.delimiter));
        }
        lines.push(header.clone());
        for (index, it) in records.iter().enumerate() {
            if self.has_blank_lines && index % 3 == 1 {
                lines.extend([String::new(), "  ".to_owned()]);
            }
            if self.repeats_header && index == 2 {
                lines.push(header.clone());
            }
            lines.push(self.line(values(it).into_iter()));
        }
        let mut out = if self.has_mark { "\u{feff}".to_owned() } else { String::new() };
        let n_lines = lines.len();
        for (index, line) in lines.into_iter().enumerate() {
            let is_open = index + 1 == n_lines && !self.ends_with_newline;
            let newline = if is_open { "" } else { self.newlines[index % self.newlines.len()] };
            write!(out, "{line}{newline}").unwrap();
        }
        out
    }

    /// Of which `None` is NULL.
    fn line(&self, fields: impl Iterator<Item = Option<String>>) -> String {
        let fields: Vec<String> = fields.map(|it| it.map(|it| self.field(&it)).unwrap_or_default()).collect();
        let end = if self.is_trailed { self.delimiter.to_string() } else { String::new() };
        fields.join(&self.delimiter.to_string()) + &end
    }

    fn field(&self, text: &str) -> String {
        // Between TABs it is the NULL of COPY.
        let is_copy_null = self.delimiter == '\t' && text == "\\N";
        let is_special = text.is_empty() || text.contains(['"', '\n', '\r', self.delimiter]);
        if self.quotes_all || is_copy_null || is_special {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        }
    }
}
