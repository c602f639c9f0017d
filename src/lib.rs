//! Look at a platform's exported `usage_logs` on your own machine, as any user or as an admin.

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
