//! Metadata as a tree of one stop of the Tab key: up and down move, left and right fold.

use std::collections::BTreeSet;

use egui::{EventFilter, Key, Modifiers, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::ui::paint::{Face, Icon, Pen};
use crate::ui::theme::{L, RADIUS_CONTROL, ROW_HEIGHT_DENSE, S, SMALL, Theme, Weight, XS};
use crate::view::Node;

/// A tree, what is folded, and the line that the keys are on.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    nodes: Vec<Node>,
    folded: BTreeSet<usize>,
    cursor: usize,
}

/// A branch with more in it is folded at first.
const OPEN_MAX: usize = 40;
/// Deeper lines are not indented further: a dump may nest without end.
const INDENT_MAX: usize = 12;

impl Draft {
    pub(super) fn new(nodes: Vec<Node>) -> Self {
        let is_long = |(place, node): &(usize, &Node)| node.depth > 0 && node.end - place > OPEN_MAX;
        let folded = nodes.iter().enumerate().filter(is_long).map(|(place, _)| place).collect();
        Self { nodes, folded, cursor: 0 }
    }

    /// The lines in sight.
    fn shown(&self) -> Vec<usize> {
        let (mut shown, mut place) = (Vec::new(), 0);
        while let Some(node) = self.nodes.get(place) {
            shown.push(place);
            place = if self.folded.contains(&place) { node.end.max(place + 1) } else { place + 1 };
        }
        shown
    }

    fn fold(&mut self, place: usize, folded: bool) {
        if self.nodes.get(place).is_some_and(|it| it.is_branch) {
            if folded {
                self.folded.insert(place);
            } else {
                self.folded.remove(&place);
            }
        }
    }

    fn is_folded(&self, place: usize) -> bool {
        self.folded.contains(&place)
    }

    /// The branch that a line is in.
    fn parent(&self, place: usize) -> Option<usize> {
        let depth = self.nodes.get(place)?.depth.checked_sub(1)?;
        self.nodes[..place].iter().rposition(|it| it.depth == depth)
    }

    /// Whether the cursor has moved.
    fn keys(&mut self, ui: &Ui, shown: &[usize]) -> bool {
        let at = shown.iter().position(|it| *it == self.cursor).unwrap_or_default();
        let before = self.cursor;
        let pressed = ui.input_mut(|input| {
            let keys = [
                Key::ArrowDown,
                Key::ArrowUp,
                Key::ArrowRight,
                Key::ArrowLeft,
                Key::Home,
                Key::End,
                Key::Enter,
                Key::Space,
            ];
            keys.into_iter().find(|key| input.consume_key(Modifiers::NONE, *key))
        });
        match pressed {
            Some(Key::ArrowDown) => self.cursor = shown.get(at + 1).copied().unwrap_or(before),
            Some(Key::ArrowUp) => self.cursor = shown.get(at.saturating_sub(1)).copied().unwrap_or(before),
            Some(Key::ArrowRight) => self.fold(before, false),
            Some(Key::ArrowLeft) if self.is_branch(before) && !self.is_folded(before) => {
                self.fold(before, true);
            }
            Some(Key::ArrowLeft) => self.cursor = self.parent(before).unwrap_or(before),
            Some(Key::Home) => self.cursor = 0,
            Some(Key::End) => self.cursor = shown.last().copied().unwrap_or(before),
            Some(Key::Enter | Key::Space) => self.fold(before, !self.is_folded(before)),
            _ => {}
        }
        self.cursor != before
    }

    fn is_branch(&self, place: usize) -> bool {
        self.nodes.get(place).is_some_and(|it| it.is_branch)
    }
}

/// Draws the lines that are in sight.
pub(super) fn ui(ui: &mut Ui, draft: &mut Draft) {
    let id = ui.scope_id().with("metadata");
    let shown = draft.shown();
    let size = vec2(ui.available_width(), shown.len() as f32 * ROW_HEIGHT_DENSE + 2.0 * XS);
    let (_, outer) = ui.allocate_space(size);
    let focus = ui.interact(outer, id, Sense::click());
    let filter = EventFilter { vertical_arrows: true, horizontal_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|it| it.set_focus_lock_filter(id, filter));
    let moved = focus.has_focus() && draft.keys(ui, &shown);
    focus.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Tree, true, "metadata");
        info.current_text_value = draft.nodes.get(draft.cursor).map(Node::text);
        info
    });
    let pen = Pen::new(ui);
    pen.fill(outer, RADIUS_CONTROL, pen.theme.sunken);
    if focus.has_focus() {
        pen.edge(outer, RADIUS_CONTROL, pen.theme.accent);
    }
    let rect_of = |line: usize| {
        let top = outer.top() + XS + line as f32 * ROW_HEIGHT_DENSE;
        Rect::from_min_size(pos2(outer.left(), top), vec2(outer.width(), ROW_HEIGHT_DENSE))
    };
    if moved {
        let line = shown.iter().position(|it| *it == draft.cursor).unwrap_or_default();
        ui.scroll_to_rect(rect_of(line), None);
    }
    for (line, place) in shown.into_iter().enumerate() {
        let rect = rect_of(line);
        if !ui.clip_rect().intersects(rect) {
            continue;
        }
        if node_ui(ui, draft, place, rect, focus.has_focus()) {
            draft.cursor = place;
            draft.fold(place, !draft.is_folded(place));
            focus.request_focus();
        }
    }
}

/// Whether the line was clicked. Lines are no stops of the Tab key: the tree is, and moves among them.
fn node_ui(ui: &Ui, draft: &Draft, place: usize, rect: Rect, has_focus: bool) -> bool {
    let Some(node) = draft.nodes.get(place) else { return false };
    let id = ui.scope_id().with(("node", place));
    let response = ui.interact(rect, id, Sense::CLICK);
    let (at_cursor, is_folded) = (has_focus && draft.cursor == place, draft.is_folded(place));
    let text = node.text();
    response.widget_info(|| WidgetInfo::selected(Role::TreeItem, true, at_cursor, &text));
    ui.ctx().accesskit_node_builder(response.id, |it| {
        it.set_level(node.depth + 1);
        if node.is_branch {
            it.set_expanded(!is_folded);
        }
    });
    let (pen, theme) = (Pen::new(ui), Theme::of(ui));
    let pen = pen.within(rect);
    if at_cursor {
        pen.fill(rect, RADIUS_CONTROL, theme.accent_fill);
    }
    let mut at = pos2(rect.left() + S + node.depth.min(INDENT_MAX) as f32 * S, rect.center().y);
    if node.is_branch {
        let icon = if is_folded { Icon::AngleRight } else { Icon::ChevronDown };
        pen.icon(icon, at + vec2(XS, 0.0), theme.ink_faint);
    }
    at.x += L;
    let right = rect.right() - S;
    if !node.name.is_empty() {
        let name = Face::new(SMALL, Weight::Medium, theme.ink_soft);
        at.x = pen.cut(at, (right - at.x) * 0.6, &node.name, name) + S;
    }
    let color = if node.is_branch { theme.ink_faint } else { theme.ink };
    pen.cut(at, right - at.x, &node.value, Face::new(SMALL, Weight::Regular, color));
    response.on_hover_text(text).clicked()
}
