//! From all rows to the final state: of cumulative exports the last one counts.
//!
//! Exports that share an ad, a breakdown and a start of the reporting period are snapshots of the
//! same counter. Platforms restate such counts, also downwards, so differences between snapshots
//! are never taken for delivery in between; decreases are noticed.

use super::ads::Keyed;
use super::{ByGender, Dimension, SnapshotCounts};
use crate::case::Measure;
use crate::error::{Problem, Problems};
use crate::evidence::{CountRange, DeliveryRow, Evidence, Gender, Snapshot, SnapshotBasis};
use crate::notice::{Locator, Notice};
use jiff::civil::Date;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Which dimensions a file is broken down by.
pub type Signature = BTreeSet<Dimension>;

/// The rows that count.
pub struct State<'a> {
    /// (row, ad) in the order of the evidence.
    pub rows: Vec<(&'a DeliveryRow, usize)>,
    pub signatures: Vec<Signature>,
    /// File -> position in `signatures`.
    by_file: BTreeMap<&'a str, usize>,
    /// Snapshot files of each chain, oldest first.
    chains: Vec<Vec<(Snapshot, &'a str)>>,
    /// Positions in `rows` of each ad.
    of_ad: BTreeMap<usize, Vec<usize>>,
}

impl<'a> State<'a> {
    /// Rows of one ad.
    pub fn rows_of(&self, ad: usize) -> Vec<&'a DeliveryRow> {
        self.of_ad
            .get(&ad)
            .into_iter()
            .flatten()
            .filter_map(|&i| self.rows.get(i))
            .map(|(row, _)| *row)
            .collect()
    }

    pub fn signature_of(&self, row: &DeliveryRow) -> usize {
        self.by_file.get(&*row.locator.file).copied().unwrap_or(0)
    }

    /// Whether each group of `dimensions` is a single row, so that nothing is summed.
    pub fn is_one_cell(&self, ad: usize, signature: usize, dimensions: &[Dimension]) -> bool {
        let mut seen = BTreeSet::new();
        self.rows_of(ad)
            .into_iter()
            .filter(|row| self.signature_of(row) == signature)
            .all(|row| {
                seen.insert(
                    dimensions
                        .iter()
                        .map(|d| value_of(row, *d))
                        .collect::<Vec<_>>(),
                )
            })
    }
}

/// The value of a dimension in a row, as text.
pub fn value_of(row: &DeliveryRow, dimension: Dimension) -> Option<Cow<'_, str>> {
    match dimension {
        Dimension::Gender => row.gender.map(|g| Cow::Borrowed(gender_name(g))),
        Dimension::Age => row.age.as_deref().map(Cow::Borrowed),
        Dimension::Region => row.region.as_deref().map(Cow::Borrowed),
        Dimension::Country => row.country.as_deref().map(Cow::Borrowed),
        Dimension::Placement => row.placement.as_deref().map(Cow::Borrowed),
        Dimension::Device => row.device.as_deref().map(Cow::Borrowed),
        Dimension::Platform => row.platform.as_deref().map(Cow::Borrowed),
        Dimension::Day => row.day.map(|d| Cow::Owned(d.to_string())),
    }
}

pub fn gender_name(gender: Gender) -> &'static str {
    match gender {
        Gender::Female => "female",
        Gender::Male => "male",
        Gender::Unknown => "unknown",
    }
}

const DIMENSIONS: [Dimension; 8] = [
    Dimension::Gender,
    Dimension::Age,
    Dimension::Region,
    Dimension::Country,
    Dimension::Placement,
    Dimension::Device,
    Dimension::Platform,
    Dimension::Day,
];

/// A file seen as one export.
struct Export<'a> {
    file: &'a str,
    signature: usize,
    start: Option<Date>,
    end: Option<Date>,
    snapshot: Option<Snapshot>,
    ads: BTreeSet<usize>,
}

/// Finds the chains of snapshots and keeps the last export of each.
pub fn settle<'a>(
    keyed: &Keyed<'a>,
    evidence: &'a Evidence,
    problems: &mut Problems,
    notices: &mut Vec<Notice>,
) -> State<'a> {
    let mut files: BTreeMap<&str, Vec<(&DeliveryRow, usize)>> = BTreeMap::new();
    for &(row, ad) in &keyed.rows {
        if let Some(ad) = ad {
            files.entry(&row.locator.file).or_default().push((row, ad));
        }
    }
    let snapshots = evidence.snapshots();
    let mut signatures: Vec<Signature> = Vec::new();
    let mut by_file = BTreeMap::new();
    let mut exports: Vec<Export> = Vec::new();
    for (file, rows) in &files {
        let signature: Signature = DIMENSIONS
            .into_iter()
            .filter(|d| rows.iter().any(|(row, _)| value_of(row, *d).is_some()))
            .collect();
        let position = signatures
            .iter()
            .position(|s| *s == signature)
            .unwrap_or_else(|| {
                signatures.push(signature);
                signatures.len() - 1
            });
        by_file.insert(*file, position);
        exports.push(Export {
            file,
            signature: position,
            start: rows.iter().filter_map(|(row, _)| row.period_start).min(),
            end: rows.iter().filter_map(|(row, _)| row.period_end).max(),
            snapshot: snapshots.get(file).map(|s| (*s).clone()),
            ads: rows.iter().map(|(_, ad)| *ad).collect(),
        });
    }
    let mut counted: BTreeSet<&str> = BTreeSet::new();
    let mut chains = Vec::new();
    for group in connected(&exports) {
        match order(&group) {
            Some(chain) => {
                if let Some((_, last)) = chain.last() {
                    counted.insert(last);
                    missing_from_last(&group, last, keyed, notices);
                }
                for pair in chain.windows(2) {
                    if let [before, (_, after)] = pair {
                        decreases(&files, before, after, notices);
                    }
                }
                chains.push(chain);
            }
            None => {
                let names: Vec<&str> = group.iter().map(|export| export.file).collect();
                problems.push(
                    Problem::new("overlapping-exports", names[0], format!("{} exports give counts for the same ads, breakdown and period, and nothing says which is the last", names.len()))
                        .value(names.join("`, `"))
                        .hint("state `snapshot = \"2024-11-05T09:00\"` for each in case.toml, put the time of the export into the file names, or keep one of them"),
                );
            }
        }
    }
    overlaps(&exports, &counted, keyed, problems);
    let rows: Vec<(&DeliveryRow, usize)> = keyed
        .rows
        .iter()
        .filter_map(|&(row, ad)| Some((row, ad?)))
        .filter(|(row, _)| counted.contains(&*row.locator.file))
        .collect();
    let mut of_ad: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, (_, ad)) in rows.iter().enumerate() {
        of_ad.entry(*ad).or_default().push(index);
    }
    State {
        rows,
        signatures,
        by_file,
        chains,
        of_ad,
    }
}

/// Groups of exports that are snapshots of the same counters: same breakdown, same start, linked
/// by shared ads.
fn connected<'e, 'a>(exports: &'e [Export<'a>]) -> Vec<Vec<&'e Export<'a>>> {
    let mut groups: Vec<(BTreeSet<usize>, Vec<&Export>)> = Vec::new();
    for export in exports {
        let mut ads = export.ads.clone();
        let mut members = vec![export];
        let mut rest = Vec::new();
        for (other_ads, others) in groups {
            let same = others
                .first()
                .is_some_and(|o| o.signature == export.signature && o.start == export.start);
            if same && !other_ads.is_disjoint(&export.ads) {
                ads.extend(other_ads);
                members.extend(others);
            } else {
                rest.push((other_ads, others));
            }
        }
        rest.push((ads, members));
        groups = rest;
    }
    let mut groups: Vec<Vec<&Export>> = groups.into_iter().map(|(_, members)| members).collect();
    for group in &mut groups {
        group.sort_by_key(|export| export.file);
    }
    groups.sort_by_key(|group| group.first().map(|export| export.file));
    groups
}

/// The exports of a group in time, or `None` where their order cannot be known.
fn order<'a>(group: &[&Export<'a>]) -> Option<Vec<(Snapshot, &'a str)>> {
    let mut chain: Vec<(Snapshot, &str)> = Vec::new();
    let all_timed = group.iter().all(|export| export.snapshot.is_some());
    for export in group {
        let by_end = || {
            Some(Snapshot {
                at: export.end?.to_datetime(jiff::civil::Time::midnight()),
                basis: SnapshotBasis::ReportingEnd,
            })
        };
        let at = if all_timed {
            export.snapshot.clone()
        } else {
            by_end()
        };
        match at {
            Some(at) => chain.push((at, export.file)),
            None if group.len() == 1 => {
                let unknown = Snapshot {
                    at: jiff::civil::DateTime::constant(1, 1, 1, 0, 0, 0, 0),
                    basis: SnapshotBasis::ReportingEnd,
                };
                return Some(vec![(unknown, export.file)]);
            }
            None => return None,
        }
    }
    chain.sort();
    let distinct: BTreeSet<_> = chain.iter().map(|(snapshot, _)| snapshot.at).collect();
    (distinct.len() == chain.len()).then_some(chain)
}

fn missing_from_last(group: &[&Export], last: &str, keyed: &Keyed, notices: &mut Vec<Notice>) {
    let Some(end) = group.iter().find(|export| export.file == last) else {
        return;
    };
    let earlier: BTreeSet<usize> = group
        .iter()
        .flat_map(|export| export.ads.iter().copied())
        .collect();
    for ad in earlier.difference(&end.ads) {
        let name = keyed
            .keys
            .get(*ad)
            .map(super::AdKey::path)
            .unwrap_or_default();
        notices.push(Notice::caution(
            "ad-missing-from-last-snapshot",
            Locator::file(last),
            format!("the ad `{name}` is in earlier exports and not in the last one; its earlier counts are not used (if it was renamed, declare it in `[study] rename`)"),
        ));
    }
}

type CellKey<'a> = (usize, Vec<Option<Cow<'a, str>>>);

/// Impressions and reach of each cell with the first row of it. Rows of one cell add up, but for
/// reach, which is then left out.
fn cells<'a>(
    rows: &[(&'a DeliveryRow, usize)],
) -> BTreeMap<CellKey<'a>, (&'a Locator, [Option<u64>; 2])> {
    let mut cells: BTreeMap<CellKey<'a>, (&Locator, [Option<u64>; 2])> = BTreeMap::new();
    for (row, ad) in rows {
        let key = (*ad, DIMENSIONS.iter().map(|d| value_of(row, *d)).collect());
        cells
            .entry(key)
            .and_modify(|(_, [impressions, reach])| {
                *impressions = impressions
                    .zip(row.impressions)
                    .and_then(|(a, b)| a.checked_add(b));
                *reach = None;
            })
            .or_insert((&row.locator, [row.impressions, row.reach]));
    }
    cells
}

fn decreases(
    files: &BTreeMap<&str, Vec<(&DeliveryRow, usize)>>,
    (taken, before): &(Snapshot, &str),
    after: &str,
    notices: &mut Vec<Notice>,
) {
    let (Some(old), Some(new)) = (files.get(before), files.get(after)) else {
        return;
    };
    let old = cells(old);
    let mut found: BTreeMap<&'static str, Vec<(&Locator, u64, u64)>> = BTreeMap::new();
    for (key, (locator, counts)) in cells(new) {
        let Some((_, earlier)) = old.get(&key) else {
            continue;
        };
        for ((measure, was), is) in ["impressions", "reach"]
            .into_iter()
            .zip(earlier)
            .zip(counts)
        {
            if let (Some(was), Some(is)) = (*was, is)
                && is < was
            {
                found.entry(measure).or_default().push((locator, was, is));
            }
        }
    }
    for (measure, mut cells) in found {
        cells.sort();
        let count = cells.len();
        if let Some((locator, was, is)) = cells.into_iter().next() {
            notices.push(Notice::info(
                "count-decreased",
                locator.clone(),
                // By its time, not its name: the file may be withheld.
                format!("{measure} fell since the previous export (of {}) in {count} cell(s), here from {was} to {is}: platforms restate cumulative counts; the last export is used", taken.at),
            ));
        }
    }
}

/// Exports of one ad with the same breakdown and different starts add up only if their periods do
/// not overlap.
fn overlaps(exports: &[Export], counted: &BTreeSet<&str>, keyed: &Keyed, problems: &mut Problems) {
    let counted: Vec<&Export> = exports
        .iter()
        .filter(|export| counted.contains(export.file))
        .collect();
    for (index, a) in counted.iter().enumerate() {
        for b in counted.iter().skip(index + 1) {
            let shared = a.ads.intersection(&b.ads).next();
            let overlap = match (a.start, a.end, b.start, b.end) {
                (Some(a0), Some(a1), Some(b0), Some(b1)) => a0 <= b1 && b0 <= a1,
                _ => true,
            };
            if let Some(ad) = shared
                && a.signature == b.signature
                && overlap
            {
                let period = |e: &Export| match (e.start, e.end) {
                    (Some(start), Some(end)) => format!("{} ({start} to {end})", e.file),
                    _ => format!("{} (no reporting period)", e.file),
                };
                problems.push(
                    Problem::new("overlapping-periods", b.file, format!("the reporting periods of two exports overlap for the ad `{}`, so their counts cannot be added", keyed.keys.get(*ad).map(super::AdKey::path).unwrap_or_default()))
                        .value(format!("{} and {}", period(a), period(b)))
                        .hint("keep the export that covers the whole test, or exports whose periods do not overlap"),
                );
            }
        }
    }
}

/// Gender counts of each ad over its snapshots, from the coarsest breakdown that has gender.
pub fn series(
    keyed: &Keyed,
    state: &State,
    ads: usize,
    measure: Measure,
) -> Vec<Vec<SnapshotCounts>> {
    let mut series: Vec<Vec<SnapshotCounts>> = vec![Vec::new(); ads];
    let mut files: BTreeMap<&str, Vec<(&DeliveryRow, usize)>> = BTreeMap::new();
    for &(row, ad) in &keyed.rows {
        if let Some(ad) = ad {
            files.entry(&row.locator.file).or_default().push((row, ad));
        }
    }
    let with_gender = |file: &str| {
        state
            .by_file
            .get(file)
            .and_then(|s| state.signatures.get(*s))
            .is_some_and(|s| s.contains(&Dimension::Gender))
    };
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    let mut chains: Vec<(usize, &Vec<(Snapshot, &str)>)> = state
        .chains
        .iter()
        .enumerate()
        .filter(|(_, c)| c.len() > 1 && c.iter().all(|(_, file)| with_gender(file)))
        .collect();
    chains.sort_by_key(|(index, chain)| (std::cmp::Reverse(chain.len()), *index));
    for (chain_index, chain) in chains {
        for (snapshot, file) in chain {
            let mut counts: BTreeMap<usize, (ByGender, Vec<Locator>)> = BTreeMap::new();
            let rows = || files.get(file).into_iter().flatten();
            let counted: BTreeSet<(usize, Option<Gender>)> = rows()
                .filter(|(row, _)| measured(row, measure).is_some())
                .map(|(row, ad)| (*ad, row.gender))
                .collect();
            let mut masked: BTreeSet<usize> = BTreeSet::new();
            for (row, ad) in rows() {
                let missing = measured(row, measure).is_none();
                if ranged(row, measure).is_some()
                    || (missing && counted.contains(&(*ad, row.gender)))
                {
                    masked.insert(*ad);
                }
                let value = if measure == Measure::Reach {
                    None
                } else {
                    measured(row, measure)
                };
                if let (Some(gender), Some(value)) = (row.gender, value) {
                    let entry = counts.entry(*ad).or_default();
                    let slot = entry.0.slot(gender);
                    *slot = Some(slot.unwrap_or(0) + value);
                    entry.1.push(row.locator.clone());
                }
            }
            for (ad, (counts, rows)) in counts {
                // A sum without its masked or missing cells would be too small.
                let counts = if masked.contains(&ad) {
                    ByGender::default()
                } else {
                    counts
                };
                if *taken.entry(ad).or_insert(chain_index) == chain_index
                    && let Some(list) = series.get_mut(ad)
                {
                    list.push(SnapshotCounts {
                        at: snapshot.at,
                        basis: snapshot.basis,
                        counts,
                        rows,
                    });
                }
            }
        }
    }
    series
}

/// The range that stands in a row in place of the value of a measure.
pub fn ranged(row: &DeliveryRow, measure: Measure) -> Option<CountRange> {
    match measure {
        Measure::Impressions => row.ranges.impressions,
        Measure::Reach => row.ranges.reach,
        Measure::Clicks => row.ranges.clicks,
        Measure::Results => row.ranges.results,
        Measure::Shares => None,
    }
}

/// The value of a measure in a row; of shares, in billionths.
pub fn measured(row: &DeliveryRow, measure: Measure) -> Option<u64> {
    match measure {
        Measure::Impressions => row.impressions,
        Measure::Reach => row.reach,
        Measure::Clicks => row.clicks,
        Measure::Results => row.results,
        Measure::Shares => row.share.map(|share| u64::from(share.0)),
    }
}
