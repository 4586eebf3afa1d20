//! The descriptions of the payload for others, RO-Crate and Data Package, held to the list and the
//! files: sections 3 and 4 of the format.

use super::contents::Contents;
use super::fault::Fault;
use crate::bundle::format::{self, CRATE_FILE, List, Listed, PACKAGE_FILE, PAYLOAD_FOLDER};
use crate::digest::Sha256;
use serde_json::Value;
use std::collections::BTreeMap;

/// What a description says of one file.
struct Said<'d> {
    /// As it should be called in a fault.
    path: String,
    bytes: Option<u64>,
    sha256: Option<Sha256>,
    media_type: Option<&'d str>,
}

/// The RO-Crate against the list and the files.
pub(super) fn check_crate(list: &List, contents: &Contents) -> Vec<Fault> {
    let text = match parse(CRATE_FILE, contents) {
        Ok(value) => value,
        Err(fault) => return vec![fault],
    };
    let mut faults = Vec::new();
    let graph = text["@graph"].as_array().map_or(&[][..], Vec::as_slice);
    let is_file = |entity: &Value| match &entity["@type"] {
        Value::Array(types) => types.iter().any(|one| one == "File"),
        one => one == "File",
    };
    let by_id: BTreeMap<String, &Listed> = described(list)
        .map(|file| (format::crate_id(&file.path), file))
        .collect();
    let path = |id: &str| {
        by_id
            .get(id)
            .map_or_else(|| format!("{id} (as written)"), |file| file.path.clone())
    };
    let said = graph
        .iter()
        .filter(|entity| is_file(entity))
        .map(|entity| Said {
            path: path(entity["@id"].as_str().unwrap_or_default()),
            bytes: entity["contentSize"].as_str().and_then(plain_number),
            sha256: entity["sha256"].as_str().and_then(plain_digest),
            media_type: entity["encodingFormat"].as_str(),
        });
    compare(CRATE_FILE, list, contents, said.collect(), &mut faults);

    let roots: Vec<&Value> = graph
        .iter()
        .filter(|entity| entity["@id"] == "./")
        .collect();
    let [root] = roots[..] else {
        let reason = format!("has {} root entities `./`; there must be one", roots.len());
        faults.push(Fault::new(CRATE_FILE, reason));
        return faults;
    };
    let expected = [
        ("name", &list.title),
        ("version", &list.version),
        ("datePublished", &list.date),
        ("identifier", &list.top_folder()),
    ];
    states(CRATE_FILE, root, &expected, &mut faults);
    let mut parts: Vec<String> = root["hasPart"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|part| path(part["@id"].as_str().unwrap_or_default()))
        .collect();
    parts.sort();
    for file in described(list) {
        if parts.binary_search(&file.path).is_err() {
            let reason = format!("is missing from the parts of the root in {CRATE_FILE}");
            faults.push(Fault::new(format!("{PAYLOAD_FOLDER}{}", file.path), reason));
        }
    }
    for pair in parts.windows(2) {
        if let [one, other] = pair
            && one == other
        {
            let reason = format!("is twice among the parts of the root in {CRATE_FILE}");
            faults.push(Fault::new(format!("{PAYLOAD_FOLDER}{one}"), reason));
        }
    }
    for part in parts {
        if !described(list).any(|file| file.path == part) {
            let reason = format!("is a part of the root in {CRATE_FILE}, and not listed");
            faults.push(Fault::new(format!("{PAYLOAD_FOLDER}{part}"), reason));
        }
    }
    faults
}

/// The Data Package against the list and the files.
pub(super) fn check_package(list: &List, contents: &Contents) -> Vec<Fault> {
    let text = match parse(PACKAGE_FILE, contents) {
        Ok(value) => value,
        Err(fault) => return vec![fault],
    };
    let mut faults = Vec::new();
    let resources = text["resources"].as_array().map_or(&[][..], Vec::as_slice);
    let said = resources.iter().map(|resource| Said {
        path: resource["path"].as_str().unwrap_or_default().to_owned(),
        bytes: resource["bytes"].as_u64(),
        // Another algorithm is one that can be forged, or one that nobody here checks.
        sha256: resource["hash"]
            .as_str()
            .and_then(|hash| plain_digest(hash.strip_prefix("sha256:")?)),
        media_type: resource["mediatype"].as_str(),
    });
    compare(PACKAGE_FILE, list, contents, said.collect(), &mut faults);
    let expected = [
        ("title", &list.title),
        ("version", &list.version),
        ("created", &format!("{}T00:00:00Z", list.date)),
        ("id", &list.top_folder()),
    ];
    states(PACKAGE_FILE, &text, &expected, &mut faults);
    faults
}

fn parse(file: &str, contents: &Contents) -> Result<Value, Fault> {
    let text = contents.text(file).ok_or_else(|| contents.absence(file))?;
    serde_json::from_str(text).map_err(|error| Fault::new(file, format!("cannot be read: {error}")))
}

/// The files of the list that a description must hold.
fn described(list: &List) -> impl Iterator<Item = &Listed> {
    list.files
        .iter()
        .filter(|file| format::is_described(&format!("{PAYLOAD_FOLDER}{}", file.path)))
}

fn plain_number(text: &str) -> Option<u64> {
    text.parse()
        .ok()
        .filter(|number: &u64| number.to_string() == text)
}

fn plain_digest(text: &str) -> Option<Sha256> {
    Sha256::parse(text).filter(|digest| digest.to_string() == text)
}

/// Both directions: each file as the bytes are and as the list says, and no other file.
fn compare(
    source: &str,
    list: &List,
    contents: &Contents,
    said: Vec<Said>,
    faults: &mut Vec<Fault>,
) {
    let mut by_path: BTreeMap<&str, Vec<&Said>> = BTreeMap::new();
    for one in &said {
        by_path.entry(&one.path).or_default().push(one);
    }
    let mut fault = |path: &str, reason: String| {
        faults.push(Fault::new(format!("{PAYLOAD_FOLDER}{path}"), reason));
    };
    for file in described(list) {
        let Some(said) = by_path.remove(file.path.as_str()) else {
            fault(&file.path, format!("is missing from {source}"));
            continue;
        };
        let [said] = said[..] else {
            fault(
                &file.path,
                format!("is described {} times in {source}", said.len()),
            );
            continue;
        };
        let found = contents.get(&format!("{PAYLOAD_FOLDER}{}", file.path));
        let (bytes, sha256) = found.map_or((file.bytes, file.sha256), |found| {
            (found.bytes, found.sha256)
        });
        if said.sha256 != Some(sha256) {
            let expected = said
                .sha256
                .map_or("no SHA-256 digest".into(), |digest| digest.to_string());
            fault(
                &file.path,
                format!("is altered: {source} expects {expected}, found {sha256}"),
            );
        }
        if said.bytes != Some(bytes) {
            let expected = said
                .bytes
                .map_or("no size".into(), |bytes| bytes.to_string());
            fault(
                &file.path,
                format!("has {bytes} bytes; {source} says {expected}"),
            );
        }
        if said.media_type != Some(&file.media_type) {
            fault(
                &file.path,
                format!("is {} in the list, and not so in {source}", file.media_type),
            );
        }
    }
    for path in by_path.into_keys() {
        fault(path, format!("is described in {source}, and not listed"));
    }
}

fn states(file: &str, value: &Value, expected: &[(&str, &String)], faults: &mut Vec<Fault>) {
    for (name, expected) in expected {
        if value[*name].as_str() != Some(expected) {
            let found = value[*name].as_str().unwrap_or("nothing");
            let reason = format!("{name}: expected `{expected}`, found `{found}`");
            faults.push(Fault::new(file, reason));
        }
    }
}
