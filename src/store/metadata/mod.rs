//! What rows say in their metadata.

mod value;

pub(super) use self::value::value;
