use egui::{Align, Layout, ScrollArea, Ui, vec2};

use super::controls::{card, line, menu_style, rich, row, sign, soft, words};
use super::drop_zone::{self, Cut, Draft};
use super::paint::{Face, Icon};
use super::theme::{BODY, FIGURE, L, M, S, SMALL, Theme, Weight, XL, XS};
use crate::app::{Command, State};

const WIDTH: f32 = 560.0;
/// The height of all that is on the page, to set it in the middle.
const HEIGHT: f32 = 460.0;
/// Recent files for which there is room; the menu of the header has more.
const RECENT_MAX: usize = 4;
/// A recent file, and the title above all of them.
const RECENT_HEIGHT: f32 = 28.0;
const RECENT_HEAD_HEIGHT: f32 = 48.0;

/// What is promised of an import, before there is one.
const PROMISES: [(&str, &str); 3] = [
    (
        "All or nothing",
        "Every row read is imported, a repeat, a conflict or rejected, and the report says which",
    ),
    ("See as anyone", "View as an admin or as a user, with the same rule as the platform"),
    ("Exact", "Whole numbers of 10⁻⁹ credit. Every chart adds up to its header"),
];

/// One thing to do, and what will happen.
pub(super) fn ui(ui: &mut Ui, state: &State, draft: &mut Draft, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    let page = ui.max_rect();
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let n_recent = state.recent.len().min(RECENT_MAX) as f32;
        let recent = if n_recent > 0.0 { RECENT_HEAD_HEIGHT + n_recent * RECENT_HEIGHT } else { 0.0 };
        ui.add_space(((page.height() - HEIGHT - recent) / 2.0 - L).max(L));
        ui.with_layout(Layout::top_down(Align::Center), |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = S;
            ui.label(rich("Look at your credits", Face::new(FIGURE, Weight::Semibold, theme.ink)));
            words(
                ui,
                "Import an export of usage_logs to begin. It stays in one file on this machine",
                Face::new(BODY, Weight::Regular, theme.ink_soft),
            );
            ui.add_space(S);
            let width = WIDTH.min(ui.available_width());
            ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::Min), |ui| {
                ui.set_width(width);
                for job in &state.jobs {
                    super::data::job_ui(ui, job, out);
                    ui.add_space(M);
                }
                drop_zone::ui(ui, state, draft, Cut::FirstRun, out);
                if !state.recent.is_empty() {
                    ui.add_space(L);
                    recent_ui(ui, state, out);
                }
                ui.add_space(XL);
                promises_ui(ui);
            });
            ui.add_space(XL);
            let note = "This shows what a user would see; it does not lock the file";
            words(ui, note, Face::new(SMALL, Weight::Regular, theme.ink_faint));
        });
    });
}

/// The files that were open last.
fn recent_ui(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    line(ui, "Recent files", soft(ui));
    ui.add_space(XS);
    card(ui).inner_margin(XS).show(ui, |ui| {
        menu_style(ui.style_mut());
        for path in state.recent.iter().take(RECENT_MAX) {
            super::shell::recent_ui(ui, path, out);
        }
    });
}

fn promises_ui(ui: &mut Ui) {
    let theme = Theme::of(ui);
    let width = (ui.available_width() - 2.0 * L) / PROMISES.len() as f32;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = L;
        for (title, what) in PROMISES {
            ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::Min), |ui| {
                ui.set_width(width);
                ui.spacing_mut().item_spacing = vec2(XS, XS);
                row(ui, 20.0, |ui| {
                    sign(ui, Icon::Check, theme.accent);
                    line(ui, title, Face::new(BODY, Weight::Semibold, theme.ink));
                });
                words(ui, what, Face::new(SMALL, Weight::Regular, theme.ink_soft));
            });
        }
    });
}
