//! SSH signatures over a bundle, as `ssh-keygen -Y sign -n casefile` makes them (PROTOCOL.sshsig of
//! OpenSSH), and the people whose signatures count. Section 8 of the format.
//!
//! Anyone can check the same with the tools that came with the operating system, without this program.

mod armour;
mod rsa_key;
mod signers;

pub(crate) use armour::{dearmour, string};
pub(crate) use rsa_key::{RSA_MIN_BITS, rsa_bits};
pub use signers::Signers;

use crate::bundle::format::SIGNATURE_NAMESPACE as NAMESPACE;
use rsa::signature::Verifier as _;
use rsa_key::verify_rsa;
use ssh_encoding::Decode as _;
use ssh_key::public::{Ed25519PublicKey, KeyData};
use ssh_key::{HashAlg, PublicKey, Signature, SshSig};

/// Longest signature text that is looked at. The largest RSA key OpenSSH makes needs under 6 KiB.
const MAX_TEXT: usize = 64 * 1024;

// With the line ends that ssh-keygen wants: it refuses others, and so would the command that the
// format tells the reader to use.
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----\n";
const END: &str = "\n-----END SSH SIGNATURE-----";

/// What a signature says about a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signed {
    /// The signature is valid and an entry of the list vouches for its key.
    By {
        /// The principals of the first entry that fits, as written there.
        principal: String,
        /// SHA-256 fingerprint of the key, as `ssh-keygen -l` prints it.
        key: String,
    },
    /// The signature is valid, and there was no list to look its key up in.
    Unknown {
        /// SHA-256 fingerprint of the key.
        key: String,
    },
    /// The signature is valid, and no entry of the list vouches for its key.
    Untrusted {
        /// SHA-256 fingerprint of the key.
        key: String,
        /// Why, in lower case and without a full stop.
        reason: String,
    },
    /// This is no valid signature of these bytes.
    Not {
        /// Why, in lower case and without a full stop.
        reason: String,
    },
}

/// Tells what an armoured SSH signature says about a message.
///
/// The signature must be of the namespace `casefile`, over a SHA-512 or SHA-256 hash, and made by
/// an Ed25519, ECDSA P-256 or P-384 key (also one on a security token), or by an RSA key of at
/// least 2048 bits. Everything that falls short of that is [`Signed::Not`] with the reason; there
/// is no other error. A trusted key does not help an invalid signature, so the list is asked last.
///
/// Source: OpenSSH's PROTOCOL.sshsig and RFC 8332.
pub fn check(signature: &[u8], message: &[u8], signers: Option<&Signers>) -> Signed {
    let public = match verified_key(signature, message) {
        Ok(public) => public,
        Err(reason) => return Signed::Not { reason },
    };
    let key = public.fingerprint(HashAlg::Sha256).to_string();
    match signers.map(|signers| signers.find(&public)) {
        None => Signed::Unknown { key },
        Some(Ok(principal)) => Signed::By {
            principal: principal.to_owned(),
            key,
        },
        Some(Err(reason)) => Signed::Untrusted { key, reason },
    }
}

/// The key that made the signature, or why it is none of this message.
fn verified_key(signature: &[u8], message: &[u8]) -> Result<KeyData, String> {
    if signature.len() > MAX_TEXT {
        return Err(format!(
            "the signature is longer than {MAX_TEXT} bytes, which no SSH signature is"
        ));
    }
    if !signature.starts_with(BEGIN.as_bytes()) {
        return Err(format!(
            "it does not start with the line `{}`",
            BEGIN.trim()
        ));
    }
    let bytes = dearmour(signature, BEGIN, END)?;
    let parts = Parts::read(&bytes)
        .ok_or("the signature is cut off, too long or not in the form of an SSH signature")?;
    // The version is not among the signed bytes, so that only the one that exists may be let
    // through; ssh-keygen takes a 0 as well.
    if parts.version != SshSig::VERSION {
        return Err(format!(
            "the signature has the unknown version {}",
            parts.version
        ));
    }
    if parts.namespace != NAMESPACE.as_bytes() {
        return Err(format!(
            "the signature was made for the namespace `{}`, not `{NAMESPACE}`",
            String::from_utf8_lossy(parts.namespace)
        ));
    }
    let hash = match parts.hash {
        b"sha512" => HashAlg::Sha512,
        b"sha256" => HashAlg::Sha256,
        other => {
            return Err(format!(
                "the signature is over the unknown hash `{}`",
                String::from_utf8_lossy(other)
            ));
        }
    };
    let public = PublicKey::from_bytes(parts.public)
        .map_err(|error| format!("the key in the signature cannot be read: {error}"))?;
    // ssh-key overlooks lengths that do not fit inside a key; written anew they are right.
    if public.to_bytes().ok().as_deref() != Some(parts.public) {
        return Err("the key in the signature is malformed".to_owned());
    }
    let mut reader = parts.signature;
    let signature = Signature::decode(&mut reader)
        .map_err(|error| format!("the signature cannot be read: {error}"))?;
    if !reader.is_empty() {
        return Err(format!(
            "there are {} bytes after the signature proper",
            reader.len()
        ));
    }
    let signed = SshSig::signed_data(NAMESPACE, hash, message)
        .map_err(|error| format!("the signed text cannot be built: {error}"))?;
    verify(public.key_data(), &signed, &signature)?;
    Ok(public.key_data().clone())
}

/// The parts of an SSH signature (PROTOCOL.sshsig, section 2). Taken apart here, because ssh-key
/// 0.6.7 does not compare the lengths of the parts with what is in them, and a sealed file must
/// not have many spellings.
struct Parts<'b> {
    version: u32,
    public: &'b [u8],
    namespace: &'b [u8],
    hash: &'b [u8],
    signature: &'b [u8],
}

impl<'b> Parts<'b> {
    /// Takes the signature apart; nothing when a part is missing or something is left over.
    fn read(bytes: &'b [u8]) -> Option<Parts<'b>> {
        let rest = bytes.strip_prefix(b"SSHSIG")?;
        let (version, mut rest) = rest.split_first_chunk::<4>()?;
        let public = string(&mut rest)?;
        let namespace = string(&mut rest)?;
        // To be ignored, says PROTOCOL.sshsig, and ssh-keygen does.
        let _reserved = string(&mut rest)?;
        let hash = string(&mut rest)?;
        let signature = string(&mut rest)?;
        rest.is_empty().then_some(Parts {
            version: u32::from_be_bytes(*version),
            public,
            namespace,
            hash,
            signature,
        })
    }
}

/// Checks the signature proper.
fn verify(key: &KeyData, signed: &[u8], signature: &Signature) -> Result<(), String> {
    let wrong = || "the signature does not fit the bytes".to_owned();
    match key {
        KeyData::Rsa(key) => verify_rsa(key, signed, signature),
        KeyData::Ed25519(key) => {
            // Strict: a key of small order would fit any message whatever (RFC 8032, section 8.9
            // and "Taming the many EdDSAs", 2020). Honest signatures are never turned away.
            let key = ed25519_dalek::VerifyingKey::try_from(key)
                .map_err(|error| format!("the key cannot be used: {error}"))?;
            let signature = ed25519_dalek::Signature::try_from(signature).map_err(|_| wrong())?;
            key.verify_strict(signed, &signature).map_err(|_| wrong())
        }
        // The same of a key on a token, whose signatures ssh-key does not check strictly.
        KeyData::SkEd25519(token) if is_weak(token.public_key()) => Err(wrong()),
        KeyData::Ecdsa(_) | KeyData::SkEd25519(_) | KeyData::SkEcdsaSha2NistP256(_) => key
            .verify(signed, signature)
            .map_err(|error| match ssh_key::Error::from(error) {
                ssh_key::Error::AlgorithmUnsupported { algorithm } => {
                    format!("signatures of the kind {algorithm} cannot be checked for this key")
                }
                _ => wrong(),
            }),
        _ => Err(format!(
            "signatures by keys of the type {} cannot be checked",
            key.algorithm()
        )),
    }
}

/// Whether a key is of small order, or none.
fn is_weak(key: &Ed25519PublicKey) -> bool {
    ed25519_dalek::VerifyingKey::try_from(key).is_ok_and(|key| key.is_weak())
}
