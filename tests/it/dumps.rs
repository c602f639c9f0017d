//! A dump of a whole database holds more than the three tables that are read: of a Supabase project, the
//! e-mail addresses of its users. None of it is ever kept or shown.

use std::fs;
use std::path::Path;

use crate::tool;

/// In each of these places a value of a table that is none of ours stands.
const SECRETS: [&str; 6] = ["ada@secret.test", "bob@secret.test", "$2a$10$hash", "1.2.3.4", "it's", "key-99"];

const ROWS: &str = "\
0d0e1f10-0000-4000-8000-000000000001\t00000000-0000-4000-8000-0000000000ad\tchat\t2.5\t{\"n\": 1}\t2025-08-30 10:00:00+00\t\\N\t\\N
0d0e1f10-0000-4000-8000-000000000002\t00000000-0000-4000-8000-0000000000ad\tchat\tmuch\t\\N\t2025-08-30 10:00:00+00\t\\N\t\\N
";

fn dump() -> String {
    format!(
        "--
-- PostgreSQL database dump
--
\\restrict key-99
SET standard_conforming_strings = on;
CREATE TABLE auth.users (id uuid, email text DEFAULT 'ada@secret.test');
COPY auth.users (id, email, encrypted_password) FROM stdin;
00000000-0000-4000-8000-0000000000ad\tada@secret.test\t$2a$10$hash
00000000-0000-4000-8000-0000000000b0\tbob@secret.test\t\\N
\\.
INSERT INTO \"auth\".\"sessions\" (\"id\", \"ip\", \"note\") VALUES
\t('00000000-0000-4000-8000-0000000000ad', '1.2.3.4', 'it''s; INSERT INTO usage_logs VALUES (1)');
COPY public.notes (usage_logs) FROM stdin;
ada@secret.test
\\.
COPY public.usage_logs (id, user_id, action, credits_consumed, metadata, created_at, format, quality) FROM stdin;
{ROWS}\\.
INSERT INTO public.profiles VALUES ('00000000-0000-4000-8000-0000000000ad', 'Ada', NULL, 1, '2025-01-01 00:00:00+00', '2025-01-01 00:00:00+00');
COPY auth.audit (payload) FROM stdin;
{{\"email\": \"bob@secret.test\"}}
\\.
--
-- PostgreSQL database dump complete
--
"
    )
}

#[test]
fn a_dump_of_a_database_leaves_only_our_tables() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dump.sql");
    fs::write(&file, dump()).unwrap();
    let db = folder.path().join("a/db");
    let told = import(&file, &db, 3);
    check_silent(&told, &folder.path().join("a"), &SECRETS);
    assert!(told.contains("much"), "{told}");
    assert_eq!(tool::profiles(&db)[0].text("username").as_deref(), Some("Ada"));
}

/// Wherever it ends, the reason is said without anything of it.
#[test]
fn a_cut_dump_says_nothing_of_what_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let (dump, file) = (dump(), folder.path().join("dump.sql"));
    let line_ends = dump.match_indices('\n').map(|(at, _)| at).filter(|it| (3..dump.len() - 44).contains(it));
    for (n_files, at) in line_ends.flat_map(|it| [it - 3, it]).enumerate() {
        fs::write(&file, &dump[..at]).unwrap();
        let home = folder.path().join(n_files.to_string());
        let told = import(&file, &home.join("db"), 1);
        check_silent(&told, &home, &SECRETS);
    }
}

#[test]
fn dumps_of_a_supabase_project_leave_only_our_tables() {
    let Some(samples) = tool::path_of("CREDITSCOPE_SAMPLES") else { return };
    for name in [
        "cli/db_dump_data_only.sql",
        "cli/db_dump_data_only_use_copy.sql",
        "pg/app.dump_data_only.sql",
        "pg/app.dump_full.sql",
    ] {
        let (file, folder) = (samples.join(name), tempfile::tempdir().unwrap());
        assert!(fs::read_to_string(&file).unwrap().contains("user7@example.com"), "{name}");
        let told = import(&file, &folder.path().join("db"), 3);
        check_silent(&told, folder.path(), &["@example.com"]);
    }
}

/// Imports a file, and again with its answer as JSON; all that was said.
#[track_caller]
fn import(file: &Path, db: &Path, code: i32) -> String {
    fs::create_dir_all(db.parent().unwrap()).unwrap();
    let args = ["import", file.to_str().unwrap(), "--db", db.to_str().unwrap()];
    let (first, again) = (tool::creditscope(args), tool::creditscope(args.iter().chain(&["--json"])));
    assert_eq!((first.code, again.code), (Some(code), Some(code)), "{first:?} {again:?}");
    [first.stdout, first.stderr, again.stdout, again.stderr].concat()
}

/// Neither what was said nor any file of the database has a secret.
#[track_caller]
fn check_silent(told: &str, home: &Path, secrets: &[&str]) {
    let files = fs::read_dir(home).unwrap().map(|it| fs::read(it.unwrap().path()).unwrap_or_default());
    let kept: Vec<u8> = files.flatten().collect();
    for secret in secrets {
        assert!(!told.contains(secret), "{secret}: {told}");
        assert!(memchr::memmem::find(&kept, secret.as_bytes()).is_none(), "{secret} is in the database");
    }
}
