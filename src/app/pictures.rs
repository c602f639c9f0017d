//! A chart of the Overview as a picture in a file.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::App;
use super::dialogs::FileKind;
use super::saves::{self, Saving};
use super::state::Viewing;
use crate::access::Viewer;
use crate::ui::picture::{Caption, Chart, chart_png};
use crate::view::Overview;
use crate::view::chart::{ChartName, Hidden};

/// A picture that is to be made: of the page as it was when it was asked for.
pub(super) struct Picture {
    page: Arc<Overview>,
    chart: ChartName,
    hidden: Hidden,
    caption: Caption,
    dark: bool,
}

/// In pixels, two a point: sharp in a document, and as wide as a slide.
const SIZE: (u32, u32) = (1_920, 1_080);
/// Of a file's name, without its ending. Most file systems take 255 bytes.
const NAME_CHARS_MAX: usize = 60;

impl App {
    /// Asks where to; without a dialog the picture goes beside the open file.
    pub(super) fn save_picture(&mut self, chart: ChartName, hidden: Hidden, dark: bool) {
        let (Some(page), Some(file)) = (&self.state.overview.value, &self.state.file) else { return };
        if self.state.dialog_open {
            return;
        }
        let mut caption = caption(page, chart, &self.state.viewing);
        if let Some(focus) = &self.state.focus {
            caption.viewer = format!("user {}, seen by {}", focus.name, self.state.viewing.name);
        }
        let picture = Picture { page: Arc::clone(page), chart, hidden, caption, dark };
        let suggested = file.path.with_file_name(picture.file_name());
        let write = move |path: &Path, keeps| picture.write(path, keeps);
        self.save(Saving { kind: FileKind::Png, suggested, write: Box::new(write) });
    }
}

impl Picture {
    /// Where it was written, or what is the matter.
    fn write(&self, path: &Path, keeps: bool) -> Result<PathBuf, String> {
        let cannot = |err: &dyn std::error::Error| {
            format!("The picture could not be saved: {err}: {}", path.display())
        };
        let stack = self.page.stack(self.chart).map(|it| it.without(&self.hidden));
        let chart = match (&stack, self.chart) {
            (Some(stack), _) => Chart::Columns(stack),
            (None, ChartName::Leaders) => Chart::Leaders(&self.page.leaders),
            (None, _) => Chart::Formats(&self.page.formats),
        };
        let png = chart_png(chart, &self.caption, SIZE, self.dark).map_err(|err| cannot(&err))?;
        let (mut file, path) = saves::create(path, keeps).map_err(|err| cannot(&err))?;
        file.write_all(&png).map_err(|err| cannot(&err))?;
        Ok(path)
    }

    /// `credits-per-day-by-format-26-oct-24-nov-2026-ada.png`
    fn file_name(&self) -> String {
        let title = match (self.page.stack(self.chart), self.chart) {
            (Some(it), _) => format!("{} {}", it.title, it.subtitle),
            (None, ChartName::Leaders) => self.page.leaders.title.clone(),
            (None, _) => self.page.formats.title.clone(),
        };
        let words = [&title, &self.caption.range, &self.caption.viewer].map(|it| in_a_name(it));
        format!("{}.png", words.join("-"))
    }
}

/// Letters and digits of any script, in lower case; a hyphen for everything between them.
pub(super) fn in_a_name(text: &str) -> String {
    let letters: String = text.chars().map(|it| if it.is_alphanumeric() { it } else { ' ' }).collect();
    let words: Vec<_> = letters.split_whitespace().map(str::to_lowercase).collect();
    words.join("-").chars().take(NAME_CHARS_MAX).collect()
}

/// A chart of its own weeks has its own range and rows.
fn caption(page: &Overview, chart: ChartName, viewing: &Viewing) -> Caption {
    let (range, n_rows) = page.stack(chart).map_or((&page.range, page.n_rows), |it| (&it.range, it.n_rows));
    let viewer = match viewing.viewer {
        Viewer::Admin(None) => "Admin, all rows".to_owned(),
        Viewer::Admin(Some(_)) if viewing.only_mine => format!("{}, own rows", viewing.name),
        Viewer::Admin(Some(_)) => format!("{}, all rows", viewing.name),
        Viewer::Owner(_) | Viewer::Nobody => viewing.name.clone(),
    };
    Caption { range: range.clone(), zone: page.zone.clone(), viewer, n_rows }
}
