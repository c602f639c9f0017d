use egui::{Color32, Frame, Margin, Panel, Stroke, Ui};

use crate::app::Command;
use crate::app::state::{Notice, NoticeKind, State};
use crate::ui::controls::{at_right, icon_button, line, sign};
use crate::ui::paint::{Face, Icon};
use crate::ui::theme::{BODY, CONTROL_HEIGHT, M, RADIUS_CONTROL, S, Theme, Weight, XL, XS};

/// More would push the page away; the older ones wait.
const N_SHOWN_MAX: usize = 3;

/// Messages at the foot of the page. They take room of their own, so they cover nothing.
pub(super) fn ui(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    if state.notices.is_empty() {
        return;
    }
    let margin = Margin { left: XL as i8, right: XL as i8, top: 0, bottom: S as i8 };
    Panel::bottom("notices")
        .resizable(false)
        .show_separator_line(false)
        .frame(Frame::new().fill(Theme::of(ui).canvas).inner_margin(margin))
        .show(ui, |ui| {
            let n_hidden = state.notices.len().saturating_sub(N_SHOWN_MAX);
            for notice in state.notices.iter().skip(n_hidden) {
                ui.push_id(notice.id, |ui| notice_ui(ui, notice, out));
            }
        });
}

fn notice_ui(ui: &mut Ui, notice: &Notice, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    let (icon, color, fill) = look(theme, notice.kind);
    ui.horizontal(|ui| {
        at_right(ui, "notice", |ui| {
            let frame = Frame::new()
                .fill(fill)
                .stroke(Stroke::new(1.0, theme.border_control))
                .corner_radius(RADIUS_CONTROL)
                .inner_margin(Margin { left: M as i8, right: XS as i8, top: XS as i8, bottom: XS as i8 });
            frame.show(ui, |ui| {
                ui.horizontal(|ui| {
                    sign(ui, icon, color);
                    // Room for the button after it.
                    let width = (ui.available_width() - 2.0 * CONTROL_HEIGHT).max(0.0);
                    ui.scope(|ui| {
                        ui.set_max_width(width);
                        line(ui, &notice.text, Face::new(BODY, Weight::Medium, theme.ink));
                    });
                    if icon_button(ui, Icon::Cross, "Dismiss").clicked() {
                        out.push(Command::DismissNotice(notice.id));
                    }
                })
            });
        });
    });
}

fn look(theme: &Theme, kind: NoticeKind) -> (Icon, Color32, Color32) {
    match kind {
        NoticeKind::Done => (Icon::Check, theme.good, theme.surface),
        NoticeKind::Warning => (Icon::Warning, theme.warn, theme.warn_fill),
        NoticeKind::Failed => (Icon::Warning, theme.bad, theme.bad_fill),
    }
}
