//! The Data page: what comes in, what is coming in, and what came in before.

mod batches;
pub(super) mod check;
mod left_out;
mod report;
mod whole;

use egui::{Rect, ScrollArea, Ui, UiBuilder, vec2};

use super::controls::{failure, faint, line};
use super::drop_zone::{self, Cut};
use super::theme::{L, ROW_HEIGHT};
use crate::app::{Command, State};

pub(super) use report::job_ui;

/// The import and the row that are looked at.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    batches: batches::Draft,
    left_out: left_out::Draft,
    pub(super) check: check::Draft,
}

impl Draft {
    /// Closes the row that is shown whole.
    pub(super) fn close(&mut self) {
        self.left_out.close();
    }

    /// The rows that were not taken are searched next.
    pub(super) fn search(&mut self) {
        self.left_out.search();
    }
}

pub(super) fn ui(
    ui: &mut Ui,
    state: &State,
    drop_zone: &mut drop_zone::Draft,
    draft: &mut Draft,
    out: &mut Vec<Command>,
) {
    if let Some(check) = &state.check {
        check::ui(ui, state, check, &mut draft.check, out);
        return;
    }
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = L;
        drop_zone::ui(ui, state, drop_zone, Cut::Head, out);
        for job in state.jobs.iter().rev() {
            job_ui(ui, job, out);
        }
        if let Some(error) = &state.imports.error {
            failure(ui, error);
        }
        let Some(imports) = state.imports.value.as_deref() else {
            if state.imports.pending {
                line(ui, "Reading the imports", faint(ui));
            }
            return;
        };
        batches::ui(ui, imports, &mut draft.batches, out);
        if let Some(left_out) = &imports.left_out {
            left_out::ui(ui, left_out, &mut draft.left_out, out);
        }
    });
}

/// Room for a table of so many rows and its head, on a page that scrolls.
fn room<R>(ui: &mut Ui, n_rows: usize, add: impl FnOnce(&mut Ui) -> R) -> R {
    let size = vec2(ui.available_width(), ROW_HEIGHT * (n_rows + 1) as f32);
    let rect = Rect::from_min_size(ui.cursor().min, size);
    let inner = ui.scope_builder(UiBuilder::new().max_rect(rect), add).inner;
    ui.advance_cursor_after_rect(rect);
    inner
}
