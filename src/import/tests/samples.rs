//! The files that real tools wrote, where they are to be had: `CREDITSCOPE_SAMPLES` names the folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Memory, Options, TableReport, counts, import_path};
use crate::import::{Format, jsonb};
use crate::model::DumpTable;

const LOGS: [&str; 20] = [
    "pg/usage_logs.copy.csv",
    "pg/usage_logs.psql_csv.csv",
    "pg/usage_logs.copy.force_quote.csv",
    "pg/usage_logs.copy.semicolon.csv",
    "pg/usage_logs.berlin.csv",
    "pg/usage_logs.kolkata.csv",
    "pg/usage_logs.json_agg.json",
    "pg/usage_logs.json_agg_pretty.json",
    "pg/usage_logs.row_to_json.ndjson",
    "pg/postgrest.usage_logs.json",
    "studio/usage_logs_rows.csv",
    "studio/usage_logs_rows.json",
    "pg/usage_logs.copy.noheader.csv",
    "pg/usage_logs.copy.null_NULL.csv",
    "pg/postgrest.usage_logs.csv",
    "pgadmin/usage_logs.nonull.csv",
    "variants/ok.crlf.csv",
    "variants/ok.columns_reordered.csv",
    "variants/ok.header_camel.csv",
    "variants/ts.go_utc.csv",
];
/// What `PostgreSQL` and Supabase write of a database, and COPY's text format.
pub(super) const DUMPS: [&str; 11] = [
    "cli/db_dump_data_only.sql",
    "cli/db_dump_data_only_use_copy.sql",
    "pg/app.dump_column_inserts.sql",
    "pg/app.dump_column_inserts_rows100.sql",
    "pg/app.dump_data_only.sql",
    "pg/app.dump_data_only_table.sql",
    "pg/app.dump_full.sql",
    "pg/app.dump_inserts.sql",
    "pg/usage_logs.copy.header.txt",
    "pg/usage_logs.copy.txt",
    "pg/usage_logs.copy_json_agg_escaped.txt",
];
const PROFILES: [&str; 5] = [
    "pg/profiles.copy.csv",
    "pg/profiles.json_agg.json",
    "pg/profiles.row_to_json.ndjson",
    "studio/profiles_rows.csv",
    "studio/profiles_rows.json",
];
const ROLES: [&str; 5] = [
    "pg/user_roles.copy.csv",
    "pg/user_roles.json_agg.json",
    "pg/user_roles.row_to_json.ndjson",
    "studio/user_roles_rows.csv",
    "studio/user_roles_rows.json",
];

pub(super) fn samples() -> Option<PathBuf> {
    let folder = std::env::var_os("CREDITSCOPE_SAMPLES").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: CREDITSCOPE_SAMPLES does not name a folder");
    }
    folder
}

#[track_caller]
pub(super) fn import_sample(folder: &Path, file: &str, memory: &mut Memory) -> Vec<TableReport> {
    let report = import_path(&folder.join(file), &Options::default(), memory);
    assert_eq!(report.error, None, "{file}");
    report.tables
}

pub(super) fn of(tables: &[TableReport], table: DumpTable) -> &TableReport {
    tables.iter().find(|it| it.table == Some(table)).unwrap()
}

/// The first file imports `n_good` rows, every other one then repeats them.
#[track_caller]
fn check_any_two(files: &[&str], n_good: u64, n_rejected: u64) {
    let Some(folder) = samples() else { return };
    for first in files {
        let mut memory = Memory::default();
        let tables = import_sample(&folder, first, &mut memory);
        assert_eq!(counts(&tables[0]), [n_good, 0, 0, 0, n_rejected], "{first}: {:?}", tables[0].rejects);
        for second in files {
            let mut memory = memory.clone();
            memory.conflicts.clear();
            let tables = import_sample(&folder, second, &mut memory);
            let seen = counts(&tables[0]);
            assert_eq!(
                seen,
                [0, 0, n_good, 0, n_rejected],
                "{first}, then {second}: {:#?}",
                memory.conflicts
            );
        }
    }
}

#[test]
fn any_second_export_of_the_same_rows_is_all_repeats() {
    check_any_two(&LOGS, 496, 6);
    check_any_two(&PROFILES, 23, 0);
    check_any_two(&ROLES, 25, 0);
}

#[test]
fn imported_values_are_those_of_the_database() {
    let Some(folder) = samples() else { return };
    let truth = std::fs::read_to_string(folder.join("expected/canonical.ndjson")).unwrap();
    let truth: BTreeMap<String, Value> = truth
        .lines()
        .map(|it| serde_json::from_str(it).unwrap())
        .map(|it: Value| (it["id"].as_str().unwrap().to_owned(), it))
        .collect();
    for file in LOGS.into_iter().chain(DUMPS) {
        let mut memory = Memory::default();
        let tables = import_sample(&folder, file, &mut memory);
        let table = of(&tables, DumpTable::UsageLogs);
        assert_eq!(counts(table), [496, 0, 0, 0, 6], "{file}");
        assert!(table.rejects.iter().all(|it| it.reason.contains("outside the range")), "{file}");
        let is_studio = file.starts_with("studio");
        for (id, row) in &memory.logs {
            let expected = &truth[&id.to_string()];
            let text = |name: &str| expected[name].as_str();
            let same = |a: Option<&str>, b: Option<&str>| {
                let merges_empty = is_studio || file.contains("psql_csv");
                a == b || (merges_empty && a.is_none() && b == Some(""))
            };
            assert_eq!(Some(row.user_id.to_string().as_str()), text("user_id"), "{file} {id}");
            assert_eq!(Some(row.action.as_str()), text("action"), "{file} {id}");
            let credits = text("credits").unwrap();
            assert_eq!(
                super::super::value::number::parse(credits, None).unwrap().credits,
                row.credits,
                "{file} {id}"
            );
            assert_eq!(Some(row.created_at.micros()), expected["created_us"].as_i64(), "{file} {id}");
            assert!(same(row.format.as_deref(), text("format")), "{file} {id}");
            assert!(same(row.quality.as_deref(), text("quality")), "{file} {id}");
            match (row.metadata.as_deref(), text("metadata_text")) {
                // The pretty array has other white space, JSON has one null, and Studio its losses.
                (Some(a), Some(b)) if is_studio || file.contains("pretty") => {
                    assert!(jsonb::is_same(a, b), "{file} {id}: {a} {b}");
                }
                (None, Some("null")) => {
                    let is_json = matches!(table.format, Format::Json | Format::Ndjson);
                    assert!(is_studio || is_json, "{file} {id}");
                }
                (a, b) => assert_eq!(a, b, "{file} {id}"),
            }
        }
    }
}

#[test]
fn joined_profiles_are_two_tables() {
    let Some(folder) = samples() else { return };
    for file in ["pg/profiles_with_role.copy.csv", "variants/profiles.two_roles_per_user.csv"] {
        let mut memory = Memory::default();
        let tables = import_sample(&folder, file, &mut memory);
        assert_eq!(tables[0].table, Some(DumpTable::Profiles));
        assert_eq!(counts(&tables[0]), [23, 0, 1, 0, 0], "{file}");
        assert_eq!(tables[1].table, Some(DumpTable::UserRoles));
        println!("{file}: roles {:?} {:?}", counts(&tables[1]), tables[1].warnings);
        let tables = import_sample(&folder, file, &mut memory);
        assert_eq!(counts(&tables[0]), [0, 0, 24, 0, 0], "{file}");
        assert_eq!(counts(&tables[1]), [0, 0, 24, 0, 0], "{file}");
    }
}

#[test]
fn an_export_holds_what_its_role_sees() {
    let Some(folder) = samples() else { return };
    for (file, n_rows) in [("admin", 502), ("user", 19), ("none", 0)] {
        let tables =
            import_sample(&folder, &format!("rls/usage_logs.as_{file}.json"), &mut Memory::default());
        assert_eq!(tables[0].rows_read, n_rows, "{file}");
    }
}

/// Every file of the manifest: no panic, and what it says must fail does.
#[test]
fn every_sample_has_a_sensible_outcome() {
    let Some(folder) = samples() else { return };
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.jsonl")).unwrap();
    let mut files: Vec<(String, String)> = manifest
        .lines()
        .map(|it| serde_json::from_str(it).unwrap())
        .map(|it: Value| (it["file"].as_str().unwrap().to_owned(), it["expect"].as_str().unwrap().to_owned()))
        .collect();
    for part in ["pg", "studio", "cli", "pgadmin"] {
        for entry in std::fs::read_dir(folder.join(part)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            files.push((format!("{part}/{name}"), String::new()));
        }
    }
    files.sort();
    for (file, expect) in files {
        let mut memory = Memory::default();
        let report = import_path(&folder.join(&file), &Options::default(), &mut memory);
        match &report.error {
            Some(err) => println!("{file} [{expect}] error {:?}: {}", err.line, err.message),
            None => {
                for table in &report.tables {
                    let name = table.table.map(DumpTable::name);
                    println!("{file} [{expect}] {name:?} {:?} {:?}", table.format, counts(table));
                    for it in &table.warnings {
                        println!("    {}: {}", it.code.name(), it.message);
                    }
                    for it in table.rejects.iter().take(1) {
                        println!("    rejected line {} {:?}: {}", it.place.line, it.column, it.reason);
                    }
                }
            }
        }
        if expect == "error" {
            let some_rejected = report.tables.iter().any(|it| it.rejected > 0);
            assert!(report.error.is_some() || some_rejected, "{file}: {report:?}");
        }
    }
}
