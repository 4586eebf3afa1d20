//! Reads the three lists of digests by the format's grammar and holds each to the files.

use super::contents::{Contents, difference};
use super::fault::{Fault, Faults};
use crate::bundle::format::Manifest;
use crate::digest::Sha256;
use std::collections::BTreeMap;

/// Every file that is altered, missing or extra by this manifest, and every way in which the
/// manifest itself is not as the format demands.
pub(super) fn check(manifest: Manifest, contents: &Contents) -> Faults {
    let file = manifest.file();
    let Some(text) = contents.text(file) else {
        return contents.absence(file).into();
    };
    let mut faults = Faults::default();
    let mut listed: BTreeMap<String, Sha256> = BTreeMap::new();
    for (index, line) in text.split_terminator('\n').enumerate() {
        if faults.is_full() {
            break;
        }
        let place = || format!("{file}:{}", index + 1);
        match parse(line, manifest.escapes_percent()) {
            None => faults.add(place(), "is not a digest, two spaces and a path"),
            Some((path, _)) if !manifest.covers(&path) => {
                faults.add(
                    place(),
                    format!("lists `{path}`, which this manifest does not cover"),
                );
            }
            Some((path, sha256)) => {
                if listed.insert(path.clone(), sha256).is_some() {
                    faults.add(place(), format!("lists `{path}` a second time"));
                }
            }
        }
    }
    for (path, expected) in &listed {
        match contents.sha256(path) {
            None => faults.push(contents.absence(path)),
            Some(found) if found != *expected => {
                faults.push(Fault::new(
                    path,
                    format!("is altered: {file} expects {expected}, found {found}"),
                ));
            }
            Some(_) => {}
        }
    }
    for path in contents.paths().filter(|path| manifest.covers(path)) {
        if !listed.contains_key(path) {
            faults.push(Fault::new(
                path,
                format!("is extra: {file} does not list it"),
            ));
        }
    }
    if faults.is_empty() {
        let expected =
            manifest.render(listed.iter().map(|(path, sha256)| (path.as_str(), *sha256)));
        faults.extend(difference(file, &expected, text));
    }
    faults
}

fn parse(line: &str, percent: bool) -> Option<(String, Sha256)> {
    let (digest, path) = line.split_once("  ")?;
    let digest = Sha256::parse(digest).filter(|_| digest.len() == 64)?;
    let path = if percent {
        unescape(path)?
    } else {
        path.to_owned()
    };
    Some((path, digest))
}

/// RFC 8493, 2.1.3: `%25`, `%0A` and `%0D` are the only escapes.
fn unescape(path: &str) -> Option<String> {
    let mut parts = path.split('%');
    let mut out = parts.next()?.to_owned();
    for part in parts {
        let (code, rest) = part.split_at_checked(2)?;
        out.push(match code {
            "25" => '%',
            "0A" | "0a" => '\n',
            "0D" | "0d" => '\r',
            _ => return None,
        });
        out.push_str(rest);
    }
    Some(out)
}
