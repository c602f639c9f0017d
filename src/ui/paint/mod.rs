//! The pen: a painter that knows the theme. Text with rank, cards, marks and icons.
//!
//! What is painted is invisible to a screen reader and to tests. Who paints something that says
//! something also tells it with `Response::widget_info`, or with [`say`].

mod icon;

use std::sync::Arc;

use egui::text::{LayoutJob, TextWrapping};
use egui::{
    Align2, Color32, CornerRadius, Galley, Painter, Pos2, Rect, Response, Role, Shape, Stroke, StrokeKind,
    WidgetInfo, pos2, vec2,
};

pub use icon::Icon;

use super::theme::{self, RADIUS_CARD, RADIUS_MARK, Theme, Weight, XS};
use crate::view::number::Delta;

/// A painter and the theme it paints with.
#[derive(Clone)]
pub struct Pen {
    pub painter: Painter,
    pub theme: &'static Theme,
}

/// How a text is set.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Face {
    pub size: f32,
    pub weight: Weight,
    pub color: Color32,
}

/// The side of a marker: before a name in a legend, a tooltip, a list.
pub const MARKER: f32 = 8.0;

/// How a change is drawn: its text and colour, and whether a triangle before it points up or down.
pub fn change<'d>(theme: &Theme, delta: &'d Delta) -> (&'d str, Color32, Option<bool>) {
    match delta {
        Delta::Same => ("0.0 %", theme.ink_faint, None),
        Delta::New => ("new", theme.rise, None),
        Delta::Gone => ("gone", theme.fall, None),
        Delta::Rise(text) => (text.as_str(), theme.rise, Some(true)),
        Delta::Fall(text) => (text.as_str(), theme.fall, Some(false)),
    }
}

/// Strokes of the hatching are this far apart.
const HATCH_STEP: f32 = 5.0;
const HATCH_WIDTH: f32 = 1.6;

/// Tells a screen reader (and the tests) what was painted in a place that cannot be pressed.
pub fn say(ui: &egui::Ui, rect: Rect, id_salt: impl egui::AsIdSalt, text: &str) -> Response {
    let response = ui.interact(rect, ui.scope_id().with(id_salt), egui::Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    response
}

/// A rectangle by its corner and size.
pub fn rect(x: f32, y: f32, width: f32, height: f32) -> Rect {
    Rect::from_min_size(pos2(x, y), vec2(width, height))
}

impl Face {
    pub const fn new(size: f32, weight: Weight, color: Color32) -> Self {
        Self { size, weight, color }
    }
}

impl Pen {
    pub fn new(ui: &egui::Ui) -> Self {
        Self { painter: ui.painter().clone(), theme: Theme::of(ui) }
    }

    /// The same pen, which leaves no mark outside `clip`.
    pub fn within(&self, clip: Rect) -> Self {
        let painter = self.painter.with_clip_rect(self.painter.clip_rect().intersect(clip));
        Self { painter, theme: self.theme }
    }

    // ---- text --------------------------------------------------------------------------------

    /// Where the text lies in the end.
    pub fn text(&self, at: Pos2, anchor: Align2, text: &str, face: Face) -> Rect {
        let galley = self.painter.layout_job(job(text, face));
        let rect = anchor.anchor_size(at, galley.size());
        self.galley(rect.left(), rect.top(), galley, face.color);
        rect
    }

    /// From `x` to the right, centred on `y`; the right end.
    pub fn left(&self, x: f32, y: f32, text: &str, face: Face) -> f32 {
        self.text(pos2(x, y), Align2::LEFT_CENTER, text, face).right()
    }

    /// From `x` to the left, centred on `y`; the left end.
    pub fn right(&self, x: f32, y: f32, text: &str, face: Face) -> f32 {
        self.text(pos2(x, y), Align2::RIGHT_CENTER, text, face).left()
    }

    /// Centred on a point.
    pub fn centred(&self, x: f32, y: f32, text: &str, face: Face) -> Rect {
        self.text(pos2(x, y), Align2::CENTER_CENTER, text, face)
    }

    /// As [`Self::left`], cut with an ellipsis where it would be wider than `width`.
    pub fn cut(&self, at: Pos2, width: f32, text: &str, face: Face) -> f32 {
        let mut job = job(text, face);
        job.wrap = TextWrapping::truncate_at_width(width.max(0.0));
        let galley = self.painter.layout_job(job);
        let size = galley.size();
        self.galley(at.x, at.y - size.y / 2.0, galley, face.color);
        at.x + size.x
    }

    /// Lines within a width, from the top left corner; the bottom end.
    pub fn paragraph(&self, at: Pos2, width: f32, text: &str, face: Face) -> f32 {
        let font = theme::font(face.size, face.weight);
        let mut job = LayoutJob::simple(text.to_owned(), font, face.color, width);
        for section in &mut job.sections {
            section.format.line_height = Some((face.size * 1.5).round());
        }
        let galley = self.painter.layout_job(job);
        let height = galley.size().y;
        self.galley(at.x, at.y, galley, face.color);
        at.y + height
    }

    pub fn width(&self, text: &str, size: f32, weight: Weight) -> f32 {
        self.painter.layout_job(job(text, Face::new(size, weight, Color32::WHITE))).size().x
    }

    /// Lines of text are sharp only on whole pixels.
    fn galley(&self, x: f32, y: f32, galley: Arc<Galley>, color: Color32) {
        self.painter.galley(pos2(x, y.round()), galley, color);
    }

    // ---- shapes ------------------------------------------------------------------------------

    pub fn fill(&self, rect: Rect, radius: u8, color: Color32) {
        self.painter.rect_filled(rect, CornerRadius::same(radius), color);
    }

    /// A one pixel edge inside a rectangle.
    pub fn edge(&self, rect: Rect, radius: u8, color: Color32) {
        let stroke = Stroke::new(1.0, color);
        self.painter.rect_stroke(rect, CornerRadius::same(radius), stroke, StrokeKind::Inside);
    }

    /// One pixel high, below `y`.
    pub fn hline(&self, left: f32, right: f32, y: f32, color: Color32) {
        self.fill(Rect::from_min_max(pos2(left, y), pos2(right, y + 1.0)), 0, color);
    }

    /// One pixel wide, right of `x`.
    pub fn vline(&self, x: f32, top: f32, bottom: f32, color: Color32) {
        self.fill(Rect::from_min_max(pos2(x, top), pos2(x + 1.0, bottom)), 0, color);
    }

    pub fn line(&self, points: Vec<Pos2>, width: f32, color: Color32) {
        self.painter.line(points, Stroke::new(width, color));
    }

    /// The ground of a card.
    pub fn card(&self, rect: Rect) {
        self.fill(rect, RADIUS_CARD, self.theme.surface);
        self.edge(rect, RADIUS_CARD, self.theme.border);
    }

    /// The ground of what floats over the page.
    pub fn float(&self, rect: Rect) {
        self.painter.add(self.theme.floating_shadow().as_shape(rect, CornerRadius::same(RADIUS_CARD)));
        self.fill(rect, RADIUS_CARD, self.theme.raised);
        self.edge(rect, RADIUS_CARD, self.theme.border_control);
    }

    /// The triangle of a rise or a fall, centred on a point.
    pub fn triangle(&self, center: Pos2, up: bool, color: Color32) {
        let sign = if up { -1.0 } else { 1.0 };
        let corners = [vec2(-3.5, -2.5 * sign), vec2(3.5, -2.5 * sign), vec2(0.0, 3.0 * sign)];
        let points = corners.iter().map(|it| center + *it).collect();
        self.painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
    }

    /// The square in which an entity's marker is painted: from `x` to the right, centred on `y`.
    pub fn marker_rect(x: f32, y: f32) -> Rect {
        rect(x, y - MARKER / 2.0, MARKER, MARKER)
    }

    pub fn marker(&self, x: f32, y: f32, color: Color32) {
        self.fill(Self::marker_rect(x, y), RADIUS_MARK, color);
    }

    /// The unfinished: its own colour, pale, under strokes of the full colour.
    pub fn hatch(&self, rect: Rect, radius: CornerRadius, color: Color32) {
        self.painter.rect_filled(rect, radius, theme::mix(self.theme.surface, color, 0.22));
        let pen = self.within(rect);
        // The strokes of all segments of a column lie on the same lines.
        let first = rect.left() - rect.height() - (rect.left() + rect.bottom()).rem_euclid(HATCH_STEP);
        let n_strokes = ((rect.right() - first) / HATCH_STEP).ceil().max(0.0) as usize;
        for index in 0..n_strokes {
            let x = first + index as f32 * HATCH_STEP;
            let points = [pos2(x, rect.bottom()), pos2(x + rect.height(), rect.top())];
            pen.painter.line_segment(points, Stroke::new(HATCH_WIDTH, color));
        }
    }

    /// "Other": pale with an edge. Told apart by shape, because grey is what some eyes make of teal.
    pub fn hollow(&self, rect: Rect, radius: CornerRadius) {
        let other = self.theme.other;
        self.painter.rect_filled(rect, radius, theme::mix(self.theme.surface, other, 0.18));
        self.painter.rect_stroke(rect, radius, Stroke::new(1.0, other), StrokeKind::Inside);
    }

    /// What was before: behind the columns, and its marker.
    pub fn ghost_color(&self) -> Color32 {
        theme::mix(self.theme.surface, self.theme.other, if self.theme.dark { 0.42 } else { 0.30 })
    }

    /// A green check and an exact total, from `x` to the left: it was added up and equals the header.
    pub fn adds_up(&self, x: f32, y: f32, total: &str) -> f32 {
        let face = Face::new(theme::SMALL, Weight::Medium, self.theme.ink_soft);
        let left = self.right(x, y, total, face);
        self.icon(Icon::Check, pos2(left - 10.0, y), self.theme.good);
        left - 10.0 - XS
    }

    /// The app's mark: three bars on the brand's colour.
    pub fn brand(&self, corner: Pos2, side: f32) {
        let scale = side / 20.0;
        self.fill(Rect::from_min_size(corner, vec2(side, side)), (5.0 * scale) as u8, self.theme.brand);
        for (index, (height, strength)) in [(5.0, 0.62), (8.0, 0.78), (11.0, 1.0)].into_iter().enumerate() {
            let offset = vec2(4.0 + 4.5 * index as f32, 15.5 - height) * scale;
            let bar = Rect::from_min_size(corner + offset, vec2(3.0, height) * scale);
            self.fill(bar, 1, Color32::WHITE.gamma_multiply(strength));
        }
    }
}

fn job(text: &str, face: Face) -> LayoutJob {
    let mut job =
        LayoutJob::simple_singleline(text.to_owned(), theme::font(face.size, face.weight), face.color);
    for section in &mut job.sections {
        section.format.extra_letter_spacing = theme::tracking(face.size);
    }
    job
}
