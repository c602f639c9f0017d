//! The program as its users have it: one test binary, a module a subject.

/// Runs the program.
#[cfg(test)]
mod tool;

/// Words, streams and exit codes of the command line.
#[cfg(test)]
mod cli;

/// What was imported, on the command line: lists, removal, conflicts, comparison.
#[cfg(test)]
mod batches;

/// Imports that are killed.
#[cfg(test)]
mod crash;

/// Modules use only what the design lets them use.
#[cfg(test)]
mod tidy;

/// What `--timings` says.
#[cfg(test)]
mod timings;

/// Mistakes that are easy to make.
#[cfg(test)]
mod traps;

/// Reports and values equal PostgreSQL's, where there is one.
#[cfg(test)]
#[cfg(unix)]
mod postgres;

/// Exports of one set of rows by many tools.
#[cfg(test)]
mod samples;

/// Nothing of a dump but our tables is kept or shown.
#[cfg(test)]
mod dumps;

/// Test data that others made.
#[cfg(test)]
mod suites;

/// A log of another shape that others made.
#[cfg(test)]
mod real;

/// The picture of a real window shows charts.
#[cfg(test)]
mod screenshot;
