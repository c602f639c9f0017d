//! An import that is killed at any moment leaves the file as it was before, or with all of its rows.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;

use crate::tool;

/// rusqlite's connection: what another program sees of the file.
#[expect(clippy::disallowed_types, reason = "a look at the file past the program")]
type Connection = rusqlite::Connection;

/// So long that rows go into the log while others are read, and not only with the commit.
const METADATA_LEN: usize = 1_000;
/// Bytes that the log grows by from one kill to the next.
const LOG_STEP: u64 = 8 * 1024 * 1024;

/// A bound, far beyond what there is to write.
const KILLS_MAX: u64 = 100;

/// The program is killed when this is seen.
#[derive(Clone, Copy, Debug)]
enum Point {
    /// The file is there.
    File,
    /// The log has more bytes than this.
    Log(u64),
    /// The rows are there.
    Rows,
    /// The indexes are there.
    Indexes,
}

/// Sees how far an import is, without being noticed.
struct Watch<'a> {
    db: &'a Path,
    before: u32,
    conn: Option<Connection>,
}

impl Watch<'_> {
    fn sees(&mut self, point: Point) -> bool {
        let log = fs::metadata(beside(self.db, "-wal")).map_or(0, |it| it.len());
        match point {
            Point::File => self.db.exists(),
            Point::Log(size) => log > size,
            // Before there is a log, a reader could keep it from being made.
            Point::Rows | Point::Indexes if log == 0 => false,
            Point::Rows => self.count("SELECT count(*) FROM raw_usage_logs") > Some(self.before),
            Point::Indexes => {
                self.count("SELECT count(*) FROM raw_usage_logs") > Some(self.before)
                    && self.count(N_INDEXES) == Some(6)
            }
        }
    }

    fn count(&mut self, sql: &str) -> Option<u32> {
        let conn = self.conn.get_or_insert_with(|| {
            let conn = Connection::open_with_flags(self.db, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
            // What is left is left to the program.
            conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).unwrap();
            conn
        });
        conn.query_row(sql, [], |row| row.get(0)).ok()
    }
}

const N_INDEXES: &str =
    "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'raw_usage_logs'";

/// A dump of the rows numbered so, in no order of ids or times.
fn dump(rows: Range<u32>) -> String {
    let mut csv = String::from("id,user_id,action,credits_consumed,metadata,created_at,format,quality\n");
    let metadata = "x".repeat(METADATA_LEN);
    for n in rows {
        let dice = n.wrapping_mul(2_654_435_761);
        let (user, second, action) = (n % 5, dice % 60, ["chat", "image"][n as usize % 2]);
        writeln!(
            csv,
            "{dice:08x}-0000-4000-8000-{n:012},00000000-0000-4000-8000-{user:012},{action},{},\
             {metadata},2025-08-{}T10:00:{second:02}Z,,",
            credits(n),
            day(n)
        )
        .unwrap();
    }
    csv
}

fn credits(n: u32) -> u32 {
    n % 7 + 1
}

fn day(n: u32) -> u32 {
    10 + n % 11
}

/// For each day how many rows, and their credits.
type Days = BTreeMap<String, (u32, u32)>;

fn truth(rows: Range<u32>) -> Days {
    let mut days = Days::new();
    for n in rows {
        let of_day = days.entry(format!("2025-08-{}", day(n))).or_default();
        *of_day = (of_day.0 + 1, of_day.1 + credits(n));
    }
    days
}

fn reported(db: &Path) -> Days {
    let args = ["daily", "--as", "admin", "--of", "all", "--now", "2025-08-25T00:00:00Z"];
    let days = tool::report(&args, db).into_iter().map(|row| {
        let number = |key: &str| row.text_or_raw(key).parse().unwrap();
        (row.text("day").unwrap(), (number("daily_actions"), number("daily_credits")))
    });
    days.collect()
}

/// Starts an import and kills it when the point is seen. Whether it came to that.
fn import_until(point: Point, dump: &Path, db: &Path, before: u32) -> bool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_creditscope"));
    let command = command.arg("import").arg("--db").arg(db).arg(dump);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut watch = Watch { db, before, conn: None };
    loop {
        let ended = child.try_wait().unwrap();
        if let Some(status) = ended {
            assert!(status.success(), "{point:?}: {status}");
            return false;
        }
        if watch.sees(point) {
            child.kill().unwrap();
            return !child.wait().unwrap().success();
        }
        thread::yield_now();
    }
}

/// What stands in the file by the eyes of another program: how many rows, and how many indexes of ours.
#[track_caller]
fn look(db: &Path) -> (u32, u32) {
    let conn = Connection::open(db).unwrap();
    let count = |sql: &str| conn.query_row(sql, [], |row| row.get(0)).unwrap();
    let found: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(found, "ok");
    (count("SELECT count(*) FROM raw_usage_logs"), count(N_INDEXES))
}

fn beside(db: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(db);
    name.push(ending);
    name.into()
}

/// An import into a file with rows `0..before`, or into none, of a dump with some of these and more.
struct Scene {
    folder: tempfile::TempDir,
    dump: PathBuf,
    before: u32,
    after: u32,
}

impl Scene {
    fn new(before: u32, dumped: Range<u32>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, rows: Range<u32>| {
            let path = folder.path().join(name);
            fs::write(&path, dump(rows)).unwrap();
            path
        };
        let after = dumped.end;
        let dump = write("next.csv", dumped);
        if before > 0 {
            let first = write("first.csv", 0..before);
            assert_eq!(tool::import(&[first], &folder.path().join("base")).0, 0);
        }
        Self { folder, dump, before, after }
    }

    /// Whether there was something to kill.
    #[track_caller]
    fn check(&self, point: Point) -> bool {
        let db = self.folder.path().join("logs.creditscope");
        for ending in ["", "-wal", "-shm", "-journal"] {
            fs::remove_file(beside(&db, ending)).ok();
        }
        if self.before > 0 {
            fs::copy(self.folder.path().join("base"), &db).unwrap();
        }
        let was_killed = import_until(point, &self.dump, &db, self.before);
        // A file that was just begun is not ours yet; an import makes it so all the same.
        if !matches!(point, Point::File) {
            let found = reported(&db);
            let (n_rows, _) = look(&db);
            assert!([self.before, self.after].contains(&n_rows), "{point:?}: {n_rows} rows");
            assert_eq!(found, truth(0..n_rows), "{point:?}");
            assert!(was_killed || n_rows == self.after, "{point:?}");
        }
        let (code, answer) = tool::import(std::slice::from_ref(&self.dump), &db);
        assert_eq!(code, 0, "{point:?}: {answer:?}");
        assert_eq!(look(&db), (self.after, 6), "{point:?}");
        assert_eq!(reported(&db), truth(0..self.after), "{point:?}");
        was_killed
    }

    fn check_all(&self) {
        self.check(Point::File);
        let n_kills = (0..KILLS_MAX).take_while(|n| self.check(Point::Log(n * LOG_STEP))).count();
        assert!((2..KILLS_MAX as usize).contains(&n_kills), "{n_kills}");
        self.check(Point::Rows);
        self.check(Point::Indexes);
    }
}

#[test]
fn a_first_import_that_is_killed_leaves_all_or_nothing() {
    Scene::new(0, 0..30_000).check_all();
}

#[test]
fn a_later_import_that_is_killed_leaves_all_or_nothing() {
    Scene::new(15_000, 10_000..35_000).check_all();
}

/// A file of version 2 with some rows `n` times over, as it was made then.
fn file_of_version_2(path: &Path, n: u32) {
    let conn = Connection::open(path).unwrap();
    conn.execute_batch(include_str!("../../src/store/sql/tests/v2.sql")).unwrap();
    let sql = "
        WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
        INSERT INTO raw_usage_logs
        SELECT randomblob(16), user_code, action_code, format_code, quality_code, credits_nano,
            created_at_us, batch, hex(randomblob(200))
        FROM raw_usage_logs, n";
    conn.execute(sql, [n]).unwrap();
}

#[test]
fn an_upgrade_that_is_killed_leaves_the_file_as_it_was_or_upgraded() {
    const JOURNAL_STEP: u64 = 1024 * 1024;
    let folder = tempfile::tempdir().unwrap();
    let (old, db) = (folder.path().join("old"), folder.path().join("db"));
    file_of_version_2(&old, 2_000);
    let n_rows = look(&old).0;
    let args = ["report", "daily", "--as", "admin", "--of", "all", "--now", "2025-08-31T00:00:00Z", "--db"];
    let run_until = |size: u64| {
        for ending in ["-journal", "-wal", "-shm"] {
            fs::remove_file(beside(&db, ending)).ok();
        }
        fs::copy(&old, &db).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_creditscope"));
        let command = command.args(args).arg(&db).stdin(Stdio::null()).stdout(Stdio::null());
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        while child.try_wait().unwrap().is_none() {
            if fs::metadata(beside(&db, "-journal")).is_ok_and(|it| it.len() > size) {
                child.kill().unwrap();
                return !child.wait().unwrap().success();
            }
            thread::yield_now();
        }
        false
    };
    let reported = || tool::creditscope(args.iter().map(OsStr::new).chain([db.as_os_str()]));
    assert!(!run_until(u64::MAX));
    let expected = reported().stdout;
    let is_killed = |n: u64| {
        let was_killed = run_until(n * JOURNAL_STEP);
        let ran = reported();
        assert_eq!((ran.code, &ran.stdout), (Some(0), &expected), "{n}: {}", ran.stderr);
        assert_eq!(look(&db).0, n_rows, "{n}");
        was_killed
    };
    let n_kills = (0..KILLS_MAX).take_while(|n| is_killed(*n)).count();
    assert!((2..KILLS_MAX as usize).contains(&n_kills), "{n_kills}");
}
