//! Rows as CSV: RFC 4180 with LF, NULL empty, `''` as `""`, nothing guarded or cut.

use crate::model::Zone;
use crate::report::Cell;

pub(super) fn header(columns: &[&str]) -> String {
    columns.join(",") + "\n"
}

pub(super) fn push_row(csv: &mut String, row: &[Cell], zone: &Zone) {
    for (column, cell) in row.iter().enumerate() {
        if column > 0 {
            csv.push(',');
        }
        push_cell(csv, cell, zone);
    }
    csv.push('\n');
}

fn push_cell(csv: &mut String, cell: &Cell, zone: &Zone) {
    let Some(text) = super::text(cell, zone) else { return };
    if text.is_empty() || text.contains([',', '"', '\n', '\r']) {
        csv.push('"');
        csv.push_str(&text.replace('"', "\"\""));
        csv.push('"');
    } else {
        csv.push_str(&text);
    }
}
