//! Draws the state and emits commands.
