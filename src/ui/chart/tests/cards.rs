//! What can be done to a chart as a whole: legend, table, menu.

use egui::Modifiers;
use egui_kittest::kittest::NodeT as _;

use super::*;
use crate::model::{Choice, Text};
use crate::view::chart::ChartName;

/// The check box of a series, in the chart by format.
#[track_caller]
fn is_shown(harness: &Harness<'_, Page>, series: &str) -> bool {
    let node = harness.get_by_role_and_label(Role::CheckBox, series);
    node.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
}

fn toggle(harness: &mut Harness<'_, Page>, series: &str) {
    harness.get_by_role_and_label(Role::CheckBox, series).click();
    harness.run();
}

/// As many credits as the largest tick of the chart by format says.
fn highest(harness: &Harness<'_, Page>) -> f64 {
    let state = harness.state();
    let page = state.state.overview.value.as_ref().unwrap();
    let hidden = state.charts.hidden(ChartName::ByFormat);
    page.by_format.without(&hidden).axis(200.0).max
}

#[test]
fn a_series_that_is_hidden_is_out_of_the_stack_and_the_axis_fits() {
    let mut harness = small(platform());
    let before = highest(&harness);
    toggle(&mut harness, "video");
    assert!(!is_shown(&harness, "video") && is_shown(&harness, "image"));
    assert!(highest(&harness) < before, "{} < {before}", highest(&harness));
    // The whole is still checked; what is shown of it is said beside it.
    harness.get_by_label_contains("Credits per day: Adds up: the parts are equal to the total of 22,681.28");
    harness.get_by_label_contains(
        "Credits per day by format, 30 days, total 22,681.28, shown 11,516.33 of 22,681.28",
    );
    harness.hover_at(column(rect_of(&harness, DAYS), 18, 30));
    harness.run();
    let value = value_of(&harness, DAYS).unwrap();
    assert!(value.contains("image") && !value.contains("video"), "{value}");
    toggle(&mut harness, "video");
    assert!(is_shown(&harness, "video"));
    harness.get_by_label("Credits per day by format, 30 days, total 22,681.28");
}

#[test]
fn one_series_alone_by_alt_or_by_two_clicks() {
    let mut harness = small(platform());
    // A frame of a test is longer than a click.
    harness.ctx.options_mut(|it| it.input_options.max_double_click_delay = 60.0);
    let alone = |harness: &Harness<'_, Page>| {
        ["image", "video", "audio", "text"].map(|it| is_shown(harness, it)) == [false, true, false, false]
    };
    let at = harness.get_by_role_and_label(Role::CheckBox, "video").rect().center();
    for _ in 0..2 {
        click_at(&mut harness, at);
    }
    assert!(alone(&harness));
    let alt = |harness: &mut Harness<'_, Page>| {
        harness.get_by_role_and_label(Role::CheckBox, "video").click_modifiers(Modifiers::ALT);
        harness.run();
    };
    alt(&mut harness);
    assert!(["image", "video", "audio", "text"].iter().all(|it| is_shown(&harness, it)));
    alt(&mut harness);
    assert!(alone(&harness));
}

#[test]
fn what_is_hidden_stays_hidden_in_another_range() {
    let mut harness = small(platform());
    toggle(&mut harness, "video");
    let other = page(&fixture::platform(), Range::LastDays(7), Subject::Everyone);
    harness.state_mut().state = other.state;
    harness.run();
    assert!(!is_shown(&harness, "video") && is_shown(&harness, "text"));
    harness.get_by_label_contains("Credits per day by format, 7 days, total 5,001.73, shown ");
}

#[test]
fn the_rows_of_a_bucket_are_those_that_are_shown() {
    let mut harness = small(platform());
    toggle(&mut harness, "video");
    let at = column(rect_of(&harness, DAYS), 0, 30);
    click_at(&mut harness, at);
    let formats = Choice::not(Some(Text::from("video")));
    let filter = Filter { formats, ..Filter::default() };
    assert_eq!(harness.state().commands, [rows("2026-10-26T00:00:00Z", "2026-10-27T00:00:00Z", filter)]);
}

#[test]
fn series_without_room_are_behind_a_count() {
    let mut harness = small(platform());
    harness.get_by_label_contains("more series").click();
    harness.run();
    toggle(&mut harness, "Other (3)");
    assert!(!is_shown(&harness, "Other (3)"));
    harness.get_by_label_contains("Credits per week by action, 12 weeks, total 57,826.80, shown ");
}

// ---- table and menu --------------------------------------------------------------------------

#[test]
fn t_turns_the_chart_under_the_pointer_into_its_table() {
    let mut harness = small(platform());
    harness.hover_at(rect_of(&harness, DAYS).center());
    harness.run();
    harness.key_press(Key::T);
    harness.run();
    harness.get_by_role_and_label(Role::Grid, "Table: Credits per day");
    harness.get_by_label("Day, image, video, audio, text, Total, Previous 30 days");
    assert!(harness.query_by_label_contains(DAYS).is_none());
    harness.get_by_label_contains(WEEKS);
    let total = harness.get_by_label_contains("Total: image ");
    assert!(total.value().unwrap().contains("video 11,164.95"));
    harness.key_press(Key::T);
    harness.run();
    harness.get_by_label_contains(DAYS);
}

#[test]
fn t_turns_all_charts_where_none_is_pointed_at() {
    let mut harness = small(platform());
    harness.key_press(Key::T);
    harness.run();
    for name in ["Credits per day", "Credits per week", "Credits by format", "Top users"] {
        harness.get_by_role_and_label(Role::Grid, &format!("Table: {name}"));
    }
    harness.key_press(Key::T);
    harness.run();
    assert!(harness.query_by_role(Role::Grid).is_none());
}

#[test]
fn keys_scroll_a_table() {
    let mut harness = small(platform());
    harness.key_press(Key::T);
    harness.run();
    assert!(harness.query_by_label_contains("Tue 24 Nov 2026: image").is_none());
    harness.get_by_role_and_label(Role::Grid, "Table: Credits per day").focus();
    harness.run();
    harness.key_press(Key::End);
    harness.run();
    harness.get_by_label_contains("Tue 24 Nov 2026: image");
}

fn menu(harness: &mut Harness<'_, Page>, chart: &str, item: &str) {
    harness.get_by_role_and_label(Role::Button, &format!("{chart}: menu")).click();
    harness.run();
    harness.get_by_label_contains(item).click();
    harness.run_steps(2);
}

#[test]
fn the_menu_copies_every_digit() {
    let mut harness = small(platform());
    harness.get_by_role_and_label(Role::Button, "Credits by format: menu").click();
    harness.run();
    harness.get_by_label("Copy table").click();
    let copied = |harness: &Harness<'_, Page>| {
        harness.output().platform_output.commands.iter().find_map(|it| match it {
            egui::OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        })
    };
    let text = (0..4).find_map(|_| {
        harness.step();
        copied(&harness)
    });
    let text = text.unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "Format\tlow\tstandard\thigh\t4k\tTotal");
    assert!(lines[1].starts_with("video\t") && lines[1].ends_with("\t11164.95"), "{text}");
    assert!(lines.last().unwrap().starts_with("Total\t") && text.ends_with("22681.28\n"), "{text}");
}

#[test]
fn the_menu_asks_for_a_picture_of_what_is_seen() {
    let mut harness = small(platform());
    toggle(&mut harness, "video");
    menu(&mut harness, "Credits per day", "Save as PNG…");
    let hidden = harness.state().charts.hidden(ChartName::ByFormat);
    assert_eq!(hidden.len(), 1);
    let expected = Command::SavePicture { chart: ChartName::ByFormat, hidden, dark: false };
    assert_eq!(harness.state().commands, [expected]);
}

#[test]
fn the_menu_turns_one_chart() {
    let mut harness = small(platform());
    menu(&mut harness, "Top users", "Show as table");
    harness.run();
    harness.get_by_role_and_label(Role::Grid, "Table: Top users");
    menu(&mut harness, "Top users", "Show as chart");
    harness.run();
    assert!(harness.query_by_role(Role::Grid).is_none());
}
