//! Tables drawn for people: widths are padded, long values wrapped or cut, so they are refused.

use super::super::report::FileError;

/// The error of a file that is such a table.
pub(super) fn refusal(head: &[u8]) -> Option<FileError> {
    let mut lines = head.split(|it| *it == b'\n').map(<[u8]>::trim_ascii_end).take(2);
    let (first, second) = (lines.next()?, lines.next().unwrap_or_default());
    if first.starts_with("┌".as_bytes()) || first.starts_with("╔".as_bytes()) || is_rule(first) {
        return Some(refused("a table drawn with lines"));
    }
    if first.starts_with(b"-[ RECORD ") {
        return Some(refused("psql's expanded output"));
    }
    is_rule(second).then(|| refused("psql's output for people (aligned)"))
}

/// A line of dashes, with crosses between the columns.
fn is_rule(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    line.len() >= 3 && line.contains(&b'-') && line.iter().all(|it| matches!(it, b'-' | b'+'))
}

fn refused(what: &str) -> FileError {
    FileError::new(format!(
        "is {what}, in which values are padded, wrapped or cut: export the table with `\\copy usage_logs to \
         'usage_logs.csv' csv header`, or with `supabase db query -o json`"
    ))
}
