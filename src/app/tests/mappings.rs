//! A log of another shape, from its drop to its commit, or to nothing at all.

use std::fs;

use super::checks::file;
use super::*;
use crate::view::{MappingEdit, SourceKind};

const TRACE: &str = "TIMESTAMP,Model,Tokens\n\
    2023-11-16 18:15:46.680590+00,small,44\n\
    2023-11-16 18:15:50.951610+00,small,1250\n\
    2023-11-16 18:15:50.951610+00,small,1250\n";

fn trace(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("trace.csv");
    fs::write(&path, TRACE).unwrap();
    path
}

/// Once the form is there, and what it makes of the rows.
fn formed(window: &mut Window) -> state::Check {
    until(window, "the form", |it| {
        let check = it.state().state().check.as_ref();
        check.is_some_and(|it| {
            !it.pending && it.dumps.iter().all(|it| it.mapping.is_some() && it.report.is_some())
        })
    });
    window.state().state().check.clone().unwrap()
}

/// Of the rows that are shown.
fn credits(check: &state::Check) -> Vec<&str> {
    let report = check.dumps[0].report.as_ref().unwrap();
    report.tables[0].preview.lines.iter().map(|it| it.cells[3].text.as_str()).collect()
}

fn click(window: &mut Window, label: &str) {
    window.get_by_label(label).click();
    window.run_steps(4);
}

/// Chooses from a menu of the form.
fn choose(window: &mut Window, menu: &str, item: &str) {
    click(window, menu);
    window.query_all_by_label(item).last().unwrap().click();
    window.run_steps(4);
}

#[test]
fn a_foreign_log_is_guessed_mapped_and_committed_and_once_more_it_repeats() {
    let folder = tempfile::tempdir().unwrap();
    let (path, bytes) = file(&folder);
    let mut window = window(vec![path.clone(), trace(&folder)], Vec::new());
    let check = formed(&mut window);
    assert_eq!(check.commit, None, "a guess is not committed");
    window.get_by_label_contains("This is a guess");
    window.get_by_label("1 file waits for an answer");
    window.get_by_label("credits_consumed from Tokens");
    window.get_by_label("action from Model");
    assert_eq!(credits(&check), ["44", "1250", "1250"], "the rows are shown as the guess reads them");

    choose(&mut window, "credits_consumed: a column", "a column × a number");
    let check = formed(&mut window);
    assert_eq!(check.commit, None);
    window.get_by_label("credits_consumed: multiply by a number such as 0.001");
    window.get_by_label("credits_consumed: number").focus();
    window.get_by_label("credits_consumed: number").type_text("0.001");
    window.run_steps(4);
    let check = formed(&mut window);
    assert_eq!(check.commit.as_deref(), Some("Commit 3 new rows"));
    assert_eq!(credits(&check), ["0.044", "1.25", "1.25"]);
    window.get_by_label_contains("the same as a row before it");

    window.get_by_label("Name of the mapping").focus();
    window.get_by_label("Name of the mapping").type_text("traces");
    window.run_steps(2);
    click(&mut window, "Save mapping");
    formed(&mut window);
    assert_eq!(fs::read(&path).unwrap(), bytes, "a check writes nothing");
    click(&mut window, "Commit 3 new rows");
    until(&mut window, "the rows", |it| it.state().state().file.as_ref().is_some_and(|it| it.n_rows == 4));

    // The same file again, by what was saved for its columns.
    window.state_mut().handle(Command::OpenPaths(vec![trace(&folder)]));
    let check = formed(&mut window);
    assert_eq!(check.commit.as_deref(), Some("Commit, with no new rows"));
    window.get_by_label("Read as it was saved for files with these columns");
    window.get_by_label("Saved mappings: traces");
    click(&mut window, "Forget the mapping traces");
    assert_eq!(window.state().settings.mappings, []);
}

#[test]
fn a_foreign_log_that_is_cancelled_leaves_the_file_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let (path, bytes) = file(&folder);
    let mut window = window(vec![path.clone(), trace(&folder)], Vec::new());
    formed(&mut window);
    click(&mut window, "Use this mapping");
    assert_eq!(formed(&mut window).commit.as_deref(), Some("Commit 3 new rows"));
    click(&mut window, "Cancel");
    assert!(window.state().state().check.is_none());
    drop(window);
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn an_id_is_made_of_the_columns_that_are_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = window(vec![trace(&folder)], Vec::new());
    formed(&mut window);
    click(&mut window, "id from TIMESTAMP + Model + Tokens");
    for column in ["TIMESTAMP", "Tokens"] {
        window.get_by_role_and_label(egui::accesskit::Role::CheckBox, column).click();
        window.run_steps(4);
    }
    window.key_press(egui::Key::Escape);
    window.run_steps(4);
    let check = formed(&mut window);
    window.get_by_label("id from Model");
    let report = check.dumps[0].report.as_ref().unwrap();
    assert_eq!(report.tables[0].rejects.len(), 0);
    assert_eq!(check.commit.as_deref(), Some("Commit 1 new row"), "the others have its id, and differ");
}

#[test]
fn the_newest_of_quick_edits_is_what_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = window(vec![trace(&folder)], Vec::new());
    formed(&mut window);
    let place = 3;
    for edit in [
        MappingEdit::Kind(place, SourceKind::Constant),
        MappingEdit::Text(place, "1".to_owned()),
        MappingEdit::Text(place, "12".to_owned()),
        MappingEdit::Text(place, "12.5".to_owned()),
    ] {
        window.state_mut().handle(Command::Check(CheckCommand::Map { dump: 0, edit }));
    }
    window.step();
    assert!(window.state().state().check.as_ref().unwrap().dumps[0].report.is_some(), "what was there stays");
    let check = formed(&mut window);
    assert_eq!(credits(&check), ["12.5"; 3]);
}

#[test]
fn where_nothing_can_be_guessed_the_form_says_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("prices.csv");
    fs::write(&path, "name,price\nball,5\nkite,7.5\n").unwrap();
    let mut window = window(vec![path], Vec::new());
    assert_eq!(formed(&mut window).commit, None);
    window.get_by_label("Its columns are not those of a usage log: say which is which");
    window.get_by_label("created_at: choose a column of the file");
    assert!(window.query_by_label_contains("holds no table").is_none(), "the form says it");

    choose(&mut window, "created_at: a column", "always the same");
    window.get_by_label("created_at: text").focus();
    window.get_by_label("created_at: text").type_text("2025-08-30T10:00:00Z");
    window.run_steps(4);
    let check = formed(&mut window);
    assert_eq!(credits(&check), ["1", "1"]);
    assert_eq!(check.commit.as_deref(), Some("Commit 2 new rows"));
}

#[test]
fn what_was_answered_is_saved_with_the_mapping() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace.csv");
    fs::write(&path, TRACE.replace("+00", "")).unwrap();
    let mut window = window(vec![path.clone()], Vec::new());
    formed(&mut window);
    click(&mut window, "Use this mapping");
    window.get_by_label("In which zone are times that name none?");
    window.get_by_role_and_label(egui::Role::Button, "UTC").click();
    window.run_steps(4);
    assert_eq!(formed(&mut window).commit.as_deref(), Some("Commit 3 new rows"));
    let save = MappingEdit::Save("traces".to_owned());
    window.state_mut().handle(Command::Check(CheckCommand::Map { dump: 0, edit: save }));
    click(&mut window, "Cancel");

    window.state_mut().handle(Command::OpenPaths(vec![path]));
    assert_eq!(formed(&mut window).commit.as_deref(), Some("Commit 3 new rows"), "no question is left");
    window.get_by_label("Saved mappings: traces");
}

/// As it was published: 8,819 and 19,366 calls of language models.
#[test]
fn a_real_trace_comes_in_once() {
    let Some(real) = std::env::var_os("CREDITSCOPE_REAL").map(PathBuf::from) else { return };
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = file(&folder);
    let traces = ["code", "conv"].map(|it| real.join(format!("azure/AzureLLMInferenceTrace_{it}.csv")));
    let mut window = window([vec![path], traces.to_vec()].concat(), Vec::new());
    let name = "traces".to_owned();
    for command in [
        CheckCommand::Map { dump: 0, edit: MappingEdit::Accept },
        CheckCommand::AssumeZone { dump: 0, zone: Zone::utc() },
        CheckCommand::Map { dump: 0, edit: MappingEdit::Save(name.clone()) },
        CheckCommand::Map { dump: 1, edit: MappingEdit::Use(Some(name)) },
    ] {
        formed(&mut window);
        window.state_mut().handle(Command::Check(command));
    }
    for commit in ["Commit 28,185 new rows", "Commit, with no new rows"] {
        assert_eq!(formed(&mut window).commit.as_deref(), Some(commit));
        click(&mut window, commit);
        until(&mut window, "the rows", |it| {
            let state = it.state().state();
            state.jobs.iter().all(|it| it.report.is_some())
                && state.file.as_ref().is_some_and(|it| it.n_rows == 28_186)
        });
        window.state_mut().handle(Command::OpenPaths(traces.to_vec()));
    }
}
