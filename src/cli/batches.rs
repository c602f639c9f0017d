//! `creditscope batches`, `rejects` and `remove-batch`: what was imported.

use std::path::Path;

use super::{Done, Failure, Listing, batch_args, out, removed};
use crate::model::{Cancel, Place, Zone};
use crate::report::{Cell, ReportTable};
use crate::service;
use crate::store::{Batch, KeptReject, Operator, Store, StoreError};

const BATCHES: &[&str] = &[
    "batch",
    "table",
    "path",
    "size_bytes",
    "sha256",
    "imported_at",
    "format",
    "rows_read",
    "imported",
    "updated",
    "repeats",
    "conflicts",
    "rejected",
    "removed_at",
];
const REJECTS: &[&str] = &["batch", "table", "row", "line", "column", "reason", "raw"];

pub(super) fn list(args: &batch_args::Batches) -> Result<Done, Failure> {
    let operator = Store::open(&args.db)?.operator()?;
    let batches = if args.removed { operator.removed_batches()? } else { operator.batches()? };
    let table = ReportTable { columns: BATCHES, rows: batches.iter().map(batch).collect() };
    super::print(&table, &Zone::utc(), args.format)
}

pub(super) fn rejects(args: &batch_args::Rejects) -> Result<Done, Failure> {
    let operator = operator(&args.db, args.batch)?;
    let mut listing = Listing::begin(REJECTS, args.format, &Zone::utc());
    operator.each_reject(args.batch, &mut |it| listing.push(&reject(it)))?;
    listing.end()
}

pub(super) fn remove(args: &batch_args::RemoveBatch) -> Result<Done, Failure> {
    let store = Store::open(&args.db)?;
    let cancel = Cancel::new();
    if args.dry_run {
        let removal = service::removal(&store, args.batch, &cancel)?;
        out::answer(&removed::words(&removal, false))?;
        return Ok(Done::Whole);
    }
    let progress = out::Progress::new();
    let removal = service::remove_batch(&store, args.batch, &cancel, &mut |it| {
        progress.show(&format!("removing: {} of {} rows looked at", it.rows, it.rows_total));
    });
    drop(progress);
    out::answer(&removed::words(&removal?, true))?;
    Ok(Done::Whole)
}

/// The operator of a file that knows the batch, if one is named.
pub(super) fn operator(db: &Path, number: Option<i64>) -> Result<Operator, Failure> {
    let operator = Store::open(db)?.operator()?;
    if let Some(number) = number
        && !operator.batches()?.iter().any(|it| it.number == number)
    {
        return Err(StoreError::UnknownBatch { number, path: db.to_owned() }.into());
    }
    Ok(operator)
}

fn batch(batch: &Batch) -> Vec<Cell> {
    let Batch { number, path, size, sha256, imported_at, removed_at, table } = batch;
    let counts =
        [table.rows_read, table.imported, table.updated, table.repeats, table.conflicts, table.rejected];
    let mut cells = vec![
        self::number(*number),
        Cell::Text(table.table.name().to_owned()),
        Cell::Text(path.to_string_lossy().into_owned()),
        Cell::Count(*size),
        Cell::Text(sha256.clone()),
        Cell::Time(*imported_at),
        Cell::Text(table.format.clone()),
    ];
    cells.extend(counts.map(Cell::Count));
    cells.push(removed_at.map_or(Cell::Null, Cell::Time));
    cells
}

fn reject(kept: KeptReject) -> Vec<Cell> {
    let KeptReject { batch, table, reject } = kept;
    let Place { row, line } = reject.place;
    vec![
        number(batch),
        Cell::Text(table.name().to_owned()),
        Cell::Count(row),
        Cell::Count(line),
        Cell::text(reject.column.as_deref()),
        Cell::Text(reject.reason),
        Cell::Text(reject.raw),
    ]
}

/// Batches count from 1.
pub(super) fn number(batch: i64) -> Cell {
    Cell::Count(batch.unsigned_abs())
}
