use egui::{
    Button, Checkbox, CornerRadius, Popup, PopupCloseBehavior, Rangef, Rect, Response, Role, Sense, Ui,
    UiBuilder, WidgetInfo, pos2, vec2,
};

use super::{marker, net_mark};
use crate::ui::controls::{menu_style, rich};
use crate::ui::paint::{Face, MARKER, Pen, say};
use crate::ui::theme::{L, RADIUS_MARK, SMALL, Weight, XS};
use crate::view::chart::{Entity, LegendEntry, StackChart};

/// From a marker to the name of the next one.
const GAP: f32 = MARKER + XS;
/// Around an entry, when it is pointed at.
const PAD: f32 = XS;

/// What was done to a legend.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LegendAction {
    /// Into the stack, or out of it.
    Toggle(Entity),
    /// Nothing but this one; once it is alone, all again.
    Only(Entity),
}

/// Check boxes in one line, a marker and a name each, centred on `y`; what does not fit is behind
/// `+n`. The pale and the hatched are named after the series, and keep their room: they are what a
/// reader cannot guess.
pub fn legend_ui(ui: &mut Ui, line: Rect, chart: &StackChart) -> Option<LegendAction> {
    let pen = Pen::new(ui);
    let (face, y) = (Face::new(SMALL, Weight::Regular, pen.theme.ink_soft), line.center().y);
    let width = |name: &str| GAP + pen.width(name, SMALL, Weight::Regular) + L;
    let shapes = [&chart.net, &chart.before, &chart.partial];
    let reserved: f32 = shapes.iter().filter_map(|it| it.as_deref()).map(width).sum();
    let widths: Vec<f32> = chart.legend.iter().map(|it| width(&it.name)).collect();
    let n_fitting = n_fitting(&widths, line.width() + L - reserved, width("+88") - GAP);

    let mut x = line.left();
    let mut action = None;
    for (entry, width) in chart.legend.iter().zip(widths).take(n_fitting) {
        let area = Rect::from_x_y_ranges(x..=x + width - L, line.y_range());
        action = action.or(entry_ui(ui, &pen, area, entry));
        x += width;
    }
    if n_fitting < chart.legend.len() {
        let (right, chosen) = rest_ui(ui, pos2(x, y), &chart.legend[n_fitting..]);
        x = right + L;
        action = action.or(chosen);
    }
    if let Some(net) = &chart.net {
        net_mark(&pen, Rangef::new(x, x + MARKER), y, false);
        let end = pen.left(x + GAP, y, net, face);
        say(ui, line.with_min_x(x).with_max_x(end), "net", net);
        x = end + L;
    }
    if let Some(before) = &chart.before {
        pen.marker(x, y, pen.ghost_color());
        let end = pen.left(x + GAP, y, before, face);
        say(ui, line.with_min_x(x).with_max_x(end), "before", before);
        x = end + L;
    }
    if let Some(partial) = &chart.partial {
        pen.hatch(Pen::marker_rect(x, y), CornerRadius::same(RADIUS_MARK), pen.theme.ink_faint);
        let end = pen.cut(pos2(x + GAP, y), line.right() - x - GAP, partial, face);
        say(ui, line.with_min_x(x).with_max_x(end), "partial", partial);
    }
    action
}

/// One series. Hidden, its marker is hollow and its name faint.
fn entry_ui(ui: &Ui, pen: &Pen, area: Rect, entry: &LegendEntry) -> Option<LegendAction> {
    let id = ui.scope_id().with(("series", &entry.entity));
    let response = ui.interact(area.expand2(vec2(PAD, 0.0)), id, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, entry.shown, &entry.name));
    if response.hovered() {
        pen.fill(response.rect, RADIUS_MARK, pen.theme.sunken);
    }
    if response.has_focus() {
        pen.edge(response.rect, RADIUS_MARK, pen.theme.accent);
    }
    let (x, y) = (area.left(), area.center().y);
    let color = if entry.shown {
        marker(pen, x, y, entry.hue);
        pen.theme.ink_soft
    } else {
        pen.edge(Pen::marker_rect(x, y), RADIUS_MARK, pen.theme.ink_faint);
        pen.theme.ink_faint
    };
    pen.left(x + GAP, y, &entry.name, Face::new(SMALL, Weight::Regular, color));
    let action = chosen(ui, &response, &entry.entity);
    let help = if entry.shown { "Click to hide" } else { "Click to show" };
    response.on_hover_text(format!("{help} · Alt or double click for this one alone"));
    action
}

fn chosen(ui: &Ui, response: &Response, entity: &Entity) -> Option<LegendAction> {
    let alone = response.double_clicked() || ui.input(|it| it.modifiers.alt);
    let action = if alone { LegendAction::Only } else { LegendAction::Toggle };
    response.clicked().then(|| action(entity.clone()))
}

/// Those that have no room in the line; the right end of what stands for them.
fn rest_ui(ui: &mut Ui, at: egui::Pos2, entries: &[LegendEntry]) -> (f32, Option<LegendAction>) {
    let pen = Pen::new(ui);
    let text = format!("+{}", entries.len());
    let size = vec2(pen.width(&text, SMALL, Weight::Regular) + 2.0 * PAD, 20.0);
    let area = Rect::from_min_size(pos2(at.x - PAD, at.y - size.y / 2.0), size);
    let mut child = ui.new_child(UiBuilder::new().max_rect(area).id_salt("rest"));
    child.spacing_mut().button_padding = vec2(PAD, 0.0);
    child.spacing_mut().interact_size.y = size.y;
    let text = rich(text, Face::new(SMALL, Weight::Regular, pen.theme.ink_faint));
    let button = child.add(Button::new(text).frame_when_inactive(false).min_size(size));
    let label = format!("{} more series", entries.len());
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
    let mut action = None;
    Popup::menu(&button)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .style(menu_style)
        .gap(XS)
        .accessible_name(&*label)
        .show(|ui| {
            for entry in entries {
                let mut shown = entry.shown;
                let response = ui.add(Checkbox::new(&mut shown, &entry.name));
                action = action.take().or(chosen(ui, &response, &entry.entity));
            }
        });
    (area.right() - PAD, action)
}

/// How many from the first on fit into `room`, if a count of the rest must fit too.
fn n_fitting(widths: &[f32], room: f32, count_width: f32) -> usize {
    if widths.iter().sum::<f32>() <= room {
        return widths.len();
    }
    let mut left = room - count_width;
    widths
        .iter()
        .take_while(|width| {
            left -= **width;
            left >= 0.0
        })
        .count()
}
