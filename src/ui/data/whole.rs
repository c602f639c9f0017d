//! One row that was not taken, to the last character: of a conflict both versions.

use egui::{Align, Frame, Label, Layout, Ui, vec2};

use super::left_out::{Draft, small_button};
use crate::app::{BatchCommand, Command};
use crate::ui::controls::{faint, icon_button, line, rich, row, sign, soft, words};
use crate::ui::paint::{Face, Icon};
use crate::ui::theme::{BODY, CAPTION, CONTROL_HEIGHT, M, RADIUS_CONTROL, S, SMALL, Theme, Weight, XS};
use crate::view::{Cell, Choosable, LeftOutRow, Outcome, VersionLine, Versions};

/// Of the column that names the columns of the row.
const NAME_WIDTH: f32 = 130.0;

pub(super) fn ui(ui: &mut Ui, batch: i64, of: &LeftOutRow, draft: &mut Draft, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    let color = if of.outcome == Outcome::Rejected { theme.bad } else { theme.warn };
    row(ui, CONTROL_HEIGHT, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if icon_button(ui, Icon::Cross, "Close the row").clicked() {
                draft.close();
            }
            if let Some(versions) = of.versions.as_ref().filter(|it| it.choice == Choosable::Yes)
                && small_button(ui, "Take the newer…", "Take the newer version…").clicked()
            {
                let ids = [versions.id].into();
                out.push(Command::Batch(BatchCommand::AskTaking { batch, ids }));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let title = format!("Line {}, {}", of.line, of.column.text);
                line(ui, &title, Face::new(BODY, Weight::Semibold, theme.ink));
            });
        });
    });
    words(ui, &of.reason, Face::new(SMALL, Weight::Regular, color));
    if let Some(versions) = &of.versions {
        versions_ui(ui, versions);
    }
    name_ui(ui, "In the dump");
    sunken(ui, |ui| text_ui(ui, &of.whole_raw(), Face::new(SMALL, Weight::Regular, theme.ink)));
}

/// Side by side, a line for each column.
fn versions_ui(ui: &mut Ui, versions: &Versions) {
    let theme = Theme::of(ui);
    match &versions.choice {
        Choosable::Yes => (),
        Choosable::Taken(taken) => {
            ui.add_space(XS);
            ui.horizontal(|ui| {
                sign(ui, Icon::Check, theme.good);
                line(ui, taken, Face::new(SMALL, Weight::Medium, theme.ink));
            });
        }
        Choosable::No(why) => {
            ui.add_space(XS);
            words(ui, why, soft(ui));
        }
    }
    name_ui(ui, "Both versions");
    sunken(ui, |ui| {
        ui.spacing_mut().item_spacing.y = XS;
        let head = Face::new(CAPTION, Weight::Semibold, theme.ink_soft);
        let words = |text: &str| Cell { text: text.to_owned(), soft: false };
        line_ui(ui, ("", head), (&words("First, in the file"), head), (&words("Newer, left out"), head));
        for line in &versions.lines {
            version_ui(ui, line);
        }
        if let Some(difference) = &versions.difference {
            let face = Face::new(SMALL, Weight::Semibold, theme.ink);
            let name = ("credit difference", Face::new(SMALL, Weight::Regular, theme.ink_faint));
            line_ui(ui, name, (&words(""), face), (&words(difference), face));
        }
    });
}

/// What differs is seen without reading.
fn version_ui(ui: &mut Ui, line: &VersionLine) {
    let theme = Theme::of(ui);
    let face = if line.differs {
        Face::new(SMALL, Weight::Semibold, theme.warn)
    } else {
        Face::new(SMALL, Weight::Regular, theme.ink)
    };
    let name = Face { color: theme.ink_faint, weight: Weight::Regular, ..face };
    line_ui(ui, (line.column, name), (&line.kept, face), (&line.newer, face));
}

fn line_ui(ui: &mut Ui, name: (&str, Face), kept: (&Cell, Face), newer: (&Cell, Face)) {
    let width = ((ui.available_width() - NAME_WIDTH) / 2.0 - M).max(NAME_WIDTH);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = M;
        let cell = |ui: &mut Ui, width: f32, add: &mut dyn FnMut(&mut Ui)| {
            ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::Min), |ui| {
                ui.set_width(width);
                add(ui);
            });
        };
        cell(ui, NAME_WIDTH, &mut |ui| {
            words(ui, name.0, name.1);
        });
        for (value, face) in [kept, newer] {
            cell(ui, width, &mut |ui| text_ui(ui, value, face));
        }
    });
}

fn name_ui(ui: &mut Ui, name: &str) {
    let theme = Theme::of(ui);
    ui.add_space(S);
    line(ui, name, Face::new(CAPTION, Weight::Semibold, theme.ink_soft));
    ui.add_space(XS);
}

fn sunken(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let theme = Theme::of(ui);
    Frame::new().fill(theme.sunken).corner_radius(RADIUS_CONTROL).inner_margin(S).show(ui, |ui| {
        ui.set_width(ui.available_width());
        add(ui);
    });
}

fn text_ui(ui: &mut Ui, text: &Cell, face: Face) {
    let color = if text.soft { faint(ui).color } else { face.color };
    ui.add(Label::new(rich(&text.text, Face { color, ..face })).wrap());
}
