//! `creditscope diff`: what became of rows that were already billed.

use std::fmt::Write as _;
use std::path::Path;

use super::import::options;
use super::{Done, Failure, Listing, batch_args, out};
use crate::import::Options;
use crate::model::{Cancel, CreditSum, Record, UserId, Zone};
use crate::report::Cell;
use crate::service::{self, Change, Diff, DiffProgress, Side, UserDiff};
use crate::store::Usernames;

const USERS: &[&str] = &[
    "user_id",
    "username",
    "new_rows",
    "new_credits",
    "vanished_rows",
    "vanished_credits",
    "changed_rows",
    "changed_credits",
    "effect",
];
const ROWS: &[&str] = &[
    "change",
    "id",
    "user_id",
    "username",
    "action",
    "created_at",
    "credits_before",
    "credits_after",
    "effect",
    "what",
];

pub(super) fn run(args: &batch_args::Diff) -> Result<Done, Failure> {
    let options = options(&args.reading);
    let (before, before_is_whole) = open(&args.before, &options)?;
    let (after, after_is_whole) = open(&args.after, &options)?;
    let mut names = before.usernames()?;
    names.extend(after.usernames()?);
    let mut listing = Listing::begin(if args.rows { ROWS } else { USERS }, args.format, &Zone::utc());
    let progress = out::Progress::new();
    let mut on_change = |change: &Change| -> Result<(), Failure> {
        if args.rows { listing.push(&row(change, &names)) } else { Ok(()) }
    };
    let cancel = Cancel::new();
    let diff = service::diff((&before, &after), &cancel, &mut |it| show(&progress, it), &mut on_change);
    drop(progress);
    let diff = diff?;
    if !args.rows {
        diff.users.iter().try_for_each(|(user, it)| listing.push(&of_user(*user, it, &names)))?;
    }
    listing.end()?;
    note(&diff);
    let is_same = diff.is_empty() && before_is_whole && after_is_whole;
    Ok(if is_same { Done::Whole } else { Done::WithRejects })
}

/// A side, and whether all its rows can be compared.
fn open(path: &Path, options: &Options) -> Result<(Side, bool), Failure> {
    let progress = out::Progress::new();
    let side = Side::open(path, options, &Cancel::new(), &mut |it| show(&progress, it));
    drop(progress);
    let side = side?;
    let tables = side.report().map_or(&[][..], |it| &it.tables);
    let n_rejected: u64 = tables.iter().map(|it| it.rejected).sum();
    let n_conflicts: u64 = tables.iter().map(|it| it.conflicts).sum();
    let path = path.display();
    if n_rejected > 0 {
        out::note(format!("{n_rejected} rows were rejected and are not compared: {path}"));
    }
    if n_conflicts > 0 {
        out::note(format!("{n_conflicts} rows contradict earlier ones of the file, which count: {path}"));
    }
    Ok((side, n_rejected + n_conflicts == 0))
}

fn show(progress: &out::Progress, at: DiffProgress<'_>) {
    if !progress.is_shown() {
        return;
    }
    progress.show(&match at {
        DiffProgress::Reading(path, it) => format!("reading {}: {} rows", path.display(), it.rows),
        DiffProgress::Comparing(it) => format!("comparing: {} of {} rows", it.rows, it.rows_total),
    });
}

fn note(diff: &Diff) {
    let Diff { users, new_rows, vanished_rows, changed_rows, same_rows, less_precise_rows } = diff;
    let mut text = format!(
        "{new_rows} new, {vanished_rows} vanished, {changed_rows} changed, {same_rows} the same; {} credits, {} users",
        signed(diff.effect()),
        users.len(),
    );
    if *less_precise_rows > 0 {
        write!(text, "; {less_precise_rows} of the same have fewer digits on one side").ok();
    }
    out::note(text);
}

fn signed(credits: CreditSum) -> String {
    if credits > CreditSum::ZERO { format!("+{credits}") } else { credits.to_string() }
}

fn name(user: UserId, names: &Usernames) -> Cell {
    Cell::text(names.get(&user).map(String::as_str))
}

fn of_user(user: UserId, diff: &UserDiff, names: &Usernames) -> Vec<Cell> {
    let UserDiff { new_rows, new_credits, vanished_rows, vanished_credits, changed_rows, changed_credits } =
        *diff;
    vec![
        Cell::Id(user.0),
        name(user, names),
        Cell::Count(new_rows),
        Cell::Credits(new_credits),
        Cell::Count(vanished_rows),
        Cell::Credits(vanished_credits),
        Cell::Count(changed_rows),
        Cell::Credits(changed_credits),
        Cell::Credits(diff.effect()),
    ]
}

fn row(change: &Change, names: &Usernames) -> Vec<Cell> {
    let (kind, before, after, what) = match change {
        Change::New(row) => ("new", None, Some(row), None),
        Change::Vanished(row) => ("vanished", Some(row), None, None),
        Change::Changed { before, after, what } => ("changed", Some(before), Some(after), Some(what)),
    };
    // The row as it is, or as it last was.
    let Some(now) = after.or(before) else { return Vec::new() };
    let credits = |it: Option<&Record>| it.map_or(Cell::Null, |it| Cell::Credits(it.credits.into()));
    vec![
        Cell::Text(kind.to_owned()),
        Cell::Id(now.id.0),
        Cell::Id(now.user_id.0),
        name(now.user_id, names),
        Cell::Text(now.action.clone()),
        Cell::Time(now.created_at),
        credits(before),
        credits(after),
        Cell::Credits(change.effect()),
        Cell::text(what.map(String::as_str)),
    ]
}
