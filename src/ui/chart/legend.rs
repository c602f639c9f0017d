use egui::{CornerRadius, Rect, pos2};

use super::marker;
use crate::ui::paint::{Face, MARKER, Pen, say};
use crate::ui::theme::{L, RADIUS_MARK, SMALL, Weight, XS};
use crate::view::chart::StackChart;

/// From a marker to the name of the next one.
const GAP: f32 = MARKER + XS;

/// Marker and name of each series in one line, centred on `y`; what does not fit is counted as `+n`.
/// The pale and the hatched are named after the series, and keep their room: they are what a
/// reader cannot guess.
pub fn legend_ui(ui: &egui::Ui, line: Rect, chart: &StackChart) {
    let pen = Pen::new(ui);
    let (face, y) = (Face::new(SMALL, Weight::Regular, pen.theme.ink_soft), line.center().y);
    let width = |name: &str| GAP + pen.width(name, SMALL, Weight::Regular) + L;
    let shapes = [&chart.before, &chart.partial];
    let reserved: f32 = shapes.iter().filter_map(|it| it.as_deref()).map(width).sum();
    let widths: Vec<f32> = chart.legend.iter().map(|it| width(&it.name)).collect();
    let n_shown = n_fitting(&widths, line.width() + L - reserved, width("+88") - GAP);

    let mut x = line.left();
    for entry in chart.legend.iter().take(n_shown) {
        marker(&pen, x, y, entry.hue);
        x = pen.left(x + GAP, y, &entry.name, face) + L;
    }
    let n_hidden = chart.legend.len() - n_shown;
    if n_hidden > 0 {
        x = pen.left(x, y, &format!("+{n_hidden}"), Face { color: pen.theme.ink_faint, ..face }) + L;
    }
    if let Some(before) = &chart.before {
        pen.marker(x, y, pen.ghost_color());
        x = pen.left(x + GAP, y, before, face) + L;
    }
    if let Some(partial) = &chart.partial {
        pen.hatch(Pen::marker_rect(x, y), CornerRadius::same(RADIUS_MARK), pen.theme.ink_faint);
        pen.cut(pos2(x + GAP, y), line.right() - x - GAP, partial, face);
    }
    let names: Vec<_> = chart.legend.iter().map(|it| it.name.as_str()).collect();
    let response = say(ui, line, "legend", &format!("Legend: {}", names.join(", ")));
    if n_hidden > 0 {
        response.on_hover_text(names.join("\n"));
    }
}

/// How many from the first on fit into `room`, if a count of the rest must fit too.
fn n_fitting(widths: &[f32], room: f32, count_width: f32) -> usize {
    if widths.iter().sum::<f32>() <= room {
        return widths.len();
    }
    let mut left = room - count_width;
    widths
        .iter()
        .take_while(|width| {
            left -= **width;
            left >= 0.0
        })
        .count()
}
