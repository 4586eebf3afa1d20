//! The report as one file that is PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1).
//!
//! Typst typesets `templates/pdf` over the document, which it receives as JSON only: no text of a
//! report is ever read as markup. Which clause is enforced where is listed in `PDF-STANDARDS.md`.

mod fonts;
mod legible;
mod pictures;
mod world;

use crate::document::{Block, Document};
use crate::error::{Problem, Problems, Result};
use legible::Legible;
use pictures::printable;
use serde::Serialize;
use std::collections::BTreeMap;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use world::Press;

/// What the problems are about.
const SUBJECT: &str = "report.pdf";

/// A file carried inside the PDF, as PDF/A-3 allows (ISO 19005-3, 6.8).
#[derive(Debug, Clone)]
pub struct Attachment {
    /// Relative path, unique among the attachments: "tables/table-ads.csv".
    pub name: String,
    /// Media type (RFC 6838): "text/csv".
    pub media_type: String,
    /// What the file holds, in words.
    pub description: String,
    pub bytes: Vec<u8>,
}

/// What the templates need besides the document.
#[derive(Serialize)]
struct Frame<'a> {
    /// ISO 639 code of the report's language.
    language: String,
    /// ISO 3166 code of its region.
    region: Option<String>,
    /// Chart id -> virtual path of its picture.
    pictures: BTreeMap<String, String>,
    attachments: Vec<Attached<'a>>,
}

#[derive(Serialize)]
struct Attached<'a> {
    name: &'a str,
    media_type: &'a str,
    description: &'a str,
    path: String,
}

/// Typesets the report: the same bytes for the same arguments, in every process.
///
/// `charts` holds a standalone SVG for the id of each chart of the document. Characters that no
/// shipped font has, and those that are invisible or change the direction of what follows, are
/// printed as `[U+1F600]`.
///
/// # Errors
/// `pdf-chart-missing` for a chart without picture, `pdf-date` and `pdf-language` where these
/// cannot be read, `pdf-failed` for whatever typst refuses, such as an attachment without name.
pub fn pdf(
    document: &Document,
    charts: &BTreeMap<String, String>,
    attachments: &[Attachment],
) -> Result<Vec<u8>> {
    let mut problems = Problems::default();
    for id in chart_ids(document).filter(|id| !charts.contains_key(*id)) {
        problems
            .push(Problem::new("pdf-chart-missing", SUBJECT, "a figure has no picture").value(id));
    }
    let today = problems.take(date(&document.meta.date));
    let locale = problems.take(locale(&document.meta.language));
    let (today, (language, region)) = match (today, locale) {
        (Some(today), Some(locale)) => problems.finish((today, locale))?,
        _ => return problems.finish(Vec::new()),
    };

    let mut legible = Legible::new();
    let mut text = serde_json::to_value(document).map_err(|error| failed(error.to_string()))?;
    legible.value(&mut text);

    let mut frame = Frame {
        language,
        region,
        pictures: BTreeMap::new(),
        attachments: Vec::new(),
    };
    for (index, id) in charts.keys().enumerate() {
        frame
            .pictures
            .insert(legible.text(id), format!("/charts/{index}.svg"));
    }
    for (index, attachment) in attachments.iter().enumerate() {
        let Attachment {
            name,
            media_type,
            description,
            ..
        } = attachment;
        frame.attachments.push(Attached {
            name,
            media_type,
            description,
            path: format!("/attachments/{index}"),
        });
    }
    let mut press = Press::new(today);
    press.add(
        "document.json",
        serde_json::to_vec(&text).map_err(|error| failed(error.to_string()))?,
    );
    press.add(
        "frame.json",
        serde_json::to_vec(&frame).map_err(|error| failed(error.to_string()))?,
    );
    for (index, attachment) in attachments.iter().enumerate() {
        press.add(&format!("attachments/{index}"), attachment.bytes.clone());
    }
    let options = options(document, today)?;
    for (index, svg) in charts.values().enumerate() {
        press.add(
            &format!("charts/{index}.svg"),
            printable(svg, &mut legible).into_bytes(),
        );
    }
    let pages = typst::compile::<PagedDocument>(&press)
        .output
        .map_err(|errors| report(&press, &errors))?;
    let bytes = typst_pdf::pdf(&pages, &options).map_err(|errors| report(&press, &errors));
    // What typst has memoised and not used again is let go, or a preview would grow without end.
    typst::comemo::evict(2);
    bytes
}

fn options(document: &Document, date: Datetime) -> Result<PdfOptions> {
    let meta = &document.meta;
    let standards = PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1])
        .map_err(|error| failed(error.message().to_string()))?;
    Ok(PdfOptions {
        ident: Smart::Custom(format!(
            "{} {} {} {}",
            meta.id, meta.version, meta.digest, meta.edition
        )),
        creator: Smart::Custom(Some(meta.generator.clone())),
        timestamp: Some(Timestamp::new_utc(date)),
        standards,
        ..PdfOptions::default()
    })
}

fn chart_ids(document: &Document) -> impl Iterator<Item = &str> {
    document
        .sections
        .iter()
        .flat_map(|section| &section.blocks)
        .filter_map(|block| match block {
            Block::Figure(chart) => Some(chart.id.as_str()),
            Block::Finding(finding) => finding.chart.as_ref().map(|chart| chart.id.as_str()),
            _ => None,
        })
}

/// Midnight of an ISO 8601 date.
fn date(text: &str) -> Result<Datetime> {
    let mut parts = text.splitn(3, '-');
    let mut next = || {
        parts
            .next()
            .filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let year = next().and_then(|year| year.parse().ok());
    let month = next().and_then(|month| month.parse().ok());
    let day = next().and_then(|day| day.parse().ok());
    year.zip(month)
        .zip(day)
        .and_then(|((year, month), day)| Datetime::from_ymd_hms(year, month, day, 0, 0, 0))
        .ok_or_else(|| {
            Problem::new("pdf-date", SUBJECT, "the report's date is no date")
                .value(text)
                .hint("write it as 2026-11-23")
                .into()
        })
}

/// Language and region of a BCP 47 tag, as typst and the PDF take them.
fn locale(tag: &str) -> Result<(String, Option<String>)> {
    let mut subtags = tag.split('-');
    let alphabetic = |subtag: &str| subtag.bytes().all(|byte| byte.is_ascii_alphabetic());
    let language = subtags
        .next()
        .filter(|language| matches!(language.len(), 2 | 3) && alphabetic(language));
    let region = subtags.find(|subtag| subtag.len() == 2 && alphabetic(subtag));
    match language {
        Some(language) => Ok((
            language.to_ascii_lowercase(),
            region.map(str::to_ascii_uppercase),
        )),
        None => Err(Problem::new(
            "pdf-language",
            SUBJECT,
            "the report's language is no language tag",
        )
        .value(tag)
        .hint("use a BCP 47 tag such as `en` or `pt-BR`")
        .into()),
    }
}

fn failed(message: String) -> Problem {
    Problem::new("pdf-failed", SUBJECT, message)
}

/// Everything that typst found wrong, with the template and line where it did.
fn report(press: &Press, errors: &[SourceDiagnostic]) -> crate::error::Error {
    let problems = errors.iter().map(|error| {
        let mut problem = failed(error.message.to_string());
        if let Some((template, line)) = press.place(error.span) {
            problem = problem.value(template).line(line);
        }
        let hints: Vec<&str> = error.hints.iter().map(|hint| hint.v.as_str()).collect();
        if hints.is_empty() {
            problem
        } else {
            problem.hint(hints.join("; "))
        }
    });
    crate::error::Error {
        problems: problems.collect(),
    }
}
