//! Meta elements by which Zotero and search engines import the page: Highwire Press `citation_*`
//! and Dublin Core `DC.*` (DCMI, Expressing Dublin Core in HTML).

use super::work::Work;
use super::{Kind, Record};

/// Name and content of each element, in the order in which they are to stand: an author's
/// institution and ORCID belong to the author before them. Contents are plain text.
pub fn meta_tags(record: &Record) -> Vec<(&'static str, String)> {
    let work = Work::new(record, None);
    let record = &work.record;
    let title = work.whole_title();
    let date = record.date;
    let mut tags: Vec<(&'static str, String)> = vec![
        ("citation_title", title.clone()),
        // Highwire wants slashes; a date with hyphens is read as a year only by some readers.
        (
            "citation_publication_date",
            format!("{:04}/{:02}/{:02}", date.year(), date.month(), date.day()),
        ),
        ("citation_language", record.language.clone()),
    ];
    let authors = work.responsible();
    for author in &authors {
        tags.push(("citation_author", author.inverted()));
        if let Some(affiliation) = &author.affiliation {
            tags.push(("citation_author_institution", affiliation.clone()));
        }
        if let Some(orcid) = &author.orcid {
            tags.push((
                "citation_author_orcid",
                format!("https://orcid.org/{orcid}"),
            ));
        }
    }
    if let Some(publisher) = &record.publisher {
        tags.push(("citation_publisher", publisher.clone()));
        if record.kind == Kind::Report {
            // The tag by which Zotero knows a report.
            tags.push(("citation_technical_report_institution", publisher.clone()));
        }
    }
    if record.kind == Kind::Report {
        tags.push((
            "citation_technical_report_number",
            format!("Version {}", record.version),
        ));
    }
    if let Some(doi) = &record.doi {
        tags.push(("citation_doi", doi.clone()));
    }
    if let Some(url) = &record.url {
        tags.push(("citation_public_url", url.clone()));
    }
    for keyword in &record.keywords {
        tags.push(("citation_keywords", keyword.clone()));
    }
    tags.push(("DC.title", title));
    tags.extend(
        authors
            .iter()
            .map(|author| ("DC.creator", author.inverted())),
    );
    if let Some(publisher) = &record.publisher {
        tags.push(("DC.publisher", publisher.clone()));
    }
    tags.push(("DC.date", date.to_string()));
    tags.push(("DC.language", record.language.clone()));
    tags.push((
        "DC.type",
        match record.kind {
            Kind::Report => "Text",
            Kind::Dataset => "Dataset",
        }
        .into(),
    ));
    tags.push(("DC.format", "text/html".into()));
    if let Some(digest) = record.digest {
        tags.push(("DC.identifier", format!("sha256:{digest}")));
    }
    if let Some(doi) = &record.doi {
        tags.push(("DC.identifier", format!("https://doi.org/{doi}")));
    }
    if let Some(url) = &record.url {
        tags.push(("DC.identifier", url.clone()));
    }
    if let Some(license) = &record.license {
        tags.push(("DC.rights", license.clone()));
    }
    tags.extend(
        record
            .keywords
            .iter()
            .map(|keyword| ("DC.subject", keyword.clone())),
    );
    if let Some(text) = &record.abstract_ {
        tags.push(("DC.description", text.clone()));
    }
    if let Some(old) = &record.supersedes {
        tags.push(("DCTERMS.replaces", format!("sha256:{}", old.digest)));
    }
    tags
}
