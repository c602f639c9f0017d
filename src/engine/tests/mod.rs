mod many;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::model::{
    Bucket, Choice, ColumnsBuilder, CreditSum, Credits, Filter, Grain, Instant, Key, MetadataBuilder, Order,
    Text, UserId, Window, Zone,
};

/// A row as a test writes it down: µs, user, action, format, quality, a value in the metadata, nano-credits.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) at: i64,
    pub(super) user: u128,
    pub(super) action: &'static str,
    pub(super) format: Option<&'static str>,
    pub(super) quality: Option<&'static str>,
    pub(super) model: Option<&'static str>,
    pub(super) nano: i64,
}

/// Metadata keys that all rows are asked for.
fn keys() -> [MetadataKey; 2] {
    ["model", "sign"].map(MetadataKey::new)
}

impl Row {
    fn metadata(&self, key: MetadataKey) -> Option<Text> {
        let sign = (self.nano != 0).then_some(if self.nano < 0 { "-" } else { "+" });
        let value = if key.name() == "model" { self.model } else { sign };
        value.map(Text::from)
    }
}

pub(super) fn columns(rows: &[Row]) -> Columns {
    let mut columns = ColumnsBuilder::default();
    for row in rows {
        let kind = (row.format.map(Text::from), row.quality.map(Text::from));
        let credits = Credits::from_nano(row.nano).unwrap();
        columns.push(Instant::from_micros(row.at), user(row.user), &row.action.into(), kind, credits);
    }
    let mut in_order: Vec<_> = rows.iter().collect();
    in_order.sort_by_key(|it| it.at);
    let metadata = keys().map(|key| {
        let mut column = MetadataBuilder::default();
        for row in &in_order {
            column.push(row.metadata(key).as_deref());
        }
        (key, column.finish().into())
    });
    columns.finish().with_metadata(metadata.into()).unwrap()
}

pub(super) fn user(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

fn ask(rows: &[Row], query: &Query, calendar: &Calendar) -> Table {
    ask_every_way(&columns(rows), query, calendar)
}

/// The answer, which must be the same whichever way the engine goes.
fn ask_every_way(columns: &Columns, query: &Query, calendar: &Calendar) -> Table {
    let table = answer(columns, query, calendar, &Cancel::new()).unwrap();
    for (threads_max, direct_slots_max, seen_words_max) in
        [(1, 1 << 19, 1 << 21), (3, 1 << 19, 1 << 21), (2, 1 << 19, 0), (1, 0, 0), (3, 0, 0)]
    {
        let tuning = Tuning { thread_rows_min: 1, threads_max, direct_slots_max, seen_words_max };
        let same = answer_tuned(columns, query, calendar, &Cancel::new(), tuning).unwrap();
        assert_eq!(same, table, "{tuning:?}");
    }
    table
}

/// The same answer, row by row, with no thought of speed.
fn ask_naively(rows: &[Row], query: &Query, calendar: &Calendar) -> Table {
    let mut groups: BTreeMap<(Option<Bucket>, Vec<Key>), Vec<&Row>> = BTreeMap::new();
    if query.group_by.is_empty() && query.grain.is_none() {
        groups.insert((None, Vec::new()), Vec::new());
    }
    for row in rows.iter().filter(|row| admits(query, row)) {
        let bucket = query.grain.map(|it| calendar.bucket(Instant::from_micros(row.at), it));
        let keys = query.group_by.iter().map(|dim| key(row, *dim)).collect();
        groups.entry((bucket, keys)).or_default().push(row);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    if let Some(measure) = query.order.largest_first {
        // Stable: within a bucket equal sizes stay in the order of their keys.
        groups.sort_by_key(|((bucket, _), rows)| (*bucket, std::cmp::Reverse(size(measure, rows))));
    }
    if query.order.newest_first {
        groups.sort_by_key(|((bucket, _), _)| std::cmp::Reverse(*bucket));
    }
    let rows = groups.into_iter().take(query.limit.unwrap_or(usize::MAX)).map(|((bucket, keys), rows)| {
        TableRow { bucket, keys, figures: query.measures.iter().map(|it| naive_figure(*it, &rows)).collect() }
    });
    Table { rows: rows.collect() }
}

pub(super) fn admits(query: &Query, row: &Row) -> bool {
    let at = Instant::from_micros(row.at);
    let Filter { users, actions, formats, qualities, metadata } = &query.filter;
    query.window.from.is_none_or(|it| it <= at)
        && query.window.until.is_none_or(|it| at < it)
        && users.admits(&user(row.user))
        && actions.admits(&row.action.into())
        && formats.admits(&row.format.map(Text::from))
        && qualities.admits(&row.quality.map(Text::from))
        && metadata.iter().all(|(key, choice)| choice.admits(&row.metadata(*key)))
}

fn key(row: &Row, dim: Dim) -> Key {
    match dim {
        Dim::User => Key::User(user(row.user)),
        Dim::Action => Key::Text(Some(row.action.into())),
        Dim::Format => Key::Text(row.format.map(Text::from)),
        Dim::Quality => Key::Text(row.quality.map(Text::from)),
        Dim::Metadata(key) => Key::Text(row.metadata(key)),
    }
}

fn naive_figure(measure: Measure, rows: &[&Row]) -> Figure {
    let credits = CreditSum::from_nano(rows.iter().map(|it| i128::from(it.nano)).sum());
    let refunds = rows.iter().filter(|it| it.nano < 0).map(|it| CreditSum::from_nano(it.nano.into())).sum();
    match measure {
        Measure::Credits => Figure::Credits(credits),
        Measure::Refunds => Figure::Credits(refunds),
        Measure::Events => Figure::Count(rows.len() as u64),
        Measure::UniqueUsers => {
            Figure::Count(rows.iter().map(|it| it.user).collect::<BTreeSet<_>>().len() as u64)
        }
        Measure::CreditsPerEvent => Figure::Average(credits.average(rows.len() as u64)),
    }
}

fn size(measure: Measure, rows: &[&Row]) -> i128 {
    match naive_figure(measure, rows) {
        Figure::Count(n) => i128::from(n),
        Figure::Credits(sum) | Figure::Average(Some(sum)) => sum.nano(),
        Figure::Average(None) => i128::MIN,
    }
}

const MEASURES: [Measure; 5] =
    [Measure::Credits, Measure::Events, Measure::UniqueUsers, Measure::CreditsPerEvent, Measure::Refunds];
const ACTIONS: [&str; 3] = ["chat", "image", ""];
const KINDS: [Option<&str>; 4] = [None, Some(""), Some("png"), Some("mp4")];
/// Half hours, quarter hours, a day that was skipped, and clocks that went back over midnight.
const ZONES: [&str; 6] =
    ["UTC", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns"];
/// 2006-10-28 to 2006-10-31 UTC, around St John's odd minute and Berlin's doubled hour.
const AUTUMN: std::ops::Range<i64> = 1_161_993_600_000_000..1_162_252_800_000_000;
/// From 1960 to 2040: most buckets are empty.
const LONG: std::ops::Range<i64> = -315_000_000_000_000..2_208_000_000_000_000;

fn dims() -> Vec<Dim> {
    let metadata = keys().map(Dim::Metadata);
    [Dim::User, Dim::Action, Dim::Format, Dim::Quality].into_iter().chain(metadata).collect()
}

fn any_row() -> impl Strategy<Value = Row> {
    let credits = prop_oneof![
        -3_000_000_000..3_000_000_000_i64,
        Just(1),
        Just(-1),
        Just(0),
        Just(i64::MAX),
        Just(-i64::MAX)
    ];
    let kind = || prop::sample::select(&KINDS[..]);
    let texts = (prop::sample::select(&ACTIONS[..]), kind(), kind(), kind());
    (prop_oneof![AUTUMN, LONG], 0..4_u128, texts, credits).prop_map(
        |(at, user, (action, format, quality, model), nano)| Row {
            at,
            user,
            action,
            format,
            quality,
            model,
            nano,
        },
    )
}

pub(super) fn any_rows() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(any_row(), 0..60)
}

fn any_choice<T: Clone + std::fmt::Debug + 'static>(
    values: &[T],
) -> impl Strategy<Value = Choice<T>> + use<T> {
    let some = || prop_oneof![2 => Just(Vec::new()), 1 => prop::sample::subsequence(values.to_vec(), 1..=2)];
    (some(), some()).prop_map(|(include, exclude)| Choice { include, exclude })
}

pub(super) fn any_filter() -> impl Strategy<Value = Filter> {
    let texts = KINDS.map(|it| it.map(Text::from));
    (
        any_choice(&[0, 1, 2, 3, 4].map(user)),
        any_choice(&ACTIONS.map(Text::from)),
        any_choice(&texts),
        any_choice(&texts),
        prop::collection::btree_map(prop::sample::select(keys().to_vec()), any_choice(&texts), 0..=1),
    )
        .prop_map(|(users, actions, formats, qualities, metadata)| Filter {
            users,
            actions,
            formats,
            qualities,
            metadata,
        })
}

pub(super) fn any_window() -> impl Strategy<Value = Window> {
    let limit = || prop::option::of(prop_oneof![AUTUMN, LONG].prop_map(Instant::from_micros));
    (limit(), limit()).prop_map(|(from, until)| Window { from, until })
}

pub(super) fn any_grain() -> impl Strategy<Value = Option<Grain>> {
    let grains = [Grain::Hour, Grain::Day, Grain::Week, Grain::Month, Grain::Quarter];
    prop::option::of(prop::sample::select(grains.to_vec()))
}

fn any_query() -> impl Strategy<Value = Query> {
    let dims = prop::sample::subsequence(dims(), 0..=5).prop_shuffle();
    let order = (any::<bool>(), prop::option::of(prop::sample::select(MEASURES.to_vec())))
        .prop_map(|(newest_first, largest_first)| Order { newest_first, largest_first });
    let measures = prop::sample::subsequence(MEASURES.to_vec(), 0..=5);
    let limit = prop::option::of(0..6_usize);
    (any_window(), any_filter(), dims, any_grain(), measures, order, limit).prop_map(
        |(window, filter, group_by, grain, measures, order, limit)| Query {
            window,
            filter,
            group_by,
            grain,
            measures,
            order,
            limit,
        },
    )
}

pub(super) fn any_calendar() -> impl Strategy<Value = Calendar> {
    prop::sample::select(&ZONES[..]).prop_map(|it| Calendar::new(Zone::named(it).unwrap()))
}

proptest! {
    #[test]
    fn the_answer_is_that_of_counting_row_by_row(
        rows in any_rows(), query in any_query(), calendar in any_calendar()
    ) {
        prop_assert_eq!(ask(&rows, &query, &calendar), ask_naively(&rows, &query, &calendar));
    }

    #[test]
    fn a_finer_answer_folds_into_the_same(
        rows in any_rows(), query in any_query(), calendar in any_calendar(), grain in any_grain()
    ) {
        if let Some(finer) = finer(&query) {
            let own = ask(&rows, &query, &calendar);
            prop_assert_eq!(fold(&finer, &ask(&rows, &finer, &calendar), &query), Some(own.clone()));
            // One that is cut by time, too, will do where time is not asked for, and only there.
            let cut = Query { grain, ..finer };
            let folded = fold(&cut, &ask(&rows, &cut, &calendar), &query);
            let fits = query.grain.is_none() || query.grain == grain;
            prop_assert_eq!(folded, fits.then_some(own));
        }
    }

    #[test]
    fn it_adds_up(
        rows in any_rows(),
        (window, filter) in (any_window(), any_filter()),
        dims in prop::sample::subsequence(dims(), 0..=6),
        grain in any_grain(),
        calendar in any_calendar(),
    ) {
        let measures = vec![Measure::Credits, Measure::Events, Measure::Refunds];
        let total = Query { window, filter, measures, ..Query::default() };
        let breakdown = Query { group_by: dims, grain, ..total.clone() };
        let whole = &ask(&rows, &total, &calendar).rows[0];
        let parts = ask(&rows, &breakdown, &calendar).rows;
        let credits: CreditSum = parts.iter().map(|it| it.figures[0].credits()).sum();
        let n_events: u64 = parts.iter().map(|it| it.figures[1].count()).sum();
        prop_assert_eq!((credits, n_events), (whole.figures[0].credits(), whole.figures[1].count()));
        let refunds: CreditSum = parts.iter().map(|it| it.figures[2].credits()).sum();
        prop_assert_eq!(refunds, whole.figures[2].credits());
        // What was charged is what is left, and neither has the other's sign.
        for row in parts.iter().chain([whole]) {
            let (credits, refunds) = (row.figures[0].credits(), row.figures[2].credits());
            prop_assert!(refunds <= CreditSum::ZERO && credits - refunds >= CreditSum::ZERO);
        }
    }
}

#[test]
fn only_sums_that_are_sure_to_fit_are_taken_for_small() {
    let most = i64::MAX >> 16;
    assert_eq!(Columns::BLOCK_ROWS, 1 << 16);
    let of = |nano: &[i64]| {
        let row = |nano: &i64| Row {
            at: 0,
            user: 0,
            action: "",
            format: None,
            quality: None,
            model: None,
            nano: *nano,
        };
        let columns = columns(&nano.iter().map(row).collect::<Vec<_>>());
        tally::fits(&columns, &(0..columns.len()))
    };
    assert!(of(&[]) && of(&[most, 0]) && of(&[-most]));
    assert!(!of(&[most + 1]) && !of(&[0, -most - 1]) && !of(&[-i64::MAX]));
}

#[test]
fn nothing_has_one_row_without_groups_and_none_with_them() {
    let query = Query { measures: MEASURES[..4].to_vec(), ..Query::default() };
    let nothing =
        [Figure::Credits(CreditSum::ZERO), Figure::Count(0), Figure::Count(0), Figure::Average(None)];
    assert_eq!(ask(&[], &query, &Calendar::utc()).rows[0].figures, nothing);
    let grouped = Query { group_by: vec![Dim::Action], ..query };
    assert!(ask(&[], &grouped, &Calendar::utc()).rows.is_empty());
}
