//! A usage log that was made for something else. It is found by the environment variable
//! `CREDITSCOPE_REAL`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::tool;

/// Calls of language models, with a time and two counts of tokens each.
const TRACE: &str = r#"{
    "id": {"uuid_v5": ["TIMESTAMP", "ContextTokens", "GeneratedTokens"]},
    "user_id": {"constant": "00000000-0000-0000-0000-000000000001"},
    "action": {"constant": "completion"},
    "credits_consumed": {"column": "GeneratedTokens", "times": 0.001},
    "metadata": {"unmapped": true},
    "created_at": {"column": "TIMESTAMP"},
    "assume_zone": "UTC"
}"#;

/// Rows, and tokens that were generated, by both files.
const N_ROWS: [u64; 2] = [8_819, 19_366];
const CREDITS: &str = "4334.561";

fn counts(answer: &tool::ImportAnswer) -> Vec<[u64; 3]> {
    answer.files.iter().map(|it| [it.imported, it.repeats, it.conflicts + it.rejected]).collect()
}

#[test]
fn a_trace_of_another_shape_comes_in_once() {
    let Some(real) = tool::path_of("CREDITSCOPE_REAL") else { return };
    let folder = tempfile::tempdir().unwrap();
    let (db, mapping) = (folder.path().join("db"), folder.path().join("trace.json"));
    fs::write(&mapping, TRACE).unwrap();
    let file = |name: &str| real.join(format!("azure/AzureLLMInferenceTrace_{name}.csv"));
    let files = [file("code"), file("conv")];

    let ran = tool::creditscope(["check", files[0].to_str().unwrap(), "--json"]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.stderr.contains("found: TIMESTAMP, ContextTokens, GeneratedTokens; if it is"),
        "{}",
        ran.stderr
    );

    let import = |files: &[PathBuf], db: &Path| {
        tool::import_with(&["--mapping", mapping.to_str().unwrap()], files, db)
    };
    let (code, answer) = import(&files, &db);
    assert_eq!((code, counts(&answer)), (0, N_ROWS.map(|it| [it, 0, 0]).to_vec()), "{answer:?}");
    let (code, answer) = import(&files, &db);
    assert_eq!((code, counts(&answer)), (0, N_ROWS.map(|it| [0, it, 0]).to_vec()), "{answer:?}");

    let summary = tool::report(&["summary", "--as", "admin", "--of", "all"], &db);
    assert_eq!(summary[0].raw("total_credits_consumed"), CREDITS);
    assert_eq!(summary[0].raw("total_actions"), N_ROWS.iter().sum::<u64>().to_string());
}
