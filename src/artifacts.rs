//! What rendering makes and bundling seals: paths to bytes, every path checked once.

use crate::error::{Problem, Result};
use std::collections::BTreeMap;

/// What a file in the bundle is, for the person who opens the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The report, as HTML or PDF.
    Report,
    /// A figure drawn for the report.
    Figure,
    /// A table of the report as CSV.
    Table,
    /// Machine-readable results and their schema.
    Data,
    /// A raw file exactly as received.
    Evidence,
    /// The declaration of the case, its narrative and its bibliography.
    Case,
    /// Notices, exclusions, custody, and the list of files.
    Record,
    /// How to cite the report, in the formats that libraries and authors use.
    Citation,
    /// What checks and recomputes the bundle without casefile.
    Tool,
}

/// A file to be written or sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    pub bytes: Vec<u8>,
    /// IANA media type.
    pub media_type: &'static str,
    pub role: Role,
}

/// Relative paths with `/` separators, in byte order, mapped to their bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Artifacts {
    files: BTreeMap<String, Artifact>,
    /// Lower-case form of each path -> the path.
    folded: BTreeMap<String, String>,
}

/// The longest path that every common file system takes.
const LONGEST_PATH: usize = 200;

/// Why a path must not enter a bundle, or `None` when it may.
///
/// Bundle paths are relative, use `/`, hold no empty, `.` or `..` segment, no control character,
/// no backslash, no colon (a drive on Windows), and do not end in a dot or space.
pub fn path_fault(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        return Some("is empty");
    }
    if path.len() > LONGEST_PATH {
        return Some("is longer than 200 bytes");
    }
    if path.starts_with('/') {
        return Some("is absolute");
    }
    if path.contains('\\') || path.contains(':') {
        return Some("holds a backslash or a colon");
    }
    if path.chars().any(char::is_control) {
        return Some("holds a control character");
    }
    for segment in path.split('/') {
        if segment.is_empty() || segment == "." || segment == ".." {
            return Some("holds an empty, `.` or `..` segment");
        }
        if segment.ends_with('.') || segment.ends_with(' ') || segment.starts_with(' ') {
            return Some("has a segment that ends in a dot or a space or starts with a space");
        }
    }
    None
}

impl Artifacts {
    /// Adds a file. Refuses unsafe paths, and paths that differ from an earlier one only in case
    /// (they would overwrite each other on many file systems).
    pub fn add(&mut self, path: impl Into<String>, artifact: Artifact) -> Result<()> {
        let path = path.into();
        if let Some(fault) = path_fault(&path) {
            return Err(Problem::new(
                "unsafe-path",
                path,
                format!("this path {fault} and cannot enter a bundle"),
            )
            .hint("rename the file")
            .into());
        }
        if let Some(other) = self.folded.insert(path.to_lowercase(), path.clone()) {
            return Err(Problem::new("duplicate-path", path.clone(), "another file has the same name")
                .value(other)
                .hint("rename one of the two files; names that differ only in upper and lower case count as the same")
                .into());
        }
        self.files.insert(path, artifact);
        Ok(())
    }

    /// Paths and files in byte order of the path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Artifact)> {
        self.files
            .iter()
            .map(|(path, artifact)| (path.as_str(), artifact))
    }

    pub fn get(&self, path: &str) -> Option<&Artifact> {
        self.files.get(path)
    }

    pub fn len(&self) -> usize {
        self.files.len()
    }

    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}
