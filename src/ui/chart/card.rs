use std::sync::Arc;

use egui::{Button, Id, Popup, Rect, Ui, UiBuilder, pos2, vec2};

use super::charts::Charts;
use super::table::table_ui;
use super::{ChartAction, columns_ui, formats_ui, leaders_ui, legend_ui};
use crate::app::Command;
use crate::model::{Calendar, Choice, Filter, Key, Window};
use crate::report::chart::Range;
use crate::ui::controls::{icon_button, menu_style};
use crate::ui::key_marks::{Side, mark};
use crate::ui::paint::{Face, Icon, Pen, say};
use crate::ui::theme::{CONTROL_HEIGHT, L, S, SMALL, TITLE, Theme, Weight, XS};
use crate::view::Overview;
use crate::view::chart::{ChartName, Checked, StackChart, Twin};

const HEAD: f32 = 38.0;
const LEGEND_HEIGHT: f32 = 20.0;
/// Under the last line of a card.
const FOOT: f32 = 10.0;

/// One of the page's charts, and where it goes.
#[derive(Clone, Copy, Debug)]
pub struct Card<'a> {
    pub name: ChartName,
    pub area: Rect,
    pub page: &'a Arc<Overview>,
    pub calendar: &'a Calendar,
}

/// What stands over a chart.
struct Head<'a> {
    name: ChartName,
    title: &'a str,
    subtitle: &'a str,
    total: &'a Checked,
    twin: &'a Twin,
}

/// A chart in its card, or its table.
pub fn card_ui(ui: &mut Ui, card: Card<'_>, charts: &mut Charts, out: &mut Vec<Command>) {
    let Card { name, area, page, calendar } = card;
    // Each card names its parts for itself: two charts may have one title.
    let ui = &mut ui.new_child(UiBuilder::new().id_salt(name).max_rect(area));
    let stacked = charts.stacked(name, page);
    let stack = stacked.as_deref().or(page.stack(name));
    let head = Head::new(name, page, stack);
    let (mut body, menu) = head_ui(ui, area, &head, charts, out);
    if let Some(chart) = stack {
        let legend = body.with_max_y(body.top() + LEGEND_HEIGHT);
        if let Some(action) = legend_ui(ui, legend, chart) {
            charts.change(name, chart, action);
        }
        body.min.y = legend.bottom() + XS;
    }
    if charts.take_focus(name) {
        charts.hover.wants_focus = stack.is_some() && !charts.is_table(name);
        // What is not walked by keys has its menu.
        if !charts.hover.wants_focus {
            ui.memory_mut(|it| it.request_focus(menu));
        }
    }
    if charts.is_table(name) {
        table_ui(ui, body.with_min_y(body.top() + XS), head.title, head.twin);
        return;
    }
    match (stack, name) {
        (Some(chart), _) => {
            let action = columns_ui(ui, body, chart, &mut charts.hover);
            out.extend(action.and_then(|it| command(chart, &it, calendar)));
        }
        (None, ChartName::Leaders) => {
            let pressed = leaders_ui(ui, body.with_min_y(body.top() + XS), &page.leaders);
            out.extend(pressed.and_then(|it| leader_command(page, &page.leaders.rows.get(it)?.key)));
        }
        (None, _) => {
            let pressed = formats_ui(ui, body.with_min_y(body.top() + S), &page.formats);
            out.extend(pressed.and_then(|it| format_command(page, &page.formats.rows.get(it)?.format)));
        }
    }
}

/// A user is for the figures of that user, an action for its rows.
fn leader_command(page: &Overview, key: &Key) -> Option<Command> {
    match key {
        Key::User(user) => Some(Command::Focus(Some(*user))),
        Key::Text(action) => {
            let filter = Filter { actions: Choice::only(action.clone()?), ..Filter::default() };
            Some(Command::ShowRows { window: window(page)?, filter })
        }
    }
}

fn format_command(page: &Overview, key: &Key) -> Option<Command> {
    let Key::Text(format) = key else { return None };
    let filter = Filter { formats: Choice::only(format.clone()), ..Filter::default() };
    Some(Command::ShowRows { window: window(page)?, filter })
}

/// All of the page's range, which is cut into the columns of its first chart.
fn window(page: &Overview) -> Option<Window> {
    let columns = &page.by_format.columns;
    Some(Window::between(columns.first()?.start, columns.last()?.end))
}

/// A bucket is for its rows, a drag for its days. Hours within a day have no dates of their own.
fn command(chart: &StackChart, action: &ChartAction, calendar: &Calendar) -> Option<Command> {
    const HOURS_OF_A_SHORT_DAY: i64 = 20;
    match action {
        ChartAction::Pick(index) => {
            let column = chart.columns.get(*index)?;
            let window = Window::between(column.start, column.counts_until);
            Some(Command::ShowRows { window, filter: chart.filter() })
        }
        ChartAction::Select(places) => {
            let (first, last) = (chart.columns.get(*places.start())?, chart.columns.get(*places.end())?);
            if last.end.micros() - first.start.micros() < HOURS_OF_A_SHORT_DAY * 3_600_000_000 {
                return None;
            }
            let (first, last) = (calendar.date(first.start), calendar.date(last.last_instant()));
            Some(Command::SetRange(Range::Dates { first, last }))
        }
    }
}

impl<'a> Head<'a> {
    fn new(name: ChartName, page: &'a Overview, stack: Option<&'a StackChart>) -> Self {
        let (title, subtitle, total, twin) = match (stack, name) {
            (Some(it), _) => (&it.title, it.shown.as_ref().unwrap_or(&it.subtitle), &it.total, &it.twin),
            (None, ChartName::Leaders) => {
                let it = &page.leaders;
                (&it.title, &it.subtitle, &it.total, &it.twin)
            }
            (None, _) => {
                let it = &page.formats;
                (&it.title, &it.subtitle, &it.total, &it.twin)
            }
        };
        Self { name, title, subtitle, total, twin }
    }
}

/// Card, title, how it is cut, the total that was checked, and the menu; the rest of its room, and the menu.
fn head_ui(
    ui: &mut Ui,
    area: Rect,
    head: &Head<'_>,
    charts: &mut Charts,
    out: &mut Vec<Command>,
) -> (Rect, Id) {
    let Head { title, subtitle, total, .. } = *head;
    let pen = Pen::new(ui);
    let theme = pen.theme;
    pen.card(area);
    let (left, y) = (area.left() + L, area.top() + 22.0);
    let menu = Rect::from_center_size(
        pos2(area.right() - S - CONTROL_HEIGHT / 2.0, y),
        vec2(CONTROL_HEIGHT, CONTROL_HEIGHT),
    );
    let right = menu.left() - XS;
    let title_end = pen.left(left, y, title, Face::new(TITLE, Weight::Semibold, theme.ink));
    let total_left = if total.adds_up {
        pen.adds_up(right, y, &total.text)
    } else {
        let left = pen.right(right, y, &total.text, Face::new(SMALL, Weight::Medium, theme.bad));
        pen.icon(Icon::Warning, pos2(left - 12.0, y), theme.bad);
        left - 20.0
    };
    let faint = Face::new(SMALL, Weight::Regular, theme.ink_faint);
    let room = total_left - S - title_end - S;
    // A few letters of it say nothing.
    if room >= 4.0 * L {
        pen.cut(pos2(title_end + S, y + 0.5), room, subtitle, faint);
    }
    let named = Rect::from_min_max(pos2(left, area.top()), pos2(total_left, area.top() + HEAD));
    mark(&say(ui, named, "title", title), keys(head.name), Side::Right);
    let check = Rect::from_min_max(pos2(total_left, area.top() + S), pos2(right, area.top() + HEAD));
    say(ui, check, "total", &format!("{title}: {}", total.spoken())).on_hover_text(total.spoken());
    let menu = menu_ui(ui, menu, head, charts, out);
    let body =
        Rect::from_min_max(pos2(left, area.top() + HEAD), pos2(area.right() - L, area.bottom() - FOOT));
    (body, menu)
}

/// What can be done with a chart as a whole.
fn menu_ui(ui: &mut Ui, area: Rect, head: &Head<'_>, charts: &mut Charts, out: &mut Vec<Command>) -> Id {
    let mut child = ui.new_child(UiBuilder::new().max_rect(area).id_salt("menu"));
    let name = format!("{}: menu", head.title);
    let button = icon_button(&mut child, Icon::More, &name);
    let is_table = charts.is_table(head.name);
    Popup::menu(&button).style(menu_style).gap(XS).accessible_name(&*name).show(|ui| {
        ui.set_min_width(150.0);
        let item = |ui: &mut Ui, text: &str| ui.add(Button::new((text, egui::Atom::grow()))).clicked();
        if item(ui, "Save as PNG…") {
            let (hidden, dark) = (charts.hidden(head.name), Theme::of(ui).dark);
            out.push(Command::SavePicture { chart: head.name, hidden, dark });
        }
        if item(ui, "Copy table") {
            ui.ctx().copy_text(head.twin.tab_separated.clone());
        }
        let turn = if is_table { "Show as chart" } else { "Show as table" };
        let button = Button::new((turn, egui::Atom::grow())).shortcut_text("T");
        if ui.add(button).clicked() {
            charts.turn(head.name);
        }
    });
    button.id
}

/// What the keyboard calls a chart.
fn keys(name: ChartName) -> &'static str {
    match name {
        ChartName::ByFormat => "g d",
        ChartName::ByAction => "g w",
        ChartName::Formats => "g f",
        ChartName::Leaders => "g u",
    }
}
