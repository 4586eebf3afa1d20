//! schema.org as JSON-LD: in the bundle, and inside the page for those who read pages.
//!
//! Two things are described: the report, and the data that it rests on, which the digest
//! identifies. Addresses are relative to `report.html` where the report has none of its own.

use super::record::{Part, PartKind, Record};
use super::work::{Work, anchored};
use super::{Author, Kind, licence};
use crate::digest::Sha256;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde_json::{Map, Value, json};

/// The record as JSON-LD for `<script type="application/ld+json">`: `<`, `>` and `&` are escaped,
/// so that neither `</script` nor `<!--` can stand in it.
pub fn json_ld(record: &Record) -> String {
    of_work(&Work::new(record, None))
}

pub fn of_work(work: &Work) -> String {
    let record = &work.record;
    let graph = match &work.part {
        Some(part) => {
            let mut node = part_node(work, part);
            node.insert("isPartOf".into(), Value::Object(main_node(work, false)));
            vec![Value::Object(node)]
        }
        None => {
            let mut graph = vec![Value::Object(main_node(work, true))];
            if let (Kind::Report, Some(digest)) = (record.kind, record.digest) {
                graph.push(evidence(work, digest));
            }
            graph
        }
    };
    let document = json!({ "@context": "https://schema.org", "@graph": graph });
    // JSON allows any character of a string as \uXXXX; these four end scripts or lines in one.
    super::text::json(&document)
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// Name of bytes by their digest (RFC 6920, 3): an address that needs no server.
fn named(digest: Sha256) -> String {
    let bytes: Vec<u8> = (0..32)
        .filter_map(|i| u8::from_str_radix(digest.to_string().get(i * 2..i * 2 + 2)?, 16).ok())
        .collect();
    format!("ni:///sha-256;{}", BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

fn home(record: &Record) -> String {
    record.url.clone().unwrap_or_else(|| "report.html".into())
}

fn main_node(work: &Work, whole: bool) -> Map<String, Value> {
    let record = &work.record;
    let mut node = Map::new();
    let mut put = |key: &str, value: Value| {
        node.insert(key.into(), value);
    };
    put(
        "@type",
        match record.kind {
            Kind::Report => "Report",
            Kind::Dataset => "Dataset",
        }
        .into(),
    );
    put("@id", home(record).into());
    put("name", work.whole_title().into());
    let authors = work.responsible();
    if !authors.is_empty() {
        put("author", authors.iter().map(agent).collect());
    }
    if let Some(publisher) = &record.publisher {
        put(
            "publisher",
            json!({ "@type": "Organization", "name": publisher }),
        );
    }
    put("datePublished", record.date.to_string().into());
    put("version", record.version.as_str().into());
    let mut identifiers: Vec<Value> = record.digest.map(hashed).into_iter().collect();
    if let Some(doi) = &record.doi {
        identifiers.push(json!({ "@type": "PropertyValue", "propertyID": "https://registry.identifiers.org/registry/doi", "value": format!("doi:{doi}"), "url": format!("https://doi.org/{doi}") }));
    }
    if !identifiers.is_empty() {
        put("identifier", identifiers.into());
    }
    if let Some(url) = &record.url {
        put("url", url.as_str().into());
    }
    if !whole {
        return node;
    }
    put("inLanguage", record.language.as_str().into());
    if let Some(text) = &record.abstract_ {
        put("description", text.as_str().into());
    }
    if !record.keywords.is_empty() {
        put("keywords", json!(record.keywords));
    }
    if let Some(license) = &record.license {
        put("license", licences(license));
    }
    if let Some(note) = work.correction_note() {
        put("correction", note.into());
    }
    if let (Kind::Report, Some(digest)) = (record.kind, record.digest) {
        put("isBasedOn", json!({ "@id": named(digest) }));
    }
    put(
        "creditText",
        super::formatted::of_work(work, super::Style::Apa).into(),
    );
    put(
        "sdPublisher",
        json!({ "@type": "SoftwareApplication", "name": record.program.name, "softwareVersion": record.program.version }),
    );
    if !record.parts.is_empty() {
        put(
            "hasPart",
            record
                .parts
                .iter()
                .map(|part| Value::Object(part_node(work, part)))
                .collect(),
        );
    }
    node
}

fn part_node(work: &Work, part: &Part) -> Map<String, Value> {
    let address = anchored(&home(&work.record), &part.anchor);
    let mut node = Map::new();
    let mut put = |key: &str, value: Value| {
        node.insert(key.into(), value);
    };
    put(
        "@type",
        match part.kind {
            PartKind::Finding => "Claim",
            PartKind::Figure => "ImageObject",
            PartKind::Table => "Table",
        }
        .into(),
    );
    put("@id", address.as_str().into());
    put("name", part.label.as_str().into());
    put("description", part.title.as_str().into());
    put("identifier", hashed(part.digest));
    if work.record.url.is_some() {
        put("url", address.into());
    }
    if let (PartKind::Figure, Some(file)) = (part.kind, &part.file) {
        put("contentUrl", super::text::uri(file).into());
    }
    node
}

/// What the digest identifies: evidence, case and statistics, as `digests.txt` lists them.
fn evidence(work: &Work, digest: Sha256) -> Value {
    let record = &work.record;
    let name = format!("Evidence, case and statistics of: {}", work.whole_title());
    let mut node = json!({
        "@type": "Dataset",
        "@id": named(digest),
        "name": name,
        "description": "The files that the report was computed from. Their digests are listed in digests.txt, whose own SHA-256 identifies them all.",
        "identifier": hashed(digest),
        "version": record.version,
        "datePublished": record.date.to_string(),
        "isAccessibleForFree": true,
    });
    if let (Some(license), Some(node)) = (&record.license, node.as_object_mut()) {
        node.insert("license".into(), licences(license));
    }
    node
}

fn hashed(digest: Sha256) -> Value {
    json!({ "@type": "PropertyValue", "propertyID": "sha256", "value": digest.to_string() })
}

fn licences(license: &str) -> Value {
    match licence::identifiers(license).as_deref() {
        Some([one]) => licence::address(one).into(),
        Some(several) => several
            .iter()
            .map(|id| Value::from(licence::address(id)))
            .collect(),
        None => license.into(),
    }
}

/// A person, where the author is known to be one; else a name and no more.
fn agent(author: &Author) -> Value {
    let mut node = Map::new();
    let mut put = |key: &str, value: Value| {
        node.insert(key.into(), value);
    };
    if author.is_person() {
        put("@type", "Person".into());
    }
    if let Some(orcid) = &author.orcid {
        put("@id", format!("https://orcid.org/{orcid}").into());
    }
    put("name", author.display().into());
    if let Some(family) = &author.family {
        put("familyName", family.as_str().into());
        if let Some(given) = &author.given {
            put("givenName", given.as_str().into());
        }
    }
    if let Some(affiliation) = author.affiliation.as_ref().filter(|_| author.is_person()) {
        put(
            "affiliation",
            json!({ "@type": "Organization", "name": affiliation }),
        );
    }
    node.into()
}
