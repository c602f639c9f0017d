use std::path::{Path, PathBuf};

use chrono::Weekday;
use serde::{Deserialize, Serialize};

use super::state::Theme;

/// What is remembered from one start to the next. Facts are in the file, never here.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub theme: Theme,
    /// An IANA name; `None` before one was chosen: then it is UTC.
    pub zone: Option<String>,
    /// Days after Monday on which weeks begin.
    pub week_start: u8,
    /// The newest first.
    pub recent: Vec<PathBuf>,
}

/// Recent files that are offered.
const RECENT_MAX: usize = 8;

/// Where eframe's storage keeps them.
pub(super) const KEY: &str = "creditscope-settings";

impl Default for Settings {
    fn default() -> Self {
        Self { theme: Theme::System, zone: None, week_start: 0, recent: Vec::new() }
    }
}

impl Settings {
    pub fn week_start(&self) -> Weekday {
        Weekday::try_from(self.week_start).unwrap_or(Weekday::Mon)
    }

    pub(super) fn set_week_start(&mut self, day: Weekday) {
        self.week_start = day.num_days_from_monday() as u8;
    }

    /// Puts a file first among the recent ones.
    pub fn remember(&mut self, path: &Path) {
        self.recent.retain(|it| it != path);
        self.recent.insert(0, path.to_owned());
        self.recent.truncate(RECENT_MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_day_of_a_week_is_remembered() {
        for day in [Weekday::Mon, Weekday::Sat, Weekday::Sun] {
            let mut settings = Settings::default();
            settings.set_week_start(day);
            assert_eq!(settings.week_start(), day);
        }
    }

    #[test]
    fn a_file_is_recent_once() {
        let mut settings = Settings::default();
        for name in ["a", "b", "a"] {
            settings.remember(Path::new(name));
        }
        assert_eq!(settings.recent, [PathBuf::from("a"), PathBuf::from("b")]);
    }
}
