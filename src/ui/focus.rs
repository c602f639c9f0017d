//! Whose figures are looked at, where it is one user's: a chip that takes it away.

use egui::{Frame, Margin, Ui};

use super::controls::{chip, row};
use super::theme::{CONTROL_HEIGHT, M, Theme, XL};
use crate::app::Command;
use crate::app::state::Focus;

pub(super) fn ui(ui: &mut Ui, focus: &Focus, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    let margin = Margin { left: XL as i8, right: XL as i8, top: 0, bottom: M as i8 };
    Frame::new().inner_margin(margin).show(ui, |ui| {
        row(ui, CONTROL_HEIGHT, |ui| {
            if chip(ui, &format!("user: {}", focus.name), theme.accent_fill, theme.accent_text) {
                out.push(Command::Focus(None));
            }
        });
    });
}
