use egui::{Align, Button, Event, Frame, Layout, Margin, TextEdit, Ui, WidgetInfo, vec2};

use super::{room, whole};
use crate::app::{BatchCommand, Command};
use crate::ui::controls::{at_right, bare_card, card_title, faint, line, rich, row, soft};
use crate::ui::key_marks::{self, Side};
use crate::ui::paint::Face;
use crate::ui::table::{self, Head, Rows};
use crate::ui::theme::{CONTROL_HEIGHT, L, M, S, SMALL, Theme, Weight, XS};
use crate::view::{Cell, Choosable, LeftOut, LeftOutRow, LeftOutRows, Outcome, Versions};

/// Which rows are listed, and which of them is shown whole.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// The import that the rest is of.
    batch: i64,
    /// `None`: the kind there is, rejects first.
    kind: Option<Outcome>,
    filter: String,
    selected: Option<usize>,
    /// The field is to have the focus.
    search: bool,
}

/// The rows that are in sight at once; more are scrolled to.
const N_SHOWN_MAX: usize = 8;
const FILTER_WIDTH: f32 = 200.0;
/// Width of the table from which on the table of the dump is named in each row.
const ROOMY: f32 = 1_000.0;

type Show = fn(&mut Ui, &LeftOutRow);
const LINE: (Head, bool, Show) = (Head::figure("line", 56.0), true, |ui, row| {
    line(ui, &row.line, soft(ui));
});
const TABLE: (Head, bool, Show) = (Head::new("table", 72.0), false, |ui, row| {
    line(ui, row.table, soft(ui));
});
const REJECTED: [(Head, bool, Show); 5] = [
    LINE,
    TABLE,
    (Head::new("column", 120.0), true, |ui, row| table::cell(ui, &row.column)),
    (Head::new("reason", 240.0), true, |ui, row| {
        line(ui, &row.reason, Face::new(SMALL, Weight::Regular, Theme::of(ui).bad));
    }),
    (Head::rest("raw text"), true, |ui, row| soft_cell(ui, Some(&row.raw))),
];
const CONFLICTS: [(Head, bool, Show); 8] = [
    LINE,
    TABLE,
    (Head::new("id", 72.0), true, |ui, row| {
        let short: String = row.column.text.chars().take(8).collect();
        line(ui, &short, soft(ui)).on_hover_text(&row.column.text);
    }),
    (Head::rest("what differs"), true, |ui, row| {
        line(ui, &row.reason, Face::new(SMALL, Weight::Regular, Theme::of(ui).warn))
            .on_hover_text(&row.reason);
    }),
    (Head::figure("credits first", 88.0), true, |ui, row| {
        figure_cell(ui, row, |it| it.credits[0].as_deref());
    }),
    (Head::figure("newer", 88.0), true, |ui, row| figure_cell(ui, row, |it| it.credits[1].as_deref())),
    (Head::figure("difference", 88.0), true, |ui, row| figure_cell(ui, row, |it| it.difference.as_deref())),
    (Head::new("newer version", 220.0), true, |ui, row| match row.versions.as_ref().map(|it| &it.choice) {
        Some(Choosable::Taken(taken)) => {
            line(ui, taken, Face::new(SMALL, Weight::Medium, Theme::of(ui).good)).on_hover_text(taken);
        }
        Some(Choosable::No(why)) => {
            line(ui, "Cannot be taken", faint(ui)).on_hover_text(*why);
        }
        Some(Choosable::Yes) | None => {
            line(ui, "Left out", soft(ui));
        }
    }),
];

impl Draft {
    pub(super) fn close(&mut self) {
        self.selected = None;
    }

    pub(super) fn search(&mut self) {
        self.search = true;
    }

    /// The kind that is listed.
    fn listed(&self, left_out: &LeftOut) -> Outcome {
        let first = if left_out.rejects.rows.is_empty() { Outcome::Conflict } else { Outcome::Rejected };
        self.kind.unwrap_or(first)
    }
}

/// The chosen import: what can be done with it, what it did not take, and why.
pub(super) fn ui(ui: &mut Ui, left_out: &LeftOut, draft: &mut Draft, out: &mut Vec<Command>) {
    if draft.batch != left_out.batch {
        *draft = Draft { batch: left_out.batch, search: draft.search, ..Draft::default() };
    }
    bare_card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 0.0;
        let padded = |ui: &mut Ui, bottom: f32, add: &mut dyn FnMut(&mut Ui)| {
            let margin = Margin { left: L as i8, right: L as i8, top: M as i8, bottom: bottom as i8 };
            Frame::new().inner_margin(margin).show(ui, |ui| {
                ui.set_width(ui.available_width());
                add(ui);
            });
        };
        padded(ui, 0.0, &mut |ui| title_ui(ui, left_out, out));
        if let Some(removed) = &left_out.removed {
            let text = format!("Removed {removed}: nothing of this import is in the file");
            padded(ui, L, &mut |ui| {
                line(ui, &text, soft(ui));
            });
            return;
        }
        if left_out.rejects.rows.is_empty() && left_out.conflicts.rows.is_empty() {
            padded(ui, L, &mut |ui| {
                line(ui, "Every row of this import was taken, or was there already", soft(ui));
            });
            return;
        }
        let kind = draft.listed(left_out);
        let rows = if kind == Outcome::Rejected { &left_out.rejects } else { &left_out.conflicts };
        let mut places = rows.matching(&draft.filter);
        padded(ui, M, &mut |ui| {
            controls_ui(ui, left_out, (kind, rows), &places, draft, out);
        });
        if places.is_empty() {
            let text = if draft.filter.is_empty() { "None of this kind" } else { "No rows match" };
            padded(ui, L, &mut |ui| {
                line(ui, text, soft(ui));
            });
            return;
        }
        draft.selected = draft.selected.filter(|it| *it < places.len());
        // The height is that of the whole list, so that nothing jumps while one types.
        let n_shown = rows.rows.len().min(N_SHOWN_MAX);
        room(ui, n_shown, |ui| rows_ui(ui, (kind, rows), &mut places, draft));
        if let Some(more) = &rows.more {
            padded(ui, M, &mut |ui| {
                line(ui, more, faint(ui));
            });
        }
        if let Some(row) = draft.selected.and_then(|it| rows.rows.get(*places.get(it)?)) {
            copy_key(ui, row);
            padded(ui, L, &mut |ui| whole::ui(ui, left_out.batch, row, draft, out));
        }
    });
}

fn title_ui(ui: &mut Ui, left_out: &LeftOut, out: &mut Vec<Command>) {
    row(ui, CONTROL_HEIGHT, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            at_right(ui, "batch", |ui| buttons_ui(ui, left_out, out));
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                card_title(ui, &format!("Not taken of {}", left_out.file), &left_out.note);
            });
        });
    });
}

/// What can be done with the import.
fn buttons_ui(ui: &mut Ui, left_out: &LeftOut, out: &mut Vec<Command>) {
    ui.spacing_mut().item_spacing.x = S;
    // Rows that were made here, as the demo's, are of no file.
    if !left_out.sha256.is_empty() {
        if small_button(ui, "Copy hash", "Copy the hash").on_hover_text(&left_out.sha256).clicked() {
            ui.ctx().copy_text(left_out.sha256.clone());
        }
        let again = small_button(ui, "Import again", "Import again");
        if again.on_hover_text("Checks the file once more, from where it was").clicked() {
            out.push(Command::Batch(BatchCommand::ImportAgain(left_out.batch)));
        }
    }
    if left_out.removed.is_none()
        && small_button(ui, "Remove…", "Remove this import…")
            .on_hover_text("Says first what would go with it")
            .clicked()
    {
        out.push(Command::Batch(BatchCommand::AskRemoval(left_out.batch)));
    }
}

/// The kinds with their counts, the filter, and the ways to copy what is listed.
fn controls_ui(
    ui: &mut Ui,
    left_out: &LeftOut,
    (kind, rows): (Outcome, &LeftOutRows),
    places: &[usize],
    draft: &mut Draft,
    out: &mut Vec<Command>,
) {
    row(ui, CONTROL_HEIGHT, |ui| {
        ui.spacing_mut().item_spacing.x = XS;
        for (outcome, of) in
            [(Outcome::Rejected, &left_out.rejects), (Outcome::Conflict, &left_out.conflicts)]
        {
            let text = format!("{} {}", outcome.name(), of.n);
            let text = rich(text, Face::new(SMALL, Weight::Medium, Theme::of(ui).ink));
            let button = Button::selectable(kind == outcome, text).min_size(vec2(0.0, CONTROL_HEIGHT));
            if ui.add(button).clicked() && kind != outcome {
                (draft.kind, draft.selected) = (Some(outcome), None);
            }
        }
        ui.add_space(S);
        let field = TextEdit::singleline(&mut draft.filter)
            .hint_text("line, column, reason or text")
            .font(egui::FontId::proportional(SMALL))
            .margin(Margin::symmetric(S as i8, 6))
            .desired_width(FILTER_WIDTH);
        let field = ui.add(field).accessible_name("Search the rows that were not taken");
        key_marks::mark(&field, "f t", Side::Right);
        if std::mem::take(&mut draft.search) {
            field.request_focus();
        }
        ui.add_space(S);
        line(ui, "Copy as", soft(ui));
        ui.spacing_mut().item_spacing.x = S;
        for (text, label, delimiter) in
            [("CSV", "Copy all as CSV", ','), ("Tab-separated", "Copy all as tab-separated", '\t')]
        {
            if small_button(ui, text, label).clicked() {
                ui.ctx().copy_text(rows.delimited(places, delimiter));
            }
        }
        let save = small_button(ui, "Save as CSV…", "Save as CSV…");
        if save.on_hover_text("All rows of this kind in which the text occurs, with the reason").clicked() {
            let (batch, filter) = (left_out.batch, draft.filter.clone());
            out.push(Command::SaveLeftOut { batch, outcome: kind, filter });
        }
        if kind == Outcome::Conflict {
            let is_all = draft.filter.trim().is_empty();
            at_right(ui, "take", |ui| take_all_ui(ui, left_out.batch, (rows, is_all), places, out));
        }
    });
}

/// The newer versions of all rows, also of those that are not listed; of a search, of all that it found.
fn take_all_ui(
    ui: &mut Ui,
    batch: i64,
    (rows, is_all): (&LeftOutRows, bool),
    places: &[usize],
    out: &mut Vec<Command>,
) {
    let listed = places.iter().filter_map(|it| rows.rows.get(*it)?.versions.as_ref());
    let mut takable = listed.filter(|it| it.choice == Choosable::Yes).map(|it| it.id).peekable();
    let is_any = takable.peek().is_some() || (is_all && rows.more.is_some());
    let (text, label) = if is_all {
        ("Take all newer…", "Take the newer of all…")
    } else {
        ("Take newer of found…", "Take the newer of all found…")
    };
    let button = ui.add_enabled_ui(is_any, |ui| small_button(ui, text, label));
    let button = button.inner.on_hover_text("Says first how many rows change, and by how many credits");
    if button.on_disabled_hover_text("None of the listed rows can be taken").clicked() {
        out.push(Command::Batch(if is_all {
            BatchCommand::AskTakingAll(batch)
        } else {
            BatchCommand::AskTaking { batch, ids: takable.collect() }
        }));
    }
}

pub(super) fn small_button(ui: &mut Ui, text: &str, label: &str) -> egui::Response {
    let text = rich(text, Face::new(SMALL, Weight::Medium, Theme::of(ui).ink));
    let button = ui.add(Button::new(text).min_size(vec2(0.0, CONTROL_HEIGHT)));
    button.widget_info(|| WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), label));
    button
}

fn rows_ui(ui: &mut Ui, (kind, rows): (Outcome, &LeftOutRows), places: &mut [usize], draft: &mut Draft) {
    let all = if kind == Outcome::Rejected { REJECTED.as_slice() } else { CONFLICTS.as_slice() };
    let roomy = ui.available_width() >= ROOMY;
    let columns: Vec<_> = all.iter().filter(|(_, always, _)| *always || roomy).collect();
    let heads: Vec<_> = columns.iter().map(|(head, ..)| *head).collect();
    let list = draft.batch.unsigned_abs() as usize;
    let rows_of = Rows { name: kind.name(), heads: &heads, len: places.len(), list };
    table::ui(ui, &rows_of, &mut draft.selected, &mut |ui, row, column| {
        let row = places.get(row).and_then(|it| rows.rows.get(*it));
        if let (Some(row), Some((.., show))) = (row, columns.get(column)) {
            show(ui, row);
        }
    });
}

fn figure_cell(ui: &mut Ui, row: &LeftOutRow, of: fn(&Versions) -> Option<&str>) {
    match row.versions.as_ref().and_then(of) {
        Some(text) => {
            line(ui, text, Face::new(SMALL, Weight::Regular, Theme::of(ui).ink)).on_hover_text(text)
        }
        None => line(ui, "–", faint(ui)),
    };
}

fn soft_cell(ui: &mut Ui, cell: Option<&Cell>) {
    match cell {
        Some(cell) => line(ui, &cell.text, soft(ui)),
        None => line(ui, "–", faint(ui)),
    };
}

/// Ctrl+C copies the selected row for a spreadsheet, unless a text is being edited or selected.
fn copy_key(ui: &Ui, row: &LeftOutRow) {
    let is_copied = ui.input(|it| it.events.iter().any(|it| matches!(it, Event::Copy)));
    if is_copied && !ui.ctx().text_edit_focused() {
        ui.ctx().copy_text(row.tab_separated());
    }
}
