use chrono::{Days, NaiveDate};
use egui::{Button, Key, TextEdit, Ui};

use super::toolbar::{divider, pill, segment};
use crate::app::{Command, State, Turn};
use crate::ui::theme::{S, SMALL, Theme};

/// The day that is being typed.
#[derive(Clone, Debug, Default)]
pub(in crate::ui) struct Draft {
    date: String,
}

/// Room for `2026-11-24` and as much around it as in a button.
const DATE_WIDTH: f32 = 88.0;

/// To a day, and to the page of rows before and after.
pub(super) fn ui(ui: &mut Ui, state: &State, draft: &mut Draft, out: &mut Vec<Command>) {
    date_ui(ui, state, draft, out);
    let ends = state.history.value.as_ref().map(|it| it.ends);
    let (newer, older) = ends.map_or((false, false), |it| (!it.newest, !it.oldest));
    pill(ui, |ui| {
        let turns = [
            ("First", newer, Turn::First),
            ("Newer", newer, Turn::Back),
            ("Older", older, Turn::Next),
            ("Last", older, Turn::Last),
        ];
        for (index, (name, enabled, turn)) in turns.into_iter().enumerate() {
            if index > 0 {
                divider(ui);
            }
            let text = egui::RichText::new(name).size(SMALL);
            let button = Button::new(text).frame_when_inactive(false).min_size(segment());
            if ui.add_enabled(enabled, button).clicked() {
                out.push(Command::TurnHistory(turn));
            }
        }
    });
}

/// The rows of a day come first, and the older ones after them.
fn date_ui(ui: &mut Ui, state: &State, draft: &mut Draft, out: &mut Vec<Command>) {
    let date = draft.date.trim().parse::<NaiveDate>().ok();
    let is_wrong = date.is_none() && draft.date.trim().len() >= "2026-11-24".len();
    let field = TextEdit::singleline(&mut draft.date)
        .hint_text("to a day")
        .font(egui::FontId::proportional(SMALL))
        .margin(egui::Margin::symmetric(S as i8, 6))
        .text_color_opt(is_wrong.then_some(Theme::of(ui).bad))
        .desired_width(DATE_WIDTH);
    let field = ui.add(field).accessible_name("Go to a day");
    let help =
        if is_wrong { "Not a day: write it as 2026-11-24" } else { "A day, as 2026-11-24, then Enter" };
    let entered = field.lost_focus() && ui.input(|it| it.key_pressed(Key::Enter));
    field.on_hover_text(help);
    let end_of_day = date.and_then(|it| it.checked_add_days(Days::new(1)));
    if let Some(next) = end_of_day.filter(|_| entered) {
        out.push(Command::TurnHistory(Turn::To(state.calendar.midnight(next))));
    }
}
