//! Private keys in OpenSSH's format: which can sign, and what to do about those that cannot.

use super::SUBJECT;
use super::short_secret::{widen_blob, widen_encrypted};
use crate::error::{Problem, Result};
use crate::verify::signature::{RSA_MIN_BITS, dearmour, rsa_bits};
use ssh_key::PrivateKey;
use ssh_key::public::KeyData;

const BEGIN: &str = "-----BEGIN OPENSSH PRIVATE KEY-----";
const END: &str = "-----END OPENSSH PRIVATE KEY-----";

/// Reads the key file; the private half may still be encrypted.
pub(super) fn read(text: &[u8]) -> Result<PrivateKey> {
    let unreadable = |reason: String| {
        Problem::new(
            "sign-key",
            SUBJECT,
            format!("the private key cannot be read: {reason}"),
        )
    };
    let blob =
        dearmour(text, BEGIN, END).map_err(|reason| unreadable(reason).hint(format_hint(text)))?;
    let blob = widen_blob(&blob).unwrap_or(blob);
    PrivateKey::from_bytes(&blob).map_err(|error| {
        unreadable(error.to_string())
            .hint("`ssh-keygen -y -f KEY` tells whether the key file is sound")
            .into()
    })
}

/// What to do about a file that is not in OpenSSH's format.
fn format_hint(text: &[u8]) -> &'static str {
    let contains = |part: &[u8]| text.windows(part.len()).any(|window| window == part);
    if contains(BEGIN.as_bytes()) {
        "copy the key file again, from its first line to its last"
    } else if contains(b" PRIVATE KEY-----") {
        "the key is in an older format; copy it and rewrite the copy with `ssh-keygen -p -f COPY`"
    } else if contains(b"PuTTY-User-Key-File") {
        "export the key from PuTTYgen: Conversions, Export OpenSSH key (force new file format)"
    } else if text.starts_with(b"ssh-") || text.starts_with(b"ecdsa-") || text.starts_with(b"sk-") {
        "this is the public key; name the file without `.pub`"
    } else {
        "name an OpenSSH private key file; `ssh-keygen -t ed25519 -f KEY` makes one"
    }
}

/// Whether a key of this kind may sign.
pub(super) fn usable(key: &KeyData) -> Result<()> {
    let kind = key.algorithm();
    match key {
        KeyData::Rsa(key) if rsa_bits(key) < RSA_MIN_BITS => Err(Problem::new(
            "sign-weak-key",
            SUBJECT,
            format!(
                "the RSA key has {} bits, at least {RSA_MIN_BITS} are needed",
                rsa_bits(key)
            ),
        )
        .hint("make a new key with `ssh-keygen -t ed25519 -f KEY`")
        .into()),
        KeyData::Ed25519(_) | KeyData::Rsa(_) => Ok(()),
        KeyData::Ecdsa(key) if !matches!(key.curve(), ssh_key::EcdsaCurve::NistP521) => Ok(()),
        KeyData::SkEd25519(_) | KeyData::SkEcdsaSha2NistP256(_) => Err(Problem::new(
            "sign-key",
            SUBJECT,
            format!("the secret of a key of the type {kind} is on a security token"),
        )
        .hint("sign with `ssh-keygen -Y sign -n casefile -f KEY FILE`; such signatures are read")
        .into()),
        _ => Err(Problem::new(
            "sign-key",
            SUBJECT,
            format!("keys of the type {kind} cannot sign"),
        )
        .hint("make a new key with `ssh-keygen -t ed25519 -f KEY`")
        .into()),
    }
}

/// Decrypts the private half.
pub(super) fn decrypt(key: &PrivateKey, passphrase: &[u8]) -> Result<PrivateKey> {
    match key.decrypt(passphrase) {
        Ok(key) => Ok(key),
        // With a wrong passphrase the two check numbers differ, or the tag is wrong.
        Err(ssh_key::Error::Crypto) => Err(Problem::new(
            "sign-passphrase",
            SUBJECT,
            "the passphrase does not open the key",
        )
        .hint("type it as it was set; a line end counts as a part of it")
        .into()),
        Err(error) => widen_encrypted(key, passphrase).ok_or_else(|| {
            Problem::new(
                "sign-key",
                SUBJECT,
                format!("the private key cannot be read: {error}"),
            )
            .hint("`ssh-keygen -y -f KEY` tells whether the key file is sound")
            .into()
        }),
    }
}
