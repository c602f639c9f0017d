//! The eight reports and every chart, as values.
