//! An index as pages of the file, made from sorted entries, from its leaves up.
//!
//! `SQLite` makes an index of a million rows in about a second, most of which goes into comparing records
//! as it sorts them. Here entries are sorted as numbers, and each page is written once, full, as
//! `CREATE INDEX` leaves them. The format is that of <https://www.sqlite.org/fileformat.html#b_tree_pages>.

use crate::store::pages::{Kind, Numbers, Page};

/// Where a page goes: its number, and its bytes.
pub(super) type Put<'a, E> = dyn FnMut(u32, &[u8]) -> Result<(), E> + 'a;

/// A tree under way. Cells come in the order of the index; what is full is put away at once.
#[derive(Debug)]
pub(super) struct Tree {
    page_len: usize,
    /// The page that is being filled at each height, from the leaves up.
    levels: Vec<Page>,
}

impl Tree {
    pub(super) fn new(page_len: usize) -> Self {
        Self { page_len, levels: vec![Page::new(Kind::IndexLeaf, page_len)] }
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
            self.levels.push(Page::new(Kind::IndexInterior, self.page_len));
        }
        if self.levels[height].add(child, cell) {
            return Ok(());
        }
        let page = &mut self.levels[height];
        let (right, parting) = page.take_last();
        let number = numbers.take();
        let next = page.another();
        put(number, &std::mem::replace(page, next).seal(right))?;
        page.add(child, cell);
        self.push_at(height + 1, Some(number), &parting, numbers, put)
    }

    /// Puts the last page of each height away, that of the greatest as the root.
    pub(super) fn finish<E>(self, root: u32, numbers: &mut Numbers, put: &mut Put<'_, E>) -> Result<(), E> {
        let top = self.levels.len() - 1;
        let mut right = None;
        for (height, page) in self.levels.into_iter().enumerate() {
            let number = if height == top { root } else { numbers.take() };
            put(number, &page.seal(right))?;
            right = Some(number);
        }
        Ok(())
    }
}
