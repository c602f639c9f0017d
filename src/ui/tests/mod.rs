//! The window by its labels and roles, over states that are made here.

mod check;
mod data;
mod files;
mod fixture;
mod history;
mod keys;
mod looks;
mod mapping;
mod pages;
mod people;
mod ranking;
mod shell;
mod stops;

use egui_kittest::kittest::{AccessKitNode, NodeT as _, Queryable as _};
use egui_kittest::{Harness, Node};

use super::picture::Rasteriser;
use super::{Drafts, root, theme};
use crate::app::{Command, State};

/// A window without an app: commands are collected and change nothing.
struct Bench {
    state: State,
    drafts: Drafts,
    out: Vec<Command>,
}

impl eframe::App for Bench {
    fn ui(&mut self, ui: &mut egui::Ui, _: &mut eframe::Frame) {
        root(ui, &self.state, &mut self.drafts, &mut self.out);
    }
}

type Window = Harness<'static, Bench>;

/// The size below which nothing is promised.
const SMALL: [f32; 2] = [1100.0, 720.0];

fn window(state: State) -> Window {
    sized(state, SMALL)
}

fn sized(state: State, size: [f32; 2]) -> Window {
    let bench = Bench { state, drafts: Drafts::default(), out: Vec::new() };
    let mut window = Harness::builder()
        .with_size(size)
        .with_max_steps(12)
        .renderer(Rasteriser::default())
        .with_context_setup(theme::install)
        .build_eframe(|_| bench);
    window.run();
    window
}

/// What was commanded since the last look.
fn commands(window: &mut Window) -> Vec<Command> {
    window.run();
    std::mem::take(&mut window.state_mut().out)
}

/// Clicks what has the label, and says what was commanded.
fn click(window: &mut Window, label: &str) -> Vec<Command> {
    window.get_by_label(label).click();
    commands(window)
}

fn press(window: &mut Window, keys: &[egui::Key]) -> Vec<Command> {
    for key in keys {
        window.key_press(*key);
        window.run();
    }
    commands(window)
}

/// What a screen reader would say of the widget that has the focus.
fn focused(window: &Window) -> Option<String> {
    let nodes = window.root().children_recursive();
    let node = nodes.map(|it: Node<'_>| it.accesskit_node()).find(AccessKitNode::is_focused)?;
    Some(node.label().or_else(|| node.data().placeholder().map(str::to_owned)).unwrap_or_default())
}
