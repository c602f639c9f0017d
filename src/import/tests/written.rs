//! What is told of a file beside its rows: what it is packed in, its encoding, its columns.

use super::*;
use crate::import::laws::packed::gzip;
use crate::import::{Encoding, Written};

#[track_caller]
fn check(content: impl AsRef<[u8]>, written: Written, n_columns: (usize, usize)) {
    let (report, _) = import(content);
    assert_eq!(report.written, written);
    let columns = &report.tables[0].columns;
    assert_eq!((columns.n_found, columns.n_read), n_columns);
}

fn csv() -> Written {
    Written {
        packer: None,
        encoding: Encoding::named("utf-8"),
        delimiter: Some(b','),
        has_header: Some(true),
    }
}

#[test]
fn packing_encoding_dialect_and_columns_are_told() {
    check(format!("{HEADER}{ROW}"), csv(), (8, 8));
    check(gzip(format!("{HEADER}{ROW}")), Written { packer: Some("gzip"), ..csv() }, (8, 8));
    let few = "id;user_id;action;credits_consumed;created_at;note\n";
    check(few, Written { delimiter: Some(b';'), ..csv() }, (5, 8));
    check("id,username,credits\n", csv(), (2, 2));
    check("id,user_id,role\n", csv(), (2, 2));
    let text = Written { delimiter: None, has_header: None, ..csv() };
    check(r#"[{"id":1,"action":"a","credits_consumed":2,"x":3}]"#, text, (3, 8));
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend(format!("{HEADER}{ROW}").encode_utf16().flat_map(u16::to_le_bytes));
    check(utf16, Written { encoding: Encoding::named("utf-16le"), ..csv() }, (8, 8));
}

#[test]
fn a_file_that_fails_is_told_of_as_far_as_it_was_recognised() {
    let asks = format!("{HEADER}{}", ROW.replace("+00", ""));
    let (report, _) = import(&asks);
    assert!(report.error.is_some_and(|it| it.question.is_some()));
    assert_eq!(report.written, csv());
    let names =
        ["action", "created_at", "credits_consumed", "format", "id", "metadata", "quality", "user_id"];
    assert_eq!(report.tables[0].columns.names, names);
}
