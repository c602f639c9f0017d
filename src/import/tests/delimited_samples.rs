//! What becomes of each delimited file that real tools wrote.

use super::samples::{import_sample, samples};
use super::*;
use crate::import::WarningCode::{
    EpochZero, FutureTimes, LossyFormat, MetadataNotJson, NoHeader, NullWord, RowLimit, UnknownColumns,
};

/// Imported and rejected of the file alone; its warnings; and how many of its rows are in conflict
/// with those of `COPY … CSV`, because this way of writing loses something.
type Outcome<'a> = (&'a str, [u64; 2], &'a [WarningCode], u64);

const OUTCOMES: [Outcome<'_>; 51] = [
    ("cli/profiles.db_query.csv", [23, 0], &[NullWord, UnknownColumns], 0),
    ("cli/user_roles.db_query.csv", [25, 0], &[], 0),
    ("cli/usage_logs_extreme.db_query.csv", [3, 10], &[NullWord, EpochZero, FutureTimes, MetadataNotJson], 0),
    // Of rows without metadata nothing is lost.
    ("cli/usage_logs.db_query.csv", [496, 6], &[NullWord, MetadataNotJson], 426),
    ("pg/postgrest.usage_logs.csv", [496, 6], &[], 0),
    ("pg/profiles.copy.csv", [23, 0], &[UnknownColumns], 0),
    ("pg/profiles_with_role.copy.csv", [23, 0], &[], 0),
    ("pg/user_roles.copy.csv", [25, 0], &[], 0),
    ("pg/usage_logs.berlin.csv", [496, 6], &[], 0),
    ("pg/usage_logs.copy.csv", [496, 6], &[], 0),
    ("pg/usage_logs.copy.force_quote.csv", [496, 6], &[], 0),
    ("pg/usage_logs.copy.noheader.csv", [496, 6], &[NoHeader], 0),
    ("pg/usage_logs.copy.null_NULL.csv", [496, 6], &[NullWord], 0),
    ("pg/usage_logs.copy.semicolon.csv", [496, 6], &[], 0),
    ("pg/usage_logs.kolkata.csv", [496, 6], &[], 0),
    ("pg/usage_logs.psql_csv.csv", [496, 6], &[], 0),
    ("pg/usage_logs_extreme.copy.csv", [3, 10], &[EpochZero, FutureTimes], 0),
    // The text `NULL` in one row's format.
    ("pgadmin/usage_logs.all_semicolon.txt", [496, 6], &[NullWord], 1),
    ("pgadmin/usage_logs.default.csv", [496, 6], &[NullWord], 1),
    ("pgadmin/usage_logs.nonull.csv", [496, 6], &[], 0),
    ("studio/Supabase Snippet profiles.csv", [23, 0], &[NullWord, UnknownColumns], 0),
    // The text `null` in one row's format and another's quality.
    ("studio/Supabase Snippet usage_logs.csv", [496, 6], &[NullWord, MetadataNotJson], 2),
    ("studio/Supabase Snippet usage_logs_extreme.csv", [3, 10], &[NullWord, EpochZero, FutureTimes], 0),
    ("studio/Supabase Snippet user_roles.csv", [25, 0], &[], 0),
    ("studio/clipboard profiles.md", [22, 1], &[NullWord, LossyFormat, UnknownColumns], 0),
    // That, and blanks at the end of a text.
    ("studio/clipboard usage_logs.md", [59, 1], &[NullWord, LossyFormat, MetadataNotJson], 2),
    ("studio/clipboard user_roles.md", [25, 0], &[LossyFormat], 0),
    ("studio/naive_converter_json_stringify.csv", [496, 6], &[LossyFormat, MetadataNotJson], 0),
    ("studio/profiles_rows.csv", [23, 0], &[UnknownColumns], 0),
    ("studio/usage_logs_extreme_rows.csv", [3, 10], &[EpochZero, FutureTimes], 0),
    ("studio/usage_logs_rows.csv", [496, 6], &[MetadataNotJson], 0),
    ("studio/usage_logs_rows.partial_page.csv", [494, 6], &[RowLimit, MetadataNotJson], 0),
    ("studio/usage_logs_rows.selected_truncated.csv", [496, 6], &[MetadataNotJson], 1),
    ("studio/user_roles_rows.csv", [25, 0], &[], 0),
    ("variants/dup.braced_uuid.csv", [40, 0], &[], 0),
    ("variants/dup.concatenated_headers.csv", [496, 6], &[], 0),
    // The first half has no format and no quality.
    ("variants/dup.concatenated_new_columns.csv", [496, 6], &[], 165),
    ("variants/issue.tableplus_3733_spaces.csv", [40, 0], &[], 39),
    ("variants/ok.blank_lines.csv", [40, 0], &[], 0),
    ("variants/ok.columns_reordered.csv", [496, 6], &[], 0),
    ("variants/ok.cr_only.csv", [40, 0], &[], 0),
    ("variants/ok.crlf.csv", [496, 6], &[], 0),
    ("variants/ok.extra_columns.csv", [496, 6], &[UnknownColumns], 0),
    ("variants/ok.header_camel.csv", [496, 6], &[], 0),
    ("variants/ok.header_padded.csv", [496, 6], &[], 0),
    ("variants/ok.header_title_case.csv", [496, 6], &[], 0),
    ("variants/ok.header_upper.csv", [496, 6], &[], 0),
    ("variants/ok.mixed_newlines.csv", [40, 0], &[], 0),
    ("variants/ragged.long_row.csv", [39, 1], &[], 0),
    ("variants/ragged.single_quotes.csv", [40, 0], &[], 0),
    ("variants/ragged.trailing_comma.csv", [40, 0], &[], 0),
];

#[test]
fn every_delimited_sample_comes_out_as_it_should() {
    let Some(folder) = samples() else { return };
    let mut truth = Memory::default();
    for file in ["pg/usage_logs.copy.csv", "pg/profiles.copy.csv", "pg/user_roles.copy.csv"] {
        import_sample(&folder, file, &mut truth);
    }
    for (file, expected, expected_codes, n_conflicts) in OUTCOMES {
        let table = &import_sample(&folder, file, &mut Memory::default())[0];
        assert_eq!([table.imported, table.rejected], expected, "{file}: {:?}", table.rejects);
        assert_eq!(codes_of_writing(table), expected_codes, "{file}: {:?}", table.warnings);
        let mut again = truth.clone();
        let table = &import_sample(&folder, file, &mut again)[0];
        assert_eq!(table.conflicts, n_conflicts, "{file}: {:#?}", again.conflicts);
    }
}
