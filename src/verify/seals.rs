//! What was added to a bundle after it was sealed: signatures and timestamps. Sections 8 and 9 of the
//! format.

use super::contents::Contents;
use super::signature::{self, Signed};
use super::{Check, Known, Outcome};
use crate::bundle::format::{Manifest, SIGNATURES_FOLDER, TIMESTAMPS_FOLDER};

/// Nobody has so many to sign, and each costs time.
const MOST_SIGNATURES: usize = 100;

/// Each signature over the manifest of manifests.
pub(super) fn check_signatures(contents: &Contents, known: &Known) -> Vec<Check> {
    const NAME: &str = "signature";
    let paths: Vec<&str> = contents
        .paths()
        .filter(|path| path.starts_with(SIGNATURES_FOLDER) && path.ends_with(".sig"))
        .collect();
    if paths.is_empty() {
        let reason = "the bundle is not signed";
        // Whoever names signers asks for a signature: one that was taken away must show.
        return vec![match known.signers {
            Some(_) => Check::failed(NAME, SIGNATURES_FOLDER, reason),
            None => Check::not_checked(NAME, SIGNATURES_FOLDER, reason),
        }];
    }
    let message = contents.bytes(Manifest::Tags.file());
    let check = |(index, path): (usize, &str)| {
        if index >= MOST_SIGNATURES {
            let reason = format!("is one of more than {MOST_SIGNATURES}, and was not checked");
            return Check::new(NAME, path, Outcome::Failed { reason });
        }
        let Some((signature, message)) = contents.bytes(path).zip(message) else {
            let reason = "cannot be read, or what it signs cannot".to_owned();
            return Check::new(NAME, path, Outcome::Failed { reason });
        };
        let outcome = match signature::check(signature, message, known.signers.as_ref()) {
            Signed::By { principal, key } => Outcome::Passed {
                detail: format!(
                    "every file but signatures and timestamps is signed by {principal} ({key})"
                ),
            },
            Signed::Unknown { key } => Outcome::NotChecked {
                reason: format!(
                    "is a signature of these files by the key {key}; whose it is only allowed signers from elsewhere can say"
                ),
            },
            Signed::Untrusted { key, reason } => Outcome::Failed {
                reason: format!("is by the key {key}: {reason}"),
            },
            Signed::Not { reason } => Outcome::Failed { reason },
        };
        Check::new(NAME, path, outcome)
    };
    paths.into_iter().enumerate().map(check).collect()
}

/// Timestamps are told of, so that nobody takes them for checked.
pub(super) fn tell_timestamps(contents: &Contents) -> Vec<Check> {
    let reason = "this version checks no timestamps; `openssl ts -verify` does";
    contents
        .paths()
        .filter(|path| path.starts_with(TIMESTAMPS_FOLDER))
        .map(|path| Check::not_checked("timestamp", path, reason))
        .collect()
}
