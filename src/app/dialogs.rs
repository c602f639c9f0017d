//! File dialogs behind a trait: nothing blocks a frame, and tests answer at once.

use std::path::PathBuf;
use std::pin::Pin;
use std::time::{Duration, Instant};

/// What is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wanted {
    Dumps,
    File,
    /// Where to save something: the folder and the name that are suggested.
    Place(FileKind, PathBuf),
}

/// What is saved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileKind {
    Png,
    Csv,
}

/// How a dialog ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Picked {
    Paths(Vec<PathBuf>),
    Cancelled,
    /// There is neither a portal nor another dialog program: a field for the path serves instead.
    Unavailable,
}

pub type Reply = Box<dyn FnOnce(Picked) + Send>;

/// Opens dialogs; the reply comes later, from another thread.
pub trait Dialogs {
    fn choose(&self, wanted: Wanted, reply: Reply);
}

/// The system's own dialogs.
pub struct Native;

/// A dialog that could not be opened is told from a cancelled one only by how fast it ends:
/// without portal and zenity rfd gives up within 7 ms, and no person is that quick.
const UNAVAILABLE_WITHIN: Duration = Duration::from_millis(250);

/// How the names of exports end, packed ones too.
const EXPORTS: [&str; 15] = [
    "csv", "json", "ndjson", "jsonl", "tsv", "txt", "md", "sql", "gz", "zst", "zip", "sqlite", "sqlite3",
    "db", "parquet",
];

impl Dialogs for Native {
    fn choose(&self, wanted: Wanted, reply: Reply) {
        let began = Instant::now();
        // Made on the main thread, as macOS wants it, and awaited on another.
        let dialog = rfd::AsyncFileDialog::new();
        let chosen: Pin<Box<dyn Future<Output = Vec<rfd::FileHandle>> + Send>> = match wanted {
            Wanted::Dumps => {
                let files = dialog
                    .set_title("Import usage logs")
                    .add_filter("Exports", &EXPORTS)
                    .add_filter("All files", &["*"])
                    .pick_files();
                Box::pin(async { files.await.unwrap_or_default() })
            }
            Wanted::File => {
                let files = dialog
                    .set_title("Open a creditscope file")
                    .add_filter("creditscope", &["creditscope"])
                    .add_filter("All files", &["*"])
                    .pick_files();
                Box::pin(async { files.await.unwrap_or_default() })
            }
            Wanted::Place(kind, suggested) => {
                let (name_of_kind, ending) = match kind {
                    FileKind::Png => ("PNG", "png"),
                    FileKind::Csv => ("CSV", "csv"),
                };
                let name = suggested.file_name().unwrap_or_default().to_string_lossy();
                let dialog = dialog.set_title(format!("Save as {name_of_kind}")).set_file_name(name);
                let dialog = match suggested.parent() {
                    Some(folder) => dialog.set_directory(folder),
                    None => dialog,
                };
                let file = dialog.add_filter(name_of_kind, &[ending]).save_file();
                Box::pin(async { file.await.into_iter().collect() })
            }
        };
        let wait = move || {
            let files = pollster::block_on(chosen);
            let picked = if !files.is_empty() {
                Picked::Paths(files.iter().map(|it| it.path().to_owned()).collect())
            } else if began.elapsed() < UNAVAILABLE_WITHIN {
                Picked::Unavailable
            } else {
                Picked::Cancelled
            };
            reply(picked);
        };
        // Without a thread the closure is dropped with its reply, which the app takes for a cancel.
        std::thread::Builder::new().name("dialog".to_owned()).spawn(wait).ok();
    }
}
