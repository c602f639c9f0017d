//! Any rows, in any spelling of `PostgreSQL`'s, read back as they were; damaged ones are counted or refused.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;

use super::super::roundtrip::{Shape, records, values};
use super::*;
use crate::model::{Record, RowId};

#[derive(Clone, Copy, Debug)]
enum Spelling {
    CopyText {
        has_header: bool,
    },
    Block,
    Inserts,
    ColumnInserts,
    RowsPerInsert,
    /// With `E'…'` for every text.
    Escapes,
    /// With `standard_conforming_strings` off.
    NotStandard,
    /// `psql -A`.
    Unaligned,
    /// JSON that went through COPY: a row a line, or an array on one line.
    CopiedJson {
        is_array: bool,
    },
}

const SPELLINGS: [Spelling; 11] = [
    Spelling::CopyText { has_header: true },
    Spelling::CopyText { has_header: false },
    Spelling::Block,
    Spelling::Inserts,
    Spelling::ColumnInserts,
    Spelling::RowsPerInsert,
    Spelling::Escapes,
    Spelling::NotStandard,
    Spelling::Unaligned,
    Spelling::CopiedJson { is_array: false },
    Spelling::CopiedJson { is_array: true },
];

fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r");
    text.replace('\u{b}', "\\v").replace('\u{8}', "\\b")
}

fn copy_lines(records: &[Record]) -> String {
    records.iter().fold(String::new(), |mut out, it| {
        let fields = values(it).map(|it| it.map_or_else(|| "\\N".to_owned(), |it| escaped(&it)));
        writeln!(out, "{}", fields.join("\t")).unwrap();
        out
    })
}

fn copied_json(records: &[Record], is_array: bool) -> String {
    if is_array {
        return escaped(&Shape::Pretty.text(records)) + "\n";
    }
    Shape::Ndjson.text(records).lines().map(|it| escaped(it) + "\n").collect()
}

fn tuple(it: &Record, spelling: Spelling) -> String {
    let mut index = 0;
    let fields = values(it).map(|it| {
        index += 1;
        match it {
            None => "NULL".to_owned(),
            Some(number) if index == 4 => number,
            Some(text) => match spelling {
                Spelling::Escapes => {
                    format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n"))
                }
                Spelling::NotStandard => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''")),
                _ => format!("'{}'", text.replace('\'', "''")),
            },
        }
    });
    format!("({})", fields.join(", "))
}

/// As `psql -A` prints them, which knows no empty text and quotes nothing.
fn unaligned(records: &[Record]) -> String {
    let lines = records.iter().map(|it| values(it).map(Option::unwrap_or_default).join("|") + "\n");
    let (header, rows) = (COLUMNS.replace(", ", "|"), lines.collect::<String>());
    format!("{header}\n{rows}({} rows)\n", records.len())
}

/// A record whose texts `psql -A` prints so that they can be read.
fn printable(record: &Record) -> Record {
    let text = |it: &String| (!it.is_empty()).then(|| it.replace(['|', '\n', '\r'], "_"));
    Record {
        action: text(&record.action).unwrap_or_else(|| "empty".to_owned()),
        // In JSON a `|` is in a text, and a line end nowhere.
        metadata: record.metadata.as_ref().and_then(text),
        format: record.format.as_ref().and_then(text),
        quality: record.quality.as_ref().and_then(text),
        ..record.clone()
    }
}

/// With so many rows of one user that the ids of rows are told from those of users without a header,
/// with NULL, by which COPY is told from CSV, and with a quote, by which escaped JSON is told.
///
/// One of them is as long as is said, so that those behind it lie across a piece in which a file is read.
fn unmistakable(records: &[Record], n_bytes: usize) -> Vec<Record> {
    let (_, usual) = import(LINE);
    let row = Record { quality: None, ..usual.logs.values().next().unwrap().clone() };
    let action = |it| if it == 6 { format!("\"{}", "x".repeat(n_bytes)) } else { "\"".to_owned() };
    let id = |it| RowId(uuid::Uuid::from_u128(u128::MAX - it));
    let more = (1..=6).map(|it| Record { id: id(it), action: action(it), ..row.clone() });
    more.chain(records.iter().cloned()).collect()
}

fn spelled(records: &[Record], spelling: Spelling) -> String {
    let insert = |names: &str| {
        let lines = records
            .iter()
            .map(|it| format!("INSERT INTO public.usage_logs {names}VALUES {};\n", tuple(it, spelling)));
        lines.collect::<String>()
    };
    match spelling {
        Spelling::CopyText { has_header: true } => {
            format!("{}\n{}", COLUMNS.replace(", ", "\t"), copy_lines(records))
        }
        Spelling::CopyText { has_header: false } => copy_lines(records),
        Spelling::Unaligned => unaligned(records),
        Spelling::CopiedJson { is_array } => copied_json(records, is_array),
        Spelling::Block => {
            format!("COPY public.usage_logs ({COLUMNS}) FROM stdin;\n{}\\.\n", copy_lines(records))
        }
        Spelling::Inserts => format!("CREATE TABLE public.usage_logs ({COLUMNS});{}", insert("")),
        Spelling::ColumnInserts | Spelling::Escapes => insert(&format!("({COLUMNS}) ")),
        Spelling::NotStandard => {
            format!("SET standard_conforming_strings = off;\n{}", insert(&format!("({COLUMNS}) ")))
        }
        Spelling::RowsPerInsert => {
            let rows: Vec<String> = records.iter().map(|it| tuple(it, spelling)).collect();
            format!("INSERT INTO \"public\".\"usage_logs\" VALUES\n\t{};\n", rows.join(",\n\t"))
        }
    }
}

/// Other tables, so long that the rows behind them lie across a piece in which a file is read.
fn others(n_bytes: usize) -> String {
    let line = "INSERT INTO public.notes VALUES ('it''s; ', $a$ ' $a$, E'\\'', -- '\n 1);\n";
    let copy = format!("COPY \"x\".\"y;z\" (a) FROM stdin;\n{}\n\\.\n", "a'\\\\.".repeat(n_bytes / 7));
    format!("{line}{copy}/* ' /* */ */CREATE FUNCTION f() AS 'a;''' BEGIN ATOMIC SELECT 1; END;\n")
}

/// What is read of a file at once.
const PIECE: usize = 256 * 1024;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_rows_in_any_spelling_read_back_as_they_were(
        records in records(),
        others_before in proptest::option::of(0..PIECE),
    ) {
        for spelling in SPELLINGS {
            let is_text = matches!(
                spelling,
                Spelling::CopyText { .. } | Spelling::Unaligned | Spelling::CopiedJson { .. }
            );
            let mut records = records.clone();
            if matches!(spelling, Spelling::Unaligned) {
                records = records.iter().map(printable).collect();
            }
            let n_bytes = others_before.map(|it| PIECE - it % spelled(&records, spelling).len().max(1));
            if is_text {
                records = unmistakable(&records, n_bytes.unwrap_or_default());
            } else if records.is_empty() && !matches!(spelling, Spelling::Block) {
                continue;
            }
            let mut content = spelled(&records, spelling);
            if let Some(n_bytes) = n_bytes && !is_text {
                content = format!("{}{content}{}", others(n_bytes), others(10));
            }
            let expected: BTreeMap<_, _> = records.iter().map(|it| (it.id, it.clone())).collect();
            let mut memory = Memory::default();
            let report = import_into(&mut memory, &content);
            prop_assert_eq!(&report.error, &None, "{:?} {}", spelling, &content);
            prop_assert_eq!(&memory.logs, &expected, "{:?} {}", spelling, &content);
        }
    }

    #[test]
    fn any_bytes_in_a_dump_are_counted_or_refused(
        records in records(),
        bytes in proptest::collection::vec(any::<u8>(), 0..60),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), prop::sample::select(b"'\"\\,;\n\t()$E-/*:\xffN0 ".as_slice())), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        import([b"--\n".as_slice(), &bytes].concat());
        import([b"INSERT INTO usage_logs VALUES (".as_slice(), &bytes].concat());
        import([b"COPY usage_logs (id, user_id, action) FROM stdin;\n".as_slice(), &bytes].concat());
        import([COLUMNS.replace(", ", "|").as_bytes(), b"\n", &bytes].concat());
        import([COLUMNS.replace(", ", "\t").as_bytes(), b"\n", &bytes].concat());
        for spelling in SPELLINGS {
            let mut content = spelled(&records, spelling).into_bytes();
            if content.is_empty() {
                continue;
            }
            import(&content[..cut.index(content.len())]);
            for (at, byte) in &damage {
                let at = at.index(content.len());
                content[at] = *byte;
            }
            import(&content);
        }
    }
}
