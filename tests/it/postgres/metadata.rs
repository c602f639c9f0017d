use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use creditscope::access::Viewer;
use creditscope::model::{Answer, Ask, Calendar, Cancel, Dim, Key, MetadataKey, Query};
use creditscope::service::Session;
use creditscope::store::Store;

use super::Server;
use crate::tool::{self, say};

/// Metadata of which the value of `k` is asked for.
const METADATA: [&str; 47] = [
    r#"{"a": 1, "k": "sdxl", "z": {}}"#,
    r#"{"k": ""}"#,
    r#"{"k": " a  b "}"#,
    "\n {\"k\"\t: 150 } ",
    r#"{"k": "150"}"#,
    r#"{"k": true}"#,
    r#"{"k": "true"}"#,
    r#"{"k": false}"#,
    r#"{"k": null}"#,
    r#"{"k": "null"}"#,
    r#"{"\u006b": "a\n\t\"\\\/\b\ud83d\ude00\u00e9"}"#,
    r#"{"k": 1, "k": 2, "j": 3}"#,
    r#"{"k": 1, "k": null}"#,
    r#"{"k": null, "\u006b": 1}"#,
    "{}",
    r#"{"K": 1}"#,
    r#"{"j": {"k": 1}}"#,
    r#"[{"k": 1}]"#,
    r#"["k"]"#,
    r#""k""#,
    "7",
    "null",
    r#"{"k": 1.0}"#,
    r#"{"k": -0.50}"#,
    r#"{"k": 12345678901234567890.10}"#,
    r#"{"k": -0}"#,
    r#"{"k": -0.00}"#,
    r#"{"k": 1e3}"#,
    r#"{"k": 1E+3}"#,
    r#"{"k": 1.5e3}"#,
    r#"{"k": 1.50e1}"#,
    r#"{"k": -1.5e0}"#,
    r#"{"k": 1e-3}"#,
    r#"{"k": 12.5e-1}"#,
    r#"{"k": 12.5e-4}"#,
    r#"{"k": 1e-7}"#,
    r#"{"k": -0e5}"#,
    r#"{"k": 0.00e1}"#,
    r#"{"k": 0.01e1}"#,
    r#"{"k": 0e-2}"#,
    r#"{"k": 1e21}"#,
    r#"{"k":[1,"a",null,{"bb":1.50,"a":true,"b":[],"a":false}]}"#,
    r#"{"k":{"a\"\u0001é":1E2,"\u001f\u007f":"\r\f\/"}}"#,
    r#"{"k":[ ]}"#,
    r#"{"k":{ }}"#,
    r#"{"k":{"é":1,"z":{"bbb":-0,"aaaa":null},"aa":[[[]]]}}"#,
    r#"{"k":"'"}"#,
];

#[test]
fn values_of_metadata_equal_postgres() {
    let Some(server) = Server::start() else { return };
    let mut script = String::new();
    for metadata in METADATA {
        writeln!(script, "SELECT coalesce(to_json($q${metadata}$q$::jsonb ->> 'k')::text, 'null');").unwrap();
    }
    let theirs: Vec<Option<String>> =
        server.psql(&script).lines().map(|it| serde_json::from_str(it).unwrap()).collect();

    let (file, db) = (server.folder().join("metadata.csv"), server.folder().join("metadata-db"));
    let mut dump = "id,user_id,action,credits_consumed,metadata,created_at\n".to_owned();
    for (at, metadata) in METADATA.iter().enumerate() {
        let id = format!("11111111-0000-4000-8000-{at:012}");
        let cell = metadata.replace('"', "\"\"");
        writeln!(dump, "{id},{id},{at},1,\"{cell}\",2025-08-30 10:00:00+00").unwrap();
    }
    fs::write(&file, dump).unwrap();
    let (_, answer) = tool::import(&[file], &db);
    assert_eq!(answer.files[0].imported, METADATA.len() as u64, "{:?}", answer.files[0]);

    let key = MetadataKey::new("k");
    let query = Query { group_by: vec![Dim::Action, Dim::Metadata(key)], ..Query::default() };
    let session = Session::new(Store::open(&db).unwrap(), Viewer::Admin(None));
    let answer = session.ask(&Ask::Table(query), &Calendar::utc(), &Cancel::new()).unwrap();
    let Answer::Table(table) = answer else { panic!("no table") };
    let ours: BTreeMap<usize, Option<&str>> = table
        .rows
        .iter()
        .map(|it| (it.keys[0].text().unwrap().parse().unwrap(), it.keys[1].text()))
        .collect();
    let ours: Vec<_> = ours.into_values().map(|it| it.map(str::to_owned)).collect();
    let differ: Vec<_> = METADATA
        .iter()
        .zip(ours.iter().zip(&theirs))
        .filter(|(_, (ours, theirs))| ours != theirs)
        .map(|(it, (ours, theirs))| format!("{it:?}: creditscope {ours:?}, PostgreSQL {theirs:?}"))
        .collect();
    assert!(ours.len() == theirs.len() && differ.is_empty(), "{}", differ.join("\n"));
    assert!(table.rows.iter().all(|it| matches!(it.keys[1], Key::Text(_))));
    say(&format!("{} values of metadata are those of PostgreSQL's ->>", METADATA.len()));
}
