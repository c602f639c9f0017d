//! Records of files that others made, where they are to be had: `CREDITSCOPE_SUITES` names the folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::records::{Quoting, Records, each};
use crate::import::Progress;
use crate::import::source::{FileBytes, Input, Source};
use crate::model::Cancel;

type Row = BTreeMap<String, String>;

/// Upstream, its two halves differ.
const BROKEN: &str = "location_coordinates";

#[test]
fn records_are_those_of_csv_spectrum() {
    let Some(folder) = std::env::var_os("CREDITSCOPE_SUITES").map(PathBuf::from) else {
        println!("skipped: CREDITSCOPE_SUITES does not name a folder");
        return;
    };
    let mut n_files = 0;
    for entry in std::fs::read_dir(folder.join("csv-spectrum/csvs")).unwrap() {
        let csv = entry.unwrap().path();
        let name = csv.file_stem().unwrap().to_str().unwrap();
        if name == BROKEN {
            continue;
        }
        n_files += 1;
        let json = std::fs::read_to_string(folder.join(format!("csv-spectrum/json/{name}.json"))).unwrap();
        let expected: Vec<Row> = serde_json::from_str(&json).unwrap();
        let records = records(&csv);
        let row = |it: &Vec<String>| records[0].iter().cloned().zip(it.iter().cloned()).collect::<Row>();
        assert_eq!(records[1..].iter().map(row).collect::<Vec<_>>(), expected, "{name}");
    }
    assert_eq!(n_files, 11);
}

/// The header and the rows of a file, which are the same when they are looked at to recognise it.
#[track_caller]
fn records(path: &Path) -> Vec<Vec<String>> {
    let cancel = Cancel::new();
    let mut on_progress = |_: Progress| {};
    let file = FileBytes::open(Input::new(path), &cancel, &mut on_progress).unwrap();
    let mut source = Source::new(file, None).unwrap();
    let mut in_head = Vec::new();
    each(source.window(), (b',', Quoting::Double), true, |record, _| {
        in_head.push(record.names());
        true
    });
    let mut records = Records::new(b',', Quoting::Double);
    let mut found = Vec::new();
    while records.next(&mut source).unwrap() {
        found.push(records.record.names());
        source.consume(records.n_raw);
    }
    assert_eq!(in_head, found, "{}", path.display());
    found
}
