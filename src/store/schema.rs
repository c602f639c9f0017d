//! What the file holds, and how an older one becomes a newer one.

use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::StoreError;
use super::open::Connection;
use super::values::{count, integer};

/// `CrSc`, in the file's header: says what the file is to us, and to `file(1)`.
const APPLICATION_ID: i64 = 0x4372_5363;

/// Bytes of a page. An import writes page by page, and of larger ones there are fewer: four times as large
/// as `SQLite`'s own.
const PAGE_SIZE: i64 = 16 * 1024;

/// One step a version. Steps are only ever added: files of every version are about.
const MIGRATIONS: &[&str] = &[
    include_str!("sql/migrations/0001_init.sql"),
    include_str!("sql/migrations/0002_batches.sql"),
    include_str!("sql/migrations/0003_columns.sql"),
    include_str!("sql/migrations/0004_metadata.sql"),
];

/// SHA-256 of what a file of the latest version holds. To make one takes 7 ms, longer than many a question
/// to the file, each of which begins with a look at the schema.
const LATEST: [u8; 32] = [
    0xe7, 0x75, 0xba, 0xfe, 0x75, 0x16, 0x3e, 0xb1, 0x61, 0x80, 0x5e, 0xfa, 0x4b, 0x4f, 0xcc, 0x6d, 0xf8,
    0xa8, 0x05, 0x9b, 0xa9, 0x8b, 0x3e, 0x4e, 0xf2, 0x2f, 0x11, 0x59, 0x8e, 0x5b, 0x8a, 0x0c,
];

/// A table, view or trigger: its kind, its name, and the SQL that made it.
type Object = (String, String, String);

/// The version of the schema that is held to be ours, 0 for a file with nothing in it.
///
/// Ours means exactly so: a view of the same name with another text could say anything. Indexes are
/// not looked at; they change how fast an answer comes, not what it is.
pub(super) fn check(conn: &Connection, path: &Path) -> Result<usize, StoreError> {
    let failed = |err| StoreError::new(err, path);
    let application_id: i64 =
        conn.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(failed)?;
    let found: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)?;
    let objects = objects(conn).map_err(failed)?;
    if application_id == 0 && found == 0 && objects.is_empty() {
        return Ok(0);
    }
    if application_id != APPLICATION_ID || found < 1 {
        return Err(StoreError::NotOurs { path: path.to_owned() });
    }
    let version = usize::try_from(found).unwrap_or(usize::MAX);
    if version > MIGRATIONS.len() {
        return Err(StoreError::TooNew { found, known: integer(MIGRATIONS.len()), path: path.to_owned() });
    }
    if is_latest(version) && digest(&objects) == LATEST {
        return Ok(version);
    }
    let ours = objects_of(version).map_err(failed)?;
    let odd =
        objects.iter().find(|it| !ours.contains(it)).or_else(|| ours.iter().find(|it| !objects.contains(it)));
    match odd {
        None => Ok(version),
        Some((kind, name, _)) => {
            Err(StoreError::Altered { kind: kind.clone(), name: name.clone(), path: path.to_owned() })
        }
    }
}

/// Whether a file says that it is ours, of whatever version.
pub(super) fn is_ours(conn: &Connection) -> rusqlite::Result<bool> {
    let application_id: i64 = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
    Ok(application_id == APPLICATION_ID)
}

pub(super) fn is_latest(version: usize) -> bool {
    version == MIGRATIONS.len()
}

/// Of a file's pages, empty ones beyond this part are given back after an upgrade.
const EMPTY_PART: u64 = 4;

/// Brings an empty file or an older one to the latest version, in one transaction.
pub(super) fn upgrade(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    let failed = |err| StoreError::new(err, path);
    // Of a file with anything in it this changes nothing.
    conn.pragma_update(None, "page_size", PAGE_SIZE).map_err(failed)?;
    conn.execute_batch("BEGIN IMMEDIATE").map_err(failed)?;
    // Asked again: another process may have been first.
    let result = check(conn, path).and_then(|version| {
        apply(conn, version, MIGRATIONS.len()).and_then(|()| conn.execute_batch("COMMIT")).map_err(failed)
    });
    if result.is_err() {
        // Closing the connection would do the same.
        conn.execute_batch("ROLLBACK").ok();
    }
    result
}

/// Gives back the pages that an upgrade has left empty, where they are many: a step that moves the log rows
/// leaves the room of all of them. A file of 288 MB had 467 afterwards.
pub(super) fn give_back(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    let n_pages = |pragma| conn.pragma_query_value(None, pragma, |row| count(row, pragma));
    let failed = |err| StoreError::new(err, path);
    let (empty, all) = (n_pages("freelist_count").map_err(failed)?, n_pages("page_count").map_err(failed)?);
    if empty > all / EMPTY_PART {
        // Somebody reads the file, or the disk is full: then the room is for later imports.
        conn.execute_batch("VACUUM").ok();
    }
    Ok(())
}

fn apply(conn: &Connection, from: usize, until: usize) -> rusqlite::Result<()> {
    for migration in &MIGRATIONS[from..until] {
        conn.execute_batch(migration)?;
    }
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    conn.pragma_update(None, "user_version", integer(until))
}

fn digest(objects: &[Object]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for text in objects.iter().flat_map(|(kind, name, sql)| [kind, name, sql]) {
        hasher.update(text);
        // No text of a schema holds one.
        hasher.update([0]);
    }
    hasher.finalize().into()
}

/// What a file of this version holds, by making one.
fn objects_of(version: usize) -> rusqlite::Result<Vec<Object>> {
    let conn = Connection::open_in_memory()?;
    apply(&conn, 0, version)?;
    objects(&conn)
}

fn objects(conn: &Connection) -> rusqlite::Result<Vec<Object>> {
    let mut statement = conn.prepare(include_str!("sql/objects.sql"))?;
    let objects = statement.query_map([], |row| Ok((row.get("type")?, row.get("name")?, row.get("sql")?)))?;
    objects.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::indexes;

    #[test]
    fn every_base_table_has_the_prefix() {
        for (kind, name, _) in objects_of(MIGRATIONS.len()).unwrap() {
            assert!(name.starts_with("raw_") || (kind == "view" && name == "usage_logs_readable"), "{name}");
        }
    }

    #[test]
    fn the_latest_schema_is_known_without_making_it() {
        assert_eq!(digest(&objects_of(MIGRATIONS.len()).unwrap()), LATEST);
    }

    #[test]
    fn indexes_made_after_a_load_are_those_of_the_migrations() {
        const INDEXES: &str =
            "SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'raw_usage_logs' ORDER BY 1";
        let conn = Connection::open_in_memory().unwrap();
        apply(&conn, 0, MIGRATIONS.len()).unwrap();
        let indexes = || -> Vec<String> {
            let mut statement = conn.prepare(INDEXES).unwrap();
            statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        };
        let before = indexes();
        conn.execute_batch(include_str!("sql/drop_indexes.sql")).unwrap();
        conn.execute_batch(include_str!("sql/drop_id_index.sql")).unwrap();
        assert!(indexes().is_empty());
        indexes::create(&conn, &mut |_| ()).unwrap();
        assert_eq!(indexes(), before);
        assert_eq!(before.len(), 6);
    }
}
