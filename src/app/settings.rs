use std::path::{Path, PathBuf};

use chrono::Weekday;
use serde::{Deserialize, Serialize};

use super::answers::FileAnswers;
use super::state::Theme;
use crate::import::{Reply, SavedMapping};
use crate::model::UserId;
use crate::report::chart::{AsOf, Compare};

/// What is remembered from one start to the next. Facts are in the file, never here.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub theme: Theme,
    /// An IANA name; `None` before one was chosen: then it is UTC.
    pub zone: Option<String>,
    /// Days after Monday on which weeks begin.
    pub week_start: u8,
    /// What periods end at and are compared with.
    pub as_of: AsOf,
    pub compare: Compare,
    /// The newest first.
    pub recent: Vec<PathBuf>,
    /// For each of these files the ids of the users who were looked as, the newest first.
    pub viewers: Vec<(PathBuf, Vec<String>)>,
    /// For logs of other shapes, the newest first.
    pub mappings: Vec<SavedMapping>,
    /// What was said about files, each by the hash of its columns; the newest first.
    pub answers: Vec<(String, FileAnswers)>,
}

/// Recent files that are offered.
const RECENT_MAX: usize = 8;
/// Mappings that are kept.
const MAPPINGS_MAX: usize = 50;
/// Recent viewers of a file that are offered.
const VIEWERS_MAX: usize = 5;

/// Kinds of files of which it is remembered how they are read.
const ANSWERS_MAX: usize = 64;

/// Where eframe's storage keeps them.
pub(super) const KEY: &str = "creditscope-settings";

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            zone: None,
            week_start: 0,
            as_of: AsOf::default(),
            compare: Compare::default(),
            recent: Vec::new(),
            viewers: Vec::new(),
            mappings: Vec::new(),
            answers: Vec::new(),
        }
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
        self.viewers.retain(|(it, _)| self.recent.contains(it));
    }

    /// Takes a file off the recent ones.
    pub fn forget(&mut self, path: &Path) {
        self.recent.retain(|it| it != path);
        self.viewers.retain(|(it, _)| it != path);
    }

    /// Puts a user first among those who were looked as in a file.
    pub fn remember_viewer(&mut self, path: &Path, user: UserId) {
        let mut viewers = self.viewers_of(path);
        viewers.retain(|it| *it != user);
        viewers.insert(0, user);
        viewers.truncate(VIEWERS_MAX);
        self.viewers.retain(|(it, _)| it != path);
        self.viewers.insert(0, (path.to_owned(), viewers.iter().map(UserId::to_string).collect()));
    }

    /// Puts a mapping first, in place of one of the same name for files with the same columns.
    pub fn remember_mapping(&mut self, saved: SavedMapping) {
        self.forget_mapping(&saved.name, &saved.columns);
        self.mappings.insert(0, saved);
        self.mappings.truncate(MAPPINGS_MAX);
    }

    /// Takes the mapping of this name for files with these columns away.
    pub fn forget_mapping(&mut self, name: &str, columns: &[String]) {
        self.mappings.retain(|it| it.name != name || !it.is_for(columns));
    }

    /// Remembers what was said about a file with these columns, beside what was said before.
    pub(super) fn remember_reply(&mut self, columns: &str, reply: &Reply) {
        let known = self.answers.iter().position(|(it, _)| it == columns);
        let (_, mut answers) = known.map(|it| self.answers.remove(it)).unwrap_or_default();
        answers.add(reply);
        self.answers.insert(0, (columns.to_owned(), answers));
        self.answers.truncate(ANSWERS_MAX);
    }

    /// Who was looked as in a file, the newest first.
    pub fn viewers_of(&self, path: &Path) -> Vec<UserId> {
        let ids = self.viewers.iter().find(|(it, _)| it == path).map(|(_, ids)| ids.as_slice());
        let ids = ids.unwrap_or_default().iter();
        ids.filter_map(|it| it.parse().ok()).map(UserId).collect()
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
        settings.forget(Path::new("a"));
        assert_eq!(settings.recent, [PathBuf::from("b")]);
    }

    #[test]
    fn a_mapping_of_a_name_is_kept_once_for_the_same_columns() {
        let mapping = r#"{"id": {"uuid_v5": ["at"]}, "user_id": {"uuid_v5": ["at"]}, "action": {"constant": "a"},
            "credits_consumed": {"column": "n", "times": 0.001}, "created_at": {"column": "at"}}"#;
        let saved = |name: &str, columns: [&str; 2]| SavedMapping {
            name: name.to_owned(),
            columns: columns.map(str::to_owned).to_vec(),
            mapping: crate::import::Mapping::parse(mapping).unwrap(),
        };
        let mut settings = Settings::default();
        for (name, columns) in [("a", ["at", "n"]), ("b", ["at", "n"]), ("a", ["n", "at"]), ("a", ["x", "y"])]
        {
            settings.remember_mapping(saved(name, columns));
        }
        let kept: Vec<_> =
            settings.mappings.iter().map(|it| (it.name.as_str(), it.columns[0].as_str())).collect();
        assert_eq!(kept, [("a", "x"), ("a", "n"), ("b", "at")]);
        // As the window's storage writes them.
        let mut storage = Kept::default();
        eframe::set_value(&mut storage, KEY, &settings);
        assert_eq!(eframe::get_value::<Settings>(&storage, KEY), Some(settings.clone()));
        settings.forget_mapping("a", &["at".to_owned(), "n".to_owned()]);
        assert_eq!(settings.mappings.len(), 2);
    }

    #[derive(Default)]
    struct Kept(std::collections::HashMap<String, String>);

    impl eframe::Storage for Kept {
        fn get_string(&self, key: &str) -> Option<String> {
            self.0.get(key).cloned()
        }

        fn set_string(&mut self, key: &str, value: String) {
            self.0.insert(key.to_owned(), value);
        }

        fn remove_string(&mut self, key: &str) {
            self.0.remove(key);
        }

        fn flush(&mut self) {}
    }

    #[test]
    fn answers_are_kept_by_columns_and_the_oldest_are_forgotten() {
        let comma = Reply::DecimalMark(crate::import::DecimalMark::Comma);
        let mut settings = Settings::default();
        settings.remember_reply("a", &Reply::Zone(crate::model::Zone::utc()));
        settings.remember_reply("b", &comma);
        settings.remember_reply("a", &comma);
        let [(first, answers), (second, _)] = settings.answers.as_slice() else { panic!("{settings:?}") };
        assert_eq!((first.as_str(), second.as_str()), ("a", "b"));
        assert_eq!((answers.zone.as_deref(), answers.decimal.as_deref()), (Some("UTC"), Some("comma")));
        for n in 0..ANSWERS_MAX {
            settings.remember_reply(&n.to_string(), &comma);
        }
        assert_eq!(settings.answers.len(), ANSWERS_MAX);
        assert!(settings.answers.iter().all(|(it, _)| it != "a"));
    }

    #[test]
    fn five_viewers_of_each_file_are_remembered() {
        let user = |n| UserId(uuid::Uuid::from_u128(n));
        let (here, there) = (Path::new("here"), Path::new("there"));
        let mut settings = Settings::default();
        settings.remember(here);
        settings.remember(there);
        settings.remember_viewer(there, user(9));
        for n in [1, 2, 3, 4, 5, 6, 4] {
            settings.remember_viewer(here, user(n));
        }
        assert_eq!(settings.viewers_of(here), [4, 6, 5, 3, 2].map(user));
        assert_eq!(settings.viewers_of(there), [user(9)]);
        for n in 0..RECENT_MAX {
            settings.remember(Path::new(&n.to_string()));
        }
        assert_eq!(settings.viewers, [], "files that are forgotten take their viewers with them");
    }
}
