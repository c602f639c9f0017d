//! The window with its workers, driven through labels as a screen reader would.

mod batches;
mod checks;
mod indexing;
mod mappings;
mod superseded;

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use tempfile::TempDir;

use super::dialogs::{Dialogs, Picked, Reply, Wanted};
use super::state::NoticeKind;
use super::*;
use crate::access::Viewer;
use crate::demo::{self, SAMPLE};
use crate::view;

/// Answers at once with what it was given, the first first.
struct Scripted(Mutex<Vec<Picked>>);

impl Dialogs for Scripted {
    fn choose(&self, _: Wanted, reply: Reply) {
        reply(self.0.lock().unwrap().remove(0));
    }
}

type Window = Harness<'static, App>;

fn window(paths: Vec<PathBuf>, picked: Vec<Picked>) -> Window {
    Harness::builder().with_size([1280.0, 800.0]).with_max_steps(20).allow_missing_glyphs().build_eframe(
        move |cc| {
            let launch = Launch { paths, screenshot: None };
            App::new(&cc.egui_ctx, None, Box::new(Scripted(Mutex::new(picked))), launch).unwrap()
        },
    )
}

/// Draws frames until something is so. The workers need a moment; a minute is a failure.
#[track_caller]
fn until(window: &mut Window, what: &str, is_so: impl Fn(&Window) -> bool) {
    let began = Clock::now();
    while !is_so(window) {
        assert!(began.elapsed().as_secs() < 60, "{what} never came");
        window.step();
        std::thread::yield_now();
    }
    window.run_steps(4);
}

/// A file with the sample in it, imported by the window itself.
fn with_sample(folder: &TempDir) -> Window {
    with_sample_and(folder, Vec::new())
}

/// The same, where dialogs are answered.
fn with_sample_and(folder: &TempDir, picked: Vec<Picked>) -> Window {
    let dumps = demo::write_sample(folder.path()).unwrap();
    let file = folder.path().join("platform.creditscope");
    let mut window = window([vec![file], dumps].concat(), picked);
    commit(&mut window);
    until(&mut window, "the sample", |it| {
        let state = it.state().state();
        state.viewing.visible.is_some_and(|it| it.n_rows == SAMPLE.n_rows)
            && state.people.value.as_ref().is_some_and(|it| it.entries.len() > 40)
    });
    window
}

/// Presses the button of a check, once it can be pressed.
#[track_caller]
fn commit(window: &mut Window) {
    until(window, "the check", |it| it.state().state().check.as_ref().is_some_and(|it| it.commit.is_some()));
    let text = window.state().state().check.as_ref().unwrap().commit.clone().unwrap();
    window.get_by_label(&text).click();
    window.run_steps(4);
}

#[test]
fn dumps_chosen_in_the_dialog_are_charted() {
    let folder = tempfile::tempdir().unwrap();
    let dumps = demo::write_sample(folder.path()).unwrap();
    let mut window = window(Vec::new(), vec![Picked::Cancelled, Picked::Paths(dumps)]);
    window.run_steps(4);
    window.get_by_label("Choose files…").click();
    window.run_steps(4);
    window.get_by_label("Choose files…").click();
    commit(&mut window);
    until(&mut window, "the chart", |it| it.query_by_label_contains("Credits per day by format").is_some());
    until(&mut window, "all rows", |it| {
        it.state().state().file.as_ref().is_some_and(|it| it.n_rows == SAMPLE.n_rows)
    });
    // Made beside the first dump.
    assert!(folder.path().join("profiles.creditscope").exists());
}

#[test]
fn an_idle_window_draws_no_frames() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = with_sample(&folder);
    until(&mut window, "rest", |it| !it.state().state().is_pending());
    // Fails where each frame asks for another.
    let steps = window.try_run().unwrap();
    assert!(steps < 10, "{steps} frames");
}

#[test]
fn viewing_as_a_user_shows_only_their_rows() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = with_sample(&folder);
    window.key_press(egui::Key::V);
    window.run_steps(4);
    window.get_by_label("Search users").type_text("Keiko");
    window.run_steps(4);
    window.key_press(egui::Key::Enter);
    until(&mut window, "the user's view", |it| matches!(it.state().state().viewing.viewer, Viewer::Owner(_)));
    let state = window.state().state().clone();
    let visible = state.viewing.visible.unwrap();
    assert!(visible.n_rows > 0 && visible.n_rows < SAMPLE.n_rows && visible.n_own == visible.n_rows);
    assert!(state.title().starts_with("Viewing as Keiko"));
    window.get_by_label_contains("Viewing as Keiko");
    check_proof(&mut window, visible.n_rows);
    window.get_by_label("No row of another user in the answer");
    // It follows the period, and is not taken along to another viewer.
    window.state_mut().handle(Command::SetRange(crate::report::chart::Range::All));
    until(&mut window, "the other period", |it| it.query_by_label("Side by side, all time").is_some());
    window.state_mut().handle(Command::ViewAs(Viewer::Nobody));
    until(&mut window, "nobody", |it| it.state().state().viewing.viewer == Viewer::Nobody);
    assert!(window.state().state().proof.is_none());
    check_proof(&mut window, 0);
}

#[test]
fn one_users_figures_are_looked_at_and_left() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = with_sample(&folder);
    window.state_mut().handle(Command::ShowPage(state::Page::Ranking));
    until(&mut window, "the ranking", |it| it.state().state().ranking.value.is_some());
    let first = window.state().state().ranking.value.as_ref().unwrap().row(0).unwrap();
    let user = first.user_id;
    let name = first.name.map_or(first.short_id, |it| it.text);
    window.state_mut().handle(Command::Focus(Some(user)));
    let chip = format!("Remove user: {name}");
    until(&mut window, "the user's figures", |it| it.query_by_label(&chip).is_some());
    let shown = window.state().state().clone();
    let overview = shown.overview.value.as_ref().unwrap();
    assert_eq!((overview.tiles[0].figure.as_str(), overview.adds_up), (first.credits.as_str(), true));
    assert_eq!(overview.tiles[2].name, "Active days");
    assert_eq!(shown.viewing.viewer, Viewer::Admin(None));
    // It is taken along to the history, and to the rows behind a figure.
    window.state_mut().handle(Command::ShowPage(state::Page::History));
    until(&mut window, "the history", |it| it.state().state().history.value.is_some());
    assert_eq!(window.state().state().listing.filter.users.include, [user]);
    window.get_by_label(&chip);
    // Back to the figures, and to the ranking before them.
    window.state_mut().handle(Command::GoBack);
    until(&mut window, "the figures again", |it| {
        let state = it.state().state();
        state.page == state::Page::Overview && !state.is_pending()
    });
    assert_eq!(window.state().state().focus.as_ref().map(|it| it.user_id), Some(user));
    window.state_mut().handle(Command::GoBack);
    until(&mut window, "the ranking again", |it| it.state().state().focus.is_none());
    assert_eq!(window.state().state().page, state::Page::Ranking);
    // The chip takes it away, and from the history with it.
    window.state_mut().handle(Command::GoForward);
    until(&mut window, "the figures once more", |it| it.query_by_label(&chip).is_some());
    window.state_mut().handle(Command::ShowPage(state::Page::History));
    window.state_mut().handle(Command::Focus(None));
    until(&mut window, "all rows", |it| !it.state().state().is_pending());
    let state = window.state().state();
    assert!(state.focus.is_none() && state.listing.filter.users.is_empty());
}

/// Opens the proof, which holds and counts what is visible.
#[track_caller]
fn check_proof(window: &mut Window, n_visible: u64) {
    window.key_press(egui::Key::P);
    let proof = |window: &Window| window.state().state().proof.as_ref().and_then(|it| it.value.clone());
    until(window, "the proof", |it| proof(it).is_some());
    let proof = proof(window).unwrap();
    assert!(proof.holds(), "{:?}", proof.checks);
    let n_rows = SAMPLE.n_rows;
    let counts = [n_visible, n_rows - n_visible, n_rows].map(view::number::count);
    assert_eq!(proof.rows.each_ref().map(|it| it.n.clone()), counts);
}

#[test]
fn a_range_is_chosen_and_stepped() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = with_sample(&folder);
    let is_shown = |window: &mut Window, words: &str| {
        until(window, words, |it| it.query_by_label_contains(words).is_some());
    };
    is_shown(&mut window, "Credits per day by format, 30 days");
    window.state_mut().handle(Command::SetRange(crate::report::chart::Range::LastDays(7)));
    is_shown(&mut window, "Credits per day by format, 7 days");
    let before = window.state().state().overview.value.clone().unwrap();
    window.state_mut().handle(Command::Step(-1));
    until(&mut window, "the week before", |it| {
        it.state().state().overview.value.as_ref().is_some_and(|it| it.range != before.range)
    });
}

#[test]
fn a_comparison_is_chosen_and_taken_back() {
    use crate::report::chart::{AsOf, Compare};
    let folder = tempfile::tempdir().unwrap();
    let mut window = with_sample(&folder);
    let said = |window: &mut Window, words: &str| {
        until(window, words, |it| {
            let page = it.state().state().overview.value.as_ref();
            page.is_some_and(|it| it.by_format.before.as_deref().unwrap_or("nothing") == words)
        });
    };
    said(&mut window, "previous 30 days");
    let partial =
        |window: &Window| window.state().state().overview.value.as_ref().unwrap().by_format.partial.is_some();
    assert!(partial(&window));
    window.get_by_label("Compare: vs previous 30 days").click();
    window.run_steps(4);
    window.get_by_label("Same weekdays").click();
    said(&mut window, "same weekdays, 35 days before");
    window.state_mut().handle(Command::SetAsOf(AsOf::LastDay));
    until(&mut window, "whole days", |it| !partial(it));
    window.state_mut().handle(Command::SetCompare(Compare::Off));
    said(&mut window, "nothing");
    let page = window.state().state().overview.value.clone().unwrap();
    assert!(page.tiles.iter().all(|it| it.change.is_none()));
    assert!(page.leaders.rows.iter().all(|it| it.delta.is_none()));
    let remembered = |window: &Window| {
        let settings = &window.state().settings;
        (settings.as_of, settings.compare)
    };
    assert_eq!(remembered(&window), (AsOf::LastDay, Compare::Off));
    for _ in 0..2 {
        window.key_press_modifiers(egui::Modifiers::ALT, egui::Key::ArrowLeft);
        window.run_steps(4);
    }
    said(&mut window, "same weekdays, 35 days before");
    until(&mut window, "the unfinished day again", partial);
    assert_eq!(remembered(&window), (AsOf::LatestRow, Compare::SameWeekdays));
}

/// The list that is drawn is the one that was asked for last.
fn rows_are_there(window: &Window) -> bool {
    let state = window.state().state();
    !state.history.pending && state.history.value.is_some()
}

#[test]
fn rows_behind_a_figure_are_shown_and_come_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = with_sample(&folder);
    let last = window.state().state().as_of.unwrap();
    let week = Calendar::utc().bucket(last, crate::model::Grain::Week);
    let span = crate::model::Window::between(week.start, week.end);
    let filter = crate::model::Filter {
        formats: crate::model::Choice::only(Some("image".into())),
        ..Default::default()
    };
    window.state_mut().handle(Command::ShowRows { window: span, filter });
    until(&mut window, "the rows", rows_are_there);
    let history = window.state().state().history.value.clone().unwrap();
    assert!(history.ends.last && history.figures.n_rows == history.rows.len() as u64);
    assert!(history.figures.n_rows > 0 && history.rows.iter().all(|it| it.format.text == "image"));
    window.get_by_label(&history.figures.text());
    window.get_by_label("Remove format: image").click();
    until(&mut window, "more rows", |it| {
        rows_are_there(it)
            && it.state().state().history.value.as_ref().unwrap().figures.n_rows > history.figures.n_rows
    });
    assert_eq!(window.state().state().listing.window, span);
}

#[test]
fn one_goes_back_to_the_view_before() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = with_sample(&folder);
    window.state_mut().handle(Command::ShowPage(state::Page::History));
    until(&mut window, "the rows", rows_are_there);
    let first = window.state().state().history.value.clone().unwrap();
    window.get_by_label("Largest charges").click();
    until(&mut window, "the largest", |it| {
        rows_are_there(it) && it.state().state().listing.order == crate::model::RowOrder::Largest
    });
    window.state_mut().handle(Command::ViewAs(Viewer::Nobody));
    until(&mut window, "nothing", |it| it.query_by_label_contains("No rows for Nobody").is_some());
    window.key_press_modifiers(egui::Modifiers::ALT, egui::Key::ArrowLeft);
    until(&mut window, "the largest again", |it| {
        it.state().state().viewing.viewer == Viewer::Admin(None) && rows_are_there(it)
    });
    window.key_press_modifiers(egui::Modifiers::ALT, egui::Key::ArrowLeft);
    until(&mut window, "the newest again", |it| {
        let history = it.state().state().history.value.as_ref();
        history.is_some_and(|it| it.rows == first.rows) && rows_are_there(it)
    });
    window.key_press_modifiers(egui::Modifiers::ALT, egui::Key::ArrowRight);
    until(&mut window, "the largest once more", |it| {
        it.state().state().listing.order == crate::model::RowOrder::Largest && rows_are_there(it)
    });
}

#[track_caller]
fn go_back(window: &mut Window, to: state::Page) {
    window.key_press_modifiers(egui::Modifiers::ALT, egui::Key::ArrowLeft);
    until(window, "the page before", |it| {
        let state = it.state().state();
        state.page == to && !state.is_pending()
    });
}

#[test]
fn a_bar_opens_its_rows_and_back_is_the_chart_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = with_sample(&folder);
    until(&mut window, "rest", |it| !it.state().state().is_pending());
    let page = window.state().state().overview.value.clone().unwrap();
    let index = 20;
    let column = &page.by_format.columns[index];
    let chart = window.get_by_label(&page.by_format.summary).rect();
    let slot = chart.width() / page.by_format.columns.len() as f32;
    let at = egui::pos2(chart.left() + slot * (index as f32 + 0.5), chart.center().y);
    window.drag_at(at);
    window.step();
    window.drop_at(at);
    until(&mut window, "the rows", rows_are_there);

    let state = window.state().state().clone();
    let history = state.history.value.unwrap();
    assert_eq!(state.listing.window, crate::model::Window::between(column.start, column.end));
    let view::Spark::Line(events) = &page.tiles[1].spark else { panic!("events have a course") };
    assert_eq!(history.figures.n_rows, events[index] as u64);
    assert_eq!(view::number::credits(history.figures.credits), column.tip.total);
    window.get_by_label(&history.figures.text());
    // And so are the rows themselves.
    assert_eq!(history.figures.n_rows, history.rows.len() as u64);
    let credits = |text: &str| text.replace('−', "-").replace(',', "").parse::<f64>().unwrap();
    let sum: f64 = history.rows.iter().map(|it| credits(&it.credits)).sum();
    assert!((sum - history.figures.credits.to_f64()).abs() < 1e-6);

    go_back(&mut window, state::Page::Overview);
    assert_eq!(window.state().state().overview.value.as_deref(), Some(&*page));
    window.get_by_label(&page.by_format.summary);
}

#[test]
fn back_in_a_list_is_its_page() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = with_sample(&folder);
    let rows = |window: &Window| window.state().state().history.value.as_ref().map(|it| it.rows.clone());
    window.state_mut().handle(Command::ShowPage(state::Page::History));
    until(&mut window, "the rows", rows_are_there);
    let mut page = rows(&window);
    for turn in [Turn::Next, Turn::Next] {
        window.state_mut().handle(Command::TurnHistory(turn));
        until(&mut window, "another page", |it| rows_are_there(it) && rows(it) != page);
        page = rows(&window);
    }
    window.get_by_label("Largest charges").click();
    until(&mut window, "the largest", |it| rows_are_there(it) && rows(it) != page);
    go_back(&mut window, state::Page::History);
    assert_eq!(rows(&window), page);
    window.state_mut().handle(Command::ShowPage(state::Page::Ranking));
    until(&mut window, "the ranking", |it| it.state().state().ranking.value.is_some());
    go_back(&mut window, state::Page::History);
    assert_eq!(rows(&window), page);
}

#[test]
fn a_file_that_is_there_already_is_asked_about() {
    let folder = tempfile::tempdir().unwrap();
    let dumps = demo::write_sample(folder.path()).unwrap();
    std::fs::write(folder.path().join("profiles.creditscope"), "").unwrap();
    let mut window = window(dumps, Vec::new());
    until(&mut window, "the question", |it| it.query_by_label("Cancel").is_some());
    window.get_by_label("New file profiles-2.creditscope").click();
    until(&mut window, "the check", |it| {
        it.state().state().check.as_ref().is_some_and(|it| it.commit.is_some())
    });
    assert!(!folder.path().join("profiles-2.creditscope").exists(), "nothing is written before");
    commit(&mut window);
    until(&mut window, "the new file", |it| it.state().state().file.is_some());
    assert!(folder.path().join("profiles-2.creditscope").exists());
}

#[test]
fn another_programs_import_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = with_sample(&folder);
    let path = folder.path().join("one.json");
    std::fs::write(&path, ONE_ROW).unwrap();
    let store = Store::open(&folder.path().join("platform.creditscope")).unwrap();
    let report = crate::service::import(
        &store,
        Path::new(&path),
        &crate::import::Options::default(),
        &crate::model::Cancel::new(),
        &mut |_| (),
    );
    assert!(report.error.is_none());
    until(&mut window, "the row", |it| {
        it.state().state().viewing.visible.is_some_and(|it| it.n_rows == SAMPLE.n_rows + 1)
    });
}

const ONE_ROW: &str = r#"{"id":"550e8400-e29b-41d4-a716-446655440000",
    "user_id":"6ba7b810-9dad-41d1-80b4-00c04fd430c8","action":"image_generation","credits_consumed":2.5,
    "metadata":null,"created_at":"2026-08-30T10:00:00Z","format":"image","quality":"high"}"#;

/// Saves the first chart by its menu; what the notice says.
fn save_picture(window: &mut Window) -> String {
    window.get_by_label("Credits per day: menu").click();
    window.run_steps(4);
    window.get_by_label("Save as PNG…").click();
    until(window, "a notice of the picture", |it| {
        it.state().state().notices.iter().any(|it| it.text.contains(".png"))
    });
    window.state().state().notices.last().unwrap().text.clone()
}

/// Pixels to the right and down, as the file says.
fn size_of_png(path: &Path) -> [u32; 2] {
    let bytes = std::fs::read(path).unwrap();
    assert!(bytes.starts_with(b"\x89PNG"), "{}", path.display());
    [16, 20].map(|at| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()))
}

#[test]
fn a_chart_is_saved_where_it_was_said() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("mine.png");
    let mut window = with_sample_and(&folder, vec![Picked::Paths(vec![path.clone()])]);
    assert_eq!(save_picture(&mut window), format!("Saved: {}", path.display()));
    assert_eq!(size_of_png(&path), [1_920, 1_080]);
}

#[test]
fn without_a_dialog_a_chart_is_saved_beside_the_file_and_replaces_nothing() {
    let folder = TempDir::new().unwrap();
    let mut window = with_sample_and(&folder, vec![Picked::Unavailable]);
    for end in ["-admin-all-rows.png", "-admin-all-rows-2.png"] {
        let said = save_picture(&mut window);
        let path = PathBuf::from(said.strip_prefix("Saved: ").unwrap());
        let name = path.file_name().unwrap().to_string_lossy();
        assert!(name.starts_with("credits-per-day-by-format-") && name.ends_with(end), "{name}");
        assert_eq!(path.parent(), Some(folder.path()));
        size_of_png(&path);
        let notice = window.state().state().notices.last().unwrap().id;
        window.state_mut().handle(Command::DismissNotice(notice));
    }
}

// ---- files ------------------------------------------------------------------------------------

#[test]
fn what_cannot_be_opened_is_said_where_files_come_in_and_stays() {
    let folder = TempDir::new().unwrap();
    let mut window = with_sample(&folder);
    let path = folder.path().join("gone.creditscope");
    window.state_mut().handle(Command::ShowPage(state::Page::History));
    window.state_mut().handle(Command::OpenPaths(vec![path.clone()]));
    until(&mut window, "an error", |it| {
        it.state().state().notices.iter().any(|it| it.kind == NoticeKind::Failed)
    });
    let ends = &window.state().notice_ends;
    let failed = window.state().state().notices.last().unwrap();
    assert!(ends.iter().all(|(id, _)| *id != failed.id), "it stays");
    assert!(failed.action.is_some());
}

#[test]
fn a_file_is_closed_opened_again_and_forgotten_when_it_is_gone() {
    let folder = TempDir::new().unwrap();
    let mut window = with_sample(&folder);
    let file = folder.path().join("platform.creditscope");
    window.state_mut().handle(Command::CloseFile);
    window.run_steps(4);
    let state = window.state().state();
    assert!(state.file.is_none() && state.people.value.is_none() && state.viewing.visible.is_none());
    let label = format!("Open {}", file.display());
    window.get_by_label(&label).click();
    until(&mut window, "the file", |it| {
        it.state().state().file.is_some() && !it.state().state().is_pending()
    });
    window.state_mut().handle(Command::CloseFile);
    std::fs::remove_file(&file).unwrap();
    window.state_mut().handle(Command::OpenRecent(file));
    until(&mut window, "a sentence", |it| it.query_by_label_contains("Not there any more").is_some());
    assert!(window.state().state().recent.is_empty() && window.query_by_label(&label).is_none());
}
