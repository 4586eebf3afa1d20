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

/// The text of `recompute.sql`.
pub fn sql(material: &Material<'_>) -> String {
    let mut parts: Vec<String> = vec![
        include_str!("../../templates/recompute/head.sql").into(),
        include_str!("../../templates/recompute/macros.sql").into(),
        facts::tables(material),
        include_str!("../../templates/recompute/tables.sql").into(),
        include_str!("../../templates/recompute/reported.sql").into(),
        files::rows(material),
        include_str!("../../templates/recompute/delivery.sql").into(),
        include_str!("../../templates/recompute/ads.sql").into(),
        include_str!("../../templates/recompute/shares.sql").into(),
    ];
    let recorded = material.of_kind(Kind::Contacts).next().is_some();
    if !recorded || material.has_rows(Kind::Contacts) {
        parts.push(include_str!("../../templates/recompute/contacts.sql").into());
        parts.push(include_str!("../../templates/recompute/rates.sql").into());
    } else if let Some(tables) = published::contacts(material) {
        parts.push(tables);
        parts.push(include_str!("../../templates/recompute/rates.sql").into());
    }
    if !material.has_rows(Kind::Accounts) {
        parts.extend(published::accounts(material));
    }
    parts.push(include_str!("../../templates/recompute/accounts.sql").into());
    if material.has_rows(Kind::Feeds) {
        parts.push(include_str!("../../templates/recompute/feeds.sql").into());
        parts.push(include_str!("../../templates/recompute/served.sql").into());
    } else if let Some(table) = published::feeds(material) {
        parts.push(table);
        parts.push(include_str!("../../templates/recompute/served.sql").into());
    }
    parts.push(include_str!("../../templates/recompute/verdict.sql").into());
    parts.join("\n")
}
