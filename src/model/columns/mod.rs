mod builder;
mod codes;
mod metadata;

use std::sync::Arc;

use super::{CreditSum, Instant, MetadataKey, Text, UserId};
pub use builder::ColumnsBuilder;
pub use codes::Codes;
use codes::picked;
pub use metadata::{MetadataBuilder, MetadataColumn};

/// The rows one viewer may see, a vector a column, in the order of time.
///
/// 22 bytes a row while there are at most 256 actions and as many kinds, 24 up to 65,536 of each. A
/// bucket of time is a slice found by binary search. User, action and format × quality are codes into
/// dictionaries that hold the values of these rows and no others: a list made from them shows nothing
/// of hidden rows.
///
/// Columns of metadata keys come with them as far as somebody has asked for them. Clones share the rows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Columns {
    parts: Arc<ColumnParts>,
    credit_ranges: Vec<(i64, i64)>,
    metadata: Vec<KeyColumn>,
}

/// A metadata key and its values.
pub type KeyColumn = (MetadataKey, Arc<MetadataColumn>);

/// A format and a quality.
pub type Kind = (Option<Text>, Option<Text>);

/// What [`Columns`] are made of, for a source that has columns rather than rows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ColumnParts {
    /// µs since 1970 UTC, ascending.
    pub times: Vec<i64>,
    /// Codes into `user_ids`.
    pub users: Vec<u32>,
    /// Codes into `action_names`.
    pub actions: Codes,
    /// Codes into `kind_names`.
    pub kinds: Codes,
    /// Nano-credits, never `i64::MIN`.
    pub credits: Vec<i64>,
    pub user_ids: Vec<UserId>,
    pub action_names: Vec<Text>,
    pub kind_names: Vec<Kind>,
}

impl Columns {
    /// As many rows are a block, of which the least and the largest credits are known.
    pub const BLOCK_ROWS: usize = 1 << 16;

    /// `None` unless the columns are equally long, times ascend, no credits are `i64::MIN`, every code
    /// has a value, and every value, of which none comes twice, has a row.
    pub fn from_parts(parts: ColumnParts) -> Option<Self> {
        let ColumnParts { times, users, actions, kinds, credits, user_ids, action_names, kind_names } =
            &parts;
        let n_rows = times.len();
        let is_whole = [users.len(), actions.len(), kinds.len(), credits.len()] == [n_rows; 4]
            && times.is_sorted()
            && !credits.contains(&i64::MIN)
            && are_in_use(users.iter().copied(), user_ids)
            && are_in_use(actions.iter(), action_names)
            && are_in_use(kinds.iter(), kind_names);
        is_whole.then(|| Self::of(parts))
    }

    /// Of parts that are known to be whole.
    fn of(parts: ColumnParts) -> Self {
        let range = |block: &[i64]| {
            let (least, largest) = (block.iter().min(), block.iter().max());
            (least.copied().unwrap_or(0), largest.copied().unwrap_or(0))
        };
        let credit_ranges = parts.credits.chunks(Self::BLOCK_ROWS).map(range).collect();
        Self { parts: Arc::new(parts), credit_ranges, metadata: Vec::new() }
    }

    /// The same rows with the columns of these keys and of no others. `None` unless each is as long as they.
    pub fn with_metadata(&self, metadata: Vec<KeyColumn>) -> Option<Self> {
        let is_whole = metadata.iter().all(|(_, it)| it.codes().len() == self.len());
        is_whole.then(|| Self { metadata, ..self.clone() })
    }

    /// The metadata keys that have a column here.
    pub fn metadata_columns(&self) -> &[KeyColumn] {
        &self.metadata
    }

    /// `None` where nobody has asked for that key; without rows there is nothing to ask for.
    pub fn metadata(&self, key: MetadataKey) -> Option<&MetadataColumn> {
        if self.is_empty() {
            return Some(&metadata::EMPTY);
        }
        self.metadata.iter().find(|it| it.0 == key).map(|it| &*it.1)
    }

    /// Whether these are the rows of `other`, whatever columns of metadata keys there are.
    pub fn shares_rows(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.parts, &other.parts)
    }

    pub fn len(&self) -> usize {
        self.parts.times.len()
    }

    pub fn is_empty(&self) -> bool {
        self.parts.times.is_empty()
    }

    /// µs since 1970 UTC, ascending.
    pub fn times(&self) -> &[i64] {
        &self.parts.times
    }

    /// Codes into [`Self::user_ids`].
    pub fn users(&self) -> &[u32] {
        &self.parts.users
    }

    /// Codes into [`Self::action_names`].
    pub fn actions(&self) -> &Codes {
        &self.parts.actions
    }

    /// Codes into [`Self::kind_names`].
    pub fn kinds(&self) -> &Codes {
        &self.parts.kinds
    }

    /// Nano-credits.
    pub fn credits(&self) -> &[i64] {
        &self.parts.credits
    }

    /// The least and the largest nano-credits of each [`Self::BLOCK_ROWS`] rows: they say which sums fit
    /// an `i64`, and where there are no refunds.
    pub fn credit_ranges(&self) -> &[(i64, i64)] {
        &self.credit_ranges
    }

    pub fn user_ids(&self) -> &[UserId] {
        &self.parts.user_ids
    }

    pub fn action_names(&self) -> &[Text] {
        &self.parts.action_names
    }

    /// Format and quality, each pair once.
    pub fn kind_names(&self) -> &[Kind] {
        &self.parts.kind_names
    }

    pub fn first(&self) -> Option<Instant> {
        self.times().first().copied().map(Instant::from_micros)
    }

    pub fn last(&self) -> Option<Instant> {
        self.times().last().copied().map(Instant::from_micros)
    }

    /// The newest row that is not later than `clock`.
    pub fn last_until(&self, clock: Instant) -> Option<Instant> {
        let n_past = self.times().partition_point(|it| *it <= clock.micros());
        self.times()[..n_past].last().copied().map(Instant::from_micros)
    }

    /// The sum of all rows.
    pub fn total(&self) -> CreditSum {
        self.credits().iter().map(|it| CreditSum::from_nano(i128::from(*it))).sum()
    }

    /// How many rows are a user's.
    pub fn count_of(&self, user: UserId) -> u64 {
        let code = self.user_ids().iter().position(|it| *it == user);
        code.map_or(0, |code| self.users().iter().filter(|it| **it as usize == code).count() as u64)
    }

    /// The rows of one user, with dictionaries of their own.
    #[must_use]
    pub fn only(&self, user: UserId) -> Self {
        let Some(code) = self.user_ids().iter().position(|it| *it == user) else {
            return Self::default();
        };
        let is_own = |(row, it): (usize, &u32)| (*it as usize == code).then_some(row as u32);
        let rows: Vec<u32> = self.users().iter().enumerate().filter_map(is_own).collect();
        let (actions, action_names) = recoded(&self.actions().picked(&rows), self.action_names());
        let (kinds, kind_names) = recoded(&self.kinds().picked(&rows), self.kind_names());
        let own = Self::of(ColumnParts {
            times: picked(self.times(), &rows),
            users: vec![0; rows.len()],
            actions,
            kinds,
            credits: picked(self.credits(), &rows),
            user_ids: vec![user],
            action_names,
            kind_names,
        });
        let metadata = self.metadata.iter().map(|(key, it)| (*key, Arc::new(it.picked(&rows))));
        Self { metadata: metadata.collect(), ..own }
    }
}

/// Codes into the values that occur, in the order in which they do.
fn recoded<T: Clone>(codes: &Codes, values: &[T]) -> (Codes, Vec<T>) {
    let mut new_codes = vec![None; values.len()];
    let mut occurring = Vec::new();
    let mut new_code = |old: u32| {
        *new_codes[old as usize].get_or_insert_with(|| {
            occurring.push(values[old as usize].clone());
            occurring.len() as u32 - 1
        })
    };
    let codes = codes.iter().map(&mut new_code).collect();
    (codes, occurring)
}

/// Whether each code has a value, and each value a row and a code of its own.
fn are_in_use<T: Eq + std::hash::Hash>(codes: impl Iterator<Item = u32>, values: &[T]) -> bool {
    let mut in_use = vec![false; values.len()];
    for code in codes {
        let Some(in_use) = in_use.get_mut(code as usize) else { return false };
        *in_use = true;
    }
    let distinct: std::collections::HashSet<_> = values.iter().collect();
    in_use.iter().all(|it| *it) && distinct.len() == values.len()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::model::Credits;

    const ADA: UserId = UserId(Uuid::from_u128(1));
    const BOB: UserId = UserId(Uuid::from_u128(2));

    #[test]
    fn rows_are_in_the_order_of_time_and_one_users_rows_name_nobody_else() {
        let mut rows = ColumnsBuilder::default();
        let credits = |nano| Credits::from_nano(nano).unwrap();
        let png = (Some(Text::from("png")), None);
        rows.push(Instant::from_micros(30), BOB, &"chat".into(), (None, None), credits(3));
        rows.push(Instant::from_micros(10), ADA, &"image".into(), png.clone(), credits(1));
        rows.push(Instant::from_micros(20), ADA, &"image".into(), png.clone(), credits(-2));
        let columns = rows.finish();
        assert_eq!(columns.times(), [10, 20, 30]);
        assert_eq!(columns.credit_ranges(), [(-2, 3)]);
        assert_eq!(columns.last_until(Instant::from_micros(29)), Some(Instant::from_micros(20)));

        let own = columns.only(ADA);
        assert_eq!((own.times(), own.credits()), (&[10, 20][..], &[1, -2][..]));
        assert_eq!(
            (own.user_ids(), own.action_names(), own.kind_names()),
            (&[ADA][..], &["image".into()][..], &[png][..])
        );
        assert_eq!(own.credit_ranges(), [(-2, 1)]);
        assert!(columns.only(UserId(Uuid::nil())).user_ids().is_empty());
    }

    #[test]
    fn values_of_a_metadata_key_are_those_of_the_rows() {
        let columns = Columns::from_parts(parts()).unwrap();
        let key = MetadataKey::new("model");
        assert_eq!((columns.metadata(key), Columns::default().metadata(key)), (None, Some(&metadata::EMPTY)));
        let column = |values: &[Option<&str>]| {
            let mut column = MetadataBuilder::default();
            for value in values {
                column.push(*value);
            }
            Arc::new(column.finish())
        };
        assert_eq!(columns.with_metadata(vec![(key, column(&[None]))]), None);
        let keyed = columns.with_metadata(vec![(key, column(&[Some("sdxl"), None]))]).unwrap();
        assert!(keyed.shares_rows(&columns) && !keyed.shares_rows(&Columns::from_parts(parts()).unwrap()));
        for (user, value) in [(ADA, Some("sdxl".into())), (BOB, None)] {
            let own = keyed.only(user);
            assert_eq!(own.metadata(key), Some(&*column(&[value.as_deref()])));
            assert_eq!(own.metadata(key).unwrap().at(0), value.as_ref());
            assert_eq!(own.metadata(key).unwrap().values(), [value]);
        }
        assert!(keyed.only(UserId(Uuid::nil())).metadata(key).unwrap().values().is_empty());
        let from_parts = |codes: &[u32], values| {
            MetadataColumn::from_parts(codes.iter().copied().collect(), values).is_some()
        };
        assert!(from_parts(&[1, 0], vec![None, Some("a".into())]));
        assert!(!from_parts(&[1, 0], vec![None, None]) && !from_parts(&[0], vec![None, Some("a".into())]));
    }

    fn parts() -> ColumnParts {
        ColumnParts {
            times: vec![10, 20],
            users: vec![0, 1],
            actions: [0, 0].into_iter().collect(),
            kinds: [1, 0].into_iter().collect(),
            credits: vec![5, -5],
            user_ids: vec![ADA, BOB],
            action_names: vec!["chat".into()],
            kind_names: vec![(None, None), (None, Some("high".into()))],
        }
    }

    #[track_caller]
    fn check_refused(change: impl FnOnce(&mut ColumnParts)) {
        let mut parts = parts();
        change(&mut parts);
        assert_eq!(Columns::from_parts(parts), None);
    }

    #[test]
    fn parts_that_do_not_fit_together_are_no_columns() {
        let columns = Columns::from_parts(parts()).unwrap();
        assert_eq!((columns.len(), columns.credit_ranges()), (2, &[(-5, 5)][..]));
        check_refused(|it| it.times.push(30));
        check_refused(|it| it.times = vec![20, 10]);
        check_refused(|it| it.credits[0] = i64::MIN);
        check_refused(|it| it.users[0] = 2);
        check_refused(|it| it.users[0] = 1);
        check_refused(|it| it.user_ids[0] = BOB);
        check_refused(|it| it.actions.push(0));
        check_refused(|it| it.kind_names.push((Some("png".into()), None)));
    }
}
