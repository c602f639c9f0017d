//! Reports as CSV: RFC 4180 with LF, NULL empty, `''` as `""`, nothing guarded or cut.

use crate::model::Zone;
use crate::report::{Cell, ReportTable};

pub(super) fn write(table: &ReportTable, zone: &Zone) -> String {
    let mut csv = table.columns.join(",");
    csv.push('\n');
    for row in &table.rows {
        for (column, cell) in row.iter().enumerate() {
            if column > 0 {
                csv.push(',');
            }
            push_cell(&mut csv, cell, zone);
        }
        csv.push('\n');
    }
    csv
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
