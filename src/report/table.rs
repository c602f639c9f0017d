use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::ReportName;
use crate::model::{Answer, CreditSum, Figure, Instant, Key, Record, TableRow, UserId};

/// A report, answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReportTable {
    pub columns: &'static [&'static str],
    /// Each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
}

/// A value of a report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cell {
    Null,
    Text(String),
    Count(u64),
    /// A sum or an average, to 9 decimals.
    Credits(CreditSum),
    Id(Uuid),
    Time(Instant),
    /// A local date.
    Date(NaiveDate),
    /// As it was stored: mostly JSON, but any text may stand here.
    Metadata(String),
}

impl Cell {
    /// NULL for nothing.
    pub fn text(text: Option<&str>) -> Self {
        text.map_or(Self::Null, |it| Self::Text(it.to_owned()))
    }
}

/// Puts an answer into the report's columns.
pub(super) fn lay_out(
    name: ReportName,
    answer: &Answer,
    usernames: &BTreeMap<UserId, String>,
) -> ReportTable {
    let rows = match (name, answer) {
        (ReportName::Summary, Answer::Table(table)) => vec![summary(table.rows.first())],
        (ReportName::Summary, Answer::Rows(_)) => vec![summary(None)],
        (_, Answer::Table(table)) => table.rows.iter().map(|it| figures(it, name, usernames)).collect(),
        (_, Answer::Rows(records)) => records.iter().map(history).collect(),
    };
    ReportTable { columns: name.columns(), rows }
}

/// Of no rows the sum is NULL, as SQL has it, and the count 0.
fn summary(row: Option<&TableRow>) -> Vec<Cell> {
    let Some([credits, Figure::Count(n_events @ 1..), average]) = row.map(|it| it.figures.as_slice()) else {
        return vec![Cell::Null, Cell::Count(0), Cell::Null];
    };
    vec![figure(*credits), Cell::Count(*n_events), figure(*average)]
}

/// Bucket, keys and figures, in this order, are the columns of every report of groups.
fn figures(row: &TableRow, name: ReportName, usernames: &BTreeMap<UserId, String>) -> Vec<Cell> {
    let date = row.bucket.map(|it| Cell::Date(it.local.date()));
    let mut cells: Vec<Cell> = date.into_iter().collect();
    for key in &row.keys {
        match key {
            Key::Text(text) => cells.push(Cell::text(text.as_deref())),
            Key::User(user) => cells.push(Cell::Id(user.0)),
        }
        if let (ReportName::Ranking, Key::User(user)) = (name, key) {
            // A user without a profile stays, so that the ranking adds up.
            cells.push(Cell::text(usernames.get(user).map(String::as_str)));
        }
    }
    cells.extend(row.figures.iter().copied().map(figure));
    cells
}

fn figure(figure: Figure) -> Cell {
    match figure {
        Figure::Count(n) => Cell::Count(n),
        Figure::Credits(sum) | Figure::Average(Some(sum)) => Cell::Credits(sum),
        Figure::Average(None) => Cell::Null,
    }
}

fn history(record: &Record) -> Vec<Cell> {
    let Record { id, user_id, action, credits, metadata, created_at, format, quality } = record;
    vec![
        Cell::Id(id.0),
        Cell::Id(user_id.0),
        Cell::Text(action.clone()),
        Cell::Credits(CreditSum::from(*credits)),
        metadata.clone().map_or(Cell::Null, Cell::Metadata),
        Cell::Time(*created_at),
        Cell::text(format.as_deref()),
        Cell::text(quality.as_deref()),
    ]
}
