//! Which of our tables a dump holds, told by the names of its columns.

use super::report::FileError;
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
    /// Columns that are not read, in the file's order.
    pub(super) unknown: Vec<String>,
}

impl Column {
    const ALL: [Self; N_COLUMNS] = [
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
    /// Recognises the table. Two columns of one name are an error: which of them counts is unknown.
    pub(super) fn recognise<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<Self, FileError> {
        let mut layout = Self {
            shape: Shape::UsageLogs,
            user: Column::UserId,
            names: Default::default(),
            unknown: Vec::new(),
        };
        let mut seen = Vec::new();
        let mut others = Vec::new();
        for (index, name) in names.into_iter().enumerate() {
            let name = name.trim();
            if name.is_empty() {
                others.push(format!("column {} without a name", index + 1));
                continue;
            }
            let key = squeezed(name);
            if seen.contains(&key) {
                return Err(FileError::new(format!(
                    "has two columns named `{name}`, so it is unknown which one counts: export each column once"
                )));
            }
            seen.push(key);
            match Column::named(name) {
                Some(column) => layout.names[column as usize] = Some(name.to_owned()),
                None => others.push(name.to_owned()),
            }
        }
        (layout.shape, layout.user) =
            layout.shape_and_user().ok_or_else(|| unrecognised(&layout, &others))?;
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

fn unrecognised(layout: &Layout, others: &[String]) -> FileError {
    const NAMES_MAX: usize = 12;
    let ours = layout.names.iter().flatten();
    let names: Vec<&str> = ours.chain(others).map(String::as_str).collect();
    let more = if names.len() > NAMES_MAX { ", …" } else { "" };
    let shown: Vec<String> = names
        .iter()
        .take(NAMES_MAX)
        .map(|it| it.chars().take(40).collect::<String>().escape_debug().to_string())
        .collect();
    let shown = if shown.is_empty() { "no names at all".to_owned() } else { shown.join(", ") };
    FileError::new(format!(
        "holds no table that is imported: it needs a header or keys like usage_logs (id, user_id, action, \
         credits_consumed, created_at), profiles (id, username) or user_roles (user_id, role); found: {shown}{more}"
    ))
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
    fn other_tables_and_two_columns_of_one_name_are_refused() {
        check_refused("id,email,encrypted_password", "holds no table that is imported");
        check_refused("id,created_at", "found: id, created_at");
        check_refused(
            "id,user_id,action,credits_consumed,created_at,Credits_Consumed",
            "two columns named `Credits_Consumed`",
        );
        check_refused("id,username,avatar_url,AVATAR_URL", "two columns named");
    }
}
