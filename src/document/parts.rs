//! The parts of a report that are files of their own, and how each is cited.

use super::{Block, Chart, Document, Labels, PartCitation, Table, plain};
use super::{finding_file, finding_part};
use crate::cite::{self, Part, PartKind, Record, Style};
use crate::digest::Sha256;

/// All charts, in reading order.
pub fn charts(document: &Document) -> Vec<&Chart> {
    let blocks = document.sections.iter().flat_map(|section| &section.blocks);
    blocks
        .filter_map(|block| match block {
            Block::Figure(chart) => Some(chart),
            Block::Finding(finding) => finding.chart.as_ref(),
            _ => None,
        })
        .collect()
}

/// All tables, those of the charts first.
pub fn tables(document: &Document) -> Vec<&Table> {
    let mut tables: Vec<&Table> = charts(document)
        .into_iter()
        .map(|chart| &*chart.table)
        .collect();
    let blocks = document.sections.iter().flat_map(|section| &section.blocks);
    tables.extend(blocks.filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    }));
    tables
}

/// Path and content of the file of each finding.
pub fn finding_files(document: &Document) -> Vec<(String, String)> {
    findings(document)
        .filter_map(|(finding, part)| Some((part.file?, finding_file(finding))))
        .collect()
}

fn findings(document: &Document) -> impl Iterator<Item = (&super::Finding, Part)> {
    let blocks = document.sections.iter().flat_map(|section| &section.blocks);
    blocks.filter_map(|block| match block {
        Block::Finding(finding) => {
            let finding = &**finding;
            Some((finding, finding_part(finding, &document.labels.finding)))
        }
        _ => None,
    })
}

/// All that can be cited by itself: findings, figures, tables. `digest` gives that of a file of the
/// bundle; what is no file is no part.
pub fn parts(document: &Document, digest: impl Fn(&str) -> Option<Sha256>) -> Vec<Part> {
    let labels = &document.labels;
    let figures = charts(document);
    let figures = figures
        .iter()
        .filter_map(|chart| figure_part(chart, labels, &digest));
    let tables = tables(document);
    let tables = tables
        .iter()
        .filter_map(|table| table_part(table, labels, &digest));
    let findings = findings(document).map(|(_, part)| part);
    findings.chain(figures).chain(tables).collect()
}

/// The document with the digest and the citation of each figure and table beside it. They come after
/// the files, which hold neither.
pub fn with_citations(mut document: Document, digest: impl Fn(&str) -> Option<Sha256>) -> Document {
    let (labels, record) = (document.labels.clone(), document.meta.record.clone());
    let in_table = |table: &mut Table| {
        table.cited = table_part(table, &labels, &digest).and_then(|part| citation(&record, part));
    };
    let in_chart = |chart: &mut Chart| {
        chart.cited = figure_part(chart, &labels, &digest).and_then(|part| citation(&record, part));
        in_table(&mut chart.table);
    };
    for block in document
        .sections
        .iter_mut()
        .flat_map(|section| &mut section.blocks)
    {
        match block {
            Block::Figure(chart) => in_chart(chart),
            Block::Finding(finding) => finding.chart.iter_mut().for_each(in_chart),
            Block::Table(table) => in_table(table),
            _ => {}
        }
    }
    document
}

fn citation(record: &Record, part: Part) -> Option<PartCitation> {
    Some(PartCitation {
        text: cite::formatted(record, Some(&part), Style::Apa),
        sha256: part.digest,
        file: part.file?,
    })
}

fn figure_part(
    chart: &Chart,
    labels: &Labels,
    digest: impl Fn(&str) -> Option<Sha256>,
) -> Option<Part> {
    let file = format!("charts/{}.svg", chart.id);
    Some(Part {
        kind: PartKind::Figure,
        id: chart.id.clone(),
        label: format!("{} {}", labels.figure, chart.number),
        title: chart.title.clone(),
        anchor: chart.id.clone(),
        digest: digest(&file)?,
        file: Some(file),
    })
}

fn table_part(
    table: &Table,
    labels: &Labels,
    digest: impl Fn(&str) -> Option<Sha256>,
) -> Option<Part> {
    let file = table.csv.as_ref()?;
    Some(Part {
        kind: PartKind::Table,
        id: table.id.clone(),
        label: format!("{} {}", labels.table, table.number),
        title: plain(&table.caption),
        anchor: table.id.clone(),
        digest: digest(file)?,
        file: Some(file.clone()),
    })
}
