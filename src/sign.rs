//! Signs a bundle: an SSH signature over its manifest of manifests, kept in the bundle.
//!
//! What is signed is every file but signatures and timestamps; see section 8 of the format.

use crate::bundle::format::{Manifest, SIGNATURE_NAMESPACE, SIGNATURES_FOLDER};
use crate::error::{Problem, Result};
use crate::verify::signature::{self, Signed};
use ssh_key::{HashAlg, LineEnding, PrivateKey};
use std::collections::BTreeMap;

/// Files of a bundle by their path in its top folder.
type Files = BTreeMap<String, Vec<u8>>;

/// Signs `message` with a private key in OpenSSH's format; gives an armoured signature.
///
/// # Errors
///
/// `sign-key` when this is no private key, `sign-passphrase` when it is locked or the passphrase is
/// wrong, `sign-failed` when the key cannot sign: so far RSA keys, whose second prime the library
/// that reads them (ssh-key 0.6.7) mistakes for the first. Their signatures are verified all the same.
pub fn sign(private_key: &[u8], passphrase: Option<&[u8]>, message: &[u8]) -> Result<String> {
    let problem = |code, message: String| Problem::new(code, "key", message);
    let key = PrivateKey::from_openssh(private_key).map_err(|error| {
        problem("sign-key", format!("this is no private key of OpenSSH: {error}"))
            .hint("name the file without `.pub`; a key in another format is converted by `ssh-keygen -p -f FILE`")
    })?;
    let key = match (key.is_encrypted(), passphrase) {
        (false, _) => key,
        (true, Some(passphrase)) => key.decrypt(passphrase).map_err(|_| {
            problem(
                "sign-passphrase",
                "the passphrase does not open this key".into(),
            )
            .hint("check the passphrase")
        })?,
        (true, None) => {
            return Err(problem("sign-passphrase", "this key is locked with a passphrase".into())
                .hint(format!("give a file that holds it with `--passphrase-file`, or sign tagmanifest-sha256.txt with `ssh-keygen -Y sign -n {SIGNATURE_NAMESPACE}` and use `--attach`"))
                .into());
        }
    };
    let failed = |error: ssh_key::Error| {
        problem("sign-failed", format!("this key cannot sign: {error}"))
            .hint(format!("sign tagmanifest-sha256.txt with `ssh-keygen -Y sign -n {SIGNATURE_NAMESPACE}` and use `--attach`"))
    };
    let signature = key
        .sign(SIGNATURE_NAMESPACE, HashAlg::Sha512, message)
        .map_err(failed)?;
    Ok(signature.to_pem(LineEnding::LF).map_err(failed)?)
}

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
