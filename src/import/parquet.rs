//! A Parquet file → records, some rows at a time of one row group after another.
//!
//! Values are exact: decimals by their digits, times by their unit. A time that is not adjusted to UTC
//! has no zone, and so has one of the old kind with 96 bits, which writers meant differently.

use std::borrow::Cow;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use ::parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use ::parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArrayType, FloatType, Int32Type,
    Int64Type, Int96, Int96Type,
};
use ::parquet::errors::ParquetError;
use ::parquet::file::reader::{FileReader as _, RowGroupReader, SerializedFileReader};
use ::parquet::schema::types::ColumnDescriptor;
use chrono::{DateTime, Datelike as _};

use super::columns::{Column, N_COLUMNS};
use super::mapping::Expected;
use super::report::{FileError, Format};
use super::rows::{Cell, RawRow};
use super::source::Watch;
use super::tables::{TableNo, Tables};
use super::typed::{spelled, text};
use crate::model::Place;

/// Rows that are decoded at once. Their texts lie in pages that are in memory anyway.
const BATCH_ROWS: usize = 256;
/// The digits of a 128-bit decimal; a scale beyond is a mistake.
const SCALE_MAX: i32 = 38;

/// Reads a Parquet file.
pub(super) fn read(path: &Path, watch: &mut Watch<'_>, tables: &mut Tables<'_>) -> Result<(), FileError> {
    tables.format = Format::Parquet;
    // The library is known to have panicked on damaged files. Nothing of a file that fails is kept.
    catch_unwind(AssertUnwindSafe(|| read_rows(path, watch, tables)))
        .unwrap_or_else(|_| Err(damaged("its pages make no sense")))
}

fn read_rows(path: &Path, watch: &mut Watch<'_>, tables: &mut Tables<'_>) -> Result<(), FileError> {
    let opened = File::open(path).map_err(|err| FileError::new(format!("cannot be read: {err}")))?;
    let reader = SerializedFileReader::new(opened)?;
    let schema = reader.metadata().file_metadata().schema_descr();
    let fields = schema.root_schema().get_fields();
    let leaf_of = |name: &str| {
        let leaf = (0..schema.num_columns()).find(|it| schema.column(*it).path().parts() == [name]);
        leaf.filter(|it| schema.column(*it).max_rep_level() == 0)
    };
    let mut names: Vec<&str> = fields.iter().map(|it| it.name()).collect();
    if matches!(tables.expected(), Expected::Mapped(_)) {
        // A column of several values is nothing that a mapping could name.
        names.retain(|it| leaf_of(it).is_some());
    }
    let layout = tables.expected().layout(names.iter().copied())?;
    let mut leaves = Vec::new();
    for name in names {
        let column = layout.column(name);
        if column.is_none() && layout.plan.is_none() {
            continue;
        }
        let leaf = leaf_of(name).ok_or_else(|| {
            FileError::new(format!(
                "has a column `{}` of several values: export it as text, JSON for metadata",
                name.escape_debug()
            ))
        })?;
        leaves.push((leaf, column));
    }
    let table = tables.begin(layout);
    let mut n_rows = 0;
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group)?;
        let leaves: Result<Vec<_>, _> =
            leaves.iter().map(|(leaf, column)| Leaf::new(group.as_ref(), *leaf, *column)).collect();
        read_group(group.as_ref(), leaves?, &mut n_rows, watch, tables, table)?;
    }
    Ok(())
}

fn read_group(
    group: &dyn RowGroupReader,
    mut leaves: Vec<Leaf>,
    n_rows: &mut u64,
    watch: &mut Watch<'_>,
    tables: &mut Tables<'_>,
    table: TableNo,
) -> Result<(), FileError> {
    let mut n_left = usize::try_from(group.metadata().num_rows()).unwrap_or_default();
    let mut raw = String::new();
    while n_left > 0 {
        watch.fail_if_cancelled()?;
        watch.say();
        let n_batch = n_left.min(BATCH_ROWS);
        for leaf in &mut leaves {
            leaf.read(n_batch)?;
        }
        for index in 0..n_batch {
            *n_rows += 1;
            // There are no lines.
            let place = Place { row: *n_rows, line: *n_rows };
            let values = || leaves.iter().map(|it| it.cell(index));
            show(values(), &mut raw);
            if tables.layout(table).plan.is_some() {
                tables.take_theirs(table, place, raw.as_bytes(), &Ok(values().collect()))?;
            } else {
                let mut cells: [Cell<'_>; N_COLUMNS] = Default::default();
                for (leaf, value) in leaves.iter().zip(values()) {
                    if let Some(column) = leaf.column {
                        cells[column as usize] = value;
                    }
                }
                tables.take(table, &RawRow { place, raw: raw.as_bytes(), cells: Ok(cells) })?;
            }
            watch.count_row();
        }
        n_left -= n_batch;
    }
    Ok(())
}

/// A column of a row group, with the values of the rows that are looked at.
struct Leaf {
    /// None where only a mapping knows what it is for.
    column: Option<Column>,
    meaning: Meaning,
    reader: ColumnReader,
    /// Whether there may be nulls.
    is_optional: bool,
    /// Where the value of a row is; none where it is null.
    places: Vec<Option<usize>>,
    values: Values,
}

/// What the numbers and bytes of a column are.
#[derive(Clone, Copy)]
enum Meaning {
    Plain,
    Unsigned,
    Uuid,
    Date,
    Decimal { scale: i32 },
    Time { unit: TimeUnit, is_utc: bool },
}

enum Values {
    Bools(Vec<bool>),
    Ints(Vec<i64>),
    Old(Vec<Int96>),
    Floats(Vec<f32>),
    Doubles(Vec<f64>),
    Bytes(Vec<ByteArray>),
}

impl Leaf {
    fn new(group: &dyn RowGroupReader, leaf: usize, column: Option<Column>) -> Result<Self, FileError> {
        let descr = group.metadata().schema_descr().column(leaf);
        Ok(Self {
            column,
            meaning: Meaning::of(&descr, column)?,
            reader: group.get_column_reader(leaf)?,
            is_optional: descr.max_def_level() > 0,
            places: Vec::new(),
            values: Values::Bools(Vec::new()),
        })
    }

    /// Reads the values of the next rows.
    fn read(&mut self, n_rows: usize) -> Result<(), FileError> {
        let mut levels = Vec::new();
        self.values = match &mut self.reader {
            ColumnReader::BoolColumnReader(it) => {
                Values::Bools(records::<BoolType>(it, n_rows, &mut levels)?)
            }
            ColumnReader::Int32ColumnReader(it) => {
                let is_unsigned = matches!(self.meaning, Meaning::Unsigned);
                let widened = |it: i32| if is_unsigned { i64::from(it.cast_unsigned()) } else { it.into() };
                let ints = records::<Int32Type>(it, n_rows, &mut levels)?;
                Values::Ints(ints.into_iter().map(widened).collect())
            }
            ColumnReader::Int64ColumnReader(it) => {
                Values::Ints(records::<Int64Type>(it, n_rows, &mut levels)?)
            }
            ColumnReader::Int96ColumnReader(it) => {
                Values::Old(records::<Int96Type>(it, n_rows, &mut levels)?)
            }
            ColumnReader::FloatColumnReader(it) => {
                Values::Floats(records::<FloatType>(it, n_rows, &mut levels)?)
            }
            ColumnReader::DoubleColumnReader(it) => {
                Values::Doubles(records::<DoubleType>(it, n_rows, &mut levels)?)
            }
            ColumnReader::ByteArrayColumnReader(it) => {
                Values::Bytes(records::<ByteArrayType>(it, n_rows, &mut levels)?)
            }
            ColumnReader::FixedLenByteArrayColumnReader(it) => {
                let bytes = records::<FixedLenByteArrayType>(it, n_rows, &mut levels)?;
                Values::Bytes(bytes.into_iter().map(ByteArray::from).collect())
            }
        };
        self.places.clear();
        if self.is_optional {
            let mut n_values = 0;
            self.places.extend(levels.iter().map(|level| {
                let is_value = *level > 0;
                n_values += usize::from(is_value);
                is_value.then(|| n_values - 1)
            }));
        } else {
            self.places.extend((0..self.values.len()).map(Some));
        }
        if self.places.len() < n_rows {
            return Err(damaged("a column has fewer values than there are rows"));
        }
        Ok(())
    }

    fn cell(&self, index: usize) -> Cell<'_> {
        let Some(place) = self.places[index] else { return Cell::Null };
        let text = match &self.values {
            Values::Bools(values) => Ok(Cow::from(values[place].to_string())),
            Values::Ints(values) => self.meaning.int(values[place]).map(Cow::from),
            Values::Old(values) => old_time(&values[place]).map(Cow::from),
            Values::Floats(values) => Ok(Cow::from(spelled(values[place]))),
            Values::Doubles(values) => Ok(Cow::from(spelled(values[place]))),
            Values::Bytes(values) => self.meaning.bytes(values[place].data()),
        };
        text.map_or_else(Cell::Fault, Cell::Text)
    }
}

/// The next values that are not null, and for a column that may have nulls a level for each row.
fn records<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    n_rows: usize,
    levels: &mut Vec<i16>,
) -> Result<Vec<T::T>, ParquetError> {
    let mut values = Vec::with_capacity(n_rows);
    reader.read_records(n_rows, Some(levels), None, &mut values)?;
    Ok(values)
}

impl Values {
    fn len(&self) -> usize {
        match self {
            Self::Bools(it) => it.len(),
            Self::Ints(it) => it.len(),
            Self::Old(it) => it.len(),
            Self::Floats(it) => it.len(),
            Self::Doubles(it) => it.len(),
            Self::Bytes(it) => it.len(),
        }
    }
}

impl Meaning {
    fn of(descr: &ColumnDescriptor, column: Option<Column>) -> Result<Self, FileError> {
        let scale = match descr.logical_type_ref() {
            Some(LogicalType::Timestamp(it)) => {
                return Ok(Self::Time { unit: it.unit, is_utc: it.is_adjusted_to_u_t_c });
            }
            Some(LogicalType::Date) => return Ok(Self::Date),
            Some(LogicalType::Uuid) => return Ok(Self::Uuid),
            Some(LogicalType::Integer(it)) if !it.is_signed => return Ok(Self::Unsigned),
            Some(LogicalType::Decimal(it)) => it.scale,
            _ => match descr.converted_type() {
                // The old types are adjusted to UTC, says the format.
                ConvertedType::TIMESTAMP_MILLIS => {
                    return Ok(Self::Time { unit: TimeUnit::MILLIS, is_utc: true });
                }
                ConvertedType::TIMESTAMP_MICROS => {
                    return Ok(Self::Time { unit: TimeUnit::MICROS, is_utc: true });
                }
                ConvertedType::DATE => return Ok(Self::Date),
                ConvertedType::DECIMAL => descr.type_scale(),
                ConvertedType::UINT_32 | ConvertedType::UINT_64 => return Ok(Self::Unsigned),
                _ if matches!(column, Some(Column::Id | Column::UserId)) => return Ok(Self::Uuid),
                _ => return Ok(Self::Plain),
            },
        };
        if (0..=SCALE_MAX).contains(&scale) {
            Ok(Self::Decimal { scale })
        } else {
            Err(damaged("a decimal has more places than digits"))
        }
    }

    fn int(self, number: i64) -> Result<String, String> {
        match self {
            Self::Decimal { scale } => Ok(decimal(number.into(), scale)),
            Self::Unsigned => Ok(number.cast_unsigned().to_string()),
            Self::Date => time(i128::from(number) * 86_400_000_000_000, false)
                .map(|it| it.split('T').next().unwrap_or_default().to_owned()),
            Self::Time { unit, is_utc } => {
                let nanos = match unit {
                    TimeUnit::MILLIS => 1_000_000,
                    TimeUnit::MICROS => 1_000,
                    TimeUnit::NANOS => 1,
                };
                time(i128::from(number) * nanos, is_utc)
            }
            Self::Plain | Self::Uuid => Ok(number.to_string()),
        }
    }

    fn bytes(self, bytes: &[u8]) -> Result<Cow<'_, str>, String> {
        match self {
            Self::Decimal { scale } => big_decimal(bytes, scale).map(Cow::from),
            Self::Uuid if bytes.len() == 16 => {
                ::uuid::Uuid::from_slice(bytes).map(|it| it.to_string().into()).map_err(|err| err.to_string())
            }
            _ => text(bytes),
        }
    }
}

/// A time as a dump would spell it.
fn time(nanos: i128, is_utc: bool) -> Result<String, String> {
    let secs = i64::try_from(nanos.div_euclid(1_000_000_000)).ok();
    let nanos = nanos.rem_euclid(1_000_000_000) as u32;
    let time = secs
        .and_then(|it| DateTime::from_timestamp(it, nanos))
        .filter(|it| (0..=10_000).contains(&it.year()));
    let time = time.ok_or("the time is outside the calendar: the years 1 to 9999")?;
    Ok(time.format(if is_utc { "%Y-%m-%dT%H:%M:%S%.fZ" } else { "%Y-%m-%dT%H:%M:%S%.f" }).to_string())
}

/// A day of the Julian calendar and nanoseconds, in which zone nobody says.
fn old_time(value: &Int96) -> Result<String, String> {
    const JULIAN_DAY_OF_1970: i128 = 2_440_588;
    let [low, high, day] = *value.data() else { return Err("not a time".to_owned()) };
    let nanos = i128::from(low) + (i128::from(high) << 32);
    time((i128::from(day) - JULIAN_DAY_OF_1970) * 86_400_000_000_000 + nanos, false)
}

/// Two's complement, the highest byte first.
fn big_decimal(bytes: &[u8], scale: i32) -> Result<String, String> {
    let is_negative = bytes.first().is_some_and(|it| *it >= 0x80);
    let filler = if is_negative { 0xff } else { 0 };
    let n_more = bytes.len().saturating_sub(16);
    let mut digits = [filler; 16];
    let (more, last) = bytes.split_at(n_more);
    if more.iter().any(|it| *it != filler) || (n_more > 0 && (last[0] >= 0x80) != is_negative) {
        return Err("a decimal of more than 38 digits".to_owned());
    }
    digits[16 - last.len()..].copy_from_slice(last);
    Ok(decimal(i128::from_be_bytes(digits), scale))
}

fn decimal(unscaled: i128, scale: i32) -> String {
    let n_places = scale.unsigned_abs() as usize;
    let sign = if unscaled < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", unscaled.unsigned_abs(), width = n_places + 1);
    let (whole, places) = digits.split_at(digits.len() - n_places);
    if places.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{places}") }
}

/// A row as it is shown where it is rejected: what is read of it.
fn show<'c>(values: impl Iterator<Item = Cell<'c>>, shown: &mut String) {
    const SHOWN_MAX: usize = 1_024;
    shown.clear();
    for cell in values {
        if !shown.is_empty() {
            shown.push('|');
        }
        if let Cell::Text(text) = cell {
            shown.push_str(&text[..text.floor_char_boundary(SHOWN_MAX)]);
        }
    }
}

fn damaged(why: &str) -> FileError {
    FileError::new(format!("is a Parquet file that was cut or damaged ({why}): copy or download it again"))
}

impl From<ParquetError> for FileError {
    fn from(err: ParquetError) -> Self {
        let text: String = err.to_string().lines().next().unwrap_or_default().chars().take(200).collect();
        let is_left_out = text.contains("Disabled feature");
        match err {
            _ if is_left_out || matches!(err, ParquetError::NYI(_)) => Self::new(format!(
                "is a Parquet file packed or encoded in a way that is not read here ({text}): write it again \
                 with zstd or snappy"
            )),
            _ => damaged(&text),
        }
    }
}
