use std::collections::BTreeMap;

use super::stack::Entity;
use crate::model::{CreditSum, Dim, Key, Measure, Query, Table};

/// The hues that can be told apart.
pub const SLOTS: usize = 8;

/// What something is painted in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Hue {
    /// Of the theme's eight, from 0.
    Slot(u8),
    /// Everything without a hue of its own, together.
    Other,
}

/// Which entity has which hue: decided once from all visible rows of all time, so that a hue does
/// not change when the range or a filter does. Eight formats and eight actions have one.
///
/// - The formats `image`, `video`, `audio` and `text` have the hues 1 to 4, whether or not they occur.
///   Others take the hues after these, the largest first, then those that are left.
/// - An action has the hue of the format that most of its rows have; where several make the same
///   format, the one with the most credits has it. The rest take what is left, the largest first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Palette {
    formats: BTreeMap<Key, u8>,
    actions: BTreeMap<Key, u8>,
    qualities: Vec<Key>,
}

const KNOWN_FORMATS: [&str; 4] = ["image", "video", "audio", "text"];

/// From cheap to dear, as platforms name them; names that are not here come after, by name.
const KNOWN_QUALITIES: [&str; 10] =
    ["draft", "low", "basic", "standard", "medium", "high", "hd", "premium", "ultra", "4k"];

impl Palette {
    /// The question that [`Self::new`] needs the answer to.
    pub fn query() -> Query {
        Query {
            group_by: vec![Dim::Action, Dim::Format, Dim::Quality],
            measures: vec![Measure::Credits, Measure::Events],
            ..Query::default()
        }
    }

    pub fn new(all_time: &Table) -> Self {
        let mut format_credits = BTreeMap::new();
        let mut action_credits = BTreeMap::new();
        let mut made: BTreeMap<Key, BTreeMap<Key, u64>> = BTreeMap::new();
        let mut qualities = Vec::new();
        for row in &all_time.rows {
            let ([action, format, quality], [credits, events]) =
                (row.keys.as_slice(), row.figures.as_slice())
            else {
                continue;
            };
            *format_credits.entry(format.clone()).or_insert(CreditSum::ZERO) += credits.credits();
            *action_credits.entry(action.clone()).or_insert(CreditSum::ZERO) += credits.credits();
            *made.entry(action.clone()).or_default().entry(format.clone()).or_default() += events.count();
            qualities.push(quality.clone());
        }
        qualities.sort_by_cached_key(|it| (price_rank(it), it.clone()));
        qualities.dedup();
        let formats = format_slots(&largest_first(&format_credits));
        let actions = action_slots(&largest_first(&action_credits), &made, &formats);
        Self { formats, actions, qualities }
    }

    pub fn hue(&self, dim: Dim, key: &Key) -> Hue {
        let slots = match dim {
            Dim::Format => &self.formats,
            Dim::Action => &self.actions,
            Dim::User | Dim::Quality | Dim::Metadata(_) => return Hue::Other,
        };
        slots.get(key).map_or(Hue::Other, |slot| Hue::Slot(*slot))
    }

    /// In which part of a chart something is.
    pub fn entity(&self, dim: Dim, key: &Key) -> Entity {
        match self.hue(dim, key) {
            Hue::Slot(_) => Entity::One(key.clone()),
            Hue::Other => Entity::Other,
        }
    }

    /// All qualities, from cheap to dear.
    pub fn qualities(&self) -> &[Key] {
        &self.qualities
    }
}

fn largest_first(totals: &BTreeMap<Key, CreditSum>) -> Vec<&Key> {
    let mut keys: Vec<_> = totals.iter().collect();
    keys.sort_by(|(a, a_total), (b, b_total)| b_total.cmp(a_total).then_with(|| a.cmp(b)));
    keys.into_iter().map(|(key, _)| key).collect()
}

fn format_slots(largest_first: &[&Key]) -> BTreeMap<Key, u8> {
    let known = |key: &Key| KNOWN_FORMATS.iter().position(|it| key.text() == Some(it)).map(|it| it as u8);
    let mut slots: BTreeMap<Key, u8> =
        largest_first.iter().filter_map(|key| Some(((*key).clone(), known(key)?))).collect();
    let n_reserved = if slots.is_empty() { 0 } else { KNOWN_FORMATS.len() };
    let order = (n_reserved..SLOTS).chain(0..n_reserved).map(|it| it as u8);
    fill(&mut slots, order, largest_first);
    slots
}

fn action_slots(
    largest_first: &[&Key],
    made: &BTreeMap<Key, BTreeMap<Key, u64>>,
    formats: &BTreeMap<Key, u8>,
) -> BTreeMap<Key, u8> {
    let mut slots = BTreeMap::new();
    let mut taken = Vec::new();
    for action in largest_first {
        if let Some(slot) = made.get(action).and_then(most).and_then(|format| formats.get(format).copied())
            && !taken.contains(&slot)
        {
            taken.push(slot);
            slots.insert((*action).clone(), slot);
        }
    }
    fill(&mut slots, 0..SLOTS as u8, largest_first);
    slots
}

/// Gives the free ones of `order` to those that have none yet.
fn fill(slots: &mut BTreeMap<Key, u8>, order: impl Iterator<Item = u8>, keys: &[&Key]) {
    let free: Vec<u8> = order.filter(|it| !slots.values().any(|taken| taken == it)).collect();
    let without: Vec<&Key> = keys.iter().filter(|it| !slots.contains_key(**it)).copied().collect();
    slots.extend(without.into_iter().cloned().zip(free));
}

/// The format that more than half of the rows have.
fn most(events: &BTreeMap<Key, u64>) -> Option<&Key> {
    let n_rows: u64 = events.values().sum();
    events.iter().find(|(_, n)| **n > n_rows / 2).map(|(format, _)| format)
}

/// NULL is last, as everywhere.
fn price_rank(quality: &Key) -> usize {
    let known = KNOWN_QUALITIES.iter().position(|it| quality.text() == Some(it));
    known.unwrap_or(KNOWN_QUALITIES.len())
}
