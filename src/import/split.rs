//! Where the records of a JSON file begin and end, told by brackets and quotes, without recursion.
//!
//! Only what stands between records is judged here; a record itself is judged by its parser.

use std::ops::Range;

use super::report::FileError;
use super::source::Source;

/// Finds the records: the objects of the file, and the items of its arrays.
#[derive(Default)]
pub(super) struct Splitter {
    state: State,
    /// The next byte of the window to look at.
    at: usize,
}

#[derive(Clone, Copy, Default)]
enum State {
    /// Between the values of the file.
    #[default]
    Top,
    /// After `[`.
    First,
    /// After a comma.
    Item,
    /// After an item.
    After,
}

pub(super) enum Piece {
    Record(Range<usize>),
    /// The window must grow. All before `at` is done with.
    More,
    End,
}

/// What is wrong, and where in the window.
pub(super) struct Fault {
    at: usize,
    message: &'static str,
}

impl Fault {
    pub(super) fn in_file(self, source: &Source<'_>) -> FileError {
        FileError::at(source.line_at(self.at), self.message)
    }
}

impl Splitter {
    /// The next record of the source, in its window.
    pub(super) fn next_in(&mut self, source: &mut Source<'_>) -> Result<Option<Range<usize>>, FileError> {
        loop {
            match self.next(source.window(), source.at_end()).map_err(|it| it.in_file(source))? {
                Piece::Record(range) => return Ok(Some(range)),
                Piece::End => return Ok(None),
                Piece::More => {
                    source.consume(self.at);
                    self.at = 0;
                    source.fill()?;
                }
            }
        }
    }

    /// The next record of a window that begins where the splitter last left it.
    pub(super) fn next(&mut self, window: &[u8], at_end: bool) -> Result<Piece, Fault> {
        loop {
            let is_blank = |it: &&u8| matches!(it, b' ' | b'\t' | b'\n' | b'\r');
            self.at += window[self.at..].iter().take_while(is_blank).count();
            let at = self.at;
            let fault = |message| Err(Fault { at, message });
            let Some(byte) = window.get(at) else {
                return match self.state {
                    _ if !at_end => Ok(Piece::More),
                    State::Top => Ok(Piece::End),
                    State::Item => fault("the file ends after a comma: it was cut; export it again"),
                    State::First | State::After => {
                        fault("the file ends before its array is closed: it was cut; export it again")
                    }
                };
            };
            self.state = match (self.state, byte) {
                (State::Top, b'[') => State::First,
                (State::First | State::After, b']') => State::Top,
                (State::After, b',') => State::Item,
                (State::Item, b']') => return fault("not JSON: a comma before the closing bracket"),
                (State::After, _) => return fault("not JSON: a comma or a closing bracket is missing"),
                (State::Top, it) if *it != b'{' => {
                    return fault("not JSON: something else follows the rows; export the file again");
                }
                (state, _) => return self.record(window, at_end, state),
            };
            self.at += 1;
        }
    }

    /// Moves the window behind a record that [`next_in`](Self::next_in) gave.
    pub(super) fn consume(&mut self, source: &mut Source<'_>, record: &Range<usize>) {
        source.consume(record.end);
        self.at = 0;
    }

    fn record(&mut self, window: &[u8], at_end: bool, state: State) -> Result<Piece, Fault> {
        let at = self.at;
        match value_end(window, at) {
            None if at_end => Err(Fault {
                at,
                message: "the file ends inside the record that begins here: it was cut; export it again",
            }),
            None => Ok(Piece::More),
            Some(end) if end == at => Err(Fault { at, message: "not JSON: a value is missing" }),
            Some(end) => {
                self.at = end;
                self.state = if matches!(state, State::Top) { State::Top } else { State::After };
                Ok(Piece::Record(at..end))
            }
        }
    }
}

/// The end of the value at `start`; `None` where the window ends first.
fn value_end(window: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = start;
    loop {
        match *window.get(at)? {
            b'"' => {
                at = string_end(window, at)?;
                if depth == 0 {
                    return Some(at);
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return Some(at + depth),
            b'}' | b']' => depth -= 1,
            b',' | b' ' | b'\t' | b'\n' | b'\r' if depth == 0 => return Some(at),
            _ => {}
        }
        at += 1;
    }
}

fn string_end(window: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', window.get(at..)?)?;
        if window[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}
