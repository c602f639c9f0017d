//! Any rows, written in any way, read back as they were; any bytes at all are counted or refused.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::model::{Credits, Instant, Record, RowId, UserId, Zone};

/// How rows are written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Dialect {
    /// Delimiter, line end, quotes around all that is not NULL.
    Csv(char, &'static str, bool),
    Array,
    Pretty,
    Ndjson,
    /// As Supabase Studio: numbers and metadata are strings.
    Texts,
}

const DIALECTS: [Dialect; 9] = [
    Dialect::Csv(',', "\n", false),
    Dialect::Csv(',', "\r\n", false),
    Dialect::Csv(';', "\n", false),
    Dialect::Csv('\t', "\n", false),
    Dialect::Csv(',', "\n", true),
    Dialect::Array,
    Dialect::Pretty,
    Dialect::Ndjson,
    Dialect::Texts,
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("\\N".to_owned()),
        Just("NULL".to_owned()),
        "[a-z]{1,8}",
        "[ -~\r\n\t\";,'\\\\é🎨\u{feff}]{0,12}",
        any::<String>().prop_map(|it| it.replace('\0', "")),
    ]
}

fn metadata() -> impl Strategy<Value = Option<String>> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text().prop_map(Value::from)
    ];
    let tree = leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(text(), inner, 0..4).prop_map(|it| it.into_iter().collect()),
        ]
    });
    proptest::option::of(
        proptest::collection::btree_map(text(), tree, 0..4)
            .prop_map(|it| serde_json::Map::from_iter(it).into_iter().collect::<Value>().to_string()),
    )
}

pub(super) fn records() -> impl Strategy<Value = Vec<Record>> {
    let credits = prop_oneof![-i64::MAX..=i64::MAX, -5_000_000_000..5_000_000_000_i64];
    let micros = Instant::MIN.micros()..=Instant::MAX.micros();
    let row = (
        any::<u128>(),
        0..4_u128,
        text(),
        credits,
        metadata(),
        micros,
        proptest::option::of(text()),
        proptest::option::of(text()),
    );
    let record = row.prop_map(|(id, user, action, nano, metadata, micros, format, quality)| Record {
        id: RowId(uuid::Uuid::from_u128(id)),
        user_id: UserId(uuid::Uuid::from_u128(user)),
        action,
        credits: Credits::from_nano(nano).unwrap(),
        metadata,
        created_at: Instant::from_micros(micros),
        format,
        quality,
    });
    proptest::collection::vec(record, 0..8)
}

fn csv_text(records: &[Record], delimiter: char, newline: &str, force_quote: bool) -> String {
    let quote = |text: &str| {
        // Between TABs it is the NULL of COPY.
        let is_copy_null = delimiter == '\t' && text == "\\N";
        let special = text.is_empty() || is_copy_null || text.contains(['"', '\n', '\r', delimiter]);
        if special || force_quote { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
    };
    let mut out = HEADER.trim_end().replace(',', &delimiter.to_string()) + newline;
    for it in records {
        let nullable = |text: &Option<String>| text.as_deref().map(quote).unwrap_or_default();
        let fields = [
            quote(&it.id.to_string()),
            quote(&it.user_id.to_string()),
            quote(&it.action),
            quote(&it.credits.to_string()),
            nullable(&it.metadata),
            quote(&Zone::utc().format(it.created_at)),
            nullable(&it.format),
            nullable(&it.quality),
        ];
        write!(out, "{}{newline}", fields.join(&delimiter.to_string())).unwrap();
    }
    out
}

pub(super) fn json_text(records: &[Record], dialect: Dialect) -> String {
    let objects: Vec<String> = records
        .iter()
        .map(|it| {
            let (credits, metadata) = match dialect {
                Dialect::Texts => (json!(it.credits.to_string()).to_string(), json!(it.metadata).to_string()),
                _ => (it.credits.to_string(), it.metadata.clone().unwrap_or_else(|| "null".to_owned())),
            };
            let blank = if matches!(dialect, Dialect::Pretty) { "\r\n    " } else { "" };
            let known = [
                ("id", json!(it.id.to_string()).to_string()),
                ("user_id", json!(it.user_id.to_string()).to_string()),
                ("action", json!(it.action).to_string()),
                ("credits_consumed", credits),
                ("metadata", metadata),
                ("created_at", json!(Zone::utc().format(it.created_at)).to_string()),
                ("format", json!(it.format).to_string()),
                ("quality", json!(it.quality).to_string()),
            ];
            let fields: Vec<String> =
                known.iter().map(|(key, value)| format!("{blank}\"{key}\":{blank}{value}")).collect();
            format!("{{{}{blank}}}", fields.join(","))
        })
        .collect();
    match dialect {
        Dialect::Ndjson => objects.into_iter().map(|it| it + "\n").collect(),
        _ => format!("[{}]", objects.join(",")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_rows_in_any_dialect_read_back_as_they_were(records in records()) {
        let expected: std::collections::BTreeMap<RowId, Record> =
            records.iter().map(|it| (it.id, it.clone())).collect();
        for dialect in DIALECTS {
            let content = match dialect {
                Dialect::Csv(delimiter, newline, force) => csv_text(&records, delimiter, newline, force),
                Dialect::Ndjson if records.is_empty() => continue,
                _ => json_text(&records, dialect),
            };
            let mut memory = Memory::default();
            let report = import_into(&mut memory, &content);
            prop_assert_eq!(&report.error, &None, "{:?} {}", dialect, &content);
            prop_assert_eq!(&memory.logs, &expected, "{:?} {}", dialect, &content);
            let again = import_into(&mut memory, &content);
            prop_assert_eq!(again.tables[0].repeats, records.len() as u64, "{:?} {}", dialect, &content);
        }
    }

    #[test]
    fn any_bytes_are_counted_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        // The sums are checked by every import of these tests.
        import(&bytes);
        import([HEADER.as_bytes(), &bytes].concat());
        import([b"[{\"id\":1,\"user_id\":2,\"action\":3},".as_slice(), &bytes].concat());
    }

    #[test]
    fn a_damaged_dump_is_counted_or_refused(
        records in records(),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), prop::sample::select(b"\"\\,;\n\r\t[]{}:\0\xffNe0 ".as_slice())), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        for content in [csv_text(&records, ',', "\n", false), json_text(&records, Dialect::Array), json_text(&records, Dialect::Ndjson)] {
            let mut bytes = content.into_bytes();
            if bytes.is_empty() {
                continue;
            }
            import(&bytes[..cut.index(bytes.len())]);
            for (at, byte) in &damage {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            import(&bytes);
        }
    }
}
