use chrono::Weekday;
use egui::{Button, Popup, PopupCloseBehavior, RectAlign, Ui, pos2, vec2};

use crate::app::state::Theme as ThemeChoice;
use crate::app::{Command, State};
use crate::model::Zone;
use crate::ui::controls::{icon_in, line, rich};
use crate::ui::paint::{Face, Icon};
use crate::ui::search_list::{Choices, SearchList};
use crate::ui::theme::{BODY, CAPTION, CONTROL_HEIGHT, S, SMALL, Theme, Weight, XS};

/// What is typed and open in the menu of zone, week and look.
#[derive(Clone, Debug, Default)]
pub(in crate::ui) struct Draft {
    pub(super) open: bool,
    search: SearchList,
    /// The names of the zone database; read when the menu first opens.
    zones: Vec<Named>,
}

#[derive(Clone, Debug)]
struct Named {
    name: String,
    /// In lower case, with blanks for underscores.
    key: String,
}

const WIDTH: f32 = 300.0;
const N_ROWS_SHOWN: usize = 8;

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
        draft.search.clear();
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
    if draft.zones.is_empty() {
        draft.zones = Zone::names().into_iter().map(Named::new).collect();
    }
    head(ui, "Time zone of days and weeks");
    let Draft { search, zones, open } = draft;
    let current = state.calendar.zone.name();
    let choices = Choices {
        name: "Search zones",
        hint: "City or region",
        list: zones.as_ptr().addr(),
        search: &|text| found(zones, text),
        row: &|pen, rect, index| {
            let name = zones.get(index).map_or("", |it| it.name.as_str());
            let (weight, color) = if name == current {
                (Weight::Semibold, pen.theme.accent_text)
            } else {
                (Weight::Regular, pen.theme.ink)
            };
            let at = pos2(rect.left() + S, rect.center().y);
            pen.cut(at, rect.width() - 2.0 * S, name, Face::new(BODY, weight, color));
            name.to_owned()
        },
        head: None,
        is_current: &|index| zones.get(index).is_some_and(|it| it.name == current),
        n_rows_shown: N_ROWS_SHOWN,
    };
    if let Some(name) = search.ui(ui, &choices).and_then(|it| zones.get(it)) {
        // A name of the database's own list is found in it.
        out.extend(Zone::named(&name.name).ok().map(Command::SetZone));
        *open = false;
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

impl Named {
    fn new(name: String) -> Self {
        Self { key: searchable(&name), name }
    }
}

fn found(zones: &[Named], text: &str) -> Vec<usize> {
    let text = searchable(text.trim());
    let found = zones.iter().enumerate().filter(|(_, it)| it.key.contains(&text));
    found.map(|(index, _)| index).collect()
}

fn searchable(name: &str) -> String {
    name.to_lowercase().replace('_', " ")
}
