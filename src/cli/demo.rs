//! `creditscope demo`.

use std::path::PathBuf;

use super::{Failure, args, out};
use crate::demo::Demo;
use crate::service;

/// Makes the file, or finds it made; its path is the answer.
pub(super) fn run(args: &args::Demo) -> Result<PathBuf, Failure> {
    let demo = Demo { n_rows: args.rows, seed: args.seed };
    let db = args.db.clone().unwrap_or_else(|| default_db(demo));
    let progress = out::Progress::new();
    service::open_demo(&db, demo, &mut |n_rows| {
        progress.show(&format!("making a demo: {n_rows} of {} rows", demo.n_rows));
        true
    })?;
    drop(progress);
    if args.no_window {
        out::answer(&format!("{}\n", db.display()))?;
    }
    Ok(db)
}

/// A file of its own for each demo, where the system keeps what can be made again.
fn default_db(demo: Demo) -> PathBuf {
    let name = format!("creditscope-demo-{}-{}.creditscope", demo.n_rows, demo.seed);
    std::env::temp_dir().join(name)
}
