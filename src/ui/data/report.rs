use egui::{Align, Color32, Layout, ProgressBar, Rect, Sense, Ui, pos2, vec2};
use egui_extras::{Column, TableBuilder};

use crate::app::Command;
use crate::app::state::ImportJob;
use crate::ui::controls::{
    card, card_title, failure, faint, icon_button, line, rich, row, sign, soft, words,
};
use crate::ui::paint::{Face, Icon, MARKER, Pen};
use crate::ui::table;
use crate::ui::theme::{
    BODY, CAPTION, CONTROL_HEIGHT, HEADING, L, RADIUS_MARK, ROW_HEIGHT, S, SMALL, Theme, Weight, XS,
};
use crate::view::{ImportReport, Outcome, RejectRow, TableReport};

/// An import of this session: how far it is, or what it did.
pub(in crate::ui) fn job_ui(ui: &mut Ui, job: &ImportJob, out: &mut Vec<Command>) {
    ui.push_id(("import", job.id), |ui| {
        card(ui).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = S;
            match &job.report {
                None => running_ui(ui, job, out),
                Some(report) => report_ui(ui, job.id, report, out),
            }
        });
    });
}

fn running_ui(ui: &mut Ui, job: &ImportJob, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    let name = job.path.file_name().unwrap_or(job.path.as_os_str()).to_string_lossy();
    row(ui, CONTROL_HEIGHT, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.button("Cancel").clicked() {
                out.push(Command::CancelImport(job.id));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                card_title(ui, &format!("{} {name}", job.work.doing()), "");
            });
        });
    });
    let bar = ProgressBar::new(job.progress.part).desired_height(S).fill(theme.accent);
    ui.add(bar).accessible_name(format!("{} {name}", job.work.name()));
    line(ui, &job.progress.text, soft(ui));
}

fn report_ui(ui: &mut Ui, id: u64, report: &ImportReport, out: &mut Vec<Command>) {
    row(ui, CONTROL_HEIGHT, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if icon_button(ui, Icon::Cross, "Dismiss the report").clicked() {
                out.push(Command::DismissImport(id));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                card_title(ui, &report.file, &report.source);
            });
        });
    });
    if let Some(error) = &report.error {
        failure(ui, error);
        line(ui, "Nothing of this file was kept", soft(ui));
    }
    for (index, table) in report.tables.iter().enumerate() {
        ui.push_id(index, |ui| table_ui(ui, report, table));
    }
}

/// Rejects of a file that was not kept are remembered nowhere else.
fn table_ui(ui: &mut Ui, file: &ImportReport, report: &TableReport) {
    let theme = Theme::of(ui);
    row(ui, 18.0, |ui| {
        line(ui, "Recognised as", faint(ui));
        line(ui, &report.title, Face::new(SMALL, Weight::Medium, theme.ink));
        line(ui, &file.form, faint(ui));
        if let Some(span) = &report.span {
            line(ui, span, faint(ui));
        }
    });
    counts_ui(ui, report, |it| (it.name(), it.meaning()));
    for warning in &report.warnings {
        ui.horizontal_top(|ui| {
            sign(ui, Icon::Warning, theme.warn);
            words(ui, warning, Face::new(BODY, Weight::Regular, theme.warn));
        });
    }
    for note in &report.notes {
        words(ui, note, soft(ui));
    }
    if report.rejects.is_empty() {
        return;
    }
    if file.error.is_none() {
        line(ui, "What was not taken is listed below, by import", soft(ui));
    } else {
        rejects_ui(ui, report);
    }
}

/// Rows read, and the ways they went: seen to add up. `say` names an outcome, and says what it means.
pub(super) fn counts_ui(ui: &mut Ui, report: &TableReport, say: fn(Outcome) -> (&'static str, &'static str)) {
    let theme = Theme::of(ui);
    let width = ui.available_width() / (report.counts.len() + 1) as f32;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let note = if report.adds_up { "all accounted for" } else { "do not add up" };
        count_ui(ui, width, ("Rows read", &report.n_read, note), None, theme.ink);
        for count in &report.counts {
            let color = outcome_color(theme, count.outcome);
            let ink =
                if count.outcome == Outcome::Rejected && count.part > 0.0 { theme.bad } else { theme.ink };
            let (name, meaning) = say(count.outcome);
            let words = (name, count.n.as_str(), meaning);
            count_ui(ui, width, words, Some(color), ink);
        }
    });
    let (bar, _) = ui.allocate_exact_size(vec2(ui.available_width(), S), Sense::hover());
    mix_bar(&Pen::new(ui), bar, report);
}

fn count_ui(ui: &mut Ui, width: f32, words: (&str, &str, &str), marker: Option<Color32>, ink: Color32) {
    let (name, n, meaning) = words;
    let theme = Theme::of(ui);
    ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::Min), |ui| {
        ui.set_width(width);
        ui.set_max_width(width - S);
        ui.spacing_mut().item_spacing = vec2(XS, XS);
        row(ui, 16.0, |ui| {
            if let Some(color) = marker {
                let (rect, _) = ui.allocate_exact_size(vec2(MARKER, MARKER), Sense::hover());
                Pen::new(ui).fill(rect, RADIUS_MARK, color);
            }
            line(ui, name, Face::new(SMALL, Weight::Medium, theme.ink_soft));
        });
        line(ui, n, Face::new(HEADING, Weight::Semibold, ink));
        line(ui, meaning, faint(ui));
    });
}

fn outcome_color(theme: &Theme, outcome: Outcome) -> Color32 {
    match outcome {
        Outcome::Imported => theme.series[0],
        Outcome::Updated => theme.series[4],
        Outcome::Repeat => theme.other,
        Outcome::Conflict => theme.series[2],
        Outcome::Rejected => theme.bad,
    }
}

/// The counts as one bar. A part too small to see still gets 4 pixels.
fn mix_bar(pen: &Pen, bar: Rect, report: &TableReport) {
    pen.fill(bar, RADIUS_MARK, pen.theme.sunken);
    let parts: Vec<_> = report.counts.iter().filter(|it| it.part > 0.0).collect();
    let width = |part: f32| (bar.width() * part - 1.0).max(XS);
    // What the small ones take too much, the largest gives.
    let excess = parts.iter().map(|it| width(it.part) + 1.0).sum::<f32>() - bar.width();
    let largest = parts.iter().map(|it| it.part).fold(0.0, f32::max);
    let mut left = bar.left();
    for count in parts {
        let give = if count.part >= largest { excess } else { 0.0 };
        let right = left + width(count.part) - give;
        let rect = Rect::from_min_max(pos2(left, bar.top()), pos2(right.min(bar.right()), bar.bottom()));
        pen.fill(rect, RADIUS_MARK, outcome_color(pen.theme, count.outcome));
        left = right + 1.0;
    }
}

pub(super) fn rejects_ui(ui: &mut Ui, report: &TableReport) {
    let theme = Theme::of(ui);
    ui.add_space(XS);
    line(ui, "Rejected rows", Face::new(BODY, Weight::Semibold, theme.ink));
    let heads = [("line", Some(64.0)), ("column", Some(140.0)), ("reason", Some(260.0)), ("raw text", None)];
    plain_table(ui, "rejects", &heads, report.rejects.len(), |ui, row, column| {
        if let Some(row) = report.rejects.get(row) {
            reject_cell_ui(ui, row, column, theme.bad);
        }
    });
    if let Some(more) = &report.more_rejects {
        line(ui, more, faint(ui));
    }
}

fn reject_cell_ui(ui: &mut Ui, row: &RejectRow, column: usize, color: Color32) {
    match column {
        0 => {
            line(ui, &row.line, soft(ui));
        }
        1 => table::cell(ui, &row.column),
        2 => {
            line(ui, &row.reason, Face::new(SMALL, Weight::Regular, color));
        }
        _ => {
            line(ui, &row.raw.text, soft(ui));
        }
    }
}

/// A table on a page that scrolls: no scroll bar and no selection of its own.
pub(super) fn plain_table(
    ui: &mut Ui,
    id_salt: &str,
    heads: &[(&str, Option<f32>)],
    n_rows: usize,
    mut cell_ui: impl FnMut(&mut Ui, usize, usize),
) {
    let theme = Theme::of(ui);
    let outer = ui.available_rect_before_wrap();
    let pen = Pen::new(ui);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing = vec2(L, 0.0);
        let mut table = TableBuilder::new(ui)
            .id_salt(id_salt)
            .vscroll(false)
            .auto_shrink([false, true])
            .cell_layout(Layout::left_to_right(Align::Center));
        for (_, width) in heads {
            table = table.column(width.map_or_else(Column::remainder, Column::exact).clip(true));
        }
        let rule = |ui: &Ui, color| {
            pen.hline(outer.left(), outer.right(), ui.max_rect().bottom() - 1.0, color);
        };
        let table = table.header(ROW_HEIGHT, |mut header| {
            for (index, (name, _)) in heads.iter().enumerate() {
                header.col(|ui| {
                    if index == 0 {
                        rule(ui, theme.border);
                    }
                    let name = rich(*name, Face::new(CAPTION, Weight::Semibold, theme.ink_soft));
                    ui.label(name);
                });
            }
        });
        table.body(|body| {
            body.rows(ROW_HEIGHT, n_rows, |mut row| {
                let index = row.index();
                for column in 0..heads.len() {
                    row.col(|ui| {
                        if column == 0 {
                            rule(ui, theme.grid);
                        }
                        cell_ui(ui, index, column);
                    });
                }
            });
        });
    });
}
