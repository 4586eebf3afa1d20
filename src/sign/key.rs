//! Makes SSH signatures over a seal, the same that `ssh-keygen -Y sign -n casefile` makes.

use crate::error::{Problem, Result};
use crate::verify::signature::{
    NAMESPACE, RSA_MIN_BITS, Signed, check, dearmour, rsa_bits, string,
};
use rsa::{BigUint, Pkcs1v15Sign};
use ssh_key::private::{KeypairData, RsaKeypair};
use ssh_key::public::KeyData;
use ssh_key::rand_core::OsRng;
use ssh_key::sha2::{Digest, Sha512};
use ssh_key::{Algorithm, HashAlg, LineEnding, Mpint, PrivateKey, Signature, SshSig};

const BEGIN: &str = "-----BEGIN OPENSSH PRIVATE KEY-----";
const END: &str = "-----END OPENSSH PRIVATE KEY-----";

/// What private key files in OpenSSH's format start with (PROTOCOL.key).
const MAGIC: &[u8] = b"openssh-key-v1\0";

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
    let key = read(private_key)?;
    // The public half is not encrypted: nobody has to type a passphrase to learn this.
    usable(key.public_key().key_data())?;
    let key = match (key.is_encrypted(), passphrase) {
        (false, _) => key,
        (true, Some(passphrase)) => decrypt(&key, passphrase)?,
        (true, None) => {
            return Err(
                Problem::new("sign-passphrase", SUBJECT, "the key is encrypted")
                    .hint("give the passphrase that was set when the key was made")
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

/// Reads the key file; the private half may still be encrypted.
fn read(text: &[u8]) -> Result<PrivateKey> {
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
fn usable(key: &KeyData) -> Result<()> {
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
fn decrypt(key: &PrivateKey, passphrase: &[u8]) -> Result<PrivateKey> {
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

// OpenSSH writes the secret number of an ECDSA key without leading zero bytes, so one key in 256
// is shorter than the rest. ssh-key 0.6.7 refuses these; the functions below put the zeros back.

/// The key file with the secret number at its full width, if it is that of an ECDSA key without a
/// passphrase and the number was short.
fn widen_blob(blob: &[u8]) -> Option<Vec<u8>> {
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
fn widen_encrypted(key: &PrivateKey, passphrase: &[u8]) -> Option<PrivateKey> {
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
