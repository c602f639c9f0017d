//! Draws charts: stacked columns over time, sparklines, bars and rankings.
//!
//! `egui_plot` gives the stacked columns their transform, grid and pointer. Its axes are not used: they
//! take the room that the labels of the frame before needed, so the plot would jump when the data
//! changes. Nor are its bars, tooltips and legend, which know no hatching, no whole-column hover and
//! no line under the title; those are painted through its transform.

mod card;
mod charts;
mod columns;
mod hover;
mod legend;
mod ranked;
mod spark;
mod table;
mod tooltip;

#[cfg(test)]
mod tests;

pub use card::{Card, card_ui};
pub use charts::Charts;
pub use columns::columns_ui;
pub use hover::{ChartAction, ChartHover};
pub use legend::{LegendAction, legend_ui};
pub use ranked::{formats_ui, leaders_ui};
pub use spark::spark;

use egui::{Color32, CornerRadius, Rangef, Rect};

use super::paint::Pen;
use super::theme::{RADIUS_MARK, Theme};
use crate::view::chart::Hue;

impl Theme {
    /// The colour of an entity; "Other" is painted hollow instead, in [`Theme::other`].
    pub fn hue(&self, hue: Hue) -> Color32 {
        match hue {
            Hue::Slot(slot) => self.series[usize::from(slot) % self.series.len()],
            Hue::Other => self.other,
        }
    }
}

/// A part of a chart in its hue: solid, hatched where it is unfinished, hollow for "Other".
fn fill(pen: &Pen, rect: Rect, radius: CornerRadius, hue: Hue, is_partial: bool) {
    match hue {
        Hue::Other => pen.hollow(rect, radius),
        Hue::Slot(_) if is_partial => pen.hatch(rect, radius, pen.theme.hue(hue)),
        Hue::Slot(_) => {
            pen.painter.rect_filled(rect, radius, pen.theme.hue(hue));
        }
    }
}

/// The square before an entity's name, from `x` to the right.
fn marker(pen: &Pen, x: f32, y: f32, hue: Hue) {
    fill(pen, Pen::marker_rect(x, y), CornerRadius::same(RADIUS_MARK), hue, false);
}

/// What is left of charges and refunds: a line above `y`, with a pixel of ground around it.
fn net_mark(pen: &Pen, x: Rangef, y: f32, is_partial: bool) {
    const DASH: f32 = 3.0;
    let line = Rect::from_x_y_ranges(x, y - 1.0..=y);
    pen.fill(line.expand(1.0), 0, pen.theme.surface);
    let step = if is_partial { 2.0 * DASH } else { x.span() };
    let mut left = x.min;
    while left < x.max {
        let right = if is_partial { (left + DASH).min(x.max) } else { x.max };
        pen.fill(line.with_min_x(left).with_max_x(right), 0, pen.theme.ink);
        left += step;
    }
}
