//! Statements and rows that are passed over, or are many, are never held: a record may have 64 MiB, what
//! they are in may be as long as it likes.

use super::*;

/// More than a record may have.
const LONG: usize = 80 * 1024 * 1024;

#[test]
fn rows_of_one_statement_are_read_one_by_one() {
    let padding = "x".repeat(1024 * 1024);
    let rows: Vec<String> = (1..=LONG as u128 >> 20)
        .map(|it| {
            let id = uuid::Uuid::from_u128(it).to_string();
            VALUES.replace(ID, &id).replace("generate", &padding)
        })
        .collect();
    let n_rows = rows.len() as u64;
    let content = format!("INSERT INTO usage_logs ({COLUMNS}) VALUES\n{};", rows.join(",\n"));
    check_counts(content, [n_rows, 0, 0, 0, 0]);
}

#[test]
fn what_is_passed_over_is_not_held() {
    let long = "it''s \\ $ * -- ;\t".repeat(LONG / 17);
    for passed in [
        format!("INSERT INTO auth.users VALUES ('{long}');"),
        format!("COPY auth.users (id) FROM stdin;\n{long}\n\\.\n"),
        format!("CREATE FUNCTION f() AS $_${long}$_$;"),
        format!("/*{long}*/"),
        format!("--{long}\n"),
        format!("COMMENT ON TABLE x IS E'{}';", long.replace('\\', "\\'")),
    ] {
        check_usual(format!("{passed}{}", insert()));
    }
    let whole = format!("INSERT INTO usage_logs ({COLUMNS}) VALUES ('{long}');");
    check_error(whole, Some(1), "more than 64 MiB");
}
