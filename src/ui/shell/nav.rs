use egui::{Atom, Button, Frame, Margin, Panel, Ui, vec2};

use crate::app::Command;
use crate::app::state::{Page, State};
use crate::ui::controls::{icon, line, rich, row, sign, words};
use crate::ui::key_marks::{self, Side};
use crate::ui::paint::{Face, Icon, Pen};
use crate::ui::theme::{BODY, CAPTION, L, M, S, SMALL, Theme, Weight, XS};
use crate::view::number;

/// With the gap it makes 34: a line of text with as much again around it.
const ITEM_HEIGHT: f32 = 30.0;

/// The pages there are, and at the foot what the figures rest on.
pub(super) fn ui(ui: &mut Ui, state: &State, narrow: bool, out: &mut Vec<Command>) {
    if !narrow {
        Panel::bottom("navigation foot")
            .resizable(false)
            .show_separator_line(false)
            .frame(Frame::new().inner_margin(Margin::same(L as i8)))
            .show(ui, |ui| foot_ui(ui, state));
    }
    Frame::new().inner_margin(Margin::symmetric(S as i8, M as i8)).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = XS;
        // Where one is and where one points is seen by the ground alone.
        let widgets = &mut ui.visuals_mut().widgets;
        widgets.inactive.bg_stroke = egui::Stroke::NONE;
        widgets.hovered.bg_stroke = egui::Stroke::NONE;
        for page in Page::ALL {
            item_ui(ui, state, page, narrow, out);
        }
    });
}

fn item_ui(ui: &mut Ui, state: &State, page: Page, narrow: bool, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    let chosen = page == state.page;
    let enabled = state.file.is_some() || chosen;
    let size = vec2(ui.available_width(), ITEM_HEIGHT);
    let item = if narrow {
        ui.spacing_mut().button_padding.x = XS;
        Button::selectable(chosen, (Atom::grow(), icon(drawing(page)), Atom::grow()))
    } else {
        let (weight, color) =
            if chosen { (Weight::Semibold, theme.accent_text) } else { (Weight::Regular, theme.ink) };
        let name = rich(page.name(), Face::new(BODY, weight, color));
        Button::selectable(chosen, (icon(drawing(page)), name, Atom::grow())).gap(S)
    };
    let response = ui.add_enabled(enabled, item.min_size(size));
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, enabled, chosen, page.name()));
    let response = if narrow { response.on_hover_text(page.name()) } else { response };
    key_marks::mark(&response, keys(page), Side::Right);
    if response.clicked() {
        out.push(Command::ShowPage(page));
    }
}

fn keys(page: Page) -> &'static str {
    match page {
        Page::Overview => "g o",
        Page::History => "g h",
        Page::Ranking => "g r",
        Page::Data => "g i",
    }
}

fn drawing(page: Page) -> Icon {
    match page {
        Page::Overview => Icon::Overview,
        Page::History => Icon::History,
        Page::Ranking => Icon::Ranking,
        Page::Data => Icon::Data,
    }
}

fn foot_ui(ui: &mut Ui, state: &State) {
    let theme = Theme::of(ui);
    let faint = Face::new(CAPTION, Weight::Regular, theme.ink_faint);
    if state.file.is_none() {
        words(ui, "Works offline. Nothing leaves this machine", faint);
        return;
    }
    ui.spacing_mut().item_spacing = vec2(XS, XS);
    if adds_up(state) {
        row(ui, 16.0, |ui| {
            sign(ui, Icon::Check, theme.good);
            line(ui, "Adds up", Face::new(SMALL, Weight::Medium, theme.ink));
        });
        line(ui, "days = formats = users", faint);
        rule(ui);
    }
    let Some(visible) = state.viewing.visible else {
        return;
    };
    let date = |at: Option<crate::model::Instant>| {
        at.map_or_else(|| "–".to_owned(), |it| number::date(state.calendar.date(it)))
    };
    let facts =
        [("Rows", number::count(visible.n_rows)), ("From", date(visible.first)), ("To", date(visible.last))];
    for (name, value) in facts {
        row(ui, 14.0, |ui| {
            line(ui, name, faint);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                line(ui, &value, Face::new(CAPTION, Weight::Regular, theme.ink_soft));
            });
        });
    }
}

/// Whether the figures of the Overview were added up and found equal.
fn adds_up(state: &State) -> bool {
    state.overview.value.as_ref().is_some_and(|it| it.adds_up)
}

fn rule(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), L + S), egui::Sense::hover());
    Pen::new(ui).hline(rect.left(), rect.right(), rect.center().y, Theme::of(ui).border);
}
