//! What an object of a JSON file is: a row, or something that rows are wrapped in.

use std::borrow::Cow;

use super::super::columns::Column;
use super::super::mapping::Expected;
use super::cursor::{is_blank, value_end};
use super::record::{self, Name};

/// How deep rows are wrapped at most: `{"data": {"usage_logs": [{"row": {…}}]}}`.
pub(super) const DEPTH_MAX: usize = 4;

/// Members under which APIs and tools put rows, so that an empty array there means no rows.
const WRAPPERS: [&str; 8] =
    ["data", "rows", "result", "results", "items", "records", "usage_logs", "profiles"];

/// What an object turns out to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    /// Its keys are the columns of a table of ours.
    Row,
    /// Its one member is the row, as in `[{"row_to_json": {…}}]`.
    Wrapped,
    /// Some of its members are arrays of rows.
    Envelope,
    /// Each member is a column or a row with its number: `pandas` writes so unless it is told otherwise.
    Numbered,
    Other,
}

/// What is in an array, by its first item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Items {
    Rows,
    Nothing,
    Other,
}

/// Tells what the object at the start of a window is; `None` where the window ends too soon.
pub(super) fn of(window: &[u8], depth: usize, expected: Expected<'_>) -> Option<Shape> {
    if depth > DEPTH_MAX {
        return Some(Shape::Other);
    }
    let mut names: Vec<Cow<'_, str>> = Vec::new();
    let (mut holds_rows, mut n_objects, mut n_rows, mut has_columns) = (false, 0, 0, false);
    let mut members = Members { window, at: 1 };
    // Where rows have been seen, the rest may still be to come.
    let so_far = |holds_rows: bool, names: &[Cow<'_, str>]| {
        (holds_rows && !expected.is_table(names)).then_some(Shape::Envelope)
    };
    loop {
        let (name, value) = match members.next() {
            Some(Member::Value(name, value)) => (name, value),
            Some(Member::End | Member::Fault) => break,
            None => return so_far(holds_rows, &names),
        };
        let inner = &window[value..];
        match inner[0] {
            b'[' => {
                has_columns |= columns(inner, expected).is_some();
                holds_rows |= match items(inner, depth, has_columns, expected)? {
                    Items::Rows => true,
                    Items::Nothing => WRAPPERS.contains(&name.as_ref()),
                    Items::Other => false,
                };
            }
            b'{' => {
                n_objects += 1;
                if n_objects == names.len() + 1 && is_numbered_column(&name, inner) {
                    return Some(Shape::Numbered);
                }
                match of(inner, depth + 1, expected)? {
                    // The other rows need not be looked at: they may be longer than any window.
                    Shape::Row if names.is_empty() && is_number(&name) => return Some(Shape::Numbered),
                    Shape::Row => n_rows += 1,
                    Shape::Envelope => holds_rows = true,
                    Shape::Wrapped | Shape::Numbered | Shape::Other => {}
                }
            }
            _ => {}
        }
        names.push(name);
        match value_end(window, value) {
            Some(end) => members.at = end,
            None => return so_far(holds_rows, &names),
        }
    }
    let is_table = expected.is_table(&names);
    Some(match names.len() {
        n_names if is_table && n_objects == n_names => Shape::Numbered,
        _ if is_table => Shape::Row,
        _ if holds_rows => Shape::Envelope,
        1 if n_rows == 1 => Shape::Wrapped,
        _ if n_rows > 0 => Shape::Numbered,
        _ => Shape::Other,
    })
}

/// Whether a member is a column of ours with a number before each value. No value of ours is an object but
/// the metadata.
fn is_numbered_column(name: &str, value: &[u8]) -> bool {
    let first = || Members { window: value, at: 1 }.next();
    Column::named(name).is_some_and(|it| it != Column::Metadata)
        && matches!(first(), Some(Member::Value(key, _)) if is_number(&key))
}

fn is_number(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|it| it.is_ascii_digit())
}

/// Tells what the array at the start of a window holds: rows are objects, or arrays where their
/// columns are named elsewhere. `None` where the window ends too soon.
pub(super) fn items(window: &[u8], depth: usize, has_columns: bool, expected: Expected<'_>) -> Option<Items> {
    let at = 1 + window.get(1..)?.iter().take_while(|it| is_blank(**it)).count();
    Some(match window.get(at)? {
        b']' => Items::Nothing,
        b'[' if has_columns => Items::Rows,
        b'{' => match of(&window[at..], depth + 1, expected)? {
            Shape::Row | Shape::Wrapped | Shape::Envelope => Items::Rows,
            Shape::Numbered | Shape::Other => Items::Other,
        },
        _ => Items::Other,
    })
}

/// The names in the array at the start of a window, if they are the columns of a table of ours:
/// `["id", …]` as `pandas` writes them, or `[{"name": "id", …}, …]` as `ClickHouse` does.
pub(super) fn columns(window: &[u8], expected: Expected<'_>) -> Option<Vec<String>> {
    let end = value_end(window, 0)?;
    let names = record::names(std::str::from_utf8(&window[..end]).ok()?)?;
    expected.is_table(&names).then_some(names)
}

// ---- members ------------------------------------------------------------------------------------

/// Goes through the members of an object without parsing their values.
struct Members<'w> {
    window: &'w [u8],
    /// Behind the brace, or behind the value before.
    at: usize,
}

enum Member<'w> {
    /// Its name, and where its value begins.
    Value(Cow<'w, str>, usize),
    End,
    /// No JSON: its parser will say what is wrong.
    Fault,
}

impl<'w> Members<'w> {
    /// `None` where the window ends too soon.
    fn next(&mut self) -> Option<Member<'w>> {
        let mut byte = self.peek()?;
        if byte == b',' {
            self.at += 1;
            byte = self.peek()?;
        }
        match byte {
            b'}' => return Some(Member::End),
            b'"' => {}
            _ => return Some(Member::Fault),
        }
        let end = value_end(self.window, self.at)?;
        let name = std::str::from_utf8(&self.window[self.at..end]).ok();
        let Some(Name(name)) = name.and_then(|it| serde_json::from_str(it).ok()) else {
            return Some(Member::Fault);
        };
        self.at = end;
        if self.peek()? != b':' {
            return Some(Member::Fault);
        }
        self.at += 1;
        self.peek()?;
        Some(Member::Value(name, self.at))
    }

    fn peek(&mut self) -> Option<u8> {
        self.at += self.window.get(self.at..)?.iter().take_while(|it| is_blank(**it)).count();
        self.window.get(self.at).copied()
    }
}
