//! The command line is a promise: what is on which stream, with which exit code, in which words.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::tool::{self, Ran, Row};

const ADA: &str = "00000000-0000-4000-8000-0000000000ad";
const BOB: &str = "00000000-0000-4000-8000-0000000000b0";
const SAM: &str = "00000000-0000-4000-8000-00000000005a";
const OTHER_SAM: &str = "00000000-0000-4000-8000-00000000005b";
/// Has no profile.
const GONE: &str = "00000000-0000-4000-8000-0000000000ff";
/// Calls itself `admin`, and is none.
const IMPOSTOR: &str = "00000000-0000-4000-8000-0000000000ee";

const LOGS: &str = "\
id,user_id,action,credits_consumed,metadata,created_at,format,quality
10000000-0000-4000-8000-000000000001,00000000-0000-4000-8000-0000000000ad,chat,2.50,\"{\"\"n\"\": 1.50}\",2025-08-30 10:00:00+00,text,high
10000000-0000-4000-8000-000000000002,00000000-0000-4000-8000-0000000000b0,chat,1,map[a:1],2025-08-29 23:30:00.5+00,,\"\"
10000000-0000-4000-8000-000000000003,00000000-0000-4000-8000-0000000000ff,\"say \"\"hi\"\", you\",0.000000001,,2025-08-28 00:00:00+00,text,low
";

const PROFILES: &str = "\
id,username
00000000-0000-4000-8000-0000000000ad,ada
00000000-0000-4000-8000-0000000000b0,Bob
00000000-0000-4000-8000-00000000005a,sam
00000000-0000-4000-8000-00000000005b,sam
00000000-0000-4000-8000-0000000000ee,admin
";

const ROLES: &str = "\
user_id,role
00000000-0000-4000-8000-0000000000ad,user
00000000-0000-4000-8000-0000000000ad,admin
00000000-0000-4000-8000-0000000000b0,moderator
00000000-0000-4000-8000-0000000000ee,Admin
";

/// A folder with dumps and what was imported from them.
pub(crate) struct Files(TempDir);

impl Files {
    /// The three tables, imported.
    pub(crate) fn imported() -> Self {
        let files = Self::none();
        let dumps = [("logs.csv", LOGS), ("profiles.csv", PROFILES), ("roles.csv", ROLES)];
        let dumps = dumps.map(|(name, text)| files.write(name, text));
        let (code, answer) = tool::import(&dumps, &files.db());
        assert_eq!(code, 0, "{answer:?}");
        files
    }

    pub(crate) fn none() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn db(&self) -> PathBuf {
        self.path("logs.creditscope")
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    /// Runs words, with `DB` for the file and `@NAME` for one of the folder's.
    pub(crate) fn run(&self, line: &str) -> Ran {
        let arg = |word: &str| match word.strip_prefix('@') {
            Some(name) => self.path(name).into_os_string(),
            None if word == "DB" => self.db().into_os_string(),
            None => word.into(),
        };
        tool::creditscope(line.split(' ').map(arg))
    }

    #[track_caller]
    pub(crate) fn rows(&self, args: &str) -> Vec<Row> {
        tool::report(&args.split(' ').collect::<Vec<_>>(), &self.db())
    }
}

/// A command that does not work: its exit code, and what its one line says. Nothing is on stdout.
#[track_caller]
pub(crate) fn check_fails(files: &Files, line: &str, code: i32, says: &[&str]) {
    let ran = files.run(line);
    assert_eq!(ran.code, Some(code), "{line}: {}", ran.stderr);
    assert_eq!(ran.stdout, "", "{line}");
    for word in says {
        assert!(ran.stderr.contains(word), "{line} does not say {word}: {}", ran.stderr);
    }
}

#[test]
fn unknown_names_zones_and_users_are_usage_errors() {
    let files = Files::imported();
    let daily = "report daily --db DB --as ada";
    check_fails(&files, "report dayly --db DB --as ada", 2, &["dayly", "daily"]);
    check_fails(&files, &format!("{daily} --zone Mars/Olympus"), 2, &["Mars/Olympus"]);
    check_fails(&files, &format!("{daily} --now 2025-08-30T10:00:00"), 2, &["offset"]);
    check_fails(&files, "report daily --db DB --as ADA", 2, &["`ADA`", ADA, BOB]);
    check_fails(&files, "report daily --db DB --as sam", 2, &["`sam`", SAM, OTHER_SAM]);
    check_fails(&files, &format!("{daily} --of zoe"), 2, &["`zoe`", ADA]);
    check_fails(&files, "report daily --db DB", 2, &["--as"]);
}

#[test]
fn what_cannot_be_done_is_said_on_one_line() {
    let files = Files::none();
    files.write("notes.txt", "not a database, but long enough to be mistaken for one, if only just");
    for db in ["@missing.creditscope", "@notes.txt"] {
        for line in [format!("report daily --db {db} --as admin"), format!("profiles --db {db}")] {
            check_fails(&files, &line, 1, &[&db[1..]]);
            assert_eq!(files.run(&line).stderr.lines().count(), 1, "{line}");
        }
    }
    assert!(!files.path("missing.creditscope").exists(), "a report makes no file");
}

#[test]
fn help_and_version_are_answers() {
    for command in [
        "",
        "demo",
        "import",
        "report",
        "profiles",
        "chart",
        "batches",
        "rejects",
        "conflicts",
        "remove-batch",
        "import-again",
        "diff",
    ] {
        let words = command.split_whitespace().chain(["--help"]);
        let ran = tool::creditscope(words);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{command}");
        assert!(ran.stdout.contains("Example") && ran.stdout.contains("creditscope "), "{}", ran.stdout);
    }
    let version = tool::creditscope(["--version"]);
    assert_eq!(version.stdout, format!("creditscope {}\n", env!("CARGO_PKG_VERSION")));
}

/// Whose rows a viewer sees in `platform`, by what they cost.
#[track_caller]
fn check_sees(files: &Files, who: &str, credits: Option<&str>) {
    let rows = files.rows(&format!("platform --as {who}"));
    let chat = rows.iter().find(|it| it.text("action").as_deref() == Some("chat"));
    assert_eq!(chat.map(|it| it.raw("total_credits")), credits, "{who}");
}

#[test]
fn who_is_admin_nobody_an_id_or_a_name_in_this_order() {
    let files = Files::imported();
    check_sees(&files, "admin", Some("3.5"));
    check_sees(&files, "nobody", None);
    check_sees(&files, "ada", Some("3.5"));
    check_sees(&files, ADA, Some("3.5"));
    check_sees(&files, &format!("{{{}}}", ADA.to_uppercase()), Some("3.5"));
    check_sees(&files, "Bob", Some("1"));
    check_sees(&files, "user:Bob", Some("1"));
    // The user who is called admin, and has the role Admin, which is none.
    check_sees(&files, "user:admin", None);
    check_sees(&files, IMPOSTOR, None);
    check_sees(&files, GONE, None);
    assert_eq!(files.rows(&format!("summary --as {GONE}"))[0].raw("total_credits_consumed"), "0.000000001");
}

#[test]
fn an_unknown_id_answers_as_that_id_with_a_note() {
    let files = Files::imported();
    let id = "deadbeef-0000-4000-8000-000000000000";
    let ran = files.run(&format!("report history --db DB --as {id} --format json"));
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), "[]\n"));
    assert!(ran.stderr.starts_with("note: ") && ran.stderr.contains(id), "{}", ran.stderr);
}

#[test]
fn an_admin_without_id_owns_nothing_and_is_told_of_of() {
    let files = Files::imported();
    let summary = files.run("report summary --db DB --as admin --format json");
    let nothing = r#"[{"total_credits_consumed":null,"total_actions":0,"avg_credits_per_action":null}]"#;
    assert_eq!((summary.code, summary.stdout.trim_end()), (Some(0), nothing));
    assert!(summary.stderr.contains("--of"), "{}", summary.stderr);
    for name in ["history", "by-action", "by-format-quality", "daily"] {
        assert!(files.rows(&format!("{name} --as admin")).is_empty(), "{name}");
    }
}

#[test]
fn of_asks_for_others_as_far_as_visible() {
    let files = Files::imported();
    let events = |args: &str| files.rows(&format!("summary {args}"))[0].raw("total_actions").to_owned();
    assert_eq!(events("--as admin --of all"), "3");
    assert_eq!(events("--as admin --of Bob"), "1");
    assert_eq!(events("--as ada"), "1", "own rows, for an admin too");
    assert_eq!(events("--as ada --of all"), "3");
    assert_eq!(events("--as Bob --of all"), "1");
    assert_eq!(events("--as Bob --of ada"), "0");
    assert_eq!(events("--as admin --of nobody"), "0");
}

#[test]
fn answers_are_on_stdout_and_notes_on_stderr() {
    let files = Files::imported();
    let ran = files.run("report daily --db DB --as admin --of all --zone Europe/Berlin --format csv");
    let days = "day,daily_actions,daily_credits\n2025-08-30,2,3.5\n2025-08-28,1,0.000000001\n";
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), days));
    assert!(ran.stderr.starts_with("note: now is 2025-08-30T12:00:00+02:00"), "{}", ran.stderr);
    let quiet = files.run("report daily --db DB --as ada --now 2025-08-30T10:00:00Z");
    assert_eq!(quiet.stderr, "");
}

#[test]
fn history_is_whole_in_json_and_csv() {
    let files = Files::imported();
    let json = files.run("report history --db DB --as admin --of all --format json").stdout;
    let expected = [
        r#"[{"id":"10000000-0000-4000-8000-000000000001","user_id":"00000000-0000-4000-8000-0000000000ad","action":"chat","credits_consumed":2.5,"metadata":{"n": 1.50},"created_at":"2025-08-30T10:00:00+00:00","format":"text","quality":"high"},"#,
        r#"{"id":"10000000-0000-4000-8000-000000000002","user_id":"00000000-0000-4000-8000-0000000000b0","action":"chat","credits_consumed":1,"metadata":"map[a:1]","created_at":"2025-08-29T23:30:00.5+00:00","format":null,"quality":""},"#,
        r#"{"id":"10000000-0000-4000-8000-000000000003","user_id":"00000000-0000-4000-8000-0000000000ff","action":"say \"hi\", you","credits_consumed":0.000000001,"metadata":null,"created_at":"2025-08-28T00:00:00+00:00","format":"text","quality":"low"}]"#,
    ];
    assert_eq!(json.lines().collect::<Vec<_>>(), expected);
    let csv = files.run("report history --db DB --as Bob --format csv").stdout;
    let row = "10000000-0000-4000-8000-000000000002,00000000-0000-4000-8000-0000000000b0,chat,1,map[a:1],2025-08-29T23:30:00.5+00:00,,\"\"";
    assert_eq!(csv.lines().nth(1), Some(row));
}

#[test]
fn profiles_lists_everybody_by_id() {
    let files = Files::imported();
    let csv = files.run("profiles --db DB --format csv").stdout;
    let expected = [
        "user_id,username,role,rows,credits",
        "00000000-0000-4000-8000-00000000005a,sam,,0,0",
        "00000000-0000-4000-8000-00000000005b,sam,,0,0",
        "00000000-0000-4000-8000-0000000000ad,ada,admin,1,2.5",
        "00000000-0000-4000-8000-0000000000b0,Bob,moderator,1,1",
        "00000000-0000-4000-8000-0000000000ee,admin,Admin,0,0",
        "00000000-0000-4000-8000-0000000000ff,,,1,0.000000001",
    ];
    assert_eq!(csv.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn hidden_rows_do_not_move_an_owners_answers() {
    let files = Files::imported();
    let names =
        ["history", "summary", "by-action", "by-format-quality", "daily", "platform", "ranking", "weekly"];
    let ask = || {
        let asked = names.map(|it| files.run(&format!("report {it} --db DB --as Bob --format json")));
        asked.map(|it| (it.code, it.stdout, it.stderr))
    };
    let before = ask();
    let hidden = LOGS.replace("10000000-", "20000000-").replace("2025-08", "2025-11").replace(BOB, ADA);
    files.write("hidden.csv", &hidden);
    assert_eq!(files.run("import @hidden.csv --db DB").code, Some(0));
    assert_eq!(ask(), before);
}

/// An import of files with these contents: the exit code.
#[track_caller]
fn check_import(contents: &[(&str, &str)], code: i32) {
    let files = Files::none();
    let mut words = vec!["import --db DB".to_owned()];
    for (name, text) in contents {
        files.write(name, text);
        words.push(format!("@{name}"));
    }
    let ran = files.run(&words.join(" "));
    assert_eq!(ran.code, Some(code), "{contents:?}: {}{}", ran.stdout, ran.stderr);
}

#[test]
fn an_import_ends_with_the_worst_of_its_files() {
    let good = ("good.csv", LOGS);
    let other = LOGS.replace("2.50", "2.51");
    let conflict = ("conflict.csv", other.as_str());
    let rejects = LOGS.replace("2.50", "much");
    let rejects = ("rejects.csv", rejects.as_str());
    let broken = ("broken.json", "[{\"id\": ");
    check_import(&[good], 0);
    check_import(&[good, ("again.csv", LOGS)], 0);
    check_import(&[good, conflict], 3);
    check_import(&[rejects], 3);
    check_import(&[rejects, good, broken], 1);
    check_import(&[broken, rejects], 1);
    check_import(&[("nothing.json", "[]")], 0);
    check_import(&[("header.csv", LOGS.lines().next().unwrap())], 0);
}

#[test]
fn a_file_that_fails_leaves_nothing_and_the_others_stay() {
    let files = Files::none();
    files.write("good.csv", LOGS);
    let broken = "[{\"id\": \"10000000-0000-4000-8000-000000000009\", \"user_id\": \"00000000-0000-4000-8000-0000000000ad\", \"action\": \"chat\", \"credits_consumed\": 1, \"created_at\": \"2025-01-01T00:00:00Z\"}, {";
    files.write("broken.json", broken);
    let ran = files.run("import @broken.json @good.csv @missing.csv --db DB");
    assert_eq!(ran.code, Some(1));
    let errors: Vec<_> = ran.stderr.lines().collect();
    assert_eq!(errors.len(), 2, "{}", ran.stderr);
    assert!(errors[0].contains("broken.json") && errors[1].contains("missing.csv"), "{}", ran.stderr);
    assert_eq!(files.rows("summary --as admin --of all")[0].raw("total_actions"), "3");
}

#[test]
fn import_json_has_an_entry_a_table_with_fixed_keys() {
    let files = Files::none();
    files.write("logs.csv", &LOGS.replace("2.50", "much"));
    files.write("nothing.json", "[]");
    let ran = files.run("import @logs.csv @nothing.json @missing.csv --db DB --json");
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let answer: Row = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(keys(&answer), ["files"]);
    let entries: Vec<Row> = serde_json::from_str(answer.raw("files")).unwrap();
    for entry in &entries {
        let expected = "path table format rows_read imported updated repeats conflicts rejected first last warnings rejects error";
        assert_eq!(keys(entry).join(" "), expected);
    }
    let [logs, nothing, missing] = entries.as_slice() else { panic!("{entries:?}") };
    let figures = ["rows_read", "imported", "updated", "repeats", "conflicts", "rejected"];
    assert_eq!(figures.map(|it| logs.raw(it)), ["3", "2", "0", "0", "0", "1"]);
    assert_eq!(logs.text("path").as_deref(), files.path("logs.csv").to_str());
    assert_eq!(logs.text("table").as_deref(), Some("usage_logs"));
    assert_eq!(logs.text("format").as_deref(), Some("csv"));
    assert_eq!(logs.text("first").as_deref(), Some("2025-08-28T00:00:00+00:00"));
    // The file was written just now, and its rows are old.
    let warnings = ["metadata_not_json", "old_rows"].map(str::to_owned).to_vec();
    assert_eq!((codes(logs), logs.raw("error")), (warnings, "null"));
    let rejects: Vec<Row> = serde_json::from_str(logs.raw("rejects")).unwrap();
    assert_eq!(keys(&rejects[0]), ["row", "line", "column", "reason", "raw"]);
    assert_eq!((rejects[0].raw("row"), rejects[0].raw("line")), ("1", "2"));
    assert_eq!(rejects[0].text("column").as_deref(), Some("credits_consumed"));

    assert_eq!(codes(nothing), ["no_rows_visible"]);
    assert_eq!((nothing.raw("table"), nothing.raw("rows_read")), ("null", "0"));

    let error: Row = serde_json::from_str(missing.raw("error")).unwrap();
    assert_eq!(keys(&error), ["line", "message"]);
    assert_eq!((missing.raw("table"), error.raw("line")), ("null", "null"));
}

/// Of the warnings.
#[track_caller]
fn codes(entry: &Row) -> Vec<String> {
    let warnings: Vec<Row> = serde_json::from_str(entry.raw("warnings")).unwrap();
    assert!(warnings.iter().all(|it| keys(it) == ["code", "message", "rows"]), "{warnings:?}");
    warnings.iter().filter_map(|it| it.text("code")).collect()
}

fn keys(row: &Row) -> Vec<&str> {
    row.0.iter().map(|(key, _)| key.as_str()).collect()
}

#[test]
fn a_demo_is_made_once_and_used_again() {
    let files = Files::none();
    let demo = "demo --rows 300 --seed 7 --db DB --no-window";
    let ran = files.run(demo);
    assert_eq!((ran.code, ran.stdout.trim_end()), (Some(0), files.db().to_str().unwrap()), "{}", ran.stderr);
    let rows = |files: &Files| files.rows("platform --as admin --now 2020-01-01T00:00:00Z");
    let events =
        |rows: &[Row]| rows.iter().map(|it| it.raw("total_actions").parse::<u32>().unwrap()).sum::<u32>();
    assert_eq!(events(&rows(&files)), 300);
    assert_eq!(files.run(demo).code, Some(0));
    assert_eq!(events(&rows(&files)), 300);
    check_fails(&files, "demo --rows 300 --seed 8 --db DB --no-window", 1, &["logs.creditscope"]);
}

#[test]
fn charts_are_pictures_of_the_size_asked_for() {
    let files = Files::imported();
    for name in ["daily", "weekly", "formats"] {
        for who in ["admin", "Bob", "nobody", "admin --of ada --theme dark --zone Asia/Kathmandu"] {
            let line = format!("chart {name} --db DB --as {who} --out @chart.png --size 640x320");
            let ran = files.run(&line);
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{line}: {}", ran.stderr);
            let picture = image::open(files.path("chart.png")).unwrap();
            assert_eq!((picture.width(), picture.height()), (640, 320), "{line}");
        }
    }
    check_fails(&files, "chart daily --db DB --as admin --out @no/folder.png", 1, &["folder.png"]);
    check_fails(&files, "chart daily --db DB --as admin --out @a.png --size 10x10", 2, &["200"]);
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let files = Files::imported();
    let mut command = Command::new(env!("CARGO_BIN_EXE_creditscope"));
    command.args(["profiles", "--db"]).arg(files.db());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

/// A name in a dump must not be obeyed by the terminal that shows it.
#[test]
fn names_cannot_drive_the_terminal() {
    let files = Files::none();
    files.write("profiles.csv", &format!("id,username\n{ADA},\u{1b}[2Jada\n"));
    assert_eq!(files.run("import @profiles.csv --db DB").code, Some(0));
    for line in ["profiles --db DB", "report daily --db DB --as zoe"] {
        let ran = files.run(line);
        assert!(!(ran.stdout + &ran.stderr).contains('\u{1b}'), "{line}");
    }
}
