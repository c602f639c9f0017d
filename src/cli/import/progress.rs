use std::path::Path;
use std::time::{Duration, Instant};

use super::out;
use crate::import::Progress;

/// Shows how far an import is, and how long it will take.
#[derive(Debug)]
pub(super) struct Meter {
    line: out::Progress,
    name: String,
    began: Instant,
    shown: Option<Instant>,
}

/// More often, nobody reads it.
const BETWEEN: Duration = Duration::from_millis(100);

impl Meter {
    pub(super) fn new(path: &Path) -> Self {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Self { line: out::Progress::new(), name, began: Instant::now(), shown: None }
    }

    pub(super) fn show(&mut self, progress: Progress) {
        if !self.line.is_shown() || self.shown.is_some_and(|it| it.elapsed() < BETWEEN) {
            return;
        }
        self.shown = Some(Instant::now());
        self.line.show(&format!("{}: {}", self.name, words(progress, self.began.elapsed())));
    }
}

fn words(progress: Progress, taken: Duration) -> String {
    let Progress { bytes_read, bytes_total, rows } = progress;
    let part = bytes_read as f64 / bytes_total.max(1) as f64;
    let percent = (part * 100.0).min(100.0);
    let left = if part > 0.0 { taken.as_secs_f64() * (1.0 / part - 1.0).max(0.0) } else { 0.0 };
    format!("{percent:.0} %, {rows} rows, {left:.0} s left")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes_read: u64, bytes_total: u64, taken_secs: u64, expected: &str) {
        let progress = Progress { bytes_read, bytes_total, rows: 7 };
        assert_eq!(words(progress, Duration::from_secs(taken_secs)), expected);
    }

    #[test]
    fn the_time_left_follows_the_bytes() {
        check(25, 100, 5, "25 %, 7 rows, 15 s left");
        check(100, 100, 5, "100 %, 7 rows, 0 s left");
        check(0, 0, 0, "0 %, 7 rows, 0 s left");
        // A file that grew while it was read.
        check(150, 100, 5, "100 %, 7 rows, 0 s left");
    }
}
