//! `references.bib`: BibLaTeX as somebody's reference manager wrote it, with every fault at once.
//!
//! The parser stops at its first error, follows abbreviations and cross-references without end
//! where they form a ring, and goes as deep as braces are nested. So the file is divided into its
//! entries first, and what could run away is looked for before it is followed (`limits`).

use super::limits::{BUDGET, acyclic, ends, keys, too_deep};
use super::mend::{bare, whole_names};
use super::text;
use crate::error::{Problem, Problems, Result};
use biblatex::{
    ChunksExt, EntryType, Pair, ParseErrorKind, RawBibliography, RawChunk, RawEntry, Spanned,
};
use hayagriva::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of the file; a library of ten thousand works has less.
const LARGEST: usize = 8 << 20;
/// Lines with `@` inside one entry, such as a handle in an abstract.
const FALSE_STARTS: usize = 12;

/// A bibliography as read.
pub struct Library {
    pub entries: Vec<Entry>,
    /// One-based line of each entry, by key.
    pub lines: BTreeMap<String, u64>,
}

/// An entry not yet resolved, and where its text starts in the file.
type Found<'t> = (usize, Spanned<RawEntry<'t>>);

/// Reads the file; `subject` is its name.
///
/// # Errors
/// `bib-size`, `bib-depth`, `bib-syntax`, `bib-key`, `bib-key-twice`, `bib-abbreviation`,
/// `bib-crossref`, `bib-field`, `bib-title`: all that can be found, each with its line.
pub fn read(subject: &str, source: &str) -> Result<Library> {
    let file = File { subject, source };
    let mut problems = Problems::default();
    if source.len() > LARGEST {
        return Err(Problem::new(
            "bib-size",
            subject,
            "this bibliography is larger than 8 MiB",
        )
        .hint("export only the works that the report cites")
        .into());
    }
    if let Some(at) = too_deep(source) {
        return Err(file
            .problem("bib-depth", at, "braces are nested too deeply here")
            .hint("close the braces of the entries before this line")
            .into());
    }
    let (found, abbreviations) = file.divide(&mut problems);
    let mut good = Vec::new();
    let mut lines = BTreeMap::new();
    for (base, entry) in found {
        let at = base + entry.span.start;
        let key = entry.v.key.v;
        if key.is_empty() || key.chars().any(|c| c.is_control()) {
            problems.push(
                file.problem("bib-key", at, "this entry has no key")
                    .hint("write @article{key, ...}"),
            );
        } else if let Some(first) = lines.get(key) {
            let problem = file.problem(
                "bib-key-twice",
                at,
                format!("two works have this key; the first stands on line {first}"),
            );
            problems.push(
                problem
                    .value(key)
                    .hint("give each its own key, or remove one"),
            );
        } else {
            lines.insert(key.to_owned(), file.line(at));
            good.push((base, entry));
        }
    }
    good.retain(
        |(base, entry)| match file.runs_away(*base, entry, &abbreviations) {
            Some(problem) => {
                problems.push(problem);
                false
            }
            None => true,
        },
    );
    file.rings(&mut good, &mut problems);
    let mut resolved = Vec::new();
    for (base, entry) in good {
        let alone = RawBibliography {
            preamble: String::new(),
            entries: vec![entry.clone()],
            abbreviations: abbreviations.clone(),
        };
        match biblatex::Bibliography::from_raw(alone) {
            Ok(_) => resolved.push(entry),
            Err(error) => problems.push(
                file.problem(
                    "bib-syntax",
                    base + error.span.start,
                    error.kind.to_string(),
                )
                .value(entry.v.key.v)
                .hint("correct the entry, or export it again from the reference manager"),
            ),
        }
    }
    let whole = RawBibliography {
        preamble: String::new(),
        entries: resolved,
        abbreviations,
    };
    let mut entries = Vec::new();
    match biblatex::Bibliography::from_raw(whole) {
        Ok(bibliography) => {
            for entry in bibliography.into_vec() {
                entries.extend(problems.take(file.work(entry, &lines)).flatten());
            }
        }
        // Each was sound alone: only a cross-reference can fail now.
        Err(error) => problems.push(
            file.problem("bib-crossref", error.span.start, error.kind.to_string())
                .hint("correct the cross-reference"),
        ),
    }
    problems.finish(Library { entries, lines })
}

struct File<'t> {
    subject: &'t str,
    source: &'t str,
}

impl<'t> File<'t> {
    fn line(&self, at: usize) -> u64 {
        let before = self
            .source
            .as_bytes()
            .get(..at)
            .unwrap_or(self.source.as_bytes());
        1 + before.iter().filter(|byte| **byte == b'\n').count() as u64
    }

    fn problem(&self, code: &'static str, at: usize, message: impl Into<String>) -> Problem {
        Problem::new(code, self.subject, message).line(self.line(at))
    }

    /// The entries and abbreviations that can be read; a problem for each entry that cannot.
    fn divide(&self, problems: &mut Problems) -> (Vec<Found<'t>>, Vec<Pair<'t>>) {
        let source = self.source;
        if let Ok(raw) = RawBibliography::parse(source) {
            return (
                raw.entries.into_iter().map(|entry| (0, entry)).collect(),
                raw.abbreviations,
            );
        }
        let starts = starts(source);
        let (mut found, mut abbreviations) = (Vec::new(), Vec::new());
        let mut index = 0;
        while let Some(&start) = starts.get(index) {
            let end = |index: usize| starts.get(index).copied().unwrap_or(source.len());
            let last = starts.len().min(index + FALSE_STARTS);
            // A line of an entry may start with `@`: then the entry is longer.
            let read = (index + 1..=last).find_map(|next| {
                RawBibliography::parse(&source[start..end(next)])
                    .ok()
                    .map(|raw| (next, raw))
            });
            match read {
                Some((next, raw)) => {
                    found.extend(raw.entries.into_iter().map(|entry| (start, entry)));
                    abbreviations.extend(raw.abbreviations);
                    index = next;
                }
                None => {
                    let own = &source[start..end(index + 1)];
                    if let Err(error) = RawBibliography::parse(own) {
                        let (at, message) = match error.kind {
                            ParseErrorKind::UnexpectedEof => (start, "this entry does not end: a brace, quotation mark or comma is missing".to_owned()),
                            kind => (start + error.span.start, format!("this entry cannot be read: {kind}")),
                        };
                        let head = own.split([',', '\n']).next().unwrap_or(own);
                        problems.push(
                            self.problem("bib-syntax", at, message)
                                .value(head.trim())
                                .hint("each entry is @type{key, field = {value}, ...}"),
                        );
                    }
                    index += 1;
                }
            }
        }
        (found, abbreviations)
    }

    /// The problem of an entry whose abbreviations do not come to an end.
    fn runs_away(
        &self,
        base: usize,
        entry: &Spanned<RawEntry>,
        abbreviations: &[Pair],
    ) -> Option<Problem> {
        let known: BTreeMap<&str, &Vec<Spanned<RawChunk>>> = abbreviations
            .iter()
            .map(|pair| (pair.key.v, &pair.value.v))
            .collect();
        let mut budget = BUDGET;
        for field in &entry.v.fields {
            if !ends(&field.value.v, &known, 0, &mut budget) {
                return Some(
                    self.problem(
                        "bib-abbreviation",
                        base + field.key.span.start,
                        "an abbreviation of this field refers to itself, or is too long",
                    )
                    .value(field.key.v)
                    .hint("correct its @string"),
                );
            }
        }
        None
    }

    /// Takes out the entries whose cross-references form a ring or are no keys.
    fn rings(&self, entries: &mut Vec<Found>, problems: &mut Problems) {
        let mut links: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut bad: BTreeSet<String> = BTreeSet::new();
        for (base, entry) in entries.iter() {
            let key = entry.v.key.v.to_owned();
            for field in &entry.v.fields {
                let name = field.key.v.to_ascii_lowercase();
                if !matches!(name.as_str(), "crossref" | "xdata" | "ids") {
                    continue;
                }
                match keys(&field.value.v) {
                    Some(keys) if name == "ids" => {
                        keys.into_iter()
                            .for_each(|alias| links.entry(alias).or_default().push(key.clone()));
                    }
                    Some(keys) => links.entry(key.clone()).or_default().extend(keys),
                    None => {
                        problems.push(
                            self.problem(
                                "bib-crossref",
                                base + field.key.span.start,
                                "this field holds something other than keys",
                            )
                            .value(key.clone())
                            .hint("write keys, with commas between them"),
                        );
                        bad.insert(key.clone());
                    }
                }
            }
        }
        for (base, entry) in entries.iter() {
            let key = entry.v.key.v;
            if !acyclic(key, &links, 0, &mut BUDGET.clone()) {
                problems.push(
                    self.problem(
                        "bib-crossref",
                        base + entry.span.start,
                        "the cross-references of this work lead back to it, or too far",
                    )
                    .value(key)
                    .hint("remove one of them"),
                );
                bad.insert(key.to_owned());
            }
        }
        entries.retain(|(_, entry)| !bad.contains(entry.v.key.v));
    }

    /// A work that can be cited; `None` for entries that only lend their fields.
    fn work(
        &self,
        mut entry: biblatex::Entry,
        lines: &BTreeMap<String, u64>,
    ) -> Result<Option<Entry>> {
        if matches!(entry.entry_type, EntryType::XData | EntryType::Set) {
            return Ok(None);
        }
        let line = lines.get(&entry.key).copied().unwrap_or(1);
        let problem = |code, message: String| {
            Problem::new(code, self.subject, message)
                .line(line)
                .value(entry.key.clone())
        };
        let title = entry.title().map(ChunksExt::format_verbatim);
        if !title.is_ok_and(|title| !text::line(&title).is_empty()) {
            return Err(problem("bib-title", "this work has no title".into())
                .hint("add title = {...}")
                .into());
        }
        // hayagriva leaves the subtitle out.
        if let Some(subtitle) = entry.fields.remove("subtitle")
            && let Some(title) = entry.fields.get_mut("title")
        {
            title.push(Spanned::detached(biblatex::Chunk::Normal(": ".into())));
            title.extend(subtitle);
        }
        // ... and takes a data set for software; a report of the type "Data set" prints as one.
        if entry.entry_type == EntryType::Dataset {
            entry.entry_type = EntryType::Report;
            entry.fields.entry("type".into()).or_insert_with(|| {
                vec![Spanned::detached(biblatex::Chunk::Normal(
                    "Data set".into(),
                ))]
            });
        }
        for chunk in entry.fields.values_mut().flatten() {
            if let biblatex::Chunk::Normal(text) | biblatex::Chunk::Verbatim(text) = &mut chunk.v {
                *text = bare(text);
            }
        }
        match Entry::try_from(&entry) {
            Ok(mut work) => {
                whole_names(&mut work);
                Ok(Some(work))
            }
            Err(error) => Err(
                Problem::new("bib-field", self.subject, error.kind.to_string())
                    .line(if error.span.start > 0 {
                        self.line(error.span.start)
                    } else {
                        line
                    })
                    .value(entry.key.clone())
                    .hint("correct the field")
                    .into(),
            ),
        }
    }
}

/// Where lines start with `@`.
fn starts(source: &str) -> Vec<usize> {
    let mut out = Vec::new();
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        let blank = line.len() - line.trim_start().len();
        if line[blank..].starts_with('@') {
            out.push(at + blank);
        }
        at += line.len();
    }
    out
}
