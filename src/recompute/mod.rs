//! The means to recompute a report without casefile: `recompute.sql` for DuckDB and `recompute.py`.
//!
//! The SQL reads the raw files of the bundle by their headings, adds up, and sets the results beside
//! `statistics.json`. How cells are read and which rows count stands in it as constant text, the same
//! for every case (`templates/recompute`), which knows casefile's rules and none of its code. What is
//! taken from casefile stands at its top as tables for the reader's eye: which heading is which column,
//! what the words of a column mean, when each export was taken, and the patterns of the arms.
//!
//! The Python script is one constant file: it checks digests, prepares what DuckDB cannot read by
//! itself, runs the SQL and prints a verdict.

mod columns;
mod facts;
mod files;
mod published;
mod text;

use crate::case::{Case, Kind};
use crate::cube::Cube;
use crate::evidence::{Evidence, Source};
use std::collections::BTreeMap;

/// The script that runs the SQL. It holds nothing of a case.
pub const PYTHON: &str = include_str!("../../templates/recompute/recompute.py");

/// Where the script takes over: it stands between two parts of the SQL, and in the script.
const PREPARED: &str =
    "-- == The files that DuckDB does not read by itself are prepared here by recompute.py. ==\n";

/// What the SQL is made from.
pub struct Material<'a> {
    pub case: &'a Case,
    pub evidence: &'a Evidence,
    pub cube: &'a Cube,
    /// Paths of the raw files that this edition holds, below `data/`, by exhibit.
    pub paths: BTreeMap<&'a str, String>,
    /// Headings of the tables that this edition publishes, by their path below `data/`.
    pub tables: BTreeMap<&'a str, Vec<String>>,
}

/// Whether the SQL can have the rows of a file.
enum State<'a> {
    /// By DuckDB itself, or by the script first.
    Raw { path: &'a str },
    /// It stands in no file of this edition.
    Withheld,
    /// It is in a form that is not read here.
    Unread(&'static str),
}

impl Material<'_> {
    fn state(&self, source: &Source) -> State<'_> {
        let Some(path) = self.paths.get(source.exhibit.as_str()) else {
            return State::Withheld;
        };
        if source.kind == Kind::Contacts && self.contacts_unread() {
            return State::Unread("events are joined from several files, or transcribed");
        }
        if source.reading.is_some() || source.format == files::LIBRARY && self.is_json(source) {
            return State::Raw { path };
        }
        match source.kind {
            Kind::Attachment | Kind::Statements | Kind::Context | Kind::Captures => {
                State::Raw { path }
            }
            _ => State::Unread("a form that is no table"),
        }
    }

    /// Whether the file begins as JSON does.
    fn is_json(&self, source: &Source) -> bool {
        let own = self.case.sources.iter().find(|own| own.file == source.file);
        let bytes = own.map_or(&[][..], |own| own.bytes.trim_ascii_start());
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        bytes.starts_with(b"{") || bytes.starts_with(b"[")
    }

    /// Events of one log by hand are read; downloads, in which the same event can stand twice, and
    /// sheets of codes are not.
    fn contacts_unread(&self) -> bool {
        self.evidence
            .sources
            .iter()
            .filter(|source| source.kind == Kind::Contacts)
            .any(|source| source.format != "tidy-contacts" || source.reading.is_none())
    }

    /// Files of a kind, each with its state.
    fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (&Source, State<'_>)> {
        self.evidence
            .sources
            .iter()
            .filter(move |source| source.kind == kind)
            .map(|source| (source, self.state(source)))
    }

    /// Whether there are files of a kind and all of them are read.
    fn has_rows(&self, kind: Kind) -> bool {
        let mut own = self.of_kind(kind).peekable();
        own.peek().is_some() && own.all(|(_, state)| matches!(state, State::Raw { .. }))
    }
}

/// A part of the SQL.
enum Part {
    /// The same in every bundle.
    Fixed(&'static str),
    /// Made from the case.
    Own(String),
}

/// The text of `recompute.sql`.
pub fn sql(material: &Material<'_>) -> String {
    let parts: Vec<String> = parts(material)
        .into_iter()
        .map(|part| match part {
            Part::Fixed(text) => text.to_owned(),
            Part::Own(text) => text,
        })
        .collect();
    parts.join("\n")
}

/// What stands in the SQL because of the case, for the search for what must not leak: words of the
/// constant text can be somebody's name by chance.
pub fn own_words(material: &Material<'_>) -> String {
    let parts: Vec<String> = parts(material)
        .into_iter()
        .filter_map(|part| match part {
            Part::Fixed(_) => None,
            Part::Own(text) => Some(text),
        })
        .collect();
    parts.join("\n")
}

/// A constant text of `templates/recompute`.
macro_rules! fixed {
    ($name:literal) => {
        Part::Fixed(include_str!(concat!("../../templates/recompute/", $name)))
    };
}

fn parts(material: &Material<'_>) -> Vec<Part> {
    let mut parts = vec![
        fixed!("head.sql"),
        fixed!("macros.sql"),
        fixed!("facts.sql"),
        Part::Own(facts::tables(material)),
        Part::Fixed(PREPARED),
        fixed!("tables.sql"),
        fixed!("reported.sql"),
    ];
    for (words, library) in files::rows(material) {
        parts.push(Part::Own(words));
        if library {
            parts.push(fixed!("library.sql"));
        }
    }
    parts.extend([
        fixed!("delivery.sql"),
        fixed!("ads.sql"),
        fixed!("shares.sql"),
    ]);
    let recorded = material.of_kind(Kind::Contacts).next().is_some();
    if !recorded || material.has_rows(Kind::Contacts) {
        parts.extend([fixed!("contacts.sql"), fixed!("rates.sql")]);
    } else if let Some(tables) = published::contacts(material) {
        parts.extend([
            fixed!("published.sql"),
            Part::Own(tables),
            fixed!("published_contacts.sql"),
            fixed!("rates.sql"),
        ]);
    }
    if !material.has_rows(Kind::Accounts) {
        parts.extend(published::accounts(material).map(Part::Own));
    }
    parts.push(fixed!("accounts.sql"));
    if material.has_rows(Kind::Feeds) {
        parts.extend([fixed!("feeds.sql"), fixed!("served.sql")]);
    } else if let Some(table) = published::feeds(material) {
        parts.extend([Part::Own(table), fixed!("served.sql")]);
    }
    parts.push(fixed!("verdict.sql"));
    parts
}
