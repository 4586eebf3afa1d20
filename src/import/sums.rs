//! Rows that sum other rows of a delivery table: recognised, checked, left out.

use super::delivery::{Candidate, Style};
use super::reader::Reader;
use super::sheet::Record;
use super::words;
use crate::error::Problem;
use crate::evidence::{CountRange, DeliveryRow};
use std::collections::{BTreeMap, BTreeSet};

/// A row that sums others: those that agree with it in each column of `key` that has a value.
pub(super) struct Sum<'a> {
    pub record: &'a Record,
    pub reason: &'static str,
    pub key: Vec<Option<String>>,
    pub impressions: Option<CountRange>,
}

/// The values of the ad's names and breakdowns; `None` where the cell is empty or means all.
pub(super) fn key(
    reader: &Reader<'_>,
    record: &Record,
    dims: &[&'static str],
) -> Vec<Option<String>> {
    dims.iter().map(|name| reader.text(record, name)).collect()
}

/// Why a row is a sum of others: its names and breakdowns are all empty or mean all, or one of its
/// breakdowns means all, or it has breakdowns and no name.
pub(super) fn sum_reason(
    record: &Record,
    key: &[Option<String>],
    entities: usize,
    style: Style,
) -> Option<&'static str> {
    if (style.is_total)(&first_text(record)) {
        return Some("totals-row");
    }
    let all = |value: &Option<String>| {
        value
            .as_ref()
            .is_none_or(|text| words::means_all(text) || words::means_total(text))
    };
    let named_all =
        |value: &Option<String>| value.as_ref().is_some_and(|text| words::means_all(text));
    let (names, breakdowns) = key.split_at(entities);
    if names.iter().all(all) && breakdowns.iter().all(all) {
        return Some("totals-row");
    }
    let nameless = entities > 0 && names.iter().all(Option::is_none);
    (nameless || breakdowns.iter().any(named_all)).then_some("subtotal-row")
}

/// The first cell that is not empty.
fn first_text(record: &Record) -> String {
    record
        .cells()
        .find(|cell| !cell.is_blank())
        .map_or_else(String::new, |cell| cell.text().into_owned())
}

/// The impressions of a row, exact or masked.
fn stated(row: &DeliveryRow) -> Option<CountRange> {
    row.ranges
        .impressions
        .or(row.impressions.map(CountRange::exact))
}

/// A count or range in words.
fn words_of(range: CountRange) -> String {
    match range.high {
        Some(high) if high == range.low => high.to_string(),
        Some(high) => format!("{} to {high}", range.low),
        None => format!("at least {}", range.low),
    }
}

/// Whether two ranges can hold the same count.
fn agree(a: CountRange, b: CountRange) -> bool {
    a.high.is_none_or(|high| b.low <= high) && b.high.is_none_or(|high| a.low <= high)
}

/// Moves rows to the sums that leave a breakdown empty by which other rows of the same ad are broken
/// down further: a row without an age beside rows with one is a sum over ages.
pub(super) fn separate_coarser<'a>(
    reader: &Reader<'a>,
    candidates: &mut Vec<Candidate<'a>>,
    sums: &mut Vec<Sum<'a>>,
    dims: &[&'static str],
    entities: usize,
) {
    if dims.len() == entities {
        return;
    }
    // Which breakdowns of each ad are filled together.
    let filled = |key: &[Option<String>]| -> Vec<bool> {
        key[entities..].iter().map(Option::is_some).collect()
    };
    let mut patterns: BTreeMap<Vec<Option<String>>, BTreeSet<Vec<bool>>> = BTreeMap::new();
    for candidate in candidates.iter() {
        let key = key(reader, candidate.record, dims);
        let pattern = filled(&key);
        patterns
            .entry(key[..entities].to_vec())
            .or_default()
            .insert(pattern);
    }
    if patterns.values().all(|own| own.len() < 2) {
        return;
    }
    let within = |coarse: &[bool], fine: &[bool]| {
        coarse != fine && coarse.iter().zip(fine).all(|(a, b)| !a || *b)
    };
    let all = std::mem::take(candidates);
    for candidate in all {
        let key = key(reader, candidate.record, dims);
        let pattern = filled(&key);
        let is_sum = patterns
            .get(&key[..entities])
            .is_some_and(|own| own.iter().any(|fine| within(&pattern, fine)));
        if is_sum {
            sums.push(Sum {
                record: candidate.record,
                reason: "subtotal-row",
                key,
                impressions: stated(&candidate.row),
            });
        } else {
            candidates.push(candidate);
        }
    }
}

/// Leaves the sums out, after checking that their impressions are those of their rows. Whether a
/// total of the whole file was found right.
///
/// Only impressions are additive: reach counts people, so its total is smaller than its sum.
pub(super) fn check_sums(
    reader: &Reader<'_>,
    candidates: &[Candidate<'_>],
    sums: &[Sum<'_>],
    dims: &[&'static str],
    entities: usize,
    style: Style,
) -> bool {
    let mut by_mask: BTreeMap<Vec<bool>, BTreeMap<Vec<String>, CountRange>> = BTreeMap::new();
    let mask_of = |sum: &Sum<'_>| -> Vec<bool> {
        sum.key
            .iter()
            .map(|value| value.as_ref().is_some_and(|text| !words::means_all(text)))
            .collect()
    };
    let project = |key: &[Option<String>], mask: &[bool]| -> Vec<String> {
        key.iter()
            .zip(mask)
            .filter(|(_, keep)| **keep)
            .map(|(value, _)| value.clone().unwrap_or_default())
            .collect()
    };
    let is_nameless = |sum: &Sum<'_>| {
        sum.reason == "subtotal-row" && sum.key[..entities].iter().all(Option::is_none)
    };
    for sum in sums {
        by_mask.entry(mask_of(sum)).or_default();
    }
    for (mask, totals) in &mut by_mask {
        for candidate in candidates {
            let total = totals
                .entry(project(&key(reader, candidate.record, dims), mask))
                .or_insert(CountRange::exact(0));
            *total = total.plus(stated(&candidate.row).unwrap_or(CountRange::exact(0)));
        }
    }
    let (mut labelled, mut totals_right) = (0, 0);
    let mut wrong = Vec::new();
    for sum in sums {
        let mask = mask_of(sum);
        let expected = by_mask
            .get(&mask)
            .and_then(|totals| totals.get(&project(&sum.key, &mask)))
            .copied()
            .unwrap_or(CountRange::exact(0));
        let label = (style.is_total)(&first_text(sum.record));
        labelled += u64::from(label);
        match sum.impressions {
            None if is_nameless(sum) => reader.push(missing_name(reader, sum)),
            None => {
                reader.remark("totals-unchecked", sum.record);
                reader.exclude(
                    sum.record,
                    sum.reason,
                    "not checked: the row has no impressions",
                );
            }
            Some(stated) if agree(stated, expected) => {
                totals_right += u64::from(sum.reason == "totals-row");
                let detail = if expected.high == Some(expected.low) {
                    format!(
                        "its {} impressions equal the sum of its rows",
                        words_of(stated)
                    )
                } else {
                    // Masked cells leave room.
                    format!(
                        "its {} impressions are within the sum of its rows, {}",
                        words_of(stated),
                        words_of(expected)
                    )
                };
                reader.exclude(sum.record, sum.reason, detail);
            }
            Some(stated) => wrong.push((sum, stated, expected, label)),
        }
    }
    for (sum, stated, expected, label) in wrong {
        let no_less = stated.high.is_none_or(|high| high >= expected.low);
        let (stated, expected) = (words_of(stated), words_of(expected));
        // A Google report ends in totals of the table, of the account and of the network: one of
        // them is that of the table.
        if label && labelled > 1 && totals_right > 0 && no_less {
            reader.remark("total-of-more", sum.record);
            reader.exclude(
                sum.record,
                sum.reason,
                format!("{stated} impressions, more than this table"),
            );
            continue;
        }
        if is_nameless(sum) {
            reader.push(missing_name(reader, sum));
            continue;
        }
        let what = if sum.reason == "totals-row" {
            "the totals row"
        } else {
            "a subtotal row"
        };
        let problem = reader.problem(
            "totals-mismatch",
            format!("{what} says {stated} impressions, but the rows that it sums have {expected}: rows are missing or were changed"),
        );
        reader.push(problem.line(sum.record.row).value(stated).hint(
            "export the file again in full; a file that is known to be incomplete can be listed without being read with `kind = \"attachment\"`",
        ));
    }
    totals_right > 0
}

/// A row without a name that is no sum: most often the cells of a workbook were merged.
fn missing_name(reader: &Reader<'_>, sum: &Sum<'_>) -> Problem {
    let message = "this row names no campaign, ad set or ad, and is no sum of the other rows";
    let problem = reader.problem("missing-name", message).line(sum.record.row);
    problem.hint("if cells were merged, write the name in each row of a copy of the file and record the copy")
}
