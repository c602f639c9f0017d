use egui::{
    Align, Area, Button, Frame, Id, Layout, Modal, Order, Rect, ScrollArea, Sense, Ui, UiBuilder, UiKind,
    pos2, vec2,
};

use super::{Drafts, FRAME_WIDTH};
use crate::access::Viewer;
use crate::app::{Command, State};
use crate::ui::controls::{failure, faint, icon_button, line, rich, row, sign, soft, words};
use crate::ui::paint::{Face, Icon, MARKER, Pen, say};
use crate::ui::theme::{
    BAR_HEIGHT, BODY, CAPTION, HEADING, L, M, RADIUS_CONTROL, RADIUS_MARK, ROW_HEIGHT_DENSE, S, SMALL, Theme,
    Weight, XL, XS,
};
use crate::view::{PROOF_NOTE, Proof, WRITES_NOTE, yes};

/// Room for an id and for two columns of figures.
const WIDTH: f32 = 472.0;
const HEAD_HEIGHT: f32 = 76.0;
const FOOT_HEIGHT: f32 = 88.0;
/// Under this height of what lies between head and foot, lines stand closer.
const LOW: f32 = 640.0;
const BADGE: f32 = 28.0;
/// Room for `100.0 %`, and for `999,999,999.99`.
const SHARE_WIDTH: f32 = 64.0;
const FIGURE_WIDTH: f32 = 116.0;

/// What the viewer sees and why, in a drawer over the page. The header stays in sight.
pub(super) fn ui(ui: &Ui, state: &State, drafts: &mut Drafts, out: &mut Vec<Command>) {
    let Some(slot) = &state.proof else { return };
    let window = ui.max_rect().shrink(FRAME_WIDTH);
    let below = window.with_min_y(ui.max_rect().top() + BAR_HEIGHT);
    let drawer = below.with_min_x(below.right() - WIDTH.min(below.width()));
    let theme = Theme::of(ui);
    let id = Id::unique("proof");
    let area = Area::new(id).kind(UiKind::Modal).sense(Sense::hover()).order(Order::Foreground);
    let modal = Modal::new(id)
        .area(area.fixed_pos(drawer.min).constrain(false))
        .frame(Frame::NONE)
        .backdrop_color(egui::Color32::TRANSPARENT)
        .show(ui.ctx(), |ui| {
            let pen = Pen::new(ui).within(window);
            pen.fill(below.with_max_x(drawer.left()), 0, theme.scrim);
            pen.fill(drawer, 0, theme.raised);
            ui.allocate_rect(drawer, Sense::hover());
            let foot = drawer.with_min_y(drawer.bottom() - FOOT_HEIGHT);
            let head = drawer.with_max_y(drawer.top() + HEAD_HEIGHT);
            let body = Rect::from_min_max(head.left_bottom(), foot.right_top());
            pen.hline(drawer.left(), drawer.right(), head.bottom() - 1.0, theme.border);
            pen.hline(drawer.left(), drawer.right(), foot.top(), theme.border);
            let proof = slot.value.as_deref();
            let pitch = Pitch::of(body.height());
            let closed = child(ui, "head", head.shrink2(vec2(XL, L)), |ui| head_ui(ui, state, proof));
            child(ui, "body", body, |ui| {
                ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                    Frame::new().inner_margin(egui::Margin::symmetric(XL as i8, pitch.margin as i8)).show(
                        ui,
                        |ui| {
                            ui.set_width(drawer.width() - 2.0 * XL);
                            match (proof, &slot.error) {
                                (_, Some(error)) => failure(ui, error),
                                (Some(proof), None) => body_ui(ui, proof, pitch),
                                (None, None) => {
                                    line(ui, "Counting rows", faint(ui));
                                }
                            }
                        },
                    );
                });
            });
            child(ui, "foot", foot.shrink2(vec2(XL, M)), |ui| foot_ui(ui, state, proof, drafts, out));
            closed
        });
    if modal.inner || modal.should_close() {
        out.push(Command::ShowProof(false));
    }
}

fn child<R>(ui: &mut Ui, id_salt: &str, rect: Rect, add: impl FnOnce(&mut Ui) -> R) -> R {
    let layout = Layout::top_down(Align::Min);
    let mut child = ui.new_child(UiBuilder::new().id_salt(id_salt).max_rect(rect).layout(layout));
    child.set_clip_rect(rect.expand(XS));
    child.spacing_mut().item_spacing = vec2(S, 0.0);
    add(&mut child)
}

/// Whether the cross was clicked.
fn head_ui(ui: &mut Ui, state: &State, proof: Option<&Proof>) -> bool {
    let theme = Theme::of(ui);
    let name = &state.viewing.name;
    let (title, who, initials) = proof.map_or_else(
        || (format!("What {name} sees"), "", crate::view::initials(name)),
        |it| (it.title.clone(), it.who.as_str(), it.initials.clone()),
    );
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let closed = icon_button(ui, Icon::Cross, "Close the proof").clicked();
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let (badge, _) = ui.allocate_exact_size(vec2(BADGE, BADGE), Sense::hover());
            let pen = Pen::new(ui);
            pen.painter.circle_filled(badge.center(), BADGE / 2.0, theme.viewer);
            let face = Face::new(CAPTION, Weight::Semibold, theme.on_solid);
            pen.centred(badge.center().x, badge.center().y, &initials, face);
            ui.add_space(XS);
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = XS;
                line(ui, &title, Face::new(HEADING, Weight::Semibold, theme.ink));
                line(ui, who, soft(ui));
            });
        });
        closed
    })
    .inner
}

/// How much room the lines of the drawer take.
#[derive(Clone, Copy, Debug)]
struct Pitch {
    row: f32,
    gap: f32,
    margin: f32,
}

impl Pitch {
    /// In a low window things stand closer, so that the checks are in sight.
    fn of(height: f32) -> Self {
        if height < LOW {
            Self { row: 20.0, gap: M, margin: M }
        } else {
            Self { row: ROW_HEIGHT_DENSE, gap: XL, margin: L }
        }
    }
}

fn body_ui(ui: &mut Ui, proof: &Proof, pitch: Pitch) {
    section_ui(ui, "Rows");
    rows_ui(ui, proof, pitch);
    ui.add_space(pitch.gap);
    section_ui(ui, "Rule applied");
    rule_ui(ui, proof);
    ui.add_space(pitch.gap);
    sides_ui(ui, proof, pitch);
    ui.add_space(pitch.gap);
    section_ui(ui, "Checked on this answer");
    let theme = Theme::of(ui);
    for (what, holds) in &proof.checks {
        row(ui, pitch.row, |ui| {
            let (icon, color) = if *holds { (Icon::Check, theme.good) } else { (Icon::Warning, theme.bad) };
            sign(ui, icon, color);
            let ink = if *holds { theme.ink } else { theme.bad };
            let text = if *holds { what.clone() } else { format!("{what}: no") };
            line(ui, &text, Face::new(BODY, Weight::Regular, ink));
        });
    }
}

fn section_ui(ui: &mut Ui, title: &str) {
    line(ui, title, Face::new(SMALL, Weight::Semibold, Theme::of(ui).ink_soft));
    ui.add_space(S);
}

/// A bar, and under it the rows that are seen, those that are not, and all.
fn rows_ui(ui: &mut Ui, proof: &Proof, pitch: Pitch) {
    let theme = Theme::of(ui);
    let (bar, _) = ui.allocate_exact_size(vec2(ui.available_width(), S + 1.0), Sense::hover());
    let pen = Pen::new(ui);
    pen.fill(bar, RADIUS_MARK, theme.border);
    if proof.part > 0.0 {
        let width = (bar.width() * proof.part).max(XS);
        pen.fill(bar.with_max_x(bar.left() + width), RADIUS_MARK, theme.viewer);
    }
    ui.add_space(XS);
    for (index, part) in proof.rows.iter().enumerate() {
        let is_sum = index == 2;
        let weight = if is_sum { Weight::Semibold } else { Weight::Regular };
        let face = Face::new(BODY, weight, theme.ink);
        let drawn = figures_row(
            ui,
            pitch.row,
            |ui| {
                let (rect, _) = ui.allocate_exact_size(vec2(MARKER, MARKER), Sense::hover());
                let pen = Pen::new(ui);
                match index {
                    0 => pen.fill(rect, RADIUS_MARK, theme.viewer),
                    1 => pen.fill(rect, RADIUS_MARK, theme.baseline),
                    _ => pen.icon(Icon::Check, rect.center(), theme.good),
                }
                line(ui, part.name, face);
            },
            |ui| {
                figure_ui(ui, SHARE_WIDTH, &part.share, faint(ui));
                figure_ui(ui, FIGURE_WIDTH, &part.n, face);
            },
        );
        if is_sum {
            Pen::new(ui).hline(drawn.left(), drawn.right(), drawn.top(), theme.border_control);
        }
        let spoken = format!("{}: {} rows, {}, {} credits", part.name, part.n, part.share, part.credits);
        say(ui, drawn, ("part", index), &spoken).on_hover_text(format!("{} credits", part.credits));
    }
}

fn rule_ui(ui: &mut Ui, proof: &Proof) {
    let theme = Theme::of(ui);
    Frame::new().fill(theme.sunken).corner_radius(RADIUS_CONTROL).inner_margin(M).show(ui, |ui| {
        for (index, half) in proof.rule.iter().enumerate() {
            let ink = if half.holds { theme.ink } else { theme.ink_faint };
            let drawn = figures_row(
                ui,
                20.0,
                |ui| {
                    let text = egui::RichText::new(&half.text).monospace().size(SMALL).color(ink);
                    ui.add(egui::Label::new(text).truncate().selectable(false));
                },
                |ui| {
                    let (weight, ink) = if half.holds {
                        (Weight::Semibold, theme.good)
                    } else {
                        (Weight::Regular, theme.ink_faint)
                    };
                    line(ui, yes(half.holds), Face::new(SMALL, weight, ink));
                },
            );
            say(ui, drawn, ("rule", index), &format!("{}: {}", half.text, yes(half.holds)));
        }
    });
    ui.add_space(S);
    words(ui, WRITES_NOTE, faint(ui));
}

fn sides_ui(ui: &mut Ui, proof: &Proof, pitch: Pitch) {
    let theme = Theme::of(ui);
    let head = Face::new(SMALL, Weight::Semibold, theme.ink_soft);
    let own_head = Face::new(SMALL, Weight::Semibold, theme.viewer);
    let rule = |ui: &Ui, drawn: Rect, color| {
        Pen::new(ui).hline(drawn.left(), drawn.right(), drawn.bottom() - 1.0, color);
    };
    let drawn = figures_row(
        ui,
        pitch.row,
        |ui| {
            line(ui, &proof.sides, head);
        },
        |ui| {
            figure_ui(ui, FIGURE_WIDTH, &proof.own_head, own_head);
            figure_ui(ui, FIGURE_WIDTH, "A  Admin", head);
        },
    );
    rule(ui, drawn, theme.border_control);
    for (index, [what, admin, own]) in proof.figures.iter().enumerate() {
        let drawn = figures_row(
            ui,
            pitch.row + 2.0,
            |ui| {
                line(ui, what, Face::new(BODY, Weight::Regular, theme.ink));
            },
            |ui| {
                figure_ui(ui, FIGURE_WIDTH, own, Face::new(BODY, Weight::Medium, theme.ink));
                figure_ui(ui, FIGURE_WIDTH, admin, Face::new(BODY, Weight::Regular, theme.ink_faint));
            },
        );
        rule(ui, drawn, theme.grid);
        say(ui, drawn, ("side", index), &format!("{what}: admin {admin}, viewer {own}"));
    }
}

/// Words on the left, figures from the right; where it lies.
fn figures_row(ui: &mut Ui, height: f32, words: impl FnOnce(&mut Ui), figures: impl FnOnce(&mut Ui)) -> Rect {
    row(ui, height, |ui| {
        let rect = Rect::from_min_size(pos2(ui.min_rect().left(), ui.min_rect().top()), ui.available_size());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            figures(ui);
            ui.with_layout(Layout::left_to_right(Align::Center), words);
        });
        rect
    })
}

fn figure_ui(ui: &mut Ui, width: f32, text: &str, face: Face) {
    let size = vec2(width, ui.available_height());
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
        ui.set_min_width(width);
        line(ui, text, face);
    });
}

fn foot_ui(ui: &mut Ui, state: &State, proof: Option<&Proof>, drafts: &mut Drafts, out: &mut Vec<Command>) {
    words(ui, PROOF_NOTE, faint(ui));
    ui.with_layout(Layout::bottom_up(Align::Max), |ui| {
        crate::ui::controls::at_right(ui, "proof", |ui| {
            if ui.button("View as…").on_hover_text("Look as someone else (v)").clicked() {
                out.push(Command::ShowProof(false));
                drafts.picker.toggle();
            }
            let is_admin = state.viewing.viewer == Viewer::Admin(None);
            if !is_admin && ui.button("Back to admin").clicked() {
                out.push(Command::ViewAs(Viewer::Admin(None)));
            }
            let theme = Theme::of(ui);
            let text = rich("Copy proof", Face::new(BODY, Weight::Medium, theme.on_solid));
            let button = Button::new(text).fill(theme.accent).stroke(egui::Stroke::NONE);
            let copy = ui.add_enabled(proof.is_some(), button);
            if let Some(proof) = proof.filter(|_| copy.clicked()) {
                ui.ctx().copy_text(proof.text.clone());
            }
        });
    });
}
