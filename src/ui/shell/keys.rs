use egui::{Align, Align2, Event, Id, InputState, Key, Layout, Modal, Modifiers, PointerButton, Popup, Ui};

use super::Drafts;
use crate::app::Command;
use crate::app::state::{Page, State};
use crate::ui::controls::{key, line, row};
use crate::ui::key_marks;
use crate::ui::paint::Face;
use crate::ui::theme::{BODY, HEADING, L, ROW_HEIGHT_DENSE, S, Theme, Weight, XL, XS};
use crate::view::chart::ChartName;

const WIDTH: f32 = 420.0;

/// Where a person is in a sequence of keys, and whether the keys are shown.
#[derive(Clone, Debug, Default)]
pub(in crate::ui) struct Draft {
    help_open: bool,
    /// The first key of a sequence, and when it was pressed, in egui's seconds.
    lead: Option<(Key, f64)>,
}

/// A second key that comes later than this begins anew.
const SEQUENCE_SECS: f64 = 1.5;

/// Each key and what it does, as `?` shows them: beside its control, or in a list.
const KEYS: [(&str, &str); 23] = [
    ("v", "View as someone"),
    ("p", "The proof: what the viewer sees and why"),
    ("g o", "Overview"),
    ("g h", "History"),
    ("g r", "Ranking"),
    ("g i", "Data: imports"),
    ("g d", "Credits per day"),
    ("g w", "Credits per week"),
    ("g f", "Credits by format"),
    ("g u", "Top users"),
    ("f t", "Search the metadata; on Data, what was not taken"),
    ("[", "Earlier"),
    ("]", "Later"),
    ("t", "Chart as table: the one pointed at, or all"),
    ("Alt Left", "Back to the view before"),
    ("Alt Right", "Forward again"),
    ("PageUp PageDown", "The page of rows before and after"),
    ("Ctrl C", "Copy the row"),
    ("Ctrl I", "Import…"),
    ("Ctrl O", "Open file…"),
    ("Tab", "From control to control; arrows move in a list"),
    ("Esc", "Close what is on top"),
    ("?", "The keys; any key closes them"),
];

/// What the keys do that belong to no widget. They are letters, so they do nothing while one is typed.
pub(super) fn handle(ui: &Ui, state: &State, drafts: &mut Drafts, out: &mut Vec<Command>) {
    let ctx = ui.ctx();
    if drafts.keys.help_open && ctx.input_mut(closes_help) {
        drafts.keys.help_open = false;
    }
    key_marks::begin(ctx, drafts.keys.help_open);
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
        if press(key, now, state, drafts, out) {
            // The key is not the page's, and not a letter for the field that gets the focus.
            ctx.input_mut(|it| {
                it.events.retain(|it| !matches!(it, Event::Text(_)));
                it.consume_key(Modifiers::NONE, key);
            });
        }
    }
}

/// Any key closes the keys, and does nothing else.
fn closes_help(input: &mut InputState) -> bool {
    let is_key = |it: &Event| matches!(it, Event::Key { pressed: true, repeat: false, .. });
    let closes = input.events.iter().any(is_key);
    if closes {
        input.events.retain(|it| !is_key(it) && !matches!(it, Event::Text(_) | Event::Copy));
    }
    closes
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

/// Whether the key was the last of a sequence.
fn press(key: Key, now: f64, state: &State, drafts: &mut Drafts, out: &mut Vec<Command>) -> bool {
    let lead = drafts.keys.lead.take().filter(|(_, at)| now - at < SEQUENCE_SECS).map(|(lead, _)| lead);
    let has_file = state.file.is_some();
    if has_file && let Some(page) = lead.and_then(|lead| follow(lead, key, state, drafts)) {
        out.push(Command::ShowPage(page));
        return true;
    }
    let (back, on) = state.steps();
    match key {
        Key::G | Key::F => drafts.keys.lead = Some((key, now)),
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
    false
}

/// What a sequence leads to: a page, and a place on it.
fn follow(lead: Key, key: Key, state: &State, drafts: &mut Drafts) -> Option<Page> {
    let page = match (lead, key) {
        (Key::G, Key::O) => Page::Overview,
        (Key::G, Key::H) => Page::History,
        (Key::G, Key::R) => Page::Ranking,
        (Key::G, Key::I) => Page::Data,
        (Key::F, Key::T) if state.page == Page::Data => {
            drafts.data.search();
            Page::Data
        }
        (Key::F, Key::T) => {
            drafts.history.search();
            Page::History
        }
        (Key::G, key) => {
            let chart = match key {
                Key::D => ChartName::ByFormat,
                Key::W => ChartName::ByAction,
                Key::F => ChartName::Formats,
                Key::U => ChartName::Leaders,
                _ => return None,
            };
            drafts.charts.focus(chart);
            Page::Overview
        }
        _ => return None,
    };
    Some(page)
}

/// The keys beside their controls, and a list of those that have none in sight.
pub(super) fn help_ui(ui: &mut Ui, drafts: &mut Drafts) {
    if !drafts.keys.help_open {
        return;
    }
    let theme = Theme::of(ui);
    let id = Id::unique("keys");
    let area = Modal::default_area(id).anchor(Align2::RIGHT_BOTTOM, [-XL, -XL]);
    let modal = Modal::new(id).area(area).backdrop_color(theme.scrim).show(ui.ctx(), |ui| {
        let what = |keys: &str| KEYS.iter().find(|(it, _)| *it == keys).map_or("", |(_, what)| what);
        // What the list covers is in the list.
        let cover = ui.memory(|it| it.area_rect(id));
        let marked = key_marks::draw(ui, cover, what);
        ui.set_width(WIDTH);
        egui::Frame::new().inner_margin(L).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = XS;
            line(ui, "Keys", Face::new(HEADING, Weight::Semibold, theme.ink));
            ui.add_space(S);
            for (keys, what) in KEYS.into_iter().filter(|(keys, _)| !marked.contains(keys)) {
                row(ui, ROW_HEIGHT_DENSE, |ui| {
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        ui.spacing_mut().item_spacing.x = XS;
                        for name in keys.split(' ').rev() {
                            key(ui, name);
                        }
                        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                            line(ui, what, Face::new(BODY, Weight::Regular, theme.ink));
                        });
                    });
                });
            }
        });
    });
    if modal.should_close() {
        drafts.keys.help_open = false;
    }
}
