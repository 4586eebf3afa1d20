//! The document as files: HTML, PDF, figures, tables and statistics.

pub mod changes;
pub mod chart;
pub mod data;
pub mod html;
pub mod pdf;

use crate::artifacts::{Artifact, Artifacts, Role};
use crate::digest::Sha256;
use crate::document::{Block, Document, charts, cut, tables, with_citations};
use crate::error::Result;
use std::collections::BTreeMap;

/// Media type of a table.
const CSV: &str = "text/csv";

/// Renders everything. `statistics` is the JSON that `findings::statistics` wrote: it is attached
/// to the PDF beside the tables.
pub fn render(document: &Document, statistics: &[u8]) -> Result<Artifacts> {
    let mut artifacts = Artifacts::default();
    let mut attachments = vec![pdf::Attachment {
        name: "statistics.json".into(),
        media_type: "application/json".into(),
        description: "Every estimate with its interval, counts, method and source rows".into(),
        bytes: statistics.to_vec(),
    }];
    for table in tables(document) {
        if let Some(path) = &table.csv {
            let bytes = data::csv(table);
            attachments.push(pdf::Attachment {
                name: path.clone(),
                media_type: CSV.into(),
                description: crate::document::plain(&table.caption),
                bytes: bytes.clone(),
            });
            artifacts.add(
                path.clone(),
                Artifact {
                    bytes,
                    media_type: CSV,
                    role: Role::Table,
                },
            )?;
        }
    }
    let mut pictures = BTreeMap::new();
    for chart in charts(document) {
        let picture = chart::svg(chart, document, chart::Medium::File);
        artifacts.add(
            format!("charts/{}.svg", chart.id),
            Artifact {
                bytes: picture.into_bytes(),
                media_type: "image/svg+xml",
                role: Role::Figure,
            },
        )?;
        pictures.insert(
            chart.id.clone(),
            chart::svg(chart, document, chart::Medium::Print),
        );
    }
    let shortened = with_citations(shorten(document), |file| {
        Some(Sha256::of(&artifacts.get(file)?.bytes))
    });
    artifacts.add(
        "report.html",
        Artifact {
            bytes: html::html(&shortened)?,
            media_type: "text/html",
            role: Role::Report,
        },
    )?;
    artifacts.add(
        "report.pdf",
        Artifact {
            bytes: pdf::pdf(&shortened, &pictures, &attachments)?,
            media_type: "application/pdf",
            role: Role::Report,
        },
    )?;
    Ok(artifacts)
}

/// The document with its long tables cut to what a page can show.
fn shorten(document: &Document) -> Document {
    let mut short = document.clone();
    for block in short
        .sections
        .iter_mut()
        .flat_map(|section| &mut section.blocks)
    {
        match block {
            Block::Table(table) => *table = cut(table),
            Block::Figure(chart) => *chart.table = cut(&chart.table),
            _ => {}
        }
    }
    short
}
