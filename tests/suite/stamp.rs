//! Time-stamps, against the tool that everybody else has: openssl.

mod authority;
mod bundles;
mod hostile;
mod names;
mod timestamps;
mod tools;

pub const TAGS: &str = "tagmanifest-sha256.txt";

/// What a bundle has signed and stamped: lines of digests and names.
pub fn message() -> Vec<u8> {
    format!("{}  bagit.txt\n", "0123456789abcdef".repeat(4)).into_bytes()
}
