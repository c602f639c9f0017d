//! What SQL may touch. Everything that is not named here is denied.

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

/// The views that anybody may name.
const PUBLIC: [&str; 3] = ["usage_logs", "profiles", "user_roles"];

/// `SQLite`'s two tables that are made of their arguments.
const JSON_TABLES: [&str; 2] = ["json_each", "json_tree"];

/// Functions that compute from their arguments and nothing else, within the memory that the limits leave them.
const FUNCTIONS: &str = "-> ->> abs avg ceil ceiling char coalesce concat concat_ws count cume_dist \
    current_date current_time current_timestamp date datetime dense_rank first_value floor format glob \
    group_concat hex if ifnull iif instr json json_array json_array_length json_error_position \
    json_extract json_group_array json_group_object json_insert json_object json_patch json_pretty \
    json_quote json_remove json_replace json_set json_type json_valid julianday lag last_value lead \
    length like likelihood likely lower ltrim max median metadata_value min mod nth_value ntile nullif octet_length \
    percent_rank percentile printf quote random rank replace round row_number rtrim sign strftime string_agg \
    substr substring sum time timediff total trim trunc typeof unhex unicode unixepoch unlikely upper";

/// The two names that nobody can guess, on which the wall stands.
#[derive(Clone, Debug)]
pub(super) struct Names {
    /// The schema under which the file is attached.
    pub(super) schema: String,
    /// How the names of the inner views begin.
    pub(super) prefix: String,
}

impl Names {
    pub(super) fn random() -> Self {
        let random = || format!("n{}", uuid::Uuid::new_v4().simple());
        Self { schema: random(), prefix: random() }
    }

    /// SQL with these names in it.
    pub(super) fn fill(&self, sql: &str) -> String {
        sql.replace("{schema}", &self.schema).replace("{prefix}", &self.prefix)
    }

    pub(super) fn are_in(&self, text: &str) -> bool {
        text.contains(&self.schema) || text.contains(&self.prefix)
    }

    /// `SQLite`'s question, asked while it compiles a statement.
    pub(super) fn authorize(&self, context: AuthContext<'_>) -> Authorization {
        let may = match context.action {
            AuthAction::Select | AuthAction::Recursive => true,
            AuthAction::Function { function_name } => {
                FUNCTIONS.split_ascii_whitespace().any(|it| it.eq_ignore_ascii_case(function_name))
            }
            AuthAction::Read { table_name, column_name } => {
                self.may_read(table_name, column_name, context.database_name, context.accessor)
            }
            _ => false,
        };
        if may { Authorization::Allow } else { Authorization::Deny }
    }

    fn may_read(&self, table: &str, column: &str, schema: Option<&str>, accessor: Option<&str>) -> bool {
        let is_inner = |name: &str| name.starts_with(&self.prefix);
        if schema == Some(&self.schema) {
            // SQLite tells of a table of which no column is needed, as for a count, by an empty name. It
            // may have folded our view away by then, and names no accessor; but only our views write the
            // schema's name. A table found without it comes with no schema here.
            return column.is_empty() || accessor.is_some_and(is_inner);
        }
        if JSON_TABLES.contains(&table) {
            return true;
        }
        match schema {
            Some("temp") => PUBLIC.contains(&table) || is_inner(table),
            // A count of a subquery, a CTE or a view by its name. SQLite's own tables are no such.
            None => column.is_empty() && !is_reserved(table),
            Some(_) => false,
        }
    }
}

/// A table of `SQLite`'s, or one of the file's.
fn is_reserved(table: &str) -> bool {
    let table = table.to_ascii_lowercase();
    ["sqlite_", "pragma_", "raw_", "usage_logs_readable", "dbstat", "fts", "rtree", "bytecode", "tables_used"]
        .iter()
        .any(|it| table.starts_with(it))
}
