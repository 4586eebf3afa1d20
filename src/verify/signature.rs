//! SSH signatures over a bundle, as OpenSSH makes them (PROTOCOL.sshsig), and the file that says
//! whose are trusted (ssh-keygen(1), ALLOWED SIGNERS). Section 8 of the format.

use crate::bundle::format::SIGNATURE_NAMESPACE;
use globset::{Glob, GlobMatcher};
use ssh_key::public::KeyData;
use ssh_key::{HashAlg, PublicKey, SshSig};

/// Who may sign, by a file that does not come from the bundle.
#[derive(Debug, Clone)]
pub struct Signers {
    entries: Vec<Signer>,
}

#[derive(Debug, Clone)]
struct Signer {
    /// As written.
    principals: String,
    key: KeyData,
    /// The namespaces that the key may sign for; `None` for all.
    namespaces: Option<Vec<GlobMatcher>>,
    /// Why the entry is not used.
    unused: Option<&'static str>,
}

/// What a signature is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signed {
    /// A valid signature by a key that an entry allows; principals as the entry names them.
    By { principal: String, key: String },
    /// A valid signature by a key of which nothing is known, since no signers were given.
    Unknown { key: String },
    /// A valid signature by a key that no entry allows.
    Untrusted { key: String, reason: String },
    /// No valid signature of these bytes.
    Not { reason: String },
}

/// The smallest RSA key that is taken, in bits (NIST SP 800-131A).
const SMALLEST_RSA: usize = 2048;

impl Signers {
    /// Reads a file of allowed signers.
    ///
    /// # Errors
    ///
    /// Every line that is no entry, with its number.
    pub fn parse(text: &str) -> Result<Self, Vec<String>> {
        let (mut entries, mut faults) = (Vec::new(), Vec::new());
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match entry(line) {
                Ok(signer) => entries.push(signer),
                Err(reason) => faults.push(format!("line {}: {reason}", index + 1)),
            }
        }
        if faults.is_empty() {
            Ok(Signers { entries })
        } else {
            Err(faults)
        }
    }
}

/// Principals, options if there are any, the type of the key, the key, a comment.
fn entry(line: &str) -> Result<Signer, String> {
    let mut fields = fields(line).into_iter();
    let principals = fields.next().ok_or("has no principal")?;
    let mut next = fields.next().ok_or("has no key")?;
    let (mut namespaces, mut unused) = (None, None);
    if !is_key_type(&next) {
        for option in options(&next) {
            let (name, value) = option.split_once('=').unwrap_or((&option, ""));
            match name.to_ascii_lowercase().as_str() {
                "namespaces" => namespaces = Some(patterns(value.trim_matches('"'))?),
                "cert-authority" => {
                    unused = Some("its entry is of an authority, which is not used")
                }
                // There is no clock here, and a key that was trusted once may not be trusted now.
                "valid-after" | "valid-before" => {
                    unused = Some("its entry holds for a time only, which is not checked");
                }
                other => return Err(format!("has an option that is not known: {other}")),
            }
        }
        next = fields.next().ok_or("has no key")?;
    }
    let encoded = fields.next().ok_or("has no key")?;
    let key = PublicKey::from_openssh(&format!("{next} {encoded}"))
        .map_err(|error| format!("holds no key: {error}"))?;
    Ok(Signer {
        principals: principals.trim_matches('"').to_owned(),
        key: key.key_data().clone(),
        namespaces,
        unused,
    })
}

fn is_key_type(field: &str) -> bool {
    ["ssh-", "ecdsa-", "sk-"]
        .iter()
        .any(|start| field.starts_with(start))
}

/// Fields between white space, of which quotation marks can hold some.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        if c.is_whitespace() && !quoted {
            if !field.is_empty() {
                fields.push(std::mem::take(&mut field));
            }
            continue;
        }
        quoted ^= c == '"';
        field.push(c);
    }
    fields.push(field);
    fields.retain(|field| !field.is_empty());
    fields
}

/// Options between commas, of which quotation marks can hold some.
fn options(text: &str) -> Vec<String> {
    let (mut options, mut option, mut quoted) = (Vec::new(), String::new(), false);
    for c in text.chars() {
        if c == ',' && !quoted {
            options.push(std::mem::take(&mut option));
            continue;
        }
        quoted ^= c == '"';
        option.push(c);
    }
    options.push(option);
    options
}

fn patterns(list: &str) -> Result<Vec<GlobMatcher>, String> {
    let pattern = |one: &str| Glob::new(one).map(|glob| glob.compile_matcher());
    let all: Result<Vec<_>, _> = list.split(',').map(pattern).collect();
    all.map_err(|error| format!("has a pattern that cannot be read: {error}"))
}

/// What an armoured signature of `message` is worth.
pub fn check(signature: &[u8], message: &[u8], signers: Option<&Signers>) -> Signed {
    let not = |reason: String| Signed::Not { reason };
    let signature = match SshSig::from_pem(signature) {
        Ok(signature) => signature,
        Err(error) => return not(format!("is no SSH signature: {error}")),
    };
    if signature.namespace() != SIGNATURE_NAMESPACE {
        return not(format!(
            "is in the namespace `{}`, not `{SIGNATURE_NAMESPACE}`",
            signature.namespace()
        ));
    }
    let data = signature.public_key();
    if let Some(rsa) = data.rsa() {
        let bits = rsa.n.as_positive_bytes().map_or(0, |bytes| bytes.len() * 8);
        if bits < SMALLEST_RSA {
            return not(format!(
                "is by an RSA key of {bits} bits, which can be forged"
            ));
        }
    }
    let key = data.fingerprint(HashAlg::Sha256).to_string();
    if let Err(error) =
        PublicKey::from(data.clone()).verify(SIGNATURE_NAMESPACE, message, &signature)
    {
        return not(format!("is no signature of these files by {key}: {error}"));
    }
    let Some(signers) = signers else {
        return Signed::Unknown { key };
    };
    let mut reason = "no entry of the allowed signers has this key".to_owned();
    for signer in signers.entries.iter().filter(|signer| signer.key == *data) {
        let namespaces = signer.namespaces.as_deref();
        let fits =
            namespaces.is_none_or(|all| all.iter().any(|one| one.is_match(SIGNATURE_NAMESPACE)));
        match signer.unused {
            Some(unused) => reason = unused.to_owned(),
            None if !fits => {
                reason = format!("its entry is not for the namespace `{SIGNATURE_NAMESPACE}`");
            }
            None => {
                let principal = signer.principals.clone();
                return Signed::By { principal, key };
            }
        }
    }
    Signed::Untrusted { key, reason }
}
