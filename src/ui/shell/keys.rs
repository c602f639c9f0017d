use egui::{Event, Id, Key, Modal, Modifiers, PointerButton, Popup, Ui};

use super::Drafts;
use crate::app::Command;
use crate::app::state::{Page, State};
use crate::ui::controls::{key, line};
use crate::ui::paint::Face;
use crate::ui::theme::{BODY, HEADING, L, S, Theme, Weight};

/// Where a person is in a sequence of keys, and whether the list of keys is open.
#[derive(Clone, Debug, Default)]
pub(in crate::ui) struct Draft {
    help_open: bool,
    /// When `g` was pressed, in egui's seconds.
    g_at: Option<f64>,
}

/// A second key that comes later than this begins anew.
const SEQUENCE_SECS: f64 = 1.5;

/// Each key and what it does, as `?` shows them.
const KEYS: [(&[&str], &str); 18] = [
    (&["v"], "View as someone"),
    (&["p"], "The proof: what the viewer sees and why"),
    (&["g", "o"], "Overview"),
    (&["g", "h"], "History"),
    (&["g", "r"], "Ranking"),
    (&["g", "i"], "Data: imports"),
    (&["["], "Earlier"),
    (&["]"], "Later"),
    (&["t"], "Chart as table: the one pointed at, or all"),
    (&["Alt", "Left"], "Back to the view before"),
    (&["Alt", "Right"], "Forward again"),
    (&["PageUp", "PageDown"], "In History: to the page before and after"),
    (&["Ctrl", "C"], "Copy the row"),
    (&["Ctrl", "I"], "Import…"),
    (&["Ctrl", "O"], "Open file…"),
    (&["Tab"], "From control to control; arrows move in a list"),
    (&["Esc"], "Close what is on top"),
    (&["?"], "These keys"),
];

/// What the keys do that belong to no widget. They are letters, so they do nothing while one is typed.
pub(super) fn handle(ui: &Ui, state: &State, drafts: &mut Drafts, out: &mut Vec<Command>) {
    let ctx = ui.ctx();
    if ctx.input_mut(|it| it.consume_key(Modifiers::COMMAND, Key::O)) {
        out.push(Command::ChooseFile);
    }
    if ctx.input_mut(|it| it.consume_key(Modifiers::COMMAND, Key::I)) {
        out.push(Command::ChooseDumps);
    }
    if ctx.text_edit_focused() {
        return;
    }
    past_keys(ctx, out);
    if ctx.input(|it| it.key_pressed(Key::Escape)) && !is_covered(ctx, state, drafts) {
        if let Some(notice) = state.notices.last() {
            out.push(Command::DismissNotice(notice.id));
        } else {
            drafts.history.close();
            drafts.ranking.close();
            drafts.data.close();
        }
    }
    let (now, pressed) = ctx.input(|it| (it.time, pressed(&it.events)));
    for key in pressed {
        press(key, now, state, drafts, out);
    }
}

/// Back and forth among the views, as a browser does it: Alt with an arrow, or the mouse's side buttons.
fn past_keys(ctx: &egui::Context, out: &mut Vec<Command>) {
    let [back, forward] = ctx.input_mut(|it| {
        [(Key::ArrowLeft, PointerButton::Extra1), (Key::ArrowRight, PointerButton::Extra2)]
            .map(|(key, button)| it.consume_key(Modifiers::ALT, key) || it.pointer.button_pressed(button))
    });
    out.extend(back.then_some(Command::GoBack));
    out.extend(forward.then_some(Command::GoForward));
}

/// Whether something lies on the page that Escape closes first; popups do that themselves.
fn is_covered(ctx: &egui::Context, state: &State, drafts: &Drafts) -> bool {
    let Drafts { picker, zone_menu, keys, ranking, .. } = drafts;
    Popup::is_any_open(ctx)
        || state.proof.is_some()
        || picker.open
        || zone_menu.open
        || keys.help_open
        || ranking.menu_open
}

/// Keys that went down without Ctrl or Alt.
fn pressed(events: &[Event]) -> Vec<Key> {
    let key = |event: &Event| match event {
        Event::Key { key, pressed: true, repeat: false, modifiers, .. }
            if !modifiers.ctrl && !modifiers.alt && !modifiers.command =>
        {
            // A keyboard that has `?` on the key of `/`, and a system that does not say so.
            Some(if *key == Key::Slash && modifiers.shift { Key::Questionmark } else { *key })
        }
        _ => None,
    };
    events.iter().filter_map(key).collect()
}

fn press(key: Key, now: f64, state: &State, drafts: &mut Drafts, out: &mut Vec<Command>) {
    let after_g = drafts.keys.g_at.take().is_some_and(|it| now - it < SEQUENCE_SECS);
    let has_file = state.file.is_some();
    if after_g && has_file {
        let page = match key {
            Key::O => Some(Page::Overview),
            Key::H => Some(Page::History),
            Key::R => Some(Page::Ranking),
            Key::I => Some(Page::Data),
            _ => None,
        };
        if let Some(page) = page {
            out.push(Command::ShowPage(page));
            return;
        }
    }
    let (back, on) = state.steps();
    match key {
        Key::G => drafts.keys.g_at = Some(now),
        Key::V if has_file => {
            if state.proof.is_some() {
                out.push(Command::ShowProof(false));
            }
            drafts.picker.toggle();
        }
        Key::P if has_file => out.push(Command::ShowProof(state.proof.is_none())),
        Key::OpenBracket if back => out.push(Command::Step(-1)),
        Key::CloseBracket if on => out.push(Command::Step(1)),
        Key::Questionmark => drafts.keys.help_open = true,
        _ => {}
    }
}

/// The list of keys, over the page.
pub(super) fn help_ui(ui: &Ui, drafts: &mut Drafts) {
    if !drafts.keys.help_open {
        return;
    }
    let theme = Theme::of(ui);
    let modal = Modal::new(Id::unique("keys")).backdrop_color(theme.scrim).show(ui.ctx(), |ui| {
        ui.set_width(380.0);
        egui::Frame::new()
            .inner_margin(L)
            .show(ui, |ui| {
                line(ui, "Keys", Face::new(HEADING, Weight::Semibold, theme.ink));
                ui.add_space(S);
                for (names, what) in KEYS {
                    ui.horizontal(|ui| {
                        line(ui, what, Face::new(BODY, Weight::Regular, theme.ink));
                        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                            for name in names.iter().rev() {
                                key(ui, name);
                            }
                        });
                    });
                }
                ui.add_space(S);
                ui.button("Close").clicked()
            })
            .inner
    });
    if modal.inner || modal.should_close() {
        drafts.keys.help_open = false;
    }
}
