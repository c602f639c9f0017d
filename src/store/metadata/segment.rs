use std::collections::HashMap;
use std::ops::Range;
use std::str;

use crate::model::{MetadataBuilder, MetadataColumn};
use crate::store::segments::packed::{pack, unpack};
use crate::store::values::integer;

/// The values of some rows: how many there are; packed, how many bytes each has, and for each row which it
/// is, from 1, or 0 for NULL; then the values themselves.
pub(super) fn packed(column: &MetadataColumn, rows: Range<usize>) -> Vec<u8> {
    let (mut places, mut values) = (HashMap::new(), Vec::new());
    let place = |row| {
        let Some(value) = column.at(row) else { return 0 };
        *places.entry(column.codes().at(row)).or_insert_with(|| {
            values.push(value.as_bytes());
            integer(values.len())
        })
    };
    let places: Vec<i64> = rows.map(place).collect();
    let mut data = Vec::new();
    data.extend_from_slice(&(values.len() as u32).to_le_bytes());
    pack(values.iter().map(|it| integer(it.len())), &mut data);
    pack(places.iter().copied(), &mut data);
    for value in values {
        data.extend_from_slice(value);
    }
    data
}

/// Appends the values of `n` rows. `None` where they are not what was written; then some may have been
/// appended.
pub(super) fn unpacked(mut data: &[u8], n: usize, to: &mut MetadataBuilder) -> Option<()> {
    let n_values = u32::from_le_bytes(*data.split_off(..4)?.first_chunk()?) as usize;
    // Each is some row's.
    let n_values = Some(n_values).filter(|it| *it <= n)?;
    let (mut sizes, mut places) = (Vec::new(), Vec::new());
    let index = |it: i64| usize::try_from(it).unwrap_or(usize::MAX);
    unpack(&mut data, n_values, &mut sizes, index)?;
    unpack(&mut data, n, &mut places, index)?;
    let mut values = Vec::with_capacity(n_values);
    for size in sizes {
        values.push(str::from_utf8(data.split_off(..size)?).ok()?);
    }
    let mut codes = vec![None; n_values + 1];
    for place in places {
        let value = place.checked_sub(1).map(|it| values.get(it)).map_or(Some(None), |it| it.map(Some))?;
        let code = *codes.get_mut(place)?.get_or_insert_with(|| to.code(value.copied()));
        to.push_coded(code);
    }
    data.is_empty().then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(values: &[Option<&str>]) -> MetadataColumn {
        let mut column = MetadataBuilder::default();
        for value in values {
            column.push(*value);
        }
        column.finish()
    }

    fn read(data: &[u8], n: usize) -> Option<MetadataColumn> {
        let mut column = MetadataBuilder::default();
        unpacked(data, n, &mut column)?;
        Some(column.finish())
    }

    #[test]
    fn values_come_back() {
        for values in
            [&[][..], &[None], &[Some("")], &[Some("b"), None, Some("é"), Some("b"), Some(""), None]]
        {
            let (column, n) = (column(values), values.len());
            let data = packed(&column, 0..n);
            assert_eq!(read(&data, n), Some(column));
            assert_eq!(read(&data[..data.len() - 1], n), None);
            assert_eq!(read(&[&data[..], &[0]].concat(), n), None);
            assert_ne!(read(&data, n + 1), read(&data, n));
        }
        let all = column(&[Some("a"), Some("b"), None, Some("c")]);
        assert_eq!(read(&packed(&all, 1..3), 2), Some(column(&[Some("b"), None])));
    }

    #[test]
    fn any_bytes_do_no_harm() {
        let mut dice = fastrand::Rng::with_seed(1);
        let values = [Some("sdxl"), None, Some(""), Some("qwen"), Some("sdxl")];
        let data = packed(&column(&values), 0..5);
        for _ in 0..20_000 {
            let mut data = data.clone();
            for _ in 0..dice.usize(1..4) {
                let at = dice.usize(..data.len());
                data[at] = dice.u8(..);
            }
            if let Some(column) = read(&data, 5) {
                let (codes, values) = (column.codes().clone(), column.values().to_vec());
                assert!(codes.len() == 5);
                // Two values may have become one; then it has one code.
                assert_eq!(MetadataColumn::from_parts(codes, values), Some(column));
            }
        }
    }
}
