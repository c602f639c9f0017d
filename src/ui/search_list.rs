//! A search field over a long list: type, go up and down, press Enter. Only the visible rows are drawn.

use egui::{Align, Id, Key, Modifiers, Rect, ScrollArea, Sense, TextEdit, Ui, vec2};

use super::paint::Pen;
use super::theme::{RADIUS_CONTROL, ROW_HEIGHT, S, Theme};

/// The draft of a search.
#[derive(Clone, Debug, Default)]
pub(super) struct SearchList {
    text: String,
    /// What was found, as places in the list; computed when the text or the list changes.
    found: Vec<usize>,
    searched: Option<Searched>,
    cursor: usize,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Searched {
    text: String,
    /// Tells one list from another.
    list: usize,
}

/// Where the list is brought to show the cursor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Scroll {
    Stay,
    IntoSight,
    ToMiddle,
}

/// What is searched, and how its rows look.
pub(super) struct Choices<'a> {
    /// The name of the field.
    pub(super) name: &'a str,
    pub(super) hint: &'a str,
    /// Tells one list from another: its address will do.
    pub(super) list: usize,
    pub(super) search: &'a dyn Fn(&str) -> Vec<usize>,
    /// Draws a row and says what it is to those who cannot see it.
    pub(super) row: &'a dyn Fn(&Pen, Rect, usize) -> String,
    /// The heads of the rows' columns.
    pub(super) head: Option<&'a dyn Fn(&mut Ui)>,
    /// Whether a row is what holds now: the cursor begins there.
    pub(super) is_current: &'a dyn Fn(usize) -> bool,
    pub(super) n_rows_shown: usize,
}

impl SearchList {
    /// Begins anew: all rows, the cursor on the first.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The row that was chosen, as a place in the list.
    pub(super) fn ui(&mut self, ui: &mut Ui, choices: &Choices<'_>) -> Option<usize> {
        let field = ui.scope_id().with("search");
        let is_typing = ui.memory(|it| it.has_focus(field));
        let moved = is_typing && self.keys(ui, choices.n_rows_shown);
        let mut scroll = if moved { Scroll::IntoSight } else { Scroll::Stay };
        let entered = is_typing && ui.input_mut(|it| it.consume_key(Modifiers::NONE, Key::Enter));
        self.field_ui(ui, choices, field);
        let searched = Searched { text: self.text.clone(), list: choices.list };
        if self.searched.as_ref() != Some(&searched) {
            self.found = (choices.search)(&self.text);
            self.searched = Some(searched);
            let current = self.found.iter().position(|it| (choices.is_current)(*it));
            self.cursor = if self.text.is_empty() { current.unwrap_or_default() } else { 0 };
            scroll = Scroll::ToMiddle;
        }
        if let Some(head) = choices.head {
            head(ui);
        }
        let clicked = self.rows_ui(ui, choices, scroll);
        clicked.or_else(|| entered.then(|| self.found.get(self.cursor).copied()).flatten())
    }

    /// Moves the cursor; these keys would otherwise move the focus or the caret.
    fn keys(&mut self, ui: &Ui, page: usize) -> bool {
        let last = self.found.len().saturating_sub(1);
        let before = self.cursor;
        ui.input_mut(|input| {
            let mut pressed = |key| input.consume_key(Modifiers::NONE, key);
            if pressed(Key::ArrowDown) {
                self.cursor += 1;
            }
            if pressed(Key::ArrowUp) {
                self.cursor = self.cursor.saturating_sub(1);
            }
            if pressed(Key::PageDown) {
                self.cursor += page;
            }
            if pressed(Key::PageUp) {
                self.cursor = self.cursor.saturating_sub(page);
            }
        });
        self.cursor = self.cursor.min(last);
        self.cursor != before
    }

    fn field_ui(&mut self, ui: &mut Ui, choices: &Choices<'_>, id: Id) {
        let field = TextEdit::singleline(&mut self.text)
            .id(id)
            .hint_text(choices.hint)
            .margin(egui::Margin::symmetric(S as i8, 5))
            .desired_width(f32::INFINITY);
        let field = ui.add(field).accessible_name(choices.name);
        // The list was opened to be typed into.
        if self.searched.is_none() {
            field.request_focus();
        }
    }

    fn rows_ui(&mut self, ui: &mut Ui, choices: &Choices<'_>, scroll: Scroll) -> Option<usize> {
        if self.found.is_empty() {
            super::controls::line(ui, "Nothing found", super::controls::faint(ui));
            return None;
        }
        let mut chosen = None;
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical()
            .max_height(choices.n_rows_shown as f32 * ROW_HEIGHT)
            .auto_shrink([false, true])
            .show_rows(ui, ROW_HEIGHT, self.found.len(), |ui, range| {
                let top = ui.max_rect().top();
                let row = |place: usize| {
                    let y = top + (place as f32 - range.start as f32) * ROW_HEIGHT;
                    Rect::from_min_size(
                        egui::pos2(ui.max_rect().left(), y),
                        vec2(ui.available_width(), ROW_HEIGHT),
                    )
                };
                match scroll {
                    Scroll::Stay => {}
                    Scroll::IntoSight => ui.scroll_to_rect(row(self.cursor), None),
                    Scroll::ToMiddle => ui.scroll_to_rect(row(self.cursor), Some(Align::Center)),
                }
                for place in range.clone() {
                    if let Some(&index) = self.found.get(place) {
                        let rect = row(place);
                        if row_ui(ui, choices, rect, index, place == self.cursor) {
                            chosen = Some(index);
                        }
                    }
                }
                ui.allocate_space(vec2(ui.available_width(), range.len() as f32 * ROW_HEIGHT));
            });
        chosen
    }
}

/// Whether the row was clicked. Rows are no stops of the Tab key: the field is, and moves the cursor.
fn row_ui(ui: &Ui, choices: &Choices<'_>, rect: Rect, index: usize, at_cursor: bool) -> bool {
    let id: Id = ui.scope_id().with(("choice", index));
    let response = ui.interact(rect, id, Sense::CLICK);
    let (theme, pen) = (Theme::of(ui), Pen::new(ui));
    if at_cursor {
        pen.fill(rect, RADIUS_CONTROL, theme.accent_fill);
    } else if response.hovered() {
        pen.fill(rect, RADIUS_CONTROL, theme.sunken);
    }
    let name = (choices.row)(&pen, rect, index);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::ListBoxOption, true, at_cursor, &name));
    response.clicked()
}
