//! What a style printed, as runs of text without marks of hayagriva's.

use super::text;
use hayagriva::citationberg::{Display, FontStyle};
use hayagriva::{BibliographyItem, ElemChild, ElemMeta, Formatted};

/// A run of text in one form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Run {
    pub text: String,
    pub italic: bool,
    /// Where the text is an address, or stands for one: it is left as it is.
    pub address: Option<String>,
}

/// An entry of a list as one line, without the number that some styles give it.
pub fn entry(item: &BibliographyItem) -> String {
    let line: String = tidy(parts(item, false))
        .into_iter()
        .map(|run| run.text)
        .collect();
    text::line(&line)
}

/// An entry of a list, with its number.
pub fn listed(item: &BibliographyItem) -> Vec<Run> {
    trimmed(tidy(parts(item, true)))
}

/// A part of a citation.
pub fn runs(children: &[ElemChild]) -> Vec<Run> {
    let mut runs = Vec::new();
    gather(children, &mut runs);
    runs
}

/// hayagriva gives as first field whatever comes first: the number, or, where the style sets the
/// number as plain text, the authors. Those go back to where they were.
fn parts(item: &BibliographyItem, number: bool) -> Vec<Run> {
    let mut runs = Vec::new();
    if let Some(first) = item
        .first_field
        .as_ref()
        .filter(|first| number || !is_number(first))
    {
        gather(std::slice::from_ref(first), &mut runs);
        if is_number(first) {
            runs.push(Run {
                text: " ".into(),
                ..Run::default()
            });
        }
    }
    gather(&item.content.0, &mut runs);
    runs
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
    let run = |formatted: &Formatted, address: Option<&String>| Run {
        text: text::run(&formatted.text),
        italic: formatted.formatting.font_style == FontStyle::Italic,
        address: address.cloned(),
    };
    for child in children {
        match child {
            ElemChild::Text(formatted) => runs.push(run(formatted, None)),
            ElemChild::Elem(elem) => {
                // Blocks of a style, such as a number in the margin, are set apart by a space.
                if elem.display == Some(Display::RightInline) {
                    runs.push(Run {
                        text: " ".into(),
                        ..Run::default()
                    });
                }
                gather(&elem.children.0, runs);
            }
            // TeX mathematics of a title: as text.
            ElemChild::Markup(markup) => runs.push(Run {
                text: text::run(markup),
                ..Run::default()
            }),
            ElemChild::Link { text, url } => runs.push(run(text, Some(url))),
            ElemChild::Transparent { .. } => {}
        }
    }
}

/// Punctuation that meets: a title that ends in `?` or `!` ends its sentence, so the style's full
/// stop after it goes, as does a second one after a quotation mark, a comma before a bracket, a full
/// stop or a comma, and a space before a semicolon or another space. Addresses are left as they are, and neighbouring runs
/// of one form become one.
fn tidy(runs: Vec<Run>) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    let mut last = Last::default();
    for (index, run) in runs.iter().enumerate() {
        if run.address.is_some() {
            out.push(run.clone());
            last = Last::default();
            continue;
        }
        let mut text = String::new();
        let mut rest = run.text.chars().peekable();
        while let Some(c) = rest.next() {
            let next = rest
                .peek()
                .copied()
                .or_else(|| following(&runs[index + 1..]));
            let ends = next.is_none_or(|next| next.is_whitespace() || "”’\"'".contains(next));
            let twice = match last.mark {
                Some('?' | '!') => !last.quoted,
                Some('.') => last.quoted,
                _ => false,
            };
            let gap = c == ' ' && (next == Some(';') || last.mark == Some(' '));
            if (c == '.' && ends && twice)
                || (c == ',' && matches!(next, Some(')' | '.' | ',')))
                || gap
            {
                continue;
            }
            text.push(c);
            if matches!(c, '”' | '’') {
                last.quoted = true;
            } else {
                last = Last {
                    mark: Some(c),
                    quoted: false,
                };
            }
        }
        match out.last_mut() {
            Some(before) if before.address.is_none() && before.italic == run.italic => {
                before.text.push_str(&text)
            }
            _ => out.push(Run {
                text,
                ..run.clone()
            }),
        }
    }
    out.retain(|run| !run.text.is_empty());
    out
}

/// The character that comes next in running text; an address is none.
fn following(runs: &[Run]) -> Option<char> {
    runs.iter()
        .take_while(|run| run.address.is_none())
        .find_map(|run| run.text.chars().next())
}

/// The last character that is no closing quotation mark, and whether one came after it.
#[derive(Default)]
struct Last {
    mark: Option<char>,
    quoted: bool,
}

/// Without white space at the ends.
fn trimmed(mut runs: Vec<Run>) -> Vec<Run> {
    if let Some(first) = runs.first_mut() {
        first.text = first.text.trim_start().to_owned();
    }
    if let Some(last) = runs.last_mut() {
        last.text = last.text.trim_end().to_owned();
    }
    runs.retain(|run| !run.text.is_empty());
    runs
}
