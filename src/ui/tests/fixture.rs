use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use crate::access::{Role, Viewer};
use crate::app::State;
use crate::app::state::{
    Check, CheckedDump, File, ImportJob, Notice, NoticeKind, Page, Slot, Viewing, Visible, Work,
};
use crate::model::{
    ColumnsBuilder, Conflict, CreditSum, Credits, DumpTable, Filter, Instant, Place, Query, Record, Reject,
    RowId, Text, UserId,
};
use crate::report;
use crate::report::chart::{Extent, Period, Subject, fixture};
use crate::report::ranking::RankingAsk;
use crate::view::{
    Cell, CheckQuestion, Choice, ColumnCount, Ends, Figures, Form, History, ImportError, ImportProgress,
    ImportReport, ImportedFile, ImportedTable, Imports, Overview, Parts, People, Person, Proof, ProofValues,
    Ranking, RememberedBatch, RememberedConflict, RememberedRows, RowValues, Side, UnderstoodRow,
};

/// 2026-11-24 14:05 UTC.
const NEWEST: Instant = Instant::from_micros(1_795_529_100_000_000);
/// Of every file.
pub(super) const SHA256: &str = "9f2c07be55aa41ab9f2c07be55aa41ab9f2c07be55aa41ab9f2c07be55aa41ab";
const DAY: i64 = 86_400_000_000;

pub(super) const NAMES: [&str; 6] =
    ["Ada Lindqvist", "Bruno Keller", "Farah Haddad", "Keiko Tanaka", "Jonas Weber", "Hanna Nowak"];

pub(super) fn user(n: usize) -> UserId {
    UserId(Uuid::from_u128((0x7f3a_b210 + n as u128 * 0x1357_9bdf) << 96 | n as u128))
}

pub(super) fn ada() -> Viewer {
    Viewer::Owner(user(0))
}

/// A file looked at by its admin.
pub(super) fn state(page: Page) -> State {
    State {
        file: Some(File { path: "/home/ada/logs/platform-2026.creditscope".into(), n_rows: 81_307 }),
        viewing: Viewing { visible: Some(visible(81_307, 0)), ..Viewing::default() },
        page,
        as_of: Some(NEWEST),
        overview: slot(overview(Period::default(), Subject::Everyone)),
        history: slot(history()),
        ranking: slot(ranking()),
        imports: slot(imports()),
        people: slot(people(NAMES.len())),
        ..State::default()
    }
}

/// The Overview of a period.
pub(super) fn state_in(period: Period) -> State {
    State { period, overview: slot(overview(period, Subject::Everyone)), ..state(Page::Overview) }
}

/// The same with the eyes of Ada, who owns some of the rows.
pub(super) fn state_as_ada(page: Page) -> State {
    let viewing = Viewing {
        viewer: ada(),
        name: NAMES[0].to_owned(),
        visible: Some(visible(3_044, 3_044)),
        only_mine: false,
    };
    State { viewing, overview: slot(overview(Period::default(), Subject::OneUser)), ..state(page) }
}

pub(super) fn visible(n_rows: u64, n_own: u64) -> Visible {
    let first = Instant::from_micros(NEWEST.micros() - 327 * DAY);
    Visible { n_rows, n_own, first: Some(first), last: Some(NEWEST) }
}

pub(super) fn slot<T>(value: T) -> Slot<T> {
    Slot { value: Some(Arc::new(value)), pending: false, error: None }
}

pub(super) fn notice(id: u64, kind: NoticeKind, text: &str) -> Notice {
    Notice { id, text: text.to_owned(), kind, action: None }
}

fn overview(period: Period, subject: Subject) -> Overview {
    let calendar = crate::model::Calendar::utc();
    let values = fixture::overview(&fixture::platform(), &calendar, period, subject);
    Overview::build(&values, &usernames(), &calendar)
}

/// People with a name, and one without a profile.
pub(super) fn people(n_named: usize) -> People {
    let person = |n: usize| Person {
        user_id: user(n),
        username: (n < n_named)
            .then(|| NAMES.get(n).map_or_else(|| format!("User {n}"), |it| (*it).to_owned())),
        has_profile: n < n_named,
        roles: if n == 1 { vec![Role::Admin] } else { vec![Role::User] },
        n_rows: 3_044 / (n as u64 + 1),
        credits: CreditSum::from_nano(1_221_400_000_000 / (n as i128 + 1)),
    };
    let people: Vec<_> = (0..=n_named).map(person).collect();
    People::build(&people, (81_307, CreditSum::from_nano(19_704_050_000_000)))
}

fn usernames() -> BTreeMap<UserId, String> {
    NAMES.iter().enumerate().map(|(n, name)| (user(n), (*name).to_owned())).collect()
}

/// What Ada sees.
pub(super) fn proof() -> Proof {
    let first = |n_days| Some(Instant::from_micros(NEWEST.micros() - n_days * DAY));
    let credits = CreditSum::from_nano;
    let side = |sum: i128, n_events, n_users, n_days| Side {
        credits: credits(sum),
        n_events,
        per_event: credits(sum).average(n_events),
        n_users,
        first: first(n_days),
    };
    let values = ProofValues {
        viewer: ada(),
        username: Some(NAMES[0].to_owned()),
        roles: vec![],
        in_file: (81_307, credits(162_081_000_000_000)),
        parts: Parts {
            n_admitted: 3_044,
            n_hidden: 78_263,
            hidden_credits: credits(156_000_500_000_000),
            n_visible: 3_044,
            visible_credits: credits(6_080_500_000_000),
            n_strangers: 0,
            ends_are_admitted: true,
        },
        period: "last 30 days".to_owned(),
        admin: side(19_704_050_000_000, 9_898, 101, 327),
        own: side(1_221_400_000_000, 652, 1, 318),
    };
    Proof::build(&values, &crate::model::Calendar::utc())
}

/// The rows of the history, the newest first.
fn record(n: usize) -> Record {
    let metadata = [
        Some(
            r#"{"model_used":"sdxl","prompt_length":150,"generation_time_ms":45000,"file_size_bytes":2048576,"tags":["a","b"]}"#,
        ),
        None,
        Some("[object Object]"),
        Some(""),
    ];
    let formats = [Some("image"), Some("video"), None, Some("")];
    let place = i64::try_from(n).unwrap();
    Record {
        id: RowId(Uuid::from_u128(n as u128 + 1)),
        user_id: user(n % 7),
        action: ["image_generation", "video_generation", "text_to_speech\n"][n % 3].to_owned(),
        credits: Credits::from_nano(2_500_000_000 - place * 375_000_000).unwrap(),
        metadata: metadata[n % 4].map(str::to_owned),
        created_at: Instant::from_micros(NEWEST.micros() - place * 61_203_000),
        format: formats[n % 4].map(str::to_owned),
        quality: ["high", "standard"].get(n % 3).map(|it| (*it).to_owned()),
    }
}

pub(super) fn history() -> History {
    let records: Vec<_> = (0..200).map(record).collect();
    let calendar = crate::model::Calendar::utc();
    let history = History::build(&records, &usernames(), &calendar, Ends { first: true, last: false });
    let credits = CreditSum::from_nano(19_704_050_000_001);
    History {
        number: 1,
        figures: Figures { n_rows: 81_307, credits, of_page: false },
        values: values(),
        ..history
    }
}

/// What the rows of the fixture can be filtered by.
fn values() -> RowValues {
    let mut rows = ColumnsBuilder::default();
    for (action, format, quality) in [
        ("image_generation", Some("image"), Some("high")),
        ("video_generation", Some("video"), Some("standard")),
        ("text_to_speech", None, None),
        ("upscale", Some(""), Some("high")),
    ] {
        let kind = (format.map(Text::from), quality.map(Text::from));
        rows.push(NEWEST, user(0), &action.into(), kind, Credits::default());
    }
    RowValues::of(&rows.finish())
}

pub(super) fn ranking() -> Ranking {
    const USERS: usize = 40;
    let calendar = crate::model::Calendar::utc();
    let mut rows = ColumnsBuilder::default();
    let mut dice = fastrand::Rng::with_seed(7);
    for n in 0..60_000 {
        let place = dice.usize(0..USERS) * dice.usize(0..USERS) / USERS;
        // The last ones have come in the period itself.
        let n_days = if place % 9 == 8 { 20 } else { 120 };
        let at = Instant::from_micros(NEWEST.micros() - if n == 0 { 0 } else { dice.i64(0..n_days * DAY) });
        let credits = Credits::from_nano(dice.i64(1..40) * 25_000_000).unwrap();
        rows.push(at, user(place), &"upscale".into(), (None, None), credits);
    }
    let rows = rows.finish();
    let extent = Extent { first: rows.first().unwrap(), as_of: NEWEST };
    let (period, filter) = (Period::default(), Filter::default());
    let cancel = crate::model::Cancel::new();
    let ask =
        RankingAsk { calendar: &calendar, period, extent, filter: &filter, rows: &rows, cancel: &cancel };
    let mut answer = |it: &Query| crate::engine::answer(&rows, it, &calendar, &cancel);
    let values = report::ranking::Ranking::ask(&ask, &mut answer).unwrap();
    let mut ranking = Ranking::build(values, usernames().into(), &calendar);
    ranking.number = 1;
    ranking
}

fn table(n_rejected: u64, rejects: Vec<Reject>) -> ImportedTable {
    ImportedTable {
        table: Some(DumpTable::UsageLogs),
        format: "CSV".to_owned(),
        columns: ColumnCount { n_found: 8, n_read: 8 },
        n_read: 81_319,
        n_imported: 6_761,
        n_repeats: 74_532 - n_rejected + 12,
        n_conflicts: 14,
        n_rejected,
        first: Some(Instant::from_micros(NEWEST.micros() - 327 * DAY)),
        last: Some(NEWEST),
        warnings: vec!["9 rows have the metadata “[object Object]”".to_owned()],
        notes: vec!["created_at is read as milliseconds since 1970".to_owned()],
        rejects,
        ..ImportedTable::default()
    }
}

fn rejects() -> Vec<Reject> {
    let reject = |line, column: Option<&str>, reason: &str, raw: &str| Reject {
        place: Place { row: line - 1, line },
        column: column.map(str::to_owned),
        reason: reason.to_owned(),
        raw: raw.to_owned(),
    };
    vec![
        reject(3_102, Some("credits_consumed"), "not a number", "9f1c4e07,two,image"),
        reject(41_877, Some("created_at"), "no such day", "2026-02-30 11:20:09+00"),
        reject(41_878, None, "7 fields, the header has 8", "40d2c6b8,\tupscale"),
    ]
}

fn file(path: &str, tables: Vec<ImportedTable>, error: Option<ImportError>) -> ImportedFile {
    let form = Form {
        packer: Some("gzip".to_owned()),
        encoding: Some("UTF-8".to_owned()),
        delimiter: Some(b','),
        has_header: Some(true),
    };
    ImportedFile { path: path.into(), sha256: SHA256.to_owned(), size: 12_400_000, form, tables, error }
}

fn imports() -> Imports {
    let profiles = ImportedTable {
        table: Some(DumpTable::Profiles),
        format: "JSON".to_owned(),
        n_read: 137,
        n_imported: 120,
        n_updated: 17,
        ..ImportedTable::default()
    };
    let batch = |number, path: &str, table| RememberedBatch {
        number,
        imported_at: NEWEST,
        removed_at: None,
        path: path.into(),
        sha256: SHA256.to_owned(),
        size: 12_400_000,
        table,
    };
    let batches = [
        batch(2, "/home/ada/usage_logs_2026-11-24.csv", table(12, rejects())),
        batch(1, "/home/ada/profiles.json", profiles),
    ];
    let conflict = Conflict {
        place: Place { row: 8, line: 9 },
        id: Uuid::from_u128(9),
        reason: "another row has this id: credits_consumed was 2, now 2.5".to_owned(),
        raw: "00000000-0000-0000-0000-000000000009,2.5".to_owned(),
    };
    let kept = Record { credits: Credits::from_nano(2_000_000_000).unwrap(), ..record(8) };
    let rows = RememberedRows {
        batch: 2,
        rejects: rejects().into_iter().map(|it| (DumpTable::UsageLogs, it)).collect(),
        conflicts: conflicts(&conflict, &kept),
    };
    Imports::build(&batches, &rows, &crate::model::Calendar::utc())
}

/// One that can be taken, one that was, one that cannot be.
fn conflicts(conflict: &Conflict, kept: &Record) -> Vec<RememberedConflict> {
    let newer = Record { credits: Credits::from_nano(2_500_000_000).unwrap(), ..kept.clone() };
    let of = |n: u128, newer: Option<&Record>, taken| RememberedConflict {
        table: DumpTable::UsageLogs,
        conflict: Conflict {
            id: Uuid::from_u128(n),
            place: Place { row: n as u64 - 1, line: n as u64 },
            ..conflict.clone()
        },
        kept: Some(kept.clone()),
        newer: newer.cloned(),
        taken,
    };
    vec![
        of(9, Some(&newer), None),
        of(10, Some(&newer), Some((NEWEST, "ada".to_owned()))),
        of(11, None, None),
    ]
}

/// A dump that was looked at, one that asks, one that failed, one that is looked at and one that waits.
pub(super) fn check() -> Check {
    let calendar = crate::model::Calendar::utc();
    let dump = |path: &str, report: Option<&ImportedFile>| CheckedDump {
        path: path.into(),
        progress: None,
        report: report.map(|it| Arc::new(ImportReport::build(it, &calendar))),
        question: None,
        mapping: None,
        note: None,
        readings: Vec::new(),
    };
    let understood = |line| UnderstoodRow {
        line,
        values: ["9f1c4e07-4b1d", "7f3ab210-44e1", "image_generation", "2", "{\"n\": 1}"]
            .into_iter()
            .chain(["2026-11-24T14:04:51.203+00:00", "image", "high"])
            .map(|it| Some(it.to_owned()))
            .collect(),
        raw: format!("9f1c4e07-0000-0000-0000-{line:012},image,2"),
    };
    let preview = (2..52).map(understood).collect();
    let table = ImportedTable { preview, ..table(12, rejects()) };
    let good = file("/home/ada/usage_logs_2026-11-24.csv", vec![table], None);
    let failed = |message: &str| {
        file("/home/ada/cut.csv", vec![], Some(ImportError { line: Some(2), message: message.to_owned() }))
    };
    let question = CheckQuestion {
        title: "In which zone are times that name none?".to_owned(),
        examples: vec![Cell::of(Some("2026-08-30 10:00:00"))],
        choices: vec![Choice {
            label: "Europe/Berlin".to_owned(),
            effects: vec![Some("2026-08-30T08:00:00+00:00".to_owned())],
        }],
        takes_zone: true,
    };
    let running = Some(ImportProgress::build(7_700_000, 12_400_000, 50_412, 3.1));
    Check {
        into: "platform-2026.creditscope".to_owned(),
        makes_file: false,
        dumps: vec![
            dump("/home/ada/usage_logs_2026-11-24.csv", Some(&good)),
            CheckedDump { question: Some(question), ..dump("/home/ada/naive.csv", Some(&failed("no zone"))) },
            dump("/home/ada/cut.csv", Some(&failed("the quote is never closed: export the table again"))),
            CheckedDump { progress: running, ..dump("/home/ada/usage_logs_2026-11-25.csv", None) },
            dump("/home/ada/usage_logs_2026-11-26.csv", None),
        ],
        commit: Some("Commit 6,761 new rows".to_owned()),
        pending: false,
    }
}

/// One import that runs, one that is done, one that failed.
pub(super) fn jobs() -> Vec<ImportJob> {
    let calendar = crate::model::Calendar::utc();
    let job = |id, path: &str, report: Option<&ImportedFile>| ImportJob {
        id,
        work: Work::Import,
        path: path.into(),
        progress: ImportProgress::build(7_700_000, 12_400_000, 50_412, 3.1),
        report: report.map(|it| Arc::new(ImportReport::build(it, &calendar))),
    };
    let done = file("/home/ada/usage_logs_2026-11-24.csv", vec![table(12, rejects())], None);
    let message = "the quote is never closed: export the table again".to_owned();
    let failed = file("/home/ada/cut.csv", vec![], Some(ImportError { line: Some(41_877), message }));
    vec![
        job(1, "/home/ada/cut.csv", Some(&failed)),
        job(2, "/home/ada/usage_logs_2026-11-24.csv", Some(&done)),
        job(3, "/home/ada/usage_logs_2026-11-25.csv", None),
    ]
}
