//! Records of files that others made, where they are to be had: `CREDITSCOPE_SUITES` names the folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;

use super::records::{Quoting, cut_all, each};
use crate::import::Progress;
use crate::import::source::{FileBytes, Input, Source, Watch};
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
    let mut watch = Watch::new(&cancel, &mut on_progress);
    let file = FileBytes::open(Input::new(path), &mut watch).unwrap();
    let mut source = Source::new(file, watch, None).unwrap();
    let how = (b',', Quoting::Double);
    let mut in_head = Vec::new();
    each(source.text(), how, true, |record| {
        in_head.push(record.names());
        true
    });
    let (send, blocks) = sync_channel(100);
    cut_all(source.parts().0, how, &send, &sync_channel(0).1);
    drop(send);
    let found =
        blocks.into_iter().flat_map(|it| it.unwrap().records().map(|it| it.names()).collect::<Vec<_>>());
    assert_eq!(in_head, found.collect::<Vec<_>>(), "{}", path.display());
    in_head
}
