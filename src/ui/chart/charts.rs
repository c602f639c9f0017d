use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::hover::ChartHover;
use super::legend::LegendAction;
use crate::view::Overview;
use crate::view::chart::{ChartName, Hidden, StackChart};

/// How a person has set up the charts of a page: it stays when range or viewer change.
#[derive(Clone, Debug, Default)]
pub struct Charts {
    pub hover: ChartHover,
    hidden: BTreeMap<ChartName, Hidden>,
    tables: BTreeSet<ChartName>,
    stacked: BTreeMap<ChartName, Stacked>,
    /// The chart that is to have the focus.
    wanted: Option<ChartName>,
}

/// A chart without what is hidden: stacked once, and again when either changes.
#[derive(Clone, Debug)]
struct Stacked {
    page: Arc<Overview>,
    hidden: Hidden,
    chart: Arc<StackChart>,
}

impl Charts {
    pub fn is_table(&self, name: ChartName) -> bool {
        self.tables.contains(&name)
    }

    /// From chart to table, or back.
    pub fn turn(&mut self, name: ChartName) {
        if !self.tables.remove(&name) {
            self.tables.insert(name);
        }
    }

    /// All to tables; once all are, all back.
    pub fn turn_all(&mut self) {
        if self.tables.len() == ChartName::ALL.len() {
            self.tables.clear();
        } else {
            self.tables.extend(ChartName::ALL);
        }
    }

    /// The keys go to a chart next.
    pub fn focus(&mut self, name: ChartName) {
        self.wanted = Some(name);
    }

    /// Whether the keys are to go to this chart now.
    pub(super) fn take_focus(&mut self, name: ChartName) -> bool {
        self.wanted.take_if(|it| *it == name).is_some()
    }

    pub fn hidden(&self, name: ChartName) -> Hidden {
        self.hidden.get(&name).cloned().unwrap_or_default()
    }

    pub(super) fn change(&mut self, name: ChartName, chart: &StackChart, action: LegendAction) {
        let hidden = self.hidden.entry(name).or_default();
        match action {
            LegendAction::Toggle(entity) => {
                if !hidden.remove(&entity) {
                    hidden.insert(entity);
                }
            }
            LegendAction::Only(entity) => {
                let is_alone = chart.legend.iter().all(|it| it.shown == (it.entity == entity));
                hidden.clear();
                if !is_alone {
                    let others = chart.legend.iter().map(|it| &it.entity).filter(|it| **it != entity);
                    hidden.extend(others.cloned());
                }
            }
        }
    }

    /// The chart without what is hidden; `None` where all of it is shown.
    pub(super) fn stacked(&mut self, name: ChartName, page: &Arc<Overview>) -> Option<Arc<StackChart>> {
        let chart = page.stack(name)?;
        let hidden = self.hidden.get(&name)?;
        if !chart.legend.iter().any(|it| hidden.contains(&it.entity)) {
            return None;
        }
        let known = self.stacked.get(&name);
        if let Some(known) = known.filter(|it| Arc::ptr_eq(&it.page, page) && it.hidden == *hidden) {
            return Some(Arc::clone(&known.chart));
        }
        let chart = Arc::new(chart.without(hidden));
        let (page, hidden) = (Arc::clone(page), hidden.clone());
        self.stacked.insert(name, Stacked { page, hidden, chart: Arc::clone(&chart) });
        Some(chart)
    }
}
