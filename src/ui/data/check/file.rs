use egui::{Align, Layout, ProgressBar, Sense, Ui, UiBuilder, vec2};

use super::{Draft, is_good, mapping, question};
use crate::app::state::{Check, CheckedDump};
use crate::app::{CheckCommand, Command};
use crate::ui::controls::{card, failure, faint, icon_button, line, row, sign, soft, words};
use crate::ui::paint::{Face, Icon, Pen};
use crate::ui::theme::{BODY, M, RADIUS_CONTROL, S, TITLE, Theme, Weight};
use crate::view::{MappingForm, MappingReading};

const TILE_SIDE: f32 = 36.0;

/// A dump: what it is, how far its check is, and what has to be said before it can be read.
pub(super) fn ui(
    ui: &mut Ui,
    check: &Check,
    place: usize,
    dump: &CheckedDump,
    draft: &mut Draft,
    out: &mut Vec<Command>,
) {
    card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = S;
        file_ui(ui, check, place, dump, draft, out);
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
            question::ui(ui, place, question, &mut draft.zone, out);
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
    check: &Check,
    place: usize,
    dump: &CheckedDump,
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

fn recognised_ui(ui: &mut Ui, dump: &CheckedDump) {
    let theme = Theme::of(ui);
    let Some(report) = dump.report.as_ref().filter(|_| is_good(dump)) else { return };
    let titles: Vec<_> = report.tables.iter().map(|it| it.title.as_str()).collect();
    line(ui, &titles.join("; "), Face::new(BODY, Weight::Medium, theme.ink));
    sign(ui, Icon::Check, theme.good);
}
