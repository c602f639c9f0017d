//! The plain types of the house: no I/O, no SQL, no widgets.
//!
//! Money is [`Credits`] in a row and [`CreditSum`] in a sum, time is an [`Instant`], and what a day
//! or a week is, a [`Calendar`] says. [`Columns`] are the rows one viewer may see; an [`Ask`] is a
//! question about them and a [`Table`] the answer.

mod calendar;
mod cancel;
mod columns;
mod credits;
mod dump;
mod ids;
mod instant;
mod metadata_key;
mod query;
mod table;
mod zone;

pub use calendar::{Bucket, Calendar, Grain, Spans};
pub use cancel::Cancel;
pub use columns::{
    Codes, ColumnParts, Columns, ColumnsBuilder, KeyColumn, Kind, MetadataBuilder, MetadataColumn,
};
pub use credits::{CreditSum, Credits};
pub use dump::{
    Conflict, DumpTable, LogRow, Nameless, Place, ProfileRow, Reject, RoleRow, StoredLog, Upsert, WriteError,
    Writer,
};
pub use ids::{RowId, UserId};
pub use instant::Instant;
pub use metadata_key::MetadataKey;
pub use query::{Ask, Choice, Cursor, Dim, Filter, Measure, Order, Query, RowOrder, RowQuery, Window};
pub use table::{Answer, Figure, Key, Record, Table, TableRow};
pub use zone::{UnknownZone, Zone};

/// A text shared by all rows that hold it.
pub type Text = std::sync::Arc<str>;
