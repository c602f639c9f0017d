/// A column of codes into a dictionary, as narrow as the largest code allows.
///
/// A file has a handful of actions and kinds, so a code is mostly a byte; there is no limit below 2³²
/// values. A loop over many rows matches once, and goes over a plain slice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Codes {
    U8(Vec<u8>),
    U16(Vec<u16>),
    U32(Vec<u32>),
}

impl Codes {
    pub fn len(&self) -> usize {
        match self {
            Self::U8(codes) => codes.len(),
            Self::U16(codes) => codes.len(),
            Self::U32(codes) => codes.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The code of a row. Panics behind the last one, as a slice does.
    #[inline]
    pub fn at(&self, row: usize) -> u32 {
        match self {
            Self::U8(codes) => codes[row].into(),
            Self::U16(codes) => codes[row].into(),
            Self::U32(codes) => codes[row],
        }
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = u32> {
        (0..self.len()).map(|row| self.at(row))
    }

    /// Adds a row; the first code that does not fit makes the whole column wider.
    pub fn push(&mut self, code: u32) {
        match self {
            Self::U8(codes) => match u8::try_from(code) {
                Ok(code) => return codes.push(code),
                Err(_) if code <= u16::MAX.into() => *self = Self::U16(widened(codes)),
                Err(_) => *self = Self::U32(widened(codes)),
            },
            Self::U16(codes) => match u16::try_from(code) {
                Ok(code) => return codes.push(code),
                Err(_) => *self = Self::U32(widened(codes)),
            },
            Self::U32(codes) => return codes.push(code),
        }
        self.push(code);
    }

    /// The rows in another order, or some of them.
    pub(super) fn picked(&self, rows: &[u32]) -> Self {
        match self {
            Self::U8(codes) => Self::U8(picked(codes, rows)),
            Self::U16(codes) => Self::U16(picked(codes, rows)),
            Self::U32(codes) => Self::U32(picked(codes, rows)),
        }
    }
}

impl Default for Codes {
    fn default() -> Self {
        Self::U8(Vec::new())
    }
}

impl FromIterator<u32> for Codes {
    fn from_iter<I: IntoIterator<Item = u32>>(codes: I) -> Self {
        let mut column = Self::default();
        codes.into_iter().for_each(|it| column.push(it));
        column
    }
}

fn widened<N: Copy, W: From<N>>(codes: &[N]) -> Vec<W> {
    codes.iter().map(|it| W::from(*it)).collect()
}

/// The values of some rows, in their order.
pub(super) fn picked<T: Copy>(column: &[T], rows: &[u32]) -> Vec<T> {
    rows.iter().map(|row| column[*row as usize]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_width(largest: u32, bytes_a_row: usize) {
        let codes: Vec<u32> = [0, largest, 1].into_iter().collect();
        let column: Codes = codes.iter().copied().collect();
        assert_eq!(column.iter().collect::<Vec<_>>(), codes);
        assert_eq!(column.picked(&[2, 1]).iter().collect::<Vec<_>>(), [1, largest]);
        let width = match column {
            Codes::U8(_) => 1,
            Codes::U16(_) => 2,
            Codes::U32(_) => 4,
        };
        assert_eq!(width, bytes_a_row, "{largest}");
    }

    #[test]
    fn a_column_is_as_narrow_as_its_largest_code_allows() {
        check_width(1, 1);
        check_width(255, 1);
        check_width(256, 2);
        check_width(65_535, 2);
        check_width(65_536, 4);
        check_width(u32::MAX, 4);
    }
}
