//! ECDSA keys whose secret number is short.
//!
//! OpenSSH writes the secret number of an ECDSA key without leading zero bytes, so one key in 256
//! is shorter than the rest. ssh-key 0.6.7 refuses these; the functions below put the zeros back.

use crate::verify::signature::string;
use ssh_key::PrivateKey;

/// What private key files in OpenSSH's format start with (PROTOCOL.key).
const MAGIC: &[u8] = b"openssh-key-v1\0";

/// The key file with the secret number at its full width, if it is that of an ECDSA key without a
/// passphrase and the number was short.
pub(super) fn widen_blob(blob: &[u8]) -> Option<Vec<u8>> {
    let mut rest = blob.strip_prefix(MAGIC)?;
    let cipher = string(&mut rest)?;
    if cipher != b"none" {
        return None;
    }
    let (_kdf, _kdf_options) = (string(&mut rest)?, string(&mut rest)?);
    // One key is all that OpenSSH ever writes.
    rest = rest.strip_prefix(&[0, 0, 0, 1])?;
    let public = string(&mut rest)?;
    let section = string(&mut rest)?;
    if !rest.is_empty() {
        return None;
    }
    plain_blob(public, &widen_section(section)?)
}

/// The same for a key with a passphrase. The ciphers with a tag are left out: OpenSSH uses them
/// only when told to, and the tag cannot be got at.
pub(super) fn widen_encrypted(key: &PrivateKey, passphrase: &[u8]) -> Option<PrivateKey> {
    let (secret, iv) = key.kdf().derive_key_and_iv(key.cipher(), passphrase).ok()?;
    let mut section = key.key_data().encrypted()?.to_vec();
    key.cipher()
        .decrypt(&secret, &iv, &mut section, None)
        .ok()?;
    let public = key.public_key().to_bytes().ok()?;
    PrivateKey::from_bytes(&plain_blob(&public, &widen_section(&section)?)?).ok()
}

/// A key file without a passphrase, of its public half and its private section.
fn plain_blob(public: &[u8], section: &[u8]) -> Option<Vec<u8>> {
    let mut blob = MAGIC.to_vec();
    for part in [b"none".as_slice(), b"none", b""] {
        put(&mut blob, part)?;
    }
    blob.extend([0, 0, 0, 1]);
    put(&mut blob, public)?;
    put(&mut blob, section)?;
    Some(blob)
}

/// The private section of an ECDSA key with the secret number at full width; nothing if it has it
/// already, or if this is another kind of key.
fn widen_section(section: &[u8]) -> Option<Vec<u8>> {
    let (numbers, mut rest) = section.split_at_checked(8)?;
    if numbers[..4] != numbers[4..] {
        return None;
    }
    let kind = string(&mut rest)?;
    if !kind.starts_with(b"ecdsa-sha2-") {
        return None;
    }
    let curve = string(&mut rest)?;
    let width = match curve {
        b"nistp256" => 32,
        b"nistp384" => 48,
        _ => return None,
    };
    let point = string(&mut rest)?;
    let secret = string(&mut rest)?;
    let missing = width - secret.len().min(width);
    if missing == 0 {
        return None;
    }
    let comment = string(&mut rest)?;
    let mut wide = numbers.to_vec();
    put(&mut wide, kind)?;
    put(&mut wide, curve)?;
    put(&mut wide, point)?;
    let mut full = vec![0; missing];
    full.extend_from_slice(secret);
    put(&mut wide, &full)?;
    put(&mut wide, comment)?;
    // Filled up with 1, 2, 3 … to a multiple of eight bytes (PROTOCOL.key, section 3).
    let filling = wide.len().next_multiple_of(8) - wide.len();
    wide.extend((1u8..).take(filling));
    Some(wide)
}

/// Appends a string: its length in four bytes, then the bytes (RFC 4251, section 5).
fn put(bytes: &mut Vec<u8>, string: &[u8]) -> Option<()> {
    bytes.extend(u32::try_from(string.len()).ok()?.to_be_bytes());
    bytes.extend_from_slice(string);
    Some(())
}
