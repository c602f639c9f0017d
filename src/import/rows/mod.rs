//! Raw rows → rows for the writer, or rejects; every one of them counted.

mod alike;
mod findings;
mod people;
mod preview;
mod summary;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use self::alike::Alike;
use self::findings::Findings;
use super::Options;
use super::columns::{Column, Layout, N_COLUMNS, Shape};
use super::question::Subject;
use super::repair::{self, Metadata};
use super::report::{FileError, Format, REJECTS_MAX, TableReport, WarningCode};
use super::same::{self, Twin};
use super::survey::Decisions;
use super::value::{number, quoted, time, uuid};
use super::written::FoundColumns;
use crate::model::{Conflict, DumpTable, Instant, LogRow, Place, Reject, RowId, UserId, WriteError, Writer};

/// Raw text of a record that is kept with a reject or a conflict.
const RAW_BYTES_MAX: usize = 4 * 1024;

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
    decisions: &'a Decisions,
    reports: Vec<TableReport>,
    /// Roles are a state of the user, so they are known only at the end of the file.
    roles: BTreeMap<UserId, UserRoles>,
    names: HashMap<UserId, Option<String>>,
    unknown_roles: BTreeMap<String, u64>,
    findings: Findings,
    alike: Alike,
    /// Later than this is the future.
    now: Instant,
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
    pub(super) fn new(layout: Layout, options: &'a Options, decisions: &'a Decisions) -> Self {
        let report = |table: &DumpTable| TableReport::new(Some(*table), Format::Unknown);
        let reports = layout.shape.tables().iter().map(report).collect();
        Self {
            layout,
            options,
            decisions,
            reports,
            roles: BTreeMap::new(),
            names: HashMap::new(),
            unknown_roles: BTreeMap::new(),
            findings: Findings::default(),
            alike: Alike::default(),
            now: Instant::now(),
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
            (Ok(cells), Shape::UserRoles) => self.take_role(row, cells),
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
        for report in &mut self.reports {
            let columns = report.table.map(|it| FoundColumns::of(&self.layout, it));
            report.columns = columns.unwrap_or_default();
        }
        self.sum_up();
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
        let credits = self.credits(row, self.needed(cells, Column::Credits)?)?;
        // Nothing is no JSON: a tool that quotes every field writes NULL so.
        let metadata = optional(cells, Column::Metadata)?.filter(|it| !it.is_empty());
        let created_at = self.created_at(row, self.needed(cells, Column::CreatedAt)?)?;
        let format = optional(cells, Column::Format)?;
        let quality = optional(cells, Column::Quality)?;

        if let Some(rounded) = &credits.rounded {
            self.findings.round(row.place, rounded);
        }
        let examined = match (&cells[Column::Metadata as usize], metadata) {
            (Cell::Text(text), Some(_)) => repair::examine(text, self.decisions.is_doubled),
            _ => Metadata::Json,
        };
        let metadata = match &examined {
            Metadata::Json => metadata,
            Metadata::Repaired(text) => {
                self.findings.repaired.add(row.place);
                Some(text.as_str())
            }
            Metadata::Damaged(damage) => {
                self.findings.damages.entry(*damage).or_default().add(row.place);
                metadata
            }
        };
        let mut log =
            LogRow { id, user_id, action, credits: credits.credits, metadata, created_at, format, quality };
        self.findings.look(row.place, log.credits, created_at, self.now);
        let report = &mut self.reports[0];
        report.first = Some(report.first.map_or(created_at, |it| it.min(created_at)));
        report.last = Some(report.last.map_or(created_at, |it| it.max(created_at)));
        let old = self.add_log(row, &mut log, writer)?;
        self.preview(0, row, || preview::of_log(&log));
        let Some(old) = old else {
            self.reports[0].imported += 1;
            return Ok(());
        };
        if old.is_of_this_dump {
            self.findings.duplicates.add(row.place);
        }
        match same::compare(&old.record, &log) {
            Twin::Same => self.reports[0].repeats += 1,
            Twin::LessPrecise => {
                self.reports[0].repeats += 1;
                self.findings.less_precise.add(row.place);
            }
            Twin::MorePrecise { credits, created_at } => {
                writer.refine_log(log.id, credits, created_at).map_err(|err| unwritten(row, &err))?;
                self.reports[0].updated += 1;
            }
            Twin::Other(reason) => self.conflict(row, log.id.0, reason, writer)?,
        }
        Ok(())
    }

    fn credits(&self, row: &RawRow<'_>, text: &str) -> Result<number::Parsed, Stop> {
        let plan = self.layout.plan.as_deref();
        let mark = plan.and_then(|it| it.mark).or(self.decisions.mark);
        let factor = plan.and_then(|it| it.factor.as_ref());
        let parsed = number::parse_times(text, mark, factor).map_err(|err| {
            if err.is_columns() {
                Stop::File(FileError::at(row.place.line, err.to_string()))
            } else {
                at(Column::Credits)(err.to_string())
            }
        })?;
        if self.options.strict && parsed.rounded.is_some() {
            return Err(at(Column::Credits)(format!("{} has more than 9 decimals", quoted(text))));
        }
        Ok(parsed)
    }

    fn created_at(&self, row: &RawRow<'_>, text: &str) -> Result<Instant, Stop> {
        time::parse(text, &self.decisions.times).map_err(|err| {
            if err.is_columns() {
                let error = FileError::at(row.place.line, err.to_string());
                Stop::File(match err {
                    time::TimeFault::NoZone(_) => {
                        error.asking(Subject::Zone, self.decisions.examples.clone())
                    }
                    _ => error,
                })
            } else {
                at(Column::CreatedAt)(err.to_string())
            }
        })
    }

    // ---- rejects and conflicts ---------------------------------------------------------------------

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

    /// Adds a warning of the parser's.
    pub(super) fn warn_of(&mut self, code: WarningCode, rows: u64, message: String) {
        self.reports[0].warn(code, rows, message);
    }

    // ---- cells -----------------------------------------------------------------------------------

    fn uuid(&self, cells: &[Cell<'_>; N_COLUMNS], column: Column) -> Result<::uuid::Uuid, Issue> {
        uuid::parse(self.needed(cells, column)?).map_err(|reason| Issue { column: Some(column), reason })
    }

    fn needed<'c>(&self, cells: &'c [Cell<'_>; N_COLUMNS], column: Column) -> Result<&'c str, Issue> {
        optional(cells, column)?.ok_or_else(|| {
            let name = self.layout.names[column as usize].as_deref().unwrap_or(column.name());
            let state = if cells[column as usize] == Cell::Absent { "missing" } else { "NULL" };
            Issue {
                column: Some(column),
                reason: format!("{} is {state}; it is never filled in", name.escape_debug()),
            }
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
