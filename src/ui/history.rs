use egui::{Align, Frame, Label, Layout, Margin, Panel, ScrollArea, Ui};

use super::controls::{bare_card, failure, faint, icon_button, line, nothing, rich, soft};
use super::paint::{Face, Icon};
use super::table::{self, Head, Rows};
use super::theme::{BODY, CAPTION, L, M, RADIUS_CONTROL, S, SMALL, TITLE, Theme, Weight, XS};
use crate::app::State;
use crate::app::state::Viewing;
use crate::view::{Cell, History, HistoryRow};

/// The row that is looked at.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    selected: Option<usize>,
    /// The page it is of, told from others by its address.
    list: usize,
}

const DETAILS_WIDTH: f32 = 344.0;

/// What a column shows, its head, and the width of the table from which on there is room for it.
type Show = fn(&mut Ui, &HistoryRow);
const COLUMNS: [(Head, f32, Show); 7] = [
    (Head::new("created_at", 156.0), 0.0, |ui, row| {
        table::figure(ui, &row.time);
    }),
    (Head::new("user", 128.0), 0.0, |ui, row| table::cell(ui, &row.user)),
    (Head::new("action", 140.0), 0.0, |ui, row| table::cell(ui, &row.action)),
    (Head::new("format", 64.0), 700.0, |ui, row| table::cell(ui, &row.format)),
    (Head::new("quality", 72.0), 700.0, |ui, row| table::cell(ui, &row.quality)),
    (Head::figure("credits", 104.0), 0.0, |ui, row| {
        table::figure(ui, &row.credits);
    }),
    (Head::rest("metadata"), 860.0, |ui, row| soft_cell(ui, &row.metadata)),
];

impl Draft {
    /// Closes the details.
    pub(super) fn close(&mut self) {
        self.selected = None;
    }

    /// A selection is of one page of rows.
    fn follow(&mut self, history: &History) {
        let list = std::ptr::from_ref(history).addr();
        if self.list != list {
            *self = Self { selected: None, list };
        }
    }
}

/// The rows, the newest first, and one of them whole.
pub(super) fn ui(ui: &mut Ui, state: &State, draft: &mut Draft) {
    if let Some(error) = &state.history.error {
        failure(ui, error);
        ui.add_space(M);
    }
    let Some(history) = state.history.value.as_deref() else {
        if state.history.pending {
            line(ui, "Reading rows", faint(ui));
        }
        return;
    };
    draft.follow(history);
    if history.rows.is_empty() {
        let (what, more) = no_rows(state);
        nothing(ui, &what, &more);
        return;
    }
    if let Some(row) = draft.selected.and_then(|it| history.rows.get(it)) {
        let panel = Panel::right("row").exact_size(DETAILS_WIDTH + L).resizable(false);
        let margin = Frame::new().inner_margin(Margin { left: L as i8, ..Margin::ZERO });
        panel.show_separator_line(false).frame(margin).show(ui, |ui| details_ui(ui, row, draft));
    }
    bare_card(ui).show(ui, |ui| rows_ui(ui, history, draft));
}

/// Why an empty page is empty.
pub(super) fn no_rows(state: &State) -> (String, String) {
    let Viewing { name, visible, .. } = &state.viewing;
    let n_hidden = state.file.as_ref().map_or(0, |it| it.n_rows);
    match visible {
        Some(visible) if visible.n_rows == 0 && n_hidden > 0 => (
            format!("No rows for {name}: {} hidden by the rule", crate::view::number::count(n_hidden)),
            "The proof says what is seen and why (p)".to_owned(),
        ),
        Some(visible) if visible.n_rows > 0 => {
            ("No rows here".to_owned(), "There are rows at other times".to_owned())
        }
        _ => ("No rows yet".to_owned(), "Import an export of usage_logs on the page Data".to_owned()),
    }
}

fn rows_ui(ui: &mut Ui, history: &History, draft: &mut Draft) {
    ui.spacing_mut().item_spacing.y = 0.0;
    Frame::new().inner_margin(Margin::symmetric(L as i8, S as i8)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        line(ui, &history.caption, faint(ui));
    });
    let width = ui.available_width();
    let columns: Vec<_> = COLUMNS.iter().filter(|(_, from, _)| width >= *from).collect();
    let heads: Vec<_> = columns.iter().map(|(head, ..)| *head).collect();
    let rows = Rows { name: "History", heads: &heads, len: history.rows.len(), list: draft.list };
    table::ui(ui, &rows, &mut draft.selected, &mut |ui, row, column| {
        if let (Some(row), Some((.., show))) = (history.rows.get(row), columns.get(column)) {
            show(ui, row);
        }
    });
}

fn soft_cell(ui: &mut Ui, cell: &Cell) {
    let theme = Theme::of(ui);
    let color = if cell.soft { theme.ink_faint } else { theme.ink_soft };
    line(ui, &cell.text, Face::new(SMALL, Weight::Regular, color));
}

/// Every field of a row.
fn details_ui(ui: &mut Ui, row: &HistoryRow, draft: &mut Draft) {
    let theme = Theme::of(ui);
    bare_card(ui).inner_margin(L).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.set_height(ui.available_height());
        ui.horizontal(|ui| {
            line(ui, "Row", Face::new(TITLE, Weight::Semibold, theme.ink));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if icon_button(ui, Icon::Cross, "Close the row").clicked() {
                    draft.close();
                }
                if ui.button("Copy as JSON").clicked() {
                    ui.ctx().copy_text(row.json.clone());
                }
            });
        });
        ui.add_space(S);
        ScrollArea::vertical().id_salt("row").auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = XS;
            for (name, value) in &row.fields {
                line(ui, name, Face::new(CAPTION, Weight::Semibold, theme.ink_soft));
                let color = if value.soft { theme.ink_faint } else { theme.ink };
                let text = rich(value.text.clone(), Face::new(BODY, Weight::Regular, color));
                ui.add(Label::new(text).wrap());
                ui.add_space(S);
            }
            tree_ui(ui, &row.tree);
        });
    });
}

fn tree_ui(ui: &mut Ui, tree: &Cell) {
    let theme = Theme::of(ui);
    line(ui, "metadata", Face::new(CAPTION, Weight::Semibold, theme.ink_soft));
    if tree.soft {
        line(ui, &tree.text, soft(ui));
        return;
    }
    let ground = Frame::new().fill(theme.sunken).corner_radius(RADIUS_CONTROL).inner_margin(M);
    ground.show(ui, |ui| {
        ui.set_width(ui.available_width());
        let text = egui::RichText::new(&tree.text).monospace().color(theme.ink);
        ui.add(Label::new(text).wrap());
    });
}
