//! Who was shown the ads: every ad, every arm, ages, regions, time.

mod ages;
mod contrasts;
mod over_time;
mod tables;

use super::compose::Material;
use super::pen::{Pen, Words, number_column, text_column};
use super::section_findings::capitalised;
use super::{
    AxisUnit, Block, Cell, Dot, DotRow, Inline, IntervalRow, Line, Panel, Plot, Reference, Table,
};
use crate::case::Measure;
use crate::cube::{Ad, Arm, ByGender, GENDERS, SnapshotCounts};
use crate::evidence::Gender;
use crate::findings::{Quantity, Scalar, outcome_of, units};
use crate::numbers;
use crate::stats;
use std::collections::{BTreeMap, BTreeSet};

pub fn delivery(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let cube = material.cube;
    if cube.ads.is_empty() {
        return Vec::new();
    }
    let all: Vec<usize> = (0..cube.arms.len()).collect();
    let mut blocks = Vec::new();
    let masked = cube.ads.iter().any(|ad| ad.ranges.is_some());
    if cube.ads.iter().any(|ad| ad.counts.known().is_some()) || masked {
        let rows = dot_rows(material, &all);
        let table = arm_table(pen, material, "table-share-by-arm", &all);
        let alt = describe(&rows, material);
        let plot = Plot::Dots {
            rows,
            references: references(material),
            axis: axis(material),
        };
        let (subtitle, source) = (subtitle(material, &all), source_line(pen, material));
        blocks.push(Block::Figure(pen.figure(
            "figure-share",
            Words {
                title: title(material, &all),
                subtitle,
                source,
                alt,
            },
            plot,
            table,
        )));
        blocks.push(Block::Paragraph {
            text: vec![Inline::text(READING.replace("{sized}", sized(material)))],
        });
        blocks.extend(contrasts::contrasts(pen, material));
        blocks.extend(ages::ages(pen, material));
        blocks.extend(over_time::over_time(pen, material));
        blocks.extend(over_time::by_day(pen, material));
    } else {
        blocks.push(Block::Paragraph { text: vec![Inline::text("No export of this case breaks delivery down by gender, so no share of women or men can be given.")] });
    }
    blocks.push(tables::every_ad(pen, material));
    blocks.extend(tables::places(
        pen,
        material,
        "table-regions",
        "Regions",
        "region",
        |ad| (&ad.regions, &ad.region_rows),
    ));
    blocks.extend(tables::places(
        pen,
        material,
        "table-countries",
        "Countries",
        "country",
        |ad| (&ad.countries, &ad.country_rows),
    ));
    blocks
}

const READING: &str = "How to read the figure: each dot is one ad, placed by its share{sized}. The thin bar spans the lowest and the highest ad; the thick bar is the interval of the mean of the ads; the tick is that mean. The dashed line below is where one more ad like these is expected.";

/// What the size of a dot says.
fn sized(material: &Material) -> &'static str {
    match material.cube.measure {
        Measure::Impressions => " and sized by its impressions",
        Measure::Reach => " and sized by its reach",
        Measure::Clicks => " and sized by its clicks",
        Measure::Results => " and sized by its results",
        Measure::Shares => "",
    }
}

/// "“A”: 81-95 % men. “B”: 33-48 %."
pub fn title(material: &Material, arms: &[usize]) -> String {
    let people = material.case.study.outcome.people();
    let parts: Vec<String> = arms
        .iter()
        .filter_map(|&index| {
            let arm = material.cube.arms.get(index)?;
            let text = material
                .findings
                .results
                .get(&format!("share/{}/range", arm.id))?
                .text()?;
            Some(format!("\u{201C}{}\u{201D}: {text}", arm.label))
        })
        .collect();
    if parts.is_empty() {
        format!("Share of {people} by ad")
    } else {
        format!("Share of {people} by ad. {}", parts.join("; "))
    }
}

pub fn subtitle(material: &Material, arms: &[usize]) -> String {
    let measure = material.case.study.measure.name();
    let ads = material
        .cube
        .ads
        .iter()
        .filter(|ad| {
            ad.arm.is_some_and(|arm| arms.contains(&arm))
                && (ad.counts.known().is_some_and(|n| n > 0) || ad.ranges.is_some())
        })
        .count() as u64;
    let period = material
        .cube
        .period()
        .map_or(String::new(), |(start, end)| {
            format!(
                ", {} to {}",
                numbers::date_words(start),
                numbers::date_words(end)
            )
        });
    format!(
        "Share of {} among {measure} of known gender, in per cent; {}{period}",
        material.case.study.outcome.people(),
        numbers::plural(ads, "ad", "ads")
    )
}

pub fn axis(material: &Material) -> String {
    format!(
        "{}, % of {} of known gender",
        capitalised(material.case.study.outcome.people()),
        material.case.study.measure.name()
    )
}

pub fn references(material: &Material) -> Vec<Reference> {
    material
        .case
        .study
        .benchmark
        .iter()
        .flat_map(|benchmark| {
            let line = |at: f64, label: String| Reference { at, label };
            match (benchmark.share, benchmark.range()) {
                (Some(share), _) => vec![line(share, benchmark.label.clone())],
                (None, (low, high)) => vec![
                    line(low, format!("{} (lowest)", benchmark.label)),
                    line(high, format!("{} (highest)", benchmark.label)),
                ],
            }
        })
        .collect()
}

pub fn source_line(pen: &Pen, material: &Material) -> String {
    let files: BTreeSet<&str> = material
        .cube
        .ads
        .iter()
        .flat_map(|ad| &ad.rows)
        .map(|locator| &*locator.file)
        .collect();
    let whose = if material.cube.from_library {
        "The platform's ad library"
    } else {
        "Platform exports"
    };
    format!(
        "{whose}, {}; figures of the platform, gender as the platform assigns it",
        pen.exhibits(files)
    )
}

/// The rows of the main figure.
pub fn dot_rows(material: &Material, arms: &[usize]) -> Vec<DotRow> {
    let results = &material.findings.results;
    arms.iter()
        .filter_map(|&index| {
            let arm = material.cube.arms.get(index)?;
            let get = |name: &str| results.get(&format!("share/{}/{name}", arm.id));
            let dots: Vec<Dot> = material
                .cube
                .ads_of(arm)
                .filter_map(|ad| {
                    let (k, n) = outcome_of(&ad.counts, material.case.study.outcome)
                        .filter(|(_, n)| *n > 0)?;
                    Some(Dot {
                        label: ad.label.clone(),
                        value: k as f64 / n as f64,
                        // Shares of unknown totals weigh alike.
                        weight: if material.cube.measure == Measure::Shares {
                            1.0
                        } else {
                            n as f64
                        },
                    })
                })
                .collect();
            let mean = get("mean");
            // Where counts are ranges, the thin bar spans what the ads' shares can be.
            let bounds = get("range_bounds")
                .filter(|_| material.cube.ads_of(arm).any(|ad| ad.ranges.is_some()));
            let ends = |scalar: &Option<Scalar>| match scalar {
                Some(Scalar::ShareInterval(low, high)) => Some((*low, *high)),
                _ => None,
            };
            Some(DotRow {
                label: arm.label.clone(),
                color: index,
                dots,
                range: get("min")
                    .and_then(Quantity::number)
                    .zip(get("max").and_then(Quantity::number))
                    .or_else(|| bounds.and_then(|q| ends(&q.scalar))),
                interval: mean
                    .and_then(|q| q.estimate)
                    .and_then(|e| e.low.zip(e.high)),
                prediction: get("prediction").and_then(|q| match q.scalar {
                    Some(Scalar::ShareInterval(low, high)) => Some((low, high)),
                    _ => None,
                }),
                mean: mean.and_then(Quantity::number),
                note: get("range")
                    .and_then(Quantity::text)
                    .or_else(|| bounds.and_then(Quantity::text))
                    .unwrap_or_else(|| "no data".into()),
            })
        })
        .collect()
}

/// The main figure in words.
pub fn describe(rows: &[DotRow], material: &Material) -> String {
    let people = material.case.study.outcome.people();
    let parts: Vec<String> = rows
        .iter()
        .map(|row| match (row.range, row.mean) {
            (Some((low, high)), Some(mean)) => format!(
                "{}: {}, share of {people} from {} to {}, mean {}{}",
                row.label,
                numbers::plural(row.dots.len() as u64, "ad", "ads"),
                numbers::percent(low, 1),
                numbers::percent(high, 1),
                numbers::percent(mean, 1),
                row.prediction
                    .map_or_else(String::new, |(low, high)| format!(
                        ", one more ad expected within {}",
                        numbers::percent_range(low, high, 1)
                    ))
            ),
            _ => format!("{}: no data", row.label),
        })
        .collect();
    format!(
        "Dot plot on a scale from 0 to 100 per cent, one row an arm, one dot an ad. {}.",
        parts.join(". ")
    )
}

/// The mean of the ads; where counts are ranges, and so there is none, its bounds.
fn mean_or_bounds(pen: &mut Pen, mean: Option<&Quantity>, bounds: Option<&Quantity>) -> Cell {
    let lacks = mean.is_some_and(|quantity| quantity.scalar.is_none());
    match bounds.filter(|quantity| lacks && quantity.scalar.is_some()) {
        Some(bounds) => Cell {
            detail: Some("bounds".into()),
            ..Cell::bare(pen, Some(bounds))
        },
        None => Cell::value(pen, mean),
    }
}

/// The shares that a finding's small figure shows.
pub fn short_arm_table(pen: &mut Pen, material: &Material, id: &str, arms: &[usize]) -> Table {
    let results = &material.findings.results;
    let mut rows = Vec::new();
    for arm in arms
        .iter()
        .filter_map(|&index| material.cube.arms.get(index))
    {
        let get = |name: &str| results.get(&format!("share/{}/{name}", arm.id));
        rows.push(vec![
            Cell::head(arm.label.clone()),
            Cell::value(pen, get("ads")),
            Cell::bare(pen, get("min")),
            Cell::bare(pen, get("max")),
            mean_or_bounds(pen, get("mean"), get("mean_bounds")),
            Cell::bare(pen, get("prediction")),
        ]);
    }
    let columns = vec![
        text_column("Arm"),
        number_column("Ads", None),
        number_column("Lowest ad", Some("%")),
        number_column("Highest ad", Some("%")),
        number_column("Mean of ads", Some("%")),
        number_column("One more ad", Some("%")),
    ];
    let caption = format!("Share of {} by arm", material.case.study.outcome.people());
    let mut table = pen.table(id, vec![Inline::text(caption)], columns, rows);
    table.notes.push(interval_note(material));
    table
}

fn interval_note(material: &Material) -> Vec<Inline> {
    let level = numbers::decimal(material.case.study.level * 100.0, 0);
    vec![Inline::text(format!(
        "Below a mean: its {level}\u{00A0}% interval between ads. One more ad: where the share of a further ad like these is expected ({level}\u{00A0}% prediction interval)."
    ))]
}

/// Shares by arm, with the bounds and the share among all.
pub fn arm_table(pen: &mut Pen, material: &Material, id: &str, arms: &[usize]) -> Table {
    let results = &material.findings.results;
    let people = material.case.study.outcome.people();
    let measure = material.case.study.measure.name();
    // People reached are not added up over ads: there is nothing to pool.
    let adds_up = !matches!(material.cube.measure, Measure::Reach | Measure::Shares);
    let mut rows = Vec::new();
    for arm in arms
        .iter()
        .filter_map(|&index| material.cube.arms.get(index))
    {
        let get = |name: &str| results.get(&format!("share/{}/{name}", arm.id));
        let mut row = vec![Cell::head(arm.label.clone()), Cell::value(pen, get("ads"))];
        if adds_up {
            row.push(Cell::value(pen, get("n")));
        }
        row.extend([
            Cell::bare(pen, get("min")),
            Cell::bare(pen, get("median")),
            Cell::bare(pen, get("max")),
            mean_or_bounds(pen, get("mean"), get("mean_bounds")),
            Cell::bare(pen, get("prediction")),
        ]);
        if adds_up {
            row.push(Cell::bare(pen, get("pooled")));
            row.push(Cell::value(pen, get("with_unknown")));
            row.push(Cell::bare(pen, get("bounds")));
        } else {
            row.push(Cell::bare(pen, get("mean_bounds")));
        }
        rows.push(row);
    }
    let mut columns = vec![text_column("Arm"), number_column("Ads", None)];
    if adds_up {
        columns.push(number_column(
            &format!("{} of known gender", capitalised(measure)),
            None,
        ));
    }
    columns.extend([
        number_column("Lowest ad", Some("%")),
        number_column("Median ad", Some("%")),
        number_column("Highest ad", Some("%")),
        number_column("Mean of ads", Some("%")),
        number_column("One more ad", Some("%")),
    ]);
    if adds_up {
        columns.push(number_column("Pooled", Some("%")));
        columns.push(number_column("Pooled, unknown included", Some("%")));
    }
    columns.push(number_column(
        "Bounds if all unknown were women, or men",
        Some("%"),
    ));
    let mut table = pen.table(
        id,
        vec![Inline::text(format!("Share of {people} by arm"))],
        columns,
        rows,
    );
    table.notes.push(interval_note(material));
    table.notes.push(vec![Inline::text(
        "The bounds are certain for what was counted; they are no interval.",
    )]);
    table
}
