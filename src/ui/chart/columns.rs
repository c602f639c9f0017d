use std::ops::RangeInclusive;

use egui::emath::GuiRounding as _;
use egui::{
    CornerRadius, EventFilter, Id, Key, PointerButton, Rangef, Rect, Response, Role, UiBuilder, Vec2,
    WidgetInfo, pos2,
};
use egui_plot::{GridMark, Plot, PlotTransform};

use super::hover::{ChartAction, ChartHover};
use super::net_mark;
use super::tooltip::tooltip;
use crate::ui::paint::{Face, Pen};
use crate::ui::theme::{CAPTION, RADIUS_MARK, S, Theme, Weight};
use crate::view::chart::{Axis, Column, StackChart};

/// Of its slot, as much as a column is wide.
const COLUMN_SHARE: f32 = 0.6;
const COLUMN_WIDTH_MAX: f32 = 30.0;
/// The compared column stands this far to the left.
const BEFORE_OFFSET: f32 = 4.0;
/// The mark of the net is as much wider than its column, on either side.
const NET_OVERHANG: f32 = 2.0;
/// Above the plot for the hover band and half a label; below it for the labels of time.
const ROOM_ABOVE: f32 = 6.0;
const ROOM_BELOW: f32 = 20.0;

/// Stacked columns with axes in `area`. The bucket under the pointer or the keyboard's cursor gets a
/// tooltip here and is marked in every chart.
pub fn columns_ui(
    ui: &mut egui::Ui,
    area: Rect,
    chart: &StackChart,
    hover: &mut ChartHover,
) -> Option<ChartAction> {
    let pen = Pen::new(ui);
    let axis = chart.axis(area.height());
    let widths = axis.ticks.iter().map(|it| pen.width(&it.label, CAPTION, Weight::Regular).ceil());
    let label_width = widths.fold(0.0, f32::max);
    let frame = Rect::from_min_max(
        pos2(area.left() + label_width + S, area.top() + ROOM_ABOVE),
        pos2(area.right(), area.bottom() - ROOM_BELOW),
    )
    .round_to_pixels(ui.pixels_per_point());
    if frame.width() < 1.0 || frame.height() < 1.0 || chart.columns.is_empty() {
        return None;
    }
    let (response, transform) = plot(ui, frame, chart, axis);
    let scale = Scale { transform, n_columns: chart.columns.len(), pixels_per_point: ui.pixels_per_point() };
    let (current, action) = interact(ui, &response, &scale, chart, hover);
    let dragged = current.and_then(|it| hover.dragged(response.id, it));
    let marked = match (current, hover.interval) {
        (Some(index), _) => index..index + 1,
        (None, Some((start, end))) => chart.touching(start, end),
        (None, None) => 0..0,
    };

    let pen = Pen::new(ui);
    if !marked.is_empty() {
        pen.fill(scale.band(marked.start, marked.end - 1), 3, pen.theme.sunken);
    }
    if let Some(dragged) = &dragged {
        pen.fill(scale.band(*dragged.start(), *dragged.end()), 3, pen.theme.accent_fill);
    }
    for (index, column) in chart.columns.iter().enumerate() {
        let ground = if dragged.as_ref().is_some_and(|it| it.contains(&index)) {
            pen.theme.accent_fill
        } else if marked.contains(&index) {
            pen.theme.sunken
        } else {
            pen.theme.surface
        };
        paint_column(&pen, &scale, index, column, ground);
    }
    paint_net(&pen, &scale, chart);
    paint_axes(&pen, &scale, chart, axis);
    if response.has_focus() {
        pen.edge(frame.expand2(Vec2::new(2.0, ROOM_ABOVE)), RADIUS_MARK, pen.theme.accent);
    }
    // What is marked here because of another chart is said too.
    describe(&response, chart, current.or((marked.len() == 1).then_some(marked.start)));
    if let Some(index) = current {
        let hint = dragged.map(|it| selection_hint(chart, &it));
        let hint = hint.as_deref().unwrap_or(&chart.hint);
        tooltip(ui, scale.band(index, index), &chart.columns[index].tip, hint);
    }
    action
}

/// The plot itself: grid, transform and pointer, with nothing that zooms or pans.
fn plot(ui: &mut egui::Ui, frame: Rect, chart: &StackChart, axis: &Axis) -> (Response, PlotTransform) {
    let n_columns = chart.columns.len() as f64;
    let (least, most) = (axis.min, axis.max);
    let marks: Vec<_> =
        axis.ticks.iter().map(|it| GridMark { value: it.value, step_size: most - least }).collect();
    let mut child = ui.new_child(UiBuilder::new().max_rect(frame).id_salt("plot"));
    let shown = Plot::new("columns")
        .width(frame.width())
        .height(frame.height())
        .min_size(Vec2::ZERO)
        .show_axes(false)
        .show_background(false)
        .show_grid([false, true])
        .grid_color(Theme::of(ui).grid)
        .grid_spacing(Rangef::new(0.0, 1.0))
        .y_grid_spacer(move |_| marks.clone())
        .show_x(false)
        .show_y(false)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .show(&mut child, |plot| {
            plot.set_plot_bounds_x(0.0..=n_columns);
            plot.set_plot_bounds_y(least..=most);
        });
    (shown.response, shown.transform)
}

/// Which column is pointed at, and what is done to it.
fn interact(
    ui: &egui::Ui,
    response: &Response,
    scale: &Scale,
    chart: &StackChart,
    hover: &mut ChartHover,
) -> (Option<usize>, Option<ChartAction>) {
    let id = response.id;
    if std::mem::take(&mut hover.wants_focus) {
        response.request_focus();
    }
    let is_dragged = response.dragged_by(PointerButton::Primary);
    let pointer = if is_dragged { response.interact_pointer_pos() } else { response.hover_pos() };
    let pointed = pointer.or(response.interact_pointer_pos()).map(|it| scale.column_at(it.x));
    if response.drag_started_by(PointerButton::Primary)
        && let Some(origin) = ui.input(|it| it.pointer.press_origin())
    {
        hover.start_drag(id, scale.column_at(origin.x));
    }
    if ui.input(|it| it.key_pressed(Key::Escape)) {
        hover.stop_drag();
    }
    let mut action = None;
    if let Some(index) = pointed {
        if response.drag_stopped() {
            action = hover.dragged(id, index).map(|it| {
                // A drag inside one bucket is a click.
                if it.start() == it.end() { ChartAction::Pick(index) } else { ChartAction::Select(it) }
            });
            hover.stop_drag();
        } else if response.clicked_by(PointerButton::Primary) {
            response.request_focus();
            action = Some(ChartAction::Pick(index));
        }
        if ui.input(|it| it.pointer.is_moving()) {
            hover.leave(id);
        }
    }
    let picked = keys(ui, id, chart.columns.len(), pointed, hover);
    let current = hover.cursor(id).or(pointed).filter(|it| *it < chart.columns.len());
    if let Some(column) = current.map(|it| &chart.columns[it]) {
        hover.point_at(column.start, column.end);
    }
    (current, action.or(picked))
}

/// Arrow keys move the cursor, Home and End take it to the ends, Enter picks, Escape leaves.
fn keys(
    ui: &egui::Ui,
    id: Id,
    n_columns: usize,
    pointed: Option<usize>,
    hover: &mut ChartHover,
) -> Option<ChartAction> {
    if !ui.memory(|it| it.has_focus(id)) {
        hover.leave(id);
        return None;
    }
    let filter = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|it| it.set_focus_lock_filter(id, filter));
    let at = hover.cursor(id).or(pointed);
    let last = n_columns - 1;
    let moved = ui.input(|input| {
        if input.key_pressed(Key::ArrowLeft) {
            Some(at.map_or(last, |it| it.saturating_sub(1)))
        } else if input.key_pressed(Key::ArrowRight) {
            Some(at.map_or(0, |it| (it + 1).min(last)))
        } else if input.key_pressed(Key::Home) {
            Some(0)
        } else if input.key_pressed(Key::End) {
            Some(last)
        } else {
            None
        }
    });
    if let Some(index) = moved {
        hover.set_cursor(id, index);
    }
    let enter = ui.input(|it| it.key_pressed(Key::Enter));
    hover.cursor(id).filter(|_| enter).map(ChartAction::Pick)
}

fn paint_column(pen: &Pen, scale: &Scale, index: usize, column: &Column, ground: egui::Color32) {
    let zero = scale.y(0.0);
    let offset = scale.before_offset(column);
    let x = scale.column_x(index, column);
    let (left, width) = (x.min, x.span());
    if let Some(before) = column.before {
        let rect = Rect::from_x_y_ranges(
            Rangef::new(left - offset, left - offset + width),
            ordered(scale.y(before), zero),
        );
        pen.painter.rect_filled(rect, rounded(before), pen.ghost_color());
        // A pixel of ground around the column in front.
        let top = column.segments.iter().map(|it| scale.y(it.to)).fold(zero, f32::min);
        pen.fill(Rect::from_min_max(pos2(left - 1.0, top - 1.0), pos2(left, zero)), 0, ground);
        pen.fill(Rect::from_min_max(pos2(left, top - 1.0), pos2(left + width, top)), 0, ground);
    }
    for (place, segment) in column.segments.iter().enumerate() {
        let up = segment.to > segment.from;
        let is_outermost = column.segments[place + 1..].iter().all(|it| (it.to > it.from) != up);
        let (from, mut to) = (scale.y(segment.from), scale.y(segment.to));
        let sign = if up { -1.0 } else { 1.0 };
        if is_outermost {
            // However small, it is seen.
            to = from + sign * (to - from).abs().max(1.0);
        } else if (to - from).abs() >= 2.0 {
            // A pixel of ground between segments: colour alone never carries the boundary.
            to -= sign;
        }
        let rect = Rect::from_x_y_ranges(x, ordered(from, to));
        if rect.height() >= 0.5 {
            let radius = if is_outermost { rounded(segment.to - segment.from) } else { CornerRadius::ZERO };
            super::fill(pen, rect, radius, segment.hue, column.is_partial);
        }
    }
}

/// A mark a bucket at what is left of it, a little wider than its column; dashed where it is
/// unfinished. Not joined: ways up and down would say more than the columns do.
fn paint_net(pen: &Pen, scale: &Scale, chart: &StackChart) {
    for (index, column) in chart.columns.iter().enumerate() {
        let Some(net) = column.net else { continue };
        let slot = scale.band(index, index);
        let x = scale.column_x(index, column).expand(NET_OVERHANG);
        let x = Rangef::new(x.min.max(slot.left()), x.max.min(slot.right()));
        net_mark(pen, x, scale.y(net), column.is_partial);
    }
}

fn paint_axes(pen: &Pen, scale: &Scale, chart: &StackChart, axis: &Axis) {
    let frame = scale.frame();
    let face = Face::new(CAPTION, Weight::Regular, pen.theme.ink_faint);
    for tick in &axis.ticks {
        pen.right(frame.left() - S, scale.y(tick.value), &tick.label, face);
    }
    pen.hline(frame.left(), frame.right(), scale.y(0.0), pen.theme.baseline);

    let ticks: Vec<_> = chart
        .columns
        .iter()
        .enumerate()
        .filter_map(|(index, column)| Some((index, column.tick.as_deref()?)))
        .collect();
    let widest = ticks.iter().take(12).map(|(_, label)| pen.width(label, CAPTION, Weight::Regular));
    let widest = widest.fold(0.0, f32::max) + S;
    let closest = ticks.windows(2).map(|it| it[1].0 - it[0].0).min().unwrap_or(1) as f32 * scale.slot();
    let stride = (widest / closest).ceil().max(1.0) as usize;
    let all_have_one = ticks.len() == chart.columns.len() && stride == 1;
    for (index, label) in ticks.iter().step_by(stride) {
        let x = scale.center(*index);
        pen.centred(x, frame.bottom() + 13.0, label, face);
        if !all_have_one {
            pen.vline(scale.snap(x), frame.bottom() + 1.0, frame.bottom() + 4.0, pen.theme.baseline);
        }
    }
}

fn describe(response: &Response, chart: &StackChart, current: Option<usize>) {
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Image, true, &chart.summary);
        info.current_text_value = current.map(|it| chart.columns[it].tip.spoken.clone());
        info
    });
}

fn selection_hint(chart: &StackChart, dragged: &RangeInclusive<usize>) -> String {
    let (first, last) = (&chart.columns[*dragged.start()].tip, &chart.columns[*dragged.end()].tip);
    format!("{} – {}", first.title, last.title)
}

/// From values and places in the row to pixels.
struct Scale {
    transform: PlotTransform,
    n_columns: usize,
    pixels_per_point: f32,
}

impl Scale {
    fn frame(&self) -> Rect {
        *self.transform.frame()
    }

    fn snap(&self, at: f32) -> f32 {
        at.round_to_pixels(self.pixels_per_point)
    }

    fn y(&self, value: f64) -> f32 {
        self.snap(self.transform.position_from_point_y(value))
    }

    fn slot(&self) -> f32 {
        self.frame().width() / self.n_columns as f32
    }

    /// How far to the left of a column the compared one stands.
    fn before_offset(&self, column: &Column) -> f32 {
        if column.before.is_some() { self.snap((self.slot() * 0.16).min(BEFORE_OFFSET)) } else { 0.0 }
    }

    /// From where to where a column is.
    fn column_x(&self, index: usize, column: &Column) -> Rangef {
        let width =
            self.snap((self.slot() * COLUMN_SHARE).min(COLUMN_WIDTH_MAX)).max(1.0 / self.pixels_per_point);
        let left = self.snap(self.center(index) - width / 2.0 + self.before_offset(column) / 2.0);
        Rangef::new(left, left + width)
    }

    fn center(&self, index: usize) -> f32 {
        self.transform.position_from_point_x(index as f64 + 0.5)
    }

    fn column_at(&self, x: f32) -> usize {
        let value = self.transform.value_from_position(pos2(x, 0.0)).x;
        (value.max(0.0) as usize).min(self.n_columns - 1)
    }

    /// The full height of some columns: what hover and drag mark.
    fn band(&self, first: usize, last: usize) -> Rect {
        let x = |index: usize| self.snap(self.transform.position_from_point_x(index as f64));
        let frame = self.frame();
        Rect::from_min_max(pos2(x(first), frame.top() - ROOM_ABOVE), pos2(x(last + 1), frame.bottom()))
    }
}

fn ordered(a: f32, b: f32) -> Rangef {
    Rangef::new(a.min(b), a.max(b))
}

/// Round at the end that is away from zero.
fn rounded(height: f64) -> CornerRadius {
    let radius = RADIUS_MARK;
    if height >= 0.0 {
        CornerRadius { nw: radius, ne: radius, sw: 0, se: 0 }
    } else {
        CornerRadius { nw: 0, ne: 0, sw: radius, se: radius }
    }
}
