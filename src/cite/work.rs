//! What is cited, made tidy once for all formats: the whole record, or one part in it.

use super::check::{is_doi, is_orcid, is_web_address};
use super::record::{Part, Record};
use super::text::{line, maybe};
use super::{Author, text};
use crate::digest::Sha256;

/// A record whose texts are one line each and whose identifiers are well-formed, or left out:
/// formats must stay valid even where the case was not checked.
pub struct Work {
    pub record: Record,
    pub part: Option<Part>,
}

impl Work {
    pub fn new(record: &Record, part: Option<&Part>) -> Self {
        Work {
            record: tidy(record),
            part: part.map(tidy_part),
        }
    }

    /// Title and subtitle of the record.
    pub fn whole_title(&self) -> String {
        let title = &self.record.title;
        match &self.record.subtitle {
            Some(subtitle) if title.ends_with(['?', '!', '.', ':']) => {
                format!("{title} {subtitle}")
            }
            Some(subtitle) => format!("{title}: {subtitle}"),
            None => title.clone(),
        }
    }

    /// Title of what is cited; a part's starts with its label: "Finding 1: ...".
    pub fn title(&self) -> String {
        match &self.part {
            Some(part) if part.title.is_empty() => part.label.clone(),
            Some(part) => format!("{}: {}", part.label, part.title),
            None => self.whole_title(),
        }
    }

    /// Title of the report that holds the part.
    pub fn container(&self) -> Option<String> {
        self.part.as_ref().map(|_| self.whole_title())
    }

    /// Citation key, stable for a version: BibTeX forbids none of its characters.
    pub fn key(&self) -> String {
        let anchor = self.part.as_ref().map(|part| format!("-{}", part.anchor));
        let key = format!(
            "{}-{}{}",
            self.record.id,
            self.record.version,
            anchor.unwrap_or_default()
        );
        key.chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || "-.+_".contains(c) {
                    c
                } else {
                    '-'
                }
            })
            .collect()
    }

    /// Digest of what is cited: that of the part where it is a part.
    pub fn digest(&self) -> Option<Sha256> {
        self.part
            .as_ref()
            .map_or(self.record.digest, |part| Some(part.digest))
    }

    /// Address of what is cited; a part's has its anchor.
    pub fn url(&self) -> Option<String> {
        let url = self.record.url.as_ref()?;
        Some(match &self.part {
            Some(part) => anchored(url, &part.anchor),
            None => url.clone(),
        })
    }

    /// DOI of what is cited. A DOI leads to the whole, so where a part has an address of its own
    /// the part is cited by that.
    pub fn doi(&self) -> Option<&str> {
        let has_own = self.part.is_some() && self.record.url.is_some();
        self.record.doi.as_deref().filter(|_| !has_own)
    }

    /// The authors; a report that names none is its publisher's.
    pub fn responsible(&self) -> Vec<Author> {
        if self.record.authors.is_empty() {
            self.record
                .publisher
                .iter()
                .map(|name| Author::literal_of(name))
                .collect()
        } else {
            self.record.authors.clone()
        }
    }

    /// "Version 1.0.0. SHA-256 ... ." and what is corrected: for fields of free text.
    pub fn digest_note(&self) -> Option<String> {
        let digest = self.digest()?;
        Some(
            match self.part.as_ref().and_then(|part| part.file.as_ref()) {
                Some(file) => format!("SHA-256 {digest} ({file})"),
                None => format!("SHA-256 {digest}"),
            },
        )
    }

    /// "Corrects the version with SHA-256 ...: what changed".
    pub fn correction_note(&self) -> Option<String> {
        let old = self.record.supersedes.as_ref()?;
        Some(match &old.correction {
            Some(correction) => {
                format!(
                    "Corrects the version with SHA-256 {}: {}",
                    old.digest,
                    text::stopped(correction)
                )
            }
            None => format!("Corrects the version with SHA-256 {}.", old.digest),
        })
    }
}

impl Author {
    /// A name that is known to be undivided, without looking for a comma.
    fn literal_of(name: &str) -> Self {
        Author {
            literal: Some(name.to_owned()),
            ..Author::default()
        }
    }
}

/// An address with a fragment in place of its own.
pub fn anchored(url: &str, anchor: &str) -> String {
    let base = url.split('#').next().unwrap_or(url);
    format!("{base}#{}", text::uri(anchor))
}

fn tidy(record: &Record) -> Record {
    let mut out = record.clone();
    out.title = line(&record.title);
    out.subtitle = maybe(record.subtitle.as_deref());
    out.publisher = maybe(record.publisher.as_deref());
    out.version = line(&record.version);
    out.license = maybe(record.license.as_deref());
    out.abstract_ = maybe(record.abstract_.as_deref());
    out.language = line(&record.language);
    out.doi = record.doi.clone().filter(|doi| is_doi(doi));
    out.url = record
        .url
        .as_deref()
        .map(text::uri)
        .filter(|url| is_web_address(url));
    out.authors = Vec::new();
    for author in record.authors.iter().map(tidy_author) {
        // Formats demand that no author stands twice.
        if !author.display().is_empty() && !out.authors.contains(&author) {
            out.authors.push(author);
        }
    }
    out.keywords = Vec::new();
    for keyword in record.keywords.iter().map(|keyword| line(keyword)) {
        if !keyword.is_empty() && !out.keywords.contains(&keyword) {
            out.keywords.push(keyword);
        }
    }
    if let Some(old) = &mut out.supersedes {
        old.correction = maybe(old.correction.as_deref());
    }
    out.parts = record.parts.iter().map(tidy_part).collect();
    out
}

fn tidy_author(author: &Author) -> Author {
    Author {
        given: maybe(author.given.as_deref()),
        family: maybe(author.family.as_deref()),
        literal: maybe(author.literal.as_deref()),
        orcid: author.orcid.clone().filter(|orcid| is_orcid(orcid)),
        affiliation: maybe(author.affiliation.as_deref()),
    }
}

fn tidy_part(part: &Part) -> Part {
    Part {
        title: line(&part.title),
        label: line(&part.label),
        ..part.clone()
    }
}
