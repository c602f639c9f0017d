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

/// The text itself; what cannot be seen is said in words. A user without a
/// profile, or with a name that cannot be seen, is the short id.
pub(super) fn key(key: &Key, dim: Dim, usernames: &Usernames) -> String {
    match (key, dim) {
        (Key::User(id), _) => match usernames.get(id) {
            Some(name) if !name.trim().is_empty() => one_line(name),
            _ => id.short(),
        },
        (Key::Text(None), Dim::Format) => "no format".to_owned(),
        (Key::Text(None), Dim::Quality) => "no quality".to_owned(),
        (Key::Text(None), Dim::User | Dim::Action) => "none".to_owned(),
        (Key::Text(None), Dim::Metadata(key)) => one_line(&format!("no {key}")),
        (Key::Text(Some(text)), _) if text.is_empty() => "(empty)".to_owned(),
        (Key::Text(Some(text)), _) => one_line(text),
    }
}

/// A name with line breaks stays in its line.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// By day, by format: how a chart is cut.
pub(super) fn dim(dim: Dim) -> &'static str {
    match dim {
        Dim::User => "user",
        Dim::Action => "action",
        Dim::Format => "format",
        Dim::Quality => "quality",
        Dim::Metadata(key) => key.name(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_has_a_name_that_can_be_seen() {
        let id = UserId(uuid::Uuid::from_u128(0x7f3a_b210 << 96));
        let name = |name: &str| key(&Key::User(id), Dim::User, &Usernames::from([(id, name.to_owned())]));
        assert_eq!([name("ada"), name("new\nline")], ["ada", "new line"]);
        assert_eq!([name(""), name("  ")], ["7f3ab210", "7f3ab210"]);
        assert_eq!(key(&Key::User(id), Dim::User, &Usernames::new()), "7f3ab210");
    }
}
