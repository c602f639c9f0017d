//! What is saved into a file that is asked for: pictures, and tables of rows that were not taken.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind};
use std::path::{Path, PathBuf};

use super::App;
use super::dialogs::{FileKind, Picked, Wanted};
use super::imports::remembered_conflict;
use super::jobs::{Event, Slot};
use super::pictures::in_a_name;
use crate::model::Calendar;
use crate::store::{Store, StoreError};
use crate::view::{LeftOutRow, Outcome};

/// Where it was written, or what is the matter. The second word says that what is there already is kept:
/// nobody was asked whether it may be replaced.
type Write = Box<dyn FnOnce(&Path, bool) -> Result<PathBuf, String> + Send>;

/// What is to be saved, while the dialog asks where to.
pub(super) struct Saving {
    pub(super) kind: FileKind,
    pub(super) suggested: PathBuf,
    pub(super) write: Write,
}

/// Names that are tried beside the file before it is given up.
const NAMES_MAX: u32 = 1_000;

impl App {
    /// Asks where to; without a dialog it goes beside the open file.
    pub(super) fn save(&mut self, saving: Saving) {
        if self.state.dialog_open {
            return;
        }
        if self.state.dialogs_unavailable {
            let path = saving.suggested.clone();
            self.write(saving, path, true);
        } else {
            let wanted = Wanted::Place(saving.kind, saving.suggested.clone());
            self.saving = Some(saving);
            self.choose(wanted);
        }
    }

    /// Where to was asked, and answered.
    pub(super) fn on_place_picked(&mut self, saving: Saving, picked: Picked) {
        match picked {
            Picked::Paths(paths) => {
                if let Some(path) = paths.into_iter().next() {
                    self.write(saving, path, false);
                }
            }
            Picked::Cancelled => (),
            Picked::Unavailable => {
                self.state.dialogs_unavailable = true;
                let path = saving.suggested.clone();
                self.write(saving, path, true);
            }
        }
    }

    fn write(&mut self, saving: Saving, path: PathBuf, keeps: bool) {
        self.answers.ask(Slot::Save, move |_| Event::Saved((saving.write)(&path, keeps)));
    }

    /// All rows of a kind that an import did not take and that a text occurs in, not only those listed.
    pub(super) fn save_left_out(&mut self, batch: i64, outcome: Outcome, filter: String) {
        let (Some(store), Some(file)) = (self.store.clone(), &self.state.file) else { return };
        let imports = self.state.imports.value.as_ref();
        let Some(of) = imports.and_then(|it| it.left_out.as_ref()).filter(|it| it.batch == batch) else {
            return;
        };
        let stem = Path::new(&of.file).file_stem().unwrap_or_default().to_string_lossy();
        let name = format!("{}-{}.csv", in_a_name(&stem), outcome.name().to_lowercase());
        let suggested = file.path.with_file_name(name);
        let calendar = self.look.calendar.clone();
        let rows = LeftOutRows { store, batch, outcome, filter, calendar };
        let write = move |path: &Path, keeps| rows.write(path, keeps);
        self.save(Saving { kind: FileKind::Csv, suggested, write: Box::new(write) });
    }
}

/// Rows that one import did not take, as a table.
struct LeftOutRows {
    store: Store,
    batch: i64,
    outcome: Outcome,
    filter: String,
    calendar: Calendar,
}

impl LeftOutRows {
    fn write(&self, path: &Path, keeps: bool) -> Result<PathBuf, String> {
        let cannot = |err: io::Error| format!("The rows could not be saved: {err}: {}", path.display());
        let (file, path) = create(path, keeps).map_err(cannot)?;
        self.write_to(&mut BufWriter::new(file)).map_err(cannot)?;
        Ok(path)
    }

    fn write_to(&self, out: &mut impl io::Write) -> io::Result<()> {
        writeln!(out, "{}", LeftOutRow::csv_head())?;
        let text = self.filter.trim().to_lowercase();
        let mut push =
            |row: &LeftOutRow| if row.matches(&text) { writeln!(out, "{}", row.csv()) } else { Ok(()) };
        let batch = Some(self.batch);
        let operator = self.store.operator().map_err(io::Error::other)?;
        if self.outcome == Outcome::Rejected {
            operator.each_reject::<Failed>(batch, &mut |it| {
                Ok(push(&LeftOutRow::reject(it.table, &it.reject))?)
            })?;
        } else {
            operator.each_conflict::<Failed>(batch, &mut |it| {
                Ok(push(&LeftOutRow::conflict(&remembered_conflict(it), &self.calendar))?)
            })?;
        }
        out.flush()
    }
}

/// From either side of the way.
struct Failed(io::Error);

impl From<StoreError> for Failed {
    fn from(err: StoreError) -> Self {
        Self(io::Error::other(err))
    }
}

impl From<io::Error> for Failed {
    fn from(err: io::Error) -> Self {
        Self(err)
    }
}

impl From<Failed> for io::Error {
    fn from(Failed(err): Failed) -> Self {
        err
    }
}

/// A file to write to, and where it is: one that is there already is kept, or replaced.
pub(super) fn create(path: &Path, keeps: bool) -> io::Result<(File, PathBuf)> {
    if !keeps {
        return Ok((File::create(path)?, path.to_owned()));
    }
    for number in 1..NAMES_MAX {
        let path = numbered(path, number);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((file, path)),
            Err(err) if err.kind() == ErrorKind::AlreadyExists => {}
            Err(err) => return Err(err),
        }
    }
    Err(io::Error::new(ErrorKind::AlreadyExists, "there are too many files of this name already"))
}

fn numbered(path: &Path, number: u32) -> PathBuf {
    if number < 2 {
        return path.to_owned();
    }
    let part = |it: Option<&std::ffi::OsStr>| it.unwrap_or_default().to_string_lossy().into_owned();
    path.with_file_name(format!("{}-{number}.{}", part(path.file_stem()), part(path.extension())))
}
