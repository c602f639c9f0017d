use std::path::{Path, PathBuf};

use super::ServiceError;
use crate::demo::Demo;
use crate::engine::Cancelled;
use crate::model::{Cancel, DumpTable};
use crate::store::{BatchSummary, DumpFile, Store, TableSummary};

/// The file of a demo: the one that is there, if it holds this demo, else a new one.
///
/// `on_row` hears how many rows are written, and may end it by returning false; then the file is
/// left empty. A file with anything else in it is not touched.
pub fn open_demo(
    path: &Path,
    demo: Demo,
    on_row: &mut dyn FnMut(u64) -> bool,
) -> Result<Store, ServiceError> {
    let store = Store::create_or_open(path)?;
    match store.operator()?.batches()?.as_slice() {
        [] => write(&store, demo, on_row)?,
        [batch] if batch.path == Path::new(&demo.name()) => {}
        _ => return Err(ServiceError::NotThisDemo { path: path.to_owned() }),
    }
    Ok(store)
}

fn write(store: &Store, demo: Demo, on_row: &mut dyn FnMut(u64) -> bool) -> Result<(), ServiceError> {
    let mut batch = store.begin_import(&DumpFile { path: PathBuf::from(demo.name()), size: 0 })?;
    let (mut n_rows, mut goes_on) = (0, true);
    let written = demo.write(&mut batch, &mut |n| {
        n_rows = n;
        goes_on = on_row(n);
        goes_on
    });
    written.map_err(|err| ServiceError::NotWritten(err.0))?;
    if !goes_on {
        return Err(Cancelled.into());
    }
    let logs = TableSummary {
        table: DumpTable::UsageLogs,
        format: "demo".to_owned(),
        rows_read: n_rows,
        imported: n_rows,
        updated: 0,
        repeats: 0,
        conflicts: 0,
        rejected: 0,
    };
    batch.commit(&BatchSummary { sha256: String::new(), tables: vec![logs] })?;
    Ok(store.make_indexes(&Cancel::new(), &mut |_| ())?)
}
