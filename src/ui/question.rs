use crate::app::Command;
use crate::app::state::Question;
use crate::ui::theme::{BODY, L, M, TITLE, Weight, font};

/// A question over the page. Esc and a click outside take its last answer, which changes nothing.
pub(super) fn question_ui(ui: &egui::Ui, question: &Question, out: &mut Vec<Command>) {
    let frame = egui::Frame::popup(ui.style()).inner_margin(L);
    let modal = egui::Modal::new(egui::Id::unique("question")).frame(frame).show(ui.ctx(), |ui| {
        ui.set_width(420.0);
        ui.spacing_mut().item_spacing.y = M;
        ui.label(egui::RichText::new(&question.title).font(font(TITLE, Weight::Semibold)));
        for line in question.text.lines() {
            ui.label(egui::RichText::new(line).font(font(BODY, Weight::Regular)));
        }
        ui.add_space(L - M);
        ui.horizontal_wrapped(|ui| {
            for (answer, command) in &question.answers {
                if ui.button(answer).clicked() {
                    out.push(command.clone());
                }
            }
        });
    });
    if modal.should_close()
        && let Some((_, command)) = question.answers.last()
    {
        out.push(command.clone());
    }
}
