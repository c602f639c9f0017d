//! Imports that are taken back, imported again, and their conflicts settled.

use std::fs;

use super::checks::{TIME, dump, file, row};
use super::*;

/// Rows and credits of the whole file, as the window shows them to its operator.
fn figures(window: &Window) -> Option<(u64, String)> {
    let state = window.state().state();
    let people = state.people.value.as_ref().filter(|_| !state.people.pending)?;
    let all = people.entries.iter().find(|it| it.viewer == Viewer::Admin(None))?;
    Some((state.file.as_ref()?.n_rows, all.credits.clone()))
}

#[track_caller]
fn until_figures(window: &mut Window, n_rows: u64, credits: &str) {
    until(window, &format!("{n_rows} rows"), |it| {
        figures(it).is_some_and(|(rows, sum)| rows == n_rows && sum == credits)
    });
}

/// A file with two imports: the second brings a new row, has one again and contradicts none.
fn with_two(folder: &TempDir) -> (Window, PathBuf) {
    let (path, _) = file(folder);
    let second = dump(folder, "second.csv", &[row(1, "2", TIME), row(2, "1.5", TIME)]);
    let mut window = window(vec![path, second.clone()], Vec::new());
    commit(&mut window);
    until_figures(&mut window, 2, "3.50");
    show_data(&mut window);
    (window, second)
}

fn show_data(window: &mut Window) {
    window.state_mut().handle(Command::ShowPage(state::Page::Data));
    until(window, "the imports", |it| {
        let imports = &it.state().state().imports;
        imports.value.is_some() && !imports.pending
    });
}

fn notice(window: &Window) -> String {
    window.state().state().notices.last().map(|it| it.text.clone()).unwrap_or_default()
}

#[track_caller]
fn asked(window: &mut Window, label: &str) -> state::Question {
    // It may be below what is in sight.
    window.get_by_label(label).click_accesskit();
    until(window, "the question", |it| it.state().state().question.is_some());
    window.state().state().question.clone().unwrap()
}

#[test]
fn a_removed_import_leaves_the_figures_of_before_and_comes_again() {
    let folder = tempfile::tempdir().unwrap();
    let (mut window, _) = with_two(&folder);
    let question = asked(&mut window, "Remove this import…");
    assert_eq!(question.title, "Remove second.csv?");
    assert!(question.text.starts_with("1 row with 1.5 credits go"), "{}", question.text);
    window.get_by_label("Remove 1 row").click();
    until_figures(&mut window, 1, "2.00");
    until(&mut window, "the list", |it| it.query_by_label_contains("nothing of this import").is_some());
    assert_eq!(notice(&window), "Removed second.csv: 1 row with 1.5 credits");
    assert!(window.state().state().jobs.is_empty(), "its report is not true any more");
    assert!(window.query_by_label("Remove this import…").is_none());
    window.get_by_label_contains("removed ");
    // The notice undoes it, and the page has the same button.
    assert_eq!(window.query_all_by_label("Import again").count(), 2);
    window.query_all_by_label("Import again").last().unwrap().click();
    commit(&mut window);
    until_figures(&mut window, 2, "3.50");
}

#[test]
fn what_later_imports_repeated_is_told_before_it_goes() {
    let folder = tempfile::tempdir().unwrap();
    let (mut window, _) = with_two(&folder);
    window.get_by_label("first.csv").click();
    until(&mut window, "the first import", |it| it.query_by_label("Not taken of first.csv").is_some());
    let question = asked(&mut window, "Remove this import…");
    assert!(question.text.contains("Of these rows second.csv repeated 1 row: they go too"), "{question:?}");
    assert!(question.text.contains("To have it back, import its file again"), "{question:?}");
}

#[test]
fn a_question_that_is_cancelled_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (mut window, _) = with_two(&folder);
    let path = folder.path().join("logs.creditscope");
    let bytes = fs::read(&path).unwrap();
    asked(&mut window, "Remove this import…");
    window.get_by_label("Cancel").click();
    window.run_steps(4);
    let state = window.state().state();
    assert!(state.question.is_none() && state.jobs.iter().all(|it| it.report.is_some()));
    assert_eq!(figures(&window).unwrap().0, 2);
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn importing_again_says_what_became_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (mut window, second) = with_two(&folder);
    dump(&folder, "second.csv", &[row(3, "1", TIME)]);
    window.get_by_label("Import again").click();
    until(&mut window, "the check", |it| it.query_by_label_contains("its hash is another").is_some());
    window.get_by_label("Commit 1 new row");
    window.get_by_label("Cancel").click();
    window.run_steps(4);
    fs::remove_file(second).unwrap();
    window.get_by_label("Import again").click();
    until(&mut window, "the reason", |it| it.query_by_label_contains("not where it was").is_some());
    assert!(window.state().state().check.is_none());
    assert_eq!(figures(&window).unwrap().0, 2);
}

/// A file with an import that contradicts two of its rows.
fn with_conflicts(folder: &TempDir) -> Window {
    let (mut window, _) = with_two(folder);
    let third = dump(folder, "third.csv", &[row(1, "3.25", TIME), row(2, "1", TIME), row(3, "1", TIME)]);
    window.state_mut().handle(Command::OpenPaths(vec![third]));
    commit(&mut window);
    until_figures(&mut window, 3, "4.50");
    show_data(&mut window);
    until(&mut window, "the conflicts", |it| it.query_by_label("Not taken of third.csv").is_some());
    // Their reports would push the rows out of sight.
    for id in window.state().state().jobs.iter().map(|it| it.id).collect::<Vec<_>>() {
        window.state_mut().handle(Command::DismissImport(id));
    }
    window.run_steps(4);
    window
}

#[test]
fn the_newer_version_of_one_or_of_all_is_taken_after_a_question() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = with_conflicts(&folder);
    let path = folder.path().join("logs.creditscope");
    let bytes = fs::read(&path).unwrap();
    let question = asked(&mut window, "Take the newer of all…");
    assert_eq!(question.title, "Take the newer version of 2 rows?");
    assert!(question.text.starts_with("All credits together change by +0.75"), "{question:?}");
    window.get_by_label("Cancel").click();
    window.run_steps(4);
    assert_eq!(fs::read(&path).unwrap(), bytes);

    window.get_by_label("credits_consumed was 2, now 3.25").click();
    window.run_steps(4);
    asked(&mut window, "Take the newer version…");
    window.get_by_label("Take 1 newer version").click();
    until_figures(&mut window, 3, "5.75");
    assert_eq!(notice(&window), "1 newer version taken: +1.25 credits");
    until(&mut window, "the mark", |it| it.query_all_by_label_contains(" by ").count() > 0);
    let question = asked(&mut window, "Take the newer of all…");
    assert!(question.text.starts_with("All credits together change by −0.5"), "{question:?}");
    window.get_by_label("Take 1 newer version").click();
    until_figures(&mut window, 3, "5.25");

    // The removal of the import puts both back.
    let question = asked(&mut window, "Remove this import…");
    assert!(question.text.contains("2 rows of other imports become again"), "{question:?}");
    window.get_by_label("Remove 1 row").click();
    until_figures(&mut window, 2, "3.50");
}

#[test]
fn all_newer_versions_are_taken_also_of_rows_that_are_not_listed() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = file(&folder);
    let rows = |credits: &str| -> Vec<String> {
        let row = |n: u32| row(9, credits, TIME).replacen("550e8400", &format!("{n:08}"), 1);
        (0..1_005).map(row).collect()
    };
    let mut window = window(vec![path, dump(&folder, "many.csv", &rows("1"))], Vec::new());
    commit(&mut window);
    until_figures(&mut window, 1_006, "1,007.00");
    window.state_mut().handle(Command::OpenPaths(vec![dump(&folder, "newer.csv", &rows("3"))]));
    commit(&mut window);
    until(&mut window, "the conflicts", |it| it.query_by_label("Not taken of newer.csv").is_some());
    assert!(window.query_by_label("The first 1,000 of 1,005 are listed").is_some());
    let question = asked(&mut window, "Take the newer of all…");
    assert_eq!(question.title, "Take the newer version of 1,005 rows?");
    assert!(question.text.starts_with("All credits together change by +2,010"), "{question:?}");
    window.get_by_label("Take 1,005 newer versions").click();
    until_figures(&mut window, 1_006, "3,017.00");
}

#[test]
fn what_was_not_taken_is_saved_as_csv() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = file(&folder);
    let (saved, before) = (folder.path().join("mend.csv"), folder.path().join("logs-rejected.csv"));
    fs::write(&before, "mine").unwrap();
    let lines = [row(1, "3", TIME), row(2, "two", TIME), row(3, "three", TIME)];
    let second = dump(&folder, "logs.csv", &lines);
    let picked = vec![Picked::Paths(vec![saved.clone()]), Picked::Cancelled, Picked::Unavailable];
    let mut window = window(vec![path, second], picked);
    until(&mut window, "the check", |it| {
        it.state().state().check.as_ref().is_some_and(|it| it.commit.is_some())
    });
    window.state_mut().handle(Command::Check(CheckCommand::Commit));
    until(&mut window, "the import", |it| !notice(it).is_empty());
    show_data(&mut window);
    until(&mut window, "the rejects", |it| it.query_by_label("Save as CSV…").is_some());
    let save = |window: &mut Window, outcome, filter: &str| {
        let batch = window.state().state().imports.value.as_ref().unwrap().left_out.as_ref().unwrap().batch;
        window.state_mut().state.notices.clear();
        window.state_mut().handle(Command::SaveLeftOut { batch, outcome, filter: filter.to_owned() });
    };
    save(&mut window, view::Outcome::Rejected, "THREE");
    until(&mut window, "the file", |it| notice(it).starts_with("Saved: "));
    let text = fs::read_to_string(&saved).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert!(lines[0].starts_with("outcome,table,line,column_or_id,reason,raw"), "{text}");
    assert!(lines[1].starts_with("rejected,usage_logs,4,credits_consumed,"), "{text}");
    assert_eq!(lines.len(), 2, "{text}");

    save(&mut window, view::Outcome::Conflict, "");
    window.run_steps(4);
    assert!(!window.state().state().dialog_open && notice(&window).is_empty(), "cancelled");

    // Without a dialog it goes beside the file, and replaces nothing.
    save(&mut window, view::Outcome::Rejected, "");
    until(&mut window, "the other file", |it| notice(it).ends_with("logs-rejected-2.csv"));
    assert_eq!(fs::read_to_string(&before).unwrap(), "mine");
    assert_eq!(fs::read_to_string(folder.path().join("logs-rejected-2.csv")).unwrap().lines().count(), 3);
}
