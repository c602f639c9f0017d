//! The only place that prints: answers to stdout, all else to stderr.

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};
use std::time::Duration;

use super::Failure;

/// Prints an answer. A reader that has heard enough and has gone is no error.
pub(super) fn answer(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    let printed = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    match printed {
        Err(err) if err.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::Failed(format!("cannot write the answer: {err}")))
        }
        _ => Ok(()),
    }
}

/// Says something that is not part of the answer, on one line.
pub(super) fn note(text: impl Display) {
    line(&format!("note: {text}"));
}

/// Says what something took, for programs that measure; see `--timings`.
pub(super) fn timing(parts: &[(&str, Duration)]) {
    let parts: Vec<String> =
        parts.iter().map(|(name, took)| format!("{name}_ms={:.3}", took.as_secs_f64() * 1e3)).collect();
    line(&format!("timing {}", parts.join(" ")));
}

/// Says what failed, where, and what to do, on one line.
pub(super) fn error(text: impl Display) {
    line(&format!("error: {text}"));
}

fn line(text: &str) {
    // There is nowhere to say that stderr cannot be written to.
    writeln!(io::stderr(), "{}", super::table::visible(text)).ok();
}

/// How far a work is, on a line that is written over: only a terminal shows it.
#[derive(Debug)]
pub(super) struct Progress {
    is_shown: bool,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self { is_shown: io::stderr().is_terminal() }
    }

    pub(super) fn is_shown(&self) -> bool {
        self.is_shown
    }

    pub(super) fn show(&self, text: &str) {
        if self.is_shown {
            // `\x1b[K` clears what is left of a longer line.
            write!(io::stderr(), "\r{}\x1b[K", super::table::visible(text)).ok();
        }
    }
}

/// Leaves the line to what is said next.
impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_shown {
            write!(io::stderr(), "\r\x1b[K").ok();
        }
    }
}
