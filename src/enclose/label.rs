//! What a bundle says of itself, and what libraries and data portals are told of it.

use crate::bundle::{About, Creator, Edition, Label, Supersedes, Withheld};
use crate::case::{Case, Kind};
use crate::digest::Sha256;
use crate::evidence::{Evidence, Secrets};

/// What the bundle says of itself.
pub fn label(case: &Case, evidence: &Evidence, edition: Edition, digest: Sha256) -> Label {
    let withheld = evidence
        .sources
        .iter()
        .filter(|source| {
            edition == Edition::Public && source.withheld || source.secrets == Secrets::Kept
        })
        .map(|source| Withheld {
            exhibit: source.exhibit.clone(),
            file: None,
            bytes: source.bytes,
            sha256: source.sha256,
            reason: match source.kind {
                Kind::Contacts | Kind::Accounts | Kind::Feeds | Kind::Statements => {
                    format!("{}: names people", source.kind.name())
                }
                Kind::Attachment => {
                    "attachment: not read, so withheld unless declared public".into()
                }
                _ if source.secrets == Secrets::Kept => "holds access tokens".into(),
                _ => "confidential".into(),
            },
        })
        .collect();
    Label {
        id: case.meta.id.clone(),
        version: case.meta.version.clone(),
        title: case.meta.title.clone(),
        publisher: case.meta.publisher.clone(),
        date: case.meta.date.to_string(),
        edition,
        evidence: digest,
        supersedes: supersedes(case),
        withheld,
        about: about(case),
    }
}

fn supersedes(case: &Case) -> Option<Supersedes> {
    Some(Supersedes {
        sha256: Sha256::parse(case.meta.supersedes.as_deref()?)?,
        correction: case.meta.correction.clone()?,
    })
}

/// What libraries and data portals are told of the report.
fn about(case: &Case) -> About {
    let meta = &case.meta;
    let author = |author: &crate::case::Author| Creator {
        name: author.printed(),
        orcid: author.orcid.clone(),
        affiliation: author.affiliation.clone(),
    };
    About {
        description: case
            .study
            .question
            .clone()
            .unwrap_or_else(|| meta.title.clone()),
        authors: meta.authors.iter().map(author).collect(),
        license: meta.license.clone(),
        keywords: meta.keywords.clone(),
        language: meta.language.clone(),
        url: meta.url.clone(),
        doi: meta.doi.clone(),
    }
}
