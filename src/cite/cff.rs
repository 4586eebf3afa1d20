//! CITATION.cff: Citation File Format 1.2.0, written by hand so that no value is ever read as
//! anything but text.

use super::work::Work;
use super::{Author, Kind, licence};

/// What stands where nobody is named, because CFF requires an author (1.2.0, `authors`).
const NOBODY: &str = "Anonymous";

/// The record as CITATION.cff. `type` is always `dataset`: CFF knows only software and data sets,
/// and the bundle holds data. Keys that the case does not state are not written.
pub fn cff(work: &Work) -> String {
    let record = &work.record;
    let mut out = String::new();
    let mut put = |line: &str| {
        out.push_str(line);
        out.push('\n');
    };
    let what = match record.kind {
        Kind::Report => "report",
        Kind::Dataset => "data set",
    };
    put("cff-version: \"1.2.0\"");
    put(&format!(
        "message: {}",
        quoted(&format!("If you use this {what}, please cite it as below."))
    ));
    put("type: dataset");
    put(&format!("title: {}", quoted(&work.whole_title())));
    put("authors:");
    let authors = work.responsible();
    for author in &authors {
        person(author, &mut put);
    }
    if authors.is_empty() {
        put(&format!("  - name: {}", quoted(NOBODY)));
    }
    put(&format!("version: {}", quoted(&record.version)));
    put(&format!(
        "date-released: {}",
        quoted(&record.date.to_string())
    ));
    if let Some(doi) = &record.doi {
        put(&format!("doi: {}", quoted(doi)));
    }
    if let Some(url) = &record.url {
        put(&format!("url: {}", quoted(url)));
    }
    // CFF validates against the SPDX list: a statement that we cannot place there is left out.
    match record
        .license
        .as_deref()
        .and_then(licence::identifiers)
        .as_deref()
    {
        Some([one]) => put(&format!("license: {}", quoted(one))),
        Some(several) => {
            put("license:");
            several
                .iter()
                .for_each(|id| put(&format!("  - {}", quoted(id))));
        }
        None => {}
    }
    if !record.keywords.is_empty() {
        put("keywords:");
        record
            .keywords
            .iter()
            .for_each(|keyword| put(&format!("  - {}", quoted(keyword))));
    }
    if let Some(text) = &record.abstract_ {
        put(&format!("abstract: {}", quoted(text)));
    }
    if let Some(digest) = record.digest {
        put("identifiers:");
        put("  - type: other");
        put(&format!(
            "    value: {}",
            quoted(&format!("sha256:{digest}"))
        ));
        put(&format!(
            "    description: {}",
            quoted("SHA-256 over evidence, case and statistics")
        ));
    }
    out
}

fn person(author: &Author, put: &mut impl FnMut(&str)) {
    let mut first = true;
    let mut key = |key: &str, value: &str| {
        put(&format!(
            "{}{key}: {}",
            if first { "  - " } else { "    " },
            quoted(value)
        ));
        first = false;
    };
    match &author.family {
        Some(family) => {
            key("family-names", family);
            if let Some(given) = &author.given {
                key("given-names", given);
            }
            if let Some(affiliation) = &author.affiliation {
                key("affiliation", affiliation);
            }
        }
        // An entity in CFF is any name that is not divided; it has no affiliation.
        None => key("name", &author.display()),
    }
    if let Some(orcid) = &author.orcid {
        key("orcid", &format!("https://orcid.org/{orcid}"));
    }
}

/// A double-quoted scalar (YAML 1.2, 7.3.1): nothing in it is an indicator, a date or a Boolean.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            // What is not `nb-json` printable in YAML (5.1), and its line breaks.
            '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{2028}' | '\u{2029}' => {
                out.push_str(&format!("\\u{:04X}", u32::from(c)));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}
