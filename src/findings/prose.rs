//! Prose with computed numbers: what a person typed, checked for digits, and rendered.

use super::language::{CLOSE, Failure, Language, OPEN};
use super::quantity::Quantity;
use crate::case::{Spanned, place};
use crate::cite::references::{self, Citation, Found, Library};
use crate::error::{Problem, Problems};
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// Marks where a citation stands in rendered text, on both sides of its index.
pub const CITED: char = '\u{E002}';

/// Rendered prose in Markdown. A number stands as `OPEN index CLOSE`, where the index counts the
/// numbers of this text, and a citation as `CITED index CITED`.
#[derive(Debug, Clone)]
pub struct Prose {
    pub text: String,
    pub numbers: Vec<Printed>,
    pub citations: Vec<Citation>,
}

impl Prose {
    /// The words of the author alone, without what was computed or quoted.
    pub fn own_words(&self) -> String {
        let mut words = String::new();
        // Every second part is the index of a citation.
        for text in self.text.split(CITED).step_by(2) {
            for part in text.split(OPEN) {
                words.push_str(part.split_once(CLOSE).map_or(part, |(_, rest)| rest));
                words.push(' ');
            }
        }
        words
    }
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

/// What texts are rendered with.
pub struct Writer<'w> {
    pub language: &'w Language,
    /// The works that may be cited; `None` where they could not be read.
    pub library: Option<&'w Library>,
}

impl Writer<'_> {
    /// Renders a text, or reports every stray digit, every citation that names no work, and what the
    /// language could not do.
    pub fn render(&self, text: &str, at: &Place, problems: &mut Problems) -> Option<Prose> {
        let mut found = Problems::default();
        lint(text, at, self.library, &mut found);
        let clean = found.is_empty();
        problems.take(found.finish(()));
        match self.language.render(at.file, text) {
            Ok((rendered, numbers)) if clean => {
                let (masked, cited) = without_citations(hidden(&rendered));
                for stray in seen_numbers(&masked) {
                    let number = rendered.get(stray).unwrap_or_default();
                    problems.push(typed(text, at, None, number));
                }
                let (text, citations) = self.marked(text, at, rendered, &cited, problems);
                Some(Prose {
                    text,
                    numbers: numbers
                        .into_iter()
                        .map(|(text, quantity)| Printed { text, quantity })
                        .collect(),
                    citations,
                })
            }
            Ok(_) => None,
            Err(failure) => {
                self.each_failure(text, at, failure)
                    .into_iter()
                    .for_each(|problem| problems.push(problem));
                None
            }
        }
    }

    /// The expressions that fail, each by itself; an error that no single one makes, such as one of
    /// control flow, as it is.
    fn each_failure(&self, text: &str, at: &Place, failure: Failure) -> Vec<Problem> {
        let mut found = Vec::new();
        for span in expressions(text) {
            let own = text.get(span.clone()).unwrap_or_default();
            if let Err(mut failure) = self.language.render(at.file, own) {
                failure.range = failure
                    .range
                    .map(|r| span.start + r.start..span.start + r.end);
                found.push(expression_problem(text, at, failure));
            }
        }
        if found.is_empty() {
            found.push(expression_problem(text, at, failure));
        }
        found
    }

    /// Rendered text with a mark for each citation. A citation that was not written, but made by an
    /// expression, is refused: nothing has checked it.
    fn marked(
        &self,
        source: &str,
        at: &Place,
        mut rendered: String,
        cited: &[Found],
        problems: &mut Problems,
    ) -> (String, Vec<Citation>) {
        let (_, written) = without_citations(unexpressed(source));
        let written: Vec<Citation> = written
            .into_iter()
            .filter_map(|found| found.citation.ok())
            .collect();
        let mut citations = Vec::new();
        for found in cited {
            match &found.citation {
                Ok(citation) if written.contains(citation) => citations.push(citation.clone()),
                _ => {
                    let value = rendered
                        .get(found.range.clone())
                        .unwrap_or_default()
                        .to_owned();
                    problems.push(
                        at.problem(
                            "citation",
                            source,
                            None,
                            "an expression makes a citation".into(),
                        )
                        .value(value)
                        .hint("write the citation itself into the text"),
                    );
                    citations.push(Citation { works: Vec::new() });
                }
            }
        }
        for (index, found) in cited.iter().enumerate().rev() {
            rendered.replace_range(found.range.clone(), &format!("{CITED}{index}{CITED}"));
        }
        (rendered, citations)
    }
}

/// Byte ranges of the expressions of a text, with their braces.
fn expressions(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text
        .get(from..)
        .and_then(|rest| rest.find("{{"))
        .map(|at| from + at)
    {
        let Some(end) = text
            .get(start..)
            .and_then(|rest| rest.find("}}"))
            .map(|at| start + at + 2)
        else {
            break;
        };
        found.push(start..end);
        from = end;
    }
    found
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

fn typed(text: &str, at: &Place, range: Option<&Range<usize>>, number: &str) -> Problem {
    at.problem("number-typed-by-hand", text, range, "a number is typed by hand".into())
        .value(number)
        .hint("write an expression such as {{ share('arm').pooled }}, or declare a [[fact]] with its source and write {{ fact('id') }}")
}

/// What is wrong with a text before anything is known of the data: typed numbers, characters that
/// cannot stand in prose, expressions that cannot be parsed, citations that name no work of `library`.
pub fn lint(text: &str, at: &Place, library: Option<&Library>, problems: &mut Problems) {
    for found in without_citations(unexpressed(text)).1 {
        cited(text, at, &found, library, problems);
    }
    for stray in stray_numbers(text) {
        problems.push(typed(
            text,
            at,
            Some(&stray),
            text.get(stray.clone()).unwrap_or_default(),
        ));
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

/// How prose is read as Markdown, here and where the report is written.
pub const MARKDOWN: Options =
    Options::ENABLE_STRIKETHROUGH.union(Options::ENABLE_SMART_PUNCTUATION);

/// Byte ranges of numbers that a person typed: any numeric character (of any script, also
/// fractions, superscripts and HTML entities) that a reader would see, outside expressions and
/// outside keys and places of citations. Markers of ordered lists and targets of links are not seen.
pub fn stray_numbers(text: &str) -> Vec<Range<usize>> {
    seen_numbers(&without_citations(unexpressed(text)).0)
}

/// The text with letters in the place of expressions.
fn unexpressed(text: &str) -> String {
    let mut masked = text.to_owned();
    for (open, close) in [("{#", "#}"), ("{{", "}}"), ("{%", "%}")] {
        mask(&mut masked, open, close);
    }
    masked
}

/// Rendered prose with letters in the place of computed numbers. What an expression has made of a
/// text that looked harmless is left to be seen.
fn hidden(rendered: &str) -> String {
    let mut masked = rendered.to_owned();
    mask(&mut masked, &OPEN.to_string(), &CLOSE.to_string());
    masked
}

/// The text with letters in the place of keys and places of its citations, and the citations. What
/// stands in code or is a link is none.
fn without_citations(mut text: String) -> (String, Vec<Found>) {
    let mut skip: Vec<Range<usize>> = Vec::new();
    for (event, range) in Parser::new_ext(&text, MARKDOWN).into_offset_iter() {
        if matches!(
            event,
            Event::Code(_)
                | Event::Html(_)
                | Event::InlineHtml(_)
                | Event::Start(
                    Tag::CodeBlock(_) | Tag::Link { .. } | Tag::Image { .. } | Tag::HtmlBlock
                )
        ) {
            skip.push(range);
        }
    }
    let found = references::citations(&text, &skip);
    for range in found.iter().flat_map(|found| &found.marks) {
        text.replace_range(range.clone(), &"x".repeat(range.len()));
    }
    // Nor are the brackets any: `[@key]: <text>` would define a link, whose text is not seen.
    for found in &found {
        for at in [found.range.start, found.range.end - 1] {
            if text.get(at..=at).is_some_and(|c| c == "[" || c == "]") {
                text.replace_range(at..=at, "x");
            }
        }
    }
    (text, found)
}

/// Whether brackets that are meant as a citation are one, and name works that there are.
fn cited(
    text: &str,
    at: &Place,
    found: &Found,
    library: Option<&Library>,
    problems: &mut Problems,
) {
    let citation = match &found.citation {
        Ok(citation) => citation,
        Err((range, why)) => {
            problems.push(
                at.problem("citation", text, Some(range), (*why).into())
                    .value(text.get(range.clone()).unwrap_or_default())
                    .hint("write [@key], [@key, p. 12], [@key, sec. 3] or [see @key; @other]; `casefile help language` lists the places; `\\[` where no citation is meant"),
            );
            return;
        }
    };
    let Some(library) = library else { return };
    for (work, mark) in citation.works.iter().zip(&found.marks) {
        if library.holds(&work.key) {
            continue;
        }
        let hint = match library.nearest(&work.key) {
            Some(near) => format!("did you mean @{near}?"),
            None if library.is_empty() => "there is no work in references.bib beside case.toml: add it there (BibLaTeX), or write `\\[` where no citation is meant".into(),
            None => {
                let keys: Vec<String> = library.keys().take(20).map(|(key, _)| format!("@{key}")).collect();
                format!("references.bib has: {}", keys.join(", "))
            }
        };
        problems.push(
            at.problem(
                "unknown-reference",
                text,
                Some(mark),
                "no work in references.bib has this key".into(),
            )
            .value(work.key.clone())
            .hint(hint),
        );
    }
}

/// Puts letters in the place of everything between `open` and `close`, so that ranges hold.
fn mask(text: &mut String, open: &str, close: &str) {
    let mut from = 0;
    while let Some(start) = text[from..].find(open).map(|start| from + start) {
        let inside = start + open.len();
        let end = text[inside..]
            .find(close)
            .map_or(text.len(), |end| inside + end + close.len());
        text.replace_range(start..end, &"x".repeat(end - start));
        from = end;
    }
}

/// Numeric characters that Markdown would show.
fn seen_numbers(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut address = false;
    for (event, range) in Parser::new_ext(text, MARKDOWN).into_offset_iter() {
        match event {
            // The text of a bare address is its target.
            Event::Start(Tag::Link {
                link_type: LinkType::Autolink | LinkType::Email,
                dest_url,
                ..
            }) => address = dest_url.starts_with("http") || dest_url.contains('@'),
            Event::End(TagEnd::Link) => address = false,
            Event::Text(shown)
            | Event::Code(shown)
            | Event::Html(shown)
            | Event::InlineHtml(shown)
                if !address && shown.contains(char::is_numeric) =>
            {
                let written = text.get(range.clone()).unwrap_or_default();
                let numbers = numbers_in(written);
                if numbers.is_empty() {
                    found.push(range);
                } else {
                    found.extend(
                        numbers
                            .into_iter()
                            .map(|number| range.start + number.start..range.start + number.end),
                    );
                }
            }
            _ => {}
        }
    }
    found
}

/// Ranges of the numbers in a text, each with the marks inside it.
fn numbers_in(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(char::is_numeric).map(|start| at + start) {
        let rest = &text[start..];
        let inside = |c: char| c.is_numeric() || matches!(c, '.' | ',' | '%' | '\u{2013}' | '-');
        let length = rest.find(|c| !inside(c)).unwrap_or(rest.len());
        let number = rest[..length].trim_end_matches(['.', ',', '-', '\u{2013}']);
        found.push(start..start + number.len());
        at = start + length;
    }
    found
}

impl Prose {
    /// Text without numbers.
    pub fn words(text: impl Into<String>) -> Self {
        Prose {
            text: text.into(),
            numbers: Vec::new(),
            citations: Vec::new(),
        }
    }

    /// The text as a reader sees it, for plain outputs; citations as they were written.
    pub fn plain(&self) -> String {
        let mut out = String::new();
        for (index, text) in self.text.split(CITED).enumerate() {
            let citation = text
                .parse()
                .ok()
                .and_then(|at: usize| self.citations.get(at));
            match citation.filter(|_| index % 2 == 1) {
                Some(citation) => out.push_str(&citation.written()),
                None => self.fill(text, &mut out),
            }
        }
        out
    }

    fn fill(&self, text: &str, out: &mut String) {
        for (index, part) in text.split(OPEN).enumerate() {
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
    }
}
