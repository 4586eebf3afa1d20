//! What several tests need.

use std::path::PathBuf;

/// A path of the shared reference data beside the checkout.
///
/// Where they are absent the test says why it does nothing; under CI that is a failure.
pub fn shared(path: &str) -> Option<PathBuf> {
    let full = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared")).join(path);
    if full.exists() {
        return Some(full);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is missing, and CI must have it", full.display());
    eprintln!("skipped: {} is not on this machine", full.display());
    None
}

/// The root of the checkout.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
