use egui::{Align, Frame, Layout, Margin, Ui};

use crate::ui::controls::{bare_card, card_title, faint, line, rich, row, soft};
use crate::ui::data::report::plain_table;
use crate::ui::paint::Face;
use crate::ui::table;
use crate::ui::theme::{CONTROL_HEIGHT, L, M, S, SMALL, Theme, Weight, XS};
use crate::view::Preview;

/// Rows of a preview that are shown at first.
const PREVIEW_FEW: usize = 6;
/// Widths from which on there is room for columns beside the raw text.
const COLUMNS_FROM: [(&str, f32); 3] = [("metadata", 1_350.0), ("format", 1_050.0), ("quality", 1_050.0)];

/// The first rows as they were read, beside what stands in the dump.
pub(super) fn ui(ui: &mut Ui, preview: &Preview, whole: &mut bool) {
    let theme = Theme::of(ui);
    let n_lines = preview.lines.len();
    let n_shown = if *whole { n_lines } else { n_lines.min(PREVIEW_FEW) };
    bare_card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 0.0;
        padded(ui, |ui| {
            row(ui, CONTROL_HEIGHT, |ui| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if n_lines > PREVIEW_FEW {
                        let text = if *whole { "Show fewer".to_owned() } else { format!("Show {n_lines}") };
                        let text = rich(text, Face::new(SMALL, Weight::Medium, theme.accent_text));
                        if ui.add(egui::Button::new(text).frame_when_inactive(false)).clicked() {
                            *whole = !*whole;
                        }
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        card_title(ui, "Preview", &preview.note);
                    });
                });
            });
        });
        Frame::new().inner_margin(Margin { left: L as i8, bottom: S as i8, ..Margin::ZERO }).show(ui, |ui| {
            preview_rows_ui(ui, preview, n_shown);
        });
    });
}

/// The columns that there is room for; what stands in the dump comes last.
fn preview_rows_ui(ui: &mut Ui, preview: &Preview, n_shown: usize) {
    let room = ui.available_width();
    let is_shown = |name: &str| COLUMNS_FROM.iter().all(|(it, from)| *it != name || room >= *from);
    let columns = preview.columns.iter().enumerate().filter(|(_, it)| is_shown(it));
    let shown: Vec<usize> = columns.map(|(index, _)| index).collect();
    let mut heads = vec![("line", Some(44.0))];
    heads.extend(shown.iter().filter_map(|it| preview.columns.get(*it)).map(|it| (*it, Some(width(it)))));
    heads.push(("as it stands in the file", None));
    plain_table(ui, "preview", &heads, n_shown, |ui, index, column| {
        let Some(preview_line) = preview.lines.get(index) else { return };
        match column {
            0 => {
                line(ui, &preview_line.line, faint(ui));
            }
            column if column <= shown.len() => {
                if let Some(cell) = shown.get(column - 1).and_then(|it| preview_line.cells.get(*it)) {
                    table::cell(ui, cell);
                }
            }
            _ => {
                line(ui, &preview_line.raw.text, soft(ui)).on_hover_text(&preview_line.raw.text);
            }
        }
    });
}

fn width(column: &str) -> f32 {
    match column {
        "id" | "user_id" => 76.0,
        "action" => 116.0,
        "credits_consumed" => 104.0,
        "created_at" => 228.0,
        "metadata" | "username" => 200.0,
        _ => 64.0,
    }
}

fn padded(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let margin = Margin { left: L as i8, right: M as i8, top: XS as i8, bottom: 0 };
    Frame::new().inner_margin(margin).show(ui, |ui| {
        ui.set_width(ui.available_width());
        add(ui);
    });
}
