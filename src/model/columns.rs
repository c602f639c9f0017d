use std::collections::HashMap;
use std::hash::Hash;

use super::{CreditSum, Credits, Instant, Text, UserId};

/// The rows one viewer may see, a vector a column, in the order of time.
///
/// 28 bytes a row, and a bucket of time is a slice found by binary search. User, action and
/// format × quality are codes into dictionaries that hold the values of these rows and no others:
/// a list made from them shows nothing of hidden rows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Columns {
    times: Vec<i64>,
    users: Vec<u32>,
    actions: Vec<u32>,
    kinds: Vec<u32>,
    credits: Vec<i64>,
    user_ids: Vec<UserId>,
    action_names: Vec<Text>,
    kind_names: Vec<(Option<Text>, Option<Text>)>,
}

impl Columns {
    pub fn len(&self) -> usize {
        self.times.len()
    }

    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// µs since 1970 UTC, ascending.
    pub fn times(&self) -> &[i64] {
        &self.times
    }

    /// Codes into [`Self::user_ids`].
    pub fn users(&self) -> &[u32] {
        &self.users
    }

    /// Codes into [`Self::action_names`].
    pub fn actions(&self) -> &[u32] {
        &self.actions
    }

    /// Codes into [`Self::kind_names`].
    pub fn kinds(&self) -> &[u32] {
        &self.kinds
    }

    /// Nano-credits.
    pub fn credits(&self) -> &[i64] {
        &self.credits
    }

    pub fn user_ids(&self) -> &[UserId] {
        &self.user_ids
    }

    pub fn action_names(&self) -> &[Text] {
        &self.action_names
    }

    /// Format and quality, each pair once.
    pub fn kind_names(&self) -> &[(Option<Text>, Option<Text>)] {
        &self.kind_names
    }

    pub fn first(&self) -> Option<Instant> {
        self.times.first().copied().map(Instant::from_micros)
    }

    pub fn last(&self) -> Option<Instant> {
        self.times.last().copied().map(Instant::from_micros)
    }

    /// The newest row that is not later than `clock`.
    pub fn last_until(&self, clock: Instant) -> Option<Instant> {
        let n_past = self.times.partition_point(|it| *it <= clock.micros());
        self.times[..n_past].last().copied().map(Instant::from_micros)
    }

    /// The sum of all rows.
    pub fn total(&self) -> CreditSum {
        self.credits.iter().map(|it| CreditSum::from_nano(i128::from(*it))).sum()
    }

    /// How many rows are a user's.
    pub fn count_of(&self, user: UserId) -> u64 {
        let code = self.user_ids.iter().position(|it| *it == user);
        code.map_or(0, |code| self.users.iter().filter(|it| **it as usize == code).count() as u64)
    }

    /// The rows of one user, with dictionaries of their own.
    #[must_use]
    pub fn only(&self, user: UserId) -> Self {
        let mut rows = ColumnsBuilder::default();
        let Some(code) = self.user_ids.iter().position(|it| *it == user) else {
            return rows.finish();
        };
        let code = code as u32;
        let rows_of_user = self.users.iter().enumerate().filter(|(_, it)| **it == code).map(|(row, _)| row);
        let (mut action_codes, mut kind_codes) = (HashMap::new(), HashMap::new());
        for row in rows_of_user {
            let (action, kind) = (self.actions[row], self.kinds[row]);
            let to = &mut rows.columns;
            to.times.push(self.times[row]);
            to.credits.push(self.credits[row]);
            to.users.push(0);
            to.actions.push(recode(&mut action_codes, action, &self.action_names, &mut to.action_names));
            to.kinds.push(recode(&mut kind_codes, kind, &self.kind_names, &mut to.kind_names));
        }
        if !rows.columns.users.is_empty() {
            rows.columns.user_ids.push(user);
        }
        rows.columns
    }
}

fn recode<T: Clone>(codes: &mut HashMap<u32, u32>, old: u32, from: &[T], to: &mut Vec<T>) -> u32 {
    *codes.entry(old).or_insert_with(|| {
        to.push(from[old as usize].clone());
        to.len() as u32 - 1
    })
}

/// Collects rows in any order.
#[derive(Debug, Default)]
pub struct ColumnsBuilder {
    columns: Columns,
    user_codes: HashMap<UserId, u32>,
    action_codes: HashMap<Text, u32>,
    kind_codes: HashMap<(Option<Text>, Option<Text>), u32>,
}

impl ColumnsBuilder {
    pub fn push(
        &mut self,
        at: Instant,
        user: UserId,
        action: &Text,
        kind: (Option<Text>, Option<Text>),
        credits: Credits,
    ) {
        let user = self.user_code(user);
        let action = self.action_code(action);
        let kind = self.kind_code(kind);
        self.push_coded(at, [user, action, kind], credits);
    }

    /// A row by the codes of its user, action and kind, for a source that need not look them up by value.
    pub fn push_coded(&mut self, at: Instant, [user, action, kind]: [u32; 3], credits: Credits) {
        let columns = &mut self.columns;
        columns.times.push(at.micros());
        columns.credits.push(credits.nano());
        columns.users.push(user);
        columns.actions.push(action);
        columns.kinds.push(kind);
    }

    /// The code of a user. To be asked only for a row that is then pushed.
    pub fn user_code(&mut self, user: UserId) -> u32 {
        intern(&mut self.user_codes, &mut self.columns.user_ids, user)
    }

    /// The code of an action. To be asked only for a row that is then pushed.
    pub fn action_code(&mut self, action: &Text) -> u32 {
        intern(&mut self.action_codes, &mut self.columns.action_names, Text::clone(action))
    }

    /// The code of a format and quality. To be asked only for a row that is then pushed.
    pub fn kind_code(&mut self, kind: (Option<Text>, Option<Text>)) -> u32 {
        intern(&mut self.kind_codes, &mut self.columns.kind_names, kind)
    }

    /// Sorts by time; rows of one instant stay in the order they came.
    pub fn finish(self) -> Columns {
        let mut columns = self.columns;
        if columns.times.is_sorted() {
            return columns;
        }
        let mut order: Vec<u32> = (0..columns.times.len() as u32).collect();
        order.sort_by_key(|row| columns.times[*row as usize]);
        reorder(&mut columns.times, &order);
        reorder(&mut columns.credits, &order);
        reorder(&mut columns.users, &order);
        reorder(&mut columns.actions, &order);
        reorder(&mut columns.kinds, &order);
        columns
    }
}

fn reorder<T: Copy>(column: &mut Vec<T>, order: &[u32]) {
    *column = order.iter().map(|row| column[*row as usize]).collect();
}

fn intern<T: Clone + Eq + Hash>(codes: &mut HashMap<T, u32>, values: &mut Vec<T>, value: T) -> u32 {
    if let Some(code) = codes.get(&value) {
        return *code;
    }
    let code = values.len() as u32;
    values.push(value.clone());
    codes.insert(value, code);
    code
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn rows_are_in_the_order_of_time_and_one_users_rows_name_nobody_else() {
        let (ada, bob) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let mut rows = ColumnsBuilder::default();
        let credits = |nano| Credits::from_nano(nano).unwrap();
        let png = (Some(Text::from("png")), None);
        rows.push(Instant::from_micros(30), bob, &"chat".into(), (None, None), credits(3));
        rows.push(Instant::from_micros(10), ada, &"image".into(), png.clone(), credits(1));
        rows.push(Instant::from_micros(20), ada, &"image".into(), png.clone(), credits(-2));
        let columns = rows.finish();
        assert_eq!(columns.times(), [10, 20, 30]);
        assert_eq!(columns.last_until(Instant::from_micros(29)), Some(Instant::from_micros(20)));

        let own = columns.only(ada);
        assert_eq!((own.times(), own.credits()), (&[10, 20][..], &[1, -2][..]));
        assert_eq!(
            (own.user_ids(), own.action_names(), own.kind_names()),
            (&[ada][..], &["image".into()][..], &[png][..])
        );
        assert!(columns.only(UserId(Uuid::nil())).user_ids().is_empty());
    }
}
