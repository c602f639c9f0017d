//! From the drop of a dump to its commit, or to nothing at all.

use std::fs;

use super::*;

const HEADER: &str = "id,user_id,action,credits_consumed,metadata,created_at,format,quality\n";

pub(super) fn row(id: u8, credits: &str, time: &str) -> String {
    let user = "6ba7b810-9dad-41d1-80b4-00c04fd430c8";
    format!("550e8400-e29b-41d4-a716-4466554400{id:02},{user},chat,{credits},,{time},text,\n")
}

pub(super) fn dump(folder: &TempDir, name: &str, rows: &[String]) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, HEADER.to_owned() + &rows.concat()).unwrap();
    path
}

pub(super) const TIME: &str = "2026-08-30 10:00:00+00";

/// A file with one row, and its bytes while nothing is written.
pub(super) fn file(folder: &TempDir) -> (PathBuf, Vec<u8>) {
    let path = folder.path().join("logs.creditscope");
    let first = dump(folder, "first.csv", &[row(1, "2", TIME)]);
    let store = Store::create_or_open(&path).unwrap();
    let options = crate::import::Options::default();
    let report = crate::service::import(&store, &first, &options, &crate::model::Cancel::new(), &mut |_| ());
    assert_eq!(report.error, None);
    store.make_indexes(&crate::model::Cancel::new(), &mut |_| ()).unwrap();
    drop(store);
    let bytes = fs::read(&path).unwrap();
    (path, bytes)
}

fn checked(window: &mut Window) -> state::Check {
    until(window, "the check", |it| {
        let check = it.state().state().check.as_ref();
        check.is_some_and(|it| it.dumps.iter().all(|it| it.report.is_some()))
    });
    window.state().state().check.clone().unwrap()
}

#[test]
fn a_damaged_and_conflicting_dump_is_seen_whole_before_it_is_committed() {
    let folder = tempfile::tempdir().unwrap();
    let (path, bytes) = file(&folder);
    let rows = [row(1, "3", TIME), row(2, "1", TIME), row(2, "1", TIME), row(3, "two", TIME)];
    let next = dump(&folder, "next.csv", &rows);
    let mut window = window(vec![path.clone(), next], Vec::new());
    checked(&mut window);
    for text in ["Nothing is written until you commit", "next.csv", "other content: kept apart"] {
        assert!(window.query_all_by_label(text).count() > 0, "{text}");
    }
    window.get_by_label_contains("an id that is in the file before comes again");
    window.get_by_label_contains("is not a number");
    window.get_by_label("Preview");
    assert_eq!(fs::read(&path).unwrap(), bytes, "a check writes nothing");
    window.get_by_label("Commit 1 new row").click();
    until(&mut window, "the rows", |it| it.state().state().file.as_ref().is_some_and(|it| it.n_rows == 2));
    assert!(window.state().state().check.is_none());
}

#[test]
fn a_cancelled_check_leaves_the_file_as_it_was_and_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    let (path, bytes) = file(&folder);
    let next = dump(&folder, "next.csv", &[row(2, "1", TIME)]);
    let mut with_file = window(vec![path.clone(), next.clone()], Vec::new());
    checked(&mut with_file);
    with_file.get_by_label("Cancel").click();
    with_file.run_steps(4);
    assert!(with_file.state().state().check.is_none());
    drop(with_file);
    assert_eq!(fs::read(&path).unwrap(), bytes);

    let mut without = window(vec![next], Vec::new());
    checked(&mut without);
    without.get_by_label("Makes next.creditscope. All of it or none");
    without.get_by_label("Cancel").click();
    until(&mut without, "the first page", |it| it.query_by_label("Look at your credits").is_some());
    assert!(!folder.path().join("next.creditscope").exists());
}

#[test]
fn a_dump_that_fails_is_left_out_and_the_others_are_committed() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = file(&folder);
    let good = dump(&folder, "good.csv", &[row(2, "1", TIME)]);
    let cut = dump(&folder, "cut.csv", &[row(3, "1", TIME), "\"never closed".to_owned()]);
    let mut window = window(vec![path, good, cut], Vec::new());
    checked(&mut window);
    window.get_by_label("1 file cannot be imported and would be left out");
    window.get_by_label("Leave out cut.csv").click();
    window.run_steps(4);
    let check = checked(&mut window);
    assert_eq!(check.dumps.len(), 1);
    assert_eq!(check.commit.as_deref(), Some("Commit 1 new row"));
}

#[test]
fn times_without_zone_are_asked_about_with_their_effect() {
    let folder = tempfile::tempdir().unwrap();
    let (path, bytes) = file(&folder);
    let next = dump(&folder, "next.csv", &[row(2, "1", "2026-08-30 10:00:00")]);
    let mut window = window(vec![path.clone(), next], Vec::new());
    let check = checked(&mut window);
    assert_eq!(check.commit, None);
    window.get_by_label("In which zone are times that name none?");
    window.get_by_label("2026-08-30T10:00:00+00:00");
    window.get_by_role_and_label(egui::Role::Button, "UTC").click();
    window.run_steps(4);
    assert_eq!(checked(&mut window).commit.as_deref(), Some("Commit 1 new row"));
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn the_files_of_a_folder_are_checked_together() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = file(&folder);
    let inner = folder.path().join("exports");
    fs::create_dir(&inner).unwrap();
    for (name, id) in [("b.csv", 2), ("a.csv", 3), (".hidden", 4)] {
        fs::rename(dump(&folder, name, &[row(id, "1", TIME)]), inner.join(name)).unwrap();
    }
    let mut window = window(vec![path, inner], Vec::new());
    let check = checked(&mut window);
    let names: Vec<_> = check.dumps.iter().map(|it| it.path.file_name().unwrap().to_owned()).collect();
    assert_eq!(names, ["a.csv", "b.csv"]);
    assert_eq!(check.commit.as_deref(), Some("Commit 2 new rows"));
}

#[test]
fn any_zone_can_be_named() {
    let folder = tempfile::tempdir().unwrap();
    let next = dump(&folder, "next.csv", &[row(2, "1", "2026-08-30 10:00:00")]);
    let mut window = window(vec![next], Vec::new());
    checked(&mut window);
    for (zone, commit) in [("Atlantis", None), ("Asia/Kolkata", Some("Commit 1 new row"))] {
        let field = window.get_by_label("Zone of times that name none");
        field.focus();
        field.type_text(zone);
        window.run_steps(4);
        window.key_press(egui::Key::Enter);
        window.run_steps(4);
        assert_eq!(checked(&mut window).commit.as_deref(), commit);
        let state = window.state().state();
        assert_eq!(state.notices.is_empty(), commit.is_some(), "{:?}", state.notices);
        if commit.is_none() {
            let notice = state.notices.last().unwrap().id;
            window.state_mut().handle(Command::DismissNotice(notice));
            let field = window.get_by_label("Zone of times that name none");
            field.focus();
            window.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
            window.run_steps(2);
        }
    }
}
