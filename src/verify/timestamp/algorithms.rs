//! The digests and signatures that can be checked, and no others.

use super::Doubt::{self, Open, Wrong};
use super::der::Items;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use rsa::sha2::{Digest as _, Sha256, Sha384, Sha512};
use rsa::{BigUint, Pkcs1v15Sign, RsaPublicKey};
use x509_cert::der::asn1::{ObjectIdentifier, UintRef};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
/// RFC 8017, A.1 and A.2.4.
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
/// RFC 5480, 2.1.1; RFC 5758, 3.2.
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const ECDSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");

/// Sizes of RSA keys in bits: weaker ones have been given up, larger ones cost hours.
const SMALLEST_RSA: usize = 2048;
const LARGEST_RSA: usize = 8192;

/// A digest that is still strong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Digest {
    Sha256,
    Sha384,
    Sha512,
}

impl Digest {
    /// RFC 5754, 2: without parameters, or with NULL.
    pub fn named(algorithm: &AlgorithmIdentifierOwned) -> Result<Self, Doubt> {
        plain(algorithm)?;
        match algorithm.oid {
            SHA_256 => Ok(Digest::Sha256),
            SHA_384 => Ok(Digest::Sha384),
            SHA_512 => Ok(Digest::Sha512),
            other => Err(Open(format!(
                "the digest algorithm {other} is not checked, only SHA-256, SHA-384 and SHA-512"
            ))),
        }
    }

    pub fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Digest::Sha256 => Sha256::digest(bytes).to_vec(),
            Digest::Sha384 => Sha384::digest(bytes).to_vec(),
            Digest::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }

    fn padding(self) -> Pkcs1v15Sign {
        match self {
            Digest::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
            Digest::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
            Digest::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
        }
    }
}

/// Parameters would change what an algorithm does; those here have none.
fn plain(algorithm: &AlgorithmIdentifierOwned) -> Result<(), Doubt> {
    match &algorithm.parameters {
        Some(parameters) if !parameters.is_null() => Err(Open(format!(
            "the algorithm {} has parameters, which are not understood",
            algorithm.oid
        ))),
        _ => Ok(()),
    }
}

/// Which key signs how.
#[derive(PartialEq, Eq)]
enum Kind {
    Rsa,
    Ec,
}

/// Checks the signature of `message`. `digest` is what a CMS signer states beside its algorithm
/// (RFC 5652, 5.3); the algorithm of a certificate names its digest itself.
pub(super) fn verify(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifierOwned,
    digest: Option<Digest>,
    message: &[u8],
    signature: &[u8],
) -> Result<(), Doubt> {
    plain(algorithm)?;
    let (kind, named) = match algorithm.oid {
        // RFC 3370, 3.2: in CMS the key's own name stands for PKCS #1 v1.5 with the digest stated.
        RSA => (Kind::Rsa, None),
        RSA_SHA_256 => (Kind::Rsa, Some(Digest::Sha256)),
        RSA_SHA_384 => (Kind::Rsa, Some(Digest::Sha384)),
        RSA_SHA_512 => (Kind::Rsa, Some(Digest::Sha512)),
        ECDSA_SHA_256 => (Kind::Ec, Some(Digest::Sha256)),
        ECDSA_SHA_384 => (Kind::Ec, Some(Digest::Sha384)),
        ECDSA_SHA_512 => (Kind::Ec, Some(Digest::Sha512)),
        other => {
            return Err(Open(format!(
                "the signature algorithm {other} is not checked, only RSA PKCS #1 v1.5 and ECDSA with SHA-256, SHA-384 or SHA-512"
            )));
        }
    };
    let digest = match (named, digest) {
        (Some(named), Some(stated)) if named != stated => {
            return Err(Open("digest and signature name different digests".into()));
        }
        (Some(digest), _) | (None, Some(digest)) => digest,
        (None, None) => return Err(Open("the signature names no digest".into())),
    };
    let point = key
        .subject_public_key
        .as_bytes()
        .ok_or_else(|| Wrong("the public key is no whole number of bytes".into()))?;
    let hash = digest.of(message);
    let right = match (kind, key.algorithm.oid) {
        (Kind::Rsa, RSA) => verify_rsa(point, digest, &hash, signature)?,
        (Kind::Ec, EC) => verify_ec(curve(key)?, point, &hash, signature)?,
        _ => {
            return Err(Wrong(
                "signature and public key are of different kinds".into(),
            ));
        }
    };
    if right {
        Ok(())
    } else {
        Err(Wrong("the signature is wrong".into()))
    }
}

/// The named curve (RFC 5480, 2.1.1.1); no others may be used.
fn curve(key: &SubjectPublicKeyInfoOwned) -> Result<ObjectIdentifier, Doubt> {
    let parameters = key.algorithm.parameters.as_ref();
    parameters
        .and_then(|any| any.decode_as().ok())
        .ok_or_else(|| Open("the public key names no curve".into()))
}

/// RFC 8017, 8.2.2 and A.1.1.
fn verify_rsa(key: &[u8], digest: Digest, hash: &[u8], signature: &[u8]) -> Result<bool, Doubt> {
    let numbers = || -> x509_cert::der::Result<(UintRef, UintRef)> {
        let mut items = Items::of_sequence(key)?;
        let numbers = (items.decode()?, items.decode()?);
        items.end()?;
        Ok(numbers)
    };
    let (modulus, exponent) =
        numbers().map_err(|error| Wrong(format!("the RSA key cannot be read: {error}")))?;
    let number = |number: UintRef| BigUint::from_bytes_be(number.as_bytes());
    let modulus = number(modulus);
    if modulus.bits() < SMALLEST_RSA {
        return Err(Open(format!(
            "the RSA key is not accepted: it has {} bits, at least {SMALLEST_RSA} are needed",
            modulus.bits()
        )));
    }
    let key = RsaPublicKey::new_with_max_size(modulus, number(exponent), LARGEST_RSA)
        .map_err(|error| Open(format!("the RSA key is not accepted: {error}")))?;
    Ok(key.verify(digest.padding(), hash, signature).is_ok())
}

/// RFC 5480, 2.2: the key is a point. RFC 3279, 2.2.3: the signature is a SEQUENCE of r and s.
fn verify_ec(
    curve: ObjectIdentifier,
    point: &[u8],
    hash: &[u8],
    signature: &[u8],
) -> Result<bool, Doubt> {
    let wrong_point = |_| Wrong("the public key is no point of its curve".into());
    match curve {
        P_256 => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(wrong_point)?;
            let signature = scalars::<32>(signature)
                .and_then(|(r, s)| p256::ecdsa::Signature::from_scalars(r, s).ok());
            Ok(signature.is_some_and(|signature| key.verify_prehash(hash, &signature).is_ok()))
        }
        P_384 => {
            let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(point).map_err(wrong_point)?;
            let signature = scalars::<48>(signature)
                .and_then(|(r, s)| p384::ecdsa::Signature::from_scalars(r, s).ok());
            Ok(signature.is_some_and(|signature| key.verify_prehash(hash, &signature).is_ok()))
        }
        other => Err(Open(format!(
            "the curve {other} is not checked, only P-256 and P-384"
        ))),
    }
}

/// r and s, each with leading zeros to the length of the field.
fn scalars<const N: usize>(signature: &[u8]) -> Option<([u8; N], [u8; N])> {
    let mut items = Items::of_sequence(signature).ok()?;
    let mut number = || -> Option<[u8; N]> {
        let number: UintRef = items.decode().ok()?;
        let mut out = [0; N];
        let from = N.checked_sub(number.as_bytes().len())?;
        out.get_mut(from..)?.copy_from_slice(number.as_bytes());
        Some(out)
    };
    let both = (number()?, number()?);
    items.end().ok()?;
    Some(both)
}
