use egui::{Align, Button, Label, Layout, ScrollArea, Ui, WidgetInfo, vec2};

use super::tree;
use crate::ui::controls::{bare_card, icon_button, line, rich, row, soft};
use crate::ui::paint::{Face, Icon};
use crate::ui::theme::{BODY, CAPTION, CONTROL_HEIGHT, L, S, SMALL, TITLE, Theme, Weight, XS};
use crate::view::HistoryRow;

/// How the metadata of the row is laid out.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// The page and the row that the tree is of.
    of: Option<(u64, usize)>,
    /// `None` where the metadata is not JSON.
    tree: Option<tree::Draft>,
}

/// Room for `credits_consumed`.
const NAME_WIDTH: f32 = 100.0;

/// How a row is copied, and what the button is called.
type Copy = fn(&HistoryRow) -> String;
const COPIES: [(&str, &str, Copy); 3] = [
    ("JSON", "Copy as JSON", HistoryRow::json),
    ("CSV", "Copy as CSV", HistoryRow::csv),
    ("Tab-separated", "Copy as tab-separated", HistoryRow::tab_separated),
];

impl Draft {
    /// Unfolds another row than the one before.
    fn follow(&mut self, of: (u64, usize), row: &HistoryRow) {
        if self.of != Some(of) {
            *self = Self { of: Some(of), tree: row.tree().map(tree::Draft::new) };
        }
    }
}

/// Every field of a row; whether it is to be closed.
pub(super) fn ui(ui: &mut Ui, draft: &mut Draft, of: (u64, usize), row: &HistoryRow) -> bool {
    draft.follow(of, row);
    let theme = Theme::of(ui);
    let mut closed = false;
    bare_card(ui).inner_margin(L).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.set_height(ui.available_height());
        ui.horizontal(|ui| {
            line(ui, "Row", Face::new(TITLE, Weight::Semibold, theme.ink));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                closed = icon_button(ui, Icon::Cross, "Close the row").clicked();
            });
        });
        copy_ui(ui, row);
        ui.add_space(S);
        ScrollArea::vertical().id_salt("row").auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = XS;
            for (name, value) in &row.fields {
                // Names and values side by side, so that the metadata is in sight.
                ui.horizontal_top(|ui| {
                    ui.allocate_ui(vec2(NAME_WIDTH, 0.0), |ui| {
                        ui.set_width(NAME_WIDTH);
                        line(ui, name, Face::new(CAPTION, Weight::Semibold, theme.ink_soft));
                    });
                    let color = if value.soft { theme.ink_faint } else { theme.ink };
                    let text = rich(value.text.clone(), Face::new(SMALL, Weight::Regular, color));
                    ui.add(Label::new(text).wrap());
                });
            }
            ui.add_space(XS);
            metadata_ui(ui, draft.tree.as_mut(), row);
        });
    });
    closed
}

fn copy_ui(ui: &mut Ui, of: &HistoryRow) {
    row(ui, CONTROL_HEIGHT, |ui| {
        line(ui, "Copy as", soft(ui));
        for (name, label, copy) in COPIES {
            let text = rich(name, Face::new(SMALL, Weight::Medium, Theme::of(ui).ink));
            let button = ui.add(Button::new(text).min_size(vec2(0.0, CONTROL_HEIGHT)));
            button.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, label));
            if button.clicked() {
                ui.ctx().copy_text(copy(of));
            }
        }
    });
}

fn metadata_ui(ui: &mut Ui, tree: Option<&mut tree::Draft>, row: &HistoryRow) {
    let theme = Theme::of(ui);
    line(ui, "metadata", Face::new(CAPTION, Weight::Semibold, theme.ink_soft));
    if let Some(tree) = tree {
        tree::ui(ui, tree);
        return;
    }
    let raw = row.raw_metadata();
    let color = if raw.soft { theme.ink_faint } else { theme.ink };
    ui.add(Label::new(rich(raw.text, Face::new(BODY, Weight::Regular, color))).wrap());
}
