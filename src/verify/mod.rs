//! Checks a bundle from its bytes alone.
//!
//! Nothing of the pipeline is used, only digests and the constants of the format
//! ([`crate::bundle::format`]); nothing is unpacked to a disk; no declared size is believed; a
//! bundle goes by once, in pieces, however large it is. Every check runs as far as the bundle can be
//! read, and every fault is reported, each with the file or structure that it belongs to. A check
//! that could not run says so and is never counted as passed.
//!
//! The checks are those of section 11 of the format ([`crate::bundle`]). Each text file is also
//! compared with the one form that the format allows it. What no check can tell: whether the bundle
//! is the one that its publisher issued. For that, compare [`Verification::root`] with the digest
//! that the publisher made known elsewhere.

mod container;
mod content;
mod contents;
mod described;
mod directory;
mod entries;
mod extra;
mod fault;
mod headers;
mod inflate;
mod judge;
mod layout;
mod lenient;
mod manifest;
mod names;
mod page;
mod pass;
mod record;
mod seals;
pub mod signature;
mod source;
mod text;
pub mod timestamp;
mod verdict;

pub use page::page;
pub use verdict::{Check, Outcome, Verdict, Verification};

use crate::bundle::format::{
    CRATE_FILE, CUSTODY_FILE, DECLARATION_FILE, DIGESTS_FILE, INFO_FILE, LIST_FILE, List, Manifest,
    PACKAGE_FILE,
};
use container::Container;
use contents::Contents;
use fault::{Fault, Faults};
use signature::Signers;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use timestamp::Authorities;

/// What the verifier knows from elsewhere than the bundle.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Whose signatures are trusted.
    pub signers: Option<Signers>,
    /// Who is trusted to state the time.
    pub authorities: Option<Authorities>,
}

/// Checks a bundle in memory; `name` is what to call it.
pub fn zip(name: &str, bytes: &[u8]) -> Verification {
    match stream(name, &mut io::Cursor::new(bytes), &Known::default()) {
        Ok(verification) => verification,
        // Bytes in memory can always be read.
        Err(error) => {
            let fault = Fault::new(name, format!("could not be read: {error}"));
            let checks = Faults::from(fault).into_checks("container", name, String::new());
            Verification::new(name, None, None, checks)
        }
    }
}

/// Checks a bundle from its file, which is read once and held nowhere as a whole.
pub fn file(name: &str, path: &Path, known: &Known) -> io::Result<Verification> {
    // A pipe would be waited for, and cannot be read twice.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("this is no regular file"));
    }
    stream(name, &mut std::fs::File::open(path)?, known)
}

fn stream(name: &str, input: &mut dyn source::Input, known: &Known) -> io::Result<Verification> {
    let mut source = source::Source::new(input)?;
    let length = source.length();
    let Container {
        sha256,
        names,
        files,
        unreadable,
        found,
    } = container::read(&mut source)?;
    let top = names::top_folder(&names).map(str::to_owned);
    let prefix = top.as_ref().map_or(String::new(), |top| format!("{top}/"));
    let inside = |name: String| name.strip_prefix(&prefix).map(str::to_owned);
    let contents = Contents::new(
        files
            .into_iter()
            .filter_map(|(name, content)| Some((inside(name)?, content)))
            .collect(),
        unreadable.into_iter().filter_map(inside).collect(),
    );
    let mut checks = if found.faults.is_empty() && !found.differences.is_empty() {
        let reasons = found.differences.into_reasons();
        vec![Check::new("container", name, Outcome::Rebuilt { reasons })]
    } else {
        let detail = format!(
            "{} entries, each of {length} bytes accounted for",
            names.len()
        );
        let mut faults = found.faults;
        if !faults.is_empty() {
            // Beside what damages the container, what only differs is a fault as well.
            for reason in found.differences.into_reasons() {
                faults.add(name, reason);
            }
        }
        faults.into_checks("container", name, detail)
    };
    let mut faults = Faults::from(names::check(&names, top.as_deref()));
    if top.is_none() && !names.is_empty() {
        faults.add(name, "has no folder that holds everything");
    }
    checks.extend(faults.into_checks("names", name, format!("{} safe names", names.len())));
    checks.extend(check_contents(
        &contents,
        contents::read_list(&contents),
        top.as_deref(),
    ));
    checks.extend(seals::check(&contents, known));
    let root = contents.sha256(Manifest::Tags.file());
    Ok(Verification::new(name, Some(sha256), root, checks))
}

/// Checks the files of an unpacked bag, given by their path in its top folder.
pub fn folder(files: &BTreeMap<String, Vec<u8>>) -> Verification {
    let mut keeping = content::Keeping::default();
    let taken = files.iter().map(|(path, bytes)| {
        let size = bytes.len() as u64;
        let content = content::of(size, keeping.of(path, size), &mut bytes.as_slice());
        (path.clone(), content.ok())
    });
    unpacked(taken.collect(), &Known::default())
}

/// Checks an unpacked bag from its files, given by their path in its top folder and their place.
pub fn files(
    places: &BTreeMap<String, std::path::PathBuf>,
    known: &Known,
) -> io::Result<Verification> {
    let (mut contents, mut keeping) = (BTreeMap::new(), content::Keeping::default());
    for (path, place) in places {
        let mut file = std::fs::File::open(place)?;
        let size = file.metadata()?.len();
        let kept = keeping.of(path, size);
        contents.insert(path.clone(), Some(content::of(size, kept, &mut file)?));
    }
    Ok(unpacked(contents, known))
}

fn unpacked(found: BTreeMap<String, Option<content::Content>>, known: &Known) -> Verification {
    let paths: Vec<String> = found.keys().cloned().collect();
    let unreadable: BTreeSet<String> = found
        .iter()
        .filter(|(_, content)| content.is_none())
        .map(|(path, _)| path.clone())
        .collect();
    let readable = found
        .into_iter()
        .filter_map(|(path, content)| Some((path, content?)));
    let contents = Contents::new(readable.collect(), unreadable);
    let list = contents::read_list(&contents);
    let subject = list
        .as_ref()
        .map_or_else(|_| "unpacked bag".to_owned(), List::top_folder);
    let mut checks = vec![Check::not_checked(
        "container",
        &subject,
        "a folder has no container",
    )];
    let faults = Faults::from(names::check(&paths, None));
    checks.extend(faults.into_checks("names", &subject, format!("{} safe names", paths.len())));
    checks.extend(check_contents(&contents, list, None));
    checks.extend(seals::check(&contents, known));
    let root = contents.sha256(Manifest::Tags.file());
    Verification::new(&subject, None, root, checks)
}

/// The checks that need the list, with the file that each is about.
const OF_THE_LIST: [(&str, &str); 6] = [
    ("ro-crate", CRATE_FILE),
    ("data-package", PACKAGE_FILE),
    ("bag-info", INFO_FILE),
    ("evidence", DIGESTS_FILE),
    ("custody", CUSTODY_FILE),
    ("withheld", LIST_FILE),
];

/// The checks of the files, whatever they came in.
fn check_contents(contents: &Contents, list: Result<List, Fault>, top: Option<&str>) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut put = |name, subject: &str, detail: String, faults: Faults| {
        checks.extend(faults.into_checks(name, subject, detail));
    };
    if contents.is_empty() {
        let fault = Fault::new("bag", "no file could be read");
        put("bag", "bag", String::new(), fault.into());
        let rest = ["payload-manifest", "tag-manifest", "checksums", "list"];
        let rest = rest.into_iter().chain(OF_THE_LIST.map(|(name, _)| name));
        checks
            .extend(rest.map(|name| Check::not_checked(name, "bag", "there is no readable file")));
        return checks;
    }
    let faults = contents::check_declaration(contents);
    put(
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
        put(
            name,
            manifest.file(),
            detail,
            manifest::check(manifest, contents),
        );
    }
    let list = match list {
        Ok(list) => list,
        Err(fault) => {
            put("list", LIST_FILE, String::new(), fault.into());
            let reason = "there is no readable list to compare with";
            checks.extend(OF_THE_LIST.map(|(name, file)| Check::not_checked(name, file, reason)));
            return checks;
        }
    };
    let detail = format!("{} files as listed", list.files.len());
    put(
        "list",
        LIST_FILE,
        detail,
        contents::check_list(&list, contents, top),
    );
    for (name, file) in OF_THE_LIST {
        let (detail, faults) = match name {
            "ro-crate" => (
                "describes the same files, sizes and digests".to_owned(),
                described::check_crate(&list, contents),
            ),
            "data-package" => (
                "describes the same files, sizes and digests".to_owned(),
                described::check_package(&list, contents),
            ),
            "bag-info" => (
                "agrees with list and payload".to_owned(),
                contents::check_info(&list, contents),
            ),
            "evidence" => (
                "the evidence has the digests that the report prints".to_owned(),
                record::check_evidence(&list, contents),
            ),
            "custody" => (
                match &list.custody {
                    Some(custody) => format!("{} entries in one chain", custody.entries),
                    None => "none recorded".to_owned(),
                },
                record::check_custody(&list, contents),
            ),
            _ => (
                format!(
                    "{} withheld, none of them in the bundle",
                    list.withheld.len()
                ),
                contents::check_withheld(&list, contents),
            ),
        };
        put(name, file, detail, faults);
    }
    checks
}
