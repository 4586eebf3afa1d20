//! `references.bib`: BibLaTeX, read with the line of everything that is wrong with it.

use super::super::check::{is_doi, is_web_address};
use super::published;
use crate::error::{Problem, Problems, Result};
use biblatex::{Bibliography, Chunk, RawBibliography, Spanned};
use std::collections::BTreeMap;
use std::ops::Range;

/// Name of the file beside `case.toml`.
pub const FILE: &str = "references.bib";

/// Fields by which citation managers remember where a file lies on somebody's machine.
const PRIVATE: [&str; 6] = [
    "file",
    "local-url",
    "owner",
    "username",
    "bdsk-file-1",
    "pdf",
];

/// The works that a report may cite.
#[derive(Debug, Clone, Default)]
pub struct Library {
    works: BTreeMap<String, Entry>,
}

#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub work: hayagriva::Entry,
    /// One-based line of the entry.
    pub line: u64,
    /// As a public edition shows it.
    published: String,
    /// What it says, without markup.
    words: String,
}

impl Library {
    /// Reads a bibliography; no file is an empty one.
    ///
    /// # Errors
    /// `reference-syntax`, `reference-twice`, `reference-field`, `reference-private`, each with its
    /// line, all that can be found together.
    pub fn read(source: Option<&str>) -> Result<Self> {
        let mut problems = Problems::default();
        let library = source.map(|source| read(source, &mut problems));
        problems.finish(library.unwrap_or_default())
    }

    pub fn is_empty(&self) -> bool {
        self.works.is_empty()
    }

    pub fn holds(&self, key: &str) -> bool {
        self.works.contains_key(key)
    }

    /// Keys in byte order, each with its line.
    pub fn keys(&self) -> impl Iterator<Item = (&str, u64)> {
        self.works
            .iter()
            .map(|(key, entry)| (key.as_str(), entry.line))
    }

    /// The key that is most like `key`, unless none is like it.
    pub fn nearest(&self, key: &str) -> Option<&str> {
        self.works
            .keys()
            .map(|known| (distance(known, key), known.as_str()))
            .min()
            .filter(|(distance, _)| *distance <= key.chars().count().div_ceil(3))
            .map(|(_, known)| known)
    }

    /// The works of these keys as a public edition shows them: without notes, paths of files, and works
    /// that nobody cites.
    pub fn published<'k>(&self, keys: impl Iterator<Item = &'k str>) -> String {
        let entries = keys.filter_map(|key| self.works.get(key));
        entries
            .map(|entry| entry.published.trim_end().to_owned() + "\n")
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// What these works say, names as they are spoken.
    pub fn words<'k>(&self, keys: impl Iterator<Item = &'k str>) -> String {
        let entries = keys.filter_map(|key| self.works.get(key));
        let words: Vec<&str> = entries.map(|entry| entry.words.as_str()).collect();
        words.join("\n")
    }

    pub(super) fn get(&self, key: &str) -> Option<&hayagriva::Entry> {
        self.works.get(key).map(|entry| &entry.work)
    }
}

/// Edits (insert, delete, replace) that make one word of the other, capitals aside (Levenshtein 1966).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.to_lowercase().chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

/// One-based line and column, in characters, of a byte of the file.
fn place(source: &str, at: usize) -> (u64, u64) {
    let before = source.get(..at).unwrap_or(source);
    let line = before.matches('\n').count() as u64 + 1;
    let column = before
        .rsplit('\n')
        .next()
        .map_or(0, |last| last.chars().count()) as u64
        + 1;
    (line, column)
}

fn problem(
    code: &'static str,
    source: &str,
    range: &Range<usize>,
    message: impl Into<String>,
) -> Problem {
    let (line, column) = place(source, range.start);
    Problem::new(code, FILE, message).line(line).column(column)
}

fn syntax(source: &str, error: &biblatex::ParseError) -> Problem {
    problem("reference-syntax", source, &error.span, format!("this is no BibLaTeX: {}", error.kind))
        .hint("an entry is @article{key, title = {...}, author = {Family, Given and Family, Given}, date = {2019}}")
}

fn read(source: &str, problems: &mut Problems) -> Library {
    let mut library = Library::default();
    let mut raw = match RawBibliography::parse(source) {
        Ok(raw) => raw,
        Err(error) => {
            problems.push(syntax(source, &error));
            return library;
        }
    };
    let mut places: BTreeMap<String, Range<usize>> = BTreeMap::new();
    raw.entries.retain(|entry| {
        let key = &entry.v.key;
        if let Some(first) = places.get(key.v) {
            let line = place(source, first.start).0;
            problems.push(
                problem("reference-twice", source, &key.span, format!("two works have this key; the first stands on line {line}"))
                    .value(key.v)
                    .hint("give each work its own key"),
            );
            return false;
        }
        places.insert(key.v.to_owned(), key.span.clone());
        for field in &entry.v.fields {
            let name = field.key.v.to_ascii_lowercase();
            if PRIVATE.contains(&name.as_str()) {
                problems.push(
                    problem("reference-private", source, &field.key.span, format!("the field `{name}` tells where a file lies on somebody's machine, and the bundle holds {FILE}"))
                        .value(key.v)
                        .hint("remove the field; citation managers can leave it out when they export"),
                );
            }
        }
        true
    });
    if let Some(name) = published::cycle(&raw) {
        problems.push(
            Problem::new(
                "reference-cycle",
                FILE,
                "works or abbreviations refer to each other in a circle, or in too long a chain",
            )
            .value(name)
            .hint("write the fields into each work, without crossref, xdata and @string"),
        );
        return library;
    }
    let bibliography = match Bibliography::from_raw(raw) {
        Ok(bibliography) => bibliography,
        Err(error) => {
            problems.push(syntax(source, &error));
            return library;
        }
    };
    for entry in bibliography.into_vec() {
        let at = places.get(&entry.key).cloned().unwrap_or_default();
        let key = entry.key.clone();
        let (published, words) = published::entry(&entry);
        match work(entry) {
            Ok(work) => {
                let entry = Entry {
                    work,
                    line: place(source, at.start).0,
                    published,
                    words,
                };
                library.works.insert(key, entry);
            }
            Err(faults) => faults.into_iter().for_each(|fault| {
                let span = fault
                    .span
                    .filter(|span| (at.start..source.len()).contains(&span.start))
                    .unwrap_or_else(|| at.clone());
                let mut told = problem(
                    "reference-field",
                    source,
                    &span,
                    format!("`{key}`: {}", fault.message),
                )
                .hint(fault.hint);
                if let Some(value) = fault.value {
                    told = told.value(value);
                }
                problems.push(told);
            }),
        }
    }
    library
}

struct Fault {
    message: String,
    value: Option<String>,
    hint: &'static str,
    span: Option<Range<usize>>,
}

/// An entry for the citation processor, or all that is wrong with it.
fn work(mut entry: biblatex::Entry) -> std::result::Result<hayagriva::Entry, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut fault = |message: &str, value: Option<String>, hint, span| {
        faults.push(Fault {
            message: message.to_owned(),
            value,
            hint,
            span,
        });
    };
    let text = |entry: &biblatex::Entry, name: &str| -> Option<(String, Option<Range<usize>>)> {
        let chunks = entry.fields.get(name)?;
        let text: String = chunks
            .iter()
            .map(|chunk| match &chunk.v {
                Chunk::Normal(text) | Chunk::Verbatim(text) | Chunk::Math(text) => text.as_str(),
            })
            .collect();
        Some((
            text.trim().to_owned(),
            chunks.first().map(|chunk| chunk.span.clone()),
        ))
    };
    if text(&entry, "title").is_none_or(|(title, _)| title.is_empty()) {
        fault("a work needs a title", None, "add title = {...}", None);
    }
    // The processor reads no subtitle.
    if let (Some(subtitle), Some(title)) = (
        entry.fields.remove("subtitle"),
        entry.fields.get_mut("title"),
    ) {
        title.push(Spanned::detached(Chunk::Normal(": ".into())));
        title.extend(subtitle);
    }
    if let Some((url, span)) = text(&entry, "url")
        && !is_web_address(&url)
    {
        fault(
            "this is not the address of a web page",
            Some(url),
            "write an address with https:// or http://",
            span,
        );
    }
    if let Some((doi, span)) = text(&entry, "doi") {
        let bare = [
            "https://doi.org/",
            "http://doi.org/",
            "https://dx.doi.org/",
            "http://dx.doi.org/",
            "doi:",
        ]
        .into_iter()
        .find_map(|start| doi.strip_prefix(start))
        .unwrap_or(&doi)
        .to_owned();
        if is_doi(&bare) {
            let detached = vec![Spanned::detached(Chunk::Verbatim(bare))];
            entry.fields.insert("doi".into(), detached);
        } else {
            fault(
                "this is not a DOI",
                Some(doi),
                "write it without the resolver, like 10.1145/3359301",
                span,
            );
        }
    }
    match hayagriva::Entry::try_from(&entry) {
        Ok(work) => {
            // A short year would print as whatever number it is.
            if let Some(date) = work.date()
                && !(1000..=9999).contains(&date.year)
            {
                fault(
                    "this is not the year of a work",
                    Some(date.year.to_string()),
                    "write four digits, as date = {2019}",
                    None,
                );
            }
            if faults.is_empty() {
                Ok(work)
            } else {
                Err(faults)
            }
        }
        Err(error) => {
            fault(
                &error.kind.to_string(),
                None,
                "correct the field; dates are 2019-11-07, names Family, Given and Family, Given",
                Some(error.span.clone()),
            );
            Err(faults)
        }
    }
}
