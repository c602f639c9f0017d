//! Asks PostgreSQL what creditscope is asked, under the source's own policy, and compares.
//!
//! The server is found by the environment variable `CREDITSCOPE_POSTGRES`, the folder of its
//! programs, such as `/usr/lib/postgresql/15/bin`.

mod calendar;
mod metadata;
mod reports;
mod server;
mod values;

use server::Server;
