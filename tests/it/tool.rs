//! Runs creditscope by its command line, and reads its JSON without going through floats.

use std::ffi::OsStr;
use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A run that takes longer hangs: the slowest takes a tenth of it on a slow machine.
const RUN_SECS_MAX: u64 = 300;

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ran {
    /// `None` after a crash.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs the program; one that hangs fails the test.
#[track_caller]
pub(crate) fn creditscope<I: AsRef<OsStr>>(args: impl IntoIterator<Item = I>) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_creditscope"));
    let child = command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = child.spawn().expect("the binary starts");
    let pid = child.id();
    let (sender, receiver) = mpsc::sync_channel(1);
    let waiter = thread::Builder::new().name("wait".to_owned());
    let waiter = waiter.spawn(move || sender.send(child.wait_with_output())).unwrap();
    let Ok(output) = receiver.recv_timeout(Duration::from_secs(RUN_SECS_MAX)) else {
        panic!("process {pid} hangs: {command:?}");
    };
    waiter.join().unwrap().unwrap();
    let Output { status, stdout, stderr } = output.unwrap();
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ran { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
}

/// The rows of a report as JSON; anything but success fails the test.
#[track_caller]
pub(crate) fn report(args: &[&str], db: &Path) -> Vec<Row> {
    let db = db.to_str().unwrap();
    let ran = creditscope([&["report"], args, &["--db", db, "--format", "json"]].concat());
    assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|err| panic!("{args:?}: {err}: {}", ran.stdout))
}

/// What an import says as JSON, with its exit code.
#[track_caller]
pub(crate) fn import(files: &[PathBuf], db: &Path) -> (i32, ImportAnswer) {
    import_with(&[], files, db)
}

/// The same with options.
#[track_caller]
pub(crate) fn import_with(options: &[&str], files: &[PathBuf], db: &Path) -> (i32, ImportAnswer) {
    let mut args = vec![OsStr::new("import"), OsStr::new("--db"), db.as_os_str(), OsStr::new("--json")];
    args.extend(options.iter().map(OsStr::new));
    args.extend(files.iter().map(|it| it.as_os_str()));
    let ran = creditscope(args);
    let answer: ImportAnswer = serde_json::from_str(&ran.stdout)
        .unwrap_or_else(|err| panic!("{err}: exit {:?}: {} {}", ran.code, ran.stdout, ran.stderr));
    for entry in &answer.files {
        let ImportEntry { imported, updated, repeats, conflicts, rejected, .. } = entry;
        assert_eq!(entry.rows_read, imported + updated + repeats + conflicts + rejected, "{entry:?}");
    }
    (ran.code.unwrap(), answer)
}

/// Every known user, as JSON.
#[track_caller]
pub(crate) fn profiles(db: &Path) -> Vec<Row> {
    let ran = creditscope(["profiles", "--format", "json", "--db", db.to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

#[derive(Deserialize, Debug)]
pub(crate) struct ImportAnswer {
    pub(crate) files: Vec<ImportEntry>,
}

/// One table that was found in a file.
#[derive(Deserialize, Debug)]
pub(crate) struct ImportEntry {
    pub(crate) table: Option<String>,
    pub(crate) rows_read: u64,
    pub(crate) imported: u64,
    pub(crate) updated: u64,
    pub(crate) repeats: u64,
    pub(crate) conflicts: u64,
    pub(crate) rejected: u64,
    pub(crate) rejects: Vec<RejectEntry>,
    pub(crate) error: Option<ErrorEntry>,
}

#[derive(Deserialize, Debug)]
pub(crate) struct RejectEntry {
    pub(crate) row: u64,
    pub(crate) column: Option<String>,
    pub(crate) reason: String,
}

#[derive(Deserialize, Debug)]
pub(crate) struct ErrorEntry {
    pub(crate) message: String,
}

/// An object of a JSON answer: its keys in their order, each with the text of its value.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Row(pub(crate) Vec<(String, String)>);

impl Row {
    /// The text of a value, which is JSON.
    #[track_caller]
    pub(crate) fn raw(&self, key: &str) -> &str {
        let cell = self.0.iter().find(|(it, _)| it == key);
        &cell.unwrap_or_else(|| panic!("no `{key}` in {self:?}")).1
    }

    /// A text value; `None` of null.
    #[track_caller]
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        serde_json::from_str(self.raw(key)).unwrap()
    }

    /// What a value says, be it a text or a number.
    #[track_caller]
    pub(crate) fn text_or_raw(&self, key: &str) -> String {
        let raw = self.raw(key);
        serde_json::from_str(raw).unwrap_or_else(|_not_a_text| raw.to_owned())
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(key, raw)| write!(f, "{key}: {raw}, "))
    }
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RowVisitor)
    }
}

struct RowVisitor;

impl<'de> Visitor<'de> for RowVisitor {
    type Value = Row;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Row, A::Error> {
        let mut cells = Vec::new();
        while let Some((key, raw)) = map.next_entry::<String, Box<RawValue>>()? {
            cells.push((key, raw.get().to_owned()));
        }
        Ok(Row(cells))
    }
}

/// A line that the log of a passing test shows too, which `println!` does not.
pub(crate) fn say(line: &str) {
    writeln!(std::io::stderr(), "{line}").expect("stderr is open");
}

/// The file or folder that an environment variable names, or a line that says that the test skips.
pub(crate) fn path_of(variable: &str) -> Option<PathBuf> {
    let path = std::env::var_os(variable).filter(|it| !it.is_empty()).map(PathBuf::from);
    if path.is_none() {
        say(&format!("skipped: {variable} is not set"));
    }
    path
}
