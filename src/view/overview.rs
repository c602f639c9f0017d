use std::collections::BTreeMap;

use super::chart::{ChartName, FormatBars, Leaders, StackChart};
use super::number::{self, Delta};
use super::period;
use crate::model::{Calendar, CreditSum, Instant, UserId};
use crate::report::chart::{self, Subject, Totals};

/// The Overview page, ready to draw.
#[derive(Clone, PartialEq, Debug)]
pub struct Overview {
    /// Rows in the range: of none there is nothing to draw.
    pub n_rows: u64,
    /// `26 Oct – 24 Nov 2026`
    pub range: String,
    /// Zone of the days.
    pub zone: String,
    /// All charts add up, and to the same total.
    pub adds_up: bool,
    pub tiles: [Tile; 4],
    pub by_format: StackChart,
    pub by_action: StackChart,
    pub formats: FormatBars,
    pub leaders: Leaders,
}

/// One figure, what it was before, and its course.
#[derive(Clone, PartialEq, Debug)]
pub struct Tile {
    pub name: String,
    pub figure: String,
    /// Every digit there is.
    pub exact: String,
    /// `None` where there is nothing to compare with.
    pub change: Option<Change>,
    pub spark: Spark,
    pub spoken: String,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    pub delta: Delta,
    /// `from 15,413.38`
    pub from: String,
}

/// A course over the buckets of the range, which are those of the first chart.
#[derive(Clone, PartialEq, Debug)]
pub enum Spark {
    /// As many values as there are finished buckets.
    Line(Vec<f64>),
    /// Which buckets had rows at all.
    Days(Vec<bool>),
}

impl Overview {
    pub fn build(
        values: &chart::Overview,
        usernames: &BTreeMap<UserId, String>,
        calendar: &Calendar,
    ) -> Self {
        let span = &values.span;
        let last = Instant::from_micros(span.until.micros() - 1);
        let mut by_action = StackChart::new(&values.by_action, None, calendar);
        let n_columns = by_action.columns.len();
        by_action.subtitle =
            format!("{}, {n_columns} {}s", by_action.subtitle, values.by_action.span.grain.name());
        let compared = values.before.and(span.compared).map(period::compared_name);
        Self {
            n_rows: values.now.n_events,
            range: number::dates(calendar.date(span.from), calendar.date(last)),
            zone: calendar.zone.name().to_owned(),
            adds_up: values.adds_up(),
            tiles: tiles(values),
            by_format: StackChart::new(&values.by_format, values.before_by_format.as_ref(), calendar),
            by_action,
            formats: FormatBars::new(&values.formats, values.n_qualities, values.now.credits),
            leaders: Leaders::new(&values.leaders, usernames, values.now.credits, compared.as_deref()),
        }
    }
}

impl Overview {
    /// A chart of stacked columns by its name; the others are none.
    pub fn stack(&self, name: ChartName) -> Option<&StackChart> {
        match name {
            ChartName::ByFormat => Some(&self.by_format),
            ChartName::ByAction => Some(&self.by_action),
            ChartName::Formats | ChartName::Leaders => None,
        }
    }
}

/// A figure, how it is written, and how it is written whole.
struct Figure {
    name: &'static str,
    /// In nano-credits or whole things.
    value: fn(&Totals) -> i128,
    text: fn(i128) -> String,
    exact: fn(i128) -> String,
}

fn tiles(values: &chart::Overview) -> [Tile; 4] {
    let whole = |it: i128| number::count(u64::try_from(it).unwrap_or_default());
    let third = match values.subject {
        Subject::Everyone => {
            Figure { name: "Active users", value: |it| it.n_users.into(), text: whole, exact: whole }
        }
        Subject::OneUser => {
            Figure { name: "Active days", value: |it| it.n_active_days.into(), text: whole, exact: whole }
        }
    };
    let figures = [
        Figure {
            name: "Credits",
            value: |it| it.credits.nano(),
            text: |it| number::credits(CreditSum::from_nano(it)),
            exact: |it| number::exact(CreditSum::from_nano(it)),
        },
        Figure { name: "Events", value: |it| it.n_events.into(), text: whole, exact: whole },
        third,
        Figure {
            name: "Credits per event",
            value: |it| it.per_event.unwrap_or_default().nano(),
            text: |it| number::ratio(CreditSum::from_nano(it)),
            exact: |it| number::exact(CreditSum::from_nano(it)),
        },
    ];
    let mut tiles = figures.map(|it| tile(&it, values));
    if values.subject == Subject::OneUser {
        // A bucket holds one active day or none.
        tiles[2].spark = Spark::Days(values.per_bucket.iter().map(|it| it.n_events > 0).collect());
    }
    tiles
}

fn tile(figure: &Figure, values: &chart::Overview) -> Tile {
    let now = (figure.value)(&values.now);
    let text = (figure.text)(now);
    let change = values.before.as_ref().map(|before| {
        let before = (figure.value)(before);
        Change { delta: number::delta(now, before), from: format!("from {}", (figure.text)(before)) }
    });
    let n_finished = values.span.partial.unwrap_or(values.per_bucket.len());
    let finished = values.per_bucket.iter().take(n_finished);
    let spark = Spark::Line(finished.map(|it| (figure.value)(it) as f64).collect());
    let spoken = match &change {
        Some(Change { delta, from }) => format!("{} {text}, {} {from}", figure.name, delta.spoken()),
        None => format!("{} {text}", figure.name),
    };
    Tile { name: figure.name.to_owned(), figure: text, exact: (figure.exact)(now), change, spark, spoken }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Key;
    use crate::report::chart::fixture::{self, Row, at, user};
    use crate::report::chart::{Period, Range};
    use crate::view::chart::{Entity, Hidden, Segment};

    fn row(when: &str, format: Option<&'static str>, nano: i64) -> Row {
        let (action, quality) = ("a", Some("low"));
        Row { at: at(when), user: user(1), action, format, quality, nano }
    }

    fn page(rows: &[Row], range: Range) -> Overview {
        let calendar = Calendar::utc();
        let values = fixture::overview(rows, &calendar, range.into(), Subject::Everyone);
        Overview::build(&values, &BTreeMap::from([(user(1), "Ada".to_owned())]), &calendar)
    }

    #[test]
    fn a_page_is_made_on_another_thread() {
        fn is_sent<T: Clone + PartialEq + Send + Sync + 'static>() {}
        is_sent::<Overview>();
    }

    #[test]
    fn a_chart_says_what_it_shows() {
        let rows = fixture::platform();
        let calendar = Calendar::utc();
        let values = fixture::overview(&rows, &calendar, Period::default(), Subject::Everyone);
        let page = Overview::build(&values, &BTreeMap::new(), &calendar);
        let total = number::credits(values.now.credits);
        assert_eq!(page.by_format.summary, format!("Credits per day by format, 30 days, total {total}"));
        assert!(page.by_action.summary.starts_with("Credits per week by action, 12 weeks, total "));
        assert_eq!(page.by_format.before.as_deref(), Some("previous 30 days"));
        assert_eq!(page.by_format.partial.as_deref(), Some("partial, to 14:05"));
        assert_eq!(page.by_action.partial.as_deref(), Some("partial, to 24 Nov"));
        let ticks: Vec<_> = page.by_format.columns.iter().filter_map(|it| it.tick.as_deref()).collect();
        assert_eq!(ticks, ["26 Oct", "2 Nov", "9 Nov", "16 Nov", "23 Nov"]);
        assert_eq!(page.range, "26 Oct – 24 Nov 2026");
        assert!(page.adds_up && page.by_format.total.adds_up && page.leaders.total.adds_up);
    }

    #[test]
    fn a_tooltip_names_every_part_and_what_was_before() {
        let rows = [
            row("2026-11-17T10:00:00Z", Some("image"), 5_000_000_000),
            row("2026-11-24T10:00:00Z", Some("image"), 6_000_000_000),
            row("2026-11-24T10:00:00Z", None, 1_500_000_000),
            row("2026-11-24T14:05:00Z", Some(""), 2_500_000_000),
        ];
        let tip = page(&rows, Range::LastDays(7)).by_format.columns[6].tip.clone();
        assert_eq!((tip.title.as_str(), tip.interval.as_str()), ("Tue 24 Nov 2026", "00:00 – 24:00 UTC"));
        let parts: Vec<_> =
            tip.rows.iter().map(|it| format!("{} {} {}", it.name, it.credits, it.share)).collect();
        assert_eq!(parts, ["no format 1.50 15.0 %", "(empty) 2.50 25.0 %", "image 6.00 60.0 %"]);
        let before = tip.before.unwrap();
        assert_eq!((before.name.as_str(), before.credits.as_str()), ("17 Nov, to 14:05", "5.00"));
        assert_eq!(before.delta, Delta::Rise("100.0 %".into()));
        assert_eq!(tip.note.as_deref(), Some("partial: data to 14:05"));
    }

    #[test]
    fn what_was_before_is_of_what_is_shown() {
        let rows = [
            row("2026-11-17T10:00:00Z", Some("image"), 5_000_000_000),
            row("2026-11-17T11:00:00Z", Some("video"), 20_000_000_000),
            row("2026-11-17T12:00:00Z", Some("audio"), 1_000_000_000),
            row("2026-11-24T10:00:00Z", Some("image"), 6_000_000_000),
            row("2026-11-24T14:05:00Z", Some("video"), 10_000_000_000),
        ];
        let whole = page(&rows, Range::LastDays(7)).by_format;
        assert_eq!(whole.columns[6].before, Some(26.0));
        let cut = whole.without(&[Entity::One(Key::Text(Some("video".into())))].into());
        // Nor is there a series any more for what audio was.
        assert_eq!(cut.columns[6].before, Some(5.0));
        assert_eq!(cut.before.as_deref(), Some("previous 7 days"));
        let before = cut.columns[6].tip.before.clone().unwrap();
        assert_eq!((before.credits.as_str(), before.delta), ("5.00", Delta::Rise("20.0 %".into())));
        assert_eq!(cut.twin.heads, ["Day", "image", "Total", "Previous 7 days"]);
    }

    /// Charges of two formats, and something of one given back on the last day.
    fn with_refunds() -> Overview {
        let rows = [
            row("2026-11-23T10:00:00Z", Some("image"), 3_000_000_000),
            row("2026-11-24T10:00:00Z", Some("image"), 6_000_000_000),
            Row { quality: None, ..row("2026-11-24T11:00:00Z", Some("image"), -2_000_000_000) },
            row("2026-11-24T12:00:00Z", Some("text"), 1_000_000_000),
        ];
        page(&rows, Range::LastDays(7))
    }

    #[test]
    fn refunds_hang_below_zero_and_the_net_lies_between() {
        let chart = with_refunds().by_format;
        let column = &chart.columns[6];
        let heights: Vec<_> = column.segments.iter().map(|it: &Segment| (it.from, it.to)).collect();
        assert_eq!((heights, column.net), (vec![(0.0, 6.0), (0.0, -2.0), (6.0, 7.0)], Some(5.0)));
        assert_eq!(chart.columns[5].net, Some(3.0), "the line has a step a bucket");
        assert!(chart.axis(200.0).min <= -2.0 && chart.total.adds_up);
        assert_eq!((chart.total.text.as_str(), chart.net.as_deref()), ("8.00", Some("net")));
        assert_eq!(chart.summary, "Credits per day by format, 7 days, total 8.00, refunds −2.00");
        let alone = chart.without(&Hidden::from([chart.legend[0].entity.clone()]));
        assert_eq!((alone.net, alone.columns[6].net), (None, None), "what is left has none");
    }

    #[test]
    fn a_tooltip_and_a_table_tell_charges_and_refunds_apart() {
        let chart = with_refunds().by_format;
        let tip = &chart.columns[6].tip;
        let parts: Vec<_> = tip.rows.iter().map(|it| [&*it.name, &*it.credits, &*it.share]).collect();
        assert_eq!(parts, [["text", "1.00", "14.3 %"], ["image", "6.00", "85.7 %"]]);
        let refunds = tip.refunds.as_ref().unwrap();
        assert_eq!([&*refunds.credits, &*refunds.share, &*refunds.net_share], ["−2.00", "−28.6 %", "71.4 %"]);
        assert_eq!(tip.total, "5.00");
        assert!(
            tip.spoken
                .ends_with(": total 5.00, text 1.00, image 6.00, refunds −2.00, partial: data to 12:00")
        );
        assert_eq!(chart.columns[5].tip.refunds, None);
        assert_eq!(chart.twin.heads[1..5], ["image", "text", "Refunds", "Total (net)"]);
        assert_eq!(chart.twin.rows[6].figures[..4], ["6.00", "1.00", "−2.00", "5.00"]);
        assert_eq!(chart.twin.total.figures[..4], ["9.00", "1.00", "−2.00", "8.00"]);
    }

    #[test]
    fn bars_are_of_what_is_left_and_say_what_was_given_back() {
        let page = with_refunds();
        let (image, text) = (&page.formats.rows[0], &page.formats.rows[1]);
        assert_eq!(image.refunds.as_deref(), Some("charged 9.00, refunds −2.00"));
        assert!(image.spoken.ends_with(", charged 9.00, refunds −2.00"), "{}", image.spoken);
        // Nine were charged and seven are left: the part is as long as the seven.
        let lengths: Vec<_> = image.parts.iter().map(|it| it.length).collect();
        assert_eq!((lengths, text.refunds.as_deref()), (vec![1.0, 0.0], None));
        let ada = &page.leaders.rows[0];
        assert_eq!((&*ada.credits, ada.refunds.as_deref()), ("8.00", Some("charged 10.00, refunds −2.00")));
    }

    #[test]
    fn charts_without_refunds_know_nothing_of_them() {
        let page = page(&[row("2026-11-24T10:00:00Z", Some("image"), 1)], Range::LastDays(7));
        let chart = &page.by_format;
        assert!(chart.net.is_none() && chart.columns.iter().all(|it| it.net.is_none()));
        assert!(!chart.summary.contains("refunds") && chart.columns[6].tip.refunds.is_none());
        assert_eq!(chart.twin.heads[1..], ["image", "Total", "Previous 7 days"]);
        assert_eq!(page.formats.rows[0].refunds, None);
    }

    #[test]
    fn a_short_list_ends_with_what_is_left() {
        let rows: Vec<_> = (1..=4)
            .map(|n| Row { user: user(n), ..row("2026-11-24T10:00:00Z", None, n as i64 * 1_000_000_000) })
            .collect();
        let leaders = page(&rows, Range::LastDays(7)).leaders;
        let rest = leaders.rest[2].as_ref().unwrap();
        assert_eq!(
            (rest.name.as_str(), rest.credits.as_str(), rest.share.as_str()),
            ("Other (2)", "3.00", "30.0 %")
        );
        assert_eq!(leaders.rest[4], None);
        assert_eq!(leaders.rows[3].name, "Ada");
        assert_eq!(leaders.rows[0].spoken, "00000004 4.00, new");
    }

    #[test]
    fn who_is_gone_comes_last_and_is_not_among_the_others() {
        let of = |n, when, credits: i64| Row { user: user(n), ..row(when, None, credits * 1_000_000_000) };
        let (then, now) = ("2026-11-17T10:00:00Z", "2026-11-24T10:00:00Z");
        let rows = [of(1, now, 4), of(2, now, 6), of(2, then, 3), of(3, then, 1), of(4, then, 9)];
        let leaders = page(&rows, Range::LastDays(7)).leaders;
        let said: Vec<_> = leaders.rows.iter().map(|it| it.spoken.as_str()).collect();
        assert_eq!(said, ["00000002 6.00, up 100.0 %", "Ada 4.00, new", "00000004 gone", "00000003 gone"]);
        let rest: Vec<_> = leaders.rest.iter().map(|it| it.as_ref().map(|it| it.name.as_str())).collect();
        assert_eq!(
            rest,
            [Some("Other (2), 2 gone"), Some("Other (1), 2 gone"), Some("2 gone"), Some("1 gone"), None]
        );
        assert_eq!(leaders.summary, "Top users by credits, 2 in all, 2 gone, total 10.00");
        let twin = leaders.twin;
        assert_eq!(twin.heads, ["User", "Credits", "Previous 7 days"]);
        assert_eq!(twin.rows[2].spoken, "00000004 (gone): Previous 7 days 9.00");
        assert_eq!(twin.total.figures, ["10.00", "13.00"]);
    }

    #[test]
    fn the_same_time_is_found_in_every_chart() {
        let page = page(&[row("2026-11-24T10:00:00Z", None, 1)], Range::LastDays(30));
        let day = &page.by_format.columns[18];
        assert_eq!(page.by_action.touching(day.start, day.end), 9..10);
        let week = &page.by_action.columns[9];
        assert_eq!(page.by_format.touching(week.start, week.end), 14..21);
        assert_eq!(page.by_format.touching(Instant::MIN, Instant::MIN), 0..0);
    }
}
