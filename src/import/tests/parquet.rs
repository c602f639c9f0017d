//! Parquet files, written by the library that reads them.

use std::sync::Arc;

use ::parquet::data_type::{
    ByteArray, ByteArrayType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, Int32Type, Int64Type,
    Int96, Int96Type,
};
use ::parquet::errors::ParquetError;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::parser::parse_message_type;

use super::*;
use crate::import::{FileError, Format};
use crate::model::Zone;

const ID: u128 = 0x550e_8400_e29b_41d4_a716_4466_5544_0000;
const USER: &str = "00000000-0000-0000-0000-00000000000a";
/// 2025-08-30 10:00:00 UTC.
const SECS: i64 = 1_756_548_000;

/// One value of a column.
#[derive(Clone)]
enum Value {
    Null,
    Text(&'static str),
    Bytes(Vec<u8>),
    Fixed(Vec<u8>),
    Int32(i32),
    Int64(i64),
    Int96([u32; 3]),
    Double(f64),
}

/// A file of `n_groups` row groups, each with this row, whose id counts up.
fn file(columns: &[(&str, Value)], n_groups: u128) -> Vec<u8> {
    let fields: Vec<String> = columns.iter().map(|(name, _)| format!("optional {name};")).collect();
    let fields = fields.concat();
    let schema = Arc::new(parse_message_type(&format!("message schema {{ {fields} }}")).unwrap());
    let mut writer =
        SerializedFileWriter::new(Vec::new(), schema, Arc::new(WriterProperties::default())).unwrap();
    for number in 0..n_groups {
        let mut group = writer.next_row_group().unwrap();
        for (_, value) in columns {
            let mut column = group.next_column().unwrap().unwrap();
            let is_value = [i16::from(!matches!(value, Value::Null))];
            macro_rules! write {
                ($kind:ty, $values:expr) => {
                    column.typed::<$kind>().write_batch($values, Some(&is_value), None).unwrap()
                };
            }
            match value {
                Value::Null => write!(ByteArrayType, &[]),
                Value::Text(text) => write!(ByteArrayType, &[ByteArray::from(*text)]),
                Value::Bytes(bytes) => write!(ByteArrayType, &[ByteArray::from(bytes.clone())]),
                Value::Fixed(bytes) => {
                    let id = (u128::from_be_bytes(bytes.clone().try_into().unwrap()) + number).to_be_bytes();
                    write!(FixedLenByteArrayType, &[FixedLenByteArray::from(id.to_vec())])
                }
                Value::Int32(it) => write!(Int32Type, &[*it]),
                Value::Int64(it) => write!(Int64Type, &[*it]),
                Value::Int96(it) => write!(Int96Type, &[Int96::from(it.to_vec())]),
                Value::Double(it) => write!(DoubleType, &[*it]),
            };
            column.close().unwrap();
        }
        group.close().unwrap();
    }
    writer.into_inner().unwrap()
}

fn row_with(credits: (&'static str, Value), created_at: (&'static str, Value)) -> Vec<(&'static str, Value)> {
    vec![
        ("fixed_len_byte_array(16) id (UUID)", Value::Fixed(ID.to_be_bytes().to_vec())),
        ("binary user_id (STRING)", Value::Text(USER)),
        ("binary action (STRING)", Value::Text("generate")),
        credits,
        ("binary metadata (JSON)", Value::Text("{\"n\": 1}")),
        created_at,
        ("binary format (STRING)", Value::Text("image")),
        ("binary quality (STRING)", Value::Text("high")),
    ]
}

const CREDITS: (&str, Value) = ("int64 credits_consumed (DECIMAL(18,9))", Value::Int64(2_500_000_000));
const TIME: (&str, Value) = ("int64 created_at (TIMESTAMP(MICROS,true))", Value::Int64(SECS * 1_000_000));

#[track_caller]
fn check_is_repeat(options: &Options, credits: (&'static str, Value), created_at: (&'static str, Value)) {
    let mut memory = Memory::default();
    import_into(&mut memory, format!("{HEADER}{ROW}"));
    let report = import_with(options, &mut memory, file(&row_with(credits, created_at), 1));
    let table = only_table(&report);
    assert_eq!(counts(table), [0, 0, 1, 0, 0], "{:?} {:?}", memory.conflicts, table.rejects);
    assert_eq!((table.format, report.sha256.len()), (Format::Parquet, 64));
}

#[test]
fn numbers_are_read_to_the_digit() {
    let options = Options::default();
    for credits in [
        CREDITS,
        ("int32 credits_consumed (DECIMAL(9,2))", Value::Int32(250)),
        (
            "binary credits_consumed (DECIMAL(38,20))",
            Value::Bytes(250_000_000_000_000_000_000_i128.to_be_bytes().to_vec()),
        ),
        ("binary credits_consumed (DECIMAL(38,1))", Value::Bytes(vec![25])),
        ("double credits_consumed", Value::Double(2.5)),
        ("binary credits_consumed (STRING)", Value::Text("2.50")),
    ] {
        check_is_repeat(&options, credits, TIME);
    }
    let negative =
        ("binary credits_consumed (DECIMAL(38,9))", Value::Bytes((-1_i128).to_be_bytes().to_vec()));
    let (_, memory) = import(file(&row_with(negative, TIME), 1));
    assert_eq!(memory.logs.values().next().unwrap().credits.to_string(), "-0.000000001");
    let whole = ("int64 credits_consumed", Value::Int64(-7));
    let (_, memory) = import(file(&row_with(whole, TIME), 1));
    assert_eq!(memory.logs.values().next().unwrap().credits.to_string(), "-7");
}

#[test]
fn times_are_read_in_their_unit_and_asked_for_their_zone() {
    let options = Options::default();
    check_is_repeat(&options, CREDITS, TIME);
    let millis = ("int64 created_at (TIMESTAMP_MILLIS)", Value::Int64(SECS * 1_000));
    check_is_repeat(&options, CREDITS, millis);
    let nanos = ("int64 created_at (TIMESTAMP(NANOS,true))", Value::Int64(SECS * 1_000_000_000));
    check_is_repeat(&options, CREDITS, nanos);
    check_is_repeat(&options, CREDITS, ("binary created_at (STRING)", Value::Text("2025-08-30 10:00:00+00")));

    let noon_in_berlin = SECS + 2 * 3_600;
    let local = ("int64 created_at (TIMESTAMP(MICROS,false))", Value::Int64(noon_in_berlin * 1_000_000));
    let nanos_of_day = (noon_in_berlin % 86_400) as u64 * 1_000_000_000;
    let day = (noon_in_berlin / 86_400) as u32 + 2_440_588;
    let old = ("int96 created_at", Value::Int96([nanos_of_day as u32, (nanos_of_day >> 32) as u32, day]));
    let berlin = Options { assume_zone: Some(Zone::named("Europe/Berlin").unwrap()), ..Options::default() };
    for without_zone in [local, old] {
        let content = file(&row_with(CREDITS, without_zone.clone()), 1);
        check_error(content, Some(1), "--assume-zone");
        check_is_repeat(&berlin, CREDITS, without_zone);
    }
    let far = ("int64 created_at (TIMESTAMP(MILLIS,true))", Value::Int64(i64::MAX));
    check_reject(file(&row_with(CREDITS, far), 1), 1, Some("created_at"), "outside the calendar");
}

#[test]
fn row_groups_are_read_one_after_another() {
    let mut columns = row_with(CREDITS, TIME);
    columns[4].1 = Value::Null;
    columns[6].1 = Value::Null;
    let (_, memory) = check_counts(file(&columns, 700), [700, 0, 0, 0, 0]);
    assert!(memory.logs.values().all(|it| it.metadata.is_none() && it.format.is_none()));
    let mut without_user = row_with(CREDITS, TIME);
    without_user[1].1 = Value::Null;
    check_reject(file(&without_user, 1), 1, Some("user_id"), "user_id is NULL");
}

#[test]
fn what_is_packed_in_another_way_is_not_called_damaged() {
    let left_out = ParquetError::General("Disabled feature at compile time: brotli".to_owned());
    let message = FileError::from(left_out).message;
    assert!(message.contains("packed or encoded in a way that is not read here"), "{message}");
    assert!(message.contains("write it again with zstd or snappy"), "{message}");
}

#[test]
fn other_parquet_files_are_refused() {
    check_error(file(&[("binary email (STRING)", Value::Text("ada@example.org"))], 1), None, "found: email");
    let whole = file(&row_with(CREDITS, TIME), 1);
    for n_bytes in [4, 20, whole.len() / 2, whole.len() - 1] {
        check_error(&whole[..n_bytes], None, "is a Parquet file that was cut or damaged");
    }
    for at in 4..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x41;
        import(&damaged);
    }
}
