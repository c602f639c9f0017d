//! The first rows of a table as they were understood.

use super::super::report::{PREVIEW_MAX, PreviewRow};
use super::{RawRow, Rows, cut};
use crate::model::{LogRow, ProfileRow, UserId, Zone};

impl Rows<'_> {
    /// Keeps one of the first rows of a table.
    pub(super) fn preview(
        &mut self,
        table: usize,
        row: &RawRow<'_>,
        values: impl FnOnce() -> Vec<Option<String>>,
    ) {
        if let Some(report) = self.reports.get_mut(table)
            && report.preview.len() < PREVIEW_MAX
        {
            report.preview.push(PreviewRow { place: row.place, values: values(), raw: cut(row.raw) });
        }
    }
}

/// By the columns of `usage_logs`.
pub(super) fn of_log(log: &LogRow<'_>) -> Vec<Option<String>> {
    let text = |it: Option<&str>| it.map(|it| cut(it.as_bytes()));
    vec![
        Some(log.id.to_string()),
        Some(log.user_id.to_string()),
        text(Some(log.action)),
        Some(log.credits.to_string()),
        text(log.metadata),
        Some(Zone::utc().format(log.created_at)),
        text(log.format),
        text(log.quality),
    ]
}

/// By the columns of `profiles`.
pub(super) fn of_profile(profile: &ProfileRow<'_>) -> Vec<Option<String>> {
    vec![Some(profile.user_id.to_string()), profile.username.map(|it| cut(it.as_bytes()))]
}

/// By the columns of `user_roles`.
pub(super) fn of_role(user: UserId, role: Option<&str>) -> Vec<Option<String>> {
    vec![Some(user.to_string()), role.map(|it| cut(it.as_bytes()))]
}
