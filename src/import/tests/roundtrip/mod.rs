//! Any rows, written in any way, read back as they were; any bytes at all are counted or refused.

mod csv;
mod json;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use self::csv::{Csv, csv};
use self::json::SHAPES;
pub(super) use self::json::Shape;
use super::*;
use crate::import::laws::packed;
use crate::import::source::Input;
use crate::model::{Credits, Instant, Record, RowId, UserId, Zone};

const NAMES: [&str; 8] =
    ["id", "user_id", "action", "credits_consumed", "metadata", "created_at", "format", "quality"];

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
    proptest::collection::vec(record, 0..16)
}

pub(super) fn values(it: &Record) -> [Option<String>; 8] {
    [
        Some(it.id.to_string()),
        Some(it.user_id.to_string()),
        Some(it.action.clone()),
        Some(it.credits.to_string()),
        it.metadata.clone(),
        Some(Zone::utc().format(it.created_at)),
        it.format.clone(),
        it.quality.clone(),
    ]
}

// ---- bytes --------------------------------------------------------------------------------------

fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    match encoding {
        "UTF-16LE" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "UTF-16BE" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => text.as_bytes().to_owned(),
    }
}

fn packed(bytes: Vec<u8>, packing: &str) -> Vec<u8> {
    match packing {
        "gz" => packed::gzip(bytes),
        "zst" => packed::zstd(bytes),
        "zip" => packed::zip(&[("a", bytes)], rawzip::CompressionMethod::DEFLATE),
        _ => bytes,
    }
}

/// An encoding, a packing, and in what pieces the file is read.
fn form() -> impl Strategy<Value = (&'static str, &'static str, usize)> {
    let packings = select(vec!["", "gz", "zst", "zip"]);
    (
        select(vec!["UTF-8", "UTF-16LE", "UTF-16BE"]),
        packings,
        prop_oneof![4_096_usize..20_000, Just(256 * 1024)],
    )
}

fn check_read_back(
    records: &[Record],
    text: &str,
    (encoding, packing, chunk): (&str, &str, usize),
) -> Result<(), TestCaseError> {
    let expected: std::collections::BTreeMap<RowId, Record> =
        records.iter().map(|it| (it.id, it.clone())).collect();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&packed(encoded(text, encoding), packing)).unwrap();
    let mut memory = Memory::default();
    let mut import = || {
        let report = laws::import(Input::in_chunks_of(file.path(), chunk), &Options::default(), &mut memory);
        (report, memory.logs.clone())
    };
    let (report, logs) = import();
    prop_assert_eq!(&report.error, &None, "{:?}", text);
    prop_assert_eq!(&logs, &expected, "{:?} {:?}", report.tables, text);
    let (again, _) = import();
    prop_assert_eq!(again.tables[0].repeats, records.len() as u64, "{:?}", text);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_rows_in_any_dialect_read_back_as_they_were(records in records(), csv in csv(), form in form()) {
        check_read_back(&records, &csv.text(&records), form)?;
    }

    #[test]
    fn any_rows_in_any_json_read_back_as_they_were(records in records(), shape in select(SHAPES.to_vec()), form in form()) {
        let needs_rows = matches!(shape, Shape::Ndjson | Shape::Sequence | Shape::Concatenated | Shape::Wrapped("select * from usage_logs"));
        prop_assume!(!records.is_empty() || !needs_rows);
        check_read_back(&records, &shape.text(&records), form)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

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
        damage in proptest::collection::vec((any::<prop::sample::Index>(), select(b"\"\\,;\n\r\t[]{}:\0\xffNe0 ".as_slice())), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        for content in [Csv::plain().text(&records), Shape::Array.text(&records), Shape::Ndjson.text(&records)] {
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
