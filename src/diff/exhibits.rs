//! Which file of one bundle is which of the other. Exhibits are numbered in the order of their names,
//! so that a file that was added shifts the numbers behind it.

use crate::digest::Sha256;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A file of the evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exhibit {
    /// `EX-001` onwards.
    pub exhibit: String,
    pub kind: String,
    /// Path in the case folder; absent where the edition withholds it.
    pub file: Option<String>,
    /// Of the file as it was received.
    pub sha256: Sha256,
    pub withheld: bool,
}

/// What became of an exhibit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExhibitKind {
    Added,
    Removed,
    /// Other bytes.
    Changed,
    /// The same bytes, which the new edition holds back.
    Withheld,
    /// The same bytes, which the old edition holds back.
    Disclosed,
    /// The same bytes under another number.
    Renumbered,
}

impl ExhibitKind {
    pub fn name(self) -> &'static str {
        match self {
            ExhibitKind::Added => "added",
            ExhibitKind::Removed => "removed",
            ExhibitKind::Changed => "changed",
            ExhibitKind::Withheld => "withheld",
            ExhibitKind::Disclosed => "disclosed",
            ExhibitKind::Renumbered => "renumbered",
        }
    }
}

/// An exhibit that is not the same in both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExhibitChange {
    pub change: ExhibitKind,
    pub old: Option<Exhibit>,
    pub new: Option<Exhibit>,
}

/// The exhibits as `digests.txt` lists them, with what `notices.json` says of each.
pub(super) fn read(digests: &str, notices: &Value, withheld: &BTreeSet<String>) -> Vec<Exhibit> {
    let sources = notices.get("sources").and_then(Value::as_array);
    let mut told: BTreeMap<&str, &Value> = BTreeMap::new();
    for source in sources.into_iter().flatten() {
        if let Some(exhibit) = source.get("exhibit").and_then(Value::as_str) {
            told.insert(exhibit, source);
        }
    }
    let exhibit = |line: &str| {
        let (digest, name) = line.split_once("  ")?;
        // Beside a file without its access tokens stands the file as it came.
        if !name.starts_with("EX-") || name.contains(' ') {
            return None;
        }
        let word = |key: &str| Some(told.get(name)?.get(key)?.as_str()?.to_owned());
        Some(Exhibit {
            exhibit: name.to_owned(),
            kind: word("kind").unwrap_or_default(),
            file: word("file"),
            sha256: Sha256::parse(digest)?,
            withheld: withheld.contains(name),
        })
    };
    digests.lines().filter_map(exhibit).collect()
}

/// Which exhibit of the old bundle is which of the new, those that only the old has, and those that only
/// the new has.
fn matched<'e>(old: &'e [Exhibit], new: &'e [Exhibit]) -> Matched<'e> {
    let mut pairs = Vec::new();
    let (mut left, mut right): (Vec<&Exhibit>, Vec<&Exhibit>) =
        (old.iter().collect(), new.iter().collect());
    // By the same number first, so that of two files with the same bytes each meets its own.
    let rules: [fn(&Exhibit, &Exhibit) -> bool; 4] = [
        |a, b| a.sha256 == b.sha256 && a.exhibit == b.exhibit,
        |a, b| a.sha256 == b.sha256,
        |a, b| a.file.is_some() && a.file == b.file,
        // Files without a name, which one edition withholds.
        |a, b| (a.file.is_none() || b.file.is_none()) && a.kind == b.kind && a.exhibit == b.exhibit,
    ];
    for fits in rules {
        left.retain(|old| {
            let Some(at) = right.iter().position(|new| fits(old, new)) else {
                return true;
            };
            pairs.push((*old, right.remove(at)));
            false
        });
    }
    Matched { pairs, left, right }
}

struct Matched<'e> {
    pairs: Vec<(&'e Exhibit, &'e Exhibit)>,
    left: Vec<&'e Exhibit>,
    right: Vec<&'e Exhibit>,
}

/// Exhibits that are in both.
pub(super) fn pairs<'e>(old: &'e [Exhibit], new: &'e [Exhibit]) -> Vec<(&'e Exhibit, &'e Exhibit)> {
    matched(old, new).pairs
}

/// The exhibits that are not the same: by the number in the new bundle, or else in the old.
pub(super) fn compare(old: &[Exhibit], new: &[Exhibit]) -> Vec<ExhibitChange> {
    let Matched { pairs, left, right } = matched(old, new);
    let pairs = pairs.into_iter().filter_map(|(old, new)| {
        Some(ExhibitChange {
            change: change(old, new)?,
            old: Some(old.clone()),
            new: Some(new.clone()),
        })
    });
    let mut found: Vec<ExhibitChange> = pairs.collect();
    found.extend(left.into_iter().map(|old| ExhibitChange {
        change: ExhibitKind::Removed,
        old: Some(old.clone()),
        new: None,
    }));
    found.extend(right.into_iter().map(|new| ExhibitChange {
        change: ExhibitKind::Added,
        old: None,
        new: Some(new.clone()),
    }));
    let number = |own: &ExhibitChange| {
        let exhibit = own.new.as_ref().or(own.old.as_ref());
        exhibit.map(|own| (own.exhibit.len(), own.exhibit.clone()))
    };
    found.sort_by_key(|own| (number(own), own.change));
    found
}

fn change(old: &Exhibit, new: &Exhibit) -> Option<ExhibitKind> {
    if old.sha256 != new.sha256 {
        Some(ExhibitKind::Changed)
    } else if old.withheld != new.withheld {
        Some(if new.withheld {
            ExhibitKind::Withheld
        } else {
            ExhibitKind::Disclosed
        })
    } else {
        (old.exhibit != new.exhibit).then_some(ExhibitKind::Renumbered)
    }
}
