use std::collections::BTreeMap;

use super::{Cell, number};
use crate::model::{CreditSum, Figure, Key, Table, TableRow, UserId};

/// Users by credits, ready to draw.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Ranking {
    pub rows: Vec<RankingRow>,
    /// The sum of the column.
    pub credits: String,
    pub credits_exact: String,
    pub events: String,
    /// The sum is the total that was asked for on its own.
    pub adds_up: bool,
}

/// One user.
#[derive(Clone, PartialEq, Debug)]
pub struct RankingRow {
    pub user_id: UserId,
    pub rank: String,
    /// `None` without a profile.
    pub name: Option<Cell>,
    pub short_id: String,
    pub credits: String,
    /// With every digit, for the hover.
    pub credits_exact: String,
    /// Of all users' credits.
    pub share: String,
    /// The length of the bar: 1 is the first user's.
    pub bar: f32,
    pub events: String,
}

impl Ranking {
    /// From an answer grouped by [`Dim::User`](crate::model::Dim::User) with the measures credits and events, in the
    /// order in which it is listed. `header` are the credits of the same rows, not grouped.
    pub fn build(table: &Table, usernames: &BTreeMap<UserId, String>, header: CreditSum) -> Self {
        let users: Vec<_> = table.rows.iter().filter_map(figures).collect();
        let total: CreditSum = users.iter().map(|it| it.1).sum();
        let events: u64 = users.iter().map(|it| it.2).sum();
        let most = users.iter().map(|it| it.1).max().unwrap_or_default();
        let rows = users.iter().zip(1_u64..).map(|(&(user_id, credits, events), rank)| RankingRow {
            user_id,
            rank: number::count(rank),
            name: usernames.get(&user_id).map(|it| Cell::cut(Some(it))),
            short_id: user_id.short(),
            credits: number::credits(credits),
            credits_exact: number::exact(credits),
            share: number::share(credits, total),
            bar: bar(credits, most),
            events: number::count(events),
        });
        Self {
            rows: rows.collect(),
            credits: number::credits(total),
            credits_exact: number::exact(total),
            events: number::count(events),
            adds_up: total == header,
        }
    }
}

fn figures(row: &TableRow) -> Option<(UserId, CreditSum, u64)> {
    let user = row.keys.first().and_then(Key::user)?;
    let figure = |index: usize| row.figures.get(index).copied();
    let credits = figure(0).map(Figure::credits).unwrap_or_default();
    Some((user, credits, figure(1).map(Figure::count).unwrap_or_default()))
}

/// A user who got credits back has no bar.
fn bar(credits: CreditSum, most: CreditSum) -> f32 {
    if most <= CreditSum::ZERO {
        return 0.0;
    }
    (credits.to_f64() / most.to_f64()).clamp(0.0, 1.0) as f32
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn row(user: u128, credits: i128, events: u64) -> TableRow {
        TableRow {
            bucket: None,
            keys: vec![Key::User(UserId(Uuid::from_u128(user)))],
            figures: vec![Figure::Credits(CreditSum::from_nano(credits)), Figure::Count(events)],
        }
    }

    #[test]
    fn the_last_line_is_the_sum_and_users_without_a_profile_stay() {
        let table = Table { rows: vec![row(1, 3_000_000_000, 2), row(2, 1_000_000_000, 1), row(3, -5, 1)] };
        let names = BTreeMap::from([(UserId(Uuid::from_u128(1)), "Ada".to_owned())]);
        let ranking = Ranking::build(&table, &names, CreditSum::from_nano(3_999_999_995));
        assert!(ranking.adds_up && !Ranking::build(&table, &names, CreditSum::ZERO).adds_up);
        assert_eq!((ranking.credits.as_str(), ranking.events.as_str()), ("4.00", "4"));
        assert_eq!(ranking.credits_exact, "3.999999995");
        let shares: Vec<_> = ranking.rows.iter().map(|it| (it.share.as_str(), it.bar)).collect();
        assert_eq!(shares, [("75.0 %", 1.0), ("25.0 %", 1.0 / 3.0), ("0.0 %", 0.0)]);
        assert_eq!(ranking.rows[0].name, Some(Cell::of(Some("Ada"))));
        assert_eq!(ranking.rows[1].name, None);
    }

    #[test]
    fn of_nothing_there_are_no_bars() {
        let table = Table { rows: vec![row(1, 0, 1)] };
        let ranking = Ranking::build(&table, &BTreeMap::new(), CreditSum::ZERO);
        assert_eq!((ranking.rows[0].bar, ranking.rows[0].share.as_str()), (0.0, "–"));
        assert!(Ranking::build(&Table::default(), &BTreeMap::new(), CreditSum::ZERO).rows.is_empty());
    }
}
