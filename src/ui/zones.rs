//! The search list of all time zones.

use egui::{Ui, pos2};

use super::paint::Face;
use super::search_list::{Choices, SearchList};
use super::theme::{BODY, S, Weight};
use crate::model::Zone;

/// What is typed.
#[derive(Clone, Debug, Default)]
pub(super) struct ZoneList {
    search: SearchList,
    /// The names of the zone database; read when a list is first shown.
    zones: Vec<Named>,
}

#[derive(Clone, Debug)]
struct Named {
    name: String,
    /// In lower case, with blanks for underscores.
    key: String,
}

const N_ROWS_SHOWN: usize = 8;

impl ZoneList {
    /// Begins anew, with all zones.
    pub(super) fn clear(&mut self) {
        self.search.clear();
    }

    /// The zone that was chosen; `current` is the one that holds now.
    pub(super) fn ui(&mut self, ui: &mut Ui, current: Option<&str>) -> Option<Zone> {
        if self.zones.is_empty() {
            self.zones = Zone::names().into_iter().map(Named::new).collect();
        }
        let Self { search, zones } = self;
        let is_current = |name: &str| current == Some(name);
        let choices = Choices {
            name: "Search zones",
            hint: "City or region",
            list: zones.as_ptr().addr(),
            search: &|text| found(zones, text),
            row: &|pen, rect, index| {
                let name = zones.get(index).map_or("", |it| it.name.as_str());
                let (weight, color) = if is_current(name) {
                    (Weight::Semibold, pen.theme.accent_text)
                } else {
                    (Weight::Regular, pen.theme.ink)
                };
                let at = pos2(rect.left() + S, rect.center().y);
                pen.cut(at, rect.width() - 2.0 * S, name, Face::new(BODY, weight, color));
                name.to_owned()
            },
            head: None,
            is_current: &|index| zones.get(index).is_some_and(|it| is_current(&it.name)),
            n_rows_shown: N_ROWS_SHOWN,
        };
        let chosen = search.ui(ui, &choices).and_then(|it| zones.get(it))?;
        // A name of the database's own list is found in it.
        Zone::named(&chosen.name).ok()
    }
}

impl Named {
    fn new(name: String) -> Self {
        Self { key: searchable(&name), name }
    }
}

fn found(zones: &[Named], text: &str) -> Vec<usize> {
    let text = searchable(text.trim());
    let found = zones.iter().enumerate().filter(|(_, it)| it.key.contains(&text));
    found.map(|(index, _)| index).collect()
}

fn searchable(name: &str) -> String {
    name.to_lowercase().replace('_', " ")
}
