use proptest::prelude::*;

use super::fixture::{Row, answer, at, filtered, overview, platform, user};
use super::*;
use crate::model::{Calendar, CreditSum, Dim, Filter, Key, Text, Zone};

fn text(value: &str) -> Key {
    Key::Text(Some(Text::from(value)))
}

fn row(when: &str, action: &'static str, format: Option<&'static str>, credits: i64) -> Row {
    Row { at: at(when), user: user(1), action, format, quality: None, nano: credits * 1_000_000_000 }
}

fn names(stack: &Stack) -> Vec<String> {
    let name = |series: &Series| match &series.part {
        Part::One(key) => key.text().unwrap_or("NULL").to_owned(),
        Part::Other(n) => format!("Other ({n})"),
    };
    stack.series.iter().map(name).collect()
}

#[test]
fn gaps_are_zero_and_the_last_day_is_unfinished() {
    let rows = [
        row("2026-11-20T10:00:00Z", "a", Some("image"), 3),
        row("2026-11-24T14:05:00Z", "a", Some("image"), 4),
    ];
    let page = overview(&rows, &Calendar::utc(), Range::LastDays(7).into(), Subject::Everyone);
    let values: Vec<_> = page.by_format.series[0].values.iter().map(ToString::to_string).collect();
    assert_eq!(values, ["0", "0", "3", "0", "0", "0", "4"]);
    assert_eq!((page.by_format.span.partial, page.by_action.span.partial), (Some(6), Some(11)));
    assert_eq!(page.now.credits.to_string(), "7");
}

#[test]
fn before_is_as_much_as_has_elapsed_and_lies_behind_the_same_bucket() {
    let rows = [
        row("2026-11-10T23:00:00Z", "a", None, 100),
        row("2026-11-17T14:05:00Z", "a", None, 5),
        row("2026-11-17T14:06:00Z", "a", None, 50),
        row("2026-11-24T14:05:00Z", "a", None, 4),
    ];
    let page = overview(&rows, &Calendar::utc(), Range::LastDays(7).into(), Subject::Everyone);
    assert_eq!(page.before.unwrap().credits.to_string(), "5");
    let before: Vec<_> = page.before_by_format.unwrap()[&Entity::One(Key::Text(None))]
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(before, ["0", "0", "0", "0", "0", "0", "5"]);
    assert_eq!(page.leaders.rows[0].before, Some(CreditSum::from_nano(5_000_000_000)));
}

#[test]
fn a_hue_stays_when_the_range_changes() {
    let rows = platform();
    let calendar = Calendar::utc();
    let hues = |range: Range| {
        let page = overview(&rows, &calendar, range.into(), Subject::Everyone);
        let of = |stack: &Stack| stack.series.iter().map(|it| (it.part.clone(), it.hue)).collect::<Vec<_>>();
        (of(&page.by_format), of(&page.by_action))
    };
    let (formats, actions) = hues(Range::All);
    let (formats_of_a_week, actions_of_a_week) = hues(Range::LastDays(7));
    assert!(formats_of_a_week.iter().all(|it| formats.contains(it)));
    assert!(actions_of_a_week.iter().filter(|it| it.1 != Hue::Other).all(|it| actions.contains(it)));
}

#[test]
fn known_formats_have_their_hue_and_actions_that_of_what_they_make() {
    let rows = platform();
    let page = overview(&rows, &Calendar::utc(), Period::default(), Subject::Everyone);
    assert_eq!(names(&page.by_format), ["image", "video", "audio", "text"]);
    let actions = names(&page.by_action);
    let first = ["image_generation", "video_generation", "text_to_speech", "chat_completion"];
    assert_eq!(actions[..4], first);
    assert_eq!((actions.len(), actions[8].as_str()), (9, "Other (3)"));
}

#[test]
fn unknown_formats_take_the_next_hues_the_largest_first() {
    let rows = [
        row("2026-11-24T10:00:00Z", "a", Some("3d"), 1),
        row("2026-11-24T10:00:00Z", "a", None, 9),
        row("2026-11-24T10:00:00Z", "a", Some("video"), 1),
    ];
    let asked = |rows: &[Row]| Palette::new(&answer(rows, &Calendar::utc(), &Palette::query()));
    let palette = asked(&rows);
    assert_eq!(palette.hue(Dim::Format, &text("video")), Hue::Slot(1));
    assert_eq!(palette.hue(Dim::Format, &Key::Text(None)), Hue::Slot(4));
    assert_eq!(palette.hue(Dim::Format, &text("3d")), Hue::Slot(5));
    // Without a known one all eight are free.
    assert_eq!(asked(&rows[..1]).hue(Dim::Format, &text("3d")), Hue::Slot(0));
}

#[test]
fn an_owner_has_active_days_and_ranked_actions() {
    let rows = [row("2026-11-23T10:00:00Z", "a", None, 1), row("2026-11-24T10:00:00Z", "b", None, 2)];
    let page = overview(&rows, &Calendar::utc(), Period::default(), Subject::OneUser);
    assert_eq!(page.now.n_active_days, 2);
    assert_eq!(page.leaders.rows.iter().map(|it| it.key.clone()).collect::<Vec<_>>(), [text("b"), text("a")]);
}

#[test]
fn no_rows_are_a_page_of_zeros() {
    let page = overview(&[], &Calendar::utc(), Period::default(), Subject::Everyone);
    assert!(page.adds_up() && page.by_format.series.is_empty());
    assert_eq!((page.now.n_events, page.per_bucket.len()), (0, 30));
}

fn any_row() -> impl Strategy<Value = Row> {
    const NAMES: [&str; 14] =
        ["image", "video", "audio", "text", "", "a", "b", "c", "d", "e", "f", "g", "h", "i"];
    // About two months around the end of summer time.
    let seconds = 1_790_000_000_i64..1_795_000_000;
    (seconds, 1_u128..40, 0..14_usize, prop::option::of(0..14_usize), -4_000_000_000_i64..9_000_000_000)
        .prop_map(|(second, number, action, format, nano)| Row {
            at: crate::model::Instant::from_micros(second * 1_000_000),
            user: user(number),
            action: NAMES[action],
            format: format.map(|it| NAMES[it]),
            quality: format.map(|it| NAMES[it % 3]),
            nano,
        })
}

fn any_range() -> impl Strategy<Value = Range> {
    prop_oneof![
        (1_u32..80).prop_map(Range::LastDays),
        (1_u32..10).prop_map(Range::LastWeeks),
        Just(Range::All),
    ]
}

proptest! {
    #[test]
    fn every_chart_adds_up_to_the_header(
        rows in prop::collection::vec(any_row(), 0..60),
        range in any_range(),
        steps in -2..2_i32,
        zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"]),
    ) {
        let calendar = Calendar::new(Zone::named(zone).unwrap());
        let page = overview(&rows, &calendar, Period { steps, ..range.into() }, Subject::Everyone);
        prop_assert!(page.adds_up());
        let buckets = 0..page.by_format.span.buckets.len();
        let total: CreditSum = buckets.map(|it| page.by_format.bucket_total(it)).sum();
        prop_assert_eq!(total, page.now.credits);
        if let (Some(before), Some(per_bucket)) = (page.before, page.before_by_format) {
            prop_assert_eq!(per_bucket.into_values().flatten().sum::<CreditSum>(), before.credits);
        }
    }

    #[test]
    fn what_was_charged_and_what_was_refunded_are_the_net(
        rows in prop::collection::vec(any_row(), 1..60),
        of_user in prop::option::of(1_u128..4),
        range in any_range(),
    ) {
        let rows: Vec<_> = rows.into_iter().map(|it| Row { user: user(it.user.0.as_u128() % 3 + 1), ..it }).collect();
        let filter = of_user.map_or_else(Filter::default, |it| Filter::of_user(user(it)));
        let calendar = Calendar::utc();
        let page = filtered(&rows, &calendar, range.into(), Subject::Everyone, &filter);
        for stack in [&page.by_format, &page.by_action] {
            let window = stack.span.window();
            let within = |it: &&Row| {
                filter.users.admits(&it.user) && Some(it.at) >= window.from && window.until.is_none_or(|end| it.at < end)
            };
            let counted: Vec<&Row> = rows.iter().filter(within).collect();
            check_parts(stack, &counted, &calendar);
        }
        let refunds: CreditSum = page.leaders.rows.iter().map(|it| it.refunds).sum();
        prop_assert_eq!(refunds, page.by_format.refunds());
        prop_assert_eq!(page.formats.iter().map(|it| it.refunds).sum::<CreditSum>(), refunds);
    }
}

/// Against plain sums of rows: every bucket, every series, and the whole.
#[track_caller]
fn check_parts(stack: &Stack, rows: &[&Row], calendar: &Calendar) {
    let sum = |admits: &dyn Fn(&Row) -> bool, sign: i64| -> CreditSum {
        let rows = rows.iter().filter(|it| admits(it) && it.nano.signum() == sign);
        rows.map(|it| CreditSum::from_nano(it.nano.into())).sum()
    };
    let bucket = |row: &Row| stack.span.place(calendar.bucket(row.at, stack.span.grain).start);
    for index in 0..stack.span.buckets.len() {
        let charged: CreditSum = stack.series.iter().map(|it| it.gross(index)).sum();
        assert_eq!(charged, sum(&|it| bucket(it) == index, 1));
        assert_eq!(stack.bucket_refunds(index), sum(&|it| bucket(it) == index, -1));
        assert_eq!(charged + stack.bucket_refunds(index), stack.bucket_total(index));
    }
    for series in &stack.series {
        let Part::One(key) = &series.part else { continue };
        let is_of = |row: &Row| row.key(stack.dim) == *key;
        let charged: CreditSum = (0..stack.span.buckets.len()).map(|it| series.gross(it)).sum();
        let refunds: CreditSum = series.refunds.iter().copied().sum();
        assert_eq!((charged, refunds), (sum(&is_of, 1), sum(&is_of, -1)));
        assert_eq!(charged + refunds, series.total());
    }
    assert_eq!(stack.refunds(), sum(&|_| true, -1));
    assert_eq!(stack.total - stack.refunds(), sum(&|_| true, 1));
}
