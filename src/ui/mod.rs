//! Draws the state and emits commands.
//!
//! Pure functions of the state: no file, no SQL, no thread, no sort. What a person has typed or
//! opened and not yet decided is kept in [`Drafts`].

pub mod chart;
mod controls;
mod data;
mod drop_zone;
mod first_run;
mod focus;
mod history;
mod key_marks;
pub mod overview;
pub mod paint;
pub mod picture;
mod question;
mod ranking;
mod search_list;
mod shell;
mod table;
pub mod theme;
mod zones;

use egui::{Frame, Margin, ThemePreference, Ui};

use self::theme::{XL, XS};
use crate::app::Command;
use crate::app::state::{Page, State, Theme};

/// What is typed, open and chosen, but not yet a command.
#[derive(Clone, Debug, Default)]
pub struct Drafts {
    picker: shell::Picker,
    zone_menu: shell::ZoneMenu,
    keys: shell::Keys,
    progress: shell::Progress,
    time: shell::Time,
    turns: shell::Turns,
    drop_zone: drop_zone::Draft,
    data: data::Draft,
    charts: chart::Charts,
    history: history::Draft,
    ranking: ranking::Draft,
}

/// The whole window.
pub fn root(ui: &mut Ui, state: &State, drafts: &mut Drafts, out: &mut Vec<Command>) {
    ui.ctx().set_theme(match state.theme {
        Theme::System => ThemePreference::System,
        Theme::Light => ThemePreference::Light,
        Theme::Dark => ThemePreference::Dark,
    });
    drop_zone::take_dropped(ui, out);
    shell::ui(ui, state, drafts, out, |ui, drafts, out| {
        if state.page == Page::Overview && state.file.is_some() {
            // It has margins of its own, so that its hovers and its scroll bar reach the edges.
            ui.spacing_mut().item_spacing.y = 0.0;
            if let Some(focus) = &state.focus {
                focus::ui(ui, focus, out);
            }
            overview::overview_ui(ui, state, &mut drafts.charts, out);
            return;
        }
        // The foot where notices stand is the rest of the lower margin.
        let margin = Margin { left: XL as i8, right: XL as i8, top: 0, bottom: XS as i8 };
        Frame::new().inner_margin(margin).show(ui, |ui| match state.page {
            _ if let (None, Some(check)) = (&state.file, &state.check) => {
                data::check::ui(ui, state, check, &mut drafts.data.check, out);
            }
            _ if state.file.is_none() => first_run::ui(ui, state, &mut drafts.drop_zone, out),
            Page::History => history::ui(ui, state, &mut drafts.history, out),
            Page::Ranking => ranking::ui(ui, state, &mut drafts.ranking, out),
            Page::Overview => {}
            Page::Data => data::ui(ui, state, &mut drafts.drop_zone, &mut drafts.data, out),
        });
    });
    if let Some(question) = &state.question {
        question::question_ui(ui, question, out);
    }
}

#[cfg(test)]
mod tests;
