//! The files that real tools wrote, where they are to be had: `CREDITSCOPE_SAMPLES` names the folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{FileReport, Memory, Options, TableReport, codes, counts, import_path};
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

// ---- the manifest -------------------------------------------------------------------------------

/// What the manifest says of a file, and what became of it.
struct Outcome<'a> {
    file: &'a str,
    report: &'a FileReport,
    /// As the manifest counts them: in the file, without those that are there twice.
    n_rows: Option<u64>,
}

impl Outcome<'_> {
    /// Whether rows were taken, and only those left out that credits cannot hold.
    fn is_whole(&self) -> bool {
        let Some(table) = self.report.tables.first() else { return false };
        // A row that cannot be taken is rejected as often as it comes.
        let rejects: BTreeSet<_> = table.rejects.iter().map(|it| it.raw.as_str()).collect();
        let n_again = table.rejects.len() - rejects.len();
        let n_read = table.rows_read - table.repeats - n_again as u64;
        let may_be_rejected = table.rejects.iter().all(|it| it.reason.contains("outside the range"));
        self.report.error.is_none() && may_be_rejected && self.n_rows.is_none_or(|it| it == n_read)
    }

    fn is_refused(&self, part: &str) -> bool {
        self.report.error.as_ref().is_some_and(|it| it.message.contains(part))
    }

    fn meets(&self, expect: &str) -> bool {
        let tables = &self.report.tables;
        let is_taken = self.report.error.is_none();
        match expect {
            "ok" => self.is_whole() && tables[0].conflicts == 0,
            "warn" => {
                let says_so = tables.iter().any(|it| it.conflicts > 0 || !it.warnings.is_empty());
                // Times long ago are the business of a check before the import, and they are whole.
                is_taken && (says_so || (self.file.contains("epoch_zero") && self.is_whole()))
            }
            "ask" => self.is_refused("--"),
            // A file whose every row is rejected says so for each of them.
            "error" => !is_taken || tables[0].rejected == tables[0].rows_read,
            "error-row" => is_taken && tables[0].rejected > 0,
            "ok-or-clear-error" => self.is_whole() || self.is_refused(""),
            "error-or-ask" | "error-or-error-row" | "error-or-ok" | "ok-or-error-row" | "error-row-or-ok" => {
                self.is_whole() || self.is_refused("") || tables[0].rejected > 0
            }
            other => panic!("{}: the manifest expects `{other}`", self.file),
        }
    }
}

#[test]
fn every_sample_meets_what_the_manifest_expects() {
    let Some(folder) = samples() else { return };
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.jsonl")).unwrap();
    let mut failures = Vec::new();
    for line in manifest.lines() {
        let entry: Value = serde_json::from_str(line).unwrap();
        let (file, expect) = (entry["file"].as_str().unwrap(), entry["expect"].as_str().unwrap());
        let report = import_path(&folder.join(file), &Options::default(), &mut Memory::default());
        let outcome = Outcome { file, report: &report, n_rows: entry["rows"].as_u64() };
        if !outcome.meets(expect) {
            let tables: Vec<_> = report.tables.iter().map(|it| (counts(it), codes(it))).collect();
            failures.push(format!("{file}: expected {expect}, got {tables:?} {:?}", report.error));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

// ---- the table of docs/FORMATS.md -----------------------------------------------------------------

const FORMATS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/FORMATS.md");
const TABLE_START: &str =
    "<!-- made by `UPDATE_FORMATS=1 cargo test formats` with CREDITSCOPE_SAMPLES set -->\n";
const TABLE_HEAD: &str = "| file | format | table | rows | new | rejected | after psql's CSV | warnings |\n\
                          |---|---|---|--:|--:|--:|---|---|\n";

/// The rows of the table for a file: what it gives alone, and after the same rows as psql's CSV has them.
fn table_rows(folder: &Path, file: &str) -> String {
    let name = file.replace('|', "\\|");
    let options = Options::default();
    let report = import_path(&folder.join(file), &options, &mut Memory::default());
    if let Some(err) = &report.error {
        let line = err.line.map_or_else(String::new, |it| format!("line {it}: "));
        let message = err.message.replace('|', "\\|");
        return format!(
            "| {name} | {} | – | | | | | refused: {line}{message} |\n",
            report.tables[0].format.name()
        );
    }
    let mut text = String::new();
    for (index, table) in report.tables.iter().enumerate() {
        let reference = match table.table {
            Some(DumpTable::UsageLogs) => "pg/usage_logs.copy.csv",
            Some(DumpTable::Profiles) => "pg/profiles.copy.csv",
            Some(DumpTable::UserRoles) => "pg/user_roles.copy.csv",
            None => continue,
        };
        let mut memory = Memory::default();
        import_path(&folder.join(reference), &options, &mut memory);
        let again = import_path(&folder.join(file), &options, &mut memory);
        let parts = counts(&again.tables[index]).into_iter().zip(["new", "updated", "repeats", "conflicts"]);
        let again: Vec<_> = parts
            .filter(|(n_rows, _)| *n_rows > 0)
            .map(|(n_rows, what)| format!("{n_rows} {what}"))
            .collect();
        let warnings: Vec<_> =
            table.warnings.iter().map(|it| format!("{} ({})", it.code.name(), it.rows)).collect();
        writeln!(
            text,
            "| {name} | {} | {} | {} | {} | {} | {} | {} |",
            table.format.name(),
            table.table.map_or("–", DumpTable::name),
            table.rows_read,
            table.imported,
            table.rejected,
            again.join(", "),
            warnings.join(", "),
        )
        .unwrap();
    }
    if text.is_empty() {
        let format = report.tables[0].format.name();
        text = format!("| {name} | {format} | – | 0 | 0 | 0 | | no_rows_visible (0) |\n");
    }
    text
}

#[test]
fn formats_are_documented_as_they_are_read() {
    let Some(folder) = samples() else { return };
    let mut table = TABLE_HEAD.to_owned();
    for part in ["pg", "studio", "cli", "pgadmin", "rls", "variants"] {
        let entries = std::fs::read_dir(folder.join(part)).unwrap();
        let mut files: Vec<String> =
            entries.map(|it| format!("{part}/{}", it.unwrap().file_name().to_str().unwrap())).collect();
        files.sort();
        table.extend(files.iter().map(|it| table_rows(&folder, it)));
    }
    let page = std::fs::read_to_string(FORMATS).unwrap();
    let prose = page.split(TABLE_START).next().unwrap();
    let expected = format!("{prose}{TABLE_START}{table}");
    if std::env::var_os("UPDATE_FORMATS").is_some() {
        std::fs::write(FORMATS, expected).unwrap();
    } else {
        assert!(page == expected, "docs/FORMATS.md is not what is read: UPDATE_FORMATS=1 cargo test formats");
    }
}
