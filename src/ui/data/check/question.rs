use egui::{Button, Frame, Popup, PopupCloseBehavior, RectAlign, Ui, vec2};

use crate::app::{CheckCommand, Command};
use crate::ui::controls::{faint, line, rich, soft};
use crate::ui::paint::Face;
use crate::ui::table;
use crate::ui::theme::{BODY, CONTROL_HEIGHT, L, S, Theme, Weight, XS};
use crate::ui::zones::ZoneList;
use crate::view::CheckQuestion;

/// Room for a time, and for a choice.
const CHOICE_WIDTH: f32 = 180.0;
const LIST_WIDTH: f32 = 300.0;

/// The list of zones: of which dump it is open, and what is typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    open: Option<usize>,
    zones: ZoneList,
}

/// What has to be said before the file can be read, and what each answer makes of its values.
pub(super) fn ui(
    ui: &mut Ui,
    place: usize,
    question: &CheckQuestion,
    draft: &mut Draft,
    out: &mut Vec<Command>,
) {
    let theme = Theme::of(ui);
    let n_examples = question.choices.iter().map(|it| it.effects.len()).max().unwrap_or_default();
    ui.add_space(XS);
    ui.label(rich(&question.title, Face::new(BODY, Weight::Semibold, theme.ink)));
    let grid = egui::Grid::new("question").spacing(vec2(L, S)).min_col_width(CHOICE_WIDTH);
    grid.show(ui, |ui| {
        if !question.examples.is_empty() {
            line(ui, "in the file", faint(ui));
            for example in &question.examples {
                table::cell(ui, example);
            }
            ui.end_row();
        }
        for (index, choice) in question.choices.iter().enumerate() {
            let button = Button::new(&choice.label).min_size(vec2(CHOICE_WIDTH, CONTROL_HEIGHT));
            if ui.add(button).clicked() {
                out.push(Command::Check(CheckCommand::Answer { dump: place, choice: index }));
            }
            for example in 0..n_examples {
                match choice.effects.get(example) {
                    Some(Some(effect)) => line(ui, effect, soft(ui)),
                    _ => line(ui, "cannot be read so", faint(ui)),
                };
            }
            ui.end_row();
        }
    });
    if question.takes_zone {
        zone_ui(ui, place, draft, out);
    }
}

/// Any other zone, from the list of all.
fn zone_ui(ui: &mut Ui, place: usize, draft: &mut Draft, out: &mut Vec<Command>) {
    let button = Button::new("Another zone…").min_size(vec2(CHOICE_WIDTH, CONTROL_HEIGHT));
    // In a row, so that its text stands as those of the choices do.
    let button = ui.horizontal(|ui| ui.add(button)).inner;
    if button.clicked() {
        draft.open = if draft.open == Some(place) { None } else { Some(place) };
        draft.zones.clear();
    }
    let mut is_open = draft.open == Some(place);
    if !is_open {
        return;
    }
    Popup::from_response(&button)
        .open_bool(&mut is_open)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .align(RectAlign::BOTTOM_START)
        .gap(XS)
        .accessible_name("Zone of times that name none")
        .show(|ui| {
            ui.set_width(LIST_WIDTH);
            Frame::new().inner_margin(S).show(ui, |ui| {
                if let Some(zone) = draft.zones.ui(ui, None) {
                    out.push(Command::Check(CheckCommand::AssumeZone { dump: place, zone }));
                    draft.open = None;
                }
            });
        });
    if !is_open {
        draft.open = None;
    }
}
