use super::*;

/// A file in which the statements have been run, and what reading it gives: a line for a row.
fn read(sql: &str) -> Result<Vec<String>, ForeignError> {
    let before = made_by(sql);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &before).unwrap();
    let lines = read_file(file.path());
    assert_eq!(std::fs::read(file.path()).unwrap(), before, "it was written to");
    lines
}

fn read_file(path: &Path) -> Result<Vec<String>, ForeignError> {
    let foreign = Foreign::open(path)?;
    let mut lines = Vec::new();
    for table in foreign.tables() {
        lines.push(format!("{} {:?}", table.name(), foreign.columns(*table)?));
        foreign.read(*table, &mut |values| {
            lines.push(format!("{values:?}"));
            Ok::<_, ForeignError>(())
        })?;
    }
    Ok(lines)
}

#[track_caller]
fn check_refused(sql: &str, reason: &str) {
    let err = read(sql).unwrap_err().to_string();
    assert!(err.contains(reason), "{err}");
}

#[test]
fn tables_of_our_names_are_read_as_they_stand() {
    let sql = "CREATE TABLE Usage_Logs (id BLOB, \"Credits\" REAL, note TEXT, n INTEGER, \"empty\");
        INSERT INTO usage_logs VALUES (x'00ff', 2.5, 'é', -1, NULL);
        CREATE TABLE user_roles (user_id TEXT PRIMARY KEY, role TEXT) WITHOUT ROWID;
        INSERT INTO user_roles VALUES ('u', 'admin');
        CREATE TABLE auth_users (email TEXT);
        INSERT INTO auth_users VALUES ('ada@example.org');";
    let expected = [
        r#"usage_logs ["id", "Credits", "note", "n", "empty"]"#,
        "[Blob([0, 255]), Real(2.5), Text([195, 169]), Integer(-1), Null]",
        r#"user_roles ["user_id", "role"]"#,
        "[Text([117]), Text([97, 100, 109, 105, 110])]",
    ];
    assert_eq!(read(sql).unwrap(), expected);
    assert_eq!(read(&format!("PRAGMA journal_mode = WAL; {sql}")).unwrap(), expected);
    assert_eq!(read(&format!("PRAGMA encoding = 'UTF-16le'; {sql}")).unwrap(), expected);
}

#[test]
fn what_would_be_run_is_no_table() {
    check_refused("CREATE TABLE other (id)", "without a table named usage_logs");
    check_refused("CREATE TABLE a (id); CREATE VIEW usage_logs AS SELECT id FROM a", "without a table");
    check_refused("CREATE VIRTUAL TABLE usage_logs USING fts5(id)", "without a table");
}

#[test]
fn a_file_of_ours_is_to_be_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.creditscope");
    drop(crate::store::Store::create_or_open(&path).unwrap());
    assert!(matches!(read_file(&path), Err(ForeignError::Ours)));
}

#[test]
fn a_damaged_file_is_an_error_wherever_the_damage_is() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let conn = Connection::open(file.path()).unwrap();
    conn.execute_batch("PRAGMA page_size = 512; CREATE TABLE usage_logs (id TEXT, note TEXT);").unwrap();
    for n in 0..200_u8 {
        conn.execute("INSERT INTO usage_logs VALUES (?1, ?2)", (n, "x".repeat(n.into()))).unwrap();
    }
    drop(conn);
    let whole = std::fs::read(file.path()).unwrap();
    assert_eq!(read_file(file.path()).unwrap().len(), 201);
    let damaged = tempfile::NamedTempFile::new().unwrap();
    for page in 0..whole.len() / 512 {
        let mut bytes = whole.clone();
        bytes[page * 512..][..512].fill(0xa5);
        std::fs::write(damaged.path(), &bytes).unwrap();
        // It may be a page that nobody needs; what must not be is a crash or an endless read.
        read_file(damaged.path()).ok();
        std::fs::write(damaged.path(), &whole[..page * 512]).unwrap();
        assert!(read_file(damaged.path()).is_err(), "cut to {page} pages");
    }
}
