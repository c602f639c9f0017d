//! What stands in a row of the ranking.

use egui::{Align, Color32, Layout, Rect, Sense, Ui, pos2, vec2};

use super::columns::Column;
use crate::ui::chart::spark;
use crate::ui::controls::{faint, line, sign};
use crate::ui::paint::{Face, Icon, Pen, change};
use crate::ui::table;
use crate::ui::theme::{ROW_HEIGHT, S, SMALL, Theme, Weight, XS};
use crate::view::{Moved, RankingRow, Seen};

/// A course in a row is this high.
const COURSE_HEIGHT: f32 = 14.0;

/// How much of the accent is in a share bar.
const SHARE_STRENGTH: f32 = 0.13;

/// `chosen` is the user whose figures are looked at.
pub(super) fn cell_ui(ui: &mut Ui, row: &RankingRow, column: Column, chosen: bool) {
    match column {
        Column::Rank => {
            line(ui, &row.rank, faint(ui));
        }
        Column::Moved => moved_ui(ui, row.moved),
        Column::User => user_ui(ui, row, chosen),
        Column::Course => {
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::hover());
            // The dot at its end has room.
            let area = Rect::from_center_size(rect.center(), vec2(rect.width() - XS, COURSE_HEIGHT));
            spark(&Pen::new(ui), area, &row.course, row.n_buckets, None);
        }
        Column::Share => {
            line(ui, &row.share, faint(ui));
        }
        Column::ActiveDays => {
            table::figure(ui, &row.active_days);
        }
        Column::FirstSeen => seen_ui(ui, &row.first_seen),
        Column::LastSeen => seen_ui(ui, &row.last_seen),
        Column::Events => {
            table::figure(ui, &row.events);
        }
        Column::Credits => {
            let face = Face::new(SMALL, Weight::Medium, Theme::of(ui).ink);
            line(ui, &row.credits, face).on_hover_text(&row.credits_exact);
        }
        Column::Change => change_ui(ui, row),
    }
}

/// The name over the bar of the credits. The bar is behind words, so it is as long as the cell at most.
fn user_ui(ui: &mut Ui, row: &RankingRow, chosen: bool) {
    let theme = Theme::of(ui);
    let cell = ui.available_rect_before_wrap();
    let length = (cell.width() * row.bar).max(if row.bar > 0.0 { 2.0 } else { 0.0 });
    let bar = Rect::from_center_size(cell.center(), vec2(cell.width(), ROW_HEIGHT - XS - 2.0));
    // As pale as the bars of a leaderboard, and still seen on a chosen row.
    let color = theme.accent.gamma_multiply(SHARE_STRENGTH);
    Pen::new(ui).fill(bar.with_max_x(bar.left() + length), XS as u8, color);
    let area = ui.interact(cell, ui.scope_id().with(("share", row.user_id)), Sense::hover());
    area.on_hover_text(format!("{} of all credits", row.share));
    ui.spacing_mut().item_spacing.x = S;
    ui.add_space(S);
    if chosen {
        sign(ui, Icon::Check, theme.accent_text);
    }
    if let Some(name) = &row.name {
        let color = if name.soft { theme.ink_faint } else { theme.ink };
        // The id is faint on the bar: the name gives way to it.
        let face = Face::new(SMALL, Weight::Medium, color);
        let id_width = Pen::new(ui).width(&row.short_id, SMALL, Weight::Regular).ceil() + 2.0 * S;
        let size = vec2((ui.available_width() - id_width).max(0.0), ROW_HEIGHT);
        let name_width = Pen::new(ui).width(&name.text, SMALL, Weight::Medium).ceil() + 1.0;
        let size = size.min(vec2(name_width, ROW_HEIGHT));
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
            line(ui, &name.text, face);
        });
        line(ui, &row.short_id, soft_id(theme));
    } else {
        line(ui, &row.short_id, Face::new(SMALL, Weight::Medium, theme.ink_soft));
        line(ui, "unresolved", soft_id(theme)).on_hover_text("No profile of this user was imported");
    }
}

/// Readable on a bar.
fn soft_id(theme: &Theme) -> Face {
    Face::new(SMALL, Weight::Regular, theme.ink_soft)
}

fn moved_ui(ui: &mut Ui, moved: Option<Moved>) {
    let Some(moved) = moved else { return };
    let theme = Theme::of(ui);
    let (text, color, up) = match moved {
        Moved::Up(n) => (crate::view::number::count(n), theme.rise, Some(true)),
        Moved::Down(n) => (crate::view::number::count(n), theme.fall, Some(false)),
        Moved::Same => ("–".to_owned(), theme.ink_faint, None),
        Moved::New => ("new".to_owned(), theme.rise, None),
    };
    signed_ui(ui, &text, color, up, &moved.spoken());
}

fn change_ui(ui: &mut Ui, row: &RankingRow) {
    let Some(delta) = &row.delta else { return };
    let (text, color, up) = change(Theme::of(ui), delta);
    signed_ui(ui, text, color, up, &format!("{} {}", delta.spoken(), row.from));
}

/// A triangle and a figure, in words for those who cannot see it.
fn signed_ui(ui: &mut Ui, text: &str, color: Color32, up: Option<bool>, spoken: &str) {
    const TRIANGLE: f32 = 12.0;
    let pen = Pen::new(ui);
    let face = Face::new(SMALL, Weight::Regular, color);
    let room = ui.available_rect_before_wrap();
    let width = if up.is_some() { TRIANGLE } else { 0.0 } + pen.width(text, face.size, face.weight).ceil();
    let size = vec2(width.min(room.width()), ROW_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, spoken));
    response.on_hover_text(spoken);
    let y = rect.center().y;
    if let Some(up) = up {
        pen.triangle(pos2(rect.left() + TRIANGLE / 2.0 - 2.0, y), up, color);
    }
    pen.cut(pos2(rect.right() - width + if up.is_some() { TRIANGLE } else { 0.0 }, y), width, text, face);
}

fn seen_ui(ui: &mut Ui, seen: &Seen) {
    let face = Face::new(SMALL, Weight::Regular, Theme::of(ui).ink_soft);
    line(ui, &seen.day, face).on_hover_text(&seen.exact);
}
