use egui::{Align, Frame, Label, Layout, Margin, Sense, Ui};

use super::room;
use crate::app::Command;
use crate::ui::controls::{bare_card, card_title, faint, line, rich, row, sign, soft};
use crate::ui::paint::{Face, Icon};
use crate::ui::table::{self, Head, Rows};
use crate::ui::theme::{L, M, SMALL, Theme, Weight};
use crate::view::{BatchRow, Imports};

/// The line that the keys are on.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    selected: Option<usize>,
}

/// The rows that are in sight at once; more are scrolled to.
const N_SHOWN_MAX: usize = 8;
/// Width of the table from which on there is room for the size and the hash of a file.
const ROOMY: f32 = 1_000.0;

type Show = fn(&mut Ui, &BatchRow);
const COLUMNS: [(Head, bool, Show); 11] = [
    (Head::new("imported at", 112.0), true, |ui, batch| {
        table::figure(ui, &batch.time);
    }),
    (Head::rest("file"), true, file_ui),
    (Head::figure("size", 60.0), false, |ui, batch| {
        line(ui, &batch.size, soft(ui));
    }),
    (Head::new("sha-256", 60.0), false, hash_ui),
    (Head::new("table", 72.0), true, |ui, batch| {
        line(ui, &batch.table, soft(ui));
    }),
    (Head::figure("read", 60.0), true, |ui, batch| count_ui(ui, batch, 0)),
    (Head::figure("imported", 60.0), true, |ui, batch| count_ui(ui, batch, 1)),
    (Head::figure("updated", 52.0), true, |ui, batch| count_ui(ui, batch, 2)),
    (Head::figure("repeats", 60.0), true, |ui, batch| count_ui(ui, batch, 3)),
    (Head::figure("conflicts", 56.0), true, |ui, batch| count_ui(ui, batch, 4)),
    (Head::figure("rejected", 56.0), true, |ui, batch| count_ui(ui, batch, 5)),
];

/// The imports that the file remembers, the newest first; one of them is chosen.
pub(super) fn ui(ui: &mut Ui, imports: &Imports, draft: &mut Draft, out: &mut Vec<Command>) {
    bare_card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 0.0;
        Frame::new().inner_margin(Margin::symmetric(L as i8, M as i8)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            title_ui(ui, imports);
        });
        if imports.batches.is_empty() {
            Frame::new().inner_margin(Margin { left: L as i8, bottom: L as i8, ..Margin::ZERO }).show(
                ui,
                |ui| {
                    line(ui, "Nothing was imported into this file yet: drop an export above", soft(ui));
                },
            );
            return;
        }
        let n_rows = imports.batches.len().min(N_SHOWN_MAX);
        room(ui, n_rows, |ui| rows_ui(ui, imports, draft, out));
    });
}

fn title_ui(ui: &mut Ui, imports: &Imports) {
    let theme = Theme::of(ui);
    row(ui, 20.0, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if !imports.batches.is_empty() {
                let note = "read = imported + updated + repeats + conflicts + rejected";
                let (icon, color) =
                    if imports.adds_up { (Icon::Check, theme.good) } else { (Icon::Warning, theme.bad) };
                let text = if imports.adds_up { "All rows accounted for" } else { "Counts do not add up" };
                line(ui, text, Face::new(SMALL, Weight::Medium, theme.ink)).on_hover_text(note);
                sign(ui, icon, color);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                card_title(ui, "Imports", "made as the owner of the tables, whoever is looked as");
            });
        });
    });
}

fn rows_ui(ui: &mut Ui, imports: &Imports, draft: &mut Draft, out: &mut Vec<Command>) {
    let chosen = imports.left_out.as_ref().map(|it| it.batch);
    let number = |place: Option<usize>| Some(imports.batches.get(place?)?.number);
    // A line of the chosen import: a file may have several.
    if number(draft.selected) != chosen {
        draft.selected = imports.batches.iter().position(|it| Some(it.number) == chosen);
    }
    let roomy = ui.available_width() >= ROOMY;
    let columns: Vec<_> = COLUMNS.iter().filter(|(_, always, _)| *always || roomy).collect();
    let heads: Vec<_> = columns.iter().map(|(head, ..)| *head).collect();
    let rows = Rows { name: "Imports", heads: &heads, len: imports.batches.len(), list: 0 };
    table::ui(ui, &rows, &mut draft.selected, &mut |ui, row, column| {
        if let (Some(batch), Some((.., show))) = (imports.batches.get(row), columns.get(column)) {
            show(ui, batch);
        }
    });
    if let Some(wanted) = number(draft.selected).filter(|it| Some(*it) != chosen) {
        out.push(Command::ShowBatch(wanted));
    }
}

fn file_ui(ui: &mut Ui, batch: &BatchRow) {
    let theme = Theme::of(ui);
    let hover = format!("{}\n{}", batch.path, batch.size);
    let Some(removed) = &batch.removed else {
        line(ui, &batch.file, Face::new(SMALL, Weight::Medium, theme.ink)).on_hover_text(hover);
        return;
    };
    sign(ui, Icon::Cross, theme.ink_faint);
    // Where there is no room for both, the name is cut.
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        line(ui, &format!("removed {removed}"), faint(ui));
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            line(ui, &batch.file, faint(ui)).on_hover_text(hover);
        });
    });
}

/// Enough of it to tell files apart; a click copies it whole. The keys do that below the table.
fn hash_ui(ui: &mut Ui, batch: &BatchRow) {
    let face = soft(ui);
    let label = Label::new(rich(&batch.short_hash, face)).truncate().selectable(false).sense(Sense::CLICK);
    let hash = ui.add(label).on_hover_cursor(egui::CursorIcon::Copy);
    if hash.clicked() {
        ui.ctx().copy_text(batch.sha256.clone());
    }
    hash.on_hover_text(format!("sha-256 {}\nA click copies it", batch.sha256));
}

/// What is not there is faint, so that what is there is seen.
fn count_ui(ui: &mut Ui, batch: &BatchRow, place: usize) {
    let theme = Theme::of(ui);
    let count = batch.counts.get(place).map_or("", String::as_str);
    let face = match (count, place) {
        _ if batch.removed.is_some() => faint(ui),
        ("0", _) => faint(ui),
        (_, 4) => Face::new(SMALL, Weight::Medium, theme.warn),
        (_, 5) => Face::new(SMALL, Weight::Medium, theme.bad),
        _ => Face::new(SMALL, Weight::Regular, theme.ink),
    };
    line(ui, count, face);
}
