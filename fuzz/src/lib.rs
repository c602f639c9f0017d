//! The import and the modules below it, compiled from the sources of the crate.
//!
//! The crate itself would bring the 400 crates of its window into every fuzz build.

#[path = "../../src/access/mod.rs"]
pub mod access;
#[path = "../../src/import/mod.rs"]
pub mod import;
#[path = "../../src/model/mod.rs"]
pub mod model;
#[path = "../../src/store/mod.rs"]
pub mod store;
