//! One certificate and what it may be used for: RFC 5280, 4.

use super::Doubt::{self, Open};
use super::algorithms;
use super::der::{Items, context};
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Decode, Result as Der, Tag};
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfoOwned;

/// RFC 3161, 2.3: id-kp-timeStamping.
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
/// RFC 5280, 4.2.1.12: anyExtendedKeyUsage.
const ANY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");

/// Extensions that may be critical: key usage, basic constraints and extended key usage are
/// checked; policies limit nothing as long as none is demanded (RFC 5280, 6.1.1 (c)).
const UNDERSTOOD: [ObjectIdentifier; 4] = [
    ObjectIdentifier::new_unwrap("2.5.29.15"),
    ObjectIdentifier::new_unwrap("2.5.29.19"),
    ObjectIdentifier::new_unwrap("2.5.29.37"),
    ObjectIdentifier::new_unwrap("2.5.29.32"),
];

#[derive(Debug, Clone)]
pub(super) struct Certificate {
    der: Vec<u8>,
    /// The part that its issuer signed, as it stands.
    signed: Vec<u8>,
    parsed: x509_cert::Certificate,
}

impl Certificate {
    pub fn read(der: Vec<u8>) -> Result<Self, String> {
        let unreadable = |error| format!("this is no certificate: {error}");
        modest_names(&der).map_err(unreadable)?;
        let parsed = x509_cert::Certificate::from_der(&der).map_err(unreadable)?;
        let signed = Items::of_sequence(&der)
            .and_then(|mut items| items.raw())
            .map_err(unreadable)?
            .to_vec();
        // RFC 5280, 4.1.1.2: else what is signed does not say how.
        if parsed.signature_algorithm != parsed.tbs_certificate.signature {
            return Err("the two statements of its signature algorithm differ".into());
        }
        Ok(Certificate {
            der,
            signed,
            parsed,
        })
    }

    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The subject as a person reads it (RFC 4514).
    pub fn name(&self) -> String {
        self.subject().to_string()
    }

    pub fn subject(&self) -> &Name {
        &self.parsed.tbs_certificate.subject
    }

    pub fn issuer(&self) -> &Name {
        &self.parsed.tbs_certificate.issuer
    }

    pub fn key(&self) -> &SubjectPublicKeyInfoOwned {
        &self.parsed.tbs_certificate.subject_public_key_info
    }

    /// Whether issuer and serial number name this one.
    pub fn is(&self, issuer: &Name, serial: &SerialNumber) -> bool {
        self.issuer() == issuer && self.parsed.tbs_certificate.serial_number == *serial
    }

    pub fn subject_key(&self) -> Option<Vec<u8>> {
        let found = self.extension::<SubjectKeyIdentifier>().ok()??;
        Some(found.1.0.as_bytes().to_vec())
    }

    /// `seconds` since 1970; both ends of the validity belong to it (RFC 5280, 4.1.2.5).
    pub fn valid_at(&self, seconds: u64) -> bool {
        let validity = &self.parsed.tbs_certificate.validity;
        let (from, until) = (&validity.not_before, &validity.not_after);
        (from.to_unix_duration().as_secs()..=until.to_unix_duration().as_secs()).contains(&seconds)
    }

    pub fn signed_by(&self, issuer: &Certificate) -> Result<(), Doubt> {
        let signature = self.parsed.signature.as_bytes();
        algorithms::verify(
            issuer.key(),
            &self.parsed.signature_algorithm,
            None,
            &self.signed,
            signature.ok_or_else(|| Open("a signature is no whole number of bytes".into()))?,
        )
    }

    /// Whether it is one of a time-stamp authority: for time-stamping and nothing else, said in a
    /// critical extension (RFC 3161, 2.3).
    pub fn stamps_time(&self) -> Result<(), String> {
        let refused = |what: &str| Err(format!("the certificate of {} {what}", self.name()));
        match self.extension::<ExtendedKeyUsage>()? {
            Some((true, usage)) if usage.0 == [TIME_STAMPING] => {}
            Some((false, usage)) if usage.0 == [TIME_STAMPING] => {
                return refused("does not limit itself critically to time-stamping");
            }
            Some((_, usage)) if usage.0.contains(&TIME_STAMPING) => {
                return refused("is not for time-stamping alone");
            }
            _ => return refused("is not for time-stamping"),
        }
        // As openssl does: a key for something else as well is none of an authority.
        if let Some((_, usage)) = self.extension::<KeyUsage>()? {
            let signs = usage.digital_signature() || usage.non_repudiation();
            let more = usage.key_encipherment()
                || usage.data_encipherment()
                || usage.key_agreement()
                || usage.key_cert_sign()
                || usage.crl_sign();
            if !signs || more {
                return refused("has a key for other uses than signing");
            }
        }
        self.nothing_unknown()
    }

    /// Whether it may certify the holder of one below which there are `below` further authorities.
    pub fn certifies(&self, below: usize) -> Result<(), String> {
        let refused = |what: &str| Err(format!("the certificate of {} {what}", self.name()));
        match self.extension::<BasicConstraints>()? {
            Some((_, constraints)) if constraints.ca => {
                let most = constraints.path_len_constraint.map(usize::from);
                if most.is_some_and(|most| below > most) {
                    return refused("has more authorities below it than it allows");
                }
            }
            _ => return refused("is not that of an authority"),
        }
        if let Some((_, usage)) = self.extension::<KeyUsage>()?
            && !usage.key_cert_sign()
        {
            return refused("is not for signing certificates");
        }
        if let Some((_, usage)) = self.extension::<ExtendedKeyUsage>()?
            && !usage.0.contains(&TIME_STAMPING)
            && !usage.0.contains(&ANY_USAGE)
        {
            return refused("is not for authorities of time-stamps");
        }
        self.nothing_unknown()
    }

    /// A critical extension that is not understood makes a certificate useless (RFC 5280, 4.2).
    fn nothing_unknown(&self) -> Result<(), String> {
        let extensions = self.parsed.tbs_certificate.extensions.as_deref();
        let unknown = extensions
            .into_iter()
            .flatten()
            .find(|extension| extension.critical && !UNDERSTOOD.contains(&extension.extn_id));
        match unknown {
            Some(extension) => Err(format!(
                "the certificate of {} has the critical extension {}, which is not understood",
                self.name(),
                extension.extn_id
            )),
            None => Ok(()),
        }
    }

    /// An extension, and whether it is critical; one that stands there twice is an error.
    fn extension<T>(&self) -> Result<Option<(bool, T)>, String>
    where
        T: for<'a> Decode<'a> + x509_cert::der::oid::AssociatedOid,
    {
        self.parsed.tbs_certificate.get().map_err(|error| {
            format!(
                "an extension of the certificate of {} cannot be read: {error}",
                self.name()
            )
        })
    }
}

/// An error where the issuer's or the subject's name has too large a set; what else is wrong with a
/// certificate is found when it is read.
fn modest_names(der: &[u8]) -> Der<()> {
    let before_issuer = || -> Der<Items> {
        let mut signed = Items::of(der)?.sequence()?.sequence()?;
        signed.optional(context(0, true))?;
        signed.next(Tag::Integer)?;
        signed.next(Tag::Sequence)?;
        Ok(signed)
    };
    let Ok(mut signed) = before_issuer() else {
        return Ok(());
    };
    signed.modest_name()?;
    match signed.next(Tag::Sequence) {
        Ok(_validity) => signed.modest_name(),
        Err(_) => Ok(()),
    }
}
