//! The works that the report cites, each with the way back to where it is cited.

use super::{Block, CitedWork, Inline, Section};
use crate::case::ReferencesStyle;
use crate::cite::Style;
use crate::cite::references::{Printed, Span, Target, Work};
use std::collections::{BTreeMap, BTreeSet};

/// Sections of the apparatus, before the first of which the list stands.
const APPARATUS: [&str; 5] = ["notices", "evidence", "captures", "verify", "cite"];

/// The style of `[case] references_style`.
pub fn style(style: ReferencesStyle) -> Style {
    match style {
        ReferencesStyle::Apa => Style::Apa,
        ReferencesStyle::ChicagoAuthorDate => Style::ChicagoAuthorDate,
        ReferencesStyle::Mla => Style::Mla,
        ReferencesStyle::Harvard => Style::Harvard,
        ReferencesStyle::Ieee => Style::Ieee,
        ReferencesStyle::Vancouver => Style::Vancouver,
    }
}

/// Anchor of a work in the list. Two keys can come to one: a number keeps them apart.
pub fn anchors<'k>(keys: impl IntoIterator<Item = &'k str>) -> BTreeMap<String, String> {
    let mut taken = BTreeSet::new();
    let mut anchors = BTreeMap::new();
    for key in keys {
        let base = format!("ref-{}", anchor_of(key));
        let mut id = base.clone();
        let mut number = 2;
        while !taken.insert(id.clone()) {
            id = format!("{base}-{number}");
            number += 1;
        }
        anchors.insert(key.to_owned(), id);
    }
    anchors
}

/// The key in the characters of an anchor.
fn anchor_of(key: &str) -> String {
    let words: Vec<&str> = key
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.join("-")
}

/// Printed runs as running text.
pub fn runs(spans: &[Span], anchors: &BTreeMap<String, String>) -> Vec<Inline> {
    let mut out = Vec::new();
    let mut rest = spans;
    while let Some(first) = rest.first() {
        // Neighbours that lead to the same place are one link.
        let count = rest.iter().take_while(|span| span.to == first.to).count();
        let (own, after) = rest.split_at(count);
        rest = after;
        let text: Vec<Inline> = own
            .iter()
            .map(|span| {
                let text = Inline::text(span.text.clone());
                if span.italic {
                    Inline::Emphasis { text: vec![text] }
                } else {
                    text
                }
            })
            .collect();
        let to = match &first.to {
            Some(Target::Work(key)) => anchors.get(key).map(|anchor| format!("#{anchor}")),
            Some(Target::Web(url)) => Some(url.clone()),
            None => None,
        };
        match to {
            Some(to) => out.push(Inline::Link { text, to }),
            None => out.extend(text),
        }
    }
    out
}

/// Puts the list into its place in the reading order, if anything is cited.
pub fn add(sections: &mut Vec<Section>, printed: &Printed) {
    if printed.works.is_empty() {
        return;
    }
    let anchors = anchors(printed.works.iter().map(|work| work.key.as_str()));
    let places = places(sections);
    let item = |work: &Work| {
        let id = anchors.get(&work.key).cloned().unwrap_or_default();
        let mut cited_in = Vec::new();
        for (title, anchor) in places.get(&work.key).into_iter().flatten() {
            cited_in.push(Inline::text(if cited_in.is_empty() {
                "Cited in: "
            } else {
                ", "
            }));
            cited_in.push(Inline::Link {
                text: vec![Inline::text(title.clone())],
                to: format!("#{anchor}"),
            });
        }
        CitedWork {
            key: work.key.clone(),
            id,
            text: runs(&work.text, &anchors),
            cited_in,
        }
    };
    let items = printed.works.iter().map(item).collect();
    let at = sections
        .iter()
        .position(|section| APPARATUS.contains(&section.id.as_str()))
        .unwrap_or(sections.len());
    sections.insert(
        at,
        Section {
            id: "references".into(),
            title: "References".into(),
            blocks: vec![Block::References { items }],
        },
    );
}

/// By key, the sections that cite a work, each with the anchor of its first citation there.
type Places = BTreeMap<String, Vec<(String, String)>>;

/// Gathers where each work is cited. What has an anchor of its own (headings, findings, figures,
/// tables) is the place of its citations; in running text the citation gets one.
fn places(sections: &mut [Section]) -> Places {
    let mut walk = Walk::default();
    for section in sections {
        walk.seen.clear();
        walk.title = section.title.clone();
        for block in &mut section.blocks {
            walk.block(block);
        }
    }
    walk.places
}

#[derive(Default)]
struct Walk {
    title: String,
    /// Works that the section has cited so far.
    seen: BTreeSet<String>,
    places: Places,
    /// Anchors given to citations.
    given: usize,
}

impl Walk {
    fn block(&mut self, block: &mut Block) {
        match block {
            Block::Heading { id, text, .. } => self.text(text, Some(id.as_str())),
            Block::Paragraph { text } | Block::Note { text, .. } => self.text(text, None),
            Block::List { items, .. } => items.iter_mut().for_each(|item| self.text(item, None)),
            Block::Quote { text, source } => {
                self.text(text, None);
                self.text(source, None);
            }
            Block::Finding(finding) => {
                let anchor = finding.anchor.clone();
                self.text(&mut finding.statement, Some(&anchor));
                if let Some(chart) = &mut finding.chart {
                    self.text(&mut chart.caption, Some(&chart.id));
                }
                for text in finding
                    .how_we_know
                    .iter_mut()
                    .chain(&mut finding.does_not_say)
                {
                    self.text(text, Some(&anchor));
                }
            }
            Block::Figure(chart) => self.text(&mut chart.caption, Some(&chart.id)),
            Block::Table(table) => self.text(&mut table.caption, Some(&table.id)),
            Block::Definitions { items } => {
                items
                    .iter_mut()
                    .for_each(|item| self.text(&mut item.description, None));
            }
            Block::Code { .. } | Block::References { .. } => {}
        }
    }

    fn text(&mut self, text: &mut [Inline], within: Option<&str>) {
        for inline in text {
            match inline {
                Inline::Citation { id, works, .. } => self.citation(id, works, within),
                Inline::Strong { text } | Inline::Emphasis { text } | Inline::Link { text, .. } => {
                    self.text(text, within);
                }
                Inline::Text { .. }
                | Inline::Code { .. }
                | Inline::Number { .. }
                | Inline::LineBreak => {}
            }
        }
    }

    fn citation(&mut self, id: &mut Option<String>, works: &[String], within: Option<&str>) {
        for work in works {
            if !self.seen.insert(work.clone()) {
                continue;
            }
            let anchor = match within {
                Some(anchor) => anchor.to_owned(),
                None => id
                    .get_or_insert_with(|| {
                        self.given += 1;
                        format!("cited-{}", self.given)
                    })
                    .clone(),
            };
            let list = self.places.entry(work.clone()).or_default();
            list.push((self.title.clone(), anchor));
        }
    }
}
