use std::ops::RangeInclusive;

use egui::Id;

use crate::model::Instant;

/// What the pointer or the arrow keys point at: a part of time, marked in every chart of a page.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ChartHover {
    /// From, until. Exclusive at the end.
    pub interval: Option<(Instant, Instant)>,
    /// Collected while the page is drawn.
    next: Option<(Instant, Instant)>,
    drag: Option<Drag>,
    /// The chart that was last moved in by keys, and the place in it.
    cursor: Option<(Id, usize)>,
    /// The next chart that is drawn is to have the focus.
    pub(super) wants_focus: bool,
}

#[derive(Clone, Copy, PartialEq, Debug)]
struct Drag {
    chart: Id,
    from: usize,
}

/// What was done to a chart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ChartAction {
    /// A click, or Enter, on a bucket.
    Pick(usize),
    /// A drag over whole buckets.
    Select(RangeInclusive<usize>),
}

impl ChartHover {
    /// Before a page draws its charts.
    pub fn begin(&mut self) {
        self.next = None;
    }

    /// After a page has drawn its charts. The other charts learn of it in the next frame.
    pub fn settle(&mut self, ctx: &egui::Context) {
        if self.interval != self.next {
            self.interval = self.next;
            ctx.request_repaint();
        }
    }

    pub(super) fn point_at(&mut self, start: Instant, end: Instant) {
        self.next = Some((start, end));
    }

    pub(super) fn start_drag(&mut self, chart: Id, from: usize) {
        self.drag = Some(Drag { chart, from });
    }

    pub(super) fn stop_drag(&mut self) {
        self.drag = None;
    }

    /// The buckets that a drag in this chart covers when it has come to `to`.
    pub(super) fn dragged(&self, chart: Id, to: usize) -> Option<RangeInclusive<usize>> {
        let drag = self.drag.filter(|it| it.chart == chart)?;
        Some(drag.from.min(to)..=drag.from.max(to))
    }

    pub(super) fn cursor(&self, chart: Id) -> Option<usize> {
        self.cursor.filter(|(id, _)| *id == chart).map(|(_, index)| index)
    }

    pub(super) fn set_cursor(&mut self, chart: Id, index: usize) {
        self.cursor = Some((chart, index));
    }

    pub(super) fn leave(&mut self, chart: Id) {
        if self.cursor(chart).is_some() {
            self.cursor = None;
        }
    }
}
