//! How to cite the report and each part of it, as files of the bundle.

use crate::artifacts::{Artifact, Artifacts, Role};
use crate::cite::{self, Record};
use crate::digest::Sha256;
use crate::document::{Document, finding_files, parts};
use crate::error::Result;

/// Adds a file for each finding, and the record in all its formats. Figures and tables are files
/// already: their digests are those of the files.
pub(super) fn add(document: &Document, artifacts: &mut Artifacts) -> Result<()> {
    for (file, text) in finding_files(document) {
        artifacts.add(file, artifact(text, "application/json", Role::Data))?;
    }
    let digest = |file: &str| Some(Sha256::of(&artifacts.get(file)?.bytes));
    let record = Record {
        parts: parts(document, digest),
        ..document.meta.record.clone()
    };
    cite::check(&record, "case.toml")?;
    for (file, media_type, text) in cite::files(&record)? {
        artifacts.add(file, artifact(text, media_type, Role::Citation))?;
    }
    Ok(())
}

fn artifact(text: String, media_type: &'static str, role: Role) -> Artifact {
    Artifact {
        bytes: text.into_bytes(),
        media_type,
        role,
    }
}
