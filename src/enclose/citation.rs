//! How to cite the report and each part of it, as files of the bundle.

use crate::artifacts::{Artifact, Artifacts, Role};
use crate::cite::{self, Part, PartKind, Record};
use crate::digest::Sha256;
use crate::document::{Block, Document, finding_file, finding_part, plain};
use crate::error::Result;

/// Adds a file for each finding, and the record in all its formats. Figures and tables are files
/// already: their digests are those of the files.
pub(super) fn add(document: &Document, artifacts: &mut Artifacts) -> Result<()> {
    let mut parts = Vec::new();
    for block in document.sections.iter().flat_map(|section| &section.blocks) {
        let Block::Finding(finding) = block else {
            continue;
        };
        let part = finding_part(finding, &document.labels.finding);
        if let Some(path) = &part.file {
            let bytes = finding_file(finding).into_bytes();
            artifacts.add(
                path.clone(),
                artifact(bytes, "application/json", Role::Data),
            )?;
        }
        parts.push(part);
    }
    for chart in crate::render::charts(document) {
        let label = format!("{} {}", document.labels.figure, chart.number);
        let file = format!("charts/{}.svg", chart.id);
        let title = plain(&chart.caption);
        parts.extend(part(
            PartKind::Figure,
            &chart.id,
            label,
            title,
            file,
            artifacts,
        ));
    }
    for table in crate::render::tables(document) {
        if let Some(file) = &table.csv {
            let label = format!("{} {}", document.labels.table, table.number);
            let title = plain(&table.caption);
            parts.extend(part(
                PartKind::Table,
                &table.id,
                label,
                title,
                file.clone(),
                artifacts,
            ));
        }
    }
    let record = Record {
        parts,
        ..document.meta.record.clone()
    };
    cite::check(&record, "case.toml")?;
    for (file, media_type, text) in cite::files(&record)? {
        artifacts.add(
            file,
            artifact(text.into_bytes(), media_type, Role::Citation),
        )?;
    }
    Ok(())
}

fn artifact(bytes: Vec<u8>, media_type: &'static str, role: Role) -> Artifact {
    Artifact {
        bytes,
        media_type,
        role,
    }
}

fn part(
    kind: PartKind,
    id: &str,
    label: String,
    title: String,
    file: String,
    artifacts: &Artifacts,
) -> Option<Part> {
    let digest = Sha256::of(&artifacts.get(&file)?.bytes);
    Some(Part {
        kind,
        id: id.to_owned(),
        label,
        title,
        anchor: id.to_owned(),
        digest,
        file: Some(file),
    })
}
