use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// The name of a key of the metadata's objects.
///
/// A dimension is copied about like a number, so a name is kept once, for as long as the program runs:
/// people ask for some dozens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct MetadataKey(&'static str);

static KNOWN: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());

impl MetadataKey {
    /// Any text can be a key, also the empty one.
    pub fn new(name: &str) -> Self {
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(name) = known.get(name) {
            return Self(name);
        }
        let name: &'static str = Box::leak(name.into());
        known.insert(name);
        Self(name)
    }

    /// As it stands in the metadata.
    pub fn name(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for MetadataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_once() {
        let [a, b] = ["model_used", &["model", "_used"].concat()].map(MetadataKey::new);
        assert_eq!(a, b);
        assert!(std::ptr::eq(a.name(), b.name()));
        assert!(a > MetadataKey::new("") && a != MetadataKey::new("model"));
    }
}
