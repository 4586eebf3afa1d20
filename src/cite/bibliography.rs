//! The works that a report cites: `references.bib`, in the text and as a list.

use super::pandoc::{Citation, Locator};
use super::piece::{self, Frame, Piece};
use super::reader;
use super::style::{self, Style};
use crate::error::{Problem, Problems, Result};
use crate::notice::{Locator as Place, Notice};
use hayagriva::citationberg::taxonomy;
use hayagriva::{BibliographyDriver, BibliographyRequest, CitationItem, CitationRequest, Entry};
use hayagriva::{LocatorPayload, SpecificLocator};
use std::collections::{BTreeMap, BTreeSet};

/// A bibliography and the style in which it is printed.
#[derive(Debug, Clone)]
pub struct Bibliography {
    file: String,
    entries: Vec<Entry>,
    lines: BTreeMap<String, u64>,
    /// Anchor of each work in the list, by key.
    anchors: BTreeMap<String, String>,
    style: Style,
}

/// The citations of a report, printed. Numbers and letters after years depend on all of them, so
/// they are printed together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Printed {
    /// One for each citation, in their order.
    pub in_text: Vec<Vec<Piece>>,
    /// The works cited, in the order of the style.
    pub list: Vec<Listed>,
    /// Works of the file that are not cited, and so not printed.
    pub notices: Vec<Notice>,
}

/// A work in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub key: String,
    /// Permanent anchor: `reference-<key>`.
    pub anchor: String,
    /// `[1]` or `1.`, in styles that number.
    pub number: Option<String>,
    pub text: Vec<Piece>,
}

impl Bibliography {
    /// Reads the file named `file`.
    ///
    /// # Errors
    /// All faults of the file at once, each with its line and remedy; the codes start with `bib-`.
    pub fn parse(file: &str, source: &str, style: Style) -> Result<Self> {
        let library = reader::read(file, source)?;
        let mut taken = BTreeSet::new();
        let anchors = library
            .entries
            .iter()
            .map(|entry| {
                let base = anchor(entry.key());
                let mut name = base.clone();
                let mut number = 2;
                while !taken.insert(name.clone()) {
                    name = format!("{base}-{number}");
                    number += 1;
                }
                (entry.key().to_owned(), name)
            })
            .collect();
        Ok(Bibliography {
            file: file.to_owned(),
            entries: library.entries,
            lines: library.lines,
            anchors,
            style,
        })
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The keys that can be cited, in the order of the file.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(Entry::key)
    }

    /// Prints citations and list. Each citation comes with the file and line in which it stands.
    ///
    /// # Errors
    /// `cite-unknown` for each key that the file does not have, with the keys that are like it.
    pub fn print(&self, citations: &[(Citation, &str, Option<u64>)]) -> Result<Printed> {
        let known: BTreeMap<&str, &Entry> = self
            .entries
            .iter()
            .map(|entry| (entry.key(), entry))
            .collect();
        let mut problems = Problems::default();
        for (citation, subject, line) in citations {
            for cite in citation
                .cites
                .iter()
                .filter(|cite| !known.contains_key(cite.key.as_str()))
            {
                let mut problem = Problem::new(
                    "cite-unknown",
                    *subject,
                    format!("{} has no work with this key", self.file),
                )
                .value(cite.key.clone())
                .hint(self.like(&cite.key));
                problem.line = *line;
                problems.push(problem);
            }
        }
        let problems_found = !problems.is_empty();
        let printed = if problems_found {
            None
        } else {
            self.set(citations, &known)
        };
        let mut printed = problems.finish(printed.unwrap_or_default())?;
        let cited: BTreeSet<&str> = citations
            .iter()
            .flat_map(|(citation, ..)| &citation.cites)
            .map(|cite| cite.key.as_str())
            .collect();
        for key in self.keys().filter(|key| !cited.contains(key)) {
            let line = self.lines.get(key).copied().unwrap_or(1);
            printed.notices.push(Notice::info(
                "bib-not-cited",
                Place::row(self.file.as_str(), line),
                format!(
                    "the work `{}` is not cited, so the list of references leaves it out",
                    super::text::line(key)
                ),
            ));
        }
        Ok(printed)
    }

    fn set(
        &self,
        citations: &[(Citation, &str, Option<u64>)],
        known: &BTreeMap<&str, &Entry>,
    ) -> Option<Printed> {
        let sheet = self.style.sheet()?;
        let locale = Some(self.style.locale());
        let mut driver = BibliographyDriver::new();
        for (citation, ..) in citations {
            let items = citation.cites.iter().filter_map(|cite| {
                let locator = cite.locator.as_ref().map(|(kind, value)| {
                    SpecificLocator(counted(*kind), LocatorPayload::Str(value))
                });
                Some(CitationItem::with_locator(
                    *known.get(cite.key.as_str())?,
                    locator,
                ))
            });
            driver.citation(CitationRequest::new(
                items.collect(),
                sheet,
                locale.clone(),
                style::words(),
                None,
            ));
        }
        let rendered = driver.finish(BibliographyRequest {
            style: sheet,
            locale,
            locale_files: style::words(),
        });
        let in_text = rendered
            .citations
            .iter()
            .zip(citations)
            .map(|(set, (citation, ..))| {
                piece::pieces(&set.citation, &|index| match citation.cites.get(index) {
                    Some(cite) => Frame {
                        before: if cite.before.is_empty() {
                            String::new()
                        } else {
                            format!("{} ", cite.before)
                        },
                        after: match &cite.locator {
                            Some((kind, value)) if !self.style.locates() => {
                                format!(" {}{value}{}", kind.short(), cite.after)
                            }
                            _ => cite.after.clone(),
                        },
                        to: self.anchors.get(&cite.key).cloned(),
                    },
                    None => Frame::default(),
                })
            });
        let in_text = in_text.collect();
        let list = rendered.bibliography?;
        let list = list.items.iter().map(|item| {
            let (number, text) = piece::entry(item);
            Listed {
                key: item.key.clone(),
                anchor: self.anchors.get(&item.key).cloned().unwrap_or_default(),
                number,
                text,
            }
        });
        Some(Printed {
            in_text,
            list: list.collect(),
            notices: Vec::new(),
        })
    }

    /// A remedy for a key that is not there: those that start alike, or where to add it.
    fn like(&self, key: &str) -> String {
        let start: String = key.to_lowercase().chars().take(4).collect();
        let like: Vec<&str> = self
            .keys()
            .filter(|known| known.to_lowercase().starts_with(&start))
            .take(5)
            .collect();
        if like.is_empty() {
            format!(
                "add the work to {}, or write the bracket as \\[@{key}\\] if it is no citation",
                self.file
            )
        } else {
            format!("did you mean {}?", like.join(", "))
        }
    }
}

fn counted(locator: Locator) -> taxonomy::Locator {
    match locator {
        Locator::Page => taxonomy::Locator::Page,
        Locator::Chapter => taxonomy::Locator::Chapter,
        Locator::Section => taxonomy::Locator::Section,
        Locator::Paragraph => taxonomy::Locator::Paragraph,
        Locator::Figure => taxonomy::Locator::Figure,
        Locator::Table => taxonomy::Locator::Table,
        Locator::Line => taxonomy::Locator::Line,
        Locator::Volume => taxonomy::Locator::Volume,
        Locator::Note => taxonomy::Locator::Note,
    }
}

/// `reference-` and the key in characters that an anchor takes; never two underscores in a row.
fn anchor(key: &str) -> String {
    let mut out = String::from("reference-");
    for c in key.chars() {
        let c = if c.is_alphanumeric() { c } else { '-' };
        if c != '-' || !out.ends_with('-') {
            out.push(c);
        }
    }
    out.trim_end_matches('-').to_owned()
}
