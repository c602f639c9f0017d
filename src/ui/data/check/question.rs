use egui::{Margin, Ui, vec2};

use crate::app::{CheckCommand, Command};
use crate::ui::controls::{faint, line, rich, soft};
use crate::ui::paint::Face;
use crate::ui::table;
use crate::ui::theme::{BODY, CONTROL_HEIGHT, L, S, Theme, Weight, XS};
use crate::view::CheckQuestion;

/// Room for a time, and for a choice.
const CHOICE_WIDTH: f32 = 180.0;

/// What has to be said before the file can be read, and what each answer makes of its values.
pub(super) fn ui(
    ui: &mut Ui,
    place: usize,
    question: &CheckQuestion,
    zone: &mut String,
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
            let button = egui::Button::new(&choice.label).min_size(vec2(CHOICE_WIDTH, CONTROL_HEIGHT));
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
        zone_ui(ui, place, zone, out);
    }
}

/// Any other zone, by its name.
fn zone_ui(ui: &mut Ui, place: usize, zone: &mut String, out: &mut Vec<Command>) {
    let field = egui::TextEdit::singleline(zone)
        .hint_text("or another zone, for example Europe/Berlin")
        .margin(Margin::symmetric(S as i8, 6))
        .desired_width(2.0 * CHOICE_WIDTH);
    let field = ui.add(field).accessible_name("Zone of times that name none");
    if field.lost_focus() && ui.input(|it| it.key_pressed(egui::Key::Enter)) && !zone.trim().is_empty() {
        out.push(Command::Check(CheckCommand::AssumeZone { dump: place, zone: zone.trim().to_owned() }));
    }
}
