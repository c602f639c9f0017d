use std::collections::BTreeMap;

use crate::model::{Dim, Key, UserId};
use crate::report::chart::Part;

/// Names of users, as far as there are profiles.
pub(in crate::view) type Usernames = BTreeMap<UserId, String>;

/// What stands beside a marker.
pub(super) fn part(part: &Part, dim: Dim) -> String {
    match part {
        Part::One(key) => self::key(key, dim, &Usernames::new()),
        Part::Other(n) => other(*n),
    }
}

pub(super) fn other(n: usize) -> String {
    format!("Other ({n})")
}

/// The text itself; what cannot be seen is said in words. A user without a profile is the short id.
pub(super) fn key(key: &Key, dim: Dim, usernames: &Usernames) -> String {
    match (key, dim) {
        (Key::User(id), _) => usernames.get(id).cloned().unwrap_or_else(|| id.short()),
        (Key::Text(None), Dim::Format) => "no format".to_owned(),
        (Key::Text(None), Dim::Quality) => "no quality".to_owned(),
        (Key::Text(None), Dim::User | Dim::Action) => "none".to_owned(),
        (Key::Text(Some(text)), _) if text.is_empty() => "(empty)".to_owned(),
        // A name with line breaks stays in its line.
        (Key::Text(Some(text)), _) => text.replace(char::is_control, " "),
    }
}

/// By day, by format: how a chart is cut.
pub(super) fn dim(dim: Dim) -> &'static str {
    match dim {
        Dim::User => "user",
        Dim::Action => "action",
        Dim::Format => "format",
        Dim::Quality => "quality",
    }
}
