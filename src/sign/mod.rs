//! Signs a bundle: an SSH signature over its manifest of manifests, kept in the bundle.
//!
//! What is signed is every file but signatures and timestamps; see section 8 of the format.

mod key;

pub use key::sign;

use crate::bundle::format::{Manifest, SIGNATURE_NAMESPACE, SIGNATURES_FOLDER};
use crate::error::{Problem, Result};
use crate::verify::signature::{self, Signed};
use std::collections::BTreeMap;

/// Files of a bundle by their path in its top folder.
type Files = BTreeMap<String, Vec<u8>>;

/// The bytes of a bundle that are signed.
///
/// # Errors
///
/// `not-a-bundle` when the files are none.
pub fn message(files: &Files) -> Result<&[u8]> {
    files
        .get(Manifest::Tags.file())
        .map(Vec::as_slice)
        .ok_or_else(|| {
            Problem::new(
                "not-a-bundle",
                Manifest::Tags.file(),
                "this file is missing",
            )
            .hint("name a bundle that `casefile build` wrote")
            .into()
        })
}

/// Adds a signature to the files of a bundle as the next `signatures/<n>.sig`; gives its path and
/// the fingerprint of its key.
///
/// # Errors
///
/// `signature-invalid` when it is no signature of these files, `signed-already` when the same key
/// has signed them.
pub fn attach(files: &mut Files, armoured: &str) -> Result<(String, String)> {
    let message = message(files)?;
    let key = match signature::check(armoured.as_bytes(), message, None) {
        Signed::Unknown { key } => key,
        Signed::Not { reason } => {
            return Err(Problem::new("signature-invalid", "signature", format!("this {reason}"))
                .hint(format!("sign tagmanifest-sha256.txt of this bundle in the namespace `{SIGNATURE_NAMESPACE}`"))
                .into());
        }
        Signed::By { .. } | Signed::Untrusted { .. } => String::new(),
    };
    let mut number = 1;
    while let Some(other) = files.get(&path(number)) {
        let same = matches!(signature::check(other, message, None), Signed::Unknown { key: signer } if signer == key);
        if same {
            return Err(Problem::new(
                "signed-already",
                path(number),
                "this key has signed the bundle already",
            )
            .value(key)
            .hint("a countersignature is by another key")
            .into());
        }
        number += 1;
    }
    files.insert(path(number), armoured.as_bytes().to_vec());
    Ok((path(number), key))
}

fn path(number: usize) -> String {
    format!("{SIGNATURES_FOLDER}{number}.sig")
}
