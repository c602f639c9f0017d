//! Mistakes that are easy to make and cost people money, each with a test of its own.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::tool::{self, Row};

const ADA: &str = "00000000-0000-4000-8000-0000000000ad";
const BOB: &str = "00000000-0000-4000-8000-0000000000b0";

/// A database of rows `(user, time, credits)`.
struct Logs {
    folder: TempDir,
    n_files: usize,
}

impl Logs {
    fn of(rows: &[(&str, &str, &str)]) -> Self {
        let mut logs = Self { folder: tempfile::tempdir().unwrap(), n_files: 0 };
        logs.add(rows);
        logs
    }

    fn db(&self) -> PathBuf {
        self.folder.path().join("db")
    }

    fn add(&mut self, rows: &[(&str, &str, &str)]) {
        let mut csv = String::from("id,user_id,action,credits_consumed,created_at\n");
        for (at, (user, time, credits)) in rows.iter().enumerate() {
            let id = format!("{:08}-0000-4000-8000-{at:012}", self.n_files);
            writeln!(csv, "{id},{user},chat,{credits},{time}").unwrap();
        }
        self.import(&csv);
    }

    fn import(&mut self, csv: &str) {
        self.n_files += 1;
        let file = self.folder.path().join(format!("{}.csv", self.n_files));
        fs::write(&file, csv).unwrap();
        let (code, answer) = tool::import(&[file], &self.db());
        assert_eq!(code, 0, "{answer:?}");
    }

    fn report(&self, args: &[&str]) -> Vec<Row> {
        tool::report(args, &self.db())
    }
}

/// 30 days before this `now` is a time that clocks in Berlin skipped or had twice: one row lies just
/// before the instant that `PostgreSQL` takes it for, one on it.
#[track_caller]
fn check_window(now: &str, before: &str, edge: &str) {
    let logs = Logs::of(&[(ADA, before, "1"), (ADA, edge, "2")]);
    let rows = logs.report(&["summary", "--as", ADA, "--now", now, "--zone", "Europe/Berlin"]);
    assert_eq!(rows[0].raw("total_credits_consumed"), "2");
}

#[test]
fn a_window_that_begins_in_a_skipped_hour_begins_an_hour_later() {
    check_window("2025-04-29T02:30:00+02:00", "2025-03-30T01:29:59.999999Z", "2025-03-30T01:30:00Z");
}

#[test]
fn a_window_that_begins_in_a_doubled_hour_begins_in_the_second() {
    check_window("2025-11-25T02:30:00+01:00", "2025-10-26T01:29:59.999999Z", "2025-10-26T01:30:00Z");
}

#[test]
fn now_is_the_newest_row_that_the_viewer_sees_and_not_in_the_future() {
    let mut logs = Logs::of(&[
        (ADA, "2024-01-01T00:00:00Z", "1"),
        (ADA, "2024-01-31T00:00:00Z", "2"),
        (ADA, "9000-01-01T00:00:00Z", "4"),
    ]);
    let args = ["summary", "--as", ADA];
    assert_eq!(logs.report(&args)[0].raw("total_credits_consumed"), "7");
    logs.add(&[(BOB, "2024-03-02T00:00:00Z", "8")]);
    assert_eq!(logs.report(&args)[0].raw("total_credits_consumed"), "7", "a hidden row moved it");
    let visible = ["summary", "--as", "admin", "--of", "all"];
    assert_eq!(logs.report(&visible)[0].raw("total_credits_consumed"), "12");
}

#[test]
fn an_admin_who_was_demoted_is_none_after_the_next_import() {
    let mut logs = Logs::of(&[(ADA, "2024-01-01T00:00:00Z", "1"), (BOB, "2024-01-01T00:00:00Z", "2")]);
    let sees = |logs: &Logs| logs.report(&["platform", "--as", ADA])[0].raw("total_credits").to_owned();
    logs.import(&format!("user_id,role\n{ADA},user\n{ADA},admin\n"));
    assert_eq!(sees(&logs), "3");
    logs.import(&format!("user_id,role\n{BOB},admin\n"));
    assert_eq!(sees(&logs), "3", "who is not listed keeps the roles");
    logs.import(&format!("user_id,role\n{ADA},user\n"));
    assert_eq!(sees(&logs), "1");
}

#[test]
fn equal_credits_at_the_cut_of_a_ranking_go_by_id() {
    let users: Vec<_> = (0..25).rev().map(|it| format!("00000000-0000-4000-8000-{it:012}")).collect();
    let rows: Vec<_> = users.iter().map(|it| (it.as_str(), "2024-01-01T00:00:00Z", "1")).collect();
    let ranking = Logs::of(&rows).report(&["ranking", "--as", "admin"]);
    let ranked: Vec<_> = ranking.iter().map(|it| it.text("user_id").unwrap()).collect();
    assert!(ranked.iter().eq(users.iter().rev().take(20)), "{ranked:?}");
}

/// `SQLite`'s sum overflows above 9.22e9 credits in all, and a float loses the last digit.
#[test]
fn sums_beyond_the_range_of_a_row_are_exact() {
    let most = "9223372036.854775807";
    let logs = Logs::of(&[(ADA, "2024-01-01T00:00:00Z", most); 3]);
    let rows = logs.report(&["summary", "--as", ADA]);
    assert_eq!(rows[0].raw("total_credits_consumed"), "27670116110.564327421");
    assert_eq!(rows[0].raw("avg_credits_per_action"), most);
}
