//! A table of rows: one stop of the Tab key, arrows move the selection, a click or Enter opens a row.

use egui::{Align, Button, EventFilter, Key, Layout, Modifiers, Rangef, Rect, Sense, Ui, pos2, vec2};
use egui_extras::{Column, TableBuilder};

use super::controls::{icon_in, line, rich};
use super::paint::{Face, Icon, Pen};
use super::theme::{CAPTION, L, RADIUS_CARD, ROW_HEIGHT, S, SMALL, Theme, Weight, XS};
use crate::view::Cell;

/// What a table is, and how its columns are cut.
pub(super) struct Rows<'a> {
    /// Read out when it gets the focus.
    pub(super) name: &'a str,
    pub(super) heads: &'a [Head],
    pub(super) len: usize,
    /// Tells the list from the one before: a new one is scrolled to its top.
    pub(super) list: usize,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) name: &'static str,
    /// The type of the column, in faint beside its name.
    pub(super) kind: &'static str,
    /// In points; `None` takes what is left.
    pub(super) width: Option<f32>,
    /// Numbers stand right.
    pub(super) right: bool,
    /// Whether the rows are in the order of this column; `None` where they cannot be.
    pub(super) sorted: Option<bool>,
}

/// What a frame of the table has to tell.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shown {
    /// The row that was clicked, or on which Enter was pressed.
    pub(super) opened: Option<usize>,
    /// The head that was pressed, to have the rows in its order.
    pub(super) sort: Option<usize>,
    /// Where the selected row is, if it is in sight.
    pub(super) selected_rect: Option<Rect>,
    /// Keys that lead out of these rows, to others of the same list.
    pub(super) beyond: Option<Beyond>,
}

/// Where a key leads from the edge of a table that is a page of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Beyond {
    First,
    Back,
    Next,
    Last,
}

impl Head {
    pub(super) const fn new(name: &'static str, width: f32) -> Self {
        Self { name, kind: "", width: Some(width), right: false, sorted: None }
    }

    pub(super) const fn figure(name: &'static str, width: f32) -> Self {
        Self { name, kind: "", width: Some(width), right: true, sorted: None }
    }

    pub(super) const fn rest(name: &'static str) -> Self {
        Self { name, kind: "", width: None, right: false, sorted: None }
    }
}

/// Fills what is left of the ui. `cell_ui` draws into a cell by row and column.
pub(super) fn ui(
    ui: &mut Ui,
    rows: &Rows<'_>,
    selected: &mut Option<usize>,
    cell_ui: &mut dyn FnMut(&mut Ui, usize, usize),
) -> Shown {
    let outer = ui.available_rect_before_wrap();
    let body = Rect::from_min_max(pos2(outer.left(), outer.top() + ROW_HEIGHT), outer.max);
    let id = id(ui, rows.name);
    // Before the rows, so that the scroll bar lies on top of it.
    let focus = ui.interact(body, id, Sense::click());
    focus.widget_info(|| {
        let mut info = egui::WidgetInfo::labeled(egui::Role::Grid, true, rows.name);
        info.current_text_value = selected.map(|it| format!("row {} of {}", it + 1, rows.len));
        info
    });
    let Moved { moved, beyond } = keys(ui, id, rows.len, body.height(), selected);
    let pen = Pen::new(ui);
    head_ground(&pen, outer);

    let shown = Shown { beyond, ..Shown::default() };
    let clicked = focus.interact_pointer_pos().filter(|_| focus.clicked());
    let mut drawn = Drawn { shown, hover: focus.hover_pos(), clicked };
    let row_pen = pen.within(body);
    let inner = outer.with_min_x(outer.left() + L);
    let mut builder = ui.new_child(egui::UiBuilder::new().max_rect(inner));
    builder.spacing_mut().item_spacing = vec2(L, 0.0);
    let mut table = TableBuilder::new(&mut builder)
        .id_salt((rows.name, rows.list))
        .auto_shrink(false)
        .drag_to_scroll(egui::scroll_area::DragScroll::Never)
        .min_scrolled_height(0.0)
        .max_scroll_height(body.height())
        .cell_layout(Layout::left_to_right(Align::Center));
    for head in rows.heads {
        // The first paints the ground of the whole row, beyond its own edges.
        table = table.column(head.width.map_or_else(Column::remainder, Column::exact).clip(true));
    }
    // The padding on the right: the scroll bar lies in it.
    table = table.column(Column::exact(0.0));
    if let Some(row) = selected.filter(|_| moved) {
        table = table.scroll_to_row(row, None);
    }
    let table = table.header(ROW_HEIGHT, |mut header| {
        for (index, head) in rows.heads.iter().enumerate() {
            header.col(|ui| {
                if aligned(ui, head.right, |ui| head_ui(ui, head)) {
                    drawn.shown.sort = Some(index);
                }
            });
        }
    });
    table.body(|body_rows| {
        body_rows.rows(ROW_HEIGHT, rows.len, |mut row| {
            let index = row.index();
            for (column, head) in rows.heads.iter().enumerate() {
                row.col(|ui| {
                    if column == 0 {
                        let y = ui.max_rect().y_range();
                        drawn.ground(&row_pen, outer, y, index, *selected == Some(index));
                    }
                    aligned(ui, head.right, |ui| cell_ui(ui, index, column));
                });
            }
        });
    });
    ui.advance_cursor_after_rect(outer);
    // A selected row shows where the keys go.
    if focus.has_focus() && selected.is_none() {
        pen.edge(outer, RADIUS_CARD, pen.theme.accent);
    }
    if focus.clicked() && drawn.clicked.is_none() {
        drawn.shown.opened = *selected;
    }
    if drawn.shown.opened.is_some() {
        *selected = drawn.shown.opened;
        focus.request_focus();
    }
    drawn.shown
}

/// What takes the keys of a table in this ui.
pub(super) fn id(ui: &Ui, name: &str) -> egui::Id {
    ui.scope_id().with(name)
}

/// A value in a cell.
pub(super) fn cell(ui: &mut Ui, cell: &Cell) {
    let theme = Theme::of(ui);
    let color = if cell.soft { theme.ink_faint } else { theme.ink };
    line(ui, &cell.text, Face::new(SMALL, Weight::Regular, color));
}

/// A figure in a cell.
pub(super) fn figure(ui: &mut Ui, text: &str) -> egui::Response {
    let theme = Theme::of(ui);
    line(ui, text, Face::new(SMALL, Weight::Regular, theme.ink))
}

/// What is collected while the rows are drawn.
struct Drawn {
    shown: Shown,
    hover: Option<egui::Pos2>,
    clicked: Option<egui::Pos2>,
}

impl Drawn {
    /// The ground and the hairline of a row, before its cells.
    fn ground(&mut self, pen: &Pen, outer: Rect, y: Rangef, row: usize, selected: bool) {
        let rect = Rect::from_x_y_ranges(outer.x_range(), y);
        let theme = pen.theme;
        let within = |at: Option<egui::Pos2>| at.is_some_and(|it| y.min <= it.y && it.y < y.max);
        if selected {
            pen.fill(rect, 0, theme.accent_fill);
            self.shown.selected_rect = Some(rect);
        } else if within(self.hover) {
            pen.fill(rect, 0, theme.sunken);
        }
        pen.hline(outer.left() + L, outer.right() - L, y.max - 1.0, theme.grid);
        if within(self.clicked) {
            self.shown.opened = Some(row);
        }
    }
}

fn head_ground(pen: &Pen, outer: Rect) {
    let theme = pen.theme;
    let head = Rect::from_min_size(outer.min, vec2(outer.width(), ROW_HEIGHT));
    pen.fill(head, 0, theme.canvas);
    pen.hline(head.left(), head.right(), head.top(), theme.border);
    pen.hline(head.left(), head.right(), head.bottom() - 1.0, theme.border);
}

/// Whether it was pressed.
fn head_ui(ui: &mut Ui, head: &Head) -> bool {
    let theme = Theme::of(ui);
    ui.spacing_mut().item_spacing.x = XS;
    let name = rich(head.name, Face::new(CAPTION, Weight::Semibold, theme.ink_soft));
    if let Some(sorted) = head.sorted {
        return sort_ui(ui, head.name, name, sorted);
    }
    ui.add(egui::Label::new(name).truncate());
    if !head.kind.is_empty() {
        line(ui, head.kind, Face::new(CAPTION, Weight::Regular, theme.ink_faint));
    }
    false
}

/// A head that can be pressed. The mark of the order stands left of the name, which does not move.
fn sort_ui(ui: &mut Ui, name: &str, text: egui::RichText, sorted: bool) -> bool {
    ui.spacing_mut().button_padding = egui::Vec2::ZERO;
    let mark = if sorted { Theme::of(ui).ink_soft } else { egui::Color32::TRANSPARENT };
    let button = Button::new((icon_in(Icon::ChevronDown, mark), text)).gap(2.0).frame(false);
    let button = ui.add(button.min_size(vec2(0.0, ROW_HEIGHT - S)));
    let label = format!("Sort by {name}");
    button.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, sorted, &label));
    button.on_hover_text(label).clicked()
}

fn aligned<R>(ui: &mut Ui, right: bool, add: impl FnOnce(&mut Ui) -> R) -> R {
    if right { ui.with_layout(Layout::right_to_left(Align::Center), add).inner } else { add(ui) }
}

/// What the keys did.
#[derive(Clone, Copy, Default)]
struct Moved {
    /// The selection is another one.
    moved: bool,
    beyond: Option<Beyond>,
}

/// Moves the selection. At the edge the same keys lead beyond it.
fn keys(ui: &Ui, id: egui::Id, n_rows: usize, height: f32, selected: &mut Option<usize>) -> Moved {
    let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
    let has_focus = ui.memory_mut(|it| {
        it.set_focus_lock_filter(id, filter);
        it.has_focus(id)
    });
    if !has_focus || n_rows == 0 {
        return Moved::default();
    }
    let page = (height / ROW_HEIGHT).floor().max(1.0) as usize;
    let last = n_rows - 1;
    let (at_first, at_last) = (*selected == Some(0), *selected == Some(last));
    let beyond = ui.input_mut(|input| {
        let mut pressed = |is_there, modifiers, key| is_there && input.consume_key(modifiers, key);
        [
            pressed(true, Modifiers::COMMAND, Key::Home).then_some(Beyond::First),
            pressed(true, Modifiers::COMMAND, Key::End).then_some(Beyond::Last),
            pressed(at_first, Modifiers::NONE, Key::Home).then_some(Beyond::First),
            pressed(at_last, Modifiers::NONE, Key::End).then_some(Beyond::Last),
            pressed(at_first, Modifiers::NONE, Key::PageUp).then_some(Beyond::Back),
            pressed(at_last, Modifiers::NONE, Key::PageDown).then_some(Beyond::Next),
        ]
        .into_iter()
        .flatten()
        .next()
    });
    let target = ui.input_mut(|input| {
        let mut pressed = |key| input.consume_key(Modifiers::NONE, key);
        let down = |by: usize| selected.map_or(0, |it| (it + by).min(last));
        let up = |by: usize| selected.map_or(last, |it| it.saturating_sub(by));
        [
            pressed(Key::ArrowDown).then(|| down(1)),
            pressed(Key::ArrowUp).then(|| up(1)),
            pressed(Key::PageDown).then(|| down(page)),
            pressed(Key::PageUp).then(|| up(page)),
            pressed(Key::Home).then_some(0),
            pressed(Key::End).then_some(last),
        ]
        .into_iter()
        .flatten()
        .next()
    });
    let moved = target.is_some() && target != *selected;
    if target.is_some() {
        *selected = target;
    }
    Moved { moved, beyond }
}
