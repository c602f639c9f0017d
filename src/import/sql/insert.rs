//! INSERT: rows between brackets, one or many to a statement.

use std::borrow::Cow;

use super::super::report::FileError;
use super::super::rows::{Cell, RawRow};
use super::super::source::Source;
use super::super::tables::Tables;
use super::Dump;
use super::lexer::{Kind, Token};
use super::names::Name;
use super::table::Target;
use super::value::{self, Spelled};
use crate::model::{DumpTable, Place};

/// The beginning of an INSERT up to its first row. `pg_dump --inserts` repeats it for every row.
#[derive(Default)]
pub(super) struct Head {
    bytes: Vec<u8>,
    target: Option<Target>,
}

/// Longer heads are read anew.
const HEAD_MAX: usize = 4 * 1024;

impl Head {
    /// How long the head is, if the window begins with the same.
    pub(super) fn repeats(&self, source: &Source<'_>) -> Option<usize> {
        (!self.bytes.is_empty() && source.window().starts_with(&self.bytes)).then_some(self.bytes.len())
    }
}

impl Dump {
    /// After INSERT.
    pub(super) fn insert(
        &mut self,
        source: &mut Source<'_>,
        tables: &mut Tables<'_>,
    ) -> Result<(), FileError> {
        let line = source.line();
        let into = self.lexer.expect(source)?;
        if !into.is(source, "INTO") {
            self.lexer.at = into.start;
            return self.lexer.skip_statement(source);
        }
        let (name, mut token) = Name::read(&mut self.lexer, source)?;
        let Some(kind) = name.and_then(|it| self.ours(&it, true)) else {
            self.lexer.at = token.start;
            return self.lexer.skip_statement(source);
        };
        let mut names = None;
        if token.kind == Kind::Symbol(b'(') {
            names = Some(self.names_in_brackets(source)?);
            token = self.lexer.expect(source)?;
        }
        while ["OVERRIDING", "SYSTEM", "USER", "VALUE"].iter().any(|it| token.is(source, it)) {
            token = self.lexer.expect(source)?;
        }
        if !token.is(source, "VALUES") {
            return Err(FileError::at(
                line,
                format!("INSERT INTO {} without VALUES: only a database can work out its rows", kind.name()),
            ));
        }
        let target = self.target(kind, names, line, tables)?;
        if target.is_none() && self.columns[kind as usize].unread.is_some() {
            return self.lexer.skip_statement(source);
        }
        self.head = Head::default();
        if target.is_some() && self.lexer.at <= HEAD_MAX {
            self.head = Head { bytes: source.window()[..self.lexer.at].to_vec(), target: target.clone() };
        }
        self.values(source, kind, target, tables)
    }

    /// An INSERT that begins as the one before.
    pub(super) fn insert_again(
        &mut self,
        source: &mut Source<'_>,
        tables: &mut Tables<'_>,
        n_bytes: usize,
    ) -> Result<(), FileError> {
        self.lexer.at = n_bytes;
        let target = self.head.target.clone();
        match target.as_ref().map(|it| it.kind) {
            Some(kind) => self.values(source, kind, target, tables),
            None => self.lexer.skip_statement(source),
        }
    }

    /// The rows, and what follows them up to the semicolon.
    fn values(
        &mut self,
        source: &mut Source<'_>,
        kind: DumpTable,
        mut target: Option<Target>,
        tables: &mut Tables<'_>,
    ) -> Result<(), FileError> {
        let mut values = Vec::new();
        loop {
            self.lexer.keep_from_here(source);
            let open = self.lexer.expect(source)?;
            if open.kind != Kind::Symbol(b'(') {
                return Err(not_understood(source, kind));
            }
            let n_values = self.row(source, &mut values)?;
            let n_bytes = self.lexer.at;
            let raw = source.window().get(open.start..n_bytes).unwrap_or_default();
            let line = source.line_at(open.start);
            // Up to the end of the row, so that the places of its values hold.
            let text = source.part(0..n_bytes);
            if target.is_none() {
                let first: Vec<_> = values.iter().map(|it| text_of(text, *it)).collect();
                target = self.target_of(kind, &first, line, tables)?;
            }
            let Some(target) = &target else { return self.lexer.skip_statement(source) };
            let columns = &mut self.columns[kind as usize];
            columns.n_rows += 1;
            let spelled = values.iter().copied().chain((values.len()..n_values).map(|_| Spelled::Expression));
            let cells = target.places.cells(spelled, |it| value::cell(text, it));
            let place = Place { row: columns.n_rows, line };
            tables.take(target.no, &RawRow { place, raw, cells })?;
            source.count_row();
            let next = self.lexer.expect(source)?;
            if !self.goes_on(source, kind, next)? {
                return Ok(());
            }
        }
    }

    /// Reads the values of a row behind its opening bracket; those beyond a limit are only counted.
    fn row(&mut self, source: &mut Source<'_>, values: &mut Vec<Spelled>) -> Result<usize, FileError> {
        /// More than `PostgreSQL` gives a table columns (1,600).
        const VALUES_MAX: usize = 4_096;
        values.clear();
        let mut n_values = 0;
        loop {
            let (spelled, token) = value::read(&mut self.lexer, source)?;
            n_values += 1;
            if values.len() < VALUES_MAX {
                values.push(spelled);
            }
            if token.kind == Kind::Symbol(b')') {
                return Ok(n_values);
            }
        }
    }

    /// Whether another row follows; passes over the end of the statement if not.
    fn goes_on(&mut self, source: &mut Source<'_>, kind: DumpTable, token: Token) -> Result<bool, FileError> {
        match token.kind {
            Kind::Symbol(b',') => return Ok(true),
            Kind::Symbol(b';') => {}
            Kind::Word if token.is(source, "ON") || token.is(source, "RETURNING") => {
                self.lexer.skip_statement(source)?;
            }
            _ => return Err(not_understood(source, kind)),
        }
        Ok(false)
    }
}

/// A value, in which NULL is an empty text.
fn text_of(window: &str, spelled: Spelled) -> Cow<'_, str> {
    match value::cell(window, spelled) {
        Cell::Text(text) => text,
        _ => Cow::default(),
    }
}

fn not_understood(source: &Source<'_>, kind: DumpTable) -> FileError {
    FileError::at(
        source.line(),
        format!("INSERT INTO {} is not written as PostgreSQL writes it: dump with `pg_dump`", kind.name()),
    )
}
