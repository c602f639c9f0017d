//! What an import would do, before anything is written.

use egui::Role;

use super::fixture::{check, state};
use super::*;
use crate::app::CheckCommand;
use crate::app::state::{Check, Page};

fn checked(check: Check, size: [f32; 2]) -> Window {
    sized(State { check: Some(check), ..state(Page::Data) }, size)
}

/// A check of the one dump that can be imported.
fn of_one() -> Check {
    let mut check = check();
    check.dumps.truncate(1);
    check
}

#[test]
fn a_check_says_what_would_become_of_each_row() {
    let mut window = checked(of_one(), [1440.0, 1100.0]);
    for text in [
        "New",
        "6,761",
        "Repeat",
        "Conflict",
        "will be written",
        "9 rows have the metadata “[object Object]”",
    ] {
        assert!(window.query_all_by_label(text).count() > 0, "{text}");
    }
    window.get_by_label("first 50 of 81,319 rows");
    window.get_by_label("no such day");
    window.get_by_label("Into platform-2026.creditscope. Each file is one transaction: all of it or none");
    assert!(window.query_by_label("Drop files here").is_none());
    let n_rows = |window: &Window| window.query_all_by_label_contains("9f1c4e07-0000").count();
    assert_eq!(n_rows(&window), 6);
    click(&mut window, "Show 50");
    assert!(n_rows(&window) > 6);
    assert_eq!(click(&mut window, "Commit 6,761 new rows"), [Command::Check(CheckCommand::Commit)]);
    assert_eq!(click(&mut window, "Cancel"), [Command::Check(CheckCommand::Cancel)]);
}

#[test]
fn a_card_says_how_its_file_is_written_and_read() {
    let mut check = of_one();
    check.dumps[0].readings = vec!["Times that name no zone are read as UTC, as you said".to_owned()];
    let mut window = checked(check, [1100.0, 720.0]);
    window.get_by_label("usage_logs");
    window.get_by_label("CSV · gzip · UTF-8 · comma · header · 8 of 8 columns");
    window.get_by_label("Times that name no zone are read as UTC, as you said");
    let again = Command::Check(CheckCommand::AskAgain(0));
    assert_eq!(click(&mut window, "Change how usage_logs_2026-11-24.csv is read…"), [again]);
    assert_eq!(click(&mut window, "Other file…"), [Command::Check(CheckCommand::ChooseOther)]);
}

#[test]
fn a_dump_that_asks_is_answered_in_its_place() {
    let mut window = checked(check(), [1440.0, 1600.0]);
    window.get_by_label("2026-08-30 10:00:00");
    window.get_by_label("2026-08-30T08:00:00+00:00");
    let answer = Command::Check(CheckCommand::Answer { dump: 1, choice: 0 });
    assert_eq!(click(&mut window, "Europe/Berlin"), [answer]);
    assert_eq!(click(&mut window, "Leave out cut.csv"), [Command::Check(CheckCommand::LeaveOut(2))]);
    window.get_by_role_and_label(Role::ProgressIndicator, "Check of usage_logs_2026-11-25.csv");
    // Without any file that can be imported there is nothing to commit.
    let none = Check { commit: None, dumps: check().dumps.split_off(1), ..check() };
    let mut window = checked(none, [1440.0, 900.0]);
    window.get_by_role_and_label(Role::Button, "Commit").click();
    assert_eq!(commands(&mut window), []);
}

#[test]
fn a_clean_dump_says_so_in_one_line() {
    let mut check = of_one();
    let mut report = check.dumps[0].report.as_deref().unwrap().clone();
    (report.tables[0].warnings, report.tables[0].rejects) = (Vec::new(), Vec::new());
    check.dumps[0].report = Some(report.into());
    let window = checked(check, SMALL);
    window.get_by_label("Nothing to look after");
    assert!(window.query_by_label("Warnings").is_none() && window.query_by_label("Rejected rows").is_none());
}
