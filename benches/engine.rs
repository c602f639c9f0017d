//! How long the engine takes to answer, without a file and without a window; and with a file, how long it
//! takes to make the column of a metadata key.
//!
//! `cargo bench --bench engine` makes the rows of a demo in memory, a tenth of them one user's, and asks
//! over and over. `CREDITSCOPE_BENCH_ROWS` says how many rows: 1,000,000 if it does not. A text behind
//! `--` asks only what has it in its name. What `docs/SPEED.md` says was measured so.
#![expect(clippy::print_stdout, reason = "what was measured is its output")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant as Clock;

use creditscope::access::Viewer;
use creditscope::demo::Demo;
use creditscope::engine;
use creditscope::model::{
    Answer, Ask, Calendar, Cancel, Choice, Columns, ColumnsBuilder, Conflict, Credits, Dim, DumpTable,
    Filter, Grain, Instant, LogRow, Measure, MetadataKey, Order, ProfileRow, Query, Reject, RowId, StoredLog,
    Table, Text, Upsert, UserId, WriteError, Writer, Zone,
};
use creditscope::report::chart::{Extent, Overview, OverviewAsk, Period, Range, Subject};
use creditscope::report::ranking::{Ranking, RankingAsk};
use creditscope::report::{Of, Report, ReportName};
use creditscope::service::{self, Answers};
use creditscope::store::Store;
use creditscope::view;

/// Each question is asked as often, after it was once to warm up.
const N_RUNS: usize = 21;

fn main() -> Result<(), Box<dyn Error>> {
    let rows = std::env::var("CREDITSCOPE_BENCH_ROWS").ok();
    let n_rows = rows.map_or(Ok(1_000_000), |it| it.parse())?;
    let mut rows = Rows::default();
    Demo { n_rows, seed: 1 }.write(&mut rows, &mut |_| true).map_err(|err| err.0)?;
    let largest = rows.largest.ok_or("no rows")?;
    let columns = Arc::new(rows.columns.finish());
    // `cargo bench` itself adds `--bench`.
    let only = std::env::args().skip(1).find(|it| !it.starts_with('-')).unwrap_or_default();
    let n_cores = std::thread::available_parallelism()?;
    println!("{n_rows} rows of {} users, {n_cores} cores; ms", columns.user_ids().len());
    println!("{:<40}{:>9}{:>9}{:>9}{:>9}", "", "median", "min", "max", "cpu");
    let bench = Bench { columns: &columns, largest, only };
    bench.questions()?;
    bench.reports(Of::All);
    bench.reports(Of::User(largest));
    bench.overviews();
    bench.rankings("");
    let columns = Arc::new(of_many_users(&columns));
    println!("the same rows of {} users", columns.user_ids().len());
    let bench = Bench { columns: &columns, ..bench };
    bench.of_many_users()?;
    bench.rankings(", many users");
    if "metadata".contains(&bench.only) || bench.only.contains("metadata") {
        metadata(n_rows)?;
    }
    Ok(())
}

/// A key of few values, one of a value a row, nearly, and one that no row has: each column is made once, and
/// read from the file by another store; then figures are asked for.
fn metadata(n_rows: u64) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("demo.creditscope");
    let store = service::open_demo(&path, Demo { n_rows, seed: 1 }, &mut |_| true)?;
    let all = store.columns(Viewer::Admin(None))?;
    let since = |start: Clock| start.elapsed().as_secs_f64() * 1e3;
    for name in ["model_used", "generation_time_ms", "no row's"] {
        let (key, cancel, viewer) = (MetadataKey::new(name), Cancel::new(), Viewer::Admin(None));
        let (cpu_before, start) = (cpu_ms(), Clock::now());
        store.make_metadata_column(key, &cancel, &mut |_| ())?;
        println!("metadata: make `{name}`: {:.0}, cpu {:.0}", since(start), cpu_ms() - cpu_before);
        let other = Store::open(&path)?;
        other.columns(viewer)?;
        let start = Clock::now();
        let columns = other.columns_with(viewer, None, &[key].into(), &cancel)?;
        println!("metadata: read `{name}` from the file: {:.1}", since(start));
        let largest = all.user_ids().first().copied().unwrap_or(UserId(uuid::Uuid::nil()));
        let bench = Bench { columns: &columns, largest, only: String::new() };
        let by_value = query(None, &[Dim::Metadata(key)], &BOTH);
        let by_day = query(Some(Grain::Day), &[Dim::Metadata(key)], &BOTH);
        let metadata = [(key, Choice::not(None))].into();
        let filtered = Query {
            filter: Filter { metadata, ..Filter::default() },
            ..query(Some(Grain::Day), &[Dim::Format], &BOTH)
        };
        for (question, query) in
            [("by it", by_value), ("by it and day", by_day), ("by day and format, where it is", filtered)]
        {
            bench.measure(&format!("{name}: {question}"), || bench.table(&query, &Calendar::utc()));
        }
    }
    Ok(())
}

struct Bench<'a> {
    columns: &'a Arc<Columns>,
    largest: UserId,
    /// What is asked has this in its name.
    only: String,
}

impl Bench<'_> {
    fn measure<T>(&self, name: &str, mut work: impl FnMut() -> T) {
        if !name.contains(&self.only) {
            return;
        }
        black_box(work());
        let cpu_before = cpu_ms();
        let mut times: Vec<f64> = (0..N_RUNS)
            .map(|_| {
                let start = Clock::now();
                black_box(work());
                start.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        let cpu = (cpu_ms() - cpu_before) / N_RUNS as f64;
        times.sort_by(f64::total_cmp);
        let [median, min, max] = [N_RUNS / 2, 0, N_RUNS - 1].map(|it| times[it]);
        println!("{name:<40}{median:>9.2}{min:>9.2}{max:>9.2}{cpu:>9.1}");
    }

    fn table(&self, query: &Query, calendar: &Calendar) -> Table {
        engine::answer(self.columns, query, calendar, &Cancel::new()).unwrap_or_default()
    }

    fn questions(&self) -> Result<(), Box<dyn Error>> {
        let kathmandu = Calendar::new(Zone::named("Asia/Kathmandu")?);
        let ask = |name: &str, query: Query| {
            self.measure(name, || self.table(&query, &kathmandu));
        };
        self.measure("floor: the sum of one column", || {
            self.columns.credits().iter().fold(0_i64, |sum, it| sum.wrapping_add(*it))
        });
        ask("scan: total", query(None, &[], &[Measure::Credits]));
        ask("by day", query(Some(Grain::Day), &[], &BOTH));
        ask("by week", query(Some(Grain::Week), &[], &BOTH));
        ask("by hour", query(Some(Grain::Hour), &[], &BOTH));
        ask("by day and format", query(Some(Grain::Day), &[Dim::Format], &BOTH));
        ask("by week and action", query(Some(Grain::Week), &[Dim::Action], &BOTH));
        ask("by format and quality", query(None, &[Dim::Format, Dim::Quality], &BOTH));
        ask("by user", query(None, &[Dim::User], &BOTH));
        let ranking = Order { newest_first: false, largest_first: Some(Measure::Credits) };
        ask(
            "the 100 largest users",
            Query { limit: Some(100), order: ranking, ..query(None, &[Dim::User], &BOTH) },
        );
        ask("users by action", query(None, &[Dim::Action], &[Measure::UniqueUsers]));
        ask("users by day", query(Some(Grain::Day), &[], &[Measure::UniqueUsers]));
        ask("filtered by day", Query { filter: some(), ..query(Some(Grain::Day), &[], &BOTH) });
        ask(
            "filtered by format and quality",
            Query { filter: some(), ..query(None, &[Dim::Format, Dim::Quality], &BOTH) },
        );
        ask(
            "one user by day",
            Query { filter: Filter::of_user(self.largest), ..query(Some(Grain::Day), &[], &BOTH) },
        );
        ask("by user and action", query(None, &[Dim::User, Dim::Action], &BOTH));
        ask("by user and day", query(Some(Grain::Day), &[Dim::User], &BOTH));
        ask("by all there is", query(None, &ALL_DIMS, &BOTH));
        Ok(())
    }

    /// As many groups as there are rows, nearly.
    fn of_many_users(&self) -> Result<(), Box<dyn Error>> {
        let kathmandu = Calendar::new(Zone::named("Asia/Kathmandu")?);
        let ask = |name: &str, query: Query| {
            self.measure(name, || self.table(&query, &kathmandu));
        };
        ask("by user, many users", query(None, &[Dim::User], &BOTH));
        ask("by user and action, many users", query(None, &[Dim::User, Dim::Action], &BOTH));
        ask("by user and day, many users", query(Some(Grain::Day), &[Dim::User], &BOTH));
        ask("by user and week, many users", query(Some(Grain::Week), &[Dim::User], &BOTH));
        ask("by all there is, many users", query(None, &ALL_DIMS, &BOTH));
        ask("users by action, many users", query(None, &[Dim::Action], &[Measure::UniqueUsers]));
        ask("users by day, many users", query(Some(Grain::Day), &[], &[Measure::UniqueUsers]));
        Ok(())
    }

    /// The page, as if nothing of it were known, and the list that is drawn.
    fn rankings(&self, of: &str) {
        for (name, range) in [("last 30 days", Range::LastDays(30)), ("all time", Range::All)] {
            self.measure(&format!("Ranking: {name}{of}"), || {
                let calendar = &Calendar::utc();
                let extent = Extent { first: self.columns.first()?, as_of: self.columns.last()? };
                let period = Period { range, ..Period::default() };
                let filter = &Filter::default();
                let (known, cancel) = (Answers::default(), Cancel::new());
                let ask =
                    RankingAsk { calendar, period, extent, filter, rows: self.columns, cancel: &cancel };
                let mut answer = |query: &Query| {
                    known.ask(self.viewer(self.columns), self.columns, query, calendar, &cancel)
                };
                let ranking = Ranking::ask(&ask, &mut answer).ok()?;
                Some(view::Ranking::build(ranking, Arc::default(), calendar))
            });
        }
    }

    /// The seven that the engine answers; `history` is rows from the file.
    fn reports(&self, of: Of) {
        let now = self.columns.last().unwrap_or(Instant::MAX);
        let own = Arc::new(self.columns.only(self.largest));
        // As a session does, which picks the rows of one user once.
        let (whose, columns) = if of == Of::All { ("all", self.columns) } else { ("own", &own) };
        for name in ReportName::ALL.into_iter().filter(|it| *it != ReportName::History) {
            let report = Report { name, of, now, zone: Zone::utc() };
            let calendar = report.calendar();
            let answer = |ask: &Ask| match ask {
                Ask::Table(query) => {
                    engine::answer(columns, query, &calendar, &Cancel::new()).map(Answer::Table)
                }
                Ask::Rows(_) => Ok(Answer::Rows(Vec::new())),
            };
            self.measure(&format!("report {} of {whose}", name.name()), || {
                report.run(answer, || Ok(BTreeMap::new()))
            });
        }
    }

    /// All panels of the page, each time with another filter, and as somebody who has not looked yet.
    fn overviews(&self) {
        let own = Arc::new(self.columns.only(self.largest));
        for (name, range) in [("last 30 days", Range::LastDays(30)), ("all time", Range::All)] {
            self.overview(&format!("Overview: {name}, of all"), range, self.columns, Subject::Everyone);
            self.overview(&format!("Overview: {name}, of one"), range, &own, Subject::OneUser);
        }
        self.measure("viewer change: the rows", || self.columns.only(self.largest));
        self.measure("viewer change: and the Overview", || {
            let own = Arc::new(self.columns.only(self.largest));
            self.page(Range::LastDays(30), &own, &Filter::default(), Subject::OneUser, &Answers::default())
        });
    }

    fn overview(&self, name: &str, range: Range, columns: &Arc<Columns>, subject: Subject) {
        let actions = columns.action_names();
        let qualities: BTreeSet<_> = columns.kind_names().iter().map(|it| it.1.clone()).collect();
        let filters: Vec<_> =
            qualities.iter().flat_map(|it| actions.iter().map(move |action| (action, it))).collect();
        let known = Answers::default();
        let mut n_asked = 0;
        self.measure(name, || {
            let (action, quality) = filters[n_asked % filters.len()];
            let filter = Filter {
                actions: Choice::not(Text::clone(action)),
                qualities: Choice::not(quality.clone()),
                ..Filter::default()
            };
            n_asked += 1;
            self.page(range, columns, &filter, subject, &known)
        });
    }

    fn page(
        &self,
        range: Range,
        columns: &Arc<Columns>,
        filter: &Filter,
        subject: Subject,
        known: &Answers,
    ) -> Option<Overview> {
        let calendar = &Calendar::utc();
        let extent = Extent { first: columns.first()?, as_of: columns.last()? };
        let period = Period { range, ..Period::default() };
        let ask = OverviewAsk { calendar, period, extent, filter, subject };
        let cancel = Cancel::new();
        Overview::ask(&ask, &mut |query| known.ask(self.viewer(columns), columns, query, calendar, &cancel))
            .ok()
    }

    fn viewer(&self, columns: &Arc<Columns>) -> Viewer {
        if Arc::ptr_eq(columns, self.columns) { Viewer::Admin(None) } else { Viewer::Owner(self.largest) }
    }
}

/// What all threads have run so far, in ms: on a machine that others use, it says more than the clock. Only
/// Linux tells it, in hundredths of a second.
fn cpu_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // User and system, the 14th and 15th; the name, the second, may have blanks.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    fields.filter_map(|it| it.parse::<f64>().ok()).sum::<f64>() * 10.0
}

const ALL_DIMS: [Dim; 4] = [Dim::User, Dim::Action, Dim::Format, Dim::Quality];
const BOTH: [Measure; 2] = [Measure::Credits, Measure::Events];

fn query(grain: Option<Grain>, group_by: &[Dim], measures: &[Measure]) -> Query {
    Query { group_by: group_by.to_vec(), grain, measures: measures.to_vec(), ..Query::default() }
}

/// About half of all rows, told by three columns.
fn some() -> Filter {
    Filter {
        actions: Choice::not("chat_completion".into()),
        formats: Choice { include: vec![Some("image".into()), Some("audio".into())], exclude: Vec::new() },
        qualities: Choice::not(Some("low".into())),
        ..Filter::default()
    }
}

/// The same rows, but of 100,000 users, of whom the first tenth has a fifth.
fn of_many_users(columns: &Columns) -> Columns {
    const N_USERS: f64 = 100_000.0;
    let mut dice = fastrand::Rng::with_seed(1);
    let mut rows = ColumnsBuilder::default();
    for row in 0..columns.len() {
        let at = Instant::from_micros(columns.times()[row]);
        let number = (N_USERS * dice.f64() * dice.f64().sqrt()) as u128;
        // Ids are in no order that rows come in.
        let id =
            UserId(uuid::Uuid::from_u128(number.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)));
        let action = &columns.action_names()[columns.actions().at(row) as usize];
        let kind = columns.kind_names()[columns.kinds().at(row) as usize].clone();
        let Some(credits) = Credits::from_nano(columns.credits()[row]) else { continue };
        rows.push(at, id, action, kind, credits);
    }
    rows.finish()
}

/// What a demo writes, kept as columns.
#[derive(Default)]
struct Rows {
    columns: ColumnsBuilder,
    n_added: u64,
    /// Of whom each tenth row is.
    largest: Option<UserId>,
}

impl Writer for Rows {
    fn add_log(&mut self, row: &LogRow<'_>) -> Result<Option<StoredLog>, WriteError> {
        let largest = *self.largest.get_or_insert(row.user_id);
        let user = if self.n_added.is_multiple_of(10) { largest } else { row.user_id };
        let kind = (row.format.map(Text::from), row.quality.map(Text::from));
        self.columns.push(row.created_at, user, &row.action.into(), kind, row.credits);
        self.n_added += 1;
        Ok(None)
    }

    fn put_profile(&mut self, _: &ProfileRow<'_>) -> Result<Upsert, WriteError> {
        Ok(Upsert::New)
    }

    fn put_roles(&mut self, _: UserId, _: &BTreeSet<String>) -> Result<BTreeSet<String>, WriteError> {
        Ok(BTreeSet::new())
    }

    // A demo has none of these.
    fn refine_log(&mut self, _: RowId, _: Credits, _: Instant) -> Result<(), WriteError> {
        Ok(())
    }

    fn keep_reject(&mut self, _: DumpTable, _: &Reject) -> Result<(), WriteError> {
        Ok(())
    }

    fn keep_conflict(&mut self, _: DumpTable, _: &Conflict) -> Result<(), WriteError> {
        Ok(())
    }
}
