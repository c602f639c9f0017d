use std::ops::Range;

use super::groups::{Column, Groups, Lens, OUT};
use super::hashing::HashMap;
use crate::model::Codes;

/// Where the figures of each row's group are kept.
///
/// Columns are gone through one after the other, a few thousand rows at a time, and no row is asked
/// whether the filter admits it: what is not admitted has a place too, [`Self::waste`], which nobody
/// reads. By day over a filter that admits half of 1 M rows took 4 ms on two cores, where a look-up and a
/// branch a row on one had taken 25.
#[derive(Debug)]
pub(super) struct Places<'a> {
    lenses: &'a [Lens<'a>],
    way: Way,
    /// Of the rows asked about last.
    found: Vec<u32>,
}

#[derive(Debug)]
enum Way {
    /// Every row is in the only group.
    Whole,
    /// The slot itself is the place: there are few.
    Direct(Direct),
    /// The place is where it was put when the slot was first seen; 0 is the waste.
    Hashed { by_slot: HashMap<u128, u32>, by_place: Vec<u128>, slots: Vec<u128> },
}

#[derive(Debug)]
struct Direct {
    /// Of each lens, by code: its part of the place.
    parts: Vec<Vec<u32>>,
    /// By the bytes of action and kind: what both say together, where both are asked and are bytes. It is
    /// one look-up instead of two, and the lines of the table that are used fit the innermost cache.
    pairs: Option<Box<[u32; 1 << 16]>>,
    /// Also the place of what is not admitted.
    n_slots: u32,
}

impl<'a> Places<'a> {
    pub(super) fn new(groups: &'a Groups<'a>, direct_slots_max: u32) -> Self {
        let lenses = groups.lenses();
        let way = match u32::try_from(groups.n_slots()) {
            _ if lenses.is_empty() => Way::Whole,
            Ok(n_slots) if n_slots <= direct_slots_max => Way::Direct(Direct::new(lenses, n_slots)),
            _ => Way::Hashed { by_slot: HashMap::default(), by_place: vec![OUT], slots: Vec::new() },
        };
        Self { lenses, way, found: Vec::new() }
    }

    /// How many places there are by now.
    pub(super) fn len(&self) -> usize {
        match &self.way {
            Way::Whole => 1,
            Way::Direct(direct) => direct.n_slots as usize + 1,
            Way::Hashed { by_place, .. } => by_place.len(),
        }
    }

    /// Whether there will be no more places than now.
    pub(super) fn are_known(&self) -> bool {
        !matches!(self.way, Way::Hashed { .. })
    }

    /// The place of the rows that the filter does not admit.
    pub(super) fn waste(&self) -> Option<u32> {
        match &self.way {
            Way::Whole => None,
            Way::Direct(direct) => Some(direct.n_slots),
            Way::Hashed { .. } => Some(0),
        }
    }

    pub(super) fn slot(&self, place: u32) -> u128 {
        match &self.way {
            Way::Whole | Way::Direct(_) => place.into(),
            Way::Hashed { by_place, .. } => by_place[place as usize],
        }
    }

    /// The place of a slot that another has seen.
    pub(super) fn place(&mut self, slot: u128) -> u32 {
        match &mut self.way {
            Way::Whole | Way::Direct(_) => slot as u32,
            Way::Hashed { by_slot, by_place, .. } => hashed_place(by_slot, by_place, slot),
        }
    }

    /// The places of some rows, of as many as there are then. `None` where all are in the only group.
    pub(super) fn of(&mut self, rows: Range<usize>) -> (Option<&[u32]>, usize) {
        self.found.clear();
        match &mut self.way {
            Way::Whole => return (None, 1),
            Way::Direct(direct) => direct.fill(self.lenses, rows, &mut self.found),
            Way::Hashed { by_slot, by_place, slots } => {
                slots.clear();
                slots.resize(rows.len(), 0);
                for lens in self.lenses {
                    add_parts(lens.column, rows.clone(), &lens.parts, slots, u128::saturating_add);
                }
                self.found.extend(slots.iter().map(|slot| hashed_place(by_slot, by_place, *slot)));
            }
        }
        let n_places = self.len();
        (Some(&self.found), n_places)
    }
}

impl Direct {
    fn new(lenses: &[Lens<'_>], n_slots: u32) -> Self {
        let part = |it: &u128| u32::try_from(*it).unwrap_or(n_slots);
        let parts: Vec<Vec<u32>> = lenses.iter().map(|it| it.parts.iter().map(part).collect()).collect();
        let pairs = match (lenses, parts.as_slice()) {
            ([.., a, b], [.., of_a, of_b]) if bytes(a.column).is_some() && bytes(b.column).is_some() => {
                let mut pairs = vec![0; 1 << 16];
                for (places, part) in pairs.chunks_exact_mut(1 << 8).zip(of_a) {
                    for (place, other) in places.iter_mut().zip(of_b) {
                        *place = (part + other).min(n_slots);
                    }
                }
                pairs.into_boxed_slice().try_into().ok()
            }
            _ => None,
        };
        Self { parts, pairs, n_slots }
    }

    fn fill(&self, lenses: &[Lens<'_>], rows: Range<usize>, places: &mut Vec<u32>) {
        let waste = self.n_slots;
        let mut left = lenses.iter().zip(&self.parts);
        if let (Some(pairs), [.., a, b]) = (&self.pairs, lenses)
            && let (Some(a), Some(b)) = (bytes(a.column), bytes(b.column))
        {
            let codes = a[rows.clone()].iter().zip(&b[rows.clone()]);
            places.extend(codes.map(|(a, b)| pairs[usize::from(*a) << 8 | usize::from(*b)]));
            left.nth_back(1);
        } else if let Some((lens, parts)) = left.next() {
            push_parts(lens.column, rows.clone(), parts, places);
        }
        for (lens, parts) in left {
            add_parts(lens.column, rows.clone(), parts, places, |sum, part| (sum + part).min(waste));
        }
    }
}

fn bytes(column: Column<'_>) -> Option<&[u8]> {
    match column {
        Column::Codes(Codes::U8(codes)) => Some(codes),
        Column::Codes(Codes::U16(_) | Codes::U32(_)) | Column::Users(_) => None,
    }
}

fn hashed_place(by_slot: &mut HashMap<u128, u32>, by_place: &mut Vec<u128>, slot: u128) -> u32 {
    if slot == OUT {
        return 0;
    }
    *by_slot.entry(slot).or_insert_with(|| {
        by_place.push(slot);
        by_place.len() as u32 - 1
    })
}

/// What a column says of each row.
fn push_parts(column: Column<'_>, rows: Range<usize>, parts: &[u32], sums: &mut Vec<u32>) {
    fn each<C: Copy + Into<u32>>(codes: &[C], parts: &[u32], sums: &mut Vec<u32>) {
        sums.extend(codes.iter().map(|code| parts[(*code).into() as usize]));
    }
    match column {
        Column::Users(codes) => each(&codes[rows], parts, sums),
        Column::Codes(Codes::U32(codes)) => each(&codes[rows], parts, sums),
        Column::Codes(Codes::U16(codes)) => each(&codes[rows], parts, sums),
        Column::Codes(Codes::U8(codes)) => each(&codes[rows], parts, sums),
    }
}

/// Adds what a column says to the sum of each row.
fn add_parts<P: Copy>(
    column: Column<'_>,
    rows: Range<usize>,
    parts: &[P],
    sums: &mut [P],
    add: impl Fn(P, P) -> P,
) {
    fn each<C: Copy + Into<u32>, P: Copy>(codes: &[C], parts: &[P], sums: &mut [P], add: impl Fn(P, P) -> P) {
        for (sum, code) in sums.iter_mut().zip(codes) {
            *sum = add(*sum, parts[(*code).into() as usize]);
        }
    }
    match column {
        Column::Users(codes) => each(&codes[rows], parts, sums, add),
        Column::Codes(Codes::U32(codes)) => each(&codes[rows], parts, sums, add),
        Column::Codes(Codes::U16(codes)) => each(&codes[rows], parts, sums, add),
        Column::Codes(Codes::U8(codes)) => each(&codes[rows], parts, sums, add),
    }
}
