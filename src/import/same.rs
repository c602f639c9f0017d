//! Whether a row whose id is known says the same again.

use super::jsonb;
use super::value::quoted;
use crate::model::{LogRow, Record};

/// What differs between a row and the one that was there, in words; nothing for a repeat.
///
/// Values are compared as they were understood, not as they were spelled: 2.5 is 2.50, an instant is
/// the same in every zone, metadata as [`jsonb::is_same`] says. NULL and an empty text are no
/// difference, nor are NULL and the metadata `null`: `psql --csv`, JSON and Studio write both alike,
/// so a row exported twice would be in conflict with itself. No stored value is changed by that.
pub(super) fn difference(old: &Record, new: &LogRow<'_>) -> Option<String> {
    let mut parts = Vec::new();
    let mut differs = |same: bool, name: &str, old: &dyn Fn() -> String, new: &dyn Fn() -> String| {
        if !same {
            parts.push(format!("{name} was {}, now {}", old(), new()));
        }
    };
    differs(old.user_id == new.user_id, "user_id", &|| old.user_id.to_string(), &|| new.user_id.to_string());
    differs(old.action == new.action, "action", &|| quoted(&old.action), &|| quoted(new.action));
    differs(old.credits == new.credits, "credits_consumed", &|| old.credits.to_string(), &|| {
        new.credits.to_string()
    });
    let zone = crate::model::Zone::utc();
    differs(old.created_at == new.created_at, "created_at", &|| zone.format(old.created_at), &|| {
        zone.format(new.created_at)
    });
    let mut text_differs = |name: &str, old: Option<&str>, new: Option<&str>| {
        differs(text_eq(old, new), name, &|| spelled(old), &|| spelled(new));
    };
    text_differs("format", old.format.as_deref(), new.format);
    text_differs("quality", old.quality.as_deref(), new.quality);
    if !metadata_eq(old.metadata.as_deref(), new.metadata) {
        parts.push("metadata differs".to_owned());
    }
    (!parts.is_empty()).then(|| format!("another row has this id: {}", parts.join("; ")))
}

/// NULL is an empty text here.
pub(super) fn text_eq(a: Option<&str>, b: Option<&str>) -> bool {
    a.unwrap_or_default() == b.unwrap_or_default()
}

fn metadata_eq(a: Option<&str>, b: Option<&str>) -> bool {
    let is_nothing = |it: Option<&str>| it.is_none_or(|it| matches!(it.trim(), "" | "null"));
    match (a, b) {
        (Some(a), Some(b)) if jsonb::is_same(a, b) => true,
        _ => is_nothing(a) && is_nothing(b),
    }
}

fn spelled(text: Option<&str>) -> String {
    text.map_or_else(|| "NULL".to_owned(), quoted)
}
