use egui::{Rect, Ui, pos2, vec2};

use crate::app::{Command, State};
use crate::model::UserId;
use crate::ui::controls::{faint, line, words};
use crate::ui::paint::{Face, Pen};
use crate::ui::search_list::{Choices, SearchList};
use crate::ui::theme::{BODY, CAPTION, M, ROW_HEIGHT_DENSE, S, SMALL, Theme, Weight};
use crate::view::{People, PersonEntry};

/// What is typed and open in the viewer picker.
#[derive(Clone, Debug, Default)]
pub(in crate::ui) struct Draft {
    pub(super) open: bool,
    search: SearchList,
}

const WIDTH: f32 = 520.0;
const N_ROWS_SHOWN: usize = 10;
/// Room for `9,999,999` and for `999,999,999.99`.
const ROWS_WIDTH: f32 = 72.0;
const CREDITS_WIDTH: f32 = 104.0;

impl Draft {
    pub(super) fn toggle(&mut self) {
        self.open = !self.open;
        self.search.clear();
    }
}

/// Everybody who can be looked as.
pub(super) fn ui(ui: &mut Ui, state: &State, draft: &mut Draft, out: &mut Vec<Command>) {
    ui.set_width(WIDTH);
    egui::Frame::new().inner_margin(S).show(ui, |ui| {
        let Some(people) = state.people.value.as_deref() else {
            let text = state.people.error.as_deref().unwrap_or("Reading the users of this file");
            words(ui, text, faint(ui));
            return;
        };
        let (viewer, recent) = (state.viewing.viewer, state.recent_viewers.as_slice());
        let choices = Choices {
            name: "Search users",
            hint: "Name or id",
            list: std::ptr::from_ref(people).addr(),
            search: &|text| people.search_recent(text, recent),
            row: &|pen, rect, index| {
                let entry = people.entries.get(index);
                entry.map_or_else(String::new, |it| row(pen, rect, it, it.viewer == viewer, recent))
            },
            head: Some(&head_ui),
            is_current: &|index| people.entries.get(index).is_some_and(|it| it.viewer == viewer),
            n_rows_shown: N_ROWS_SHOWN,
        };
        if let Some(entry) = draft.search.ui(ui, &choices).and_then(|it| people.entries.get(it)) {
            out.push(Command::ViewAs(entry.viewer));
            draft.open = false;
        }
        foot_ui(ui, people);
    });
}

fn head_ui(ui: &mut Ui) {
    let theme = Theme::of(ui);
    let (rect, _) =
        ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT_DENSE), egui::Sense::hover());
    let pen = Pen::new(ui);
    let head = Face::new(CAPTION, Weight::Semibold, theme.ink_soft);
    let y = rect.center().y;
    pen.left(rect.left() + S, y, "user", head);
    pen.right(rect.right() - S - CREDITS_WIDTH, y, "rows", head);
    pen.right(rect.right() - S, y, "credits", head);
}

fn foot_ui(ui: &mut Ui, people: &People) {
    ui.add_space(S);
    let n_users = people.entries.len().saturating_sub(2) as u64;
    let text = format!("{} users. ", crate::view::number::count(n_users));
    let text = text + "This shows what a user would see; it does not lock the file";
    line(ui, &text, Face::new(CAPTION, Weight::Regular, Theme::of(ui).ink_faint));
}

/// Draws one line, and says it.
fn row(pen: &Pen, rect: Rect, entry: &PersonEntry, current: bool, recent: &[UserId]) -> String {
    let PersonEntry { name, note, has_profile, rows, credits, .. } = entry;
    let theme = pen.theme;
    let (left, right, y) = (rect.left() + S, rect.right() - S, rect.center().y);
    let color = match (current, name.soft) {
        (true, _) => theme.accent_text,
        (false, true) => theme.ink_soft,
        (false, false) => theme.ink,
    };
    let words_width = right - CREDITS_WIDTH - ROWS_WIDTH - left - M;
    let name_face = Face::new(BODY, Weight::Medium, color);
    let name_end = pen.cut(pos2(left, y), words_width * 0.6, &name.text, name_face);
    let mark = if *has_profile { "" } else { " · no profile" };
    let is_recent = entry.viewer.id().is_some_and(|it| recent.contains(&it));
    let note = format!("{note}{mark}{}", if is_recent { " · recent" } else { "" });
    let note_face = Face::new(SMALL, Weight::Regular, theme.ink_faint);
    pen.cut(pos2(name_end + S, y), left + words_width - name_end - S, &note, note_face);
    let figure = Face::new(SMALL, Weight::Regular, theme.ink_soft);
    pen.right(right - CREDITS_WIDTH, y, rows, figure);
    pen.right(right, y, credits, Face::new(SMALL, Weight::Regular, theme.ink));
    format!("{}, {note}, {rows} rows, {credits} credits", name.text)
}
