//! RIS (Research Information Systems): two letters, two spaces, hyphen, space, one line a value.

use super::work::Work;
use super::{Kind, PartKind};

/// The record or part as one reference. Values are one line each, so that no value can pass for a
/// tag. A comma in a name divides it: RIS has no means to say that a name is an organisation's.
pub fn ris(work: &Work) -> String {
    let record = &work.record;
    let mut out = String::new();
    let mut put = |tag: &str, value: &str| {
        if !value.is_empty() {
            out.push_str(&format!("{tag}  - {value}\n"));
        }
    };
    put(
        "TY",
        match (work.part.as_ref().map(|part| part.kind), record.kind) {
            (Some(PartKind::Finding), _) => "CHAP",
            (Some(PartKind::Figure), _) => "FIGURE",
            (Some(PartKind::Table), _) | (None, Kind::Dataset) => "DATA",
            (None, Kind::Report) => "RPRT",
        },
    );
    put("ID", &work.key());
    put("TI", &work.title());
    if let Some(container) = work.container() {
        put("T2", &container);
    }
    for author in work.responsible() {
        put("AU", &author.inverted());
    }
    let date = record.date;
    put("PY", &format!("{:04}", date.year()));
    put(
        "DA",
        &format!("{:04}/{:02}/{:02}", date.year(), date.month(), date.day()),
    );
    if let Some(publisher) = &record.publisher {
        put("PB", publisher);
    }
    put("ET", &format!("Version {}", record.version));
    if let Some(doi) = work.doi() {
        put("DO", doi);
    }
    if let Some(url) = work.url() {
        put("UR", &url);
    }
    if let Some(digest) = work.digest() {
        put("AN", &format!("sha256:{digest}"));
    }
    if let Some(text) = record.abstract_.as_ref().filter(|_| work.part.is_none()) {
        put("AB", text);
    }
    for keyword in &record.keywords {
        put("KW", keyword);
    }
    for note in work.digest_note().into_iter().chain(work.correction_note()) {
        put("N1", &note);
    }
    if let Some(license) = &record.license {
        put("N1", &format!("Licence: {license}"));
    }
    put("LA", &record.language);
    out.push_str("ER  - \n");
    out
}
