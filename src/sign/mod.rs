//! Signs a bundle and asks for its time-stamps: what stands for it is its manifest of manifests, and
//! what is made of that is kept in the bundle. Sections 8 and 9 of the format.

mod attach;
mod key;
mod short_secret;
mod stamp;

pub use attach::{Files, attach, message};
pub use stamp::{attach_timestamp, request};

use crate::bundle::format::SIGNATURE_NAMESPACE as NAMESPACE;
use crate::error::{Problem, Result};
use crate::verify::signature::{Signed, check};
use rsa::{BigUint, Pkcs1v15Sign};
use ssh_key::private::{KeypairData, RsaKeypair};
use ssh_key::rand_core::OsRng;
use ssh_key::sha2::{Digest as _, Sha512};
use ssh_key::{Algorithm, HashAlg, LineEnding, Mpint, PrivateKey, Signature, SshSig};

/// What the problems name as their subject; the caller knows the file, this module does not.
const SUBJECT: &str = "signing key";

/// Signs a message with the text of an OpenSSH private key file.
///
/// Returns the armoured signature (PROTOCOL.sshsig of OpenSSH) with a line feed at its end:
/// namespace `casefile`, hash SHA-512. Ed25519, ECDSA P-256 and P-384, and RSA keys of 2048 bits
/// and more can sign. ECDSA and Ed25519 signatures are the same on every run (RFC 6979, RFC 8032),
/// and so are RSA ones (PKCS #1 v1.5). A passphrase for a key that has none is ignored.
///
/// # Errors
///
/// * `sign-key`: the key cannot be read, or is of a kind that cannot sign here.
/// * `sign-passphrase`: the key needs a passphrase and got none or the wrong one.
/// * `sign-weak-key`: the RSA key is shorter than 2048 bits.
/// * `sign-failed`: the signature could not be computed, or does not verify; the halves of the key
///   then do not belong together.
pub fn sign(private_key: &[u8], passphrase: Option<&[u8]>, message: &[u8]) -> Result<String> {
    let key = key::read(private_key)?;
    // The public half is not encrypted: nobody has to type a passphrase to learn this.
    key::usable(key.public_key().key_data())?;
    let key = match (key.is_encrypted(), passphrase) {
        (false, _) => key,
        (true, Some(passphrase)) => key::decrypt(&key, passphrase)?,
        (true, None) => {
            return Err(
                Problem::new("sign-passphrase", SUBJECT, "the key is encrypted")
                    .hint("name a file that holds its passphrase with `--passphrase-file`, or sign tagmanifest-sha256.txt with `ssh-keygen -Y sign -n casefile -f KEY` and use `--attach`")
                    .into(),
            );
        }
    };
    let text = signature(&key, message).map_err(|reason| {
        Problem::new("sign-failed", SUBJECT, format!("cannot sign: {reason}"))
            .hint("`ssh-keygen -y -f KEY` tells whether the key file is sound")
    })?;
    // A damaged key can yield a signature that is wrong and, with RSA, gives the key away
    // (Boneh, DeMillo and Lipton 1997). Such a signature must not leave the program.
    match check(text.as_bytes(), message, None) {
        Signed::Unknown { .. } => Ok(text),
        other => Err(Problem::new(
            "sign-failed",
            SUBJECT,
            match other {
                Signed::Not { reason } => format!("the signature made does not verify: {reason}"),
                _ => "the signature made does not verify".to_owned(),
            },
        )
        .hint("the halves of the key do not belong together; restore the key file from a backup")
        .into()),
    }
}

/// Computes the armoured signature.
fn signature(key: &PrivateKey, message: &[u8]) -> std::result::Result<String, String> {
    let signature = match key.key_data() {
        KeypairData::Rsa(pair) => {
            let signed = SshSig::signed_data(NAMESPACE, HashAlg::Sha512, message)
                .map_err(|error| error.to_string())?;
            SshSig::new(
                key.public_key().key_data().clone(),
                NAMESPACE,
                HashAlg::Sha512,
                sign_rsa(pair, &signed)?,
            )
        }
        _ => key.sign(NAMESPACE, HashAlg::Sha512, message),
    };
    signature
        .and_then(|signature| signature.to_pem(LineEnding::LF))
        .map_err(|error| error.to_string())
}

/// Signs with RSA and SHA-512 (RFC 8332). Done here because ssh-key 0.6.7 hands the first prime
/// over twice, so that every RSA key is refused.
fn sign_rsa(pair: &RsaKeypair, signed: &[u8]) -> std::result::Result<Signature, String> {
    let number = |mpint: &Mpint| BigUint::try_from(mpint).map_err(|error| error.to_string());
    let key = rsa::RsaPrivateKey::from_components(
        number(&pair.public.n)?,
        number(&pair.public.e)?,
        number(&pair.private.d)?,
        vec![number(&pair.private.p)?, number(&pair.private.q)?],
    )
    .map_err(|error| error.to_string())?;
    // The random numbers blind the computation against timing (RUSTSEC-2023-0071); they leave no
    // trace in the signature.
    let data = key
        .sign_with_rng(
            &mut OsRng,
            Pkcs1v15Sign::new::<Sha512>(),
            &Sha512::digest(signed),
        )
        .map_err(|error| error.to_string())?;
    let algorithm = Algorithm::Rsa {
        hash: Some(HashAlg::Sha512),
    };
    Signature::new(algorithm, data).map_err(|error| error.to_string())
}
