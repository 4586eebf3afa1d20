//! Citations and the list of works in one citation style, as runs of text.

use super::super::printed::{self, Run};
use super::super::style::{self, Style};
use super::citation::Citation;
use super::library::Library;
use hayagriva::citationberg::IndependentStyle;
use hayagriva::{
    BibliographyDriver, BibliographyRequest, CitationItem, CitationRequest, ElemChild, ElemMeta,
    LocatorPayload, Rendered, SpecificLocator,
};
use std::collections::BTreeMap;

/// A run of printed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub text: String,
    pub italic: bool,
    pub to: Option<Target>,
}

/// Where a run leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The entry of a work in the list, by key.
    Work(String),
    /// A page of the web; `http` and `https` only.
    Web(String),
}

/// A work of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    pub key: String,
    /// With its number, where the style has numbers.
    pub text: Vec<Span>,
}

/// All citations of a text, and the works that they name.
#[derive(Debug, Clone, Default)]
pub struct Printed {
    citations: BTreeMap<Citation, Vec<Span>>,
    /// In the order of the style.
    pub works: Vec<Work>,
    /// Keys of works whose citation prints a number other than a year, a place or a number in the
    /// list: that of a title, where there is no author.
    pub numbered: Vec<String>,
}

impl Printed {
    /// The words of a citation, if it was printed.
    pub fn citation(&self, citation: &Citation) -> Option<&[Span]> {
        self.citations.get(citation).map(Vec::as_slice)
    }
}

/// Prints citations in the order of the text. Citations of works that the library lacks are left
/// out: who calls has refused them.
pub fn print(library: &Library, citations: &[Citation], style: Style) -> Printed {
    let known: Vec<&Citation> = citations
        .iter()
        .filter(|citation| citation.works.iter().all(|work| library.holds(&work.key)))
        .collect();
    let Some(mut sheet) = style.sheet().cloned() else {
        return Printed::default();
    };
    // The processor leaves the closing bracket out after a place that ends in one: "(…, art. 40(4)".
    let layout = &mut sheet.citation.layout;
    let (before, after) = (layout.prefix.take(), layout.suffix.take());
    let rendered = set(library, &known, style, &sheet, true);
    let bare = set(library, &known, style, &sheet, false);
    let mut printed = Printed::default();
    for ((citation, own), bare) in known.iter().zip(&rendered.citations).zip(&bare.citations) {
        let mut spans: Vec<Span> = before.as_deref().map(words).into_iter().collect();
        spans.extend(in_text(citation, &own.citation.0, &bare.citation.0));
        spans.extend(after.as_deref().map(words));
        printed
            .citations
            .entry((*citation).clone())
            .or_insert(spans);
        // Without places, what is left of a citation beside years is words.
        for child in &bare.citation.0 {
            if let (Some(index), true) = (item_of(child), has_number(child))
                && let Some(work) = citation.works.get(index)
                && !printed.numbered.contains(&work.key)
            {
                printed.numbered.push(work.key.clone());
            }
        }
    }
    if let Some(list) = &rendered.bibliography {
        printed.works = list
            .items
            .iter()
            .map(|item| Work {
                key: item.key.clone(),
                text: printed::listed(item).into_iter().map(span).collect(),
            })
            .collect();
    }
    printed
}

/// What stands around a citation.
fn words(text: &str) -> Span {
    Span {
        text: text.to_owned(),
        italic: false,
        to: None,
    }
}

fn set(
    library: &Library,
    citations: &[&Citation],
    style: Style,
    sheet: &IndependentStyle,
    places: bool,
) -> Rendered {
    let mut driver = BibliographyDriver::new();
    for citation in citations {
        let items = citation
            .works
            .iter()
            .filter_map(|work| {
                let place = work.locator.as_ref().filter(|_| places);
                let place = place
                    .map(|place| SpecificLocator(place.csl(), LocatorPayload::Str(&place.numbers)));
                Some(CitationItem::with_locator(library.get(&work.key)?, place))
            })
            .collect();
        driver.citation(CitationRequest::new(
            items,
            sheet,
            Some(style.locale()),
            style::words(),
            None,
        ));
    }
    driver.finish(BibliographyRequest {
        style: sheet,
        locale: Some(style.locale()),
        locale_files: style::words(),
    })
}

/// The item of a citation that this part prints.
fn item_of(child: &ElemChild) -> Option<usize> {
    match child {
        ElemChild::Elem(elem) => match elem.meta {
            Some(ElemMeta::Entry(index)) => Some(index),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a part prints a numeric character that is neither of a date nor a number of the list.
fn has_number(child: &ElemChild) -> bool {
    match child {
        ElemChild::Text(text) => text.text.contains(char::is_numeric),
        ElemChild::Link { text, .. } => text.text.contains(char::is_numeric),
        ElemChild::Markup(text) => text.contains(char::is_numeric),
        ElemChild::Elem(elem) => {
            !matches!(elem.meta, Some(ElemMeta::Date | ElemMeta::CitationNumber))
                && elem.children.0.iter().any(has_number)
        }
        ElemChild::Transparent { .. } => false,
    }
}

/// A citation in running text: each work leads to its entry in the list. `bare` is the same without
/// places: a style that has no room for a place, such as Vancouver, gets it after the number.
fn in_text(citation: &Citation, children: &[ElemChild], bare: &[ElemChild]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for child in children {
        let index = item_of(child);
        let work = index.and_then(|index| citation.works.get(index));
        let mut runs = printed::runs(std::slice::from_ref(child));
        runs.retain(|run| !run.text.is_empty());
        if let Some(work) = work
            && !work.prefix.is_empty()
        {
            let joined = spans
                .last()
                .is_some_and(|last| last.text.ends_with([',', ';']));
            let gap = if joined { " " } else { "" };
            spans.push(Span {
                text: format!("{gap}{} ", work.prefix),
                italic: false,
                to: None,
            });
        }
        if let Some(place) = work.and_then(|work| work.locator.as_ref())
            && bare.iter().any(|other| {
                item_of(other) == index && printed::runs(std::slice::from_ref(other)) == runs
            })
        {
            runs.push(Run {
                text: format!(", {}", place.written()),
                ..Run::default()
            });
        }
        let to = work.map(|work| Target::Work(work.key.clone()));
        spans.extend(runs.into_iter().map(|run| Span {
            text: run.text,
            italic: run.italic,
            to: to.clone(),
        }));
    }
    spans
}

fn span(run: Run) -> Span {
    Span {
        text: run.text,
        italic: run.italic,
        to: run
            .address
            .filter(|url| super::super::is_web_address(url))
            .map(Target::Web),
    }
}
