//! Asks for a time-stamp, and adds the reply to a bundle.

use super::attach::{Files, message, next};
use crate::bundle::format::TIMESTAMPS_FOLDER;
use crate::digest::Sha256;
use crate::error::{Problem, Result};
use crate::verify::timestamp::{self, Stamped};

/// A TimeStampReq (RFC 3161, 2.4.1) up to the digest: version 1, the imprint's algorithm SHA-256
/// with NULL as its parameters, which some authorities insist on, and the head of 32 bytes.
const BEFORE: &[u8] = &[
    0x30, 0x39, // SEQUENCE of 57 bytes
    0x02, 0x01, 0x01, // version
    0x30, 0x31, // messageImprint
    0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
    0x20,
];
/// certReq: the authority shall send its certificate along, so that the reply can be checked alone.
const AFTER: &[u8] = &[0x01, 0x01, 0xff];

/// The request for a time-stamp of `message`, in DER: `message` itself is not in it.
///
/// There is no nonce. A nonce tells a fresh reply from one that was recorded (RFC 3161, 2.4.1), and
/// would take random numbers; here an older reply for the same bytes is as good or better, since it
/// shows that they existed even earlier. To other bytes no reply can be turned: their digest is in it.
pub fn request(message: &[u8]) -> Vec<u8> {
    let digest = Sha256::of(message).to_bytes();
    [BEFORE, &digest, AFTER].concat()
}

/// Adds the reply of a time-stamp authority to the files of a bundle as the next
/// `timestamps/<n>.tsr`, with the request that it answers and the certificates that lead to the
/// authority's root (PEM), where they were kept; gives its path and what it states.
///
/// Whether to believe the authority is for each verifier to say, so none is asked for here. The
/// certificates are written anew, so that nothing else enters the bundle with them.
///
/// # Errors
///
/// * `not-a-bundle`: the files hold no manifest of manifests.
/// * `timestamp-invalid`: this is no time-stamp of this bundle.
/// * `stamped-already`: it is in the bundle.
pub fn attach_timestamp(
    files: &mut Files,
    response: &[u8],
    request: Option<&[u8]>,
    chain: Option<&[u8]>,
) -> Result<(String, Stamped)> {
    let message = message(files)?;
    let invalid = |reason: &str| {
        Problem::new(
            "timestamp-invalid",
            "timestamp",
            format!("this is no time-stamp of this bundle: {reason}"),
        )
        .hint("make a request with `casefile timestamp request` and send it to the authority")
    };
    let chain = chain
        .map(timestamp::certificates_alone)
        .transpose()
        .map_err(|reason| invalid(&reason))?;
    let beside = chain.as_deref().map(str::as_bytes);
    let stamped = timestamp::check(response, request, beside, message, None);
    if let Stamped::Not { reason } = &stamped {
        return Err(invalid(reason).into());
    }
    let earlier = files
        .range(TIMESTAMPS_FOLDER.to_owned()..)
        .take_while(|(path, _)| path.starts_with(TIMESTAMPS_FOLDER))
        .find(|(_, bytes)| *bytes == response);
    if let Some((path, _)) = earlier {
        return Err(Problem::new(
            "stamped-already",
            path,
            "this time-stamp is in the bundle already",
        )
        .hint("ask another authority, or leave it as it is")
        .into());
    }
    let path = next(files, TIMESTAMPS_FOLDER, ".tsr");
    let stem = path.trim_end_matches(".tsr");
    if let Some(request) = request {
        files.insert(format!("{stem}.tsq"), request.to_vec());
    }
    if let Some(chain) = chain {
        files.insert(format!("{stem}.pem"), chain.into_bytes());
    }
    files.insert(path.clone(), response.to_vec());
    Ok((path, stamped))
}
