//! The values behind the charts of the Overview.
//!
//! Everything is asked through a closure that answers a [`Query`](crate::model::Query), so that the
//! charts know nothing of viewers, files or threads. Sums stay whole numbers to the end: the parts of
//! each chart, with its "Other", are equal to a header that was asked for on its own.

mod overview;
mod palette;
mod period;
mod stack;
mod typed;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;

pub use overview::{FormatTotal, Leader, Leaders, Overview, OverviewAsk, Subject, Totals};
pub use palette::{Hue, Palette, SLOTS};
pub use period::{AsOf, Compare, Compared, Extent, Period, Range, Span, Unit};
pub use stack::{Entity, Part, Series, Stack};
pub use typed::{TypedError, typed};
