//! What every page wears: header, navigation, toolbar, notices, the frame of who is looked as.

mod file_menu;
mod header;
mod keys;
mod nav;
mod notices;
mod picker;
mod proof;
mod running;
mod time;
mod toolbar;
mod turns;
mod zone_menu;

use egui::{CentralPanel, Frame, Margin, Panel, Rect, Stroke, StrokeKind, Ui};

use super::Drafts;
use super::theme::{BAR_HEIGHT, NARROW, NAV_WIDTH, NAV_WIDTH_NARROW, Theme, XL};
use crate::access::Viewer;
use crate::app::state::Page;
use crate::app::{Command, State};

pub(super) use file_menu::recent_ui;
pub(super) use keys::Draft as Keys;
pub(super) use picker::Draft as Picker;
pub(super) use time::Draft as Time;
pub(super) use toolbar::Progress;
pub(super) use turns::Draft as Turns;
pub(super) use zone_menu::Draft as ZoneMenu;

/// The plum frame is this wide: seen at the edge of the eye on every page.
const FRAME_WIDTH: f32 = 3.0;

/// Draws the shell, and the page in what it leaves.
pub(super) fn ui(
    ui: &mut Ui,
    state: &State,
    drafts: &mut Drafts,
    out: &mut Vec<Command>,
    page_ui: impl FnOnce(&mut Ui, &mut Drafts, &mut Vec<Command>),
) {
    let window = ui.max_rect();
    let theme = Theme::of(ui);
    keys::handle(ui, state, drafts, out);

    let bar = Frame::new().fill(theme.surface);
    Panel::top("header").exact_size(BAR_HEIGHT).resizable(false).frame(bar).show(ui, |ui| {
        header::ui(ui, state, drafts, out);
    });
    let nav_width = if is_narrow(window) { NAV_WIDTH_NARROW } else { NAV_WIDTH };
    Panel::left("navigation").exact_size(nav_width).resizable(false).frame(bar).show(ui, |ui| {
        nav::ui(ui, state, is_narrow(window), out);
    });
    // A check has a head of its own.
    let is_check = state.check.is_some() && state.page == Page::Data;
    if state.file.is_some() && !is_check {
        let margin = Frame::new().fill(theme.canvas).inner_margin(Margin::symmetric(XL as i8, 0));
        Panel::top("toolbar")
            .exact_size(toolbar::HEIGHT)
            .resizable(false)
            .show_separator_line(false)
            .frame(margin)
            .show(ui, |ui| toolbar::ui(ui, state, is_narrow(window), drafts, out));
    }
    notices::ui(ui, state, out);
    CentralPanel::default().frame(Frame::new().fill(theme.canvas)).show(ui, |ui| {
        page_ui(ui, drafts, out);
    });

    proof::ui(ui, state, drafts, out);
    keys::help_ui(ui, drafts);
    if is_framed(state.viewing.viewer) {
        let stroke = Stroke::new(FRAME_WIDTH, theme.viewer);
        ui.painter().with_clip_rect(window).rect_stroke(window, 0, stroke, StrokeKind::Inside);
    }
}

/// Whether the window is looked at with other eyes than those of the admin who owns no rows.
fn is_framed(viewer: Viewer) -> bool {
    viewer != Viewer::Admin(None)
}

fn is_narrow(window: Rect) -> bool {
    window.width() < NARROW
}
