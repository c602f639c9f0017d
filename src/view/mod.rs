//! Answers → what is drawn or printed. No `egui::Ui`, no I/O.

pub mod chart;
mod history;
mod imports;
pub mod number;
mod overview;
mod people;
mod ranking;

pub use history::History;
pub use imports::{ImportProgress, ImportReport, Imports};
pub use overview::{Change, Overview, Spark, Tile};
pub use people::People;
pub use ranking::Ranking;
