//! Files and imports as the shell shows them, and what it says of them.

use std::path::PathBuf;

use egui::Key;
use egui::accesskit::Live;

use super::fixture::{jobs, notice, state, state_as_ada};
use super::*;
use crate::app::state::{Notice, NoticeKind, Page};

// ---- notices ----------------------------------------------------------------------------------

#[test]
fn a_notice_covers_nothing_and_moves_nothing() {
    for page in Page::ALL {
        let notices = vec![notice(7, NoticeKind::Failed, "the disk is full")];
        let with = window(State { notices, ..state(page) });
        let without = window(state(page));
        let said = with.get_by_label("the disk is full").rect();
        let mut n_seen = 0;
        for node in without.root().children_recursive().filter(|it| !it.accesskit_node().is_hidden()) {
            let (label, value) = (node.accesskit_node().label(), node.accesskit_node().value());
            let Some(label) = label.or(value).filter(|it| !it.is_empty()) else { continue };
            // One of several may have the label.
            assert!(
                with.query_all_by_label(&label).any(|it| it.rect() == node.rect()),
                "{page:?}: {label} has moved"
            );
            n_seen += 1;
        }
        assert!(n_seen > 10, "{page:?}: {n_seen}");
        let mut buttons = without.query_all_by_role(egui::Role::Button);
        let covered = buttons.find(|it| it.rect().intersects(said));
        assert!(covered.is_none(), "{page:?}: {:?}", covered.and_then(|it| it.accesskit_node().label()));
    }
}

#[test]
fn a_notice_is_read_out_and_goes_by_key() {
    let notices =
        vec![notice(7, NoticeKind::Done, "saved"), notice(8, NoticeKind::Failed, "the disk is full")];
    let mut window = window(State { notices, ..state(Page::Ranking) });
    assert_eq!(window.get_by_label("the disk is full").accesskit_node().live(), Live::Polite);
    window.get_by_label("and 1 more");
    assert!(window.query_by_label("saved").is_none());
    assert_eq!(press(&mut window, &[Key::Escape]), [Command::DismissNotice(8)]);
    assert_eq!(click(&mut window, "Dismiss"), [Command::DismissNotice(8)]);
}

#[test]
fn a_notice_leads_to_what_it_speaks_of() {
    let show = Command::ShowPage(Page::Data);
    let done = Notice { action: Some(("Show", show.clone())), ..notice(7, NoticeKind::Done, "12 imported") };
    let mut window = window(State { notices: vec![done], ..state(Page::History) });
    assert_eq!(click(&mut window, "Show"), [show, Command::DismissNotice(7)]);
}

// ---- imports under way ------------------------------------------------------------------------

#[test]
fn an_import_is_seen_and_stopped_on_every_page() {
    for page in Page::ALL {
        let mut window = window(State { jobs: jobs(), ..state_as_ada(page) });
        let name = "usage_logs_2026-11-25.csv";
        let label = format!("Import of {name}: 62 %");
        assert_eq!(click(&mut window, &label), [Command::ShowPage(Page::Data)]);
        assert_eq!(click(&mut window, &format!("Cancel the import of {name}")), [Command::CancelImport(3)]);
    }
}

#[test]
fn the_figures_of_an_import_move_nothing() {
    let places = |part| {
        let mut jobs = jobs();
        jobs[2].progress.part = part;
        let window = window(State { jobs, ..state_as_ada(Page::History) });
        ["Back to admin", "UTC · weeks from Mon"].map(|it| window.get_by_label(it).rect())
    };
    assert_eq!(places(0.0), places(1.0));
}

// ---- the file ---------------------------------------------------------------------------------

const FILE: &str = "File platform-2026.creditscope";

fn recent() -> Vec<PathBuf> {
    vec!["/home/ada/logs/platform-2026.creditscope".into(), "/home/ada/old.creditscope".into()]
}

#[test]
fn the_file_menu_opens_imports_and_closes() {
    let mut window = window(State { recent: recent(), ..state(Page::Overview) });
    for (item, command) in [
        ("Open file…", Command::ChooseFile),
        ("Import…", Command::ChooseDumps),
        ("Open /home/ada/old.creditscope", Command::OpenRecent("/home/ada/old.creditscope".into())),
        ("Open sample", Command::OpenSample),
        ("Close file", Command::CloseFile),
    ] {
        click(&mut window, FILE);
        window.get_by_label("/home/ada/logs/platform-2026.creditscope");
        assert!(window.query_by_label("Open /home/ada/logs/platform-2026.creditscope").is_none());
        window.get_by_label_contains(item).click();
        assert_eq!(commands(&mut window), [command]);
    }
}

#[test]
fn a_file_that_is_imported_into_is_not_closed() {
    let mut window = window(State { jobs: jobs(), ..state(Page::Overview) });
    click(&mut window, FILE);
    assert_eq!(click(&mut window, "Close file"), []);
}

#[test]
fn the_first_run_offers_recent_files_and_says_what_could_not_be_opened() {
    let open_error = Some("not a creditscope file: /x".to_owned());
    let mut window = window(State { open_error, recent: recent(), ..State::default() });
    let expected = [Command::OpenRecent("/home/ada/old.creditscope".into())];
    assert_eq!(click(&mut window, "Open /home/ada/old.creditscope"), expected);
    window.get_by_label("not a creditscope file: /x");
    assert_eq!(click(&mut window, "Dismiss the error"), [Command::DismissOpenError]);
}
