//! What ties the report to its evidence: the digests that it prints, and the chain of custody.
//! Sections 6 and 7 of the format.

use super::contents::Contents;
use super::fault::Fault;
use crate::bundle::format::{CUSTODY_FILE, Custody, DIGESTS_FILE, LIST_FILE, List, PAYLOAD_FOLDER};
use crate::digest::Sha256;
use std::collections::BTreeMap;

/// The evidence under the digests that stand on every page of the report.
pub(super) fn check_evidence(list: &List, contents: &Contents) -> Vec<Fault> {
    let Some(text) = contents.text(DIGESTS_FILE) else {
        return vec![contents.absence(DIGESTS_FILE)];
    };
    let mut faults = Vec::new();
    let found = Sha256::of(text.as_bytes());
    if found != list.evidence {
        let reason = format!(
            "is altered: {LIST_FILE} says that the report rests on {}, found {found}",
            list.evidence
        );
        faults.push(Fault::new(DIGESTS_FILE, reason));
    }
    let mut stated: BTreeMap<&str, Vec<Sha256>> = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let parts = line.split_once("  ");
        match parts.and_then(|(digest, name)| Some((Sha256::parse(digest)?, name))) {
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
            Some(file) => file.split('_').next().unwrap_or_default(),
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

/// The chain of custody, each line tied to the one before, and its two ends to the list.
pub(super) fn check_custody(list: &List, contents: &Contents) -> Vec<Fault> {
    let present = contents.paths().any(|path| path == CUSTODY_FILE);
    let pinned = match (&list.custody, present) {
        (None, false) => return Vec::new(),
        (None, true) => {
            let reason = format!("is not pinned: {LIST_FILE} states no custody");
            return vec![Fault::new(CUSTODY_FILE, reason)];
        }
        (Some(pinned), _) => pinned,
    };
    let Some(text) = contents.text(CUSTODY_FILE) else {
        return vec![contents.absence(CUSTODY_FILE)];
    };
    #[derive(serde::Deserialize)]
    struct Link {
        number: u64,
        previous: String,
    }
    let mut faults = Vec::new();
    let mut previous = "0".repeat(64);
    for (index, line) in text.lines().enumerate() {
        let place = format!("{CUSTODY_FILE}:{}", index + 1);
        match serde_json::from_str::<Link>(line) {
            Ok(link) if link.number != index as u64 + 1 || link.previous != previous => {
                let reason = format!(
                    "breaks the chain: expected number {} and previous {previous}",
                    index + 1
                );
                faults.push(Fault::new(place, reason));
            }
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
