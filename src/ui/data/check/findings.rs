use egui::{Align, Layout, Ui, vec2};

use crate::ui::controls::{card, card_title, line, row, sign, soft, words};
use crate::ui::data::report::rejects_ui;
use crate::ui::paint::{Face, Icon};
use crate::ui::theme::{BODY, L, M, S, SMALL, Theme, Weight, XS};
use crate::view::TableReport;

/// Warnings beside rejects, or the one line of a clean dump.
pub(super) fn ui(ui: &mut Ui, table: &TableReport) {
    if table.warnings.is_empty() && table.rejects.is_empty() {
        card(ui).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = XS;
            row(ui, 20.0, |ui| {
                sign(ui, Icon::Check, Theme::of(ui).good);
                line(ui, "Nothing to look after", Face::new(BODY, Weight::Medium, Theme::of(ui).ink));
            });
            notes_ui(ui, table);
        });
        return;
    }
    let both = !table.warnings.is_empty() && !table.rejects.is_empty();
    let left = if both { (ui.available_width() - M) * 0.38 } else { ui.available_width() };
    let right = ui.available_width() - left - M;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = M;
        if !table.warnings.is_empty() {
            column_ui(ui, left, |ui| warnings_ui(ui, table));
        }
        if !table.rejects.is_empty() {
            column_ui(ui, if both { right } else { left }, |ui| {
                ui.spacing_mut().item_spacing.y = S;
                rejects_ui(ui, table);
                if !both {
                    notes_ui(ui, table);
                }
            });
        }
    });
}

fn column_ui(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui)) {
    ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::Min), |ui| {
        card(ui).show(ui, |ui| {
            ui.set_width(width - 2.0 * L - 2.0);
            add(ui);
        });
    });
}

fn warnings_ui(ui: &mut Ui, table: &TableReport) {
    let theme = Theme::of(ui);
    ui.spacing_mut().item_spacing.y = S;
    card_title(ui, "Warnings", &table.warnings.len().to_string());
    for warning in &table.warnings {
        ui.horizontal_top(|ui| {
            sign(ui, Icon::Warning, theme.warn);
            words(ui, warning, Face::new(SMALL, Weight::Regular, theme.ink));
        });
    }
    notes_ui(ui, table);
}

fn notes_ui(ui: &mut Ui, table: &TableReport) {
    for note in &table.notes {
        words(ui, note, soft(ui));
    }
}
