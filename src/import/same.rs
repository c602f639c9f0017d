//! Whether a row whose id is known says the same again.

use super::jsonb;
use super::value::{number, quoted};
use crate::model::{Credits, Instant, LogRow, Record, Zone};

/// What a row is to the one that was there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Twin {
    Same,
    /// The same after a known loss.
    LessPrecise,
    /// What was there is the same after a known loss; these values take its place.
    MorePrecise {
        credits: Credits,
        created_at: Instant,
    },
    /// What differs, in words.
    Other(String),
}

/// Compares a row with the one that was there.
///
/// Values are compared as they were understood, not as they were spelled: 2.5 is 2.50, an instant is
/// the same in every zone, metadata as [`jsonb::is_same`] says. NULL and an empty text are no
/// difference, nor are NULL and the metadata `null`: `psql --csv`, JSON and Studio write both alike,
/// so a row exported twice would be in conflict with itself. No stored value is changed by that.
///
/// Of two times or credits one may be what a tool makes of the other: see [`time_losses`] and
/// [`after_float`]. Then the exact one is the row's.
pub(crate) fn compare(old: &Record, new: &LogRow<'_>) -> Twin {
    let credits = Values::of(old.credits, new.credits, |it| vec![after_float(it)]);
    let times = Values::of(old.created_at, new.created_at, time_losses);
    let reasons = differences(old, new, credits, times);
    if !reasons.is_empty() {
        return Twin::Other(format!("another row has this id: {}", reasons.join("; ")));
    }
    match (credits, times) {
        (Values::NewIsExact, _) | (_, Values::NewIsExact) => Twin::MorePrecise {
            credits: credits.exact(old.credits, new.credits),
            created_at: times.exact(old.created_at, new.created_at),
        },
        (Values::Equal, Values::Equal) => Twin::Same,
        _ => Twin::LessPrecise,
    }
}

fn differences(old: &Record, new: &LogRow<'_>, credits: Values, times: Values) -> Vec<String> {
    let mut parts = Vec::new();
    let mut differs = |same: bool, name: &str, old: &dyn Fn() -> String, new: &dyn Fn() -> String| {
        if !same {
            parts.push(format!("{name} was {}, now {}", old(), new()));
        }
    };
    differs(old.user_id == new.user_id, "user_id", &|| old.user_id.to_string(), &|| new.user_id.to_string());
    differs(old.action == new.action, "action", &|| quoted(&old.action), &|| quoted(new.action));
    differs(credits != Values::Differ, "credits_consumed", &|| old.credits.to_string(), &|| {
        new.credits.to_string()
    });
    let zone = Zone::utc();
    differs(times != Values::Differ, "created_at", &|| zone.format(old.created_at), &|| {
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
    parts
}

// ---- precision ----------------------------------------------------------------------------------

/// Two values of one column of one row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Values {
    Equal,
    /// The new one is what a loss makes of the old one.
    OldIsExact,
    NewIsExact,
    Differ,
}

impl Values {
    fn of<T: Copy + PartialEq>(old: T, new: T, losses: impl Fn(T) -> Vec<T>) -> Self {
        if old == new {
            Self::Equal
        } else if losses(old).contains(&new) {
            Self::OldIsExact
        } else if losses(new).contains(&old) {
            Self::NewIsExact
        } else {
            Self::Differ
        }
    }

    fn exact<T>(self, old: T, new: T) -> T {
        if self == Self::NewIsExact { new } else { old }
    }
}

/// What tools make of a time that keep ms (JavaScript, pandas, `DBeaver`) or s (mail): some cut, below
/// 1970 towards it, and some round.
fn time_losses(at: Instant) -> Vec<Instant> {
    let micros = at.micros();
    let losses = |unit: i64| {
        let (below, over) = (micros - micros.rem_euclid(unit), micros.rem_euclid(unit));
        let nearest = if over * 2 >= unit { below + unit } else { below };
        let towards_1970 = micros - micros % unit;
        [below, nearest, towards_1970]
    };
    losses(1_000).into_iter().chain(losses(1_000_000)).map(Instant::from_micros).collect()
}

/// What is left of credits that went through a double, as JavaScript, pandas, polars, `DuckDB` and
/// `ClickHouse` write it: with the fewest digits that mean the same double.
fn after_float(credits: Credits) -> Credits {
    let float = credits.to_string().parse::<f64>().unwrap_or_default();
    number::parse(&float.to_string(), None).map_or(credits, |it| it.credits)
}

// ---- texts --------------------------------------------------------------------------------------

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
