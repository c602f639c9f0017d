//! Charts, ready to draw: strings made once, heights as `f64`, money already written.

mod axis;
mod bars;
mod moment;
mod name;
mod stack;
mod twin;

pub use axis::{Axis, Tick};
pub use bars::{FormatBars, FormatRow, LeaderRow, Leaders, QualityPart, Rest};
pub use stack::{Before, Column, Hidden, LegendEntry, Refunded, Segment, StackChart, Tip, TipRow};
pub use twin::{Twin, TwinRow};

use crate::model::CreditSum;
pub use crate::report::chart::{Entity, Hue};
use crate::view::number;

/// The charts of the Overview.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ChartName {
    ByFormat,
    ByAction,
    Formats,
    Leaders,
}

impl ChartName {
    pub const ALL: [Self; 4] = [Self::ByFormat, Self::ByAction, Self::Formats, Self::Leaders];
}

/// A card's total: its parts were added up and compared with the header.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checked {
    /// Two decimals.
    pub text: String,
    /// Every digit.
    pub exact: String,
    pub adds_up: bool,
}

impl Checked {
    pub(super) fn new(total: CreditSum, adds_up: bool) -> Self {
        Self { text: number::credits(total), exact: number::exact(total), adds_up }
    }

    /// For the hover and for a screen reader.
    pub fn spoken(&self) -> String {
        if self.adds_up {
            format!("Adds up: the parts are equal to the total of {}", self.exact)
        } else {
            format!("Does not add up: the parts are not equal to the total of {}", self.exact)
        }
    }
}
