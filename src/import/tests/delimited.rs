//! CSV files: each shows one quirk.

use super::*;

#[test]
fn an_unquoted_empty_field_is_null_and_a_quoted_one_is_an_empty_text() {
    let rows = "00000000-0000-0000-0000-000000000001,00000000-0000-0000-0000-00000000000a,\"\",1,,2025-08-30 10:00:00+00,\"\",\n";
    let (_, memory) = check_counts(format!("{HEADER}{rows}"), [1, 0, 0, 0, 0]);
    let log = memory.logs.values().next().unwrap();
    assert_eq!((log.action.as_str(), log.metadata.as_deref()), ("", None));
    assert_eq!((log.format.as_deref(), log.quality.as_deref()), (Some(""), None));
}

#[test]
fn csv_is_read_with_every_delimiter_line_end_and_mark() {
    let plain = format!("{HEADER}{ROW}{}", row(2));
    let crlf = plain.replace('\n', "\r\n");
    for content in [
        plain.clone(),
        format!("\u{feff}{plain}"),
        crlf.clone(),
        crlf.trim_end().to_owned(),
        plain.replace('\n', "\r"),
        plain.replace('\n', "\n\n"),
        format!("{plain}  \n{HEADER}"),
        format!("\u{feff}{HEADER}{ROW}\u{feff}{HEADER}{}", row(2)),
        format!(
            "\u{feff}{HEADER}{ROW}\u{feff}{}{}",
            HEADER.replace("id,user_id", "\"id\",\"user_id\""),
            row(2)
        ),
        plain.replace(',', ";"),
        plain.replace(',', "\t"),
        plain.replace("created_at", " Created At "),
    ] {
        check_counts(&content, [2, 0, 0, 0, 0]);
    }
}

#[test]
fn lines_are_where_records_begin() {
    let multiline = ROW.replace("generate", "\"two\r\nlines\"");
    let content = format!("{HEADER}\r\n\n{multiline}\n{}", ROW.replace("2.5", "x"));
    check_reject(&content, 7, Some("credits_consumed"), "`x` is not a number");
    check_reject(content.replace('\n', "\r\n"), 7, Some("credits_consumed"), "`x` is not a number");
}

#[test]
fn a_record_of_other_length_is_one_reject() {
    check_reject(
        format!("{HEADER}{ROW}{}", row(2).replace("high", "high,more")),
        3,
        None,
        "9 fields where the header has 8",
    );
    check_reject(format!("{HEADER}a,b\n{ROW}"), 2, None, "2 fields where the header has 8");
}

#[test]
fn a_csv_that_is_not_whole_fails() {
    let whole = format!("{HEADER}{ROW}{}", row(2));
    let quote = whole.rfind("\"{").unwrap();
    check_error(&whole[..quote + 4], Some(3), "ends inside the record");
    check_error(&whole[..whole.len() - 12], Some(3), "ends inside the record");
    let glued = format!("{HEADER}{}{HEADER}{}", row(2).trim_end(), row(3));
    check_error(glued, Some(2), "run together here");
    let other_header = HEADER.replace("quality", "action");
    check_error(format!("{HEADER}{ROW}{other_header}"), Some(3), "another header begins here");
}

#[test]
fn csv_that_is_not_utf8_fails_with_its_line_and_advice() {
    let mut content = format!("{HEADER}{ROW}").into_bytes();
    content.extend(
        row(2).replace("generate", "caf\u{e9}").chars().map(|it| u8::try_from(u32::from(it)).unwrap()),
    );
    check_error(&content, Some(3), "not UTF-8 (byte 0xE9)");
    check_error(format!("{HEADER}{ROW}").replace("image", "im\0ge"), None, "NUL bytes");
    let late = format!("{HEADER}{}{ROW}im\0ge", "\n".repeat(300_000));
    check_error(late, Some(300_003), "a NUL byte");
}

#[test]
fn a_quote_that_is_never_closed_does_not_eat_the_memory() {
    let content = format!("{HEADER}{ROW}\"{}", "a,\n".repeat(24 * 1024 * 1024));
    check_error(content, Some(3), "more than 64 MiB");
}

#[test]
fn copy_text_is_not_taken_for_csv() {
    let content = format!("{HEADER}{ROW}").replace(',', "\t").replace("\"{\"\"n\"\": 1}\"", "{\"n\": 1}");
    let (report, memory) = check_counts(content.replace("high", "\\N"), [1, 0, 0, 0, 0]);
    assert_eq!(report.tables[0].format, crate::import::Format::CopyText);
    assert_eq!(memory.logs.values().next().unwrap().quality, None);
    check_counts(format!("{HEADER}{ROW}").replace(',', "\t").replace("high", "\\N"), [1, 0, 0, 0, 0]);
}

#[test]
fn metadata_of_nothing_is_null_where_every_field_has_quotes() {
    let quoted = ROW.replace("\"{\"\"n\"\": 1}\"", "\"\"").replace("generate", "\"generate\"");
    let (report, memory) = check_counts(format!("{HEADER}{quoted}"), [1, 0, 0, 0, 0]);
    assert_eq!(codes(&report.tables[0]), []);
    assert_eq!(memory.logs.values().next().unwrap().metadata, None);
}

// ---- dialects -----------------------------------------------------------------------------------

/// The texts of action, format and quality of the only row, and its metadata.
#[track_caller]
fn check_row(content: &str, action: &str, metadata: Option<&str>, [format, quality]: [Option<&str>; 2]) {
    let (report, memory) = import(content);
    assert_eq!(counts(only_table(&report))[1..], [0, 0, 0, 0], "{content}: {:?}", report.tables);
    let log = memory.logs.values().next().unwrap();
    assert_eq!((log.action.as_str(), log.metadata.as_deref()), (action, metadata), "{content}");
    assert_eq!([log.format.as_deref(), log.quality.as_deref()], [format, quality], "{content}");
}

const ID: &str = "550e8400-e29b-41d4-a716-446655440000";
const USER: &str = "00000000-0000-0000-0000-00000000000a";
const TIME: &str = "2025-08-30 10:00:00+00";

#[test]
fn a_word_is_null_only_where_the_file_proves_it() {
    let row = |rest: &str| format!("{HEADER}{ID},{USER},{rest}\n");
    // psql: nothing is NULL, and a word a text.
    check_row(&row(&format!("NULL,1,,{TIME},NULL,\\N")), "NULL", None, [Some("NULL"), Some("\\N")]);
    check_row(&row(&format!("null,1,null,{TIME},null,")), "null", Some("null"), [Some("null"), None]);
    // No metadata is `NULL` or `\N`; then nothing is an empty text.
    check_row(&row(&format!("NULL,1,NULL,{TIME},NULL,")), "NULL", None, [None, Some("")]);
    check_row(&row(&format!("a,1,\\N,{TIME},\\N,\"\\N\"")), "a", None, [None, Some("\\N")]);
    // pgAdmin and ClickHouse put texts in quotes.
    let header = HEADER.replace(',', ";");
    let quoted = format!("{header}\"{ID}\";\"{USER}\";\"a\";1;NULL;\"{TIME}\";NULL;\"NULL\"\r\n");
    check_row(&quoted, "a", None, [None, Some("NULL")]);
    check_row(&quoted.replace(";NULL", ";\\N"), "a", None, [None, Some("NULL")]);
    // Studio's SQL editor: JavaScript's JSON, CRLF, and metadata that is never nothing.
    let studio = |rest: &str| row(rest).replace('\n', "\r\n");
    check_row(&studio(&format!("null,1,null,{TIME},null,")), "null", None, [None, Some("")]);
    let doubtful = studio(&format!("a,1,{{}},{TIME},null,null"));
    check_row(&doubtful, "a", Some("{}"), [Some("null"), Some("null")]);
    assert_eq!(codes(only_table(&import(&doubtful).0)), [WarningCode::NullWord]);
    // The CLI, by Go's times and maps.
    let go = "2025-08-30 10:00:00 +0000 UTC";
    check_row(&row(&format!("a,1,map[n:1],{go},NULL,")), "a", Some("map[n:1]"), [None, Some("")]);
    check_row(&row(&format!("a,1,,{go},NULL,")), "a", None, [Some("NULL"), None]);
}

#[test]
fn postgrest_doubles_backslashes_where_times_alone_have_quotes() {
    let row =
        format!("{HEADER}{ID},{USER},\"a\\\\b\",1,\"{{\"\"n\"\":\"\"\\\\n\\\\\"\"\"\"}}\",\"{TIME}\",,\n");
    check_row(&row, "a\\b", Some("{\"n\":\"\\n\\\"\"}"), [None, None]);
    // The shell of SQLite puts quotes around blanks, too, and ends lines with CRLF.
    let sqlite = row.replace('\n', "\r\n").replace("\\\\n\\\\\"\"", "x");
    check_row(&sqlite, "a\\\\b", Some("{\"n\":\"x\"}"), [None, None]);
    check_row(
        &row.replace(&format!("\"{TIME}\""), TIME).replace("\\\\n\\\\\"\"", "x"),
        "a\\\\b",
        Some("{\"n\":\"x\"}"),
        [None, None],
    );
}

#[test]
fn doubled_backslashes_of_metadata_are_undone_and_damage_is_named() {
    let metadata = |text: &str| {
        let cell = format!("\"{}\"", text.replace('"', "\"\""));
        import(format!("{HEADER}{}", ROW.replace("\"{\"\"n\"\": 1}\"", &cell)))
    };
    let (report, memory) = metadata(r#"{"a": "\\"b\\""}"#);
    assert_eq!(codes(only_table(&report)), [WarningCode::MetadataRepaired]);
    assert_eq!(memory.logs.values().next().unwrap().metadata.as_deref(), Some(r#"{"a": "\"b\""}"#));
    for (text, name) in [
        ("map[n:2]", "a Go map (`map[…]`) in 1 row, on line 2"),
        ("{'n': None}", "a Python dict in 1 row, on line 2"),
        ("[object Object]", "`[object Object]` in 1 row, on line 2"),
        ("{\"p\": \"x...", "JSON cut at `...` in 1 row, on line 2"),
        ("a text", "some other text in 1 row, on line 2"),
    ] {
        let (report, memory) = metadata(text);
        assert_eq!(codes(only_table(&report)), [WarningCode::MetadataNotJson]);
        assert!(report.tables[0].warnings[0].message.ends_with(name), "{:?}", report.tables[0].warnings);
        assert_eq!(memory.logs.values().next().unwrap().metadata.as_deref(), Some(text));
    }
}

#[test]
fn spellings_that_break_the_rules_are_read_where_they_are_clear() {
    let both = [Some("f"), None];
    let json = "{\"n\": 1, \"s\": \"it's\"}";
    let header = HEADER.trim_end();
    let spaced = format!(" {} \n", header.replace(',', " , "));
    check_row(
        &format!("{spaced} {ID} , {USER} ,  a  , 1 , {json} , 2025-08-30  10:00:00+00 , f ,  \n"),
        " a ",
        Some(json),
        both,
    );
    check_row(&format!("{header}\n{ID},{USER},'a, b',1,'{json}',{TIME},f,\n"), "a, b", Some(json), both);
    let doubled = json.replace('\'', "''");
    check_row(&format!("{header}\n{ID},{USER},'it''s',1,'{doubled}',{TIME},f,\n"), "it's", Some(json), both);
    check_row(
        &format!("sep=;\r\n{}\r\n{ID};{USER};a;1;;{TIME};f;\r\n", header.replace(',', ";")),
        "a",
        None,
        both,
    );
    check_row(&format!("{header},\n{ID},{USER},a,1,,{TIME},f,,\n"), "a", None, both);
    check_row(&format!("{header}\n{ID},{USER},a,1,,{TIME},f,,\n"), "a", None, both);
    check_row(&format!("{}\n{ID}|{USER}|a|1||{TIME}|f|\n", header.replace(',', "|")), "a", None, both);
    check_row(&format!(",{header}\n0,{ID},{USER},a,1,,{TIME},f,\n"), "a", None, both);
}

#[test]
fn a_table_in_markdown_is_read_but_for_what_it_cannot_hold() {
    let header = "| id | user_id | action | credits_consumed | metadata | created_at | format | quality |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n";
    let row = format!("| {ID} | {USER} | a \\| \\\\b | 1 | null | {TIME} | null |      |");
    check_row(&format!("{header}{row}"), "a | \\b", None, [None, Some("")]);
    check_reject(format!("{header}{}", row.replace("a \\|", "a<br>b")), 3, Some("action"), "`<br>`");
    check_error(format!("{header}{}", &row[..row.len() - 9]), Some(3), "ends inside the record");
    assert_eq!(import(format!("{header}{row}")).0.tables[0].format, crate::import::Format::Markdown);
}

#[test]
fn a_file_without_header_is_read_where_its_columns_cannot_be_mistaken() {
    let (report, _) = check_counts(format!("{ROW}{}", row(2)), [2, 0, 0, 0, 0]);
    assert_eq!(codes(&report.tables[0]), [WarningCode::NoHeader]);
    let swapped = ROW.replace("2.5,\"{\"\"n\"\": 1}\"", "\"{\"\"n\"\": 1}\",2.5");
    check_error(swapped, Some(1), "has no header");
    check_error(ROW.replace("\"{\"\"n\"\": 1}\"", ""), Some(1), "has no header");
}

#[test]
fn headers_in_the_middle_begin_other_columns_or_another_table() {
    let second = format!("created_at,note,id,user_id,action,credits_consumed\n{TIME},x,{ID},{USER},b,1\n");
    let content = format!("{HEADER}{}{HEADER}{}{second}", row(2), row(3));
    let (report, memory) = check_counts(&content, [3, 0, 0, 0, 0]);
    assert!(report.tables[0].warnings[0].message.contains("`note`"));
    assert!(memory.logs.values().any(|it| it.action == "b" && it.format.is_none()));
    let (report, memory) = import(format!("{HEADER}{ROW}id,username\n{USER},ada\n"));
    assert_eq!(report.error, None);
    assert_eq!(report.tables.iter().map(counts).collect::<Vec<_>>(), [[1, 0, 0, 0, 0]; 2]);
    assert_eq!(memory.profiles.len(), 1);
}

#[test]
fn columns_by_other_names_are_read_and_said() {
    let header = "id,uid,action_type,Credits Used,metadata,used_at,format,quality\n";
    let (report, _) = check_counts(format!("{header}{ROW}"), [1, 0, 0, 0, 0]);
    let warning = &report.tables[0].warnings[0];
    assert_eq!(warning.code, WarningCode::ColumnSynonyms);
    assert!(warning.message.contains("`Credits Used` as credits_consumed"), "{}", warning.message);
}

#[test]
fn fields_that_a_converter_wrote_as_json_are_read_as_json() {
    let header = HEADER.trim_end();
    let row = |action: &str, metadata: &str, texts: &str| {
        format!("{header}\n\"{ID}\",\"{USER}\",{action},2.5,{metadata},\"2025-08-30T10:00:00Z\",{texts}")
    };
    let content = row(r#""two\nlines, \"quoted\"""#, r#"{"n":[1,2],"s":"a, b"}"#, r#""","hd""#);
    check_row(&content, "two\nlines, \"quoted\"", Some(r#"{"n":[1,2],"s":"a, b"}"#), [None, Some("hd")]);
    assert_eq!(codes(only_table(&import(&content).0)), [WarningCode::LossyFormat]);
    // A file that has null has it nowhere as an empty text.
    let content = row(r#""NULL""#, r#"{"n":1}"#, r#"null,"""#).replace('\n', "\r\n");
    check_row(&content, "NULL", Some(r#"{"n":1}"#), [None, Some("")]);
    assert_eq!(codes(only_table(&import(&content).0)), []);
    // Metadata that had been made a text before.
    check_row(&row(r#""""#, r#""{\"n\":\"\\n\"}""#, r#""","""#), "", Some(r#"{"n":"\n"}"#), [None, None]);
    let many = content.clone() + &format!("\r\n{}", content.lines().last().unwrap()).repeat(1_000);
    let (report, _) = import(many.clone() + "\r\n\"a\",b,c,d,e,f,g,h\r\n");
    let rejects = &only_table(&report).rejects;
    assert_eq!((rejects.len(), rejects[0].place.line), (1, 1_003), "{rejects:?}");
    assert!(rejects[0].reason.contains("has a field that is no JSON"), "{rejects:?}");
    check_error(many.trim_end_matches(|it| it != '{'), Some(1_002), "ends inside the record");
}

#[test]
fn a_blank_behind_each_delimiter_is_no_text() {
    let json = "{\"n\": 1, \"m\": 2}";
    let content = format!(
        "id, user_id, action, credits_consumed, metadata, created_at, format, quality\n\
         {ID}, {USER}, \"b, \"\"c\"\"\", 1, \"{}\", {TIME}, , \"\"\n",
        json.replace('"', "\"\"")
    );
    check_row(&content, "b, \"c\"", Some(json), [None, Some("")]);
    // Only some have it, so it is a character of a text, and so is the quote behind it.
    check_reject(
        content.replace("id, user_id, ", "id,user_id,"),
        2,
        None,
        "10 fields where the header has 8",
    );
}

#[test]
fn a_single_quote_in_a_text_is_one() {
    let cell = "\"{\"\"p\"\":\"\"x,'{\"\"}\"";
    let content = format!("{HEADER}{ID},{USER},\"'a, b',\",1,{cell},{TIME},,\n");
    check_row(&content, "'a, b',", Some("{\"p\":\"x,'{\"}"), [None, None]);
}

#[test]
fn quotes_behind_a_backslash_are_read_where_all_are_written_so() {
    let escaped =
        ROW.replace("{\"\"n\"\": 1}", r#"{\"q\": \"say \\\"hi\\\"\"}"#).replace("generate", r#""a\\b""#);
    for content in [format!("{HEADER}{escaped}"), format!("{HEADER}{escaped}{escaped}").replace('\n', "\r\n")]
    {
        let (report, memory) = import(&content);
        assert_eq!(only_table(&report).imported, 1, "{:?}", report.tables[0].rejects);
        let log = memory.logs.values().next().unwrap();
        assert_eq!(log.action, r"a\b");
        assert_eq!(log.metadata.as_deref(), Some(r#"{"q": "say \"hi\""}"#));
    }
    check_error(format!("{HEADER}{}", &escaped[..escaped.len() - 40]), Some(2), "ends inside the record");
}

#[test]
fn a_quote_inside_quotes_that_is_neither_doubled_nor_escaped_rejects_its_row() {
    let broken = ROW.replace("generate", "\"say \"hi\" now\"");
    let content = format!("{HEADER}{broken}{}", row(2));
    check_reject(&content, 2, None, "has a quote inside quotes that is not doubled");
    check_reject(content.trim_end(), 2, None, "has a quote inside quotes that is not doubled");
}
