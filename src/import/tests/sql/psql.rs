//! What psql prints.

use super::*;

#[test]
fn unaligned_output_is_read_and_what_it_cuts_is_rejected() {
    let header = COLUMNS.replace(", ", "|");
    let line = LINE.trim_end().replace('\t', "|");
    let other = line.replace(ID, USER);
    let report = check_usual(format!("{header}\n{line}\n(1 row)\n"));
    assert_eq!(report.tables[0].format, Format::PsqlUnaligned);
    assert_eq!(codes(&report.tables[0]), [WarningCode::LossyFormat]);
    check_usual(format!("{header}\n{line}\n(1 Zeile)\n"));
    check_usual(format!("{header}\n{line}\n(1 行)\n\n"));
    let report = check_usual(format!("{line}\n"));
    assert_eq!(codes(&report.tables[0]), [WarningCode::NoHeader, WarningCode::LossyFormat]);
    let seen = check_counts(
        format!("{header}\n{line}\n{}\n(2 rows)\n", other.replace("rate", "ra\nte")),
        [1, 0, 0, 0, 2],
    );
    assert_eq!(seen.0.tables[0].rejects.iter().map(|it| it.place.line).collect::<Vec<_>>(), [3, 4]);
    check_counts(
        format!("{header}\n{line}\n{}\n(2 rows)\n", other.replace("rate", "ra|te")),
        [1, 0, 0, 0, 1],
    );
    // The last value would lose its second line.
    check_counts(format!("{header}\n{line}\n{other}\nmore\n(2 rows)\n"), [1, 0, 0, 0, 2]);
    check_counts(format!("{header}\n{line}\n{other}\n\n(2 rows)\n"), [1, 0, 0, 0, 2]);
    let string = line.replace("{\"n\": 1}", r#""{\"n\": 1}""#);
    let (_, memory) = check_counts(format!("{header}\n{string}\n"), [1, 0, 0, 0, 0]);
    let log = memory.logs.values().next().unwrap();
    assert_eq!(log.metadata.as_deref(), Some(r#""{\"n\": 1}""#));
    // CSV has quotes where they are needed, and an empty text has them.
    let csv = ROW.replace(',', "|").replace("\"{\"\"n\"\": 1}\"", "{}").replace("high", "\"\"");
    let (report, memory) = check_counts(csv, [1, 0, 0, 0, 0]);
    assert_eq!(report.tables[0].format, Format::Csv);
    assert_eq!(memory.logs.values().next().unwrap().quality.as_deref(), Some(""));
    check_error(format!("{header}\n{line}\n(2 rows)\n"), Some(3), "tells of 2 rows");
    check_error(format!("{header}\n{line}\n{}", &other[..100]), Some(3), "has no line end");
}

#[test]
fn the_last_row_is_known_wherever_the_file_is_cut_into_pieces() {
    let (header, line) = (COLUMNS.replace(", ", "|"), LINE.trim_end().replace('\t', "|"));
    let content =
        |n_bytes: usize| format!("{header}\n{}\n(1 row)\n", line.replace("rate", &"r".repeat(n_bytes)));
    let chunk = 1_024;
    let n_bytes = chunk - content(0).len();
    for n_bytes in n_bytes - 12..=n_bytes + 12 {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content(n_bytes).as_bytes()).unwrap();
        let report = laws::import(
            Input::in_chunks_of(file.path(), chunk),
            &Options::default(),
            &mut Memory::default(),
        );
        assert_eq!(counts(only_table(&report)), [1, 0, 0, 0, 0], "{n_bytes}");
    }
}

#[test]
fn tables_for_people_are_refused() {
    let aligned = "    id    | user_id \n----------+---------\n 1 | 2\n(1 row)\n";
    check_error(aligned, None, "psql's output for people");
    check_error("  json_agg \n-----------\n [{\"id\": 1}]\n", None, "psql's output for people");
    check_error("┌────┬───┐\n│ id │ a │\n", None, "a table drawn with lines");
    check_error("+----+---+\n| id | a |\n", None, "a table drawn with lines");
    check_error("-[ RECORD 1 ]---\nid | 1\n", None, "expanded");
}
