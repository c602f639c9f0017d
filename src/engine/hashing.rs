//! Maps of numbers that the engine has made itself.

use std::hash::{BuildHasherDefault, Hasher};

/// Slots and codes are counted up, not chosen by whoever wrote the file, so nobody can make them collide:
/// one multiplication spreads them. The default hasher, which withstands an enemy, does much more for each
/// row.
#[derive(Debug, Default)]
pub(super) struct Multiplied(u64);

pub(super) type HashMap<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Multiplied>>;
pub(super) type HashSet<K> = std::collections::HashSet<K, BuildHasherDefault<Multiplied>>;

impl Hasher for Multiplied {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64((*byte).into());
        }
    }

    fn write_u64(&mut self, number: u64) {
        // 2⁶⁴ by the golden ratio. A table takes its places from the lowest bits, which the product's
        // highest know most about.
        let product = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = product ^ product >> 32;
    }

    fn write_u128(&mut self, number: u128) {
        self.write_u64(number as u64);
        if let high @ 1.. = (number >> 64) as u64 {
            self.write_u64(high);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
