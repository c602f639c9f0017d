use egui::{Rect, Stroke, pos2};

use crate::ui::paint::{Pen, rect};
use crate::view::Spark;

const WIDTH: f32 = 1.5;

/// A course without axes; zero is at the bottom. The bucket under the pointer is marked.
pub fn spark(pen: &Pen, area: Rect, spark: &Spark, n_buckets: usize, hovered: Option<usize>) {
    match spark {
        Spark::Line(values) => line(pen, area, values, n_buckets, hovered),
        Spark::Days(days) => ticks(pen, area, days, hovered),
    }
}

/// It stops at the last finished bucket, with a dot.
fn line(pen: &Pen, area: Rect, values: &[f64], n_buckets: usize, hovered: Option<usize>) {
    let (least, most) =
        values.iter().fold((0.0_f64, 1e-9_f64), |(least, most), it| (least.min(*it), most.max(*it)));
    let steps = n_buckets.saturating_sub(1).max(1) as f32;
    let at = |index: usize| {
        let share = ((values[index] - least) / (most - least)) as f32;
        pos2(area.left() + area.width() * index as f32 / steps, area.bottom() - area.height() * share)
    };
    let Some(last) = values.len().checked_sub(1) else {
        return;
    };
    pen.line((0..=last).map(at).collect(), WIDTH, pen.theme.accent);
    pen.painter.circle_filled(at(last), WIDTH + 0.6, pen.theme.accent);
    if let Some(index) = hovered.filter(|it| *it <= last) {
        pen.painter.circle(at(index), 3.5, pen.theme.accent, Stroke::new(1.5, pen.theme.surface));
    }
}

/// Which days had anything at all: a tick a day.
fn ticks(pen: &Pen, area: Rect, days: &[bool], hovered: Option<usize>) {
    const TALL: f32 = 12.0;
    const LOW: f32 = 3.0;
    let step = area.width() / days.len().max(1) as f32;
    for (index, is_active) in days.iter().enumerate() {
        let (height, color) = if *is_active { (TALL, pen.theme.accent) } else { (LOW, pen.theme.baseline) };
        let lift = if hovered == Some(index) { 3.0 } else { 0.0 };
        let bottom = area.center().y + TALL / 2.0;
        let x = area.left() + index as f32 * step;
        pen.fill(rect(x, bottom - height - lift, (step - 1.2).max(0.6), height + lift), 1, color);
    }
}
