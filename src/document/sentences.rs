//! The sentences of a report one by one, so that two versions of it can be compared as they read.

use super::{Block, Chart, Document, Inline, Table, plain};
use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation as _;

/// A sentence with the place where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sentence {
    /// Anchor of the section.
    pub section: String,
    /// The nearest anchor: of a heading, finding, figure or table; else that of the section.
    pub anchor: String,
    pub text: String,
}

/// Sections that are left out: how to cite a version is no prose of it, and what a version corrects
/// speaks of its sentences.
const LEFT_OUT: [&str; 2] = ["cite", super::CORRECTIONS];

/// All prose of a report in reading order, with the words of its figures and the captions and notes
/// of its tables. Commands and cells are no prose.
///
/// Sentences end where UAX #29 (Unicode Text Segmentation, section 5) says.
pub fn sentences(document: &Document) -> Vec<Sentence> {
    let mut out = Collector {
        section: "summary".into(),
        anchor: "summary".into(),
        found: Vec::new(),
    };
    out.runs(&document.meta.answer);
    let told = |id: &str| !LEFT_OUT.contains(&id);
    for section in document.sections.iter().filter(|own| told(&own.id)) {
        out.section.clone_from(&section.id);
        out.anchor.clone_from(&section.id);
        for block in &section.blocks {
            out.block(block);
        }
    }
    out.found
}

struct Collector {
    section: String,
    anchor: String,
    found: Vec<Sentence>,
}

impl Collector {
    fn runs(&mut self, text: &[Inline]) {
        self.text(&plain(text));
    }

    fn text(&mut self, text: &str) {
        for sentence in text.split_sentence_bounds() {
            let words: Vec<&str> = sentence.split_whitespace().collect();
            if !words.is_empty() {
                self.found.push(Sentence {
                    section: self.section.clone(),
                    anchor: self.anchor.clone(),
                    text: words.join(" "),
                });
            }
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { id, text, .. } => {
                self.anchor.clone_from(id);
                self.runs(text);
            }
            Block::Paragraph { text } => self.runs(text),
            Block::List { items, .. } => items.iter().for_each(|item| self.runs(item)),
            Block::Quote { text, source } => {
                self.runs(text);
                self.runs(source);
            }
            Block::Note { title, text, .. } => {
                self.text(title);
                self.runs(text);
            }
            Block::Finding(finding) => self.at(&finding.anchor, |own| {
                own.runs(&finding.statement);
                let parts = finding
                    .how_we_know
                    .iter()
                    .chain(&finding.does_not_say)
                    .chain(&finding.design)
                    .chain(&finding.caution)
                    .chain(&finding.robustness);
                parts.for_each(|text| own.runs(text));
                finding.chart.iter().for_each(|chart| own.chart(chart));
            }),
            Block::Figure(chart) => self.chart(chart),
            Block::Table(table) => self.table(table),
            Block::Definitions { items } => {
                for item in items {
                    self.text(&format!("{}: {}", item.term, plain(&item.description)));
                }
            }
            Block::References { items } => {
                for item in items {
                    self.at(&item.id, |own| own.runs(&item.text));
                }
            }
            Block::Code { .. } => {}
        }
    }

    /// What stands at an anchor of its own; afterwards the text goes on at the one before.
    fn at(&mut self, anchor: &str, tell: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.anchor, anchor.to_owned());
        tell(self);
        self.anchor = before;
    }

    fn chart(&mut self, chart: &Chart) {
        self.at(&chart.id, |own| {
            own.text(&chart.title);
            own.text(&chart.subtitle);
            own.runs(&chart.caption);
            own.text(&chart.alt);
            own.text(&chart.source);
        });
        self.table(&chart.table);
    }

    fn table(&mut self, table: &Table) {
        self.at(&table.id, |own| {
            own.runs(&table.caption);
            table.notes.iter().for_each(|note| own.runs(note));
        });
    }
}
