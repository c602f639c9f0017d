//! What was imported, as scripts see it.

use crate::cli::{Files, check_fails};
use crate::tool;

const HEADER: &str = "id,user_id,action,credits_consumed,metadata,created_at,format,quality\n";

/// A row with these last digits of its id.
fn row(n: u32, credits: &str) -> String {
    format!(
        "10000000-0000-4000-8000-{n:012},00000000-0000-4000-8000-0000000000ad,chat,{credits},,2025-08-30 10:00:00+00,text,high\n"
    )
}

/// A file with two batches: the second has a row that is known, one in conflict and one that is rejected.
fn two_batches() -> Files {
    let files = Files::none();
    let first = files.write("first.csv", &[HEADER, &row(1, "2.5"), &row(2, "1")].concat());
    let second =
        [HEADER, &row(1, "2.50"), &row(2, "1.25"), &row(3, "\"a, \"\"b\"\"\""), &row(4, "7")].concat();
    let second = files.write("second.csv", &second);
    assert_eq!(tool::import(&[first], &files.db()).0, 0);
    assert_eq!(tool::import(&[second], &files.db()).0, 3);
    files
}

#[track_caller]
fn answer(files: &Files, line: &str, code: i32) -> String {
    let ran = files.run(line);
    assert_eq!(ran.code, Some(code), "{line}: {}", ran.stderr);
    ran.stdout
}

#[test]
fn batches_are_listed_with_their_counts() {
    let files = two_batches();
    let rows: Vec<serde_json::Value> =
        serde_json::from_str(&answer(&files, "batches --db DB --format json", 0)).unwrap();
    let counts = |of: usize| {
        ["batch", "rows_read", "imported", "updated", "repeats", "conflicts", "rejected"]
            .map(|it| rows[of][it].as_u64().unwrap())
    };
    assert_eq!((rows.len(), counts(0), counts(1)), (2, [1, 2, 2, 0, 0, 0, 0], [2, 4, 1, 0, 1, 1, 1]));
    assert_eq!((&rows[0]["table"], &rows[0]["format"]), (&"usage_logs".into(), &"csv".into()));
    assert_eq!(rows[0]["sha256"].as_str().unwrap().len(), 64);
    assert!(answer(&files, "batches --db DB", 0).contains("second.csv"));
}

#[test]
fn rejects_carry_the_reason_and_the_text_as_it_stands_in_the_file() {
    let files = two_batches();
    let csv = answer(&files, "rejects --db DB --format csv", 0);
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("batch,table,row,line,column,reason,raw"));
    let line = lines.next().unwrap();
    assert!(line.starts_with("2,usage_logs,3,4,credits_consumed,"), "{line}");
    assert!(line.contains(r#",chat,""a, """"b"""""",,2025-08-30"#), "{line}");
    assert_eq!(lines.next(), None);
    assert_eq!(answer(&files, "rejects --db DB --batch 1 --format json", 0), "[]\n");
    assert!(answer(&files, "rejects --db DB --batch 2", 0).contains("credits_consumed"));
}

#[test]
fn conflicts_say_what_differs() {
    let files = two_batches();
    let rows: Vec<serde_json::Value> =
        serde_json::from_str(&answer(&files, "conflicts --db DB --format json", 0)).unwrap();
    assert_eq!((rows.len(), rows[0]["batch"].as_u64()), (1, Some(2)));
    assert_eq!(rows[0]["id"], "10000000-0000-4000-8000-000000000002");
    assert!(rows[0]["reason"].as_str().unwrap().contains("credits_consumed was 1, now 1.25"));
}

#[test]
fn a_batch_that_is_not_known_is_a_usage_error() {
    let files = two_batches();
    for command in ["rejects", "conflicts"] {
        let line = format!("{command} --db DB --batch 3");
        check_fails(&files, &line, 2, &["3", "creditscope batches"]);
    }
}

#[test]
fn a_batch_is_removed_and_what_goes_is_told() {
    let files = two_batches();
    let before = answer(&files, "report platform --db DB --as admin --format json", 0);
    let told = answer(&files, "remove-batch 1 --db DB --dry-run", 0);
    assert!(told.starts_with("batch 1 would be removed: ") && told.contains("first.csv"), "{told}");
    assert_eq!(answer(&files, "report platform --db DB --as admin --format json", 0), before);

    let told = answer(&files, "remove-batch 1 --db DB", 0);
    for line in [
        "2 rows, 3.5 credits",
        "1 of these rows batch 2 repeated",
        "1 of these rows batch 2 has in another version",
    ] {
        assert!(told.contains(line), "{told}");
    }
    assert!(told.contains("`creditscope import-again 1` has it back, while its file (sha-256 "), "{told}");
    assert_eq!(files.rows("summary --as admin --of all")[0].raw("total_credits_consumed"), "7");
    let left: Vec<serde_json::Value> =
        serde_json::from_str(&answer(&files, "batches --db DB --format json", 0)).unwrap();
    assert_eq!((left.len(), left[0]["batch"].as_u64()), (1, Some(2)));
    assert!(answer(&files, "batches --db DB --removed --format csv", 0).contains("first.csv"));
    check_fails(&files, "remove-batch 1 --db DB", 2, &["number 1", "creditscope batches"]);
    check_fails(&files, "remove-batch one --db DB", 2, &["one"]);
    assert!(answer(&files, "import-again 1 --db DB", 0).contains("2 rows read: 2 imported"));
    assert_eq!(files.rows("summary --as admin --of all")[0].raw("total_credits_consumed"), "10.5");
    files.write("first.csv", HEADER);
    assert!(files.run("import-again 1 --db DB").stderr.contains("this is not the file"));
    check_fails(&files, "import-again 9 --db DB", 2, &["number 9"]);
    check_fails(&files, "remove-batch 1 --db @none", 1, &["none"]);
}

/// Both versions of the row in conflict: credits that stay or stayed, the newer ones, the difference.
fn versions(files: &Files) -> serde_json::Value {
    let rows: Vec<serde_json::Value> =
        serde_json::from_str(&answer(files, "conflicts --db DB --format json", 0)).unwrap();
    rows[0].clone()
}

#[test]
fn the_newer_version_of_a_conflict_is_taken_and_told() {
    let files = two_batches();
    let total = || files.rows("summary --as admin --of all")[0].raw("total_credits_consumed").to_owned();
    let id = "10000000-0000-4000-8000-000000000002";
    let row = versions(&files);
    let shown = ["kept_credits", "newer_credits", "difference"].map(|it| row[it].to_string());
    assert_eq!((shown, total().as_str()), (["1", "1.25", "0.25"].map(str::to_owned), "10.5"));
    assert!(row["taken_at"].is_null());
    check_fails(
        &files,
        &format!("conflicts --db DB --take {}", id.replace("02", "09")),
        2,
        &["000000000009"],
    );
    check_fails(&files, "conflicts --db DB --take-all --batch 7", 2, &["number 7"]);
    check_fails(&files, &format!("conflicts --db DB --take {id} --take-all"), 2, &["--take-all"]);

    let told = answer(&files, &format!("conflicts --db DB --take {id}"), 0);
    assert_eq!(told, "1 newer versions taken: +0.25 credits\n");
    assert_eq!(total(), "10.75");
    let row = versions(&files);
    assert_eq!(
        (row["kept_credits"].to_string(), row["newer_credits"].to_string()),
        ("1".into(), "1.25".into())
    );
    assert!(row["taken_at"].is_string() && row["taken_by"].is_string());
    let told = answer(&files, "conflicts --db DB --take-all", 0);
    assert_eq!(told, "0 newer versions taken: 0 credits\n  1 had been taken before\n");

    assert!(answer(&files, "remove-batch 2 --db DB", 0).contains("1 rows of other batches are again"));
    assert_eq!(total(), "3.5");
}

#[test]
fn two_sides_are_compared_by_user_or_by_row() {
    let files = two_batches();
    let equal = files.run("diff @first.csv @first.csv --format json");
    assert_eq!((equal.code, equal.stdout.as_str()), (Some(0), "[]\n"));
    assert!(equal.stderr.contains("0 new, 0 vanished, 0 changed, 2 the same"), "{}", equal.stderr);

    let users = answer(&files, "diff @first.csv DB --format csv", 3);
    let mut lines = users.lines();
    let head = "user_id,username,new_rows,new_credits,vanished_rows,vanished_credits,changed_rows,changed_credits,effect";
    assert_eq!(lines.next(), Some(head));
    assert_eq!(lines.next(), Some("00000000-0000-4000-8000-0000000000ad,,1,7,0,0,0,0,7"));
    assert_eq!(lines.next(), None);

    let rows = files.run("diff @first.csv @second.csv --rows --format csv");
    assert_eq!(rows.code, Some(3));
    let changed = rows.stdout.lines().nth(1).unwrap();
    assert!(changed.starts_with("changed,10000000-0000-4000-8000-000000000002,"), "{changed}");
    assert!(changed.ends_with(",1,1.25,0.25,\"credits_consumed was 1, now 1.25\""), "{changed}");
    assert!(rows.stdout.lines().nth(2).unwrap().starts_with("new,"), "{}", rows.stdout);
    assert!(rows.stderr.contains("1 rows were rejected and are not compared"), "{}", rows.stderr);

    assert_eq!(answer(&files, "diff DB @first.csv --rows --format json", 3).matches("vanished").count(), 1);
    check_fails(&files, "diff @none.csv DB", 1, &["none.csv"]);
    check_fails(&files, "diff DB", 2, &["B"]);
}
