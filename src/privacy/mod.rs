//! Nobody is exposed: what the public edition withholds must not stand in it anywhere else.
//!
//! The scan knows every identity and every private text of the evidence and looks for each in
//! every file of the public edition. One hit stops the build: a value that is withheld in one
//! place and printed in another was not withheld (redaction by search is no redaction).

use crate::artifacts::Artifacts;
use crate::error::{Error, Problem};
use crate::evidence::Evidence;
use crate::notice::Locator;
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::BTreeMap;

/// Shorter identities would be found by chance everywhere.
const SHORTEST_IDENTITY: usize = 3;
/// Shorter notes ("yes", "no text") say nothing about anybody.
const SHORTEST_TEXT: usize = 12;

/// A value that must not be published.
struct Protected<'a> {
    value: String,
    locator: &'a Locator,
    what: &'static str,
    /// An identity counts only as a whole word; a text also inside another.
    whole_word: bool,
}

fn protected(evidence: &Evidence) -> Vec<Protected<'_>> {
    let mut list = Vec::new();
    let mut identity = |value: &str, locator| {
        let value = value.trim().to_lowercase();
        if value.chars().count() >= SHORTEST_IDENTITY {
            list.push(Protected {
                value,
                locator,
                what: "an identity",
                whole_word: true,
            });
        }
    };
    for row in &evidence.contacts {
        if let Some(sender) = &row.sender {
            identity(sender, &row.locator);
        }
    }
    for row in &evidence.accounts {
        identity(&row.account, &row.locator);
    }
    let texts = evidence
        .contacts
        .iter()
        .map(|row| (&row.private_texts, &row.locator))
        .chain(
            evidence
                .accounts
                .iter()
                .map(|row| (&row.private_texts, &row.locator)),
        )
        .chain(
            evidence
                .feeds
                .iter()
                .map(|row| (&row.private_texts, &row.locator)),
        );
    for (texts, locator) in texts {
        for text in texts {
            let value = text.trim().to_lowercase();
            if value.chars().count() >= SHORTEST_TEXT {
                list.push(Protected {
                    value,
                    locator,
                    what: "a private text",
                    whole_word: false,
                });
            }
        }
    }
    list
}

/// The ways in which a value can be written in our outputs.
fn spellings(value: &str) -> Vec<String> {
    let html = value
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#x27;");
    let json = serde_json::to_string(value).unwrap_or_default();
    let csv = value.replace('"', "\"\"");
    let mut all = vec![
        value.to_owned(),
        html,
        json.trim_matches('"').to_owned(),
        csv,
    ];
    all.sort();
    all.dedup();
    all
}

/// Searches every file, and the text that the PDF is set from, for every protected value.
///
/// Errors name the file of the edition and the row of the evidence, never the value.
pub fn scan(evidence: &Evidence, artifacts: &Artifacts, document_json: &str) -> Result<(), Error> {
    let protected = protected(evidence);
    let mut patterns: Vec<String> = Vec::new();
    let mut owners: Vec<usize> = Vec::new();
    for (index, item) in protected.iter().enumerate() {
        for spelling in spellings(&item.value) {
            patterns.push(spelling);
            owners.push(index);
        }
    }
    if patterns.is_empty() {
        return Ok(());
    }
    let search = AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .build(&patterns)
        .map_err(|error| {
            Error::from(
                Problem::new(
                    "leak-scan",
                    "public edition",
                    format!("the search for withheld values could not be prepared: {error}"),
                )
                .hint("report this as a defect of casefile"),
            )
        })?;
    let mut leaks: BTreeMap<(String, &Locator, &'static str), u64> = BTreeMap::new();
    let mut look = |path: &str, text: &str| {
        let folded = text.to_lowercase();
        for hit in search.find_overlapping_iter(&folded) {
            let Some(item) = owners
                .get(hit.pattern().as_usize())
                .and_then(|&index| protected.get(index))
            else {
                continue;
            };
            let before = folded
                .get(..hit.start())
                .and_then(|s| s.chars().next_back());
            let after = folded.get(hit.end()..).and_then(|s| s.chars().next());
            let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            if !item.whole_word || !(joins(before) || joins(after)) {
                *leaks
                    .entry((path.to_owned(), item.locator, item.what))
                    .or_default() += 1;
            }
        }
    };
    for (path, artifact) in artifacts.iter() {
        // A PDF is compressed: what it is set from is searched instead.
        if artifact.media_type != "application/pdf" {
            look(path, &String::from_utf8_lossy(&artifact.bytes));
        }
    }
    look("report.pdf", document_json);
    let problems: Vec<Problem> = leaks
        .into_iter()
        .map(|((path, locator, what), count)| {
            let place = locator.row.map_or_else(|| locator.file.clone(), |row| format!("{}, row {row}", locator.file));
            Problem::new("leak", path, format!("the public edition would show {what} that it withholds ({count} time(s)): the one in {place}"))
                .hint("remove it from the text or public file that holds it; the value itself is not printed here")
        })
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error { problems })
    }
}
