use std::path::{Path, PathBuf};

use super::ServiceError;
use crate::demo::Demo;
use crate::engine::Cancelled;
use crate::model::{Cancel, DumpTable};
use crate::store::{BatchSummary, DumpFile, Store, TableSummary};

/// Rows between two words about them.
const TOLD_ROWS: u64 = 1_000;

/// The file of a demo: the one that is there, if it holds this demo, else a new one.
///
/// `on_rows` hears every thousand rows how many are made, and may end it by returning false; then the file
/// is left empty. A file with anything else in it is not touched.
pub fn open_demo(
    path: &Path,
    demo: Demo,
    on_rows: &mut dyn FnMut(u64) -> bool,
) -> Result<Store, ServiceError> {
    let store = Store::create_or_open(path)?;
    match store.operator()?.batches()?.as_slice() {
        [] => write(&store, demo, on_rows)?,
        [batch] if batch.path == Path::new(&demo.name()) => {}
        _ => return Err(ServiceError::NotThisDemo { path: path.to_owned() }),
    }
    Ok(store)
}

fn write(store: &Store, demo: Demo, on_rows: &mut dyn FnMut(u64) -> bool) -> Result<(), ServiceError> {
    let mut batch = store.begin_import(&DumpFile { path: PathBuf::from(demo.name()), size: 0 })?;
    let cancel = Cancel::new();
    let mut on_progress = |n_rows| {
        if !on_rows(n_rows) {
            cancel.cancel();
        }
    };
    let written = batch.feed(&cancel, &mut on_progress, |writer, on_progress| {
        demo.write(writer, &mut |n_rows| {
            if n_rows.is_multiple_of(TOLD_ROWS) {
                on_progress(n_rows);
            }
            !cancel.is_cancelled()
        })
    });
    written.and_then(|it| it).map_err(|err| ServiceError::NotWritten(err.0))?;
    if cancel.is_cancelled() {
        return Err(Cancelled.into());
    }
    let logs = TableSummary {
        table: DumpTable::UsageLogs,
        format: "demo".to_owned(),
        rows_read: demo.n_rows,
        imported: demo.n_rows,
        updated: 0,
        repeats: 0,
        conflicts: 0,
        rejected: 0,
    };
    batch.commit(&BatchSummary { sha256: String::new(), tables: vec![logs] })?;
    Ok(store.make_indexes(&Cancel::new(), &mut |_| ())?)
}
