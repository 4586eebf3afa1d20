//! What a reply and a request say: RFC 3161, 2.4.1 and 2.4.2, around a CMS (RFC 5652, 5.1).

use super::LARGEST;
use super::der::{Items, context};
use crate::digest::Sha256;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{DateTime, Result as Der, Tag};
use x509_cert::spki::AlgorithmIdentifierOwned;

/// RFC 5652, 5.1.
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
/// RFC 3161, 2.4.2: id-ct-TSTInfo.
pub(super) const TST_INFO: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

/// A granted reply taken apart. Whether any of it is true is not yet known.
pub(super) struct Token<'a> {
    pub info: Info<'a>,
    /// The DER of `info`, which is what is signed.
    pub content: &'a [u8],
    /// DER of the certificates that came along.
    pub certificates: Vec<&'a [u8]>,
    pub signer: SignerInfo<'a>,
}

/// TSTInfo: what the authority states.
pub(super) struct Info<'a> {
    pub policy: ObjectIdentifier,
    pub imprint: Imprint<'a>,
    pub time: Time,
    pub nonce: Option<&'a [u8]>,
    pub critical_extension: bool,
}

pub(super) struct Request<'a> {
    pub imprint: Imprint<'a>,
    pub policy: Option<ObjectIdentifier>,
    pub nonce: Option<&'a [u8]>,
}

pub(super) struct Imprint<'a> {
    algorithm: AlgorithmIdentifierOwned,
    hash: &'a [u8],
}

/// genTime.
pub(super) struct Time {
    /// ISO 8601.
    pub text: String,
    /// Whole seconds since 1970.
    pub seconds: u64,
}

/// SignerInfo (RFC 5652, 5.3).
pub(super) struct SignerInfo<'a> {
    pub id: SignerId<'a>,
    pub digest: AlgorithmIdentifierOwned,
    /// Content of the SET: what is signed is the SET itself, not the `[0]` it is sent as (5.4).
    pub attributes: &'a [u8],
    pub algorithm: AlgorithmIdentifierOwned,
    pub signature: &'a [u8],
}

pub(super) enum SignerId<'a> {
    /// Content of issuerAndSerialNumber.
    Issuer(&'a [u8]),
    SubjectKey(&'a [u8]),
}

impl Imprint<'_> {
    pub fn sha256(&self) -> Result<Sha256, String> {
        let hash: [u8; 32] = self.hash.try_into().unwrap_or_default();
        if self.algorithm.oid != SHA_256 || self.hash.len() != 32 {
            return Err(format!(
                "the digest is one of the algorithm {} and not SHA-256",
                self.algorithm.oid
            ));
        }
        Ok(Sha256::from_bytes(hash))
    }
}

/// Reads a reply (TimeStampResp). Nothing may follow it.
pub(super) fn read(response: &[u8]) -> Result<Token<'_>, String> {
    if response.len() > LARGEST {
        return Err(format!("no reply is larger than {LARGEST} bytes"));
    }
    let unreadable = |error| format!("this is no time-stamp response: {error}");
    let content_info = granted(response)?;
    let signed_data = signed_data(content_info).map_err(unreadable)?;
    let signed_data = signed_data.ok_or("the reply holds no signed data of CMS")?;
    token(signed_data).map_err(unreadable)?
}

/// The items of the ContentInfo, if the authority granted the request.
fn granted(response: &[u8]) -> Result<Items<'_>, String> {
    let parts = || -> Der<(u8, String, Option<Items>)> {
        let mut reply = Items::of_sequence(response)?;
        let mut info = reply.sequence()?;
        let status = info.decode()?;
        let text = info.optional(Tag::Sequence)?.unwrap_or_default();
        info.optional(Tag::BitString)?;
        info.end()?;
        let token = if reply.is_finished() {
            None
        } else {
            Some(reply.sequence()?)
        };
        reply.end()?;
        let mut said = String::new();
        let mut texts = Items::of(text)?;
        while !texts.is_finished() {
            said += &String::from_utf8_lossy(texts.next(Tag::Utf8String)?);
        }
        Ok((status, said, token))
    };
    let (status, said, token) =
        parts().map_err(|error| format!("this is no time-stamp response: {error}"))?;
    // 0 granted, 1 grantedWithMods, 2 rejection, 3 waiting, 4 and 5 warnings of a revocation.
    if status > 1 {
        return Err(format!(
            "the authority did not grant the request: status {status} {said}"
        ));
    }
    token.ok_or_else(|| "the request was granted and the reply holds no time-stamp".to_owned())
}

fn signed_data(mut content_info: Items<'_>) -> Der<Option<Items<'_>>> {
    let kind: ObjectIdentifier = content_info.decode()?;
    let content = content_info.next(context(0, true))?;
    content_info.end()?;
    if kind != SIGNED_DATA {
        return Ok(None);
    }
    Items::of_sequence(content).map(Some)
}

fn token(mut data: Items<'_>) -> Der<Result<Token<'_>, String>> {
    let version: u8 = data.decode()?;
    // RFC 5652, 5.1: 3 for content that is no plain data, 4 and 5 with further kinds of certificates.
    if !matches!(version, 3..=5) {
        return Ok(Err(format!(
            "its signed data have the version {version}, not 3"
        )));
    }
    data.next(Tag::Set)?;
    let mut encapsulated = data.sequence()?;
    let kind: ObjectIdentifier = encapsulated.decode()?;
    if kind != TST_INFO {
        return Ok(Err(format!(
            "the content is of the type {kind}, no time-stamp"
        )));
    }
    let content = Items::of(encapsulated.next(context(0, true))?).and_then(|mut explicit| {
        explicit
            .next(Tag::OctetString)
            .and_then(|content| explicit.end().map(|()| content))
    })?;
    encapsulated.end()?;
    let mut certificates = Vec::new();
    let mut set = Items::of(data.optional(context(0, true))?.unwrap_or_default())?;
    while !set.is_finished() {
        certificates.push(set.raw()?);
    }
    // Revocation lists: not read.
    data.optional(context(1, true))?;
    let mut signers = Items::of(data.next(Tag::Set)?)?;
    data.end()?;
    if signers.is_finished() {
        return Ok(Err("nobody signed it".into()));
    }
    let signer = signer(signers.sequence()?)?;
    if !signers.is_finished() {
        // RFC 3161, 2.4.2: no signature but that of the authority.
        return Ok(Err("it has more than one signature".into()));
    }
    let signer = match signer {
        Ok(signer) => signer,
        Err(reason) => return Ok(Err(reason)),
    };
    Ok(info(content)?.map(|info| Token {
        info,
        content,
        certificates,
        signer,
    }))
}

fn signer(mut items: Items<'_>) -> Der<Result<SignerInfo<'_>, String>> {
    let version: u8 = items.decode()?;
    let id = match items.optional(context(0, false))? {
        Some(key) => SignerId::SubjectKey(key),
        None => SignerId::Issuer(items.next(Tag::Sequence)?),
    };
    // RFC 5652, 5.3: it follows from how the signer is named.
    let expected = match id {
        SignerId::SubjectKey(_) => 3,
        SignerId::Issuer(_) => 1,
    };
    if version != expected {
        return Ok(Err(format!(
            "its signature has the version {version}, not {expected}"
        )));
    }
    let digest = items.decode()?;
    let attributes = items.optional(context(0, true))?;
    let algorithm = items.decode()?;
    let signature = items.next(Tag::OctetString)?;
    // Unsigned attributes prove nothing and are not read.
    items.optional(context(1, true))?;
    items.end()?;
    // RFC 5652, 5.3: they must be there for content that is no plain data.
    let Some(attributes) = attributes else {
        return Ok(Err("it has no signed attributes".into()));
    };
    Ok(Ok(SignerInfo {
        id,
        digest,
        attributes,
        algorithm,
        signature,
    }))
}

fn info(content: &[u8]) -> Der<Result<Info<'_>, String>> {
    let mut items = Items::of_sequence(content)?;
    let version: u8 = items.decode()?;
    if version != 1 {
        return Ok(Err(format!("its version is {version}, not 1")));
    }
    let policy = items.decode()?;
    let imprint = imprint(items.sequence()?)?;
    items.next(Tag::Integer)?;
    let written = items.next(Tag::GeneralizedTime)?;
    let Some(mut time) = time(written) else {
        return Ok(Err(format!(
            "its time cannot be read: `{}`",
            String::from_utf8_lossy(written)
        )));
    };
    if let Some(content) = items.optional(Tag::Sequence)? {
        let Some(accuracy) = accuracy(content) else {
            return Ok(Err("its accuracy cannot be read".into()));
        };
        time.text.push_str(&format!(" (± {accuracy} s)"));
    }
    items.optional(Tag::Boolean)?;
    let nonce = items.optional(Tag::Integer)?;
    items.optional(context(0, true))?;
    let critical_extension = match items.optional(context(1, true))? {
        Some(extensions) => is_critical(extensions)?,
        None => false,
    };
    items.end()?;
    Ok(Ok(Info {
        policy,
        imprint,
        time,
        nonce,
        critical_extension,
    }))
}

/// How far the true time may be from the one stated, in seconds (RFC 3161, 2.4.2: what is absent is 0).
fn accuracy(content: &[u8]) -> Option<String> {
    let mut items = Items::of(content).ok()?;
    let seconds = items.optional(Tag::Integer).ok()?;
    let millis = items.optional(context(0, false)).ok()?;
    let micros = items.optional(context(1, false)).ok()?;
    items.end().ok()?;
    let seconds = seconds.map_or(Some(0), positive)?;
    let [millis, micros] = [millis, micros].map(|part| match part.map(positive) {
        None => Some(0),
        Some(part) => part.filter(|part| (1..=999).contains(part)),
    });
    let text = format!("{seconds}.{:03}{:03}", millis?, micros?);
    Some(text.trim_end_matches('0').trim_end_matches('.').to_owned())
}

/// The number that the content of an INTEGER is, from 0 to 2^31 - 1 and in its shortest form.
fn positive(content: &[u8]) -> Option<u32> {
    let shortest = match content {
        [first] => *first < 0x80,
        [0, second, ..] => *second >= 0x80,
        [first, ..] => *first < 0x80,
        [] => false,
    };
    if !shortest || content.len() > 4 {
        return None;
    }
    Some(
        content
            .iter()
            .fold(0, |sum, byte| sum << 8 | u32::from(*byte)),
    )
}

/// Whether one of the extensions is critical.
fn is_critical(extensions: &[u8]) -> Der<bool> {
    let mut items = Items::of(extensions)?;
    let mut critical = false;
    while !items.is_finished() {
        let mut extension = items.sequence()?;
        let _kind: ObjectIdentifier = extension.decode()?;
        critical |= extension.optional(Tag::Boolean)?.is_some();
        extension.next(Tag::OctetString)?;
        extension.end()?;
    }
    Ok(critical)
}

fn imprint(mut items: Items<'_>) -> Der<Imprint<'_>> {
    let imprint = Imprint {
        algorithm: items.decode()?,
        hash: items.next(Tag::OctetString)?,
    };
    items.end()?;
    Ok(imprint)
}

/// `YYYYMMDDhhmmss[.s...]Z`; a fraction does not end in 0 (RFC 3161, 2.4.2).
fn time(written: &[u8]) -> Option<Time> {
    let text = std::str::from_utf8(written).ok()?.strip_suffix('Z')?;
    let (digits, fraction) = match text.split_once('.') {
        Some((_, "")) => return None,
        Some((digits, fraction)) => (digits, Some(fraction)),
        None => (text, None),
    };
    let digital = |text: &str| text.bytes().all(|c| c.is_ascii_digit());
    let fair =
        fraction.is_none_or(|part| digital(part) && !part.ends_with('0') && part.len() <= 18);
    if digits.len() != 14 || !digital(digits) || !fair {
        return None;
    }
    let two = |at: usize| digits.get(at..at + 2)?.parse::<u8>().ok();
    let year = digits.get(..4)?.parse().ok()?;
    let time = DateTime::new(year, two(4)?, two(6)?, two(8)?, two(10)?, two(12)?).ok()?;
    let whole = time.to_string();
    let text = match fraction {
        Some(fraction) => format!("{}.{fraction}Z", whole.trim_end_matches('Z')),
        None => whole,
    };
    Some(Time {
        text,
        seconds: time.unix_duration().as_secs(),
    })
}

/// Reads a request (TimeStampReq).
pub(super) fn read_request(request: &[u8]) -> Result<Request<'_>, String> {
    let parts = || -> Der<(u8, Request)> {
        let mut items = Items::of_sequence(request)?;
        let version = items.decode()?;
        let imprint = imprint(items.sequence()?)?;
        let policy = if items.is_next(Tag::ObjectIdentifier) {
            Some(items.decode()?)
        } else {
            None
        };
        let nonce = items.optional(Tag::Integer)?;
        items.optional(Tag::Boolean)?;
        items.optional(context(0, true))?;
        items.end()?;
        Ok((
            version,
            Request {
                imprint,
                policy,
                nonce,
            },
        ))
    };
    match parts() {
        Ok((1, request)) => Ok(request),
        Ok((version, _)) => Err(format!("the request's version is {version}, not 1")),
        Err(error) => Err(format!("the request is no time-stamp request: {error}")),
    }
}
