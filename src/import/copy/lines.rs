//! The lines of a source.

use super::super::report::FileError;
use super::super::source::Source;

/// A line in the window of a source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::import) struct Line {
    pub(in crate::import) start: usize,
    /// Before its line end.
    pub(in crate::import) end: usize,
    /// Where the next line begins.
    pub(in crate::import) next: usize,
    /// Whether it has a line end; only the last line of a file may have none.
    pub(in crate::import) is_ended: bool,
}

impl Line {
    /// The line that begins at a place of the window; none at the end of the file. Where a backslash
    /// escapes, one before a line end makes that a part of the line, as it does for COPY.
    pub(in crate::import) fn at(
        source: &mut Source<'_>,
        start: usize,
        escapes: bool,
    ) -> Result<Option<Self>, FileError> {
        let mut at = start;
        loop {
            let window = source.window();
            match find_newline(window, at, escapes) {
                Ok(newline) => {
                    let end = if window[start..newline].ends_with(b"\r") { newline - 1 } else { newline };
                    return Ok(Some(Self { start, end, next: newline + 1, is_ended: true }));
                }
                Err(_) if source.at_end() => {
                    let end = window.len();
                    return Ok((start < end).then_some(Self { start, end, next: end, is_ended: false }));
                }
                Err(resume) => {
                    at = resume;
                    source.fill()?;
                }
            }
        }
    }

    pub(in crate::import) fn bytes<'s>(&self, source: &'s Source<'_>) -> &'s [u8] {
        &source.window()[self.start..self.end]
    }

    pub(in crate::import) fn text<'s>(&self, source: &'s Source<'_>) -> &'s str {
        source.part(self.start..self.end)
    }
}

/// The next line end, or from where to look on when there are more bytes.
pub(super) fn find_newline(window: &[u8], start: usize, escapes: bool) -> Result<usize, usize> {
    let mut at = start;
    loop {
        let rest = window.get(at..).unwrap_or_default();
        let found = if escapes { memchr::memchr2(b'\n', b'\\', rest) } else { memchr::memchr(b'\n', rest) };
        match found.map(|it| at + it) {
            None => return Err(window.len().max(at)),
            Some(found) if window[found] == b'\n' => return Ok(found),
            Some(found) if found + 1 == window.len() => return Err(found),
            Some(found) => at = found + 2,
        }
    }
}
