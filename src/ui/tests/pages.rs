use egui::Key;

use super::fixture::{jobs, state, user};
use super::*;
use crate::access::Viewer;
use crate::app::Turn;
use crate::app::state::{ImportJob, Page, Slot};

// ---- history ----------------------------------------------------------------------------------

#[test]
fn a_row_is_opened_by_click_and_copied() {
    let mut window = window(state(Page::History));
    window.get_by_label("2026-11-24 14:03:58.797").click();
    window.run();
    window.get_by_label("2026-11-24T14:03:58.797+00:00");
    click(&mut window, "Copy as JSON");
    window.get_by_label("Copy as JSON").click();
    window.step();
    let copied = window.output().platform_output.commands.iter().any(|it| {
        matches!(it, egui::OutputCommand::CopyText(text) if text.starts_with(r#"{"id":"00000000-0000-0000-0000-000000000002""#))
    });
    assert!(copied);
}

#[test]
fn rows_are_walked_by_arrows_and_closed_by_escape() {
    let mut window = window(state(Page::History));
    window.get_by_role_and_label(egui::Role::Grid, "History").focus();
    window.run();
    press(&mut window, &[Key::ArrowDown, Key::ArrowDown, Key::ArrowDown, Key::ArrowUp]);
    window.get_by_label("2026-11-24T14:03:58.797+00:00");
    press(&mut window, &[Key::End]);
    window.get_by_label("2026-11-24T10:42:00.603+00:00");
    window.get_by_label("2026-11-24 10:42:00.603");
    press(&mut window, &[Key::Escape]);
    assert!(window.query_by_label("Copy as JSON").is_none());
}

#[test]
fn null_and_empty_and_what_has_no_shape_are_seen() {
    let window = window(state(Page::History));
    for text in ["null", "(empty)", "text_to_speech\\n", "[object Object]", "f348594a"] {
        assert!(window.query_all_by_label(text).next().is_some(), "{text}");
    }
}

#[test]
fn rows_are_turned_by_pages_as_far_as_there_are_any() {
    let mut window = window(state(Page::History));
    assert_eq!(click(&mut window, "Older"), [Command::TurnHistory(Turn::Next)]);
    assert_eq!(click(&mut window, "Last"), [Command::TurnHistory(Turn::Last)]);
    assert_eq!(click(&mut window, "Newer"), []);
    assert_eq!(click(&mut window, "First"), []);
}

/// Types a day and presses Enter, in Berlin.
#[track_caller]
fn check_day(typed: &str, expected: Option<&str>) {
    let zone = crate::model::Zone::named("Europe/Berlin").unwrap();
    let calendar = crate::model::Calendar::new(zone.clone());
    let mut window = window(State { calendar, ..state(Page::History) });
    window.get_by_label("Go to a day").focus();
    window.run();
    window.get_by_label("Go to a day").type_text(typed);
    window.run();
    let commands = press(&mut window, &[Key::Enter]);
    let until = commands.iter().map(|it| match it {
        Command::TurnHistory(Turn::To(at)) => zone.format(*at),
        other => format!("{other:?}"),
    });
    assert_eq!(until.collect::<Vec<_>>(), Vec::from_iter(expected));
}

#[test]
fn history_goes_to_the_end_of_a_day() {
    check_day(" 2026-10-24 ", Some("2026-10-25T00:00:00+02:00"));
    check_day("2026-10-25", Some("2026-10-26T00:00:00+01:00"));
    check_day("2026-02-30", None);
    check_day("yesterday", None);
    check_day("", None);
}

#[test]
fn an_error_stands_in_its_place_and_the_old_rows_stay() {
    let mut state = state(Page::History);
    state.history = Slot { error: Some("the file is locked by another program".to_owned()), ..state.history };
    let window = window(state);
    window.get_by_label("the file is locked by another program");
    window.get_by_label("2026-11-24 14:05:00");
}

// ---- ranking ----------------------------------------------------------------------------------

#[test]
fn the_ranking_adds_up_and_keeps_users_without_a_profile() {
    let window = window(state(Page::Ranking));
    window.get_by_label("Total");
    window.get_by_label("5,395.37");
    window.get_by_label("Ada Lindqvist");
    assert!(window.query_all_by_label("no profile").next().is_some());
}

#[test]
fn a_user_of_the_ranking_can_be_looked_as() {
    let mut window = window(state(Page::Ranking));
    click(&mut window, "Farah Haddad");
    assert_eq!(click(&mut window, "View as Farah Haddad"), [Command::ViewAs(Viewer::Owner(user(2)))]);
    assert!(window.query_by_label("View as Farah Haddad").is_none());
    window.get_by_role_and_label(egui::Role::Grid, "Ranking").focus();
    window.run();
    press(&mut window, &[Key::Home, Key::ArrowDown, Key::Enter]);
    // Bruno has the role admin.
    assert_eq!(click(&mut window, "View as Bruno Keller"), [Command::ViewAs(Viewer::Admin(Some(user(1))))]);
}

// ---- data -------------------------------------------------------------------------------------

fn data(jobs: Vec<ImportJob>) -> Window {
    sized(State { jobs, ..state(Page::Data) }, [1100.0, 1300.0])
}

#[test]
fn dumps_are_chosen_or_typed() {
    let mut window = data(vec![]);
    assert_eq!(click(&mut window, "Import…"), [Command::ChooseDumps]);
    window.get_by_label("Path of a file").focus();
    window.run();
    window.get_by_label("Path of a file").type_text(" \"/x/usage logs.csv\" ");
    window.run();
    let opened = press(&mut window, &[Key::Enter]);
    assert_eq!(opened, [Command::OpenPaths(vec!["/x/usage logs.csv".into()])]);
}

#[test]
fn without_dialogs_a_path_can_be_typed() {
    let mut window = window(State { dialogs_unavailable: true, ..state(Page::Data) });
    assert_eq!(click(&mut window, "Import…"), []);
    window.get_by_label("Path of a file");
}

#[test]
fn files_over_the_window_light_the_zone() {
    let mut window = data(vec![]);
    window.input_mut().hovered_files = vec![egui::HoveredFile::default(); 2];
    // egui repaints as long as files hover.
    window.run_steps(2);
    window.get_by_label("Drop 2 files to import");
}

#[test]
fn a_running_import_says_how_far_it_is_and_can_be_stopped() {
    let mut window = data(jobs());
    window.get_by_label("Importing usage_logs_2026-11-25.csv");
    window.get_by_label("50,412 rows · 7.7 MB of 12.4 MB · 2 s left");
    assert_eq!(click(&mut window, "Cancel"), [Command::CancelImport(3)]);
}

#[test]
fn a_report_names_counts_warnings_and_rejects() {
    let window = data(jobs());
    for text in ["81,319", "6,761", "74,532", "all accounted for", "usage_logs, csv"] {
        assert!(window.query_all_by_label(text).next().is_some(), "{text}");
    }
    window.get_by_label("9 rows have the metadata “[object Object]”");
    for text in ["41,878", "whole row", "7 fields, the header has 8", "40d2c6b8,\\tupscale"] {
        assert!(window.query_all_by_label(text).next().is_some(), "{text}");
    }
    window.get_by_label("and 9 more, kept in the file");
}

#[test]
fn a_failed_import_says_where_and_that_nothing_was_kept() {
    let mut window = data(vec![jobs().remove(0)]);
    window.get_by_label("Line 41,877: the quote is never closed: export the table again");
    window.get_by_label("Nothing of this file was kept");
    assert_eq!(click(&mut window, "Dismiss the report"), [Command::DismissImport(1)]);
}

#[test]
fn the_file_remembers_its_imports() {
    let window = data(vec![]);
    for text in ["usage_logs_2026-11-24.csv", "profiles.json", "120", "17"] {
        window.get_by_label(text);
    }
    window.get_by_label("conflict");
    window.get_by_label("credits_consumed differs");
    assert_eq!(window.query_all_by_label("rejected").count(), 4, "a head and three rows");
}

// ---- first run --------------------------------------------------------------------------------

#[test]
fn the_first_run_offers_a_dump_or_the_sample() {
    let mut window = window(State::default());
    assert_eq!(click(&mut window, "Choose files…"), [Command::ChooseDumps]);
    assert_eq!(click(&mut window, "Try with sample data"), [Command::OpenSample]);
    // There is nothing on the other pages yet, and nobody to look as.
    assert_eq!(click(&mut window, "History"), []);
    assert!(window.query_by_label("Admin · all rows").is_none());
    let wide = sized(State::default(), [1440.0, 900.0]);
    wide.get_by_label("Works offline. Nothing leaves this machine");
}
