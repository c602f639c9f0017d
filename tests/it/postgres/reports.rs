use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::Server;
use crate::tool::{self, Row};

/// A question both are asked.
#[derive(Clone, Copy, Debug)]
struct Case {
    report: &'static str,
    viewer: Viewer,
    of: Of,
    zone: &'static str,
    now: &'static str,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Viewer {
    /// Sees all rows, and has no id: in `PostgreSQL` the owner of the tables.
    Admin,
    Nobody,
    User(u32),
}

#[derive(Clone, Copy, Debug)]
enum Of {
    Viewer,
    All,
    User(u32),
}

// The people of data.sql.
const ADA_ADMIN: u32 = 1;
const MODERATOR: u32 = 2;
const OWNER: u32 = 3;
const IDLE: u32 = 4;
const CAPITAL_ADMIN: u32 = 5;
const DELETED: u32 = 6;
const DELETED_ADMIN: u32 = 8;
const TINY: u32 = 11;

const VIEWERS: [Viewer; 10] = [
    Viewer::Admin,
    Viewer::Nobody,
    Viewer::User(ADA_ADMIN),
    Viewer::User(MODERATOR),
    Viewer::User(OWNER),
    Viewer::User(IDLE),
    Viewer::User(CAPITAL_ADMIN),
    Viewer::User(DELETED),
    Viewer::User(DELETED_ADMIN),
    Viewer::User(TINY),
];

/// Every `now`, with the zones in which it is asked.
const NOWS: [(&str, &[&str]); 18] = [
    ("2025-09-15T10:00:00.123457Z", &ZONES),
    ("2025-03-05T00:00:00+05:45", &ZONES),
    // Before and after all rows.
    ("2024-06-01T00:00:00Z", &["UTC"]),
    ("2027-06-01T00:00:00Z", &["UTC"]),
    // 7, 30 and 84 days before lie in an hour that Berlin skips.
    ("2025-04-06T02:30:00+02:00", &["Europe/Berlin"]),
    ("2025-04-29T02:30:00+02:00", &["Europe/Berlin"]),
    ("2025-06-22T02:30:00+02:00", &["Europe/Berlin"]),
    // 7, 30 and 84 days before lie in an hour that Berlin has twice.
    ("2025-11-02T02:30:00+01:00", &["Europe/Berlin"]),
    ("2025-11-25T02:30:00+01:00", &["Europe/Berlin"]),
    ("2026-01-18T02:30:00+01:00", &["Europe/Berlin"]),
    // Both instants of the doubled hour.
    ("2025-10-26T02:30:00+02:00", &["Europe/Berlin"]),
    ("2025-10-26T02:30:00+01:00", &["Europe/Berlin"]),
    // The same for New York.
    ("2025-03-16T02:30:00-04:00", &["America/New_York"]),
    ("2025-04-08T02:30:00-04:00", &["America/New_York"]),
    ("2025-06-01T02:30:00-04:00", &["America/New_York"]),
    ("2025-11-09T01:30:00-05:00", &["America/New_York"]),
    ("2025-12-02T01:30:00-05:00", &["America/New_York"]),
    ("2026-01-25T01:30:00-05:00", &["America/New_York"]),
];

const ZONES: [&str; 4] = ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/New_York"];

/// The reports of a window; the other two answer alike at any `now`.
const WINDOWED: [&str; 6] = ["summary", "by-action", "daily", "platform", "ranking", "weekly"];
const TIMELESS: [&str; 2] = ["history", "by-format-quality"];
/// Those that can be asked of somebody else.
const OWN: [&str; 5] = ["history", "summary", "by-action", "by-format-quality", "daily"];

#[test]
fn reports_equal_postgres() {
    let Some(server) = Server::start() else { return };
    load(&server);
    let dbs = imported(&server);
    let cases = cases();
    let expected = ask_postgres(&server, &cases);
    let differences = differences(&cases, &expected, &dbs);
    let n_rows: usize = expected.iter().map(Vec::len).sum();
    let shown = differences.iter().take(5).map(String::as_str).collect::<Vec<_>>().join("\n\n");
    let (n_cases, n_differ) = (cases.len(), differences.len());
    assert!(differences.is_empty(), "{n_differ} of {n_cases} answers differ from PostgreSQL's:\n{shown}");
    let people =
        rows_of(&server.psql(&format!("SELECT row_to_json(it) FROM (\n{}) it;", sql_of("profiles"))));
    assert_eq!(tool::profiles(&dbs[0]).into_iter().map(reencoded).collect::<Vec<_>>(), people);
    tool::say(&format!("{n_cases} answers ({n_rows} rows) equal PostgreSQL's"));
}

fn load(server: &Server) {
    let mut script = String::from(include_str!("../../postgres/schema.sql"));
    script += include_str!("../../postgres/data.sql");
    let nows: Vec<_> = NOWS.iter().map(|(now, _)| *now).collect();
    writeln!(script, r"\set nows '{{{}}}'", nows.join(",")).unwrap();
    for zone in ZONES {
        writeln!(script, "SET timezone = '{zone}';\n{}", include_str!("../../postgres/edges.sql")).unwrap();
    }
    server.psql(&script);
}

/// Two databases with all rows: one imported from `PostgreSQL`'s CSV, one from its JSON.
fn imported(server: &Server) -> [PathBuf; 2] {
    let [csv, json] = exported(server);
    let dbs = ["csv", "json"].map(|it| server.folder().join(it).with_extension("creditscope"));
    for (files, db) in [(&csv, &dbs[0]), (&json, &dbs[1])] {
        let (code, answer) = tool::import(files, db);
        assert_eq!(code, 0, "{answer:?}");
        assert!(answer.files.iter().all(|it| it.imported == it.rows_read && it.rows_read > 0), "{answer:?}");
    }
    let (code, answer) = tool::import(&csv, &dbs[1]);
    assert_eq!(code, 0, "the CSV after the JSON: {answer:?}");
    assert!(answer.files.iter().all(|it| it.repeats == it.rows_read), "{answer:?}");
    dbs
}

fn exported(server: &Server) -> [Vec<PathBuf>; 2] {
    let tables = ["usage_logs", "profiles", "user_roles"];
    let mut script = String::new();
    let mut files = [Vec::new(), Vec::new()];
    for table in tables {
        let [csv, json] = ["csv", "json"].map(|it| server.folder().join(table).with_extension(it));
        writeln!(script, r"\copy (SELECT * FROM {table} ORDER BY id) TO '{}' csv header", csv.display())
            .unwrap();
        writeln!(script, r"\o {}", json.display()).unwrap();
        writeln!(script, "SELECT json_agg(it ORDER BY id) FROM {table} it;\n\\o").unwrap();
        files[0].push(csv);
        files[1].push(json);
    }
    server.psql(&script);
    files
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for viewer in VIEWERS {
        let of = Of::Viewer;
        for (now, zones) in NOWS {
            cases.extend(
                zones.iter().flat_map(|zone| WINDOWED.map(|report| Case { report, viewer, of, zone, now })),
            );
        }
        let now = NOWS[0].0;
        cases.extend(
            ZONES.iter().flat_map(|zone| TIMELESS.map(|report| Case { report, viewer, of, zone, now })),
        );
    }
    let others = [
        (Viewer::Admin, OWNER),
        (Viewer::Admin, DELETED),
        (Viewer::User(ADA_ADMIN), TINY),
        (Viewer::User(MODERATOR), OWNER),
        (Viewer::User(OWNER), ADA_ADMIN),
        (Viewer::User(OWNER), OWNER),
        (Viewer::Nobody, OWNER),
    ];
    let of_others = others.map(|(viewer, user)| (viewer, Of::User(user)));
    for (viewer, of) in VIEWERS.map(|it| (it, Of::All)).into_iter().chain(of_others) {
        for zone in ["UTC", "Asia/Kathmandu"] {
            cases.extend(OWN.map(|report| Case { report, viewer, of, zone, now: NOWS[0].0 }));
        }
    }
    cases
}

fn ask_postgres(server: &Server, cases: &[Case]) -> Vec<Vec<Row>> {
    let script: String = cases.iter().map(Case::sql).collect();
    let answers = server.psql(&script);
    let answers: Vec<_> = answers.split("case\n").skip(1).map(rows_of).collect();
    assert_eq!(answers.len(), cases.len());
    answers
}

/// An answer of psql, a JSON object a line.
fn rows_of(lines: &str) -> Vec<Row> {
    lines.lines().map(|it| canonical(serde_json::from_str(it).unwrap())).collect()
}

/// What differs, in words, for each case that does.
fn differences(cases: &[Case], expected: &[Vec<Row>], dbs: &[PathBuf; 2]) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut found = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(case) = cases.get(at) else { return found };
            let db = &dbs[at / WINDOWED.len() % 2];
            let rows: Vec<Row> = tool::report(&case.args(), db).into_iter().map(reencoded).collect();
            if rows != expected[at] {
                found.push(format!("{case:?}\n{}", first_difference(&rows, &expected[at])));
            }
        }
    };
    let n_threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..n_threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|it| it.join().expect("no panic")).collect()
    })
}

fn first_difference(ours: &[Row], theirs: &[Row]) -> String {
    let at = ours.iter().zip(theirs).position(|(a, b)| a != b).unwrap_or(ours.len().min(theirs.len()));
    let (n_ours, n_theirs) = (ours.len(), theirs.len());
    let (ours, theirs) = (ours.get(at), theirs.get(at));
    format!("row {at}\n creditscope {ours:?} of {n_ours}\n PostgreSQL  {theirs:?} of {n_theirs}")
}

impl Case {
    fn args(&self) -> Vec<&'static str> {
        let mut args = vec![self.report, "--as", self.viewer.name(), "--zone", self.zone, "--now", self.now];
        match self.of {
            Of::Viewer => {}
            Of::All => args.extend(["--of", "all"]),
            Of::User(user) => args.extend(["--of", Viewer::User(user).name()]),
        }
        args
    }

    /// A piece of a psql script that prints a mark, then the rows.
    fn sql(&self) -> String {
        let (role, uid) = match self.viewer {
            Viewer::Admin => ("none", ""),
            Viewer::Nobody => ("authenticated", ""),
            Viewer::User(_) => ("authenticated", self.viewer.name()),
        };
        let own = match self.of {
            Of::Viewer => "user_id = auth.uid()".to_owned(),
            Of::All => "true".to_owned(),
            Of::User(user) => format!("user_id = $${}$$::uuid", Viewer::User(user).name()),
        };
        format!(
            "SET role = {role};\nSET request.uid = '{uid}';\nSET timezone = '{}';\n\\set now '{}'\n\\set own '{own}'\n\
             \\echo case\nSELECT row_to_json(report) FROM (\n{}) report;\n",
            self.zone,
            self.now,
            sql_of(self.report),
        )
    }
}

impl Viewer {
    fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Nobody => "nobody",
            Self::User(ADA_ADMIN) => "00000000-0000-4000-8000-000000000001",
            Self::User(MODERATOR) => "00000000-0000-4000-8000-000000000002",
            Self::User(OWNER) => "00000000-0000-4000-8000-000000000003",
            Self::User(IDLE) => "00000000-0000-4000-8000-000000000004",
            Self::User(CAPITAL_ADMIN) => "00000000-0000-4000-8000-000000000005",
            Self::User(DELETED) => "00000000-0000-4000-8000-000000000006",
            Self::User(DELETED_ADMIN) => "00000000-0000-4000-8000-000000000008",
            Self::User(TINY) => "00000000-0000-4000-8000-000000000011",
            Self::User(other) => panic!("no user {other}"),
        }
    }
}

fn sql_of(report: &str) -> &'static str {
    match report {
        "history" => include_str!("../../postgres/reports/history.sql"),
        "summary" => include_str!("../../postgres/reports/summary.sql"),
        "by-action" => include_str!("../../postgres/reports/by-action.sql"),
        "by-format-quality" => include_str!("../../postgres/reports/by-format-quality.sql"),
        "daily" => include_str!("../../postgres/reports/daily.sql"),
        "platform" => include_str!("../../postgres/reports/platform.sql"),
        "ranking" => include_str!("../../postgres/reports/ranking.sql"),
        "profiles" => include_str!("../../postgres/reports/profiles.sql"),
        "weekly" => include_str!("../../postgres/reports/weekly.sql"),
        other => panic!("no report {other}"),
    }
}

/// `PostgreSQL`'s row with its numbers as creditscope writes them: `2.50` as `2.5`.
fn canonical(row: Row) -> Row {
    let cell = |(key, raw): (String, String)| {
        let is_number = raw.starts_with(|it: char| it == '-' || it.is_ascii_digit());
        let trims = key != "metadata" && is_number && raw.contains('.');
        let raw = if trims { raw.trim_end_matches('0').trim_end_matches('.').to_owned() } else { raw };
        (key, raw)
    };
    reencoded(Row(row.0.into_iter().map(cell).collect()))
}

/// The row with its texts escaped in one way.
fn reencoded(row: Row) -> Row {
    let cell = |(key, raw): (String, String)| match serde_json::from_str::<String>(&raw) {
        Ok(text) => (key, serde_json::to_string(&text).unwrap()),
        Err(_not_a_text) => (key, raw),
    };
    Row(row.0.into_iter().map(cell).collect())
}
