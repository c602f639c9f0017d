use super::megabytes;
use crate::view::number;

/// How far an import is.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ImportProgress {
    /// From 0 to 1.
    pub part: f32,
    /// `50,412 rows · 12.4 of 61.8 MB · 3 s left`.
    pub text: String,
}

impl ImportProgress {
    /// `62 %`, of the bytes.
    pub fn percent(&self) -> String {
        format!("{} %", (self.part * 100.0) as u32)
    }

    /// From bytes, rows and the time that has passed. Nothing is said of the time left before there
    /// is something to go by.
    pub fn build(bytes_read: u64, bytes_total: u64, n_rows: u64, elapsed_secs: f32) -> Self {
        let part =
            if bytes_total == 0 { 0.0 } else { (bytes_read as f64 / bytes_total as f64).min(1.0) as f32 };
        let mut text = format!(
            "{} rows · {} of {}",
            number::count(n_rows),
            megabytes(bytes_read),
            megabytes(bytes_total)
        );
        text.push_str(&time_left(part, elapsed_secs));
        Self { part, text }
    }

    /// The same of work that is counted in rows.
    pub fn of_rows(n_rows: u64, n_total: u64, elapsed_secs: f32) -> Self {
        let part = if n_total == 0 { 0.0 } else { (n_rows as f64 / n_total as f64).min(1.0) as f32 };
        let text = format!("{} of {} rows", number::count(n_rows), number::count(n_total));
        Self { part, text: text + &time_left(part, elapsed_secs) }
    }

    /// Of the indexes that are made when the rows are there.
    pub fn of_indexes(n_made: u32, n_all: u32) -> Self {
        let part = if n_all == 0 { 0.0 } else { n_made as f32 / n_all as f32 };
        let text = format!("{n_made} of {n_all} indexes; charts are there, lists of rows take longer");
        Self { part, text }
    }
}

/// ` · 3 s left`, once there is something to go by.
fn time_left(part: f32, elapsed_secs: f32) -> String {
    if elapsed_secs < 0.5 || part <= 0.01 {
        return String::new();
    }
    format!(" · {}", left((elapsed_secs / part - elapsed_secs).ceil() as u64))
}

fn left(secs: u64) -> String {
    match secs {
        0..100 => format!("{secs} s left"),
        _ => format!("{} min left", secs.div_ceil(60)),
    }
}
