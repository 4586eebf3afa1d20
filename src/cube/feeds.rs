//! Feed items by test account: how many were coded, and as what.

use crate::evidence::{Evidence, FeedRow};
use crate::notice::Locator;
use std::collections::{BTreeMap, BTreeSet};

/// What one test account was served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedAccount {
    /// As logged: an identity, used to look the account up and never printed.
    pub label: String,
    /// From 1, in the order of the labels.
    pub number: usize,
    /// What it follows, where the case publishes the feeds (`confidential = false`).
    pub follows: Option<String>,
    /// In the order of their names and dates.
    pub sessions: Vec<FeedSession>,
    pub items: u64,
    /// Items that a coder looked at.
    pub coded: u64,
    /// Items by code.
    pub codes: BTreeMap<String, u64>,
    /// Items with at least one code that says something: any but [`NEUTRAL`].
    pub coded_otherwise: u64,
    pub rows: Vec<Locator>,
}

/// What was served in one session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedSession {
    /// Items that a coder looked at.
    pub coded: u64,
    /// Items by code.
    pub codes: BTreeMap<String, u64>,
    /// Items with at least one code that says something.
    pub coded_otherwise: u64,
}

impl FeedAccount {
    /// The name under which it is published.
    pub fn name(&self) -> String {
        format!("test account {}", self.number)
    }
}

/// Codes that say that an item is none of what was looked for.
pub const NEUTRAL: [&str; 4] = ["OTHER", "NONE", "UNCODABLE", "NO_CONTENT"];

/// All feeds of a case.
#[derive(Debug, Clone, Default)]
pub struct Feeds {
    pub accounts: Vec<FeedAccount>,
    /// All codes, in order of name.
    pub codes: Vec<String>,
}

/// Counts feed items by account and code. An item with several codes counts once under each.
pub fn count(evidence: &Evidence) -> Feeds {
    let mut accounts: BTreeMap<&str, Vec<&FeedRow>> = BTreeMap::new();
    for row in &evidence.feeds {
        accounts.entry(&row.account).or_default().push(row);
    }
    let mut all = BTreeSet::new();
    let accounts = accounts
        .into_iter()
        .enumerate()
        .map(|(index, (label, rows))| {
            let mut codes: BTreeMap<String, u64> = BTreeMap::new();
            for row in rows.iter().filter(|row| row.coded) {
                for code in row.codes.iter().collect::<BTreeSet<_>>() {
                    *codes.entry(code.clone()).or_default() += 1;
                    all.insert(code.clone());
                }
            }
            FeedAccount {
                label: label.to_owned(),
                number: index + 1,
                follows: rows
                    .iter()
                    .filter(|row| {
                        evidence
                            .source(&row.locator.file)
                            .is_some_and(|s| !s.withheld)
                    })
                    .find_map(|row| row.follows.clone()),
                sessions: sessions(&rows),
                items: rows.len() as u64,
                coded: rows.iter().filter(|row| row.coded).count() as u64,
                coded_otherwise: rows
                    .iter()
                    .filter(|row| {
                        row.coded
                            && row
                                .codes
                                .iter()
                                .any(|code| !NEUTRAL.contains(&code.as_str()))
                    })
                    .count() as u64,
                codes,
                rows: rows.iter().map(|row| row.locator.clone()).collect(),
            }
        })
        .collect();
    Feeds {
        accounts,
        codes: all.into_iter().collect(),
    }
}

/// Counts by session; items of no session that is named stand by their day.
fn sessions(rows: &[&FeedRow]) -> Vec<FeedSession> {
    let mut sessions: BTreeMap<_, FeedSession> = BTreeMap::new();
    for row in rows {
        let session = sessions.entry((&row.session, row.date)).or_default();
        if !row.coded {
            continue;
        }
        session.coded += 1;
        for code in row.codes.iter().collect::<BTreeSet<_>>() {
            *session.codes.entry(code.clone()).or_default() += 1;
        }
        let says = |code: &String| !NEUTRAL.contains(&code.as_str());
        session.coded_otherwise += u64::from(row.codes.iter().any(says));
    }
    sessions.into_values().collect()
}
