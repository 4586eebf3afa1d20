//! What a citation can say, and the file that keeps it in the bundle.

use super::Author;
use crate::digest::Sha256;
use crate::error::{Problem, Result};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Name of the record's file in the bundle's `data/`.
pub const FILE: &str = "citation.record.json";
/// Version of that file's form.
const FORM: u32 = 1;

/// A report or data set, as those who cite it see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    pub kind: Kind,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Author>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// Date of the report; the case's only clock.
    pub date: Date,
    pub version: String,
    /// Slug of the case.
    pub id: String,
    /// Digest over evidence, case and statistics.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Sha256>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Without resolver: `10.5281/zenodo.1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doi: Option<String>,
    /// SPDX identifier or expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// BCP 47 tag.
    pub language: String,
    #[serde(default, rename = "abstract", skip_serializing_if = "Option::is_none")]
    pub abstract_: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<Supersedes>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    pub program: Program,
}

/// What is cited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Report,
    Dataset,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Kind::Report => "Report",
            Kind::Dataset => "Data set",
        }
    }
}

/// The bundle that this one corrects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supersedes {
    pub digest: Sha256,
    /// What changed and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<String>,
}

/// The program that wrote the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    pub name: String,
    pub version: String,
}

/// A finding, figure or table that can be cited by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub kind: PartKind,
    /// Id in the case or document: `mostly-men`.
    pub id: String,
    /// As printed: "Finding 1".
    pub label: String,
    /// The statement, or the caption, in plain words.
    pub title: String,
    /// Permanent anchor in `report.html`, without `#`.
    pub anchor: String,
    /// Digest of the part's own bytes.
    pub digest: Sha256,
    /// The file in `data/` whose bytes have that digest, where the part is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartKind {
    Finding,
    Figure,
    Table,
}

impl Record {
    /// The part that somebody names: by anchor, by label ("figure 3", "figure-3") or by id.
    ///
    /// # Errors
    /// `cite-part` with all labels and anchors, where none is meant.
    pub fn part(&self, name: &str) -> Result<&Part> {
        let wanted = spelled(name);
        let by =
            |key: fn(&Part) -> &str| self.parts.iter().find(|part| spelled(key(part)) == wanted);
        by(|part| &part.anchor)
            .or_else(|| by(|part| &part.label))
            .or_else(|| by(|part| &part.id))
            .ok_or_else(|| {
                let known: Vec<String> = self
                    .parts
                    .iter()
                    .map(|part| format!("{} ({})", part.anchor, part.label))
                    .collect();
                Problem::new(
                    "cite-part",
                    "part",
                    "the report has no such finding, figure or table",
                )
                .value(name)
                .hint(if known.is_empty() {
                    "this report has no parts that can be cited by themselves".into()
                } else {
                    format!("it has: {}", known.join(", "))
                })
                .into()
            })
    }
}

/// "Figure 3", "figure-3" and "#figure-3" are one name.
fn spelled(name: &str) -> String {
    name.trim_start_matches('#')
        .trim()
        .to_lowercase()
        .replace(' ', "-")
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<R> {
    #[serde(rename = "casefile-record")]
    form: u32,
    record: R,
}

/// The record as its file.
pub fn write(record: &Record) -> String {
    super::text::json(&Stored { form: FORM, record })
}

/// The record from its file.
///
/// # Errors
/// `cite-record` with the line where the file is no record, or one of a later form.
pub fn read(bytes: &[u8]) -> Result<Record> {
    let stored: Stored<Record> = serde_json::from_slice(bytes).map_err(|error| {
        let mut problem = Problem::new(
            "cite-record",
            FILE,
            format!("not a citation record: {error}"),
        )
        .hint("check the bundle with `casefile verify`");
        if error.line() > 0 {
            problem = problem.line(error.line() as u64);
        }
        problem
    })?;
    if stored.form != FORM {
        return Err(
            Problem::new("cite-record", FILE, "this form of the record is not known")
                .value(stored.form.to_string())
                .hint("use the version of casefile that wrote the bundle, or a later one")
                .into(),
        );
    }
    Ok(stored.record)
}
