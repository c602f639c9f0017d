//! Delimited text → records: CSV in every spelling that tools have been seen to write, and Markdown.
//!
//! [`dialect`] tells from the beginning how the file is written, by [`evidence`] and [`quotes`]; [`records`] cuts it, by
//! [`strict`] or [`loose`] rules,
//! and [`header`] knows which column is where.

mod dialect;
mod evidence;
mod header;
mod loose;
mod quotes;
mod records;
mod strict;

use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use self::dialect::{Dialect, Nulls};
use self::header::{Header, Next, WordTally};
use self::records::{Block, Quoting, Record};
use super::report::{FileError, Format, WarningCode};
use super::rows::RawRow;
use super::source::{Source, Watch};
use super::tables::{TableNo, Tables};
use crate::model::Place;

/// How far the end of the first row is looked for, to tell the dialect.
const ROW_BYTES: usize = 1024 * 1024;
/// Blocks of records on their way.
const BLOCKS: usize = 8;

/// Reads delimited text, with a header or without one.
pub(super) fn read(source: &mut Source<'_>, tables: &mut Tables<'_>) -> Result<(), FileError> {
    let named = skip_named_delimiter(source)?;
    // A header alone does not tell how rows are written. A row that is longer is read in its turn.
    while source.window().len() < ROW_BYTES
        && memchr::memchr2_iter(b'\n', b'\r', source.window()).take(2).count() < 2
        && !source.at_end()
    {
        source.fill()?;
    }
    let (dialect, layout) = dialect::recognise(source.text(), named, source.at_end(), tables.expected())?;
    tables.format = match (dialect.quoting, dialect.delimiter) {
        (Quoting::Markdown, _) => Format::Markdown,
        (_, b'\t') => Format::Tsv,
        _ => Format::Csv,
    };
    tables.written.delimiter = Some(dialect.delimiter);
    tables.written.has_header = Some(dialect.has_header);
    let mut reader = Reader {
        dialect,
        table: tables.begin(layout),
        header: None,
        n_rows: 0,
        words: WordTally::default(),
        tables,
    };
    let (window, watch) = source.parts();
    thread::scope(|scope| {
        let (send, blocks) = sync_channel(BLOCKS);
        // All that come back are counted, so there is room for more than there ever are.
        let (give_back, used) = sync_channel(2 * BLOCKS);
        let how = (dialect.delimiter, dialect.quoting);
        let cutter = scope.spawn(move || records::cut_all(window, how, &send, &used));
        let read = reader.read(blocks, &give_back, watch);
        // After an error it waits for no block.
        drop(give_back);
        cutter.join().unwrap_or_else(|panic| resume_unwind(panic));
        read
    })?;
    let Reader { table, n_rows, words, tables, .. } = reader;
    warn(tables, table, &dialect, n_rows, &words);
    Ok(())
}

/// Reads records behind the first, which may be a header; others in between begin other columns, or
/// another table.
struct Reader<'r, 'w> {
    dialect: Dialect,
    table: TableNo,
    /// Once it is known.
    header: Option<Header>,
    n_rows: u64,
    words: WordTally,
    tables: &'r mut Tables<'w>,
}

impl Reader<'_, '_> {
    /// Takes all blocks, and gives them back.
    fn read(
        &mut self,
        blocks: Receiver<Result<Block, FileError>>,
        give_back: &SyncSender<Block>,
        watch: &mut Watch<'_>,
    ) -> Result<(), FileError> {
        if !self.dialect.has_header {
            let names = self.tables.layout(self.table).names.iter().flatten().cloned().collect();
            self.begin(names);
        }
        for block in blocks {
            let block = block?;
            watch.read_to(block.n_read);
            for record in block.records() {
                self.record(record, watch)?;
            }
            // The file may have ended.
            give_back.send(block).ok();
        }
        if self.header.is_some() { Ok(()) } else { Err(FileError::new("has no header")) }
    }

    fn begin(&mut self, names: Vec<String>) {
        self.header = Some(Header::new(names, self.dialect, self.tables.layout(self.table)));
    }

    fn record(&mut self, record: Record<'_>, watch: &mut Watch<'_>) -> Result<(), FileError> {
        let Some(header) = &self.header else {
            self.begin(record.names());
            return Ok(());
        };
        match header.next(record)? {
            Next::SameHeader => {}
            Next::Header(next, layout) => {
                self.header = Some(*next);
                self.table = self.tables.begin(*layout);
            }
            Next::Row if record.is_blank() || self.is_rule(record) => {}
            Next::Row => {
                self.row(record)?;
                watch.count_row();
            }
        }
        Ok(())
    }

    fn row(&mut self, record: Record<'_>) -> Result<(), FileError> {
        let Some(header) = &self.header else { return Ok(()) };
        if record.is_last() && (record.n_fields() < header.names.len() || record.fault().is_some()) {
            return Err(records::cut(record.line()));
        }
        self.n_rows += 1;
        let place = Place { row: self.n_rows, line: record.line() };
        let raw = record.raw().as_bytes();
        if header.is_mapped {
            let values = header.values(record, &mut self.words);
            return self.tables.take_theirs(self.table, place, raw, &values);
        }
        let cells = header.cells(record, &mut self.words);
        self.tables.take(self.table, &RawRow { place, raw, cells })
    }

    /// `| --- | --- |`, below a header in Markdown.
    fn is_rule(&self, record: Record<'_>) -> bool {
        self.dialect.quoting == Quoting::Markdown
            && record.texts().all(|it| it.bytes().all(|it| matches!(it, b'-' | b':')))
    }
}

/// Reads Excel's first line `sep=;`, which names the delimiter.
fn skip_named_delimiter(source: &mut Source<'_>) -> Result<Option<u8>, FileError> {
    skip_line_ends(source)?;
    let window = source.window();
    let line = &window[..memchr::memchr2(b'\n', b'\r', window).unwrap_or(window.len())];
    let inner = line.strip_prefix(b"\"").and_then(|it| it.strip_suffix(b"\"")).unwrap_or(line);
    let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] = *inner else { return Ok(None) };
    source.consume(line.len());
    Ok(Some(delimiter))
}

/// Passes over blank lines.
fn skip_line_ends(source: &mut Source<'_>) -> Result<(), FileError> {
    loop {
        let n_ends = source.window().iter().take_while(|it| matches!(it, b'\r' | b'\n')).count();
        let is_all = n_ends == source.window().len();
        source.consume(n_ends);
        if !is_all || source.at_end() {
            return Ok(());
        }
        source.fill()?;
    }
}

fn warn(tables: &mut Tables<'_>, table: TableNo, dialect: &Dialect, n_rows: u64, words: &WordTally) {
    let values = |n: u64| format!("{n} {}", if n == 1 { "value" } else { "values" });
    if !dialect.has_header {
        let message = "no header: the columns were taken in the order of usage_logs";
        tables.warn(table, WarningCode::NoHeader, n_rows, message);
    }
    // In JSON a text has quotes.
    if words.n_nulls > 0 && dialect.quoting != Quoting::Json {
        let word = if let Nulls::Word(word) = dialect.nulls { word } else { "NULL" };
        let message = format!(
            "`{word}` without quotes is this file's NULL and was read so in {}; a text of the same letters may look \
             alike",
            values(words.n_nulls)
        );
        tables.warn(table, WarningCode::NullWord, n_rows, message);
    }
    if words.n_texts > 0 {
        let message = format!(
            "`null` was kept as a text in {}: nothing in the file proves that it is NULL",
            values(words.n_texts)
        );
        tables.warn(table, WarningCode::NullWord, words.n_texts, message);
    }
    if dialect.quoting == Quoting::Json && dialect.nulls == Nulls::Empty && n_rows > 0 {
        let message = "each field is a JSON value, and NULL an empty text, also inside metadata: what was an empty text \
                       cannot be told from it";
        tables.warn(table, WarningCode::LossyFormat, n_rows, message);
    }
    if dialect.quoting == Quoting::Markdown && n_rows > 0 {
        let message = "a Markdown table does not keep blanks at the end of a text";
        tables.warn(table, WarningCode::LossyFormat, n_rows, message);
    }
}

#[cfg(test)]
mod tests;
