//! Bad news that travels with the data: counted, listed in the report, kept in the bundle.

use serde::Serialize;
use std::sync::Arc;

/// A place in a source: file, sheet of a workbook, one-based row or line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Locator {
    /// Path of the source inside the case folder, with `/` separators.
    pub file: Arc<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<Arc<str>>,
    /// One-based line of a text file (where the record starts), or row of a sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
}

impl Locator {
    /// The whole file.
    pub fn file(file: impl Into<Arc<str>>) -> Self {
        Locator {
            file: file.into(),
            sheet: None,
            row: None,
        }
    }

    /// A row of the file.
    pub fn row(file: impl Into<Arc<str>>, row: u64) -> Self {
        Locator {
            file: file.into(),
            sheet: None,
            row: Some(row),
        }
    }
}

/// How much a notice weighs for a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// Something the reader should know; no number is affected.
    Info,
    /// A number may be affected, or a limit applies to it.
    Caution,
}

/// A remark on the data with a stable code and a place.
///
/// The message must never contain the text of a contact, a handle or any other identity:
/// notices are part of the public edition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Notice {
    pub code: &'static str,
    pub weight: Weight,
    pub locator: Locator,
    pub message: String,
}

impl Notice {
    pub fn info(code: &'static str, locator: Locator, message: impl Into<String>) -> Self {
        Notice {
            code,
            weight: Weight::Info,
            locator,
            message: message.into(),
        }
    }

    pub fn caution(code: &'static str, locator: Locator, message: impl Into<String>) -> Self {
        Notice {
            code,
            weight: Weight::Caution,
            locator,
            message: message.into(),
        }
    }
}
