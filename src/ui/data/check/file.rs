use egui::{Align, Button, Layout, ProgressBar, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use super::{Draft, is_good, mapping, question};
use crate::app::state::{Check, CheckedDump};
use crate::app::{CheckCommand, Command, State};
use crate::ui::controls::{card, failure, faint, icon_button, line, rich, row, sign, soft, words};
use crate::ui::paint::{Face, Icon, Pen};
use crate::ui::theme::{BODY, CONTROL_HEIGHT, M, RADIUS_CONTROL, S, SMALL, TITLE, Theme, Weight, XS};
use crate::view::{MappingForm, MappingReading};

const TILE_SIDE: f32 = 36.0;
const READING_HEIGHT: f32 = 20.0;
const ICON_WIDTH: f32 = 16.0;
/// Of the room beside the buttons; the name of the file needs the rest.
const RECOGNISED_PART_MAX: f32 = 0.55;

/// A dump: what it is, how far its check is, and what has to be said before it can be read.
pub(super) fn ui(
    ui: &mut Ui,
    (state, check): (&State, &Check),
    (place, dump): (usize, &CheckedDump),
    draft: &mut Draft,
    out: &mut Vec<Command>,
) {
    card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = S;
        file_ui(ui, (state, check), (place, dump), draft, out);
        readings_ui(ui, place, dump, out);
        match (&dump.report, &dump.progress) {
            (Some(report), _) => {
                if let Some(error) = report.error.as_ref().filter(|_| !explains(dump)) {
                    failure(ui, error);
                }
                if let Some(note) = &dump.note {
                    let theme = Theme::of(ui);
                    ui.horizontal_top(|ui| {
                        sign(ui, Icon::Warning, theme.warn);
                        words(ui, note, Face::new(BODY, Weight::Medium, theme.warn));
                    });
                }
            }
            (None, Some(progress)) => {
                let theme = Theme::of(ui);
                let bar = ProgressBar::new(progress.part).desired_height(S).fill(theme.accent);
                ui.add(bar).accessible_name(format!("Check of {}", name(dump)));
                line(ui, &progress.text, soft(ui));
            }
            (None, None) => {
                line(ui, "Waiting", faint(ui));
            }
        }
        if let Some(form) = &dump.mapping {
            mapping::ui(ui, place, form, &mut draft.mapping, out);
        }
        if let Some(question) = &dump.question {
            question::ui(ui, place, question, &mut draft.question, out);
        }
    });
}

/// Whether what it asks is what its error says.
fn explains(dump: &CheckedDump) -> bool {
    let is_unread = |it: &MappingForm| it.reading == MappingReading::Unread;
    dump.question.is_some() || dump.mapping.as_ref().is_some_and(is_unread)
}

fn name(dump: &CheckedDump) -> String {
    dump.path.file_name().unwrap_or(dump.path.as_os_str()).to_string_lossy().into_owned()
}

/// Name, size, hash, and what the file was recognised as.
fn file_ui(
    ui: &mut Ui,
    (state, check): (&State, &Check),
    (place, dump): (usize, &CheckedDump),
    draft: &mut Draft,
    out: &mut Vec<Command>,
) {
    let theme = Theme::of(ui);
    row(ui, TILE_SIDE, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = M;
            let label = format!("Leave out {}", name(dump));
            if check.dumps.len() > 1 {
                if icon_button(ui, Icon::Cross, &label).clicked() {
                    out.push(Command::Check(CheckCommand::LeaveOut(place)));
                }
                if is_good(dump) && place != draft.shown && ui.button("Show rows").clicked() {
                    *draft = Draft { shown: place, ..Draft::default() };
                }
            }
            if check.dumps.len() == 1 {
                other_ui(ui, state, out);
            }
            recognised_ui(ui, dump);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let (tile, _) = ui.allocate_exact_size(vec2(TILE_SIDE, TILE_SIDE), Sense::hover());
                let pen = Pen::new(ui);
                pen.fill(tile, RADIUS_CONTROL, theme.accent_fill);
                pen.icon(Icon::File, tile.center(), theme.accent_text);
                stacked(ui, |ui| {
                    line(ui, &name(dump), Face::new(TITLE, Weight::Semibold, theme.ink))
                        .on_hover_text(dump.path.to_string_lossy());
                    let source = dump.report.as_ref().map_or("", |it| it.source.as_str());
                    line(ui, source, soft(ui));
                });
            });
        });
    });
}

/// Two lines, one above the other, in the middle of a row.
fn stacked(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let rect = ui.available_rect_before_wrap();
    let mut inner = ui.new_child(UiBuilder::new().max_rect(rect).layout(Layout::top_down(Align::Min)));
    inner.spacing_mut().item_spacing.y = 0.0;
    add(&mut inner);
    let used = inner.min_rect();
    ui.advance_cursor_after_rect(used);
}

/// The way from the one file to another.
fn other_ui(ui: &mut Ui, state: &State, out: &mut Vec<Command>) {
    let can_choose = !state.dialog_open && !state.dialogs_unavailable;
    let button = Button::new("Other file…").min_size(vec2(0.0, CONTROL_HEIGHT));
    let button = ui.add_enabled(can_choose, button);
    let why =
        if state.dialog_open { "A dialog is open" } else { "No file dialog here: cancel, and type a path" };
    if button.on_disabled_hover_text(why).clicked() {
        out.push(Command::Check(CheckCommand::ChooseOther));
    }
    let (rule, _) = ui.allocate_exact_size(vec2(1.0, CONTROL_HEIGHT), Sense::hover());
    Pen::new(ui).fill(rule, 0, Theme::of(ui).border);
}

/// How the file is read because a person said so, and the way to say it anew.
fn readings_ui(ui: &mut Ui, place: usize, dump: &CheckedDump, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    for (index, reading) in dump.readings.iter().enumerate() {
        row(ui, READING_HEIGHT, |ui| {
            ui.spacing_mut().item_spacing.x = S;
            line(ui, reading, Face::new(SMALL, Weight::Regular, theme.ink));
            if index == 0 {
                let text = rich("Change…", Face::new(SMALL, Weight::Medium, theme.accent_text));
                let button = ui.add(Button::new(text).frame_when_inactive(false));
                let label = format!("Change how {} is read…", name(dump));
                button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
                if button.on_hover_text("Asks how the file is to be read").clicked() {
                    out.push(Command::Check(CheckCommand::AskAgain(place)));
                }
            }
        });
    }
}

/// What the file was recognised as, and how it is written: also of one that asks something.
fn recognised_ui(ui: &mut Ui, dump: &CheckedDump) {
    let theme = Theme::of(ui);
    let Some(report) = dump.report.as_ref().filter(|_| is_good(dump) || dump.question.is_some()) else {
        return;
    };
    let (title, form) = (Face::new(BODY, Weight::Medium, theme.ink), soft(ui));
    let pen = Pen::new(ui);
    let width = |text: &str, face: Face| pen.width(text, face.size, face.weight).ceil() + 1.0;
    let sign_width = if is_good(dump) { ICON_WIDTH + XS } else { 0.0 };
    let wanted = (width(&report.holds, title) + sign_width).max(width(&report.form, form));
    let room = wanted.min(ui.available_width() * RECOGNISED_PART_MAX);
    ui.allocate_ui_with_layout(vec2(room, TILE_SIDE), Layout::top_down(Align::Max), |ui| {
        ui.spacing_mut().item_spacing = vec2(XS, 0.0);
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            line(ui, &report.holds, title);
            if is_good(dump) {
                sign(ui, Icon::Check, theme.good);
            }
        });
        line(ui, &report.form, form);
    });
}
