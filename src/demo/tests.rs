use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use super::*;
use crate::model::{Conflict, DumpTable, Reject, StoredLog, Upsert, Zone};

/// Writes rows as `\copy … csv header` does, and as `json_agg` does.
struct Dumps {
    logs: String,
    json: String,
    profiles: String,
    roles: String,
}

impl Default for Dumps {
    fn default() -> Self {
        Self {
            logs: "id,user_id,action,credits_consumed,metadata,created_at,format,quality\n".to_owned(),
            json: String::new(),
            profiles: "id,username\n".to_owned(),
            roles: "user_id,role\n".to_owned(),
        }
    }
}

impl Writer for Dumps {
    fn add_log(&mut self, row: &LogRow<'_>) -> Result<Option<StoredLog>, WriteError> {
        let LogRow { id, user_id, action, credits, metadata, created_at, format, quality } = *row;
        let at = Zone::utc().format(created_at);
        let quoted = metadata.map(|it| format!("\"{}\"", it.replace('"', "\"\""))).unwrap_or_default();
        let copy_at = at.replace('T', " ").replace("+00:00", "+00");
        let (csv_format, csv_quality) = (format.unwrap_or_default(), quality.unwrap_or_default());
        writeln!(
            self.logs,
            "{id},{user_id},{action},{credits},{quoted},{copy_at},{csv_format},{csv_quality}"
        )
        .unwrap();
        let json_text = |it: Option<&str>| it.map_or("null".to_owned(), |it| format!("\"{it}\""));
        let comma = if self.json.is_empty() { "[" } else { ", \n " };
        write!(
            self.json,
            r#"{comma}{{"id":"{id}","user_id":"{user_id}","action":"{action}","credits_consumed":{credits},"metadata":{},"created_at":"{at}","format":{},"quality":{}}}"#,
            metadata.unwrap_or("null"),
            json_text(format),
            json_text(quality),
        )
        .unwrap();
        Ok(None)
    }

    fn refine_log(&mut self, _: RowId, _: Credits, _: Instant) -> Result<(), WriteError> {
        Ok(())
    }

    fn put_profile(&mut self, row: &ProfileRow<'_>) -> Result<Upsert, WriteError> {
        writeln!(self.profiles, "{},{}", row.user_id, row.username.unwrap_or_default()).unwrap();
        Ok(Upsert::New)
    }

    fn put_roles(&mut self, user: UserId, roles: &BTreeSet<String>) -> Result<BTreeSet<String>, WriteError> {
        for role in roles {
            writeln!(self.roles, "{user},{role}").unwrap();
        }
        Ok(BTreeSet::new())
    }

    fn keep_reject(&mut self, _: DumpTable, _: &Reject) -> Result<(), WriteError> {
        Ok(())
    }

    fn keep_conflict(&mut self, _: DumpTable, _: &Conflict) -> Result<(), WriteError> {
        Ok(())
    }
}

fn dumps(demo: Demo) -> Dumps {
    let mut dumps = Dumps::default();
    demo.write(&mut dumps, &mut |_| true).unwrap();
    dumps.json += "]\n";
    dumps
}

/// `UPDATE_SAMPLE=1 cargo test demo` writes the files anew.
#[test]
fn the_sample_is_what_the_demo_makes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo");
    let Dumps { logs, json, profiles, roles } = dumps(SAMPLE);
    for (name, text) in [
        ("usage_logs.csv", logs),
        ("usage_logs.json", json),
        ("profiles.csv", profiles),
        ("user_roles.csv", roles),
    ] {
        let path = folder.join(name);
        if std::env::var_os("UPDATE_SAMPLE").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        assert!(std::fs::read_to_string(&path).unwrap() == text, "{name} is out of date");
    }
}

#[test]
fn a_demo_has_as_many_rows_as_it_says_in_the_order_of_time() {
    for n_rows in [0, 1, 777] {
        let logs = dumps(Demo { n_rows, seed: 3 }).logs;
        let times: Vec<&str> =
            logs.lines().skip(1).map(|it| &it[it.find("2026-").unwrap()..][..19]).collect();
        assert_eq!(times.len() as u64, n_rows);
        assert!(times.is_sorted());
    }
    assert!(dumps(Demo { n_rows: 50, seed: 3 }).logs != dumps(Demo { n_rows: 50, seed: 4 }).logs);
}
