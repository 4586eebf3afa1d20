//! Answers of an ad library that hold the same ad. A search is answered in pages and repeated on
//! other days, so one ad can stand in several files beside ads that stand in one only: each ad is
//! taken from one file, as a whole.

use super::ads::Keyed;
use super::state::value_of;
use super::{AdKey, Dimension};
use crate::error::{Problem, Problems};
use crate::evidence::{DeliveryRow, Evidence, Snapshot};
use crate::notice::{Locator, Notice};
use jiff::civil::Date;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The rows of one ad in one file.
struct Copy<'a> {
    file: &'a str,
    snapshot: Option<&'a Snapshot>,
    end: Option<Date>,
    cells: BTreeMap<Cell<'a>, Value>,
    first: &'a Locator,
}

/// Country, age and gender of a cell.
type Cell<'a> = Vec<Option<Cow<'a, str>>>;
/// Its reach, or its share in billionths.
type Value = (Option<u64>, Option<u32>);
/// Last day of an ad in a file, and the name of its page there.
type Page = (Option<Date>, Option<Arc<str>>);

const CELL: [Dimension; 3] = [Dimension::Country, Dimension::Age, Dimension::Gender];

/// An ad of a library is one by its number: where the page that ran it was renamed, its last name counts.
pub(super) fn one_page(rows: &[DeliveryRow], keys: &mut [AdKey]) {
    let mut pages: BTreeMap<Arc<str>, Page> = BTreeMap::new();
    for (row, key) in rows.iter().zip(keys.iter()) {
        let (Some(ad), true) = (&key.ad, is_of_library(row)) else {
            continue;
        };
        let last = pages.entry(Arc::clone(ad)).or_default();
        // Of two days of equal age the later row counts: files stand in the order of their names.
        if row.period_end >= last.0 {
            *last = (row.period_end, key.campaign.clone());
        }
    }
    for (row, key) in rows.iter().zip(keys) {
        if let (Some(ad), true) = (&key.ad, is_of_library(row))
            && let Some((_, page)) = pages.get(ad)
        {
            key.campaign.clone_from(page);
        }
    }
}

/// Leaves out all copies of an ad but one: equal copies are one copy; of others the last counts, by
/// the time of the file or the last day of the ad. Where neither tells them apart, it is a problem.
pub(super) fn unite<'a>(
    keyed: &mut Keyed<'a>,
    evidence: &'a Evidence,
    problems: &mut Problems,
    notices: &mut Vec<Notice>,
) {
    let snapshots = evidence.snapshots();
    let mut copies: BTreeMap<usize, BTreeMap<&str, Copy<'a>>> = BTreeMap::new();
    for &(row, ad) in &keyed.rows {
        let (Some(ad), true) = (ad, is_of_library(row)) else {
            continue;
        };
        let file: &'a str = &row.locator.file;
        let copy = copies.entry(ad).or_default().entry(file).or_insert(Copy {
            file,
            snapshot: snapshots.get(file).copied(),
            end: None,
            cells: BTreeMap::new(),
            first: &row.locator,
        });
        copy.end = copy.end.max(row.period_end);
        let cell = CELL.iter().map(|d| value_of(row, *d)).collect();
        copy.cells
            .insert(cell, (row.reach, row.share.map(|share| share.0)));
    }
    let mut chosen: BTreeMap<usize, &str> = BTreeMap::new();
    let mut repeated: BTreeMap<&str, (u64, &Locator)> = BTreeMap::new();
    for (ad, copies) in &copies {
        if copies.len() < 2 {
            continue;
        }
        let copies: Vec<&Copy<'a>> = copies.values().collect();
        let Some(last) = last_of(&copies) else {
            let name = keyed.keys.get(*ad).map(AdKey::path).unwrap_or_default();
            problems.push(undecided(&name, &copies));
            continue;
        };
        chosen.insert(*ad, last.file);
        for copy in copies.iter().filter(|copy| copy.file != last.file) {
            repeated.entry(copy.file).or_insert((0, copy.first)).0 += 1;
        }
    }
    for (row, ad) in &mut keyed.rows {
        let file = ad.and_then(|ad| chosen.get(&ad));
        if is_of_library(row) && file.is_some_and(|file| **file != *row.locator.file) {
            *ad = None;
        }
    }
    for (_, (count, first)) in repeated {
        notices.push(Notice::info(
            "ad-in-several-files",
            first.clone(),
            format!("{count} ad(s) of this file stand in another as well; each is counted once, as its last copy has it"),
        ));
    }
}

/// Whether a library published the row about an ad of whomever.
pub(super) fn is_of_library(row: &DeliveryRow) -> bool {
    row.disjoint || row.share.is_some()
}

/// The copy that counts.
fn last_of<'c, 'a>(copies: &[&'c Copy<'a>]) -> Option<&'c Copy<'a>> {
    let first = copies.first()?;
    if copies.iter().all(|copy| copy.cells == first.cells) {
        return Some(first);
    }
    let by_time = latest(copies, |copy| copy.snapshot.map(|snapshot| snapshot.at));
    by_time.or_else(|| latest(copies, |copy| copy.end))
}

/// The only copy with the greatest key, where all have one.
fn latest<'c, 'a, K: Ord>(
    copies: &[&'c Copy<'a>],
    key: impl Fn(&Copy<'a>) -> Option<K>,
) -> Option<&'c Copy<'a>> {
    let keys: Option<Vec<K>> = copies.iter().map(|copy| key(copy)).collect();
    let keys = keys?;
    let greatest = keys.iter().max()?;
    let mut hits = copies.iter().zip(&keys).filter(|(_, key)| *key == greatest);
    match (hits.next(), hits.next()) {
        (Some((copy, _)), None) => Some(copy),
        _ => None,
    }
}

fn undecided(name: &str, copies: &[&Copy<'_>]) -> Problem {
    let files: Vec<&str> = copies.iter().map(|copy| copy.file).collect();
    Problem::new(
        "overlapping-exports",
        files.first().copied().unwrap_or_default(),
        format!(
            "{} files give other numbers for the ad `{name}`, and nothing says which is the last",
            files.len()
        ),
    )
    .value(files.join("`, `"))
    .hint("state `snapshot = \"2024-11-05T09:00\"` for each in case.toml, or keep one of them")
}
