//! What ties the report to its evidence: the digests that it prints, and the chain of custody.
//! Sections 6 and 7 of the format.

use super::contents::Contents;
use super::described::plain_digest;
use super::fault::{Fault, Faults};
use super::lenient;
use crate::bundle::format::{CUSTODY_FILE, Custody, DIGESTS_FILE, LIST_FILE, List, PAYLOAD_FOLDER};
use crate::digest::Sha256;
use std::collections::{BTreeMap, BTreeSet};

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
    let stated = read_digests(text, &mut faults);
    let mut held: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let evidence = format!("{PAYLOAD_FOLDER}evidence/");
    for path in contents.paths() {
        let name = match path.strip_prefix(&evidence) {
            Some(file) => match exhibit(file) {
                Some(exhibit) => {
                    held.entry(exhibit).or_default().push(path);
                    exhibit
                }
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
    check_exhibits(list, &stated, &held, &mut faults);
    faults
}

/// What `digests.txt` states, by exhibit or other name: a copy of an exhibit without access tokens
/// has a digest beside that of what was received.
fn read_digests<'t>(text: &'t str, faults: &mut Faults) -> BTreeMap<&'t str, Vec<Sha256>> {
    let mut stated: BTreeMap<&str, Vec<Sha256>> = BTreeMap::new();
    let mut names = BTreeSet::new();
    for (index, line) in text.split_terminator('\n').enumerate() {
        if faults.is_full() {
            break;
        }
        let parts = line.split_once("  ");
        let parts = parts.and_then(|(digest, name)| Some((plain_digest(digest)?, name)));
        let reason = match parts {
            Some((digest, name)) if names.insert(name) => {
                let name = name.strip_suffix(" without access tokens").unwrap_or(name);
                stated.entry(name).or_default().push(digest);
                continue;
            }
            Some((_, name)) => format!("states {name} a second time"),
            None => "is not a digest, two spaces and a name".into(),
        };
        faults.add(format!("{DIGESTS_FILE}:{}", index + 1), reason);
    }
    stated
}

/// The exhibits that `digests.txt` states against the files of evidence and what the list says is
/// withheld: none may be gone without a word, and none may stand there in two files.
fn check_exhibits(
    list: &List,
    stated: &BTreeMap<&str, Vec<Sha256>>,
    held: &BTreeMap<&str, Vec<&str>>,
    faults: &mut Faults,
) {
    for (exhibit, paths) in held.iter().filter(|(_, paths)| paths.len() > 1) {
        for path in paths {
            let reason = format!(
                "is one of {} files that are called by {exhibit}",
                paths.len()
            );
            faults.add(*path, reason);
        }
    }
    let withheld = list.withheld.iter().map(|one| one.exhibit.as_str());
    let withheld: BTreeSet<&str> = withheld.collect();
    for exhibit in stated.keys().filter(|name| is_exhibit(name)) {
        if !held.contains_key(exhibit) && !withheld.contains(exhibit) {
            let reason = format!(
                "states {exhibit}, of which the bundle holds no file, and {LIST_FILE} does not say that it is withheld"
            );
            faults.add(DIGESTS_FILE, reason);
        }
    }
    for one in &list.withheld {
        let digests = stated.get(one.exhibit.as_str());
        if !digests.map_or(&[][..], Vec::as_slice).contains(&one.sha256) {
            let reason = format!(
                "does not state the digest of {}, which {LIST_FILE} says is withheld: {}",
                one.exhibit, one.sha256
            );
            faults.add(DIGESTS_FILE, reason);
        }
    }
}

/// The exhibit that a file of evidence is called by: `EX-`, a number and a line below.
fn exhibit(file: &str) -> Option<&str> {
    let (exhibit, _) = file.split_once('_')?;
    is_exhibit(exhibit).then_some(exhibit)
}

/// Whether this is `EX-` and a number of at least three digits.
fn is_exhibit(name: &str) -> bool {
    let digits =
        |number: &str| number.len() >= 3 && number.bytes().all(|byte| byte.is_ascii_digit());
    name.strip_prefix("EX-").is_some_and(digits)
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
