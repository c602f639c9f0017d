//! Answers → what is drawn or printed. No `egui::Ui`, no I/O.

mod cell;
pub mod chart;
mod history;
mod imports;
mod json;
mod listing;
pub mod number;
mod overview;
mod people;
pub mod period;
mod proof;
mod ranking;

pub use cell::Cell;
pub use history::{Ends, Figures, History, HistoryRow};
pub use imports::{
    BatchRow, CheckQuestion, Choice, Choosable, ColumnCount, Count, Form, ImportError, ImportProgress,
    ImportReport, ImportedFile, ImportedTable, Imports, LeftOut, LeftOutRow, LeftOutRows, MappingEdit,
    MappingField, MappingForm, MappingReading, Outcome, Preview, PreviewLine, RejectRow, RememberedBatch,
    RememberedConflict, RememberedRows, SourceKind, TableReport, Takable, TheirColumn, UnderstoodRow,
    VersionLine, Versions,
};
pub use json::Node;
pub use listing::{Chip, Listing, NamedValue, Part, RowValues};
pub use overview::{Change, Overview, Spark, Tile};
pub use people::{People, Person, PersonEntry, initials};
pub use proof::{PROOF_NOTE, Parts, Proof, ProofRow, ProofValues, RuleHalf, Side, WRITES_NOTE, yes};
pub use ranking::{Moved, Ranking, RankingOrder, RankingRow, Seen};
