//! What an import would do, seen before anything is written.

use egui::{Align, Frame, Layout, Margin, Panel, ProgressBar, ScrollArea, Sense, Ui, UiBuilder, vec2};

use super::report::{counts_ui, plain_table, rejects_ui};
use crate::app::state::{Check, CheckedDump};
use crate::app::{CheckCommand, Command};
use crate::ui::controls::{
    bare_card, card, card_title, failure, faint, icon_button, line, primary, rich, row, sign, soft, words,
};
use crate::ui::paint::{Face, Icon, Pen};
use crate::ui::table;
use crate::ui::theme::{
    BODY, CONTROL_HEIGHT, HEADING, L, M, RADIUS_CONTROL, S, SMALL, TITLE, Theme, Weight, XS,
};
use crate::view::{CheckQuestion, ImportReport, Preview, TableReport};

/// How much of the rows is shown.
#[derive(Clone, Debug, Default)]
pub(in crate::ui) struct Draft {
    /// The dump whose rows are shown, of several.
    shown: usize,
    /// All rows of the preview, or a few.
    whole_preview: bool,
    /// A zone that is being typed.
    zone: String,
}

/// Rows of a preview that are shown at first.
const PREVIEW_FEW: usize = 6;
const FOOT_HEIGHT: f32 = 56.0;
/// Room for a time, and for a choice.
const CHOICE_WIDTH: f32 = 180.0;
const TILE_SIDE: f32 = 36.0;
/// Widths from which on there is room for columns beside the raw text.
const COLUMNS_FROM: [(&str, f32); 3] = [("metadata", 1_350.0), ("format", 1_050.0), ("quality", 1_050.0)];

pub(in crate::ui) fn ui(ui: &mut Ui, check: &Check, draft: &mut Draft, out: &mut Vec<Command>) {
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
            ui.push_id(("dump", place), |ui| dump_ui(ui, check, place, dump, draft, out));
        }
        ui.add_space(S);
    });
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
    let is_waiting = check.dumps.iter().any(|it| it.report.is_none());
    let n_asking = check.dumps.iter().filter(|it| it.question.is_some()).count();
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
        if ui.add_enabled_ui(check.commit.is_some(), |ui| primary(ui, text)).inner.clicked() {
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

fn failed(dump: &CheckedDump) -> bool {
    dump.report.as_ref().is_some_and(|it| it.error.is_some())
}

// ---- a dump -------------------------------------------------------------------------------------

fn dump_ui(
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
                if let (Some(error), None) = (&report.error, &dump.question) {
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
        if let Some(question) = &dump.question {
            question_ui(ui, place, question, &mut draft.zone, out);
        }
    });
    if place != draft.shown && check.dumps.len() > 1 {
        return;
    }
    if let Some(report) = dump.report.as_deref().filter(|_| is_good(dump)) {
        report_ui(ui, report, draft);
    }
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

// ---- what would become of it --------------------------------------------------------------------

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
                preview_ui(ui, &table.preview, &mut draft.whole_preview);
            }
            findings_ui(ui, table);
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
            }
            if let Some(span) = &table.span {
                line(ui, span, faint(ui));
            }
        });
    }
}

fn preview_ui(ui: &mut Ui, preview: &Preview, whole: &mut bool) {
    let theme = Theme::of(ui);
    let n_lines = preview.lines.len();
    let n_shown = if *whole { n_lines } else { n_lines.min(PREVIEW_FEW) };
    bare_card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 0.0;
        padded(ui, |ui| {
            row(ui, CONTROL_HEIGHT, |ui| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if n_lines > PREVIEW_FEW {
                        let text = if *whole { "Show fewer".to_owned() } else { format!("Show {n_lines}") };
                        let text = rich(text, Face::new(SMALL, Weight::Medium, theme.accent_text));
                        if ui.add(egui::Button::new(text).frame_when_inactive(false)).clicked() {
                            *whole = !*whole;
                        }
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        card_title(ui, "Preview", &preview.note);
                    });
                });
            });
        });
        Frame::new().inner_margin(Margin { left: L as i8, bottom: S as i8, ..Margin::ZERO }).show(ui, |ui| {
            preview_rows_ui(ui, preview, n_shown);
        });
    });
}

/// The columns that there is room for; what stands in the dump comes last.
fn preview_rows_ui(ui: &mut Ui, preview: &Preview, n_shown: usize) {
    let room = ui.available_width();
    let is_shown = |name: &str| COLUMNS_FROM.iter().all(|(it, from)| *it != name || room >= *from);
    let columns = preview.columns.iter().enumerate().filter(|(_, it)| is_shown(it));
    let shown: Vec<usize> = columns.map(|(index, _)| index).collect();
    let mut heads = vec![("line", Some(44.0))];
    heads.extend(shown.iter().filter_map(|it| preview.columns.get(*it)).map(|it| (*it, Some(width(it)))));
    heads.push(("as it stands in the file", None));
    plain_table(ui, "preview", &heads, n_shown, |ui, index, column| {
        let Some(preview_line) = preview.lines.get(index) else { return };
        match column {
            0 => {
                line(ui, &preview_line.line, faint(ui));
            }
            column if column <= shown.len() => {
                if let Some(cell) = shown.get(column - 1).and_then(|it| preview_line.cells.get(*it)) {
                    table::cell(ui, cell);
                }
            }
            _ => {
                line(ui, &preview_line.raw.text, soft(ui)).on_hover_text(&preview_line.raw.text);
            }
        }
    });
}

fn width(column: &str) -> f32 {
    match column {
        "id" | "user_id" => 76.0,
        "action" => 116.0,
        "credits_consumed" => 104.0,
        "created_at" => 228.0,
        "metadata" | "username" => 200.0,
        _ => 64.0,
    }
}

/// Warnings beside rejects, or the one line of a clean dump.
fn findings_ui(ui: &mut Ui, table: &TableReport) {
    if table.warnings.is_empty() && table.rejects.is_empty() {
        card(ui).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = XS;
            row(ui, 20.0, |ui| {
                sign(ui, Icon::Check, Theme::of(ui).good);
                line(ui, "Nothing to look after", Face::new(BODY, Weight::Medium, Theme::of(ui).ink));
            });
            notes_ui(ui, table);
        });
        return;
    }
    let both = !table.warnings.is_empty() && !table.rejects.is_empty();
    let left = if both { (ui.available_width() - M) * 0.38 } else { ui.available_width() };
    let right = ui.available_width() - left - M;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = M;
        if !table.warnings.is_empty() {
            column_ui(ui, left, |ui| warnings_ui(ui, table));
        }
        if !table.rejects.is_empty() {
            column_ui(ui, if both { right } else { left }, |ui| {
                ui.spacing_mut().item_spacing.y = S;
                rejects_ui(ui, table);
                if !both {
                    notes_ui(ui, table);
                }
            });
        }
    });
}

fn column_ui(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui)) {
    ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::Min), |ui| {
        card(ui).show(ui, |ui| {
            ui.set_width(width - 2.0 * L - 2.0);
            add(ui);
        });
    });
}

fn warnings_ui(ui: &mut Ui, table: &TableReport) {
    let theme = Theme::of(ui);
    ui.spacing_mut().item_spacing.y = S;
    card_title(ui, "Warnings", &table.warnings.len().to_string());
    for warning in &table.warnings {
        ui.horizontal_top(|ui| {
            sign(ui, Icon::Warning, theme.warn);
            words(ui, warning, Face::new(SMALL, Weight::Regular, theme.ink));
        });
    }
    notes_ui(ui, table);
}

fn notes_ui(ui: &mut Ui, table: &TableReport) {
    for note in &table.notes {
        words(ui, note, soft(ui));
    }
}

// ---- questions ----------------------------------------------------------------------------------

/// What has to be said before the file can be read, and what each answer makes of its values.
fn question_ui(
    ui: &mut Ui,
    place: usize,
    question: &CheckQuestion,
    zone: &mut String,
    out: &mut Vec<Command>,
) {
    let theme = Theme::of(ui);
    let n_examples = question.choices.iter().map(|it| it.effects.len()).max().unwrap_or_default();
    ui.add_space(XS);
    ui.label(rich(&question.title, Face::new(BODY, Weight::Semibold, theme.ink)));
    let grid = egui::Grid::new("question").spacing(vec2(L, S)).min_col_width(CHOICE_WIDTH);
    grid.show(ui, |ui| {
        if !question.examples.is_empty() {
            line(ui, "in the file", faint(ui));
            for example in &question.examples {
                table::cell(ui, example);
            }
            ui.end_row();
        }
        for (index, choice) in question.choices.iter().enumerate() {
            let button = egui::Button::new(&choice.label).min_size(vec2(CHOICE_WIDTH, CONTROL_HEIGHT));
            if ui.add(button).clicked() {
                out.push(Command::Check(CheckCommand::Answer { dump: place, choice: index }));
            }
            for example in 0..n_examples {
                match choice.effects.get(example) {
                    Some(Some(effect)) => line(ui, effect, soft(ui)),
                    _ => line(ui, "cannot be read so", faint(ui)),
                };
            }
            ui.end_row();
        }
    });
    if question.takes_zone {
        zone_ui(ui, place, zone, out);
    }
}

/// Any other zone, by its name.
fn zone_ui(ui: &mut Ui, place: usize, zone: &mut String, out: &mut Vec<Command>) {
    let field = egui::TextEdit::singleline(zone)
        .hint_text("or another zone, for example Europe/Berlin")
        .margin(Margin::symmetric(S as i8, 6))
        .desired_width(2.0 * CHOICE_WIDTH);
    let field = ui.add(field).accessible_name("Zone of times that name none");
    if field.lost_focus() && ui.input(|it| it.key_pressed(egui::Key::Enter)) && !zone.trim().is_empty() {
        out.push(Command::Check(CheckCommand::AssumeZone { dump: place, zone: zone.trim().to_owned() }));
    }
}

fn padded(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let margin = Margin { left: L as i8, right: M as i8, top: XS as i8, bottom: 0 };
    Frame::new().inner_margin(margin).show(ui, |ui| {
        ui.set_width(ui.available_width());
        add(ui);
    });
}
