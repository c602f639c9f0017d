//! Draws the state and emits commands.

pub mod paint;
pub mod theme;
