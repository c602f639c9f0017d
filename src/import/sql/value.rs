//! The values of a row of an INSERT.

use std::borrow::Cow;

use super::super::report::FileError;
use super::super::rows::Cell;
use super::super::source::Source;
use super::lexer::{Kind, Lexer, Token};

/// A value, as it is spelled in the window.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Spelled {
    Null,
    Default,
    /// A number, `true` or `false`.
    Bare {
        start: usize,
        end: usize,
    },
    /// Between its quotes.
    Text {
        start: usize,
        end: usize,
        escapes: bool,
    },
    /// What only a database can work out.
    Expression,
}

/// Reads one value, with its casts; gives the token behind it, a comma or the closing bracket.
pub(super) fn read(lexer: &mut Lexer, source: &mut Source<'_>) -> Result<(Spelled, Token), FileError> {
    let first = lexer.expect(source)?;
    if let Some(spelled) = damaged(lexer, source, first)? {
        return Ok((spelled, lexer.expect(source)?));
    }
    let (mut spelled, mut token) = constant(lexer, source, first)?;
    let mut depth = 0_u64;
    let mut is_in_cast = false;
    loop {
        match token.kind {
            Kind::Symbol(b',' | b')') if depth == 0 => return Ok((spelled, token)),
            Kind::Cast => is_in_cast = true,
            // The name of a type: `"public"."app_role"`, `text[]`.
            Kind::Word | Kind::Name | Kind::Symbol(b'.' | b'[' | b']') if is_in_cast => {}
            Kind::Symbol(b'(') => {
                depth += 1;
                spelled = Spelled::Expression;
            }
            Kind::Symbol(b')') => depth -= 1,
            _ => spelled = Spelled::Expression,
        }
        token = lexer.expect(source)?;
    }
}

/// A value without what may follow it, and the token behind it.
fn constant(lexer: &mut Lexer, source: &mut Source<'_>, first: Token) -> Result<(Spelled, Token), FileError> {
    // `timestamp with time zone '…'`
    let mut n_words = 0;
    let mut token = first;
    while token.kind == Kind::Word {
        n_words += 1;
        token = lexer.expect(source)?;
    }
    match token.kind {
        Kind::Text { .. } => Ok((text(source, token), lexer.expect(source)?)),
        _ if n_words == 1 => Ok((word(source, first), token)),
        Kind::Number if n_words == 0 => {
            Ok((Spelled::Bare { start: first.start, end: first.end }, lexer.expect(source)?))
        }
        Kind::Symbol(b'-' | b'+') if n_words == 0 => {
            let number = lexer.expect(source)?;
            if number.kind == Kind::Number && number.start == first.end {
                let spelled = Spelled::Bare { start: first.start, end: number.end };
                return Ok((spelled, lexer.expect(source)?));
            }
            Ok((Spelled::Expression, number))
        }
        _ => Ok((Spelled::Expression, token)),
    }
}

/// What Supabase Studio's "Export as SQL" makes of a `jsonb` number or boolean: it writes a quote over
/// the last character, and none in front: `tru'`, `1'` for 12, and `'` for 5. What is left is kept.
///
/// No SQL is spelled so: a name, a number or a text in quotes ends before a blank or a sign. Any other
/// such place means that the quotes are out of step, and with them all that follows.
fn damaged(lexer: &mut Lexer, source: &mut Source<'_>, first: Token) -> Result<Option<Spelled>, FileError> {
    let mut last = first;
    if matches!(first.kind, Kind::Symbol(b'-')) {
        let sign_end = lexer.at;
        last = lexer.expect(source)?;
        let is_constant = matches!(last.kind, Kind::Number | Kind::Text { .. });
        if !is_constant || last.start != first.end {
            lexer.at = sign_end;
            return Ok(None);
        }
    }
    let next = lexer.byte(source, 0)?;
    let is_cut = match last.kind {
        Kind::Number => next == Some(b'\''),
        Kind::Word => next == Some(b'\'') && (last.is(source, "tru") || last.is(source, "fals")),
        Kind::Text { .. } => {
            next.is_some_and(|it| it.is_ascii_alphanumeric() || matches!(it, b'{' | b'_' | 0x80..))
        }
        _ => false,
    };
    if !is_cut {
        lexer.at = first.end;
        return Ok(None);
    }
    let end = if matches!(last.kind, Kind::Text { .. }) {
        if !matches!(source.window().get(last.start + 1), Some(b',' | b')')) {
            return Err(FileError::at(
                source.line(),
                "a quote is missing or too much in the row that begins here, so that it is unknown where its texts end: \
                 export the table as CSV",
            ));
        }
        last.start
    } else {
        last.end
    };
    lexer.at = end + 1;
    Ok(Some(Spelled::Text { start: first.start, end: end + 1, escapes: false }))
}

fn word(source: &Source<'_>, token: Token) -> Spelled {
    match () {
        () if token.is(source, "NULL") => Spelled::Null,
        () if token.is(source, "DEFAULT") => Spelled::Default,
        () if token.is(source, "TRUE") || token.is(source, "FALSE") => {
            Spelled::Bare { start: token.start, end: token.end }
        }
        () => Spelled::Expression,
    }
}

fn text(source: &Source<'_>, token: Token) -> Spelled {
    let open = memchr::memchr(b'\'', token.bytes(source)).map_or(0, |it| it + 1);
    let Kind::Text { escapes } = token.kind else { return Spelled::Expression };
    Spelled::Text { start: token.start + open, end: token.end - 1, escapes }
}

/// The value as a cell. The window was checked to be UTF-8.
pub(super) fn cell(window: &str, spelled: Spelled) -> Cell<'_> {
    let at = |start, end| window.get(start..end).unwrap_or_default();
    let decoded = match spelled {
        Spelled::Null => return Cell::Null,
        Spelled::Bare { start, end } => return Cell::Text(Cow::Borrowed(at(start, end))),
        Spelled::Default => Err("is DEFAULT, which only the database knows"),
        Spelled::Expression => Err("is an SQL expression, not a value"),
        Spelled::Text { start, end, escapes: true } => unescape(at(start, end)),
        Spelled::Text { start, end, escapes: false } => Ok(undouble(at(start, end))),
    };
    decoded.map_or_else(|reason| Cell::Fault(reason.to_owned()), Cell::Text)
}

/// `''` is a quote.
fn undouble(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\'', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("''", "'"))
}

/// The escapes of `E'…'`, from `PostgreSQL`'s scanner: `\b \f \n \r \t`, up to three octal digits, `\x`
/// and up to two hexadecimal ones, `\u` and four, `\U` and eight; other characters stand for themselves.
fn unescape(text: &str) -> Result<Cow<'_, str>, &'static str> {
    const NO_CHARACTER: &str = "holds a `\\u` escape that is no character";
    if memchr::memchr2(b'\'', b'\\', text.as_bytes()).is_none() {
        return Ok(Cow::Borrowed(text));
    }
    let mut out = Vec::with_capacity(text.len());
    let mut units: Vec<u16> = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        let is_unit = *byte == b'\\' && matches!(rest.first(), Some(b'u'));
        if !is_unit && !units.is_empty() {
            push_units(&mut out, &mut units).ok_or(NO_CHARACTER)?;
        }
        match (byte, rest.split_first()) {
            (b'\'', Some((b'\'', after))) => {
                rest = after;
                out.push(b'\'');
            }
            (b'\\', Some((escape, after))) => {
                rest = after;
                match escape {
                    b'b' => out.push(0x08),
                    b'f' => out.push(0x0c),
                    b'n' => out.push(b'\n'),
                    b'r' => out.push(b'\r'),
                    b't' => out.push(b'\t'),
                    b'0'..=b'7' => {
                        let first = u32::from(escape - b'0');
                        out.push((digits(first, &mut rest, 8, 2).0 & 0xff) as u8);
                    }
                    b'x' if rest.first().is_some_and(u8::is_ascii_hexdigit) => {
                        out.push(digits(0, &mut rest, 16, 2).0 as u8);
                    }
                    b'u' => match digits(0, &mut rest, 16, 4) {
                        (value, 4) => units.push(value as u16),
                        _ => return Err(NO_CHARACTER),
                    },
                    b'U' => match digits(0, &mut rest, 16, 8) {
                        (value, 8) => {
                            let character = char::from_u32(value).ok_or(NO_CHARACTER)?;
                            out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                        }
                        _ => return Err(NO_CHARACTER),
                    },
                    other => out.push(*other),
                }
            }
            _ => out.push(*byte),
        }
    }
    push_units(&mut out, &mut units).ok_or(NO_CHARACTER)?;
    if out.contains(&0) {
        return Err("holds a NUL, which no text can");
    }
    String::from_utf8(out).map(Cow::Owned).map_err(|_not_utf8| "holds escaped bytes that are not UTF-8")
}

/// Two halves of a surrogate pair may follow each other.
fn push_units(out: &mut Vec<u8>, units: &mut Vec<u16>) -> Option<()> {
    out.extend_from_slice(String::from_utf16(units).ok()?.as_bytes());
    units.clear();
    Some(())
}

/// Goes on with a number of so many more digits at most; also how many there were.
fn digits(mut value: u32, rest: &mut &[u8], radix: u32, n_max: usize) -> (u32, usize) {
    for n_digits in 0..n_max {
        let digit = rest.first().and_then(|it| char::from(*it).to_digit(radix));
        let Some(digit) = digit else { return (value, n_digits) };
        value = value.wrapping_mul(radix).wrapping_add(digit);
        *rest = &rest[1..];
    }
    (value, n_max)
}
