//! Names of tables and columns.

use super::super::report::FileError;
use super::super::source::Source;
use super::lexer::{Kind, Lexer, MYSQL, Token};
use crate::model::DumpTable;

/// The name of a table, as the statement has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Name {
    pub(super) schema: Option<String>,
    pub(super) table: String,
}

const TABLES: [DumpTable; 3] = [DumpTable::UsageLogs, DumpTable::Profiles, DumpTable::UserRoles];

impl Name {
    /// Reads a name; gives the token behind it too. None where there is no name.
    pub(super) fn read(
        lexer: &mut Lexer,
        source: &mut Source<'_>,
    ) -> Result<(Option<Self>, Token), FileError> {
        let mut token = lexer.expect(source)?;
        if token.is(source, "ONLY") {
            token = lexer.expect(source)?;
        }
        let Some(first) = ident(source, token)? else { return Ok((None, token)) };
        let mut name = Self { schema: None, table: first };
        loop {
            token = lexer.expect(source)?;
            if token.kind != Kind::Symbol(b'.') {
                return Ok((Some(name), token));
            }
            token = lexer.expect(source)?;
            let Some(next) = ident(source, token)? else { return Ok((None, token)) };
            name.schema = Some(std::mem::replace(&mut name.table, next));
        }
    }

    /// Our table of this name, in whatever schema.
    pub(super) fn table(&self) -> Option<DumpTable> {
        TABLES.into_iter().find(|it| it.name() == self.table)
    }
}

/// As many as `PostgreSQL` gives a table.
const COLUMNS_MAX: usize = 1_600;

/// Adds the name of a column.
pub(super) fn add_column(
    names: &mut Vec<String>,
    name: Option<String>,
    source: &Source<'_>,
) -> Result<(), FileError> {
    names.extend(name);
    if names.len() > COLUMNS_MAX {
        return Err(FileError::at(source.line(), format!("more than {COLUMNS_MAX} columns")));
    }
    Ok(())
}

/// A name: folded to lower case, or as it stands between double quotes.
pub(super) fn ident(source: &Source<'_>, token: Token) -> Result<Option<String>, FileError> {
    let text = || String::from_utf8_lossy(token.bytes(source)).into_owned();
    match token.kind {
        Kind::Word => Ok(Some(text().to_ascii_lowercase())),
        Kind::Name => {
            let quoted = text();
            let inner = quoted.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or_default();
            Ok(Some(inner.replace("\"\"", "\"")))
        }
        Kind::Symbol(b'`') => Err(FileError::at(source.line(), MYSQL)),
        Kind::Symbol(b'[') => Err(FileError::at(
            source.line(),
            "is a dump of SQL Server, which is not read: export the table as CSV or JSON",
        )),
        _ => Ok(None),
    }
}
