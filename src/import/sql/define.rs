//! CREATE TABLE: the columns of our tables.

use super::super::report::FileError;
use super::super::source::Source;
use super::super::tables::Tables;
use super::Dump;
use super::insert::Head;
use super::lexer::{Kind, Token};
use super::names::{Name, add_column, ident};

/// What stands in the place of a column's name before other parts of a table's definition.
const CONSTRAINTS: [&str; 7] = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "EXCLUDE", "LIKE"];

impl Dump {
    /// After CREATE.
    pub(super) fn create(
        &mut self,
        source: &mut Source<'_>,
        tables: &mut Tables<'_>,
    ) -> Result<(), FileError> {
        let line = source.line();
        let mut token = self.lexer.expect(source)?;
        while ["UNLOGGED", "GLOBAL", "LOCAL", "TEMP", "TEMPORARY"].iter().any(|it| token.is(source, it)) {
            token = self.lexer.expect(source)?;
        }
        if token.is(source, "TABLE") {
            self.skip_words(source, &["IF", "NOT", "EXISTS"])?;
            let (name, open) = Name::read(&mut self.lexer, source)?;
            token = open;
            if token.kind == Kind::Symbol(b'(')
                && let Some(table) = name.and_then(|it| self.ours(&it, false))
            {
                let names = self.columns_of(source)?;
                self.head = Head::default();
                self.define(table, names, line, tables)?;
                return self.lexer.skip_statement(source);
            }
        }
        self.lexer.at = token.start;
        self.lexer.skip_statement(source)
    }

    fn skip_words(&mut self, source: &mut Source<'_>, words: &[&str]) -> Result<(), FileError> {
        for word in words {
            let token = self.lexer.expect(source)?;
            if !token.is(source, word) {
                self.lexer.at = token.start;
                return Ok(());
            }
        }
        Ok(())
    }

    /// The names of columns, up to the bracket that closes them.
    fn columns_of(&mut self, source: &mut Source<'_>) -> Result<Vec<String>, FileError> {
        let mut names = Vec::new();
        let mut depth = 0_u64;
        let mut is_first = true;
        loop {
            let token = self.lexer.expect(source)?;
            if is_first && !is_constraint(source, token) {
                add_column(&mut names, ident(source, token)?, source)?;
            }
            is_first = depth == 0 && token.kind == Kind::Symbol(b',');
            match token.kind {
                Kind::Symbol(b'(') => depth += 1,
                Kind::Symbol(b')') if depth == 0 => return Ok(names),
                Kind::Symbol(b')') => depth -= 1,
                _ => {}
            }
        }
    }
}

fn is_constraint(source: &Source<'_>, token: Token) -> bool {
    CONSTRAINTS.iter().any(|it| token.is(source, it))
}
