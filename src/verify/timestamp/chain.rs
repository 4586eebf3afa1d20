//! From the signer's certificate to an authority that the verifier trusts: RFC 5280, 6.1.

use super::Doubt::{self, Open, Wrong};
use super::certificate::Certificate;
use super::certificates;

/// Longest way from a signer to an authority, in certificates between them.
const DEEPEST: usize = 6;
/// Most signatures that are checked on the way: certificates that all bear one name, crossed with
/// each other, would else keep a verifier busy for ever.
const MOST_ATTEMPTS: usize = 16;

/// The authorities that the verifier trusts to state the time.
#[derive(Debug, Clone)]
pub struct Authorities {
    certificates: Vec<Certificate>,
}

impl Authorities {
    /// Reads certificates in PEM, or one in DER. Each must be an authority's own; every one that is
    /// not is named by its number, and then none is used.
    pub fn parse(pem: &[u8]) -> Result<Authorities, Vec<String>> {
        let ders = match pem.first() {
            // A DER SEQUENCE: no text begins with `0` and a length.
            Some(0x30) if !pem.is_ascii() => vec![pem.to_vec()],
            _ => certificates(pem).map_err(|reason| vec![reason])?,
        };
        let (mut certificates, mut bad) = (Vec::new(), Vec::new());
        for (der, number) in ders.into_iter().zip(1usize..) {
            let read = Certificate::read(der)
                .and_then(|certificate| certificate.certifies(0).map(|()| certificate));
            match read {
                Ok(certificate) => certificates.push(certificate),
                Err(reason) => bad.push(format!("certificate {number}: {reason}")),
            }
        }
        if bad.is_empty() {
            Ok(Authorities { certificates })
        } else {
            Err(bad)
        }
    }
}

/// The authority that vouches for the signer, over certificates of the pool. All must have been
/// valid at the time stated.
pub(super) fn find<'a>(
    signer: &Certificate,
    pool: &[Certificate],
    authorities: &'a Authorities,
    seconds: u64,
) -> Result<&'a Certificate, Doubt> {
    let mut search = Search {
        pool,
        authorities: &authorities.certificates,
        seconds,
        attempts: 0,
        reasons: Vec::new(),
    };
    if let Some(anchor) = search.above(signer, 0) {
        return Ok(anchor);
    }
    let mut reason = "no given authority vouches for the signer".to_owned();
    for found in search.reasons.iter().take(3) {
        reason.push_str("; ");
        reason.push_str(found);
    }
    Err(Open(reason))
}

struct Search<'a, 'p> {
    pool: &'p [Certificate],
    authorities: &'a [Certificate],
    seconds: u64,
    attempts: usize,
    reasons: Vec<String>,
}

impl<'a> Search<'a, '_> {
    /// The authority above a certificate that has `below` authorities below it.
    fn above(&mut self, certificate: &Certificate, below: usize) -> Option<&'a Certificate> {
        let (pool, authorities) = (self.pool, self.authorities);
        for anchor in authorities {
            if self.vouches(anchor, certificate, below) {
                return Some(anchor);
            }
        }
        if below == DEEPEST {
            return None;
        }
        for between in pool {
            // One that vouches for itself leads no further.
            if between.subject() != between.issuer()
                && self.vouches(between, certificate, below)
                && let Some(anchor) = self.above(between, below + 1)
            {
                return Some(anchor);
            }
        }
        None
    }

    fn vouches(&mut self, issuer: &Certificate, certificate: &Certificate, below: usize) -> bool {
        if issuer.subject() != certificate.issuer() || self.attempts == MOST_ATTEMPTS {
            return false;
        }
        self.attempts += 1;
        let reason = if !issuer.valid_at(self.seconds) {
            format!(
                "the certificate of {} was not valid at the time stated",
                issuer.name()
            )
        } else if let Err(reason) = issuer.certifies(below) {
            reason
        } else {
            match certificate.signed_by(issuer) {
                Ok(()) => return true,
                Err(Wrong(reason) | Open(reason)) => format!(
                    "{} did not certify {}: {reason}",
                    issuer.name(),
                    certificate.name()
                ),
            }
        };
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
        false
    }
}
