//! Seals artifacts into one file that anybody can check: a deterministic zip that holds a BagIt bag.
//!
//! The format follows; a verifier can be written from it alone.
//!
#![doc = include_str!("FORMAT.md")]

mod columns;
mod container;
mod data_package;
pub mod format;
mod ro_crate;

use crate::artifacts::{Artifacts, Role};
use crate::digest::Sha256;
use crate::error::{Problem, Problems, Result};
use format::{Custody, List, Listed, Manifest, PAYLOAD_FOLDER};
pub use format::{Edition, Supersedes, Withheld};
use std::collections::{BTreeMap, BTreeSet};

/// What is written on the outside of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub id: String,
    pub version: String,
    pub title: String,
    pub publisher: Option<String>,
    /// The date of the case, `YYYY-MM-DD`.
    pub date: String,
    pub edition: Edition,
    /// Digest of the evidence that the case rests on.
    pub evidence: Sha256,
    pub supersedes: Option<Supersedes>,
    /// In the order of the exhibits.
    pub withheld: Vec<Withheld>,
    pub about: About,
}

/// What libraries and data portals want to know of a bundle, beside its contents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// What the report is about, in a sentence.
    pub description: String,
    pub authors: Vec<Creator>,
    /// An SPDX identifier, an address, or words.
    pub license: Option<String>,
    pub keywords: Vec<String>,
    /// BCP 47 tag of the language of the report.
    pub language: String,
    /// Permanent address of the report.
    pub url: Option<String>,
    pub doi: Option<String>,
}

/// A person or organisation who answers for the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creator {
    pub name: String,
    /// The sixteen digits with hyphens, or the address.
    pub orcid: Option<String>,
    pub affiliation: Option<String>,
}

impl Creator {
    /// The address of the ORCID record.
    fn address(&self) -> Option<String> {
        let orcid = self.orcid.as_deref()?;
        Some(format!("https://orcid.org/{}", orcid.rsplit('/').next()?))
    }
}

/// A licence as an address: of its SPDX record, or its own.
fn license_address(license: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
    if license.starts_with("https://") || license.starts_with("http://") {
        Some(license.to_owned())
    } else if !license.is_empty() && license.chars().all(plain) {
        Some(format!("https://spdx.org/licenses/{license}"))
    } else {
        None
    }
}

impl Label {
    /// Name of the zip file.
    pub fn file_name(&self) -> String {
        format!(
            "{}.zip",
            format::top_folder(&self.id, &self.version, self.edition)
        )
    }
}

/// A sealed bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// The file's name, `<id>-<version>.zip` or `<id>-<version>-full.zip`.
    pub name: String,
    pub bytes: Vec<u8>,
    /// Digest of `bytes`.
    pub sha256: Sha256,
    /// Digest of the manifest of manifests, which stands for every file: the one value to publish,
    /// to sign and to have timestamped. Signatures and other zip programs leave it as it is.
    pub root: Sha256,
    /// The files as unpacked, by their path relative to the top folder.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// Puts the artifacts under `data/`, adds the list and the bag's files, and zips them.
///
/// Fails, with every problem found, when a name or date is unfit for the format, when an artifact
/// takes the place of the list or holds withheld bytes, and when there are more than 65,534 files.
pub fn seal(label: &Label, artifacts: &Artifacts) -> Result<Bundle> {
    let top = format::top_folder(&label.id, &label.version, label.edition);
    let mut problems = Problems::default();
    check_label(label, &mut problems);
    // A bad name of the folder was reported; it should not be again with each file.
    let place = if problems.is_empty() {
        format!("{top}/{PAYLOAD_FOLDER}")
    } else {
        String::new()
    };
    let mut bag = Bag::default();
    let mut listed = Vec::new();
    let taken: BTreeSet<String> = artifacts
        .iter()
        .map(|(path, _)| path.to_lowercase())
        .collect();
    for (path, artifact) in artifacts.iter() {
        if let Some(folder) =
            format::folders(&path.to_lowercase()).find(|folder| taken.contains(*folder))
        {
            problems.push(
                Problem::new(
                    "file-and-folder",
                    path,
                    "this file stands in a folder whose name is that of another file",
                )
                .value(folder)
                .hint("rename one of the two"),
            );
        }
        let sha256 = bag.put(format!("{PAYLOAD_FOLDER}{path}"), artifact.bytes.clone());
        check_file(label, &place, path, sha256, &mut problems);
        listed.push(Listed {
            path: path.to_owned(),
            role: role_name(artifact.role),
            media_type: artifact.media_type.to_owned(),
            bytes: artifact.bytes.len() as u64,
            sha256,
        });
    }
    problems.finish(())?;
    let list = List {
        casefile: format::VERSION,
        software: concat!("casefile ", env!("CARGO_PKG_VERSION")).to_owned(),
        id: label.id.clone(),
        version: label.version.clone(),
        edition: label.edition,
        title: label.title.clone(),
        publisher: label.publisher.clone(),
        date: label.date.clone(),
        evidence: label.evidence,
        custody: bag.text(format::CUSTODY_FILE).and_then(Custody::of),
        supersedes: label.supersedes.clone(),
        files: listed,
        withheld: label.withheld.clone(),
    };
    bag.describe(label, list);

    let name = format!("{top}.zip");
    let bytes = container::write(&name, &top, &bag.files)?;
    let sha256 = Sha256::of(&bytes);
    Ok(Bundle {
        name,
        bytes,
        sha256,
        root: bag.digests[Manifest::Tags.file()],
        files: bag.files,
    })
}

/// The zip of a bundle's files, which are given by their path in its top folder, as after a signature
/// was added. Fails where they hold no readable list, and where there are more than 65,534 of them.
pub fn pack(subject: &str, files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>> {
    let list = files.get(format::LIST_FILE).map(Vec::as_slice);
    let list: List = serde_json::from_slice(list.unwrap_or_default()).map_err(|error| {
        Problem::new(
            "not-a-bundle",
            format::LIST_FILE,
            format!("cannot be read: {error}"),
        )
        .hint("name a bundle that `casefile build` wrote")
    })?;
    container::write(subject, &list.top_folder(), files)
}

/// The files of the bag and their digests, by their path relative to the top folder.
#[derive(Default)]
struct Bag {
    files: BTreeMap<String, Vec<u8>>,
    digests: BTreeMap<String, Sha256>,
}

impl Bag {
    fn put(&mut self, path: impl Into<String>, bytes: Vec<u8>) -> Sha256 {
        let path = path.into();
        let sha256 = Sha256::of(&bytes);
        self.digests.insert(path.clone(), sha256);
        self.files.insert(path, bytes);
        sha256
    }

    fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.files.get(path)?).ok()
    }

    /// Adds the three lists: the crate and the package of the same files, then the list that names
    /// these two as well.
    fn describe(&mut self, label: &Label, mut list: List) {
        let described = [
            (
                format::CRATE_FILE,
                ro_crate::text(label, &list),
                "application/ld+json",
            ),
            (
                format::PACKAGE_FILE,
                data_package::text(label, &list, &self.files),
                "application/json",
            ),
        ];
        for (path, text, media_type) in described {
            let bytes = text.len() as u64;
            let sha256 = self.put(path, text.into_bytes());
            list.files.push(Listed {
                path: path[PAYLOAD_FOLDER.len()..].to_owned(),
                role: role_name(Role::Record),
                media_type: media_type.to_owned(),
                bytes,
                sha256,
            });
        }
        list.files.sort_by(|a, b| a.path.cmp(&b.path));
        self.close(&list);
    }

    /// Adds what lists the payload, in the order in which one file lists the other.
    fn close(&mut self, list: &List) {
        self.put(format::LIST_FILE, list.to_json().into_bytes());
        let octets = self.files.values().map(|bytes| bytes.len() as u64).sum();
        let info = format::headers(&list.bag_info(octets, self.files.len()));
        self.put(format::INFO_FILE, info.into_bytes());
        self.put(format::DECLARATION_FILE, format::DECLARATION.into());
        for manifest in [Manifest::Payload, Manifest::Sums, Manifest::Tags] {
            let text = manifest.render(
                self.digests
                    .iter()
                    .map(|(path, sha256)| (path.as_str(), *sha256)),
            );
            self.put(manifest.file(), text.into_bytes());
        }
    }
}

fn check_label(label: &Label, problems: &mut Problems) {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    for (field, value) in [("id", &label.id), ("version", &label.version)] {
        if value.is_empty()
            || value.starts_with('.')
            || value.ends_with('.')
            || !value.chars().all(plain)
        {
            problems.push(
                Problem::new("bundle-name", field, "this cannot be part of a file name")
                    .value(value)
                    .hint("use letters, digits, `.`, `_`, `-` and `+`, with no `.` at the ends"),
            );
        }
    }
    let digit_or_dash = |(index, c): (usize, char)| {
        if index == 4 || index == 7 {
            c == '-'
        } else {
            c.is_ascii_digit()
        }
    };
    if label.date.len() != 10 || !label.date.chars().enumerate().all(digit_or_dash) {
        problems.push(
            Problem::new("bundle-date", "date", "this is not a date")
                .value(&label.date)
                .hint("write it as YYYY-MM-DD"),
        );
    }
}

fn check_file(label: &Label, place: &str, path: &str, sha256: Sha256, problems: &mut Problems) {
    if let Some(fault) = format::path_fault(&format!("{place}{path}")) {
        problems.push(
            Problem::new(
                "unsafe-path",
                path,
                format!("this path {fault} and cannot enter a bundle"),
            )
            .hint("rename the file"),
        );
    }
    let lower = format!("{PAYLOAD_FOLDER}{path}").to_lowercase();
    if lower.starts_with(PAYLOAD_FOLDER) && !format::is_described(&lower) {
        problems.push(
            Problem::new(
                "reserved-path",
                path,
                "this name is taken by a list of the bundle",
            )
            .hint("rename the file"),
        );
    }
    for withheld in label
        .withheld
        .iter()
        .filter(|withheld| withheld.sha256 == sha256)
    {
        problems.push(
            Problem::new(
                "withheld-file-included",
                path,
                format!(
                    "this file has the same bytes as exhibit {}, which is withheld",
                    withheld.exhibit
                ),
            )
            .hint("leave the file out, or do not withhold the exhibit"),
        );
    }
}

/// The role's name in the list.
fn role_name(role: Role) -> String {
    let json = serde_json::to_string(&role).expect("a role serialises as a string");
    json.trim_matches('"').to_owned()
}

#[cfg(test)]
#[path = "../../tests/unit/large.rs"]
mod large;
