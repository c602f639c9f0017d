use crate::model::{Choice, Codes, Columns, Dim, Filter, Key, Kind, Query, Text};

/// Which group a row belongs to, if the filter admits it.
///
/// Groups are numbered by the product of their dictionaries: a *slot* is the sum of what each
/// column adds. `u128`, because three dictionaries of 2³² values each must not overflow.
#[derive(Debug)]
pub(super) struct Groups<'a> {
    columns: &'a Columns,
    group_by: &'a [Dim],
    /// Only the columns that the question asks about.
    lenses: Vec<Lens<'a>>,
    n_users: u128,
    n_actions: u128,
    /// What is grouped by of format and quality, each pair once.
    kinds: Vec<Kind>,
}

/// What one column says about a row.
#[derive(Debug)]
struct Lens<'a> {
    column: Column<'a>,
    /// By code: what it adds to the slot, or [`OUT`].
    parts: Vec<u128>,
}

/// The codes that a lens looks at.
#[derive(Clone, Copy, Debug)]
enum Column<'a> {
    Users(&'a [u32]),
    Codes(&'a Codes),
}

/// Of a value that the filter does not admit.
const OUT: u128 = u128::MAX;

impl<'a> Groups<'a> {
    pub(super) fn new(columns: &'a Columns, query: &'a Query) -> Self {
        let Query { group_by, filter, .. } = query;
        let by = |dim| group_by.contains(&dim);
        let (kind_codes, kinds) = project(columns.kind_names(), group_by);
        let n_users = size(columns.user_ids(), by(Dim::User));
        let n_actions = size(columns.action_names(), by(Dim::Action));

        let mut lenses = Vec::new();
        let admits = admitted(&filter.users, columns.user_ids());
        push_lens(&mut lenses, Column::Users(columns.users()), &admits, by(Dim::User), |code| code as u128);
        let admits = admitted(&filter.actions, columns.action_names());
        push_lens(&mut lenses, Column::Codes(columns.actions()), &admits, by(Dim::Action), |code| {
            code as u128 * n_users
        });
        let admits = admitted_kinds(filter, columns.kind_names());
        push_lens(
            &mut lenses,
            Column::Codes(columns.kinds()),
            &admits,
            by(Dim::Format) || by(Dim::Quality),
            |code| u128::from(kind_codes[code]) * n_users * n_actions,
        );
        Self { columns, group_by, lenses, n_users, n_actions, kinds }
    }

    /// All slots are below this.
    pub(super) fn n_slots(&self) -> u128 {
        self.n_users * self.n_actions * self.kinds.len().max(1) as u128
    }

    /// `None` if the filter does not admit the row.
    #[inline]
    pub(super) fn slot(&self, row: usize) -> Option<u128> {
        let mut slot = 0;
        for lens in &self.lenses {
            let part = lens.parts[lens.column.at(row) as usize];
            if part == OUT {
                return None;
            }
            slot += part;
        }
        Some(slot)
    }

    /// The values of a group, in the order in which they were asked for.
    pub(super) fn keys(&self, slot: u128) -> Vec<Key> {
        let user = (slot % self.n_users) as usize;
        let action = (slot / self.n_users % self.n_actions) as usize;
        let kind = (slot / self.n_users / self.n_actions) as usize;
        let key = |dim: &Dim| match dim {
            Dim::User => Key::User(self.columns.user_ids()[user]),
            Dim::Action => Key::Text(Some(Text::clone(&self.columns.action_names()[action]))),
            Dim::Format => Key::Text(self.kinds[kind].0.clone()),
            Dim::Quality => Key::Text(self.kinds[kind].1.clone()),
        };
        self.group_by.iter().map(key).collect()
    }
}

impl Column<'_> {
    #[inline]
    fn at(self, row: usize) -> u32 {
        match self {
            Self::Users(codes) => codes[row],
            Self::Codes(codes) => codes.at(row),
        }
    }
}

/// A column that is not grouped by has room for one group.
fn size<T>(values: &[T], is_grouped: bool) -> u128 {
    if is_grouped { values.len().max(1) as u128 } else { 1 }
}

/// Adds a column, unless it neither tells groups apart nor rows out.
fn push_lens<'a>(
    lenses: &mut Vec<Lens<'a>>,
    column: Column<'a>,
    admits: &[bool],
    is_grouped: bool,
    part: impl Fn(usize) -> u128,
) {
    if !is_grouped && admits.iter().all(|it| *it) {
        return;
    }
    let part = |(code, admits): (usize, &bool)| match (admits, is_grouped) {
        (false, _) => OUT,
        (true, false) => 0,
        (true, true) => part(code),
    };
    lenses.push(Lens { column, parts: admits.iter().enumerate().map(part).collect() });
}

fn admitted<T: PartialEq>(choice: &Choice<T>, values: &[T]) -> Vec<bool> {
    values.iter().map(|it| choice.admits(it)).collect()
}

fn admitted_kinds(filter: &Filter, kinds: &[Kind]) -> Vec<bool> {
    let admits = |(format, quality): &Kind| filter.formats.admits(format) && filter.qualities.admits(quality);
    kinds.iter().map(admits).collect()
}

/// Format × quality cut down to what is grouped by: a new code for each old one, and its values.
fn project(kinds: &[Kind], group_by: &[Dim]) -> (Vec<u32>, Vec<Kind>) {
    let by = |dim| group_by.contains(&dim);
    let mut values: Vec<Kind> = Vec::new();
    let mut new_codes = std::collections::HashMap::new();
    let code = |(format, quality): &Kind| {
        let kind = (format.clone().filter(|_| by(Dim::Format)), quality.clone().filter(|_| by(Dim::Quality)));
        *new_codes.entry(kind.clone()).or_insert_with(|| {
            values.push(kind);
            values.len() as u32 - 1
        })
    };
    (kinds.iter().map(code).collect(), values)
}
