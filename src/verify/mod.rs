//! Checks a bundle from its bytes alone.
//!
//! Nothing of the pipeline is used, only digests and the constants of the format
//! ([`crate::bundle::format`]); nothing is unpacked; no declared size is believed. Every check runs
//! as far as the bundle can be read, and every fault is reported, each with the file or structure
//! that it belongs to. A check that could not run says so and is never counted as passed.
//!
//! | check | what must hold |
//! |---|---|
//! | `container` | every byte of the zip is the one that names and contents determine |
//! | `names` | no name is unsafe, doubled, equal to another but for case, or outside the one folder |
//! | `bag` | `bagit.txt` declares BagIt 1.0, and no unknown file stands beside `data/` |
//! | `payload-manifest` | `manifest-sha256.txt` lists exactly the files under `data/`, unaltered |
//! | `tag-manifest` | `tagmanifest-sha256.txt` lists exactly the bag's own files, unaltered |
//! | `checksums` | `SHA256SUMS` lists every file, unaltered |
//! | `list` | `data/casefile.json` agrees with the payload in names, sizes and digests |
//! | `bag-info` | `bag-info.txt` agrees with the list and the payload |
//! | `withheld` | no file is byte for byte one that the list says is withheld |
//!
//! Each text file is also compared with the one form that the format allows it. What no check can
//! tell: whether the bundle is the one that its publisher issued. For that, compare
//! [`Verification::sha256`] with the digest that the publisher made known elsewhere.

mod container;
mod contents;
mod entries;
mod headers;
mod layout;
mod manifest;
mod names;
mod text;

use crate::bundle::format::{DECLARATION_FILE, INFO_FILE, LIST_FILE, List, Manifest};
use crate::digest::Sha256;
use contents::Contents;
use serde::Serialize;
use std::collections::BTreeMap;

/// The verdicts on one bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// The bundle's file name, or the name of its top folder.
    pub subject: String,
    /// Digest of the zip. For an unpacked bag, of the zip that its files determine; `None` when
    /// they determine none.
    pub sha256: Option<Sha256>,
    /// One for each check that passed or could not run, one for each fault of those that failed.
    pub checks: Vec<Check>,
}

/// A verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// The check, as in the table above.
    pub name: &'static str,
    /// The file or structure.
    pub subject: String,
    #[serde(flatten)]
    pub outcome: Outcome,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    Passed { detail: String },
    Failed { reason: String },
    NotChecked { reason: String },
}

impl Verification {
    /// Whether nothing failed. (An unpacked bag passes with its container not checked.)
    pub fn passed(&self) -> bool {
        !self
            .checks
            .iter()
            .any(|check| matches!(check.outcome, Outcome::Failed { .. }))
    }

    /// The checks that failed.
    pub fn failures(&self) -> impl Iterator<Item = &Check> {
        self.checks
            .iter()
            .filter(|check| matches!(check.outcome, Outcome::Failed { .. }))
    }
}

/// Something wrong, with the file or structure it belongs to.
struct Fault {
    subject: String,
    reason: String,
}

impl Fault {
    fn new(subject: impl Into<String>, reason: impl Into<String>) -> Self {
        let mut subject = subject.into();
        if subject.is_empty() {
            subject.push_str("entry without a name");
        }
        Fault {
            subject,
            reason: reason.into(),
        }
    }
}

/// Checks a bundle; `name` is what to call it.
pub fn zip(name: &str, bytes: &[u8]) -> Verification {
    let container = container::read(bytes);
    let top = names::top_folder(&container.names).map(str::to_owned);
    let prefix = top
        .as_ref()
        .map(|top| format!("{top}/"))
        .unwrap_or_default();
    let inside = |name: String| name.strip_prefix(&prefix).map(str::to_owned);
    let files = container
        .files
        .into_iter()
        .filter_map(|(name, bytes)| Some((inside(name)?, bytes)));
    let contents = Contents::new(
        files,
        container
            .unreadable
            .into_iter()
            .filter_map(inside)
            .collect(),
    );

    let detail = format!(
        "{} entries, each of {} bytes accounted for",
        container.names.len(),
        bytes.len()
    );
    let mut checks = verdicts("container", name, detail, container.faults);
    let faults = names::check(&container.names, top.as_deref());
    checks.extend(verdicts(
        "names",
        name,
        format!("{} safe names", container.names.len()),
        faults,
    ));
    checks.extend(check_contents(
        &contents,
        contents::read_list(&contents),
        top.as_deref(),
    ));
    Verification {
        subject: name.to_owned(),
        sha256: Some(Sha256::of(bytes)),
        checks,
    }
}

/// Checks the files of an unpacked bag, given by their path in its top folder.
pub fn folder(files: &BTreeMap<String, Vec<u8>>) -> Verification {
    let sorted = files
        .iter()
        .map(|(path, bytes)| (path.clone(), bytes.as_slice()));
    let contents = Contents::new(sorted, Default::default());
    let list = contents::read_list(&contents);
    let top = list.as_ref().ok().map(List::top_folder);
    let zip = top.as_ref().and_then(|top| {
        layout::rebuild(
            contents
                .files()
                .map(|(path, bytes)| (format!("{top}/{path}"), bytes)),
        )
    });
    let subject = top.unwrap_or_else(|| "unpacked bag".to_owned());

    let reason =
        "a folder has no container; the digest is that of the zip which its files determine";
    let mut checks = vec![not_checked("container", &subject, reason)];
    let paths: Vec<String> = files.keys().cloned().collect();
    checks.extend(verdicts(
        "names",
        &subject,
        format!("{} safe names", paths.len()),
        names::check(&paths, None),
    ));
    checks.extend(check_contents(&contents, list, None));
    Verification {
        subject,
        sha256: zip.map(|zip| Sha256::of(&zip)),
        checks,
    }
}

/// The checks of the files, whatever they came in.
fn check_contents(contents: &Contents, list: Result<List, Fault>, top: Option<&str>) -> Vec<Check> {
    if contents.is_empty() {
        let not_checked = |name| not_checked(name, "bag", "there is no readable file");
        let fault = Fault::new("bag", "no file could be read");
        let mut checks = verdicts("bag", "bag", String::new(), vec![fault]);
        checks.extend(
            [
                "payload-manifest",
                "tag-manifest",
                "checksums",
                "list",
                "bag-info",
                "withheld",
            ]
            .map(not_checked),
        );
        return checks;
    }
    let faults = contents::check_declaration(contents);
    let mut checks = verdicts(
        "bag",
        DECLARATION_FILE,
        "BagIt 1.0, no unknown file".into(),
        faults,
    );
    let manifests = [
        ("payload-manifest", Manifest::Payload),
        ("tag-manifest", Manifest::Tags),
        ("checksums", Manifest::Sums),
    ];
    for (name, manifest) in manifests {
        let covered = contents
            .paths()
            .filter(|path| manifest.covers(path))
            .count();
        let detail = format!("{covered} files unaltered, none missing, none extra");
        checks.extend(verdicts(
            name,
            manifest.file(),
            detail,
            manifest::check(manifest, contents),
        ));
    }
    match list {
        Ok(list) => {
            let detail = format!("{} files as listed", list.files.len());
            checks.extend(verdicts(
                "list",
                LIST_FILE,
                detail,
                contents::check_list(&list, contents, top),
            ));
            let faults = contents::check_info(&list, contents);
            checks.extend(verdicts(
                "bag-info",
                INFO_FILE,
                "agrees with list and payload".into(),
                faults,
            ));
            let detail = format!(
                "{} withheld, none of them in the bundle",
                list.withheld.len()
            );
            checks.extend(verdicts(
                "withheld",
                LIST_FILE,
                detail,
                contents::check_withheld(&list, contents),
            ));
        }
        Err(fault) => {
            checks.extend(verdicts("list", LIST_FILE, String::new(), vec![fault]));
            let reason = "there is no readable list to compare with";
            checks.push(not_checked("bag-info", INFO_FILE, reason));
            checks.push(not_checked("withheld", LIST_FILE, reason));
        }
    }
    checks
}

/// One passed check, or one failed check for each fault.
fn verdicts(name: &'static str, subject: &str, detail: String, faults: Vec<Fault>) -> Vec<Check> {
    if faults.is_empty() {
        return vec![Check {
            name,
            subject: subject.to_owned(),
            outcome: Outcome::Passed { detail },
        }];
    }
    let failed = |Fault { subject, reason }| Check {
        name,
        subject,
        outcome: Outcome::Failed { reason },
    };
    faults.into_iter().map(failed).collect()
}

fn not_checked(name: &'static str, subject: &str, reason: &str) -> Check {
    Check {
        name,
        subject: subject.to_owned(),
        outcome: Outcome::NotChecked {
            reason: reason.to_owned(),
        },
    }
}
