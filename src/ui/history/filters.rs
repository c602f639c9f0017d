//! What the list holds and how it is ordered: menus of values, a text, and chips that take each away.

use egui::{Align, Button, Layout, Popup, PopupCloseBehavior, ScrollArea, TextEdit, Ui, vec2};

use crate::app::{Command, State};
use crate::model::{Dim, RowOrder};
use crate::ui::controls::{self, at_right, faint, icon_in, line, menu_style, rich, row};
use crate::ui::key_marks::{self, Side};
use crate::ui::paint::{Face, Icon};
use crate::ui::theme::{CONTROL_HEIGHT, ROW_HEIGHT, S, SMALL, Theme, Weight, XS};
use crate::view::{Chip, History, Listing, NamedValue, Part, RowValues};

/// The text that is being typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    text: String,
    /// What the list asked for when this was last looked at.
    listed: String,
    /// When it was last typed, in egui's seconds; `None` once it was asked for.
    typed_at: Option<f64>,
    /// The field is to have the focus.
    search: bool,
}

impl Draft {
    /// The text is typed next.
    pub(super) fn search(&mut self) {
        self.search = true;
    }
}

/// A person who types has stopped.
const PAUSE_SECS: f64 = 0.5;
const TEXT_WIDTH: f32 = 168.0;
const MENU_WIDTH: f32 = 240.0;
const MENU_ROWS: usize = 10;

const DIMS: [(Dim, &str); 3] = [(Dim::Action, "Action"), (Dim::Format, "Format"), (Dim::Quality, "Quality")];
const ORDERS: [(RowOrder, &str); 3] =
    [(RowOrder::Newest, "Newest"), (RowOrder::Oldest, "Oldest"), (RowOrder::Largest, "Largest charges")];

/// A line of filters and the order, and a line of chips where there are any.
pub(super) fn ui(ui: &mut Ui, state: &State, draft: &mut Draft, out: &mut Vec<Command>) {
    let listing = &state.listing;
    let history = state.history.value.as_deref();
    row(ui, CONTROL_HEIGHT, |ui| {
        for (dim, name) in DIMS {
            let values = history.map_or(&[][..], |it| values_of(&it.values, dim));
            menu_ui(ui, listing, (dim, name), values, out);
        }
        text_ui(ui, listing, draft, out);
        at_right(ui, "order", |ui| order_ui(ui, listing, out));
    });
    if listing.is_narrowed() {
        ui.add_space(S);
        chips_ui(ui, state, history, out);
    }
}

fn values_of(values: &RowValues, dim: Dim) -> &[NamedValue] {
    match dim {
        Dim::Action => &values.actions,
        Dim::Format => &values.formats,
        Dim::Quality => &values.qualities,
        Dim::User | Dim::Metadata(_) => &[],
    }
}

/// A menu that stays open, so that several values can be ticked.
fn menu_ui(
    ui: &mut Ui,
    listing: &Listing,
    (dim, name): (Dim, &str),
    values: &[NamedValue],
    out: &mut Vec<Command>,
) {
    let theme = Theme::of(ui);
    let text = rich(name, Face::new(SMALL, Weight::Medium, theme.ink));
    let button = Button::new((text, icon_in(Icon::ChevronDown, theme.ink_faint))).gap(S);
    let button = ui.add_enabled(!values.is_empty(), button.min_size(vec2(0.0, CONTROL_HEIGHT)));
    Popup::menu(&button)
        .style(menu_style)
        .gap(XS)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .accessible_name(name)
        .show(|ui| {
            ui.set_width(MENU_WIDTH);
            ui.spacing_mut().item_spacing.y = 0.0;
            let height = ROW_HEIGHT * MENU_ROWS as f32;
            let area = ScrollArea::vertical().max_height(height).auto_shrink([false, true]);
            area.show_rows(ui, ROW_HEIGHT, values.len(), |ui, range| {
                for NamedValue { value, name } in values.get(range).unwrap_or_default() {
                    let mut chosen = listing.includes(dim, value.as_ref());
                    let color =
                        if value.as_deref().is_none_or(str::is_empty) { theme.ink_soft } else { theme.ink };
                    let text = rich(name, Face::new(SMALL, Weight::Regular, color));
                    let size = vec2(MENU_WIDTH - S, ROW_HEIGHT);
                    if ui
                        .add_sized(size, egui::Checkbox::new(&mut chosen, (text, egui::Atom::grow())))
                        .changed()
                    {
                        out.push(Command::List(listing.toggled(dim, value.as_ref())));
                    }
                }
            });
        });
}

/// Asked for with Enter, or when the typing pauses.
fn text_ui(ui: &mut Ui, listing: &Listing, draft: &mut Draft, out: &mut Vec<Command>) {
    if draft.listed != listing.metadata_contains {
        draft.listed.clone_from(&listing.metadata_contains);
        if draft.typed_at.is_none() {
            draft.text.clone_from(&draft.listed);
        }
    }
    let field = TextEdit::singleline(&mut draft.text)
        .hint_text("text in metadata")
        .font(egui::FontId::proportional(SMALL))
        .margin(egui::Margin::symmetric(S as i8, 6))
        .desired_width(TEXT_WIDTH);
    let field = ui.add(field).accessible_name("Text in metadata");
    key_marks::mark(&field, "f t", Side::Right);
    if std::mem::take(&mut draft.search) {
        field.request_focus();
    }
    let now = ui.input(|it| it.time);
    if field.changed() {
        draft.typed_at = Some(now);
    }
    let entered = field.lost_focus() && ui.input(|it| it.key_pressed(egui::Key::Enter));
    let Some(typed_at) = draft.typed_at else { return };
    let wait_secs = PAUSE_SECS - (now - typed_at);
    if entered || wait_secs <= 0.0 {
        draft.typed_at = None;
        if draft.text != listing.metadata_contains {
            out.push(Command::List(Listing { metadata_contains: draft.text.clone(), ..listing.clone() }));
        }
    } else {
        ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(wait_secs));
    }
}

fn order_ui(ui: &mut Ui, listing: &Listing, out: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = XS;
        for (order, name) in ORDERS {
            let chosen = listing.order == order;
            let text = rich(name, Face::new(SMALL, Weight::Medium, Theme::of(ui).ink));
            let button = Button::selectable(chosen, text).min_size(vec2(0.0, CONTROL_HEIGHT));
            if ui.add(button).clicked() && !chosen {
                out.push(Command::List(Listing { order, ..listing.clone() }));
            }
        }
    });
}

fn chips_ui(ui: &mut Ui, state: &State, history: Option<&History>, out: &mut Vec<Command>) {
    let unknown = std::collections::BTreeMap::new();
    let usernames = history.map_or(&unknown, |it| &it.usernames);
    ui.horizontal_wrapped(|ui| {
        for chip in state.listing.chips(&state.calendar, usernames) {
            if chip_ui(ui, &chip) {
                out.push(Command::List(state.listing.without(chip.part)));
            }
        }
        let text = rich("Clear filters", Face::new(SMALL, Weight::Medium, Theme::of(ui).ink_soft));
        let button = Button::new(text).frame_when_inactive(false).min_size(vec2(0.0, CONTROL_HEIGHT));
        if ui.add(button).clicked() {
            out.push(Command::List(state.listing.cleared()));
        }
    });
}

/// Whether it is to be taken away.
fn chip_ui(ui: &mut Ui, chip: &Chip) -> bool {
    let theme = Theme::of(ui);
    let (fill, ink) = match chip.part {
        Part::Exclude(_) => (theme.warn_fill, theme.warn),
        Part::Window | Part::Include(_) | Part::Metadata => (theme.accent_fill, theme.accent_text),
    };
    controls::chip(ui, &chip.text, fill, ink)
}

/// How many rows the list has and what they come to, below it.
pub(super) fn foot_ui(ui: &mut Ui, history: &History) {
    row(ui, ROW_HEIGHT, |ui| {
        // The figures first: where there is little room, the caption is cut.
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let face = Face::new(SMALL, Weight::Semibold, Theme::of(ui).ink);
            line(ui, &history.figures.text(), face);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| line(ui, &history.caption, faint(ui)));
        });
    });
}
