use egui::{Id, LayerId, Order, Rect, pos2};

use super::marker;
use crate::ui::paint::{Face, Pen, change};
use crate::ui::theme::{BODY, CAPTION, L, M, S, SMALL, Theme, Weight};
use crate::view::chart::Tip;
use crate::view::number::Delta;

/// Wide enough for a name of 20 letters, eight digits and a share.
const WIDTH: f32 = 248.0;
const LINE: f32 = 20.0;
/// From the right edge to the end of the credits: a share is left of it.
const SHARE_WIDTH: f32 = 66.0;

/// The card beside a column: every part, the total, the interval, what it was before, one hint.
pub(super) fn tooltip(ui: &egui::Ui, column: Rect, tip: &Tip, hint: &str) {
    let theme = Theme::of(ui);
    // Over the page and under menus: one may open while the pointer rests on a chart.
    let layer = LayerId::new(Order::Middle, Id::unique("chart tooltip"));
    let pen = Pen { painter: ui.ctx().layer_painter(layer), theme };
    let n_more = [tip.refunds.is_some(), tip.before.is_some(), tip.note.is_some()].map(usize::from);
    let n_lines = tip.rows.len() + 1 + n_more.iter().sum::<usize>();
    let height = 52.0 + LINE * n_lines as f32 + 12.0 + 28.0;
    let rect = place(ui.ctx().content_rect(), column, height);
    pen.float(rect);

    let (left, right) = (rect.left() + M, rect.right() - M);
    let face = |size, weight, color| Face::new(size, weight, color);
    let mut y = rect.top() + 19.0;
    pen.cut(pos2(left, y), right - left, &tip.title, face(BODY, Weight::Semibold, theme.ink));
    y += 18.0;
    pen.cut(pos2(left, y), right - left, &tip.interval, face(CAPTION, Weight::Regular, theme.ink_faint));
    y += 22.0;
    let credits_right = right - SHARE_WIDTH;
    let soft = face(SMALL, Weight::Regular, theme.ink_soft);
    let faint = face(SMALL, Weight::Regular, theme.ink_faint);
    for row in &tip.rows {
        marker(&pen, left, y, row.hue);
        let end = pen.right(credits_right, y, &row.credits, face(SMALL, Weight::Regular, theme.ink)) - S;
        pen.cut(pos2(left + L, y), end - left - L, &row.name, soft);
        pen.right(right, y, &row.share, faint);
        y += LINE;
    }
    if let Some(refunds) = &tip.refunds {
        let end = pen.right(credits_right, y, &refunds.credits, soft) - S;
        pen.cut(pos2(left + L, y), end - left - L, "refunds", soft);
        pen.right(right, y, &refunds.share, faint);
        y += LINE;
    }
    y -= 6.0;
    pen.hline(left, right, y, theme.border);
    y += 15.0;
    let (total, total_share) =
        tip.refunds.as_ref().map_or(("Total", "100 %"), |it| ("Total (net)", it.net_share.as_str()));
    pen.left(left, y, total, face(SMALL, Weight::Semibold, theme.ink));
    pen.right(credits_right, y, &tip.total, face(SMALL, Weight::Semibold, theme.ink));
    if !tip.rows.is_empty() {
        pen.right(right, y, total_share, faint);
    }
    y += LINE;
    if let Some(before) = &tip.before {
        let end = pen.right(credits_right, y, &before.credits, soft) - S;
        pen.cut(pos2(left, y), end - left, &before.name, soft);
        delta_right(&pen, right, y, &before.delta);
        y += LINE;
    }
    if let Some(note) = &tip.note {
        pen.left(left, y, note, soft);
    }
    let foot = rect.bottom() - 26.0;
    pen.hline(rect.left() + 1.0, rect.right() - 1.0, foot, theme.border);
    let faint = face(CAPTION, Weight::Regular, theme.ink_faint);
    pen.cut(pos2(left, foot + 13.5), right - left, hint, faint);
}

/// Right of the column; left of it where the window ends; never outside the window.
fn place(window: Rect, column: Rect, height: f32) -> Rect {
    let right_of = column.right() + S;
    let x = if right_of + WIDTH + S <= window.right() { right_of } else { column.left() - S - WIDTH };
    let (x, y) = (x.max(window.left() + S), column.top().min(window.bottom() - S - height));
    crate::ui::paint::rect(x.round(), y.max(window.top() + S).round(), WIDTH, height)
}

/// A change, from `x` to the left.
pub(super) fn delta_right(pen: &Pen, x: f32, y: f32, delta: &Delta) {
    let (text, color, up) = change(pen.theme, delta);
    let left = pen.right(x, y, text, Face::new(SMALL, Weight::Regular, color));
    if let Some(up) = up {
        pen.triangle(pos2(left - 7.0, y), up, color);
    }
}
