//! SSH signatures over a seal, and the list of people whose signatures count.
//!
//! The signature is what `ssh-keygen -Y sign -n casefile` writes (OpenSSH, PROTOCOL.sshsig); the
//! list is OpenSSH's allowed_signers file (ssh-keygen(1), ALLOWED SIGNERS). Anyone can therefore
//! check a seal with the tools that came with the operating system, without this program.

use rsa::signature::Verifier;
use rsa::{BigUint, Pkcs1v15Sign};
use ssh_encoding::Decode;
use ssh_encoding::base64::{Base64, Encoding};
use ssh_key::public::{KeyData, RsaPublicKey};
use ssh_key::sha2::{Digest, Sha256, Sha512};
use ssh_key::{Algorithm, HashAlg, PublicKey, Signature, SshSig};

/// The purpose a signature must have been made for, so that a signature over a mail or a commit
/// cannot be passed off as one over a case.
pub(crate) const NAMESPACE: &str = "casefile";

/// RSA keys with fewer bits are not believed (NIST SP 800-131A rev. 2, section 3).
pub(crate) const RSA_MIN_BITS: usize = 2048;

/// RSA keys with more bits are not computed with: OpenSSH stops at this size as well
/// (SSHBUF_MAX_BIGNUM), and a hostile key could otherwise cost hours.
const RSA_MAX_BITS: usize = 16384;

/// Longest signature text that is looked at. The largest RSA key OpenSSH makes needs under 6 KiB.
const MAX_TEXT: usize = 64 * 1024;

const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "-----END SSH SIGNATURE-----";

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

/// The people whose signatures count: an allowed_signers file of OpenSSH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signers {
    entries: Vec<Entry>,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    /// One-based line in the file.
    line: usize,
    /// As written, without the quotes.
    principals: String,
    options: Options,
    key: KeyData,
}

/// The options of one line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Options {
    /// Pattern list of the namespaces the key may sign for; all when absent.
    namespaces: Option<String>,
    cert_authority: bool,
    /// Times as written. They are kept to tell why the entry does not count.
    valid_after: Option<String>,
    valid_before: Option<String>,
}

impl Signers {
    /// Reads an allowed_signers file.
    ///
    /// Each line holds principals, options where there are any, a key type, a base64 key and a
    /// comment, as described in ssh-keygen(1). Empty lines and lines that start with `#` are
    /// skipped.
    ///
    /// Entries with `cert-authority`, `valid-after` or `valid-before` are read and never match:
    /// certificates are not read here, and the same files must give the same verdict on every day,
    /// so there is no clock.
    ///
    /// # Errors
    ///
    /// One message for every line that cannot be read, each starting with `line N: `. ssh-keygen
    /// skips such lines; here a misspelt signer must not silently become an untrusted one.
    pub fn parse(text: &str) -> Result<Signers, Vec<String>> {
        let mut entries = Vec::new();
        let mut wrong = Vec::new();
        // A file saved by an editor on Windows may start with a byte order mark.
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        for (index, line) in text.lines().enumerate() {
            let line_number = index + 1;
            let line = line.trim_matches([' ', '\t', '\r']);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match entry(line_number, line) {
                Ok(entry) => entries.push(entry),
                Err(reason) => wrong.push(format!("line {line_number}: {reason}")),
            }
        }
        if wrong.is_empty() {
            Ok(Signers { entries })
        } else {
            Err(wrong)
        }
    }

    /// The principals of the first entry that vouches for the key, or why there is none.
    fn find(&self, key: &KeyData) -> Result<&str, String> {
        let mut reasons = Vec::new();
        for entry in self.entries.iter().filter(|entry| &entry.key == key) {
            match entry.refusal() {
                None => return Ok(&entry.principals),
                Some(reason) => reasons.push(format!("line {} {reason}", entry.line)),
            }
        }
        if !reasons.is_empty() {
            return Err(reasons.join("; "));
        }
        Err(match self.entries.len() {
            0 => "the list of allowed signers is empty".to_owned(),
            1 => "the only allowed signer has another key".to_owned(),
            count => format!("none of the {count} allowed signers has this key"),
        })
    }
}

impl Entry {
    /// Why the entry does not vouch for its key, or nothing if it does.
    fn refusal(&self) -> Option<String> {
        let options = &self.options;
        if options.cert_authority {
            return Some(
                "has the key as a certificate authority, and certificates are not read".to_owned(),
            );
        }
        for (name, value) in [
            ("valid-after", &options.valid_after),
            ("valid-before", &options.valid_before),
        ] {
            if let Some(value) = value {
                return Some(format!(
                    "has the key with {name}=\"{value}\", and no clock is read here"
                ));
            }
        }
        if let Some(namespaces) = &options.namespaces
            && !matches_list(NAMESPACE, namespaces)
        {
            return Some(format!(
                "allows the key for the namespaces \"{namespaces}\", not for {NAMESPACE}"
            ));
        }
        // A list of exclusions alone names nobody (ssh_config(5), PATTERNS).
        if self.principals.split(',').all(|p| p.starts_with('!')) {
            return Some("names no principal, only exclusions".to_owned());
        }
        None
    }
}

/// Reads one line that is neither empty nor a comment.
fn entry(line: usize, text: &str) -> Result<Entry, String> {
    let (principals, rest) = match text.strip_prefix('"') {
        Some(quoted) => quoted
            .split_once('"')
            .ok_or("the quote around the principals is not closed")?,
        None => text.split_once([' ', '\t']).ok_or("the key is missing")?,
    };
    for principal in principals.split(',') {
        if principal.trim_start_matches('!').is_empty() {
            return Err(format!("empty principal in `{principals}`"));
        }
    }
    let rest = rest.trim_start_matches([' ', '\t']);
    if rest.is_empty() {
        return Err("the key is missing".to_owned());
    }
    // As ssh-keygen does: what does not begin with a key type is taken as options.
    let first = rest.split([' ', '\t']).next().unwrap_or_default();
    let (options, key) = if is_key_type(first) {
        (Options::default(), rest)
    } else {
        let end = end_of_options(rest)?;
        let (options, key) = rest.split_at(end);
        (parse_options(options)?, key)
    };
    Ok(Entry {
        line,
        principals: principals.to_owned(),
        options,
        key: parse_key(key)?,
    })
}

/// Whether this is the name of a key type. Names with an `@` that are not built in stand for
/// certificates and for types that nobody here could check.
fn is_key_type(word: &str) -> bool {
    matches!(Algorithm::new(word), Ok(algorithm) if !matches!(algorithm, Algorithm::Other(_)))
}

/// Reads the key type and the base64 key. The comment that may follow is not kept.
fn parse_key(text: &str) -> Result<KeyData, String> {
    let mut words = text.split([' ', '\t']).filter(|word| !word.is_empty());
    let kind = words.next().ok_or("the key is missing")?;
    if !is_key_type(kind) {
        return Err(format!("unknown key type `{kind}`"));
    }
    let data = words
        .next()
        .ok_or("the base64 text of the key is missing")?;
    match PublicKey::from_openssh(&format!("{kind} {data}")) {
        Ok(key) => Ok(key.key_data().clone()),
        Err(error) => Err(format!("the key cannot be read: {error}")),
    }
}

/// Where the options end: at the first white space outside quotes (sshkey_advance_past_options in
/// OpenSSH's sshkey.c).
fn end_of_options(text: &str) -> Result<usize, String> {
    let mut quoted = false;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' if !escaped => quoted = !quoted,
            b' ' | b'\t' if !quoted => return Ok(at),
            _ => {}
        }
        escaped = byte == b'\\';
    }
    if quoted {
        Err("a quote in the options is not closed".to_owned())
    } else {
        Ok(text.len())
    }
}

/// Reads the options of an entry (sshsigopt_parse in OpenSSH's sshsig.c): names regardless of
/// case, values in quotes, each at most once.
fn parse_options(text: &str) -> Result<Options, String> {
    let mut options = Options::default();
    let mut rest = text;
    loop {
        let end = rest.find(['=', ',']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let lower = name.to_ascii_lowercase();
        let after = match lower.as_str() {
            "cert-authority" => {
                options.cert_authority = true;
                after
            }
            "namespaces" | "valid-after" | "valid-before" => {
                let (value, after) = quoted_value(name, after)?;
                let place = match lower.as_str() {
                    "namespaces" => &mut options.namespaces,
                    "valid-after" => &mut options.valid_after,
                    _ => &mut options.valid_before,
                };
                if place.is_some() {
                    return Err(format!("option `{name}` is given twice"));
                }
                if lower != "namespaces" && !is_time(&value) {
                    return Err(format!(
                        "option `{name}` has no time of the form YYYYMMDD[HHMM[SS]][Z]: `{value}`"
                    ));
                }
                *place = Some(value);
                after
            }
            _ => return Err(format!("neither a key type nor an option: `{name}`")),
        };
        if after.is_empty() {
            return Ok(options);
        }
        rest = after
            .strip_prefix(',')
            .ok_or_else(|| format!("unexpected text after option `{name}`: `{after}`"))?;
    }
}

/// The value of an option and what follows it. A `\"` stands for a quote inside the value.
fn quoted_value<'t>(name: &str, text: &'t str) -> Result<(String, &'t str), String> {
    let inner = text
        .strip_prefix("=\"")
        .ok_or_else(|| format!("option `{name}` needs a value in double quotes"))?;
    let mut value = String::new();
    let mut chars = inner.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((value, &inner[at + 1..])),
            '\\' if matches!(chars.peek(), Some((_, '"'))) => {
                value.push('"');
                chars.next();
            }
            _ => value.push(c),
        }
    }
    Err(format!("the quote of option `{name}` is not closed"))
}

/// Whether a time has the form of ssh-keygen(1), ALLOWED SIGNERS.
fn is_time(text: &str) -> bool {
    let digits = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    matches!(digits.len(), 8 | 12 | 14) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a comma-separated list of patterns covers the text: one pattern fits, and none of those
/// with a `!` does (match_pattern_list in OpenSSH's match.c).
fn matches_list(text: &str, patterns: &str) -> bool {
    let mut found = false;
    for pattern in patterns.split(',') {
        match pattern.strip_prefix('!') {
            Some(excluded) if matches_pattern(text, excluded) => return false,
            Some(_) => {}
            None => found |= matches_pattern(text, pattern),
        }
    }
    found
}

/// Whether the pattern covers the whole text: `*` stands for any bytes, `?` for one.
///
/// Goes back to the last star only, so that the time taken is at most the product of the lengths.
fn matches_pattern(text: &str, pattern: &str) -> bool {
    let (text, pattern) = (text.as_bytes(), pattern.as_bytes());
    let (mut at, mut in_pattern) = (0, 0);
    let mut star = None;
    while at < text.len() {
        match pattern.get(in_pattern) {
            Some(b'*') => {
                star = Some((in_pattern, at));
                in_pattern += 1;
            }
            Some(&byte) if byte == b'?' || byte == text[at] => {
                at += 1;
                in_pattern += 1;
            }
            _ => match star {
                Some((star_in_pattern, star_at)) => {
                    star = Some((star_in_pattern, star_at + 1));
                    in_pattern = star_in_pattern + 1;
                    at = star_at + 1;
                }
                None => return false,
            },
        }
    }
    pattern[in_pattern..].iter().all(|&byte| byte == b'*')
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

/// Takes a string off the front: its length in four bytes, then the bytes (RFC 4251, section 5).
pub(crate) fn string<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (string, rest) = rest.split_at_checked(length)?;
    *bytes = rest;
    Some(string)
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

/// Checks an RSA signature. Done here because ssh-key turns keys above 4096 bits away.
fn verify_rsa(key: &RsaPublicKey, signed: &[u8], signature: &Signature) -> Result<(), String> {
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

/// The bytes between two marker lines. Lines may have any length and either line ending, as
/// ssh-keygen allows; ssh-key's own reader wants 70 characters a line.
pub(crate) fn dearmour(text: &[u8], begin: &str, end: &str) -> Result<Vec<u8>, String> {
    let text = std::str::from_utf8(text).map_err(|_| "it is not text".to_owned())?;
    let body = text
        .trim()
        .strip_prefix(begin)
        .ok_or_else(|| format!("it does not start with `{begin}`"))?;
    let (body, after) = body
        .split_once(end)
        .ok_or_else(|| format!("it is cut off: `{end}` is missing"))?;
    if !after.is_empty() {
        return Err(format!("there is text after `{end}`"));
    }
    let mut base64 = String::with_capacity(body.len());
    base64.extend(body.chars().filter(|c| !c.is_ascii_whitespace()));
    Base64::decode_vec(&base64).map_err(|error| format!("its base64 text is damaged: {error}"))
}
