//! Undo of what was looked at: each view that was settled on, and the way back and forth.

use super::App;
use super::look::HistoryAt;
use super::state::Page;
use crate::access::Viewer;
use crate::model::{Calendar, UserId};
use crate::report::chart::Period;
use crate::view::Listing;

/// All that says what is looked at.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct View {
    viewer: Viewer,
    only_mine: bool,
    focus: Option<UserId>,
    page: Page,
    period: Period,
    calendar: Calendar,
    listing: Listing,
    /// Which page of the list. To turn pages is no change of the view; one comes back to the last.
    history: HistoryAt,
}

/// Views in the order they were come to.
#[derive(Clone, Debug, Default)]
pub(super) struct Past {
    views: Vec<View>,
    /// The one that is looked at, or will be once its answer is there.
    at: usize,
}

/// Views that are remembered: more than anyone goes back.
const VIEWS_MAX: usize = 200;

impl Past {
    /// A view was answered. The same again is no change, whatever page of its list; another one ends
    /// what lay before it.
    pub(super) fn settle(&mut self, view: View) {
        if let Some(known) = self.views.get_mut(self.at).filter(|it| it.is_same(&view)) {
            known.history = view.history;
            return;
        }
        self.views.truncate(self.at + 1);
        self.views.push(view);
        if self.views.len() > VIEWS_MAX {
            self.views.remove(0);
        }
        self.at = self.views.len() - 1;
    }

    pub(super) fn back(&mut self) -> Option<View> {
        self.at = self.at.checked_sub(1)?;
        self.views.get(self.at).cloned()
    }

    pub(super) fn forward(&mut self) -> Option<View> {
        let view = self.views.get(self.at + 1)?.clone();
        self.at += 1;
        Some(view)
    }
}

impl View {
    fn is_same(&self, other: &Self) -> bool {
        *self == Self { history: self.history, ..other.clone() }
    }
}

impl App {
    /// What was asked for last.
    pub(super) fn wanted(&self) -> View {
        View {
            viewer: self.look.viewer,
            only_mine: self.look.only_mine,
            focus: self.look.focus,
            page: self.look.page,
            period: self.look.period,
            calendar: self.look.calendar.clone(),
            listing: self.look.listing.clone(),
            history: self.look.history,
        }
    }

    /// Looks at a view of the past again.
    pub(super) fn travel(&mut self, step: impl FnOnce(&mut Past) -> Option<View>) {
        let Some(view) = step(&mut self.past) else { return };
        let View { viewer, only_mine, focus, page, period, calendar, listing, history } = view;
        self.settings.zone = Some(calendar.zone.name().to_owned());
        self.settings.set_week_start(calendar.week_start);
        (self.settings.as_of, self.settings.compare) = (period.as_of, period.compare);
        self.look.viewer = viewer;
        self.look.only_mine = only_mine;
        self.look.focus = focus;
        self.look.calendar = calendar;
        self.look.history = history;
        self.state.page = page;
        self.state.period = period;
        self.state.listing = listing;
        self.look_again();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(page: Page) -> View {
        View {
            viewer: Viewer::Admin(None),
            only_mine: false,
            focus: None,
            page,
            period: Period::default(),
            calendar: Calendar::utc(),
            listing: Listing::default(),
            history: HistoryAt::First,
        }
    }

    fn pages(view: Option<View>) -> Option<Page> {
        view.map(|it| it.page)
    }

    #[test]
    fn one_goes_back_and_forth_and_a_change_ends_what_lay_before() {
        let mut past = Past::default();
        assert_eq!((past.back(), past.forward()), (None, None));
        for page in [Page::Overview, Page::History, Page::History, Page::Ranking] {
            past.settle(view(page));
        }
        assert_eq!(pages(past.back()), Some(Page::History));
        past.settle(view(Page::History));
        assert_eq!(pages(past.back()), Some(Page::Overview), "the same twice is one");
        assert_eq!(past.back(), None);
        assert_eq!(pages(past.forward()), Some(Page::History));
        past.settle(view(Page::Data));
        assert_eq!(past.forward(), None);
        assert_eq!(pages(past.back()), Some(Page::History));
    }

    #[test]
    fn one_comes_back_to_the_page_of_the_list() {
        let mut past = Past::default();
        past.settle(view(Page::History));
        past.settle(View { history: HistoryAt::Last, ..view(Page::History) });
        past.settle(view(Page::Overview));
        assert_eq!(past.back().map(|it| it.history), Some(HistoryAt::Last));
        assert_eq!(pages(past.back()), None, "to turn a page is no view of its own");
    }

    #[test]
    fn a_long_past_is_forgotten() {
        let mut past = Past::default();
        for number in 0..2 * VIEWS_MAX {
            past.settle(view(if number % 2 == 0 { Page::History } else { Page::Data }));
        }
        let n_back = std::iter::from_fn(|| past.back()).count();
        assert_eq!(n_back, VIEWS_MAX - 1);
    }
}
