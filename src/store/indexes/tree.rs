//! An index as pages of the file, made from sorted entries, from its leaves up.
//!
//! `SQLite` makes an index of a million rows in about a second, most of which goes into comparing records
//! as it sorts them. Here entries are sorted as numbers, and each page is written once, full, as
//! `CREATE INDEX` leaves them. The format is that of <https://www.sqlite.org/fileformat.html#b_tree_pages>.

/// First byte of a page of an index: a leaf, and a page above others.
const LEAF: u8 = 0x0a;
const INTERIOR: u8 = 0x02;

/// No cell is shorter, so that its room can be kept in a list of free ones.
const CELL_MIN: usize = 4;

/// Where a page goes: its number, and its bytes.
pub(super) type Put<'a, E> = dyn FnMut(u32, &[u8]) -> Result<(), E> + 'a;

/// Numbers of pages that are not yet in use.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers {
    next: u32,
    page_len: usize,
}

impl Numbers {
    pub(super) fn behind(n_pages: u32, page_len: usize) -> Self {
        Self { next: n_pages + 1, page_len }
    }

    pub(super) fn take(&mut self) -> u32 {
        // On the page that holds the byte at 1 GiB, SQLite keeps its locks and nothing else.
        if self.next as usize == (1 << 30) / self.page_len + 1 {
            self.next += 1;
        }
        self.next += 1;
        self.next - 1
    }

    /// The last number that was taken.
    pub(super) fn last(&self) -> u32 {
        self.next - 1
    }
}

/// A tree under way. Cells come in the order of the index; what is full is put away at once.
#[derive(Debug)]
pub(super) struct Tree {
    /// The page that is being filled at each height, from the leaves up.
    levels: Vec<Page>,
}

#[derive(Debug)]
struct Page {
    bytes: Vec<u8>,
    n_cells: usize,
    /// Where cells begin: they are written from the end of the page.
    content: usize,
    /// Of the cell that came last.
    last_len: usize,
}

impl Tree {
    pub(super) fn new(page_len: usize) -> Self {
        Self { levels: vec![Page::new(LEAF, page_len)] }
    }

    /// Adds an entry: the length of its record, and the record.
    pub(super) fn push<E>(
        &mut self,
        cell: &[u8],
        numbers: &mut Numbers,
        put: &mut Put<'_, E>,
    ) -> Result<(), E> {
        self.push_at(0, None, cell, numbers, put)
    }

    /// Adds a cell at a height, there with the page below that has what comes before it.
    ///
    /// In an index an entry stands once, on a leaf or above. Where a page is full, the last entry on it
    /// goes up and parts it from the next one, which so never is without an entry.
    fn push_at<E>(
        &mut self,
        height: usize,
        child: Option<u32>,
        cell: &[u8],
        numbers: &mut Numbers,
        put: &mut Put<'_, E>,
    ) -> Result<(), E> {
        if self.levels.len() == height {
            let page_len = self.levels[0].bytes.len();
            self.levels.push(Page::new(INTERIOR, page_len));
        }
        if self.levels[height].add(child, cell) {
            return Ok(());
        }
        let page = &mut self.levels[height];
        let (right, parting) = page.take_last();
        let number = numbers.take();
        put(number, page.seal(right))?;
        page.clear();
        page.add(child, cell);
        self.push_at(height + 1, Some(number), &parting, numbers, put)
    }

    /// Puts the last page of each height away, that of the greatest as the root.
    pub(super) fn finish<E>(
        mut self,
        root: u32,
        numbers: &mut Numbers,
        put: &mut Put<'_, E>,
    ) -> Result<(), E> {
        let top = self.levels.len() - 1;
        let mut right = None;
        for (height, page) in self.levels.iter_mut().enumerate() {
            let number = if height == top { root } else { numbers.take() };
            put(number, page.seal(right))?;
            right = Some(number);
        }
        Ok(())
    }
}

impl Page {
    fn new(kind: u8, page_len: usize) -> Self {
        let mut bytes = vec![0; page_len];
        bytes[0] = kind;
        Self { bytes, n_cells: 0, content: page_len, last_len: 0 }
    }

    fn clear(&mut self) {
        *self = Self::new(self.bytes[0], self.bytes.len());
    }

    /// Bytes before the list of the cells.
    fn head_len(&self) -> usize {
        if self.bytes[0] == LEAF { 8 } else { 12 }
    }

    /// Where the list of the cells ends.
    fn list_end(&self) -> usize {
        self.head_len() + 2 * self.n_cells
    }

    /// False where there is no room.
    fn add(&mut self, child: Option<u32>, cell: &[u8]) -> bool {
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
    fn take_last(&mut self) -> (Option<u32>, Vec<u8>) {
        let cell = self.bytes[self.content..][..self.last_len].to_vec();
        self.bytes[self.content..][..self.last_len].fill(0);
        self.content += self.last_len.max(CELL_MIN);
        self.n_cells -= 1;
        let list_end = self.list_end();
        self.bytes[list_end..list_end + 2].fill(0);
        match cell.split_first_chunk() {
            Some((child, entry)) if self.bytes[0] == INTERIOR => {
                (Some(u32::from_be_bytes(*child)), entry.to_vec())
            }
            _ => (None, cell),
        }
    }

    /// The bytes of the page, with the page below that has what comes after all its cells.
    fn seal(&mut self, right: Option<u32>) -> &[u8] {
        self.bytes[3..5].copy_from_slice(&(self.n_cells as u16).to_be_bytes());
        // 65,536 is written as 0.
        self.bytes[5..7].copy_from_slice(&(self.content as u16).to_be_bytes());
        if let Some(right) = right {
            self.bytes[8..12].copy_from_slice(&right.to_be_bytes());
        }
        &self.bytes
    }
}
