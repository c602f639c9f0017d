//! Test data that others made, where it is to be had: `CREDITSCOPE_SUITES` names the folder.

use std::path::PathBuf;

use super::json::OBJECT;
use super::*;
use crate::import::jsonb;

fn suite(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CREDITSCOPE_SUITES").map(|it| PathBuf::from(it).join(name));
    if folder.is_none() {
        println!("skipped: CREDITSCOPE_SUITES does not name a folder");
    }
    folder
}

#[test]
fn json_is_what_the_json_test_suite_says() {
    let Some(folder) = suite("JSONTestSuite/test_parsing") else { return };
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let bytes = std::fs::read(&path).unwrap();
        // As a file: none of them is a dump.
        let (report, _) = import(&bytes);
        // Arrays one after another are no JSON, but they are what `cat` makes of two dumps.
        let is_refused = report.error.is_some() || name == "n_structure_double_array.json";
        assert!(is_refused || !name.starts_with("n_"), "{name}: {report:?}");
        let Ok(text) = std::str::from_utf8(&bytes) else { continue };
        match &name[..2] {
            "y_" => assert!(jsonb::is_json(text), "{name}"),
            "n_" => assert!(!jsonb::is_json(text), "{name}"),
            _ => {}
        }
        // As metadata: kept as it is. An empty cell is no text, and a NUL no CSV.
        if text.is_empty() || text.contains('\0') {
            continue;
        }
        let cell = format!("\"{}\"", text.replace('"', "\"\""));
        let (report, memory) = import(format!("{HEADER}{}", ROW.replace("\"{\"\"n\"\": 1}\"", &cell)));
        assert_eq!(counts(only_table(&report)), [1, 0, 0, 0, 0], "{name}");
        let is_flagged = codes(only_table(&report)).contains(&WarningCode::MetadataNotJson);
        assert_eq!(is_flagged, !jsonb::is_json(text), "{name}");
        assert_eq!(memory.logs.values().next().unwrap().metadata.as_deref(), Some(text), "{name}");
    }
}

/// Each of them as a value that is not read: in a row, in what is wrapped around rows, and large.
#[test]
fn the_json_reader_takes_what_is_json_and_nothing_else() {
    let Some(folder) = suite("JSONTestSuite/test_parsing") else { return };
    let start = format!("{{\"data\":[{{{}", &OBJECT[1..OBJECT.len() - 1]);
    let wall = " ".repeat(300_000);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let value = std::fs::read(&path).unwrap();
        let in_row = [start.as_bytes(), b",\"x\":", &value, b"}]}"].concat();
        let beside = [start.as_bytes(), b"}],\"x\":", &value, b"}"].concat();
        let before = [b"{\"x\":", value.as_slice(), b",", &start.as_bytes()[1..], b"}]}"].concat();
        let large = [start.as_bytes(), b"}],\"x\":[", wall.as_bytes(), b"{\"y\":", &value, b"}]}"].concat();
        for content in [in_row, beside, before, large] {
            let (report, _) = import(&content);
            match (&name[..2], &report.error) {
                ("y_", None) => assert_eq!(counts(only_table(&report)), [1, 0, 0, 0, 0], "{name}"),
                ("n_", Some(_)) | ("i_", _) => {}
                _ => panic!("{name}: {report:?}"),
            }
        }
        let (report, _) = import(&value);
        let is_called_no_json = report.error.is_some_and(|it| it.message.contains("not JSON"));
        assert!(!(name.starts_with("y_") && is_called_no_json), "{name}");
    }
}

#[test]
fn naughty_strings_are_kept_as_they_are() {
    let Some(folder) = suite("blns") else { return };
    let texts = std::fs::read_to_string(folder.join("blns.json")).unwrap();
    let texts: Vec<String> = serde_json::from_str(&texts).unwrap();
    let expected: Vec<Option<&str>> = texts.iter().map(|it| Some(it.as_str())).collect();
    let id = |index: usize| uuid::Uuid::from_u128(index as u128 + 1);
    let csv: Vec<String> = texts
        .iter()
        .enumerate()
        .map(|(index, it)| format!("{},\"{}\"", id(index), it.replace('"', "\"\"")))
        .collect();
    let json: Vec<serde_json::Value> = texts
        .iter()
        .enumerate()
        .map(|(index, it)| serde_json::json!({"id": id(index).to_string(), "username": it}))
        .collect();
    for content in [format!("id,username\n{}\n", csv.join("\n")), serde_json::to_string(&json).unwrap()] {
        let (report, memory) = import(content);
        assert_eq!(counts(only_table(&report)), [texts.len() as u64, 0, 0, 0, 0]);
        assert_eq!(memory.profiles.values().map(Option::as_deref).collect::<Vec<_>>(), expected);
    }
}
