//! Values of files that are no text → the texts that a dump would have of them.

use std::borrow::Cow;
use std::fmt::Debug;

/// The shortest decimal that reads back as the same `f64` or `f32`: what was written into it.
pub(super) fn spelled(number: impl Debug) -> String {
    let spelling = format!("{number:?}");
    spelling.strip_suffix(".0").map_or(spelling.clone(), str::to_owned)
}

/// A text as its bytes, or why it is none.
pub(super) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.contains('\0') => Err("holds a NUL byte".to_owned()),
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(_) => Err(format!("{} bytes that are not UTF-8", bytes.len())),
    }
}
