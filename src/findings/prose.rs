//! Prose with computed numbers: what a person typed, checked for digits, and rendered.

use super::language::{CLOSE, Failure, Language, OPEN};
use super::quantity::Quantity;
use crate::case::{Spanned, place};
use crate::error::{Problem, Problems};
use std::ops::Range;

/// Rendered prose in Markdown. A number stands as `OPEN index CLOSE`, where the index counts the
/// numbers of this text.
#[derive(Debug, Clone)]
pub struct Prose {
    pub text: String,
    pub numbers: Vec<Printed>,
}

/// A number as printed.
#[derive(Debug, Clone)]
pub struct Printed {
    pub text: String,
    pub quantity: Quantity,
}

/// Where a text stands, for messages.
pub struct Place<'a> {
    pub file: &'a str,
    /// The whole file.
    pub source: &'a str,
    /// Byte range of the text in it.
    pub span: Range<usize>,
    /// What the text is: "finding `mostly-men`".
    pub what: String,
}

impl<'a> Place<'a> {
    /// A text inside `case.toml`.
    pub fn in_case(toml: &'a str, text: &Spanned<String>, what: String) -> Self {
        Place {
            file: "case.toml",
            source: toml,
            span: text.span(),
            what,
        }
    }

    /// The whole of `report.md`.
    pub fn narrative(text: &'a str) -> Self {
        Place {
            file: "report.md",
            source: text,
            span: 0..text.len(),
            what: "narrative".into(),
        }
    }

    /// A problem at `range` of the text, which may be escaped in the file: then its start.
    fn problem(
        &self,
        code: &'static str,
        text: &str,
        range: Option<&Range<usize>>,
        message: String,
    ) -> Problem {
        let raw = self.source.get(self.span.clone()).unwrap_or_default();
        let start = raw.find(text).unwrap_or(0);
        let verbatim = raw.contains(text);
        let offset =
            self.span.start + start + range.filter(|_| verbatim).map_or(0, |range| range.start);
        let (line, column) = place(self.source, &(offset..offset));
        Problem::new(code, self.file, format!("{}: {message}", self.what))
            .line(line)
            .column(column)
    }
}

/// Renders a text, or reports every stray digit and what the language could not do.
pub fn render(
    language: &Language,
    text: &str,
    at: &Place,
    problems: &mut Problems,
) -> Option<Prose> {
    let mut found = Problems::default();
    lint(text, at, &mut found);
    let clean = found.is_empty();
    problems.take(found.finish(()));
    match language.render(at.file, text) {
        Ok((rendered, numbers)) if clean => Some(Prose {
            text: rendered,
            numbers: numbers
                .into_iter()
                .map(|(text, quantity)| Printed { text, quantity })
                .collect(),
        }),
        Ok(_) => None,
        Err(failure) => {
            problems.push(expression_problem(text, at, failure));
            None
        }
    }
}

fn expression_problem(text: &str, at: &Place, failure: Failure) -> Problem {
    let Failure {
        message,
        range,
        missing,
    } = failure;
    let (code, hint) = if missing {
        (
            "value-missing",
            "say so in words, or leave the sentence out; `casefile show 'EXPR'` explains the value",
        )
    } else {
        (
            "expression",
            "`casefile help language` lists what can be written; `casefile show 'EXPR'` tries one expression",
        )
    };
    let value = range
        .as_ref()
        .and_then(|range| text.get(range.clone()))
        .unwrap_or(text)
        .to_owned();
    at.problem(code, text, range.as_ref(), message)
        .value(value)
        .hint(hint)
}

/// What is wrong with a text before anything is known of the data: typed numbers, characters that
/// cannot stand in prose, expressions that cannot be parsed.
pub fn lint(text: &str, at: &Place, problems: &mut Problems) {
    for stray in stray_numbers(text) {
        let found = text.get(stray.clone()).unwrap_or_default();
        problems.push(
            at.problem("number-typed-by-hand", text, Some(&stray), "a number is typed by hand".into())
                .value(found)
                .hint("write an expression such as {{ share('arm').pooled }}, or declare a [[fact]] with its source and write {{ fact('id') }}"),
        );
    }
    if let Some(mark) = text.find(|c| matches!(c, '\u{E000}'..='\u{F8FF}')) {
        problems.push(
            at.problem(
                "private-use-character",
                text,
                Some(&(mark..mark)),
                "private-use characters cannot stand in prose".into(),
            )
            .hint("remove the character"),
        );
    }
    if let Err(failure) = Language::parse(text) {
        problems.push(expression_problem(text, at, failure));
    }
}

/// Byte ranges of numbers that a person typed: any numeric character (of any script, also
/// fractions and superscripts) outside expressions, comments, link targets and list markers.
pub fn stray_numbers(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut line_start = true;
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let Some(c) = rest.chars().next() else { break };
        let skip = if let Some(end) =
            [("{{", "}}"), ("{%", "%}"), ("{#", "#}")]
                .iter()
                .find_map(|(open, close)| {
                    rest.starts_with(open)
                        .then(|| rest.find(close).map_or(rest.len(), |end| end + close.len()))
                }) {
            Some(end)
        } else if rest.starts_with("](") {
            Some(rest.find(')').map_or(2, |end| end + 1))
        } else if rest.starts_with("<http") || rest.starts_with("<mailto:") {
            rest.find('>').map(|end| end + 1)
        } else if line_start {
            list_marker(rest)
        } else {
            None
        };
        if let Some(length) = skip {
            line_start = false;
            at += length.max(1);
        } else if c.is_numeric() {
            let length = rest
                .find(|c: char| {
                    !(c.is_numeric() || matches!(c, '.' | ',' | '%' | '\u{2013}' | '-'))
                })
                .unwrap_or(rest.len());
            let number = rest
                .get(..length)
                .unwrap_or(rest)
                .trim_end_matches(['.', ',', '-', '\u{2013}']);
            found.push(at..at + number.len());
            at += length;
            line_start = false;
        } else {
            line_start = c == '\n' || (line_start && (c == ' ' || c == '>'));
            at += c.len_utf8();
        }
    }
    found
}

/// Length of an ordered list marker (`1. `) at the start of a line.
fn list_marker(rest: &str) -> Option<usize> {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let after = rest.get(digits..)?;
    (digits > 0 && digits < 10 && (after.starts_with(". ") || after.starts_with(") ")))
        .then_some(digits + 2)
}

impl Prose {
    /// Text without numbers.
    pub fn words(text: impl Into<String>) -> Self {
        Prose {
            text: text.into(),
            numbers: Vec::new(),
        }
    }

    /// The text as a reader sees it, for plain outputs.
    pub fn plain(&self) -> String {
        let mut out = String::new();
        for (index, part) in self.text.split(OPEN).enumerate() {
            match (index, part.split_once(CLOSE)) {
                (0, _) | (_, None) => out.push_str(part),
                (_, Some((number, rest))) => {
                    out.push_str(
                        number
                            .parse()
                            .ok()
                            .and_then(|n: usize| self.numbers.get(n))
                            .map_or("", |printed| &printed.text),
                    );
                    out.push_str(rest);
                }
            }
        }
        out
    }
}
