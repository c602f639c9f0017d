//! SQL: what is read of a dump, what not, and what is refused.

use super::*;

#[test]
fn inserts_are_read_however_they_are_written() {
    let report = check_usual(insert());
    assert_eq!(report.tables[0].format, Format::Sql);
    let columns = COLUMNS.split(", ").map(|it| format!("\"{it}\"")).collect::<Vec<_>>().join(",");
    check_usual(format!("insert into \"public\".\"usage_logs\"({columns})values{VALUES};"));
    let nameless = format!("INSERT INTO usage_logs VALUES\n\t{VALUES}\nON CONFLICT (id) DO NOTHING;");
    assert_eq!(codes(&check_usual(&nameless).tables[0]), [WarningCode::NoHeader]);
    let report = check_usual(format!("CREATE TABLE usage_logs ({COLUMNS});{nameless}"));
    assert_eq!(codes(&report.tables[0]), []);
    check_usual(format!(
        "INSERT INTO ONLY Usage_Logs ({COLUMNS}) OVERRIDING SYSTEM VALUE VALUES {VALUES} RETURNING id;"
    ));
    check_usual(format!(
        "BEGIN; {}COMMIT;",
        insert().replace("2.5", "'2.50'::numeric").replace("}'", "}'::\"pg_catalog\".jsonb")
    ));
    check_usual(
        insert()
            .replace("'2025-", "timestamp with time zone '2025-")
            .replace("'generate'", "E'gen\\x65r\\141t\\u0065'"),
    );
    check_usual(format!("/* one /* in another */ ' */ -- it's\n{}", insert()));
    check_usual(format!("SET standard_conforming_strings = off;\n{}", insert().replace("gene", "gen\\145")));
    check_counts(insert().replace(");\n", &format!("), {};\n", VALUES.replace(ID, USER))), [2, 0, 0, 0, 0]);
    check_counts(insert().replace("'high'", "null"), [1, 0, 0, 0, 0]);
}

#[test]
fn texts_of_inserts_are_read_exactly() {
    let text = |spelled: &str| {
        let (_, memory) = check_counts(insert().replace("'generate'", spelled), [1, 0, 0, 0, 0]);
        memory.logs.values().next().unwrap().action.clone()
    };
    assert_eq!(text("'it''s\n--\n; ('"), "it's\n--\n; (");
    assert_eq!(text("''''"), "'");
    assert_eq!(text(r"'a\nb\'"), r"a\nb\");
    assert_eq!(text(r"E'a\nb\\c\'d''e\u00e9\U0001F3A8\ud83c\udfa8\q'"), "a\nb\\c'd'eé🎨🎨q");
}

#[test]
fn what_only_a_database_can_work_out_is_rejected() {
    for (from, to) in [
        ("2.5", "1 + 1.5"),
        ("2.5", "DEFAULT"),
        ("2.5", "'2.5'::numeric(3,1)"),
        ("2.5", "(2.5)"),
        ("'generate'", "upper('a')"),
        ("'generate'", "'a' || 'b'"),
        ("'generate'", "X'6162'"),
    ] {
        let column = if from == "2.5" { "credits_consumed" } else { "action" };
        check_reject(insert().replace(from, to), 1, Some(column), "is ");
    }
    check_reject(insert().replace("'image', ", ""), 1, None, "7 values where there are 8 columns");
    check_error(format!("INSERT INTO usage_logs ({COLUMNS}) SELECT 1;"), Some(1), "without VALUES");
    check_error(
        format!("{}UPDATE ONLY public.usage_logs SET format = 'x';", insert()),
        Some(2),
        "changes rows",
    );
    check_error(format!("{}rollback;", insert()), Some(2), "takes back");
    check_usual(format!("DELETE FROM usage_logs; TRUNCATE TABLE public.usage_logs;{}", insert()));
}

#[test]
fn a_dump_of_a_database_gives_our_tables_and_nothing_else() {
    let secret = "anna@example.com";
    let dump = format!(
        "-- PostgreSQL database dump\n\\restrict x\nSET search_path = '';\n\
         CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $_$ INSERT INTO usage_logs VALUES (1); $_$;\n\
         CREATE FUNCTION g() RETURNS void LANGUAGE sql BEGIN ATOMIC\n SELECT CASE WHEN true THEN 1 END;\n \
         INSERT INTO public.usage_logs ({COLUMNS}) VALUES {VALUES};\nEND;\n\
         CREATE TABLE public.usage_logs (id uuid DEFAULT f(1, 2) NOT NULL, user_id uuid, action text,\n \
         credits_consumed numeric, metadata jsonb, created_at timestamptz, format text, quality text, CHECK (true));\n\
         COPY auth.users (id, email) FROM stdin;\n{USER}\t{secret}\n\\.\n\
         INSERT INTO auth.users VALUES ('{USER}', '{secret}'), ('x', 'it''s; --');\n\
         COPY public.usage_logs_old (id) FROM stdin;\n\\N\n\\.\n\n\
         COPY public.profiles (id, username, role) FROM stdin;\n{USER}\tanna\tadmin\n\\.\n\
         COPY public.usage_logs ({COLUMNS}) FROM stdin;\n{LINE}\\.\n\
         INSERT INTO public.usage_logs VALUES {VALUES};\n\
         COPY \"public\".\"user_roles\" (id, user_id, role) FROM stdin;\n{ID}\t{USER}\tuser\n\\.\n\
         -- PostgreSQL database dump complete\n\\unrestrict x\n"
    );
    let (report, memory) = import(&dump);
    assert_eq!(report.error, None);
    let seen: Vec<_> = report.tables.iter().map(|it| (it.table, counts(it))).collect();
    assert_eq!(
        seen,
        [
            (Some(DumpTable::UsageLogs), [1, 0, 1, 0, 0]),
            (Some(DumpTable::Profiles), [1, 0, 0, 0, 0]),
            (Some(DumpTable::UserRoles), [1, 0, 0, 0, 0]),
        ]
    );
    assert_eq!(memory.logs, usual().logs);
    // The role in profiles is not one of user_roles.
    assert_eq!(memory.roles.values().next().unwrap().iter().collect::<Vec<_>>(), ["user"]);
    assert!(!format!("{report:?} {memory:?}").contains(secret));
    for cut in 0..dump.len() - "-- PostgreSQL database dump complete\n\\unrestrict x\n".len() {
        let (report, memory) = import(&dump[..cut]);
        let (_, message) = error(&report);
        assert!(!message.contains("anna") && memory == Memory::default(), "{cut}: {message}");
    }
}

#[test]
fn tables_of_other_schemas_and_databases_are_not_mixed_in() {
    let archived = insert().replace("public.", "archive.").replace(ID, USER);
    let report = check_usual(format!("{archived}{}", insert()));
    assert_eq!(codes(&report.tables[0]), [WarningCode::OtherSchema]);
    check_error(&archived, None, "holds archive.usage_logs");
    let unqualified = archived.replace("archive.", "");
    check_error(format!("SET search_path = archive, pg_catalog;\n{unqualified}"), None, "archive.usage_logs");
    check_counts(format!("SET search_path TO public;\n{unqualified}"), [1, 0, 0, 0, 0]);
    check_error(format!("\\connect a\n{}\\connect b\n{}", insert(), insert()), Some(4), "two databases");
    check_usual(format!("\\connect a\nCREATE TABLE x (id int);\n\\connect b\n{}", insert()));
}

#[test]
fn a_cut_dump_fails_with_its_line() {
    let copy = format!("COPY public.usage_logs ({COLUMNS}) FROM stdin;\n{LINE}");
    check_error(&copy, Some(3), "inside the rows of usage_logs");
    check_error(&copy[..copy.len() - 5], Some(2), "inside the rows of usage_logs");
    check_usual(format!("{copy}\\."));
    check_error("COPY auth.users (id) FROM stdin;\nx\n", Some(2), "inside the rows of a table");
    check_error(insert().trim_end().trim_end_matches(';'), Some(1), "inside the statement");
    check_error(&insert()[..150], Some(1), "inside the statement");
    check_error(format!("\n{}SELECT 'x", insert()), Some(3), "inside the statement");
    check_error(
        format!("-- PostgreSQL database dump\n{}", insert()),
        Some(3),
        "without the last line of pg_dump",
    );
    check_error(format!("{}/* a", insert()), Some(2), "never closed");
}

#[test]
fn dumps_that_are_not_ours_are_refused() {
    check_error("CREATE TABLE t (id int);", None, "usage_logs, profiles and user_roles are all missing");
    check_error("INSERT INTO `usage_logs` VALUES (1);", Some(1), "MySQL");
    check_error("-- MySQL dump 10.13\n", None, "MySQL");
    check_error("/*!40101 SET NAMES utf8 */;", None, "MySQL");
    check_error("INSERT [dbo].[usage_logs] ([id]) VALUES (1)", Some(1), "inside the statement");
    check_error("INSERT INTO [dbo].[usage_logs] ([id]) VALUES (1)", Some(1), "SQL Server");
    check_error("PRAGMA foreign_keys=OFF;\n", Some(1), "SQLite");
    check_error("INSERT INTO usage_logs VALUES (1, 2);", Some(1), "name no columns");
    let many = vec!["id"; 1_601].join(", ");
    check_error(format!("INSERT INTO usage_logs ({many}) VALUES (1);"), Some(1), "more than 1600 columns");
    check_error("COPY usage_logs FROM '/tmp/x';", Some(1), "another file");
    check_error("COPY usage_logs FROM stdin WITH (FORMAT csv);\n", Some(1), "has options");
    check_error(
        "INSERT INTO usage_logs (id, note) VALUES (1, 2);",
        Some(1),
        "holds no table that is imported",
    );
    let report = check_usual(format!("INSERT INTO profiles (id, nick) VALUES ('{USER}', 'a');{}", insert()));
    assert_eq!(codes(&report.tables[0]), [WarningCode::UnknownColumns]);
    let (report, _) = check_counts(format!("CREATE TABLE usage_logs ({COLUMNS});"), [0, 0, 0, 0, 0]);
    assert_eq!(codes(&report.tables[0]), [WarningCode::NoRowsVisible]);
}

#[test]
fn what_studio_writes_over_is_kept_as_text() {
    for (from, left) in [("12", "1'"), ("true", "tru'"), ("5", "'"), ("-5", "-'"), ("-1.5", "-1.'")] {
        let damaged = format!("{}'", &from[..from.len() - 1]);
        let content = insert().replace("'{\"n\": 1}'", &damaged);
        let content = content.replace(";\n", &format!(", {};\n", VALUES.replace(ID, USER)));
        let (_, memory) = check_counts(&content, [2, 0, 0, 0, 0]);
        let metadata: Vec<_> = memory.logs.values().filter_map(|it| it.metadata.as_deref()).collect();
        assert!(metadata.contains(&left), "{content} {metadata:?}");
    }
    check_error(insert().replace("'generate'", "'gene'rate'"), Some(1), "a quote is missing or too much");
}

#[test]
fn a_dump_behind_another_may_begin_with_a_byte_order_mark() {
    let other = insert().replace(ID, USER);
    check_counts(format!("\u{feff}{}\u{feff}{other}", insert()), [2, 0, 0, 0, 0]);
}
