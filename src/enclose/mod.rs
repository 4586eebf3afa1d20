//! What goes into the bundle beside the rendered report, and what stays out of the public edition.

mod citation;
pub mod earlier;
mod label;
mod public;

pub use label::label;

use crate::Prepared;
use crate::artifacts::{Artifact, Artifacts, Role};
use crate::bundle::Edition;
use crate::case::Case;
use crate::digest::Sha256;
use crate::document::{Block, Document};
use crate::error::{Problem, Result};
use crate::evidence::{Evidence, Secrets, Source};
use crate::notice::Notice;
use crate::privacy;
use crate::recompute;
use crate::render::data::{self, STATISTICS_SCHEMA};
use earlier::Correction;
use std::collections::BTreeSet;

const JSON: &str = "application/json";
const TEXT: &str = "text/plain";

/// The list whose digest a report prints: evidence by exhibit, case, narrative, references, custody
/// and statistics, one `digest  name` a line. The same in both editions.
pub fn digests(case: &Case, evidence: &Evidence, statistics: &[u8]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for (source, file) in evidence.sources.iter().zip(&case.sources) {
        lines.push(format!("{}  {}", source.sha256, source.exhibit));
        // The bundle holds a copy of what was received, and both have a digest here.
        if source.secrets == Secrets::Removed
            && let Some(copy) = crate::evidence::without_secrets(&file.bytes)
        {
            lines.push(format!(
                "{}  {} without access tokens",
                Sha256::of(&copy),
                source.exhibit
            ));
        }
    }
    let mut add = |name: &str, bytes: &[u8]| lines.push(format!("{}  {name}", Sha256::of(bytes)));
    add("case.toml", case.toml.as_bytes());
    if let Some(report) = &case.report {
        add("report.md", report.as_bytes());
    }
    if let Some(references) = &case.references {
        add("references.bib", references.as_bytes());
    }
    if let Some(log) = &case.custody_log {
        add("custody.jsonl", log.as_bytes());
    }
    add("statistics.json", statistics);
    lines.join("\n") + "\n"
}

/// Name of an evidence file in the bundle: its exhibit number, then its own name in characters
/// that every file system takes.
pub fn evidence_path(source: &Source) -> String {
    let name = source.file.rsplit('/').next().unwrap_or(&source.file);
    let safe: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') {
                c
            } else {
                '_'
            }
        })
        .take(100)
        .collect();
    format!("evidence/{}_{}", source.exhibit, safe.trim_end_matches('.'))
}

/// Adds the record, the case and the evidence to the rendered files; for the public edition, then
/// makes sure that nothing withheld stands in any of them.
#[allow(
    clippy::too_many_arguments,
    reason = "the last room before the seal takes what every room gave"
)]
pub fn enclose(
    case: &Case,
    prepared: &Prepared,
    document: &Document,
    edition: Edition,
    rendered: Artifacts,
    statistics: Vec<u8>,
    digests: String,
    correction: Option<&Correction>,
) -> Result<Artifacts> {
    let evidence = &prepared.evidence;
    let mut artifacts = rendered;
    citation::add(document, &mut artifacts)?;
    let mut add = |path: &str, bytes: Vec<u8>, media_type, role| {
        artifacts.add(
            path,
            Artifact {
                bytes,
                media_type,
                role,
            },
        )
    };
    add("statistics.json", statistics, JSON, Role::Data)?;
    add(
        "statistics.schema.json",
        STATISTICS_SCHEMA.into(),
        JSON,
        Role::Data,
    )?;
    add("digests.txt", digests.into_bytes(), TEXT, Role::Record)?;
    add(
        "sentences.json",
        data::sentences(document),
        JSON,
        Role::Record,
    )?;
    add(
        "notices.json",
        notices(case, prepared, edition),
        JSON,
        Role::Record,
    )?;
    let public = edition == Edition::Public;
    add(
        "case/case.toml",
        declared(case, evidence, edition).into_bytes(),
        "application/toml",
        Role::Case,
    )?;
    if let Some(report) = &case.report {
        add(
            "case/report.md",
            match public {
                true => without_comments(report),
                false => report.clone(),
            }
            .into_bytes(),
            "text/markdown",
            Role::Case,
        )?;
    }
    if let Some(references) = &case.references {
        let references = match public {
            true => prepared
                .findings
                .library
                .published(cited_keys(document).into_iter()),
            false => references.clone(),
        };
        add(
            "case/references.bib",
            references.into_bytes(),
            "application/x-bibtex",
            Role::Case,
        )?;
    }
    if let Some(log) = &case.custody_log {
        let log = if public {
            public::custody(case, evidence)
        } else {
            log.clone()
        };
        add(
            "case/custody.jsonl",
            log.into_bytes(),
            "application/jsonl",
            Role::Record,
        )?;
    }
    for (source, file) in evidence.sources.iter().zip(&case.sources) {
        if edition == Edition::Full || !source.withheld {
            // A token opens somebody's account: it leaves the case in no edition.
            let Some(copy) = crate::evidence::without_secrets(&file.bytes) else {
                continue;
            };
            add(
                &evidence_path(source),
                copy.into_owned(),
                media_type(&source.file),
                Role::Evidence,
            )?;
        }
    }
    if let Some(correction) = correction {
        earlier::add(case, correction, &mut artifacts)?;
    }
    let (again, own_words) = again(case, prepared, &artifacts);
    // Of what recomputes, the words of this case are searched: those of the constant text are nobody's.
    let mut words = Artifacts::default();
    words.add(
        "recompute.sql",
        Artifact {
            bytes: own_words.into_bytes(),
            media_type: "application/sql",
            role: Role::Data,
        },
    )?;
    let secret: Vec<Problem> = artifacts
        .iter()
        .chain(words.iter())
        .filter(|(_, artifact)| {
            artifact.role != Role::Evidence && crate::evidence::has_secrets(&artifact.bytes)
        })
        .map(|(path, _)| {
            Problem::new("secret", path, "this file would hold an access token or a signed address")
                .hint("take it out of case.toml, report.md, references.bib, the titles and the table that it stands in; it is not printed here")
        })
        .collect();
    if !secret.is_empty() {
        return Err(crate::error::Error { problems: secret });
    }
    if edition == Edition::Public {
        let text = serde_json::to_string(document).map_err(|error| {
            Problem::new(
                "leak-scan",
                "report.pdf",
                format!("the text of the report could not be searched: {error}"),
            )
            .hint("report this as a defect of casefile")
        })?;
        if let Some(correction) = correction {
            words.add(
                earlier::RECORD,
                Artifact {
                    bytes: earlier::words(correction).into_bytes(),
                    media_type: TEXT,
                    role: Role::Case,
                },
            )?;
        }
        earlier::names(evidence, &artifacts, &text).map_err(earlier::explained)?;
        // Names in a bibliography are written backwards and in braces: they are searched as spoken.
        let spoken = prepared
            .findings
            .library
            .words(cited_keys(document).into_iter());
        words.add(
            "case/references.bib",
            Artifact {
                bytes: spoken.into_bytes(),
                media_type: TEXT,
                role: Role::Case,
            },
        )?;
        privacy::scan(evidence, &artifacts, &text).map_err(earlier::explained)?;
        privacy::scan(evidence, &words, "").map_err(earlier::explained)?;
    }
    let verifier = ("verify.html", crate::verify::page(), "text/html");
    for (path, text, media_type) in again.into_iter().chain([verifier]) {
        artifacts.add(
            path,
            Artifact {
                bytes: text.into_bytes(),
                media_type,
                role: Role::Tool,
            },
        )?;
    }
    Ok(artifacts)
}

/// `case.toml` as this edition holds it.
fn declared(case: &Case, evidence: &Evidence, edition: Edition) -> String {
    match edition {
        Edition::Public => public::case(case, evidence),
        Edition::Full => case.toml.clone(),
    }
}

/// A narrative without what its comments say: they are written for colleagues, and printed nowhere. The
/// marks stay, since those with a hyphen take blanks away.
fn without_comments(report: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(report.len()), report);
    while let Some((before, behind)) = rest.split_once("{#") {
        let Some((comment, after)) = behind.split_once("#}") else {
            break;
        };
        let mark = |own: bool| if own { "-" } else { "" };
        let (opens, closes) = (comment.starts_with('-'), comment.ends_with('-'));
        out.push_str(&format!("{before}{{#{} {}#}}", mark(opens), mark(closes)));
        rest = after;
    }
    out + rest
}

/// Keys of the works that the report cites.
fn cited_keys(document: &Document) -> BTreeSet<&str> {
    let blocks = document.sections.iter().flat_map(|section| &section.blocks);
    let works = blocks.filter_map(|block| match block {
        Block::References { items } => Some(items),
        _ => None,
    });
    works.flatten().map(|work| work.key.as_str()).collect()
}

/// Path, text and media type of what recomputes the report without casefile from the files that this
/// edition holds, and the words in it that come from the case.
fn again(case: &Case, prepared: &Prepared, artifacts: &Artifacts) -> (Again, String) {
    let held = |source: &'_ Source| {
        let path = evidence_path(source);
        artifacts.get(&path).is_some().then_some(path)
    };
    let headings = |bytes: &[u8]| -> Vec<String> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(bytes);
        let first = reader.records().next().and_then(std::result::Result::ok);
        let cells = first.iter().flat_map(csv::StringRecord::iter);
        cells.map(str::to_owned).collect()
    };
    let material = recompute::Material {
        case,
        evidence: &prepared.evidence,
        cube: &prepared.cube,
        paths: prepared
            .evidence
            .sources
            .iter()
            .filter_map(|source| Some((source.exhibit.as_str(), held(source)?)))
            .collect(),
        tables: artifacts
            .iter()
            .filter(|(path, _)| path.starts_with("tables/"))
            .map(|(path, table)| (path, headings(&table.bytes)))
            .collect(),
    };
    let files = [
        (
            "recompute.sql",
            recompute::sql(&material),
            "application/sql",
        ),
        (
            "recompute.py",
            recompute::PYTHON.to_owned(),
            "text/x-python",
        ),
    ];
    (files, recompute::own_words(&material))
}

/// Path, text and media type of two files.
type Again = [(&'static str, String, &'static str); 2];

fn notices(case: &Case, prepared: &Prepared, edition: Edition) -> Vec<u8> {
    let Prepared {
        evidence,
        cube,
        findings,
    } = prepared;
    let hidden = |file: &str| {
        evidence
            .source(file)
            .filter(|source| edition == Edition::Public && source.withheld)
            .map(|source| source.exhibit.clone())
    };
    let mut list: Vec<Notice> = case
        .notices
        .iter()
        .chain(&evidence.notices)
        .chain(&cube.notices)
        .chain(&findings.notices)
        .cloned()
        .collect();
    list.sort();
    list.dedup();
    for notice in &mut list {
        if let Some(exhibit) = hidden(&notice.locator.file) {
            notice.locator.file = exhibit.into();
        }
    }
    // Headings that somebody wrote into a log can name people.
    let unused = |source: &Source| match edition {
        Edition::Public if source.withheld => serde_json::json!(source.unused_columns.len()),
        _ => serde_json::json!(source.unused_columns),
    };
    // By which a bundle can be run again: periods and times of exports stand in names of files.
    let named = |source: &Source| hidden(&source.file).is_none().then(|| source.file.clone());
    let rows: Vec<serde_json::Value> = evidence.sources.iter().map(|source| serde_json::json!({ "exhibit": source.exhibit, "kind": source.kind, "file": named(source), "format": source.format, "rows": source.rows, "unused_columns": unused(source), "snapshot": source.snapshot.as_ref().map(|s| serde_json::json!({ "at": s.at.to_string(), "basis": s.basis })) })).collect();
    let mut bytes =
        serde_json::to_vec_pretty(&serde_json::json!({ "notices": list, "sources": rows }))
            .unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// Media type of an evidence file, by its ending.
fn media_type(file: &str) -> &'static str {
    match file
        .rsplit('.')
        .next()
        .map(str::to_ascii_lowercase)
        .as_deref()
    {
        Some("csv") => "text/csv",
        Some("tsv") => "text/tab-separated-values",
        Some("json") => JSON,
        Some("jsonl") => "application/jsonl",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("xml") => "application/xml",
        Some("html" | "htm") => "text/html",
        Some("md") => "text/markdown",
        Some("txt") => TEXT,
        Some("pdf") => "application/pdf",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        _ => "application/octet-stream",
    }
}
