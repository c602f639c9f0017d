//! Owns the state of the window; `handle(Command)` and `on_event(Event)` are its only mutators.

mod command;
pub mod state;

pub use command::{Command, Turn};
pub use state::State;
