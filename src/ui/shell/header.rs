use egui::{Button, Frame, Popup, PopupCloseBehavior, RectAlign, Response, Sense, Stroke, Ui, vec2};

use super::{Drafts, file_menu, is_framed, is_narrow, picker, running, zone_menu};
use crate::access::Viewer;
use crate::app::state::Viewing;
use crate::app::{Command, State};
use crate::ui::controls::{at_right, icon_button, icon_in, line, rich};
use crate::ui::key_marks::{self, Side};
use crate::ui::paint::{Face, Icon, Pen};
use crate::ui::theme::{
    CAPTION, CONTROL_HEIGHT, L, M, NAV_WIDTH, RADIUS_CONTROL, S, SMALL, TITLE, Theme, Weight, XS,
};
use crate::view;

const MARK: f32 = 20.0;

/// Mark and name, the file, the import under way, whose eyes are looked through, zone and week start.
pub(super) fn ui(ui: &mut Ui, state: &State, drafts: &mut Drafts, out: &mut Vec<Command>) {
    let window = ui.max_rect();
    let narrow = is_narrow(window);
    ui.spacing_mut().item_spacing.x = S;
    ui.horizontal_centered(|ui| {
        ui.add_space(L);
        mark_ui(ui, state, narrow);
        if let Some(file) = &state.file {
            let file_left = if narrow { ui.cursor().left() } else { window.left() + NAV_WIDTH + S };
            ui.add_space((file_left - ui.cursor().left()).max(0.0));
            // Names may be long; what must be read is on the right.
            file_menu::ui(ui, state, &file.path, window.width() * 0.2, out);
        }
        at_right(ui, "header", |ui| {
            running::ui(ui, state, narrow, out);
            if state.file.is_some() {
                viewer_ui(ui, state, &mut drafts.picker, out);
            }
            zone_menu::ui(ui, state, &mut drafts.zone_menu, window.width() * 0.22, out);
            ui.add_space(S);
        });
    });
    if state.file.is_none() {
        // Where there is no toolbar yet, the line that moves is here.
        drafts.progress.ui(ui, window, state);
    }
}

fn mark_ui(ui: &mut Ui, state: &State, narrow: bool) {
    let theme = Theme::of(ui);
    let (rect, mark) = ui.allocate_exact_size(vec2(MARK, MARK), Sense::hover());
    mark.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, "creditscope, the mark"));
    Pen::new(ui).brand(rect.min, MARK);
    if !narrow || state.file.is_none() {
        line(ui, "creditscope", Face::new(TITLE, Weight::Semibold, theme.ink));
    }
}

fn viewer_ui(ui: &mut Ui, state: &State, draft: &mut picker::Draft, out: &mut Vec<Command>) {
    let is_framed = is_framed(state.viewing.viewer);
    let button = if is_framed { chip_ui(ui, state, out) } else { admin_ui(ui) };
    key_marks::mark(&button, if is_framed { "p" } else { "v" }, Side::Below);
    if button.clicked() {
        if is_framed {
            out.push(Command::ShowProof(true));
        } else {
            draft.toggle();
        }
    }
    let mut open = draft.open;
    Popup::from_response(&button)
        .open_bool(&mut open)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .align(RectAlign::BOTTOM_END)
        .gap(XS)
        .accessible_name("View as")
        .show(|ui| picker::ui(ui, state, draft, out));
    // Closed by a choice, or by a key or a click elsewhere.
    draft.open &= open;
}

fn admin_ui(ui: &mut Ui) -> Response {
    let theme = Theme::of(ui);
    let text = rich("Admin · all rows", Face::new(SMALL, Weight::Medium, theme.ink));
    let atoms = (icon_in(Icon::Person, theme.ink_soft), text, icon_in(Icon::ChevronDown, theme.ink_faint));
    ui.scope(|ui| {
        ui.spacing_mut().button_padding.x = S;
        ui.add(Button::new(atoms).gap(XS + 2.0)).on_hover_text("Look as someone else (v)")
    })
    .inner
}

/// Initials, name, how much of the file is seen, and the way back.
fn chip_ui(ui: &mut Ui, state: &State, out: &mut Vec<Command>) -> Response {
    let theme = Theme::of(ui);
    let viewing = &state.viewing;
    let frame = Frame::new()
        .fill(theme.viewer_fill)
        .stroke(Stroke::new(1.0, theme.viewer))
        .corner_radius(RADIUS_CONTROL);
    let chip = frame.show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let visuals = &mut ui.visuals_mut().widgets;
        for widget in [&mut visuals.hovered, &mut visuals.active, &mut visuals.inactive] {
            widget.weak_bg_fill = theme.viewer_fill;
            widget.fg_stroke.color = theme.viewer;
            widget.bg_stroke = Stroke::NONE;
        }
        visuals.active.bg_stroke = Stroke::new(1.0, theme.viewer);
        // The frame has a pixel of edge on each side.
        let height = CONTROL_HEIGHT - 2.0;
        ui.spacing_mut().interact_size.y = height;
        ui.horizontal(|ui| {
            let button = chip_button_ui(ui, viewing, state.file.as_ref().map(|it| it.n_rows), height);
            let (rect, _) = ui.allocate_exact_size(vec2(1.0, 16.0), Sense::hover());
            Pen::new(ui).fill(rect, 0, theme.viewer.gamma_multiply(0.35));
            if icon_button(ui, Icon::Cross, "Back to admin").clicked() {
                out.push(Command::ViewAs(Viewer::Admin(None)));
            }
            button
        })
        .inner
    });
    chip.inner
}

fn chip_button_ui(ui: &mut Ui, viewing: &Viewing, n_rows: Option<u64>, height: f32) -> Response {
    let theme = Theme::of(ui);
    let initials = view::initials(&viewing.name);
    let badge = egui::Atom::paint(vec2(MARK, MARK), move |ui, args| {
        let pen = Pen::new(ui);
        pen.painter.circle_filled(args.rect.center(), MARK / 2.0, theme.viewer);
        let face = Face::new(CAPTION, Weight::Semibold, theme.on_solid);
        pen.centred(args.rect.center().x, args.rect.center().y, &initials, face);
    });
    let name = format!("Viewing as {}", viewing.name);
    let visible = viewing.visible.zip(n_rows).map(|(it, all)| rows_text(it.n_rows, all)).unwrap_or_default();
    let label = format!("{name} · {visible}");
    let text = rich(name, Face::new(SMALL, Weight::Semibold, theme.viewer));
    let count = rich(visible, Face::new(SMALL, Weight::Regular, theme.ink_soft));
    let button = ui
        .scope(|ui| {
            ui.spacing_mut().button_padding.x = XS + 2.0;
            ui.set_max_width(ui.available_width().min(M + 420.0));
            ui.add(Button::new((badge, text, count)).truncate().gap(S).min_size(vec2(0.0, height)))
        })
        .inner;
    button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &label));
    button
        .on_hover_text(format!("{label}\nWhat {} sees, and why (p)\nLook as someone else (v)", viewing.name))
}

fn rows_text(n_rows: u64, n_all: u64) -> String {
    format!("{} of {} rows", view::number::count(n_rows), view::number::count(n_all))
}
