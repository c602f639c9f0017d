use egui::{Button, Frame, Sense, Stroke, Ui, WidgetInfo, vec2};

use crate::app::state::{ImportJob, Page};
use crate::app::{Command, State};
use crate::ui::controls::{icon_button, rich};
use crate::ui::paint::{Face, Icon, Pen};
use crate::ui::theme::{CONTROL_HEIGHT, RADIUS_CONTROL, RADIUS_MARK, S, SMALL, Theme, Weight, XS};

const NAME_WIDTH: f32 = 132.0;
const BAR_WIDTH: f32 = 48.0;
/// Room for `100 %`.
const PERCENT_WIDTH: f32 = 38.0;
/// As high as an icon.
const DIVIDER_HEIGHT: f32 = 16.0;

/// The import, or the work on one, that is under way, on every page: how far it is, and the way to stop it.
pub(super) fn ui(ui: &mut Ui, state: &State, narrow: bool, out: &mut Vec<Command>) {
    let mut running = state.jobs.iter().filter(|it| it.report.is_none());
    let Some(job) = running.next() else { return };
    let theme = Theme::of(ui);
    let frame = Frame::new().stroke(Stroke::new(1.0, theme.border_control)).corner_radius(RADIUS_CONTROL);
    frame.show(ui, |ui| {
        // The frame has a pixel of edge on each side.
        ui.spacing_mut().interact_size.y = CONTROL_HEIGHT - 2.0;
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.horizontal(|ui| job_ui(ui, job, running.count(), narrow, out));
    });
}

fn job_ui(ui: &mut Ui, job: &ImportJob, n_waiting: usize, narrow: bool, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    let name = job.path.file_name().unwrap_or(job.path.as_os_str()).to_string_lossy();
    let percent = job.progress.percent();
    let waiting = if n_waiting == 0 { String::new() } else { format!("\n{n_waiting} more to come") };
    let width = BAR_WIDTH + S + PERCENT_WIDTH + S + if narrow { 0.0 } else { NAME_WIDTH + S };
    let part = job.progress.part;
    let bar = egui::Atom::paint(vec2(BAR_WIDTH, XS), move |ui, args| {
        let pen = Pen::new(ui);
        pen.fill(args.rect, RADIUS_MARK, theme.border_control);
        let done = args.rect.with_max_x(args.rect.left() + args.rect.width() * part);
        pen.fill(done, RADIUS_MARK, theme.accent);
    });
    let face = Face::new(SMALL, Weight::Medium, theme.ink);
    let figure = percent.clone();
    let figure = egui::Atom::paint(vec2(PERCENT_WIDTH, CONTROL_HEIGHT - S), move |ui, args| {
        Pen::new(ui).right(args.rect.right(), args.rect.center().y, &figure, face);
    });
    let size = vec2(width, CONTROL_HEIGHT - 2.0);
    let button = ui
        .allocate_ui_with_layout(size, egui::Layout::left_to_right(egui::Align::Center), |ui| {
            ui.spacing_mut().button_padding.x = S;
            if narrow {
                ui.add(Button::new((bar, figure)).gap(S).frame_when_inactive(false))
            } else {
                let words = rich(name.as_ref(), Face::new(SMALL, Weight::Regular, theme.ink_soft));
                let button = Button::new((words, egui::Atom::grow(), bar, figure)).gap(S).truncate();
                ui.add(button.frame_when_inactive(false).min_size(size))
            }
        })
        .inner;
    let label = format!("{} {name}: {percent}", job.work.name());
    button.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &label));
    let hover = format!("{} {name}\n{}{waiting}", job.work.doing(), job.progress.text);
    if button.on_hover_text(hover).clicked() {
        out.push(Command::ShowPage(Page::Data));
    }
    let (rect, _) = ui.allocate_exact_size(vec2(1.0, DIVIDER_HEIGHT), Sense::hover());
    Pen::new(ui).fill(rect, 0, theme.border);
    let cancel = format!("Cancel the {} {name}", job.work.name().to_lowercase());
    if icon_button(ui, Icon::Cross, &cancel).clicked() {
        out.push(Command::CancelImport(job.id));
    }
}
