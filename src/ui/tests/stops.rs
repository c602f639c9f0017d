//! Every stop of the Tab key says what it is.

use std::collections::BTreeSet;

use egui::Key;
use egui::accesskit::Action;

use super::fixture::{check, jobs, notice, proof, slot, state, state_as_ada};
use super::mapping::{foreign, form};
use super::*;
use crate::app::state::{NoticeKind, Page, Question};
use crate::view::MappingReading;

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
    let (admin, owner) = (state(Page::Overview), state_as_ada(Page::Overview));
    for page in PAGES {
        for (who, state) in [("admin", &admin), ("owner", &owner)] {
            check_stops(&format!("{page:?} as {who}"), &window(State { page, ..state.clone() }));
        }
    }
    check_stops("first run", &window(State::default()));
    check_stops("check", &window(State { page: Page::Data, check: Some(check()), ..admin.clone() }));
    check_stops("form", &window(foreign(form(MappingReading::Guessed))));
    check_stops("imports", &window(State { page: Page::Data, jobs: jobs(), ..admin.clone() }));
    let notices = vec![notice(1, NoticeKind::Done, "81,307 rows imported")];
    check_stops("notices", &window(State { notices, ..admin.clone() }));
    for page in PAGES {
        let proved = State { page, proof: Some(slot(proof())), ..owner.clone() };
        check_stops(&format!("proof over {page:?}"), &window(proved));
    }
    let question = Question {
        title: "logs.creditscope is there already".to_owned(),
        text: "Rows that are in it count as repeats, so nothing is doubled".to_owned(),
        answers: vec![("Cancel".to_owned(), Command::CloseQuestion)],
    };
    check_stops("question", &window(State { page: Page::Data, question: Some(question), ..admin }));
}

#[test]
fn no_stop_of_what_is_opened_by_key_is_nameless() {
    let (admin, owner) = (state(Page::Overview), state_as_ada(Page::Overview));
    for page in PAGES {
        for key in [Key::V, Key::Questionmark, Key::T] {
            for (who, state) in [("admin", &admin), ("owner", &owner)] {
                let mut window = window(State { page, ..state.clone() });
                press(&mut window, &[key]);
                check_stops(&format!("{key:?} on {page:?} as {who}"), &window);
            }
        }
    }
}

#[test]
fn no_stop_of_what_is_opened_by_a_click_is_nameless() {
    let admin = state(Page::Overview);
    let on = |page| window(State { page, ..admin.clone() });
    let mut clicked = BTreeSet::new();
    for page in PAGES {
        let buttons = stops(&on(page)).into_iter().filter(|it| it.0 == egui::Role::Button);
        for (role, name) in buttons {
            // What is on every page is clicked once.
            if !clicked.insert(name.clone()) {
                continue;
            }
            let mut window = on(page);
            let node = window.query_all_by_role_and_label(role, &name).next();
            node.unwrap_or_else(|| panic!("{name} on {page:?}")).click();
            window.run();
            check_stops(&format!("{name} on {page:?}"), &window);
        }
    }
    for menu in ["Credits per day: menu", "Format"] {
        assert!(clicked.contains(menu), "{menu} is among {clicked:?}");
    }
    let mut window = on(Page::History);
    window.get_by_label("2026-11-24 14:05:00").click();
    window.run();
    check_stops("a row", &window);
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
