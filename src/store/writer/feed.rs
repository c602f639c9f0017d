use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread;

use super::ImportBatch;
use super::ids::{Ids, Seen};
use crate::model::{
    Cancel, Conflict, Credits, DumpTable, Instant, LogRow, Nameless, ProfileRow, Record, Reject, RowId,
    StoredLog, Upsert, UserId, WriteError, Writer,
};
use crate::store::open;
use crate::store::values::count;

/// Rows that are handed over at once: so many that nobody waits for a single one, and few enough to stay in
/// a processor's cache.
const ROWS: usize = 2_048;
/// Bytes of their texts beyond which they go with fewer rows.
const TEXT_BYTES: usize = 1024 * 1024;
/// Words on their way. With a quarter of them, and half as many blocks and pieces of the dump before them, an
/// import took 5 % longer: whoever waits for the disk has the others wait.
const WORDS: usize = 32;
/// Rows whose texts are longer go alone, and the room that they took is given back.
const LARGE_BYTES: usize = 2 * TEXT_BYTES;
/// So many words are some five megabytes of rows: what the commit has to wait for.
const WORDS_BETWEEN_SYNCS: usize = 8;
/// A dump of a smaller part of the file's bytes asks the file for each id; one as large is quicker with
/// all ids in memory. A million repeats took 8.7 s when the file was asked for each, and 3.9 s with all of
/// its rows read once.
const LARGE_PART: u64 = 8;

/// What the parser's thread says.
enum Word<P> {
    Rows(Box<Rows>),
    Call(Call),
    Progress(P),
}

type Call = Box<dyn FnOnce(&mut ImportBatch) -> Result<(), WriteError> + Send>;

impl ImportBatch {
    /// Runs `parse` on a thread of its own and writes here what it hands over, so that rows are parsed while
    /// those before are written. `on_progress` is called here with what `parse` says of its progress.
    ///
    /// To write a row takes 0.4 µs, to parse it half as long again. Whether a row is new must then be known
    /// without asking the file, by its id and a fingerprint; a small dump parses and writes in turn.
    pub fn feed<T: Send, P: Send>(
        &mut self,
        cancel: &Cancel,
        on_progress: &mut dyn FnMut(P),
        parse: impl FnOnce(&mut dyn Writer, &mut dyn FnMut(P)) -> T + Send,
    ) -> Result<T, WriteError> {
        let Some(ids) = self.ids(cancel).map_err(|err| self.failed(err))? else {
            return Ok(parse(self, on_progress));
        };
        let (words, hear) = sync_channel(WORDS);
        let failure = Arc::default();
        // All that come back are counted, so there is room for more than there ever are.
        let (emptied, written) = sync_channel(2 * WORDS);
        let rows = Box::default();
        let mut feed =
            Feed { words: words.clone(), written, n_away: 0, ids, rows, failure: Arc::clone(&failure) };
        let parsed = thread::scope(|scope| {
            let parser = scope.spawn(move || {
                // Who hears it is gone only after a panic, which is then passed on.
                let parsed = parse(&mut feed, &mut |progress| drop(words.send(Word::Progress(progress))));
                feed.hand_over();
                parsed
            });
            // The commit waits until all is on the disk. Most of it goes there while rows are written.
            let (syncs, wanted) = sync_channel(1);
            let path = self.change.path.clone();
            scope.spawn(move || wanted.iter().for_each(|()| open::sync_log(&path)));
            self.write((hear, emptied), on_progress, &failure, &syncs);
            parser.join().unwrap_or_else(|panic| resume_unwind(panic))
        });
        match failure.get() {
            Some(failure) => Err(WriteError(failure.clone())),
            None => self.finish_rows().map(|()| parsed).map_err(|err| self.failed(err)),
        }
    }

    /// Behind the last row. The columns are sorted meanwhile, as the commit would do.
    fn finish_rows(&mut self) -> rusqlite::Result<()> {
        let mut change = std::mem::take(&mut self.change.rows);
        let finished = thread::scope(|scope| {
            scope.spawn(|| change.sort());
            self.finish_table()
        });
        self.change.rows = change;
        finished
    }

    /// What there is, where it is worth while to know it.
    fn ids(&mut self, cancel: &Cancel) -> rusqlite::Result<Option<Ids>> {
        if self.is_first {
            self.begin_table()?;
            return Ok(Some(Ids::default()));
        }
        let conn = &self.change.conn;
        let n_pages: u64 = conn.pragma_query_value(None, "page_count", |row| count(row, "page_count"))?;
        let page_size: u64 = conn.pragma_query_value(None, "page_size", |row| count(row, "page_size"))?;
        let is_large = self.file.size.saturating_mul(LARGE_PART) >= n_pages.saturating_mul(page_size);
        if is_large { Ids::load(conn, cancel) } else { Ok(None) }
    }

    /// Until the parser has ended. After a failure nothing more is written; the parser hears of it soon.
    fn write<P>(
        &mut self,
        (hear, emptied): (Receiver<Word<P>>, SyncSender<Box<Rows>>),
        on_progress: &mut dyn FnMut(P),
        failure: &OnceLock<String>,
        syncs: &SyncSender<()>,
    ) {
        for (nth, word) in hear.into_iter().enumerate() {
            if nth % WORDS_BETWEEN_SYNCS == 0 {
                // One that is under way is enough.
                syncs.try_send(()).ok();
            }
            let written = match word {
                Word::Progress(progress) => {
                    on_progress(progress);
                    Ok(())
                }
                Word::Call(_) if failure.get().is_some() => Ok(()),
                Word::Rows(mut rows) => {
                    let written = match failure.get() {
                        Some(_) => Ok(()),
                        None => self.write_rows(&rows).map_err(|err| self.failed(err)),
                    };
                    rows.clear();
                    // The parser may have ended.
                    emptied.send(rows).ok();
                    written
                }
                Word::Call(call) => call(self),
            };
            if let Err(WriteError(err)) = written {
                failure.set(err).ok();
            }
        }
    }

    fn write_rows(&mut self, rows: &Rows) -> rusqlite::Result<()> {
        for (number, batch) in &rows.repeats {
            self.repeats.add(*number, *batch);
        }
        if let Some(mut table) = self.table.take() {
            let written = rows.new_rows().try_for_each(|row| {
                let codes = self.codes.add_to_table(&self.change.conn, &mut table, &row, self.number)?;
                self.count_added(&row, codes)
            });
            self.table = Some(table);
            return written;
        }
        let codes = self.codes.add_new_logs(&self.change.conn, rows.new_rows(), self.number)?;
        rows.new_rows().zip(codes).try_for_each(|(row, codes)| self.count_added(&row, codes))?;
        self.leave_indexes()
    }
}

/// The parser's end.
struct Feed<P> {
    words: SyncSender<Word<P>>,
    /// Rows that have been written, for others: memory that is new takes longer to fill.
    written: Receiver<Box<Rows>>,
    /// How many have not come back.
    n_away: usize,
    ids: Ids,
    rows: Box<Rows>,
    /// Why rows could not be written.
    failure: Arc<OnceLock<String>>,
}

/// Rows that are known to be new, with their texts in one piece, and such that repeat what was there.
#[derive(Default)]
struct Rows {
    new: Vec<NewRow>,
    /// Action, metadata, format and quality of one row after the other.
    texts: String,
    /// The rowid and the batch of what was there.
    repeats: Vec<(i64, i64)>,
}

struct NewRow {
    id: RowId,
    user_id: UserId,
    credits: Credits,
    created_at: Instant,
    /// How long its texts are. `None` where there is none.
    action: u32,
    metadata: Option<u32>,
    format: Option<u32>,
    quality: Option<u32>,
}

impl Rows {
    fn push(&mut self, row: &LogRow<'_>) {
        let mut add = |text: &str| {
            self.texts.push_str(text);
            // No text is longer than the longest record.
            text.len() as u32
        };
        let &LogRow { id, user_id, action, credits, metadata, created_at, format, quality } = row;
        let action = add(action);
        let metadata = metadata.map(&mut add);
        let format = format.map(&mut add);
        let quality = quality.map(&mut add);
        self.new.push(NewRow { id, user_id, credits, created_at, action, metadata, format, quality });
    }

    fn clear(&mut self) {
        let Self { new, texts, repeats } = self;
        new.clear();
        texts.clear();
        texts.shrink_to(LARGE_BYTES);
        repeats.clear();
    }

    fn is_full(&self) -> bool {
        self.new.len() + self.repeats.len() >= ROWS || self.texts.len() >= TEXT_BYTES
    }

    fn new_rows(&self) -> impl Iterator<Item = LogRow<'_>> {
        let mut rest = self.texts.as_str();
        let mut take = move |len: u32| {
            let (text, others) = rest.split_at(len as usize);
            rest = others;
            text
        };
        self.new.iter().map(move |it| LogRow {
            id: it.id,
            user_id: it.user_id,
            action: take(it.action),
            credits: it.credits,
            metadata: it.metadata.map(&mut take),
            created_at: it.created_at,
            format: it.format.map(&mut take),
            quality: it.quality.map(&mut take),
        })
    }
}

impl<P: Send> Feed<P> {
    /// Sends the rows that are collected. A failure to write them is heard with the next word.
    fn hand_over(&mut self) {
        if !self.rows.new.is_empty() || !self.rows.repeats.is_empty() {
            let mut next = self.written.try_recv().ok();
            self.n_away -= usize::from(next.is_some());
            // So that there are never more than two that are large.
            while self.rows.texts.len() > LARGE_BYTES && self.n_away > 0 {
                let Ok(rows) = self.written.recv() else { break };
                self.n_away -= 1;
                next = Some(rows);
            }
            let rows = std::mem::replace(&mut self.rows, next.unwrap_or_default());
            self.words.send(Word::Rows(rows)).ok();
            self.n_away += 1;
        }
    }

    fn hear_failure(&self) -> Result<(), WriteError> {
        self.failure.get().map_or(Ok(()), |it| Err(WriteError(it.clone())))
    }

    /// Has something done behind all rows so far.
    fn tell(
        &mut self,
        call: impl FnOnce(&mut ImportBatch) -> Result<(), WriteError> + Send + 'static,
    ) -> Result<(), WriteError> {
        self.hand_over();
        self.words.send(Word::Call(Box::new(call))).ok();
        self.hear_failure()
    }

    /// The same, and waits for the answer.
    fn ask<T: Send + 'static>(
        &mut self,
        call: impl FnOnce(&mut ImportBatch) -> Result<T, WriteError> + Send + 'static,
    ) -> Result<T, WriteError> {
        let (answer, hear) = sync_channel(1);
        self.tell(move |batch| call(batch).map(|it| drop(answer.send(it))))?;
        hear.recv().map_err(|_gone| {
            let failure = self.failure.get().map_or("the store takes no more rows", String::as_str);
            WriteError(failure.to_owned())
        })
    }
}

impl<P: Send> Writer for Feed<P> {
    fn add_log(&mut self, row: &LogRow<'_>) -> Result<Option<StoredLog>, WriteError> {
        let stored = match self.ids.see(row) {
            Seen::New => {
                self.rows.push(row);
                None
            }
            Seen::Repeat { number, batch, has_come } => {
                self.rows.repeats.push((number, batch));
                Some(StoredLog { record: (*row).into(), is_of_this_dump: has_come })
            }
            Seen::Known => {
                let row = Record::from(*row);
                return self.ask(move |batch| batch.add_log(&LogRow::from(&row)));
            }
        };
        if self.rows.is_full() {
            self.hand_over();
            self.hear_failure()?;
        }
        Ok(stored)
    }

    fn refine_log(&mut self, id: RowId, credits: Credits, created_at: Instant) -> Result<(), WriteError> {
        self.ids.change(id);
        self.tell(move |batch| batch.refine_log(id, credits, created_at))
    }

    fn put_profile(&mut self, row: &ProfileRow<'_>) -> Result<Upsert, WriteError> {
        let (user_id, username) = (row.user_id, row.username.map(str::to_owned));
        self.ask(move |batch| batch.put_profile(&ProfileRow { user_id, username: username.as_deref() }))
    }

    fn put_roles(&mut self, user: UserId, roles: &BTreeSet<String>) -> Result<BTreeSet<String>, WriteError> {
        let roles = roles.clone();
        self.ask(move |batch| batch.put_roles(user, &roles))
    }

    fn nameless(&mut self) -> Result<Nameless, WriteError> {
        self.ask(Writer::nameless)
    }

    fn keep_reject(&mut self, table: DumpTable, reject: &Reject) -> Result<(), WriteError> {
        let reject = reject.clone();
        self.tell(move |batch| batch.keep_reject(table, &reject))
    }

    fn keep_conflict(&mut self, table: DumpTable, conflict: &Conflict) -> Result<(), WriteError> {
        if table == DumpTable::UsageLogs {
            self.ids.take_back(RowId(conflict.id));
        }
        let conflict = conflict.clone();
        self.tell(move |batch| batch.keep_conflict(table, &conflict))
    }
}
