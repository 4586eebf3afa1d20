//! DataCite Metadata Schema 4.5, as the JSON that DataCite's REST API takes.
//!
//! The JSON form requires `creators`, `titles`, `publisher`, `publicationYear`, `types` and
//! `schemaVersion`; a `doi` is not among them, and a report that has none states none: whoever
//! registers the report mints it. Where a required value is not stated the schema's own code for
//! that is written (4.5, appendix 3: `:unav`, value unavailable).

use super::work::{Work, anchored};
use super::{Author, Kind, licence};
use serde_json::{Map, Value, json};

/// The only value that the schema accepts.
const SCHEMA: &str = "http://datacite.org/schema/kernel-4";
/// "Value unavailable, possibly unknown" (DataCite 4.5, appendix 3).
const UNAVAILABLE: &str = ":unav";

/// The record as DataCite JSON.
pub fn datacite(work: &Work) -> String {
    let record = &work.record;
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| {
        out.insert(key.into(), value);
    };
    if let Some(doi) = &record.doi {
        put("doi", doi.as_str().into());
    }
    put("schemaVersion", SCHEMA.into());
    put(
        "types",
        json!({
            "resourceType": record.kind.word(),
            "resourceTypeGeneral": match record.kind { Kind::Report => "Report", Kind::Dataset => "Dataset" },
        }),
    );
    let mut creators: Vec<Value> = work.responsible().iter().map(creator).collect();
    if creators.is_empty() {
        creators.push(json!({ "name": UNAVAILABLE }));
    }
    put("creators", creators.into());
    let mut titles = vec![json!({ "title": record.title, "lang": record.language })];
    if let Some(subtitle) = &record.subtitle {
        titles.push(json!({ "title": subtitle, "titleType": "Subtitle", "lang": record.language }));
    }
    put("titles", titles.into());
    put(
        "publisher",
        json!({ "name": record.publisher.as_deref().unwrap_or(UNAVAILABLE) }),
    );
    put(
        "publicationYear",
        format!("{:04}", record.date.year()).into(),
    );
    put(
        "dates",
        json!([{ "date": record.date.to_string(), "dateType": "Issued" }]),
    );
    put("language", record.language.as_str().into());
    put("version", record.version.as_str().into());
    if let Some(url) = &record.url {
        put("url", url.as_str().into());
    }
    if !record.keywords.is_empty() {
        put(
            "subjects",
            record
                .keywords
                .iter()
                .map(|word| json!({ "subject": word }))
                .collect(),
        );
    }
    if let Some(license) = &record.license {
        put("rightsList", rights(license));
    }
    let descriptions = descriptions(work);
    if !descriptions.is_empty() {
        put("descriptions", descriptions.into());
    }
    let mut identifiers = vec![json!({
        "alternateIdentifier": format!("{}-{}", record.id, record.version),
        "alternateIdentifierType": "casefile",
    })];
    if let Some(digest) = record.digest {
        identifiers.push(json!({
            "alternateIdentifier": digest.to_string(),
            "alternateIdentifierType": "SHA-256",
        }));
    }
    put("alternateIdentifiers", identifiers.into());
    let parts = parts(work);
    if !parts.is_empty() {
        put("relatedIdentifiers", parts.into());
    }
    put(
        "formats",
        json!(["text/html", "application/pdf", "application/zip"]),
    );
    super::text::json(&out)
}

fn creator(author: &Author) -> Value {
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| {
        out.insert(key.into(), value);
    };
    put("name", author.inverted().into());
    if author.is_person() {
        put("nameType", "Personal".into());
    }
    if let (Some(given), Some(_)) = (&author.given, &author.family) {
        put("givenName", given.as_str().into());
    }
    if let Some(family) = &author.family {
        put("familyName", family.as_str().into());
    }
    if let Some(orcid) = &author.orcid {
        put(
            "nameIdentifiers",
            json!([{
                "nameIdentifier": format!("https://orcid.org/{orcid}"),
                "nameIdentifierScheme": "ORCID",
                "schemeUri": "https://orcid.org",
            }]),
        );
    }
    if let Some(affiliation) = &author.affiliation {
        put("affiliation", json!([{ "name": affiliation }]));
    }
    out.into()
}

fn rights(license: &str) -> Value {
    match licence::identifiers(license) {
        Some(identifiers) => identifiers
            .iter()
            .map(|id| {
                json!({
                    "rights": id,
                    "rightsUri": licence::address(id),
                    "rightsIdentifier": id,
                    "rightsIdentifierScheme": "SPDX",
                    "schemeUri": "https://spdx.org/licenses/",
                })
            })
            .collect(),
        None => json!([{ "rights": license }]),
    }
}

fn descriptions(work: &Work) -> Vec<Value> {
    let record = &work.record;
    let mut out = Vec::new();
    if let Some(text) = &record.abstract_ {
        out.push(
            json!({ "description": text, "descriptionType": "Abstract", "lang": record.language }),
        );
    }
    if let Some(note) = work.correction_note() {
        out.push(json!({ "description": note, "descriptionType": "Other" }));
    }
    out.push(json!({
        "description": format!("Written by {} {}.", record.program.name, record.program.version),
        "descriptionType": "TechnicalInfo",
    }));
    out
}

/// Findings, figures and tables by their addresses; without an address of the report they have none.
fn parts(work: &Work) -> Vec<Value> {
    let Some(url) = &work.record.url else {
        return Vec::new();
    };
    work.record
        .parts
        .iter()
        .map(|part| {
            json!({
                "relatedIdentifier": anchored(url, &part.anchor),
                "relatedIdentifierType": "URL",
                "relationType": "HasPart",
            })
        })
        .collect()
}
