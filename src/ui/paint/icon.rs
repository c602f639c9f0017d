use std::f32::consts::{PI, TAU};

use egui::{Color32, CornerRadius, Pos2, Rect, Stroke, StrokeKind, Vec2, vec2};

use super::Pen;

/// The drawings of the app, each in a box of 16 pixels.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Icon {
    Overview,
    Explore,
    History,
    Ranking,
    Billing,
    Data,
    Console,
    Search,
    Person,
    File,
    Upload,
    Warning,
    Check,
    Cross,
    Plus,
    ChevronDown,
    AngleLeft,
    AngleRight,
    /// Three dots: there is more that can be done.
    More,
}

/// Lines are as thick as the stems of the text beside them.
const STROKE: f32 = 1.4;

impl Pen {
    /// Centred on a point.
    pub fn icon(&self, icon: Icon, center: Pos2, color: Color32) {
        let sketch = Sketch { pen: self, center, color };
        match icon {
            Icon::Overview => sketch.overview(),
            Icon::Explore => sketch.explore(),
            Icon::History => {
                sketch.ring((0.0, 0.0), 6.3);
                sketch.line(&[(0.0, -3.5), (0.0, 0.3), (2.8, 2.0)]);
            }
            Icon::Ranking => {
                sketch.frame((-6.5, 0.0), (-2.3, 6.0), 1);
                sketch.frame((-2.1, -6.0), (2.1, 6.0), 1);
                sketch.frame((2.3, -2.5), (6.5, 6.0), 1);
            }
            Icon::Billing => {
                sketch.frame((-6.5, -5.0), (6.5, 5.0), 2);
                sketch.line(&[(-6.5, -1.6), (6.5, -1.6)]);
                sketch.line(&[(-4.0, 2.2), (-1.0, 2.2)]);
            }
            Icon::Data => sketch.data(),
            Icon::Console => {
                sketch.frame((-6.5, -5.5), (6.5, 5.5), 2);
                sketch.line(&[(-3.8, -2.0), (-1.6, 0.0), (-3.8, 2.0)]);
                sketch.line(&[(0.0, 2.2), (3.4, 2.2)]);
            }
            Icon::Search => {
                sketch.ring((-1.0, -1.0), 4.2);
                sketch.line(&[(2.2, 2.2), (5.6, 5.6)]);
            }
            Icon::Person => {
                sketch.ring((0.0, -2.6), 2.7);
                sketch.arc((0.0, 6.2), (5.4, 5.2), (PI, TAU));
            }
            Icon::File => {
                sketch.line(&[(-4.5, -6.5), (1.5, -6.5), (4.8, -3.2), (4.8, 6.5), (-4.5, 6.5), (-4.5, -6.5)]);
                sketch.line(&[(1.3, -6.4), (1.3, -3.0), (4.7, -3.0)]);
            }
            Icon::Upload => {
                sketch.line(&[(0.0, 5.5), (0.0, -5.0)]);
                sketch.line(&[(-4.0, -1.2), (0.0, -5.2), (4.0, -1.2)]);
            }
            Icon::Warning => {
                sketch.line(&[(0.0, -6.0), (6.6, 5.6), (-6.6, 5.6), (0.0, -6.0)]);
                sketch.line(&[(0.0, -1.8), (0.0, 1.8)]);
                sketch.dot((0.0, 3.7), 0.9);
            }
            Icon::Check => sketch.stroke(&[(-3.5, 0.0), (-1.0, 2.6), (3.8, -3.0)], 1.6),
            Icon::Cross => {
                sketch.line(&[(-3.0, -3.0), (3.0, 3.0)]);
                sketch.line(&[(-3.0, 3.0), (3.0, -3.0)]);
            }
            Icon::Plus => {
                sketch.line(&[(-4.0, 0.0), (4.0, 0.0)]);
                sketch.line(&[(0.0, -4.0), (0.0, 4.0)]);
            }
            Icon::ChevronDown => sketch.line(&[(-3.0, -1.5), (0.0, 1.5), (3.0, -1.5)]),
            Icon::AngleLeft => sketch.stroke(&[(2.0, -4.0), (-2.0, 0.0), (2.0, 4.0)], 1.5),
            Icon::More => {
                for x in [-5.0, 0.0, 5.0] {
                    sketch.dot((x, 0.0), 1.3);
                }
            }
            Icon::AngleRight => sketch.stroke(&[(-2.0, -4.0), (2.0, 0.0), (-2.0, 4.0)], 1.5),
        }
    }
}

/// Draws around the centre of an icon; points are offsets from it.
struct Sketch<'a> {
    pen: &'a Pen,
    center: Pos2,
    color: Color32,
}

type Offset = (f32, f32);

impl Sketch<'_> {
    fn at(&self, (x, y): Offset) -> Pos2 {
        self.center + vec2(x, y)
    }

    fn line(&self, offsets: &[Offset]) {
        self.stroke(offsets, STROKE);
    }

    fn stroke(&self, offsets: &[Offset], width: f32) {
        self.pen.line(offsets.iter().map(|it| self.at(*it)).collect(), width, self.color);
    }

    fn frame(&self, min: Offset, max: Offset, radius: u8) {
        let rect = Rect::from_min_max(self.at(min), self.at(max));
        let stroke = Stroke::new(STROKE, self.color);
        self.pen.painter.rect_stroke(rect, CornerRadius::same(radius), stroke, StrokeKind::Middle);
    }

    fn ring(&self, center: Offset, radius: f32) {
        self.pen.painter.circle_stroke(self.at(center), radius, Stroke::new(STROKE, self.color));
    }

    fn dot(&self, center: Offset, radius: f32) {
        self.pen.painter.circle_filled(self.at(center), radius, self.color);
    }

    /// A part of an ellipse, between two angles.
    fn arc(&self, center: Offset, radii: Offset, (from, to): (f32, f32)) {
        const STEPS: u8 = 20;
        let point = |step: u8| {
            let angle = from + (to - from) * f32::from(step) / f32::from(STEPS);
            self.at(center) + Vec2::angled(angle) * vec2(radii.0, radii.1)
        };
        self.pen.line((0..=STEPS).map(point).collect(), STROKE, self.color);
    }

    fn overview(&self) {
        self.frame((-6.0, -6.0), (-1.5, 1.0), 1);
        self.frame((-6.0, 4.0), (-1.5, 6.0), 1);
        self.frame((1.5, -6.0), (6.0, -4.0), 1);
        self.frame((1.5, -1.0), (6.0, 6.0), 1);
    }

    fn explore(&self) {
        let stroke = Stroke::new(STROKE, self.color);
        for (y, knob) in [(-4.5, -2.0), (0.0, 3.0), (4.5, -1.0)] {
            self.line(&[(-6.5, y), (6.5, y)]);
            self.pen.painter.circle(self.at((knob, y)), 2.0, self.pen.theme.surface, stroke);
        }
    }

    fn data(&self) {
        for (y, to) in [(-4.2, TAU), (0.2, PI), (4.4, PI)] {
            self.arc((0.0, y), (5.5, 2.2), (0.0, to));
        }
        for x in [-5.5, 5.5] {
            self.line(&[(x, -4.2), (x, 4.4)]);
        }
    }
}
