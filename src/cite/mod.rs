//! How to cite the report, and each finding, figure and table of it: one record, many formats.
//!
//! A [`Record`] holds what a citation can say and nothing that a format wants; every format is a
//! pure function of it. There is no clock (no "accessed on"), no locale of the machine, no
//! placeholder: what the case does not state is left out, and where a standard insists on a value
//! (`authors` in CITATION.cff, `creators` and `publisher` in DataCite) the standard's own word for
//! "not stated" is written.
//!
//! | file in the bundle | standard | function |
//! |---|---|---|
//! | `CITATION.cff` | Citation File Format 1.2.0 | `cff` |
//! | `citation.bib` | BibTeX, read alike by biblatex | `bibtex` |
//! | `citation.ris` | RIS | `ris` |
//! | `citation.csl.json` | CSL-JSON 1.0 schema | `csl` |
//! | `citation.datacite.json` | DataCite Metadata 4.5 | `datacite` |
//! | `citation.jsonld` | schema.org | `json_ld` |
//! | `citation.record.json` | ours: the record itself | [`record`] |
//!
//! The digest of a record is that of `digests.txt`: it stands for evidence, case and statistics. It
//! cannot be that of the bundle, which holds these files.

mod author;
mod bibtex;
mod cff;
mod check;
mod csl;
mod datacite;
mod formatted;
mod json_ld;
mod licence;
mod meta_tags;
mod printed;
pub mod record;
pub mod references;
mod ris;
mod style;
mod text;
mod work;

pub use author::Author;
pub use check::{check, is_doi, is_orcid, is_web_address};
pub use formatted::formatted;
pub use json_ld::json_ld;
pub use meta_tags::meta_tags;
pub use record::{Kind, Part, PartKind, Program, Record, Supersedes};
pub use style::Style;

use crate::error::{Problem, Result};
use work::Work;

/// A machine-readable form of a citation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    Bibtex,
    Ris,
    CslJson,
    Cff,
    Datacite,
    JsonLd,
}

impl Format {
    pub const ALL: [Format; 6] = [
        Format::Bibtex,
        Format::Ris,
        Format::CslJson,
        Format::Cff,
        Format::Datacite,
        Format::JsonLd,
    ];

    /// The word of the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Bibtex => "bibtex",
            Format::Ris => "ris",
            Format::CslJson => "csl-json",
            Format::Cff => "cff",
            Format::Datacite => "datacite",
            Format::JsonLd => "json-ld",
        }
    }

    /// Name of the file in the bundle's `data/`.
    pub fn file(self) -> &'static str {
        match self {
            Format::Bibtex => "citation.bib",
            Format::Ris => "citation.ris",
            Format::CslJson => "citation.csl.json",
            Format::Cff => "CITATION.cff",
            Format::Datacite => "citation.datacite.json",
            Format::JsonLd => "citation.jsonld",
        }
    }

    /// IANA media type where there is one; `application/yaml` for CFF (RFC 9512).
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Bibtex => "application/x-bibtex",
            Format::Ris => "application/x-research-info-systems",
            Format::CslJson => "application/vnd.citationstyles.csl+json",
            Format::Cff => "application/yaml",
            Format::Datacite => "application/vnd.datacite.datacite+json",
            Format::JsonLd => "application/ld+json",
        }
    }

    /// The record, or one part of it, in this format.
    ///
    /// # Errors
    /// `cite-whole-only` for a part in CFF or DataCite: both describe what is released or
    /// registered as a whole, and have no form for a place in it.
    pub fn write(self, record: &Record, part: Option<&Part>) -> Result<String> {
        let work = Work::new(record, part);
        match self {
            Format::Cff | Format::Datacite if part.is_some() => Err(Problem::new(
                "cite-whole-only",
                self.name(),
                "this format describes a whole report, not one finding, figure or table",
            )
            .hint("use bibtex, ris, csl-json or json-ld for a part, or leave the part out")
            .into()),
            Format::Bibtex => Ok(bibtex::bibtex(&work)),
            Format::Ris => Ok(ris::ris(&work)),
            Format::CslJson => Ok(csl::csl_json(&work)),
            Format::Cff => Ok(cff::cff(&work)),
            Format::Datacite => Ok(datacite::datacite(&work)),
            Format::JsonLd => Ok(json_ld::of_work(&work)),
        }
    }
}

/// All files that a bundle carries for those who cite it, by name in `data/`.
pub fn files(record: &Record) -> Result<Vec<(&'static str, &'static str, String)>> {
    let mut files = Vec::new();
    for format in Format::ALL {
        files.push((
            format.file(),
            format.media_type(),
            format.write(record, None)?,
        ));
    }
    files.push((record::FILE, "application/json", record::write(record)));
    files.sort_unstable();
    Ok(files)
}
