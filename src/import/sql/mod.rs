//! SQL dumps → records: `pg_dump` in all its plain modes, `supabase db dump`, Studio's "Export as SQL".
//!
//! Of all that a dump holds only the rows of our three tables are read, and only where no schema or
//! `public` is named; all else is passed over without being held. Nothing of it is in any message:
//! a dump of a whole Supabase project has the e-mail addresses of its users.
//!
//! A file that ends inside a statement, inside the rows of a COPY, or before `pg_dump`'s last line was
//! cut, and fails whole.

mod block;
mod define;
mod insert;
mod lexer;
mod names;
mod table;
mod value;

use std::collections::BTreeSet;

use self::lexer::{Kind, Lexer};
use self::names::{Name, ident};
use self::table::Columns;
use super::copy::NO_HEADER;
use super::report::{FileError, Format, WarningCode};
use super::source::Source;
use super::tables::Tables;
use crate::model::DumpTable;

/// Names of tables elsewhere that a warning lists.
const ELSEWHERE_MAX: usize = 20;

/// What has been learned from a dump so far.
#[derive(Default)]
struct Dump {
    lexer: Lexer,
    /// Where names without a schema belong; none for the usual place.
    schema: Option<String>,
    /// By [`DumpTable`].
    columns: [Columns; 3],
    /// Tables that are named like ours and are in other schemas.
    elsewhere: BTreeSet<String>,
    /// `\connect` begins another database.
    n_connects: u64,
    /// The head of the INSERT before; the next one mostly has the same.
    head: insert::Head,
}

/// Reads SQL to the end of the file.
pub(super) fn read(source: &mut Source<'_>, tables: &mut Tables<'_>) -> Result<(), FileError> {
    tables.format = Format::Sql;
    let mut dump = Dump::default();
    while dump.lexer.begin(source)? {
        dump.statement(source, tables)?;
    }
    if dump.lexer.lacks_end() {
        return Err(FileError::at(
            source.line(),
            "the file ends without the last line of pg_dump (`-- PostgreSQL database dump complete`): it was cut; \
             export it again",
        ));
    }
    dump.finish(tables)
}

impl Dump {
    /// Reads the statement with which the window begins.
    fn statement(&mut self, source: &mut Source<'_>, tables: &mut Tables<'_>) -> Result<(), FileError> {
        if let Some(n_bytes) = self.head.repeats(source) {
            return self.insert_again(source, tables, n_bytes);
        }
        if self.lexer.byte(source, 0)? == Some(b'\\') {
            return self.command(source);
        }
        let first = self.lexer.expect(source)?;
        if first.is(source, "INSERT") {
            self.insert(source, tables)
        } else if first.is(source, "COPY") {
            self.copy(source, tables)
        } else if first.is(source, "CREATE") {
            self.create(source, tables)
        } else if first.is(source, "SET") {
            self.set(source)
        } else if ["UPDATE", "DELETE", "TRUNCATE", "MERGE"].iter().any(|it| first.is(source, it)) {
            self.change(source)
        } else if first.is(source, "ROLLBACK") {
            Err(FileError::at(
                source.line(),
                "takes back what it writes (ROLLBACK): nothing of it may be kept",
            ))
        } else if first.is(source, "PRAGMA") {
            Err(FileError::at(
                source.line(),
                "is a dump of SQLite: export the table as CSV, with `sqlite3 -csv -header`",
            ))
        } else if first.kind == Kind::Symbol(b';') {
            Ok(())
        } else {
            self.lexer.at = first.start;
            self.lexer.skip_statement(source)
        }
    }

    /// A command to psql: `\restrict`, `\connect`.
    fn command(&mut self, source: &mut Source<'_>) -> Result<(), FileError> {
        // As much as is looked at.
        self.lexer.byte(source, 16)?;
        let text = source.window();
        if text.starts_with(b"\\connect") || text.starts_with(b"\\c ") {
            self.n_connects += 1;
            self.schema = None;
            self.head = insert::Head::default();
            self.columns.iter_mut().for_each(Columns::forget);
        }
        self.lexer.skip_line(source)
    }

    /// The settings that change how the rest is read.
    fn set(&mut self, source: &mut Source<'_>) -> Result<(), FileError> {
        let mut token = self.lexer.expect(source)?;
        if token.is(source, "SESSION") || token.is(source, "LOCAL") {
            token = self.lexer.expect(source)?;
        }
        let is_strings = token.is(source, "standard_conforming_strings");
        let is_path = token.is(source, "search_path");
        if !is_strings && !is_path {
            self.lexer.at = token.start;
            return self.lexer.skip_statement(source);
        }
        self.head = insert::Head::default();
        // `=` or TO.
        self.lexer.expect(source)?;
        token = self.lexer.expect(source)?;
        let value = match token.kind {
            Kind::Text { .. } => String::from_utf8_lossy(token.bytes(source)).trim_matches('\'').to_owned(),
            _ => ident(source, token)?.unwrap_or_default(),
        };
        if is_strings {
            let is_off = ["off", "false", "no", "0"].iter().any(|it| value.eq_ignore_ascii_case(it));
            self.lexer.escapes = is_off || token.bytes(source) == b"0";
        } else {
            let is_usual = matches!(value.as_str(), "" | "public" | "$user" | "default");
            self.schema = (!is_usual).then_some(value);
        }
        self.lexer.at = token.start;
        self.lexer.skip_statement(source)
    }

    /// A statement that changes rows: harmless where none were read, but they cannot be changed here.
    fn change(&mut self, source: &mut Source<'_>) -> Result<(), FileError> {
        let line = source.line();
        let mut token = self.lexer.expect(source)?;
        while ["FROM", "INTO", "TABLE"].iter().any(|it| token.is(source, it)) {
            token = self.lexer.expect(source)?;
        }
        self.lexer.at = token.start;
        let (name, token) = Name::read(&mut self.lexer, source)?;
        if let Some(table) = name.and_then(|it| self.ours(&it, false))
            && self.columns[table as usize].n_rows > 0
        {
            return Err(FileError::at(
                line,
                format!(
                    "changes rows of {} that it wrote before, which only a database can: restore it and export \
                     the table with `\\copy {0} to '{0}.csv' csv header`",
                    table.name()
                ),
            ));
        }
        self.lexer.at = token.start;
        self.lexer.skip_statement(source)
    }

    /// Which table of ours a name means. A table with a name of ours elsewhere is remembered, if it has
    /// rows: they are not read.
    fn ours(&mut self, name: &Name, has_rows: bool) -> Option<DumpTable> {
        let table = name.table()?;
        match name.schema.as_ref().or(self.schema.as_ref()) {
            Some(schema) if schema != "public" => {
                if has_rows && self.elsewhere.len() < ELSEWHERE_MAX {
                    let name: String = format!("{schema}.{}", table.name()).chars().take(80).collect();
                    self.elsewhere.insert(name.escape_debug().to_string());
                }
                None
            }
            _ => Some(table),
        }
    }

    fn finish(self, tables: &mut Tables<'_>) -> Result<(), FileError> {
        let elsewhere = self.elsewhere.into_iter().collect::<Vec<_>>().join(", ");
        let warnings = self.columns.iter().filter_map(|it| it.unread.clone()).collect::<Vec<_>>();
        let first = self.columns.iter().find_map(|it| it.table.as_ref()).map(|it| it.no);
        let Some(first) = first else {
            return Err(match (warnings.into_iter().next(), elsewhere.as_str()) {
                (Some(warning), _) => FileError::new(warning),
                (None, "") => FileError::new(
                    "holds no table that is imported: usage_logs, profiles and user_roles are all missing",
                ),
                (None, elsewhere) => FileError::new(format!(
                    "holds {elsewhere}, but only tables of the schema public are read: restore it and export the \
                     table with `\\copy … to 'usage_logs.csv' csv header`"
                )),
            });
        };
        for warning in warnings {
            tables.warn(first, WarningCode::UnknownColumns, 0, warning);
        }
        if !elsewhere.is_empty() {
            let message = format!("not read, because only tables of the schema public are: {elsewhere}");
            tables.warn(first, WarningCode::OtherSchema, 0, message);
        }
        for it in self.columns.iter().filter(|it| it.is_nameless) {
            if let Some(target) = &it.table {
                tables.warn(target.no, WarningCode::NoHeader, it.n_rows, NO_HEADER);
            }
        }
        Ok(())
    }
}
