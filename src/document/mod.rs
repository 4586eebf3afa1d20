//! The report as data: everything that a reader sees, before it is HTML or PDF.
//!
//! Renderers know only this room, which keeps their outputs equal. What PDF/UA and PDF/A demand
//! (title, language, date, alternative texts, heading order) are required fields here, so that no
//! renderer can forget them. All strings are plain text: renderers escape, nothing is markup.

mod chart;
mod compose;
mod labels;
mod markdown;
mod parts;
mod pen;
mod record;
mod section_accounts;
mod section_contacts;
mod section_context;
mod section_corrections;
mod section_declaration;
mod section_delivery;
mod section_findings;
mod section_limits;
mod section_record;
mod section_references;
mod section_robustness;
mod section_statements;
mod section_tested;
mod sentences;

pub use chart::*;
pub use compose::{Material, document};
pub use parts::{charts, finding_files, parts, tables, with_citations};
pub use pen::cut;
pub use sentences::{Sentence, sentences};

/// Anchor of the section on what a version corrects.
pub const CORRECTIONS: &str = "corrections";

use crate::cite::Record;
use crate::digest::Sha256;
use record::{finding_file, finding_part};
use serde::Serialize;

/// The whole report.
#[derive(Debug, Clone, Serialize)]
pub struct Document {
    pub meta: DocumentMeta,
    /// In reading order; the first is the summary.
    pub sections: Vec<Section>,
    /// Where each number comes from; [`Inline::Number`] and [`Cell`] refer to it by index.
    pub provenance: Vec<Provenance>,
    /// All words of the frame (headings of apparatus, labels), in the report's language.
    pub labels: Labels,
}

/// The record of the publication.
#[derive(Debug, Clone, Serialize)]
pub struct DocumentMeta {
    pub id: String,
    pub version: String,
    pub title: String,
    pub subtitle: Option<String>,
    /// What the file says of itself to catalogues: the abstract or the answer, and the digest.
    pub description: String,
    /// The answer in one sentence, with its numbers.
    pub answer: Vec<Inline>,
    /// BCP 47 tag.
    pub language: String,
    /// ISO 8601 date.
    pub date: String,
    /// The date in words.
    pub date_words: String,
    pub publisher: Option<String>,
    /// "Name (affiliation)" of each author.
    pub authors: Vec<AuthorLine>,
    pub keywords: Vec<String>,
    pub license: Option<String>,
    pub url: Option<String>,
    pub doi: Option<String>,
    /// A sentence for every page, such as that the data are synthetic.
    pub banner: Option<String>,
    /// "public edition" or "full edition", in words.
    pub edition: String,
    /// Digest over evidence, case and findings.
    pub digest: Sha256,
    /// The digest in groups of four digits.
    pub digest_grouped: String,
    pub us_letter: bool,
    /// Name and version of the program.
    pub generator: String,
    /// One line: how to cite the report, in the style of the American Psychological Association.
    pub citation: String,
    /// What a citation can say, without the parts, whose digests come with their files.
    pub record: Record,
    /// The same as elements of the page, which reference managers read (Highwire, Dublin Core).
    pub meta_tags: Vec<(&'static str, String)>,
    /// The record for search engines and reference managers (schema.org, JSON-LD), safe inside a
    /// `script` element.
    pub json_ld: String,
}

/// An author as printed and as cited.
#[derive(Debug, Clone, Serialize)]
pub struct AuthorLine {
    pub name: String,
    pub affiliation: Option<String>,
    pub orcid: Option<String>,
}

/// A part of the report under a heading of level 2.
#[derive(Debug, Clone, Serialize)]
pub struct Section {
    /// Permanent anchor, kebab-case.
    pub id: String,
    pub title: String,
    pub blocks: Vec<Block>,
}

/// Everything that a report can show.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "block", rename_all = "kebab-case")]
pub enum Block {
    /// A heading inside a section; level 3 or 4, never skipping one.
    Heading {
        level: u8,
        id: String,
        text: Vec<Inline>,
    },
    Paragraph {
        text: Vec<Inline>,
    },
    List {
        ordered: bool,
        items: Vec<Vec<Inline>>,
    },
    Quote {
        text: Vec<Inline>,
        source: Vec<Inline>,
    },
    /// A remark set apart.
    Note {
        weight: NoteWeight,
        title: String,
        text: Vec<Inline>,
    },
    Finding(Box<Finding>),
    Figure(Chart),
    Table(Table),
    /// Terms and their descriptions.
    Definitions {
        items: Vec<Definition>,
    },
    /// Lines to be typed as printed, such as commands.
    Code {
        text: String,
        label: String,
    },
    /// The works that the report cites, in the order of its citation style.
    References {
        items: Vec<CitedWork>,
    },
}

/// A work that the report cites.
#[derive(Debug, Clone, Serialize)]
pub struct CitedWork {
    /// Its key in the bibliography.
    pub key: String,
    /// Permanent anchor: `ref-` and the key in the characters of an anchor.
    pub id: String,
    /// As the citation style prints it, with its number where it has one.
    pub text: Vec<Inline>,
    /// The way back: links to the sections that cite it. Empty where nothing in a section does.
    pub cited_in: Vec<Inline>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteWeight {
    Info,
    Caution,
}

#[derive(Debug, Clone, Serialize)]
pub struct Definition {
    pub term: String,
    pub description: Vec<Inline>,
}

/// A piece of running text.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "inline", rename_all = "kebab-case")]
pub enum Inline {
    Text {
        text: String,
    },
    Strong {
        text: Vec<Inline>,
    },
    Emphasis {
        text: Vec<Inline>,
    },
    Code {
        text: String,
    },
    /// `to` is `#anchor` or an `https:`, `http:` or `mailto:` address; renderers refuse others.
    Link {
        text: Vec<Inline>,
        to: String,
    },
    /// A computed number, or a declared fact, with its place in [`Document::provenance`].
    Number {
        text: String,
        provenance: usize,
    },
    /// A citation of works in [`Block::References`], as the citation style prints it: each work is
    /// a link to its entry.
    Citation {
        /// Anchor, where an entry leads back to this citation.
        id: Option<String>,
        /// Keys of the works.
        works: Vec<String>,
        text: Vec<Inline>,
    },
    LineBreak,
}

impl Inline {
    /// Plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Inline::Text { text: text.into() }
    }
}

/// The words without their markup.
pub fn plain(inlines: &[Inline]) -> String {
    inlines
        .iter()
        .map(|inline| match inline {
            Inline::Text { text } | Inline::Code { text } | Inline::Number { text, .. } => {
                text.clone()
            }
            Inline::Strong { text }
            | Inline::Emphasis { text }
            | Inline::Link { text, .. }
            | Inline::Citation { text, .. } => plain(text),
            Inline::LineBreak => " ".into(),
        })
        .collect()
}

/// A sentence that a reader may quote, with what carries it.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// Permanent anchor: `finding-<id>`.
    pub anchor: String,
    /// Position among the findings, from 1.
    pub number: usize,
    pub statement: Vec<Inline>,
    /// Units, method and interval in words.
    pub how_we_know: Vec<Vec<Inline>>,
    pub does_not_say: Option<Vec<Inline>>,
    /// How far the design lets the statement go.
    pub design: Option<Vec<Inline>>,
    /// Words of the statement that go beyond the design.
    pub caution: Option<Vec<Inline>>,
    /// In how many choices of analysis the finding holds.
    pub robustness: Option<Vec<Inline>>,
    /// Each assertion as written, with the values that it was evaluated to.
    pub assertions: Vec<Assertion>,
    /// A small picture, where one fits.
    pub chart: Option<Chart>,
    pub cite: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Assertion {
    pub expression: String,
    /// "share('child').min = 0.8123".
    pub evaluated: String,
    pub holds: bool,
}

/// Where a number comes from: printed when a reader opens it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Provenance {
    /// Lasting path of the estimate, such as `share/child/pooled`.
    pub id: String,
    /// What the number is, in words.
    pub label: String,
    /// The value at full precision, with its interval and counts.
    pub value: String,
    pub sources: Vec<SourceRef>,
    /// How the rows were selected and counted, in words or SQL.
    pub query: String,
    pub method: String,
    /// Paper or standard of the method.
    pub method_source: String,
}

/// Rows of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SourceRef {
    pub exhibit: String,
    /// File name, or `None` where the file is withheld.
    pub file: Option<String>,
    pub sha256: Sha256,
    /// Rows as ranges: "2-9, 14".
    pub rows: String,
}

/// A table of the report; also written as CSV.
#[derive(Debug, Clone, Serialize)]
pub struct Table {
    /// Permanent anchor: `table-...`; the CSV is `tables/<id>.csv`.
    pub id: String,
    /// Position among the tables, from 1.
    pub number: usize,
    pub caption: Vec<Inline>,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// Rows that the report prints at most; the CSV has all.
    #[serde(skip)]
    pub longest: usize,
    /// Rows that the report leaves out because the table is long.
    pub rows_left_out: usize,
    pub notes: Vec<Vec<Inline>>,
    /// Path of the CSV in the bundle, where it is written.
    pub csv: Option<String>,
    /// `None` until the CSV is written.
    pub cited: Option<PartCitation>,
}

/// A figure or table as a file of its own, and how it is cited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartCitation {
    /// Path in the bundle, relative to `data/`.
    pub file: String,
    pub sha256: Sha256,
    /// In the style of the American Psychological Association, with the digest.
    pub text: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Column {
    pub label: String,
    /// "%", "impressions", "days"...
    pub unit: Option<String>,
    pub align: Align,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    Start,
    /// Numbers: on the decimal, in tabular figures.
    End,
}

/// A cell of a table.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Cell {
    /// What is printed; empty where there is nothing to say (never "0" for missing).
    pub text: String,
    /// Printed in the same cell in smaller type: an interval, n.
    pub detail: Option<String>,
    /// What the CSV holds: full precision, `None` for missing.
    pub raw: Option<String>,
    /// Index into [`Document::provenance`].
    pub provenance: Option<usize>,
    /// The cell names its row.
    pub header: bool,
}

/// All words of the frame.
#[derive(Debug, Clone, Serialize)]
pub struct Labels {
    pub contents: String,
    pub finding: String,
    pub figure: String,
    pub table: String,
    pub how_we_know: String,
    pub does_not_say: String,
    pub design: String,
    pub caution: String,
    pub robustness: String,
    pub no_value: String,
    /// After a number: so many that fail have no name in the picture.
    pub not_named: String,
    pub assertions: String,
    pub cite: String,
    pub source: String,
    pub data_table: String,
    /// Heading over the tables of all figures, where they stand together.
    pub data_tables: String,
    pub provenance: String,
    pub provenance_intro: String,
    pub exhibit: String,
    pub file: String,
    pub rows: String,
    pub query: String,
    pub method: String,
    pub withheld: String,
    pub digest: String,
    pub version: String,
    pub published: String,
    pub page: String,
    pub of: String,
    pub rows_left_out: String,
    pub missing: String,
    pub skip_to_content: String,
    pub holds: String,
    pub fails: String,
}
