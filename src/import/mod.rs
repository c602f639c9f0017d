//! Dump files → rows or issues: recognise, decode, parse, validate.

mod value;
