//! What is said about a table when all its rows have been taken.

use super::super::columns::Shape;
use super::super::report::WarningCode;
use super::super::value::quoted;
use super::{NO_ROWS, Rows};

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
            for note in &self.decisions.notes {
                report.warn(WarningCode::ReadAs, report.rows_read, note);
            }
        }
        if self.n_rounded > 0 {
            let message = format!(
                "credits of more than 9 decimals were rounded in {}; in all that adds {} credits",
                counted(self.n_rounded),
                self.rounding
            );
            report.warn(WarningCode::RoundedCredits, self.n_rounded, message);
        }
        if self.n_epoch_zero > 0 {
            let message = format!(
                "created_at is the beginning of 1970, as if no time had been set, in {}",
                counted(self.n_epoch_zero)
            );
            report.warn(WarningCode::EpochZero, self.n_epoch_zero, message);
        }
        if self.n_less_precise > 0 {
            let message = format!(
                "times or credits are less precise than those that are there, which stay, in {}",
                counted(self.n_less_precise)
            );
            report.warn(WarningCode::LessPrecise, self.n_less_precise, message);
        }
    }

    fn sum_up_metadata(&mut self) {
        let report = &mut self.reports[0];
        if self.n_repaired > 0 {
            let message = format!(
                "the export had doubled the backslashes of metadata; undone exactly in {}",
                counted(self.n_repaired)
            );
            report.warn(WarningCode::MetadataRepaired, self.n_repaired, message);
        }
        let n_damaged = self.damages.values().sum();
        if n_damaged > 0 {
            let kinds: Vec<String> =
                self.damages.iter().map(|(it, n)| format!("{} {n}", it.name())).collect();
            let message = format!(
                "metadata is not JSON and was kept as its text in {}: {}",
                counted(n_damaged),
                kinds.join(", ")
            );
            report.warn(WarningCode::MetadataNotJson, n_damaged, message);
        }
    }
}

fn counted(n_rows: u64) -> String {
    format!("{n_rows} {}", if n_rows == 1 { "row" } else { "rows" })
}

fn listed<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    let more = if names.len() > NAMES_MAX { ", …" } else { "" };
    let shown: Vec<String> = names.take(NAMES_MAX).map(quoted).collect();
    format!("{}{more}", shown.join(", "))
}
