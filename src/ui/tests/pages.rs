use egui::Key;

use super::fixture::{jobs, state};
use super::*;
use crate::app::state::{ImportJob, Page};

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
    for text in [
        "81,319",
        "6,761",
        "74,532",
        "all accounted for",
        "CSV · gzip · UTF-8 · comma · header · 8 of 8 columns",
    ] {
        assert!(window.query_all_by_label(text).next().is_some(), "{text}");
    }
    window.get_by_label("9 rows have the metadata “[object Object]”");
    window.get_by_label("created_at is read as milliseconds since 1970");
    window.get_by_label("What was not taken is listed below, by import");
}

#[test]
fn a_failed_import_says_where_and_that_nothing_was_kept() {
    let mut window = data(vec![jobs().remove(0)]);
    window.get_by_label("Line 41,877: the quote is never closed: export the table again");
    window.get_by_label("Nothing of this file was kept");
    assert_eq!(click(&mut window, "Dismiss the report"), [Command::DismissImport(1)]);
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
