//! The work that the app has done elsewhere: each function runs on a worker thread.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Command;
use super::checks::Checked;
use super::look::Looked;
use super::state::Question;
use crate::demo;
use crate::import::Options;
use crate::model::Cancel;
use crate::service::Check;
use crate::store::Store;
use crate::view;
use crate::worker::Task;

/// Where answers go, and what replaces what: see [`crate::worker::Desk`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Slot {
    Open,
    Look,
    People,
    Proof,
    /// The rows were counted again after an import.
    Count,
    /// Runs as long as the file is open.
    Watch,
    /// A picture or a table, into a file.
    Save,
}

/// What a worker has found. An error is a sentence for the screen.
pub(super) enum Event {
    Opened(Result<Opened, String>),
    /// A recent file is not there any more.
    Missing(PathBuf),
    Looked(Result<Looked, String>),
    People(Result<view::People, String>),
    Proved(Box<Result<view::Proof, String>>),
    /// The file was looked at, and holds so many rows.
    Counted(Counted),
    /// Something was written, and where.
    Saved(Result<PathBuf, String>),
    /// Nobody looks any more, or it could not be looked at.
    Uncounted,
}

/// What became of paths that were to be opened.
#[derive(Default)]
pub(super) struct Opened {
    /// The file that is open from now on, with its rows; `None` leaves the one that is.
    pub(super) store: Option<(Store, u64)>,
    /// What is to be checked before it is imported.
    pub(super) dumps: Vec<PathBuf>,
    /// The file that the dumps go into, where it is still to be made.
    pub(super) into: Option<PathBuf>,
    /// A dump that was imported before, with the hash it had then: to be checked again.
    pub(super) again: Option<(PathBuf, String)>,
    /// What is to be imported now.
    pub(super) checked: Vec<Checked>,
    pub(super) question: Option<Question>,
}

/// How often another process's import is looked for: soon enough to seem at once, for one pragma.
const WATCH_EVERY: Duration = Duration::from_secs(1);
/// The first bytes of every `SQLite` file.
const SQLITE_MAGIC: &[u8] = b"SQLite format 3\0";
/// The ending of our files.
const ENDING: &str = "creditscope";

/// Opens databases, passes dumps on. Dumps without a file go into one beside the first of them;
/// one that is there already is asked about.
pub(super) fn open(paths: Vec<PathBuf>, has_file: bool) -> Result<Opened, String> {
    let (files, dumps): (Vec<_>, Vec<_>) = paths.into_iter().partition(|it| is_ours(it));
    let dumps = without_folders(dumps)?;
    if let Some(file) = files.last() {
        return if dumps.is_empty() { open_file(file) } else { open_for(file, dumps) };
    }
    let Some(first) = dumps.first() else {
        return Err("nothing to open".to_owned());
    };
    if has_file {
        return Ok(Opened { dumps, ..Opened::default() });
    }
    let beside = first.with_extension(ENDING);
    if beside.exists() {
        return Ok(Opened { question: Some(which_file(&beside, &dumps)), ..Opened::default() });
    }
    open_for(&beside, dumps)
}

/// The files in a folder stand for it, by their names; what is hidden is left alone.
fn without_folders(paths: Vec<PathBuf>) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    for path in paths {
        // A folder that pg_dump wrote is refused by the import, which says what to do.
        if !path.is_dir() || path.join("toc.dat").exists() {
            files.push(path);
            continue;
        }
        let entries = std::fs::read_dir(&path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let entries =
            entries.map_err(|err| format!("cannot look into the folder: {err}: {}", path.display()))?;
        let is_hidden = |it: &Path| it.file_name().is_some_and(|it| it.as_encoded_bytes().starts_with(b"."));
        let mut found: Vec<_> = entries
            .into_iter()
            .map(|it| it.path())
            .filter(|it| it.is_file() && !is_hidden(it) && !is_ours(it))
            .collect();
        if found.is_empty() {
            return Err(format!("no files in the folder {}", path.display()));
        }
        found.sort();
        files.append(&mut found);
    }
    Ok(files)
}

/// By its content; a file that is still to be made, by its name.
fn is_ours(path: &Path) -> bool {
    let mut start = [0; SQLITE_MAGIC.len()];
    match File::open(path) {
        Ok(mut file) => file.read_exact(&mut start).is_ok() && start == SQLITE_MAGIC,
        Err(_) => path.extension().is_some_and(|it| it == ENDING),
    }
}

/// Opens a file that was open before.
pub(super) fn open_recent(path: PathBuf) -> Event {
    // What cannot be looked at is not missing: opening it says why.
    if path.try_exists().is_ok_and(|it| !it) { Event::Missing(path) } else { Event::Opened(open_file(&path)) }
}

fn open_file(path: &Path) -> Result<Opened, String> {
    let store = Store::open(path).map_err(|err| err.to_string())?;
    Ok(Opened { store: Some(counted(store)?), ..Opened::default() })
}

/// Opens the file that dumps are to go into. One that is missing is made when they are imported.
pub(super) fn open_for(path: &Path, dumps: Vec<PathBuf>) -> Result<Opened, String> {
    if !path.exists() {
        return Ok(Opened { dumps, into: Some(path.to_owned()), ..Opened::default() });
    }
    let store = Store::create_or_open(path).map_err(|err| err.to_string())?;
    Ok(Opened { store: Some(counted(store)?), dumps, ..Opened::default() })
}

/// Makes the file that dumps were checked for.
pub(super) fn create_for(path: &Path, checked: Vec<Checked>) -> Result<Opened, String> {
    let store = Store::create_or_open(path).map_err(|err| err.to_string())?;
    Ok(Opened { store: Some(counted(store)?), checked, ..Opened::default() })
}

fn counted(store: Store) -> Result<(Store, u64), String> {
    let n_rows = n_rows(&store)?;
    Ok((store, n_rows))
}

fn which_file(existing: &Path, dumps: &[PathBuf]) -> Question {
    let other = (2..1_000)
        .map(|number| {
            let stem = existing.file_stem().unwrap_or_default().to_string_lossy();
            existing.with_file_name(format!("{stem}-{number}.{ENDING}"))
        })
        .find(|it| !it.exists());
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let into = |file: &Path| Command::ImportInto { file: file.to_owned(), dumps: dumps.to_vec() };
    let mut answers = vec![(format!("Add to {}", name(existing)), into(existing))];
    if let Some(other) = other {
        answers.push((format!("New file {}", name(&other)), into(&other)));
    }
    answers.push(("Cancel".to_owned(), Command::CloseQuestion));
    Question {
        title: format!("{} is there already", name(existing)),
        text: "Rows that are in it count as repeats, so nothing is doubled".to_owned(),
        answers,
    }
}

/// The sample that is built in, written out as the dumps it is and imported like any others, but that
/// nobody has to look at them first.
pub(super) fn open_sample(cancel: &Cancel) -> Result<Opened, String> {
    let folder = eframe::storage_dir("creditscope")
        .unwrap_or_else(|| std::env::temp_dir().join("creditscope"))
        .join("sample");
    let file = folder.join("sample.creditscope");
    let written = demo::write_sample(&folder);
    let dumps = written.map_err(|err| format!("cannot write the sample: {err}: {}", folder.display()))?;
    let store = Store::create_or_open(&file).map_err(|err| err.to_string())?;
    let mut check = Check::new(Some(&store)).map_err(|err| err.to_string())?;
    let checked = dumps.iter().map(|path| {
        let options = Options::default();
        Checked { report: check.dump(path, &options, cancel, &mut |_| ()), options }
    });
    let checked = checked.collect();
    Ok(Opened { store: Some(counted(store)?), checked, ..Opened::default() })
}

pub(super) fn people(store: &Store) -> Result<view::People, String> {
    let load = || {
        let operator = store.operator()?;
        let totals = operator.totals()?;
        Ok::<_, crate::store::StoreError>((operator.people()?, totals))
    };
    let (people, totals) = load().map_err(|err| err.to_string())?;
    let people: Vec<view::Person> = people
        .into_iter()
        .map(|it| view::Person {
            user_id: it.user_id,
            username: it.username,
            has_profile: it.has_profile,
            roles: it.roles,
            n_rows: it.rows,
            credits: it.credits,
        })
        .collect();
    Ok(view::People::build(&people, (totals.rows, totals.credits)))
}

pub(super) fn n_rows(store: &Store) -> Result<u64, String> {
    let count = || store.operator()?.totals();
    count().map(|it| it.rows).map_err(|err| err.to_string())
}

/// Which state of the file was counted. An import of this window and the watch see the same one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Counted {
    pub(super) generation: u64,
    pub(super) n_rows: u64,
}

pub(super) fn count(store: &Store) -> Event {
    let counted = || Some(Counted { generation: store.generation().ok()?, n_rows: n_rows(store).ok()? });
    counted().map_or(Event::Uncounted, Event::Counted)
}

/// Until another file is opened: counts when this one has been changed, by whomever.
pub(super) fn watch(store: &Store, task: &Task<Slot, Event>) -> Event {
    let mut known = store.generation().ok();
    while !task.cancel().is_cancelled() {
        std::thread::park_timeout(WATCH_EVERY);
        let now = store.generation().ok();
        if now != known {
            known = now;
            task.progress(count(store));
        }
    }
    Event::Uncounted
}
