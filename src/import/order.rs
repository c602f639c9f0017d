//! Columns told by their order, where a file names none: those of the source's own tables.

use std::collections::BTreeSet;

use super::jsonb;
use super::report::FileError;
use super::source::Source;
use super::value::number::{
    self,
    NumberFault::{Decimals, OutOfRange, TooLong},
};
use super::value::uuid;
use crate::access::Role;
use crate::model::DumpTable;

const USAGE_LOGS: [&str; 8] =
    ["id", "user_id", "action", "credits_consumed", "metadata", "created_at", "format", "quality"];
const PROFILES: [&str; 6] = ["id", "username", "avatar_url", "credits", "created_at", "updated_at"];
const USER_ROLES: [&str; 3] = ["id", "user_id", "role"];

/// As many lines of a file without header are enough to tell its columns: a user comes twice among them,
/// unless nearly every row is another user's.
const LINES: usize = 1_000;

/// Lines may be long, and this is held in memory.
const LINES_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Reads on behind the window of a text that begins with an id, so without a header, until there are
/// enough lines to tell the columns.
pub(super) fn look_further(source: &mut Source<'_>) -> Result<(), FileError> {
    if !begins_with_id(source.window()) {
        return Ok(());
    }
    while !source.at_end()
        && source.window().len() < LINES_BYTES_MAX
        && memchr::memchr_iter(b'\n', source.window()).take(LINES).count() < LINES
    {
        source.fill()?;
    }
    Ok(())
}

fn begins_with_id(head: &[u8]) -> bool {
    let is_around = |it: &u8| matches!(it, b'"' | b'\'' | b' ');
    let start = head.iter().position(|it| !is_around(it)).unwrap_or_default();
    let id = head[start..].iter().take_while(|it| it.is_ascii_hexdigit() || **it == b'-');
    let id: String = id.map(|it| char::from(*it)).take(64).collect();
    uuid::parse(&id).is_ok()
}

/// What the records seen so far may be. NULL is an empty text here.
///
/// The columns count as known only where they are unmistakable: each record has as many values as the
/// table has columns, and each value is what its column takes. Where the table's name is not known
/// either, more is asked, because other tables have such columns too.
#[derive(Default)]
pub(super) struct Order {
    table: Option<DumpTable>,
    n_records: usize,
    n_values: usize,
    misfits: [bool; 3],
    has_object: bool,
    ids: BTreeSet<String>,
    users: BTreeSet<String>,
}

impl Order {
    /// For records of a table whose name is known.
    pub(super) fn of(table: DumpTable) -> Self {
        Self { table: Some(table), ..Self::default() }
    }

    /// Looks at a record; false once it cannot be any of the tables.
    pub(super) fn see(&mut self, values: &[&str]) -> bool {
        if self.n_records == 0 {
            self.n_values = values.len();
        }
        self.n_records += 1;
        let is_as_long = self.n_values == values.len();
        let fits = [is_log(values), self.is_profile(values), self.is_role(values)];
        for (misfit, fits) in self.misfits.iter_mut().zip(fits) {
            *misfit |= !fits || !is_as_long;
        }
        if let ([id, user, _, _, metadata, ..], false) = (values, self.misfits[0]) {
            // Also as a JSON string, which is what a program writes that encodes twice.
            self.has_object |= metadata.trim_start_matches('"').starts_with('{');
            self.ids.insert((*id).to_owned());
            self.users.insert((*user).to_owned());
        }
        self.misfits.contains(&false)
    }

    /// The table, and the names of its columns.
    pub(super) fn found(&self) -> Option<(DumpTable, &'static [&'static str])> {
        let is = |table: DumpTable| {
            let may_be = self.table.is_none_or(|it| it == table);
            self.n_records > 0 && may_be && !self.misfits[table as usize]
        };
        if is(DumpTable::UsageLogs) && (self.table.is_some() || self.is_certainly_logs()) {
            Some((DumpTable::UsageLogs, &USAGE_LOGS[..self.n_values]))
        } else if is(DumpTable::Profiles) {
            Some((DumpTable::Profiles, &PROFILES))
        } else if is(DumpTable::UserRoles) {
            Some((DumpTable::UserRoles, &USER_ROLES))
        } else {
            None
        }
    }

    /// There is metadata at least once, and the ids in the first column, which are those of rows, repeat
    /// less than those in the second, which are those of users.
    fn is_certainly_logs(&self) -> bool {
        self.has_object && (self.n_records == 1 || self.users.len() < self.ids.len())
    }

    fn is_profile(&self, values: &[&str]) -> bool {
        match values {
            [id, _, picture, credits, created, updated] => {
                uuid::parse(id).is_ok()
                    && (self.table.is_some() || picture.is_empty() || picture.contains("://"))
                    && is_number(credits)
                    && is_time(created)
                    && is_time(updated)
            }
            _ => false,
        }
    }

    fn is_role(&self, values: &[&str]) -> bool {
        match values {
            [id, user, role] => {
                uuid::parse(id).is_ok()
                    && uuid::parse(user).is_ok()
                    && (self.table.is_some() || Role::parse(role).is_known())
            }
            _ => false,
        }
    }
}

/// Format and quality came later, both at once.
fn is_log(values: &[&str]) -> bool {
    match values {
        [id, user, _, credits, metadata, time] | [id, user, _, credits, metadata, time, _, _] => {
            uuid::parse(id).is_ok()
                && uuid::parse(user).is_ok()
                && is_number(credits)
                && (metadata.is_empty() || jsonb::is_json(metadata))
                && is_time(time)
        }
        _ => false,
    }
}

/// Also numbers that cannot be credits: those rows are rejected one by one.
fn is_number(text: &str) -> bool {
    matches!(text, "NaN" | "Infinity" | "-Infinity")
        || matches!(number::parse(text, None), Ok(_) | Err(OutOfRange(_) | TooLong | Decimals(_)))
}

/// A date and a time of day, the year first, or what `PostgreSQL` writes for times beyond all.
fn is_time(text: &str) -> bool {
    let n_digits = |it: &str| it.bytes().take_while(u8::is_ascii_digit).count();
    let mut parts = text.splitn(3, '-');
    let mut next = || parts.next().map_or(0, n_digits);
    let is_date = next() >= 4 && next() == 2 && next() == 2;
    matches!(text, "infinity" | "-infinity") || (is_date && text.contains(':'))
}
