use std::collections::BTreeMap;

use super::{cell, number};
use crate::model::{Calendar, Choice, Columns, Dim, Filter, Instant, RowOrder, Text, UserId, Window};

/// What History lists: which rows, and in which order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Listing {
    pub window: Window,
    pub filter: Filter,
    /// Only rows whose metadata holds this text, as it was written; empty is no matter which.
    pub metadata_contains: String,
    pub order: RowOrder,
}

/// What narrows a list and can be taken away by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    Window,
    Include(Dim),
    Exclude(Dim),
    Metadata,
}

/// A part in words: `format: image, video`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chip {
    pub part: Part,
    pub text: String,
}

/// A value that can be chosen, and how it is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamedValue {
    /// NULL is a value.
    pub value: Option<Text>,
    pub name: String,
}

/// The values that occur in the visible rows, in the order of their bytes, NULL last.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RowValues {
    pub actions: Vec<NamedValue>,
    pub formats: Vec<NamedValue>,
    pub qualities: Vec<NamedValue>,
}

/// Characters of a value in a menu or a chip.
const NAME_CHARS_MAX: usize = 60;
/// Values that a chip names; the others it counts.
const CHIP_VALUES_MAX: usize = 3;

impl Listing {
    /// Whether there is anything to clear.
    pub fn is_narrowed(&self) -> bool {
        *self != Self { order: self.order, ..Self::default() }
    }

    /// All rows, in the same order.
    #[must_use]
    pub fn cleared(&self) -> Self {
        Self { order: self.order, ..Self::default() }
    }

    #[must_use]
    pub fn without(&self, part: Part) -> Self {
        let mut other = self.clone();
        let Filter { users, actions, formats, qualities, metadata } = &mut other.filter;
        match part {
            Part::Window => other.window = Window::ALL,
            Part::Metadata => other.metadata_contains.clear(),
            Part::Include(Dim::User) => users.include.clear(),
            Part::Include(Dim::Action) => actions.include.clear(),
            Part::Include(Dim::Format) => formats.include.clear(),
            Part::Include(Dim::Quality) => qualities.include.clear(),
            Part::Exclude(Dim::User) => users.exclude.clear(),
            Part::Exclude(Dim::Action) => actions.exclude.clear(),
            Part::Exclude(Dim::Format) => formats.exclude.clear(),
            Part::Exclude(Dim::Quality) => qualities.exclude.clear(),
            Part::Include(Dim::Metadata(key)) => metadata.entry(key).or_default().include.clear(),
            Part::Exclude(Dim::Metadata(key)) => metadata.entry(key).or_default().exclude.clear(),
        }
        metadata.retain(|_, choice| !choice.is_empty());
        other
    }

    /// Whether a value of a column is one of those that are asked for.
    pub fn includes(&self, dim: Dim, value: Option<&Text>) -> bool {
        match dim {
            Dim::Action => value.is_some_and(|it| self.filter.actions.include.contains(it)),
            Dim::Format => self.filter.formats.include.iter().any(|it| it.as_ref() == value),
            Dim::Quality => self.filter.qualities.include.iter().any(|it| it.as_ref() == value),
            Dim::Metadata(key) => {
                let choice = self.filter.metadata.get(&key);
                choice.is_some_and(|it| it.include.iter().any(|it| it.as_ref() == value))
            }
            Dim::User => false,
        }
    }

    /// With a value of a column added to those that are asked for, or taken from them.
    #[must_use]
    pub fn toggled(&self, dim: Dim, value: Option<&Text>) -> Self {
        let mut other = self.clone();
        match (dim, value) {
            (Dim::Action, Some(action)) => toggle(&mut other.filter.actions, action),
            (Dim::Format, format) => toggle(&mut other.filter.formats, &format.cloned()),
            (Dim::Quality, quality) => toggle(&mut other.filter.qualities, &quality.cloned()),
            (Dim::Metadata(key), value) => {
                toggle(other.filter.metadata.entry(key).or_default(), &value.cloned());
            }
            (Dim::Action, None) | (Dim::User, _) => {}
        }
        other.filter.metadata.retain(|_, choice| !choice.is_empty());
        other
    }

    /// What narrows the list, in words. A user whose name is not known is named by the short id.
    pub fn chips(&self, calendar: &Calendar, usernames: &BTreeMap<UserId, String>) -> Vec<Chip> {
        let mut chips = Vec::new();
        if self.window != Window::ALL {
            chips.push(Chip { part: Part::Window, text: window_in_words(self.window, calendar) });
        }
        let Filter { users, actions, formats, qualities, metadata } = &self.filter;
        let user = |it: &UserId| usernames.get(it).map_or_else(|| it.short(), |name| value_name(Some(name)));
        choice_chips(&mut chips, (Dim::User, "user"), users, user);
        choice_chips(&mut chips, (Dim::Action, "action"), actions, |it| value_name(Some(it)));
        choice_chips(&mut chips, (Dim::Format, "format"), formats, |it| value_name(it.as_deref()));
        choice_chips(&mut chips, (Dim::Quality, "quality"), qualities, |it| value_name(it.as_deref()));
        for (key, choice) in metadata {
            let column = value_name(Some(key.name()));
            choice_chips(&mut chips, (Dim::Metadata(*key), &column), choice, |it| value_name(it.as_deref()));
        }
        if !self.metadata_contains.is_empty() {
            let text = format!("metadata has “{}”", value_name(Some(&self.metadata_contains)));
            chips.push(Chip { part: Part::Metadata, text });
        }
        chips
    }
}

impl RowValues {
    pub fn of(columns: &Columns) -> Self {
        let kinds = columns.kind_names();
        Self {
            actions: named(columns.action_names().iter().map(|it| Some(Text::clone(it))).collect()),
            formats: named(kinds.iter().map(|(format, _)| format.clone()).collect()),
            qualities: named(kinds.iter().map(|(_, quality)| quality.clone()).collect()),
        }
    }
}

fn named(mut values: Vec<Option<Text>>) -> Vec<NamedValue> {
    values.sort_by(|a, b| (a.is_none(), a).cmp(&(b.is_none(), b)));
    values.dedup();
    values.into_iter().map(|value| NamedValue { name: value_name(value.as_deref()), value }).collect()
}

fn toggle<T: Clone + PartialEq>(choice: &mut Choice<T>, value: &T) {
    match choice.include.iter().position(|it| it == value) {
        Some(place) => {
            choice.include.remove(place);
        }
        None => choice.include.push(value.clone()),
    }
}

fn choice_chips<T>(
    chips: &mut Vec<Chip>,
    (dim, column): (Dim, &str),
    choice: &Choice<T>,
    name: impl Fn(&T) -> String,
) {
    for (values, part, not) in
        [(&choice.include, Part::Include(dim), ""), (&choice.exclude, Part::Exclude(dim), "not ")]
    {
        if values.is_empty() {
            continue;
        }
        let mut text = values.iter().take(CHIP_VALUES_MAX).map(&name).collect::<Vec<_>>().join(", ");
        if values.len() > CHIP_VALUES_MAX {
            text = format!("{text} and {} more", values.len() - CHIP_VALUES_MAX);
        }
        chips.push(Chip { part, text: format!("{column}: {not}{text}") });
    }
}

/// NULL and the empty text have words of their own.
fn value_name(value: Option<&str>) -> String {
    match value {
        None => "(none)".to_owned(),
        Some("") => "(empty)".to_owned(),
        Some(text) => cell::visible(&cell::first_chars(text, NAME_CHARS_MAX)),
    }
}

/// Days where the limits are midnights, and else moments, the second of which is not in it.
fn window_in_words(Window { from, until }: Window, calendar: &Calendar) -> String {
    let zone = &calendar.zone;
    let is_midnight = |at: Instant| calendar.midnight(calendar.date(at)) == at;
    let words = match (from, until) {
        (Some(from), Some(until)) if from < until && is_midnight(from) && is_midnight(until) => {
            let last = Instant::from_micros(until.micros() - 1);
            number::dates(calendar.date(from), calendar.date(last))
        }
        (Some(from), Some(until)) => {
            format!("{} to before {}", number::second(from, zone), number::second(until, zone))
        }
        (Some(from), None) => format!("from {}", number::second(from, zone)),
        (None, Some(until)) => format!("before {}", number::second(until, zone)),
        (None, None) => "all time".to_owned(),
    };
    format!("{words}, {}", zone.name())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::model::{MetadataKey, Zone};

    const ADA: UserId = UserId(Uuid::from_u128(1 << 96));
    const BOB: UserId = UserId(Uuid::from_u128(2 << 96));

    fn everything() -> Listing {
        let mut listing = Listing { metadata_contains: "sd\txl".to_owned(), ..Listing::default() };
        listing.window = Window::since(Instant::from_micros(1_756_548_000_000_000));
        listing.filter.users = Choice { include: vec![ADA, BOB], exclude: vec![] };
        listing.filter.formats = Choice { include: vec![None, Some("".into())], exclude: vec![] };
        listing.filter.qualities = Choice::not(Some("high".into()));
        listing.filter.actions.include = ["a", "b", "c", "d", "e"].map(Text::from).to_vec();
        listing = listing.toggled(Dim::Metadata(MetadataKey::new("model")), Some(&"sdxl".into()));
        listing.filter.metadata.insert(MetadataKey::new("n"), Choice::not(None));
        listing
    }

    #[test]
    fn a_chip_says_what_it_takes_away() {
        let mut listing = everything();
        let names = BTreeMap::from([(ADA, "Ada".to_owned())]);
        let chips = listing.chips(&Calendar::utc(), &names);
        let texts: Vec<_> = chips.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "from 2025-08-30 10:00:00, UTC",
                "user: Ada, 00000002",
                "action: a, b, c and 2 more",
                "format: (none), (empty)",
                "quality: not high",
                "model: sdxl",
                "n: not (none)",
                "metadata has “sd\\txl”",
            ]
        );
        for chip in &chips {
            assert!(listing.is_narrowed());
            listing = listing.without(chip.part);
        }
        assert_eq!(listing, Listing::default());
        assert_eq!(everything().cleared(), Listing::default());
    }

    #[track_caller]
    fn check_window(from: &str, until: &str, expected: &str) {
        let zone = Zone::named("Europe/Berlin").unwrap();
        let at = |text: &str| chrono::DateTime::parse_from_rfc3339(text).unwrap().to_utc().into();
        let window = Window::between(at(from), at(until));
        assert_eq!(window_in_words(window, &Calendar::new(zone)), expected);
    }

    #[test]
    fn a_window_is_said_in_days_or_moments_of_the_zone() {
        // A day of 25 hours.
        check_window("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", "25 Oct 2026, Europe/Berlin");
        check_window(
            "2026-10-19T00:00:00+02:00",
            "2026-10-26T00:00:00+01:00",
            "19 Oct – 25 Oct 2026, Europe/Berlin",
        );
        check_window(
            "2026-10-19T00:00:00Z",
            "2026-10-20T00:00:00Z",
            "2026-10-19 02:00:00 to before 2026-10-20 02:00:00, Europe/Berlin",
        );
    }

    #[test]
    fn several_values_are_included_one_by_one() {
        let png = Text::from("png");
        let both = Listing::default().toggled(Dim::Format, Some(&png)).toggled(Dim::Format, None);
        assert!(both.includes(Dim::Format, Some(&png)) && both.includes(Dim::Format, None));
        assert!(!both.includes(Dim::Quality, None));
        assert_eq!(both.toggled(Dim::Format, None).filter.formats, Choice::only(Some(Text::clone(&png))));
        let model = Dim::Metadata(MetadataKey::new("model"));
        let one = Listing::default().toggled(model, Some(&png));
        assert!(one.includes(model, Some(&png)) && !one.includes(model, None));
        assert_eq!(one.toggled(model, Some(&png)), Listing::default());
    }
}
