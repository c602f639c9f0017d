//! Profiles and roles: states of a user, of which the last one counts.

use super::super::columns::{Column, N_COLUMNS, Shape};
use super::super::report::FileError;
use super::super::same;
use super::super::value::quoted;
use super::{Cell, RawRow, Rows, Stop, UserRoles, optional, preview, unwritten};
use crate::access::Role;
use crate::model::{ProfileRow, Upsert, UserId, Writer};

impl Rows<'_> {
    pub(super) fn take_profile_with_role(
        &mut self,
        row: &RawRow<'_>,
        cells: &[Cell<'_>; N_COLUMNS],
        writer: &mut dyn Writer,
    ) -> Result<(), Stop> {
        // Both values are looked at before either is taken: a row is rejected in both tables or in none.
        optional(cells, Column::Username)?;
        self.take_role(row, cells)?;
        self.take_profile(row, cells, writer)
    }

    pub(super) fn take_profile(
        &mut self,
        row: &RawRow<'_>,
        cells: &[Cell<'_>; N_COLUMNS],
        writer: &mut dyn Writer,
    ) -> Result<(), Stop> {
        let user_id = UserId(self.uuid(cells, self.layout.user)?);
        let username = optional(cells, Column::Username)?;
        if let Some(before) = self.names.get(&user_id) {
            if same::text_eq(before.as_deref(), username) {
                self.reports[0].repeats += 1;
                return Ok(());
            }
            let name = |it: Option<&str>| it.map_or_else(|| "NULL".to_owned(), quoted);
            let (before, now) = (name(before.as_deref()), name(username));
            let reason = format!("this file names the user twice: username was {before}, now {now}");
            return Ok(self.conflict(row, user_id.0, reason, writer)?);
        }
        self.names.insert(user_id, username.map(str::to_owned));
        let profile = ProfileRow { user_id, username };
        self.preview(0, row, || preview::of_profile(&profile));
        let upsert = writer.put_profile(&profile);
        let report = &mut self.reports[0];
        match upsert.map_err(|err| unwritten(row, &err))? {
            Upsert::New => report.imported += 1,
            Upsert::Same => report.repeats += 1,
            Upsert::Changed => report.updated += 1,
        }
        Ok(())
    }

    pub(super) fn take_role(&mut self, row: &RawRow<'_>, cells: &[Cell<'_>; N_COLUMNS]) -> Result<(), Stop> {
        let user = UserId(self.uuid(cells, self.layout.user)?);
        // In a join a user without roles has the role NULL; in user_roles itself there is no such row.
        let role = match self.layout.shape {
            Shape::UserRoles => Some(self.needed(cells, Column::Role)?),
            _ => optional(cells, Column::Role)?,
        };
        self.preview(self.reports.len() - 1, row, || preview::of_role(user, role));
        let entry = self.roles.entry(user).or_default();
        entry.n_rows += 1;
        if let Some(role) = role {
            if !Role::parse(role).is_known() {
                *self.unknown_roles.entry(role.to_owned()).or_default() += 1;
            }
            if !entry.roles.contains(role) {
                entry.roles.insert(role.to_owned());
            }
        }
        Ok(())
    }

    /// A user's roles count as often as there are roles, and once if there are none; the user's other
    /// rows are repeats.
    pub(super) fn put_roles(&mut self, writer: &mut dyn Writer) -> Result<(), FileError> {
        let Some(report) = self.reports.last_mut() else { return Ok(()) };
        for (user, UserRoles { roles, n_rows }) in &self.roles {
            let before = writer.put_roles(*user, roles).map_err(|err| FileError::new(err.to_string()))?;
            let n_told = (roles.len() as u64).max(1);
            report.repeats += n_rows - n_told;
            *if before == *roles {
                &mut report.repeats
            } else if before.is_empty() {
                &mut report.imported
            } else {
                &mut report.updated
            } += n_told;
        }
        Ok(())
    }
}
