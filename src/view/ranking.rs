use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use memchr::memmem::Finder;

use super::number::{self, Delta};
use super::{Cell, Spark};
use crate::model::{Calendar, CreditSum, UserId};
use crate::report::ranking::{RankedUser, Ranking as Values};

/// Users by credits. Their lines are written when they are drawn: of many users few are in sight.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Ranking {
    /// Tells one answer from another.
    pub number: u64,
    /// The sums of the columns.
    pub credits: String,
    pub credits_exact: String,
    pub events: String,
    /// The sums are the totals that were asked for on their own.
    pub adds_up: bool,
    /// Whether there is a period before to compare with.
    pub is_compared: bool,
    /// The longest text of the column of credits, so that none is cut.
    pub widest_credits: String,
    /// `12 users by credits`
    pub caption: String,
    /// `None` of no rows at all.
    values: Option<(Values, Calendar)>,
    usernames: Arc<BTreeMap<UserId, String>>,
    total: CreditSum,
    most: CreditSum,
    /// By place: what a search looks into, name and whole id, in lower case.
    keys: Vec<String>,
    /// The places in every other order, by [`RankingOrder`].
    orders: BTreeMap<RankingOrder, Vec<u32>>,
}

/// What the list is sorted by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum RankingOrder {
    /// The largest first, as the ranks are.
    #[default]
    Credits,
    /// The most first.
    Events,
    /// The largest rise in credits first, the largest fall last.
    Change,
    /// The most first.
    ActiveDays,
    /// The newest first.
    FirstSeen,
    /// The newest first.
    LastSeen,
}

/// One user.
#[derive(Clone, PartialEq, Debug)]
pub struct RankingRow {
    pub user_id: UserId,
    pub rank: String,
    /// `None` where nothing is compared.
    pub moved: Option<Moved>,
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
    pub course: Spark,
    pub n_buckets: usize,
    /// `None` where nothing is compared.
    pub delta: Option<Delta>,
    /// What it is against, for the hover: `from 1,204.50`.
    pub from: String,
    pub active_days: String,
    pub events: String,
    pub first_seen: Seen,
    pub last_seen: Seen,
}

/// A moment as a day, and exactly.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    pub day: String,
    pub exact: String,
}

/// How a rank differs from the one in the period before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Moved {
    Up(u64),
    Down(u64),
    Same,
    /// There were no rows before.
    New,
}

impl Moved {
    /// In words: `up 3 places`.
    pub fn spoken(self) -> String {
        match self {
            Self::Up(n) => format!("up {}", number::counted(n, "place", "places")),
            Self::Down(n) => format!("down {}", number::counted(n, "place", "places")),
            Self::Same => "same rank".to_owned(),
            Self::New => "new in the ranking".to_owned(),
        }
    }
}

impl Ranking {
    /// `usernames` are all that are visible.
    pub fn build(values: Values, usernames: Arc<BTreeMap<UserId, String>>, calendar: &Calendar) -> Self {
        let total: CreditSum = values.users.iter().map(|it| it.credits).sum();
        let n_events: u64 = values.users.iter().map(|it| it.n_events).sum();
        // Of numbers with one sign the one that is farthest from zero is the longest.
        let [first, last] =
            [values.users.first(), values.users.last()].map(|it| it.map_or(total, |it| it.credits));
        let widest =
            [first, last, total].map(number::credits).into_iter().max_by_key(|it| it.chars().count());
        let n_users = number::counted(values.users.len() as u64, "user", "users");
        let key = |it: &RankedUser| {
            let name = usernames.get(&it.user_id).map_or_else(String::new, |it| it.to_lowercase());
            format!("{name} {}", it.user_id)
        };
        Self {
            credits: number::credits(total),
            credits_exact: number::exact(total),
            events: number::count(n_events),
            adds_up: values.adds_up(),
            is_compared: values.is_compared,
            widest_credits: widest.unwrap_or_default(),
            caption: format!("{n_users} by credits"),
            total,
            most: values.users.first().map_or(CreditSum::ZERO, |it| it.credits),
            keys: values.users.iter().map(key).collect(),
            orders: RankingOrder::OTHERS.into_iter().map(|it| (it, it.places(&values.users))).collect(),
            values: Some((values, calendar.clone())),
            usernames,
            number: 0,
        }
    }

    pub fn len(&self) -> usize {
        self.users().len()
    }

    pub fn is_empty(&self) -> bool {
        self.users().is_empty()
    }

    /// The user at a place of the ranking, from 0.
    pub fn row(&self, place: usize) -> Option<RankingRow> {
        let (values, calendar) = self.values.as_ref()?;
        let user = values.users.get(place)?;
        let before = user.before.map_or(CreditSum::ZERO, |it| it.credits);
        let moved = values.is_compared.then(|| match user.risen(place) {
            None => Moved::New,
            Some(0) => Moved::Same,
            Some(n) if n > 0 => Moved::Up(n.unsigned_abs() as u64),
            Some(n) => Moved::Down(n.unsigned_abs() as u64),
        });
        let seen = |at| Seen {
            day: number::date(calendar.date(at)),
            exact: format!("{} {}", number::second(at, &calendar.zone), calendar.zone.name()),
        };
        Some(RankingRow {
            user_id: user.user_id,
            rank: number::count(place as u64 + 1),
            moved,
            name: self.name(user.user_id),
            short_id: user.user_id.short(),
            credits: number::credits(user.credits),
            credits_exact: number::exact(user.credits),
            share: number::share(user.credits, self.total),
            bar: bar(user.credits, self.most),
            course: course(values, user),
            n_buckets: values.span.buckets.len(),
            delta: values.is_compared.then(|| number::delta(user.credits.nano(), before.nano())),
            from: format!("from {}", number::credits(before)),
            active_days: number::count(user.n_active_days),
            events: number::count(user.n_events),
            first_seen: seen(user.seen.0),
            last_seen: seen(user.seen.1),
        })
    }

    fn name(&self, user: UserId) -> Option<Cell> {
        self.usernames.get(&user).map(|it| Cell::cut(Some(it)))
    }

    /// The places of the users whose name or id holds a text, in an order. An empty text finds all.
    pub fn search(&self, text: &str, order: RankingOrder) -> Vec<u32> {
        let text = text.trim().to_lowercase();
        // Prepared once for all users: 100,000 are searched within a frame.
        let finder = Finder::new(&text);
        let holds =
            |place: &u32| text.is_empty() || finder.find(self.keys[*place as usize].as_bytes()).is_some();
        match self.orders.get(&order) {
            Some(places) => places.iter().copied().filter(holds).collect(),
            None => (0..self.len() as u32).filter(holds).collect(),
        }
    }

    fn users(&self) -> &[RankedUser] {
        self.values.as_ref().map_or(&[], |(it, _)| &it.users)
    }
}

impl RankingOrder {
    const OTHERS: [Self; 5] = [Self::Events, Self::Change, Self::ActiveDays, Self::FirstSeen, Self::LastSeen];

    /// Equal users stay in the order of their ranks.
    fn places(self, users: &[RankedUser]) -> Vec<u32> {
        let change = |it: &RankedUser| it.credits.nano() - it.before.map_or(0, |it| it.credits.nano());
        let key = |it: &RankedUser| match self {
            Self::Credits => it.credits.nano(),
            Self::Events => it.n_events.into(),
            Self::Change => change(it),
            Self::ActiveDays => it.n_active_days.into(),
            Self::FirstSeen => it.seen.0.micros().into(),
            Self::LastSeen => it.seen.1.micros().into(),
        };
        let keys: Vec<i128> = users.iter().map(key).collect();
        let mut places: Vec<_> = keys.into_iter().map(Reverse).zip(0_u32..).collect();
        places.sort_unstable();
        places.into_iter().map(|(_, place)| place).collect()
    }
}

/// A value for each finished bucket.
fn course(values: &Values, user: &RankedUser) -> Spark {
    let span = &values.span;
    let mut heights = vec![0.0; span.partial.unwrap_or(span.buckets.len())];
    for point in values.course(user) {
        if let Some(height) = heights.get_mut(point.bucket) {
            *height = point.credits.to_f64();
        }
    }
    Spark::Line(heights)
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
    use super::*;
    use crate::model::{Cancel, Columns, ColumnsBuilder, Credits, Filter, Instant};
    use crate::report::chart::fixture::{at, user};
    use crate::report::chart::{Extent, Period, Range};
    use crate::report::ranking::RankingAsk;

    const CREDIT: i64 = 1_000_000_000;

    fn rows(rows: &[(u128, &str, i64)]) -> Columns {
        let mut columns = ColumnsBuilder::default();
        for (number, when, nano) in rows {
            let credits = Credits::from_nano(*nano).unwrap();
            columns.push(at(when), user(*number), &"a".into(), (None, None), credits);
        }
        columns.finish()
    }

    fn ranking(rows: &Columns, period: Period) -> Ranking {
        let calendar = Calendar::utc();
        let as_of = rows.last().unwrap_or(Instant::from_micros(0));
        let extent = Extent { first: rows.first().unwrap_or(as_of), as_of };
        let filter = Filter::default();
        let cancel = Cancel::new();
        let ask = RankingAsk { calendar: &calendar, period, extent, filter: &filter, rows, cancel: &cancel };
        let mut answer = |it: &crate::model::Query| crate::engine::answer(rows, it, &calendar, &cancel);
        let values = Values::ask(&ask, &mut answer).unwrap();
        let names = BTreeMap::from([(user(1), "Ada".to_owned()), (user(2), "Bo".to_owned())]);
        Ranking::build(values, names.into(), &calendar)
    }

    fn week() -> Ranking {
        let rows = rows(&[
            (1, "2026-11-16T10:00:00Z", CREDIT),
            (2, "2026-11-16T10:00:00Z", 2 * CREDIT),
            (1, "2026-11-20T10:00:00Z", 3 * CREDIT),
            (3, "2026-11-21T10:00:00Z", -5),
            (3, "2026-11-22T10:00:00Z", -5),
            (2, "2026-11-24T14:05:09.25Z", CREDIT),
        ]);
        ranking(&rows, Range::LastDays(7).into())
    }

    #[test]
    fn a_row_says_all_of_a_user() {
        let ranking = week();
        let row = ranking.row(0).unwrap();
        assert_eq!(row.name, Some(Cell::of(Some("Ada"))));
        let texts = [&row.rank, &row.credits, &row.credits_exact, &row.share, &row.from, &row.active_days];
        assert_eq!(texts, ["1", "3.00", "3", "75.0 %", "from 1.00", "1"]);
        assert_eq!((row.moved, row.delta), (Some(Moved::Up(1)), Some(Delta::Rise("200.0 %".into()))));
        // The last day is unfinished, and no part of the course.
        assert_eq!((row.course, row.n_buckets), (Spark::Line(vec![0.0, 0.0, 3.0, 0.0, 0.0, 0.0]), 7));
        let row = ranking.row(1).unwrap();
        assert_eq!((row.moved, row.bar), (Some(Moved::Down(1)), 1.0 / 3.0));
        assert_eq!((row.first_seen.day.as_str(), row.last_seen.day.as_str()), ("16 Nov 2026", "24 Nov 2026"));
        assert_eq!(row.last_seen.exact, "2026-11-24 14:05:09.25 UTC");
        let row = ranking.row(2).unwrap();
        assert_eq!((row.name, row.moved, row.bar), (None, Some(Moved::New), 0.0));
        assert_eq!(ranking.row(3), None);
    }

    #[test]
    fn the_last_line_is_the_sum() {
        let ranking = week();
        assert!(ranking.adds_up && ranking.is_compared);
        assert_eq!((ranking.credits.as_str(), ranking.events.as_str()), ("4.00", "4"));
        assert_eq!(ranking.credits_exact, "3.99999999");
        assert_eq!(ranking.caption, "3 users by credits");
    }

    #[test]
    fn of_all_time_and_of_nothing_nothing_is_compared() {
        let one = ranking(&rows(&[(1, "2026-11-24T10:00:00Z", 0)]), Range::All.into());
        let row = one.row(0).unwrap();
        assert_eq!((row.moved, row.delta, row.bar, row.share.as_str()), (None, None, 0.0, "–"));
        assert_eq!(one.caption, "1 user by credits");
        let none = ranking(&rows(&[]), Period::default());
        assert!(none.is_empty() && none.adds_up && none.row(0).is_none());
        assert!(Ranking::default().is_empty());
    }

    #[track_caller]
    fn check_search(text: &str, order: RankingOrder, found: &[u32]) {
        assert_eq!(week().search(text, order), found);
    }

    #[test]
    fn users_are_found_by_name_and_id_in_every_order() {
        check_search("", RankingOrder::Credits, &[0, 1, 2]);
        check_search(" BO ", RankingOrder::Credits, &[1]);
        check_search("00000003-0000", RankingOrder::Credits, &[2]);
        check_search("xyz", RankingOrder::Events, &[]);
        check_search("", RankingOrder::Events, &[2, 0, 1]);
        check_search("", RankingOrder::Change, &[0, 2, 1]);
        check_search("", RankingOrder::ActiveDays, &[2, 0, 1]);
        check_search("", RankingOrder::FirstSeen, &[2, 0, 1]);
        check_search("o", RankingOrder::LastSeen, &[1]);
    }

    #[test]
    fn a_moved_rank_is_said_in_words() {
        let spoken = [Moved::Up(3), Moved::Down(1), Moved::Same, Moved::New].map(Moved::spoken);
        assert_eq!(spoken, ["up 3 places", "down 1 place", "same rank", "new in the ranking"]);
    }
}
