use chrono::Weekday;
use egui::{Button, Popup, PopupCloseBehavior, RectAlign, Ui, vec2};

use crate::app::state::Theme as ThemeChoice;
use crate::app::{Command, State};
use crate::ui::controls::{icon_in, line, rich};
use crate::ui::paint::{Face, Icon};
use crate::ui::theme::{CAPTION, CONTROL_HEIGHT, S, SMALL, Theme, Weight, XS};
use crate::ui::zones::ZoneList;

/// What is typed and open in the menu of zone, week and look.
#[derive(Clone, Debug, Default)]
pub(in crate::ui) struct Draft {
    pub(super) open: bool,
    zones: ZoneList,
}

const WIDTH: f32 = 300.0;

const WEEK_STARTS: [(Weekday, &str); 3] =
    [(Weekday::Mon, "Mon"), (Weekday::Sun, "Sun"), (Weekday::Sat, "Sat")];
const THEMES: [(ThemeChoice, &str); 3] =
    [(ThemeChoice::System, "System"), (ThemeChoice::Light, "Light"), (ThemeChoice::Dark, "Dark")];

/// The button that says zone and week start, and its menu.
pub(super) fn ui(ui: &mut Ui, state: &State, draft: &mut Draft, max_width: f32, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    let calendar = &state.calendar;
    let text = format!("{} · weeks from {}", calendar.zone.name(), calendar.week_start);
    let face = Face::new(SMALL, Weight::Regular, theme.ink_soft);
    let button = ui.scope(|ui| {
        ui.spacing_mut().button_padding.x = S;
        ui.set_max_width(max_width);
        let atoms = (rich(text.clone(), face), icon_in(Icon::ChevronDown, theme.ink_faint));
        let button = Button::new(atoms).gap(S).truncate().frame_when_inactive(false);
        ui.add(button.min_size(vec2(0.0, CONTROL_HEIGHT)))
    });
    let button = button.inner.on_hover_text(text);
    if button.clicked() {
        draft.open = !draft.open;
        draft.zones.clear();
    }
    let mut open = draft.open;
    Popup::from_response(&button)
        .open_bool(&mut open)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .align(RectAlign::BOTTOM_END)
        .gap(XS)
        .accessible_name("Zone, week and look")
        .show(|ui| {
            ui.set_width(WIDTH);
            egui::Frame::new().inner_margin(S).show(ui, |ui| menu_ui(ui, state, draft, out));
        });
    draft.open &= open;
}

fn menu_ui(ui: &mut Ui, state: &State, draft: &mut Draft, out: &mut Vec<Command>) {
    head(ui, "Time zone of days and weeks");
    if let Some(zone) = draft.zones.ui(ui, Some(state.calendar.zone.name())) {
        out.push(Command::SetZone(zone));
        draft.open = false;
    }
    ui.add_space(S);
    head(ui, "Weeks begin on");
    choice_ui(ui, &WEEK_STARTS, state.calendar.week_start, |it| out.push(Command::SetWeekStart(it)));
    ui.add_space(S);
    head(ui, "Look");
    choice_ui(ui, &THEMES, state.theme, |it| out.push(Command::SetTheme(it)));
}

fn head(ui: &mut Ui, text: &str) {
    line(ui, text, Face::new(CAPTION, Weight::Semibold, Theme::of(ui).ink_soft));
    ui.add_space(XS);
}

fn choice_ui<T: PartialEq + Copy>(ui: &mut Ui, choices: &[(T, &str)], current: T, mut choose: impl FnMut(T)) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = XS;
        for (value, name) in choices {
            if ui.add(Button::selectable(*value == current, *name)).clicked() {
                choose(*value);
            }
        }
    });
}
