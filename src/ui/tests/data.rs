//! Imports as batches, and what they did not take.

use egui::{Key, OutputCommand};

use super::fixture::{SHA256, jobs, slot, state};
use super::*;
use crate::app::BatchCommand;
use crate::app::state::{ImportJob, Page, Work};
use crate::model::RowId;
use crate::view::{Imports, LeftOut, Outcome};

fn data() -> Window {
    sized(state(Page::Data), [1440.0, 1000.0])
}

/// What was put on the clipboard in the last frame that did.
fn copied(window: &mut Window, act: impl FnOnce(&mut Window)) -> String {
    act(window);
    for _ in 0..4 {
        window.step();
        let commands = &window.output().platform_output.commands;
        if let Some(OutputCommand::CopyText(text)) = commands.first() {
            return text.clone();
        }
    }
    panic!("nothing was copied");
}

#[test]
fn the_file_remembers_its_imports() {
    let window = data();
    for text in ["usage_logs_2026-11-24.csv", "profiles.json", "120", "17", "All rows accounted for"] {
        window.get_by_label(text);
    }
    assert_eq!(window.query_all_by_label("12.4 MB").count(), 2);
    assert_eq!(window.query_all_by_label("9f2c07be").count(), 2);
}

#[test]
fn an_import_is_chosen_by_click_and_by_key() {
    let mut window = data();
    assert_eq!(click(&mut window, "profiles.json"), [Command::ShowBatch(1)]);
    window.get_by_role_and_label(egui::Role::Grid, "Imports").focus();
    window.run();
    assert_eq!(press(&mut window, &[Key::ArrowDown]), [Command::ShowBatch(1)]);
}

#[test]
fn a_hash_is_copied_whole() {
    let mut window = data();
    let hash = copied(&mut window, |it| it.query_all_by_label("9f2c07be").next().unwrap().click());
    assert_eq!(hash, SHA256);
    assert_eq!(copied(&mut window, |it| it.get_by_label("Copy the hash").click()), SHA256);
    assert_eq!(commands(&mut window), [], "no import is chosen by that");
}

#[test]
fn rejects_say_line_column_reason_and_text() {
    let mut window = data();
    for text in ["41,878", "whole row", "7 fields, the header has 8", "40d2c6b8,\\tupscale"] {
        window.get_by_label(text);
    }
    window.get_by_label("The first 3 of 12 are listed");
    window.get_by_label("Search the rows that were not taken").focus();
    window.run();
    window.get_by_label("Search the rows that were not taken").type_text("such DAY");
    window.run();
    assert!(window.query_by_label("41,878").is_none());
    let rows = copied(&mut window, |it| it.get_by_label("Copy all as CSV").click());
    assert!(
        rows.ends_with("\nrejected,usage_logs,41877,created_at,no such day,2026-02-30 11:20:09+00,,,,\n"),
        "{rows}"
    );
    window.get_by_label("41,877").click();
    window.run();
    window.get_by_label("Line 41,877, created_at");
    let row = copied(&mut window, |it| it.input_mut().events.push(egui::Event::Copy));
    assert!(row.starts_with("rejected\tusage_logs\t41877\tcreated_at\t"), "{row}");
    press(&mut window, &[Key::Escape]);
    assert!(window.query_by_label("Line 41,877, created_at").is_none());
}

#[test]
fn a_conflict_shows_both_versions() {
    let mut window = data();
    click(&mut window, "Conflicts 14");
    window.get_by_label("Taken 24 Nov 2026 14:05 by ada");
    window.get_by_label("Cannot be taken");
    window.query_all_by_label("credits_consumed was 2, now 2.5").next().unwrap().click();
    assert_eq!(commands(&mut window), []);
    for text in ["First, in the file", "Newer, left out", "In the dump", "credit difference"] {
        window.get_by_label(text);
    }
    assert!(window.query_all_by_label("+0.5").count() >= 3);
    let ids = |n| [RowId(uuid::Uuid::from_u128(n))].into();
    let asked = [Command::Batch(BatchCommand::AskTaking { batch: 2, ids: ids(9) })];
    assert_eq!(click(&mut window, "Take the newer version…"), asked);
    let all = [Command::Batch(BatchCommand::AskTakingAll(2))];
    assert_eq!(click(&mut window, "Take the newer of all…"), all, "also of those that are not listed");
    window.get_by_label("Search the rows that were not taken").focus();
    window.run();
    window.get_by_label("Search the rows that were not taken").type_text("now");
    window.run();
    assert_eq!(click(&mut window, "Take the newer of all found…"), asked, "of three one can be taken");
    window.get_by_label("Cannot be taken").click();
    window.run();
    window.get_by_label_contains("no more was kept of it");
    assert!(window.query_by_label("Take the newer version…").is_none());
}

#[test]
fn what_there_is_none_of_is_said() {
    let nothing = Imports { batches: Vec::new(), left_out: None, ..Imports::default() };
    sized(State { imports: slot(nothing), ..state(Page::Data) }, SMALL)
        .get_by_label("Nothing was imported into this file yet: drop an export above");
    let all_taken = Imports { left_out: Some(LeftOut::default()), ..Imports::default() };
    sized(State { imports: slot(all_taken), ..state(Page::Data) }, SMALL)
        .get_by_label("Every row of this import was taken, or was there already");
}

#[test]
fn what_is_listed_is_saved_as_csv() {
    let mut window = data();
    let save = |outcome, filter: &str| Command::SaveLeftOut { batch: 2, outcome, filter: filter.to_owned() };
    assert_eq!(click(&mut window, "Save as CSV…"), [save(Outcome::Rejected, "")]);
    click(&mut window, "Conflicts 14");
    window.get_by_label("Search the rows that were not taken").focus();
    window.run();
    window.get_by_label("Search the rows that were not taken").type_text("now");
    window.run();
    assert_eq!(click(&mut window, "Save as CSV…"), [save(Outcome::Conflict, "now")]);
}

#[test]
fn an_import_is_removed_or_checked_once_more() {
    let mut window = data();
    assert_eq!(click(&mut window, "Remove this import…"), [Command::Batch(BatchCommand::AskRemoval(2))]);
    assert_eq!(click(&mut window, "Import again"), [Command::Batch(BatchCommand::ImportAgain(2))]);
    let mut state = state(Page::Data);
    let mut imports = state.imports.value.as_deref().unwrap().clone();
    imports.batches[0].removed = Some("24 Nov 2026 15:00".to_owned());
    imports.left_out.as_mut().unwrap().removed = Some("24 Nov 2026 15:00".to_owned());
    state.imports = slot(imports);
    let window = sized(state, SMALL);
    window.get_by_label("usage_logs_2026-11-24.csv");
    window.get_by_label("removed 24 Nov 2026 15:00");
    window.get_by_label("Removed 24 Nov 2026 15:00: nothing of this import is in the file");
    window.get_by_label("Import again");
    assert!(window.query_by_label("Remove this import…").is_none());
}

#[test]
fn a_removal_under_way_is_seen_and_stopped() {
    let running = jobs().pop().map(|it| ImportJob { work: Work::Removal, ..it });
    let mut window = sized(State { jobs: running.into_iter().collect(), ..state(Page::Data) }, SMALL);
    window.get_by_label("Removing usage_logs_2026-11-25.csv");
    window.get_by_role_and_label(egui::Role::ProgressIndicator, "Removal of usage_logs_2026-11-25.csv");
    let cancel = "Cancel the removal of usage_logs_2026-11-25.csv";
    assert_eq!(click(&mut window, cancel), [Command::CancelImport(3)]);
}
