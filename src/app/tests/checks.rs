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

/// Answers the question about zones with one from the list of all.
fn name_zone(window: &mut Window, text: &str) {
    window.get_by_label("Another zone…").click();
    window.run_steps(4);
    window.get_by_label("Search zones").type_text(text);
    window.run_steps(4);
    window.key_press(egui::Key::Enter);
    window.run_steps(4);
}

#[test]
fn any_zone_can_be_named() {
    let folder = tempfile::tempdir().unwrap();
    let next = dump(&folder, "next.csv", &[row(2, "1", "2026-08-30 10:00:00")]);
    let mut window = window(vec![next], Vec::new());
    checked(&mut window);
    name_zone(&mut window, "atlantis");
    assert_eq!(checked(&mut window).commit, None);
    window.key_press(egui::Key::Escape);
    window.run_steps(4);
    name_zone(&mut window, "kolkata");
    assert_eq!(checked(&mut window).commit.as_deref(), Some("Commit 1 new row"));
    window.get_by_label("Times that name no zone are read as Asia/Kolkata, as you said");
    window.get_by_label("2026-08-30T04:30:00+00:00");
}

#[test]
fn an_answer_holds_for_the_next_file_with_the_same_columns_and_can_be_changed() {
    const RECALLED: &str =
        "Times that name no zone are read as Asia/Kolkata, as for the last file with these columns";
    let folder = tempfile::tempdir().unwrap();
    let (path, bytes) = file(&folder);
    let naive = |id| row(id, "1", "2026-08-30 10:00:00");
    let (second, third) = (dump(&folder, "second.csv", &[naive(2)]), dump(&folder, "third.csv", &[naive(3)]));
    let mut window = window(vec![path.clone(), second, third], Vec::new());
    let check = checked(&mut window);
    assert!(check.dumps.iter().all(|it| it.question.is_some()));
    // Of two files with the same columns one is answered.
    window.state_mut().handle(Command::Check(CheckCommand::AssumeZone {
        dump: 0,
        zone: Zone::named("Asia/Kolkata").unwrap(),
    }));
    let check = checked(&mut window);
    assert_eq!(check.commit.as_deref(), Some("Commit 2 new rows"));
    assert_eq!(check.dumps[1].readings, [RECALLED]);
    window.get_by_label(RECALLED);

    window.get_by_label("Change how third.csv is read…").click();
    window.run_steps(4);
    let check = checked(&mut window);
    assert!(check.dumps[1].question.is_some() && check.dumps[1].readings.is_empty());
    assert_eq!(check.dumps[0].readings.len(), 1);
    window.get_by_role_and_label(egui::Role::Button, "UTC").click();
    window.run_steps(4);
    assert_eq!(
        checked(&mut window).dumps[1].readings,
        ["Times that name no zone are read as UTC, as you said"]
    );
    assert_eq!(fs::read(&path).unwrap(), bytes, "nothing is written by a check");
    window.get_by_label("Cancel").click();
    window.run_steps(4);
    assert_eq!(fs::read(&path).unwrap(), bytes, "nor by a cancel");

    // What is remembered is what was said last, and only for such columns.
    let fourth = dump(&folder, "fourth.csv", &[naive(4)]);
    let other = folder.path().join("other.csv");
    fs::write(&other, (HEADER.to_owned() + &naive(5)).replace(',', ";")).unwrap();
    window.state_mut().handle(Command::OpenPaths(vec![fourth, other]));
    until(&mut window, "the check", |it| it.state().state().check.is_some());
    let check = checked(&mut window);
    assert!(check.dumps[0].readings[0].contains("read as UTC, as for the last"), "{:?}", check.dumps[0]);
    assert!(check.dumps[1].question.is_some());
    window.get_by_label("Leave out other.csv").click();
    window.run_steps(4);
    checked(&mut window);
    window.get_by_label("Commit 1 new row").click();
    until(&mut window, "the row", |it| it.state().state().file.as_ref().is_some_and(|it| it.n_rows == 2));
}

#[test]
fn an_encoding_is_remembered_by_the_columns_it_does_not_concern() {
    let folder = tempfile::tempdir().unwrap();
    let latin = |name: &str, id| {
        let path = folder.path().join(name);
        let text = HEADER.to_owned() + &row(id, "1", TIME).replace("chat", "t~cken");
        fs::write(&path, text.bytes().map(|it| if it == b'~' { 0xfc } else { it }).collect::<Vec<_>>())
            .unwrap();
        path
    };
    let mut window = window(vec![latin("first.csv", 2)], Vec::new());
    checked(&mut window);
    window.get_by_role_and_label(egui::Role::Button, "windows-1252").click();
    window.run_steps(4);
    checked(&mut window);
    window.get_by_label("CSV · windows-1252 · comma · header · 8 of 8 columns");
    window.state_mut().handle(Command::OpenPaths(vec![latin("second.csv", 3)]));
    until(&mut window, "both", |it| it.state().state().check.as_ref().is_some_and(|it| it.dumps.len() == 2));
    let check = checked(&mut window);
    assert_eq!(
        check.dumps[1].readings,
        ["The text is read as windows-1252, as for the last file with these columns"]
    );
    assert_eq!(check.commit.as_deref(), Some("Commit 2 new rows"));
}

#[test]
fn another_file_takes_the_place_of_the_one_that_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let (path, bytes) = file(&folder);
    let next = dump(&folder, "next.csv", &[row(2, "1", TIME)]);
    let other = dump(&folder, "other.csv", &[row(3, "1", TIME), row(4, "1", TIME)]);
    let third = dump(&folder, "third.csv", &[row(5, "1", TIME)]);
    let picked = vec![Picked::Cancelled, Picked::Paths(vec![other])];
    let mut window = window(vec![path.clone(), next], picked);
    checked(&mut window);
    let names = |window: &mut Window| -> Vec<_> {
        let check = checked(window);
        check.dumps.iter().map(|it| it.path.file_name().unwrap().to_owned()).collect()
    };
    window.get_by_label("Other file…").click();
    window.run_steps(4);
    assert_eq!(names(&mut window), ["next.csv"]);
    window.get_by_label("Other file…").click();
    until(&mut window, "the other", |it| it.query_by_label("other.csv").is_some());
    assert_eq!(names(&mut window), ["other.csv"]);
    // What is dropped comes beside it.
    window.state_mut().handle(Command::OpenPaths(vec![third]));
    until(&mut window, "the third", |it| it.query_by_label("third.csv").is_some());
    assert_eq!(names(&mut window), ["other.csv", "third.csv"]);
    assert!(window.query_by_label("Other file…").is_none());
    assert_eq!(fs::read(&path).unwrap(), bytes);
}
