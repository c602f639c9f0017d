use chrono::NaiveDate;
use egui::{Button, Key, TextEdit, Ui};

use super::toolbar::{divider, pill, segment};
use crate::app::{Command, State, Turn};
use crate::model::RowOrder;
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
    let (before, after) = ends.map_or((false, false), |it| (!it.first, !it.last));
    let (back, next) = match state.listing.order {
        RowOrder::Newest => ("Newer", "Older"),
        RowOrder::Oldest => ("Older", "Newer"),
        RowOrder::Largest => ("Larger", "Smaller"),
    };
    pill(ui, |ui| {
        let turns = [
            ("First", before, Turn::First),
            (back, before, Turn::Back),
            (next, after, Turn::Next),
            ("Last", after, Turn::Last),
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

/// The rows of a day come first, and those behind them in the list's direction of time.
fn date_ui(ui: &mut Ui, state: &State, draft: &mut Draft, out: &mut Vec<Command>) {
    let date = draft.date.trim().parse::<NaiveDate>().ok();
    let is_wrong = date.is_none() && draft.date.trim().len() >= "2026-11-24".len();
    let field = TextEdit::singleline(&mut draft.date)
        .hint_text("to a day")
        .font(egui::FontId::proportional(SMALL))
        .margin(egui::Margin::symmetric(S as i8, 6))
        .text_color_opt(is_wrong.then_some(Theme::of(ui).bad))
        .desired_width(DATE_WIDTH);
    let is_by_time = state.listing.order != RowOrder::Largest;
    let field = ui.add_enabled(is_by_time, field).accessible_name("Go to a day");
    let help =
        if is_wrong { "Not a day: write it as 2026-11-24" } else { "A day, as 2026-11-24, then Enter" };
    let field = field.on_disabled_hover_text("The largest charges are not listed by time");
    let entered = field.lost_focus() && ui.input(|it| it.key_pressed(Key::Enter));
    field.on_hover_text(help);
    if let Some(date) = date.filter(|_| entered) {
        out.push(Command::TurnHistory(Turn::To(date)));
    }
}
