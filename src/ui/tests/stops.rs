//! Every stop of the Tab key says what it is.

use egui::Key;
use egui::accesskit::Action;

use super::fixture::{jobs, notice, proof, slot, state, state_as_ada};
use super::*;
use crate::app::state::{NoticeKind, Page, Question};

const PAGES: [Page; 4] = [Page::Overview, Page::History, Page::Ranking, Page::Data];

/// Everything that can have the focus, by role and name.
fn stops(window: &Window) -> Vec<(egui::Role, String)> {
    let nodes = window.root().children_recursive().map(|it: Node<'_>| it.accesskit_node());
    let stops = nodes.filter(|it| it.data().supports_action(Action::Focus));
    let name = |it: &AccessKitNode<'_>| {
        it.label().or_else(|| it.data().placeholder().map(str::to_owned)).unwrap_or_default()
    };
    stops.map(|it| (it.role(), name(&it))).collect()
}

#[track_caller]
fn check_stops(what: &str, window: &Window) {
    let stops = stops(window);
    assert!(!stops.is_empty(), "{what} has stops");
    let nameless: Vec<_> = stops.iter().filter(|(_, name)| name.trim().is_empty()).collect();
    assert!(nameless.is_empty(), "{what}: {} of {}: {nameless:?}", nameless.len(), stops.len());
}

#[test]
fn no_stop_of_any_page_is_nameless() {
    for page in PAGES {
        for (who, state) in [("admin", state(page)), ("owner", state_as_ada(page))] {
            check_stops(&format!("{page:?} as {who}"), &window(state));
        }
    }
    check_stops("first run", &window(State::default()));
    check_stops("imports", &window(State { jobs: jobs(), ..state(Page::Data) }));
    let notices = vec![notice(1, NoticeKind::Done, "81,307 rows imported")];
    check_stops("notices", &window(State { notices, ..state(Page::Overview) }));
    for page in PAGES {
        let proved = State { proof: Some(slot(proof())), ..state_as_ada(page) };
        check_stops(&format!("proof over {page:?}"), &window(proved));
    }
    let question = Question {
        title: "logs.creditscope is there already".to_owned(),
        text: "Rows that are in it count as repeats, so nothing is doubled".to_owned(),
        answers: vec![("Cancel".to_owned(), Command::CloseQuestion)],
    };
    check_stops("question", &window(State { question: Some(question), ..state(Page::Data) }));
}

#[test]
fn no_stop_of_what_is_opened_by_key_is_nameless() {
    for page in PAGES {
        for key in [Key::V, Key::Questionmark, Key::T] {
            for (who, state) in [("admin", state(page)), ("owner", state_as_ada(page))] {
                let mut window = window(state);
                press(&mut window, &[key]);
                check_stops(&format!("{key:?} on {page:?} as {who}"), &window);
            }
        }
    }
}

#[test]
fn no_stop_of_a_menu_is_nameless() {
    for (page, button) in [
        (Page::Overview, "UTC · weeks from Mon"),
        (Page::Overview, "Range: Last 30 days"),
        (Page::Overview, "Credits per day: menu"),
        (Page::Overview, "Top users: menu"),
        (Page::History, "Action"),
        (Page::History, "Format"),
        (Page::History, "Quality"),
        (Page::History, "2026-11-24 14:05:00"),
        (Page::Ranking, "Bruno Keller"),
    ] {
        let mut window = window(state(page));
        window.get_by_label(button).click();
        window.run();
        check_stops(&format!("{button} on {page:?}"), &window);
    }
}

#[test]
fn every_chart_says_what_it_shows_in_a_line() {
    let window = window(state(Page::Overview));
    let page = window.state().state.overview.value.clone().unwrap();
    let charts = [
        (egui::Role::Image, &page.by_format.summary),
        (egui::Role::Image, &page.by_action.summary),
        (egui::Role::List, &page.formats.summary),
        (egui::Role::List, &page.leaders.summary),
    ];
    for (role, summary) in charts {
        assert!(!summary.contains('\n'));
        window.get_by_role_and_label(role, summary);
    }
    // All of them are tables, too.
    let mut window = window;
    press(&mut window, &[Key::T]);
    let n_tables = window.query_all_by_role(egui::Role::Grid).count();
    assert_eq!(n_tables, crate::view::chart::ChartName::ALL.len());
}
