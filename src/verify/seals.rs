//! What was added to a bundle after it was sealed: signatures and timestamps. Sections 8 and 9 of the
//! format.

use super::contents::Contents;
use super::signature::{self, Signed};
use super::timestamp::{self, Stamped};
use super::{Check, Known, Outcome};
use crate::bundle::format::{Manifest, SIGNATURES_FOLDER, TIMESTAMPS_FOLDER};

/// A root says nothing of files that it does not stand for, so of none that another check finds wrong.
const STANDS_FOR: &str =
    "it stands for every file but signatures and timestamps, if no other check failed";
/// Nobody has so many to sign or to ask, and each costs time.
const MOST: usize = 100;

/// Each signature and each timestamp of the manifest of manifests.
pub(super) fn check(contents: &Contents, known: &Known) -> Vec<Check> {
    let signatures = Seals {
        name: "signature",
        folder: SIGNATURES_FOLDER,
        ending: ".sig",
        none: "the bundle is not signed",
        asked: known.signers.is_some(),
    };
    let timestamps = Seals {
        name: "timestamp",
        folder: TIMESTAMPS_FOLDER,
        ending: ".tsr",
        none: "the bundle has no timestamp",
        asked: known.authorities.is_some(),
    };
    let mut checks = signatures.check(contents, |path, message| {
        check_signature(contents, path, message, known)
    });
    checks.extend(timestamps.check(contents, |path, message| {
        check_timestamp(contents, path, message, known)
    }));
    checks
}

/// One kind of what was added.
struct Seals {
    name: &'static str,
    folder: &'static str,
    ending: &'static str,
    /// What is said where there is none.
    none: &'static str,
    /// Whether the verifier named whom it trusts, and so asks for one.
    asked: bool,
}

impl Seals {
    fn check(
        &self,
        contents: &Contents,
        judge: impl Fn(&str, &[u8]) -> Result<Outcome, String>,
    ) -> Vec<Check> {
        let paths: Vec<&str> = contents
            .paths()
            .filter(|path| path.starts_with(self.folder) && path.ends_with(self.ending))
            .collect();
        if paths.is_empty() {
            // One that was taken away must show to whoever asks for it.
            return vec![match self.asked {
                true => Check::failed(self.name, self.folder, self.none),
                false => Check::not_checked(self.name, self.folder, self.none),
            }];
        }
        let message = contents.bytes(Manifest::Tags.file());
        let check = |(index, path): (usize, &str)| {
            let outcome = match message {
                _ if index >= MOST => {
                    Err(format!("is one of more than {MOST}, and was not checked"))
                }
                None => Err("what it is about cannot be read".to_owned()),
                Some(message) => judge(path, message),
            };
            let outcome = outcome.unwrap_or_else(|reason| Outcome::Failed { reason });
            Check::new(self.name, path, outcome)
        };
        paths.into_iter().enumerate().map(check).collect()
    }
}

/// The bytes of a file that was added; none where there is no such file.
fn held<'a>(contents: &'a Contents, path: &str) -> Result<Option<&'a [u8]>, String> {
    match contents.bytes(path) {
        Some(bytes) => Ok(Some(bytes)),
        // Longer than what is kept for the checks, or not to be unpacked: not as if it were absent.
        None if contents.paths().any(|other| other == path) => {
            Err(format!("{path} is too large or cannot be read"))
        }
        None => Ok(None),
    }
}

fn check_signature(
    contents: &Contents,
    path: &str,
    message: &[u8],
    known: &Known,
) -> Result<Outcome, String> {
    let signature = held(contents, path)?.unwrap_or_default();
    Ok(
        match signature::check(signature, message, known.signers.as_ref()) {
            Signed::By { principal, key } => Outcome::Passed {
                detail: format!(
                    "the root is signed by a key listed for {principal} ({key}); {STANDS_FOR}"
                ),
            },
            Signed::Unknown { key } => Outcome::NotChecked {
                reason: format!(
                    "is a signature of the root by the key {key}; whose it is only allowed signers from elsewhere can say"
                ),
            },
            Signed::Untrusted { key, reason } => Outcome::Failed {
                reason: format!("is by the key {key}: {reason}"),
            },
            Signed::Not { reason } => Outcome::Failed { reason },
        },
    )
}

fn check_timestamp(
    contents: &Contents,
    path: &str,
    message: &[u8],
    known: &Known,
) -> Result<Outcome, String> {
    let stem = path.strip_suffix(".tsr").unwrap_or(path);
    let reply = held(contents, path)?.unwrap_or_default();
    let request = held(contents, &format!("{stem}.tsq"))?;
    let chain = held(contents, &format!("{stem}.pem"))?;
    let authorities = known.authorities.as_ref();
    Ok(
        match timestamp::check(reply, request, chain, message, authorities) {
            Stamped::Trusted { time, authority } => Outcome::Passed {
                detail: format!("the root existed at {time}, says {authority}; {STANDS_FOR}"),
            },
            // Whoever names authorities asks for a time that one of them vouches for.
            Stamped::ImprintOnly { reason, .. } if authorities.is_some() => {
                Outcome::Failed { reason }
            }
            Stamped::ImprintOnly { time, reason } => Outcome::NotChecked {
                reason: format!("states that the root existed at {time}; {reason}"),
            },
            Stamped::Not { reason } => Outcome::Failed { reason },
        },
    )
}
