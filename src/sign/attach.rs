//! Puts a signature into a bundle.

use super::NAMESPACE;
use crate::bundle::format::{Manifest, SIGNATURES_FOLDER};
use crate::error::{Problem, Result};
use crate::verify::signature::{Signed, check};
use std::collections::BTreeMap;

/// Files of a bundle by their path relative to its top folder.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The bytes that stand for the bundle: what is signed and timestamped.
///
/// # Errors
///
/// `not-a-bundle` where they are missing.
pub fn message(files: &Files) -> Result<&[u8]> {
    let name = Manifest::Tags.file();
    files.get(name).map(Vec::as_slice).ok_or_else(|| {
        Problem::new("not-a-bundle", name, "this file is missing")
            .hint("name a bundle that `casefile build` wrote")
            .into()
    })
}

/// The files with the armoured signature added as the next `signatures/<n>.sig`.
///
/// Line ends of Windows and blank lines around it, which a mail may add and ssh-keygen refuses, are
/// not kept.
///
/// Only the signature is looked at: whether the files are a sound bundle the caller has checked.
///
/// # Errors
///
/// * `not-a-bundle`: the files hold no manifest of manifests.
/// * `signature-invalid`: this is no valid signature of this bundle.
/// * `signed-already`: the same key has signed it.
pub fn attach(files: &mut Files, armoured: &str) -> Result<(String, String)> {
    let message = message(files)?;
    let armoured = format!("{}\n", armoured.replace("\r\n", "\n").trim());
    let invalid = |reason: &str| {
        Problem::new("signature-invalid", "signature", reason).hint(format!(
            "sign {} of this very bundle in the namespace `{NAMESPACE}`",
            Manifest::Tags.file()
        ))
    };
    let key = match check(armoured.as_bytes(), message, None) {
        Signed::Unknown { key } => key,
        Signed::Not { reason } => return Err(invalid(&reason).into()),
        // Without a list of signers nobody is known or distrusted.
        Signed::By { .. } | Signed::Untrusted { .. } => {
            return Err(invalid("the signature could not be judged").into());
        }
    };
    let by_same = |bytes: &[u8]| matches!(check(bytes, message, None), Signed::Unknown { key: other } if other == key);
    let earlier = files
        .range(SIGNATURES_FOLDER.to_owned()..)
        .take_while(|(path, _)| path.starts_with(SIGNATURES_FOLDER))
        .find(|(_, bytes)| by_same(bytes));
    if let Some((path, _)) = earlier {
        return Err(Problem::new(
            "signed-already",
            path,
            "this key has signed the bundle already",
        )
        .value(key)
        .hint("a countersignature is made with another key")
        .into());
    }
    let path = next(files, SIGNATURES_FOLDER, ".sig");
    files.insert(path.clone(), armoured.into_bytes());
    Ok((path, key))
}

/// The path of the next file in a folder: the first number that is free.
pub(super) fn next(files: &Files, folder: &str, ending: &str) -> String {
    let path = |number: usize| format!("{folder}{number}{ending}");
    let mut number = 1;
    while files.contains_key(&path(number)) {
        number += 1;
    }
    path(number)
}
