//! The local file: the only module that names rusqlite.
