//! One page of a tree, while cells are put on it.

/// First byte of a page: a leaf of an index, a page above others in one, and the same of a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(in crate::store) enum Kind {
    IndexLeaf = 0x0a,
    IndexInterior = 0x02,
    TableLeaf = 0x0d,
    TableInterior = 0x05,
}

impl Kind {
    fn is_leaf(self) -> bool {
        matches!(self, Self::IndexLeaf | Self::TableLeaf)
    }
}

/// No cell is shorter, so that its room can be kept in a list of free ones.
const CELL_MIN: usize = 4;

/// A page that is being filled.
#[derive(Debug)]
pub(in crate::store) struct Page {
    kind: Kind,
    bytes: Vec<u8>,
    n_cells: usize,
    /// Where cells begin: they are written from the end of the page.
    content: usize,
    /// Of the cell that came last.
    last_len: usize,
}

impl Page {
    pub(in crate::store) fn new(kind: Kind, page_len: usize) -> Self {
        let mut bytes = vec![0; page_len];
        bytes[0] = kind as u8;
        Self { kind, bytes, n_cells: 0, content: page_len, last_len: 0 }
    }

    /// An empty page of the same kind and length.
    pub(in crate::store) fn another(&self) -> Self {
        Self::new(self.kind, self.bytes.len())
    }

    /// Bytes before the list of the cells.
    fn head_len(&self) -> usize {
        if self.kind.is_leaf() { 8 } else { 12 }
    }

    /// Where the list of the cells ends.
    fn list_end(&self) -> usize {
        self.head_len() + 2 * self.n_cells
    }

    /// Adds a cell, in a page above others with the page below it. False where there is no room.
    pub(in crate::store) fn add(&mut self, child: Option<u32>, cell: &[u8]) -> bool {
        let child = child.map(u32::to_be_bytes);
        let child = child.as_ref().map_or(&[][..], |it| &it[..]);
        let len = (child.len() + cell.len()).max(CELL_MIN);
        let list_end = self.list_end();
        if list_end + 2 + len > self.content {
            return false;
        }
        self.content -= len;
        let room = &mut self.bytes[self.content..][..child.len() + cell.len()];
        room[..child.len()].copy_from_slice(child);
        room[child.len()..].copy_from_slice(cell);
        self.bytes[list_end..list_end + 2].copy_from_slice(&(self.content as u16).to_be_bytes());
        self.n_cells += 1;
        self.last_len = child.len() + cell.len();
        true
    }

    /// Takes the last cell off the page: the page below it, and its entry.
    pub(in crate::store) fn take_last(&mut self) -> (Option<u32>, Vec<u8>) {
        let cell = self.bytes[self.content..][..self.last_len].to_vec();
        self.bytes[self.content..][..self.last_len].fill(0);
        self.content += self.last_len.max(CELL_MIN);
        self.n_cells -= 1;
        let list_end = self.list_end();
        self.bytes[list_end..list_end + 2].fill(0);
        match cell.split_first_chunk() {
            Some((child, entry)) if !self.kind.is_leaf() => {
                (Some(u32::from_be_bytes(*child)), entry.to_vec())
            }
            _ => (None, cell),
        }
    }

    /// The bytes of the page, with the page below that has what comes after all its cells.
    pub(in crate::store) fn seal(mut self, right: Option<u32>) -> Vec<u8> {
        self.bytes[3..5].copy_from_slice(&(self.n_cells as u16).to_be_bytes());
        // 65,536 is written as 0.
        self.bytes[5..7].copy_from_slice(&(self.content as u16).to_be_bytes());
        if let Some(right) = right {
            self.bytes[8..12].copy_from_slice(&right.to_be_bytes());
        }
        self.bytes
    }
}
