//! Records, as rows and entries of indexes are written: <https://www.sqlite.org/fileformat.html#record_format>.

/// A value of a record.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) enum Value<'v> {
    Null,
    Integer(i64),
    Blob(&'v [u8]),
    Text(&'v str),
}

impl Value<'_> {
    /// How it is written: the number of the way, and how many bytes it takes.
    fn kind(&self) -> (u64, usize) {
        match *self {
            Self::Null => (0, 0),
            Self::Integer(0) => (8, 0),
            Self::Integer(1) => (9, 0),
            Self::Integer(number) => match 65 - (number ^ (number >> 63)).leading_zeros() {
                0..=8 => (1, 1),
                9..=16 => (2, 2),
                17..=24 => (3, 3),
                25..=32 => (4, 4),
                33..=48 => (5, 6),
                _ => (6, 8),
            },
            Self::Blob(bytes) => (12 + 2 * bytes.len() as u64, bytes.len()),
            Self::Text(text) => (13 + 2 * text.len() as u64, text.len()),
        }
    }

    fn append(&self, record: &mut Vec<u8>) {
        match *self {
            Self::Null => {}
            Self::Integer(number) => record.extend_from_slice(&number.to_be_bytes()[8 - self.kind().1..]),
            Self::Blob(bytes) => record.extend_from_slice(bytes),
            Self::Text(text) => record.extend_from_slice(text.as_bytes()),
        }
    }
}

/// How many bytes a record of a few values takes.
pub(in crate::store) fn len(values: &[Value<'_>]) -> usize {
    let len_of = |(kind, len): (u64, usize)| varint_len(kind) + len;
    1 + values.iter().map(|it| len_of(it.kind())).sum::<usize>()
}

fn varint_len(number: u64) -> usize {
    if number >> 56 == 0 { (64 - (number | 1).leading_zeros()).div_ceil(7) as usize } else { 9 }
}

/// Appends a record of a few values: the length of its head, the kinds of the values, the values.
pub(in crate::store) fn append(values: &[Value<'_>], record: &mut Vec<u8>) {
    let start = record.len();
    record.push(0);
    for value in values {
        append_varint(value.kind().0, record);
    }
    // A kind takes 9 bytes at the most, and 5 where a value is shorter than 16 GiB.
    record[start] = (record.len() - start) as u8;
    for value in values {
        value.append(record);
    }
}

/// Appends a number of variable length: seven bits a byte, the greatest first, and eight in a ninth.
pub(in crate::store) fn append_varint(number: u64, to: &mut Vec<u8>) {
    if number < 0x80 {
        to.push(number as u8);
        return;
    }
    let mut bytes = [0; 9];
    let mut start = bytes.len();
    let mut rest = number;
    if rest >> 56 != 0 {
        start -= 1;
        bytes[start] = rest as u8;
        rest >>= 8;
    }
    // Each but the last has its first bit set.
    let mut more = if start < bytes.len() { 0x80 } else { 0 };
    while rest > 0 {
        start -= 1;
        bytes[start] = rest as u8 & 0x7f | more;
        rest >>= 7;
        more = 0x80;
    }
    to.extend_from_slice(&bytes[start..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_of_every_length_are_written_as_short_as_sqlite_writes_them() {
        let lengths = [
            (0, 0),
            (1, 0),
            (-1, 1),
            (127, 1),
            (-128, 1),
            (128, 2),
            (-32_768, 2),
            (32_768, 3),
            (8_388_608, 4),
            (i64::from(i32::MIN), 4),
            (1 << 31, 6),
            ((1 << 47) - 1, 6),
            (1 << 47, 8),
            (i64::MIN, 8),
        ];
        for (number, len) in lengths {
            let mut bytes = Vec::new();
            let values = [Value::Integer(number), Value::Blob(&[7; 200]), Value::Null];
            append(&values, &mut bytes);
            assert_eq!(bytes.len(), 1 + 1 + 2 + 1 + len + 200, "{number}");
            assert_eq!(super::len(&values), bytes.len());
        }
    }

    #[test]
    fn numbers_of_variable_length_have_seven_bits_a_byte() {
        let cases: [(u64, &[u8]); 7] = [
            (0, &[0]),
            (0x7f, &[0x7f]),
            (0x80, &[0x81, 0]),
            (0x3fff, &[0xff, 0x7f]),
            (0x4000, &[0x81, 0x80, 0]),
            ((1 << 56) - 1, &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]),
            (u64::MAX, &[0xff; 9]),
        ];
        for (number, expected) in cases {
            let mut bytes = Vec::new();
            append_varint(number, &mut bytes);
            assert_eq!(bytes, expected, "{number:x}");
            assert_eq!(varint_len(number), bytes.len());
        }
    }
}
