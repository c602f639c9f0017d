mod cards;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use egui::accesskit::Role;
use egui::{Key, Pos2, Rect, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::app::{Command, State};
use crate::model::{Calendar, Filter, UserId, Window};
use crate::report::chart::fixture::{self, Row};
use crate::report::chart::{Range, Subject};
use crate::ui::chart::{ChartHover, Charts, columns_ui, legend_ui};
use crate::ui::overview::overview_ui;
use crate::ui::picture::{Caption, Chart, Rasteriser, chart_png};
use crate::ui::theme;
use crate::view;

/// A page of the window: its state, and what it asked for.
#[derive(Default)]
struct Page {
    state: State,
    charts: Charts,
    commands: Vec<Command>,
}

fn names(rows: &[Row]) -> BTreeMap<UserId, String> {
    const FIRST: [&str; 12] = [
        "Ada", "Bruno", "Chiara", "Dmitri", "Farah", "Hanna", "Jonas", "Keiko", "Liam", "Priya", "Viktor",
        "Yara",
    ];
    const LAST: [&str; 11] = [
        "Lindqvist",
        "Keller",
        "Moretti",
        "Volkov",
        "Haddad",
        "Nowak",
        "Weber",
        "Tanaka",
        "O’Connor",
        "Raman",
        "Nasser",
    ];
    let name = |id: UserId| {
        let number = (id.0.as_u128() & 0xffff) as usize;
        format!("{} {}", FIRST[number % 12], LAST[number % 11])
    };
    rows.iter().map(|it| (it.user, name(it.user))).collect()
}

fn page(rows: &[Row], range: Range, subject: Subject) -> Page {
    let calendar = Calendar::utc();
    let values = fixture::overview(rows, &calendar, range.into(), subject);
    let overview = view::Overview::build(&values, &names(rows), &calendar);
    let mut page = Page::default();
    page.state.overview.value = Some(Arc::new(overview));
    page
}

/// Everybody's last 30 days.
fn platform() -> Page {
    static OVERVIEW: OnceLock<Arc<view::Overview>> = OnceLock::new();
    let overview = || {
        let page = page(&fixture::platform(), Range::LastDays(30), Subject::Everyone);
        page.state.overview.value.unwrap()
    };
    let mut page = Page::default();
    page.state.overview.value = Some(Arc::clone(OVERVIEW.get_or_init(overview)));
    page
}

fn harness(page: Page, size: [f32; 2], dark: bool) -> Harness<'static, Page> {
    let theme = if dark { egui::Theme::Dark } else { egui::Theme::Light };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_theme(theme)
        .with_max_steps(12)
        .renderer(Rasteriser::default())
        .with_context_setup(theme::install)
        .build_ui_state(
            |ui, page: &mut Page| {
                let canvas = theme::Theme::of(ui).canvas;
                ui.painter().rect_filled(ui.max_rect(), 0, canvas);
                overview_ui(ui, &page.state, &mut page.charts, &mut page.commands);
            },
            page,
        );
    harness.run();
    harness
}

const DAYS: &str = "Credits per day by format, 30 days, total ";
const WEEKS: &str = "Credits per week by action, 12 weeks, total ";

fn rect_of(harness: &Harness<'_, Page>, label: &str) -> Rect {
    harness.get_by_label_contains(label).rect()
}

fn value_of(harness: &Harness<'_, Page>, label: &str) -> Option<String> {
    harness.get_by_label_contains(label).value()
}

/// The middle of a column.
fn column(chart: Rect, index: usize, n_columns: usize) -> Pos2 {
    pos2(chart.left() + chart.width() * (index as f32 + 0.5) / n_columns as f32, chart.center().y)
}

fn date(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

fn dates(first: &str, last: &str) -> Command {
    Command::SetRange(Range::Dates { first: date(first), last: date(last) })
}

/// A small page, as large as the smallest window leaves it.
fn small(page: Page) -> Harness<'static, Page> {
    harness(page, [1048.0, 620.0], false)
}

// ---- pointing --------------------------------------------------------------------------------

#[test]
fn hover_marks_the_same_time_in_every_chart() {
    let mut harness = small(platform());
    assert_eq!((value_of(&harness, DAYS), value_of(&harness, WEEKS)), (None, None));
    harness.hover_at(column(rect_of(&harness, DAYS), 18, 30));
    harness.run();
    assert!(value_of(&harness, DAYS).unwrap().starts_with("Fri 13 Nov 2026: total "));
    assert!(value_of(&harness, WEEKS).unwrap().starts_with("Week of 9 Nov 2026: total "));
    harness.hover_at(column(rect_of(&harness, WEEKS), 10, 12));
    harness.run();
    assert!(value_of(&harness, WEEKS).unwrap().starts_with("Week of 16 Nov 2026: total "));
    assert_eq!(value_of(&harness, DAYS), None, "seven days are marked, none is the one");
    harness.remove_cursor();
    harness.run();
    assert_eq!((value_of(&harness, WEEKS), harness.state().charts.hover.interval), (None, None));
}

#[test]
fn the_whole_height_of_a_column_is_hovered() {
    let mut harness = small(platform());
    let chart = rect_of(&harness, DAYS);
    harness.hover_at(column(chart, 6, 30) - vec2(0.0, chart.height() / 2.0 - 2.0));
    harness.run();
    let value = value_of(&harness, DAYS).unwrap();
    assert!(value.starts_with("Sun 1 Nov 2026: total "), "{value}");
    assert!(value.contains(", text ") && value.contains(", image "), "{value}");
}

#[test]
fn a_drag_over_whole_buckets_chooses_their_dates() {
    let mut harness = small(platform());
    let chart = rect_of(&harness, DAYS);
    drag(&mut harness, column(chart, 9, 30), column(chart, 5, 30));
    assert_eq!(harness.state().commands, [dates("2026-10-31", "2026-11-04")]);
    harness.state_mut().commands.clear();
    let weeks = rect_of(&harness, WEEKS);
    drag(&mut harness, column(weeks, 0, 12), column(weeks, 1, 12));
    assert_eq!(harness.state().commands, [dates("2026-09-07", "2026-09-20")]);
}

fn drag(harness: &mut Harness<'_, Page>, from: Pos2, to: Pos2) {
    harness.drag_at(from);
    harness.step();
    harness.hover_at(from + (to - from) / 2.0);
    harness.step();
    harness.hover_at(to);
    harness.step();
    harness.drop_at(to);
    harness.run();
}

#[test]
fn escape_gives_a_drag_up() {
    let mut harness = small(platform());
    let chart = rect_of(&harness, DAYS);
    harness.drag_at(column(chart, 5, 30));
    harness.step();
    harness.hover_at(column(chart, 9, 30));
    harness.step();
    harness.key_press(Key::Escape);
    harness.step();
    harness.drop_at(column(chart, 9, 30));
    harness.run();
    assert!(harness.state().commands.is_empty());
}

/// Presses and lets go in one place.
fn click_at(harness: &mut Harness<'_, Page>, at: Pos2) {
    harness.drag_at(at);
    harness.step();
    harness.drop_at(at);
    harness.run();
}

/// The command for the rows of some time.
fn rows(from: &str, until: &str, filter: Filter) -> Command {
    let window = Window::between(fixture::at(from), fixture::at(until));
    Command::ShowRows { window, filter }
}

#[test]
fn a_click_asks_for_the_rows_of_a_bucket() {
    let mut harness = small(platform());
    let at = column(rect_of(&harness, WEEKS), 3, 12);
    click_at(&mut harness, at);
    let week = rows("2026-09-28T00:00:00Z", "2026-10-05T00:00:00Z", Filter::default());
    assert_eq!(harness.state().commands, [week]);
}

#[test]
fn an_hour_has_rows_but_no_dates() {
    let mut harness = small(page(&fixture::platform(), Range::LastDays(1), Subject::Everyone));
    let hours = rect_of(&harness, "Credits per hour by format, 24 hours");
    drag(&mut harness, column(hours, 9, 24), column(hours, 12, 24));
    assert!(harness.state().commands.is_empty());
    click_at(&mut harness, column(hours, 9, 24));
    let hour = rows("2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z", Filter::default());
    assert_eq!(harness.state().commands, [hour]);
}

#[test]
fn keys_move_through_a_focused_chart() {
    let mut harness = small(platform());
    harness.get_by_label_contains(DAYS).focus();
    harness.run();
    harness.key_press(Key::End);
    harness.run();
    let value = value_of(&harness, DAYS).unwrap();
    assert!(value.starts_with("Tue 24 Nov 2026") && value.ends_with("partial: data to 14:05"), "{value}");
    harness.key_press(Key::ArrowLeft);
    harness.run();
    assert!(value_of(&harness, DAYS).unwrap().starts_with("Mon 23 Nov 2026"));
    assert!(value_of(&harness, WEEKS).unwrap().starts_with("Week of 23 Nov 2026"));
    harness.key_press(Key::Enter);
    harness.run();
    let day = rows("2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z", Filter::default());
    assert_eq!(harness.state().commands, [day]);
    harness.key_press(Key::Escape);
    harness.run();
    assert_eq!(value_of(&harness, DAYS), None);
}

// ---- what is said ----------------------------------------------------------------------------

#[test]
fn every_figure_has_a_name() {
    let harness = small(platform());
    for label in ["Credits ", "Events ", "Active users ", "Credits per event "] {
        assert!(harness.query_all_by_label_contains(label).next().is_some(), "{label}");
    }
    for series in ["image", "video", "audio", "text"] {
        harness.get_by_role_and_label(Role::CheckBox, series);
    }
    harness.get_by_label("previous 30 days");
    harness.get_by_label_contains("Credits by format: Adds up");
    harness.get_by_label_contains("video 11,164.95, 49.2 %: low 7 %");
    harness.get_by_label_contains("Bruno Keller 1,294.75, up 0.5 %");
    harness.get_by_label_contains("Other (123), 1 gone ");
}

#[test]
fn one_users_page_has_active_days_and_actions() {
    let rows: Vec<_> = fixture::platform().into_iter().filter(|it| it.user == fixture::user(1)).collect();
    let harness = small(page(&rows, Range::LastDays(30), Subject::OneUser));
    harness.get_by_label_contains("Active days 30, ");
    harness.get_by_label("By action");
}

#[test]
fn an_empty_range_says_so() {
    let mut page = page(&[], Range::LastDays(30), Subject::Everyone);
    "Ada".clone_into(&mut page.state.viewing.name);
    let harness = small(page);
    harness.get_by_label_contains("No rows for Ada in 26 Oct – 24 Nov 2026");
    assert!(harness.query_by_label_contains("Credits per day by format").is_none());
}

#[test]
fn a_page_that_is_not_there_yet_is_quiet() {
    let mut page = Page::default();
    page.state.overview.pending = true;
    let mut harness = small(page);
    harness.get_by_label("The overview is being computed");
    // Nothing asks for another frame.
    assert_eq!(harness.run(), 1);
}

#[test]
fn an_error_is_told_in_its_place_and_keeps_the_old_picture() {
    let mut page = platform();
    page.state.overview.error = Some("the file is gone".to_owned());
    let mut harness = small(page);
    harness.get_by_label("This is the picture of before: the file is gone");
    harness.get_by_label_contains(DAYS);
    harness.state_mut().state.overview.value = None;
    harness.run();
    harness.get_by_label("The overview could not be made. the file is gone");
}

// ---- what is seen ----------------------------------------------------------------------------

/// Writes pages to look at beside the design, in sizes of two windows without their bars.
#[test]
fn draws_like_the_design() {
    std::fs::create_dir_all("target/look").unwrap();
    for (name, size, dark) in [("1440-light", [1280.0, 816.0], false), ("1100-dark", [1064.0, 636.0], true)] {
        let mut harness = harness(platform(), size, dark);
        harness.hover_at(column(rect_of(&harness, DAYS), 18, 30));
        harness.run();
        harness.render().unwrap().save(format!("target/look/overview-{name}.png")).unwrap();
    }
    for (name, size, dark) in [("light", [1280.0, 816.0], false), ("small-dark", [1048.0, 620.0], true)] {
        let mut harness = harness(generous(), size, dark);
        harness.hover_at(column(rect_of(&harness, DAYS), 18, 30));
        harness.run();
        harness.render().unwrap().save(format!("target/look/overview-refunds-{name}.png")).unwrap();
    }
}

/// The platform, had it given back one charge in twelve.
fn generous() -> Page {
    let mut rows = fixture::platform();
    for row in rows.iter_mut().step_by(12) {
        row.nano = -row.nano;
    }
    page(&rows, Range::LastDays(30), Subject::Everyone)
}

#[test]
fn what_was_given_back_is_told() {
    let mut harness = small(generous());
    assert_eq!(harness.query_all_by_label("net").count(), 2, "in both legends");
    harness.get_by_label_contains("Credits per day by format, 30 days, total ");
    let label = rect_of(&harness, DAYS);
    harness.hover_at(column(label, 18, 30));
    harness.run();
    let value = value_of(&harness, DAYS).unwrap();
    assert!(value.contains(", refunds −"), "{value}");
    assert!(small(platform()).query_by_label("net").is_none());
}

/// A week with everything a column can be: refunds, more formats than hues, a week before, an end.
fn odd_week() -> view::chart::StackChart {
    const FORMATS: [&str; 10] = ["image", "video", "audio", "text", "a", "b", "c", "d", "e", "f"];
    let mut rows = Vec::new();
    for day in 11..=24_i64 {
        for (index, format) in (0_i64..).zip(FORMATS) {
            let size = (day * 7 + index * 5) % 11 + 1;
            let refund = if day % 3 == 0 && index % 4 == 1 { -1 } else { 1 };
            rows.push(Row {
                at: fixture::at(&format!("2026-11-{day}T10:00:00Z")),
                user: fixture::user(1),
                action: "a",
                format: Some(format),
                quality: None,
                nano: refund * size * 1_000_000_000,
            });
        }
    }
    let page = page(&rows, Range::LastDays(7), Subject::Everyone);
    page.state.overview.value.unwrap().by_format.clone()
}

#[track_caller]
fn check_snapshot(name: &str, dark: bool) {
    let chart = odd_week();
    let mut harness = Harness::builder()
        .with_size([380.0, 220.0])
        .with_theme(if dark { egui::Theme::Dark } else { egui::Theme::Light })
        .renderer(Rasteriser::default())
        .with_context_setup(theme::install)
        .build_ui(move |ui| {
            let area = ui.max_rect();
            ui.painter().rect_filled(area.expand(16.0), 0, theme::Theme::of(ui).surface);
            legend_ui(ui, area.with_max_y(area.top() + 20.0), &chart);
            columns_ui(ui, area.with_min_y(area.top() + 24.0), &chart, &mut ChartHover::default());
        });
    harness.run();
    harness.snapshot(name);
}

#[test]
fn every_kind_of_column_is_drawn_in_light() {
    check_snapshot("columns-light", false);
}

#[test]
fn every_kind_of_column_is_drawn_in_dark() {
    check_snapshot("columns-dark", true);
}

#[test]
fn a_chart_is_a_picture_of_its_own() {
    let page = platform().state.overview.value.unwrap();
    let caption =
        Caption { range: page.range.clone(), zone: page.zone.clone(), viewer: "Ada".into(), n_rows: 9 };
    let png = chart_png(Chart::Formats(&page.formats), &caption, (400, 240), true).unwrap();
    let image = image::load_from_memory(&png).unwrap().to_rgba8();
    assert_eq!(image.dimensions(), (400, 240));
    let video = theme::DARK.series[1];
    assert!(image.pixels().any(|it| it.0 == video.to_array()), "the bar of video is in its colour");
    let refused = chart_png(Chart::Columns(&page.by_format), &caption, (100, 240), false);
    assert!(refused.unwrap_err().to_string().contains("100 × 240"));
}
