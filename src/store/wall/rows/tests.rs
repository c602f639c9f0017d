use super::*;
use crate::access::Viewer;
use crate::model::{Instant, Window};
use crate::store::fixture::{ADA, BOB, CYD, DAN, Fixture};

const LEADS: [Lead; 5] = [Lead::User, Lead::Action, Lead::Kind, Lead::Window, Lead::Order];
const ORDERS: [RowOrder; 3] = [RowOrder::Newest, RowOrder::Oldest, RowOrder::Largest];

fn ask(reader: &Reader, query: &RowQuery) -> Vec<Record> {
    reader.rows(query, &Cancel::new()).unwrap()
}

/// The answer by the words of the model, not by SQL.
fn expected(rows: &[Record], viewer: Viewer, query: &RowQuery) -> Vec<Record> {
    let text = |it: &Option<String>| it.as_deref().map(Text::from);
    let RowQuery { window, filter, metadata_contains, order, backwards, after: _, limit: _ } = query;
    let is_admitted = |row: &&Record| {
        viewer.sees(row.user_id)
            && window.from.is_none_or(|it| it <= row.created_at)
            && window.until.is_none_or(|it| row.created_at < it)
            && filter.users.admits(&row.user_id)
            && filter.actions.admits(&row.action.as_str().into())
            && filter.formats.admits(&text(&row.format))
            && filter.qualities.admits(&text(&row.quality))
            && filter.metadata.iter().all(|(key, choice)| choice.admits(&value_of(row, *key)))
            && metadata_contains
                .as_ref()
                .is_none_or(|part| row.metadata.as_ref().is_some_and(|it| it.contains(part)))
    };
    let mut admitted: Vec<_> = rows.iter().filter(is_admitted).cloned().collect();
    admitted.sort_by(|a, b| {
        let first = match order {
            RowOrder::Newest => b.created_at.cmp(&a.created_at),
            RowOrder::Oldest => a.created_at.cmp(&b.created_at),
            RowOrder::Largest => b.credits.cmp(&a.credits),
        };
        first.then(a.id.cmp(&b.id))
    });
    if *backwards {
        admitted.reverse();
    }
    admitted
}

/// What the rows of a [`Fixture::random`] have under their only key.
fn value_of(row: &Record, key: MetadataKey) -> Option<Text> {
    match row.metadata.as_deref() {
        Some(r#"{"a": "100%"}"#) if key.name() == "a" => Some("100%".into()),
        Some(r#"{"a":1}"#) if key.name() == "a" => Some("1".into()),
        _ => None,
    }
}

fn random_choice<T: Clone>(dice: &mut fastrand::Rng, values: &[T]) -> Choice<T> {
    let mut some = |n_max: usize| -> Vec<T> {
        if dice.bool() {
            Vec::new()
        } else {
            dice.choose_multiple(values, n_max).into_iter().cloned().collect()
        }
    };
    Choice { include: some(2), exclude: some(1) }
}

fn random_query(dice: &mut fastrand::Rng) -> RowQuery {
    let texts = [None, Some("".into()), Some("png".into()), Some("high".into()), Some("no row's".into())];
    let values = [None, Some("100%".into()), Some("1".into()), Some("no row's".into())];
    let limit = |dice: &mut fastrand::Rng| dice.bool().then(|| Instant::from_micros(dice.i64(-6..31)));
    RowQuery {
        window: Window { from: limit(dice), until: limit(dice) },
        filter: Filter {
            users: random_choice(dice, &[ADA, BOB, CYD, DAN]),
            actions: random_choice(dice, &["image".into(), "chat".into(), "".into(), "no row's".into()]),
            formats: random_choice(dice, &texts),
            qualities: random_choice(dice, &texts),
            metadata: (0..dice.usize(..2))
                .map(|_| (MetadataKey::new("a"), random_choice(dice, &values)))
                .collect(),
        },
        metadata_contains: dice.choice([None, Some("0%"), Some("_"), Some("")]).unwrap().map(str::to_owned),
        order: dice.choice(ORDERS).unwrap(),
        backwards: dice.bool(),
        ..RowQuery::newest(1_000)
    }
}

#[test]
fn a_list_holds_what_the_query_admits_and_the_viewer_sees() {
    let (file, rows) = Fixture::random(1, 300);
    let mut dice = fastrand::Rng::with_seed(2);
    for viewer in [Viewer::Nobody, Viewer::Owner(ADA), Viewer::Owner(DAN), Viewer::Admin(None)] {
        let reader = file.store.reader(viewer).unwrap();
        for _ in 0..80 {
            let query = random_query(&mut dice);
            let expected = expected(&rows, viewer, &query);
            assert_eq!(ask(&reader, &query), expected, "{viewer:?} {query:?}");
            for lead in LEADS {
                assert_eq!(n_rows_led_by(&reader, &query, lead), expected.len(), "{lead:?} {query:?}");
            }
        }
    }
}

fn n_rows_led_by(reader: &Reader, query: &RowQuery, lead: Lead) -> usize {
    let Clauses { sql, values } = page(query, lead);
    let mut statement = reader.conn.prepare(&reader.names.fill(&sql)).unwrap();
    statement.query_map(params_from_iter(values), |_| Ok(())).unwrap().count()
}

#[test]
fn pages_follow_each_other_without_a_gap_also_among_equals() {
    let (file, rows) = Fixture::random(3, 200);
    let viewer = Viewer::Admin(None);
    let reader = file.store.reader(viewer).unwrap();
    for (order, backwards) in ORDERS.into_iter().flat_map(|it| [(it, false), (it, true)]) {
        let mut query = RowQuery { order, backwards, ..RowQuery::newest(7) };
        let mut listed = Vec::new();
        loop {
            let page = ask(&reader, &query);
            query.after = page.last().map(Record::cursor);
            listed.extend(page);
            if query.after.is_none() {
                break;
            }
        }
        assert_eq!(listed, expected(&rows, viewer, &query), "{order:?} {backwards}");
    }
}

#[test]
fn a_cancelled_list_stops() {
    let file = Fixture::filled();
    let cancel = Cancel::new();
    cancel.cancel();
    let rows = file.store.reader(Viewer::Admin(None)).unwrap().rows(&RowQuery::newest(1), &cancel);
    assert!(matches!(rows, Err(StoreError::Interrupted)));
}

/// How `SQLite` finds the rows, without the lookups of names and codes.
fn plan(reader: &Reader, query: &RowQuery, lead: Lead) -> Vec<String> {
    let Clauses { sql, values } = page(query, lead);
    let sql = ["EXPLAIN QUERY PLAN ", &reader.names.fill(&sql)].concat();
    let mut statement = reader.conn.prepare(&sql).unwrap();
    let steps = statement.query_map(params_from_iter(values), |row| row.get::<_, String>("detail")).unwrap();
    steps.map(Result::unwrap).filter(|it| it.contains("log") || it.contains("TEMP B-TREE")).collect()
}

#[track_caller]
fn check_plan(viewer: Viewer, query: &RowQuery, lead: Lead, expected: &[&str]) {
    let file = Fixture::filled();
    let reader = file.store.reader(viewer).unwrap();
    assert_eq!(plan(&reader, query, lead), [expected, &FETCH].concat());
    // A later page begins at its place in the same index.
    let after = ask(&reader, &RowQuery::newest(1)).first().map(Record::cursor);
    let later = plan(&reader, &RowQuery { after, ..query.clone() }, lead);
    assert_eq!(later[1..], [&expected[1..], &FETCH].concat());
    assert_eq!(later[0].split(" (").next(), expected[0].replace("SCAN", "SEARCH").split(" (").next());
}

/// How the rows of a page are fetched once they are found, and put in order.
const FETCH: [&str; 2] = ["SEARCH log USING INTEGER PRIMARY KEY (rowid=?)", "USE TEMP B-TREE FOR ORDER BY"];

/// Rows of one instant, or of the same credits, are ordered by id as they come.
const TIES: &str = "USE TEMP B-TREE FOR LAST TERM OF ORDER BY";

#[test]
fn the_history_of_a_user_has_its_index() {
    let by_user = ["SEARCH log USING INDEX idx_usage_logs_user_created (user_code=?)", TIES];
    let mut query = RowQuery::newest(100);
    check_plan(Viewer::Owner(ADA), &query, Lead::User, &by_user);
    query.filter = Filter::of_user(ADA);
    check_plan(Viewer::Admin(None), &query, Lead::User, &by_user);
}

#[test]
fn a_list_of_one_action_has_its_index() {
    let mut query = RowQuery::newest(100);
    query.filter.actions = Choice::only("image".into());
    let by_action = ["SEARCH log USING INDEX idx_usage_logs_action (action_code=?)", TIES];
    check_plan(Viewer::Admin(None), &query, Lead::Action, &by_action);
    let by_user = ["SEARCH log USING INDEX idx_usage_logs_user_created (user_code=?)", TIES];
    check_plan(Viewer::Owner(ADA), &query, Lead::User, &by_user);
}

#[test]
fn a_list_of_a_rare_format_and_quality_has_its_index_and_a_common_one_is_walked() {
    let mut query = RowQuery::newest(100);
    query.filter.formats = Choice::only(Some("png".into()));
    query.filter.qualities = Choice::only(Some("high".into()));
    let by_kind = [
        "SEARCH log USING INDEX idx_usage_logs_format_quality (format_code=? AND quality_code=?)",
        "USE TEMP B-TREE FOR ORDER BY",
    ];
    check_plan(Viewer::Admin(None), &query, Lead::Kind, &by_kind);
    check_plan(
        Viewer::Admin(None),
        &query,
        Lead::Order,
        &["SCAN log USING INDEX idx_usage_logs_created", TIES],
    );
}

#[test]
fn the_newest_rows_and_those_of_a_window_have_their_index() {
    let mut query = RowQuery::newest(100);
    check_plan(
        Viewer::Admin(None),
        &query,
        Lead::Order,
        &["SCAN log USING INDEX idx_usage_logs_created", TIES],
    );
    query.window = Window::since(Instant::from_micros(0));
    let of_window = ["SEARCH log USING INDEX idx_usage_logs_created (created_at_us>?)", TIES];
    check_plan(Viewer::Admin(None), &query, Lead::Order, &of_window);
    query.filter.actions = Choice::not("image".into());
    query.filter.formats = Choice { include: vec![None, Some("png".into())], exclude: vec![] };
    check_plan(Viewer::Admin(None), &query, Lead::Order, &of_window);
}

#[test]
fn the_largest_charges_have_their_index() {
    let mut query = RowQuery { order: RowOrder::Largest, ..RowQuery::newest(100) };
    let by_credits = ["SCAN log USING INDEX idx_usage_logs_credits", TIES];
    check_plan(Viewer::Admin(None), &query, Lead::Order, &by_credits);
    query.window = Window::since(Instant::from_micros(0));
    check_plan(Viewer::Admin(None), &query, Lead::Order, &by_credits);
    let of_window =
        ["SEARCH log USING INDEX idx_usage_logs_created (created_at_us>?)", "USE TEMP B-TREE FOR ORDER BY"];
    check_plan(Viewer::Admin(None), &query, Lead::Window, &of_window);
}

#[test]
fn a_list_is_walked_backwards_along_the_same_index() {
    for (order, index) in [
        (RowOrder::Newest, "SCAN log USING INDEX idx_usage_logs_created"),
        (RowOrder::Oldest, "SCAN log USING INDEX idx_usage_logs_created"),
        (RowOrder::Largest, "SCAN log USING INDEX idx_usage_logs_credits"),
    ] {
        let query = RowQuery { order, backwards: true, ..RowQuery::newest(100) };
        check_plan(Viewer::Admin(None), &query, Lead::Order, &[index, TIES]);
    }
}

#[track_caller]
fn check_lead(viewer: Viewer, query: &RowQuery, expected: Lead) {
    let file = Fixture::filled();
    assert_eq!(file.store.reader(viewer).unwrap().lead(query).unwrap(), expected);
}

#[test]
fn the_fewest_rows_lead() {
    let admin = Viewer::Admin(None);
    let mut query = RowQuery::newest(100);
    check_lead(admin, &query, Lead::Order);
    check_lead(Viewer::Owner(ADA), &query, Lead::User);
    query.filter.formats = Choice::only(None);
    check_lead(admin, &query, Lead::Order);
    query.filter.qualities = Choice::only(None);
    check_lead(admin, &query, Lead::Kind);
    query.filter.actions = Choice::only("image".into());
    check_lead(admin, &query, Lead::Action);
    query.filter.users = Choice::only(ADA);
    check_lead(admin, &query, Lead::User);
    check_lead(admin, &RowQuery { order: RowOrder::Largest, ..RowQuery::newest(1) }, Lead::Window);
}
