//! RSA signatures of SSH (RFC 8332), over SHA-2 only.

use rsa::{BigUint, Pkcs1v15Sign};
use ssh_key::public::RsaPublicKey;
use ssh_key::sha2::{Digest as _, Sha256, Sha512};
use ssh_key::{Algorithm, HashAlg, Signature};

/// RSA keys with fewer bits are not believed (NIST SP 800-131A rev. 2, section 3).
pub(crate) const RSA_MIN_BITS: usize = 2048;

/// RSA keys with more bits are not computed with: OpenSSH stops at this size as well
/// (SSHBUF_MAX_BIGNUM), and a hostile key could otherwise cost hours.
const RSA_MAX_BITS: usize = 16384;

/// Checks an RSA signature. Done here because ssh-key turns keys above 4096 bits away.
pub(super) fn verify_rsa(
    key: &RsaPublicKey,
    signed: &[u8],
    signature: &Signature,
) -> Result<(), String> {
    let bits = rsa_bits(key);
    if bits < RSA_MIN_BITS {
        return Err(format!(
            "the RSA key has {bits} bits, at least {RSA_MIN_BITS} are needed"
        ));
    }
    let public = |error: &dyn std::fmt::Display| format!("the key cannot be used: {error}");
    let modulus = BigUint::try_from(&key.n).map_err(|error| public(&error))?;
    let exponent = BigUint::try_from(&key.e).map_err(|error| public(&error))?;
    let key = rsa::RsaPublicKey::new_with_max_size(modulus, exponent, RSA_MAX_BITS)
        .map_err(|error| public(&error))?;
    let (scheme, hash) = match signature.algorithm() {
        Algorithm::Rsa {
            hash: Some(HashAlg::Sha256),
        } => (
            Pkcs1v15Sign::new::<Sha256>(),
            Sha256::digest(signed).to_vec(),
        ),
        Algorithm::Rsa {
            hash: Some(HashAlg::Sha512),
        } => (
            Pkcs1v15Sign::new::<Sha512>(),
            Sha512::digest(signed).to_vec(),
        ),
        other => return Err(format!("a {other} signature does not belong to an RSA key")),
    };
    // Some signers leave leading zero bytes out; OpenSSH puts them back, too.
    let width = bits.div_ceil(8);
    let missing = width.saturating_sub(signature.as_bytes().len());
    let mut padded = vec![0; missing];
    padded.extend_from_slice(signature.as_bytes());
    key.verify(scheme, &hash, &padded)
        .map_err(|_| "the signature does not fit the bytes".to_owned())
}

/// The length of the modulus in bits; 0 for a negative one.
pub(crate) fn rsa_bits(key: &RsaPublicKey) -> usize {
    match key.n.as_positive_bytes() {
        Some(bytes @ [first, ..]) => bytes.len() * 8 - first.leading_zeros() as usize,
        _ => 0,
    }
}
