//! The sample that is built in: dumps as `PostgreSQL` writes them.
//!
//! Not a round number of rows: an import warns of those.

use std::io;
use std::path::{Path, PathBuf};

use super::{Demo, SEED_DEFAULT};

/// What made the files in `assets/demo`.
pub const SAMPLE: Demo = Demo { n_rows: 2_026, seed: SEED_DEFAULT };

const FILES: [(&str, &[u8]); 3] = [
    ("profiles.csv", include_bytes!("../../assets/demo/profiles.csv")),
    ("user_roles.csv", include_bytes!("../../assets/demo/user_roles.csv")),
    ("usage_logs.csv", include_bytes!("../../assets/demo/usage_logs.csv")),
];

/// Writes the dumps into a folder, which is made if it is missing, and says where they are.
///
/// # Errors
/// When the folder cannot be written.
pub fn write_sample(folder: &Path) -> io::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder)?;
    let write = |(name, bytes): (&str, &[u8])| {
        let path = folder.join(name);
        std::fs::write(&path, bytes)?;
        Ok(path)
    };
    FILES.into_iter().map(write).collect()
}
