use std::ffi::OsStr;
use std::path::Path;

use egui::text::{LayoutJob, TextFormat};
use egui::{Atom, Button, Key, KeyboardShortcut, Modifiers, Popup, Ui, vec2};

use crate::app::{Command, State};
use crate::ui::controls::{icon_in, line, menu_style};
use crate::ui::key_marks::{self, Side};
use crate::ui::paint::{Face, Icon};
use crate::ui::theme::{BODY, CAPTION, CONTROL_HEIGHT, S, Theme, Weight, XS, font};

const WIDTH: f32 = 300.0;

/// The file that is open; behind it, what can be done with files.
pub(super) fn ui(ui: &mut Ui, state: &State, path: &Path, max_width: f32, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    let mut name = LayoutJob::default();
    let suffix = path.extension().map(|it| format!(".{}", it.to_string_lossy())).unwrap_or_default();
    let parts =
        [(text(path.file_stem()), Weight::Medium, theme.ink), (suffix, Weight::Regular, theme.ink_faint)];
    for (text, weight, color) in parts {
        name.append(&text, 0.0, TextFormat::simple(font(BODY, weight), color));
    }
    ui.scope(|ui| {
        ui.spacing_mut().button_padding.x = S;
        ui.set_max_width(max_width);
        let button = Button::new((name, icon_in(Icon::ChevronDown, theme.ink_faint))).gap(S).truncate();
        let button = ui.add(button.frame_when_inactive(false).min_size(vec2(0.0, CONTROL_HEIGHT)));
        key_marks::mark(&button, "Ctrl O", Side::Below);
        let name = format!("File {}", text(path.file_name()));
        button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
        let button = button.on_hover_text(path.display().to_string());
        Popup::menu(&button).style(menu_style).gap(XS).accessible_name("File").show(|ui| {
            ui.set_width(WIDTH);
            items_ui(ui, state, path, out);
        });
    });
}

fn items_ui(ui: &mut Ui, state: &State, path: &Path, out: &mut Vec<Command>) {
    let dialogs = !state.dialog_open && !state.dialogs_unavailable;
    for (name, key, command) in
        [("Open file…", Key::O, Command::ChooseFile), ("Import…", Key::I, Command::ChooseDumps)]
    {
        let keys = ui.ctx().format_shortcut(&KeyboardShortcut::new(Modifiers::COMMAND, key));
        if ui.add_enabled(dialogs, Button::new(name).shortcut_text(keys)).clicked() {
            out.push(command);
        }
    }
    let recent: Vec<_> = state.recent.iter().filter(|it| *it != path).collect();
    if !recent.is_empty() {
        ui.separator();
        note_ui(ui, "Recent files");
        for path in recent {
            recent_ui(ui, path, out);
        }
    }
    ui.separator();
    if ui.button("Open sample").clicked() {
        out.push(Command::OpenSample);
    }
    let imports = state.jobs.iter().any(|it| it.report.is_none());
    let close = ui.add_enabled(!imports, Button::new("Close file"));
    if close.on_disabled_hover_text("An import into it is under way").clicked() {
        out.push(Command::CloseFile);
    }
    ui.separator();
    note_ui(ui, &path.display().to_string());
}

/// A file that was open before: its name, and where it is.
pub(in crate::ui) fn recent_ui(ui: &mut Ui, path: &Path, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    let name = crate::ui::controls::rich(text(path.file_name()), Face::new(BODY, Weight::Medium, theme.ink));
    let folder = path.parent().map(|it| it.display().to_string()).unwrap_or_default();
    let folder = crate::ui::controls::rich(folder, Face::new(CAPTION, Weight::Regular, theme.ink_faint));
    let button = Button::new((name, folder, Atom::grow())).gap(S).truncate();
    let button = ui.add(button.min_size(vec2(ui.available_width(), CONTROL_HEIGHT)));
    let label = format!("Open {}", path.display());
    button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &label));
    if button.on_hover_text(path.display().to_string()).clicked() {
        out.push(Command::OpenRecent(path.to_owned()));
    }
}

fn note_ui(ui: &mut Ui, text: &str) {
    ui.add_space(XS);
    ui.horizontal(|ui| {
        ui.add_space(S);
        line(ui, text, Face::new(CAPTION, Weight::Regular, Theme::of(ui).ink_faint));
    });
    ui.add_space(XS);
}

fn text(name: Option<&OsStr>) -> String {
    name.map(|it| it.to_string_lossy().into_owned()).unwrap_or_default()
}
