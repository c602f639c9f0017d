//! Keys shown beside the controls that they stand for, while `?` asks for them.

use egui::{Context, Id, LayerId, Order, Pos2, Rect, Response, Ui, vec2};

use super::paint::{Face, Pen, say};
use super::theme::{CAPTION, S, Weight, XS};

/// What is marked in this frame.
#[derive(Clone, Debug, Default)]
struct Marks {
    shown: bool,
    marks: Vec<Mark>,
}

#[derive(Clone, Copy, Debug)]
struct Mark {
    /// As [`super::shell`] lists them: `g o`.
    keys: &'static str,
    control: Rect,
    side: Side,
}

/// Where there is room for a key at a control.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    Below,
    Right,
}

const HEIGHT: f32 = 18.0;

fn id() -> Id {
    Id::unique("key marks")
}

/// Says which keys do what a control does.
pub(super) fn mark(control: &Response, keys: &'static str, side: Side) {
    mark_rect(&control.ctx, control.rect, keys, side);
}

/// The same for something that is drawn.
pub(super) fn mark_rect(ctx: &Context, control: Rect, keys: &'static str, side: Side) {
    ctx.data_mut(|it| {
        let marks: &mut Marks = it.get_temp_mut_or_default(id());
        if marks.shown {
            marks.marks.push(Mark { keys, control, side });
        }
    });
}

/// Before the controls of a frame.
pub(super) fn begin(ctx: &Context, shown: bool) {
    ctx.data_mut(|it| *it.get_temp_mut_or_default(id()) = Marks { shown, marks: Vec::new() });
}

/// After them: draws what was marked, over all else but what covers it, and says which keys that were.
pub(super) fn draw(
    ui: &mut Ui,
    cover: Option<Rect>,
    what: impl Fn(&str) -> &'static str,
) -> Vec<&'static str> {
    let Marks { marks, .. } = ui.data(|it| it.get_temp(id())).unwrap_or_default();
    let layer = LayerId::new(Order::Tooltip, id());
    let window = ui.ctx().content_rect();
    let pen = Pen { painter: ui.ctx().layer_painter(layer), ..Pen::new(ui) };
    let mut drawn = Vec::new();
    for (index, Mark { keys, control, side }) in marks.iter().enumerate() {
        let face = Face::new(CAPTION, Weight::Semibold, pen.theme.on_solid);
        let size = vec2(pen.width(keys, face.size, face.weight).ceil() + 2.0 * S, HEIGHT);
        let center = match side {
            Side::Below => Pos2::new(control.center().x, control.bottom() + XS),
            Side::Right => Pos2::new(control.right() - size.x / 2.0, control.center().y),
        };
        let rect = Rect::from_center_size(center, size);
        let rect = rect.translate(window.shrink(XS).left_top().max(rect.min) - rect.min);
        if cover.is_some_and(|it| it.intersects(rect)) {
            continue;
        }
        drawn.push(*keys);
        pen.fill(rect, XS as u8, pen.theme.accent);
        pen.centred(rect.center().x, rect.center().y, keys, face);
        say(ui, rect, ("key", index), &format!("{keys}: {}", what(keys)));
    }
    drawn
}
