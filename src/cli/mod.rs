//! The same work without a window.

use std::process::ExitCode;

/// Runs what the arguments say.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
