use egui::{CornerRadius, Rect, Role, Sense, WidgetInfo, pos2};

use super::marker;
use super::tooltip::delta_right;
use crate::ui::paint::{Face, MARKER, Pen, rect, say};
use crate::ui::theme::{self, BODY, CAPTION, RADIUS_MARK, ROW_HEIGHT_DENSE, S, SMALL, Weight, XS};
use crate::view::chart::{FormatBars, FormatRow, LeaderRow, Leaders, Rest};

/// From the right end to the end of the credits; the share or the change stands in it.
const SHARE_WIDTH: f32 = 54.0;
const CHANGE_WIDTH: f32 = 76.0;

const FORMAT_ROW_MAX: f32 = 76.0;
/// Below this height of a row the names of the qualities have no line.
const FORMAT_ROW_TALL: f32 = 54.0;
/// Name and bar.
const FORMAT_ROW_MIN: f32 = 34.0;

/// Formats with their qualities inside, as many as fit; the last line is what is left.
/// The place of the one that was pressed.
pub fn formats_ui(ui: &egui::Ui, area: Rect, bars: &FormatBars) -> Option<usize> {
    let mut pressed = None;
    list(ui, area, &bars.summary);
    let n_fitting = ((area.height() / FORMAT_ROW_MIN) as usize).max(1);
    let n_shown = n_fitting_with_rest(n_fitting, &bars.rest);
    let n_lines = (n_shown + usize::from(rest(&bars.rest, n_shown).is_some())).max(1);
    let height = (area.height() / n_lines as f32).min(FORMAT_ROW_MAX).floor();
    for (index, row) in bars.rows.iter().take(n_shown).enumerate() {
        let line = rect(area.left(), area.top() + index as f32 * height, area.width(), height);
        let mut button = press(ui, line, ("format", index), &row.spoken);
        if let Some(refunds) = &row.refunds {
            button = button.on_hover_text(refunds);
        }
        let (pen, ground) = (Pen::new(ui), line.expand2(egui::vec2(S, 0.0)).translate(egui::vec2(0.0, -3.0)));
        ground_ui(&pen, ground, &button);
        format_row(&pen, line, row);
        pressed = pressed.or(button.clicked().then_some(index));
    }
    if let Some(left) = rest(&bars.rest, n_shown) {
        let y = area.top() + n_shown as f32 * height + 7.0;
        rest_ui(ui, area, y, left, SHARE_WIDTH);
    }
    pressed
}

/// A row that can be pressed, and what it says.
fn press(ui: &egui::Ui, area: Rect, id_salt: impl egui::AsIdSalt, spoken: &str) -> egui::Response {
    let button = ui.interact(area, ui.scope_id().with(id_salt), Sense::click());
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, spoken));
    button
}

/// Whether the pointer or the focus is on it.
fn ground_ui(pen: &Pen, area: Rect, button: &egui::Response) {
    if button.hovered() {
        pen.fill(area, XS as u8, pen.theme.sunken);
    }
    if button.has_focus() {
        pen.edge(area, XS as u8, pen.theme.accent);
    }
}

fn format_row(pen: &Pen, line: Rect, row: &FormatRow) {
    let theme = pen.theme;
    let (left, right, y) = (line.left(), line.right(), line.top() + 7.0);
    marker(pen, left, y, row.hue);
    let face = Face::new(BODY, Weight::Medium, theme.ink);
    let end = pen.right(right - SHARE_WIDTH, y, &row.credits, face) - S;
    let start = left + MARKER + 6.0;
    pen.cut(pos2(start, y), end - start, &row.name, face);
    pen.right(right, y, &row.share, Face::new(SMALL, Weight::Regular, theme.ink_faint));

    let is_tall = line.height() >= FORMAT_ROW_TALL;
    let (top, height) = (line.top() + 20.0, if is_tall { 10.0 } else { 8.0 });
    let mut x = left;
    let n_parts = row.parts.len();
    for (index, part) in row.parts.iter().enumerate() {
        let end = x + line.width() * part.length;
        // A pixel of ground between the parts; a part too thin for it is left out.
        if end - x >= 0.5 {
            let bar = Rect::from_min_max(
                pos2(x.round(), top),
                pos2((end.round() - 1.0).max(x.round() + 1.0), top + height),
            );
            let (first, last) = (u8::from(index == 0), u8::from(index + 1 == n_parts));
            let (west, east) = (RADIUS_MARK * first, RADIUS_MARK * last);
            let radius = CornerRadius { nw: west, sw: west, ne: east, se: east };
            let color = theme::mix(theme.surface, theme.hue(row.hue), part.strength);
            pen.painter.rect_filled(bar, radius, color);
        }
        x = end;
    }
    if is_tall {
        let face = Face::new(CAPTION, Weight::Regular, theme.ink_faint);
        pen.cut(pos2(left, top + height + 10.0), line.width(), &row.qualities, face);
    }
}

/// Says what the lines are about: each is said on its own.
fn list(ui: &egui::Ui, area: Rect, summary: &str) {
    let response = ui.interact(area, ui.scope_id().with("list"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::List, true, summary));
}

/// Users or actions with share bars behind, as many as fit; the last line is what is left.
/// The place of the one that was pressed.
pub fn leaders_ui(ui: &egui::Ui, area: Rect, leaders: &Leaders) -> Option<usize> {
    let mut pressed = None;
    list(ui, area, &leaders.summary);
    let n_fitting = (area.height() / ROW_HEIGHT_DENSE) as usize;
    let n_shown = n_fitting_with_rest(n_fitting, &leaders.rest).min(leaders.rows.len());
    for (index, row) in leaders.rows.iter().take(n_shown).enumerate() {
        let top = area.top() + index as f32 * ROW_HEIGHT_DENSE;
        let line = rect(area.left() - XS, top, area.width() + 2.0 * XS, ROW_HEIGHT_DENSE);
        let mut button = press(ui, line, ("leader", index), &row.spoken);
        if let Some(refunds) = &row.refunds {
            button = button.on_hover_text(refunds);
        }
        leader_row(&Pen::new(ui), line, row, &button);
        pressed = pressed.or(button.clicked().then_some(index));
    }
    if let Some(left) = rest(&leaders.rest, n_shown) {
        let y = area.top() + (n_shown as f32 + 0.5) * ROW_HEIGHT_DENSE;
        rest_ui(ui, area, y, left, CHANGE_WIDTH);
    }
    pressed
}

fn leader_row(pen: &Pen, line: Rect, row: &LeaderRow, button: &egui::Response) {
    let theme = pen.theme;
    let bar = line.shrink2(egui::vec2(0.0, 2.0));
    ground_ui(pen, bar, button);
    let length = (bar.width() * row.length).max(2.0);
    pen.fill(bar.with_max_x(bar.left() + length), XS as u8, theme.share);
    let (left, right, y) = (line.left() + XS, line.right() - XS, line.center().y);
    let face = |weight| Face::new(SMALL, weight, theme.ink);
    let end = pen.right(right - CHANGE_WIDTH, y, &row.credits, face(Weight::Regular)) - S;
    pen.cut(pos2(left + 2.0, y), end - left - 2.0, &row.name, face(Weight::Medium));
    if let Some(delta) = &row.delta {
        delta_right(pen, right, y, delta);
    }
}

fn rest_ui(ui: &egui::Ui, area: Rect, y: f32, left: &Rest, share_width: f32) {
    let pen = Pen::new(ui);
    let face = Face::new(SMALL, Weight::Regular, pen.theme.ink_faint);
    let start = area.left() + 2.0;
    let end = pen.right(area.right() - share_width, y, &left.credits, face) - S;
    pen.cut(pos2(start, y), end - start, &left.name, face);
    pen.right(area.right(), y, &left.share, face);
    let line = Rect::from_center_size(pos2(area.center().x, y), egui::vec2(area.width(), ROW_HEIGHT_DENSE));
    say(ui, line, "rest", &format!("{} {}, {}", left.name, left.credits, left.share));
}

/// Of `n_fitting` lines the last is for what is left, if anything is.
fn n_fitting_with_rest(n_fitting: usize, rests: &[Option<Rest>]) -> usize {
    let n_fitting = n_fitting.min(rests.len().saturating_sub(1));
    if rest(rests, n_fitting).is_some() { n_fitting.saturating_sub(1) } else { n_fitting }
}

fn rest(rests: &[Option<Rest>], n_shown: usize) -> Option<&Rest> {
    rests.get(n_shown)?.as_ref()
}
