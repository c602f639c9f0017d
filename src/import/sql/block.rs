//! COPY … FROM stdin: the rows between it and `\.`.

use super::super::copy::{self, Line};
use super::super::report::FileError;
use super::super::source::Source;
use super::super::tables::Tables;
use super::Dump;
use super::lexer::Kind;
use super::names::{Name, add_column, ident};
use super::table::Target;
use crate::model::{DumpTable, Place};

impl Dump {
    /// After COPY.
    pub(super) fn copy(&mut self, source: &mut Source<'_>, tables: &mut Tables<'_>) -> Result<(), FileError> {
        let line = source.line();
        let (name, mut token) = Name::read(&mut self.lexer, source)?;
        let mut names = None;
        if token.kind == Kind::Symbol(b'(') && name.is_some() {
            names = Some(self.names_in_brackets(source)?);
            token = self.lexer.expect(source)?;
        }
        let is_from = token.is(source, "FROM");
        let mut is_stdin = false;
        let mut has_options = false;
        let mut depth = 0_u64;
        while token.kind != Kind::Symbol(b';') || depth > 0 {
            match token.kind {
                Kind::Symbol(b'(') => depth += 1,
                Kind::Symbol(b')') => depth = depth.saturating_sub(1),
                _ => {}
            }
            has_options |= is_stdin;
            is_stdin |= is_from && token.is(source, "STDIN");
            token = self.lexer.expect(source)?;
        }
        let ours = name.filter(|_| is_from).and_then(|it| self.ours(&it, is_stdin));
        if !is_stdin {
            return match ours {
                Some(table) => Err(FileError::at(
                    line,
                    format!("reads {} from another file, which has the rows: import that one", table.name()),
                )),
                None => Ok(()),
            };
        }
        if let Some(table) = ours.filter(|_| has_options) {
            return Err(FileError::at(
                line,
                format!(
                    "COPY {} has options, and only its plain text format is read: dump with `pg_dump`",
                    table.name()
                ),
            ));
        }
        self.lexer.skip_line(source)?;
        self.lexer.keep_from_here(source);
        match ours {
            Some(table) => {
                let target = match self.target(table, names, line, tables)? {
                    None if self.columns[table as usize].unread.is_none() => {
                        self.target_of_line(source, table, tables)?
                    }
                    target => target,
                };
                match target {
                    Some(target) => self.rows(source, &target, tables),
                    None => skip_block(source),
                }
            }
            None => skip_block(source),
        }
    }

    /// Names between brackets, behind the opening one.
    pub(super) fn names_in_brackets(&mut self, source: &mut Source<'_>) -> Result<Vec<String>, FileError> {
        let mut names = Vec::new();
        loop {
            let token = self.lexer.expect(source)?;
            match token.kind {
                Kind::Symbol(b')') => return Ok(names),
                Kind::Symbol(b',') => {}
                _ => add_column(&mut names, ident(source, token)?, source)?,
            }
        }
    }

    fn target_of_line(
        &mut self,
        source: &mut Source<'_>,
        table: DumpTable,
        tables: &mut Tables<'_>,
    ) -> Result<Option<Target>, FileError> {
        let Some(line) = Line::at(source, 0, true)? else { return Ok(None) };
        let text = line.text(source).to_owned();
        if text == "\\." {
            return Ok(None);
        }
        self.target_of(table, &copy::values(&text), source.line(), tables)
    }

    fn rows(
        &mut self,
        source: &mut Source<'_>,
        target: &Target,
        tables: &mut Tables<'_>,
    ) -> Result<(), FileError> {
        let n_rows = &mut self.columns[target.kind as usize].n_rows;
        loop {
            let line = match Line::at(source, 0, true)? {
                Some(line) if line.is_ended || line.text(source) == "\\." => line,
                _ => {
                    return Err(FileError::at(
                        source.line(),
                        format!(
                            "the file ends inside the rows of {}, before the line `\\.`: it was cut; export it again",
                            target.kind.name()
                        ),
                    ));
                }
            };
            let raw = line.text(source);
            if raw == "\\." {
                source.consume(line.next);
                return Ok(());
            }
            *n_rows += 1;
            let place = Place { row: *n_rows, line: source.line() };
            tables.take(target.no, &copy::row(raw, place, &target.places))?;
            source.count_row();
            source.consume(line.next);
        }
    }
}

/// Passes over rows of other tables, however long.
fn skip_block(source: &mut Source<'_>) -> Result<(), FileError> {
    let line = source.line();
    let mut is_line_start = true;
    loop {
        while source.window().len() < 4 && !source.at_end() {
            source.fill()?;
        }
        let window = source.window();
        if window.is_empty() {
            return Err(FileError::at(
                line,
                "the file ends inside the rows of a table, which begin here: it was cut; export it again",
            ));
        }
        let end = memchr::memchr(b'\n', window);
        let is_end =
            is_line_start && matches!(window.get(..end.unwrap_or(window.len())), Some(b"\\." | b"\\.\r"));
        if is_end && (end.is_some() || source.at_end()) {
            source.consume(end.map_or(3, |it| it + 1));
            return Ok(());
        }
        is_line_start = end.is_some();
        let n_bytes = end.map_or(window.len(), |it| it + 1);
        source.consume(n_bytes);
    }
}
