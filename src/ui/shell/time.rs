use egui::{Atom, Button, Key, Margin, Popup, PopupCloseBehavior, Response, TextEdit, Ui};

use super::toolbar::{divider, pill, segment};
use crate::app::Command;
use crate::app::state::State;
use crate::report::chart::{AsOf, Compare, Period, Range, Unit, typed};
use crate::ui::controls::{faint, icon, icon_in, line, menu_style, rich, soft};
use crate::ui::key_marks::{self, Side};
use crate::ui::paint::{Face, Icon};
use crate::ui::theme::{L, S, SMALL, Theme, Weight, XS};
use crate::view::{number, period};

/// The ranges of the menu.
const RANGES: [Range; 8] = [
    Range::LastDays(7),
    Range::LastDays(28),
    Range::LastDays(30),
    Range::LastDays(90),
    Range::LastWeeks(12),
    Range::Unit { unit: Unit::Month, later: 0 },
    Range::Unit { unit: Unit::Month, later: -1 },
    Range::All,
];

/// The range that is being typed.
#[derive(Clone, Debug, Default)]
pub(in crate::ui) struct Draft {
    open: bool,
    text: String,
    /// Enter was pressed and the text is none.
    is_refused: bool,
}

/// The least a menu takes.
const MENU_WIDTH: f32 = 150.0;
/// Room for two dates with their years, and for the ways to write one.
const RANGE_WIDTH: f32 = 320.0;

/// The pill: step, range, as of, compare.
pub(super) fn ui(ui: &mut Ui, state: &State, narrow: bool, draft: &mut Draft, out: &mut Vec<Command>) {
    pill(ui, |ui| {
        let (back, on) = state.steps();
        if step_ui(ui, Icon::AngleLeft, ("Earlier ( [ )", "["), back) {
            out.push(Command::Step(-1));
        }
        divider(ui);
        if step_ui(ui, Icon::AngleRight, ("Later ( ] )", "]"), on) {
            out.push(Command::Step(1));
        }
        divider(ui);
        range_ui(ui, state, draft, out);
        if state.as_of.is_some() {
            divider(ui);
            as_of_ui(ui, state, narrow, out);
            divider(ui);
            compare_ui(ui, state, narrow, out);
        }
    });
}

fn step_ui(ui: &mut Ui, drawing: Icon, (name, key): (&str, &'static str), enabled: bool) -> bool {
    ui.scope(|ui| {
        ui.spacing_mut().button_padding.x = XS;
        let button = Button::new(icon(drawing)).frame_when_inactive(false).min_size(segment());
        let button = ui.add_enabled(enabled, button);
        button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, enabled, name));
        key_marks::mark(&button, key, Side::Below);
        button.on_hover_text(name).clicked()
    })
    .inner
}

fn range_ui(ui: &mut Ui, state: &State, draft: &mut Draft, out: &mut Vec<Command>) {
    let name = period::range_name(state.period, state.dates(state.period));
    let button = part(ui, &name, &format!("Range: {name}"), Weight::Semibold);
    let button = match dates_text(state, state.period) {
        Some(dates) => button.on_hover_text(dates),
        None => button,
    };
    // A click into the field does not close it.
    let menu = Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let shown = menu.style(menu_style).gap(XS).accessible_name("Range").show(|ui| {
        ui.set_width(RANGE_WIDTH);
        let mut chosen = typed_ui(ui, state, draft);
        for range in RANGES {
            let wanted = with(state, range);
            let name = period::range_name(wanted, state.dates(wanted));
            if choice(ui, range == state.period.range, &name, dates_text(state, wanted).as_deref()) {
                chosen = Some(range);
            }
        }
        if let Some(range) = chosen {
            out.push(Command::SetRange(range));
            ui.close();
        }
    });
    if shown.is_none() {
        *draft = Draft::default();
    }
}

/// A range in words of one's own, and below what it means. The charts stay until Enter is pressed.
fn typed_ui(ui: &mut Ui, state: &State, draft: &mut Draft) -> Option<Range> {
    let field = TextEdit::singleline(&mut draft.text)
        .hint_text("Type a range")
        .margin(Margin::symmetric(S as i8, 5))
        .desired_width(f32::INFINITY);
    let field = ui.add(field).accessible_name("Type a range");
    if !std::mem::replace(&mut draft.open, true) {
        field.request_focus();
    }
    let entered = field.lost_focus() && ui.input(|it| it.key_pressed(Key::Enter));
    let newest = state.newest(state.period).map(|it| state.calendar.date(it))?;
    let range = typed(&draft.text, &state.calendar, newest);
    let is_written = !draft.text.trim().is_empty();
    draft.is_refused = is_written && range.is_err() && (entered || draft.is_refused && !field.changed());
    if entered && range.is_err() {
        field.request_focus();
    }
    ui.add_space(XS);
    ui.horizontal(|ui| {
        ui.add_space(S);
        let meaning = range.as_ref().ok().and_then(|it| dates_text(state, with(state, *it)));
        match (&range, meaning) {
            (Ok(_), meaning) => line(ui, meaning.as_deref().unwrap_or_default(), soft(ui)),
            (Err(err), _) if draft.is_refused => {
                let bad = Face::new(SMALL, Weight::Regular, Theme::of(ui).bad);
                line(ui, &err.to_string(), bad)
            }
            (Err(_), _) => line(ui, "2026-Q1, 2026-10, 2026-W12, month-1, day-6 - day", faint(ui)),
        }
    });
    ui.add_space(XS);
    range.ok().filter(|_| entered)
}

/// The period with another range.
fn with(state: &State, range: Range) -> Period {
    Period { range, steps: 0, ..state.period }
}

fn as_of_ui(ui: &mut Ui, state: &State, narrow: bool, out: &mut Vec<Command>) {
    let instant = |as_of, is_short| {
        let at = state.newest(Period { as_of, ..state.period })?;
        Some(period::as_of(at, &state.calendar.zone, is_short))
    };
    let shown = |is_short| {
        let at = instant(state.period.as_of, is_short).unwrap_or_default();
        format!("as of {at}")
    };
    let button = part(ui, &shown(narrow), &shown(narrow), Weight::Regular);
    menu(&button.on_hover_text(shown(false)), "As of", |ui| {
        for (as_of, name) in [(AsOf::LatestRow, "Latest row"), (AsOf::LastDay, "Last complete day")] {
            if choice(ui, as_of == state.period.as_of, name, instant(as_of, false).as_deref()) {
                out.push(Command::SetAsOf(as_of));
            }
        }
    });
}

fn compare_ui(ui: &mut Ui, state: &State, narrow: bool, out: &mut Vec<Command>) {
    let compared = state.compared(state.period);
    let name = match compared {
        None => "not compared".to_owned(),
        Some(it) if narrow && it.compare == Compare::SameWeekdays => "vs same weekdays".to_owned(),
        Some(it) => format!("vs {}", period::compared_name(it)),
    };
    let button = part(ui, &name, &format!("Compare: {name}"), Weight::Regular);
    let help = if state.period.range == Range::All {
        Some("Before all there is there was nothing".to_owned())
    } else {
        compared_text(state, state.period)
    };
    let button = match help {
        Some(help) => button.on_hover_text(help),
        None => button,
    };
    menu(&button, "Compare", |ui| {
        for compare in [Compare::Off, Compare::Previous, Compare::SameWeekdays] {
            let wanted = Period { compare, ..state.period };
            let name = match compare {
                Compare::Off => "Off",
                Compare::Previous => "Previous period",
                Compare::SameWeekdays => "Same weekdays",
            };
            if choice(ui, compare == state.period.compare, name, compared_text(state, wanted).as_deref()) {
                out.push(Command::SetCompare(compare));
            }
        }
    });
}

/// A part of the pill that opens a menu.
fn part(ui: &mut Ui, text: &str, label: &str, weight: Weight) -> Response {
    let theme = Theme::of(ui);
    let color = if weight == Weight::Semibold { theme.ink } else { theme.ink_soft };
    let text = rich(text, Face::new(SMALL, weight, color));
    let button = Button::new((text, icon_in(Icon::ChevronDown, theme.ink_faint)))
        .gap(S)
        .frame_when_inactive(false)
        .min_size(segment());
    let button = ui.add(button);
    button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, label));
    button
}

fn menu(button: &Response, name: &str, add: impl FnOnce(&mut Ui)) {
    Popup::menu(button).style(menu_style).gap(XS).accessible_name(name).show(|ui| {
        ui.set_min_width(MENU_WIDTH);
        add(ui);
    });
}

/// A line of a menu, and beside it in faint what it means now.
fn choice(ui: &mut Ui, chosen: bool, name: &str, meaning: Option<&str>) -> bool {
    let faint = Face::new(SMALL, Weight::Regular, Theme::of(ui).ink_faint);
    let shown = rich(meaning.unwrap_or_default(), faint);
    let item = ui.add(Button::selectable(chosen, (name, Atom::grow(), shown)).gap(L));
    item.widget_info(|| egui::WidgetInfo {
        current_text_value: meaning.map(str::to_owned),
        ..egui::WidgetInfo::selected(egui::Role::Button, true, chosen, name)
    });
    item.clicked()
}

fn dates_text(state: &State, period: Period) -> Option<String> {
    state.dates(period).map(|(first, last)| number::dates(first, last))
}

/// The days that a period is compared with.
fn compared_text(state: &State, period: Period) -> Option<String> {
    let (first, last) = state.compared_dates(period)?;
    Some(number::dates(first, last))
}
