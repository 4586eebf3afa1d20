//! The case: everything that may differ between two runs enters here, and only here.
//!
//! `case.toml` holds the only clock (`[case] date`), the only seed (`[study] seed`), the level of
//! every interval, the arms, the findings and the list of evidence. [`load`] also reads
//! `report.md`, `references.bib`, `custody.jsonl`, the bytes of each evidence file and the bundle that
//! is corrected, so that every later room is a pure function of a [`Case`].

mod check;
mod custody;
mod load;
mod schema;
mod sources;

pub use check::is_slug;
pub use custody::{CustodyEntry, custody_line, with_build};
pub use load::{load, open, parse};
pub use schema::*;
pub use sources::covers;

use crate::digest::Sha256;

/// A raw file exactly as received, with the declaration that governs it.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path inside the case folder with `/` separators, as received (may hold `:` and spaces).
    pub file: String,
    /// Exhibit number, `EX-001` onwards, in the byte order of the paths.
    pub exhibit: String,
    pub bytes: Vec<u8>,
    pub sha256: Sha256,
    /// The `[[evidence]]` entry that covers this file.
    pub declaration: EvidenceEntry,
}

/// The bundle that a case corrects.
#[derive(Debug, Clone)]
pub enum Earlier {
    /// The zip that `[case] earlier` names.
    Bundle { name: String, bytes: Vec<u8> },
    /// What a bundle that corrects it keeps of it.
    Record(String),
}

/// A case, read and checked.
#[derive(Debug, Clone)]
pub struct Case {
    pub meta: Meta,
    pub study: Study,
    pub findings: Vec<FindingEntry>,
    pub facts: Vec<FactEntry>,
    pub recommendations: Vec<RecommendationEntry>,
    pub captions: Vec<CaptionEntry>,
    pub witness_declaration: Option<WitnessDeclaration>,
    /// The bundle that this case corrects, where it is at hand.
    pub earlier: Option<Earlier>,
    /// Evidence files in the byte order of their paths.
    pub sources: Vec<SourceFile>,
    pub custody: Vec<CustodyEntry>,
    /// `case.toml` as written, for the bundle and for places in messages.
    pub toml: String,
    /// `report.md`, if there is one.
    pub report: Option<String>,
    /// `references.bib`, if there is one.
    pub references: Option<String>,
    /// `custody.jsonl` as written.
    pub custody_log: Option<String>,
    /// Remarks on the folder itself.
    pub notices: Vec<crate::notice::Notice>,
    /// Files in the evidence folder that no entry covers; told on the terminal, never published.
    pub undeclared: Vec<String>,
}
