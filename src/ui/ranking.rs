use egui::{
    Align, Button, Frame, Layout, Margin, Panel, Popup, PopupCloseBehavior, RectAlign, Sense, Ui, vec2,
};

use super::controls::{bare_card, failure, faint, line, menu_style, nothing, sign};
use super::paint::{Face, Icon, Pen};
use super::table::{self, Head, Rows};
use super::theme::{L, M, RADIUS_MARK, ROW_HEIGHT, S, SMALL, Theme, Weight, XS};
use crate::app::{Command, State};
use crate::view::{Ranking, RankingRow};

/// The user who is chosen, and whether the actions for them are open.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    selected: Option<usize>,
    pub(super) menu_open: bool,
    /// The ranking it is of, told from others by its address.
    list: usize,
}

const TOTAL_HEIGHT: f32 = ROW_HEIGHT + S;

const HEADS: [Head; 6] = [
    Head::figure("rank", 40.0),
    Head::new("user", 220.0),
    Head::rest("share of credits"),
    Head::figure("", 64.0),
    Head::figure("events", 88.0),
    Head::figure("credits", 128.0),
];

impl Draft {
    pub(super) fn close(&mut self) {
        self.selected = None;
        self.menu_open = false;
    }

    fn follow(&mut self, ranking: &Ranking) {
        let list = std::ptr::from_ref(ranking).addr();
        if self.list != list {
            *self = Self { list, ..Self::default() };
        }
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
    draft.follow(ranking);
    if ranking.rows.is_empty() {
        let (what, more) = super::history::no_rows(state);
        nothing(ui, &what, &more);
        return;
    }
    bare_card(ui).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let n_users = crate::view::number::count(ranking.rows.len() as u64);
        Frame::new().inner_margin(Margin::symmetric(L as i8, S as i8)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            line(ui, &format!("{n_users} users by credits"), faint(ui));
        });
        Panel::bottom("total")
            .exact_size(TOTAL_HEIGHT)
            .resizable(false)
            .show_separator_line(false)
            .frame(Frame::NONE)
            .show(ui, |ui| total_ui(ui, ranking));
        let rows = Rows { name: "Ranking", heads: &HEADS, len: ranking.rows.len(), list: draft.list };
        let shown = table::ui(ui, &rows, &mut draft.selected, &mut |ui, row, column| {
            if let Some(row) = ranking.rows.get(row) {
                cell_ui(ui, row, column);
            }
        });
        draft.menu_open |= shown.opened.is_some();
        if let (Some(rect), Some(row)) =
            (shown.selected_rect, draft.selected.and_then(|it| ranking.rows.get(it)))
        {
            menu_ui(ui, state, row, rect, &mut draft.menu_open, out);
        }
    });
}

fn cell_ui(ui: &mut Ui, row: &RankingRow, column: usize) {
    let theme = Theme::of(ui);
    match column {
        0 => {
            line(ui, &row.rank, faint(ui));
        }
        1 => user_ui(ui, row),
        2 => {
            let (rect, bar) = ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::hover());
            let pen = Pen::new(ui);
            let size = vec2((rect.width() * row.bar).max(if row.bar > 0.0 { 2.0 } else { 0.0 }), S);
            let bar_rect = egui::Rect::from_min_size(egui::pos2(rect.left(), rect.center().y - XS), size);
            pen.fill(bar_rect, RADIUS_MARK, theme.accent);
            bar.on_hover_text(format!("{} of all credits", row.share));
        }
        3 => {
            line(ui, &row.share, faint(ui));
        }
        4 => {
            table::figure(ui, &row.events);
        }
        _ => {
            let face = Face::new(SMALL, Weight::Medium, theme.ink);
            line(ui, &row.credits, face).on_hover_text(&row.credits_exact);
        }
    }
}

fn user_ui(ui: &mut Ui, row: &RankingRow) {
    let theme = Theme::of(ui);
    ui.spacing_mut().item_spacing.x = S;
    let id_face = Face::new(SMALL, Weight::Medium, theme.ink_soft);
    if let Some(name) = &row.name {
        let color = if name.soft { theme.ink_faint } else { theme.ink };
        line(ui, &name.text, Face::new(SMALL, Weight::Medium, color));
        line(ui, &row.short_id, faint(ui));
    } else {
        line(ui, &row.short_id, id_face);
        line(ui, "no profile", faint(ui));
    }
}

/// The sum of the columns, under them.
fn total_ui(ui: &mut Ui, ranking: &Ranking) {
    let theme = Theme::of(ui);
    let line_top = ui.max_rect();
    Pen::new(ui).hline(line_top.left(), line_top.right(), line_top.top(), theme.border);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = L;
        ui.add_space(L);
        let face = Face::new(SMALL, Weight::Semibold, theme.ink);
        for (text, head) in [(&ranking.credits, HEADS[5]), (&ranking.events, HEADS[4])] {
            let size = vec2(head.width.unwrap_or_default(), ui.available_height());
            ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
                ui.set_min_width(size.x);
                line(ui, text, face);
            });
        }
        line(ui, "Total", face).on_hover_text(&ranking.credits_exact);
        ui.spacing_mut().item_spacing.x = XS;
        if ranking.adds_up {
            sign(ui, Icon::Check, theme.good);
        }
    });
}

fn menu_ui(
    ui: &Ui,
    state: &State,
    row: &RankingRow,
    rect: egui::Rect,
    open: &mut bool,
    out: &mut Vec<Command>,
) {
    let name = row.name.as_ref().map_or(row.short_id.as_str(), |it| it.text.as_str());
    let person = state.people.value.as_ref().and_then(|it| it.user(row.user_id));
    // Below the name, which begins the second column.
    let anchor = rect.with_min_x(rect.left() + L + 40.0 + L).with_max_x(rect.left() + 300.0);
    let mut chosen = false;
    Popup::new(ui.scope_id().with("user menu"), ui.ctx().clone(), anchor, ui.layer_id())
        .open_bool(open)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .align(RectAlign::BOTTOM_START)
        .layout(Layout::top_down_justified(Align::Min))
        .style(menu_style)
        .accessible_name(name)
        .show(|ui| {
            ui.set_min_width(180.0);
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
    *open &= !chosen;
}
