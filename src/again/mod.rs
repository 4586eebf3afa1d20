//! A bundle checked by running it again: the case is read from the bundle, counted once more, and
//! each number compared with the one that was published; or the whole report is built once more.
//!
//! This is the one part of verifying that trusts this program. Nothing that depends on evidence which
//! the edition withholds is called equal or different: it is not checkable, and the reason is given.

mod compare;
mod held;

use crate::bundle::{Edition, format};
use crate::error::Error;
use crate::verify::Check;
use held::Held;
use std::collections::BTreeMap;
use std::io::Read as _;

/// Files of a bundle by their path in its top folder.
pub type Files = BTreeMap<String, Vec<u8>>;

const RECOMPUTE: &str = "recompute";
const REBUILD: &str = "rebuild";

/// The files of a zip that was verified. `None` where it cannot be unpacked.
pub fn unpack(zip: &[u8]) -> Option<Files> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip)).ok()?;
    let mut files = Files::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).ok()?;
        let name = entry.name().ok()?.into_owned();
        let (_, path) = name.split_once('/')?;
        let path = path.to_owned();
        if name.ends_with('/') {
            continue;
        }
        let mut bytes = Vec::new();
        // The size was checked against the list when the bundle was verified.
        let size = entry.size();
        entry.by_ref().take(size).read_to_end(&mut bytes).ok()?;
        files.insert(path, bytes);
    }
    Some(files)
}

/// Why neither was tried: the bundle itself is at fault.
pub fn not_tried(name: &'static str) -> Check {
    Check::not_checked(
        name,
        "bundle",
        "the bundle is not whole, so nothing of it was run again",
    )
}

/// Computes every estimate whose evidence is in the bundle again and compares it; names the others.
pub fn recompute(files: &Files) -> Vec<Check> {
    match Held::read(files) {
        Ok(held) => compare::estimates(&held),
        Err(reason) => vec![Check::failed(RECOMPUTE, "data", reason)],
    }
}

/// Builds the edition again and compares every byte: of all files that were sealed, and of `zip`
/// where there is one.
pub fn rebuild(files: &Files, zip: Option<&[u8]>) -> Vec<Check> {
    let held = match Held::read(files) {
        Ok(held) => held,
        Err(reason) => return vec![Check::failed(REBUILD, "data", reason)],
    };
    if let Some(reason) = held.cannot_be_built() {
        return vec![Check::not_checked(REBUILD, "bundle", reason)];
    }
    let built = match crate::build(&held.case, Edition::Full) {
        Ok(built) => built,
        Err(error) => return vec![Check::failed(REBUILD, "bundle", first(&error))],
    };
    let mut checks = compare_files(files, &built.bundle.files);
    // Signatures and timestamps came after the build.
    let attached = files.keys().any(|path| format::is_attached(path));
    match zip.filter(|_| !attached) {
        Some(zip) if zip == built.bundle.bytes => {
            checks.push(Check::passed(
                REBUILD,
                &built.bundle.name,
                "the whole bundle, of the same bytes",
            ));
        }
        Some(_) => checks.push(Check::failed(
            REBUILD,
            &built.bundle.name,
            "the bundle built again has other bytes",
        )),
        None => {}
    }
    checks
}

/// Compares in both directions, lists and tag files included: a file that was slipped in, and a list
/// that agrees with it, are not of the case. Signatures and timestamps came after the build, and no
/// list speaks of them.
fn compare_files(held: &Files, built: &Files) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut equal = 0;
    for (path, bytes) in built {
        match held.get(path) {
            Some(own) if own == bytes => equal += 1,
            Some(_) => checks.push(Check::failed(
                REBUILD,
                path,
                "building it again gives other bytes",
            )),
            None => checks.push(Check::failed(
                REBUILD,
                path,
                "building again gives this file, which the bundle lacks",
            )),
        }
    }
    let sealed = held.keys().filter(|path| !format::is_attached(path));
    let added = sealed.filter(|path| !built.contains_key(path.as_str()));
    checks.extend(added.map(|path| {
        Check::failed(
            REBUILD,
            path,
            "the bundle holds this file, which building again does not give",
        )
    }));
    if checks.is_empty() {
        checks.push(Check::passed(
            REBUILD,
            "bundle",
            format!("{equal} files built again, each of the same bytes"),
        ));
    }
    checks
}

/// The first problem of several, and how many there are.
fn first(error: &Error) -> String {
    let first = error.problems.first();
    let told = first.map_or_else(String::new, |problem| {
        format!("{}: {}", problem.subject, problem.message)
    });
    match error.problems.len() {
        0 | 1 => format!("the case in the bundle does not build: {told}"),
        count => format!(
            "the case in the bundle does not build: {told} (and {} more)",
            count - 1
        ),
    }
}
