//! What a style printed, as one line of plain text.

use super::text;
use hayagriva::citationberg::Display;
use hayagriva::{BibliographyItem, ElemChild, ElemMeta};

/// A run of text; addresses are left as they are.
enum Run {
    Words(String),
    Address(String),
}

/// An entry of a list, without the number that some styles give it.
///
/// hayagriva gives as first field whatever comes first: the number, or, where the style sets the
/// number as plain text, the authors. Those go back to where they were.
pub fn entry(item: &BibliographyItem) -> String {
    let mut runs = Vec::new();
    if let Some(first) = item.first_field.as_ref().filter(|first| !is_number(first)) {
        gather(std::slice::from_ref(first), &mut runs);
    }
    gather(&item.content.0, &mut runs);
    let mut last = Last::default();
    let mut out = String::new();
    let mut runs = runs.into_iter().peekable();
    while let Some(run) = runs.next() {
        match run {
            Run::Address(address) => {
                out.push_str(&address);
                last = Last::default();
            }
            Run::Words(mut words) => {
                // Neighbours are one text, in which punctuation can meet.
                while let Some(Run::Words(more)) = runs.next_if(|run| matches!(run, Run::Words(_)))
                {
                    words.push_str(&more);
                }
                stops(&words, &mut last, &mut out);
            }
        }
    }
    text::line(&out)
}

/// Whether this is the number of an entry in the list.
fn is_number(child: &ElemChild) -> bool {
    match child {
        ElemChild::Elem(elem) => {
            elem.meta == Some(ElemMeta::CitationNumber)
                || elem.children.find_meta(&ElemMeta::CitationNumber).is_some()
        }
        _ => false,
    }
}

fn gather(children: &[ElemChild], runs: &mut Vec<Run>) {
    for child in children {
        match child {
            ElemChild::Text(formatted) => runs.push(Run::Words(text::run(&formatted.text))),
            ElemChild::Elem(elem) => {
                // Blocks of a style, such as a number in the margin, are set apart by a space.
                if elem.display == Some(Display::RightInline) {
                    runs.push(Run::Words(" ".into()));
                }
                gather(&elem.children.0, runs);
            }
            // TeX mathematics of a title: as text.
            ElemChild::Markup(markup) => runs.push(Run::Words(text::run(markup))),
            ElemChild::Link { text, .. } => runs.push(Run::Address(text::run(&text.text))),
            ElemChild::Transparent { .. } => {}
        }
    }
}

/// Punctuation that meets: a title that ends in `?` or `!` ends its sentence, so the style's full
/// stop after it goes, as does a second one after a quotation mark, a comma before a bracket, and a
/// space before a semicolon or another space.
fn stops(text: &str, last: &mut Last, out: &mut String) {
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied();
        let ends = next.is_none_or(|next| next.is_whitespace() || "”’\"'".contains(next));
        let twice = match last.mark {
            Some('?' | '!') => !last.quoted,
            Some('.') => last.quoted,
            _ => false,
        };
        let gap = c == ' ' && (next == Some(';') || last.mark == Some(' '));
        if (c == '.' && ends && twice) || (c == ',' && next == Some(')')) || gap {
            continue;
        }
        out.push(c);
        if matches!(c, '”' | '’') {
            last.quoted = true;
        } else {
            last.mark = Some(c);
            last.quoted = false;
        }
    }
}

/// The last character that is no closing quotation mark, and whether one came after it.
#[derive(Default)]
struct Last {
    mark: Option<char>,
    quoted: bool,
}
