//! Captures counted: how many there are, which of them are exhibits of the case, and what refers to
//! them. Their addresses and names do not leave the evidence.

use crate::case::Kind;
use crate::evidence::Evidence;
use crate::notice::{Locator, Notice};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What capture tools saved.
#[derive(Debug, Clone, Default)]
pub struct Captures {
    /// Whether the case has a list of captures at all.
    pub recorded: bool,
    pub items: u64,
    /// Items that the tool says it could not save, or had not yet.
    pub unsaved: u64,
    /// Further captures of an address that is listed before.
    pub repeated: u64,
    /// Items by tool; those of an unnamed tool under `not stated`.
    pub tools: BTreeMap<String, u64>,
    /// Items of which the list gives the SHA-256 of the saved file.
    pub with_digest: u64,
    /// Of these, items whose file is an exhibit of the case.
    pub exhibits: u64,
    /// First and last day of capture.
    pub days: Option<(Date, Date)>,
    /// Contacts that refer to a capture, by its name or its digest.
    pub referring: u64,
    /// Of these, contacts whose capture is in a list or is an exhibit.
    pub found: u64,
}

/// Tools whose names say nothing of whoever used them; others are not named, since a name of a
/// program can hold that of a person or a computer.
const TOOLS: [&str; 12] = [
    "auto-archiver",
    "archiveweb.page",
    "browsertrix",
    "webrecorder",
    "hunchly",
    "wget",
    "pywb",
    "replayweb.page",
    "singlefile",
    "wayback machine",
    "conifer",
    "blink",
];

fn known_tool(tool: &str) -> &'static str {
    let folded = tool.to_lowercase();
    let known = TOOLS.into_iter().find(|name| folded.contains(name));
    known.unwrap_or("other tool")
}

/// Joins captures with exhibits and contacts.
pub fn join(evidence: &Evidence, notices: &mut Vec<Notice>) -> Captures {
    let digests: BTreeSet<String> = evidence
        .sources
        .iter()
        .map(|source| source.sha256.to_string())
        .collect();
    let rows = &evidence.captures;
    let names: BTreeSet<&str> = rows
        .iter()
        .filter_map(|row| row.reference.as_deref())
        .collect();
    let listed: BTreeSet<&str> = rows
        .iter()
        .filter_map(|row| row.sha256.as_deref())
        .collect();
    let mut captures = Captures {
        recorded: evidence
            .sources
            .iter()
            .any(|source| source.kind == Kind::Captures),
        items: rows.len() as u64,
        ..Captures::default()
    };
    let mut addresses = BTreeSet::new();
    for row in rows {
        let tool = row.tool.as_deref().map_or("not stated", known_tool);
        *captures.tools.entry(tool.into()).or_default() += 1;
        let status = row.status.as_deref().unwrap_or_default().to_lowercase();
        let failed = ["fail", "error", "progress", "pending", "nothing"];
        if failed.iter().any(|word| status.contains(word)) {
            captures.unsaved += 1;
        } else if row.url.as_deref().is_some_and(|url| !addresses.insert(url)) {
            captures.repeated += 1;
        }
        captures.with_digest += u64::from(row.sha256.is_some());
        let held = row.sha256.as_ref().is_some_and(|own| digests.contains(own));
        captures.exhibits += u64::from(held);
    }
    let days = || {
        rows.iter()
            .filter_map(|row| Some(row.captured.local?.date()))
    };
    captures.days = days().min().zip(days().max());
    let mut first: Option<&Locator> = None;
    for contact in &evidence.contacts {
        let (name, digest) = (&contact.evidence_ref, &contact.evidence_sha256);
        if name.is_none() && digest.is_none() {
            continue;
        }
        captures.referring += 1;
        let by_name = name.as_deref().is_some_and(|name| names.contains(name));
        let by_digest = digest
            .as_deref()
            .is_some_and(|own| listed.contains(own) || digests.contains(own));
        if by_name || by_digest {
            captures.found += 1;
        } else {
            first = first.or(Some(&contact.locator));
        }
    }
    let missing = captures.referring - captures.found;
    if let Some(locator) = first.filter(|_| captures.recorded) {
        notices.push(Notice::caution(
            "capture-missing",
            locator.clone(),
            format!("{missing} event(s) of this log refer to a screenshot or recording that no list of captures has and that is no exhibit"),
        ));
    }
    captures
}
