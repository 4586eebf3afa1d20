//! The signature of a token: RFC 5652, 5.3 to 5.6, with the binding to one certificate.

use super::Doubt::{self, Open, Wrong};
use super::algorithms::{self, Digest};
use super::certificate::Certificate;
use super::der::{Items, context};
use super::response::{SignerId, TST_INFO, Token};
use sha1::Digest as _;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Encode, Result as Der, Tag};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::AlgorithmIdentifierOwned;

/// RFC 5652, 11.1 and 11.2.
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
/// RFC 2634, 5.4, and RFC 5035, 3.
const SIGNING_CERTIFICATE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

/// The certificate that the signer names.
pub(super) fn signer<'a>(token: &Token, pool: &'a [Certificate]) -> Result<&'a Certificate, Doubt> {
    let found = match token.signer.id {
        SignerId::SubjectKey(key) => pool
            .iter()
            .find(|certificate| certificate.subject_key().as_deref() == Some(key)),
        SignerId::Issuer(content) => {
            let parts = || -> Der<(Name, SerialNumber)> {
                let mut items = Items::of(content)?;
                let parts = (items.name()?, items.decode()?);
                items.end()?;
                Ok(parts)
            };
            let (issuer, serial) =
                parts().map_err(|error| Wrong(format!("its signer cannot be read: {error}")))?;
            pool.iter()
                .find(|certificate| certificate.is(&issuer, &serial))
        }
    };
    found.ok_or_else(|| Open("the certificate of its signer is not at hand".into()))
}

/// Whether the holder of the certificate signed the token.
pub(super) fn check(token: &Token, certificate: &Certificate) -> Result<(), Doubt> {
    let signer = &token.signer;
    let unreadable = |error| Wrong(format!("the signed attributes cannot be read: {error}"));
    let attributes = attributes(signer.attributes).map_err(unreadable)?;
    // Each of these attributes stands there once, with one value (RFC 5652, 11.1, 11.2).
    let value = |kind: ObjectIdentifier| -> Result<Option<&[u8]>, Doubt> {
        let mut found = attributes.iter().filter(|(oid, _)| *oid == kind);
        match (found.next(), found.next()) {
            (None, _) => Ok(None),
            (Some((_, values)), None) if values.len() == 1 => Ok(values.first().copied()),
            _ => Err(Wrong(format!(
                "the signed attribute {kind} does not stand there once"
            ))),
        }
    };
    let kind = value(CONTENT_TYPE)?.and_then(|der| {
        let mut items = Items::of(der).ok()?;
        items.decode::<ObjectIdentifier>().ok()
    });
    if kind != Some(TST_INFO) {
        return Err(Wrong("what is signed is no time-stamp".into()));
    }
    let digest = Digest::named(&signer.digest)?;
    let stated = value(MESSAGE_DIGEST)?.and_then(octets);
    if stated != Some(digest.of(token.content).as_slice()) {
        return Err(Wrong(
            "the time-stamp was altered: its digest is not the one that was signed".into(),
        ));
    }
    let v2 = value(SIGNING_CERTIFICATE_V2)?;
    let v1 = value(SIGNING_CERTIFICATE)?;
    if v1.is_none() && v2.is_none() {
        return Err(Wrong(
            "it does not say which certificate it was signed with".into(),
        ));
    }
    for (der, second) in [(v1, false), (v2, true)] {
        if let Some(der) = der {
            bound(der, second, certificate)?;
        }
    }
    // RFC 5652, 5.4: with the tag of a SET instead of the one that it was sent with.
    let signed = x509_cert::der::asn1::AnyRef::new(Tag::Set, signer.attributes)
        .and_then(|set| set.to_der())
        .map_err(unreadable)?;
    algorithms::verify(
        certificate.key(),
        &signer.algorithm,
        Some(digest),
        &signed,
        signer.signature,
    )
    .map_err(|doubt| match doubt {
        Wrong(reason) => Wrong(format!(
            "it was not signed by {}: {reason}",
            certificate.name()
        )),
        open @ Open(_) => open,
    })
}

type Attributes<'a> = Vec<(ObjectIdentifier, Vec<&'a [u8]>)>;

fn attributes(content: &[u8]) -> Der<Attributes<'_>> {
    let mut items = Items::of(content)?;
    let mut attributes = Vec::new();
    while !items.is_finished() {
        let mut attribute = items.sequence()?;
        let kind = attribute.decode()?;
        let mut set = Items::of(attribute.next(Tag::Set)?)?;
        attribute.end()?;
        let mut values = Vec::new();
        while !set.is_finished() {
            values.push(set.raw()?);
        }
        attributes.push((kind, values));
    }
    Ok(attributes)
}

fn octets(der: &[u8]) -> Option<&[u8]> {
    let mut items = Items::of(der).ok()?;
    items.next(Tag::OctetString).ok()
}

/// ESSCertID (RFC 2634, 5.4.1) or ESSCertIDv2 (RFC 5035, 4).
struct Named<'a> {
    algorithm: Option<AlgorithmIdentifierOwned>,
    hash: &'a [u8],
    issuer_serial: Option<&'a [u8]>,
}

/// The first of the list is the signer's.
fn named(der: &[u8], second: bool) -> Der<Named<'_>> {
    let mut list = Items::of_sequence(der)?.sequence()?;
    let mut first = list.sequence()?;
    let algorithm = if second && first.is_next(Tag::Sequence) {
        Some(first.decode()?)
    } else {
        None
    };
    let named = Named {
        algorithm,
        hash: first.next(Tag::OctetString)?,
        issuer_serial: first.optional(Tag::Sequence)?,
    };
    first.end()?;
    Ok(named)
}

/// Whether the certificate is the one that the signed attributes name: else the certificate could be
/// exchanged for another one of the same key.
fn bound(der: &[u8], second: bool, certificate: &Certificate) -> Result<(), Doubt> {
    let named = named(der, second).map_err(|error| {
        Wrong(format!(
            "the certificate that it names cannot be read: {error}"
        ))
    })?;
    let expected = match (second, named.algorithm) {
        // RFC 2634, 5.4.1: SHA-1. It only binds; whoever could find a second certificate with the
        // same digest would still have to get it issued by the authority.
        (false, _) => sha1::Sha1::digest(certificate.der()).to_vec(),
        // RFC 5035, 4: SHA-256 when none is named.
        (true, None) => Digest::Sha256.of(certificate.der()),
        (true, Some(algorithm)) => Digest::named(&algorithm)?.of(certificate.der()),
    };
    let other = || Wrong("it names another certificate than the one it was signed with".into());
    if named.hash != expected {
        return Err(other());
    }
    match named.issuer_serial.map(|content| issued(content).ok()) {
        None => Ok(()),
        Some(Some((issuer, serial))) if certificate.is(&issuer, &serial) => Ok(()),
        Some(_) => Err(other()),
    }
}

/// IssuerSerial (RFC 2634, 5.4.1): the issuer is one directoryName.
fn issued(content: &[u8]) -> Der<(Name, SerialNumber)> {
    let mut items = Items::of(content)?;
    let mut names = items.sequence()?;
    let mut directory = Items::of(names.next(context(4, true))?)?;
    names.end()?;
    let issuer = directory.name()?;
    directory.end()?;
    let serial = items.decode()?;
    items.end()?;
    Ok((issuer, serial))
}
