//! Draws the state and emits commands.

pub mod theme;
