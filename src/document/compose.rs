//! The report in the order in which it is read.

use super::pen::{Part, Pen};
use super::{AuthorLine, Block, Document, DocumentMeta, Inline, Section, markdown};
use super::{
    section_accounts, section_contacts, section_context, section_corrections, section_declaration,
    section_delivery, section_findings, section_limits, section_record, section_references,
    section_robustness, section_statements, section_tested,
};
use crate::case::{Case, Paper};
use crate::cite::references::{self, Citation, Printed};
use crate::cite::{self, Style};
use crate::cube::Cube;
use crate::diff::Changes;
use crate::digest::Sha256;
use crate::error::{Problem, Problems, Result};
use crate::evidence::Evidence;
use crate::findings::Findings;
use crate::numbers;

/// What the sections are written from.
pub struct Material<'a> {
    pub case: &'a Case,
    pub evidence: &'a Evidence,
    pub cube: &'a Cube,
    pub findings: &'a Findings,
    /// Whether this is the public edition, which protects people.
    pub public: bool,
    pub digest: Sha256,
    /// File name of the bundle, for the commands that verify it.
    pub bundle: String,
    /// What differs from the bundle that the case corrects.
    pub corrections: Option<&'a Changes>,
}

/// Writes the report. Fails only on captions that fit no figure or table, and on works that cannot
/// be cited without a number in the sentence.
///
/// What a citation says depends on the others (two works of one author and year, numbers in the
/// order of the text), so a report that cites is written twice: to gather them, and with them.
pub fn document(material: &Material) -> Result<Document> {
    let (document, cited) = write(material, &Printed::default())?;
    if cited.is_empty() {
        return Ok(document);
    }
    let style = section_references::style(material.case.meta.references_style);
    let printed = references::print(&material.findings.library, &cited, style);
    let mut problems = Problems::default();
    for (key, line) in material.findings.library.keys() {
        if printed.numbered.iter().any(|numbered| numbered == key) {
            problems.push(
                Problem::new("reference-number", references::FILE, "a citation of this work prints a number that is neither its year nor a place in it")
                    .line(line)
                    .value(key)
                    .hint("give the work an author or a shorttitle without digits: author = {{European Union}}"),
            );
        }
    }
    problems.finish(())?;
    let (mut document, _) = write(material, &printed)?;
    section_references::add(&mut document.sections, &printed);
    Ok(document)
}

/// The report with its citations as printed, and all of them in the order in which they stand.
fn write(material: &Material, printed: &Printed) -> Result<(Document, Vec<Citation>)> {
    let Material {
        case,
        evidence,
        findings,
        ..
    } = material;
    let mut pen = Pen::new(evidence, &findings.captions, material.public, printed);
    let mut sections = vec![Section {
        id: "summary".into(),
        title: "What was found".into(),
        blocks: section_findings::summary(&mut pen, material),
    }];
    let corrections = section_corrections::corrections(&mut pen, material);
    if !corrections.is_empty() {
        sections.push(Section {
            id: super::CORRECTIONS.into(),
            title: section_corrections::TITLE.into(),
            blocks: corrections,
        });
    }
    if let Some(narrative) = &findings.narrative {
        sections.push(Section {
            id: "report".into(),
            title: "The investigation".into(),
            blocks: markdown::blocks(&mut pen, narrative, "report"),
        });
    }
    let mut add = |id: &str, title: &str, blocks: Vec<Block>| {
        if !blocks.is_empty() {
            sections.push(Section {
                id: id.into(),
                title: title.into(),
                blocks,
            });
        }
    };
    add(
        "tested",
        if material.cube.from_library {
            "Which ads were looked at"
        } else {
            "What was tested"
        },
        section_tested::tested(&mut pen, material),
    );
    add(
        "delivery",
        "Who was shown the ads",
        section_delivery::delivery(&mut pen, material),
    );
    add(
        "context",
        "What the platforms publish about the ads",
        section_context::context(&mut pen, material),
    );
    add(
        "contacts",
        "What came back",
        section_contacts::contacts(&mut pen, material),
    );
    add(
        "accounts",
        "Accounts and how long they stayed online",
        section_accounts::accounts(&mut pen, material),
    );
    add(
        "feeds",
        "What the feeds recommended",
        section_accounts::feeds(&mut pen, material),
    );
    add(
        "robustness",
        "How robust the findings are",
        section_robustness::robustness(&mut pen, material),
    );
    add(
        "recommendations",
        "Recommendations",
        recommendations(&mut pen, material),
    );
    add(
        "statements",
        "What the platform and others said",
        section_statements::statements(material),
    );
    add(
        "limits",
        "Limits",
        section_limits::limits(&mut pen, material),
    );
    add(
        "method",
        "Method",
        section_record::method(&mut pen, material),
    );
    add(
        "notices",
        "Notices and exclusions",
        section_record::notices(&mut pen, material),
    );
    add(
        "evidence",
        "Evidence",
        section_record::evidence(&mut pen, material),
    );
    add(
        "captures",
        "Captured pages and items",
        section_context::captures(material),
    );
    add(
        "verify",
        "How to verify this report",
        section_record::verify(material),
    );
    add(
        "declaration",
        "Declaration",
        section_declaration::declaration(&mut pen, material),
    );
    let meta = meta(&mut pen, material);
    add(
        "cite",
        "How to cite",
        section_record::cite(material, &meta.record),
    );
    let mut problems = Problems::default();
    for caption in &case.captions {
        if !pen.given.contains(caption.target.get_ref()) {
            let (line, column) = crate::case::place(&case.toml, &caption.target.span());
            problems.push(
                Problem::new(
                    "caption-without-figure",
                    "case.toml",
                    "a caption names a figure or table that this report does not have",
                )
                .line(line)
                .column(column)
                .value(caption.target.get_ref().clone())
                .hint(format!("the report has: {}", pen.given.join(", "))),
            );
        }
    }
    let Pen {
        provenance, cited, ..
    } = pen;
    problems.finish((
        Document {
            meta,
            sections,
            provenance,
            labels: super::labels::english(),
        },
        cited,
    ))
}

fn meta(pen: &mut Pen, material: &Material) -> DocumentMeta {
    let Material { case, .. } = material;
    let authors = case
        .meta
        .authors
        .iter()
        .map(|author| AuthorLine {
            name: author.printed(),
            affiliation: author.affiliation.clone(),
            orcid: author.orcid.clone(),
        })
        .collect();
    let answer = answer(pen, material);
    let summary = match &material.findings.abstract_ {
        Some(text) => super::plain(&markdown::line(pen, text)),
        None => super::plain(&answer),
    };
    let description = format!(
        "{} Evidence digest: sha256:{}",
        summary.trim(),
        material.digest
    );
    let record = super::record::record(case, material.digest, summary);
    DocumentMeta {
        id: case.meta.id.clone(),
        version: case.meta.version.clone(),
        title: case.meta.title.clone(),
        subtitle: case.meta.subtitle.clone(),
        description,
        answer,
        language: case.meta.language.clone(),
        date: case.meta.date.to_string(),
        date_words: numbers::date_words(case.meta.date.0),
        publisher: case.meta.publisher.clone(),
        authors,
        keywords: case.meta.keywords.clone(),
        license: case.meta.license.clone(),
        url: case.meta.url.clone(),
        doi: case.meta.doi.clone(),
        banner: case.meta.banner.clone(),
        edition: if material.public {
            "Public edition".into()
        } else {
            "Full edition: holds protected evidence, not for publication".into()
        },
        digest: material.digest,
        digest_grouped: material.digest.grouped(),
        us_letter: case.meta.paper == Paper::UsLetter,
        generator: concat!("casefile ", env!("CARGO_PKG_VERSION")).into(),
        citation: cite::formatted(&record, None, Style::Apa),
        meta_tags: cite::meta_tags(&record),
        json_ld: cite::json_ld(&record),
        record,
    }
}

/// The answer in one sentence: the first finding, or what the first arm shows.
fn answer(pen: &mut Pen, material: &Material) -> Vec<Inline> {
    match material.findings.findings.first() {
        Some(finding) => markdown::line(pen, &finding.statement),
        None => section_findings::composed(pen, material)
            .into_iter()
            .next()
            .unwrap_or_else(|| vec![Inline::text("No ad delivery is recorded in this case.")]),
    }
}

fn recommendations(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let items: Vec<Vec<Inline>> = material
        .findings
        .recommendations
        .iter()
        .map(|recommendation| {
            let mut text = recommendation
                .to
                .as_ref()
                .map_or_else(Vec::new, |to| pen.say("{}: ", &[Part::Strong(to.clone())]));
            text.extend(markdown::line(pen, &recommendation.text));
            text
        })
        .collect();
    if items.is_empty() {
        Vec::new()
    } else {
        vec![Block::List {
            ordered: false,
            items,
        }]
    }
}
