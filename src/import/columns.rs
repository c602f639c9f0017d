//! Which of our tables a dump holds, told by the names of its columns.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::mapping::{OtherShape, Plan};
use super::report::FileError;
use super::value::quoted;
use crate::model::DumpTable;

/// A column that is read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Column {
    Id,
    UserId,
    Action,
    Credits,
    Metadata,
    CreatedAt,
    Format,
    Quality,
    Username,
    Role,
}

pub(super) const N_COLUMNS: usize = 10;

/// What the rows of a file are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    UsageLogs,
    Profiles,
    UserRoles,
    /// `profiles` joined with `user_roles`: two tables in one file.
    ProfilesWithRoles,
}

/// The columns of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Layout {
    pub(super) shape: Shape,
    /// The column that holds a user's id.
    pub(super) user: Column,
    /// The file's own name of each column that is read.
    pub(super) names: [Option<String>; N_COLUMNS],
    /// Columns that are read though the source names them otherwise: the file's names.
    pub(super) synonyms: Vec<(String, Column)>,
    /// Columns that are not read, in the file's order.
    pub(super) unknown: Vec<String>,
    /// In a file of another shape, where its columns are ...
    pub(super) plan: Option<Rc<Plan>>,
    /// ... and what they are called, in its order.
    pub(super) theirs: Vec<String>,
}

impl Column {
    /// In the order of `usage_logs`, then those of the other tables.
    pub(super) const ALL: [Self; N_COLUMNS] = [
        Self::Id,
        Self::UserId,
        Self::Action,
        Self::Credits,
        Self::Metadata,
        Self::CreatedAt,
        Self::Format,
        Self::Quality,
        Self::Username,
        Self::Role,
    ];

    /// The source's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::UserId => "user_id",
            Self::Action => "action",
            Self::Credits => "credits_consumed",
            Self::Metadata => "metadata",
            Self::CreatedAt => "created_at",
            Self::Format => "format",
            Self::Quality => "quality",
            Self::Username => "username",
            Self::Role => "role",
        }
    }

    /// Names that other schemas give to the same thing, [`squeezed`]. What is only like it is left out:
    /// `cost_usd` is money and `tokens_used` are tokens.
    fn synonyms(self) -> &'static [&'static str] {
        match self {
            Self::UserId => &["uid"],
            Self::Action => &["actiontype", "service"],
            Self::Credits => &["creditsused", "credits"],
            Self::CreatedAt => &["usedat", "timestamp"],
            _ => &[],
        }
    }

    /// By its name in a file: `user_id`, ` User ID `, `userId`.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|it| it.name() == name)
            .or_else(|| Self::ALL.into_iter().find(|it| squeezed(it.name()) == squeezed(name)))
    }
}

/// A name without what spellings differ in: case, blanks, underscores and dashes.
fn squeezed(name: &str) -> String {
    name.chars()
        .filter(|it| !matches!(it, '_' | '-') && !it.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

impl Layout {
    /// Of a usage log without any columns.
    pub(super) fn of_logs() -> Self {
        Self {
            shape: Shape::UsageLogs,
            user: Column::UserId,
            names: Default::default(),
            synonyms: Vec::new(),
            unknown: Vec::new(),
            plan: None,
            theirs: Vec::new(),
        }
    }

    /// Recognises the table. Two columns of one name are an error: which of them counts is unknown.
    pub(super) fn recognise<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<Self, FileError> {
        let names: Vec<&str> = names.into_iter().collect();
        let mut layout = Self::of_logs();
        let mut seen = BTreeSet::new();
        let mut others = Vec::new();
        for (index, name) in names.iter().enumerate() {
            let name = name.trim();
            if name.is_empty() {
                others.push(unnamed(index));
                continue;
            }
            if !seen.insert(squeezed(name)) {
                return Err(FileError::new(format!(
                    "has two columns named {}, so it is unknown which one counts: export each column once",
                    quoted(name)
                )));
            }
            match Column::named(name) {
                Some(column) => layout.names[column as usize] = Some(name.to_owned()),
                None => others.push(name.to_owned()),
            }
        }
        layout.take_synonyms(&mut others)?;
        (layout.shape, layout.user) = layout.shape_and_user().ok_or_else(|| unrecognised(&names))?;
        for column in Column::ALL {
            if !layout.reads(column)
                && let Some(name) = layout.names[column as usize].take()
                // The id of a row of user_roles says nothing.
                && column != Column::Id
            {
                layout.unknown.push(name);
            }
        }
        layout.unknown.extend(others);
        Ok(layout)
    }

    /// Reads columns of a usage log by other names, where the source's own names are not there.
    ///
    /// Only a table that then has an action and credits is one, and none that has columns of the other
    /// tables: `credits` in `profiles` is a balance.
    fn take_synonyms(&mut self, others: &mut Vec<String>) -> Result<(), FileError> {
        let has = |it: &Self, column: Column| it.names[column as usize].is_some();
        if has(self, Column::Username) || has(self, Column::Role) {
            return Ok(());
        }
        let mut with = self.clone();
        let mut rest = others.clone();
        let mut fault = None;
        for column in Column::ALL.into_iter().filter(|it| !has(self, *it)) {
            let names: Vec<String> = others
                .iter()
                .filter(|it| column.synonyms().contains(&squeezed(it).as_str()))
                .cloned()
                .collect();
            if let [name, more @ ..] = names.as_slice() {
                if let [second, ..] = more {
                    fault.get_or_insert_with(|| two_of_one(column, name, second));
                }
                rest.retain(|it| it != name);
                with.names[column as usize] = Some(name.clone());
                with.synonyms.push((name.clone(), column));
            }
        }
        let is_log = matches!(with.shape_and_user(), Some((Shape::UsageLogs, _)));
        if !is_log || !has(&with, Column::Action) || !has(&with, Column::Credits) {
            return Ok(());
        }
        if let Some(fault) = fault {
            return Err(fault);
        }
        *self = with;
        *others = rest;
        Ok(())
    }

    /// Keeps what is to be said of the columns before, where a table goes on with others: not all of it,
    /// where a file has many headers.
    pub(super) fn remember(&mut self, before: Self) {
        const NAMES_MAX: usize = 100;
        for it in before.synonyms {
            if self.synonyms.len() < NAMES_MAX && !self.synonyms.contains(&it) {
                self.synonyms.push(it);
            }
        }
        for it in before.unknown {
            if self.unknown.len() < NAMES_MAX && !self.unknown.contains(&it) {
                self.unknown.push(it);
            }
        }
    }

    /// The column of this file that has a name, where it is read.
    pub(super) fn column(&self, name: &str) -> Option<Column> {
        let name = name.trim();
        if let Some(plan) = &self.plan {
            return plan.column(self.theirs.iter().position(|it| it == name)?);
        }
        let column = Column::named(name)
            .or_else(|| self.synonyms.iter().find(|(it, _)| it == name).map(|(_, column)| *column))?;
        self.reads(column).then_some(column)
    }

    /// What a file has that has these columns, and where the id of the user is.
    ///
    /// A usage log may lack columns that it must have: its rows are then rejected one by one, with
    /// the reason. It takes three of its five, one of them its own.
    fn shape_and_user(&self) -> Option<(Shape, Column)> {
        use Column::{Action, CreatedAt, Credits, Id, Role, UserId, Username};
        let has = |column: Column| self.names[column as usize].is_some();
        let n_needed = [Id, UserId, Action, Credits, CreatedAt].into_iter().filter(|it| has(*it)).count();
        if n_needed >= 3 && (has(Action) || has(Credits)) {
            return Some((Shape::UsageLogs, UserId));
        }
        match (has(Username), has(Role)) {
            (true, true) if has(UserId) => Some((Shape::ProfilesWithRoles, UserId)),
            (true, true) if has(Id) => Some((Shape::ProfilesWithRoles, Id)),
            (true, false) if has(Id) => Some((Shape::Profiles, Id)),
            (false, true) if has(UserId) => Some((Shape::UserRoles, UserId)),
            _ => None,
        }
    }

    /// Whether a column of this name means anything in this file.
    pub(super) fn reads(&self, column: Column) -> bool {
        match self.shape {
            Shape::UsageLogs => !matches!(column, Column::Username | Column::Role),
            Shape::Profiles => column == self.user || column == Column::Username,
            Shape::UserRoles => column == self.user || column == Column::Role,
            Shape::ProfilesWithRoles => {
                column == self.user || matches!(column, Column::Username | Column::Role)
            }
        }
    }
}

impl Shape {
    pub(super) fn tables(self) -> &'static [DumpTable] {
        match self {
            Self::UsageLogs => &[DumpTable::UsageLogs],
            Self::Profiles => &[DumpTable::Profiles],
            Self::UserRoles => &[DumpTable::UserRoles],
            Self::ProfilesWithRoles => &[DumpTable::Profiles, DumpTable::UserRoles],
        }
    }
}

/// What a column without a name is called in the warning, by its place from 0.
pub(super) fn unnamed(index: usize) -> String {
    format!("column {} without a name", index + 1)
}

fn two_of_one(column: Column, first: &str, second: &str) -> FileError {
    FileError::new(format!(
        "has the columns {} and {}, which may both be {}: export one of them, or name it so",
        quoted(first),
        quoted(second),
        column.name()
    ))
}

fn unrecognised(names: &[&str]) -> FileError {
    let shape = OtherShape::named(names);
    let found = listed(shape.columns.iter().map(String::as_str));
    let error = FileError::new(format!(
        "holds no table that is imported: it needs a header or keys like usage_logs (id, user_id, action, \
         credits_consumed, created_at), profiles (id, username) or user_roles (user_id, role); found: {found}; \
         if it is a usage log of another shape, say by `--mapping` which columns are which"
    ));
    FileError { other_shape: Some(Box::new(shape)), ..error }
}

/// The first names of many, for an error.
pub(super) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    const NAMES_MAX: usize = 12;
    let names: Vec<&str> = names.into_iter().collect();
    let more = if names.len() > NAMES_MAX { ", …" } else { "" };
    let shown: Vec<String> = names
        .iter()
        .take(NAMES_MAX)
        .map(|it| it.chars().take(40).collect::<String>().escape_debug().to_string())
        .collect();
    if shown.is_empty() { "no names at all".to_owned() } else { shown.join(", ") + more }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &str, shape: Shape, user: Column, unknown: &[&str]) {
        let layout = Layout::recognise(names.split(',')).unwrap();
        assert_eq!((layout.shape, layout.user), (shape, user), "{names}");
        assert_eq!(layout.unknown, unknown, "{names}");
    }

    #[track_caller]
    fn check_refused(names: &str, reason: &str) {
        let err = Layout::recognise(names.split(',')).unwrap_err();
        assert!(err.message.contains(reason), "{names}: {}", err.message);
    }

    #[test]
    fn tables_are_recognised_by_their_columns() {
        let logs = Shape::UsageLogs;
        check(
            "id,user_id,action,credits_consumed,metadata,created_at,format,quality",
            logs,
            Column::UserId,
            &[],
        );
        check(" ID ,User Id,ACTION,creditsConsumed,Created At", logs, Column::UserId, &[]);
        check("user_id,action,credits_consumed", logs, Column::UserId, &[]);
        check(
            "id,user_id,action,credits_consumed,created_at,username,note,",
            logs,
            Column::UserId,
            &["username", "note", "column 8 without a name"],
        );
        check("id,username,credits,created_at", Shape::Profiles, Column::Id, &["created_at", "credits"]);
        check("id,user_id,role", Shape::UserRoles, Column::UserId, &[]);
        check("id,username,role", Shape::ProfilesWithRoles, Column::Id, &[]);
        check("user_id,username,role", Shape::ProfilesWithRoles, Column::UserId, &[]);
    }

    #[test]
    fn a_column_by_another_name_is_read_where_it_means_the_same() {
        let user = Column::UserId;
        check("id,uid,action_type,credits_used,used_at,cost_usd", Shape::UsageLogs, user, &["cost_usd"]);
        check("id,userId,Service,credits,timestamp,tokens_used", Shape::UsageLogs, user, &["tokens_used"]);
        check("id,user_id,action,credits_consumed,credits,created_at", Shape::UsageLogs, user, &["credits"]);
        check("id,username,credits,timestamp", Shape::Profiles, Column::Id, &["credits", "timestamp"]);
        let layout = Layout::recognise(["id", "user_id", "action", " Credits Used ", "used_at"]).unwrap();
        assert_eq!(layout.column("Credits Used"), Some(Column::Credits));
        assert_eq!(layout.synonyms.len(), 2);
        check_refused(
            "id,user_id,service,action_type,credits_used,created_at",
            "`service` and `action_type`",
        );
        check_refused("id,user_id,credits,created_at", "holds no table that is imported");
        check_refused("id,user_id,action,credits,credits_used,created_at", "may both be credits_consumed");
    }

    #[test]
    fn other_tables_and_two_columns_of_one_name_are_refused() {
        check_refused("id,email,encrypted_password", "holds no table that is imported");
        check_refused("id,created_at", "found: id, created_at");
        check_refused(
            "id,user_id,action,credits_consumed,created_at,Credits_Consumed",
            "two columns named `Credits_Consumed`",
        );
        check_refused("id,action,user\nid,created_at,user_id", "two columns named `user_id`");
        check_refused("id,action,user_id,created_at,user\nid", "two columns named `user\\nid`");
        check_refused("id,username,avatar_url,AVATAR_URL", "two columns named");
    }
}
