//! The History page: the rows that the viewer sees, and one of them whole.

mod details;
mod filters;
mod tree;

use egui::{Event, Frame, Margin, Panel, Ui, UiBuilder};

use super::controls::{bare_card, failure, faint, line, nothing};
use super::paint::Face;
use super::table::{self, Beyond, Head, Rows};
use super::theme::{L, M, ROW_HEIGHT, SMALL, Theme, Weight, XS};
use crate::app::state::{Page, Viewing};
use crate::app::{Command, State, Turn};
use crate::view::{Cell, Ends, History, HistoryRow};

/// The row that is looked at.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    selected: Option<usize>,
    /// The number of the page it is of.
    page: u64,
    /// Keys have turned the page: the row that is selected on the one that comes.
    landing: Option<Landing>,
    filters: filters::Draft,
    details: details::Draft,
}

#[derive(Clone, Copy, Debug)]
enum Landing {
    FirstRow,
    LastRow,
}

const DETAILS_WIDTH: f32 = 344.0;

/// What a column shows, its head, and the width of the table from which on there is room for it.
type Show = fn(&mut Ui, &HistoryRow);
const COLUMNS: [(Head, f32, Show); 7] = [
    (Head::new("created_at", 184.0), 0.0, |ui, row| {
        table::figure(ui, &row.time);
    }),
    (Head::new("user", 128.0), 0.0, |ui, row| table::cell(ui, &row.user)),
    (Head::new("action", 140.0), 0.0, |ui, row| table::cell(ui, &row.action)),
    (Head::new("format", 64.0), 700.0, |ui, row| table::cell(ui, &row.format)),
    (Head::new("quality", 72.0), 700.0, |ui, row| table::cell(ui, &row.quality)),
    (Head::figure("credits", 104.0), 0.0, |ui, row| {
        table::figure(ui, &row.credits);
    }),
    (Head::rest("metadata"), 860.0, |ui, row| soft_cell(ui, &row.metadata)),
];

impl Draft {
    /// Closes the details.
    pub(super) fn close(&mut self) {
        self.selected = None;
    }

    /// The text in the metadata is typed next.
    pub(super) fn search(&mut self) {
        self.filters.search();
    }

    /// A selection is of one page of rows.
    fn follow(&mut self, history: &History) {
        if self.page != history.number {
            self.page = history.number;
            let last = history.rows.len().checked_sub(1);
            self.selected = match self.landing.take() {
                Some(Landing::FirstRow) => last.map(|_| 0),
                Some(Landing::LastRow) => last,
                None => None,
            };
        }
    }
}

/// The rows in their order, and one of them whole.
pub(super) fn ui(ui: &mut Ui, state: &State, draft: &mut Draft, out: &mut Vec<Command>) {
    filters::ui(ui, state, &mut draft.filters, out);
    ui.add_space(XS);
    if let Some(error) = &state.history.error {
        failure(ui, error);
        ui.add_space(M);
    }
    let Some(history) = state.history.value.as_deref() else {
        if state.history.pending {
            line(ui, "Reading rows", faint(ui));
        }
        return;
    };
    draft.follow(history);
    if history.rows.is_empty() {
        let (what, more) = no_rows(state);
        nothing(ui, &what, &more);
        return;
    }
    free_keys(ui, history, out);
    let selected = draft.selected.and_then(|it| Some((it, history.rows.get(it)?)));
    if let Some((place, row)) = selected {
        copy_key(ui, row);
        let panel = Panel::right("row").exact_size(DETAILS_WIDTH + L).resizable(false);
        let margin = Frame::new().inner_margin(Margin { left: L as i8, ..Margin::ZERO });
        panel.show_separator_line(false).frame(margin).show(ui, |ui| {
            if details::ui(ui, &mut draft.details, (history.number, place), row) {
                draft.close();
            }
        });
    }
    bare_card(ui).show(ui, |ui| rows_ui(ui, history, draft, out));
}

/// Why an empty page is empty.
pub(super) fn no_rows(state: &State) -> (String, String) {
    let Viewing { name, visible, .. } = &state.viewing;
    let n_hidden = state.file.as_ref().map_or(0, |it| it.n_rows);
    match visible {
        Some(visible) if visible.n_rows == 0 && n_hidden > 0 => (
            format!("No rows for {name}: {} hidden by the rule", crate::view::number::count(n_hidden)),
            "The proof says what is seen and why (p)".to_owned(),
        ),
        Some(visible) if visible.n_rows > 0 && state.page == Page::History && state.listing.is_narrowed() => {
            let rows = crate::view::number::count(visible.n_rows);
            ("No rows match".to_owned(), format!("{name} sees {rows} rows without these filters"))
        }
        Some(visible) if visible.n_rows > 0 => {
            ("No rows here".to_owned(), "There are rows at other times".to_owned())
        }
        _ => ("No rows yet".to_owned(), "Import an export of usage_logs on the page Data".to_owned()),
    }
}

/// Ctrl+C copies the selected row for a spreadsheet, unless a text is being edited.
fn copy_key(ui: &Ui, row: &HistoryRow) {
    let is_copied = ui.input(|it| it.events.iter().any(|it| matches!(it, Event::Copy)));
    if is_copied && !ui.ctx().text_edit_focused() {
        ui.ctx().copy_text(row.tab_separated());
    }
}

/// While nothing has the focus, the keys that move by pages turn the pages.
fn free_keys(ui: &Ui, history: &History, out: &mut Vec<Command>) {
    if ui.memory(|it| it.focused().is_some()) {
        return;
    }
    let pressed = ui.input(|input| {
        let turns = [
            (egui::Key::Home, Beyond::First),
            (egui::Key::PageUp, Beyond::Back),
            (egui::Key::PageDown, Beyond::Next),
            (egui::Key::End, Beyond::Last),
        ];
        turns.into_iter().find(|(key, _)| input.key_pressed(*key))
    });
    out.extend(pressed.and_then(|(_, beyond)| turn(beyond, history.ends)).map(Command::TurnHistory));
}

/// Where there are more rows to turn to.
fn turn(beyond: Beyond, ends: Ends) -> Option<Turn> {
    match beyond {
        Beyond::First => (!ends.first).then_some(Turn::First),
        Beyond::Back => (!ends.first).then_some(Turn::Back),
        Beyond::Next => (!ends.last).then_some(Turn::Next),
        Beyond::Last => (!ends.last).then_some(Turn::Last),
    }
}

fn rows_ui(ui: &mut Ui, history: &History, draft: &mut Draft, out: &mut Vec<Command>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let room = ui.available_rect_before_wrap();
    let foot = room.with_min_y(room.bottom() - ROW_HEIGHT);
    let columns: Vec<_> = COLUMNS.iter().filter(|(_, from, _)| room.width() >= *from).collect();
    let heads: Vec<_> = columns.iter().map(|(head, ..)| *head).collect();
    let rows =
        Rows { name: "History", heads: &heads, len: history.rows.len(), list: history.number as usize };
    let above = room.with_max_y(foot.top());
    let shown = ui.scope_builder(UiBuilder::new().max_rect(above), |ui| {
        table::ui(ui, &rows, &mut draft.selected, &mut |ui, row, column| {
            if let (Some(row), Some((.., show))) = (history.rows.get(row), columns.get(column)) {
                show(ui, row);
            }
        })
    });
    if let Some(turn) = shown.inner.beyond.and_then(|it| turn(it, history.ends)) {
        let lands_last = matches!(turn, Turn::Back | Turn::Last);
        draft.landing = Some(if lands_last { Landing::LastRow } else { Landing::FirstRow });
        out.push(Command::TurnHistory(turn));
    }
    let foot = UiBuilder::new().max_rect(foot.shrink2(egui::vec2(L, 0.0)));
    ui.scope_builder(foot, |ui| filters::foot_ui(ui, history));
}

fn soft_cell(ui: &mut Ui, cell: &Cell) {
    let theme = Theme::of(ui);
    let color = if cell.soft { theme.ink_faint } else { theme.ink_soft };
    line(ui, &cell.text, Face::new(SMALL, Weight::Regular, color));
}
