//! Sequences of keys, and the keys beside their controls.

use egui::Key;

use super::fixture::state;
use super::*;
use crate::app::state::Page;

#[track_caller]
fn check_sequence(page: Page, keys: [Key; 2], command: Page, has_focus: &str) {
    let mut window = window(state(page));
    assert_eq!(press(&mut window, &keys), [Command::ShowPage(command)]);
    // As the app does it.
    window.state_mut().state.page = command;
    window.run();
    window.run();
    let focused = focused(&window).unwrap_or_default();
    assert!(focused.contains(has_focus), "{keys:?}: {focused}");
}

#[test]
fn sequences_of_keys_lead_to_charts_and_fields() {
    check_sequence(Page::Ranking, [Key::G, Key::D], Page::Overview, "Credits per day");
    check_sequence(Page::Overview, [Key::G, Key::W], Page::Overview, "Credits per week");
    check_sequence(Page::History, [Key::G, Key::F], Page::Overview, "Credits by format: menu");
    check_sequence(Page::Data, [Key::G, Key::U], Page::Overview, "Top users: menu");
    check_sequence(Page::Overview, [Key::F, Key::T], Page::History, "Text in metadata");
    check_sequence(Page::Data, [Key::F, Key::T], Page::Data, "Search the rows that were not taken");
}

#[test]
fn keys_are_shown_beside_their_controls_and_any_key_closes_them() {
    let mut window = window(state(Page::Overview));
    press(&mut window, &[Key::Questionmark]);
    let [mark, control] = ["g h: History", "History"].map(|it| window.get_by_label(it).rect());
    assert!(mark.intersects(control), "{mark} is not at {control}");
    for keys in ["v: View as someone", "g d: Credits per day", "Ctrl O: Open file…"] {
        window.get_by_label(keys);
    }
    assert!(window.query_by_label("View as someone").is_none(), "it is not in the list too");
    assert_eq!(press(&mut window, &[Key::OpenBracket]), [], "the key does nothing else");
    assert!(window.query_by_label("g h: History").is_none());
}
