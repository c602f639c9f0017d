//! JSON as `PostgreSQL`, `PostgREST`, Supabase and data tools write it → records.
//!
//! Rows come in arrays, one after another (also with the separators of RFC 7464), or wrapped in
//! objects: `{"data": […]}`, `{"rows": […], "warning": …}`, `{"columns": […], "data": [[…]]}`. Only
//! what is around the rows is walked here; a row is cut out by its brackets, without recursion, and
//! parsed alone, so memory does not grow with the file.

mod cursor;
mod record;
mod shape;

use std::ops::Range;

use serde_json::value::RawValue;

use self::cursor::{Cursor, n_between, value_end};
use self::record::Name;
pub(super) use self::record::{metadata_cell, text_cell};
use self::shape::{Items, Shape};
use super::columns::Layout;
use super::report::{FileError, Format};
use super::rows::RawRow;
use super::source::Source;
use super::tables::{TableNo, Tables};
use crate::model::Place;

/// Records that are looked at to learn the columns: keys may be left out where they are null.
const LEARN_MAX: usize = 100;

/// Reads the rows of a file.
pub(super) fn read(source: &mut Source<'_>, tables: &mut Tables<'_>) -> Result<(), FileError> {
    tables.format = Format::Json;
    let mut reader = Reader { cursor: Cursor::new(source), tables, n_rows: 0, n_arrays: 0 };
    reader.file()
}

struct Reader<'r, 's, 'a, 'w> {
    cursor: Cursor<'s, 'a>,
    tables: &'r mut Tables<'w>,
    n_rows: u64,
    /// Arrays of rows so far, the empty ones too.
    n_arrays: u64,
}

/// Rows that follow each other: their table, and how they stand there.
#[derive(Default)]
struct Series {
    shape: Option<Shape>,
    table: Option<TableNo>,
    /// Where rows are arrays, the names of their columns.
    columns: Option<Vec<String>>,
    /// The key under which each log row has its user's profile, and the table that takes these.
    joined: Option<(String, TableNo)>,
}

impl Reader<'_, '_, '_, '_> {
    fn file(&mut self) -> Result<(), FileError> {
        let mut series = Series::default();
        let mut n_objects = 0;
        while let Some(byte) = self.cursor.peek_value()? {
            match byte {
                b'{' => {
                    n_objects += 1;
                    if n_objects == 2 && series.shape == Some(Shape::Row) {
                        self.tables.format = Format::Ndjson;
                    }
                    self.object(&mut series, 0)?;
                }
                b'[' => self.array(&mut series, 0)?,
                _ => {
                    return Err(self
                        .cursor
                        .fault("not JSON: something else follows the rows; export the file again"));
                }
            }
        }
        Ok(())
    }

    /// An array of rows, from its bracket on.
    fn array(&mut self, series: &mut Series, depth: usize) -> Result<(), FileError> {
        self.cursor.pass();
        self.n_arrays += 1;
        let mut is_first = true;
        loop {
            match self.item(is_first, b']')? {
                None => return Ok(()),
                Some(b'{') => self.object(series, depth)?,
                Some(b'[') if series.columns.is_some() => self.row_by_place(series)?,
                Some(b'[') if is_first => {
                    let value = self.cursor.value()?;
                    let names = shape::columns(self.cursor.rest(), self.tables.expected());
                    let names = names.ok_or_else(|| self.cursor.fault(
                        "is an array of arrays without the names of their columns: export an array of objects",
                    ))?;
                    series.columns = Some(names);
                    self.cursor.pass_value(&value);
                }
                Some(_) => self.no_row(series)?,
            }
            is_first = false;
        }
    }

    /// The first byte of the next item of an array or an object; `None` behind its closing bracket.
    fn item(&mut self, is_first: bool, close: u8) -> Result<Option<u8>, FileError> {
        let mut next = self.cursor.peek()?;
        if next == Some(close) {
            self.cursor.pass();
            return Ok(None);
        }
        if !is_first {
            match next {
                Some(b',') => self.cursor.pass(),
                Some(_) => {
                    return Err(self.cursor.fault("not JSON: a comma or a closing bracket is missing"));
                }
                None => {}
            }
            if next.is_some() {
                next = self.cursor.peek()?;
                if next.is_none() {
                    return Err(self
                        .cursor
                        .fault("the file ends after a comma: it was cut; export it again"));
                }
                if next == Some(close) {
                    return Err(self.cursor.fault("not JSON: a comma before the closing bracket"));
                }
            }
        }
        let what = if close == b']' { "array" } else { "object" };
        let message = format!("the file ends before its {what} is closed: it was cut; export it again");
        next.ok_or_else(|| self.cursor.fault(message)).map(Some)
    }

    /// A row, or what rows are wrapped in.
    fn object(&mut self, series: &mut Series, depth: usize) -> Result<(), FileError> {
        let shape = match series.shape {
            Some(shape) => shape,
            None => *series.shape.insert(self.shape(depth)?),
        };
        match shape {
            Shape::Envelope => self.envelope(depth),
            Shape::Numbered => Err(self.cursor.fault(
                "has a number before each row or value, as pandas writes it by default: export with \
                 `to_json(orient=\"records\")`",
            )),
            Shape::Row | Shape::Wrapped | Shape::Other => self.row(series, shape == Shape::Wrapped),
        }
    }

    /// What the object at the cursor is.
    fn shape(&mut self, depth: usize) -> Result<Shape, FileError> {
        loop {
            match shape::of(self.cursor.rest(), depth, self.tables.expected()) {
                Some(shape) => return Ok(shape),
                // The record's own error says what is missing.
                None if self.cursor.source().at_end() => return Ok(Shape::Row),
                None => self.cursor.grow()?,
            }
        }
    }

    /// An object that has rows in some of its members, from its brace on. What else it has is passed
    /// over and not kept.
    fn envelope(&mut self, depth: usize) -> Result<(), FileError> {
        self.cursor.pass();
        let mut columns = None;
        let mut is_first = true;
        while self.item(is_first, b'}')?.is_some() {
            is_first = false;
            self.name()?;
            match self.cursor.peek()? {
                Some(b'[') => {
                    // They stand before the rows, and are few: what goes beyond the window is something else.
                    columns = shape::columns(self.cursor.rest(), self.tables.expected()).or(columns);
                    let mut series = Series { columns: columns.clone(), ..Series::default() };
                    match self.items(depth, columns.is_some())? {
                        Items::Rows => self.array(&mut series, depth + 1)?,
                        Items::Nothing | Items::Other => self.skip(depth + 1)?,
                    }
                }
                Some(b'{') if self.shape(depth + 1)? == Shape::Envelope => self.envelope(depth + 1)?,
                _ => self.skip(depth + 1)?,
            }
        }
        Ok(())
    }

    /// Passes a value that nobody looks at, if it is JSON: as a whole, or item by item where it is large.
    fn skip(&mut self, depth: usize) -> Result<(), FileError> {
        let close = match self.cursor.peek()? {
            Some(b'[') => b']',
            Some(b'{') => b'}',
            _ => 0,
        };
        if close == 0 || depth > shape::DEPTH_MAX || self.cursor.has_whole() {
            let value = self.cursor.value()?;
            if let Err(err) = serde_json::from_str::<&RawValue>(self.cursor.text(&value)) {
                return Err(self.cursor.not_json(&value, &err));
            }
            self.cursor.pass_value(&value);
            return Ok(());
        }
        self.cursor.pass();
        let mut is_first = true;
        while self.item(is_first, close)?.is_some() {
            is_first = false;
            if close == b'}' {
                self.name()?;
            }
            self.skip(depth + 1)?;
        }
        Ok(())
    }

    /// Passes the name of a member and its colon.
    fn name(&mut self) -> Result<(), FileError> {
        let value = self.cursor.value()?;
        let text = self.cursor.text(&value);
        if let Err(err) = serde_json::from_str::<Name<'_>>(text) {
            return Err(self.cursor.not_json(&value, &err));
        }
        self.cursor.pass_value(&value);
        if self.cursor.peek()? != Some(b':') {
            return Err(self.cursor.fault("not JSON: a colon is missing"));
        }
        self.cursor.pass();
        Ok(())
    }

    fn items(&mut self, depth: usize, has_columns: bool) -> Result<Items, FileError> {
        loop {
            match shape::items(self.cursor.rest(), depth, has_columns, self.tables.expected()) {
                Some(items) => return Ok(items),
                None if self.cursor.source().at_end() => return Ok(Items::Other),
                None => self.cursor.grow()?,
            }
        }
    }

    // ---- rows -----------------------------------------------------------------------------------

    fn row(&mut self, series: &mut Series, is_wrapped: bool) -> Result<(), FileError> {
        let table = self.table(series, is_wrapped)?;
        self.cursor.settle();
        // Nearly all are, and then their end needs not to be looked for.
        let (value, fields) =
            if !is_wrapped && let Some((fields, end)) = record::first_fields(self.cursor.source().text()) {
                (0..end, Some(fields))
            } else {
                let value = self.cursor.value()?;
                let fields = row_text(self.cursor.text(&value), is_wrapped).and_then(record::fields);
                let fields = fields.map_err(|err| self.cursor.not_json(&value, &err))?;
                (value, fields)
            };
        let text = self.cursor.text(&value);
        let place = Place { row: self.n_rows + 1, line: self.cursor.source().line() };
        if self.tables.layout(table).plan.is_some() {
            let values = match &fields {
                Some(fields) => Ok(record::values(fields, self.tables.layout_mut(table))),
                None => Err("is not an object".to_owned()),
            };
            self.tables.take_theirs(table, place, text.as_bytes(), &values)?;
            self.pass_row(&value);
            return Ok(());
        }
        let joined = series.joined.as_ref();
        let cells = match &fields {
            Some(fields) => {
                let joined = joined.map(|(key, _)| key.as_str());
                Ok(record::cells(fields, joined, self.tables.layout_mut(table)))
            }
            None => Err("is not an object".to_owned()),
        };
        self.tables.take(table, &RawRow { place, raw: text.as_bytes(), cells })?;
        if let (Some(fields), Some((key, profiles))) = (&fields, joined)
            && let Some(cells) = record::profile_cells(fields, key)
        {
            self.tables.take(*profiles, &RawRow { place, raw: text.as_bytes(), cells: Ok(cells) })?;
        }
        self.pass_row(&value);
        Ok(())
    }

    /// A row whose columns are named elsewhere.
    fn row_by_place(&mut self, series: &mut Series) -> Result<(), FileError> {
        let Some(names) = &series.columns else { return self.no_row(series) };
        let table = if let Some(table) = series.table {
            table
        } else {
            let layout = self.tables.expected().layout(names.iter().map(String::as_str))?;
            *series.table.insert(self.tables.begin(layout))
        };
        let value = self.cursor.value()?;
        let text = self.cursor.text(&value);
        let place = Place { row: self.n_rows + 1, line: self.cursor.source().line() };
        let fields = record::fields_by_place(text, names);
        let fields = fields.map_err(|err| self.cursor.not_json(&value, &err))?;
        if self.tables.layout(table).plan.is_some() {
            let values = fields.map(|it| record::values(&it, self.tables.layout_mut(table)));
            self.tables.take_theirs(table, place, text.as_bytes(), &values)?;
        } else {
            let cells = fields.map(|it| record::cells(&it, None, self.tables.layout_mut(table)));
            self.tables.take(table, &RawRow { place, raw: text.as_bytes(), cells })?;
        }
        self.pass_row(&value);
        Ok(())
    }

    /// A value that is no row, among rows.
    fn no_row(&mut self, series: &mut Series) -> Result<(), FileError> {
        self.row(series, false)
    }

    fn pass_row(&mut self, value: &Range<usize>) {
        self.n_rows += 1;
        self.cursor.count_row();
        self.cursor.pass_value(value);
    }

    /// The table of a series of rows: known, or learnt from the rows ahead.
    fn table(&mut self, series: &mut Series, is_wrapped: bool) -> Result<TableNo, FileError> {
        if let Some(table) = series.table {
            return Ok(table);
        }
        // A first row that is not whole is told as that.
        self.cursor.value()?;
        let (layout, joined) = self.learn(is_wrapped)?;
        let table = *series.table.insert(self.tables.begin(layout));
        if let Some(key) = joined {
            let names = ["id", "username"];
            series.joined = Some((key, self.tables.begin(Layout::recognise(names)?)));
        }
        Ok(table)
    }

    /// Looks ahead at the first rows for the keys they have, and for one that holds profiles.
    fn learn(&mut self, is_wrapped: bool) -> Result<(Layout, Option<String>), FileError> {
        self.cursor.settle();
        loop {
            let mut keys = record::Keys::new(self.tables.expected());
            let (mut at, mut n_rows) = (0, 0);
            let is_short = loop {
                let window = self.cursor.rest();
                at += n_between(&window[at..]);
                match window.get(at).map(|_| value_end(window, at)) {
                    Some(Some(end)) if window[at] != b']' && end > at && n_rows < LEARN_MAX => {
                        self.learn_from(&(at..end), is_wrapped, &mut keys)?;
                        n_rows += 1;
                        at = end;
                    }
                    Some(Some(_)) => break false,
                    _ => break n_rows == 0 && !self.cursor.source().at_end(),
                }
            };
            if !is_short {
                return keys.layout();
            }
            self.cursor.grow()?;
        }
    }

    fn learn_from(
        &self,
        value: &Range<usize>,
        is_wrapped: bool,
        keys: &mut record::Keys<'_>,
    ) -> Result<(), FileError> {
        let text = self.cursor.text(value);
        let fields = row_text(text, is_wrapped).and_then(record::fields);
        let fields = fields.map_err(|err| self.cursor.not_json(value, &err))?.unwrap_or_default();
        if keys.is_empty()
            && let Some(message) = record::api_error(&fields)
        {
            return Err(FileError::new(message));
        }
        keys.add(&fields);
        Ok(())
    }
}

/// The text of a row, without what it is wrapped in.
fn row_text(text: &str, is_wrapped: bool) -> Result<&str, serde_json::Error> {
    if !is_wrapped {
        return Ok(text);
    }
    let fields = record::fields(text)?.unwrap_or_default();
    Ok(fields.first().map_or("null", |(_, value)| value.get()))
}
