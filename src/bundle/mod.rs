//! Seals artifacts into one file that anybody can check: a deterministic zip that holds a BagIt bag.
//!
//! This page is the format, version 1; a verifier can be written from it alone. All text is UTF-8
//! without a byte order mark, all lines end in LF, "byte order" compares UTF-8 bytes, all digests
//! are SHA-256 in 64 lower-case hexadecimal digits. Every byte of a bundle is determined by the
//! list (`casefile.json`) and the payload, so a verifier rebuilds and compares.
//!
//! # Files
//! Everything stands in one folder, `<id>-<version>` or, for the full edition, `<id>-<version>-full`;
//! the zip's name is that of the folder and `.zip`. In it, and nothing else:
//!
//! | file | content |
//! |---|---|
//! | `bagit.txt` | [`format::DECLARATION`] (BagIt 1.0, RFC 8493) |
//! | `bag-info.txt` | the headers below, `Label: value` |
//! | `manifest-sha256.txt` | digests of all files under `data/` |
//! | `SHA256SUMS` | digests of all files but itself and `tagmanifest-sha256.txt`, for `sha256sum -c` |
//! | `tagmanifest-sha256.txt` | digests of the four files above |
//! | `data/` | the payload, with its list `data/casefile.json` |
//!
//! A line of a manifest is the digest, two spaces and the path relative to the top folder, in byte
//! order of the path. The two BagIt manifests write `%` as `%25` (RFC 8493, 2.1.3); `SHA256SUMS`
//! writes paths as they are.
//!
//! A path has at most 255 bytes, folder included, uses `/`, and holds no empty, `.` or `..` segment,
//! no backslash, colon, control character, line or paragraph separator or bidirectional control; no
//! segment starts or ends in white space or ends in a dot. No two paths are the same in
//! lower case, and none is a folder of another.
//!
//! # The list
//! `data/casefile.json` is [`format::List`] as JSON: fields in this order, two spaces of indent,
//! `": "` after a key, an empty array as `[]`, only `"`, `\` and U+0000 to U+001F escaped (`\b \t
//! \n \f \r`, else `\u00xx` in lower case), a final newline. A field that is absent is left out.
//!
//! `casefile` (1), `software`, `id`, `version`, `edition` (`public` or `full`), `title`, `publisher`
//! (optional), `date` (YYYY-MM-DD), `evidence` (digest), `files` (every file under `data/` but the
//! list, in byte order: `path` relative to `data/`, `role` of [`format::ROLES`], `media_type`,
//! `bytes`, `sha256`), `withheld` (evidence kept out of this edition: `exhibit`, `file` (optional),
//! `bytes`, `sha256`, `reason`). No file in the bundle has the digest of a withheld one.
//!
//! # Headers of `bag-info.txt`, in this order
//! `Source-Organization` (the publisher, if there is one), `External-Identifier` (name of the top
//! folder), `External-Description` (title), `Bagging-Date` (`date`), `Bag-Software-Agent`
//! (`software`), `Payload-Oxum` (bytes and number of files under `data/`, `<bytes>.<files>`),
//! `Casefile-Edition`, `Casefile-Evidence-Digest` (`sha256:` and `evidence`). In a value each run of
//! Unicode white space and control characters is written as one space, none at the ends; values are
//! not folded.
//!
//! # The container
//! Local headers with their data, one after the other from byte 0, in byte order of the names; then
//! the central directory in the same order; then its end record, which ends the file. No byte
//! belongs to anything else. Numbers are little-endian; only the fields marked *…* vary. A name is
//! the top folder, `/` and the path.
//!
//! * Local header: `50 4B 03 04`; version needed 10; flags 0, or 0x0800 (UTF-8) exactly when the
//!   name is not ASCII; method 0 (stored); time 0; date 0x0021 (1 January 1980); *CRC-32*; *size*
//!   (twice); *length of the name*; extra length 0; *name*; *data*.
//! * Central header: `50 4B 01 02`; made by 0x030A (Unix, 1.0); version needed, flags, method, time,
//!   date, CRC-32, sizes, length of the name as in the local header; extra length 0; comment length
//!   0; disk 0; internal attributes 0; external attributes 0x81A40000 (regular file, mode 0644);
//!   *offset of the local header*; *name*.
//! * End: `50 4B 05 06`; disks 0, 0; *number of entries* (twice); *length of the central directory*;
//!   *its offset*; comment length 0.
//!
//! There is no zip64: at most 65,534 entries and 4 GiB - 2 bytes.
//!
//! # What a seal says and does not say
//! A bundle that verifies is whole and consistent. That it is the one its publisher issued follows
//! only from comparing its digest, which therefore has to be published elsewhere. BagIt's Python
//! tool (1.9.0) does not read the `%25` that the RFC demands, and reports such a file as missing.

mod container;
pub mod format;

use crate::artifacts::{Artifacts, Role};
use crate::digest::Sha256;
use crate::error::{Problem, Problems, Result};
pub use format::{Edition, Withheld};
use format::{List, Listed, Manifest, PAYLOAD_FOLDER};
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
    /// In the order of the exhibits.
    pub withheld: Vec<Withheld>,
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
    /// Digest of `bytes`: the one value to publish and to sign.
    pub sha256: Sha256,
    /// The files as unpacked, by their path relative to the top folder.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// Puts the artifacts under `data/`, adds the list and the bag's files, and zips them.
///
/// Fails, with every problem found, when a name or date is unfit for the format, when an artifact
/// takes the place of the list or holds withheld bytes, and when the bundle would need zip64.
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
    bag.close(&List {
        casefile: format::VERSION,
        software: concat!("casefile ", env!("CARGO_PKG_VERSION")).to_owned(),
        id: label.id.clone(),
        version: label.version.clone(),
        edition: label.edition,
        title: label.title.clone(),
        publisher: label.publisher.clone(),
        date: label.date.clone(),
        evidence: label.evidence,
        files: listed,
        withheld: label.withheld.clone(),
    });

    let name = format!("{top}.zip");
    let bytes = container::write(&name, &top, &bag.files)?;
    let sha256 = Sha256::of(&bytes);
    Ok(Bundle {
        name,
        bytes,
        sha256,
        files: bag.files,
    })
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

    /// Adds what describes the payload, in the order in which one file lists the other.
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
    if format!("{PAYLOAD_FOLDER}{path}").to_lowercase() == format::LIST_FILE {
        problems.push(
            Problem::new(
                "reserved-path",
                path,
                "this name is taken by the list of the bundle",
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
