use egui::{Button, Frame, Rect, Sense, Stroke, Ui, vec2};

use super::{Drafts, time, turns};
use crate::app::Command;
use crate::app::state::{Page, State};
use crate::ui::controls::{at_right, line, rich};
use crate::ui::paint::{Face, Pen};
use crate::ui::theme::{CONTROL_HEIGHT, HEADING, M, RADIUS_CONTROL, S, SMALL, Theme, Weight, XS};

/// Controls with the same room above and below.
pub(super) const HEIGHT: f32 = CONTROL_HEIGHT + 2.0 * M;

/// The title on the left; on the right what moves the page through time.
pub(super) fn ui(ui: &mut Ui, state: &State, narrow: bool, drafts: &mut Drafts, out: &mut Vec<Command>) {
    let bar = ui.max_rect();
    let theme = Theme::of(ui);
    ui.horizontal_centered(|ui| {
        line(ui, state.page.name(), Face::new(HEADING, Weight::Semibold, theme.ink));
        if state.page != Page::Data {
            ui.add_space(S);
            mine_ui(ui, state, out);
        }
        at_right(ui, "time", |ui| match state.page {
            Page::Overview | Page::Ranking => time::ui(ui, state, narrow, &mut drafts.time, out),
            Page::History => turns::ui(ui, state, &mut drafts.turns, out),
            Page::Data => {}
        });
    });
    drafts.progress.ui(ui, bar, state);
}

/// For an admin with rows: the own ones, or all that are visible.
fn mine_ui(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let viewing = &state.viewing;
    let owns = viewing.visible.is_some_and(|it| it.n_own > 0);
    if !viewing.viewer.is_admin() || viewing.viewer.id().is_none() || !owns {
        return;
    }
    pill(ui, |ui| {
        for (only_mine, name) in [(true, "Mine"), (false, "All visible")] {
            let text = rich(name, Face::new(SMALL, Weight::Medium, Theme::of(ui).ink));
            let chosen = viewing.only_mine == only_mine;
            if ui.add(Button::selectable(chosen, text).min_size(segment())).clicked() && !chosen {
                out.push(Command::OnlyMine(only_mine));
            }
        }
    });
}

/// Several controls in one edge, which takes a pixel of each side.
pub(super) fn pill(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let theme = Theme::of(ui);
    let edge = Stroke::new(1.0, theme.border_control);
    Frame::new().fill(theme.surface).stroke(edge).corner_radius(RADIUS_CONTROL).show(ui, |ui| {
        ui.spacing_mut().interact_size.y = segment().y;
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.horizontal(add);
    });
}

/// The least a part of a pill takes.
pub(super) fn segment() -> egui::Vec2 {
    vec2(CONTROL_HEIGHT, CONTROL_HEIGHT - 2.0)
}

/// Between two parts of a pill.
pub(super) fn divider(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(1.0, segment().y), Sense::hover());
    Pen::new(ui).fill(rect, 0, Theme::of(ui).border);
}

/// The thin line that moves while an answer is awaited.
#[derive(Clone, Debug, Default)]
pub(in crate::ui) struct Progress {
    /// In egui's seconds; `None` while nothing is awaited.
    pending_since: Option<f64>,
}

/// Answers that come sooner are not announced: a line that only flashes would disturb.
const QUIET_SECS: f64 = 0.2;
/// Between two pictures of the line: 25 a second is smooth for something so small.
const FRAME_SECS: f64 = 0.04;

impl Progress {
    pub(super) fn ui(&mut self, ui: &Ui, bar: Rect, state: &State) {
        if !state.is_pending() {
            self.pending_since = None;
            return;
        }
        let now = ui.input(|it| it.time);
        let since = *self.pending_since.get_or_insert(now);
        let quiet_secs = QUIET_SECS - (now - since);
        let wait_secs = if quiet_secs > 0.0 { quiet_secs } else { FRAME_SECS };
        ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(wait_secs));
        if quiet_secs <= 0.0 {
            let part = ((now - since) / 1.2).fract() as f32;
            let width = bar.width() * 0.25;
            let left = bar.left() + (bar.width() + width) * part - width;
            let line = Rect::from_min_size(egui::pos2(left, bar.bottom() - XS), vec2(width, 2.0));
            Pen::new(ui).within(bar).fill(line.intersect(bar), 1, Theme::of(ui).accent);
        }
    }
}
