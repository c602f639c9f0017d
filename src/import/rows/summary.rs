//! What is said about a table when all its rows have been taken.

use super::super::columns::Shape;
use super::super::report::{TableReport, WarningCode};
use super::super::value::quoted;
use super::findings::{Findings, Hole, Seen};
use super::{NO_ROWS, Rows};
use crate::model::Zone;

/// Names of unknown columns or roles that a warning lists.
const NAMES_MAX: usize = 20;

impl Rows<'_> {
    pub(super) fn sum_up(&mut self) {
        let unknown = std::mem::take(&mut self.layout.unknown);
        let synonyms = std::mem::take(&mut self.layout.synonyms);
        let n_unknown_roles = self.unknown_roles.values().sum();
        for report in &mut self.reports {
            let rows = report.rows_read;
            if rows == 0 {
                report.warn(WarningCode::NoRowsVisible, 0, NO_ROWS);
            }
            if rows == 100 || rows == 500 || (rows > 0 && rows.is_multiple_of(1_000)) {
                let message =
                    format!("exactly {rows} rows: the export may have stopped there, and rows be missing");
                report.warn(WarningCode::RowLimit, rows, message);
            }
            if !synonyms.is_empty() {
                let pairs: Vec<String> =
                    synonyms.iter().map(|(name, it)| format!("{} as {}", quoted(name), it.name())).collect();
                let message = format!("columns read by other names: {}", pairs.join(", "));
                report.warn(WarningCode::ColumnSynonyms, rows, message);
            }
            if !unknown.is_empty() {
                let message =
                    format!("columns that are not read: {}", listed(unknown.iter().map(String::as_str)));
                report.warn(WarningCode::UnknownColumns, rows, message);
            }
        }
        self.sum_up_values();
        self.sum_up_metadata();
        if let (Some(report), true) = (self.reports.last_mut(), n_unknown_roles > 0) {
            let names = listed(self.unknown_roles.keys().map(String::as_str));
            let message = format!("roles that mean nothing here, and never admin: {names}");
            report.warn(WarningCode::UnknownRoles, n_unknown_roles, message);
        }
    }

    /// How the values of usage logs were read.
    fn sum_up_values(&mut self) {
        let report = &mut self.reports[0];
        if self.layout.shape == Shape::UsageLogs && report.rows_read > 0 {
            if let Some(plan) = &self.layout.plan {
                report.warn(WarningCode::ReadAs, report.rows_read, &plan.note);
            }
            for note in &self.decisions.notes {
                report.warn(WarningCode::ReadAs, report.rows_read, note);
            }
        }
        let Findings { rounded, epoch_zero, future, refunds, duplicates, alike, less_precise, .. } =
            self.findings;
        report.warn_seen(WarningCode::RoundedCredits, rounded, |rows| {
            let sum = &self.findings.rounding;
            format!("credits of more than 9 decimals were rounded {rows}; in all that adds {sum} credits")
        });
        report.warn_seen(WarningCode::EpochZero, epoch_zero, |rows| {
            format!("created_at is the beginning of 1970, as if no time had been set, {rows}")
        });
        report.warn_seen(WarningCode::FutureTimes, future, |rows| {
            format!("created_at is in the future {rows}; charts end at the newest row before now")
        });
        report.warn_seen(WarningCode::DuplicateIds, duplicates, |rows| {
            format!("an id that is in the file before comes again {rows}; each row counts once")
        });
        report.warn_seen(WarningCode::AlikeRows, alike, |rows| {
            format!("the same as a row before it, and a row of its own with an id of its own, {rows}")
        });
        if let Some(hole) = self.findings.hole(self.now) {
            let message = hole.in_words();
            report.warn(WarningCode::MissingDays, 0, message);
        }
        report.warn_seen(WarningCode::Refunds, refunds, |rows| {
            format!("credits are below zero, as refunds are, {rows}; in all {}", self.findings.refunded)
        });
        report.warn_seen(WarningCode::LessPrecise, less_precise, |rows| {
            format!("times or credits are less precise than those that are there, which stay, {rows}")
        });
    }

    fn sum_up_metadata(&mut self) {
        let report = &mut self.reports[0];
        report.warn_seen(WarningCode::MetadataRepaired, self.findings.repaired, |rows| {
            format!("the export had doubled the backslashes of metadata; undone exactly {rows}")
        });
        let n_damaged = self.findings.damages.values().map(|it| it.n_rows).sum();
        if n_damaged > 0 {
            let kinds: Vec<String> = self
                .findings
                .damages
                .iter()
                .map(|(it, seen)| format!("{} {}", it.name(), seen.in_words()))
                .collect();
            let message = format!("metadata is not JSON and was kept as its text: {}", kinds.join("; "));
            report.warn(WarningCode::MetadataNotJson, n_damaged, message);
        }
    }
}

impl TableReport {
    fn warn_seen(&mut self, code: WarningCode, seen: Seen, message: impl FnOnce(String) -> String) {
        if seen.n_rows > 0 {
            self.warn(code, seen.n_rows, message(seen.in_words()));
        }
    }
}

impl Hole {
    fn in_words(self) -> String {
        let day = |at| Zone::utc().format(at).chars().take(10).collect::<String>();
        let (from, to) = (day(self.longest.0), day(self.longest.1));
        let longest = if from == to { from } else { format!("{from} to {to}") };
        match self.n_days {
            1 => format!("one day has no rows, though nearly all others have: {longest} (UTC)"),
            n_days => format!(
                "{n_days} days have no rows, though nearly all others have; the longest gap is {longest} (UTC)"
            ),
        }
    }
}

fn listed<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    let more = if names.len() > NAMES_MAX { ", …" } else { "" };
    let shown: Vec<String> = names.take(NAMES_MAX).map(quoted).collect();
    format!("{}{more}", shown.join(", "))
}
