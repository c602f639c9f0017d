//! Answers a `Query` over columns.
