//! Breakdown cells of ads, whichever export they come from. Sums in the file are checked and left
//! out, repeated cells are left out or refused; nothing is added up here but impressions, to check.

use super::heading::Layout;
use super::open::Opened;
use super::reader::Reader;
use super::repeats::remove_repeated;
use super::sheet::{Record, Sheet};
use super::sums::{Sum, check_sums, key, separate_coarser, sum_reason};
use super::tidy_columns::columns;
use super::{Imported, Table};
use crate::case::Kind;
use crate::error::Result;
use crate::evidence::{DeliveryRow, Ranges};
use std::collections::{BTreeMap, BTreeSet};

/// What the ad is called, from the top.
const ENTITIES: [&str; 3] = ["campaign", "ad_set", "ad"];
/// What an ad's numbers may be broken down by.
const BREAKDOWNS: [&str; 8] = [
    "platform",
    "day",
    "age",
    "gender",
    "region",
    "country",
    "placement",
    "device",
];

/// How a format differs from a plain table.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub format: &'static str,
    /// Headings that describe the ad and are no breakdown.
    pub is_attribute: fn(&str) -> bool,
    /// Whether a file with these columns may hold several ads of one name.
    pub names_repeat: fn(&Layout) -> bool,
    /// Whether the first cell of a row labels it as a total of the file.
    pub is_total: fn(&str) -> bool,
    /// Whether its cells are groups of accounts of which each account is in one.
    pub disjoint: bool,
    /// Whether the platform gives counts and never ranges of them: `1-5` is then a damaged cell.
    pub exact_counts: bool,
}

impl Style {
    /// A plain table.
    pub fn plain(format: &'static str) -> Self {
        Style {
            format,
            is_attribute: |_| false,
            names_repeat: |_| false,
            is_total: |_| false,
            disjoint: false,
            exact_counts: false,
        }
    }
}

/// A row that is not a sum, with its record.
pub(super) struct Candidate<'a> {
    pub row: DeliveryRow,
    pub record: &'a Record,
}

/// Reads the rows below the headings.
pub(super) fn read(
    opened: &Opened<'_>,
    sheet: &Sheet,
    layout: Layout,
    style: Style,
) -> Result<Imported> {
    let reader = Reader::new(opened.input, sheet, layout, columns(Kind::Delivery));
    read_with(opened, reader, style)
}

/// [`read`] for a reader that stands ready.
pub(super) fn read_with(
    opened: &Opened<'_>,
    mut reader: Reader<'_>,
    style: Style,
) -> Result<Imported> {
    reader.exact_counts = style.exact_counts;
    let present = |names: &[&'static str]| -> Vec<&'static str> {
        names
            .iter()
            .copied()
            .filter(|name| reader.layout.has(name))
            .collect()
    };
    let (entities, breakdowns) = (present(&ENTITIES), present(&BREAKDOWNS));
    let dims: Vec<&'static str> = entities.iter().chain(&breakdowns).copied().collect();
    let (mut candidates, mut sums) = (Vec::new(), Vec::new());
    for record in reader.records() {
        if record.is_blank() {
            reader.exclude(record, "blank-row", "the row is empty");
            continue;
        }
        let key = key(&reader, record, &dims);
        let reason = sum_reason(record, &key, entities.len(), style);
        match reason {
            Some(reason) => {
                let impressions = reader.range(record, "impressions");
                let key = if reason == "totals-row" {
                    vec![None; dims.len()]
                } else {
                    key
                };
                sums.push(Sum {
                    record,
                    reason,
                    key,
                    impressions,
                });
            }
            None => candidates.push(Candidate {
                row: row(&reader, record, style.disjoint),
                record,
            }),
        }
    }
    if !style.disjoint {
        separate_coarser(&reader, &mut candidates, &mut sums, &dims, entities.len());
    }
    tell_apart(&reader, &mut candidates);
    let verified = check_sums(&reader, &candidates, &sums, &dims, entities.len(), style);
    let gender_of = |row: &DeliveryRow| {
        let names = (row.campaign.clone(), row.ad_set.clone(), row.ad.clone());
        (names, row.gender)
    };
    let partly: BTreeSet<_> = candidates
        .iter()
        .map(|candidate| &candidate.row)
        .filter(|row| is_counted(row))
        .map(gender_of)
        .collect();
    candidates.retain(|candidate| {
        let row = &candidate.row;
        let counted = is_counted(row);
        // A cell without its counts, beside others of its gender, is missing from their sum.
        if !counted && row.gender.is_some() && partly.contains(&gender_of(row)) {
            reader.remark("cell-without-count", candidate.record);
            return true;
        }
        if !counted && row.spend.is_none() {
            reader.exclude(
                candidate.record,
                "no-measure",
                "the row has no impressions, reach, clicks, results, share or spend",
            );
        }
        counted || row.spend.is_some()
    });
    remove_repeated(&reader, &mut candidates, style, verified);
    for candidate in &candidates {
        if let (Some(reach), Some(impressions)) = (candidate.row.reach, candidate.row.impressions)
            && reach > impressions
        {
            reader.remark("reach-above-impressions", candidate.record);
        }
    }
    check_shares(&reader, &candidates);
    let shown: Vec<&Record> = candidates
        .iter()
        .map(|candidate| candidate.record)
        .collect();
    let rows: Vec<DeliveryRow> = candidates
        .into_iter()
        .map(|candidate| candidate.row)
        .collect();
    super::finish(
        opened,
        reader,
        style.format,
        Kind::Delivery,
        &shown,
        Table::Delivery(rows),
        &meaning,
    )
}

/// Whether a row has a count, a range or a share.
fn is_counted(row: &DeliveryRow) -> bool {
    let counts = [row.impressions, row.reach, row.clicks, row.results];
    counts.iter().any(Option::is_some) || !row.ranges.is_empty() || row.share.is_some()
}

/// Adds the platform's number to the names of ads that share one: they are different ads.
fn tell_apart(reader: &Reader<'_>, candidates: &mut [Candidate<'_>]) {
    let layout = &reader.layout;
    let level = if layout.has("ad") {
        "ad id"
    } else {
        "ad set id"
    };
    let column = layout
        .unused
        .iter()
        .copied()
        .find(|index| super::heading::heading(layout.title(*index)).key == level);
    let Some(column) = column else {
        return;
    };
    let id_of = |candidate: &Candidate<'_>| -> Option<String> {
        let cell = candidate.record.cell(column);
        let text = cell.text().into_owned();
        let healthy = text.len() >= 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        healthy.then_some(text)
    };
    let name_of = |row: &DeliveryRow| (row.campaign.clone(), row.ad_set.clone(), row.ad.clone());
    let mut ids: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for candidate in candidates.iter() {
        ids.entry(name_of(&candidate.row))
            .or_default()
            .extend(id_of(candidate));
    }
    for candidate in candidates.iter_mut() {
        let several = ids
            .get(&name_of(&candidate.row))
            .is_some_and(|own| own.len() > 1);
        let Some(id) = id_of(candidate).filter(|_| several) else {
            continue;
        };
        reader.remark("same-name-other-id", candidate.record);
        let row = &mut candidate.row;
        let name = if layout.has("ad") {
            &mut row.ad
        } else {
            &mut row.ad_set
        };
        if let Some(own) = name {
            *own = reader.shared(&format!("{own} ({id})"));
        }
    }
}

/// The shares of an ad are parts of one whole.
fn check_shares(reader: &Reader<'_>, candidates: &[Candidate<'_>]) {
    let mut sums: BTreeMap<_, (u64, &Record)> = BTreeMap::new();
    for candidate in candidates {
        let row = &candidate.row;
        if let Some(share) = row.share {
            let ad = (&row.campaign, &row.ad_set, &row.ad);
            let sum = sums.entry(ad).or_insert((0, candidate.record));
            sum.0 += u64::from(share.0);
        }
    }
    for (sum, first) in sums.into_values() {
        // Published shares are rounded; more than a twentieth too much is something else.
        if sum > 1_050_000_000 {
            let problem = reader
                .problem(
                    "shares-above-one",
                    "the shares of the ad of this row add up to more than one",
                )
                .line(first.row);
            reader.push(problem.hint(
                "shares are parts of one whole; write per cent with the sign, and keep breakdowns apart",
            ));
        }
    }
}

/// What a remark says of its rows.
fn meaning(code: &str) -> &'static str {
    match code {
        "same-name-other-id" => {
            "rows of ads that share a name and have different numbers: the number is added to the name"
        }
        "cell-without-count" => {
            "cells of a gender without a count: missing is not zero, so their ads have bounds and no single share"
        }
        "reach-above-impressions" => {
            "reach above impressions, because the platform estimates reach"
        }
        "totals-unchecked" => {
            "sums that were left out without a check, because they have no impressions"
        }
        "total-of-more" => "totals of more than this table, left out",
        "further-breakdown" => {
            "rows that differ from another only in a column that casefile does not use; they count as cells of their own"
        }
        "same-name" => {
            "rows with the name and breakdown of another row: ads of one name that the file cannot tell apart, and all count; \
             export with campaign, ad set and ad to tell them apart"
        }
        _ => "rows that need a look",
    }
}

fn row(reader: &Reader<'_>, record: &Record, disjoint: bool) -> DeliveryRow {
    let (impressions, impressions_range) = reader.count_or_range(record, "impressions");
    let (reach, reach_range) = reader.count_or_range(record, "reach");
    let (clicks, clicks_range) = reader.count_or_range(record, "clicks");
    let (results, results_range) = reader.count_or_range(record, "results");
    DeliveryRow {
        locator: reader.locator(record),
        platform: reader.name(record, "platform"),
        account: reader.name(record, "account"),
        campaign: reader.name(record, "campaign"),
        ad_set: reader.name(record, "ad_set"),
        ad: reader.name(record, "ad"),
        period_start: reader.date(record, "period_start"),
        period_end: reader.date(record, "period_end"),
        day: reader.date(record, "day"),
        age: reader.age_name(record),
        gender: reader.gender(record, "gender"),
        region: reader.name(record, "region"),
        country: reader.name(record, "country"),
        placement: reader.name(record, "placement"),
        device: reader.name(record, "device"),
        impressions,
        reach,
        clicks,
        results,
        ranges: Ranges {
            impressions: impressions_range,
            reach: reach_range,
            clicks: clicks_range,
            results: results_range,
        },
        share: reader.share(record, "share"),
        disjoint,
        spend: reader.money(record, "spend"),
        currency: reader
            .shared_value(record, "currency")
            .or_else(|| Some(reader.shared(reader.layout.currency.as_deref()?))),
    }
}
