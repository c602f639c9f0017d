//! Raw rows → rows for the writer, or rejects; every one of them counted.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::columns::{Column, Layout, N_COLUMNS, Shape};
use super::report::{FileError, Format, REJECTS_MAX, TableReport, WarningCode};
use super::value::{number, quoted, time, uuid};
use super::{Options, jsonb, same};
use crate::access::Role;
use crate::model::{
    Conflict, DumpTable, Instant, LogRow, Place, ProfileRow, Reject, RowId, Upsert, UserId, WriteError,
    Writer,
};

/// Raw text of a record that is kept with a reject or a conflict.
const RAW_BYTES_MAX: usize = 4 * 1024;
/// Names of unknown columns or roles that a warning lists.
const NAMES_MAX: usize = 20;

/// One value of a record, as far as the format of the file tells.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) enum Cell<'a> {
    /// Neither the header nor the record has the column.
    #[default]
    Absent,
    Null,
    Text(Cow<'a, str>),
    /// Metadata that is JSON for certain.
    Json(Cow<'a, str>),
    /// It cannot be a value, for this reason.
    Fault(String),
}

/// A record of the file.
#[derive(Debug)]
pub(super) struct RawRow<'a> {
    pub(super) place: Place,
    /// As it stands in the file.
    pub(super) raw: &'a [u8],
    /// By [`Column`], or why the record has none.
    pub(super) cells: Result<[Cell<'a>; N_COLUMNS], String>,
}

/// Takes the rows of one table of a file, or of two that are joined, in the file's order.
pub(super) struct Rows<'a> {
    pub(super) layout: Layout,
    options: &'a Options,
    reports: Vec<TableReport>,
    /// Roles are a state of the user, so they are known only at the end of the file.
    roles: BTreeMap<UserId, UserRoles>,
    names: HashMap<UserId, Option<String>>,
    unknown_roles: BTreeMap<String, u64>,
    rounding: number::RoundingSum,
    n_rounded: u64,
    n_not_json: u64,
}

#[derive(Default)]
struct UserRoles {
    roles: BTreeSet<String>,
    n_rows: u64,
}

/// Why a row is not taken: the column, and the reason.
struct Issue {
    column: Option<Column>,
    reason: String,
}

/// What stops a row: itself, or the whole file.
enum Stop {
    Row(Issue),
    File(FileError),
}

impl<'a> Rows<'a> {
    pub(super) fn new(layout: Layout, options: &'a Options) -> Self {
        let report = |table: &DumpTable| TableReport::new(Some(*table), Format::Unknown);
        let reports = layout.shape.tables().iter().map(report).collect();
        Self {
            layout,
            options,
            reports,
            roles: BTreeMap::new(),
            names: HashMap::new(),
            unknown_roles: BTreeMap::new(),
            rounding: number::RoundingSum::default(),
            n_rounded: 0,
            n_not_json: 0,
        }
    }

    /// Takes one record. A bad one is rejected and counted; an error stops the file.
    pub(super) fn take(&mut self, row: &RawRow<'_>, writer: &mut dyn Writer) -> Result<(), FileError> {
        for report in &mut self.reports {
            report.rows_read += 1;
        }
        let taken = match (&row.cells, self.layout.shape) {
            (Err(reason), _) => Err(Stop::Row(Issue { column: None, reason: reason.clone() })),
            (Ok(cells), Shape::UsageLogs) => self.take_log(row, cells, writer),
            (Ok(cells), Shape::Profiles) => self.take_profile(row, cells, writer),
            (Ok(cells), Shape::UserRoles) => self.take_role(cells),
            (Ok(cells), Shape::ProfilesWithRoles) => self.take_profile_with_role(row, cells, writer),
        };
        match taken {
            Ok(()) => Ok(()),
            Err(Stop::Row(issue)) => self.reject(row, &issue, writer),
            Err(Stop::File(err)) => Err(err),
        }
    }

    /// After the last record: hands over the roles and sums up.
    pub(super) fn finish(
        mut self,
        format: Format,
        writer: &mut dyn Writer,
    ) -> Result<Vec<TableReport>, FileError> {
        self.put_roles(writer)?;
        self.warn();
        for report in &mut self.reports {
            report.format = format;
        }
        Ok(self.reports)
    }

    // ---- usage_logs ------------------------------------------------------------------------------

    fn take_log(
        &mut self,
        row: &RawRow<'_>,
        cells: &[Cell<'_>; N_COLUMNS],
        writer: &mut dyn Writer,
    ) -> Result<(), Stop> {
        let id = RowId(self.uuid(cells, Column::Id)?);
        let user_id = UserId(self.uuid(cells, Column::UserId)?);
        let action = self.needed(cells, Column::Action)?;
        let credits = number::parse(self.needed(cells, Column::Credits)?).map_err(at(Column::Credits))?;
        if self.options.strict && credits.rounded.is_some() {
            let value = quoted(self.needed(cells, Column::Credits)?);
            return Err(at(Column::Credits)(format!("{value} has more than 9 decimals")));
        }
        let metadata = optional(cells, Column::Metadata)?;
        let created_at = self.created_at(row, self.needed(cells, Column::CreatedAt)?)?;
        let format = optional(cells, Column::Format)?;
        let quality = optional(cells, Column::Quality)?;

        if let Some(rounded) = &credits.rounded {
            self.n_rounded += 1;
            self.rounding.add(rounded);
        }
        let is_known_json = matches!(cells[Column::Metadata as usize], Cell::Json(_));
        if !is_known_json && metadata.is_some_and(|it| !jsonb::is_json(it)) {
            self.n_not_json += 1;
        }
        let log =
            LogRow { id, user_id, action, credits: credits.credits, metadata, created_at, format, quality };
        let report = &mut self.reports[0];
        report.first = Some(report.first.map_or(created_at, |it| it.min(created_at)));
        report.last = Some(report.last.map_or(created_at, |it| it.max(created_at)));
        match writer.add_log(&log).map_err(|err| unwritten(row, &err))? {
            None => report.imported += 1,
            Some(old) => match same::difference(&old.0, &log) {
                None => report.repeats += 1,
                Some(reason) => self.conflict(row, id.0, reason, writer)?,
            },
        }
        Ok(())
    }

    fn created_at(&self, row: &RawRow<'_>, text: &str) -> Result<Instant, Stop> {
        match time::parse(text, self.options.assume_zone.as_ref()) {
            Ok(instant) => Ok(instant),
            Err(err @ time::TimeFault::NoZone(_)) => Err(Stop::File(FileError::at(
                row.place.line,
                format!("{err}: say in which zone the times are, for example `--assume-zone Europe/Berlin`"),
            ))),
            Err(err) => Err(at(Column::CreatedAt)(err.to_string())),
        }
    }

    // ---- profiles and roles ----------------------------------------------------------------------

    fn take_profile_with_role(
        &mut self,
        row: &RawRow<'_>,
        cells: &[Cell<'_>; N_COLUMNS],
        writer: &mut dyn Writer,
    ) -> Result<(), Stop> {
        // Both values are looked at before either is taken: a row is rejected in both tables or in none.
        optional(cells, Column::Username)?;
        self.take_role(cells)?;
        self.take_profile(row, cells, writer)
    }

    fn take_profile(
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
        let upsert = writer.put_profile(&ProfileRow { user_id, username });
        let report = &mut self.reports[0];
        match upsert.map_err(|err| unwritten(row, &err))? {
            Upsert::New => report.imported += 1,
            Upsert::Same => report.repeats += 1,
            Upsert::Changed => report.updated += 1,
        }
        Ok(())
    }

    fn take_role(&mut self, cells: &[Cell<'_>; N_COLUMNS]) -> Result<(), Stop> {
        let user = UserId(self.uuid(cells, self.layout.user)?);
        // In a join a user without roles has the role NULL; in user_roles itself there is no such row.
        let role = match self.layout.shape {
            Shape::UserRoles => Some(self.needed(cells, Column::Role)?),
            _ => optional(cells, Column::Role)?,
        };
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
    fn put_roles(&mut self, writer: &mut dyn Writer) -> Result<(), FileError> {
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

    // ---- rejects, conflicts, warnings ------------------------------------------------------------

    fn reject(&mut self, row: &RawRow<'_>, issue: &Issue, writer: &mut dyn Writer) -> Result<(), FileError> {
        let reject = Reject {
            place: row.place,
            column: issue.column.and_then(|it| self.layout.names[it as usize].clone()),
            reason: issue.reason.clone(),
            raw: cut(row.raw),
        };
        for report in &mut self.reports {
            report.rejected += 1;
            if let Some(table) = report.table {
                writer.keep_reject(table, &reject).map_err(|err| unwritten_file(row, &err))?;
            }
            if report.rejects.len() < REJECTS_MAX {
                report.rejects.push(reject.clone());
            }
        }
        Ok(())
    }

    fn conflict(
        &mut self,
        row: &RawRow<'_>,
        id: ::uuid::Uuid,
        reason: String,
        writer: &mut dyn Writer,
    ) -> Result<(), FileError> {
        let report = &mut self.reports[0];
        report.conflicts += 1;
        let conflict = Conflict { place: row.place, id, reason, raw: cut(row.raw) };
        let table = report.table.unwrap_or(DumpTable::UsageLogs);
        writer.keep_conflict(table, &conflict).map_err(|err| unwritten_file(row, &err))
    }

    fn warn(&mut self) {
        let unknown = std::mem::take(&mut self.layout.unknown);
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
            if !unknown.is_empty() {
                let message =
                    format!("columns that are not read: {}", listed(unknown.iter().map(String::as_str)));
                report.warn(WarningCode::UnknownColumns, rows, message);
            }
        }
        if self.n_rounded > 0 {
            let message = format!(
                "credits of more than 9 decimals were rounded in {}; in all that adds {} credits",
                counted(self.n_rounded),
                self.rounding
            );
            self.reports[0].warn(WarningCode::RoundedCredits, self.n_rounded, message);
        }
        if self.n_not_json > 0 {
            let message =
                format!("metadata is not JSON and was kept as its text in {}", counted(self.n_not_json));
            self.reports[0].warn(WarningCode::MetadataNotJson, self.n_not_json, message);
        }
        if let (Some(report), true) = (self.reports.last_mut(), n_unknown_roles > 0) {
            let names = listed(self.unknown_roles.keys().map(String::as_str));
            let message = format!("roles that mean nothing here, and never admin: {names}");
            report.warn(WarningCode::UnknownRoles, n_unknown_roles, message);
        }
    }

    // ---- cells -----------------------------------------------------------------------------------

    fn uuid(&self, cells: &[Cell<'_>; N_COLUMNS], column: Column) -> Result<::uuid::Uuid, Issue> {
        uuid::parse(self.needed(cells, column)?).map_err(|reason| Issue { column: Some(column), reason })
    }

    fn needed<'c>(&self, cells: &'c [Cell<'_>; N_COLUMNS], column: Column) -> Result<&'c str, Issue> {
        optional(cells, column)?.ok_or_else(|| {
            let name = self.layout.names[column as usize].as_deref().unwrap_or(column.name());
            let state = if cells[column as usize] == Cell::Absent { "missing" } else { "NULL" };
            Issue { column: Some(column), reason: format!("{name} is {state}; it is never filled in") }
        })
    }
}

/// The value of a column, if it has one.
fn optional<'c>(cells: &'c [Cell<'_>; N_COLUMNS], column: Column) -> Result<Option<&'c str>, Issue> {
    match &cells[column as usize] {
        Cell::Absent | Cell::Null => Ok(None),
        Cell::Text(text) | Cell::Json(text) => Ok(Some(text)),
        Cell::Fault(reason) => Err(Issue { column: Some(column), reason: reason.clone() }),
    }
}

/// What an export without rows means.
pub(super) const NO_ROWS: &str =
    "no rows: nothing was visible to the key or the user that exported, or the table is empty";

fn at(column: Column) -> impl Fn(String) -> Stop {
    move |reason| Stop::Row(Issue { column: Some(column), reason })
}

fn unwritten_file(row: &RawRow<'_>, err: &WriteError) -> FileError {
    FileError::at(row.place.line, err.to_string())
}

fn unwritten(row: &RawRow<'_>, err: &WriteError) -> Stop {
    Stop::File(unwritten_file(row, err))
}

impl From<Issue> for Stop {
    fn from(issue: Issue) -> Self {
        Self::Row(issue)
    }
}

impl From<FileError> for Stop {
    fn from(err: FileError) -> Self {
        Self::File(err)
    }
}

/// The text of a record, cut between two characters.
fn cut(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(&raw[..raw.len().min(RAW_BYTES_MAX + 4)]);
    text[..text.floor_char_boundary(RAW_BYTES_MAX)].to_owned()
}

fn counted(n_rows: u64) -> String {
    format!("{n_rows} {}", if n_rows == 1 { "row" } else { "rows" })
}

fn listed<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    let more = if names.len() > NAMES_MAX { ", …" } else { "" };
    let shown: Vec<String> = names.take(NAMES_MAX).map(quoted).collect();
    format!("{}{more}", shown.join(", "))
}
