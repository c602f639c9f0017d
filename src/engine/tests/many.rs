//! Many values, groups and rows.

use super::*;

/// Two rows of each of `n` users: one of an action, a format and a quality of its own, one of the first.
fn many(n: u128) -> (Columns, Vec<Text>) {
    let mut rows = ColumnsBuilder::default();
    let names: Vec<Text> = (0..n).map(|it| Text::from(format!("value {it:05}"))).collect();
    for i in 0..n {
        let credits = Credits::from_nano(i as i64).unwrap();
        for (at, name) in [(i as i64, &names[i as usize]), (i as i64 + 7, &names[0])] {
            let kind = (Some(Text::clone(name)), Some(Text::clone(name)));
            rows.push(Instant::from_micros(at), user(i), name, kind, credits);
        }
    }
    (rows.finish(), names)
}

/// All of the values are told apart, and those that a filter leaves out.
#[track_caller]
fn check_values(n: u128) {
    let (columns, names) = many(n);
    let by_action = Query {
        group_by: vec![Dim::Action],
        measures: MEASURES.to_vec(),
        order: Order { newest_first: false, largest_first: Some(Measure::Events) },
        ..Query::default()
    };
    let table = ask_every_way(&columns, &by_action, &Calendar::utc());
    assert_eq!(table.rows.len() as u128, n);
    let n_of_first = [Figure::Count(n as u64 + 1), Figure::Count(n as u64)];
    assert_eq!(table.rows[0].figures[1..3], n_of_first);
    let last = &table.rows[n as usize - 1];
    assert_eq!(last.keys, [Key::Text(names.last().cloned())]);
    assert_eq!(last.figures[1..3], [Figure::Count(1); 2]);

    // Without the last action and the first format.
    let filter = Filter {
        actions: Choice::not(Text::clone(&names[n as usize - 1])),
        formats: Choice::not(Some(Text::clone(&names[0]))),
        ..Filter::default()
    };
    let some = Query { filter, group_by: Vec::new(), ..by_action };
    let table = ask_every_way(&columns, &some, &Calendar::utc());
    let (n_left, n) = (Figure::Count(n as u64 - 2), n.cast_signed());
    let credits = Figure::Credits(CreditSum::from_nano((n - 2) * (n - 1) / 2));
    assert_eq!(table.rows[0].figures[..3], [credits, n_left, n_left]);
}

#[test]
fn many_groups_are_told_apart_too() {
    let n = 2_000;
    let (columns, names) = many(n);
    let query = Query {
        group_by: vec![Dim::Format, Dim::User, Dim::Action],
        measures: vec![Measure::UniqueUsers, Measure::Events],
        order: Order { newest_first: false, largest_first: Some(Measure::Events) },
        ..Query::default()
    };
    let table = ask_every_way(&columns, &query, &Calendar::utc());
    // User 0's two rows are one group, which is the largest; all others have one row in each of two.
    assert_eq!(table.rows.len() as u128, 2 * n - 1);
    let first = || Key::Text(Some(Text::clone(&names[0])));
    assert_eq!(table.rows[0].keys, [first(), Key::User(user(0)), first()]);
    assert_eq!(table.rows[0].figures, [Figure::Count(1), Figure::Count(2)]);
}

#[test]
fn codes_of_every_width_are_told_apart() {
    for n in [255, 256, 257, 65_536, 65_537] {
        check_values(n);
    }
}

/// Rows of several blocks and chunks, over which threads are let loose as they are on many rows.
#[test]
fn a_column_longer_than_a_block_is_summed_up_whole() {
    let mut rows = ColumnsBuilder::default();
    let n = (2 << 16) + 4_321;
    for i in 0..n {
        // Refunds in one block only.
        let nano = if i == 70_000 { -5 } else { 3 };
        let (action, kind) =
            (Text::from(ACTIONS[i as usize % 3]), (KINDS[i as usize % 4].map(Text::from), None));
        rows.push(
            Instant::from_micros(i * 1_000_000),
            user((i % 100) as u128),
            &action,
            kind,
            Credits::from_nano(nano).unwrap(),
        );
    }
    let columns = rows.finish();
    let total = Query { measures: MEASURES.to_vec(), ..Query::default() };
    let table = ask_every_way(&columns, &total, &Calendar::utc());
    let credits = CreditSum::from_nano(i128::from(n - 1) * 3 - 5);
    let refunds = Figure::Credits(CreditSum::from_nano(-5));
    assert_eq!(
        table.rows[0].figures[..3],
        [Figure::Credits(credits), Figure::Count(n as u64), Figure::Count(100)]
    );
    assert_eq!(table.rows[0].figures[4], refunds);
    for (group_by, grain) in [(vec![Dim::Action, Dim::Format], None), (vec![Dim::User], Some(Grain::Hour))] {
        let parts = ask_every_way(&columns, &Query { group_by, grain, ..total.clone() }, &Calendar::utc());
        assert_eq!(parts.rows.iter().map(|it| it.figures[0].credits()).sum::<CreditSum>(), credits);
        assert_eq!(parts.rows.iter().map(|it| it.figures[1].count()).sum::<u64>(), n as u64);
        assert_eq!(parts.rows.iter().map(|it| it.figures[4].credits()).sum::<CreditSum>().nano(), -5);
    }
}

#[test]
fn a_wish_to_stop_is_heard() {
    let cancel = Cancel::new();
    cancel.cancel();
    let (columns, _) = many(1);
    assert_eq!(answer(&columns, &Query::default(), &Calendar::utc(), &cancel), Err(Cancelled.into()));
}

#[test]
fn what_nobody_has_read_is_not_taken_for_null() {
    let (rows, _) = many(1);
    let key = keys()[0];
    let by_model = Query { group_by: vec![Dim::Metadata(key)], ..Query::default() };
    let metadata = [(key, Choice::not(None))].into();
    let of_a_model = Query { filter: Filter { metadata, ..Filter::default() }, ..Query::default() };
    for query in [by_model, of_a_model] {
        let asked = |rows| answer(rows, &query, &Calendar::utc(), &Cancel::new());
        assert_eq!(asked(&rows), Err(Unanswered::NoColumn(key)));
        assert!(asked(&Columns::default()).is_ok(), "no row has a model, nor none");
    }
}

#[test]
fn more_groups_than_can_be_numbered_are_no_answer() {
    let (rows, _) = many(1_000);
    let by_users = |n| Query { group_by: vec![Dim::User; n], ..Query::default() };
    assert_eq!(ask_every_way(&rows, &by_users(12), &Calendar::utc()).rows.len(), 1_000);
    let refused = answer(&rows, &by_users(13), &Calendar::utc(), &Cancel::new());
    assert_eq!(refused, Err(Unanswered::TooManyGroups));
}
