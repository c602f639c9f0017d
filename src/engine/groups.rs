use super::Unanswered;
use crate::model::{Choice, Codes, Columns, Dim, Filter, Key, MetadataColumn, MetadataKey, Query, Text};

/// Which group a row belongs to, if the filter admits it.
///
/// A group has a number, its *slot*: a digit for each dimension that is grouped by, the first one the
/// most significant. Digits are places in the order of the values, so slots are in the order of the
/// groups' keys. `u128`, because four dictionaries of 2³² values each must not overflow; more of them may.
#[derive(Debug)]
pub(super) struct Groups<'a> {
    digits: Vec<Digit>,
    /// Only the columns that the question asks about.
    lenses: Vec<Lens<'a>>,
    n_slots: u128,
}

/// One dimension that is grouped by.
#[derive(Debug)]
struct Digit {
    dim: Dim,
    /// In their order; the place of a value is the digit.
    values: Vec<Key>,
    /// By code of the dimension's column.
    places: Vec<u32>,
    /// What one more adds to the slot.
    unit: u128,
}

/// What one column says about a row.
#[derive(Debug)]
pub(super) struct Lens<'a> {
    pub(super) column: Column<'a>,
    /// By code: what it adds to the slot, or [`OUT`].
    pub(super) parts: Vec<u128>,
}

/// The codes that a lens looks at.
#[derive(Clone, Copy, Debug)]
pub(super) enum Column<'a> {
    Users(&'a [u32]),
    Codes(&'a Codes),
}

/// Of a value that the filter does not admit.
pub(super) const OUT: u128 = u128::MAX;

impl<'a> Groups<'a> {
    pub(super) fn new(columns: &'a Columns, query: &Query) -> Result<Self, Unanswered> {
        let digits = query.group_by.iter().map(|it| Digit::new(columns, *it));
        let mut digits: Vec<_> = digits.collect::<Result<_, _>>()?;
        let mut n_slots = 1_u128;
        for digit in digits.iter_mut().rev() {
            digit.unit = n_slots;
            let n_values = digit.values.len().max(1) as u128;
            n_slots = n_slots.checked_mul(n_values).ok_or(Unanswered::TooManyGroups)?;
        }
        let Filter { users, actions, formats, qualities, metadata } = &query.filter;
        let lens = |column, admits: Vec<bool>, dims: &[Dim]| {
            let digits: Vec<_> = digits.iter().filter(|it| dims.contains(&it.dim)).collect();
            let part = |(code, admits): (usize, &bool)| {
                let part = digits.iter().map(|it| u128::from(it.places[code]) * it.unit).sum();
                if *admits { part } else { OUT }
            };
            let tells_something = !digits.is_empty() || admits.contains(&false);
            tells_something.then(|| Lens { column, parts: admits.iter().enumerate().map(part).collect() })
        };
        let kinds = columns.kind_names().iter();
        let kinds = kinds.map(|(format, quality)| formats.admits(format) && qualities.admits(quality));
        let mut lenses = Vec::new();
        for key in query.metadata_keys() {
            let (column, any) = (metadata_column(columns, key)?, Choice::default());
            let admits = admitted(metadata.get(&key).unwrap_or(&any), column.values());
            lenses.push(lens(Column::Codes(column.codes()), admits, &[Dim::Metadata(key)]));
        }
        lenses.extend([
            lens(Column::Users(columns.users()), admitted(users, columns.user_ids()), &[Dim::User]),
            lens(Column::Codes(columns.actions()), admitted(actions, columns.action_names()), &[Dim::Action]),
            lens(Column::Codes(columns.kinds()), kinds.collect(), &[Dim::Format, Dim::Quality]),
        ]);
        let lenses = lenses.into_iter().flatten().collect();
        Ok(Self { digits, lenses, n_slots })
    }

    /// All slots are below this.
    pub(super) fn n_slots(&self) -> u128 {
        self.n_slots
    }

    /// The slot of a row is the sum of what they say. None at all where every row is in the only group.
    pub(super) fn lenses(&self) -> &[Lens<'a>] {
        &self.lenses
    }

    /// The values of a group, in the order in which they were asked for.
    pub(super) fn keys(&self, slot: u128) -> Vec<Key> {
        let key = |it: &Digit| it.values[(slot / it.unit) as usize % it.values.len()].clone();
        self.digits.iter().map(key).collect()
    }
}

impl Digit {
    fn new(columns: &Columns, dim: Dim) -> Result<Self, Unanswered> {
        let text = |it: &Option<Text>| Key::Text(it.clone());
        let by_code: Vec<Key> = match dim {
            Dim::User => columns.user_ids().iter().map(|it| Key::User(*it)).collect(),
            Dim::Action => columns.action_names().iter().map(|it| Key::Text(Some(Text::clone(it)))).collect(),
            Dim::Format => columns.kind_names().iter().map(|(format, _)| text(format)).collect(),
            Dim::Quality => columns.kind_names().iter().map(|(_, quality)| text(quality)).collect(),
            Dim::Metadata(key) => metadata_column(columns, key)?.values().iter().map(text).collect(),
        };
        let mut order: Vec<u32> = (0..by_code.len() as u32).collect();
        order.sort_unstable_by(|a, b| by_code[*a as usize].cmp(&by_code[*b as usize]));
        let (mut values, mut places) = (Vec::new(), vec![0; by_code.len()]);
        for code in order {
            let value = &by_code[code as usize];
            // Several kinds have one format.
            if values.last() != Some(value) {
                values.push(value.clone());
            }
            places[code as usize] = values.len() as u32 - 1;
        }
        Ok(Self { dim, values, places, unit: 1 })
    }
}

fn metadata_column(columns: &Columns, key: MetadataKey) -> Result<&MetadataColumn, Unanswered> {
    columns.metadata(key).ok_or(Unanswered::NoColumn(key))
}

fn admitted<T: PartialEq>(choice: &Choice<T>, values: &[T]) -> Vec<bool> {
    values.iter().map(|it| choice.admits(it)).collect()
}
