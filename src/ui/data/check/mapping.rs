//! The form for a log of another shape: which of its columns is which of ours.

use std::ops::Range;

use egui::{
    Align, Atom, Button, FontId, Layout, Margin, Popup, PopupCloseBehavior, Response, TextEdit, Ui, vec2,
};

use crate::app::{CheckCommand, Command};
use crate::ui::controls::{at_right, faint, icon_button, icon_in, line, menu_style, rich, row, sign, soft};
use crate::ui::paint::{Face, Icon};
use crate::ui::theme::{BODY, CONTROL_HEIGHT, L, M, ROW_HEIGHT, S, SMALL, Theme, Weight, XL, XS};
use crate::view::{MappingEdit, MappingField, MappingForm, MappingReading, SourceKind, TheirColumn};

/// The name that is being typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    name: String,
}

/// From here on the fields stand in two columns.
const TWO_COLUMNS_FROM: f32 = 900.0;
/// How much of the width the first has, where there is little.
const FIRST_PART: f32 = 0.61;
/// Room for a name, and for where its values come from: the second column has the shorter ones.
const WIDTHS: [(f32, f32); 2] = [(116.0, 174.0), (80.0, 148.0)];
const VALUE_WIDTH: f32 = 330.0;
const NUMBER_WIDTH: f32 = 88.0;
const SAVE_WIDTH: f32 = 240.0;
const MENU_WIDTH: f32 = 440.0;

pub(super) fn ui(ui: &mut Ui, dump: usize, form: &MappingForm, draft: &mut Draft, out: &mut Vec<Command>) {
    let mut edits = Vec::new();
    ui.spacing_mut().item_spacing.y = S;
    head_ui(ui, form, &mut edits);
    if ui.available_width() >= TWO_COLUMNS_FROM {
        two_columns_ui(ui, form, &mut edits);
    } else {
        fields_ui(ui, form, 0..form.fields.len(), WIDTHS[0], &mut edits);
    }
    if let Some(fault) = &form.fault {
        let theme = Theme::of(ui);
        row(ui, 20.0, |ui| {
            sign(ui, Icon::Warning, theme.warn);
            line(ui, fault, Face::new(SMALL, Weight::Medium, theme.warn));
        });
    }
    foot_ui(ui, form, draft, &mut edits);
    out.extend(edits.into_iter().map(|edit| Command::Check(CheckCommand::Map { dump, edit })));
}

fn head_ui(ui: &mut Ui, form: &MappingForm, edits: &mut Vec<MappingEdit>) {
    let theme = Theme::of(ui);
    row(ui, CONTROL_HEIGHT, |ui| {
        let is_guess = form.reading == MappingReading::Guessed && form.fault.is_none();
        let ink = if form.asks() { theme.ink } else { theme.ink_soft };
        if is_guess {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.add(Button::new("Use this mapping").min_size(vec2(0.0, CONTROL_HEIGHT))).clicked() {
                    edits.push(MappingEdit::Accept);
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    line(ui, form.hint(), Face::new(BODY, Weight::Semibold, ink));
                });
            });
        } else {
            line(ui, form.hint(), Face::new(BODY, Weight::Semibold, ink));
        }
    });
}

// ---- fields -------------------------------------------------------------------------------------

fn two_columns_ui(ui: &mut Ui, form: &MappingForm, edits: &mut Vec<MappingEdit>) {
    let n_fields = form.fields.len();
    let half = n_fields.div_ceil(2);
    let room = ui.available_width() - XL;
    let widest = |(name, kind)| name + kind + VALUE_WIDTH + 2.0 * S;
    let first = (room * FIRST_PART).min(widest(WIDTHS[0]));
    let second = (room - first).min(widest(WIDTHS[1]));
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = XL;
        let columns = [(first, 0..half, WIDTHS[0]), (second, half..n_fields, WIDTHS[1])];
        for (width, places, widths) in columns {
            ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::Min), |ui| {
                ui.set_width(width);
                fields_ui(ui, form, places, widths, edits);
            });
        }
    });
}

fn fields_ui(
    ui: &mut Ui,
    form: &MappingForm,
    places: Range<usize>,
    widths: (f32, f32),
    edits: &mut Vec<MappingEdit>,
) {
    ui.spacing_mut().item_spacing = vec2(S, XS);
    for place in places {
        let Some(field) = form.fields.get(place) else { continue };
        ui.push_id(field.name, |ui| {
            row(ui, CONTROL_HEIGHT, |ui| field_ui(ui, form, (place, field), widths, edits));
        });
    }
}

fn field_ui(
    ui: &mut Ui,
    form: &MappingForm,
    (place, field): (usize, &MappingField),
    (name_width, kind_width): (f32, f32),
    edits: &mut Vec<MappingEdit>,
) {
    let theme = Theme::of(ui);
    let name_size = vec2(name_width, CONTROL_HEIGHT);
    ui.allocate_ui_with_layout(name_size, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_width(name_width);
        line(ui, field.name, Face::new(SMALL, Weight::Medium, theme.ink));
    });
    let label = format!("{}: {}", field.name, field.kind.name());
    let button = menu_button(ui, kind_width, field.kind.name(), &label);
    menu(&button, &label, PopupCloseBehavior::CloseOnClick, |ui| {
        for kind in field.kinds {
            if ui.add(Button::selectable(*kind == field.kind, kind.name())).clicked() {
                edits.push(MappingEdit::Kind(place, *kind));
            }
        }
    });
    let room = ui.available_width().min(VALUE_WIDTH);
    if field.kind.has_columns() {
        let width = if field.kind == SourceKind::Product { room - NUMBER_WIDTH - XL } else { room };
        columns_ui(ui, width, form, (place, field), edits);
    }
    if field.kind == SourceKind::Product {
        line(ui, "×", soft(ui));
    }
    if field.kind.has_text() {
        let is_number = field.kind == SourceKind::Product;
        let (width, what) = if is_number { (NUMBER_WIDTH, "number") } else { (room, "text") };
        let mut text = field.text.clone();
        let hint = if is_number { "0.001" } else { "" };
        let edit = text_edit(&mut text, width).hint_text(hint);
        if ui.add(edit).accessible_name(format!("{}: {what}", field.name)).changed() {
            edits.push(MappingEdit::Text(place, text));
        }
    }
}

/// The columns of the file, each with some of its values.
fn columns_ui(
    ui: &mut Ui,
    width: f32,
    form: &MappingForm,
    (place, field): (usize, &MappingField),
    edits: &mut Vec<MappingEdit>,
) {
    let chosen = field.chosen();
    let label = format!("{} from {chosen}", field.name);
    let button = menu_button(ui, width, &chosen, &label).on_hover_text(&chosen);
    let are_several = field.kind == SourceKind::UuidV5;
    let closes =
        if are_several { PopupCloseBehavior::CloseOnClickOutside } else { PopupCloseBehavior::CloseOnClick };
    menu(&button, &label, closes, |ui| {
        let area = egui::ScrollArea::vertical().max_height(ROW_HEIGHT * 10.0);
        area.show(ui, |ui| {
            for column in &form.columns {
                if column_ui(ui, column, field) {
                    edits.push(MappingEdit::Column(place, column.name.clone()));
                }
            }
        });
    });
}

/// Whether it was clicked. Where there may be several, a mark says that it is chosen.
fn column_ui(ui: &mut Ui, column: &TheirColumn, field: &MappingField) -> bool {
    let is_chosen = field.columns.contains(&column.name);
    let size = vec2(MENU_WIDTH, ROW_HEIGHT);
    let item = (column.short_name(), Atom::grow(), rich(&column.examples, faint(ui)));
    let mut is_marked = is_chosen;
    let (item, role) = if field.kind == SourceKind::UuidV5 {
        (ui.add_sized(size, egui::Checkbox::new(&mut is_marked, item)), egui::Role::CheckBox)
    } else {
        (ui.add_sized(size, Button::selectable(is_chosen, item).gap(L)), egui::Role::Button)
    };
    item.widget_info(|| egui::WidgetInfo {
        current_text_value: Some(column.examples.clone()),
        ..egui::WidgetInfo::selected(role, true, is_chosen, &column.name)
    });
    item.on_hover_text(&column.name).clicked()
}

// ---- what is saved ------------------------------------------------------------------------------

fn foot_ui(ui: &mut Ui, form: &MappingForm, draft: &mut Draft, edits: &mut Vec<MappingEdit>) {
    ui.spacing_mut().item_spacing.x = S;
    ui.add_space(XS);
    row(ui, CONTROL_HEIGHT, |ui| {
        saved_ui(ui, form, edits);
        let edit = text_edit(&mut draft.name, SAVE_WIDTH).hint_text("name for files like this one");
        let field = ui.add(edit).accessible_name("Name of the mapping");
        let name = draft.name.trim();
        let can_save = form.json.is_some() && !name.is_empty();
        let entered = field.lost_focus() && ui.input(|it| it.key_pressed(egui::Key::Enter));
        let button = Button::new("Save mapping").min_size(vec2(0.0, CONTROL_HEIGHT));
        if ui.add_enabled(can_save, button).clicked() || (entered && can_save) {
            edits.push(MappingEdit::Save(name.to_owned()));
            draft.name.clear();
        }
        let Some(json) = &form.json else { return };
        at_right(ui, "json", |ui| {
            let text = rich("Copy as JSON", Face::new(SMALL, Weight::Medium, Theme::of(ui).accent_text));
            let button = Button::new(text).frame_when_inactive(false).min_size(vec2(0.0, CONTROL_HEIGHT));
            if ui.add(button).on_hover_text("For --mapping on the command line").clicked() {
                ui.ctx().copy_text(json.clone());
            }
        });
    });
}

/// Which of the saved mappings is used; it may be forgotten.
fn saved_ui(ui: &mut Ui, form: &MappingForm, edits: &mut Vec<MappingEdit>) {
    if form.saved.is_empty() {
        return;
    }
    let shown = form.used.as_deref().unwrap_or("Saved mappings");
    let label = format!("Saved mappings: {}", form.used.as_deref().unwrap_or("none used"));
    let button = menu_button(ui, WIDTHS[0].1, shown, &label);
    menu(&button, "Saved mappings", PopupCloseBehavior::CloseOnClick, |ui| {
        for name in &form.saved {
            if ui.add(Button::selectable(form.used.as_ref() == Some(name), name.as_str())).clicked() {
                edits.push(MappingEdit::Use(Some(name.clone())));
            }
        }
        if ui.add(Button::selectable(false, "The guess")).clicked() {
            edits.push(MappingEdit::Use(None));
        }
    });
    if let Some(name) = &form.used
        && icon_button(ui, Icon::Cross, &format!("Forget the mapping {name}")).clicked()
    {
        edits.push(MappingEdit::Forget(name.clone()));
    }
    ui.add_space(M);
}

// ---- parts --------------------------------------------------------------------------------------

fn text_edit(text: &mut String, width: f32) -> TextEdit<'_> {
    TextEdit::singleline(text)
        .font(FontId::proportional(SMALL))
        .margin(Margin::symmetric(S as i8, 6))
        .desired_width(width)
}

/// As wide as is said; its text is cut.
fn menu_button(ui: &mut Ui, width: f32, text: &str, label: &str) -> Response {
    let theme = Theme::of(ui);
    let text = rich(text, Face::new(SMALL, Weight::Regular, theme.ink));
    let button = Button::new((text, Atom::grow(), icon_in(Icon::ChevronDown, theme.ink_faint))).truncate();
    let button = ui.add_sized(vec2(width, CONTROL_HEIGHT), button);
    button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), label));
    button
}

fn menu(button: &Response, name: &str, closes: PopupCloseBehavior, add: impl FnOnce(&mut Ui)) {
    let menu = Popup::menu(button).style(menu_style).gap(XS).close_behavior(closes);
    menu.accessible_name(name).show(|ui| {
        ui.set_min_width(button.rect.width() - S);
        add(ui);
    });
}
