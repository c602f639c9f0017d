use egui::{
    Align2, EventFilter, Key, Rect, Role, ScrollArea, Sense, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2,
};

use crate::ui::paint::{Face, Pen, rect, say};
use crate::ui::theme::{CAPTION, L, RADIUS_MARK, S, SMALL, Weight};
use crate::view::chart::{Twin, TwinRow};

/// Closer than the rows of a page: as many as can be of what was a chart.
const LINE: f32 = 24.0;
/// A name that is longer is cut.
const NAME_WIDTH_MAX: f32 = 200.0;
/// Names are measured in every frame, so not all of a long list.
const NAMES_MEASURED_MAX: usize = 64;

/// A chart's figures in its place. The head and the line of the totals stay; one stop of the Tab
/// key, then the arrows scroll.
pub(super) fn table_ui(ui: &mut Ui, area: Rect, name: &str, twin: &Twin) {
    let columns = Columns::new(ui, area, twin);
    let body = Rect::from_min_max(
        pos2(area.left(), area.top() + LINE),
        pos2(area.right(), (area.bottom() - LINE).max(area.top() + LINE)),
    );
    let id = ui.scope_id().with("table");
    let focus = ui.interact(body, id, Sense::click());
    focus.widget_info(|| WidgetInfo::labeled(Role::Grid, true, format!("Table: {name}")));
    if focus.clicked() {
        focus.request_focus();
    }
    let scroll = keys(ui, id, body);
    say(ui, Rect::from_min_max(area.min, body.right_top()), "heads", &twin.heads.join(", "));

    let pen = Pen::new(ui).within(area);
    let mut child = ui.new_child(UiBuilder::new().max_rect(body).id_salt("rows"));
    child.spacing_mut().item_spacing = Vec2::ZERO;
    let shown =
        ScrollArea::both().auto_shrink(false).show_rows(&mut child, LINE, twin.rows.len(), |ui, rows| {
            if scroll != Vec2::ZERO {
                ui.scroll_with_delta(scroll);
            }
            for index in rows {
                let (line, _) = ui.allocate_exact_size(vec2(columns.width, LINE), Sense::hover());
                let pen = Pen::new(ui);
                columns.row(&pen, line, &twin.rows[index], Weight::Regular);
                pen.hline(line.left(), line.right(), line.bottom() - 1.0, pen.theme.grid);
                say(ui, line, ("row", index), &twin.rows[index].spoken);
            }
        });
    let left = area.left() - shown.state.clamped_offset().x;
    let head = rect(left, area.top(), columns.width, LINE);
    columns.head(&pen, head, &twin.heads);
    pen.hline(area.left(), area.right(), head.bottom() - 1.0, pen.theme.border);
    let foot = rect(left, body.bottom(), columns.width, LINE);
    pen.hline(area.left(), area.right(), foot.top(), pen.theme.border);
    columns.row(&pen, foot, &twin.total, Weight::Semibold);
    say(ui, foot.intersect(area), "total row", &twin.total.spoken);
    if focus.has_focus() {
        pen.edge(area, RADIUS_MARK, pen.theme.accent);
    }
}

/// How far the keys scroll, in points.
fn keys(ui: &Ui, id: egui::Id, body: Rect) -> Vec2 {
    if !ui.memory(|it| it.has_focus(id)) {
        return Vec2::ZERO;
    }
    let filter = EventFilter { vertical_arrows: true, horizontal_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|it| it.set_focus_lock_filter(id, filter));
    let (page, all) = (body.height() - LINE, 1e6);
    let steps = [
        (Key::ArrowDown, vec2(0.0, -LINE)),
        (Key::ArrowUp, vec2(0.0, LINE)),
        (Key::ArrowRight, vec2(-2.0 * LINE, 0.0)),
        (Key::ArrowLeft, vec2(2.0 * LINE, 0.0)),
        (Key::PageDown, vec2(0.0, -page)),
        (Key::PageUp, vec2(0.0, page)),
        (Key::End, vec2(0.0, -all)),
        (Key::Home, vec2(0.0, all)),
    ];
    ui.input(|input| {
        steps
            .iter()
            .filter(|(key, _)| input.key_pressed(*key))
            .map(|(_, by)| *by)
            .fold(Vec2::ZERO, |a, b| a + b)
    })
}

/// Where the columns end.
struct Columns {
    name_width: f32,
    /// From the left edge of the table.
    rights: Vec<f32>,
    width: f32,
}

impl Columns {
    /// As wide as what is in them; what is left over is between the names and the figures.
    fn new(ui: &Ui, area: Rect, twin: &Twin) -> Self {
        let pen = Pen::new(ui);
        let lines = || twin.rows.iter().chain([&twin.total]);
        // Figures of as many letters are as wide: they are tabular.
        let longest = |texts: &mut dyn Iterator<Item = &str>| {
            let text = texts.max_by_key(|it| it.len()).unwrap_or_default();
            pen.width(text, SMALL, Weight::Semibold)
        };
        let names = lines().take(NAMES_MEASURED_MAX).map(|it| pen.width(&it.name, SMALL, Weight::Semibold));
        let name_width = names.fold(0.0, f32::max).min(NAME_WIDTH_MAX).ceil() + S;
        let widths: Vec<f32> = (1..twin.heads.len())
            .map(|column| {
                let head = pen.width(&twin.heads[column], CAPTION, Weight::Semibold);
                let figures = longest(&mut lines().map(|it| it.figures[column - 1].as_str()));
                head.max(figures).ceil() + L
            })
            .collect();
        let least = name_width + widths.iter().sum::<f32>() + S;
        let width = least.max(area.width());
        let mut right = width - least + name_width;
        let rights = widths.iter().map(|it| {
            right += it;
            right
        });
        // What is left over is the names'.
        let name_width = name_width + width - least;
        Self { name_width, rights: rights.collect(), width }
    }

    fn head(&self, pen: &Pen, line: Rect, heads: &[String]) {
        let face = Face::new(CAPTION, Weight::Semibold, pen.theme.ink_soft);
        let y = line.center().y;
        for (index, head) in heads.iter().enumerate() {
            match index.checked_sub(1) {
                None => pen.left(line.left(), y, head, face),
                Some(figure) => pen.right(line.left() + self.rights[figure], y, head, face),
            };
        }
    }

    fn row(&self, pen: &Pen, line: Rect, row: &TwinRow, weight: Weight) {
        let y = line.center().y;
        let name_weight = if weight == Weight::Regular { Weight::Medium } else { weight };
        let face = Face::new(SMALL, name_weight, pen.theme.ink);
        pen.cut(pos2(line.left(), y), self.name_width - S, &row.name, face);
        for (figure, right) in row.figures.iter().zip(&self.rights) {
            let face = Face::new(SMALL, weight, pen.theme.ink);
            pen.text(pos2(line.left() + right, y), Align2::RIGHT_CENTER, figure, face);
        }
    }
}
