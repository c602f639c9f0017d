//! The Overview page: four figures, credits by time, by format, by user.

use std::sync::Arc;

use egui::{Align2, Key, Modifiers, Popup, Rect, ScrollArea, Sense, pos2, vec2};

use super::chart::{Card, ChartHover, Charts, card_ui, spark};
use super::paint::{Face, Icon, Pen, change, rect, say};
use super::theme::{BODY, FIGURE, HEADING, L, S, SMALL, TITLE, Theme, Weight, XL, XS};
use crate::app::{Command, State};
use crate::view::chart::ChartName;
use crate::view::number::Delta;
use crate::view::{Overview, Tile};

/// Under this width of the page things are as small as they get.
const NARROW: f32 = 1_100.0;
/// Both rows of cards together; in a lower window the page scrolls.
const CARDS_HEIGHT_MIN: f32 = 440.0;

/// Draws the page in what room there is.
pub fn overview_ui(ui: &mut egui::Ui, state: &State, charts: &mut Charts, out: &mut Vec<Command>) {
    let slot = &state.overview;
    charts.hover.begin();
    let room = ui.available_rect_before_wrap();
    let layout = Layout::new(room);
    ScrollArea::vertical().id_salt("overview").auto_shrink(false).show(ui, |ui| {
        let (area, _) = ui.allocate_exact_size(vec2(room.width(), layout.height), Sense::hover());
        let layout = layout.at(area.min);
        match (&slot.value, &slot.error) {
            (Some(page), error) => {
                page_ui(ui, &layout, page, state, charts, out);
                if let Some(error) = error {
                    stale_ui(ui, &layout, error);
                }
            }
            (None, Some(error)) => error_ui(ui, &layout, error),
            (None, None) if state.viewing.visible.is_some_and(|it| it.n_rows == 0) => {
                let (title, detail) = super::history::no_rows(state);
                notice_ui(ui, layout.tiles[0].union(layout.leaders), &title, &detail);
            }
            (None, None) => skeleton_ui(ui, &layout),
        }
    });
    charts.hover.settle(ui.ctx());
}

/// Where the tiles and cards are.
#[derive(Clone, Copy)]
struct Layout {
    tiles: [Rect; 4],
    by_time: Rect,
    formats: Rect,
    by_week: Rect,
    leaders: Rect,
    height: f32,
}

impl Layout {
    fn new(room: Rect) -> Self {
        let width = (room.width() - 2.0 * XL).max(0.0);
        let is_narrow = width < NARROW;
        let tile_height = if is_narrow { 92.0 } else { 104.0 };
        // The foot where notices stand is the rest of the lower margin.
        let cards_height = (room.height() - XS - tile_height - 2.0 * L).max(CARDS_HEIGHT_MIN);
        let (left, top) = (room.left() + XL, room.top());
        let tile_width = ((width - 3.0 * L) / 4.0).floor();
        let tile = |index: u8| rect(left + f32::from(index) * (tile_width + L), top, tile_width, tile_height);
        let side = if is_narrow { 300.0 } else { (width * 0.312).clamp(380.0, 480.0).round() };
        let side = side.min(width / 2.0);
        let upper_height = (cards_height * if is_narrow { 0.53 } else { 0.55 }).round();
        let lower_height = cards_height - upper_height;
        let upper = top + tile_height + L;
        let lower = upper + upper_height + L;
        let (main, right) = (width - side - L, left + width - side);
        let mut tiles = [0, 1, 2, 3].map(tile);
        tiles[3].max.x = left + width;
        Self {
            tiles,
            by_time: rect(left, upper, main, upper_height),
            formats: rect(right, upper, side, upper_height),
            by_week: rect(left, lower, main, lower_height),
            leaders: rect(right, lower, side, lower_height),
            height: lower + lower_height + XS - top - 1.0,
        }
    }

    /// The same, where scrolling has moved it.
    fn at(&self, corner: egui::Pos2) -> Self {
        let by = vec2(corner.x + XL, corner.y) - self.tiles[0].min.to_vec2();
        let moved = |it: Rect| it.translate(by);
        Self {
            tiles: self.tiles.map(moved),
            by_time: moved(self.by_time),
            formats: moved(self.formats),
            by_week: moved(self.by_week),
            leaders: moved(self.leaders),
            height: self.height,
        }
    }

    fn cards(&self) -> [Rect; 4] {
        self.charts().map(|(_, area)| area)
    }

    /// In the order in which they are read.
    fn charts(&self) -> [(ChartName, Rect); 4] {
        [
            (ChartName::ByFormat, self.by_time),
            (ChartName::Formats, self.formats),
            (ChartName::ByAction, self.by_week),
            (ChartName::Leaders, self.leaders),
        ]
    }

    /// All four cards in one.
    fn below_tiles(&self) -> Rect {
        self.by_time.union(self.leaders)
    }
}

fn page_ui(
    ui: &mut egui::Ui,
    layout: &Layout,
    page: &Arc<Overview>,
    state: &State,
    charts: &mut Charts,
    out: &mut Vec<Command>,
) {
    let hovered = hovered_bucket(page, &charts.hover);
    for (tile, rect) in page.tiles.iter().zip(layout.tiles) {
        tile_ui(ui, rect, tile, page.by_format.columns.len(), hovered);
    }
    if page.n_rows == 0 {
        empty_ui(ui, layout.below_tiles(), page, state);
        return;
    }
    turn_tables(ui, layout, charts);
    for (name, area) in layout.charts() {
        card_ui(ui, Card { name, area, page, calendar: &state.calendar }, charts, out);
    }
}

/// `t` turns the chart with the focus, or under the pointer, into its table; without one, all.
fn turn_tables(ui: &egui::Ui, layout: &Layout, charts: &mut Charts) {
    let ctx = ui.ctx();
    let is_covered = ctx.text_edit_focused() || Popup::is_any_open(ctx);
    if is_covered || !ctx.input_mut(|it| it.consume_key(Modifiers::NONE, Key::T)) {
        return;
    }
    let focus = ctx.memory(egui::Memory::focused).and_then(|it| ctx.read_response(it));
    let within = |at: Option<egui::Pos2>| {
        let at = at?;
        layout.charts().into_iter().find(|(_, area)| area.contains(at)).map(|(name, _)| name)
    };
    let pointed = || within(ctx.pointer_hover_pos());
    match within(focus.map(|it| it.rect.center())).or_else(pointed) {
        Some(name) => charts.turn(name),
        None => charts.turn_all(),
    }
}

/// The one bucket of the range that is pointed at, in whichever chart.
fn hovered_bucket(page: &Overview, hover: &ChartHover) -> Option<usize> {
    let (start, end) = hover.interval?;
    let buckets = page.by_format.touching(start, end);
    (buckets.len() == 1).then_some(buckets.start)
}

// ---- tiles -----------------------------------------------------------------------------------

fn tile_ui(ui: &egui::Ui, area: Rect, tile: &Tile, n_buckets: usize, hovered: Option<usize>) {
    let pen = Pen::new(ui);
    let theme = pen.theme;
    pen.card(area);
    let is_tight = area.height() < 100.0;
    let lift = if is_tight { 0.0 } else { 4.0 };
    let x = area.left() + L;
    let name = Face::new(SMALL, Weight::Medium, theme.ink_soft);
    pen.left(x, area.top() + 20.0 + lift / 2.0, &tile.name, name);
    // A figure is never cut; one that is too long for its tile is set smaller.
    let fits = pen.width(&tile.figure, FIGURE, Weight::Semibold) <= area.width() - 2.0 * L;
    let figure = Face::new(if fits { FIGURE } else { HEADING }, Weight::Semibold, theme.ink);
    // The first digit has its own space to the left.
    let figure_end = pen.left(x - 1.5, area.top() + 45.0 + lift, &tile.figure, figure);
    let y = area.bottom() - 19.0 - lift / 2.0;
    if let Some(change) = &tile.change {
        let end = delta_left(&pen, x, y, &change.delta);
        let faint = Face::new(SMALL, Weight::Regular, theme.ink_faint);
        pen.cut(pos2(end + S, y), area.right() - L - end - S, &change.from, faint);
    }
    // The course goes before it touches the figure: figures never do.
    let is_days = matches!(tile.spark, crate::view::Spark::Days(_));
    let width = if area.width() < 260.0 && !is_days { 72.0 } else { 96.0 };
    let course = rect(area.right() - L - width, area.top() + 16.0, width, 32.0);
    if figure_end + S <= course.left() {
        spark(&pen, course, &tile.spark, n_buckets, hovered);
    }
    let response = say(ui, area, ("tile", &tile.name), &tile.spoken);
    if tile.exact != tile.figure {
        response.on_hover_text(&tile.exact);
    }
}

/// A change from `x` to the right; the right end.
fn delta_left(pen: &Pen, x: f32, y: f32, delta: &Delta) -> f32 {
    let (text, color, up) = change(pen.theme, delta);
    let face = Face::new(SMALL, Weight::Medium, color);
    let Some(up) = up else {
        return pen.left(x, y, text, face);
    };
    pen.triangle(pos2(x + 4.0, y), up, color);
    pen.left(x + 11.0, y, text, face)
}

// ---- what is shown instead -------------------------------------------------------------------

fn empty_ui(ui: &egui::Ui, area: Rect, page: &Overview, state: &State) {
    let who = &state.viewing.name;
    let title = format!("No rows for {who} in {}", page.range);
    notice_ui(ui, area, &title, "Choose another range, or step with the arrows");
}

fn error_ui(ui: &egui::Ui, layout: &Layout, error: &str) {
    notice_ui(ui, layout.tiles[0].union(layout.leaders), "The overview could not be made", error);
}

/// One card with a line and an explanation, where charts would be.
fn notice_ui(ui: &egui::Ui, area: Rect, title: &str, detail: &str) {
    let pen = Pen::new(ui);
    pen.card(area);
    let center = area.center();
    let face = Face::new(TITLE, Weight::Semibold, pen.theme.ink);
    pen.text(pos2(center.x, center.y - 10.0), Align2::CENTER_CENTER, title, face);
    let face = Face::new(BODY, Weight::Regular, pen.theme.ink_soft);
    let width = pen.width(detail, BODY, Weight::Regular).min(area.width() - 2.0 * L);
    pen.paragraph(pos2(center.x - width / 2.0, center.y + XS), width + 1.0, detail, face);
    say(ui, area, "notice", &format!("{title}. {detail}"));
}

/// Over the old picture: why there is no newer one.
fn stale_ui(ui: &egui::Ui, layout: &Layout, error: &str) {
    let pen = Pen::new(ui);
    let theme = pen.theme;
    let area = layout.tiles[0].union(layout.tiles[3]);
    let line = rect(area.left(), area.top(), area.width(), 28.0);
    pen.fill(line, super::theme::RADIUS_CONTROL, theme.bad_fill);
    pen.icon(Icon::Warning, pos2(line.left() + L, line.center().y), theme.bad);
    let text = format!("This is the picture of before: {error}");
    let face = Face::new(SMALL, Weight::Medium, theme.bad);
    pen.cut(pos2(line.left() + 2.0 * L, line.center().y), line.width() - 3.0 * L, &text, face);
    say(ui, line, "stale", &text);
}

/// Quiet grey where things will be. Nothing moves: it is drawn once.
fn skeleton_ui(ui: &egui::Ui, layout: &Layout) {
    let pen = Pen::new(ui);
    let Theme { sunken, .. } = *pen.theme;
    for tile in layout.tiles {
        pen.card(tile);
        pen.fill(rect(tile.left() + L, tile.top() + 16.0, 64.0, 10.0), XS as u8, sunken);
        pen.fill(rect(tile.left() + L, tile.top() + 36.0, 112.0, 20.0), XS as u8, sunken);
    }
    for card in layout.cards() {
        pen.card(card);
        pen.fill(rect(card.left() + L, card.top() + 16.0, 128.0, 12.0), XS as u8, sunken);
    }
    say(ui, layout.below_tiles(), "loading", "The overview is being computed");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_overlaps_or_leaves_the_page() {
        // Navigation and bars taken off windows from the smallest to a large screen, and one too low.
        for (width, height) in
            [(1048.0, 620.0), (1024.0, 700.0), (1264.0, 800.0), (2384.0, 1340.0), (1048.0, 300.0)]
        {
            let room = rect(52.0, 100.0, width, height);
            let layout = Layout::new(room);
            let all: Vec<_> = layout.tiles.into_iter().chain(layout.cards()).collect();
            let page = rect(room.left() + XL, room.top(), width - 2.0 * XL, layout.height - XS + 1.0);
            for (index, area) in all.iter().enumerate() {
                assert!(page.contains_rect(*area), "{area:?} in {page:?}");
                assert!(area.width() >= 200.0 && area.height() >= 90.0, "{area:?}");
                assert!(all[..index].iter().all(|it| !it.intersects(*area)), "{area:?}");
            }
            // Only where cards would become too low does the page scroll.
            assert_eq!(layout.height > height, height < 560.0);
        }
    }
}
