//! JSON that went through COPY's text format: its backslashes are doubled.
//!
//! `COPY (SELECT row_to_json(t) FROM usage_logs t) TO stdout` is a usual way to export, and what it
//! writes is NDJSON only in the rows that have no backslash.

use crate::import::jsonb::is_json;
use crate::import::report::FileError;
use crate::import::source::Source;

/// Lines that are looked at to tell whether a file is escaped.
const LOOK_MAX: usize = 10_000;

/// How much of a first line is looked at.
const LINE_MAX: usize = 8 * 1024 * 1024;

/// Undoes the escapes of a file of JSON, if it has them.
pub(in crate::import) fn undo(source: &mut Source<'_>) -> Result<(), FileError> {
    let is_part_of_line = |it: &[u8]| it.starts_with(b"{") && it.len() < LINE_MAX && !it.contains(&b'\n');
    while is_part_of_line(source.window()) && !source.at_end() {
        source.fill()?;
    }
    if is_escaped(source.text(), source.at_end()) {
        source.undo_copy_escapes();
    }
    Ok(())
}

/// Whether the beginning of a file of JSON is escaped.
///
/// The file is decided as a whole, by the first line that only one reading makes JSON: a quote in a
/// text is `\"` in JSON and `\\"` when escaped. Lines that both readings make JSON decide nothing, though
/// they mean two things: `\\n` is a backslash and an `n`, or an escaped line break. If there are only
/// such lines the file is what it claims to be, NDJSON as it stands; and where a line further on is
/// JSON only when escaped, the file fails there, because what came before was read otherwise.
///
/// An array is one line, with its line breaks escaped too: a backslash between values is no JSON.
fn is_escaped(head: &str, is_whole: bool) -> bool {
    if head.trim_ascii_start().starts_with('[') {
        return head.contains('{') && has_backslash_between_values(head.as_bytes());
    }
    let whole = match head.rfind('\n') {
        Some(last) if !is_whole => &head[..last],
        _ => head,
    };
    whole
        .split('\n')
        .take(LOOK_MAX)
        .filter(|it| it.starts_with('{') && it.contains('\\'))
        .find_map(|line| {
            let as_it_stands = is_json(line);
            let undone = has_copy_escapes(line) && is_json(&Unescape::default().undo(line.to_owned()));
            (as_it_stands != undone).then_some(undone)
        })
        .unwrap_or(false)
}

/// Whether backslashes are doubled, and every one stands before a character before which COPY writes it.
fn has_copy_escapes(line: &str) -> bool {
    let mut has_doubled = false;
    let mut bytes = line.bytes();
    while bytes.any(|it| it == b'\\') {
        match bytes.next() {
            Some(b'\\') => has_doubled = true,
            Some(b'n' | b'r' | b't' | b'b' | b'f' | b'v') => {}
            _ => return false,
        }
    }
    has_doubled
}

fn has_backslash_between_values(head: &[u8]) -> bool {
    let mut in_text = false;
    let mut at = 0;
    while let Some(n_bytes) = memchr::memchr2(b'"', b'\\', head.get(at..).unwrap_or_default()) {
        at += n_bytes;
        match head[at] {
            b'"' => in_text = !in_text,
            _ if in_text => at += 1,
            _ => return true,
        }
        at += 1;
    }
    false
}

/// Undoes the escapes of a text that comes in pieces.
#[derive(Default)]
pub(in crate::import) struct Unescape {
    /// Whether the piece before ended in a backslash that escapes what comes.
    is_open: bool,
}

impl Unescape {
    /// Undoes a piece, which ends between two characters.
    ///
    /// COPY writes `\\`, and of what JSON may have between its values `\n`, `\r` and `\t`.
    pub(in crate::import) fn undo(&mut self, piece: String) -> String {
        let mut bytes = piece.into_bytes();
        bytes.retain_mut(|byte| {
            let is_escape = *byte == b'\\' && !self.is_open;
            if self.is_open {
                *byte = match *byte {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    other => other,
                };
            }
            self.is_open = is_escape;
            !is_escape
        });
        // Only ASCII has been taken out, or put in place of ASCII.
        String::from_utf8(bytes).unwrap_or_default()
    }
}
