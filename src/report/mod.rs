//! The eight reports and every chart, as values.

pub mod chart;
