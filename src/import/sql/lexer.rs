//! SQL → tokens, as `PostgreSQL`'s scanner cuts them, without holding more than a token is long; what is
//! passed over is not held at all.

use super::super::report::FileError;
use super::super::source::{BYTE_ORDER_MARK, Source};

/// A piece of SQL, and where it is in the window.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A key word or a name.
    Word,
    /// A name in double quotes.
    Name,
    /// A text in single quotes; a letter before them may say how it is escaped.
    Text {
        escapes: bool,
    },
    /// A constant that is no text: `B'1'`, `X'ff'`, `U&'…'`, `$$…$$`.
    Other,
    Number,
    /// `::`
    Cast,
    Symbol(u8),
}

/// Cuts the source into tokens.
///
/// Places are in the window, which does not move while tokens are kept. While they are skipped it
/// begins with the token that was given last, if that is a word or a symbol; a text may be gone.
#[derive(Default)]
pub(super) struct Lexer {
    /// The next byte to look at.
    pub(super) at: usize,
    /// Whether the window may move on.
    skips: bool,
    /// Whether backslashes escape in every text: `standard_conforming_strings` is off.
    pub(super) escapes: bool,
    /// Heads of dumps less their last lines: a whole file comes out even.
    n_open_dumps: u64,
}

impl Token {
    pub(super) fn bytes<'s>(&self, source: &'s Source<'_>) -> &'s [u8] {
        source.window().get(self.start..self.end).unwrap_or_default()
    }

    pub(super) fn is(&self, source: &Source<'_>, word: &str) -> bool {
        self.kind == Kind::Word && self.bytes(source).eq_ignore_ascii_case(word.as_bytes())
    }
}

const CUT: &str =
    "the file ends inside the statement that begins here: it was cut, or a quote is missing; export it again";

impl Lexer {
    /// Passes over blanks and comments and moves the window to what follows, from where tokens are
    /// kept; false at the end of the file.
    pub(super) fn begin(&mut self, source: &mut Source<'_>) -> Result<bool, FileError> {
        self.skips = true;
        self.pass_blanks(source)?;
        self.skips = false;
        Ok(self.byte(source, 0)?.is_some())
    }

    /// Moves the window to the next byte, from where tokens are kept.
    pub(super) fn keep_from_here(&mut self, source: &mut Source<'_>) {
        source.consume(self.at);
        self.at = 0;
        self.skips = false;
    }

    /// The next token; none at the end of the file.
    pub(super) fn next(&mut self, source: &mut Source<'_>) -> Result<Option<Token>, FileError> {
        self.pass_blanks(source)?;
        let start = self.at;
        let line = source.line();
        let Some(byte) = self.byte(source, 0)? else { return Ok(None) };
        let second = self.byte(source, 1)?;
        let kind = match (byte, second) {
            (b'\'', _) => self.text(source, 1, self.escapes),
            (b'E' | b'e', Some(b'\'')) => self.text(source, 2, true),
            (b'N' | b'n', Some(b'\'')) => self.text(source, 2, self.escapes),
            (b'B' | b'b' | b'X' | b'x', Some(b'\'')) => {
                self.text(source, 2, false)?;
                Ok(Kind::Other)
            }
            (b'U' | b'u', Some(b'&')) if matches!(self.byte(source, 2)?, Some(b'\'' | b'"')) => {
                let quote = self.byte(source, 2)?.unwrap_or_default();
                self.at += 3;
                self.quoted(source, quote, false)?;
                Ok(Kind::Other)
            }
            (b'"', _) => {
                self.at += 1;
                self.quoted(source, b'"', false)?;
                Ok(Kind::Name)
            }
            (b'$', _) => self.dollar(source),
            (b'0'..=b'9', _) | (b'.', Some(b'0'..=b'9')) => self.number(source),
            (b':', Some(b':')) => {
                self.at += 2;
                Ok(Kind::Cast)
            }
            (byte, _) if is_name_start(byte) => {
                self.pass(source, is_name_part)?;
                Ok(Kind::Word)
            }
            (byte, _) => {
                self.at += 1;
                Ok(Kind::Symbol(byte))
            }
        };
        let kind = kind.map_err(|mut err| {
            if err.message == CUT {
                err.line = Some(line);
            }
            err
        })?;
        Ok(Some(Token { kind, start, end: self.at }))
    }

    /// The next token of a statement, which must not end here.
    pub(super) fn expect(&mut self, source: &mut Source<'_>) -> Result<Token, FileError> {
        let line = source.line();
        self.next(source)?.ok_or_else(|| FileError::at(line, CUT))
    }

    /// Passes over what is left of a statement, and its semicolon.
    ///
    /// The body of a function may hold semicolons: in quotes, or after `BEGIN ATOMIC`, as psql knows.
    pub(super) fn skip_statement(&mut self, source: &mut Source<'_>) -> Result<(), FileError> {
        let line = source.line();
        self.skips = true;
        let mut depth = 0_u64;
        let mut n_blocks = 0_u64;
        let mut after_begin = false;
        loop {
            let token = self.next(source)?.ok_or_else(|| FileError::at(line, CUT))?;
            let is_begin = token.is(source, "BEGIN");
            match token.kind {
                Kind::Symbol(b'(') => depth += 1,
                Kind::Symbol(b')') => depth = depth.saturating_sub(1),
                Kind::Symbol(b';') if depth == 0 && n_blocks == 0 => return Ok(()),
                Kind::Word if after_begin && token.is(source, "ATOMIC") => n_blocks += 1,
                Kind::Word if n_blocks > 0 && token.is(source, "CASE") => n_blocks += 1,
                Kind::Word if n_blocks > 0 && token.is(source, "END") => n_blocks -= 1,
                _ => {}
            }
            after_begin = is_begin;
        }
    }

    /// Passes over the rest of the line.
    pub(super) fn skip_line(&mut self, source: &mut Source<'_>) -> Result<(), FileError> {
        self.skips = true;
        self.pass_to_newline(source)
    }

    /// After the end of the file: whether a dump in it lacks its last line.
    pub(super) fn lacks_end(&self) -> bool {
        self.n_open_dumps > 0
    }

    // ---- bytes -----------------------------------------------------------------------------------

    /// The byte so far from here.
    pub(super) fn byte(&mut self, source: &mut Source<'_>, n: usize) -> Result<Option<u8>, FileError> {
        while self.at + n >= source.window().len() {
            if !more(source)? {
                return Ok(None);
            }
        }
        Ok(Some(source.window()[self.at + n]))
    }

    fn is_at(&mut self, source: &mut Source<'_>, text: &str) -> Result<bool, FileError> {
        self.byte(source, text.len() - 1)?;
        Ok(source.window()[self.at..].starts_with(text.as_bytes()))
    }

    /// While skipping: moves the window here.
    fn forget(&mut self, source: &mut Source<'_>) {
        if self.skips {
            source.consume(self.at);
            self.at = 0;
        }
    }

    fn pass(&mut self, source: &mut Source<'_>, is_part: fn(u8) -> bool) -> Result<(), FileError> {
        while let Some(byte) = self.byte(source, 0)? {
            if !is_part(byte) {
                break;
            }
            self.at += 1;
        }
        Ok(())
    }

    // ---- blanks and comments ---------------------------------------------------------------------

    fn pass_blanks(&mut self, source: &mut Source<'_>) -> Result<(), FileError> {
        loop {
            self.forget(source);
            match self.byte(source, 0)? {
                Some(byte) if byte.is_ascii_whitespace() || byte == 0x0b => self.at += 1,
                Some(b'-') if self.byte(source, 1)? == Some(b'-') => {
                    self.mark_dump(source)?;
                    self.pass_to_newline(source)?;
                }
                Some(b'/') if self.byte(source, 1)? == Some(b'*') => self.pass_comment(source)?,
                // Of a file that was put behind another.
                Some(0xef) if self.is_at(source, BYTE_ORDER_MARK)? => self.at += BYTE_ORDER_MARK.len(),
                _ => return Ok(()),
            }
        }
    }

    /// `pg_dump` says in comments where a dump begins and that it is whole.
    fn mark_dump(&mut self, source: &mut Source<'_>) -> Result<(), FileError> {
        const BEGIN: [&[u8]; 2] = [b"-- PostgreSQL database dump", b"-- PostgreSQL database cluster dump"];
        const OTHERS: [&[u8]; 2] = [b"-- MySQL dump", b"-- MariaDB dump"];
        self.byte(source, 64)?;
        let text = &source.window()[self.at..];
        let line = text.split(|it| *it == b'\n').next().unwrap_or_default().trim_ascii_end();
        if OTHERS.iter().any(|it| line.starts_with(it)) {
            return Err(FileError::new(MYSQL));
        }
        for begin in BEGIN {
            match line.strip_prefix(begin) {
                Some(b"") => self.n_open_dumps += 1,
                Some(b" complete") => self.n_open_dumps = self.n_open_dumps.saturating_sub(1),
                _ => {}
            }
        }
        Ok(())
    }

    fn pass_to_newline(&mut self, source: &mut Source<'_>) -> Result<(), FileError> {
        loop {
            match memchr::memchr(b'\n', &source.window()[self.at..]) {
                Some(n_bytes) => {
                    self.at += n_bytes + 1;
                    return Ok(());
                }
                None => self.at = source.window().len(),
            }
            self.forget(source);
            if !more(source)? {
                return Ok(());
            }
        }
    }

    /// Comments nest.
    fn pass_comment(&mut self, source: &mut Source<'_>) -> Result<(), FileError> {
        let line = source.line();
        if self.byte(source, 2)? == Some(b'!') {
            return Err(FileError::new(MYSQL));
        }
        let mut depth = 0_u64;
        loop {
            self.forget(source);
            match (self.byte(source, 0)?, self.byte(source, 1)?) {
                (Some(b'/'), Some(b'*')) => depth += 1,
                (Some(b'*'), Some(b'/')) => depth -= 1,
                (None, _) => return Err(FileError::at(line, "the comment that begins here is never closed")),
                _ => {
                    let rest = &source.window()[self.at + 1..];
                    self.at += 1 + memchr::memchr2(b'/', b'*', rest).unwrap_or(rest.len());
                    continue;
                }
            }
            self.at += 2;
            if depth == 0 {
                return Ok(());
            }
        }
    }

    // ---- constants -------------------------------------------------------------------------------

    fn text(&mut self, source: &mut Source<'_>, n_open: usize, escapes: bool) -> Result<Kind, FileError> {
        self.at += n_open;
        self.quoted(source, b'\'', escapes)?;
        Ok(Kind::Text { escapes })
    }

    /// Passes over the rest of what is in quotes; a doubled quote does not end it.
    fn quoted(&mut self, source: &mut Source<'_>, quote: u8, escapes: bool) -> Result<(), FileError> {
        loop {
            let rest = &source.window()[self.at..];
            let found =
                if escapes { memchr::memchr2(quote, b'\\', rest) } else { memchr::memchr(quote, rest) };
            match found {
                None => {
                    self.at += rest.len();
                    self.forget(source);
                    if !more(source)? {
                        return Err(FileError::new(CUT));
                    }
                    continue;
                }
                Some(n_bytes) => self.at += n_bytes,
            }
            let is_escape = source.window()[self.at] == b'\\';
            let second = self.byte(source, 1)?;
            if is_escape && second.is_none() {
                return Err(FileError::new(CUT));
            }
            if !is_escape && second != Some(quote) {
                self.at += 1;
                return Ok(());
            }
            self.at += 2;
        }
    }

    /// `$$…$$`, `$tag$…$tag$`, or a `$` that begins nothing.
    fn dollar(&mut self, source: &mut Source<'_>) -> Result<Kind, FileError> {
        const TAG_MAX: usize = 64;
        let mut n_tag = 1;
        loop {
            match self.byte(source, n_tag)? {
                Some(b'$') => break,
                Some(byte)
                    if n_tag <= TAG_MAX && is_name_part(byte) && (n_tag > 1 || is_name_start(byte)) =>
                {
                    n_tag += 1;
                }
                _ => {
                    self.at += 1;
                    return Ok(Kind::Symbol(b'$'));
                }
            }
        }
        let tag = source.window()[self.at..=self.at + n_tag].to_vec();
        self.at += tag.len();
        loop {
            let rest = &source.window()[self.at..];
            self.at += memchr::memchr(b'$', rest).unwrap_or(rest.len());
            self.forget(source);
            if self.byte(source, tag.len() - 1)?.is_none() {
                return Err(FileError::new(CUT));
            }
            if source.window()[self.at..].starts_with(&tag) {
                self.at += tag.len();
                return Ok(Kind::Other);
            }
            // The end may begin where the window ended.
            self.at += usize::from(source.window()[self.at] == b'$');
        }
    }

    fn number(&mut self, source: &mut Source<'_>) -> Result<Kind, FileError> {
        loop {
            self.pass(source, |it| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'_'))?;
            let is_exponent = matches!(source.window()[self.at - 1], b'e' | b'E');
            if !(is_exponent && matches!(self.byte(source, 0)?, Some(b'+' | b'-'))) {
                return Ok(Kind::Number);
            }
            self.at += 1;
        }
    }
}

/// Why SQL of another kind is not read.
pub(super) const MYSQL: &str =
    "is a MySQL dump, whose texts are escaped in another way: export the table as CSV or JSON";

/// Reads on; false at the end of the file.
fn more(source: &mut Source<'_>) -> Result<bool, FileError> {
    let n_bytes = source.window().len();
    while source.window().len() == n_bytes && !source.at_end() {
        source.fill()?;
    }
    Ok(source.window().len() > n_bytes)
}

fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn is_name_part(byte: u8) -> bool {
    is_name_start(byte) || byte.is_ascii_digit() || byte == b'$'
}
