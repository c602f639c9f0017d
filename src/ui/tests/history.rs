use egui::{Key, Modifiers, PointerButton};

use super::fixture::{slot, state, state_as_ada, user, visible};
use super::*;
use crate::app::Turn;
use crate::app::state::{Page, Slot};
use crate::model::{Choice, Dim, Instant, RowOrder, Window as Span};
use crate::view::{Ends, History, Listing};

/// The state with a list that is narrowed or ordered.
fn listing(listing: Listing) -> State {
    State { listing, ..state(Page::History) }
}

// ---- rows -------------------------------------------------------------------------------------

/// Does something that copies, and compares how the copy begins.
#[track_caller]
fn check_copy(window: &mut Window, act: impl FnOnce(&mut Window), begins: &str) {
    act(window);
    let mut copied = Vec::new();
    for _ in 0..4 {
        window.step();
        copied.extend(window.output().platform_output.commands.clone());
    }
    let is_copy = |it: &egui::OutputCommand| matches!(it, egui::OutputCommand::CopyText(text) if text.starts_with(begins));
    assert!(copied.iter().any(is_copy), "{begins}: {copied:?}");
}

#[test]
fn a_row_is_opened_by_click_and_copied() {
    let mut window = window(state(Page::History));
    window.get_by_label("2026-11-24 14:03:58.797").click();
    window.run();
    window.get_by_label("2026-11-24T14:03:58.797+00:00");
    let json = r#"{"id":"00000000-0000-0000-0000-000000000002""#;
    check_copy(&mut window, |it| it.get_by_label("Copy as JSON").click(), json);
    check_copy(&mut window, |it| it.get_by_label("Copy as CSV").click(), "id,user_id,action");
    let id = "00000000-0000-0000-0000-000000000002\t";
    check_copy(&mut window, |it| it.get_by_label("Copy as tab-separated").click(), id);
    check_copy(&mut window, |it| it.event(egui::Event::Copy), id);
}

#[test]
fn rows_are_walked_by_arrows_and_closed_by_escape() {
    let mut window = window(state(Page::History));
    window.get_by_role_and_label(egui::Role::Grid, "History").focus();
    window.run();
    press(&mut window, &[Key::ArrowDown, Key::ArrowDown, Key::ArrowDown, Key::ArrowUp]);
    window.get_by_label("2026-11-24T14:03:58.797+00:00");
    press(&mut window, &[Key::End]);
    window.get_by_label("2026-11-24T10:42:00.603+00:00");
    window.get_by_label("2026-11-24 10:42:00.603");
    press(&mut window, &[Key::Escape]);
    assert!(window.query_by_label("Copy as JSON").is_none());
}

#[test]
fn null_and_empty_and_what_has_no_shape_are_seen() {
    let window = window(state(Page::History));
    for text in ["null", "(empty)", "text_to_speech\\n", "[object Object]", "f348594a"] {
        assert!(window.query_all_by_label(text).next().is_some(), "{text}");
    }
}

#[test]
fn rows_are_turned_by_pages_as_far_as_there_are_any() {
    let mut window = window(state(Page::History));
    assert_eq!(click(&mut window, "Older"), [Command::TurnHistory(Turn::Next)]);
    assert_eq!(click(&mut window, "Last"), [Command::TurnHistory(Turn::Last)]);
    assert_eq!(click(&mut window, "Newer"), []);
    assert_eq!(click(&mut window, "First"), []);
}

#[track_caller]
fn check_day(typed: &str, expected: Option<&str>) {
    let mut window = window(state(Page::History));
    window.get_by_label("Go to a day").focus();
    window.run();
    window.get_by_label("Go to a day").type_text(typed);
    window.run();
    let expected = expected.map(|it| Command::TurnHistory(Turn::To(it.parse().unwrap())));
    assert_eq!(press(&mut window, &[Key::Enter]), Vec::from_iter(expected));
}

#[test]
fn history_goes_to_a_day() {
    check_day(" 2026-10-24 ", Some("2026-10-24"));
    check_day("2026-02-30", None);
    check_day("yesterday", None);
    check_day("", None);
}

#[test]
fn an_empty_page_says_why() {
    let mut hidden = State { history: slot(History::default()), ..state_as_ada(Page::History) };
    hidden.viewing.visible = Some(visible(0, 0));
    let window = window(hidden);
    window.get_by_label("No rows for Ada Lindqvist: 81,307 hidden by the rule");
}

#[test]
fn an_error_stands_in_its_place_and_the_old_rows_stay() {
    let mut state = state(Page::History);
    state.history = Slot { error: Some("the file is locked by another program".to_owned()), ..state.history };
    let window = window(state);
    window.get_by_label("the file is locked by another program");
    window.get_by_label("2026-11-24 14:05:00");
}

#[test]
fn the_words_of_the_turns_are_those_of_the_order() {
    for (order, words) in [
        (RowOrder::Newest, ["First", "Newer", "Older", "Last"]),
        (RowOrder::Oldest, ["First", "Older", "Newer", "Last"]),
        (RowOrder::Largest, ["First", "Larger", "Smaller", "Last"]),
    ] {
        let mut state = listing(Listing { order, ..Listing::default() });
        let history = History { ends: Ends::default(), ..fixture::history() };
        state.history = slot(history);
        let mut window = window(state);
        for (word, turn) in words.into_iter().zip([Turn::First, Turn::Back, Turn::Next, Turn::Last]) {
            assert_eq!(click(&mut window, word), [Command::TurnHistory(turn)], "{order:?} {word}");
        }
    }
}

#[test]
fn keys_turn_the_page_from_its_edge_and_land_on_the_row_beyond() {
    let mut window = window(state(Page::History));
    // Nothing has the focus, and there is nothing before the first page.
    assert_eq!(press(&mut window, &[Key::PageUp, Key::Home]), []);
    assert_eq!(press(&mut window, &[Key::PageDown]), [Command::TurnHistory(Turn::Next)]);
    assert_eq!(press(&mut window, &[Key::End]), [Command::TurnHistory(Turn::Last)]);
    window.get_by_role_and_label(egui::Role::Grid, "History").focus();
    window.run();
    assert_eq!(press(&mut window, &[Key::End]), []);
    assert_eq!(press(&mut window, &[Key::PageDown]), [Command::TurnHistory(Turn::Next)]);
    let next = History { number: 2, ends: Ends::default(), ..fixture::history() };
    window.state_mut().state.history = slot(next.clone());
    window.run();
    window.get_by_label("2026-11-24T14:05:00+00:00");
    assert_eq!(press(&mut window, &[Key::PageUp]), [Command::TurnHistory(Turn::Back)]);
    window.state_mut().state.history = slot(History { number: 3, ..next });
    window.run();
    window.get_by_label("2026-11-24T10:42:00.603+00:00");
    window.key_press_modifiers(Modifiers::COMMAND, Key::Home);
    assert_eq!(commands(&mut window), [Command::TurnHistory(Turn::First)]);
}

// ---- filters ----------------------------------------------------------------------------------

#[test]
fn several_values_are_ticked_in_a_menu_that_stays_open() {
    let mut window = window(state(Page::History));
    click(&mut window, "Format");
    let none = Listing::default().toggled(Dim::Format, None);
    assert_eq!(click(&mut window, "(none)"), [Command::List(none.clone())]);
    window.state_mut().state.listing = none.clone();
    let both = none.toggled(Dim::Format, Some(&"".into()));
    window.get_by_role_and_label(egui::Role::CheckBox, "(empty)").click();
    assert_eq!(commands(&mut window), [Command::List(both)]);
    assert_eq!(click(&mut window, "(none)"), [Command::List(Listing::default())], "it is taken away");
}

#[test]
fn actions_and_qualities_have_their_menus() {
    let mut window = window(state(Page::History));
    click(&mut window, "Action");
    let upscale = Listing::default().toggled(Dim::Action, Some(&"upscale".into()));
    assert_eq!(click(&mut window, "upscale"), [Command::List(upscale)]);
    press(&mut window, &[Key::Escape]);
    click(&mut window, "Quality");
    let none = Listing::default().toggled(Dim::Quality, None);
    assert_eq!(click(&mut window, "(none)"), [Command::List(none)]);
}

#[test]
fn a_chip_is_taken_away_alone_or_with_all() {
    let mut narrowed = Listing { order: RowOrder::Oldest, ..Listing::default() };
    narrowed.filter.users = Choice::only(user(0));
    narrowed.filter.actions = Choice::not("upscale".into());
    narrowed.window = Span::between(
        Instant::from_micros(1_795_478_400_000_000),
        Instant::from_micros(1_795_564_800_000_000),
    );
    let mut window = window(listing(narrowed.clone()));
    let others = |change: fn(&mut Listing)| {
        let mut other = narrowed.clone();
        change(&mut other);
        [Command::List(other)]
    };
    let days = click(&mut window, "Remove 24 Nov 2026, UTC");
    assert_eq!(days, others(|it| it.window = Span::ALL));
    let action = click(&mut window, "Remove action: not upscale");
    assert_eq!(action, others(|it| it.filter.actions = Choice::default()));
    window.get_by_label("Remove user: 7f3ab210");
    let cleared = Listing { order: RowOrder::Oldest, ..Listing::default() };
    assert_eq!(click(&mut window, "Clear filters"), [Command::List(cleared)]);
    window.state_mut().state.listing = Listing::default();
    window.run();
    assert!(window.query_by_label("Clear filters").is_none());
}

#[test]
fn a_text_is_asked_for_by_enter_or_when_the_typing_pauses() {
    let sdxl = [Command::List(Listing { metadata_contains: "sdxl".to_owned(), ..Listing::default() })];
    let mut window = window(state(Page::History));
    window.get_by_label("Text in metadata").focus();
    window.run();
    window.get_by_label("Text in metadata").type_text("sdxl");
    window.step();
    assert!(window.state_mut().out.is_empty(), "it is still being typed");
    assert_eq!(press(&mut window, &[Key::Enter]), sdxl);
    assert_eq!(commands(&mut window), [], "once");

    window.get_by_label("Text in metadata").focus();
    window.run();
    window.get_by_label("Text in metadata").type_text("!");
    // A frame of the test is a quarter of a second.
    window.run_steps(4);
    assert_eq!(window.state_mut().out.len(), 1);
    // What else changes the list changes the field.
    window.state_mut().state.listing.metadata_contains = "flux".to_owned();
    window.run();
    let field = window.get_by_label("Text in metadata");
    assert_eq!(field.value().as_deref(), Some("flux"));
}

#[test]
fn an_order_is_chosen_and_the_largest_have_no_day() {
    let mut window = window(state(Page::History));
    assert_eq!(click(&mut window, "Newest"), []);
    let largest = Listing { order: RowOrder::Largest, ..Listing::default() };
    assert_eq!(click(&mut window, "Largest charges"), [Command::List(largest.clone())]);
    window.state_mut().state.listing = largest;
    window.run();
    assert!(window.get_by_label("Go to a day").accesskit_node().is_disabled());
}

#[test]
fn the_foot_says_what_the_list_comes_to() {
    window(state(Page::History)).get_by_label("81,307 rows, 19,704.050000001 credits");
    let mut none = state(Page::History);
    none.listing.metadata_contains = "no row has this".to_owned();
    none.history = slot(History::default());
    window(none).get_by_label("No rows match");
}

// ---- metadata ---------------------------------------------------------------------------------

#[test]
fn metadata_is_a_tree_that_is_folded_by_keys_and_clicks() {
    let mut window = sized(state(Page::History), [1440.0, 900.0]);
    window.get_by_label("2026-11-24 14:05:00").click();
    window.run();
    window.get_by_label("model_used: \"sdxl\"");
    window.get_by_label("1: \"b\"");
    window.get_by_label("tags: [2]").click();
    window.run();
    assert!(window.query_by_label("1: \"b\"").is_none());
    press(&mut window, &[Key::ArrowRight]);
    window.get_by_label("1: \"b\"");
    press(&mut window, &[Key::End, Key::ArrowLeft, Key::ArrowLeft]);
    assert!(window.query_by_label("1: \"b\"").is_none());
    press(&mut window, &[Key::Home, Key::ArrowLeft]);
    assert!(window.query_by_label("model_used: \"sdxl\"").is_none());
    let tree = window.get_by_role_and_label(egui::Role::Tree, "metadata");
    assert_eq!(tree.value().as_deref(), Some("{5}"));
}

// ---- past -------------------------------------------------------------------------------------

#[test]
fn one_goes_back_and_forth_by_keys_and_by_the_mouse() {
    let mut window = window(state(Page::Ranking));
    for (key, button, command) in [
        (Key::ArrowLeft, PointerButton::Extra1, Command::GoBack),
        (Key::ArrowRight, PointerButton::Extra2, Command::GoForward),
    ] {
        window.key_press_modifiers(Modifiers::ALT, key);
        assert_eq!(commands(&mut window), std::slice::from_ref(&command));
        for pressed in [true, false] {
            let pos = egui::pos2(500.0, 400.0);
            window.event(egui::Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE });
        }
        assert_eq!(commands(&mut window), [command]);
    }
}
