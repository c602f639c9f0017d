//! Reports for people: columns that line up, and nothing that could drive the terminal.

use crate::model::Zone;
use crate::report::{Cell, ReportTable};

/// Longer texts are cut here; CSV and JSON have them whole.
const CELL_CHARS_MAX: usize = 60;

pub(super) fn write(table: &ReportTable, zone: &Zone) -> String {
    let header = table.columns.iter().map(|it| (*it).to_owned()).collect();
    let body = table.rows.iter().map(|row| row.iter().map(|it| cell(it, zone)).collect());
    let lines: Vec<Vec<String>> = std::iter::once(header).chain(body).collect();
    let width = |column: usize| lines.iter().map(|it| it[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..table.columns.len()).map(width).collect();

    let mut text = String::new();
    for (n, line) in lines.iter().enumerate() {
        let cells = line.iter().enumerate().map(|(column, cell)| {
            let width = widths[column];
            if is_number(table, column) { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        text += cells.collect::<Vec<_>>().join("  ").trim_end();
        text.push('\n');
        if n == 0 {
            let rules: Vec<_> = widths.iter().map(|it| "-".repeat(*it)).collect();
            text += &rules.join("  ");
            text.push('\n');
        }
    }
    text
}

/// A value with no more of its text than a cell shows.
pub(super) fn shortened(cell: &Cell) -> Cell {
    match cell {
        // One character more, so that it is seen to be cut.
        Cell::Text(text) => Cell::Text(text.chars().take(CELL_CHARS_MAX + 1).collect()),
        Cell::Metadata(text) => Cell::Metadata(text.chars().take(CELL_CHARS_MAX + 1).collect()),
        cell => cell.clone(),
    }
}

/// Makes visible what a terminal would act on or turn round: control characters, and the marks
/// that change the direction of text or hide.
pub(super) fn visible(text: &str) -> String {
    let is_plain = |c: char| !c.is_control() && !is_invisible(c);
    if text.chars().all(is_plain) {
        return text.to_owned();
    }
    text.chars().map(|c| if is_plain(c) { c.to_string() } else { c.escape_default().to_string() }).collect()
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// NULL is blank, an empty text is `""`, as in the CSV.
fn cell(cell: &Cell, zone: &Zone) -> String {
    match super::text(cell, zone) {
        None => String::new(),
        Some(text) if text.is_empty() => "\"\"".to_owned(),
        Some(text) => cut(visible(&text)),
    }
}

fn cut(text: String) -> String {
    if text.chars().count() <= CELL_CHARS_MAX {
        return text;
    }
    text.chars().take(CELL_CHARS_MAX - 1).chain(['…']).collect()
}

fn is_number(table: &ReportTable, column: usize) -> bool {
    table.rows.iter().any(|row| matches!(row[column], Cell::Count(_) | Cell::Credits(_)))
}
