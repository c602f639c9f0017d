//! Pages of rows, each found by an index.
//!
//! Without statistics `SQLite`'s planner guesses, and at ten million rows a wrong guess costs seconds. So
//! one clause is chosen to lead, and the others are written with a `+`, which keeps them from an index.

use rusqlite::params_from_iter;
use rusqlite::types::Value;

use super::Reader;
use crate::access::Scope;
use crate::model::{Cancel, Choice, Filter, MetadataKey, Record, RowOrder, RowQuery, Text, UserId};
use crate::store::StoreError;
use crate::store::writer::record;

/// Up to here it is quicker to fetch all matches and sort them than to walk along the list's own index
/// until enough of them have come by; above, they are frequent enough for the walk.
const RARE_MAX: i64 = 20_000;

/// What finds the rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Lead {
    /// Some users' rows: `idx_usage_logs_user_created`.
    User,
    /// One action's: `idx_usage_logs_action`.
    Action,
    /// One format's and quality's, if they are few: `idx_usage_logs_format_quality`.
    Kind,
    /// The window's, if they are few and the list is not by time: `idx_usage_logs_created`.
    Window,
    /// A walk in the list's own order: `idx_usage_logs_created` or `idx_usage_logs_credits`.
    Order,
}

impl Reader {
    /// A page of rows that the viewer sees and the query admits, in its order.
    ///
    /// `SQLite` refuses a filter of more than some 30,000 values.
    pub fn rows(&self, query: &RowQuery, cancel: &Cancel) -> Result<Vec<Record>, StoreError> {
        let rows = self.run(cancel, |conn| {
            let Clauses { sql, values } = page(query, self.lead(query)?);
            let mut statement = conn.prepare_cached(&self.names.fill(&sql))?;
            statement.query_map(params_from_iter(values), record)?.collect()
        });
        self.store.at(rows)
    }

    fn lead(&self, query: &RowQuery) -> rusqlite::Result<Lead> {
        let Filter { users, actions, formats, qualities, metadata: _ } = &query.filter;
        let is_by_time = query.order != RowOrder::Largest;
        if matches!(self.scope, Scope::Own(_)) || !users.include.is_empty() {
            Ok(Lead::User)
        } else if actions.include.len() == 1
            && (is_by_time || self.is_rare(|it| it.action(&query.filter, ""))?)
        {
            Ok(Lead::Action)
        } else if formats.include.len() == 1
            && qualities.include.len() == 1
            && self.is_rare(|it| it.kind(&query.filter, ""))?
        {
            Ok(Lead::Kind)
        } else if !is_by_time && self.is_rare(|it| it.window(query, ""))? {
            Ok(Lead::Window)
        } else {
            Ok(Lead::Order)
        }
    }

    /// Whether so few rows match that all can be fetched. No more than that many are looked at.
    fn is_rare(&self, write: impl FnOnce(&mut Clauses)) -> rusqlite::Result<bool> {
        let mut clauses =
            Clauses::new("SELECT count(*) FROM (SELECT 1 FROM temp.{prefix}usage_logs WHERE TRUE");
        write(&mut clauses);
        clauses.push(" LIMIT ?)", [Value::Integer(RARE_MAX + 1)]);
        let mut statement = self.conn.prepare_cached(&self.names.fill(&clauses.sql))?;
        let n_rows: i64 = statement.query_row(params_from_iter(clauses.values), |row| row.get(0))?;
        Ok(n_rows <= RARE_MAX)
    }
}

/// The statement of a page, in two steps: what is sorted to find its rows is small, and only they are
/// fetched whole. CROSS JOIN keeps the steps in this order.
fn page(query: &RowQuery, lead: Lead) -> Clauses {
    let RowQuery { window: _, filter, metadata_contains, order, backwards, after, limit } = query;
    let walk = Walk::new(*order, *backwards);
    let is_by_time = *order != RowOrder::Largest;
    let mut page = Clauses::new(
        "SELECT id, user_id, action, credits_nano, metadata, created_at_us, format, quality \
         FROM (SELECT row FROM temp.{prefix}usage_logs WHERE TRUE",
    );
    page.filter(filter, lead);
    // The two indexes that lead by a user or an action go on by time.
    let leads_time = if is_by_time { lead != Lead::Kind } else { lead == Lead::Window };
    let time = if leads_time { "" } else { "+" };
    page.window(query, time);
    if let Some(text) = metadata_contains {
        // `instr` and not LIKE: `%` and `_` are ordinary characters here.
        page.push(" AND instr(metadata, ?) > 0", [Value::Text(text.clone())]);
    }
    if let Some(after) = after {
        let (at, credits, id) =
            (after.created_at.micros(), after.credits.nano(), after.id.0.as_bytes().to_vec());
        let place = if is_by_time { at } else { credits };
        page.push(" AND ", []);
        page.push(if is_by_time { time } else { plus_unless(lead == Lead::Order) }, []);
        page.push(walk.after, [Value::Integer(place), Value::Integer(place), Value::Blob(id)]);
    }
    page.push(walk.order, []);
    page.push(" LIMIT ?) AS page", [Value::Integer(i64::from(*limit))]);
    page.push(" CROSS JOIN temp.{prefix}usage_logs AS log ON log.row = page.row", []);
    page.push(walk.order, []);
    page
}

/// A list and the way along it: how its rows are ordered, and which come after a place.
struct Walk {
    order: &'static str,
    after: &'static str,
}

impl Walk {
    fn new(order: RowOrder, backwards: bool) -> Self {
        let (order, after) = match (order, backwards) {
            (RowOrder::Newest, false) => {
                (" ORDER BY created_at_us DESC, id", "created_at_us <= ? AND (created_at_us < ? OR id > ?)")
            }
            (RowOrder::Newest, true) => {
                (" ORDER BY created_at_us, id DESC", "created_at_us >= ? AND (created_at_us > ? OR id < ?)")
            }
            (RowOrder::Oldest, false) => {
                (" ORDER BY created_at_us, id", "created_at_us >= ? AND (created_at_us > ? OR id > ?)")
            }
            (RowOrder::Oldest, true) => (
                " ORDER BY created_at_us DESC, id DESC",
                "created_at_us <= ? AND (created_at_us < ? OR id < ?)",
            ),
            (RowOrder::Largest, false) => {
                (" ORDER BY credits_nano DESC, id", "credits_nano <= ? AND (credits_nano < ? OR id > ?)")
            }
            (RowOrder::Largest, true) => {
                (" ORDER BY credits_nano, id DESC", "credits_nano >= ? AND (credits_nano > ? OR id < ?)")
            }
        };
        Self { order, after }
    }
}

/// SQL made of constants, and the values for its question marks, in their order.
struct Clauses {
    sql: String,
    values: Vec<Value>,
}

/// A column of codes, and how a value's code is found.
struct Column {
    code: &'static str,
    lookup: &'static str,
}

const USER: Column = Column { code: "user_code", lookup: "(SELECT code FROM temp.{prefix}users WHERE value" };
const ACTION: Column =
    Column { code: "action_code", lookup: "(SELECT code FROM temp.{prefix}actions WHERE value" };
const FORMAT: Column =
    Column { code: "format_code", lookup: "(SELECT code FROM temp.{prefix}formats WHERE value" };
const QUALITY: Column =
    Column { code: "quality_code", lookup: "(SELECT code FROM temp.{prefix}qualities WHERE value" };

impl Clauses {
    fn new(sql: &'static str) -> Self {
        Self { sql: sql.to_owned(), values: Vec::new() }
    }

    fn push(&mut self, sql: &'static str, values: impl IntoIterator<Item = Value>) {
        self.sql.push_str(sql);
        self.values.extend(values);
    }

    fn window(&mut self, query: &RowQuery, plus: &'static str) {
        for (limit, comparison) in
            [(query.window.from, "created_at_us >= ?"), (query.window.until, "created_at_us < ?")]
        {
            if let Some(limit) = limit {
                self.push(" AND ", []);
                self.push(plus, []);
                self.push(comparison, [Value::Integer(limit.micros())]);
            }
        }
    }

    fn filter(&mut self, filter: &Filter, lead: Lead) {
        let user = |it: &UserId| Some(Value::Blob(it.0.as_bytes().to_vec()));
        self.choice(&USER, plus_unless(lead == Lead::User), &filter.users, user);
        self.action(filter, plus_unless(lead == Lead::Action));
        self.kind(filter, plus_unless(lead == Lead::Kind));
        filter.metadata.iter().for_each(|(key, choice)| self.metadata(*key, choice));
    }

    /// No index knows the values: each row that the others admit is looked at.
    fn metadata(&mut self, key: MetadataKey, choice: &Choice<Option<Text>>) {
        let key = || Value::Text(key.name().to_owned());
        for (values, not) in [(&choice.include, false), (&choice.exclude, true)] {
            if values.is_empty() {
                continue;
            }
            let texts: Vec<Value> = values.iter().flatten().map(text).collect();
            let has_null = texts.len() < values.len();
            self.push(if not { " AND NOT (FALSE" } else { " AND (FALSE" }, []);
            if has_null {
                self.push(" OR metadata_value(metadata, ?) IS NULL", [key()]);
            }
            if !texts.is_empty() {
                // NULL is none of them, and not unknown.
                self.push(" OR coalesce(metadata_value(metadata, ?)", [key()]);
                self.list(texts);
                self.push(", FALSE)", []);
            }
            self.push(")", []);
        }
    }

    fn action(&mut self, filter: &Filter, plus: &'static str) {
        self.choice(&ACTION, plus, &filter.actions, |it| Some(text(it)));
    }

    fn kind(&mut self, filter: &Filter, plus: &'static str) {
        self.choice(&FORMAT, plus, &filter.formats, |it| it.as_ref().map(text));
        self.choice(&QUALITY, plus, &filter.qualities, |it| it.as_ref().map(text));
    }

    /// `value` is `None` for NULL, which only IS finds.
    fn choice<T>(
        &mut self,
        column: &Column,
        plus: &'static str,
        choice: &Choice<T>,
        value: impl Fn(&T) -> Option<Value>,
    ) {
        let Column { code, lookup } = *column;
        let split = |list: &[T]| -> (Vec<Value>, bool) {
            let values: Vec<Value> = list.iter().filter_map(&value).collect();
            let has_null = values.len() < list.len();
            (values, has_null)
        };
        let (included, includes_null) = split(&choice.include);
        match (included.len(), includes_null) {
            (0, false) => (),
            (0, true) => self.push_all([" AND ", plus, code, " IS NULL"], []),
            (1, false) => self.push_all([" AND ", plus, code, " = ", lookup, " = ?)"], included),
            (_, true) => {
                self.push_all([" AND (", plus, code, " IS NULL OR ", plus, code, " IN ", lookup], []);
                self.list(included);
                self.push("))", []);
            }
            (_, false) => {
                self.push_all([" AND ", plus, code, " IN ", lookup], []);
                self.list(included);
                self.push(")", []);
            }
        }
        // What is left out never leads to rows. A value that no row has must not leave out those without one.
        let (excluded, excludes_null) = split(&choice.exclude);
        if !excluded.is_empty() {
            self.push_all([" AND (", code, " IS NULL OR +", code, " NOT IN ", lookup], []);
            self.list(excluded);
            self.push("))", []);
        }
        if excludes_null {
            self.push_all([" AND +", code, " IS NOT NULL"], []);
        }
    }

    fn push_all<const N: usize>(&mut self, sql: [&'static str; N], values: impl IntoIterator<Item = Value>) {
        self.sql.extend(sql);
        self.values.extend(values);
    }

    /// ` IN (?, ?, …)`.
    fn list(&mut self, values: Vec<Value>) {
        let marks = vec!["?"; values.len()].join(", ");
        self.sql.push_str(" IN (");
        self.sql.push_str(&marks);
        self.sql.push(')');
        self.values.extend(values);
    }
}

fn plus_unless(leads: bool) -> &'static str {
    if leads { "" } else { "+" }
}

fn text(text: &Text) -> Value {
    Value::Text(text.as_ref().to_owned())
}

#[cfg(test)]
mod tests;
