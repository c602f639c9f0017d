//! Where files come in: dropped, chosen or typed.

use egui::{Align, Layout, Rect, Sense, Shape, Stroke, TextEdit, Ui, UiBuilder, Vec2, pos2, vec2};

use super::controls::{failure_that_closes, key, primary, words};
use super::key_marks::{self, Side};
use super::paint::{Face, Icon, Pen};
use super::theme::{BODY, L, M, RADIUS_CARD, RADIUS_CONTROL, S, SMALL, TITLE, Theme, Weight, XS};
use crate::app::{Command, State};

/// The path that is being typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    path: String,
}

/// How the zone is cut: as the one thing on a page, or as the head of one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Cut {
    FirstRun,
    Head,
}

const ICON_SIDE: f32 = 44.0;

/// Files that were dropped anywhere on the window.
pub(super) fn take_dropped(ui: &Ui, out: &mut Vec<Command>) {
    let dropped: Vec<_> =
        ui.input(|it| it.raw.dropped_files.iter().map(|it| it.path().to_path_buf()).collect());
    if !dropped.is_empty() {
        out.push(Command::OpenPaths(dropped));
    }
}

/// The zone, its buttons, and the field for a path below it.
pub(super) fn ui(ui: &mut Ui, state: &State, draft: &mut Draft, cut: Cut, out: &mut Vec<Command>) {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        zone_ui(ui, state, cut, out);
        ui.add_space(M);
        path_ui(ui, state, draft, out);
        if let Some(error) = &state.open_error {
            ui.add_space(M);
            if failure_that_closes(ui, error) {
                out.push(Command::DismissOpenError);
            }
        }
    });
}

#[cfg(feature = "parquet")]
const FORMATS: &str =
    "CSV, JSON, SQL dump, SQLite or Parquet of usage_logs, profiles and user_roles, also zipped";
#[cfg(not(feature = "parquet"))]
const FORMATS: &str = "CSV, JSON, SQL dump or SQLite of usage_logs, profiles and user_roles, also zipped";

fn zone_ui(ui: &mut Ui, state: &State, cut: Cut, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    let n_hovering = ui.input(|it| it.raw.hovered_files.len());
    let height = if cut == Cut::FirstRun { 212.0 } else { 76.0 };
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    ground(&Pen::new(ui), rect, n_hovering > 0);
    let what = match n_hovering {
        0 => "Drop files here".to_owned(),
        1 => "Drop 1 file to import".to_owned(),
        n => format!("Drop {n} files to import"),
    };
    let title = Face::new(TITLE, Weight::Semibold, theme.ink);
    let note = Face::new(SMALL, Weight::Regular, theme.ink_faint);
    match cut {
        Cut::FirstRun => {
            let inner = rect.shrink2(vec2(L, 28.0));
            let ui = &mut ui.new_child(UiBuilder::new().max_rect(inner));
            ui.vertical_centered(|ui| {
                ui.spacing_mut().item_spacing.y = XS;
                upload_icon(ui);
                ui.add_space(S);
                words(ui, &what, title);
                words(ui, FORMATS, note);
                ui.add_space(M);
                centred_buttons(ui, state, out);
            });
        }
        Cut::Head => {
            let inner = rect.shrink2(vec2(L, L));
            let ui = &mut ui.new_child(UiBuilder::new().max_rect(inner));
            ui.horizontal_centered(|ui| {
                upload_icon(ui);
                ui.add_space(XS);
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    words(ui, &what, title);
                    words(ui, FORMATS, note);
                });
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    choose_ui(ui, state, "Import…", out);
                });
            });
        }
    }
}

fn choose_ui(ui: &mut Ui, state: &State, name: &str, out: &mut Vec<Command>) {
    let can_choose = !state.dialog_open && !state.dialogs_unavailable;
    let button = ui.add_enabled_ui(can_choose, |ui| primary(ui, name)).inner;
    key_marks::mark(&button, "Ctrl I", Side::Below);
    let why = if state.dialog_open { "A dialog is open" } else { "No file dialog here: type a path" };
    if button.on_disabled_hover_text(why).clicked() {
        out.push(Command::ChooseDumps);
    }
}

fn centred_buttons(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let pen = Pen::new(ui);
    let names = ["Choose files…", "Try with sample data"];
    let width: f32 = names.iter().map(|it| pen.width(it, BODY, Weight::Medium).ceil() + 2.0 * M + 2.0).sum();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = S;
        ui.add_space(((ui.available_width() - width - S) / 2.0).max(0.0));
        choose_ui(ui, state, names[0], out);
        if ui.button(names[1]).clicked() {
            out.push(Command::OpenSample);
        }
    });
}

fn path_ui(ui: &mut Ui, state: &State, draft: &mut Draft, out: &mut Vec<Command>) {
    let hint = if state.dialogs_unavailable { "No file dialog here: type a path" } else { "or type a path" };
    let field = TextEdit::singleline(&mut draft.path)
        .hint_text(hint)
        .margin(egui::Margin { left: M as i8, right: 72, top: 7, bottom: 7 })
        .desired_width(f32::INFINITY);
    let field = ui.add(field).accessible_name("Path of a file");
    let inner = Rect::from_min_max(pos2(field.rect.right() - 68.0, field.rect.top()), field.rect.max);
    let layout = Layout::right_to_left(Align::Center);
    let builder = UiBuilder::new().max_rect(inner.shrink2(vec2(S, 0.0))).layout(layout);
    key(&mut ui.new_child(builder), "Enter");
    let path = draft.path.trim();
    if field.lost_focus() && ui.input(|it| it.key_pressed(egui::Key::Enter)) && !path.is_empty() {
        // A path that was copied from elsewhere often has quotes around it.
        let path = path.trim_matches(['"', '\'']);
        out.push(Command::OpenPaths(vec![path.into()]));
        draft.path.clear();
    }
}

fn upload_icon(ui: &mut Ui) {
    let theme = Theme::of(ui);
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(ICON_SIDE), Sense::hover());
    let pen = Pen::new(ui);
    pen.fill(rect, RADIUS_CONTROL, theme.accent_fill);
    pen.icon(Icon::Upload, rect.center(), theme.accent);
}

fn ground(pen: &Pen, rect: Rect, lit: bool) {
    let theme = pen.theme;
    let (fill, edge) = if lit { (theme.accent_fill, theme.accent) } else { (theme.surface, theme.baseline) };
    pen.fill(rect, RADIUS_CARD, fill);
    pen.painter.extend(Shape::dashed_line(&outline(rect.shrink(0.5)), Stroke::new(1.3, edge), 6.0, 5.0));
}

/// The way round a rectangle with rounded corners.
fn outline(rect: Rect) -> Vec<egui::Pos2> {
    const STEPS: u8 = 6;
    let radius = f32::from(RADIUS_CARD);
    let inner = rect.shrink(radius);
    let corners = [
        (inner.right_top(), -90.0),
        (inner.right_bottom(), 0.0),
        (inner.left_bottom(), 90.0),
        (inner.left_top(), 180.0),
    ];
    let arc = |(center, from): (egui::Pos2, f32)| {
        (0..=STEPS).map(move |it| {
            let angle = (from + 90.0 * f32::from(it) / f32::from(STEPS)).to_radians();
            center + Vec2::angled(angle) * radius
        })
    };
    let mut path: Vec<_> = corners.into_iter().flat_map(arc).collect();
    path.extend(path.first().copied());
    path
}
