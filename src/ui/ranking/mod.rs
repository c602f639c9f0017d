//! The Ranking page: users by credits, found by name or id, with what can be done with each.

mod cells;
mod columns;

use egui::{
    Align, Button, Event, Frame, Key, Layout, Margin, Modifiers, Panel, Popup, PopupCloseBehavior, Rect,
    RectAlign, TextEdit, Ui, UiBuilder, vec2,
};

use self::columns::Column;
use super::controls::{
    at_right, bare_card, failure, faint, icon_button, line, menu_style, nothing, row, sign,
};
use super::paint::{Face, Icon, Pen};
use super::table::{self, Head, Rows, Shown};
use super::theme::{CONTROL_HEIGHT, L, M, ROW_HEIGHT, S, SMALL, Theme, Weight, XS};
use crate::app::{Command, State};
use crate::view::{Ranking, RankingOrder, RankingRow, number};

/// What is searched, and the user who is chosen.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    text: String,
    order: RankingOrder,
    /// The places that were found, in their order; computed when the text, the order or the ranking changes.
    found: Vec<u32>,
    searched: Option<Searched>,
    /// Tells one list from the one before.
    list: usize,
    /// Among those found.
    selected: Option<usize>,
    /// Whether the actions for the chosen user are open.
    pub(super) menu_open: bool,
    /// The menu was opened a moment ago, and its first line is to have the focus.
    menu_is_new: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Searched {
    text: String,
    order: RankingOrder,
    ranking: u64,
}

const TOTAL_HEIGHT: f32 = ROW_HEIGHT + S;
const SEARCH_WIDTH: f32 = 220.0;

impl Draft {
    /// What Escape leaves: the chosen user, and then the search.
    pub(super) fn close(&mut self) {
        if self.selected.take().is_none() {
            self.text.clear();
        }
        self.menu_open = false;
    }

    fn follow(&mut self, ranking: &Ranking) {
        let searched = Searched { text: self.text.clone(), order: self.order, ranking: ranking.number };
        if self.searched.as_ref() == Some(&searched) {
            return;
        }
        self.found = ranking.search(&self.text, self.order);
        self.searched = Some(searched);
        self.list += 1;
        self.selected = None;
        self.menu_open = false;
    }

    fn row(&self, ranking: &Ranking, index: usize) -> Option<RankingRow> {
        ranking.row(*self.found.get(index)? as usize)
    }
}

/// The visible users by credits, and their sum.
pub(super) fn ui(ui: &mut Ui, state: &State, draft: &mut Draft, out: &mut Vec<Command>) {
    if let Some(error) = &state.ranking.error {
        failure(ui, error);
        ui.add_space(M);
    }
    let Some(ranking) = state.ranking.value.as_deref() else {
        if state.ranking.pending {
            line(ui, "Counting", faint(ui));
        }
        return;
    };
    if ranking.is_empty() {
        let (what, more) = super::history::no_rows(state);
        nothing(ui, &what, &more);
        return;
    }
    bare_card(ui).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let columns = columns::columns(&Pen::new(ui), ui.available_width(), ranking, draft.order);
        let table = table::id(ui, "Ranking");
        Frame::new().inner_margin(Margin::symmetric(L as i8, S as i8)).show(ui, |ui| {
            top_ui(ui, state, ranking, draft, table);
        });
        draft.follow(ranking);
        Panel::bottom("total")
            .exact_size(TOTAL_HEIGHT)
            .resizable(false)
            .show_separator_line(false)
            .frame(Frame::NONE)
            .show(ui, |ui| total_ui(ui, ranking, draft, &columns));
        if draft.found.is_empty() {
            nothing(ui, &format!("No user has “{}” in name or id", draft.text.trim()), "Esc shows all users");
            return;
        }
        let shown = table_ui(ui, state, ranking, draft, &columns);
        if let Some(order) = shown.sort.and_then(|it| columns.get(it)?.0.order()) {
            draft.order = order;
        }
        if shown.opened.is_some() {
            draft.menu_is_new = !draft.menu_open;
            draft.menu_open = true;
        }
        let row = draft.selected.and_then(|it| draft.row(ranking, it));
        if let (Some(rect), Some(row)) = (shown.selected_rect, row) {
            menu_ui(ui, state, &row, rect, draft, out);
        }
    });
}

/// How many there are, and the search.
fn top_ui(ui: &mut Ui, state: &State, ranking: &Ranking, draft: &mut Draft, table: egui::Id) {
    row(ui, CONTROL_HEIGHT, |ui| {
        let n_users = ranking.len();
        let caption = if draft.found.len() < n_users && draft.searched.is_some() {
            let n_found = number::count(draft.found.len() as u64);
            format!("{n_found} of {}", number::counted(n_users as u64, "user", "users"))
        } else {
            ranking.caption.clone()
        };
        line(ui, &caption, faint(ui));
        at_right(ui, "search", |ui| search_ui(ui, state, draft, table));
    });
}

fn search_ui(ui: &mut Ui, state: &State, draft: &mut Draft, table: egui::Id) {
    let asked = asks_to_search(ui, state);
    if !draft.text.is_empty() && icon_button(ui, Icon::Cross, "Clear the search").clicked() {
        draft.text.clear();
    }
    // The cross before it comes and goes; the field stays the same one.
    let field = TextEdit::singleline(&mut draft.text)
        .id_salt("field")
        .hint_text("Name or id ( / )")
        .font(egui::FontId::proportional(SMALL))
        .margin(Margin::symmetric(S as i8, 6))
        .desired_width(SEARCH_WIDTH);
    let field = ui.add(field).accessible_name("Search users by name or id");
    if asked {
        field.request_focus();
    }
    let left = |key| field.lost_focus() && ui.input(|it| it.key_pressed(key));
    if left(Key::Escape) {
        draft.text.clear();
    } else if left(Key::Enter) {
        draft.selected = Some(0);
        ui.memory_mut(|it| it.request_focus(table));
    } else if field.has_focus() && ui.input_mut(|it| it.consume_key(Modifiers::NONE, Key::ArrowDown)) {
        draft.selected = Some(0);
        ui.memory_mut(|it| it.request_focus(table));
    }
}

/// `/` where nothing is typed, or Ctrl+F.
fn asks_to_search(ui: &Ui, state: &State) -> bool {
    let ctx = ui.ctx();
    if Popup::is_any_open(ctx) || state.proof.is_some() {
        return false;
    }
    if ctx.input_mut(|it| it.consume_key(Modifiers::COMMAND, Key::F)) {
        return true;
    }
    if ctx.text_edit_focused() || !ctx.input_mut(|it| it.consume_key(Modifiers::NONE, Key::Slash)) {
        return false;
    }
    // It is no part of what is searched.
    ctx.input_mut(|it| it.events.retain(|event| !matches!(event, Event::Text(text) if text == "/")));
    true
}

fn table_ui(
    ui: &mut Ui,
    state: &State,
    ranking: &Ranking,
    draft: &mut Draft,
    columns: &[(Column, Head)],
) -> Shown {
    let focus = state.focus.as_ref().map(|it| it.user_id);
    let heads: Vec<_> = columns.iter().map(|it| it.1).collect();
    let rows = Rows { name: "Ranking", heads: &heads, len: draft.found.len(), list: draft.list };
    let mut selected = draft.selected;
    // A row is written once for all its cells.
    let mut written: Option<(usize, RankingRow)> = None;
    let shown = table::ui(ui, &rows, &mut selected, &mut |ui, index, column| {
        if written.as_ref().is_none_or(|it| it.0 != index) {
            written = draft.row(ranking, index).map(|it| (index, it));
        }
        if let (Some((_, row)), Some((column, _))) = (&written, columns.get(column)) {
            cells::cell_ui(ui, row, *column, focus == Some(row.user_id));
        }
    });
    if selected != draft.selected && shown.opened.is_none() {
        draft.menu_open = false;
    }
    draft.selected = selected;
    shown
}

/// The sum of the columns, under them.
fn total_ui(ui: &mut Ui, ranking: &Ranking, draft: &Draft, columns: &[(Column, Head)]) {
    let theme = Theme::of(ui);
    let area = ui.max_rect();
    Pen::new(ui).hline(area.left(), area.right(), area.top(), theme.border);
    let face = Face::new(SMALL, Weight::Semibold, theme.ink);
    let mut sum_ui = |column, text: &str, exact: Option<&str>| {
        let (right, width) = columns::from_right(columns, column)?;
        let right = area.right() - right;
        let cell = Rect::from_x_y_ranges(right - width..=right, area.y_range());
        let layout = Layout::right_to_left(Align::Center);
        let mut cell = ui.new_child(UiBuilder::new().max_rect(cell).layout(layout));
        let sum = line(&mut cell, text, face);
        exact.map(|it| sum.on_hover_text(it))
    };
    sum_ui(Column::Events, &ranking.events, None);
    sum_ui(Column::Credits, &ranking.credits, Some(&ranking.credits_exact));
    let left = area.shrink2(vec2(L, 0.0));
    let layout = Layout::left_to_right(Align::Center);
    let mut left = ui.new_child(UiBuilder::new().max_rect(left).layout(layout));
    left.spacing_mut().item_spacing.x = XS;
    if ranking.adds_up {
        sign(&mut left, Icon::Check, theme.good);
    }
    let is_part = draft.found.len() < ranking.len();
    line(&mut left, if is_part { "Total of all users" } else { "Total" }, face);
}

fn menu_ui(ui: &Ui, state: &State, row: &RankingRow, rect: Rect, draft: &mut Draft, out: &mut Vec<Command>) {
    let name = row.name.as_ref().map_or(row.short_id.as_str(), |it| it.text.as_str());
    let person = state.people.value.as_ref().and_then(|it| it.user(row.user_id));
    // Below the name.
    let anchor = rect.with_min_x(rect.left() + L + 88.0).with_max_x(rect.left() + 300.0);
    let mut chosen = false;
    Popup::new(ui.scope_id().with("user menu"), ui.ctx().clone(), anchor, ui.layer_id())
        .open_bool(&mut draft.menu_open)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .align(RectAlign::BOTTOM_START)
        .layout(Layout::top_down_justified(Align::Min))
        .style(menu_style)
        .accessible_name(name)
        .show(|ui| {
            ui.set_min_width(180.0);
            let show = ui.add(Button::new((format!("Show {name}'s figures"), egui::Atom::grow())));
            if std::mem::take(&mut draft.menu_is_new) {
                show.request_focus();
            }
            if show.clicked() {
                out.push(Command::Focus(Some(row.user_id)));
                chosen = true;
            }
            let view_as = Button::new((format!("View as {name}"), egui::Atom::grow()));
            let view_as = ui.add_enabled(person.is_some(), view_as);
            if let Some(person) = person.filter(|_| view_as.clicked()) {
                out.push(Command::ViewAs(person.viewer));
                chosen = true;
            }
            if ui.add(Button::new(("Copy id", egui::Atom::grow()))).clicked() {
                ui.ctx().copy_text(row.user_id.to_string());
                chosen = true;
            }
        });
    draft.menu_open &= !chosen;
}
