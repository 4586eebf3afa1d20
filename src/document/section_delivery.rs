//! Who was shown the ads: every ad, every arm, ages, regions, time.

use super::compose::Material;
use super::pen::{Pen, Words, number_column, text_column};
use super::section_findings::capitalised;
use super::{
    AxisUnit, Block, Cell, Dot, DotRow, Inline, IntervalRow, Line, Panel, Plot, Reference, Table,
};
use crate::case::Measure;
use crate::cube::{Ad, Arm, ByGender, GENDERS, SnapshotCounts};
use crate::evidence::Gender;
use crate::findings::{Quantity, outcome_of, units};
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
    if cube.ads.iter().any(|ad| ad.counts.known().is_some()) {
        let rows = dot_rows(material, &all);
        let table = arm_table(pen, material, "table-share-by-arm", &all);
        let alt = describe(&rows, material);
        let plot = Plot::Dots {
            rows,
            references: references(material),
            axis: axis(material),
        };
        let (subtitle, source) = (subtitle(material), source_line(pen, material));
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
            text: vec![Inline::text(READING)],
        });
        blocks.extend(contrasts(pen, material));
        blocks.extend(ages(pen, material));
        blocks.extend(over_time(pen, material));
    } else {
        blocks.push(Block::Paragraph { text: vec![Inline::text("No export of this case breaks delivery down by gender, so no share of women or men can be given.")] });
    }
    blocks.push(every_ad(pen, material));
    blocks.extend(places(
        pen,
        material,
        "table-regions",
        "Regions",
        "region",
        |ad| &ad.regions,
    ));
    blocks.extend(places(
        pen,
        material,
        "table-countries",
        "Countries",
        "country",
        |ad| &ad.countries,
    ));
    blocks
}

const READING: &str = "How to read the figure: each dot is one ad, placed by its share and sized by its impressions. The thin bar spans the lowest and the highest ad; the thick bar is the interval of the pooled share between ads; the tick is the pooled share.";

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

pub fn subtitle(material: &Material) -> String {
    let measure = material.case.study.measure.name();
    let ads = material
        .cube
        .ads
        .iter()
        .filter(|ad| ad.arm.is_some() && ad.counts.known().is_some_and(|n| n > 0))
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
        .map(|benchmark| Reference {
            at: benchmark.share,
            label: benchmark.label.clone(),
        })
        .collect()
}

pub fn source_line(pen: &Pen, material: &Material) -> String {
    let files: BTreeSet<&String> = material
        .cube
        .ads
        .iter()
        .flat_map(|ad| &ad.rows)
        .map(|locator| &locator.file)
        .collect();
    format!(
        "Platform exports, {}; counts of the platform, gender as the platform assigns it",
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
                        weight: n as f64,
                    })
                })
                .collect();
            let pooled = get("pooled");
            Some(DotRow {
                label: arm.label.clone(),
                color: index,
                dots,
                range: get("min")
                    .and_then(Quantity::number)
                    .zip(get("max").and_then(Quantity::number)),
                interval: pooled
                    .and_then(|q| q.estimate)
                    .and_then(|e| e.low.zip(e.high)),
                pooled: pooled.and_then(Quantity::number),
                note: get("range")
                    .and_then(Quantity::text)
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
        .map(|row| match (row.range, row.pooled) {
            (Some((low, high)), Some(pooled)) => format!(
                "{}: {}, share of {people} from {} to {}, pooled {}",
                row.label,
                numbers::plural(row.dots.len() as u64, "ad", "ads"),
                numbers::percent(low, 1),
                numbers::percent(high, 1),
                numbers::percent(pooled, 1)
            ),
            _ => format!("{}: no data", row.label),
        })
        .collect();
    format!(
        "Dot plot on a scale from 0 to 100 per cent, one row an arm, one dot an ad. {}.",
        parts.join(". ")
    )
}

/// Shares by arm, with the bounds and the share among all.
pub fn arm_table(pen: &mut Pen, material: &Material, id: &str, arms: &[usize]) -> Table {
    let results = &material.findings.results;
    let people = material.case.study.outcome.people();
    let measure = material.case.study.measure.name();
    let mut rows = Vec::new();
    for arm in arms
        .iter()
        .filter_map(|&index| material.cube.arms.get(index))
    {
        let get = |name: &str| results.get(&format!("share/{}/{name}", arm.id));
        rows.push(vec![
            Cell::head(arm.label.clone()),
            Cell::value(pen, get("ads")),
            Cell::value(pen, get("n")),
            Cell {
                detail: None,
                ..Cell::value(pen, get("min"))
            },
            Cell {
                detail: None,
                ..Cell::value(pen, get("median"))
            },
            Cell {
                detail: None,
                ..Cell::value(pen, get("max"))
            },
            Cell::value(pen, get("mean")),
            Cell::value(pen, get("pooled")),
            Cell::value(pen, get("with_unknown")),
            Cell {
                detail: None,
                ..Cell::value(pen, get("bounds"))
            },
        ]);
    }
    let columns = vec![
        text_column("Arm"),
        number_column("Ads", None),
        number_column(&format!("{} of known gender", capitalised(measure)), None),
        number_column("Lowest ad", Some("%")),
        number_column("Median ad", Some("%")),
        number_column("Highest ad", Some("%")),
        number_column("Mean of ads", Some("%")),
        number_column("Pooled", Some("%")),
        number_column("Pooled, unknown included", Some("%")),
        number_column("Bounds if all unknown were women, or men", Some("%")),
    ];
    let mut table = pen.table(
        id,
        vec![Inline::text(format!("Share of {people} by arm"))],
        columns,
        rows,
    );
    table.notes.push(vec![Inline::text(format!(
        "Below a value: its {}\u{00A0}% interval between ads. The bounds are certain for what was counted; they are no interval.",
        numbers::decimal(material.case.study.level * 100.0, 0)
    ))]);
    table
}

fn contrasts(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let results = &material.findings.results;
    let label = |id: &str| {
        material
            .cube
            .arm(id)
            .map_or(id.to_owned(), |arm| arm.label.clone())
    };
    let mut rows = Vec::new();
    let mut cells = Vec::new();
    let mut refusals: Vec<String> = Vec::new();
    for (first, second) in results.differences.keys() {
        let get = |name: &str| results.get(&format!("difference/{first}/{second}/{name}"));
        let Some(value) = get("value") else { continue };
        let estimate = value.estimate;
        let name = format!("{} \u{2212} {}", label(first), label(second));
        rows.push(IntervalRow {
            label: name.clone(),
            color: material
                .cube
                .arms
                .iter()
                .position(|arm| arm.id == *first)
                .unwrap_or(0),
            value: value.number(),
            low: estimate.and_then(|e| e.low),
            high: estimate.and_then(|e| e.high),
            note: value
                .number()
                .map_or_else(|| "no data".into(), |v| numbers::points(v, 1)),
        });
        refusals.extend(value.why.as_ref().map(|why| format!("{name}: {why}")));
        cells.push(vec![
            Cell::head(name),
            Cell::value(pen, get("value")),
            Cell {
                detail: None,
                ..Cell::value(pen, get("pooled"))
            },
            Cell {
                detail: None,
                ..Cell::value(pen, get("p"))
            },
            Cell::value(pen, get("arrangements")),
        ]);
    }
    if rows.is_empty() {
        return Vec::new();
    }
    let level = numbers::decimal(material.case.study.level * 100.0, 0);
    let told: Vec<String> = rows
        .iter()
        .map(|row| match (row.value, row.low, row.high) {
            (Some(value), Some(low), Some(high)) => format!(
                "{}: {}, interval {}",
                row.label,
                numbers::points(value, 1),
                numbers::points_range(low, high, 1)
            ),
            (Some(value), ..) => {
                format!("{}: {}, no interval", row.label, numbers::points(value, 1))
            }
            _ => format!("{}: no data", row.label),
        })
        .collect();
    let columns = vec![
        text_column("Contrast"),
        number_column(
            "Difference of mean shares per ad",
            Some("percentage points"),
        ),
        number_column("Difference of pooled shares", Some("percentage points")),
        number_column("Permutation test over ads", None),
        number_column("Arrangements", None),
    ];
    let mut table = pen.table(
        "table-differences",
        vec![Inline::text("Differences between arms")],
        columns,
        cells,
    );
    table
        .notes
        .extend(refusals.into_iter().map(|why| vec![Inline::text(why)]));
    for (pair, difference) in &results.differences {
        if let Some(test) = &difference.test
            && test.smallest_p > 0.05
        {
            table.notes.push(vec![Inline::text(format!(
                "{} \u{2212} {}: with so few ads no data could give a p below {}.",
                label(&pair.0),
                label(&pair.1),
                numbers::decimal(test.smallest_p, 3)
            ))]);
        }
    }
    let people = material.case.study.outcome.people();
    let bound = rows
        .iter()
        .flat_map(|row| [row.value, row.low, row.high])
        .flatten()
        .map(f64::abs)
        .fold(0.1_f64, f64::max);
    let bound = ((bound * 10.0).ceil() / 10.0).min(1.0);
    let title = told.first().cloned().unwrap_or_default();
    let plot = Plot::Intervals {
        rows,
        references: vec![Reference {
            at: 0.0,
            label: "no difference".into(),
        }],
        axis: format!("Difference in the share of {people}, percentage points"),
        unit: AxisUnit::Points,
        min: -bound,
        max: bound,
    };
    let source = source_line(pen, material);
    vec![Block::Figure(pen.figure("figure-difference", Words { title, subtitle: format!("Difference of the mean share of {people} per ad, in percentage points, with {level}\u{00A0}% interval (Welch)"), source, alt: format!("Interval plot. {}.", told.join(". ")) }, plot, table))]
}

fn gender_word(gender: Gender) -> &'static str {
    match gender {
        Gender::Female => "Women",
        Gender::Male => "Men",
        Gender::Unknown => "Unknown",
    }
}

/// Sums of an arm by age band; `None` where an ad of the arm has no age breakdown.
fn age_sums(material: &Material, arm: &Arm) -> Option<BTreeMap<String, ByGender>> {
    let mut sums: BTreeMap<String, ByGender> = BTreeMap::new();
    for ad in material.cube.ads_of(arm) {
        if ad.ages.is_empty() {
            return None;
        }
        for (age, counts) in &ad.ages {
            for gender in GENDERS {
                if let Some(count) = counts.get(gender) {
                    let slot = sums.entry(age.clone()).or_default().slot(gender);
                    *slot = Some(slot.unwrap_or(0) + count);
                }
            }
        }
    }
    Some(sums)
}

fn ages(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let categories = material.cube.ages();
    if categories.is_empty() {
        return Vec::new();
    }
    let mut panels = Vec::new();
    let mut cells = Vec::new();
    let mut told = Vec::new();
    let mut files = BTreeSet::new();
    for (index, arm) in material.cube.arms.iter().enumerate() {
        let Some(sums) = age_sums(material, arm) else {
            continue;
        };
        files.extend(
            material
                .cube
                .ads_of(arm)
                .flat_map(|ad| &ad.age_rows)
                .map(|locator| &locator.file),
        );
        let total: u64 = sums.values().filter_map(ByGender::all).sum();
        if total == 0 {
            continue;
        }
        let share = |count: Option<u64>| count.map(|count| count as f64 / total as f64);
        panels.push(Panel {
            label: arm.label.clone(),
            color: index,
            values: categories
                .iter()
                .map(|age| {
                    GENDERS
                        .iter()
                        .map(|gender| share(sums.get(age).and_then(|counts| counts.get(*gender))))
                        .collect()
                })
                .collect(),
        });
        let largest = categories
            .iter()
            .flat_map(|age| GENDERS.iter().map(move |gender| (age, *gender)))
            .filter_map(|(age, gender)| Some((sums.get(age)?.get(gender)?, age, gender)))
            .max_by_key(|(count, ..)| *count);
        if let Some((count, age, gender)) = largest {
            told.push(format!(
                "{}: the largest group is {} aged {age}, {}",
                arm.label,
                gender_word(gender).to_lowercase(),
                numbers::percent(count as f64 / total as f64, 1)
            ));
        }
        for age in &categories {
            let counts = sums.get(age).copied().unwrap_or_default();
            let mut row = vec![Cell::head(arm.label.clone()), Cell::words(age.clone())];
            for gender in GENDERS {
                let count = counts.get(gender);
                row.push(Cell {
                    detail: share(count).map(|s| numbers::percent(s, 1)),
                    ..Cell::count(count)
                });
            }
            cells.push(row);
        }
    }
    if panels.is_empty() {
        return Vec::new();
    }
    let mut columns = vec![text_column("Arm"), text_column("Age")];
    columns.extend(
        GENDERS
            .iter()
            .map(|gender| number_column(gender_word(*gender), Some("impressions"))),
    );
    let mut table = pen.table(
        "table-age",
        vec![Inline::text("Impressions by age and gender")],
        columns,
        cells,
    );
    table.notes.push(vec![Inline::text("Below a count: its share of all impressions of the arm. An empty cell is a group for which the exports have no row.")]);
    let plot = Plot::Profile {
        panels,
        categories,
        series: GENDERS
            .iter()
            .map(|gender| gender_word(*gender).to_owned())
            .collect(),
        axis: "% of all impressions of the arm".into(),
    };
    let source = format!("Platform exports, {}", pen.exhibits(files));
    vec![Block::Figure(pen.figure("figure-age", Words { title: format!("Age and gender of those shown the ads. {}", told.join("; ")), subtitle: "Share of each age and gender group in all impressions of the arm, unknown included, in per cent".into(), source, alt: format!("Bar charts, one panel an arm. {}.", told.join(". ")) }, plot, table))]
}

fn over_time(pen: &mut Pen, material: &Material) -> Vec<Block> {
    let cube = material.cube;
    if material.case.study.measure == Measure::Reach {
        return Vec::new();
    }
    let mut lines = Vec::new();
    let mut cells = Vec::new();
    let mut files = BTreeSet::new();
    for (index, arm) in cube.arms.iter().enumerate() {
        let series: Vec<&Vec<SnapshotCounts>> = arm
            .ads
            .iter()
            .filter_map(|&ad| cube.series.get(ad))
            .collect();
        let times: BTreeSet<_> = series
            .iter()
            .flat_map(|list| list.iter().map(|point| point.at))
            .collect();
        if times.len() < 2 {
            continue;
        }
        let mut points = Vec::new();
        for at in times {
            // The counts are cumulative: at each moment, the latest export of each ad so far.
            let (mut k, mut n, mut ads) = (0, 0, 0);
            for list in &series {
                if let Some(point) = list.iter().rfind(|point| point.at <= at)
                    && let Some((outcome, known)) =
                        outcome_of(&point.counts, material.case.study.outcome)
                {
                    (k, n, ads) = (k + outcome, n + known, ads + 1);
                    files.extend(point.rows.iter().map(|locator| &locator.file));
                }
            }
            let estimate = stats::wilson(
                k,
                n,
                units(material.case.study.measure),
                material.case.study.level,
            );
            let seconds = at
                .duration_since(jiff::civil::DateTime::constant(1970, 1, 1, 0, 0, 0, 0))
                .as_secs();
            points.push((seconds, estimate.value));
            let when = format!("{} {:02}:{:02}", at.date(), at.hour(), at.minute());
            cells.push(vec![
                Cell::head(arm.label.clone()),
                Cell::words(when),
                Cell::count(Some(ads)),
                Cell::count(Some(n)),
                estimate.value.map_or_else(Cell::default, |v| Cell {
                    text: numbers::percent(v, 1),
                    raw: Some(crate::findings::full_number(v)),
                    ..Cell::default()
                }),
            ]);
        }
        lines.push(Line {
            label: arm.label.clone(),
            color: index,
            points,
        });
    }
    if lines.is_empty() {
        return Vec::new();
    }
    let people = material.case.study.outcome.people();
    let told: Vec<String> = lines
        .iter()
        .filter_map(|line| {
            let first = line.points.iter().find_map(|point| point.1)?;
            let last = line.points.iter().rev().find_map(|point| point.1)?;
            Some(format!(
                "{}: from {} to {}",
                line.label,
                numbers::percent(first, 1),
                numbers::percent(last, 1)
            ))
        })
        .collect();
    let columns = vec![
        text_column("Arm"),
        text_column("Export taken"),
        number_column("Ads", None),
        number_column(
            &format!(
                "{} of known gender",
                capitalised(material.case.study.measure.name())
            ),
            None,
        ),
        number_column(&format!("Share of {people}"), Some("%")),
    ];
    let mut table = pen.table(
        "table-over-time",
        vec![Inline::text("Pooled share at each export")],
        columns,
        cells,
    );
    table.notes.push(vec![Inline::text("Exports are cumulative and are restated by the platform. Times are as in the file names or the case; no zone is assumed.")]);
    let plot = Plot::Lines {
        series: lines,
        references: references(material),
        axis: axis(material),
        unit: AxisUnit::Share,
        max: 1.0,
    };
    let source = format!("Successive platform exports, {}", pen.exhibits(files));
    vec![Block::Figure(pen.figure(
        "figure-over-time",
        Words {
            title: format!("Share of {people} as the ads ran. {}", told.join("; ")),
            subtitle: format!(
                "Pooled share of {people} among cumulative {} at each export, in per cent",
                material.case.study.measure.name()
            ),
            source,
            alt: format!("Line chart over time. {}.", told.join(". ")),
        },
        plot,
        table,
    ))]
}

fn every_ad(pen: &mut Pen, material: &Material) -> Block {
    let people = material.case.study.outcome.people();
    let measure = material.case.study.measure.name();
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
                let quantity = Quantity::estimated(format!("ad/{}", ad.key.path()), format!("share of {people}, ad \u{201C}{}\u{201D}", ad.label), estimate, crate::findings::Scalar::Share, format!("{measure} by gender over the last export, ad {}; share = {people} / (women + men)", ad.key.path())).resting_on(&ad.rows);
                (
                    Cell::value(pen, Some(&quantity)),
                    ad.counts
                        .all()
                        .filter(|all| *all > 0)
                        .map(|all| k as f64 / all as f64),
                )
            }
            None => (Cell::default(), None),
        };
        missing += usize::from(ad.counts.female.is_none() || ad.counts.male.is_none());
        rows.push(vec![
            Cell::head(ad.label.clone()),
            Cell::words(arm_label),
            Cell::count(ad.counts.female),
            Cell::count(ad.counts.male),
            Cell::count(ad.counts.unknown),
            share,
            with_unknown.map_or_else(Cell::default, |v| Cell {
                text: numbers::percent(v, 1),
                raw: Some(crate::findings::full_number(v)),
                ..Cell::default()
            }),
        ]);
    }
    let columns = vec![
        text_column("Ad"),
        text_column("Arm"),
        number_column("Women", Some(measure)),
        number_column("Men", Some(measure)),
        number_column("Unknown", Some(measure)),
        number_column(&format!("Share of {people}"), Some("% of known gender")),
        number_column(&format!("Share of {people}, unknown included"), Some("%")),
    ];
    let mut table = pen.table(
        "table-ads",
        vec![Inline::text(format!(
            "Every ad of the test: {measure} by gender and share of {people}"
        ))],
        columns,
        rows,
    );
    table.notes.push(vec![Inline::text(format!(
        "Below a share: its {}\u{00A0}% Wilson interval, which speaks of this ad only and takes its {measure} for independent.",
        numbers::decimal(material.case.study.level * 100.0, 0)
    ))]);
    if missing > 0 {
        table.notes.push(vec![Inline::text("An empty cell is a gender for which the export has no row. Platforms write no row where they report no delivery; a share takes such a cell as not delivered to.")]);
    }
    Block::Table(table)
}

/// Share of impressions by region or country, the largest first.
fn places(
    pen: &mut Pen,
    material: &Material,
    id: &str,
    heading: &str,
    what: &str,
    of: fn(&Ad) -> &BTreeMap<String, u64>,
) -> Vec<Block> {
    let cube = material.cube;
    let arms: Vec<&Arm> = cube
        .arms
        .iter()
        .filter(|arm| cube.ads_of(arm).any(|ad| !of(ad).is_empty()))
        .collect();
    if arms.is_empty() {
        return Vec::new();
    }
    let sums: Vec<BTreeMap<&String, u64>> = arms
        .iter()
        .map(|arm| {
            let mut sums = BTreeMap::new();
            for (place, count) in cube.ads_of(arm).flat_map(of) {
                *sums.entry(place).or_insert(0) += count;
            }
            sums
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
            for sums in &sums {
                let total: u64 = sums.values().sum();
                let count = sums.get(name).copied();
                row.push(Cell {
                    detail: count
                        .filter(|_| total > 0)
                        .map(|c| numbers::percent(c as f64 / total as f64, 1)),
                    ..Cell::count(count)
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
        .filter(|ad| of(ad).is_empty())
        .count() as u64;
    let files: BTreeSet<&String> = cube
        .ads
        .iter()
        .filter(|ad| !of(ad).is_empty())
        .flat_map(|ad| &ad.region_rows)
        .map(|locator| &locator.file)
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
