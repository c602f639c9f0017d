use egui::{Align, Button, Color32, Frame, Layout, Margin, Panel, Response, Stroke, Ui};

use crate::app::Command;
use crate::app::state::{Notice, NoticeKind, State};
use crate::ui::controls::{at_right, faint, icon_button, line, rich, say_politely, sign};
use crate::ui::paint::{Face, Icon};
use crate::ui::theme::{BODY, CONTROL_HEIGHT, M, RADIUS_CONTROL, S, SMALL, Theme, Weight, XL, XS};

/// A message fits in it. It is there without one too, in place of the page's lower margin: nothing is
/// covered and nothing moves when a message comes or goes.
const HEIGHT: f32 = CONTROL_HEIGHT + S;

/// The newest message, at the foot of the page. The older ones come to sight when it goes.
pub(super) fn ui(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let margin = Margin::symmetric(XL as i8, 0);
    Panel::bottom("notices")
        .exact_size(HEIGHT)
        .resizable(false)
        .show_separator_line(false)
        .frame(Frame::new().fill(Theme::of(ui).canvas).inner_margin(margin))
        .show(ui, |ui| {
            let Some(notice) = state.notices.last() else { return };
            let n_older = state.notices.len() - 1;
            ui.push_id(notice.id, |ui| {
                ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
                    at_right(ui, "notice", |ui| notice_ui(ui, notice, n_older, out));
                });
            });
        });
}

fn notice_ui(ui: &mut Ui, notice: &Notice, n_older: usize, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    let (icon, color, fill) = look(theme, notice.kind);
    let frame = Frame::new()
        .fill(fill)
        .stroke(Stroke::new(1.0, theme.border_control))
        .corner_radius(RADIUS_CONTROL)
        .inner_margin(Margin { left: M as i8, right: 0, top: 0, bottom: 0 });
    frame.show(ui, |ui| {
        // The frame has a pixel of edge on each side.
        ui.set_height(CONTROL_HEIGHT - 2.0);
        ui.spacing_mut().interact_size.y = CONTROL_HEIGHT - 2.0;
        ui.horizontal_centered(|ui| {
            ui.spacing_mut().item_spacing.x = S;
            sign(ui, icon, color);
            // Room for what comes after it.
            let width = (ui.available_width() - 6.0 * CONTROL_HEIGHT).max(0.0);
            ui.scope(|ui| {
                ui.set_max_width(width);
                say_politely(&line(ui, &notice.text, Face::new(BODY, Weight::Medium, theme.ink)));
            });
            if n_older > 0 {
                line(ui, &format!("and {n_older} more"), faint(ui));
            }
            if let Some((name, command)) = &notice.action
                && action_ui(ui, name).clicked()
            {
                out.push(command.clone());
                out.push(Command::DismissNotice(notice.id));
            }
            if icon_button(ui, Icon::Cross, "Dismiss").clicked() {
                out.push(Command::DismissNotice(notice.id));
            }
        });
    });
}

fn action_ui(ui: &mut Ui, name: &str) -> Response {
    let text = rich(name, Face::new(SMALL, Weight::Semibold, Theme::of(ui).accent_text));
    ui.spacing_mut().button_padding.x = XS;
    ui.add(Button::new(text).frame_when_inactive(false))
}

fn look(theme: &Theme, kind: NoticeKind) -> (Icon, Color32, Color32) {
    match kind {
        NoticeKind::Done => (Icon::Check, theme.good, theme.surface),
        NoticeKind::Warning => (Icon::Warning, theme.warn, theme.warn_fill),
        NoticeKind::Failed => (Icon::Warning, theme.bad, theme.bad_fill),
    }
}
