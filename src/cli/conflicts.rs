//! `creditscope conflicts`: both versions side by side, and the newer one taken.

use std::fmt::Write as _;

use super::args::Format;
use super::batches::{number, operator};
use super::{Done, Failure, Listing, batch_args, out};
use crate::model::{Cancel, CreditSum, Place, Record, RowId, Zone};
use crate::report::Cell;
use crate::service;
use crate::store::{ConflictChoice, KeptConflict, Store, Taking};

/// For people.
const SHORT: &[&str] =
    &["batch", "line", "id", "kept_credits", "newer_credits", "difference", "taken_at", "reason"];
const WHOLE: &[&str] = &[
    "batch",
    "table",
    "row",
    "line",
    "id",
    "reason",
    "kept_user_id",
    "kept_action",
    "kept_credits",
    "kept_created_at",
    "kept_format",
    "kept_quality",
    "kept_metadata",
    "newer_user_id",
    "newer_action",
    "newer_credits",
    "newer_created_at",
    "newer_format",
    "newer_quality",
    "newer_metadata",
    "difference",
    "taken_at",
    "taken_by",
    "raw",
];

pub(super) fn run(args: &batch_args::Conflicts) -> Result<Done, Failure> {
    if args.take_all || !args.take.is_empty() {
        return take(args);
    }
    let operator = operator(&args.db, args.batch)?;
    let is_short = args.format == Format::Table;
    let columns = if is_short { SHORT } else { WHOLE };
    let mut listing = Listing::begin(columns, args.format, &Zone::utc());
    operator
        .each_conflict(args.batch, &mut |it| listing.push(&if is_short { short(it) } else { whole(it) }))?;
    listing.end()
}

fn take(args: &batch_args::Conflicts) -> Result<Done, Failure> {
    operator(&args.db, args.batch)?;
    let ids = (!args.take_all).then(|| args.take.iter().copied().map(RowId).collect());
    let choice = ConflictChoice { batch: args.batch, ids };
    let progress = out::Progress::new();
    let store = Store::open(&args.db)?;
    let taking = service::take_newer(&store, &choice, &Cancel::new(), &mut |it| {
        progress.show(&format!("taking: {} of {} conflicts", it.rows, it.rows_total));
    });
    drop(progress);
    let taking = taking?;
    out::answer(&words(&taking))?;
    Ok(if taking.not_kept > 0 { Done::WithRejects } else { Done::Whole })
}

fn words(taking: &Taking) -> String {
    let Taking { taken, taken_before, not_kept, difference } = *taking;
    let sign = if difference > CreditSum::ZERO { "+" } else { "" };
    let mut text = format!("{taken} newer versions taken: {sign}{difference} credits\n");
    if taken_before > 0 {
        writeln!(text, "  {taken_before} had been taken before").ok();
    }
    if not_kept > 0 {
        writeln!(
            text,
            "  {not_kept} cannot be taken: no more is kept of them than the beginning of their text; import \
             their file again, and take them then"
        )
        .ok();
    }
    text
}

fn short(it: KeptConflict) -> Vec<Cell> {
    let credits = |it: &Option<Record>| it.as_ref().map_or(Cell::Null, |it| Cell::Credits(it.credits.into()));
    vec![
        number(it.batch),
        Cell::Count(it.conflict.place.line),
        Cell::Id(it.conflict.id),
        credits(&it.kept),
        credits(&it.newcomer),
        it.difference().map_or(Cell::Null, Cell::Credits),
        it.taken.as_ref().map_or(Cell::Null, |it| Cell::Time(it.at)),
        Cell::Text(it.conflict.reason),
    ]
}

fn whole(it: KeptConflict) -> Vec<Cell> {
    let difference = it.difference().map_or(Cell::Null, Cell::Credits);
    let KeptConflict { batch, table, conflict, kept, newcomer, taken } = it;
    let Place { row, line } = conflict.place;
    let mut cells = vec![
        number(batch),
        Cell::Text(table.name().to_owned()),
        Cell::Count(row),
        Cell::Count(line),
        Cell::Id(conflict.id),
        Cell::Text(conflict.reason),
    ];
    cells.extend(version(kept));
    cells.extend(version(newcomer));
    cells.push(difference);
    cells.push(taken.as_ref().map_or(Cell::Null, |it| Cell::Time(it.at)));
    cells.push(taken.map_or(Cell::Null, |it| Cell::Text(it.by)));
    cells.push(Cell::Text(conflict.raw));
    cells
}

/// All NULL of a version that is not known.
fn version(record: Option<Record>) -> [Cell; 7] {
    let Some(record) = record else { return [const { Cell::Null }; 7] };
    let Record { id: _, user_id, action, credits, metadata, created_at, format, quality } = record;
    [
        Cell::Id(user_id.0),
        Cell::Text(action),
        Cell::Credits(credits.into()),
        Cell::Time(created_at),
        Cell::text(format.as_deref()),
        Cell::text(quality.as_deref()),
        metadata.map_or(Cell::Null, Cell::Metadata),
    ]
}
