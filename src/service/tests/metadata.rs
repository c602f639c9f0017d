//! Questions about metadata keys, beside what SQL says of the rows.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::model::{
    Bucket, Choice, CreditSum, Figure, Filter, Grain, Key, MetadataKey, TableRow, Text, Zone,
};
use crate::store::SqlValue;

const METADATA: [Option<&str>; 8] = [
    None,
    Some(""),
    Some("not json"),
    Some(r#"{"model": "sdxl", "n": 1}"#),
    Some(r#"{"n":"1","model":"qwen"}"#),
    Some(r#"{"model": "", "n": null}"#),
    Some(r#"{"n": 2.50}"#),
    Some(r#"[{"model": "sdxl"}]"#),
];
const ZONES: [&str; 3] = ["UTC", "Asia/Kathmandu", "America/St_Johns"];

fn key(name: &str) -> MetadataKey {
    MetadataKey::new(name)
}

/// Some hundred rows of three days, of few values.
fn random_store(folder: &TempDir, dice: &mut fastrand::Rng) -> Store {
    let store = Store::create_or_open(&folder.path().join("db")).unwrap();
    for n_rows in [dice.usize(..200), dice.usize(..20)] {
        let mut batch = store.begin_import(&DumpFile { path: PathBuf::from("dump"), size: 0 }).unwrap();
        for _ in 0..n_rows {
            let row = LogRow {
                id: RowId(Uuid::from_u128(dice.u128(..))),
                user_id: [ADA, BOB, UserId(Uuid::nil())][dice.usize(..3)],
                action: ["chat", "image"][dice.usize(..2)],
                credits: Credits::from_nano(dice.i64(-i64::MAX..)).unwrap(),
                metadata: METADATA[dice.usize(..METADATA.len())],
                created_at: Instant::from_micros(1_161_993_600_000_000 + dice.i64(0..3 * 86_400) * 1_000_000),
                format: [None, Some("png")][dice.usize(..2)],
                quality: None,
            };
            batch.add_log(&row).unwrap();
        }
        batch.commit(&BatchSummary { sha256: String::new(), tables: Vec::new() }).unwrap();
    }
    store
}

/// What SQL says of a visible row.
#[derive(Debug)]
struct Row {
    at: Instant,
    user: UserId,
    action: Text,
    format: Option<Text>,
    nano: i64,
    metadata: BTreeMap<MetadataKey, Option<Text>>,
}

fn rows(store: &Store, viewer: Viewer) -> Vec<Row> {
    let sql = "SELECT created_at_us, user_id, action, format, credits_nano,
            CASE WHEN json_valid(metadata) THEN CAST(metadata ->> '$.model' AS TEXT) END,
            CASE WHEN json_valid(metadata) THEN json_extract(metadata, '$.n') END
        FROM usage_logs";
    let answer = store.reader(viewer).unwrap().sql(sql, usize::MAX, &Cancel::new()).unwrap();
    let text = |it: &SqlValue| match it {
        SqlValue::Null => None,
        SqlValue::Text(text) => Some(Text::from(text.as_str())),
        SqlValue::Integer(number) => Some(number.to_string().into()),
        // The only one there is.
        SqlValue::Real(_) => Some("2.50".into()),
        SqlValue::Blob(_) => panic!("{it:?}"),
    };
    let of = |row: &Vec<SqlValue>| {
        let [SqlValue::Integer(at), SqlValue::Blob(user), action, format, SqlValue::Integer(nano), model, n] =
            row.as_slice()
        else {
            panic!("{row:?}")
        };
        Row {
            at: Instant::from_micros(*at),
            user: UserId(Uuid::from_slice(user).unwrap()),
            action: text(action).unwrap(),
            format: text(format),
            nano: *nano,
            metadata: [(key("model"), text(model)), (key("n"), text(n))].into(),
        }
    };
    answer.rows.iter().map(of).collect()
}

fn is_admitted(query: &Query, row: &Row) -> bool {
    let Filter { users, actions, formats, qualities, metadata } = &query.filter;
    query.window.from.is_none_or(|it| it <= row.at)
        && query.window.until.is_none_or(|it| row.at < it)
        && users.admits(&row.user)
        && actions.admits(&row.action)
        && formats.admits(&row.format)
        && qualities.admits(&None)
        && metadata.iter().all(|(key, choice)| choice.admits(&row.metadata[key]))
}

fn naive(rows: &[Row], query: &Query, calendar: &Calendar) -> Table {
    let mut groups: BTreeMap<(Option<Bucket>, Vec<Key>), Vec<&Row>> = BTreeMap::new();
    for row in rows.iter().filter(|it| is_admitted(query, it)) {
        let keys = query.group_by.iter().map(|dim| match dim {
            Dim::User => Key::User(row.user),
            Dim::Action => Key::Text(Some(Text::clone(&row.action))),
            Dim::Format => Key::Text(row.format.clone()),
            Dim::Quality => Key::Text(None),
            Dim::Metadata(key) => Key::Text(row.metadata[key].clone()),
        });
        let bucket = query.grain.map(|it| calendar.bucket(row.at, it));
        groups.entry((bucket, keys.collect())).or_default().push(row);
    }
    let rows = groups.into_iter().map(|((bucket, keys), rows)| {
        let credits: i128 = rows.iter().map(|it| i128::from(it.nano)).sum();
        let n_users = rows.iter().map(|it| it.user).collect::<BTreeSet<_>>().len();
        let figures = vec![
            Figure::Credits(CreditSum::from_nano(credits)),
            Figure::Count(rows.len() as u64),
            Figure::Count(n_users as u64),
        ];
        TableRow { bucket, keys, figures }
    });
    Table { rows: rows.collect() }
}

fn random_query(dice: &mut fastrand::Rng) -> Query {
    let dims = [Dim::User, Dim::Action, Dim::Format, Dim::Metadata(key("model")), Dim::Metadata(key("n"))];
    let n_dims = dice.usize(1..4);
    let mut group_by = dice.choose_multiple(dims, n_dims);
    dice.shuffle(&mut group_by);
    let values = [None, Some(""), Some("sdxl"), Some("qwen"), Some("1"), Some("2.50"), Some("no row's")];
    let mut choice = || {
        let mut some = |n| dice.choose_multiple(values, n).into_iter().map(|it| it.map(Text::from)).collect();
        Choice { include: some(3), exclude: some(1) }
    };
    let choices = [(key("model"), choice()), (key("n"), choice())];
    let n_choices = dice.usize(..3);
    let metadata = dice.choose_multiple(choices, n_choices).into_iter().collect();
    let limit = |dice: &mut fastrand::Rng| {
        let at = 1_161_993_600_000_000 + dice.i64(0..3 * 86_400) * 1_000_000;
        (dice.u8(..4) == 0).then_some(Instant::from_micros(at))
    };
    let users = if dice.u8(..4) == 0 { Choice::only(ADA) } else { Choice::default() };
    Query {
        window: Window { from: limit(dice), until: limit(dice) },
        filter: Filter { users, metadata, ..Filter::default() },
        group_by,
        grain: [None, Some(Grain::Hour), Some(Grain::Day)][dice.usize(..3)],
        measures: vec![Measure::Credits, Measure::Events, Measure::UniqueUsers],
        ..Query::default()
    }
}

#[test]
fn answers_are_those_of_sql_over_what_the_viewer_sees() {
    let mut n_groups = 0;
    for seed in 0..12 {
        let mut dice = fastrand::Rng::with_seed(seed);
        let folder = tempfile::tempdir().unwrap();
        let store = random_store(&folder, &mut dice);
        let answers = Answers::default();
        for viewer in [Viewer::Nobody, Viewer::Owner(ADA), Viewer::Owner(BOB), Viewer::Admin(None)] {
            let rows = rows(&store, viewer);
            let sessions = [
                Session::new(store.clone(), viewer),
                Session::with_answers(store.clone(), viewer, answers.clone()),
            ];
            for _ in 0..12 {
                let query = random_query(&mut dice);
                let calendar = Calendar::new(Zone::named(ZONES[dice.usize(..3)]).unwrap());
                let expected = naive(&rows, &query, &calendar);
                for session in &sessions {
                    let answer = session.ask(&Ask::Table(query.clone()), &calendar, &Cancel::new());
                    let Answer::Table(table) = answer.unwrap() else { panic!("no table") };
                    assert_eq!(table, expected, "{viewer:?} {query:?}");
                }
                n_groups += expected.rows.len();
            }
        }
    }
    assert!(n_groups > 1_000, "{n_groups}");
}

#[test]
fn a_question_about_a_key_is_answered_in_the_first_place_and_can_be_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let store = random_store(&folder, &mut fastrand::Rng::with_seed(1));
    let session = Session::new(store, Viewer::Admin(None));
    let query = Query { group_by: vec![Dim::Metadata(key("model"))], ..Query::default() };
    let cancel = Cancel::new();
    cancel.cancel();
    let stopped = session.ask(&Ask::Table(query.clone()), &Calendar::utc(), &cancel);
    assert!(matches!(stopped, Err(ServiceError::Cancelled(_))), "{stopped:?}");
    assert!(session.ask(&Ask::Table(query), &Calendar::utc(), &Cancel::new()).is_ok());
}
