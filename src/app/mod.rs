//! Owns the state of the window; `handle(Command)` and `on_event(Event)` are its only mutators.
