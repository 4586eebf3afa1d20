//! The descriptions of the payload for others, RO-Crate and Data Package, held to the list and the
//! files: sections 3 and 4 of the format.

use super::contents::Contents;
use super::fault::{Fault, Faults};
use super::lenient::{self, Field, Reference, Several};
use crate::bundle::format::{self, CRATE_FILE, List, Listed, PACKAGE_FILE, PAYLOAD_FOLDER};
use crate::digest::Sha256;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::{BTreeMap, BTreeSet};

/// What a description says of one file.
struct Said {
    /// As it should be called in a fault.
    path: String,
    bytes: Option<u64>,
    sha256: Option<Sha256>,
    media_type: Field,
}

#[derive(Deserialize)]
struct Crate {
    #[serde(rename = "@graph")]
    graph: Several<Entity>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Entity {
    #[serde(rename = "@id")]
    id: Field,
    #[serde(rename = "@type")]
    types: Several<Field, 64>,
    content_size: Field,
    sha256: Field,
    encoding_format: Field,
    name: Field,
    version: Field,
    date_published: Field,
    identifier: Field,
    has_part: Several<Reference>,
    about: Several<Reference, 64>,
}

impl Entity {
    fn id(&self) -> &str {
        self.id.text().unwrap_or_default()
    }

    fn is_file(&self) -> bool {
        self.types.0.iter().any(|one| one.text() == Some("File"))
    }
}

/// The RO-Crate against the list and the files.
pub(super) fn check_crate(list: &List, contents: &Contents) -> Faults {
    let graph = match parse::<Crate>(CRATE_FILE, contents) {
        Ok(Crate { graph }) => graph.0,
        Err(fault) => return fault.into(),
    };
    let mut faults = Faults::default();
    let by_id: BTreeMap<String, &Listed> = described(list)
        .map(|file| (format::crate_id(&file.path), file))
        .collect();
    let path = |id: &str| {
        by_id
            .get(id)
            .map_or_else(|| format!("{id} (as written)"), |file| file.path.clone())
    };
    let files = graph.iter().filter(|entity| entity.is_file());
    let said = files.map(|entity| Said {
        path: path(entity.id()),
        bytes: entity.content_size.text().and_then(plain_number),
        sha256: entity.sha256.text().and_then(plain_digest),
        media_type: entity.encoding_format.clone(),
    });
    compare(CRATE_FILE, list, contents, said.collect(), &mut faults);
    // Readers join all that is said of one `@id`, `./` before it or not.
    for entity in graph.iter().filter(|entity| !entity.is_file()) {
        let id = entity.id();
        if let Some(file) = by_id.get(id.strip_prefix("./").unwrap_or(id)) {
            let reason = format!("has an entity that is no `File` in {CRATE_FILE}");
            faults.add(format!("{PAYLOAD_FOLDER}{}", file.path), reason);
        }
    }
    let own = CRATE_FILE.strip_prefix(PAYLOAD_FOLDER).unwrap_or_default();
    if let Some(descriptor) = only(&graph, own, &mut faults) {
        // Whoever reads an RO-Crate looks here for its root (RO-Crate 1.3, metadata descriptor).
        let about = descriptor.about.0.iter().map(|about| &*about.id);
        if !about.eq(["./"]) {
            faults.add(
                CRATE_FILE,
                format!("`{own}` is not about the root entity `./`"),
            );
        }
    }
    let Some(root) = only(&graph, "./", &mut faults) else {
        return faults;
    };
    let expected = [
        ("name", &root.name, list.title.as_str()),
        ("version", &root.version, &list.version),
        ("datePublished", &root.date_published, &list.date),
        ("identifier", &root.identifier, &list.top_folder()),
    ];
    states(CRATE_FILE, &expected, &mut faults);
    check_parts(list, &root.has_part.0, path, &mut faults);
    faults
}

/// The one entity of this name.
fn only<'g>(graph: &'g [Entity], id: &str, faults: &mut Faults) -> Option<&'g Entity> {
    let mut found = graph.iter().filter(|entity| entity.id() == id);
    let first = found.next();
    let more = found.count();
    if first.is_none() || more > 0 {
        let count = usize::from(first.is_some()) + more;
        faults.add(
            CRATE_FILE,
            format!("has {count} entities `{id}`; there must be one"),
        );
        return None;
    }
    first
}

/// The parts of the root are the described files, each once.
fn check_parts(
    list: &List,
    parts: &[Reference],
    path: impl Fn(&str) -> String,
    faults: &mut Faults,
) {
    let expected: BTreeSet<&str> = described(list).map(|file| file.path.as_str()).collect();
    let mut found = BTreeSet::new();
    for part in parts {
        let path = path(&part.id);
        let place = format!("{PAYLOAD_FOLDER}{path}");
        if !expected.contains(path.as_str()) {
            let reason = format!("is a part of the root in {CRATE_FILE}, and not listed");
            faults.add(place, reason);
        } else if !found.insert(path) {
            let reason = format!("is twice among the parts of the root in {CRATE_FILE}");
            faults.add(place, reason);
        }
    }
    for path in expected.iter().filter(|path| !found.contains(**path)) {
        let reason = format!("is missing from the parts of the root in {CRATE_FILE}");
        faults.add(format!("{PAYLOAD_FOLDER}{path}"), reason);
    }
}

#[derive(Deserialize)]
struct Package {
    #[serde(default)]
    title: Field,
    #[serde(default)]
    version: Field,
    #[serde(default)]
    created: Field,
    #[serde(default)]
    id: Field,
    resources: Several<Resource>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Resource {
    path: Field,
    bytes: Field,
    hash: Field,
    mediatype: Field,
    /// Content in the list itself, instead of the file.
    data: Option<IgnoredAny>,
}

/// The Data Package against the list and the files.
pub(super) fn check_package(list: &List, contents: &Contents) -> Faults {
    let package = match parse::<Package>(PACKAGE_FILE, contents) {
        Ok(package) => package,
        Err(fault) => return fault.into(),
    };
    let mut faults = Faults::default();
    let mut said = Vec::new();
    for resource in package.resources.0 {
        let path = resource.path.text().unwrap_or_default().to_owned();
        if resource.data.is_some() {
            let reason = format!("has its data in {PACKAGE_FILE} instead of a file");
            faults.add(format!("{PAYLOAD_FOLDER}{path}"), reason);
        }
        // Another algorithm is one that can be forged, or one that nobody here checks.
        let hash = resource.hash.text();
        let sha256 = hash.and_then(|hash| plain_digest(hash.strip_prefix("sha256:")?));
        said.push(Said {
            path,
            bytes: resource.bytes.number(),
            sha256,
            media_type: resource.mediatype,
        });
    }
    compare(PACKAGE_FILE, list, contents, said, &mut faults);
    let expected = [
        ("title", &package.title, list.title.as_str()),
        ("version", &package.version, &list.version),
        (
            "created",
            &package.created,
            &format!("{}T00:00:00Z", list.date),
        ),
        ("id", &package.id, &list.top_folder()),
    ];
    states(PACKAGE_FILE, &expected, &mut faults);
    faults
}

fn parse<'c, T: Deserialize<'c>>(file: &str, contents: &'c Contents) -> Result<T, Fault> {
    let text = contents.text(file).ok_or_else(|| contents.absence(file))?;
    lenient::read(text).map_err(|error| Fault::new(file, format!("cannot be read: {error}")))
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

/// A digest in the one form that the format has for it.
pub(super) fn plain_digest(text: &str) -> Option<Sha256> {
    Sha256::parse(text).filter(|digest| digest.to_string() == text)
}

/// Both directions: each file as the bytes are and as the list says, and no other file.
fn compare(source: &str, list: &List, contents: &Contents, said: Vec<Said>, faults: &mut Faults) {
    let mut by_path: BTreeMap<&str, Vec<&Said>> = BTreeMap::new();
    for one in &said {
        by_path.entry(&one.path).or_default().push(one);
    }
    let mut fault = |path: &str, reason: String| {
        faults.add(format!("{PAYLOAD_FOLDER}{path}"), reason);
    };
    let mut seen = BTreeSet::new();
    // That a file is listed twice is a fault of the list alone.
    for file in described(list).filter(|file| seen.insert(&file.path)) {
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
        if said.media_type.text() != Some(&file.media_type) {
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

fn states(file: &str, expected: &[(&str, &Field, &str)], faults: &mut Faults) {
    for (name, found, expected) in expected {
        if found.text() != Some(expected) {
            let found = found.text().unwrap_or("nothing");
            faults.add(
                file,
                format!("{name}: expected `{expected}`, found `{found}`"),
            );
        }
    }
}
