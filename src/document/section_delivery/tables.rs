//! Every ad, and places.

use super::*;
use crate::findings::{Scalar, ranged_counts};
use crate::notice::Locator;

pub(super) fn every_ad(pen: &mut Pen, material: &Material) -> Block {
    let people = material.case.study.outcome.people();
    let measure = material.case.study.measure.name();
    let shares_only = material.case.study.measure == Measure::Shares;
    let unit = if shares_only {
        "% of people reached"
    } else {
        measure
    };
    let mut rows = Vec::new();
    let mut order: Vec<(Option<usize>, std::cmp::Reverse<u64>, &Ad)> = Vec::new();
    for ad in &material.cube.ads {
        let share = outcome_of(&ad.counts, material.case.study.outcome)
            .filter(|(_, n)| *n > 0)
            .map(|(k, n)| (k as f64 / n as f64 * 1e12) as u64);
        order.push((ad.arm, std::cmp::Reverse(share.unwrap_or(0)), ad));
    }
    // By arm, within it from the highest share to the lowest; ads outside the arms last.
    order.sort_by(|a, b| {
        (a.0.is_none(), a.0, a.1, &a.2.key).cmp(&(b.0.is_none(), b.0, b.1, &b.2.key))
    });
    let mut missing = 0;
    for (arm, _, ad) in order {
        let arm_label = arm
            .and_then(|index| material.cube.arms.get(index))
            .map_or_else(|| "in no arm".into(), |arm| arm.label.clone());
        let (share, with_unknown) = match outcome_of(&ad.counts, material.case.study.outcome) {
            Some((k, n)) => {
                let estimate = stats::wilson(
                    k,
                    n,
                    units(material.case.study.measure),
                    material.case.study.level,
                );
                let mut quantity = Quantity::estimated(format!("ad/{}", ad.key.path()), format!("share of {people}, ad \u{201C}{}\u{201D}", ad.label), estimate, Scalar::Share, format!("{measure} by gender over the last export, ad {}; share = {people} / (women + men)", ad.key.path())).resting_on(&ad.rows);
                if shares_only {
                    quantity.estimate = None;
                }
                (
                    Cell::value(pen, Some(&quantity)),
                    ad.counts
                        .all()
                        .filter(|all| *all > 0)
                        .map(|all| k as f64 / all as f64),
                )
            }
            None => (bounded(material, ad), None),
        };
        let provenance = share.provenance;
        missing += usize::from(
            ad.ranges.is_none() && (ad.counts.female.is_none() || ad.counts.male.is_none()),
        );
        rows.push(vec![
            Cell::head(ad.label.clone()),
            Cell::words(arm_label),
            counted(material, ad.counts.female).traced(provenance),
            counted(material, ad.counts.male).traced(provenance),
            counted(material, ad.counts.unknown).traced(provenance),
            share,
            with_unknown.map_or_else(Cell::default, |v| Cell {
                text: numbers::percent(v, 1),
                raw: Some(crate::findings::full_number(v)),
                provenance,
                ..Cell::default()
            }),
        ]);
    }
    let columns = vec![
        text_column("Ad"),
        text_column("Arm"),
        number_column("Women", Some(unit)),
        number_column("Men", Some(unit)),
        number_column("Unknown", Some(unit)),
        number_column(&format!("Share of {people}"), Some("% of known gender")),
        number_column(&format!("Share of {people}, unknown included"), Some("%")),
    ];
    let mut table = pen.table(
        "table-ads",
        vec![Inline::text(format!(
            "Every ad: {measure} by gender and share of {people}"
        ))],
        columns,
        rows,
    );
    table.notes.push(vec![Inline::text(if material.cube.measure == Measure::Reach {
        format!(
            "Below a share: its {}\u{00A0}% Wilson interval. It takes the people reached for a sample of others like them, and reach for a count though it is an estimate.",
            numbers::decimal(material.case.study.level * 100.0, 0)
        )
    } else if shares_only {
        "The platform publishes shares of totals that it does not publish, so an ad has no count and its share no interval.".into()
    } else {
        format!(
        "Below a share: its {}\u{00A0}% Wilson interval, which speaks of this ad only and takes its {measure} for independent.",
        numbers::decimal(material.case.study.level * 100.0, 0)
    )})]);
    if material.cube.ads.iter().any(|ad| ad.ranges.is_some()) {
        table.notes.push(vec![Inline::text("Bounds: counts of this ad are given as ranges, such as <5. The share lies within for certain, whatever they are and whatever the unknown are; there is no single share, and none of its arm.")]);
    }
    if missing > 0 {
        table.notes.push(vec![Inline::text("An empty cell is a gender for which the export has no count. Absent is not zero: such an ad has no share and enters no figure of its arm.")]);
    }
    Block::Table(table)
}

/// A count of the measure; of published shares, in per cent.
fn counted(material: &Material, count: Option<u64>) -> Cell {
    if material.case.study.measure != Measure::Shares {
        return Cell::count(count);
    }
    count.map_or_else(Cell::default, |billionths| {
        let share = billionths as f64 / 1e9;
        Cell {
            text: numbers::percent(share, 1),
            raw: Some(crate::findings::full_number(share)),
            ..Cell::default()
        }
    })
}

/// The bounds of the share of an ad whose counts are ranges.
fn bounded(material: &Material, ad: &Ad) -> Cell {
    let counts = ad
        .ranges
        .and_then(|_| ranged_counts(ad, material.case.study.outcome));
    let bounds = counts.map(|c| stats::share_bounds(c, units(material.case.study.measure)));
    let Some((low, high)) = bounds.and_then(|bounds| bounds.low.zip(bounds.high)) else {
        return Cell::default();
    };
    Cell {
        text: numbers::percent_range(low, high, 1),
        detail: Some("bounds".into()),
        raw: Some(format!("{low} to {high}")),
        ..Cell::default()
    }
}

/// Counts of an ad by place, and the rows that they come from.
type Places = fn(&Ad) -> (&BTreeMap<String, u64>, &Vec<Locator>);

/// Share of impressions by region or country, the largest first.
pub(super) fn places(
    pen: &mut Pen,
    material: &Material,
    id: &str,
    heading: &str,
    what: &str,
    of: Places,
) -> Vec<Block> {
    let cube = material.cube;
    let arms: Vec<&Arm> = cube
        .arms
        .iter()
        .filter(|arm| cube.ads_of(arm).any(|ad| !of(ad).0.is_empty()))
        .collect();
    if arms.is_empty() {
        return Vec::new();
    }
    let sums: Vec<BTreeMap<&String, u64>> = arms
        .iter()
        .map(|arm| {
            let mut sums = BTreeMap::new();
            for (place, count) in cube.ads_of(arm).flat_map(|ad| of(ad).0) {
                *sums.entry(place).or_insert(0) += count;
            }
            sums
        })
        .collect();
    let provenance: Vec<Option<usize>> = arms
        .iter()
        .zip(&sums)
        .map(|(arm, sums)| {
            let all = Quantity::plain(
                format!("{what}/{}", arm.id),
                format!("impressions by {what}, arm \u{201C}{}\u{201D}", arm.label),
                Some(Scalar::Count(sums.values().sum())),
                format!(
                    "sum of impressions by {what} over the last export, ads of arm {}",
                    arm.id
                ),
            );
            Some(pen.trace(&all.resting_on(cube.ads_of(arm).flat_map(|ad| of(ad).1))))
        })
        .collect();
    let mut names: Vec<(&String, u64)> = sums
        .iter()
        .flat_map(|s| s.keys())
        .copied()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(|name| (name, sums.iter().filter_map(|s| s.get(name)).sum()))
        .collect();
    names.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let rows = names
        .iter()
        .map(|(name, _)| {
            let mut row = vec![Cell::head((*name).clone())];
            for (sums, provenance) in sums.iter().zip(&provenance) {
                let total: u64 = sums.values().sum();
                let count = sums.get(name).copied();
                row.push(Cell {
                    detail: count
                        .filter(|_| total > 0)
                        .map(|c| numbers::percent(c as f64 / total as f64, 1)),
                    ..Cell::count(count).traced(*provenance)
                });
            }
            row
        })
        .collect();
    let mut columns = vec![text_column(&capitalised(what))];
    columns.extend(
        arms.iter()
            .map(|arm| number_column(&arm.label, Some("impressions"))),
    );
    let mut table = pen.table(
        id,
        vec![Inline::text(format!("Impressions by {what}"))],
        columns,
        rows,
    );
    let without = cube
        .arms
        .iter()
        .flat_map(|arm| cube.ads_of(arm))
        .filter(|ad| of(ad).0.is_empty())
        .count() as u64;
    let files: BTreeSet<&str> = cube
        .ads
        .iter()
        .flat_map(|ad| of(ad).1)
        .map(|locator| &*locator.file)
        .collect();
    if without > 0 {
        let text = format!(
            "{} of the test {} no export by {what} and {} not counted here.",
            numbers::plural(without, "ad", "ads"),
            if without == 1 { "has" } else { "have" },
            if without == 1 { "is" } else { "are" }
        );
        table.notes.push(vec![Inline::text(text)]);
    }
    if !files.is_empty() {
        table.notes.push(vec![Inline::text(format!(
            "Source: {}.",
            pen.exhibits(files)
        ))]);
    }
    vec![
        Block::Heading {
            level: 3,
            id: format!("by-{what}"),
            text: vec![Inline::text(heading)],
        },
        Block::Table(table),
    ]
}
