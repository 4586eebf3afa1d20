//! The files of a bag, each hashed once, and the checks of the files that describe the others.

use super::content::Content;
use super::fault::{Fault, Faults};
use crate::bundle::format::{self, INFO_FILE, LIST_FILE, List, PAYLOAD_FOLDER};
use crate::digest::Sha256;
use std::collections::{BTreeMap, BTreeSet};

/// Files by their path in the top folder.
#[derive(Default)]
pub(super) struct Contents {
    files: BTreeMap<String, Content>,
    unreadable: BTreeSet<String>,
}

impl Contents {
    pub fn new(files: BTreeMap<String, Content>, unreadable: BTreeSet<String>) -> Self {
        Contents { files, unreadable }
    }

    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    pub fn get(&self, path: &str) -> Option<&Content> {
        self.files.get(path)
    }

    /// All paths, those of unreadable files included.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files
            .keys()
            .chain(&self.unreadable)
            .map(String::as_str)
    }

    pub fn sha256(&self, path: &str) -> Option<Sha256> {
        Some(self.files.get(path)?.sha256)
    }

    /// The bytes of a file that the checks read.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path)?.text.as_deref()
    }

    pub fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.bytes(path)?).ok()
    }

    /// Why there is nothing to compare at this path.
    pub fn absence(&self, path: &str) -> Fault {
        let reason = match self.files.get(path) {
            None if self.unreadable.contains(path) => "cannot be read from the container",
            None => "is missing",
            Some(content) if content.text.is_none() => "is larger than any such file can be",
            Some(_) => "is not UTF-8",
        };
        Fault::new(path, reason)
    }

    /// Bytes and number of the files under `data/`.
    fn payload(&self) -> (u64, usize) {
        let payload = self
            .files
            .iter()
            .filter(|(path, _)| path.starts_with(PAYLOAD_FOLDER));
        payload.fold((0u64, 0), |(octets, files), (_, content)| {
            (octets.saturating_add(content.bytes), files + 1)
        })
    }
}

/// The first line in which a text differs from what the format demands.
pub(super) fn difference(file: &str, expected: &str, found: &str) -> Option<Fault> {
    if expected == found {
        return None;
    }
    let mut lines = expected
        .split_inclusive('\n')
        .zip(found.split_inclusive('\n'));
    let line = lines.position(|(expected, found)| expected != found);
    let same = expected
        .split_inclusive('\n')
        .count()
        .min(found.split_inclusive('\n').count());
    let line = line.unwrap_or(same) + 1;
    Some(Fault::new(
        format!("{file}:{line}"),
        "is not written as the format demands",
    ))
}

/// `bagit.txt`, and nothing but the bag's own files beside `data/`.
pub(super) fn check_declaration(contents: &Contents) -> Faults {
    let file = format::DECLARATION_FILE;
    let mut faults = Faults::from(super::names::unknown(contents.paths()));
    match contents.text(file) {
        None => faults.push(contents.absence(file)),
        Some(text) => faults.extend(difference(file, format::DECLARATION, text)),
    }
    faults
}

/// Reads the list, or says why it cannot be read.
pub(super) fn read_list(contents: &Contents) -> Result<List, Fault> {
    #[derive(serde::Deserialize)]
    struct Version {
        casefile: u32,
    }
    let text = contents
        .text(LIST_FILE)
        .ok_or_else(|| contents.absence(LIST_FILE))?;
    // The version first: another one may have other fields.
    match serde_json::from_str(text) {
        Ok(Version { casefile }) if casefile != format::VERSION => {
            let reason = format!(
                "has format version {casefile}; this verifier knows version {}",
                format::VERSION
            );
            Err(Fault::new(LIST_FILE, reason))
        }
        _ => serde_json::from_str(text)
            .map_err(|error| Fault::new(LIST_FILE, format!("cannot be read: {error}"))),
    }
}

/// The list against the payload, the name of the top folder, and its own canonical form.
pub(super) fn check_list(list: &List, contents: &Contents, top: Option<&str>) -> Faults {
    let mut faults = Faults::default();
    if let Some(top) = top.filter(|top| *top != list.top_folder()) {
        faults.push(Fault::new(
            top,
            format!("this folder should be called `{}`", list.top_folder()),
        ));
    }
    for (field, value) in [("id", &list.id), ("version", &list.version)] {
        if !is_name(value) {
            let reason = format!("has the {field} `{value}`, which cannot be part of a file name");
            faults.add(LIST_FILE, reason);
        }
    }
    if !is_date(&list.date) {
        faults.add(
            LIST_FILE,
            format!("has the date `{}`, which is none", list.date),
        );
    }
    let mut listed = BTreeSet::from([LIST_FILE.to_owned()]);
    for file in &list.files {
        let path = format!("{PAYLOAD_FOLDER}{}", file.path);
        match contents.files.get(&path) {
            None => faults.push(contents.absence(&path)),
            Some(found) if found.sha256 != file.sha256 => {
                let reason = format!(
                    "is altered: {LIST_FILE} expects {}, found {}",
                    file.sha256, found.sha256
                );
                faults.push(Fault::new(&path, reason));
            }
            Some(found) if found.bytes != file.bytes => {
                let reason = format!("has {} bytes; {LIST_FILE} says {}", found.bytes, file.bytes);
                faults.push(Fault::new(&path, reason));
            }
            Some(_) => {}
        }
        if !format::ROLES.contains(&file.role.as_str()) {
            faults.push(Fault::new(
                &path,
                format!("has a role that the format does not know, `{}`", file.role),
            ));
        }
        if !listed.insert(path.clone()) {
            faults.push(Fault::new(
                path,
                format!("is listed a second time in {LIST_FILE}"),
            ));
        }
    }
    for path in contents
        .paths()
        .filter(|path| path.starts_with(PAYLOAD_FOLDER))
    {
        if !listed.contains(path) {
            faults.push(Fault::new(
                path,
                format!("is extra: {LIST_FILE} does not list it"),
            ));
        }
    }
    if !list.files.is_sorted_by(|a, b| a.path < b.path) {
        faults.push(Fault::new(
            LIST_FILE,
            "does not list the files in byte order",
        ));
    }
    faults.extend(difference(
        LIST_FILE,
        &list.to_json(),
        contents.text(LIST_FILE).unwrap_or_default(),
    ));
    faults
}

/// What can be part of the name of the top folder (section 1).
fn is_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    !text.is_empty() && !text.starts_with('.') && !text.ends_with('.') && text.chars().all(plain)
}

/// YYYY-MM-DD; no calendar is asked.
fn is_date(text: &str) -> bool {
    let fits = |(index, byte): (usize, u8)| match index {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    text.len() == 10 && text.bytes().enumerate().all(fits)
}

/// The headers of `bag-info.txt` against the list and the size of the payload.
pub(super) fn check_info(list: &List, contents: &Contents) -> Faults {
    let Some(text) = contents.text(INFO_FILE) else {
        return contents.absence(INFO_FILE).into();
    };
    let (octets, files) = contents.payload();
    let expected = list.bag_info(octets, files);
    let found: Vec<(&str, &str)> = text
        .lines()
        .map(|line| line.split_once(": ").unwrap_or((line, "")))
        .collect();
    let mut faults = Faults::default();
    for (label, value) in &expected {
        let values: Vec<&str> = found
            .iter()
            .filter(|(name, _)| name == label)
            .map(|(_, value)| *value)
            .collect();
        let reason = match values[..] {
            [] => format!("has no {label}: expected `{value}`"),
            [one] if one != value => format!("{label}: expected `{value}`, found `{one}`"),
            [_] => continue,
            _ => format!("has {label} {} times", values.len()),
        };
        faults.push(Fault::new(INFO_FILE, reason));
    }
    for (label, _) in found
        .iter()
        .filter(|(name, _)| expected.iter().all(|(label, _)| label != name))
    {
        faults.push(Fault::new(
            INFO_FILE,
            format!("has a header that the format does not know, `{label}`"),
        ));
    }
    if faults.is_empty() {
        faults.extend(difference(INFO_FILE, &format::headers(&expected), text));
    }
    faults
}

/// No file of the bundle is a withheld one.
pub(super) fn check_withheld(list: &List, contents: &Contents) -> Faults {
    let withheld: BTreeMap<Sha256, &str> = list
        .withheld
        .iter()
        .map(|withheld| (withheld.sha256, withheld.exhibit.as_str()))
        .collect();
    let mut faults = Faults::default();
    for (path, file) in &contents.files {
        if let Some(exhibit) = withheld.get(&file.sha256) {
            faults.push(Fault::new(
                path,
                format!("is exhibit {exhibit}, which {LIST_FILE} says is withheld"),
            ));
        }
    }
    faults
}
