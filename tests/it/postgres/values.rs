use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::Server;
use crate::tool::{self, say};

/// Spellings of one type, in the column that holds it.
struct Spellings {
    column: &'static str,
    /// SQL that reads the text `$1` and writes it as creditscope's JSON does.
    reads: &'static str,
    /// Taken or refused as `PostgreSQL` does, to the same value. `NN` makes ids unlike each other.
    same: &'static [&'static str],
    /// Refused in any case: the documented limits.
    refused: &'static [&'static str],
}

const NUMBERS: Spellings = Spellings {
    column: "credits_consumed",
    reads: "CASE WHEN scale(round($1::numeric, 9)) > 0 THEN rtrim(rtrim(round($1::numeric, 9)::text, '0'), '.') ELSE $1::numeric::text END",
    same: &[
        "0",
        "-0",
        "1",
        "2.50",
        "0002.50",
        "+2.5",
        "-2.5",
        ".5",
        "-.5",
        "+.5",
        "5.",
        "-5.",
        "1e3",
        "1E3",
        "1e+3",
        "1e-3",
        "2.5e-2",
        ".5e1",
        "5.e1",
        "1e0",
        "1e00",
        "1e-0",
        "0e400",
        "1e-400",
        "1e-9",
        "1e-10",
        "-1e-10",
        "0.0000000005",
        "-0.0000000005",
        "0.00000000049999",
        "1.9999999995",
        "3.6300000000000003",
        "9223372036.854775807",
        "-9223372036.854775807",
        " 2.5 ",
        "\t2.5\n",
        "\u{b}2.5\u{c}",
        "000000000000000000000000000000000000001",
        "0.100000000000000000000000000000000000000001",
        // Refused by both.
        "",
        " ",
        "abc",
        "1a",
        "a1",
        "1 2",
        "--1",
        "+-1",
        "- 1",
        "+",
        "-",
        ".",
        "-.",
        "e5",
        ".e5",
        "1e",
        "1e+",
        "1e5.5",
        "1 e5",
        "1.2.3",
        "1,5",
        "1,000",
        "$2",
        "2%",
        "0x",
        "\u{661}",
        "\u{2212}2.5",
        "\u{a0}1",
        "NULL",
        "true",
        "[1]",
        "\"1\"",
    ],
    refused: &[
        "9223372036.854775808",
        "-9223372036.854775808",
        "9223372036.8547758074",
        "1e10",
        "1e400",
        "NaN",
        "nan",
        "Infinity",
        "-Infinity",
        "inf",
        // Newer versions take the first four, and versions before 16 the last.
        "1_000",
        "0x1A",
        "0b1",
        "0o7",
        "1e 5",
    ],
};

const IDS: Spellings = Spellings {
    column: "id",
    reads: "$1::uuid::text",
    same: &[
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380aNN",
        "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380ANN",
        "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380aNN}",
        "a0eebc999c0b4ef8bb6d6bb9bd380aNN",
        "{a0eebc999c0b4ef8bb6d6bb9bd380aNN}",
        "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0aNN",
        "{a0eebc99-9c0b4ef8-bb6d6bb9-bd380aNN}",
        "a0eebc99-9c0b-fef8-bb6d-6bb9bd380aNN",
        "00000000-0000-0000-0000-0000000000NN",
        "ffffffff-ffff-ffff-ffff-ffffffffffNN",
        // Refused by both.
        "",
        "NN",
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a",
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380aNN0",
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380aNN-",
        "-a0eebc99-9c0b-4ef8-bb6d-6bb9bd380aNN",
        "a0eebc99--9c0b-4ef8-bb6d-6bb9bd380aNN",
        "a0e-ebc99-9c0b-4ef8-bb6d-6bb9bd380aNN",
        "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380aNN",
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380aNN}",
        "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380aNN-}",
        "{{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380aNN}}",
        "[a0eebc99-9c0b-4ef8-bb6d-6bb9bd380aNN]",
        "(a0eebc99-9c0b-4ef8-bb6d-6bb9bd380aNN)",
        "urn:uuid:a0eebc99-9c0b-4ef8-bb6d-6bb9bd380aNN",
        "g0eebc99-9c0b-4ef8-bb6d-6bb9bd380aNN",
        " a0eebc99-9c0b-4ef8-bb6d-6bb9bd380aNN",
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380aNN ",
        "a0eebc99 9c0b 4ef8 bb6d 6bb9bd380aNN",
        "0xa0eebc999c0b4ef8bb6d6bb9bd380aNN",
        "user-uuid-here",
    ],
    refused: &[],
};

const TIMES: Spellings = Spellings {
    column: "created_at",
    reads: "to_json($1::timestamptz) #>> '{}'",
    same: &[
        "2025-08-30 10:00:00+00",
        "2025-08-30T10:00:00Z",
        "2025-08-30t10:00:00z",
        "2025-08-30 10:00:00 UTC",
        "2025-08-30 10:00:00+0000",
        "2025-08-30 10:00:00+00:00",
        "2025-08-30 10:00:00 +0200",
        "2025-08-30T10:00:00-03:30",
        "2025-08-30 10:00:00+05:45",
        "2025-08-30 10:00:00+05:30:15",
        "2025-08-30 10:00:00+14",
        "2025-08-30 10:00:00-12",
        "2025-08-30 10:00:00+15:59:59",
        "2025-08-30 10:00:00-15:59:59",
        "2025-08-30 10:00:00-00",
        "2025-08-30 10:00:00.1+00",
        "2025-08-30 10:00:00.123456+00",
        "2025-08-30 10:00:00.1234565+00",
        "2025-08-30 10:00:00.1234575+00",
        "2025-08-30 10:00:00.0000005+00",
        "2025-08-30 10:00:00.0000015+00",
        "2025-08-30 10:00:00.0000025+00",
        "2025-08-30 10:00:00.9999994+00",
        "2025-08-30 10:00:00.9999995+00",
        "2025-08-30 10:00:00.999999999+00",
        "2025-08-30 10:00:00.12345649999+00",
        "2025-08-30 23:59:59.9999999+00",
        "2025-08-30 10:00:00.+00",
        "2025-08-30 23:59:60+00",
        "2025-08-30 24:00:00+00",
        "2024-12-31 23:59:60+00",
        "2024-02-29 00:00:00+00",
        "2000-02-29 00:00:00+00",
        "0001-01-01 00:00:00+00",
        "9999-12-31 23:59:59.999999+00",
        "1969-12-31 23:59:59.999999+00",
        "2025-08-30T10:00Z",
        "2025-08-30 10:00+02",
        "  2025-08-30 10:00:00+00  ",
        "2025-08-30  10:00:00+00",
        "2025/08/30 10:00:00+00",
        "2025-08-30 10:00:00 GMT",
        "2025-08-30 10:00:00 UT",
        // As mail writes it.
        "Sat, 30 Aug 2025 10:00:00 +0000",
        "30 Aug 2025 10:00:00 -0330",
        "sat, 3 AUG 2024 10:00:00 GMT",
        // As `PostgreSQL` writes it in its own DateStyle.
        "Sat 30 Aug 10:00:00.123456 2025 UTC",
        "Sat Aug 30 10:00:00.5 2025 UTC",
        "Sat Aug 30 15:45:00 2025 +0545",
        // Refused by both.
        "",
        " ",
        "abc",
        "2025-02-29 00:00:00+00",
        "2100-02-29 00:00:00+00",
        "2025-02-30 00:00:00+00",
        "2025-04-31 00:00:00+00",
        "2025-13-01 00:00:00+00",
        "2025-00-10 00:00:00+00",
        "2025-01-00 00:00:00+00",
        "2025-01-32 00:00:00+00",
        "0000-01-01 00:00:00+00",
        "2025-08-30 25:00:00+00",
        "2025-08-30 24:00:01+00",
        "2025-08-30 24:00:00.5+00",
        "2025-08-30 10:60:00+00",
        "2025-08-30 10:00:61+00",
        "2025-08-30 10:00:00+16",
        "2025-08-30 10:00:00-16",
        "2025-08-30 10:00:00+05:60",
        "2025-08-30 10:00:00+05:30:60",
        "2025-08-30 10:00:00+",
        "2025-08-30T10:00:00ZZ",
        "2025-08-30 10:00:00.1.2+00",
        "10:00:00+00",
        "2025-08-30 10:00:00+00 x",
        "1,5",
        "2025-08-30 -1:00:00+00",
        "2025-08-30 10:00:00 Mars/Olympus",
    ],
    refused: &[
        "2025-08-30",
        // Abbreviations mean another zone in another country.
        "2025-08-30 10:00:00 IST",
        "2025-08-30 10:00:00 CST",
        "2025-08-30 10:00:00 EST",
        // Outside the calendar.
        "10000-01-01 00:00:00+00",
        "294276-12-31 23:59:59+00",
        "0044-03-15 00:00:00+00 BC",
        "infinity",
        "-infinity",
        "0001-01-01 00:00:00+01",
        "9999-12-31 23:59:59.9999999+00",
        // Minutes and seconds to PostgreSQL, hours and minutes to anybody else.
        "2025-08-30 10:15.5+00",
        // Not a time that a log would hold.
        "now",
        "today",
        "epoch",
        "Aug 30 2025 10:00:00 UTC",
        "30.08.2025 10:00:00 UTC",
        // Among dates it is strange, whatever `PostgreSQL` takes it for.
        "1756548000",
        "45859.23459490741",
        "02/01/2025 10:00:00 UTC",
        // The weekday is another one.
        "Sun, 30 Aug 2025 10:00:00 +0000",
        "Sun Aug 30 10:00:00 2025 UTC",
    ],
};

/// These need an answer of the user's, so without one the file is refused.
const WITHOUT_ZONE: [&str; 3] = ["2025-08-30 10:00:00", "2025-08-30T10:00:00", "2025-08-30 10:00:00.123456"];

const USER: &str = "00000000-0000-4000-8000-000000000001";

#[test]
fn values_equal_postgres() {
    let Some(server) = Server::start() else { return };
    let mut n_equal = 0;
    for spellings in [NUMBERS, IDS, TIMES] {
        let all: Vec<String> =
            spellings.same.iter().chain(spellings.refused).enumerate().map(numbered).collect();
        let theirs = ask_postgres(&server, &spellings, &all);
        for format in ["csv", "ndjson"] {
            let ours = imported(server.folder(), spellings.column, &all, format);
            let refused = all.iter().map(|_| None).skip(spellings.same.len());
            let expected: Vec<_> = theirs[..spellings.same.len()].iter().cloned().chain(refused).collect();
            let differ: Vec<_> = (all.iter().zip(ours.iter().zip(&expected)))
                .filter(|(_, (ours, expected))| ours != expected)
                .map(|(it, (ours, expected))| format!("{it:?}: creditscope {ours:?}, expected {expected:?}"))
                .collect();
            assert!(differ.is_empty(), "{} as {format}:\n{}", spellings.column, differ.join("\n"));
            n_equal += all.len();
        }
    }
    say(&format!("{n_equal} values are read as PostgreSQL reads them, or are outside the limits"));
}

/// `PostgreSQL` reads a time without zone in the session's, which a dump does not tell.
#[test]
fn a_time_without_zone_is_asked_about() {
    for time in WITHOUT_ZONE {
        let folder = tempfile::tempdir().unwrap();
        let (file, db) = (folder.path().join("logs.csv"), folder.path().join("db"));
        fs::write(&file, dump(TIMES.column, &[time.to_owned()], "csv")).unwrap();
        let (code, answer) = tool::import(std::slice::from_ref(&file), &db);
        let message = answer.files[0].error.as_ref().map_or("", |it| &it.message);
        assert!(code == 1 && message.contains("--assume-zone"), "{time}: {answer:?}");
    }
}

fn numbered((at, spelling): (usize, &&str)) -> String {
    spelling.replace("NN", &format!("{at:02}"))
}

/// What `PostgreSQL` reads; `None` where it refuses.
fn ask_postgres(server: &Server, spellings: &Spellings, all: &[String]) -> Vec<Option<String>> {
    let mut script = format!(
        "SET timezone = 'UTC';\n\
         CREATE FUNCTION pg_temp.reads(spelling text) RETURNS text LANGUAGE plpgsql AS $body$\n\
         BEGIN RETURN {}; EXCEPTION WHEN OTHERS THEN RETURN NULL; END $body$;\n",
        spellings.reads,
    );
    for spelling in all {
        writeln!(script, "SELECT coalesce(to_json(pg_temp.reads($q${spelling}$q$))::text, 'null');").unwrap();
    }
    server.psql(&script).lines().map(|it| serde_json::from_str(it).unwrap()).collect()
}

/// What creditscope reads; `None` where it rejects the row.
fn imported(folder: &Path, column: &str, all: &[String], format: &str) -> Vec<Option<String>> {
    let (file, db) = (folder.join(column).with_extension(format), folder.join(format!("{column}-{format}")));
    fs::write(&file, dump(column, all, format)).unwrap();
    let (_, answer) = tool::import(&[file], &db);
    let entry = &answer.files[0];
    assert_eq!((entry.error.is_none(), entry.rows_read), (true, all.len() as u64), "{entry:?}");
    assert!(entry.rejects.iter().all(|it| it.column.as_deref() == Some(column)), "{:?}", entry.rejects);

    let rows = tool::report(&["history", "--as", USER], &db);
    assert_eq!(rows.len() as u64, entry.imported, "all fit in a history");
    let value = |row: &tool::Row| row.text_or_raw(column);
    let read: BTreeMap<_, _> = rows.iter().map(|row| (row.text("action").unwrap(), value(row))).collect();
    let values: Vec<_> = (0..all.len()).map(|at| read.get(&at.to_string()).cloned()).collect();
    let refused = (1..).zip(&values).filter(|(_, it)| it.is_none()).map(|(row, _)| row);
    assert_eq!(entry.rejects.iter().map(|it| it.row).collect::<Vec<u64>>(), refused.collect::<Vec<_>>());
    values
}

/// A dump with a row for each spelling, which is known by its action.
fn dump(column: &str, all: &[String], format: &str) -> String {
    let row = |(at, spelling): (usize, &String)| {
        let mut cells = [
            ("id", format!("11111111-0000-4000-8000-{at:012}")),
            ("user_id", USER.to_owned()),
            ("action", at.to_string()),
            ("credits_consumed", "1".to_owned()),
            ("created_at", "2025-08-30 10:00:00+00".to_owned()),
        ];
        let cell = cells.iter_mut().find(|(name, _)| *name == column).expect("one of ours");
        cell.1.clone_from(spelling);
        cells
    };
    let rows = all.iter().enumerate().map(row);
    if format == "csv" {
        let line = |cells: [(&str, String); 5]| {
            cells.map(|(_, it)| format!("\"{}\"", it.replace('"', "\"\""))).join(",")
        };
        let lines: Vec<_> = rows.map(line).collect();
        format!("id,user_id,action,credits_consumed,created_at\n{}\n", lines.join("\n"))
    } else {
        rows.map(|cells| serde_json::to_string(&BTreeMap::from(cells)).unwrap() + "\n").collect()
    }
}
