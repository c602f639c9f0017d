//! What `PostgreSQL`'s own ways out are read as: COPY text, dumps, the output of psql.

mod copy;
mod dumps;
mod psql;
mod roundtrip;
mod samples;
mod streaming;

use super::*;
use crate::import::Format;
use crate::model::DumpTable;

const ID: &str = "550e8400-e29b-41d4-a716-446655440000";
const USER: &str = "00000000-0000-0000-0000-00000000000a";
const COLUMNS: &str = "id, user_id, action, credits_consumed, metadata, created_at, format, quality";
/// A row of COPY text.
const LINE: &str = "550e8400-e29b-41d4-a716-446655440000\t00000000-0000-0000-0000-00000000000a\tgenerate\t2.5\t{\"n\": 1}\t2025-08-30 10:00:00+00\timage\thigh\n";
/// A row of an INSERT.
const VALUES: &str = "('550e8400-e29b-41d4-a716-446655440000', '00000000-0000-0000-0000-00000000000a', 'generate', 2.5, '{\"n\": 1}', '2025-08-30 10:00:00+00', 'image', 'high')";

fn usual() -> Memory {
    import(format!("{HEADER}{ROW}")).1
}

#[track_caller]
fn check_usual(content: impl AsRef<[u8]>) -> FileReport {
    let (report, memory) = check_counts(content, [1, 0, 0, 0, 0]);
    assert_eq!(memory.logs, usual().logs);
    report
}

fn insert() -> String {
    format!("INSERT INTO public.usage_logs ({COLUMNS}) VALUES {VALUES};\n")
}
