//! The laws of an import, for the inputs that the fuzz targets begin with and for those that they have found.

use std::path::Path;

use super::*;

#[test]
fn every_seed_of_the_fuzzers_keeps_its_law() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    for (name, law) in laws::ALL {
        let mut n_seeds = 0;
        for entry in std::fs::read_dir(seeds.join(name)).unwrap() {
            let path = entry.unwrap().path();
            // It is shown where the law fails.
            println!("{}", path.display());
            law(&std::fs::read(&path).unwrap());
            n_seeds += 1;
        }
        assert!(n_seeds > 5, "{name}");
    }
    assert_eq!(std::fs::read_dir(&seeds).unwrap().count(), laws::ALL.len());
}
