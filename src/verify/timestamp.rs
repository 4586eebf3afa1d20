//! Checks a time-stamp (RFC 3161) of bytes: that they existed at a time which an authority states.
//!
//! Believed of a reply without knowing the authority: only that it is made out to these bytes. With
//! the certificates of authorities that the verifier trusts: also the time. Whatever cannot be
//! checked makes a reply not trusted; what is found to be wrong makes it none.
//!
//! | what must hold | where it is demanded |
//! |---|---|
//! | the request was granted | RFC 3161, 2.4.2 (`granted`, `grantedWithMods`) |
//! | the imprint is SHA-256 of the bytes; it, the nonce and the policy are those of the request | RFC 3161, 2.4.1, 2.4.2 |
//! | one signer; the signed attributes name the content's type and digest | RFC 5652, 5.3, 11.1, 11.2 |
//! | the signed attributes name the signer's certificate | RFC 3161, 2.4.2; RFC 2634, 5.4; RFC 5816 |
//! | the signature is right | RFC 5652, 5.4; RSA PKCS #1 v1.5 or ECDSA on P-256, P-384, with SHA-256, 384, 512 |
//! | the certificate is for time-stamping alone, and says so critically | RFC 3161, 2.3 |
//! | it was valid at the time stated | RFC 5280, 4.1.2.5 |
//! | signatures, names, validity and limits lead to a given authority | RFC 5280, 6.1 |
//!
//! Not checked, because it takes the network: whether a certificate was revoked. Name constraints
//! and policy constraints are not understood; a critical one is refused.

mod algorithms;
mod certificate;
mod chain;
mod cms;
mod der;
mod pem;
mod response;

use crate::digest::Sha256;
use certificate::Certificate;
pub use chain::Authorities;

/// Replies have 1 to 10 KiB; a megabyte holds any number of sensible certificates.
const LARGEST: usize = 1024 * 1024;
/// The reason of a reply of which everything was checked but whether to believe the authority.
pub const NOBODY_ASKED: &str = "no certificate of a time-stamp authority was given";
/// More certificates than any authority sends or needs.
const MOST_CERTIFICATES: usize = 32;

/// What a reply proves. Times are ISO 8601 in UTC, with the fraction that the
/// authority gave, and behind them the accuracy that it claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stamped {
    /// The bytes existed at this time: so says `authority` (the signer, and whose certificate it
    /// rests on), which the verifier trusts.
    Trusted { time: String, authority: String },
    /// The reply is made out to these bytes; whether the time is true could not be checked.
    ImprintOnly { time: String, reason: String },
    /// No time-stamp of these bytes.
    Not { reason: String },
}

impl Stamped {
    /// The time that the authority states.
    pub fn time(&self) -> Option<&str> {
        match self {
            Stamped::Trusted { time, .. } | Stamped::ImprintOnly { time, .. } => Some(time),
            Stamped::Not { .. } => None,
        }
    }
}

/// Why a reply is not trusted.
enum Doubt {
    /// It is wrong, whoever trusts whom.
    Wrong(String),
    /// It might be right; this cannot be checked with what was given.
    Open(String),
}

use Doubt::{Open, Wrong};

/// Checks a `TimeStampResp` over `message`. `chain` is PEM: certificates that the reply may lack.
pub fn check(
    response: &[u8],
    request: Option<&[u8]>,
    chain: Option<&[u8]>,
    message: &[u8],
    authorities: Option<&Authorities>,
) -> Stamped {
    let token = match read(response, request, message) {
        Ok(token) => token,
        Err(reason) => return Stamped::Not { reason },
    };
    let time = token.info.time.text.clone();
    match trust(&token, chain, authorities) {
        Ok(authority) => Stamped::Trusted { time, authority },
        Err(Open(reason)) => Stamped::ImprintOnly { time, reason },
        Err(Wrong(reason)) => Stamped::Not { reason },
    }
}

/// The token, if it is one of these bytes and answers the request.
fn read<'a>(
    response: &'a [u8],
    request: Option<&[u8]>,
    message: &[u8],
) -> Result<response::Token<'a>, String> {
    let token = response::read(response)?;
    let expected = Sha256::of(message);
    if token.info.imprint.sha256()? != expected {
        return Err("it is the time-stamp of other bytes: the digest in it is not theirs".into());
    }
    if let Some(request) = request {
        let asked = response::read_request(request)?;
        if asked.imprint.sha256()? != expected {
            return Err("the request beside it is one for other bytes".into());
        }
        if asked.nonce != token.info.nonce {
            return Err("it answers another request: the nonces differ".into());
        }
        if asked
            .policy
            .is_some_and(|policy| policy != token.info.policy)
        {
            return Err("it was issued under another policy than the request asks for".into());
        }
    }
    Ok(token)
}

/// Who vouches for the time.
fn trust(
    token: &response::Token,
    chain: Option<&[u8]>,
    authorities: Option<&Authorities>,
) -> Result<String, Doubt> {
    let mut pool = Vec::new();
    let beside = chain.map(beside).transpose().map_err(|reason| {
        Wrong(format!(
            "the certificates beside it cannot be read: {reason}"
        ))
    })?;
    let inside = token.certificates.iter().map(|der| der.to_vec());
    for der in inside.chain(beside.unwrap_or_default()) {
        // One that cannot be read leads nowhere, and may belong to a purpose of its own.
        if let Ok(certificate) = Certificate::read(der) {
            pool.push(certificate);
        }
        if pool.len() > MOST_CERTIFICATES {
            return Err(Open(format!(
                "there are more than {MOST_CERTIFICATES} certificates"
            )));
        }
    }
    let signer = cms::signer(token, &pool)?;
    // All that follows from the reply itself is checked, even when nobody is trusted.
    cms::check(token, signer)?;
    signer.stamps_time().map_err(Wrong)?;
    if !signer.valid_at(token.info.time.seconds) {
        return Err(Wrong(format!(
            "the certificate of {} was not valid at the time stated",
            signer.name()
        )));
    }
    if token.info.critical_extension {
        return Err(Open(
            "it has a critical extension, which is not understood".into(),
        ));
    }
    let authorities = authorities.ok_or_else(|| Open(NOBODY_ASKED.into()))?;
    let anchor = chain::find(signer, &pool, authorities, token.info.time.seconds)?;
    Ok(format!(
        "{} (certified by {})",
        signer.name(),
        anchor.name()
    ))
}

/// The certificates of the file beside a reply. Nothing signs this file, so nothing but certificates
/// may stand in it, and each in one form.
fn beside(pem: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let ders = certificates(pem)?;
    if certificates_alone(pem)?.as_bytes() != pem {
        return Err(
            "something else than certificates in lines of 64 characters stands in it".into(),
        );
    }
    for (der, number) in ders.iter().zip(1usize..) {
        Certificate::read(der.clone())
            .map_err(|reason| format!("certificate {number}: {reason}"))?;
    }
    Ok(ders)
}

/// The certificates of a PEM file, in DER.
fn certificates(pem: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    if pem.len() > LARGEST {
        return Err(format!("the file is larger than {LARGEST} bytes"));
    }
    pem::read(pem)
}

/// The certificates of a PEM file written anew, without whatever else stood in the file.
pub(crate) fn certificates_alone(pem: &[u8]) -> Result<String, String> {
    let certificates = certificates(pem)?;
    Ok(certificates.iter().map(|der| pem::write(der)).collect())
}
