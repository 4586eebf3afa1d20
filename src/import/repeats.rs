//! Rows of a delivery table that stand for the same cell.

use super::delivery::{Candidate, Style};
use super::reader::Reader;
use super::words;
use crate::evidence::DeliveryRow;
use std::cmp::Ordering;
use std::sync::Arc;

/// Leaves out rows that repeat a cell with the same numbers, and refuses cells with two readings.
///
/// Two rows are the same cell if they agree in the ad, the period and all breakdowns. A column that
/// casefile does not know may be a further breakdown (the text of the ad, for example); then rows
/// that differ in it are cells of their own. Two ads may also have one name, in campaigns that the
/// file does not show: where a total proves that both rows count, or where the file lacks the
/// columns that would tell them apart and most of its cells occur once, both are kept with a notice.
pub(super) fn remove_repeated(
    reader: &Reader<'_>,
    candidates: &mut Vec<Candidate<'_>>,
    style: Style,
    verified: bool,
) {
    let further = further_columns(reader, candidates, style);
    let extras = |a: &Candidate<'_>, b: &Candidate<'_>| -> Ordering {
        further
            .iter()
            .map(|index| {
                a.record
                    .cell(*index)
                    .text()
                    .cmp(&b.record.cell(*index).text())
            })
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    };
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (&candidates[*a], &candidates[*b]);
        cell(&a.row)
            .cmp(&cell(&b.row))
            .then_with(|| extras(a, b))
            .then(a.record.row.cmp(&b.record.row))
    });
    let mut repeats: Vec<(usize, usize)> = Vec::new();
    let mut first: Option<usize> = None;
    for index in order {
        let Some(before) =
            first.filter(|first| cell(&candidates[*first].row) == cell(&candidates[index].row))
        else {
            first = Some(index);
            continue;
        };
        if extras(&candidates[before], &candidates[index]).is_ne() {
            reader.remark("further-breakdown", candidates[index].record);
            first = Some(index);
        } else {
            repeats.push((before, index));
        }
    }
    let differ =
        |(a, b): &(usize, usize)| measures(&candidates[*a].row) != measures(&candidates[*b].row);
    let same_name = verified
        || ((style.names_repeat)(&reader.layout)
            && repeats.len() * 3 <= candidates.len()
            && repeats.iter().any(differ));
    let mut dropped = vec![false; candidates.len()];
    for (first, index) in repeats {
        let (first, this) = (&candidates[first], &candidates[index]);
        if same_name {
            reader.remark("same-name", this.record);
        } else if measures(&first.row) == measures(&this.row) {
            dropped[index] = true;
            reader.exclude(
                this.record,
                "duplicate-row",
                format!(
                    "the same cell with the same numbers as row {}",
                    first.record.row
                ),
            );
        } else {
            let problem = reader.problem(
                "conflicting-rows",
                format!(
                    "this row and row {} are the same cell ({}) with different numbers",
                    first.record.row,
                    described(&this.row)
                ),
            );
            reader.push(problem.line(this.record.row).hint(
                "if these are two exports in one file, split it; if the rows are different ads, export them with campaign, ad set and ad; if a column of numbers tells them apart, export without it",
            ));
        }
    }
    let mut flags = dropped.into_iter();
    candidates.retain(|_| !flags.next().unwrap_or(false));
}

/// Unused columns that may be breakdowns: ids, hours, and those that hold words.
fn further_columns(reader: &Reader<'_>, candidates: &[Candidate<'_>], style: Style) -> Vec<usize> {
    let layout = &reader.layout;
    let attribute =
        |index: usize| (style.is_attribute)(&super::heading::heading(layout.title(index)).key);
    let is_label = |index: usize| {
        let key = super::heading::heading(layout.title(index)).key;
        let mut parts = key.split([' ', '_']);
        parts.next_back() == Some("id") || parts.next() == Some("hour") || key == "hour"
    };
    let wordy = |index: usize| {
        candidates.iter().any(|candidate| {
            let cell = candidate.record.cell(index);
            let text = cell.text();
            !words::missing_value(&text)
                && super::number::shape(&text) == super::number::Shape::NotANumber
        })
    };
    layout
        .unused
        .iter()
        .copied()
        .filter(|index| !attribute(*index) && (is_label(*index) || wordy(*index)))
        .collect()
}

/// What identifies a cell.
fn cell(row: &DeliveryRow) -> impl Ord + '_ {
    (
        (
            &row.platform,
            &row.account,
            &row.campaign,
            &row.ad_set,
            &row.ad,
        ),
        (row.period_start, row.period_end, row.day),
        (
            &row.age,
            row.gender,
            &row.region,
            &row.country,
            &row.placement,
            &row.device,
        ),
    )
}

fn measures(row: &DeliveryRow) -> impl PartialEq {
    (
        row.impressions,
        row.reach,
        row.clicks,
        row.results,
        row.ranges,
        row.share,
        row.spend,
    )
}

/// The cell in words.
fn described(row: &DeliveryRow) -> String {
    let gender = row
        .gender
        .map(|gender| Arc::from(format!("{gender:?}").to_lowercase()));
    let day = row.day.map(|day| Arc::from(day.to_string()));
    let parts = [
        &row.campaign,
        &row.ad_set,
        &row.ad,
        &day,
        &row.age,
        &gender,
        &row.region,
        &row.country,
        &row.placement,
        &row.device,
    ];
    let known: Vec<&str> = parts
        .into_iter()
        .filter_map(|part| part.as_deref())
        .collect();
    known.join(", ")
}
