//! Draws the state and emits commands.

pub mod chart;
pub mod overview;
pub mod paint;
pub mod picture;
pub mod theme;
