//! What an import would do, seen before anything is written.

mod file;
mod findings;
mod mapping;
mod preview;
mod question;

use egui::{Align, Frame, Layout, Panel, ScrollArea, Sense, Ui, UiBuilder, vec2};

use crate::app::state::{Check, CheckedDump};
use crate::app::{CheckCommand, Command, State};
use crate::ui::controls::{card, faint, line, primary, rich, row, soft};
use crate::ui::paint::{Face, Icon, Pen};
use crate::ui::theme::{CONTROL_HEIGHT, HEADING, L, M, S, SMALL, Theme, Weight, XS};
use crate::view::{ImportReport, MappingForm, TableReport};

use super::report::counts_ui;

/// How much of the rows is shown.
#[derive(Clone, Debug, Default)]
pub(in crate::ui) struct Draft {
    /// The dump whose rows are shown, of several.
    shown: usize,
    /// All rows of the preview, or a few.
    whole_preview: bool,
    question: question::Draft,
    mapping: mapping::Draft,
}

const FOOT_HEIGHT: f32 = 56.0;

pub(in crate::ui) fn ui(
    ui: &mut Ui,
    state: &State,
    check: &Check,
    draft: &mut Draft,
    out: &mut Vec<Command>,
) {
    if !check.dumps.get(draft.shown).is_some_and(is_good) {
        draft.shown = check.dumps.iter().position(is_good).unwrap_or_default();
    }
    Panel::bottom("commit")
        .exact_size(FOOT_HEIGHT)
        .resizable(false)
        .frame(Frame::new())
        .show(ui, |ui| foot_ui(ui, check, out));
    // The scroll bar lies in the page's margin.
    let width = ui.available_width();
    let rect = ui.available_rect_before_wrap();
    let mut page = ui.new_child(UiBuilder::new().max_rect(rect.with_max_x(rect.right() + L)));
    ScrollArea::vertical().auto_shrink(false).show(&mut page, |ui| {
        ui.set_max_width(width);
        ui.spacing_mut().item_spacing.y = M;
        ui.add_space(XS);
        head_ui(ui, check);
        for (place, dump) in check.dumps.iter().enumerate() {
            ui.push_id(("dump", place), |ui| dump_ui(ui, (state, check), (place, dump), draft, out));
        }
        ui.add_space(S);
    });
}

/// The card of a dump; below the one that is looked at, what would become of its rows.
fn dump_ui(
    ui: &mut Ui,
    (state, check): (&State, &Check),
    (place, dump): (usize, &CheckedDump),
    draft: &mut Draft,
    out: &mut Vec<Command>,
) {
    file::ui(ui, (state, check), (place, dump), draft, out);
    if place != draft.shown && check.dumps.len() > 1 {
        return;
    }
    if let Some(report) = dump.report.as_deref().filter(|_| is_good(dump)) {
        report_ui(ui, report, draft);
    }
}

fn report_ui(ui: &mut Ui, report: &ImportReport, draft: &mut Draft) {
    for (index, table) in report.tables.iter().enumerate() {
        ui.push_id(("table", index), |ui| {
            card(ui).show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.spacing_mut().item_spacing.y = S;
                table_head_ui(ui, report, table);
                counts_ui(ui, table, |it| (it.name_before(), it.meaning_before()));
            });
            if !table.preview.lines.is_empty() {
                preview::ui(ui, &table.preview, &mut draft.whole_preview);
            }
            findings::ui(ui, table);
        });
    }
}

/// Which of several tables it is, and the days of its rows.
fn table_head_ui(ui: &mut Ui, report: &ImportReport, table: &TableReport) {
    let theme = Theme::of(ui);
    if report.tables.len() > 1 || table.span.is_some() {
        row(ui, 18.0, |ui| {
            if report.tables.len() > 1 {
                line(ui, &table.title, Face::new(SMALL, Weight::Medium, theme.ink));
                if let Some(columns) = &table.columns {
                    line(ui, columns, faint(ui));
                }
            }
            if let Some(span) = &table.span {
                line(ui, span, faint(ui));
            }
        });
    }
}

// ---- head and foot ------------------------------------------------------------------------------

fn head_ui(ui: &mut Ui, check: &Check) {
    let theme = Theme::of(ui);
    row(ui, 32.0, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            steps_ui(ui, check.commit.is_some());
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = M;
                ui.label(rich("Import", Face::new(HEADING, Weight::Semibold, theme.ink)));
                line(ui, "Nothing is written until you commit", soft(ui));
            });
        });
    });
}

/// Where one is on the way: from right to left, as the layout goes.
fn steps_ui(ui: &mut Ui, is_checked: bool) {
    let theme = Theme::of(ui);
    ui.spacing_mut().item_spacing.x = S;
    let step = |ui: &mut Ui, number: &str, name: &str, is_done: bool, is_now: bool| {
        let ink = if is_now { theme.ink } else { theme.ink_faint };
        let weight = if is_now { Weight::Semibold } else { Weight::Regular };
        line(ui, name, Face::new(SMALL, weight, ink));
        let (rect, _) = ui.allocate_exact_size(vec2(18.0, 18.0), Sense::hover());
        let pen = Pen::new(ui);
        if is_done {
            pen.icon(Icon::Check, rect.center(), theme.good);
            return;
        }
        let (fill, ink) =
            if is_now { (theme.accent, theme.on_solid) } else { (theme.sunken, theme.ink_soft) };
        pen.fill(rect, 9, fill);
        pen.centred(rect.center().x, rect.center().y, number, Face::new(SMALL, Weight::Semibold, ink));
    };
    let dash = |ui: &mut Ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(24.0, 1.0), Sense::hover());
        Pen::new(ui).fill(rect, 0, theme.border_control);
    };
    step(ui, "3", "Commit", false, false);
    dash(ui);
    step(ui, "2", "Check", is_checked, true);
    dash(ui);
    step(ui, "1", "File", true, false);
}

/// What the commit does, and the two ways on.
fn foot_ui(ui: &mut Ui, check: &Check, out: &mut Vec<Command>) {
    let is_waiting = check.pending || check.dumps.iter().any(|it| it.report.is_none());
    let n_asking = check.dumps.iter().filter(|it| asks(it)).count();
    let n_failed = check.dumps.iter().filter(|it| failed(it)).count();
    let note = match (is_waiting, check.commit.is_some(), n_failed) {
        (true, ..) => format!("Looking at {}", counted(check.dumps.len(), "file")),
        (false, ..) if n_asking > 0 => match n_asking {
            1 => "1 file waits for an answer".to_owned(),
            n => format!("{n} files wait for an answer"),
        },
        (false, false, _) => "Nothing here can be imported".to_owned(),
        (false, true, 0) if check.makes_file => format!("Makes {}. All of it or none", check.into),
        (false, true, 0) => format!("Into {}. Each file is one transaction: all of it or none", check.into),
        (false, true, n) => format!("{} cannot be imported and would be left out", counted(n, "file")),
    };
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = S;
        let text = check.commit.as_deref().unwrap_or("Commit");
        let can_commit = check.commit.is_some() && !check.pending;
        if ui.add_enabled_ui(can_commit, |ui| primary(ui, text)).inner.clicked() {
            out.push(Command::Check(CheckCommand::Commit));
        }
        let cancel = egui::Button::new("Cancel").min_size(vec2(0.0, CONTROL_HEIGHT));
        if ui.add(cancel).clicked() {
            out.push(Command::Check(CheckCommand::Cancel));
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            line(ui, &note, soft(ui));
        });
    });
}

fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn is_good(dump: &CheckedDump) -> bool {
    dump.report.as_ref().is_some_and(|it| it.error.is_none())
}

/// Whether a person has to say something before it can be imported.
fn asks(dump: &CheckedDump) -> bool {
    dump.question.is_some() || dump.mapping.as_ref().is_some_and(MappingForm::asks)
}

fn failed(dump: &CheckedDump) -> bool {
    dump.report.as_ref().is_some_and(|it| it.error.is_some())
}
