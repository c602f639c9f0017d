//! Whose eyes are looked through: the proof, and the viewers of before.

use egui::Key;

use super::fixture::{proof, slot, state, state_as_ada, user, visible};
use super::*;
use crate::access::Viewer;
use crate::app::state::{Page, Slot};
use crate::view::{History, Ranking};

fn proved() -> State {
    State { proof: Some(slot(proof())), ..state_as_ada(Page::Overview) }
}

/// What was copied in this frame or the one before it.
fn copied(window: &Window) -> Option<String> {
    window.output().platform_output.commands.iter().find_map(|it| match it {
        egui::OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    })
}

// ---- the proof --------------------------------------------------------------------------------

#[test]
fn the_proof_is_opened_by_the_chip_and_by_a_key() {
    let mut window = window(state_as_ada(Page::History));
    let chip = "Viewing as Ada Lindqvist · 3,044 of 81,307 rows";
    assert_eq!(click(&mut window, chip), [Command::ShowProof(true)]);
    assert_eq!(press(&mut window, &[Key::P]), [Command::ShowProof(true)]);
    assert!(window.query_by_label("Search users").is_none());
}

#[test]
fn the_proof_is_closed_by_its_cross_by_keys_and_beside_it() {
    let mut window = window(proved());
    assert_eq!(click(&mut window, "Close the proof"), [Command::ShowProof(false)]);
    assert_eq!(press(&mut window, &[Key::P]), [Command::ShowProof(false)]);
    assert_eq!(press(&mut window, &[Key::Escape]), [Command::ShowProof(false)]);
    for pressed in [true, false] {
        let pos = egui::pos2(300.0, 400.0);
        let modifiers = egui::Modifiers::NONE;
        window.event(egui::Event::PointerMoved(pos));
        window.event(egui::Event::PointerButton {
            pos,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers,
        });
    }
    assert_eq!(commands(&mut window), [Command::ShowProof(false)]);
}

#[test]
fn the_proof_says_who_what_and_why() {
    let window = sized(proved(), [1440.0, 900.0]);
    for label in [
        "What Ada Lindqvist sees",
        "user · 7f3ab210 · no role",
        "Visible: 3,044 rows, 3.7 %, 6,080.5 credits",
        "Hidden by the rule: 78,263 rows, 96.3 %, 156,000.5 credits",
        "In the file: 81,307 rows, 100.0 %, 162,081 credits",
        "has_role(viewer, 'admin'): no",
        "or user_id = '7f3ab210-…-000000000000': yes",
        "Side by side, last 30 days",
        "Credits: admin 19,704.05, viewer 1,221.40",
        "Users in the answer: admin 101, viewer 1",
        "Visible + hidden = rows in the file",
        "No row of another user in the answer",
        "This shows what a user would see; it does not lock the file",
    ] {
        assert!(window.query_by_label(label).is_some(), "{label}");
    }
}

#[test]
fn a_check_that_fails_is_said() {
    let mut proof = proof();
    proof.checks[3].1 = false;
    let window = window(State { proof: Some(slot(proof)), ..state_as_ada(Page::Overview) });
    window.get_by_label("No row of another user in the answer: no");
}

#[test]
fn the_proof_is_copied_and_leads_back() {
    let mut window = window(proved());
    // The chip's cross is under the same name; the drawer's comes after it.
    window.query_all_by_label("Back to admin").last().unwrap().click();
    assert_eq!(commands(&mut window), [Command::ViewAs(Viewer::Admin(None))]);
    window.get_by_label("Copy proof").click();
    window.step();
    assert_eq!(copied(&window), Some(proof().text));
    assert_eq!(click(&mut window, "View as…"), [Command::ShowProof(false)]);
    window.state_mut().state.proof = None;
    window.run();
    window.get_by_label("Search users");
}

#[test]
fn a_proof_that_is_awaited_or_failed_says_so() {
    let waiting = State { proof: Some(Slot::default()), ..state_as_ada(Page::Overview) };
    window(waiting).get_by_label("Counting rows");
    let error = Some("the file is locked by another program".to_owned());
    let failed = Slot { error, ..Slot::default() };
    window(State { proof: Some(failed), ..state_as_ada(Page::Overview) })
        .get_by_label("the file is locked by another program");
}

// ---- viewers of before ------------------------------------------------------------------------

#[test]
fn recent_viewers_stand_under_the_admin() {
    let recent_viewers = vec![user(3), user(1)];
    let mut window = window(State { recent_viewers, ..state(Page::Overview) });
    press(&mut window, &[Key::V]);
    window.get_by_label_contains("Keiko Tanaka, b94185ad · user · recent, ");
    // The cursor begins on the admin.
    let chosen = press(&mut window, &[Key::ArrowDown, Key::ArrowDown, Key::Enter]);
    assert_eq!(chosen, [Command::ViewAs(Viewer::Admin(Some(user(1))))]);
    press(&mut window, &[Key::V]);
    window.get_by_label("Search users").type_text("keiko");
    window.run();
    assert_eq!(press(&mut window, &[Key::Enter]), [Command::ViewAs(Viewer::Owner(user(3)))]);
}

// ---- nothing to see ---------------------------------------------------------------------------

#[test]
fn an_empty_page_says_what_the_rule_hides() {
    for page in [Page::Overview, Page::History, Page::Ranking] {
        let mut state = state_as_ada(page);
        state.viewing.visible = Some(visible(0, 0));
        state.overview = Slot::default();
        state.history = slot(History::default());
        state.ranking = slot(Ranking::default());
        let window = window(state);
        assert!(
            window.query_by_label_contains("No rows for Ada Lindqvist: 81,307 hidden by the rule").is_some(),
            "{page:?}"
        );
    }
}
