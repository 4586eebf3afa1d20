//! What ties the report to its evidence: the digests that it prints, and the chain of custody.
//! Sections 6 and 7 of the format.

use super::contents::Contents;
use super::described::plain_digest;
use super::fault::{Fault, Faults};
use super::lenient;
use crate::bundle::format::{CUSTODY_FILE, Custody, DIGESTS_FILE, LIST_FILE, List, PAYLOAD_FOLDER};
use crate::digest::Sha256;
use std::collections::BTreeMap;

/// The evidence under the digests that stand on every page of the report.
pub(super) fn check_evidence(list: &List, contents: &Contents) -> Faults {
    let Some(text) = contents.text(DIGESTS_FILE) else {
        return contents.absence(DIGESTS_FILE).into();
    };
    let mut faults = Faults::default();
    let found = Sha256::of(text.as_bytes());
    if found != list.evidence {
        let reason = format!(
            "is altered: {LIST_FILE} says that the report rests on {}, found {found}",
            list.evidence
        );
        faults.push(Fault::new(DIGESTS_FILE, reason));
    }
    let mut stated: BTreeMap<&str, Vec<Sha256>> = BTreeMap::new();
    for (index, line) in text.split_terminator('\n').enumerate() {
        if faults.is_full() {
            break;
        }
        let parts = line.split_once("  ");
        match parts.and_then(|(digest, name)| Some((plain_digest(digest)?, name))) {
            Some((digest, name)) => {
                let name = name.strip_suffix(" without access tokens").unwrap_or(name);
                stated.entry(name).or_default().push(digest);
            }
            None => faults.push(Fault::new(
                format!("{DIGESTS_FILE}:{}", index + 1),
                "is not a digest, two spaces and a name",
            )),
        }
    }
    let evidence = format!("{PAYLOAD_FOLDER}evidence/");
    for path in contents.paths() {
        let name = match path.strip_prefix(&evidence) {
            Some(file) => match exhibit(file) {
                Some(exhibit) => exhibit,
                None => {
                    faults.add(path, "is not called by an exhibit, `EX-001_...`");
                    continue;
                }
            },
            None if path == "data/statistics.json" => "statistics.json",
            None => continue,
        };
        let expected = stated.get(name).map_or(&[][..], Vec::as_slice);
        if let Some(found) = contents.sha256(path)
            && !expected.contains(&found)
        {
            let reason =
                format!("has no digest that {DIGESTS_FILE} states for {name}: found {found}");
            faults.push(Fault::new(path, reason));
        }
    }
    faults
}

/// The exhibit that a file of evidence is called by: `EX-`, a number and a line below.
fn exhibit(file: &str) -> Option<&str> {
    let (exhibit, _) = file.split_once('_')?;
    let number = exhibit.strip_prefix("EX-")?;
    let digits = number.len() >= 3 && number.bytes().all(|byte| byte.is_ascii_digit());
    digits.then_some(exhibit)
}

/// The chain of custody, each line tied to the one before, and its two ends to the list.
pub(super) fn check_custody(list: &List, contents: &Contents) -> Faults {
    let present = contents.paths().any(|path| path == CUSTODY_FILE);
    let pinned = match (&list.custody, present) {
        (None, false) => return Faults::default(),
        (None, true) => {
            let reason = format!("is not pinned: {LIST_FILE} states no custody");
            return Fault::new(CUSTODY_FILE, reason).into();
        }
        (Some(pinned), _) => pinned,
    };
    let Some(text) = contents.text(CUSTODY_FILE) else {
        return contents.absence(CUSTODY_FILE).into();
    };
    #[derive(serde::Deserialize)]
    struct Link {
        number: u64,
        previous: String,
    }
    let mut faults = Faults::default();
    let mut previous = "0".repeat(64);
    if !text.ends_with('\n') {
        faults.add(CUSTODY_FILE, "does not end in a line feed");
    }
    // A line is what stands before LF, whatever else it holds.
    for (index, line) in text.split_terminator('\n').enumerate() {
        if faults.is_full() {
            break;
        }
        let place = format!("{CUSTODY_FILE}:{}", index + 1);
        match lenient::read::<Link>(line) {
            Ok(link) if link.number != index as u64 + 1 || link.previous != previous => {
                let reason = format!(
                    "breaks the chain: expected number {} and previous {previous}",
                    index + 1
                );
                faults.push(Fault::new(place, reason));
            }
            // The line's digest, on which the next one builds, would not be that of its text.
            Ok(_) if line.ends_with('\r') => faults.add(place, "ends in CR LF"),
            Ok(_) => {}
            Err(error) => faults.push(Fault::new(place, format!("is no entry: {error}"))),
        }
        previous = Sha256::of(line.as_bytes()).to_string();
    }
    let found = Custody::of(text);
    if found.as_ref() != Some(pinned) {
        let (entries, head) = found.map_or((0, "none".to_owned()), |found| {
            (found.entries, found.head.to_string())
        });
        let reason = format!(
            "was cut or extended: {LIST_FILE} pins {} entries up to {}, found {entries} up to {head}",
            pinned.entries, pinned.head
        );
        faults.push(Fault::new(CUSTODY_FILE, reason));
    }
    faults
}
