//! What a removal does, in words.

use super::table::visible;
use crate::store::{OfBatch, Removal, StatesBack};

/// A line for each thing that happens, or, before it, would happen.
pub(super) fn words(removal: &Removal, is_done: bool) -> String {
    let Removal {
        batch,
        path,
        sha256,
        rows,
        credits,
        repeated,
        contradicted,
        changed_back,
        names,
        roles,
        forgotten,
    } = removal;
    let path = visible(&path.to_string_lossy());
    let verb = if is_done { "removed" } else { "would be removed" };
    let mut lines = vec![format!("batch {batch} {verb}: {path}"), format!("{rows} rows, {credits} credits")];
    let mut say = |n: u64, text: String| {
        if n > 0 {
            lines.push(text);
        }
    };
    for OfBatch { batch, rows } in repeated {
        say(*rows, format!("{rows} of these rows batch {batch} repeated: they go too"));
    }
    for OfBatch { batch, rows } in contradicted {
        say(*rows, format!("{rows} of these rows batch {batch} has in another version: neither stays"));
    }
    say(*changed_back, format!("{changed_back} rows of other batches are again what they were before"));
    for (what, StatesBack { restored, removed }) in [("names", names), ("role sets", roles)] {
        say(restored + removed, format!("{what} of users: {restored} as before, {removed} removed"));
    }
    say(
        *forgotten,
        format!(
            "{forgotten} rows, names or roles were replaced by an older creditscope, which did not keep what \
             was there: names and roles go, rows keep the digits they have"
        ),
    );
    if is_done {
        say(
            1,
            format!(
                "`creditscope import-again {batch}` has it back, while its file (sha-256 {sha256}) is there"
            ),
        );
    }
    lines
        .into_iter()
        .enumerate()
        .map(|(n, line)| if n == 0 { line + "\n" } else { format!("  {line}\n") })
        .collect()
}
