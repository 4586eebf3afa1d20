//! The report as those see it who cite it.

use super::{Assertion, Finding, Inline, plain};
use crate::case::Case;
use crate::cite::{Author, Kind, Part, PartKind, Program, Record, Supersedes};
use crate::digest::Sha256;

/// The record of a case whose report prints `digest`; `summary` is what it says, in words. Its parts have digests of their own and come
/// with the files.
pub fn record(case: &Case, digest: Sha256, summary: String) -> Record {
    let meta = &case.meta;
    let author = |author: &crate::case::Author| {
        let (orcid, affiliation) = (author.orcid.as_deref(), author.affiliation.as_deref());
        let (given, family) = (author.given.as_deref(), author.family.as_deref());
        let name = author.name.as_deref().unwrap_or_default();
        Author::new(name, given, family, orcid, affiliation)
    };
    let supersedes = meta.supersedes.as_deref().and_then(Sha256::parse);
    Record {
        kind: Kind::Report,
        title: meta.title.clone(),
        subtitle: meta.subtitle.clone(),
        authors: meta.authors.iter().map(author).collect(),
        publisher: meta.publisher.clone(),
        date: meta.date.0,
        version: meta.version.clone(),
        id: meta.id.clone(),
        digest: Some(digest),
        url: meta.url.clone(),
        doi: meta.doi.as_deref().map(without_resolver),
        license: meta.license.clone(),
        keywords: meta.keywords.clone(),
        language: meta.language.clone(),
        abstract_: Some(summary),
        supersedes: supersedes.map(|digest| Supersedes {
            digest,
            correction: meta.correction.clone(),
        }),
        parts: Vec::new(),
        program: Program {
            name: "casefile".into(),
            version: env!("CARGO_PKG_VERSION").into(),
        },
    }
}

fn without_resolver(doi: &str) -> String {
    let resolvers = [
        "https://doi.org/",
        "http://doi.org/",
        "https://dx.doi.org/",
        "doi:",
    ];
    let bare = resolvers
        .into_iter()
        .find_map(|start| doi.strip_prefix(start));
    bare.unwrap_or(doi).to_owned()
}

/// What a finding is as a file of its own, `findings/<id>.json`: what is cited when the finding is.
#[derive(serde::Serialize)]
struct FindingFile<'f> {
    id: &'f str,
    number: usize,
    statement: String,
    does_not_say: Option<String>,
    design: Option<String>,
    robustness: Option<String>,
    assertions: &'f [Assertion],
}

/// The file of a finding: its statement, what it rests on, and how far it goes.
pub fn finding_file(finding: &Finding) -> String {
    let words = |text: &Option<Vec<Inline>>| text.as_deref().map(plain);
    let file = FindingFile {
        id: finding_id(finding),
        number: finding.number,
        statement: plain(&finding.statement),
        does_not_say: words(&finding.does_not_say),
        design: words(&finding.design),
        robustness: words(&finding.robustness),
        assertions: &finding.assertions,
    };
    serde_json::to_string_pretty(&file).expect("strings and numbers always serialise") + "\n"
}

fn finding_id(finding: &Finding) -> &str {
    finding
        .anchor
        .strip_prefix("finding-")
        .unwrap_or(&finding.anchor)
}

/// A finding as a part that can be cited by itself.
pub fn finding_part(finding: &Finding, label: &str) -> Part {
    let id = finding_id(finding);
    Part {
        kind: PartKind::Finding,
        id: id.to_owned(),
        label: format!("{label} {}", finding.number),
        title: plain(&finding.statement),
        anchor: finding.anchor.clone(),
        digest: Sha256::of(finding_file(finding).as_bytes()),
        file: Some(format!("findings/{id}.json")),
    }
}
