//! What becomes of the files that `PostgreSQL` and Supabase wrote. That the values of [`DUMPS`] are those
//! of the database is held beside the other formats.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::super::samples::{DUMPS, import_sample, of, samples};
use super::*;
use crate::import::WarningCode::{
    EpochZero, FutureTimes, LossyFormat, MetadataNotJson, MetadataRepaired, NoHeader, Refunds, UnknownColumns,
};
use crate::import::jsonb;
use crate::model::Record;

/// A sample, the table, imported and rejected, and the warnings.
type Outcome<'a> = (&'a str, DumpTable, [u64; 2], &'a [WarningCode]);

const OUTCOMES: [Outcome<'_>; 11] = [
    ("pg/app.dump_full.sql", DumpTable::UsageLogs, [496, 6], &[]),
    ("pg/app.dump_inserts.sql", DumpTable::UsageLogs, [496, 6], &[NoHeader]),
    ("pg/profiles.copy.txt", DumpTable::Profiles, [23, 0], &[NoHeader, UnknownColumns]),
    // Two rows have a line break in a text, and one a `|`.
    ("pg/usage_logs.psql_unaligned.txt", DumpTable::UsageLogs, [493, 11], &[LossyFormat]),
    ("pg/usage_logs_extreme.copy.txt", DumpTable::UsageLogs, [3, 10], &[NoHeader, EpochZero, FutureTimes]),
    ("pg/user_roles.copy.txt", DumpTable::UserRoles, [25, 0], &[NoHeader]),
    ("pg/usage_logs.copy.header.txt", DumpTable::UsageLogs, [496, 6], &[]),
    ("studio/profiles_rows.sql", DumpTable::Profiles, [23, 0], &[UnknownColumns]),
    ("studio/usage_logs_rows.sql", DumpTable::UsageLogs, [496, 6], &[MetadataRepaired, MetadataNotJson]),
    ("studio/user_roles_rows.sql", DumpTable::UserRoles, [25, 0], &[]),
    ("variants/issue.dbx_2750_double_backslash.sql", DumpTable::UsageLogs, [87, 0], &[MetadataRepaired]),
];

#[test]
fn every_sample_comes_out_as_it_should() {
    let Some(folder) = samples() else { return };
    for (file, table, expected, expected_codes) in OUTCOMES {
        let tables = import_sample(&folder, file, &mut Memory::default());
        let table = of(&tables, table);
        assert_eq!([table.imported, table.rejected], expected, "{file}: {:?}", table.rejects);
        assert_eq!(codes_of_writing(table), expected_codes, "{file}: {:?}", table.warnings);
    }
}

#[test]
fn a_dump_after_the_csv_is_all_repeats() {
    let Some(folder) = samples() else { return };
    let mut first = Memory::default();
    for table in ["usage_logs", "profiles", "user_roles"] {
        import_sample(&folder, &format!("pg/{table}.copy.csv"), &mut first);
    }
    for file in DUMPS {
        let content = std::fs::read(folder.join(file)).unwrap();
        for content in [packed(&content), content] {
            let mut memory = first.clone();
            let report = import_into(&mut memory, content);
            assert_eq!(report.error, None, "{file}");
            assert_eq!(counts(of(&report.tables, DumpTable::UsageLogs)), [0, 0, 496, 0, 6], "{file}");
            for table in report.tables.iter().filter(|it| it.table != Some(DumpTable::UsageLogs)) {
                assert_eq!(table.repeats, table.rows_read, "{file}");
            }
            assert_eq!((memory.profiles, memory.roles), (first.profiles.clone(), first.roles.clone()));
        }
    }
}

fn packed(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn people_come_with_a_dump() {
    let Some(folder) = samples() else { return };
    let mut truth = Memory::default();
    for table in ["profiles", "user_roles"] {
        import_sample(&folder, &format!("pg/{table}.copy.csv"), &mut truth);
    }
    let whole = DUMPS.into_iter().filter(|it| !it.contains("usage_logs") && !it.contains("rows100"));
    for file in whole {
        let mut memory = Memory::default();
        import_sample(&folder, file, &mut memory);
        assert_eq!((&memory.profiles, &memory.roles), (&truth.profiles, &truth.roles), "{file}");
    }
    let mut memory = Memory::default();
    for table in ["profiles", "user_roles"] {
        import_sample(&folder, &format!("studio/{table}_rows.sql"), &mut memory);
    }
    assert_eq!((memory.profiles, memory.roles), (truth.profiles, truth.roles));
}

/// `psql -A` quotes nothing, so NULL and an empty text are one.
#[test]
fn what_unaligned_output_keeps_is_exact() {
    let Some(folder) = samples() else { return };
    let (mut truth, mut memory) = (Memory::default(), Memory::default());
    import_sample(&folder, "pg/usage_logs.copy.csv", &mut truth);
    import_sample(&folder, "pg/usage_logs.psql_unaligned.txt", &mut memory);
    for (id, row) in &memory.logs {
        let mut expected = truth.logs[id].clone();
        expected.format = expected.format.filter(|it| !it.is_empty());
        expected.quality = expected.quality.filter(|it| !it.is_empty());
        assert_eq!(*row, expected);
    }
}

/// Studio's "Export as SQL" makes of 90 values of metadata what is no JSON, of which 87 can be undone, and
/// of 3 other JSON: the 87 tell that its backslashes are doubled too.
#[test]
fn what_studio_damages_is_undone_or_kept_and_counted() {
    let Some(folder) = samples() else { return };
    let (mut truth, mut memory) = (Memory::default(), Memory::default());
    import_sample(&folder, "pg/usage_logs.copy.csv", &mut truth);
    let tables = import_sample(&folder, "studio/usage_logs_rows.sql", &mut memory);
    let counted: Vec<_> = tables[0].warnings.iter().map(|it| (it.code, it.rows)).collect();
    assert_eq!(counted, [(Refunds, 1), (MetadataRepaired, 90), (MetadataNotJson, 3)]);
    let mut n_damaged = 0;
    for (id, row) in &memory.logs {
        let expected = &truth.logs[id];
        match (&row.metadata, &expected.metadata) {
            (Some(seen), Some(text)) if jsonb::is_json(seen) => assert!(jsonb::is_same(seen, text), "{seen}"),
            // The value null of JSON.
            (None, text) => assert!(text.as_ref().is_none_or(|it| it == "null")),
            _ => n_damaged += 1,
        }
        assert_eq!(*row, Record { metadata: row.metadata.clone(), ..expected.clone() });
    }
    assert_eq!(n_damaged, 3);
}
