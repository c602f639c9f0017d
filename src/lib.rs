//! Look at a platform's exported `usage_logs` on your own machine, as any user or as an admin.
//!
//! The program is a window and a command line over this library; [`service::Session`] is the way to
//! rows and figures, and has an example. `ARCHITECTURE.md` has the map and what always holds. The
//! modules are listed in the order in which they are best read.

pub mod model;

pub mod access;

pub mod import;

pub mod store;

pub mod engine;

pub mod report;

pub mod service;

pub mod demo;

pub mod view;

pub mod worker;

pub mod app;

pub mod ui;

pub mod cli;
