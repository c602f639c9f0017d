//! How long it takes to read a dump, from its bytes to rows, without writing them anywhere.
//!
//! `cargo bench --bench parse` writes the rows of a demo in each format and reads every file over and over.
//! `CREDITSCOPE_BENCH_ROWS` says how many rows: 300,000 if it does not. A text behind `--` reads only what
//! has it in its name. What `docs/SPEED.md` says was measured so.
#![expect(clippy::print_stdout, reason = "what was measured is its output")]

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::time::Instant as Clock;

use creditscope::demo::Demo;
use creditscope::import::{self, Options};
use creditscope::model::{
    Cancel, Conflict, Credits, DumpTable, Instant, LogRow, ProfileRow, Reject, RowId, StoredLog, Upsert,
    UserId, WriteError, Writer, Zone,
};

/// Each file is read as often, after it was once to warm up.
const N_RUNS: usize = 7;

const COLUMNS: [&str; 8] =
    ["id", "user_id", "action", "credits_consumed", "metadata", "created_at", "format", "quality"];

fn main() -> Result<(), Box<dyn Error>> {
    let rows = std::env::var("CREDITSCOPE_BENCH_ROWS").ok();
    let n_rows = rows.map_or(Ok(300_000), |it| it.parse())?;
    // `cargo bench` itself adds `--bench`.
    let only = std::env::args().skip(1).find(|it| !it.starts_with('-')).unwrap_or_default();
    println!("{n_rows} rows, {} cores; median of {N_RUNS}", std::thread::available_parallelism()?);
    println!("{:<24}{:>9}{:>9}{:>9}{:>12}", "", "ms", "min", "max", "MB/s");
    for format in Format::ALL.into_iter().filter(|it| it.name().contains(&only)) {
        measure(format, n_rows)?;
    }
    Ok(())
}

fn measure(format: Format, n_rows: u64) -> Result<(), Box<dyn Error>> {
    let mut dump = Dump { format, text: format.head(), n_rows: 0 };
    let mut rows = Logs(|row: &LogRow<'_>| dump.add(row));
    Demo { n_rows, seed: 1 }.write(&mut rows, &mut |_| true).map_err(|err| err.0)?;
    dump.text.push_str(format.foot());
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), &dump.text)?;
    let read = || {
        let (mut n_rows, start) = (0, Clock::now());
        let (options, cancel) = (Options::default(), Cancel::new());
        let mut counter = Logs(|_: &LogRow<'_>| n_rows += 1);
        let report = import::import_file(file.path(), &options, &mut counter, &cancel, &mut |_| ());
        let took = start.elapsed().as_secs_f64() * 1e3;
        let is_whole = report.error.is_none() && n_rows == dump.n_rows;
        is_whole.then_some(took).ok_or_else(|| format!("not read as it was written: {report:?}"))
    };
    read()?;
    let mut times = (0..N_RUNS).map(|_| read()).collect::<Result<Vec<f64>, _>>()?;
    times.sort_by(f64::total_cmp);
    let (median, mb) = (times[N_RUNS / 2], dump.text.len() as f64 / 1e6);
    let (min, max) = (times[0], times[N_RUNS - 1]);
    println!("{:<24}{median:>9.1}{min:>9.1}{max:>9.1}{:>12.0}", format.name(), mb / median * 1e3);
    Ok(())
}

#[derive(Clone, Copy)]
enum Format {
    Csv,
    Copy,
    Insert,
    Ndjson,
    Json,
}

impl Format {
    const ALL: [Self; 5] = [Self::Csv, Self::Copy, Self::Insert, Self::Ndjson, Self::Json];

    fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Copy => "COPY text",
            Self::Insert => "INSERT",
            Self::Ndjson => "NDJSON",
            Self::Json => "a JSON array",
        }
    }

    fn head(self) -> String {
        match self {
            Self::Csv => format!("{}\n", COLUMNS.join(",")),
            Self::Copy => format!("{}\n", COLUMNS.join("\t")),
            Self::Insert => format!("INSERT INTO usage_logs ({}) VALUES\n", COLUMNS.join(", ")),
            Self::Ndjson => String::new(),
            Self::Json => "[".to_owned(),
        }
    }

    fn between(self) -> &'static str {
        match self {
            Self::Csv | Self::Copy | Self::Ndjson => "",
            Self::Insert | Self::Json => ",\n",
        }
    }

    fn foot(self) -> &'static str {
        match self {
            Self::Csv | Self::Ndjson => "",
            Self::Copy => "\\.\n",
            Self::Insert => ";\n",
            Self::Json => "]\n",
        }
    }
}

/// Rows as a file of a format.
struct Dump {
    format: Format,
    text: String,
    n_rows: u64,
}

impl Dump {
    fn add(&mut self, row: &LogRow<'_>) {
        if self.n_rows > 0 {
            self.text.push_str(self.format.between());
        }
        self.n_rows += 1;
        // Writing to a text does not fail.
        self.write(row).ok();
    }

    fn write(&mut self, row: &LogRow<'_>) -> std::fmt::Result {
        let LogRow { id, user_id, action, credits, metadata, created_at, format, quality } = *row;
        let at = Zone::utc().format(created_at);
        let out = &mut self.text;
        match self.format {
            Format::Csv => {
                let metadata =
                    metadata.map_or_else(String::new, |it| format!("\"{}\"", it.replace('"', "\"\"")));
                let (format, quality) = (format.unwrap_or_default(), quality.unwrap_or_default());
                writeln!(out, "{id},{user_id},{action},{credits},{metadata},{at},{format},{quality}")
            }
            Format::Copy => {
                let text =
                    |it: Option<&str>| it.map_or_else(|| "\\N".to_owned(), |it| it.replace('\\', "\\\\"));
                let [metadata, format, quality] = [metadata, format, quality].map(text);
                writeln!(out, "{id}\t{user_id}\t{action}\t{credits}\t{metadata}\t{at}\t{format}\t{quality}")
            }
            Format::Insert => {
                let text = |it: Option<&str>| {
                    it.map_or_else(|| "NULL".to_owned(), |it| format!("'{}'", it.replace('\'', "''")))
                };
                let [metadata, format, quality] = [metadata, format, quality].map(text);
                write!(
                    out,
                    "('{id}', '{user_id}', '{action}', {credits}, {metadata}, '{at}', {format}, {quality})"
                )
            }
            Format::Ndjson | Format::Json => {
                let text = |it: Option<&str>| it.map_or_else(|| "null".to_owned(), |it| format!("\"{it}\""));
                let [format, quality] = [format, quality].map(text);
                let metadata = metadata.unwrap_or("null");
                write!(
                    out,
                    "{{\"id\":\"{id}\",\"user_id\":\"{user_id}\",\"action\":\"{action}\",\
                     \"credits_consumed\":{credits},\"metadata\":{metadata},\"created_at\":\"{at}\",\
                     \"format\":{format},\"quality\":{quality}}}"
                )?;
                if matches!(self.format, Format::Ndjson) { writeln!(out) } else { Ok(()) }
            }
        }
    }
}

/// Tells of each row, and has no other.
struct Logs<F>(F);

impl<F: FnMut(&LogRow<'_>)> Writer for Logs<F> {
    fn add_log(&mut self, row: &LogRow<'_>) -> Result<Option<StoredLog>, WriteError> {
        (self.0)(row);
        Ok(None)
    }

    fn refine_log(&mut self, _: RowId, _: Credits, _: Instant) -> Result<(), WriteError> {
        Ok(())
    }

    fn put_profile(&mut self, _: &ProfileRow<'_>) -> Result<Upsert, WriteError> {
        Ok(Upsert::New)
    }

    fn put_roles(&mut self, _: UserId, _: &BTreeSet<String>) -> Result<BTreeSet<String>, WriteError> {
        Ok(BTreeSet::new())
    }

    fn keep_reject(&mut self, _: DumpTable, reject: &Reject) -> Result<(), WriteError> {
        Err(WriteError(reject.reason.clone()))
    }

    fn keep_conflict(&mut self, _: DumpTable, conflict: &Conflict) -> Result<(), WriteError> {
        Err(WriteError(conflict.reason.clone()))
    }
}
