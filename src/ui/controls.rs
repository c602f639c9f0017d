//! The small parts that every page is made of: egui's own widgets, in the ranks of the theme.

use egui::{
    Align, Atom, Button, Frame, Label, Layout, Rect, Response, RichText, Stroke, Ui, UiBuilder, Vec2, pos2,
    vec2,
};

use super::paint::{Face, Icon, Pen};
use super::theme::{self, BODY, CONTROL_HEIGHT, L, M, RADIUS_CARD, S, SMALL, TITLE, Theme, Weight, XS};

/// The box in which an [`Icon`] is drawn.
const ICON: Vec2 = vec2(16.0, 16.0);
const KEY_HEIGHT: f32 = 20.0;
/// A chevron is narrower than other icons.
const CHEVRON: Vec2 = vec2(8.0, 16.0);

/// Text in one of the theme's faces.
pub(super) fn rich(text: impl Into<String>, face: Face) -> RichText {
    RichText::new(text)
        .font(theme::font(face.size, face.weight))
        .color(face.color)
        .extra_letter_spacing(theme::tracking(face.size))
}

/// One line in a face, cut with an ellipsis where there is no room. A hover shows it whole.
pub(super) fn line(ui: &mut Ui, text: &str, face: Face) -> Response {
    ui.add(Label::new(rich(text, face)).truncate().selectable(false))
}

/// Lines in a face.
pub(super) fn words(ui: &mut Ui, text: &str, face: Face) -> Response {
    let text = rich(text, face).line_height(Some((face.size * 1.5).round()));
    ui.add(Label::new(text).wrap().selectable(false))
}

/// Words beside an answer.
pub(super) fn soft(ui: &Ui) -> Face {
    Face::new(SMALL, Weight::Regular, Theme::of(ui).ink_soft)
}

/// Hints and heads.
pub(super) fn faint(ui: &Ui) -> Face {
    Face::new(SMALL, Weight::Regular, Theme::of(ui).ink_faint)
}

/// The title of a card, and beside it how it is cut.
pub(super) fn card_title(ui: &mut Ui, title: &str, note: &str) {
    let theme = Theme::of(ui);
    row(ui, 20.0, |ui| {
        line(ui, title, Face::new(TITLE, Weight::Semibold, theme.ink));
        if !note.is_empty() {
            line(ui, note, faint(ui));
        }
    });
}

/// The ground of a card, with its padding.
pub(super) fn card(ui: &Ui) -> Frame {
    bare_card(ui).inner_margin(L)
}

/// A card whose content reaches to its edges: tables.
pub(super) fn bare_card(ui: &Ui) -> Frame {
    let theme = Theme::of(ui);
    Frame::new().fill(theme.surface).stroke(Stroke::new(1.0, theme.border)).corner_radius(RADIUS_CARD)
}

/// An icon in the colour of the text beside it.
pub(super) fn icon<'a>(icon: Icon) -> Atom<'a> {
    let size = if icon == Icon::ChevronDown { CHEVRON } else { ICON };
    Atom::paint(size, move |ui, args| {
        Pen::new(ui).icon(icon, args.rect.center(), args.fallback_text_color);
    })
}

/// An icon in a colour of its own.
pub(super) fn icon_in<'a>(icon: Icon, color: egui::Color32) -> Atom<'a> {
    let size = if icon == Icon::ChevronDown { CHEVRON } else { ICON };
    Atom::paint(size, move |ui, args| Pen::new(ui).icon(icon, args.rect.center(), color))
}

/// An icon that says something on its own, and what it says.
pub(super) fn sign(ui: &mut Ui, icon: Icon, color: egui::Color32) {
    // As high as a line of words beside it.
    let (rect, _) = ui.allocate_exact_size(vec2(ICON.x, 20.0), egui::Sense::hover());
    Pen::new(ui).icon(icon, rect.center(), color);
}

/// What narrows a page, in words, with a cross. Whether it is to be taken away.
pub(super) fn chip(ui: &mut Ui, text: &str, fill: egui::Color32, ink: egui::Color32) -> bool {
    let label = format!("Remove {text}");
    let text = rich(text, Face::new(SMALL, Weight::Medium, ink));
    let button = Button::new((text, icon_in(Icon::Cross, ink))).gap(XS).truncate();
    let button = ui.add(button.fill(fill).min_size(vec2(0.0, CONTROL_HEIGHT)));
    button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &label));
    button.on_hover_text(label).clicked()
}

/// The one button of a page that a person came for.
pub(super) fn primary(ui: &mut Ui, text: &str) -> Response {
    let theme = Theme::of(ui);
    let text = rich(text, Face::new(BODY, Weight::Medium, theme.on_solid));
    ui.add(Button::new(text).fill(theme.accent).stroke(Stroke::NONE).min_size(vec2(0.0, CONTROL_HEIGHT)))
}

/// A button that is only an icon; its name is read out and shown on hover.
pub(super) fn icon_button(ui: &mut Ui, drawing: Icon, name: &str) -> Response {
    ui.scope(|ui| icon_button_ui(ui, drawing, name)).inner
}

fn icon_button_ui(ui: &mut Ui, drawing: Icon, name: &str) -> Response {
    // The icon and this on both sides make a square.
    ui.spacing_mut().button_padding.x = XS;
    let button = ui.add(
        Button::new(icon(drawing)).frame_when_inactive(false).min_size(vec2(CONTROL_HEIGHT, CONTROL_HEIGHT)),
    );
    button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), name));
    button.on_hover_text(name).on_disabled_hover_text(name)
}

/// A name of a key, as it is written on the keyboard.
pub(super) fn key(ui: &mut Ui, name: &str) {
    let pen = Pen::new(ui);
    let face = Face::new(theme::CAPTION, Weight::Medium, pen.theme.ink_faint);
    let width = pen.width(name, face.size, face.weight).ceil() + 2.0 * S;
    let (rect, key) = ui.allocate_exact_size(vec2(width, KEY_HEIGHT), egui::Sense::hover());
    key.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, name));
    pen.fill(rect, XS as u8, pen.theme.canvas);
    pen.edge(rect, XS as u8, pen.theme.border);
    pen.centred(rect.center().x, rect.center().y, name, face);
}

/// Lays out from left to right so that it ends at the right edge.
///
/// egui knows how wide something is only once it has been laid out: where the width has changed, the
/// pass is discarded and done again before anything is seen. A layout from right to left needs no
/// second pass, but goes backwards under the Tab key.
pub(super) fn at_right<R>(ui: &mut Ui, id_salt: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
    let id = ui.scope_id().with(("at right", id_salt));
    let known: f32 = ui.data(|it| it.get_temp(id)).unwrap_or_default();
    let room = ui.available_rect_before_wrap();
    // It may be as wide as all there is, whatever it was before.
    let left = pos2(room.right() - known, room.top());
    let layout = Layout::left_to_right(Align::Center);
    let builder = UiBuilder::new().max_rect(Rect::from_min_size(left, room.size())).layout(layout);
    let mut child = ui.new_child(builder);
    let inner = add(&mut child);
    let width = child.min_rect().width();
    if (width - known).abs() > 0.5 {
        ui.data_mut(|it| it.insert_temp(id, width));
        ui.ctx().request_discard("the width of what stands right has changed");
    }
    ui.advance_cursor_after_rect(child.min_rect());
    inner
}

/// A line of things, as high as is said and as wide as there is room.
pub(super) fn row<R>(ui: &mut Ui, height: f32, add: impl FnOnce(&mut Ui) -> R) -> R {
    let size = vec2(ui.available_width(), height);
    let layout = Layout::left_to_right(Align::Center);
    ui.allocate_ui_with_layout(size, layout, |ui| {
        ui.spacing_mut().interact_size.y = height;
        ui.set_min_height(height);
        add(ui)
    })
    .inner
}

/// How the lines of a menu are set.
pub(super) fn menu_style(style: &mut egui::Style) {
    egui::containers::menu::menu_style(style);
    style.spacing.button_padding = vec2(S, XS);
    style.spacing.item_spacing.y = 0.0;
}

/// What stands where there is nothing to show: what is the matter, and a line that says more.
pub(super) fn nothing(ui: &mut Ui, what: &str, more: &str) {
    let theme = Theme::of(ui);
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() / 3.0).min(160.0));
        words(ui, what, Face::new(TITLE, Weight::Semibold, theme.ink));
        words(ui, more, Face::new(BODY, Weight::Regular, theme.ink_soft));
    });
}

/// Why there is no newer answer, above the one that there is.
pub(super) fn failure(ui: &mut Ui, error: &str) {
    failure_ui(ui, error, |_| ());
}

/// The same, where it can be closed; whether it was.
pub(super) fn failure_that_closes(ui: &mut Ui, error: &str) -> bool {
    failure_ui(ui, error, |ui| icon_button(ui, Icon::Cross, "Dismiss the error").clicked())
}

fn failure_ui<R>(ui: &mut Ui, error: &str, close: impl FnOnce(&mut Ui) -> R) -> R {
    let theme = Theme::of(ui);
    let frame = Frame::new().fill(theme.bad_fill).corner_radius(theme::RADIUS_CONTROL).inner_margin(M);
    let words = |ui: &mut Ui| {
        ui.set_width(ui.available_width());
        let layout = Layout::right_to_left(Align::Min);
        let inner = ui.with_layout(layout, |ui| {
            let closed = close(ui);
            ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
                sign(ui, Icon::Warning, theme.bad);
                let text = rich(error, Face::new(BODY, Weight::Regular, theme.bad));
                // It can be copied into a message to someone who knows.
                say_politely(&ui.add(Label::new(text).wrap().selectable(true)));
            });
            closed
        });
        inner.inner
    };
    frame.show(ui, words).inner
}

/// A screen reader says it as soon as it has finished what it says.
pub(super) fn say_politely(response: &Response) {
    let live = egui::accesskit::Live::Polite;
    response.ctx.accesskit_node_builder(response.id, |node| node.set_live(live));
}
